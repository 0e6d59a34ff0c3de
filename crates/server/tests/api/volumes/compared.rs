//! A service with surveys of one pond before and after three metres came to a part of it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::layers::{FACILITIES, FACILITY_OUTLINES, SURVEYS};
use geo_types::{LineString, MultiPolygon, Point, Polygon};
use geodesy::{Crs, Transformer};
use importer::volume::{ChangeError, Excluded, Kept, VolumeRequest, plan, publish};
use raster::Library;
use raster::volume::Options;
use serde_json::Value as Json;
use sqlx::postgres::PgPool;
use store::revision::{Means, NewRevision};
use tempfile::TempDir;

use crate::common::{Service, moment, record};

pub const POND: &str = "RS-70327-001";
/// The south-western corner of the images in EPSG:6316, 150 by 150 cells of 2 m.
pub const WEST: f64 = 7_588_000.0;
const SOUTH: f64 = 4_881_500.0;
const CELLS: u32 = 150;

pub fn hills(x: f64, y: f64) -> f64 {
    400.0 + 12.0 * (x / 40.0).sin() * (y / 55.0).cos() + 7.0 * ((x + 2.0 * y) / 70.0).sin()
}

/// Three metres of tailings on 60 by 40 m, and water, level, on 20 by 20 m.
pub fn later(x: f64, y: f64) -> f64 {
    if (120.0..180.0).contains(&x) && (120.0..160.0).contains(&y) {
        hills(x, y) + 3.0
    } else if (120.0..140.0).contains(&x) && (170.0..190.0).contains(&y) {
        400.0
    } else {
        hills(x, y)
    }
}

/// The service, and what stands behind it.
pub struct Compared {
    pub service: Service,
    library: Arc<Library>,
    _folder: TempDir,
}

impl Compared {
    pub async fn start(pool: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_image(folder.path(), 'a', hills);
        make_image(folder.path(), 'b', later);
        make_image(folder.path(), 'c', |x, y| later(x, y) + 44.8);
        let library = Arc::new(Library::new(folder.path().to_owned()));
        let service = Service::over(pool, Arc::clone(&library));
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

    pub async fn report(&self, parameters: &str) -> (u16, Json) {
        let path = format!("/reports/volume-change?facility={POND}&{parameters}");
        let answer = self.service.get(&path).await;
        (answer.status.as_u16(), answer.json())
    }

    /// What the command does.
    pub async fn keep(
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
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
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
