//! What is answered to an edit.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::layer::Layer;
use domain::record::Finding;
use serde_json::{Value, json};

use super::carry::Made;
use crate::App;
use crate::context::{Context, GEOJSON};
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::formats;
use crate::items;
use crate::links::own;
use crate::params::ItemsRequest;
use crate::problem::Problem;
use crate::stream::Job;
use crate::uploads::receive::put_location;

/// The path of a feature.
pub fn path_of(layer: &Layer, id: i64) -> String {
    format!("/collections/{}/items/{id}", layer.id)
}

/// The feature as it stands after its edit: what `GET` answers for it, in the reference system that the
/// edit was sent in, with what was found.
pub async fn feature(
    app: &App,
    context: &Context,
    (layer, made): (&'static Layer, &Made),
    crs: ServedCrs,
) -> Result<Response, ApiError> {
    let id = made.ids.first().copied().unwrap_or_default();
    let context = Context {
        path: path_of(layer, id),
        query: Vec::new(),
        ..context.clone()
    };
    let mut request = ItemsRequest::read_one(&context, layer)?;
    request.crs = crs;
    let found = app
        .store
        .item(layer, request.columns.clone(), id, None)
        .await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let found = found.ok_or_else(|| {
        let (layer, id) = (layer.id, id.to_string());
        context.error(Problem::NoSuchFeature { layer, id })
    })?;
    let job = Job::new(context, layer, request, formats::described(GEOJSON))?;
    let findings = made.findings.first().map(|found| told(&job.context, found));
    let findings = findings.filter(|found| *found != json!([]));
    let extra = findings.map(|found| format!(",\"findings\":{found}}}"));
    let links = own(&job.context, GEOJSON, &formats::offered_of_one(layer));
    items::written(&job, links, &found, extra.as_deref())
}

/// Findings, in the language of the request.
pub fn told(context: &Context, findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        json!({
            "severity": finding.severity,
            "field": finding.field,
            "message": finding.message.get(context.lang),
        })
    };
    findings.iter().map(one).collect()
}

/// That edits wait for review, and where.
pub fn proposed(context: &Context, id: i64) -> Response {
    let path = format!("/uploads/{id}");
    let body = json!({ "upload": id, "href": format!("{}{path}", context.base_url) });
    let mut response = (StatusCode::ACCEPTED, axum::Json(body)).into_response();
    put_location(context, &mut response, &path);
    response
}

/// What may be done with a resource.
pub fn options(allowed: &str, patches: bool) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        headers.insert(header::ALLOW, allowed);
    }
    if patches {
        let taken = HeaderValue::from_static("application/merge-patch+json, application/geo+json");
        headers.insert("accept-patch", taken);
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
