//! Edits of those whose edits wait for review: kept as a document, in the queue of uploads.

use axum::body::Bytes;
use domain::layer::Layer;
use futures_util::stream;
use importer::edit::Planned;
use store::submission::{NewSubmission, Submitted};

use super::carry::Wish;
use super::request::Service;
use crate::account::SignedIn;
use crate::error::ApiError;
use crate::stream::moment;
use crate::uploads;

/// Keeps edits for review, bound to the states that they were made from; answers their number there.
pub async fn propose(
    service: Service<'_>,
    sender: &SignedIn,
    mut wish: Wish,
    planned: &[Planned],
) -> Result<i64, ApiError> {
    let Service { app, context, .. } = service;
    wish.document.bind(planned);
    wish.document.crs = Some(wish.about.crs.uri().to_owned());
    let writing = |error| context.internal(&error, "keeping an edit");
    let bytes = serde_json::to_vec_pretty(&wish.document).map_err(writing)?;
    let new = NewSubmission {
        file_name: file_name(wish.layer, planned),
        size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        reading: uploads::reading_of_edits(wish.layer),
        source: wish.about.source,
        comment: wish.about.comment,
        submitted_by: sender.name.to_string(),
        submitted_at: moment(),
        idempotency_key: None,
    };
    let submitted = app.store.submit(&new, uploads::QUOTA).await;
    let id = match submitted.map_err(|error| context.store_error(&error))? {
        Submitted::New(id) | Submitted::Known(id) | Submitted::Unfinished(id) => id,
        Submitted::OverQuota => return Err(uploads::over_quota(context)),
    };
    let length = bytes.len() as u64;
    let bytes = stream::iter([Ok(Bytes::from(bytes))]);
    uploads::receive::take(app, context, id, length, bytes).await?;
    Ok(id)
}

/// Such as `facilities-7.json` for an edit of one feature.
fn file_name(layer: &Layer, planned: &[Planned]) -> String {
    let id = layer.id;
    match planned {
        [Planned { id: Some(of), .. }] => format!("{id}-{of}.json"),
        [_] => format!("{id}-new.json"),
        several => format!("{id}-{}-edits.json", several.len()),
    }
}
