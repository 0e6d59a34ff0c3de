//! What people decide about an upload: how it is to be read, and whether it is published.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::account::Role;
use domain::upload::UploadState;
use domain::{Text, message};
use serde_json::{Map, Value};
use store::submission::{Decision, Submission};

use super::reading::Reading;
use super::receive::bad_reading;
use super::regions::{concerns, may_decide};
use super::show::shown;
use super::{UploadProblem, find, refused};
use crate::App;
use crate::account::{Refusal, SignedIn};
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use crate::stream::moment;

/// `PATCH /uploads/{id}` with JSON: members of the reading replace what was said before (RFC 7396); the
/// file is inspected again. By the sender, or by somebody in whose regions the records lie.
pub async fn read_again(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
    body: Bytes,
) -> Result<Response, ApiError> {
    let patch = serde_json::from_slice(&body).map_err(|error| bad_reading(&context, &error))?;
    again(&app, &context, &id, patch).await
}

/// `POST /uploads/{id}/reading` with a form: the fields `crs`, `encoding` and so on, and for records
/// `choice-<row>` with `leave_out` or a code. What is left empty is found out.
pub async fn read_again_by_form(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
    body: Bytes,
) -> Result<Response, ApiError> {
    again(&app, &context, &id, patch_of_form(&body)).await
}

/// The fields of a form as a merge patch of the reading.
fn patch_of_form(form: &[u8]) -> Value {
    let mut patch = Map::new();
    let mut choices = Map::new();
    for (name, text) in form_urlencoded::parse(form) {
        let text = text.trim();
        let value = if text.is_empty() {
            Value::Null
        } else {
            Reading::value_of(&name, text)
        };
        if let Some(row) = name.strip_prefix("choice-") {
            choices.insert(row.to_owned(), value);
        } else if Reading::PARAMETERS.contains(&&*name) {
            patch.insert(name.into_owned(), value);
        }
    }
    if !choices.is_empty() {
        patch.insert("choices".to_owned(), choices.into());
    }
    patch.into()
}

async fn again(app: &App, context: &Context, id: &str, patch: Value) -> Result<Response, ApiError> {
    let (reader, submission) = find(app, context, id).await?;
    let concerns = concerns(app, &reader, &submission).await;
    if !concerns.map_err(|error| context.store_error(&error))? {
        return Err(outside(context, &reader));
    }
    let mut said = submission.reading.clone();
    merge(&mut said, patch);
    let reading: Reading =
        serde_json::from_value(said.clone()).map_err(|error| bad_reading(context, &error))?;
    if said.get("edits") != submission.reading.get("edits") {
        let detail = message!(
            "Датотека не може постати измена, ни измена датотека; изоставите `edits`.",
            "A file cannot become an edit, nor an edit a file; leave `edits` out."
        );
        return Err(refused(context, UploadProblem::BadUpload { detail }));
    }
    let path = std::path::Path::new(&submission.file_name);
    reading.work(path, &submission).map_err(|bad| {
        let detail = bad.in_words();
        refused(context, UploadProblem::BadUpload { detail })
    })?;
    let changed = app.store.read_again(submission.id, &said, moment()).await;
    if !changed.map_err(|error| context.store_error(&error))? {
        let state = submission.state;
        return Err(refused(context, UploadProblem::WrongState { state }));
    }
    app.uploads.wake.notify_one();
    after(app, context, id).await
}

/// RFC 7396.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(members), Value::Object(patch)) => {
            for (name, value) in patch {
                if value.is_null() {
                    members.remove(&name);
                } else {
                    merge(members.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (target, patch) => *target = patch,
    }
}

/// `POST /uploads/{id}/publish`, by somebody who publishes in the regions of all its records.
pub async fn publish(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
    body: Bytes,
) -> Result<Response, ApiError> {
    let reviewer = context.demand(Role::may_publish)?.clone();
    let (_, submission) = find(&app, &context, &id).await?;
    within(&app, &context, &reviewer, &submission).await?;
    let comment = comment(&body);
    let approved = app
        .store
        .approve(decision(&reviewer, submission.id, comment.as_deref()))
        .await;
    if !approved.map_err(|error| context.store_error(&error))? {
        let state = submission.state;
        let problem = if state == UploadState::Ready {
            UploadProblem::Hindered
        } else {
            UploadProblem::WrongState { state }
        };
        return Err(refused(&context, problem));
    }
    app.uploads.wake.notify_one();
    after(&app, &context, &id).await
}

/// `POST /uploads/{id}/reject`, by somebody who may publish it, or by the sender, who withdraws it. What
/// cannot be published is rejected by who publishes everywhere.
pub async fn reject(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
    body: Bytes,
) -> Result<Response, ApiError> {
    let (reader, submission) = find(&app, &context, &id).await?;
    let is_own = submission.submitted_by == reader.name.as_str();
    let may = is_own || decides(&app, &context, &reader, &submission).await?;
    if !may {
        return Err(outside(&context, &reader));
    }
    let comment = comment(&body);
    let rejected = app
        .store
        .reject(decision(&reader, submission.id, comment.as_deref()))
        .await;
    if !rejected.map_err(|error| context.store_error(&error))? {
        let state = submission.state;
        return Err(refused(&context, UploadProblem::WrongState { state }));
    }
    after(&app, &context, &id).await
}

fn decision<'a>(by: &'a SignedIn, id: i64, comment: Option<&'a str>) -> Decision<'a> {
    Decision {
        id,
        by: by.name.as_str(),
        at: moment(),
        comment,
        within: &by.rights.regions,
    }
}

/// Whether the reviewer's limits cover every record that would change, where it lies and where it would.
async fn within(
    app: &App,
    context: &Context,
    reviewer: &SignedIn,
    submission: &Submission,
) -> Result<(), ApiError> {
    let regions = &reviewer.rights.regions;
    let keeps = app.store.keeps_within(submission.id, regions).await;
    if keeps.map_err(|error| context.store_error(&error))? {
        return Ok(());
    }
    Err(outside(context, reviewer))
}

async fn decides(
    app: &App,
    context: &Context,
    reader: &SignedIn,
    submission: &Submission,
) -> Result<bool, ApiError> {
    let may = may_decide(app, reader, submission).await;
    may.map_err(|error| context.store_error(&error))
}

fn outside(context: &Context, reader: &SignedIn) -> ApiError {
    let regions = reader.rights.regions.iter().map(ToString::to_string);
    let regions = regions.collect::<Vec<_>>().join(", ");
    context.error(Problem::Account(Refusal::OutsideRegions { regions }))
}

/// The comment of a form, or of JSON.
fn comment(body: &[u8]) -> Option<String> {
    let said = match serde_json::from_slice::<Value>(body) {
        Ok(json) => json.get("comment")?.as_str()?.to_owned(),
        Err(_) => form_urlencoded::parse(body)
            .find(|(name, _)| name == "comment")?
            .1
            .into_owned(),
    };
    let said = said.trim();
    (!said.is_empty()).then(|| said.to_owned())
}

/// The upload as it is now; a browser's form goes on to its page.
async fn after(app: &App, context: &Context, id: &str) -> Result<Response, ApiError> {
    let (_, submission) = find(app, context, id).await?;
    if is_form(&context.headers) {
        let lang = context.lang;
        let page = format!("{}/uploads/{id}?f=html&lang={lang}", context.base_url);
        return Ok(Redirect::to(&page).into_response());
    }
    let mut response = shown(context, &submission);
    *response.status_mut() = if submission.state.is_in_work() {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Ok(response)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// A whole number that a parameter gives.
pub fn number(context: &Context, name: &str) -> Result<Option<i64>, ApiError> {
    const NUMBER: Text = Text::new(
        "потребан је цео број од 0 навише",
        "give a whole number from 0 upwards",
    );
    context.parse(name, NUMBER, |text| {
        text.parse().ok().filter(|number| *number >= 0)
    })
}
