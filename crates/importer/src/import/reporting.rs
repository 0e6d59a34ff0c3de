//! What is told of a file that was received.

use domain::lang::Message;
use domain::message;
use domain::record::Finding;
use store::staging::Comparison;

use super::pipeline::Staged;
use super::{Areas, File, Prepared};
use crate::choose::Choice;
use crate::coordinates::CoordinateError;
use crate::mapping::Mapping;
use crate::report::{Counts, Outcome, RecordReport, RecordVerdict, Report};

impl File<'_> {
    pub(super) fn report(
        &self,
        prepared: Prepared<'_>,
        staged: Staged,
        compared: Comparison,
    ) -> Report {
        let Prepared {
            choice,
            mapping,
            decision,
            areas,
            ..
        } = prepared;
        let heights = heights_in_words(staged.heights_dropped);
        let left_out = left_out_in_words(staged.left_out);
        let of_all = staged.notes.clone();
        let (records, counts) = merged(staged, compared);
        let mut report = self.before_records(choice, mapping, areas);
        report
            .notes
            .extend(heights.into_iter().chain(left_out).chain(of_all));
        Report {
            crs: decision.map(|decision| decision.described),
            counts,
            records_left_out: counts.total().saturating_sub(records.len() as u64),
            records,
            ..report
        }
    }

    /// The report of a file whose coordinates can be read in several ways, with the ways.
    pub(super) fn undecided(
        &self,
        choice: Choice<'_>,
        mapping: Mapping,
        areas: Areas,
        error: &CoordinateError,
    ) -> Report {
        Report {
            outcome: Outcome::Undecided,
            summary: error.message(),
            readings: error.readings().to_vec(),
            ..self.before_records(choice, mapping, areas)
        }
    }

    fn before_records(&self, choice: Choice<'_>, mapping: Mapping, areas: Areas) -> Report {
        let places = mapping
            .coordinates
            .map(|columns| columns.in_words(choice.source));
        let notes = self.inspection.notes.iter().cloned();
        Report {
            file: self.received.name.clone(),
            sha256: self.received.sha256.clone(),
            size_bytes: self.received.size_bytes,
            format: self.inspection.format.clone(),
            source_layer: choice.source.name.clone(),
            layer: choice.target.id,
            encoding: Some(choice.source.encoding.clone()),
            crs: None,
            fields: mapping.matched,
            ignored: mapping.ignored,
            notes: notes.chain(choice.notes).chain(places).collect(),
            counts: Counts::default(),
            outcome: Outcome::Refused,
            summary: Message::default(),
            readings: Vec::new(),
            records_left_out: 0,
            records: Vec::new(),
            districts: areas.into_iter().map(|(_, _, area)| area).collect(),
        }
    }
}

fn heights_in_words(dropped: u64) -> Option<Message> {
    (dropped > 0).then(|| {
        message!(
            "висине (z) или мере (m) из геометрија њих {dropped} су изостављене: регистар чува висине \
             као вредности, на пример crest_level_m",
            "heights (z) or measures (m) of {dropped} geometries were left out: the register keeps \
             heights as values, such as crest_level_m"
        )
    })
}

fn left_out_in_words(left_out: u64) -> Option<Message> {
    (left_out > 0).then(|| {
        message!(
            "записа изостављених по одлуци прегледача: {left_out}",
            "records left out by the reviewer's choice: {left_out}"
        )
    })
}

/// The records that were refused and those that were compared, in file order, with the counts of all.
fn merged(staged: Staged, compared: Comparison) -> (Vec<RecordReport>, Counts) {
    let Staged {
        fids,
        refused: mut records,
        refused_count,
        ambiguous_count,
        conflicting_count,
        left_out,
        mut findings,
        repeated,
        mut empty,
        lacking_when_new,
        ..
    } = staged;
    let mut counts = Counts {
        left_out,
        conflicting: conflicting_count,
        ..Counts::of(&compared, refused_count, ambiguous_count)
    };
    if !lacking_when_new.is_empty() {
        counts.refuse_new();
    }
    for one in compared.records {
        let row = one.row.unsigned_abs();
        let found = findings.remove(&row).unwrap_or_default();
        let as_it_would_stand = one.findings.clone();
        let mut record = RecordReport::compared(row, one, found);
        let verdict = record.verdict;
        let needed = empty.remove(&row).filter(|_| verdict == RecordVerdict::New);
        record.add_new(as_it_would_stand);
        record.add_new(needed.unwrap_or_default());
        if record.verdict == RecordVerdict::Refused {
            counts.refuse(verdict);
        }
        if record.verdict == RecordVerdict::New {
            record.add(lacking_when_new.iter().cloned());
        }
        records.push(record);
    }
    records.sort_by_key(|record| record.row);
    add_repeated(&mut records, repeated, &mut counts);
    for record in &mut records {
        record.fid = fids.of(record.row);
    }
    (records, counts)
}

fn add_repeated(
    records: &mut Vec<RecordReport>,
    repeated: Vec<(u64, Finding)>,
    counts: &mut Counts,
) {
    for (row, finding) in repeated {
        match records.binary_search_by_key(&row, |record| record.row) {
            Ok(at) => {
                counts.refuse(records[at].verdict);
                records[at].add([finding]);
            }
            // One of a large file that was only counted, by a verdict that is not known any more.
            Err(at) => {
                counts.refused += 1;
                records.insert(at, RecordReport::refused(row, None, vec![finding]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::record::Severity;
    use store::staging::{Compared, Verdict};

    fn compared(row: i64, verdict: Verdict) -> Compared {
        Compared {
            row,
            key: format!("RS-70327-{row:03}"),
            external_id: None,
            verdict,
            note: None,
            findings: Vec::new(),
            shape: None,
            geometry: None,
        }
    }

    fn error(message: &str) -> Finding {
        Finding::whole(Severity::Error, Message::verbatim(message))
    }

    #[test]
    fn records_are_told_in_file_order_with_all_that_was_found() {
        let staged = Staged {
            refused: vec![RecordReport::refused(3, None, vec![error("unreadable")])],
            refused_count: 1,
            ambiguous_count: 0,
            conflicting_count: 0,
            left_out: 0,
            findings: [(
                4,
                vec![Finding::whole(Severity::Warning, Message::verbatim("look"))],
            )]
            .into(),
            repeated: vec![(2, error("stands also in row 3"))],
            empty: [(2, vec![error("a value is required")])].into(),
            lacking_when_new: vec![error("has no name")],
            ..Staged::default()
        };
        let compared = Comparison {
            new: 1,
            changed: 1,
            unchanged: 1,
            records: vec![
                compared(2, Verdict::Unchanged),
                compared(4, Verdict::Changed(Vec::new())),
                compared(5, Verdict::New),
            ],
        };
        let (records, counts) = merged(staged, compared);
        let expected = Counts {
            changed: 1,
            refused: 3,
            ..Counts::default()
        };
        assert_eq!(counts, expected);
        let told: Vec<_> = records
            .iter()
            .map(|record| {
                (
                    record.row,
                    record.verdict.word(),
                    record.findings[0].message.en.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (2, "refused", "stands also in row 3"),
                (3, "refused", "unreadable"),
                (4, "changed", "look"),
                (5, "refused", "has no name"),
            ]
        );
    }
}
