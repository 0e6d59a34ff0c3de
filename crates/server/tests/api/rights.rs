//! Who is let in where, and what leaves: every route, as every role. The routes are those of the router
//! itself, so one that the table does not know fails the test.

mod readers;
mod register;
mod routes;
mod table;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use sqlx::postgres::PgPool;
use tower::ServiceExt;

use crate::common::Answer;
use readers::{READERS, Reader, Right};
use register::{NAMES, Register, SECRET_ELSEWHERE, SECRETS};
use routes::Route;
use table::{Entry, Tells, entries};

/// What a request as somebody came to.
struct Tried {
    reader: &'static Reader,
    asked: String,
    answer: Answer,
}

impl Tried {
    async fn of(register: &Register, reader: &'static Reader, entry: &Entry, method: &str) -> Self {
        let path = register.filled(entry.path);
        let mut request = Request::builder().method(method).uri(&path);
        if let Some(token) = reader.token() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(kind) = entry.content_type {
            request = request.header("content-type", kind);
        }
        let request = request.body(Body::from(entry.body)).unwrap();
        let response = register.router.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        let kind = parts.headers.get("content-type");
        let endless = kind.is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless {
            let first = body.frame().await.unwrap().unwrap();
            first.into_data().unwrap().to_vec()
        } else {
            body.collect().await.unwrap().to_bytes().to_vec()
        };
        Self {
            reader,
            asked: format!("{method} {path}"),
            answer: Answer {
                status: parts.status,
                headers: parts.headers,
                body: bytes,
            },
        }
    }

    /// Everything that the answer says, packed or not.
    fn text(&self) -> Vec<u8> {
        let Answer { headers, body, .. } = &self.answer;
        let mut text = format!("{headers:?}").into_bytes();
        text.extend(body);
        if body.starts_with(b"PK") {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(body)).unwrap();
            for at in 0..archive.len() {
                let mut file = archive.by_index(at).unwrap();
                std::io::copy(&mut file, &mut text).unwrap();
            }
        }
        text
    }

    fn tells(&self, secrets: &[&[u8]]) -> bool {
        let text = self.text();
        let has = |secret: &&[u8]| text.windows(secret.len()).any(|part| part == *secret);
        secrets.iter().any(has)
    }

    /// What is wrong: the status is the expected one, and the answer holds what the reader may read and
    /// no more.
    fn wrong(&self, expected: StatusCode, tells: Tells) -> Option<String> {
        let status = self.answer.status;
        let right = self.reader.right();
        let reads = match tells {
            Tells::Nobody => false,
            Tells::Unlimited => right == Right::Everywhere,
            Tells::Region => right != Right::Nowhere,
        };
        let reads = reads && status.is_success() && !self.asked.starts_with("HEAD");
        let names = NAMES.map(str::as_bytes);
        let asked_by_name = NAMES.iter().any(|name| self.asked.contains(name));
        let kept = self.answer.header("cache-control");
        let wrong = if status != expected {
            format!("{status}, not {expected}")
        } else if self.tells(&SECRETS) != reads {
            format!("restricted values are told: {}", !reads)
        } else if right != Right::Everywhere && self.tells(&SECRET_ELSEWHERE) {
            "tells what is restricted elsewhere".to_owned()
        } else if right == Right::Nowhere && !asked_by_name && self.tells(&names) {
            "names a restricted field".to_owned()
        } else if reads && !kept.contains("no-store") {
            format!("restricted values may be kept: {kept}")
        } else {
            return None;
        };
        let told: String = String::from_utf8_lossy(&self.answer.body)
            .chars()
            .take(300)
            .collect();
        Some(format!(
            "{} as {}: {wrong}: {told}",
            self.asked, self.reader.name
        ))
    }
}

/// Every route that there is stands in the table, with each of its methods, and no other.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_table_knows_every_route(pool: PgPool) {
    let service = crate::common::Service::empty(pool);
    let routes = routes::of(&service.router);
    let known = |method: &str, path: &str| {
        let is_one = |entry: &Entry| entry.route == format!("{method} {path}");
        entries().iter().any(is_one)
    };
    let missing: Vec<_> = routes
        .iter()
        .flat_map(|route| route.methods.iter().map(move |method| (method, route)))
        .filter(|(method, route)| *method != "HEAD" && !known(method, &route.path))
        .map(|(method, route)| format!("{method} {}", route.path))
        .collect();
    assert!(missing.is_empty(), "without an entry: {missing:#?}");
    for entry in entries() {
        let is_one = |route: &Route| {
            let (method, path) = entry.route.split_once(' ').unwrap();
            route.path == path && route.methods.iter().any(|one| one == method)
        };
        assert!(routes.iter().any(is_one), "no such route: {}", entry.route);
    }
}

/// The OpenAPI document names what needs an account, and nothing else needs one.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_definition_says_what_needs_an_account(pool: PgPool) {
    let service = crate::every_layer::service(pool).await.service;
    let document = service.get("/api").await.json();
    let entries = entries();
    let is_needed = |entry: &Entry| entry.expected[0] == StatusCode::UNAUTHORIZED;
    let layered = |path: &str| path.contains("{layer}") || path.contains("/surveys/");
    let mut described = 0;
    for entry in entries.iter().filter(|entry| !layered(entry.route)) {
        let (method, path) = entry.route.split_once(' ').unwrap();
        let operation = &document["paths"][path][method.to_lowercase()];
        let needs = entries
            .iter()
            .any(|other| other.route == entry.route && is_needed(other));
        if operation.is_object() {
            assert_eq!(operation["security"].is_array(), needs, "{}", entry.route);
            described += 1;
        } else {
            assert!(!needs, "{} is not described", entry.route);
        }
    }
    assert!(described > 40, "only {described}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_role_gets_what_it_may_by_every_route(pool: PgPool) {
    let register = Register::start(pool).await;
    let mut wrong = Vec::new();
    for entry in entries() {
        let (method, _) = entry.route.split_once(' ').unwrap();
        for (reader, expected) in READERS.iter().zip(&entry.expected) {
            let tried = Tried::of(&register, reader, &entry, method).await;
            wrong.extend(tried.wrong(*expected, entry.tells));
            if method == "GET" && !entry.path.contains("events") {
                let head = Tried::of(&register, reader, &entry, "HEAD").await;
                wrong.extend(head.wrong(*expected, entry.tells));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_role_has_a_method_that_a_route_has_not(pool: PgPool) {
    let register = Register::start(pool).await;
    let mut wrong = Vec::new();
    for route in routes::of(&register.router) {
        let entries = entries();
        let of_route = |entry: &&Entry| entry.route.ends_with(&format!(" {}", route.path));
        let entry = entries.iter().find(of_route).unwrap();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if route.methods.iter().any(|one| one == method) {
                continue;
            }
            for reader in READERS {
                let tried = Tried::of(&register, reader, entry, method).await;
                wrong.extend(tried.wrong(StatusCode::METHOD_NOT_ALLOWED, Tells::Nobody));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
