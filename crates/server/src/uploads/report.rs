//! What the inspection of an upload found, and the file as it was sent.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::upload::UploadState;

use super::{UploadProblem, find, refused};
use crate::App;
use crate::context::{Context, Format};
use crate::error::ApiError;
use crate::rasters::files::attachment;
use crate::stream::file_body;

/// The media type of reports for programs.
pub const JSON: &str = "application/json";
/// Of reports as tables.
pub const CSV: &str = "text/csv; charset=utf-8";
/// Of reports for people.
pub const HTML: &str = "text/html; charset=utf-8";

const OFFERED: [Format; 3] = [
    Format {
        name: "json",
        media_type: JSON,
    },
    Format {
        name: "html",
        media_type: HTML,
    },
    Format {
        name: "csv",
        media_type: CSV,
    },
];

/// `GET /uploads/{id}/report`
pub async fn report(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&OFFERED)?;
    let (_, submission) = find(&app, &context, &id).await?;
    let found = app
        .store
        .submission_report(submission.id, format.media_type, context.lang)
        .await;
    let content = found.map_err(|error| context.store_error(&error))?;
    let state = submission.state;
    let content = content.ok_or_else(|| refused(&context, UploadProblem::WrongState { state }))?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type),
        (header::CACHE_CONTROL, "no-store"),
        // The report is a page of its own, made from what somebody sent.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        ),
    ];
    Ok((headers, content).into_response())
}

/// `GET /uploads/{id}/original`: the file, byte for byte.
pub async fn original(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let (_, submission) = find(&app, &context, &id).await?;
    let Some(sha256) = &submission.sha256 else {
        let state = UploadState::Receiving;
        return Err(refused(&context, UploadProblem::WrongState { state }));
    };
    let file = tokio::fs::File::open(app.uploads.folder.original(sha256)).await;
    let file = file.map_err(|error| context.internal(&error, "opening an upload"))?;
    let mut response = file_body(file.into_std().await).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    headers.insert(header::CONTENT_LENGTH, submission.size_bytes.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&attachment(&submission.file_name)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
