//! `properties`, `skipGeometry`, `zoom-level`.

use axum::http::StatusCode;
use domain::layers::FACILITY_OUTLINES;
use geo_types::{LineString, MultiPolygon, Polygon};
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use super::ITEMS;
use crate::common::{Service, record};

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn only_the_fields_asked_for_come_in_every_format(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [format!("{ITEMS}?limit=1&"), format!("{ITEMS}/1?")] {
        for (format, there) in [
            ("json", "\"properties\":{\"name\":"),
            ("jsonfg", "\"height_m\":45.0}"),
            ("geojsonseq", "\"height_m\":45.0}"),
            ("csv", "id,name,height_m,WKT"),
            ("kml", "<name>"),
            ("fgb", "height_m"),
        ] {
            // In the order of the layer, whatever the order asked for.
            let answer = service
                .get(&format!("{path}properties=height_m,name&f={format}"))
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{format}");
            let text = String::from_utf8_lossy(&answer.body);
            assert!(text.contains(there), "{format}: {text}");
            assert!(!text.contains("name_latin"), "{format}: {text}");
            assert!(!text.contains("tailings_pond"), "{format}: {text}");
        }
    }
    for format in ["gpkg", "xlsx", "shp"] {
        let path = format!("/collections/facilities/download/{format}");
        let all = service.get(&path).await;
        let some = service.get(&format!("{path}?properties=name")).await;
        assert_eq!(some.status, StatusCode::OK, "{format}");
        assert!(some.body.len() <= all.body.len(), "{format}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_feature_keeps_its_tag_without_its_revision(pool: PgPool) {
    let service = Service::with_data(pool).await;
    let path = format!("{ITEMS}/1?properties=name");
    let tag = service.get(&path).await.header("etag").to_owned();
    assert!(tag.starts_with("\"2-"), "{tag}");
    let again = service.get_with(&path, "if-none-match", &tag).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_geometry_that_is_not_wanted_is_not_there(pool: PgPool) {
    let service = Service::with_data(pool).await;
    for path in [format!("{ITEMS}/1?"), format!("{ITEMS}?limit=1&")] {
        for (format, without) in [
            ("json", "\"geometry\":null"),
            ("jsonfg", "\"geometry\":null"),
            ("geojsonseq", "\"geometry\":null"),
            ("csv", "2026-01-01T00:00:00Z,\r\n"),
        ] {
            let answer = service
                .get(&format!("{path}skipGeometry=true&f={format}"))
                .await;
            let text = String::from_utf8(answer.body).unwrap();
            assert!(text.contains(without), "{format}: {text}");
            assert!(!text.contains("44.07488"), "{format}: {text}");
        }
        let kept = service.get(&format!("{path}skipGeometry=false")).await;
        assert!(String::from_utf8(kept.body).unwrap().contains("44.07488"));
    }
}

/// A circle of 360 corners, 0.01 degrees wide, around 22 E 44 N.
fn circle() -> MultiPolygon<f64> {
    let corner = |at: u32| {
        let angle = f64::from(at).to_radians();
        (22.0 + 0.005 * angle.cos(), 44.0 + 0.005 * angle.sin())
    };
    let ring: LineString<f64> = (0..=360).map(|at| corner(at % 360)).collect();
    MultiPolygon::new(vec![Polygon::new(ring, Vec::new())])
}

fn ring(json: &Json) -> Vec<(f64, f64)> {
    assert_eq!(json["type"], "MultiPolygon");
    let positions = json["coordinates"][0][0].as_array().unwrap();
    let pair = |one: &Json| (one[0].as_f64().unwrap(), one[1].as_f64().unwrap());
    positions.iter().map(pair).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn outlines_are_generalised_for_a_level_of_the_map(pool: PgPool) {
    let service = Service::empty(pool);
    let texts = [("code", "RS-70327-001"), ("name", "Круг")];
    let outline = record(&FACILITY_OUTLINES, &texts, Some(circle().into()));
    service.publish(vec![outline]).await;
    let items = "/collections/facility_outlines/items";
    let mut corners = 362;
    // A pixel is 360 / 256 / 2^level degrees wide. The ring lies within one of the circle, either way.
    for (level, pixel) in [
        ("15", 360.0 / 256.0 / 32768.0),
        ("12.5", 0.000_242_737),
        ("10", 0.001_373_3),
    ] {
        let answer = service.get(&format!("{items}?zoom-level={level}")).await;
        let warning = format!("214 - \"Geometries are generalised for zoom level {level}\"");
        assert_eq!(answer.header("warning"), warning);
        let json = answer.json();
        assert_eq!(
            json["generalised"]["zoomLevel"],
            level.parse::<f64>().unwrap()
        );
        let tolerance = json["generalised"]["toleranceDegrees"].as_f64().unwrap();
        assert!(
            tolerance > 0.6 * pixel && tolerance < 0.7 * pixel,
            "{level}: {tolerance}"
        );
        let ring = ring(&json["features"][0]["geometry"]);
        assert!(
            (4..corners).contains(&ring.len()),
            "{level}: {}",
            ring.len()
        );
        assert_eq!(ring.first(), ring.last());
        for side in ring.windows(2) {
            let middle = (
                f64::midpoint(side[0].0, side[1].0),
                f64::midpoint(side[0].1, side[1].1),
            );
            let away = 0.005 - (middle.0 - 22.0).hypot(middle.1 - 44.0);
            assert!(away < tolerance, "{level}: {away}");
        }
        corners = ring.len();
    }
    let one = service.get(&format!("{items}/1?zoom-level=10")).await;
    assert_eq!(ring(&one.json()["geometry"]).len(), corners);
    // So far out there is nothing left to leave out, and an outline stays an outline.
    let least = service.get(&format!("{items}?zoom-level=0")).await.json();
    assert!(ring(&least["features"][0]["geometry"]).len() >= 4);
    let full = service.get(items).await;
    assert_eq!(full.header("warning"), "");
    assert_eq!(ring(&full.json()["features"][0]["geometry"]).len(), 361);
    let points = service.get(&format!("{ITEMS}?zoom-level=3")).await;
    assert_eq!(points.header("warning"), "");
    assert!(points.json().get("generalised").is_none());
}
