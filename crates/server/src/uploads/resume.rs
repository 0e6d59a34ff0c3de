//! Sending a file in parts, over lines that break: the protocol tus 1.0.0, core, creation and
//! termination.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::message;
use domain::upload::UploadState;
use store::submission::{Submission, Submitted};

use super::receive::{announce, begin as submit, finish, of_part, put_location};
use super::{UploadProblem, find, refused};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::stream::moment;

/// The header by which a client says that it speaks the protocol.
pub const VERSION_HEADER: &str = "tus-resumable";
const VERSION: &str = "1.0.0";
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const PART: &str = "application/offset+octet-stream";

/// Begins a resumable upload: its length is announced, its name and how it is to be read stand in
/// `Upload-Metadata` (`filename`, `layer`, `crs` and so on).
pub async fn begin(app: &App, context: &Context, request: Request) -> Result<Response, ApiError> {
    let headers = request.headers();
    let Some(length) = number(headers, &LENGTH) else {
        return Err(unknown_length(context));
    };
    let said = metadata(headers);
    let name = said.iter().find(|(name, _)| name == "filename");
    let name = name.map(|(_, name)| name.clone()).unwrap_or_default();
    let announced = announce(context, &name, Some(length), said)?;
    let (id, status) = match submit(app, context, &announced).await? {
        Submitted::New(id) => (id, StatusCode::CREATED),
        Submitted::Known(id) | Submitted::Unfinished(id) => (id, StatusCode::OK),
        Submitted::OverQuota => return Err(refused(context, UploadProblem::OverQuota)),
    };
    let mut response = (status, ()).into_response();
    put_location(context, &mut response, &format!("/uploads/{id}/content"));
    let is_part = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == PART);
    let here = if is_part && status == StatusCode::CREATED {
        append(app, context, id, 0, length, request.into_body()).await?
    } else {
        size_here(app, context, id).await?
    };
    put_offset(&mut response, here);
    Ok(response)
}

/// `HEAD /uploads/{id}/content`: how much of the file is here.
pub async fn offset(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let (_, submission) = find(&app, &context, &id).await?;
    let here = if submission.state == UploadState::Receiving {
        let here = size_here(&app, &context, submission.id).await?;
        if here == submission.size_bytes.unsigned_abs() {
            // All of it had arrived when somebody killed the service.
            finish(&app, &context, submission.id).await?;
        }
        here
    } else {
        submission.size_bytes.unsigned_abs()
    };
    let mut response = (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response();
    put_offset(&mut response, here);
    response
        .headers_mut()
        .insert(LENGTH, submission.size_bytes.into());
    Ok(response)
}

/// `PATCH /uploads/{id}/content`: the next part of the file, from `Upload-Offset` on.
pub async fn part(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
    request: Request,
) -> Result<Response, ApiError> {
    let (_, submission) = find(&app, &context, &id).await?;
    let Submission {
        id,
        state,
        size_bytes,
        ..
    } = submission;
    if state != UploadState::Receiving {
        return Err(refused(&context, UploadProblem::WrongState { state }));
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let from = number(request.headers(), &OFFSET);
    let (Some(from), true) = (from, kind.is_some_and(|kind| kind == PART)) else {
        return Err(no_offset(&context));
    };
    let announced = size_bytes.unsigned_abs();
    let here = append(&app, &context, id, from, announced, request.into_body()).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    put_offset(&mut response, here);
    Ok(response)
}

async fn append(
    app: &App,
    context: &Context,
    id: i64,
    from: u64,
    announced: u64,
    body: Body,
) -> Result<u64, ApiError> {
    let touched = app.store.touch_submission(id, moment()).await;
    touched.map_err(|error| context.store_error(&error))?;
    let bytes = body.into_data_stream();
    let taken = app.uploads.folder.append(id, from, announced, bytes).await;
    let here = taken.map_err(|error| of_part(context, &error))?;
    if here == announced {
        finish(app, context, id).await?;
    }
    Ok(here)
}

async fn size_here(app: &App, context: &Context, id: i64) -> Result<u64, ApiError> {
    let size = app.uploads.folder.size_of_part(id).await;
    size.map_err(|error| context.internal(&error, "measuring an upload"))
}

fn put_offset(response: &mut Response, here: u64) {
    let headers = response.headers_mut();
    headers.insert(OFFSET, here.into());
    headers.insert(VERSION_HEADER, HeaderValue::from_static(VERSION));
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// `Upload-Metadata`: names and values in Base64, between commas.
fn metadata(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.get(METADATA).and_then(|text| text.to_str().ok());
    let pairs = text.unwrap_or_default().split(',');
    let read = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once(' ')?;
        let value = BASE64_STANDARD.decode(value.trim()).ok()?;
        Some((name.to_owned(), String::from_utf8(value).ok()?))
    });
    read.collect()
}

fn unknown_length(context: &Context) -> ApiError {
    let detail = message!(
        "Недостаје заглавље `Upload-Length`: колико бајтова има цела датотека.",
        "The header `Upload-Length` is missing: how many bytes the whole file has."
    );
    refused(context, UploadProblem::BadUpload { detail })
}

fn no_offset(context: &Context) -> ApiError {
    let detail = message!(
        "Делу датотеке требају заглавља `Upload-Offset` и `Content-Type: application/offset+octet-stream`.",
        "A part of a file needs the headers `Upload-Offset` and `Content-Type: \
         application/offset+octet-stream`."
    );
    refused(context, UploadProblem::BadUpload { detail })
}
