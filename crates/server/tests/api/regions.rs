//! Features by district, municipality and statistical region.

use domain::layers::{DAMS, DISTRICTS, FACILITIES};
use geo_types::{Geometry, LineString, MultiPolygon, Point, Rect, coord};
use sqlx::postgres::PgPool;

use crate::common::{Service, record};

const ITEMS: &str = "/collections/facilities/items";

fn square(west: f64) -> Geometry<f64> {
    let corners = (
        coord! { x: west, y: 43.0 },
        coord! { x: west + 1.0, y: 44.0 },
    );
    let square = Rect::new(corners.0, corners.1).to_polygon();
    MultiPolygon::new(vec![square]).into()
}

/// Two districts side by side (Bor, RS-14, in the region RS22; Mačva, RS-08, in RS21), and five
/// facilities: in the first by code and place, by code alone, by place alone, by code against its
/// place, and in the second.
async fn two_districts(pool: PgPool) -> Service {
    let service = Service::empty(pool);
    let district = |code: &str, west: f64| {
        record(
            &DISTRICTS,
            &[("code", code), ("name", code)],
            Some(square(west)),
        )
    };
    service
        .publish(vec![district("RS-14", 21.0), district("RS-08", 19.0)])
        .await;
    let facility = |serial: &str, district: &str, lon: Option<f64>| {
        let code = format!("RS-KM-{serial}");
        let texts = [
            ("code", code.as_str()),
            ("name", serial),
            ("district", district),
        ];
        let place = lon.map(|lon| Point::new(lon, 43.5).into());
        record(&FACILITIES, &texts, place)
    };
    service
        .publish(vec![
            facility("001", "RS-14", Some(21.5)),
            facility("002", "RS-14", None),
            facility("003", "", Some(21.5)),
            facility("004", "RS-14", Some(19.5)),
            facility("005", "RS-08", Some(19.5)),
        ])
        .await;
    service
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_region_has_what_records_it_or_lies_in_it(pool: PgPool) {
    let service = two_districts(pool).await;
    for (query, expected) in [
        ("region=RS-14", vec![1, 2, 3, 4]),
        ("region=RS22", vec![1, 2, 4]),
        ("region=RS-14&region-by=record", vec![1, 2, 3, 4]),
        ("region=RS-14&region-by=position", vec![1, 3]),
        ("region=RS-08&region-by=position", vec![4, 5]),
        ("region=RS-14&region-by=disagreement", vec![4]),
        ("region=RS-08&region-by=disagreement", vec![4]),
        ("region=RS-08", vec![5]),
        ("region=RS21", vec![5]),
        ("region=RS-01", vec![]),
        ("region=RS-14&bbox=19,43,20,44", vec![2, 4]),
    ] {
        let answer = service.get(&format!("{ITEMS}?{query}")).await;
        assert_eq!(answer.ids(), expected, "{query}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_region_leads_to_its_features(pool: PgPool) {
    let service = two_districts(pool).await;
    for (path, expected) in [
        ("districts/items/RS-14/facilities", vec![1, 2, 3, 4]),
        ("districts/items/RS-14/facilities?limit=2", vec![1, 2]),
        ("statistical_regions/items/RS21/facilities", vec![5]),
        ("statistical_regions/items/RS21/districts", vec![2]),
    ] {
        let answer = service.get(&format!("/collections/{path}")).await;
        assert_eq!(answer.ids(), expected, "{path}");
    }
    let first = service
        .get("/collections/districts/items/RS-14/facilities?limit=3")
        .await;
    let next = service.follow(&first.link("next").unwrap()).await;
    assert_eq!(next.ids(), [4]);
    for nowhere in [
        "districts/items/RS22/facilities",
        "districts/items/RS-99/facilities",
        "facilities/items/RS-14/dams",
        "districts/items/RS-14/nothing",
    ] {
        let answer = service.get(&format!("/collections/{nowhere}")).await;
        assert_eq!(answer.status, 404, "{nowhere}");
    }
}

/// Dams record no region: they are where they lie.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_layer_without_regions_belongs_by_place(pool: PgPool) {
    let service = two_districts(pool).await;
    let crest = LineString::from(vec![(21.5, 43.5), (21.6, 43.5)]);
    let texts = [("code", "D-1"), ("name", "D-1"), ("facility", "RS-KM-001")];
    service
        .publish(vec![record(&DAMS, &texts, Some(crest.into()))])
        .await;
    let dams = |query: &str| format!("/collections/dams/items?{query}");
    assert_eq!(service.get(&dams("region=RS-14")).await.ids(), [1]);
    assert!(service.get(&dams("region=RS-08")).await.ids().is_empty());
    let disputed = dams("region=RS-14&region-by=disagreement");
    assert!(service.get(&disputed).await.ids().is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_region_that_is_none_is_refused_with_the_forms(pool: PgPool) {
    let service = two_districts(pool).await;
    for bad in [
        "region=Bor",
        "region=70328",
        "region=RS24",
        "region=RS-14&region-by=x",
    ] {
        let answer = service.get(&format!("{ITEMS}?{bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
    let detail = service.get(&format!("{ITEMS}?region=Bor")).await.json();
    let detail = detail["detail"].as_str().unwrap();
    assert!(
        detail.contains("RS-14") && detail.contains("70327"),
        "{detail}"
    );
}
