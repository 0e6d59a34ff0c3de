//! Reading, converting and staging at the same time: the worker process reads, one thread
//! converts, this task copies into the database. Short queues between them bound the memory.

use std::collections::HashMap;

use domain::lang::Message;
use domain::record::Finding;
use domain::region::DistrictCode;
use domain::{Layer, Record};
use geo_types::MultiPolygon;
use geodesy::GeodesyError;
use store::neighbours::Neighbourhood;
use store::staging::{MOST_LISTED, Staging};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{ImportError, Progress, stopped};
use crate::check::Checker;
use crate::convert::{Converted, Converter, RegionNames};
use crate::coordinates::Decision;
use crate::mapping::Mapping;
use crate::matching::Settled;
use crate::neighbours;
use crate::position::Positions;
use crate::process::{Records, WorkerError};
use crate::protocol::SourceRecord;
use crate::report::{RecordReport, RecordVerdict};

/// So many batches wait between two steps.
const QUEUE: usize = 16;
/// So many records show how the columns of a file write numbers.
const LOOKED_AT: usize = 5_000;
/// So many records go into one COPY.
const COPIED_TOGETHER: usize = 8_000;

/// What the converting thread needs.
pub(super) struct Work {
    pub(super) file: String,
    pub(super) layer: &'static Layer,
    pub(super) mapping: Mapping,
    pub(super) decision: Option<Decision>,
    pub(super) names: RegionNames,
    pub(super) areas: Vec<(DistrictCode, String, MultiPolygon<f64>)>,
}

/// What is known when all records are staged.
#[derive(Debug, Default)]
pub(super) struct Staged {
    /// The first records that are not staged because they are refused.
    pub(super) refused: Vec<RecordReport>,
    /// How many there are.
    pub(super) refused_count: u64,
    /// How many others are not staged because they could be several facilities.
    pub(super) ambiguous_count: u64,
    /// What was found in the first records that are staged although something was, by row.
    pub(super) findings: HashMap<u64, Vec<Finding>>,
    /// Findings of records whose key came again: row, finding.
    pub(super) repeated: Vec<(u64, Finding)>,
    /// What every record lacks that is new to the register.
    pub(super) lacking_when_new: Vec<Finding>,
    pub(super) heights_dropped: u64,
    /// What is to be said of the file as a whole.
    pub(super) notes: Vec<Message>,
}

/// What the converting thread knows in the end.
struct Conclusion {
    repeated: Vec<(u64, Finding)>,
    lacking_when_new: Vec<Finding>,
    heights_dropped: u64,
    notes: Vec<Message>,
}

pub(super) async fn run(
    records: Records,
    work: Work,
    staging: &mut Staging,
    progress: &dyn Progress,
) -> Result<Staged, ImportError> {
    let file = work.file.clone();
    let (to_converter, from_reader) = channel(QUEUE);
    let (to_staging, from_converter) = channel(QUEUE);
    let reading = tokio::spawn(read(records, to_converter));
    let converting = tokio::task::spawn_blocking(move || convert(work, from_reader, &to_staging));
    // An error here drops the queues, which ends the other two.
    let mut staged = stage(from_converter, staging, progress).await?;
    let read = reading.await.map_err(|_| stopped(&file))?;
    read.map_err(|source| ImportError::Worker {
        file: file.clone(),
        source,
    })?;
    let conclusion = converting
        .await
        .map_err(|_| stopped(&file))?
        .map_err(|source| ImportError::Transform { file, source })?;
    staged.repeated = conclusion.repeated;
    staged.lacking_when_new = conclusion.lacking_when_new;
    staged.heights_dropped = conclusion.heights_dropped;
    staged.notes = conclusion.notes;
    Ok(staged)
}

async fn read(mut records: Records, to: Sender<Vec<SourceRecord>>) -> Result<(), WorkerError> {
    while let Some(batch) = records.next().await? {
        if to.send(batch).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn convert(
    work: Work,
    mut from: Receiver<Vec<SourceRecord>>,
    to: &Sender<Vec<Converted>>,
) -> Result<Conclusion, GeodesyError> {
    let Work {
        layer,
        mapping,
        decision,
        names,
        areas,
        ..
    } = work;
    let mut converter = Converter::new(layer, &mapping, decision.as_ref(), names)?;
    let mut checker = Checker::new(layer, &mapping.supplied(), Positions::new(areas));
    let first = look_ahead(&mut converter, &mut from);
    let mut first = first.into_iter();
    while let Some(batch) = first.next().or_else(|| from.blocking_recv()) {
        let converted = batch.iter().map(|source| {
            let mut converted = converter.convert(source);
            checker.check(&mut converted);
            converted
        });
        if to.blocking_send(converted.collect()).is_err() {
            break;
        }
    }
    Ok(Conclusion {
        repeated: checker.repeated(),
        lacking_when_new: checker.lacking_when_new(),
        heights_dropped: converter.heights_dropped(),
        notes: converter.turned_in_words().into_iter().collect(),
    })
}

/// Holds the first records back to see how the columns write numbers before one is read.
fn look_ahead(
    converter: &mut Converter,
    from: &mut Receiver<Vec<SourceRecord>>,
) -> Vec<Vec<SourceRecord>> {
    let mut first = Vec::new();
    let mut records = 0;
    while records < LOOKED_AT
        && let Some(batch) = from.blocking_recv()
    {
        for record in &batch {
            converter.look(record);
        }
        records += batch.len();
        first.push(batch);
    }
    first
}

async fn stage(
    mut from: Receiver<Vec<Converted>>,
    staging: &mut Staging,
    progress: &dyn Progress,
) -> Result<Staged, ImportError> {
    let mut staged = Staged::default();
    let mut accepted = Vec::with_capacity(COPIED_TOGETHER);
    let mut done = 0;
    while let Some(batch) = from.recv().await {
        done += batch.len() as u64;
        for converted in batch {
            accepted.extend(staged.sort(converted));
        }
        if accepted.len() >= COPIED_TOGETHER {
            staging.append(&accepted).await?;
            accepted.clear();
        }
        progress.done(done);
    }
    if !accepted.is_empty() {
        staging.append(&accepted).await?;
    }
    Ok(staged)
}

impl Staged {
    /// Takes over what was settled about records that do not say which they are.
    pub(super) fn settle(&mut self, settled: Settled) {
        for (row, finding) in settled.findings {
            if self.findings.len() < MOST_LISTED || self.findings.contains_key(&row) {
                self.findings.entry(row).or_default().push(finding);
            }
        }
        for mut record in settled.unsettled {
            let found = self.findings.remove(&record.row).unwrap_or_default();
            record.findings.splice(0..0, found);
            self.ambiguous_count += u64::from(record.verdict == RecordVerdict::Ambiguous);
            self.refused_count += u64::from(record.verdict == RecordVerdict::Refused);
            if self.refused.len() < MOST_LISTED {
                self.refused.push(record);
            }
        }
    }

    /// Takes over how the records lie to each other and to the register.
    pub(super) fn place_among(&mut self, neighbourhood: Neighbourhood, layer: &Layer) {
        self.notes.extend(neighbours::incomplete(&neighbourhood));
        for (row, found) in neighbours::findings(neighbourhood.found, layer) {
            if self.findings.len() < MOST_LISTED || self.findings.contains_key(&row) {
                self.findings.entry(row).or_default().extend(found);
            }
        }
    }

    /// The rows of staged records about which there is something to say.
    pub(super) fn told(&self) -> Vec<i64> {
        let repeated = self.repeated.iter().map(|(row, _)| row);
        let rows = repeated.chain(self.findings.keys());
        rows.filter_map(|row| i64::try_from(*row).ok()).collect()
    }

    /// Keeps what was found; answers the record when it can be staged.
    fn sort(&mut self, converted: Converted) -> Option<(i64, Record)> {
        let row = i64::try_from(converted.row).ok()?;
        if converted.is_refused() {
            let key = converted.record.key().map(str::to_owned);
            self.refused_count += 1;
            if self.refused.len() < MOST_LISTED {
                let geometry = converted.record.geometry;
                let refused = RecordReport {
                    geometry,
                    ..RecordReport::refused(converted.row, key, converted.findings)
                };
                self.refused.push(refused);
            }
            return None;
        }
        if !converted.findings.is_empty() && self.findings.len() < MOST_LISTED {
            self.findings.insert(converted.row, converted.findings);
        }
        Some((row, converted.record))
    }
}
