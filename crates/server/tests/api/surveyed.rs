//! A service with surveys of one pond: a terrain model whose heights are a formula, an index and an
//! orthophoto.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::layers::{FACILITIES, FACILITY_OUTLINES, SURVEYS};
use geo_types::{MultiPolygon, Point, polygon};
use raster::Library;
use sqlx::postgres::PgPool;
use tempfile::TempDir;

use crate::common::{Service, record};

/// Western and southern edge in EPSG:32634, cells of 2 m.
pub const WEST: f64 = 587_000.0;
pub const SOUTH: f64 = 4_880_000.0;
pub const COLUMNS: u32 = 300;
pub const ROWS: u32 = 200;
/// The facility with the outline.
pub const POND: &str = "RS-70327-001";

/// The digests by which the files are kept, `d` for the terrain model and so on.
pub fn digest(letter: char) -> String {
    letter.to_string().repeat(64)
}

/// The height at a place: up to the east and to the north.
pub fn plane(x: f64, y: f64) -> f64 {
    400.0 + (x - WEST) / 16.0 + (y - SOUTH) / 32.0
}

/// The service, with the folder of its rasters.
pub struct Surveyed {
    pub service: Service,
    /// The paths of the surveys: `/collections/surveys/items/…`.
    pub terrain: String,
    pub index: String,
    pub orthophoto: String,
    pub folder: TempDir,
}

impl Surveyed {
    pub async fn start(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (letter, name) in [('d', "images"), ('e', "images"), ('f', "images")] {
            let path = folder
                .path()
                .join(name)
                .join(format!("{}.tif", digest(letter)));
            make_image(&path);
        }
        let original = folder
            .path()
            .join("originals")
            .join(format!("{}.tif", digest('a')));
        std::fs::create_dir_all(original.parent().unwrap()).unwrap();
        std::fs::write(&original, b"the original bytes").unwrap();
        let library = Arc::new(Library::new(folder.path().to_owned()));
        let service = Service::over(pool, library);
        publish(&service).await;
        let mut paths = Vec::new();
        for code in ["pond-dtm", "pond-index", "pond-orthophoto"] {
            let found = service.store.record_of_code(&SURVEYS, code).await.unwrap();
            paths.push(format!("/collections/surveys/items/{}", found.unwrap().id));
        }
        let [terrain, index, orthophoto] = paths.try_into().unwrap();
        Self {
            service,
            terrain,
            index,
            orthophoto,
            folder,
        }
    }
}

async fn publish(service: &Service) {
    let facility = |code: &str| {
        let texts = [
            ("code", code),
            ("name", "Јаловиште"),
            ("facility_type", "tailings_pond"),
            ("municipality", "70327"),
        ];
        record(&FACILITIES, &texts, Some(Point::new(22.09, 44.07).into()))
    };
    service
        .publish(vec![facility(POND), facility("RS-70327-002")])
        .await;
    service.publish(vec![outline()]).await;
    let survey = |code: &str, kind: &str, letter: char| {
        let (image, original) = (digest(letter), digest('a'));
        let terrain = kind == "dtm";
        let texts = [
            ("code", code),
            ("facility", POND),
            ("kind", kind),
            ("surveyed_on", "2024-05-01"),
            ("horizontal_crs", "EPSG:32634"),
            ("vertical_datum", if terrain { "srb_vrs12" } else { "" }),
            ("vertical_accuracy_m", if terrain { "0.05" } else { "" }),
            ("image_sha256", &image),
            ("original_sha256", &original),
            ("original_name", "снимак 1.tif"),
        ];
        record(&SURVEYS, &texts, None)
    };
    let surveys = vec![
        survey("pond-dtm", "dtm", 'd'),
        survey("pond-index", "index", 'e'),
        survey("pond-orthophoto", "orthophoto", 'f'),
    ];
    service.publish(surveys).await;
}

/// A square of 200 m whose western half lies outside the image: PROJ's cs2cs of the corners
/// (586900 or 587100, 4880100 or 4880300) in EPSG:32634.
fn outline() -> domain::Record {
    let square = polygon![
        (x: 22.085_145_731, y: 44.068_919_356), (x: 22.087_642_744, y: 44.068_895_611), (x: 22.087_675_718, y: 44.070_695_966), (x: 22.085_178_629, y: 44.070_719_713),
    ];
    let texts = [
        ("code", POND),
        ("name", "Јаловиште"),
        ("facility_type", "tailings_pond"),
        ("municipality", "70327"),
    ];
    let outline = MultiPolygon(vec![square]);
    record(&FACILITY_OUTLINES, &texts, Some(outline.into()))
}

/// A cloud-optimised image of the plane, without data in its north-eastern corner of 20 by 20 cells.
fn make_image(path: &Path) {
    let (columns, rows) = (COLUMNS, ROWS);
    let mut grid = format!(
        "ncols {columns}\nnrows {rows}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize 2\nnodata_value -9999\n"
    );
    for row in 0..rows {
        for column in 0..columns {
            let x = WEST + 2.0 * f64::from(column) + 1.0;
            let y = SOUTH + 2.0 * f64::from(rows - row) - 1.0;
            let hole = column >= columns - 20 && row < 20;
            let value = if hole { -9999.0 } else { plane(x, y) };
            write!(grid, "{value:.5} ").unwrap();
        }
        grid.push('\n');
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = path.with_extension("asc");
    std::fs::write(&text, grid).unwrap();
    let made = Command::new("gdal_translate")
        .args([
            "-q",
            "-of",
            "COG",
            "-a_srs",
            "EPSG:32634",
            "-co",
            "BLOCKSIZE=128",
        ])
        .args([&text, path])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    std::fs::remove_file(text).unwrap();
}
