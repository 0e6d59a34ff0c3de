//! Edits in the queue of uploads: inspected like files, and made when somebody approves them.

use std::path::Path;

use chrono::{DateTime, Utc};
use domain::Layer;
use domain::lang::Message;
use domain::message;
use geodesy::GeodesyError;
use importer::edit::document::Document;
use importer::edit::review::{hindered, previewed, report};
use importer::edit::{PlanError, Planned, plan};
use importer::position::Positions;
use importer::report::{Outcome, Report};
use store::edit::EditError;
use store::revision::{Means, NewRevision, NewUpload};
use store::submission::{Submission, cover};
use store::{Store, StoreError};

use super::request::to_wgs84;
use crate::crs::ServedCrs;

/// Why edits were not worked on to the end.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Their document cannot be read.
    #[error("{}", .0.en)]
    Unreadable(Message),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<GeodesyError> for ReviewError {
    fn from(error: GeodesyError) -> Self {
        Self::Unreadable(Message::verbatim(error.to_string()))
    }
}

/// What is worked on.
#[derive(Clone, Copy, Debug)]
pub struct Work<'w> {
    /// The register.
    pub store: &'w Store,
    /// The upload that the edits are.
    pub submission: &'w Submission,
    /// Their document.
    pub path: &'w Path,
    /// Their layer.
    pub layer: &'static Layer,
    /// Whether they are to be made, not only looked at.
    pub publishing: bool,
}

/// Compares kept edits with the register as it is now, and makes them if that is asked for.
pub async fn work(work: Work<'_>, now: DateTime<Utc>) -> Result<Report, ReviewError> {
    let document = read(work.path).await?;
    let crs = document
        .crs
        .as_deref()
        .map_or(Ok(ServedCrs::CRS84), str::parse);
    let crs = crs.map_err(|_| unreadable("crs"))?;
    let asked = document.asked(work.layer, &to_wgs84(crs));
    let asked = asked.map_err(|(_, bad)| ReviewError::Unreadable(bad.0))?;
    let areas = work.store.district_areas().await?;
    let districts = areas.iter().map(|(_, _, area)| area.clone()).collect();
    let positions = Positions::new(areas);
    let planned = match plan(work.store, &positions, work.layer, &asked).await {
        Ok(planned) => planned,
        Err(PlanError::Obstacle { at, obstacle }) => {
            return Ok(hindered(&work.file(), work.layer, (at, &obstacle)));
        }
        Err(PlanError::Store(error)) => return Err(error.into()),
        Err(PlanError::Coordinates(error)) => return Err(error.into()),
    };
    let found = report(&work.file(), work.layer, &planned, districts);
    if work.publishing && found.outcome == Outcome::DryRun {
        return work.publish(&planned, found, now).await;
    }
    let previewed = previewed(&planned);
    work.store
        .keep_previewed(work.submission.id, &previewed)
        .await?;
    Ok(found)
}

impl Work<'_> {
    fn file(&self) -> NewUpload {
        NewUpload {
            file_name: self.submission.file_name.clone(),
            sha256: self.submission.sha256.clone().unwrap_or_default(),
            size_bytes: self.submission.size_bytes,
            submission: Some(self.submission.id),
        }
    }

    async fn publish(
        &self,
        planned: &[Planned],
        found: Report,
        now: DateTime<Utc>,
    ) -> Result<Report, ReviewError> {
        let revision = NewRevision {
            made_at: now,
            author: self.submission.submitted_by.clone(),
            means: Means::Upload,
            source: self.submission.source.clone(),
            comment: self.submission.comment.clone(),
            upload: Some(self.file()),
        };
        // Where the records lie, the states say that the edits are bound to.
        let places = planned.iter().flat_map(Planned::places);
        if !cover(&self.submission.decided_within, places) {
            return Err(StoreError::OutsideLimits(self.submission.id).into());
        }
        let changes: Vec<_> = planned.iter().filter_map(Planned::change).collect();
        match self.store.edit(self.layer, &changes, &revision).await {
            Ok(edited) => {
                let outcome = Outcome::Published {
                    revision: edited.revision,
                };
                let summary = outcome.in_words(&found.counts);
                Ok(Report {
                    outcome,
                    summary,
                    ..found
                })
            }
            Err(EditError::Store(error)) => Err(error.into()),
            // Between looking and making: the next look says it in full.
            Err(
                error @ (EditError::Stale { .. }
                | EditError::CodeTaken { .. }
                | EditError::Dangling { .. }),
            ) => {
                let message = Message::verbatim(error.to_string());
                Err(ReviewError::Unreadable(message))
            }
        }
    }
}

async fn read(path: &Path) -> Result<Document, ReviewError> {
    let bytes = tokio::fs::read(path).await;
    let bytes = bytes.map_err(|error| unreadable(&error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(&error.to_string()))
}

fn unreadable(why: &str) -> ReviewError {
    ReviewError::Unreadable(message!(
        "документ измене се не може прочитати ({why}); пошаљите измену поново",
        "the document of the edit cannot be read ({why}); send the edit again"
    ))
}
