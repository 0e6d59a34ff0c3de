//! The import of one file: all steps, all or nothing.

mod error;
mod pipeline;
mod reporting;
mod request;

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::region::DistrictCode;
use geo_types::MultiPolygon;
use geodesy::Bounds;
use store::Store;
use store::revision::{NewRevision, NewUpload};
use store::staging::Staging;

use crate::background;
use crate::check::today_in_serbia;
use crate::choose::{Choice, choose};
use crate::convert::{HolesSaid, Place, RegionNames};
use crate::coordinates::{Decision, Given, Sample, decide, decide_by_sample};
use crate::mapping::{CoordinateColumns, Mapping, map};
use crate::process::{Records, Worker};
use crate::protocol::{Inspection, Job, SourceGeometry, SourceLayer};
use crate::receive::{Arrived, Received, arrive};
use crate::report::{Counts, Outcome, Report};
use crate::spelling::kept;
use crate::{matching, merging};
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
    let arrived = arrived(&request.path).await?;
    progress.begins(Stage::Inspecting, None);
    // Digested while it is inspected; what is wrong with the file itself is said first.
    let (received, inspection) = tokio::join!(digested(arrived), inspect(worker, request));
    let (received, inspection) = (received?, inspection?);
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
    let areas = store.district_areas().await?;
    let decision = match file.decision(&choice, &mapping).await {
        Err(ImportError::Coordinates(error)) if error.doubt().is_some() => {
            return Ok(file.undecided(choice, mapping, areas, &error));
        }
        decision => decision?,
    };
    let names = RegionNames::of(store.region_names().await?);
    let prepared = Prepared {
        choice,
        mapping,
        decision,
        areas,
        names,
    };
    let mut staging = Staging::begin(store, prepared.choice.target).await?;
    background::step_back_in_database(&staging.backend().await?);
    let mut staged = file.stage(&prepared, &mut staging, now).await?;
    staging.complete().await?;
    received.check_unchanged()?;
    progress.begins(Stage::Comparing, None);
    staged.settle(matching::settle(&mut staging, prepared.choice.target).await?);
    staging.keep_same_shapes().await?;
    staged.merge(merging::merge(&mut staging).await?);
    staged.tell(staging.keep_better_names().await?.iter().map(kept));
    let mut neighbourhood = staging.neighbours().await?;
    neighbourhood.add(staging.moves().await?);
    staged.place_among(neighbourhood, prepared.choice.target);
    let compared = staging.compare(&staged.told()).await?;
    let mut report = file.report(prepared, staged, compared);
    let outcome = file.finish(staging, &report.counts, now).await?;
    report.outcome = outcome;
    report.summary = outcome.in_words(&report.counts);
    Ok(report)
}

async fn arrived(path: &Path) -> Result<Arrived, ImportError> {
    let owned = path.to_owned();
    let arrived = tokio::task::spawn_blocking(move || arrive(&owned)).await;
    Ok(arrived.map_err(|_| stopped(&path.display().to_string()))??)
}

async fn digested(arrived: Arrived) -> Result<Received, ImportError> {
    let file = arrived.name().to_owned();
    let digested = background::run(move || arrived.digest()).await;
    Ok(digested.map_err(|_| stopped(&file))??)
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

/// The districts: code, name, area.
type Areas = Vec<(DistrictCode, String, MultiPolygon<f64>)>;

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
    areas: Areas,
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
            .sample(choice.source, Place::undecided(mapping.coordinates))
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
        now: DateTime<Utc>,
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
            choices: self.request.choices.clone(),
            today: today_in_serbia(now),
            holes: if source.holes_by_direction {
                HolesSaid::ByDirection
            } else {
                HolesSaid::ByOrder
            },
        };
        let records = self.read(source).await?;
        pipeline::run(records, work, staging, self.progress).await
    }

    async fn finish(
        &self,
        staging: Staging,
        counts: &Counts,
        now: DateTime<Utc>,
    ) -> Result<Outcome, ImportError> {
        if counts.hinders() || self.request.dry_run {
            staging.give_up(self.request.submission).await?;
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
                submission: self.request.submission,
            }),
        }
    }
}

fn extent(source: &SourceLayer) -> Option<Bounds> {
    let [west, south, east, north] = source.extent?;
    Bounds::of_points([(west, south), (east, north)])
}
