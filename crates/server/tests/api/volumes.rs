//! Changes of volume: computed for a question, and kept as findings.

mod compared;

use std::process::Command;

use domain::layers::VOLUME_CHANGES;
use geo_types::{Geometry, MultiPolygon};
use importer::volume::{Excluded, Kept};
use raster::volume::Options;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use compared::{Compared, POND, WEST, hills, later, rectangle};

fn within(got: &Json, wanted: f64) {
    let number = got.as_f64().unwrap();
    assert!(
        (number / wanted - 1.0).abs() < 0.001,
        "{number} is not {wanted}"
    );
}

/// As WKT, longitude before latitude.
fn wkt(area: &MultiPolygon<f64>) -> String {
    let corners: Vec<String> = area.0[0]
        .exterior()
        .coords()
        .map(|corner| format!("{:.9}%20{:.9}", corner.x, corner.y))
        .collect();
    format!("POLYGON(({}))", corners.join(","))
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_change_between_two_surveys(pool: PgPool) {
    let compared = Compared::start(pool).await;
    let water = wkt(&rectangle(120.0, 170.0, 140.0, 190.0));
    let (status, report) = compared
        .report(&format!("from=pond-2023&to=pond-2024&exclude={water}"))
        .await;
    assert_eq!(status, 200, "{report}");
    let change = &report["change"];
    within(&change["net_m3"], 7_200.0);
    within(&change["fill_m3"], 7_200.0);
    within(&change["outline_area_m2"], 10_000.0);
    within(&change["excluded_area_m2"], 400.0);
    within(&change["compared_area_m2"], 9_600.0);
    within(&change["changed_area_m2"], 2_400.0);
    within(&change["cell_size_m"], 2.0);
    within(&change["compared_percent"], 100.0);
    assert!(change["cut_m3"].as_f64().unwrap() < 0.5);
    assert_eq!(change["stable_ground"]["bias_m"], 0.0);
    assert_eq!(change["coregistered"], false);
    assert_eq!(report["from"]["survey"], "pond-2023");
    assert_eq!(report["to"]["date"], "2024-05-01");
    assert_eq!(report["to"]["image_sha256"], "b".repeat(64));
    assert_eq!(report["vertical_datum"], "srb_vrs12");
    assert_eq!(report["warnings"], serde_json::json!([]));
    let summary = report["summary"].as_str().unwrap();
    assert!(
        summary.starts_with("The facility RS-70327-001 grew by 7\u{a0}200 m³ ± ")
            && summary.ends_with("(95 %) between 2023-05-01 and 2024-05-01."),
        "{summary}"
    );
    let (_, latin) = compared
        .report(&format!(
            "from=pond-2023&to=pond-2024&exclude={water}&lang=sr-Latn"
        ))
        .await;
    let summary = latin["summary"].as_str().unwrap();
    assert!(
        summary.starts_with(
            "Objekat RS-70327-001 je između 1. 5. 2023. i 1. 5. 2024. porastao za 7\u{a0}200 m³"
        ),
        "{summary}"
    );
    // The water is found where nobody excludes it, and left out on request.
    let (_, with_water) = compared.report("from=pond-2023&to=pond-2024").await;
    let warnings = with_water["warnings"].to_string();
    assert!(
        warnings.contains("400 m² of the outline are perfectly flat"),
        "{warnings}"
    );
    let (_, without) = compared
        .report("from=pond-2023&to=pond-2024&exclude-flat=true&co-register=true")
        .await;
    within(&without["change"]["net_m3"], 7_200.0);
    assert_eq!(without["change"]["coregistered"], true);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_change_as_a_raster_and_as_pictures(pool: PgPool) {
    let compared = Compared::start(pool).await;
    let path = format!("/reports/volume-change?facility={POND}&from=pond-2023&to=pond-2024&f=");
    let tif = compared.service.get(&format!("{path}tif")).await;
    assert_eq!(
        tif.header("content-type"),
        "image/tiff; application=geotiff"
    );
    let disposition = tif.header("content-disposition");
    assert!(
        disposition.contains("RS-70327-001-volume-pond-2023-pond-2024.tif"),
        "{disposition}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("difference.tif");
    std::fs::write(&file, &tif.body).unwrap();
    let info = Command::new("gdalinfo")
        .arg("-json")
        .arg("-stats")
        .arg(&file)
        .output()
        .unwrap();
    let info: Json = serde_json::from_slice(&info.stdout).unwrap();
    assert_eq!(info["size"], serde_json::json!([50, 50]));
    assert_eq!(info["geoTransform"][0], WEST + 100.0);
    assert_eq!(info["bands"][0]["type"], "Float32");
    assert_eq!(info["bands"][0]["noDataValue"], -9999.0);
    assert!(
        info["coordinateSystem"]["wkt"]
            .as_str()
            .unwrap()
            .contains("6316"),
        "{info}"
    );
    within(
        &info["bands"][0]["metadata"][""]["STATISTICS_MEAN"]
            .as_str()
            .unwrap()
            .parse::<f64>()
            .unwrap()
            .into(),
        mean_by_formula(),
    );

    let png = compared.service.get(&format!("{path}png")).await;
    assert_eq!(png.header("content-type"), "image/png");
    assert!(png.body.starts_with(b"\x89PNG"));
    let svg = compared
        .service
        .get(&format!("{path}svg&lang=sr-Cyrl"))
        .await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    let svg = String::from_utf8(svg.body).unwrap();
    assert!(
        svg.contains("порастао за") && svg.contains("data:image/png;base64,"),
        "{svg}"
    );
}

/// The mean difference inside the outline, cell by cell.
fn mean_by_formula() -> f64 {
    let centres = || (0..50).map(|cell| 101.0 + 2.0 * f64::from(cell));
    let differences = centres().flat_map(|x| centres().map(move |y| later(x, y) - hills(x, y)));
    differences.sum::<f64>() / 2_500.0
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_cannot_be_compared_is_told(pool: PgPool) {
    let compared = Compared::start(pool).await;
    for (parameters, status, kind, words) in [
        ("from=pond-2023", 400, "bad-parameter", "`to`"),
        (
            "from=pond-2023&to=nothing",
            400,
            "bad-parameter",
            "`to` cannot be `nothing`",
        ),
        (
            "from=pond-2024&to=pond-2023",
            404,
            "not-comparable",
            "exchange them",
        ),
        (
            "from=pond-2023&to=pond-same-day",
            404,
            "not-comparable",
            "of the same day",
        ),
        (
            "from=pond-2023&to=pond-trieste",
            404,
            "not-comparable",
            "different vertical datums",
        ),
        (
            "from=pond-2023&to=pond-index",
            404,
            "not-comparable",
            "no terrain model",
        ),
        (
            "from=pond-2023&to=pond-raised",
            404,
            "not-comparable",
            "differ by 44.8 m",
        ),
        (
            "from=pond-2023&to=pond-2024&level-of-detection=-1",
            400,
            "bad-parameter",
            "0 to 100",
        ),
        (
            "from=pond-2023&to=pond-2024&co-register=yes",
            400,
            "bad-parameter",
            "true or false",
        ),
        (
            "from=pond-2023&to=pond-2024&exclude=POINT(1%202)",
            400,
            "bad-parameter",
            "MULTIPOLYGON",
        ),
        (
            "from=pond-2023&to=pond-2024&exclude=POLYGON((",
            400,
            "bad-parameter",
            "MULTIPOLYGON",
        ),
        (
            "from=pond-2023&to=pond-2024&depth=2",
            400,
            "unknown-parameter",
            "`depth`",
        ),
    ] {
        let (got, problem) = compared.report(parameters).await;
        assert_eq!(got, status, "{parameters}: {problem}");
        let type_uri = problem["type"].as_str().unwrap();
        assert!(type_uri.ends_with(kind), "{parameters}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{parameters}: {detail}");
    }
    let path = "/reports/volume-change?facility=RS-70327-002&from=pond-2023&to=pond-2024";
    let answer = compared.service.get(path).await;
    assert_eq!(answer.status.as_u16(), 400);
    let path = "/reports/volume-change?facility=Bor&from=pond-2023&to=pond-2024";
    assert_eq!(compared.service.get(path).await.status.as_u16(), 400);
    let (_, surface) = compared.report("from=pond-2023&to=pond-surface").await;
    let warnings = surface["warnings"].to_string();
    assert!(
        warnings.contains("trees") && warnings.contains("vertical datum"),
        "{warnings}"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_finding_is_kept_once_with_its_raster(pool: PgPool) {
    let compared = Compared::start(pool).await;
    let water = Excluded {
        area: rectangle(120.0, 170.0, 140.0, 190.0),
        source: "water".to_owned(),
    };
    let first = compared
        .keep(Options::default(), Some(water.clone()))
        .await
        .unwrap();
    let Kept::Published(revision) = first else {
        panic!("{first:?}");
    };
    let again = compared
        .keep(Options::default(), Some(water.clone()))
        .await
        .unwrap();
    assert_eq!(again, Kept::Unchanged);

    let items = compared
        .service
        .get("/collections/volume_changes/items")
        .await
        .json();
    let [feature] = &items["features"].as_array().unwrap()[..] else {
        panic!("{items}");
    };
    let finding = &feature["properties"];
    assert_eq!(finding["code"], "RS-70327-001-volume-pond-2023-pond-2024");
    assert_eq!(finding["revision"], revision);
    assert_eq!(finding["to_date"], "2024-05-01");
    assert_eq!(finding["municipality"], "70327");
    within(&finding["net_m3"], 7_200.0);
    within(&finding["excluded_area_m2"], 400.0);
    let method = finding["method"].as_str().unwrap();
    assert!(
        method.contains(&"a".repeat(64)) && method.contains("excluded: water"),
        "{method}"
    );

    // The outline without the water.
    let found = compared
        .service
        .store
        .record_of_code(&VOLUME_CHANGES, finding["code"].as_str().unwrap());
    let Some(Geometry::MultiPolygon(area)) = found.await.unwrap().unwrap().record.geometry else {
        panic!("no area");
    };
    assert_eq!(area.0.len(), 1);
    assert_eq!(area.0[0].interiors().len(), 1);

    let path = format!("/collections/volume_changes/items/{}", feature["id"]);
    let one = compared.service.get(&path).await;
    let link = one.link("enclosure").unwrap();
    let tif = compared.service.follow(&link).await;
    assert_eq!(
        tif.header("content-type"),
        "image/tiff; application=geotiff"
    );
    assert_eq!(
        tif.header("etag"),
        format!("\"{}\"", finding["difference_sha256"].as_str().unwrap())
    );
    assert!(tif.body.starts_with(b"II*\0"));

    // Without the mask it is another comparison: a second revision of the same finding.
    let other = compared.keep(Options::default(), None).await.unwrap();
    assert!(matches!(other, Kept::Published(later) if later > revision));
    // One that knows less is not mixed with it.
    let blind = Options {
        stable_buffer_m: 1_000.0,
        ..Options::default()
    };
    let error = compared.keep(blind, None).await.unwrap_err().to_string();
    assert!(
        error.contains("uncertainty_m3") && error.contains("--code"),
        "{error}"
    );
}
