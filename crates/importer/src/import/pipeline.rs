//! Reading, converting and staging at the same time: the worker process reads, one thread takes its
//! records and reads their geometries, a second one reads their values, checks them and makes rows of
//! them, this task copies those into the database. Short queues between them bound the memory.

mod fids;
mod shaping;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::lang::Message;
use domain::message;
use domain::record::Finding;
use domain::region::DistrictCode;
use domain::upload::{RecordChoice, RecordChoices};
use domain::{Layer, Record, Value};
use geo_types::MultiPolygon;
use geodesy::GeodesyError;
use store::neighbours::Neighbourhood;
use store::staging::{MOST_LISTED, StagedRows, Staging};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{ImportError, Progress, stopped};
use crate::background;
use crate::check::Checker;
use crate::convert::{Converted, HolesSaid, RegionNames, Values};
use crate::coordinates::Decision;
use crate::mapping::Mapping;
use crate::matching::Settled;
use crate::neighbours;
use crate::position::Positions;
use crate::process::{Records, WorkerError};
use crate::report::{RecordReport, RecordVerdict};
use fids::Fids;
use shaping::{Shaped, Shaping};

/// So many batches of records with geometries wait for their values to be read.
const SHAPED_QUEUE: usize = 4;
/// So many batches of rows wait for the database.
const QUEUE: usize = 16;
/// So many records show how the columns of a file write numbers.
const LOOKED_AT: usize = 5_000;
/// The field by which a record is known in its source, in the layers that have it.
const EXTERNAL_ID: &str = "external_id";
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
    pub(super) choices: RecordChoices,
    pub(super) today: NaiveDate,
    pub(super) holes: HolesSaid,
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
    /// How many others are not staged because somebody else changed the same.
    pub(super) conflicting_count: u64,
    /// How many are left out because somebody said so.
    pub(super) left_out: u64,
    /// What was found in the first records that are staged although something was, by row.
    pub(super) findings: HashMap<u64, Vec<Finding>>,
    /// Findings of records whose key came again: row, finding.
    pub(super) repeated: Vec<(u64, Finding)>,
    /// What records leave empty that they must have where they are new to the register, by row.
    pub(super) empty: HashMap<u64, Vec<Finding>>,
    /// What every record lacks that is new to the register.
    pub(super) lacking_when_new: Vec<Finding>,
    pub(super) heights_dropped: u64,
    /// The numbers of the records in the file.
    pub(super) fids: Fids,
    /// What is to be said of the file as a whole.
    pub(super) notes: Vec<Message>,
}

pub(super) async fn run(
    records: Records,
    work: Work,
    staging: &mut Staging,
    progress: &dyn Progress,
) -> Result<Staged, ImportError> {
    let file = work.file.clone();
    let shaping = Shaping {
        records,
        layer: work.layer,
        mapping: work.mapping.clone(),
        decision: work.decision.clone(),
        choices: work.choices.clone(),
        holes: work.holes,
    };
    let (to_converter, from_shaping) = channel(SHAPED_QUEUE);
    let (to_staging, from_converter) = channel(QUEUE);
    let runtime = Handle::current();
    let shaping = background::run(move || runtime.block_on(shaping.run(to_converter)));
    let runtime = Handle::current();
    let converting =
        background::run(move || runtime.block_on(convert(from_shaping, work, &to_staging)));
    // An error here drops the queue, which ends the others.
    stage(from_converter, staging, progress).await?;
    let mut staged = converting.await.map_err(|_| stopped(&file))?;
    let shaped = shaping.await.map_err(|_| stopped(&file))?;
    let shaped = shaped.map_err(|stop| stop.in_file(file))?;
    staged.heights_dropped = shaped.heights_dropped;
    staged.notes.extend(shaped.turned);
    Ok(staged)
}

/// Why converting stopped.
enum Stop {
    Unread(WorkerError),
    Untransformed(GeodesyError),
}

impl Stop {
    fn in_file(self, file: String) -> ImportError {
        match self {
            Self::Unread(source) => ImportError::Worker { file, source },
            Self::Untransformed(source) => ImportError::Transform { file, source },
        }
    }
}

/// Rows for the database, and how many records of the file they and those before them are.
struct Batch {
    rows: StagedRows,
    done: u64,
}

async fn convert(records: Receiver<Shaped>, work: Work, to: &Sender<Batch>) -> Staged {
    let Work {
        layer,
        mapping,
        decision,
        names,
        areas,
        choices,
        today,
        ..
    } = work;
    let mut source = Source { records, to };
    let mut values = Values::new(layer, &mapping, decision.is_some(), names);
    let mut checker = Checker::new(layer, &mapping.supplied(), Positions::new(areas), today);
    let mut staged = Staged::default();
    let mut unmet: BTreeSet<u64> = choices.keys().copied().collect();
    let mut done = 0;
    let mut first = source.look_ahead(&mut values).await.into_iter();
    while let Some(batch) = match first.next() {
        Some(batch) => Some(batch),
        None => source.next().await,
    } {
        done += batch.len() as u64;
        let accepted = batch.into_iter().filter_map(|(source, shape)| {
            staged.fids.add(source.row, source.fid);
            unmet.remove(&source.row);
            let choice = choices.get(&source.row);
            if choice == Some(&RecordChoice::LeaveOut) {
                staged.left_out += 1;
                return None;
            }
            let mut converted = values.convert(&source, shape);
            match choice {
                Some(RecordChoice::Is(code)) => {
                    let code = Value::Text(code.to_string());
                    converted.record.set(layer.key().name, code);
                }
                Some(RecordChoice::Take { revision }) => {
                    converted.record.holds_until = Some(*revision);
                }
                Some(RecordChoice::LeaveOut) | None => {}
            }
            checker.check(&mut converted);
            staged.sort(converted)
        });
        let rows = StagedRows::of(layer, accepted);
        if to.send(Batch { rows, done }).await.is_err() {
            break;
        }
    }
    staged.notes.extend(unmet.into_iter().map(no_such_row));
    staged.repeated = checker.repeated();
    staged.empty = checker.empty();
    staged.lacking_when_new = checker.lacking_when_new();
    staged
}

fn no_such_row(row: u64) -> Message {
    message!(
        "датотека нема запис у реду {row}, за који је речено шта је",
        "the file has no record in row {row}, of which it was said what it is"
    )
}

/// The records with their geometries, as long as somebody takes their rows.
struct Source<'a> {
    records: Receiver<Shaped>,
    to: &'a Sender<Batch>,
}

impl Source<'_> {
    async fn next(&mut self) -> Option<Shaped> {
        tokio::select! {
            batch = self.records.recv() => batch,
            () = self.to.closed() => None,
        }
    }

    /// Holds the first records back to see how the columns write numbers before one is read.
    async fn look_ahead(&mut self, values: &mut Values) -> Vec<Shaped> {
        let mut first = Vec::new();
        let mut records = 0;
        while records < LOOKED_AT
            && let Some(batch) = self.next().await
        {
            for (record, _) in &batch {
                values.look(record);
            }
            records += batch.len();
            first.push(batch);
        }
        first
    }
}

async fn stage(
    mut from: Receiver<Batch>,
    staging: &mut Staging,
    progress: &dyn Progress,
) -> Result<(), ImportError> {
    let mut waiting = Vec::new();
    let mut records = 0;
    while let Some(Batch { rows, done }) = from.recv().await {
        records += rows.len();
        waiting.push(rows);
        if records >= COPIED_TOGETHER {
            staging.append(std::mem::take(&mut waiting)).await?;
            records = 0;
        }
        progress.done(done);
    }
    staging.append(waiting).await?;
    Ok(())
}

impl Staged {
    /// Takes over which records others stand in the way of.
    pub(super) fn merge(&mut self, hindered: Vec<RecordReport>) {
        for mut record in hindered {
            let found = self.findings.remove(&record.row).unwrap_or_default();
            record.findings.splice(0..0, found);
            self.refused_count += u64::from(record.verdict == RecordVerdict::Refused);
            self.conflicting_count += u64::from(record.verdict == RecordVerdict::Conflicting);
            if self.refused.len() < MOST_LISTED {
                self.refused.push(record);
            }
        }
    }

    /// Takes over findings of staged records.
    pub(super) fn tell(&mut self, findings: impl IntoIterator<Item = (u64, Finding)>) {
        for (row, finding) in findings {
            if self.findings.len() < MOST_LISTED || self.findings.contains_key(&row) {
                self.findings.entry(row).or_default().push(finding);
            }
        }
    }

    /// Takes over what was settled about records that do not say which they are.
    pub(super) fn settle(&mut self, settled: Settled) {
        self.tell(settled.findings);
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
        let rows = repeated
            .chain(self.empty.keys())
            .chain(self.findings.keys());
        rows.filter_map(|row| i64::try_from(*row).ok()).collect()
    }

    /// Keeps what was found; answers the record when it can be staged.
    fn sort(&mut self, converted: Converted) -> Option<(i64, Record)> {
        let row = i64::try_from(converted.row).ok()?;
        if converted.is_refused() {
            let key = converted.record.key().map(str::to_owned);
            self.refused_count += 1;
            if self.refused.len() < MOST_LISTED {
                let external_id = converted.record.get(EXTERNAL_ID).as_text();
                let refused = RecordReport {
                    external_id: external_id.map(str::to_owned),
                    geometry: converted.record.geometry,
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
