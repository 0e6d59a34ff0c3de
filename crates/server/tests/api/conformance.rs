//! The logic of the abstract test suites of OGC API Features 1 to 3 and of the official executable
//! suite, on every layer.

mod core;
pub mod definition;
mod filtering;
mod systems;

use axum::http::StatusCode;
use domain::Layer;
use domain::layers::LAYERS;
use serde_json::Value as Json;

use crate::common::{Answer, Service};

/// The address of a layer's features.
fn items(layer: &Layer) -> String {
    format!("/collections/{}/items", layer.id)
}

/// An answer that must be one.
async fn ok(service: &Service, path: &str) -> Answer {
    let answer = service.get(path).await;
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {body:.300}");
    answer
}

async fn assert_refused(service: &Service, path: &str) {
    let answer = service.get(path).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    let media_type = answer.header("content-type");
    assert_eq!(media_type, "application/problem+json", "{path}");
}

/// All features of a page.
fn features(page: &Json) -> &[Json] {
    page["features"].as_array().unwrap()
}

/// The features of a page that are somewhere.
fn placed(page: &Json) -> Vec<&Json> {
    let features = features(page).iter();
    features.filter(|one| !one["geometry"].is_null()).collect()
}

/// The first position of a geometry.
fn position(geometry: &Json) -> [f64; 2] {
    let mut node = &geometry["coordinates"];
    while node[0].is_array() {
        node = &node[0];
    }
    [node[0].as_f64().unwrap(), node[1].as_f64().unwrap()]
}

/// Whether a link has its relation, type and absolute address.
fn is_whole(link: &Json) -> bool {
    let href = link["href"].as_str().unwrap_or_default();
    link["rel"].is_string() && link["type"].is_string() && href.starts_with("https://example.org/")
}
