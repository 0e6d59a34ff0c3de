//! The records of an upload as the register would say them, before anybody decides.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::layer::Field;
use domain::layers::readable_fields;
use futures_util::{StreamExt, stream};
use store::{Store, StoreError};

use super::decide::number;
use super::reading::{Reading, is_raster};
use super::{UploadProblem, find, refused};
use crate::App;
use crate::context::{Context, GEOJSON};
use crate::error::{ApiError, Chain};

/// Records in one answer, at most.
const MOST: i64 = 500_000;
/// Records read together.
const AT_ONCE: i64 = 1_000;

/// `GET /uploads/{id}/preview`: `GeoJSON`, longitude before latitude, WGS 84, with the member `verdict`
/// (new, changed, unchanged) beside the values that the record would have.
pub async fn preview(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&["after", "limit"])?;
    let after = number(&context, "after")?.unwrap_or(0);
    let limit = number(&context, "limit")?.unwrap_or(MOST).clamp(1, MOST);
    let (reader, submission) = find(&app, &context, &id).await?;
    let state = submission.state;
    let not_there = || refused(&context, UploadProblem::WrongState { state });
    if submission.outcome.is_none() {
        return Err(not_there());
    }
    let reading: Reading =
        serde_json::from_value(submission.reading.clone()).map_err(|_| not_there())?;
    let layer = reading
        .target(is_raster(std::path::Path::new(&submission.file_name)))
        .map_err(|_| not_there())?;
    // What an upload says of a region does not make its records those of the region.
    let fields = readable_fields(layer, reader.rights.access());
    let asked = Asked {
        store: app.store.clone(),
        id: submission.id,
        fields,
        after,
        left: limit,
        first: true,
    };
    let begins = format!(
        r#"{{"type":"FeatureCollection","name":"upload-{}","features":["#,
        submission.id
    );
    let begins = stream::once(async { Ok(begins) });
    let features = stream::try_unfold(asked, Asked::next);
    let ends = stream::once(async { Ok("]}".to_owned()) });
    let body = Body::from_stream(begins.chain(features).chain(ends));
    let headers = [
        (header::CONTENT_TYPE, GEOJSON.media_type),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, body).into_response())
}

/// What is still to be sent.
struct Asked {
    store: Store,
    id: i64,
    fields: &'static [&'static Field],
    after: i64,
    left: i64,
    first: bool,
}

impl Asked {
    /// The next records as one text.
    async fn next(mut self) -> Result<Option<(String, Self)>, StoreError> {
        let most = self.left.min(AT_ONCE);
        if most == 0 {
            return Ok(None);
        }
        let found = self.store.preview(self.id, self.fields, self.after, most);
        let found = found.await.inspect_err(|error| {
            tracing::error!(error = %Chain(error), "a preview broke off");
        })?;
        let Some((last, _)) = found.last() else {
            return Ok(None);
        };
        self.after = *last;
        self.left -= most;
        let features: Vec<_> = found.into_iter().map(|(_, feature)| feature).collect();
        let comma = if self.first { "" } else { "," };
        self.first = false;
        Ok(Some((format!("{comma}{}", features.join(",")), self)))
    }
}
