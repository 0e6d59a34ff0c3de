//! Taking a file that is sent in one go: as the body itself, or as a form of a browser.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::Role;
use domain::message;
use futures_util::{Stream, TryStreamExt};
use importer::receive::{RASTER_LIMIT_BYTES, SIZE_LIMIT_BYTES};
use std::path::Path;
use store::submission::{NewSubmission, Submitted};

use super::folder::{PartError, file_name};
use super::reading::{Reading, is_raster};
use super::show::shown;
use super::{QUOTA, UploadProblem, refused, resume};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::stream::moment;

/// Says that the sender calls this upload by a name of its own.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The longest of those.
const LONGEST_KEY: usize = 200;

/// A file that somebody is about to send.
pub struct Announced {
    /// Its name.
    pub file_name: String,
    /// The most bytes it has.
    pub size_bytes: u64,
    /// How it is to be read, and what is said of it.
    pub said: Vec<(String, String)>,
}

/// `POST /uploads`: the body is the file, whose name is the parameter `file`; or a form of a browser with
/// the file in its field `file`, after the other fields; or nothing yet, of which a resumable upload
/// (tus 1.0.0) says how long it will be.
pub async fn send(
    State(app): State<App>,
    context: Context,
    request: Request,
) -> Result<Response, ApiError> {
    context.demand(Role::may_propose)?;
    if request.headers().contains_key(resume::VERSION_HEADER) {
        return resume::begin(&app, &context, request).await;
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return of_form(&app, &context, request).await;
    }
    let size_bytes = content_length(request.headers());
    let said = context.query.clone();
    let sent_name = context.parameter("file").unwrap_or_default();
    let announced = announce(&context, sent_name, size_bytes, said)?;
    let id = match begin(&app, &context, &announced).await? {
        Submitted::Known(id) => return answer(&app, &context, id, StatusCode::OK).await,
        Submitted::New(id) | Submitted::Unfinished(id) => id,
        Submitted::OverQuota => return Err(refused(&context, UploadProblem::OverQuota)),
    };
    take(
        &app,
        &context,
        id,
        announced.size_bytes,
        request.into_body().into_data_stream(),
    )
    .await?;
    answer(&app, &context, id, StatusCode::CREATED).await
}

async fn of_form(app: &App, context: &Context, request: Request) -> Result<Response, ApiError> {
    let size_bytes = content_length(request.headers());
    let mut form = Multipart::from_request(request, app)
        .await
        .map_err(|_| no_file(context))?;
    let mut said = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| no_file(context))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let sent_name = field.file_name().unwrap_or_default().to_owned();
            let announced = announce(context, &sent_name, size_bytes, said)?;
            let id = match begin(app, context, &announced).await? {
                Submitted::New(id) | Submitted::Unfinished(id) => id,
                Submitted::Known(id) => return Ok(to_page(context, id)),
                Submitted::OverQuota => return Err(refused(context, UploadProblem::OverQuota)),
            };
            let bytes = field.map_err(axum::Error::new);
            take(app, context, id, announced.size_bytes, bytes).await?;
            return Ok(to_page(context, id));
        }
        let text = field.text().await.map_err(|_| no_file(context))?;
        said.push((name, text));
    }
    Err(no_file(context))
}

/// A browser goes on to the page of its upload.
fn to_page(context: &Context, id: i64) -> Response {
    let lang = context.lang;
    let page = format!("{}/uploads/{id}?f=html&lang={lang}", context.base_url);
    Redirect::to(&page).into_response()
}

fn no_file(context: &Context) -> ApiError {
    let detail = message!(
        "Нема датотеке. Пошаљите је у пољу `file` обрасца, или као тело захтева уз параметар `file` са њеним \
         именом.",
        "There is no file. Send it in the field `file` of a form, or as the body of the request with its \
         name in the parameter `file`."
    );
    refused(context, UploadProblem::BadUpload { detail })
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Checks what is said of a file before it is taken.
pub fn announce(
    context: &Context,
    sent_name: &str,
    size_bytes: Option<u64>,
    said: Vec<(String, String)>,
) -> Result<Announced, ApiError> {
    let file_name = file_name(sent_name).ok_or_else(|| no_file(context))?;
    let limit_bytes = if is_raster(Path::new(&file_name)) {
        RASTER_LIMIT_BYTES
    } else {
        SIZE_LIMIT_BYTES
    };
    match size_bytes {
        Some(0) => Err(no_file(context)),
        Some(size) if size > limit_bytes => {
            Err(refused(context, UploadProblem::TooLarge { limit_bytes }))
        }
        known => Ok(Announced {
            file_name,
            size_bytes: known.unwrap_or(limit_bytes),
            said,
        }),
    }
}

/// Records that a file is coming.
pub async fn begin(
    app: &App,
    context: &Context,
    announced: &Announced,
) -> Result<Submitted, ApiError> {
    let sender = context.demand(Role::may_propose)?;
    let pairs = announced.said.iter();
    let reading = Reading::of_pairs(pairs.map(|(name, text)| (&**name, &**text)));
    let reading = reading.map_err(|error| bad_reading(context, &error))?;
    let target = reading.target(is_raster(Path::new(&announced.file_name)));
    target.map_err(|bad| {
        let detail = bad.in_words();
        refused(context, UploadProblem::BadUpload { detail })
    })?;
    let said = |wanted: &str| {
        let mut texts = announced.said.iter();
        let text = texts.find(|(name, _)| name == wanted)?.1.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let new = NewSubmission {
        file_name: announced.file_name.clone(),
        size_bytes: i64::try_from(announced.size_bytes).unwrap_or(i64::MAX),
        reading: serde_json::to_value(&reading)
            .map_err(|error| context.internal(&error, "writing how an upload is read"))?,
        source: said("source"),
        comment: said("comment"),
        submitted_by: sender.name.to_string(),
        submitted_at: moment(),
        idempotency_key: key(&context.headers),
    };
    let submitted = app.store.submit(&new, QUOTA).await;
    submitted.map_err(|error| context.store_error(&error))
}

pub fn bad_reading(context: &Context, error: &serde_json::Error) -> ApiError {
    let said = error.to_string();
    let detail = message!(
        "Како да се датотека чита није разумљиво: {said}",
        "How to read the file cannot be understood: {said}"
    );
    refused(context, UploadProblem::BadUpload { detail })
}

fn key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?.trim();
    (!key.is_empty() && key.len() <= LONGEST_KEY).then(|| key.to_owned())
}

/// Takes the whole file.
pub async fn take(
    app: &App,
    context: &Context,
    id: i64,
    most_bytes: u64,
    bytes: impl Stream<Item = Result<Bytes, axum::Error>>,
) -> Result<(), ApiError> {
    let taken = app.uploads.folder.replace(id, most_bytes, bytes).await;
    if taken.map_err(|error| of_part(context, &error))? == 0 {
        return Err(no_file(context));
    }
    finish(app, context, id).await
}

/// The whole file is here: it is digested, kept and inspected next.
pub async fn finish(app: &App, context: &Context, id: i64) -> Result<(), ApiError> {
    let folder = app.uploads.folder.clone();
    let kept = tokio::task::spawn_blocking(move || folder.keep(id)).await;
    let kept = kept.map_err(|error| context.internal(&error, "keeping an upload"))?;
    let (sha256, size_bytes) =
        kept.map_err(|error| context.internal(&error, "keeping an upload"))?;
    let received = app.store.received(id, &sha256, size_bytes, moment()).await;
    if received.map_err(|error| context.store_error(&error))? {
        app.uploads.wake.notify_one();
    }
    Ok(())
}

/// Why a part was not taken.
pub fn of_part(context: &Context, error: &PartError) -> ApiError {
    let problem = match error {
        PartError::Elsewhere { here, .. } => UploadProblem::Elsewhere { here: *here },
        PartError::TooLong { announced } => UploadProblem::TooLarge {
            limit_bytes: *announced,
        },
        PartError::Busy => UploadProblem::Busy,
        PartError::BrokenOff(_) => UploadProblem::BadUpload {
            detail: message!(
                "Пренос је прекинут. Питајте колико је стигло (HEAD), па пошаљите остатак.",
                "The transfer broke off. Ask how much is here (HEAD), and send the rest."
            ),
        },
        PartError::Unwritten(error) => return context.internal(error, "writing an upload"),
    };
    refused(context, problem)
}

async fn answer(
    app: &App,
    context: &Context,
    id: i64,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let found = app.store.submission(id).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let Some(submission) = found else {
        let id = id.to_string();
        return Err(refused(context, UploadProblem::NoSuchUpload { id }));
    };
    let mut response = shown(context, &submission).into_response();
    *response.status_mut() = status;
    put_location(context, &mut response, &format!("/uploads/{id}"));
    Ok(response)
}

/// Says where what was made is.
pub fn put_location(context: &Context, response: &mut Response, path: &str) {
    if let Ok(location) = HeaderValue::from_str(&format!("{}{path}", context.base_url)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
}
