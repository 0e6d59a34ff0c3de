//! The import of one file: all steps, all or nothing.

mod error;
mod pipeline;
mod request;

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::lang::Message;
use domain::message;
use domain::record::Finding;
use domain::region::DistrictCode;
use domain::text::fold_variants;
use geo_types::MultiPolygon;
use geodesy::Bounds;
use store::revision::{NewRevision, NewUpload};
use store::staging::{Comparison, Staging};
use store::{Store, StoreError};

use crate::choose::{Choice, choose};
use crate::convert::{Place, RegionNames};
use crate::coordinates::{Decision, Given, Sample, decide, decide_by_sample};
use crate::mapping::{CoordinateColumns, Mapping, map};
use crate::matching;
use crate::process::{Records, Worker};
use crate::protocol::{Inspection, Job, SourceGeometry, SourceLayer};
use crate::receive::{Received, receive};
use crate::report::{Counts, Outcome, RecordReport, RecordVerdict, Report};
pub use error::ImportError;
use pipeline::{Staged, Work};
pub use request::{ImportRequest, Progress, Silent, Stage};

/// Imports a file: every record of it in one revision, or nothing. A report with refused records
/// is an answer, not an error.
pub async fn import(
    store: &Store,
    worker: &Worker,
    request: &ImportRequest,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<Report, ImportError> {
    progress.begins(Stage::Receiving, None);
    let received = received(&request.path).await?;
    progress.begins(Stage::Inspecting, None);
    let inspection = inspect(worker, request).await?;
    let named = request.source_layer.as_deref();
    let choice = choose(&received.name, &inspection, request.layer, named)?;
    let file = File {
        worker,
        request,
        received: &received,
        inspection: &inspection,
        progress,
    };
    let mapping = file.mapping(&choice)?;
    let decision = file.decision(&choice, &mapping).await?;
    let areas = store.district_areas().await?;
    let names = region_names(store).await?;
    let prepared = Prepared {
        choice,
        mapping,
        decision,
        areas,
        names,
    };
    let mut staging = Staging::begin(store, prepared.choice.target).await?;
    let mut staged = file.stage(&prepared, &mut staging).await?;
    received.check_unchanged()?;
    progress.begins(Stage::Comparing, None);
    staged.settle(matching::settle(&mut staging, prepared.choice.target).await?);
    let compared = staging.compare(&staged.told()).await?;
    let mut report = file.report(prepared, staged, compared);
    let outcome = file.finish(staging, &report.counts, now).await?;
    report.outcome = outcome;
    report.summary = outcome.in_words(&report.counts);
    Ok(report)
}

async fn received(path: &Path) -> Result<Received, ImportError> {
    let owned = path.to_owned();
    let received = tokio::task::spawn_blocking(move || receive(&owned)).await;
    Ok(received.map_err(|_| stopped(&path.display().to_string()))??)
}

async fn inspect(worker: &Worker, request: &ImportRequest) -> Result<Inspection, ImportError> {
    let (path, encoding) = (request.path.clone(), request.encoding.clone());
    let inspected = worker.inspect(&Job::Inspect { path, encoding }).await;
    inspected.map_err(|source| ImportError::unread(&request.path, source))
}

fn stopped(file: &str) -> ImportError {
    ImportError::Stopped {
        file: file.to_owned(),
    }
}

/// A file that was received and inspected.
struct File<'a> {
    worker: &'a Worker,
    request: &'a ImportRequest,
    received: &'a Received,
    inspection: &'a Inspection,
    progress: &'a dyn Progress,
}

/// What was decided before the records are read.
struct Prepared<'a> {
    choice: Choice<'a>,
    mapping: Mapping,
    decision: Option<Decision>,
    areas: Vec<(DistrictCode, String, MultiPolygon<f64>)>,
    names: RegionNames,
}

impl File<'_> {
    fn mapping(&self, choice: &Choice<'_>) -> Result<Mapping, ImportError> {
        map(choice.source, choice.target, self.request.mapping.as_ref()).map_err(|reason| {
            ImportError::Mapping {
                file: self.received.name.clone(),
                reason,
            }
        })
    }

    /// The reference system of the coordinates; `None` for a table without any.
    async fn decision(
        &self,
        choice: &Choice<'_>,
        mapping: &Mapping,
    ) -> Result<Option<Decision>, ImportError> {
        if choice.source.geometry == SourceGeometry::None && mapping.coordinates.is_none() {
            return Ok(None);
        }
        let given = Given {
            file: &self.received.name,
            named: self.request.crs.as_ref(),
            declared: choice.source.crs.as_ref(),
            columns: mapping.coordinates.and_then(CoordinateColumns::meaning),
            is_table: choice.source.geometry == SourceGeometry::None,
        };
        // Only a contradiction is worth reading the file twice.
        match extent(choice.source).map(|bounds| decide(&given, &bounds)) {
            Some(Ok(decision)) => return Ok(Some(decision)),
            Some(Err(error)) if !error.depends_on_numbers() => return Err(error.into()),
            _ => {}
        }
        let sample = self
            .sample(choice.source, Place::new(mapping.coordinates, false))
            .await?;
        Ok(Some(decide_by_sample(&given, &sample)?))
    }

    async fn sample(&self, source: &SourceLayer, place: Place) -> Result<Sample, ImportError> {
        self.progress
            .begins(Stage::Locating, Some(source.record_count));
        let mut records = self.read(source).await?;
        let mut sample = Sample::default();
        let mut done = 0;
        while !sample.is_full() {
            let batch = records.next().await;
            let batch = batch.map_err(|source| ImportError::unread(&self.request.path, source))?;
            let Some(batch) = batch else {
                break;
            };
            for record in &batch {
                sample.add(record.row, place.position(record));
            }
            done += batch.len() as u64;
            self.progress.done(done);
        }
        Ok(sample)
    }

    async fn read(&self, source: &SourceLayer) -> Result<Records, ImportError> {
        let records = self.worker.read(&self.job(source)).await;
        records.map_err(|source| ImportError::unread(&self.request.path, source))
    }

    fn job(&self, source: &SourceLayer) -> Job {
        Job::Read {
            path: self.request.path.clone(),
            layer: source.name.clone(),
            encoding: source.encoding.name.clone(),
        }
    }

    async fn stage(
        &self,
        prepared: &Prepared<'_>,
        staging: &mut Staging,
    ) -> Result<Staged, ImportError> {
        let source = prepared.choice.source;
        self.progress
            .begins(Stage::Reading, Some(source.record_count));
        let work = Work {
            file: self.received.name.clone(),
            layer: prepared.choice.target,
            mapping: prepared.mapping.clone(),
            decision: prepared.decision.clone(),
            names: prepared.names.clone(),
            areas: prepared.areas.clone(),
        };
        let records = self.read(source).await?;
        pipeline::run(records, work, staging, self.progress).await
    }

    fn report(&self, prepared: Prepared<'_>, staged: Staged, compared: Comparison) -> Report {
        let Prepared {
            choice,
            mapping,
            decision,
            areas,
            ..
        } = prepared;
        let heights = heights_in_words(staged.heights_dropped);
        let places = mapping
            .coordinates
            .map(|columns| columns.in_words(choice.source));
        let (records, counts) = merged(staged, compared);
        Report {
            file: self.received.name.clone(),
            sha256: self.received.sha256.clone(),
            size_bytes: self.received.size_bytes,
            format: self.inspection.format.clone(),
            source_layer: choice.source.name.clone(),
            layer: choice.target.id,
            encoding: choice.source.encoding.clone(),
            crs: decision.map(|decision| decision.described),
            fields: mapping.matched,
            ignored: mapping.ignored,
            notes: self
                .inspection
                .notes
                .iter()
                .cloned()
                .chain(choice.notes)
                .chain(places)
                .chain(heights)
                .collect(),
            counts,
            outcome: Outcome::Refused,
            summary: Message::from(""),
            districts: areas.into_iter().map(|(_, _, area)| area).collect(),
            records_left_out: counts.total().saturating_sub(records.len() as u64),
            records,
        }
    }

    async fn finish(
        &self,
        staging: Staging,
        counts: &Counts,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ImportError> {
        if counts.hinders() || self.request.dry_run {
            staging.discard().await?;
            return Ok(if counts.hinders() {
                Outcome::Refused
            } else {
                Outcome::DryRun
            });
        }
        self.progress.begins(Stage::Publishing, None);
        let revision = staging.publish(&self.revision(now)).await?;
        Ok(
            revision.map_or(Outcome::NothingToChange, |revision| Outcome::Published {
                revision,
            }),
        )
    }

    fn revision(&self, now: DateTime<Utc>) -> NewRevision {
        NewRevision {
            made_at: now,
            author: self.request.author.clone(),
            means: self.request.means,
            source: self.request.source.clone(),
            comment: self.request.comment.clone(),
            upload: Some(NewUpload {
                file_name: self.received.name.clone(),
                sha256: self.received.sha256.clone(),
                size_bytes: i64::try_from(self.received.size_bytes).unwrap_or(i64::MAX),
            }),
        }
    }
}

fn extent(source: &SourceLayer) -> Option<Bounds> {
    let [west, south, east, north] = source.extent?;
    Bounds::of_points([(west, south), (east, north)])
}

/// The codes of districts and municipalities by their folded names.
async fn region_names(store: &Store) -> Result<RegionNames, StoreError> {
    let mut names = RegionNames::new();
    for (code, name) in store.region_names().await? {
        for folded in fold_variants(&name) {
            let codes = names.entry(folded).or_default();
            if !codes.contains(&code) {
                codes.push(code.clone());
            }
        }
    }
    Ok(names)
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

/// The records that were refused and those that were compared, in file order, with the counts of all.
fn merged(staged: Staged, compared: Comparison) -> (Vec<RecordReport>, Counts) {
    let Staged {
        refused: mut records,
        refused_count,
        mut findings,
        repeated,
        lacking_when_new,
        ..
    } = staged;
    let ambiguous = records
        .iter()
        .filter(|record| record.verdict == RecordVerdict::Ambiguous)
        .count() as u64;
    let mut counts = Counts::of(&compared, refused_count - ambiguous, ambiguous);
    if !lacking_when_new.is_empty() {
        counts.refuse_new();
    }
    for one in compared.records {
        let row = one.row.unsigned_abs();
        let found = findings.remove(&row).unwrap_or_default();
        let mut record = RecordReport::compared(row, one, found);
        if record.verdict == RecordVerdict::New {
            record.add(lacking_when_new.iter().cloned());
        }
        records.push(record);
    }
    records.sort_by_key(|record| record.row);
    add_repeated(&mut records, repeated, &mut counts);
    (records, counts)
}

fn add_repeated(records: &mut [RecordReport], repeated: Vec<(u64, Finding)>, counts: &mut Counts) {
    for (row, finding) in repeated {
        if let Ok(at) = records.binary_search_by_key(&row, |record| record.row) {
            counts.refuse(records[at].verdict);
            records[at].add([finding]);
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
            verdict,
            note: None,
            geometry: None,
        }
    }

    fn error(message: &str) -> Finding {
        Finding::whole(Severity::Error, message)
    }

    #[test]
    fn records_are_told_in_file_order_with_all_that_was_found() {
        let staged = Staged {
            refused: vec![RecordReport::refused(3, None, vec![error("unreadable")])],
            refused_count: 1,
            findings: [(4, vec![Finding::whole(Severity::Warning, "look")])].into(),
            repeated: vec![(2, error("stands also in row 3"))],
            lacking_when_new: vec![error("has no name")],
            heights_dropped: 0,
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

    #[test]
    fn an_extent_that_is_no_extent_is_not_used() {
        assert!(Bounds::of_points([(f64::NAN, 1.0), (2.0, 2.0)]).is_none());
    }
}
