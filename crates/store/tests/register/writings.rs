//! Where values come from, and what pages show around features.

use crate::common::{around, moment, point, publish, record};
use domain::layers::{DISTRICTS, FACILITIES, FACILITY_OUTLINES, MUNICIPALITIES};
use geo_types::{Geometry, MultiPolygon, polygon};
use sqlx::postgres::PgPool;
use store::Store;
use store::writings::Writing;

const CODE: (&str, &str) = ("code", "RS-70327-001");

fn told(writings: &[Writing]) -> Vec<(i64, Vec<&str>)> {
    let told = writings.iter().map(|one| {
        let mut fields: Vec<_> = one.fields.iter().map(String::as_str).collect();
        fields.sort_unstable();
        (one.revision, fields)
    });
    told.collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn each_value_has_the_last_revision_that_wrote_it(pool: PgPool) {
    let store = Store::over(pool);
    let facility = |texts: &[(&str, &str)], place: Option<Geometry<f64>>| {
        let texts: Vec<_> = [CODE, ("name", "РТХ")]
            .iter()
            .chain(texts)
            .copied()
            .collect();
        vec![record(&FACILITIES, &texts, place)]
    };
    let first = facility(
        &[("status", "operating"), ("height_m", "40")],
        Some(point(22.0, 44.0)),
    );
    publish(&store, first, "2024-01-01T00:00:00Z").await;
    let second = facility(&[("status", "closed"), ("height_m", "40")], None);
    publish(&store, second, "2025-01-01T00:00:00Z").await;
    let third = facility(
        &[("status", "abandoned"), ("height_m", "41")],
        Some(point(22.1, 44.0)),
    );
    publish(&store, third, "2026-01-01T00:00:00Z").await;

    let now = store.writings(&FACILITIES, 1, None).await.unwrap();
    assert_eq!(
        told(&now),
        [(1, vec![]), (3, vec!["height_m", "location", "status"])]
    );
    assert_eq!(now[1].made_at, moment("2026-01-01T00:00:00Z"));
    let then = Some(moment("2025-06-01T00:00:00Z"));
    let then = store.writings(&FACILITIES, 1, then).await.unwrap();
    assert_eq!(told(&then), [(1, vec![]), (2, vec!["status"])]);
    let before = Some(moment("2023-06-01T00:00:00Z"));
    assert!(
        store
            .writings(&FACILITIES, 1, before)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        store
            .writings(&FACILITIES, 2, None)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.register_revision().await.unwrap(), 3);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_outline_has_the_provenance_of_its_facility(pool: PgPool) {
    let store = Store::over(pool);
    let outline = [CODE, ("name", "РТХ")];
    let outline = record(&FACILITY_OUTLINES, &outline, around(22.0, 44.0));
    publish(&store, vec![outline], "2024-01-01T00:00:00Z").await;
    let facility = store.writings(&FACILITIES, 1, None).await.unwrap();
    let outline = store.writings(&FACILITY_OUTLINES, 1, None).await.unwrap();
    assert_eq!(facility, outline);
    assert_eq!(told(&outline), [(1, vec![])]);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn regions_have_names_and_districts_simple_outlines(pool: PgPool) {
    let store = Store::over(pool);
    assert_eq!(store.register_revision().await.unwrap(), 0);
    // A square with a vertex half-way that a small map does not need.
    let area = polygon![(x: 22.0, y: 44.0), (x: 22.5, y: 44.000_1), (x: 23.0, y: 44.0), (x: 23.0, y: 45.0), (x: 22.0, y: 45.0)];
    let bor = [("code", "RS-14"), ("name", "Борски")];
    let bor = record(&DISTRICTS, &bor, Geometry::from(MultiPolygon::from(area)));
    // Too small to be seen, and without an area.
    let tiny = [("code", "RS-15"), ("name", "Зајечарски")];
    let tiny = record(&DISTRICTS, &tiny, around(22.0, 43.0));
    let nowhere = [("code", "RS-16"), ("name", "Златиборски")];
    let nowhere = record(&DISTRICTS, &nowhere, None);
    publish(&store, vec![tiny, bor, nowhere], "2024-01-01T00:00:00Z").await;
    let town = [("code", "70327"), ("name", "Бор")];
    publish(
        &store,
        vec![record(&MUNICIPALITIES, &town, None)],
        "2024-01-02T00:00:00Z",
    )
    .await;

    let outlines = store.district_outlines(0.05).await.unwrap();
    assert_eq!(outlines.len(), 1);
    assert_eq!(outlines[0].0, "RS-14");
    assert_eq!(outlines[0].1.0[0].exterior().0.len(), 5);
    let regions = store.named_regions().await.unwrap();
    let regions: Vec<_> = regions
        .iter()
        .map(|region| {
            (
                region.layer.as_str(),
                region.code.as_str(),
                region.name.as_str(),
            )
        })
        .collect();
    assert_eq!(
        regions,
        [
            ("districts", "RS-14", "Борски"),
            ("districts", "RS-15", "Зајечарски"),
            ("districts", "RS-16", "Златиборски"),
            ("municipalities", "70327", "Бор"),
        ]
    );
}
