//! `datetime` with durations, the temporal extent, and the register as it stood.

use axum::http::StatusCode;
use domain::layers::FACILITIES;
use sqlx::postgres::PgPool;

use super::ITEMS;
use crate::common::{Service, record};

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn periods_may_be_durations(pool: PgPool) {
    let service = Service::with_data(pool).await;
    // Six have the day 2020-05-01; the other six have none and match every period.
    for (datetime, expected) in [
        ("2020-04-30/P1D", 6),
        ("2020-04-30/P2D", 12),
        ("P1D/2020-05-01", 12),
        ("P1M/2020-05-31", 12),
        ("2020-04-30T00:00:00Z/PT24H", 6),
        ("2020-04-30T00:00:00Z/PT25H", 12),
    ] {
        let answer = service.get(&format!("{ITEMS}?datetime={datetime}")).await;
        assert_eq!(answer.ids().len(), expected, "{datetime}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_temporal_extent_is_from_the_first_to_the_last(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let texts = [
        ("code", "RS-70327-099"),
        ("name", "А"),
        ("surveyed_on", "1998-02-03"),
    ];
    service
        .publish(vec![record(&FACILITIES, &texts, None)])
        .await;
    let interval = serde_json::json!([["1998-02-03T00:00:00Z", "2020-05-01T23:59:59Z"]]);
    let one = service.get("/collections/facilities").await.json();
    assert_eq!(one["extent"]["temporal"]["interval"], interval);
    let all = service.get("/collections").await.json();
    let of = |id: &str| {
        let all = all["collections"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["id"] == id).unwrap()
    };
    assert_eq!(of("facilities")["extent"]["temporal"]["interval"], interval);
    // Districts have no time.
    assert!(of("districts")["extent"].get("temporal").is_none());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_register_is_read_as_it_stood(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let one = |code: &str, name: &str| {
        record(
            &FACILITIES,
            &[("code", code), ("name", name), ("status", "closed")],
            None,
        )
    };
    let later = vec![
        one("RS-70327-001", "Ново име"),
        one("RS-70327-077", "Нови објекат"),
    ];
    service.publish_at(later, "2026-03-01T00:00:00Z").await;
    let (then, now) = ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    for (as_of, all, closed, named, name) in [
        ("2025-01-01T00:00:00Z", 0, 0, 0, None),
        (then, 12, 0, 12, Some("Јаловиште \"1\"")),
        (now, 13, 2, 11, Some("Ново име")),
    ] {
        for (query, expected) in [
            ("", all),
            ("&status=closed", closed),
            ("&q=jaloviste", named),
        ] {
            let path = format!("{ITEMS}?as-of={as_of}{query}");
            let page = service.get(&path).await;
            assert_eq!(page.ids().len(), expected, "{path}");
            assert_eq!(page.json()["numberMatched"], expected, "{path}");
            let hits = service.get(&format!("{path}&resultType=hits")).await.json();
            assert_eq!(hits["numberMatched"], expected, "{path}");
            let table = service.get(&format!("{path}&f=csv&sortby=-name")).await;
            let rows = String::from_utf8(table.body).unwrap().lines().count() - 1;
            assert_eq!(rows, expected, "{path}");
        }
        let feature = service.get(&format!("{ITEMS}/1?as-of={as_of}")).await;
        let found = name.map_or(StatusCode::NOT_FOUND, |_| StatusCode::OK);
        assert_eq!(feature.status, found, "{as_of}");
        if let Some(name) = name {
            assert_eq!(feature.json()["properties"]["name"], name, "{as_of}");
        }
        let whole = format!("/collections/facilities/download/geojsonseq?as-of={as_of}");
        let lines = String::from_utf8(service.get(&whole).await.body).unwrap();
        assert_eq!(lines.lines().count(), all, "{as_of}");
    }
}
