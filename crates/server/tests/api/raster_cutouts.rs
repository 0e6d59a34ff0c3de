//! Parts of surveys as GeoTIFF and as pictures.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use sqlx::postgres::PgPool;

use crate::common::Answer;
use crate::surveyed::{Surveyed, plane};

/// What a program of GDAL says of an answer.
fn gdal(program: &str, answer: &Answer, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer");
    std::fs::write(&file, &answer.body).unwrap();
    run(program, &file, arguments)
}

fn run(program: &str, file: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    let (options, places) = arguments.split_at(1);
    let output = command
        .args(options)
        .arg(file)
        .args(places)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn info(answer: &Answer) -> Json {
    serde_json::from_str(&gdal("gdalinfo", answer, &["-json"])).unwrap()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_coverage_has_the_cells_of_the_image(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let bbox = "bbox=587101,4880101,587199,4880299&bbox-crs=EPSG:32634";
    let path = format!("{}/coverage?{bbox}", surveyed.terrain);
    let answer = surveyed.service.get(&path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "image/tiff; application=geotiff"
    );
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    assert_eq!(
        answer.header("content-bbox"),
        "587100,4880100,587200,4880300"
    );
    assert_eq!(
        answer.header("content-crs"),
        "<http://www.opengis.net/def/crs/EPSG/0/32634>"
    );
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"pond-dtm-part.tif\""
    );
    let info = info(&answer);
    assert_eq!(info["size"], serde_json::json!([50, 100]));
    assert_eq!(info["bands"][0]["type"], "Float32");
    assert_eq!(info["bands"][0]["noDataValue"], "NaN");
    let value = gdal("gdallocationinfo", &answer, &["-valonly", "7", "30"]);
    let wanted = plane(587_115.0, 4_880_239.0);
    assert!(
        (value.trim().parse::<f64>().unwrap() - wanted).abs() < 1e-4,
        "{value}"
    );
    let again = surveyed
        .service
        .get_with(&path, "if-none-match", answer.header("etag"))
        .await;
    assert_eq!(again.status.as_u16(), 304);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn axes_are_in_the_order_of_the_reference_system(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let get = async |query: &str| {
        let path = format!("{}/coverage?{query}", surveyed.terrain);
        surveyed.service.get(&path).await
    };
    let by_lon = get("bbox=22.0877,44.0695,22.0897,44.0705&crs=EPSG:4326&width=40&height=20").await;
    let by_lat = get(
        "bbox=44.0695,22.0877,44.0705,22.0897&bbox-crs=EPSG:4326&crs=EPSG:4326&width=40&height=20",
    )
    .await;
    assert_eq!(by_lon.body, by_lat.body);
    assert_eq!(
        by_lon.header("content-bbox"),
        "44.0695,22.0877,44.0705,22.0897"
    );
    let info = info(&by_lon);
    let west = info["geoTransform"][0].as_f64().unwrap();
    let north = info["geoTransform"][3].as_f64().unwrap();
    assert!(
        (west - 22.0877).abs() < 1e-9 && (north - 44.0705).abs() < 1e-9,
        "{info}"
    );
    assert!(
        info["coordinateSystem"]["wkt"]
            .as_str()
            .unwrap()
            .contains("\"EPSG\",4326")
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_map_is_a_picture_of_the_asked_size(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    for (query, driver, columns, rows) in [
        ("", "PNG", 1024, 683),
        ("?width=300", "PNG", 300, 200),
        ("?height=100&f=webp", "WEBP", 150, 100),
        ("?scale-factor=3&style=ramp", "PNG", 100, 67),
        // 600 by 400 m at 1:5000, of pixels of 0.28 mm: 1.4 m each.
        ("?scale-denominator=5000&style=terrain-rgb", "PNG", 429, 286),
        (
            "?bbox=22.0877,44.0695,22.0897,44.0705&width=64&height=64",
            "PNG",
            64,
            64,
        ),
        ("?bbox=10,40,10.1,40.1&width=8&height=8", "PNG", 8, 8),
    ] {
        let answer = surveyed
            .service
            .get(&format!("{}/map{query}", surveyed.terrain))
            .await;
        assert_eq!(answer.status, 200, "{query}");
        let info = info(&answer);
        assert_eq!(info["driverShortName"], driver, "{query}");
        assert_eq!(info["size"], serde_json::json!([columns, rows]), "{query}");
    }
}

/// Terrain-RGB: height = -10000 + 0.1 (65536 R + 256 G + B), to the decimetre.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_map_of_packed_heights_is_the_plane(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let bbox = "bbox=587100,4880100,587200,4880200&bbox-crs=EPSG:32634&width=50";
    let path = format!("{}/map?{bbox}&style=terrain-rgb", surveyed.terrain);
    let answer = surveyed.service.get(&path).await;
    assert_eq!(
        answer.header("content-bbox"),
        "587100,4880100,587200,4880200"
    );
    let values = gdal("gdallocationinfo", &answer, &["-valonly", "10", "20"]);
    let bytes: Vec<f64> = values
        .split_whitespace()
        .map(|one| one.parse().unwrap())
        .collect();
    let height = -10_000.0 + 0.1 * (65_536.0 * bytes[0] + 256.0 * bytes[1] + bytes[2]);
    let wanted = plane(587_121.0, 4_880_159.0);
    assert!((height - wanted).abs() < 0.06, "{height} is not {wanted}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_orthophoto_is_cut_out_in_colours(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let answer = surveyed
        .service
        .get(&format!("{}/coverage", surveyed.orthophoto))
        .await;
    let info = info(&answer);
    let bands = info["bands"].as_array().unwrap();
    let colours: Vec<_> = bands
        .iter()
        .map(|band| &band["colorInterpretation"])
        .collect();
    assert_eq!(colours, ["Red", "Green", "Blue", "Alpha"]);
    assert_eq!(bands[0]["type"], "Byte");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn cut_outs_that_cannot_be_are_problems(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    for (query, status, part) in [
        ("coverage?bbox=22,44,23", 400, "4 numbers"),
        (
            "coverage?bbox=22.1,44,22,44.1",
            400,
            "least and then the greatest",
        ),
        ("coverage?bbox=10,40,11,41", 404, "outside the survey"),
        ("coverage?crs=EPSG:1", 400, "EPSG:6316"),
        ("coverage?width=0", 400, "1 to 16384"),
        ("coverage?width=9999&height=9999", 400, "16777216"),
        ("coverage?width=50&scale-factor=2", 400, "said by one of"),
        ("coverage?scale-factor=0.05", 400, "scale-factor=0.0"),
        ("coverage?scale-factor=-1", 400, "0.01 to 100000"),
        ("coverage?style=ramp", 400, "no parameter `style`"),
        (
            "map?style=colour",
            400,
            "`hillshade`, `ramp` or `terrain-rgb`",
        ),
        ("map?style=ramp&azimuth=3", 400, "no parameter `azimuth`"),
        ("map?scale-denominator=0", 400, "1 to 1000000000"),
        (
            "map?bbox=22,44,22.001,44.001&scale-denominator=10",
            400,
            "16777216",
        ),
    ] {
        let answer = surveyed
            .service
            .get(&format!("{}/{query}", surveyed.terrain))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{query}");
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains(part), "{query}: {detail}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn the_openapi_document_describes_what_is_read_out_of_surveys(pool: PgPool) {
    let surveyed = Surveyed::start(pool).await;
    let json = surveyed.service.get("/api").await.json();
    serde_json::from_value::<openapiv3::OpenAPI>(json.clone()).unwrap();
    for name in [
        "image.tif",
        "original.tif",
        "map",
        "coverage",
        "height",
        "profile",
        "statistics",
    ] {
        let path = format!("/collections/surveys/items/{{featureId}}/{name}");
        let operation = &json["paths"][&path]["get"];
        assert!(operation["operationId"].is_string(), "{path}");
        let described = operation["parameters"].as_array().unwrap();
        assert!(
            described
                .iter()
                .all(|one| one["$ref"].is_string() || one["description"].is_string())
        );
    }
}
