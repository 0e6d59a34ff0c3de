//! The feed of changes as mirrors read it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use domain::layers::{DISTRICTS, FACILITIES, LAYERS};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;
use tower::ServiceExt;

use crate::common::{Service, record};
use crate::history::with_past;

/// Features by layer and id.
type Mirror = BTreeMap<(String, i64), Json>;

/// Takes over a part of the feed.
fn take_over(mirror: &mut Mirror, page: &Json) {
    for revision in page["revisions"].as_array().unwrap() {
        for change in revision["changes"].as_array().unwrap() {
            let layer = change["layer"].as_str().unwrap().to_owned();
            let key = (layer, change["id"].as_i64().unwrap());
            let known = match change["act"].as_str().unwrap() {
                "deleted" => mirror.remove(&key),
                _ => mirror.insert(key, change["feature"].clone()),
            };
            assert_eq!(known.is_some(), change["act"] != "inserted", "{change}");
        }
    }
}

/// What the collections say.
async fn collections(service: &Service) -> Mirror {
    let mut features = Mirror::new();
    for layer in LAYERS {
        let path = format!("/collections/{}/items", layer.id);
        for feature in service.get(&path).await.json()["features"]
            .as_array()
            .unwrap()
        {
            let id = feature["id"].as_i64().unwrap();
            features.insert((layer.id.to_owned(), id), feature.clone());
        }
    }
    features
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_mirror_that_follows_next_has_the_same_features(pool: PgPool) {
    let service = with_past(&pool).await;
    let district = record(&DISTRICTS, &[("code", "RS-14"), ("name", "Борски")], None);
    service.publish(vec![district]).await;
    let expected = collections(&service).await;
    assert_eq!(expected.len(), 2);
    for limit in [1, 2, 100] {
        let mut mirror = Mirror::new();
        let mut address = format!("https://example.org/cadastre/changes?limit={limit}");
        loop {
            let answer = service.follow(&address).await;
            take_over(&mut mirror, &answer.json());
            address = answer.link("next").unwrap();
            if answer.json()["more"] == false {
                break;
            }
        }
        assert_eq!(mirror, expected, "{limit}");
        // From there the feed goes on.
        let further = service.follow(&address).await.json();
        assert_eq!(further["revisions"], Json::Array(Vec::new()));
        assert_eq!(further["reached"], "6");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_client_that_waits_is_told_at_once(pool: PgPool) {
    let service = with_past(&pool).await;
    let other = [("code", "RS-70327-003"), ("name", "Треће")];
    let (waited, ()) = tokio::join!(
        service.get("/changes?since=5&wait=60"),
        service.publish(vec![record(&FACILITIES, &other, None)])
    );
    let page = waited.json();
    assert_eq!(
        page["revisions"][0]["changes"][0]["feature"]["properties"]["name"],
        "Треће"
    );
    assert_eq!(page["reached"], "6");
    let nothing = service.get("/changes?since=6&wait=1").await.json();
    assert_eq!(
        (&nothing["reached"], nothing["more"].as_bool()),
        (&Json::from("6"), Some(false))
    );
}

/// Reads a stream until so many events have come; answers them as id and data.
async fn read_events(body: &mut Body, count: usize) -> Vec<(String, Json)> {
    let mut text = String::new();
    while text.matches("\n\n").count() < count {
        let frame = body.frame().await.unwrap().unwrap();
        text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
    }
    let events = text.split("\n\n").filter(|event| !event.is_empty());
    let line = |event: &str, name: &str| {
        let mut lines = event.lines();
        let found = lines.find_map(|line| line.strip_prefix(name)).unwrap();
        found.trim().to_owned()
    };
    events
        .map(|event| {
            assert_eq!(line(event, "event:"), "changes");
            (
                line(event, "id:"),
                serde_json::from_str(&line(event, "data:")).unwrap(),
            )
        })
        .collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_stream_goes_on_where_the_client_was_and_survives_the_database(pool: PgPool) {
    let service = with_past(&pool).await;
    let request = Request::get("/changes?limit=2")
        .header("accept", "text/event-stream")
        .header("last-event-id", "3")
        .body(Body::empty())
        .unwrap();
    let answer = service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut body = answer.into_body();
    // Revision 4 takes the facility out of two layers, revision 5 brings another one.
    let events = read_events(&mut body, 2).await;
    let ids: Vec<_> = events.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["4", "5"]);
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
               where datname = current_database() and query like 'LISTEN%'";
    sqlx::query(cut).execute(&pool).await.unwrap();
    let other = [("code", "RS-70327-003"), ("name", "Треће")];
    service
        .publish(vec![record(&FACILITIES, &other, None)])
        .await;
    let events = read_events(&mut body, 1).await;
    assert_eq!(events[0].0, "6");
    assert_eq!(events[0].1["revisions"][0]["changes"][0]["act"], "inserted");
}
