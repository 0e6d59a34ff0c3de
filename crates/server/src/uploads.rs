//! Survey files that people send: received whole or in parts, inspected, reviewed, published.
//!
//! [`receive`] and [`resume`] take files, [`queue`] works on them, [`show`] and [`report`] say what was
//! found, [`decide`] has them read in another way, published or rejected.

pub(crate) mod decide;
pub(crate) mod events;
mod folder;
pub(crate) mod page;
pub(crate) mod preview;
mod problem;
mod progress;
mod queue;
pub(crate) mod reading;
pub(crate) mod receive;
mod regions;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod show;

use std::path::PathBuf;
use std::sync::Arc;

use domain::Layer;
use domain::account::Role;
use store::submission::{Quota, Submission};
use tokio::sync::Notify;

use crate::App;
use crate::account::SignedIn;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use folder::Folder;
pub use problem::UploadProblem;
pub use queue::Queue;

/// How much one user may leave undecided.
pub(crate) const QUOTA: Quota = Quota {
    uploads: 100,
    bytes: 80 * 1024 * 1024 * 1024,
};

/// What handlers of uploads share with the queue.
#[derive(Clone, Debug)]
pub struct Uploads {
    folder: Arc<Folder>,
    wake: Arc<Notify>,
}

impl Uploads {
    /// Uploads whose files lie below `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder: Arc::new(Folder::new(folder)),
            wake: Arc::new(Notify::new()),
        }
    }
}

/// An upload that the reader may see: an own one, or any for who publishes.
async fn find(app: &App, context: &Context, id: &str) -> Result<(SignedIn, Submission), ApiError> {
    let reader = context.demand(Role::may_propose)?.clone();
    let missing = || {
        let id = id.to_owned();
        context.error(Problem::Upload(UploadProblem::NoSuchUpload { id }))
    };
    let number: i64 = id.parse().map_err(|_| missing())?;
    let found = app.store.submission(number).await;
    let submission = found.map_err(|error| context.store_error(&error))?;
    let seen = |one: &Submission| {
        reader.rights.role.may_publish() || one.submitted_by == reader.name.as_str()
    };
    let submission = submission.filter(seen).ok_or_else(missing)?;
    Ok((reader, submission))
}

/// How the document of edits of a layer is read.
pub(crate) fn reading_of_edits(layer: &Layer) -> serde_json::Value {
    serde_json::json!({ "layer": layer.id, "edits": true })
}

/// The sender has too much open.
pub(crate) fn over_quota(context: &Context) -> ApiError {
    refused(context, UploadProblem::OverQuota)
}

fn refused(context: &Context, problem: UploadProblem) -> ApiError {
    context.error(Problem::Upload(problem))
}
