//! What is known of uploads.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::account::Role;
use domain::upload::UploadState;
use serde::Serialize;
use serde_json::Value;
use store::submission::Submission;

use super::page::{ListPage, UploadPage};
use super::regions::{Region, Touched};
use super::{find, report};
use crate::App;
use crate::context::{Context, HTML, JSON};
use crate::error::ApiError;
use crate::landing::scripted_response;
use crate::links::Link;

/// Uploads in a list, at most.
const LISTED: u8 = 100;

/// An upload as clients see it.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    id: i64,
    state: UploadState,
    file_name: &'a str,
    size_bytes: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    reading: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    submitted_by: &'a str,
    submitted_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<&'a Value>,
    /// Where its records lie; told of a single upload that waits for a decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regions: Vec<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decided<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    changed_at: DateTime<Utc>,
    links: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Progress<'a> {
    stage: &'a str,
    records_done: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    records_total: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Decided<'a> {
    by: &'a str,
    at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

/// An upload as JSON.
pub fn shown(context: &Context, submission: &Submission) -> Response {
    no_store(Json(of(context, submission)).into_response())
}

/// An upload as clients see it.
pub fn of<'a>(context: &Context, one: &'a Submission) -> Shown<'a> {
    Shown {
        id: one.id,
        state: one.state,
        file_name: &one.file_name,
        size_bytes: one.size_bytes,
        sha256: one.sha256.as_deref(),
        reading: &one.reading,
        source: one.source.as_deref(),
        comment: one.comment.as_deref(),
        submitted_by: &one.submitted_by,
        submitted_at: one.submitted_at,
        progress: one.stage.as_deref().map(|stage| Progress {
            stage,
            records_done: one.records_done.unwrap_or_default(),
            records_total: one.records_total,
        }),
        outcome: one.outcome.as_deref(),
        counts: one.counts.as_ref(),
        regions: Vec::new(),
        failure: one
            .failure
            .as_ref()
            .map(|why| why.get(context.lang).into_owned()),
        decision: one.decided_by.as_deref().map(|by| Decided {
            by,
            at: one.decided_at,
            comment: one.decision_comment.as_deref(),
        }),
        revision: one.revision,
        changed_at: one.changed_at,
        links: links(context, one),
    }
}

fn links(context: &Context, one: &Submission) -> Vec<Link> {
    let path = format!("/uploads/{}", one.id);
    let to =
        |rest: &str, rel, media_type| Link::to(context, &format!("{path}{rest}"), rel, media_type);
    let mut links = vec![
        to("", "self", JSON.media_type),
        to("?f=html", "alternate", HTML.media_type),
        to("/events", "monitor", "text/event-stream"),
    ];
    if one.sha256.is_some() {
        links.push(to("/original", "enclosure", "application/octet-stream"));
    }
    if one.outcome.is_some() {
        links.push(to("/report?f=html", "describedby", report::HTML));
        links.push(to("/preview", "preview", "application/geo+json"));
    }
    links
}

/// `GET /uploads`: the reader's uploads; all, for who publishes. The newest first.
pub async fn list(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&["before"])?;
    let reader = context.demand(Role::may_propose)?;
    let before = super::decide::number(&context, "before")?;
    let all = reader.rights.role.may_publish();
    let of_whom = (!all).then(|| reader.name.as_str());
    let found = app.store.submissions(of_whom, before, LISTED.into()).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let next = (found.len() == usize::from(LISTED)).then(|| found.last().map(|last| last.id));
    let next = next.flatten();
    if context.format(&[JSON, HTML])? == HTML {
        let page = ListPage::of(&context, reader, &found, next);
        return Ok(no_store(scripted_response(&context, &page)));
    }
    let uploads: Vec<_> = found.iter().map(|one| of(&context, one)).collect();
    let mut links = vec![Link::to(&context, "/uploads", "self", JSON.media_type)];
    if let Some(next) = next {
        let path = format!("/uploads?before={next}");
        links.push(Link::to(&context, &path, "next", JSON.media_type));
    }
    let body = serde_json::json!({ "uploads": uploads, "links": links });
    Ok(no_store(Json(body).into_response()))
}

/// `GET /uploads/{id}`
pub async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let (reader, submission) = find(&app, &context, &id).await?;
    let touched = Touched::by(&app, &submission).await;
    let touched = touched.map_err(|error| context.store_error(&error))?;
    if context.format(&[JSON, HTML])? == HTML {
        let found = app
            .store
            .submission_report(submission.id, report::JSON, context.lang)
            .await;
        let found = found.map_err(|error| context.store_error(&error))?;
        let found = found.and_then(|report| serde_json::from_slice(&report).ok());
        let page = UploadPage::of(&context, (&reader, &touched), &submission, found.as_ref());
        return Ok(no_store(scripted_response(&context, &page)));
    }
    let shown = Shown {
        regions: touched.regions(),
        ..of(&context, &submission)
    };
    Ok(no_store(Json(shown).into_response()))
}

/// What is under way is asked for anew each time.
fn no_store(mut response: Response) -> Response {
    let value = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
