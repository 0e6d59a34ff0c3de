//! Attempts to get SQL through every parameter that the `OpenAPI` document describes, so that a new one
//! is tried by itself: never a fault, never more rows than the honest request has, and the register stays
//! as it is.

use axum::http::StatusCode;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service};
use crate::conformance::definition::{filled, open_paths, parameters};
use crate::every_layer;

const ATTEMPTS: [&str; 9] = [
    "'; drop table facility; --",
    "1 or 1=1",
    "x' or '1'='1",
    "revision = 1 or (select 1) = 1",
    "revision = 1 union select 1",
    "(select pg_sleep(10))",
    "code::text = 'x'",
    "a\0b",
    "1') or true --",
];

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// How many rows an answer has: features of GeoJSON, lines of a table.
fn rows(answer: &Answer) -> usize {
    if answer.status != StatusCode::OK {
        return 0;
    }
    if answer.header("content-type").contains("json") {
        let json: Json = serde_json::from_slice(&answer.body).unwrap();
        json["features"].as_array().map_or(0, Vec::len)
    } else {
        String::from_utf8_lossy(&answer.body).lines().count()
    }
}

async fn try_all(service: &Service, honest: &str, name: &str) {
    let expected = rows(&service.get(honest).await);
    for attempt in ATTEMPTS {
        let mark = if honest.contains('?') { '&' } else { '?' };
        let path = format!("{honest}{mark}{name}={}", encoded(attempt));
        let answer = service.get(&path).await;
        assert!(
            !answer.status.is_server_error(),
            "{path}: {}",
            answer.status
        );
        assert!(rows(&answer) <= expected, "{path} has more rows");
        let text = String::from_utf8_lossy(&answer.body);
        let told = ["syntax error", "PgDatabaseError", "sqlx"];
        assert!(
            !told.iter().any(|word| text.contains(word)),
            "{path}: {text}"
        );
    }
}

async fn everything(service: &Service) -> Vec<Json> {
    let mut pages = Vec::new();
    for layer in domain::layers::LAYERS {
        let path = format!("/collections/{}/items", layer.id);
        pages.push(service.get(&path).await.json()["features"].clone());
    }
    pages
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_query_parameter_reaches_a_statement(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let before = everything(service).await;
    let document = service.get("/api").await.json();
    let id = surveyed.terrain.rsplit('/').next().unwrap();
    let mut tried = 0;
    for (template, operation) in open_paths(&document) {
        let honest = filled(&document, template, &operation["get"], id);
        // Files are made slowly, of the same selection as pages.
        let honest = honest.replace("/download/fgb", "/download/json");
        for parameter in parameters(&document, &operation["get"]) {
            if parameter["in"] == "query" {
                try_all(service, &honest, parameter["name"].as_str().unwrap()).await;
                tried += 1;
            }
        }
    }
    assert!(tried > 1000, "only {tried} parameters");
    assert_eq!(everything(service).await, before);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_part_of_a_path_reaches_a_statement(pool: PgPool) {
    let surveyed = every_layer::service(pool).await;
    let service = &surveyed.service;
    let before = everything(service).await;
    let document = service.get("/api").await.json();
    let id = surveyed.terrain.rsplit('/').next().unwrap();
    for (template, operation) in open_paths(&document) {
        for parameter in parameters(&document, &operation["get"]) {
            if parameter["in"] != "path" {
                continue;
            }
            let part = format!("{{{}}}", parameter["name"].as_str().unwrap());
            for attempt in ATTEMPTS {
                let attempt = encoded(attempt).replace('+', "%20");
                let path = template.replace(&part, &attempt);
                let path = filled(&document, &path, &operation["get"], id);
                let status = service.get(&path).await.status;
                let refused = [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND];
                assert!(refused.contains(&status), "{path}: {status}");
            }
        }
    }
    assert_eq!(everything(service).await, before);
}
