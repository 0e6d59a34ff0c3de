//! Which facility a record is, where it does not say so by its code: found by external id, outline,
//! place and name, never guessed.

mod twice;

use std::collections::{HashMap, HashSet};

use domain::lang::Message;
use domain::record::{Finding, Severity};
use domain::region::CodeSeries;
use domain::{Layer, message};
use store::StoreError;
use store::matching::{Candidate, Codeless, Likeness};
use store::staging::{MOST_LISTED, Staging};

use crate::neighbours::distance;
use crate::report::RecordReport;

/// Outlines are of one facility when both cover this share of the larger one.
const SAME_OUTLINE: f64 = 0.5;
/// Points this near to each other, metres, may be of one facility whatever its name.
const SAME_PLACE_M: f64 = 100.0;

/// The same external id tells alone up to this distance, metres; beyond it somebody has to say.
const FARTHEST_SAME_ID_M: f64 = 5_000.0;

/// What a record is.
#[derive(Clone, Debug, PartialEq)]
enum Match<'a> {
    /// This facility.
    Is(&'a Candidate, Message),
    /// One of several, or one that is too little like it.
    Ambiguous,
}

/// What was settled about records without a code or with a new one.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// What is to be said of records that are staged.
    pub(crate) findings: Vec<(u64, Finding)>,
    /// Records that were taken out because it could not be settled.
    pub(crate) unsettled: Vec<RecordReport>,
}

/// Settles which facilities the staged records are: those without a code get one, of a registered
/// facility or a new one; those that could be several, or none, are taken out.
pub(crate) async fn settle(
    staging: &mut Staging,
    layer: &'static Layer,
) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    if !layer.is_matched_without_code() {
        return Ok(settled);
    }
    let mut judged = Judged::default();
    for likeness in staging.likely_facilities().await? {
        judged.judge(likeness);
    }
    settled.findings = judged.findings;
    settled.withdraw(staging, judged.unsettled).await?;
    staging.give_codes(&judged.given).await?;
    settled.name_new(staging, &judged.numbered).await?;
    settled.refuse_repeated(staging, &judged.given).await?;
    settled.unsettled.sort_by_key(|record| record.row);
    Ok(settled)
}

/// What likenesses say of the records that have any.
#[derive(Debug, Default)]
struct Judged {
    /// Which facilities they are: row, code.
    given: Vec<(i64, String)>,
    findings: Vec<(u64, Finding)>,
    unsettled: Vec<RecordReport>,
    /// Records that share nothing but a number with a facility elsewhere.
    numbered: HashMap<i64, Candidate>,
}

impl Judged {
    fn judge(&mut self, likeness: Likeness) {
        let row = likeness.row.unsigned_abs();
        if likeness.code.is_some() {
            let finding = looks_like(&likeness.candidates);
            self.findings.extend(finding.map(|finding| (row, finding)));
            return;
        }
        if likeness.candidates.is_empty() {
            let numbered = likeness.numbered.into_iter().next();
            self.numbered
                .extend(numbered.map(|candidate| (likeness.row, candidate)));
            return;
        }
        match settle_one(&likeness.candidates) {
            Match::Is(candidate, how) => {
                self.given.push((likeness.row, candidate.code.clone()));
                let finding = Finding::of(Severity::Note, "code", how);
                self.findings.push((row, finding));
            }
            Match::Ambiguous => self
                .unsettled
                .push(RecordReport::ambiguous(row, likeness.candidates)),
        }
    }
}

/// Takes out records that stand in their own way, each with its place for the map.
pub(crate) async fn withdraw(
    staging: &mut Staging,
    records: &mut [RecordReport],
) -> Result<(), StoreError> {
    let row = |record: &RecordReport| i64::try_from(record.row).ok();
    let rows: Vec<i64> = records.iter().filter_map(row).collect();
    let told = &rows[..rows.len().min(MOST_LISTED)];
    let known = staging.whereabouts(told).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|one| (one.row, one)).collect();
    for record in records {
        if let Some(known) = row(record).and_then(|row| known.remove(&row)) {
            record.external_id = known.external_id;
            record.geometry = known.geometry;
        }
    }
    staging.take_out(&rows).await
}

impl Settled {
    async fn withdraw(
        &mut self,
        staging: &mut Staging,
        mut records: Vec<RecordReport>,
    ) -> Result<(), StoreError> {
        withdraw(staging, &mut records).await?;
        self.unsettled.extend(records);
        Ok(())
    }

    /// Gives new facilities the next codes of their municipalities.
    async fn name_new(
        &mut self,
        staging: &mut Staging,
        numbered: &HashMap<i64, Candidate>,
    ) -> Result<(), StoreError> {
        let codeless = staging.without_code().await?;
        if codeless.is_empty() {
            return Ok(());
        }
        let twice = twice::told_twice(&codeless);
        let series: HashSet<CodeSeries> = codeless.iter().filter_map(Codeless::series).collect();
        let series: Vec<CodeSeries> = series.into_iter().collect();
        let mut serials = staging.serials(&series).await?;
        let mut given = Vec::new();
        let mut unnamed = Vec::new();
        for codeless in codeless {
            let row = codeless.row.unsigned_abs();
            if let Some(other) = twice.get(&codeless.row) {
                unnamed.push(same_as(row, *other));
                continue;
            }
            let Some(series) = codeless.series() else {
                unnamed.push(no_municipality(row));
                continue;
            };
            let code = serials.next(&series);
            let finding = new_code(&code, numbered.get(&codeless.row));
            self.findings.push((row, finding));
            given.push((codeless.row, code));
        }
        self.withdraw(staging, unnamed).await?;
        staging.give_codes(&given).await
    }

    /// Two records of a file cannot be one facility.
    async fn refuse_repeated(
        &mut self,
        staging: &mut Staging,
        given: &[(i64, String)],
    ) -> Result<(), StoreError> {
        let codes: Vec<String> = given.iter().map(|(_, code)| code.clone()).collect();
        let mut rows: HashMap<String, Vec<i64>> = HashMap::new();
        for (row, code) in staging.with_codes(&codes).await? {
            rows.entry(code).or_default().push(row);
        }
        let mut taken = Vec::new();
        for (code, rows) in rows.into_iter().filter(|(_, rows)| rows.len() > 1) {
            for &row in &rows {
                let other = rows.iter().find(|other| **other != row).unwrap_or(&row);
                taken.push(one_facility(row, &code, *other));
            }
        }
        self.withdraw(staging, taken).await
    }
}

/// The first kind of likeness that any candidate has decides, when only one has it.
fn settle_one(candidates: &[Candidate]) -> Match<'_> {
    let kinds: [fn(&Candidate) -> Option<Message>; 3] = [by_external_id, by_outline, by_name];
    for kind in kinds {
        let mut like = candidates
            .iter()
            .filter_map(|candidate| kind(candidate).map(|how| (candidate, how)));
        match (like.next(), like.next()) {
            (Some((candidate, how)), None) if !is_contradicted(candidate, candidates) => {
                return Match::Is(candidate, how);
            }
            (Some(_), _) => return Match::Ambiguous,
            (None, _) => {}
        }
    }
    Match::Ambiguous
}

/// Whether another facility has a likeness that this one lacks: a number of another list, a pond
/// inside a complex, the external id at another place.
fn is_contradicted(candidate: &Candidate, candidates: &[Candidate]) -> bool {
    candidates.iter().any(|other| {
        other.code != candidate.code
            && (other.same_name && !candidate.same_name
                || other.same_external_id && !candidate.same_external_id
                || by_outline(other).is_some() && by_outline(candidate).is_none())
    })
}

fn by_external_id(candidate: &Candidate) -> Option<Message> {
    let code = &candidate.code;
    let is_far = |distance_m| distance_m > FARTHEST_SAME_ID_M;
    (candidate.same_external_id && !candidate.distance_m.is_some_and(is_far)).then(|| {
        message!(
            "то је {code}: исти спољни број",
            "it is {code}: the same external id"
        )
    })
}

fn by_outline(candidate: &Candidate) -> Option<Message> {
    let share = candidate
        .shared_outline
        .filter(|share| *share >= SAME_OUTLINE)?;
    let (code, percent) = (&candidate.code, share * 100.0);
    Some(message!(
        "то је {code}: границе се поклапају {percent:.0} %",
        "it is {code}: the outlines cover each other by {percent:.0} %"
    ))
}

fn by_name(candidate: &Candidate) -> Option<Message> {
    let away = distance(candidate.distance_m.filter(|_| candidate.same_name)?);
    let code = &candidate.code;
    Some(message!(
        "то је {code}: исти назив, удаљеност {away}",
        "it is {code}: the same name, {away} away"
    ))
}

/// A new code may be a second one for a facility that is registered.
fn looks_like(candidates: &[Candidate]) -> Option<Finding> {
    let alike = candidates.iter().find(|one| {
        one.same_external_id
            || one.same_name
            || one
                .shared_outline
                .is_some_and(|share| share >= SAME_OUTLINE)
            || one
                .distance_m
                .is_some_and(|distance_m| distance_m <= SAME_PLACE_M)
    })?;
    let Message { sr, en } = in_words(alike);
    let message = message!(
        "можда је већ уписан као {sr}; ако јесте, унесите ту шифру",
        "may be registered already as {en}; if it is, use that code"
    );
    Some(Finding::of(Severity::Warning, "code", message))
}

/// `numbered` is a facility elsewhere that has the same number, which every list has.
fn new_code(code: &str, numbered: Option<&Candidate>) -> Finding {
    if let Some(candidate) = numbered {
        let Message { sr, en } = in_words(candidate);
        let message = message!(
            "нема шифру, а спољни број дели са {sr}; пошто је то само број, какав има сваки списак, добија шифру \
             {code}; ако је то ипак исти објекат, унесите његову шифру",
            "has no code, and shares its external id with {en}; as that is a mere number, which every list has, it \
             gets the code {code}; if it is the same facility, give its code"
        );
        return Finding::of(Severity::Warning, "code", message);
    }
    let message = message!(
        "нема шифру и не личи ни на један уписани објекат: добија шифру {code}",
        "has no code and is like no registered facility: it gets the code {code}"
    );
    Finding::of(Severity::Note, "code", message)
}

fn no_municipality(row: u64) -> RecordReport {
    let message = message!(
        "нема шифру и не личи ни на један уписани објекат, а без општине не може да добије нову: \
         унесите шифру или општину",
        "has no code and is like no registered facility, and without a municipality it can get no \
         new one: give the code or the municipality"
    );
    RecordReport::refused(
        row,
        None,
        vec![Finding::of(Severity::Error, "code", message)],
    )
}

fn same_as(row: u64, other: i64) -> RecordReport {
    let message = message!(
        "и ред {other} је исти објекат, по спољном броју или по називу и месту, а ниједан нема шифру: један \
         објекат је један запис; спојите их или дајте шифре",
        "row {other} is the same facility too, by its external id or by its name and place, and neither has a \
         code: one facility is one record; join them or give their codes"
    );
    let finding = Finding::of(Severity::Error, "code", message);
    RecordReport::refused(row, None, vec![finding])
}

fn one_facility(row: i64, code: &str, other: i64) -> RecordReport {
    let message = message!(
        "и ред {other} је {code}: један објекат је један запис; спојите их или дајте шифре",
        "row {other} is {code} too: one facility is one record; join them or give their codes"
    );
    let finding = Finding::of(Severity::Error, "code", message);
    RecordReport::refused(row.unsigned_abs(), Some(code.to_owned()), vec![finding])
}

/// A candidate's code and name, and how it is like the record.
pub(crate) fn in_words(candidate: &Candidate) -> Message {
    let mut sr = candidate.code.clone();
    let mut en = candidate.code.clone();
    let mut add = |text: Message| {
        sr.push_str(&text.sr);
        en.push_str(&text.en);
    };
    if let Some(name) = &candidate.name {
        add(message!(" „{name}“", " \"{name}\""));
    }
    if candidate.same_external_id {
        add(message!(", исти спољни број", ", the same external id"));
    }
    if candidate.same_name {
        add(message!(", исти назив", ", the same name"));
    }
    if let Some(share) = candidate.shared_outline {
        let percent = share * 100.0;
        add(message!(
            ", поклапање граница {percent:.0} %",
            ", outlines shared {percent:.0} %"
        ));
    }
    if let Some(away) = candidate.distance_m.map(distance) {
        add(message!(", удаљеност {away}", ", {away} away"));
    }
    Message { sr, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(code: &str) -> Candidate {
        Candidate {
            code: code.to_owned(),
            name: Some("Столице".to_owned()),
            same_external_id: false,
            same_name: false,
            shared_outline: None,
            distance_m: Some(40.0),
            is_at_place: true,
            place: None,
        }
    }

    #[test]
    fn the_strongest_likeness_that_one_candidate_alone_has_decides() {
        let near = candidate("RS-71048-001");
        let named = Candidate {
            same_name: true,
            ..candidate("RS-71048-002")
        };
        let outlined = Candidate {
            shared_outline: Some(0.8),
            ..candidate("RS-71048-003")
        };
        let numbered = Candidate {
            same_external_id: true,
            ..candidate("RS-71048-004")
        };
        let of = |candidates: &[Candidate]| match settle_one(candidates) {
            Match::Is(candidate, _) => candidate.code.clone(),
            Match::Ambiguous => "ambiguous".to_owned(),
        };
        let numbered_far = Candidate {
            distance_m: Some(38_000.0),
            is_at_place: false,
            ..numbered.clone()
        };
        for (candidates, expected) in [
            (vec![numbered_far.clone()], "ambiguous"),
            (vec![named.clone(), numbered_far], "ambiguous"),
            (vec![near.clone()], "ambiguous"),
            (vec![near.clone(), named.clone()], "RS-71048-002"),
            (vec![named.clone(), named.clone()], "ambiguous"),
            (vec![named.clone(), outlined.clone()], "ambiguous"),
            (vec![near.clone(), outlined.clone()], "RS-71048-003"),
            (vec![near.clone(), numbered.clone()], "RS-71048-004"),
            (vec![outlined, numbered], "ambiguous"),
        ] {
            assert_eq!(of(&candidates), expected, "{candidates:?}");
        }
    }

    #[test]
    fn an_id_found_elsewhere_is_told_with_its_distance() {
        let far = Candidate {
            same_external_id: true,
            is_at_place: false,
            distance_m: Some(38_040.0),
            ..candidate("RS-71048-001")
        };
        let mut judged = Judged::default();
        let likeness = |row, candidates, numbered| Likeness {
            row,
            code: None,
            candidates,
            numbered,
        };
        judged.judge(likeness(4, vec![far.clone()], Vec::new()));
        let of_number = Candidate {
            same_external_id: false,
            ..far
        };
        judged.judge(likeness(5, Vec::new(), vec![of_number]));
        assert_eq!(
            judged.unsettled[0].findings[0].message.en,
            "has no code, and could be: RS-71048-001 \"Столице\", the same external id, 38.0 km away; give the code"
        );
        assert_eq!(judged.unsettled.len(), 1);
        let new = new_code("RS-71048-002", judged.numbered.get(&5));
        assert_eq!(
            new.message.en,
            "has no code, and shares its external id with RS-71048-001 \"Столице\", 38.0 km away; as that is a mere \
             number, which every list has, it gets the code RS-71048-002; if it is the same facility, give its code"
        );
    }

    #[test]
    fn a_new_code_at_a_registered_place_is_worth_a_look() {
        let finding = looks_like(&[candidate("RS-71048-001")]).unwrap();
        assert_eq!(
            finding.message.en,
            "may be registered already as RS-71048-001 \"Столице\", 40 m away; if it is, use that code"
        );
        let far = Candidate {
            distance_m: Some(900.0),
            ..candidate("RS-71048-001")
        };
        assert_eq!(looks_like(&[far]), None);
    }
}
