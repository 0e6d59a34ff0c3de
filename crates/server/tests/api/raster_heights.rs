//! Heights at points, along lines and inside outlines.

use serde_json::json;
use sqlx::postgres::PgPool;

use crate::surveyed::{POND, Surveyed, plane};

/// Longitude and latitude of (587301, 4880201) in EPSG:32634, the centre of a cell, by cs2cs.
const PLACE: &str = "lon=22.0901689301&lat=44.0697808701";

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_height_at_a_point_says_how_good_it_is(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!("{}/height?{PLACE}", surveyed.terrain);
    let answer = surveyed.service.get(&path).await.json();
    let wanted = plane(587_301.0, 4_880_201.0);
    assert!(
        (answer["height_m"].as_f64().unwrap() - wanted).abs() < 0.001,
        "{answer}"
    );
    assert_eq!(answer["interpolation"], "bilinear");
    let survey = &answer["survey"];
    assert_eq!(survey["code"], "pond-dtm");
    assert_eq!(survey["surveyed_on"], "2024-05-01");
    assert_eq!(survey["vertical_datum"]["code"], "srb_vrs12");
    assert_eq!(survey["vertical_accuracy_m"], 0.05);
    // UTM at Bor: a metre of the grid is 1 / 0.99969 m on the ground.
    assert!(
        (survey["cell_size_m"].as_f64().unwrap() - 2.0006).abs() < 0.0002,
        "{survey}"
    );
    let by_point = format!(
        "{}/height?point=587301,4880201&crs=EPSG:32634",
        surveyed.terrain
    );
    let same = surveyed.service.get(&by_point).await.json();
    assert_eq!(same["height_m"], answer["height_m"]);
    let index = surveyed
        .service
        .get(&format!("{}/height?{PLACE}", surveyed.index))
        .await
        .json();
    assert!(
        index["height_m"].is_null() && index["value"].is_number(),
        "{index}"
    );
}

/// With EPSG:4326 latitude comes first, as in its definition; a point of `crs` alone is lon, lat.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn coordinates_are_in_the_order_of_their_system(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let (lon, lat) = PLACE
        .trim_start_matches("lon=")
        .split_once("&lat=")
        .unwrap();
    for point in [
        format!("{lon},{lat}"),
        format!("{lon},{lat}&crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        format!("{lat},{lon}&crs=EPSG:4326"),
        format!("{lat},{lon}&crs=[EPSG:4326]"),
    ] {
        let path = format!("{}/height?point={point}", surveyed.terrain);
        let height = surveyed.service.get(&path).await.json()["height_m"].as_f64();
        let wanted = plane(587_301.0, 4_880_201.0);
        assert!(
            (height.unwrap() - wanted).abs() < 0.001,
            "{point}: {height:?}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn no_height_is_null_with_a_reason_never_zero(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    for (point, reason) in [
        ("587590,4880390", "no-data"),
        ("586990,4880390", "outside"),
        ("7000000,4880390", "outside"),
    ] {
        let path = format!("{}/height?point={point}&crs=EPSG:32634", surveyed.terrain);
        let answer = surveyed.service.get(&path).await;
        assert_eq!(answer.status, 200, "{point}");
        let answer = answer.json();
        assert_eq!(answer["height_m"], json!(null), "{point}");
        assert!(answer.as_object().unwrap().contains_key("height_m"));
        assert_eq!(answer["reason"]["code"], reason, "{point}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn bad_questions_are_problems(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let terrain = &surveyed.terrain;
    for (path, status, part) in [
        (format!("{terrain}/height"), 400, "`lon` and `lat`"),
        (format!("{terrain}/height?lon=22"), 400, "`lon` and `lat`"),
        (
            format!("{terrain}/height?lon=22,1&lat=44"),
            400,
            "decimal point",
        ),
        (
            format!("{terrain}/height?lon=222&lat=44"),
            400,
            "`lon` and `lat`",
        ),
        (
            format!("{terrain}/height?lon=22&lat=44&point=1,2"),
            400,
            "`lon` and `lat`",
        ),
        (
            format!("{terrain}/height?point=1&crs=EPSG:32634"),
            400,
            "two numbers",
        ),
        (
            format!("{terrain}/height?point=1,2&crs=EPSG:999999"),
            400,
            "EPSG:6316",
        ),
        (
            format!("{terrain}/height?point=1,2&crs=%2Bproj=utm"),
            400,
            "EPSG:6316",
        ),
        (
            format!("{terrain}/height?point=200,100&crs=EPSG:4326"),
            400,
            "no place in WGS 84",
        ),
        (
            format!("{}/height?{PLACE}", surveyed.orthophoto),
            404,
            "orthophoto",
        ),
        (format!("{terrain}/profile"), 400, "2 to 200 corners"),
        (
            format!("{terrain}/profile?line=22,44"),
            400,
            "2 to 200 corners",
        ),
        (
            format!("{terrain}/profile?line=22,44,22,44"),
            400,
            "2 to 200 corners",
        ),
        (format!("{terrain}/profile?line=10,44,22,44"), 400, "200 km"),
        (
            format!("{terrain}/profile?line=22,44,22.1,44&step_m=1"),
            400,
            "smallest step",
        ),
        (
            format!("{terrain}/profile?line=22,44,22.1,44&step_m=0"),
            400,
            "smallest step",
        ),
        (
            format!("{terrain}/profile?line=22,44,22.1,44&step_m=-5"),
            400,
            "smallest step",
        ),
        (
            format!("{}/profile?line=22,44,22.1,44", surveyed.orthophoto),
            404,
            "orthophoto",
        ),
        (
            format!("{terrain}/statistics?facility=RS-70327-002"),
            404,
            "as a point only",
        ),
        (
            format!("{terrain}/statistics?facility=RS-70327-777"),
            404,
            "no facility",
        ),
        (
            format!("{terrain}/statistics?facility=Bor"),
            400,
            "facility",
        ),
        (
            format!("{}/statistics", surveyed.orthophoto),
            404,
            "orthophoto",
        ),
    ] {
        let answer = surveyed.service.get(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.json());
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains(part), "{path}: {detail}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_profile_follows_the_plane(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!(
        "{}/profile?line=22.08767188,44.06980467,22.09016893,44.06978087&step_m=20",
        surveyed.terrain
    );
    let profile = surveyed.service.get(&path).await.json();
    let stations = profile["stations"].as_array().unwrap();
    let length_m = profile["length_m"].as_f64().unwrap();
    assert!((length_m - 200.06).abs() < 0.05, "{length_m}");
    assert_eq!(stations.len(), 12, "0, 20 … 200 and the end");
    let first = plane(587_101.0, 4_880_201.0);
    for station in stations {
        let distance_m = station["distance_m"].as_f64().unwrap();
        let wanted = first + distance_m * 0.9997 / 16.0;
        let height = station["height_m"].as_f64().unwrap();
        assert!((height - wanted).abs() < 0.005, "{station}: {wanted}");
    }
    let summary = &profile["summary"];
    assert!(
        (summary["ascent_m"].as_f64().unwrap() - 12.5).abs() < 0.01,
        "{summary}"
    );
    assert!(summary["descent_m"].as_f64().unwrap() < 0.01, "{summary}");
    let steepness = summary["mean_steepness_percent"].as_f64().unwrap();
    assert!((steepness - 6.248).abs() < 0.01, "{summary}");
    let table = surveyed.service.get(&format!("{path}&f=csv")).await;
    assert_eq!(
        table.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let text = String::from_utf8(table.body).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (13, "distance_m,lon,lat,height_m,corner")
    );
    assert!(
        lines[1].starts_with("0.000,") && lines[1].ends_with(",true"),
        "{}",
        lines[1]
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn statistics_are_of_the_outline_and_say_what_is_missing(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let path = format!("{}/statistics", surveyed.terrain);
    let own = surveyed.service.get(&path).await;
    let statistics = own.json();
    assert_eq!(statistics["facility"], POND);
    // 100 by 100 cells, of which the western half is outside the image.
    assert_eq!(statistics["cells_in_outline"], 10_000);
    assert_eq!(statistics["cells"], 5_000);
    assert_eq!(statistics["covered_percent"], 50.0);
    let area = statistics["outline_area_m2"].as_f64().unwrap();
    assert!(
        (area - 200.0 * 200.0 / 0.999_69_f64.powi(2)).abs() < 10.0,
        "{area}"
    );
    let values = &statistics["values"];
    let near = |name: &str, wanted: f64| {
        let found = values[name].as_f64().unwrap();
        assert!(
            (found - wanted).abs() < 0.002,
            "{name}: {found} is not {wanted}"
        );
    };
    near("min", plane(587_001.0, 4_880_101.0));
    near("max", plane(587_099.0, 4_880_299.0));
    near("mean", plane(587_050.0, 4_880_200.0));
    assert_eq!(statistics["overview"], 0);
    let named = surveyed
        .service
        .get(&format!("{path}?facility={POND}"))
        .await
        .json();
    assert_eq!(named["values"], *values);
    let again = surveyed
        .service
        .get_with(&path, "if-none-match", own.header("etag"))
        .await;
    assert_eq!(again.status.as_u16(), 304);
}
