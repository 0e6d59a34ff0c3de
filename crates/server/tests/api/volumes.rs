//! Changes of volume: computed for a question, and kept as findings.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::layers::{FACILITIES, FACILITY_OUTLINES, SURVEYS, VOLUME_CHANGES};
use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon};
use geodesy::{Crs, Transformer};
use importer::volume::{ChangeError, Excluded, Kept, VolumeRequest, plan, publish};
use raster::Library;
use raster::volume::Options;
use serde_json::Value as Json;
use server::{App, Config};
use sqlx::postgres::PgPool;
use store::Store;
use store::revision::{Means, NewRevision};
use tempfile::TempDir;

use crate::common::{Service, moment, record};

const POND: &str = "RS-70327-001";
/// The south-western corner of the images in EPSG:6316, 150 by 150 cells of 2 m.
const WEST: f64 = 7_588_000.0;
const SOUTH: f64 = 4_881_500.0;
const CELLS: u32 = 150;

fn hills(x: f64, y: f64) -> f64 {
    400.0 + 12.0 * (x / 40.0).sin() * (y / 55.0).cos() + 7.0 * ((x + 2.0 * y) / 70.0).sin()
}

/// Three metres of tailings on 60 by 40 m, and water, level, on 20 by 20 m.
fn later(x: f64, y: f64) -> f64 {
    if (120.0..180.0).contains(&x) && (120.0..160.0).contains(&y) {
        hills(x, y) + 3.0
    } else if (120.0..140.0).contains(&x) && (170.0..190.0).contains(&y) {
        400.0
    } else {
        hills(x, y)
    }
}

/// The service, and what stands behind it.
struct Compared {
    service: Service,
    library: Arc<Library>,
    _folder: TempDir,
}

impl Compared {
    async fn start(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_image(folder.path(), 'a', hills);
        make_image(folder.path(), 'b', later);
        make_image(folder.path(), 'c', |x, y| later(x, y) + 44.8);
        let store = Store::over(pool);
        let library = Arc::new(Library::new(folder.path().to_owned()));
        let app = App {
            store: store.clone(),
            rasters: Arc::clone(&library),
            config: Config {
                public_url: Some("https://example.org/cadastre".to_owned()),
                ..Config::default()
            },
        };
        let service = Service {
            router: server::router(app),
            store,
        };
        let facility = [
            ("code", POND),
            ("name", "Јаловиште"),
            ("facility_type", "tailings_pond"),
            ("municipality", "70327"),
        ];
        let place = Point::new(22.096, 44.0745);
        service
            .publish(vec![record(&FACILITIES, &facility, Some(place.into()))])
            .await;
        let outline = rectangle(100.0, 100.0, 200.0, 200.0).into();
        service
            .publish(vec![record(&FACILITY_OUTLINES, &facility, Some(outline))])
            .await;
        service.publish(surveys()).await;
        Self {
            service,
            library,
            _folder: folder,
        }
    }

    async fn report(&self, parameters: &str) -> (u16, Json) {
        let path = format!("/reports/volume-change?facility={POND}&{parameters}");
        let answer = self.service.get(&path).await;
        (answer.status.as_u16(), answer.json())
    }

    /// What the command does.
    async fn keep(
        &self,
        options: Options,
        excluded: Option<Excluded>,
    ) -> Result<Kept, ChangeError> {
        let request = VolumeRequest {
            from: "pond-2023".to_owned(),
            to: "pond-2024".to_owned(),
            facility: POND.parse().unwrap(),
            code: None,
            excluded,
            options,
        };
        let plan = plan(&self.service.store, request).await?;
        let incoming = self.library.incoming().unwrap();
        let difference = incoming.file("difference.tif");
        let finding = plan.compute(&self.library, Some(&difference))?;
        let revision = NewRevision {
            made_at: moment("2026-02-01T00:00:00Z"),
            author: "test".to_owned(),
            means: Means::Command,
            source: None,
            comment: None,
            upload: None,
        };
        publish(
            &self.service.store,
            &self.library,
            &finding,
            &difference,
            &revision,
        )
        .await
    }
}

fn surveys() -> Vec<domain::Record> {
    let survey = |code: &str, letter: char, day: &str, kind: &str, datum: &str| {
        let digest = letter.to_string().repeat(64);
        let texts = [
            ("code", code),
            ("facility", POND),
            ("kind", kind),
            ("surveyed_on", day),
            ("horizontal_crs", "EPSG:6316"),
            ("vertical_datum", datum),
            ("image_sha256", &digest),
        ];
        record(
            &SURVEYS,
            &texts,
            Some(rectangle(0.0, 0.0, 300.0, 300.0).into()),
        )
    };
    vec![
        survey("pond-2023", 'a', "2023-05-01", "dtm", "srb_vrs12"),
        survey("pond-2024", 'b', "2024-05-01", "dtm", "srb_vrs12"),
        survey("pond-raised", 'c', "2024-06-01", "dtm", ""),
        survey("pond-trieste", 'b', "2024-07-01", "dtm", "trieste"),
        survey("pond-index", 'b', "2024-08-01", "index", ""),
        survey("pond-surface", 'b', "2024-09-01", "dsm", ""),
        survey("pond-same-day", 'b', "2023-05-01", "dtm", "srb_vrs12"),
    ]
}

/// A rectangle in metres from the corner of the images.
fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let to_wgs84 = Transformer::to_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let corners = [(west, south), (east, south), (east, north), (west, north)]
        .map(|(x, y)| to_wgs84.transform(WEST + x, SOUTH + y).unwrap());
    MultiPolygon(vec![Polygon::new(
        LineString::from(corners.to_vec()),
        vec![],
    )])
}

fn make_image(folder: &Path, letter: char, height: impl Fn(f64, f64) -> f64) {
    let mut grid = format!(
        "ncols {CELLS}\nnrows {CELLS}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize 2\nnodata_value -9999\n"
    );
    for row in 0..CELLS {
        for column in 0..CELLS {
            let x = 2.0 * f64::from(column) + 1.0;
            let y = 2.0 * f64::from(CELLS - row) - 1.0;
            write!(grid, "{:.5} ", height(x, y)).unwrap();
        }
        grid.push('\n');
    }
    let images = folder.join("images");
    std::fs::create_dir_all(&images).unwrap();
    let text = images.join("heights.asc");
    std::fs::write(&text, grid).unwrap();
    let path = images.join(format!("{}.tif", letter.to_string().repeat(64)));
    let made = Command::new("gdal_translate")
        .args(["-q", "-of", "COG", "-a_srs", "EPSG:6316"])
        .args([&text, &path])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

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
        summary.starts_with("Objekat RS-70327-001 je porastao za 7\u{a0}200 m³"),
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
        svg.contains("је порастао за") && svg.contains("data:image/png;base64,"),
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
