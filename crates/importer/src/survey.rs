//! The import of one raster survey: checked, made into an image, catalogued; all or nothing.

mod cells;
mod datum;
mod error;
mod facility;
mod height;
mod place;
mod recipe;
mod record;
mod reporting;
mod request;
mod terrain;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::lang::Message;
use domain::layers::{SURVEYS, Survey};
use domain::record::{Finding, Record, Severity};
use raster::Library;
use raster::cog::{Finished, Seen};
use raster::inspection::RasterInspection;
use store::Store;
use store::staging::{StagedRows, Staging};

use crate::import::{Progress, Stage};
use crate::process::Worker;
use crate::receive::{Received, receive_raster};
use crate::report::{Counts, Outcome, RecordReport, Report};
use datum::VerticalSaid;
pub use error::SurveyError;
use facility::Facility;
use place::Placed;
use recipe::Chosen;
pub use request::{HeightUnit, SurveyRequest, is_tiff};

/// With what a survey is imported.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// The register.
    pub store: &'a Store,
    /// Where rasters are kept.
    pub library: &'a Arc<Library>,
    /// What reads the file.
    pub worker: &'a Worker,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
}

/// Imports a raster survey: its record in one revision, its original and its image in the library,
/// or nothing. A report of what hinders it is an answer, not an error.
pub async fn import_survey(
    tools: &Tools<'_>,
    request: &SurveyRequest,
    now: DateTime<Utc>,
) -> Result<Report, SurveyError> {
    request.check(now)?;
    let facility = Facility::find(tools.store, &request.facility).await?;
    tools.progress.begins(Stage::Receiving, None);
    let received = received(&request.path).await?;
    tools.progress.begins(Stage::Inspecting, None);
    let inspection = tools.worker.inspect_raster(&request.path).await;
    let inspection = inspection.map_err(|source| SurveyError::unread(&received.name, source))?;
    let file = File {
        tools,
        request,
        received: &received,
        inspection: &inspection,
        facility: &facility,
    };
    let placed = match Placed::decide(&file) {
        Err(SurveyError::Coordinates(error)) if error.doubt().is_some() => {
            return Ok(file.undecided(&error));
        }
        placed => placed?,
    };
    file.import(placed, now).await
}

/// A file that was received and inspected.
struct File<'a> {
    tools: &'a Tools<'a>,
    request: &'a SurveyRequest,
    received: &'a Received,
    inspection: &'a RasterInspection,
    facility: &'a Facility,
}

/// What was decided and found about a file.
struct Found {
    placed: Placed,
    /// What was decided and changed, for the report and the record.
    notes: Vec<Message>,
    findings: Vec<Finding>,
}

impl Found {
    fn note(&mut self, note: impl IntoIterator<Item = Message>) {
        self.notes.extend(note);
    }

    fn hinders(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.severity == Severity::Error)
    }
}

impl File<'_> {
    async fn import(&self, placed: Placed, now: DateTime<Utc>) -> Result<Report, SurveyError> {
        let vertical = VerticalSaid::of(self.request, self.inspection);
        let chosen = recipe::choose(self, &placed, &vertical)?;
        let mut found = Found {
            notes: [
                placed.notes.clone(),
                chosen.notes.clone(),
                vertical.notes.clone(),
            ]
            .concat(),
            findings: Vec::new(),
            placed,
        };
        if let Some(record) = self.imported_before(&found.placed, &vertical).await? {
            found.note([reporting::known_image()]);
            return self.catalogue(record, found, now).await;
        }
        let incoming = if self.request.dry_run {
            None
        } else {
            Some(self.tools.library.incoming()?)
        };
        let draft = incoming.as_ref().map(|folder| folder.file("cells.tif"));
        let (seen, draft) = self.cells(chosen.recipe.clone(), draft.as_deref()).await?;
        self.received.check_unchanged()?;
        self.judge(&seen, &chosen, &vertical, &mut found).await?;
        let kept = match (incoming, draft) {
            (Some(folder), Some(draft)) if !found.hinders() => {
                let kept = self.keep(&folder, draft).await?;
                Some(kept)
            }
            _ => None,
        };
        let record = record::of(self, &found, &chosen, &vertical, &seen, kept.as_ref())?;
        self.catalogue(record, found, now).await
    }

    /// Everything that the cells themselves tell against the file.
    async fn judge(
        &self,
        seen: &Seen,
        chosen: &Chosen,
        vertical: &VerticalSaid,
        found: &mut Found,
    ) -> Result<(), SurveyError> {
        if seen.statistics.count == 0 {
            found.findings.push(height::nothing());
            return Ok(());
        }
        found.note(height::presumed(seen));
        found.note([reporting::values(self.request.kind, seen)]);
        let crs = &found.placed.crs;
        let footprint = seen
            .coverage
            .footprint(crs)?
            .unwrap_or(geo_types::MultiPolygon(Vec::new()));
        found.findings.extend(self.facility.far_from(&footprint));
        if !self.request.kind.is_terrain() {
            return Ok(());
        }
        let implausible = height::implausible(&seen.statistics, chosen.unit_said);
        let plausible = implausible.is_none();
        found.findings.extend(implausible);
        if plausible {
            let code = self.request.code();
            let against = terrain::compare(self, &code, crs, seen, &footprint).await?;
            found.findings.extend(datum::judge(&against, vertical));
        }
        Ok(())
    }

    /// Stages the record, compares it, and publishes it unless something hinders that.
    async fn catalogue(
        &self,
        record: Record,
        mut found: Found,
        now: DateTime<Utc>,
    ) -> Result<Report, SurveyError> {
        let code = self.request.code();
        found.findings.extend(record.findings());
        if found.hinders() {
            let mut one = RecordReport::refused(1, Some(code), std::mem::take(&mut found.findings));
            one.geometry = record.geometry;
            let counts = Counts {
                refused: 1,
                ..Counts::default()
            };
            return Ok(self.report(found, one, counts, Outcome::Refused));
        }
        self.tools.progress.begins(Stage::Comparing, None);
        let mut staging = Staging::begin(self.tools.store, &SURVEYS).await?;
        let rows = StagedRows::of(&SURVEYS, [(1, record)]);
        staging.append(vec![rows]).await?;
        staging.complete().await?;
        let mut compared = staging.compare(&[1]).await?;
        let counts = Counts::of(&compared, 0, 0);
        let first = compared.records.pop().ok_or_else(|| self.stopped())?;
        let outcome = self.finish(staging, now).await?;
        let one = RecordReport::compared(1, first, std::mem::take(&mut found.findings));
        Ok(self.report(found, one, counts, outcome))
    }

    async fn finish(&self, staging: Staging, now: DateTime<Utc>) -> Result<Outcome, SurveyError> {
        if self.request.dry_run {
            staging.give_up(self.request.submission).await?;
            return Ok(Outcome::DryRun);
        }
        self.tools.progress.begins(Stage::Publishing, None);
        let revision = self.request.revision(self.received, now);
        let revision = staging.publish(&revision).await?;
        Ok(
            revision.map_or(Outcome::NothingToChange, |revision| Outcome::Published {
                revision,
            }),
        )
    }

    /// The registered record, with what the request says anew, when the image of this very file was
    /// made before in the same way and is still there.
    async fn imported_before(
        &self,
        placed: &Placed,
        vertical: &VerticalSaid,
    ) -> Result<Option<Record>, SurveyError> {
        let registered = self
            .tools
            .store
            .record_of_code(&SURVEYS, &self.request.code())
            .await?;
        let Some(registered) = registered else {
            return Ok(None);
        };
        let survey = Survey::from_record(&registered.record);
        let is_same = survey.original_sha256.as_deref() == Some(&self.received.sha256)
            && survey.kind == Some(self.request.kind)
            && survey.facility.as_ref() == Some(&self.request.facility)
            && survey.horizontal_crs.as_deref() == Some(placed.crs_text().as_str())
            && survey.vertical_datum == vertical.datum
            && self.request.unit.is_none();
        if !is_same || !self.has_files(&survey).await {
            return Ok(None);
        }
        let mut record = registered.record;
        self.request.describe(&mut record);
        Ok(Some(record))
    }

    async fn has_files(&self, survey: &Survey) -> bool {
        let mut there = true;
        for (kind, sha256) in [
            (raster::Kind::Image, &survey.image_sha256),
            (raster::Kind::Original, &survey.original_sha256),
        ] {
            there &= match sha256 {
                Some(sha256) => self.tools.library.size(kind, sha256).await.is_ok(),
                None => false,
            };
        }
        there
    }

    fn stopped(&self) -> SurveyError {
        SurveyError::Stopped {
            file: self.received.name.clone(),
        }
    }
}

/// The image of a survey, in the library.
struct Kept {
    image: Finished,
}

async fn received(path: &Path) -> Result<Received, SurveyError> {
    let owned = path.to_owned();
    let received = tokio::task::spawn_blocking(move || receive_raster(&owned)).await;
    let stopped = |_| SurveyError::Stopped {
        file: path.display().to_string(),
    };
    Ok(received.map_err(stopped)??)
}
