//! What a request for features can ask for: order, place, number, words, fields, detail, time.

mod choosing;
mod refusals;
mod searching;
mod sorting;
mod times;

use axum::http::StatusCode;
use sqlx::postgres::PgPool;

use crate::common::{Answer, Service};

const ITEMS: &str = "/collections/facilities/items";

/// The address in the header `Link` with this relation.
fn header_link(answer: &Answer, rel: &str) -> Option<String> {
    let links = answer.headers.get_all("link");
    let mut links = links.iter().map(|link| link.to_str().unwrap());
    let link = links.find(|link| link.contains(&format!("rel=\"{rel}\"")))?;
    Some(link[1..link.find('>').unwrap()].to_owned())
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn hits_are_the_number_alone(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for (query, expected) in [
        ("", 12),
        ("facility_type=tailings_pond&", 6),
        ("bbox=21.55,43,21.85,45&", 4),
        ("limit=2&height_m=45&", 1),
        ("q=nothing&", 0),
    ] {
        let path = format!("{ITEMS}?{query}resultType=hits");
        let json = service.get(&path).await.json();
        assert_eq!(json["numberMatched"], expected, "{query}");
        assert_eq!(json["numberReturned"], 0, "{query}");
        assert_eq!(json["features"].as_array().unwrap().len(), 0, "{query}");
        let table = service.get(&format!("{path}&f=csv")).await;
        let number = expected.to_string();
        assert_eq!(table.header("ogc-numbermatched"), number, "{query}");
        assert_eq!(table.header("ogc-numberreturned"), "0", "{query}");
        assert_eq!(String::from_utf8(table.body).unwrap().lines().count(), 1);
    }
    let results = service.get(&format!("{ITEMS}?resultType=results")).await;
    assert_eq!(results.ids().len(), 12);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_count_that_takes_too_long_is_given_up(pool: PgPool) {
    let service = Service::with_data(pool.clone()).await;
    // Somebody holds the rows for longer than the service counts.
    let mut holding = pool.begin().await.unwrap();
    sqlx::query("lock table facility in access exclusive mode")
        .execute(&mut *holding)
        .await
        .unwrap();
    let answer = service
        .get(&format!(
            "{ITEMS}?resultType=hits&status=closed&lang=sr-Cyrl"
        ))
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let problem = answer.json();
    assert_eq!(
        problem["type"],
        "https://example.org/cadastre/problems/too-long-to-count"
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("без `resultType`")
    );
    holding.rollback().await.unwrap();
}
