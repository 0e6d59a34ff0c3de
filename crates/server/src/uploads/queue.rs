//! The work on uploads: inspecting what was sent, publishing what was approved. One upload after the
//! other; the queue itself is in the database, so that nothing is lost with this process.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::lang::Message;
use domain::upload::UploadState;
use domain::{Lang, Text, message};
use importer::import::{ImportError, import};
use importer::process::Worker;
use importer::report::{Outcome, Report};
use importer::survey::{SurveyError, Tools, import_survey};
use raster::Library;
use store::submission::{Attempt, Inspected};
use store::{Store, StoreError};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::folder::Folder;
use super::progress::Told;
use super::reading::{BadMember, Reading, Work};
use crate::App;
use crate::editing::review::{self, ReviewError};
use crate::error::Chain;

/// How long after a failure of the database it is asked again, and how often other processes' uploads
/// are looked for.
const PAUSE: Duration = Duration::from_secs(2);
/// Uploads of which no part came for so long are given up.
const UNFINISHED: chrono::Duration = chrono::Duration::hours(48);
/// What nobody names and nobody wrote to for so long is swept away.
const LEFT_BEHIND: chrono::Duration = chrono::Duration::hours(1);
/// How often that is looked for.
const SWEEPING: Duration = Duration::from_mins(30);

/// What the work needs.
#[derive(Clone, Debug)]
pub struct Queue {
    store: Store,
    rasters: Arc<Library>,
    folder: Arc<Folder>,
    worker: Worker,
    wake: Arc<Notify>,
    clock: fn() -> DateTime<Utc>,
}

/// Why an upload was not worked on to its end.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    /// The file or what was said of it; a later attempt would meet the same.
    #[error("{}", .0.en)]
    OfTheFile(Message),
    /// The database; a later attempt may have more luck.
    #[error(transparent)]
    OfTheStore(#[from] StoreError),
}

impl Queue {
    /// The queue of a service, whose files `worker` reads.
    pub fn of(app: &App, worker: Worker, clock: fn() -> DateTime<Utc>) -> Self {
        Self {
            store: app.store.clone(),
            rasters: app.rasters.clone(),
            folder: app.uploads.folder.clone(),
            worker,
            wake: app.uploads.wake.clone(),
            clock,
        }
    }

    /// Works until the future is dropped.
    pub async fn run(self) {
        let mut swept = None;
        loop {
            if swept.is_none_or(|swept: Instant| swept.elapsed() > SWEEPING) {
                self.sweep().await;
                swept = Some(Instant::now());
            }
            self.work_off().await;
        }
    }

    /// Works off what waits, then waits for more.
    async fn work_off(&self) {
        match self.store.next_work((self.clock)()).await {
            Ok(Some(attempt)) => {
                let id = attempt.submission.id;
                if let Err(error) = self.attempt(attempt).await {
                    tracing::error!(upload = id, error = %Chain(&error), "the work on an upload stopped");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            Ok(None) => {
                let woken = self.wake.notified();
                let _ = tokio::time::timeout(PAUSE, woken).await;
            }
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the queue of uploads cannot be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn attempt(&self, attempt: Attempt) -> Result<(), StoreError> {
        let now = (self.clock)();
        if !attempt.submission.state.is_in_work() {
            return attempt.done().await;
        }
        if attempt.is_one_too_many() {
            return attempt.fail(&too_often(), now).await;
        }
        match self.carry_out(&attempt).await {
            Ok(report) => self.settle(attempt, report).await,
            Err(WorkError::OfTheFile(why)) => attempt.fail(&why, (self.clock)()).await,
            Err(WorkError::OfTheStore(StoreError::OutsideLimits(_))) => {
                attempt.inspect_again((self.clock)()).await
            }
            Err(WorkError::OfTheStore(error)) => Err(error),
        }
    }

    async fn carry_out(&self, attempt: &Attempt) -> Result<Report, WorkError> {
        let submission = &attempt.submission;
        let publishing = submission.state == UploadState::Publishing;
        let reading: Reading = serde_json::from_value(submission.reading.clone())
            .map_err(|error| WorkError::OfTheFile(Message::verbatim(error.to_string())))?;
        let sha256 = submission.sha256.as_deref().unwrap_or_default();
        let laid_out = self
            .folder
            .lay_out(submission.id, sha256, &submission.file_name);
        let laid_out = laid_out.map_err(|error| {
            tracing::error!(upload = submission.id, %error, "the file of an upload is not there");
            WorkError::OfTheFile(message!(
                "датотека више није на диску службе; пошаљите је поново",
                "the file is not on the service's disk any more; send it again"
            ))
        })?;
        let told = Told::new(self.store.clone(), submission.id);
        let now = (self.clock)();
        let work = reading.work(&laid_out.path, submission);
        match work.map_err(|bad| WorkError::OfTheFile(bad.in_words()))? {
            Work::Features(mut request) => {
                request.dry_run = !publishing;
                let report = import(&self.store, &self.worker, &request, now, &told).await;
                report.map_err(|error| of_import(error, &laid_out.path))
            }
            Work::Edits(layer) => {
                let work = review::Work {
                    store: &self.store,
                    submission,
                    path: &laid_out.path,
                    layer,
                    publishing,
                };
                review::work(work, now).await.map_err(of_review)
            }
            Work::Raster(mut request) => {
                request.dry_run = !publishing;
                let tools = Tools {
                    store: &self.store,
                    library: &self.rasters,
                    worker: &self.worker,
                    progress: &told,
                };
                import_survey(&tools, &request, now)
                    .await
                    .map_err(|error| of_survey(error, &laid_out.path))
            }
        }
    }

    async fn settle(&self, attempt: Attempt, mut report: Report) -> Result<(), StoreError> {
        let now = (self.clock)();
        let publishing = attempt.submission.state == UploadState::Publishing;
        match report.outcome {
            Outcome::Published { .. } => attempt.done().await,
            Outcome::NothingToChange if publishing => attempt.published_without_change(now).await,
            _ => {
                report.withhold_restricted();
                match inspected(&report) {
                    Ok(found) => attempt.ready(found, now).await,
                    Err(error) => {
                        tracing::error!(%error, "the report of an upload cannot be written");
                        attempt.fail(&unwritten(), now).await
                    }
                }
            }
        }
    }

    async fn sweep(&self) {
        let now = (self.clock)();
        let swept = async {
            self.store.give_up_unfinished(now - UNFINISHED, now).await?;
            let (unfinished, here) = self.store.submitted_files().await?;
            let folder = self.folder.clone();
            let before = (now - LEFT_BEHIND).into();
            let swept =
                tokio::task::spawn_blocking(move || folder.sweep(&unfinished, &here, before));
            if let Ok(Err(error)) = swept.await {
                tracing::warn!(%error, "the folder of uploads cannot be swept");
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = swept.await {
            tracing::warn!(error = %Chain(&error), "what uploads left cannot be looked for");
        }
    }
}

impl BadMember {
    /// In a sentence.
    pub fn in_words(&self) -> Message {
        let Self {
            name,
            value,
            wanted,
        } = self;
        let (sr, en) = (&wanted.sr, &wanted.en);
        message!("`{name}` = „{value}“: {sr}", "`{name}` = “{value}”: {en}")
    }
}

fn of_import(error: ImportError, path: &Path) -> WorkError {
    match error {
        ImportError::Store(error) => WorkError::OfTheStore(error),
        other => WorkError::OfTheFile(explained(other.gist(), &other, path)),
    }
}

/// An error for its sender: what happened, then the details, which are said in English. Where the service
/// keeps the file is nobody's affair.
fn explained(gist: Text, error: &(dyn std::error::Error + 'static), path: &Path) -> Message {
    let folder = path.parent().unwrap_or(path).display();
    let details = Chain(error).to_string().replace(&format!("{folder}/"), "");
    let (sr, en) = (gist.sr, gist.en);
    message!(
        "{sr} Појединости, на енглеском: {details}",
        "{en} Details: {details}"
    )
}

fn of_review(error: ReviewError) -> WorkError {
    match error {
        ReviewError::Store(error) => WorkError::OfTheStore(error),
        ReviewError::Unreadable(why) => WorkError::OfTheFile(why),
    }
}

fn of_survey(error: SurveyError, path: &Path) -> WorkError {
    const GIST: Text = Text::new(
        "Растерски снимак не може да се прими.",
        "The raster survey cannot be taken.",
    );
    match error {
        SurveyError::Store(error) => WorkError::OfTheStore(error),
        other => WorkError::OfTheFile(explained(GIST, &other, path)),
    }
}

/// The reports as they are served.
fn inspected(report: &Report) -> Result<Inspected, Box<dyn std::error::Error + Send + Sync>> {
    let mut reports = vec![(super::report::JSON, "", report.to_json()?.into_bytes())];
    for lang in Lang::ALL {
        let table = report.to_csv(lang)?.into_bytes();
        reports.push((super::report::CSV, lang.tag(), table));
        let page = report.to_html(lang)?.into_bytes();
        reports.push((super::report::HTML, lang.tag(), page));
    }
    let outcome = serde_json::to_value(report.outcome)?;
    Ok(Inspected {
        outcome: outcome.as_str().unwrap_or("published").to_owned(),
        counts: serde_json::to_value(report.counts)?,
        reports,
    })
}

fn too_often() -> Message {
    message!(
        "служба се више пута прекинула док је радила на овој датотеци; поделите је на мање, или јавите \
         администратору",
        "the service broke off several times while it worked on this file; split it into smaller ones, or \
         tell the administrator"
    )
}

fn unwritten() -> Message {
    message!(
        "извештај није могао да се напише; јавите администратору",
        "the report could not be written; tell the administrator"
    )
}
