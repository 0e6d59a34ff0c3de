//! Raster surveys: `GeoTIFF`s come in by a command, and are catalogued with an image that GDAL reads.

mod damaged;
mod files;
mod killed;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::database::Database;
use crate::process::{Finished, is_installed, run, succeed};
use crate::service::Service;
use crate::survey::fixture;

/// The facility of the demonstration data that is nearest to the fixtures, 660 m away.
const FACILITY: &str = "RS-70327-011";
/// The day of the fixtures.
const DAY: &str = "2024-05-31";

/// A register with a raster folder of its own.
struct Register {
    database: Database,
    home: tempfile::TempDir,
}

impl Register {
    fn of(loaded: &Database) -> Self {
        Self {
            database: loaded.copy(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn rasters(&self) -> PathBuf {
        self.home.path().join("rasters")
    }

    fn cadastre(&self) -> Command {
        let mut command = self.database.cadastre();
        command.env("CADASTRE_RASTERS", self.rasters());
        command
    }

    fn command(&self, file: &Path, kind: &str, arguments: &[&str]) -> Command {
        let mut command = self.cadastre();
        command
            .arg("import")
            .arg(file)
            .args(["--facility", FACILITY, "--kind", kind, "--surveyed", DAY])
            .args(arguments);
        command
    }

    fn import(&self, file: &Path, kind: &str, arguments: &[&str]) -> Finished {
        run(&mut self.command(file, kind, arguments))
    }

    /// Imports a fixture that has to be accepted.
    fn accept(&self, name: &str, kind: &str, arguments: &[&str]) -> String {
        let finished = self.import(&fixture(name), kind, arguments);
        assert!(finished.status.success(), "{name}: {}", finished.output);
        finished.output
    }

    /// The image of a survey.
    fn image(&self, code: &str) -> PathBuf {
        let digest = format!("select image_sha256 from survey where code = '{code}'");
        let digest = self.database.query(&digest);
        self.rasters().join("images").join(format!("{digest}.tif"))
    }

    /// Every file of the raster folder but the lock.
    fn files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.rasters()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path if path.ends_with("incoming/lock") => {}
                    path => files.push(path),
                }
            }
        }
        files.sort();
        files
    }
}

/// A program of GDAL on an image.
fn gdal(program: &str, before: &[&str], image: &Path, after: &[&str]) -> String {
    assert!(is_installed(program), "install gdal-bin");
    succeed(Command::new(program).args(before).arg(image).args(after))
}

/// The cells of a one-band image as GDAL reads them: x and y of the centre, value.
fn cells(image: &Path) -> Vec<(f64, f64, f64)> {
    let text = gdal(
        "gdal_translate",
        &["-q", "-of", "XYZ"],
        image,
        &["/vsistdout/"],
    );
    let rows = text.lines().map(|line| {
        let mut numbers = line.split(' ').map(|number| number.parse().unwrap());
        let mut next = || numbers.next().unwrap();
        (next(), next(), next())
    });
    rows.collect()
}

/// The plane of the fixtures, at E and N of EPSG:6316 (see `tests/fixtures/raster_fixtures.py`).
fn height(east: f64, north: f64) -> f64 {
    300.0 + 0.25 * (east - 7_588_182.0) + 0.125 * (north - 4_881_704.0)
}

#[test]
fn a_survey_is_catalogued_with_its_image_and_original() {
    let register = Register::of(&Database::loaded());
    let more = [
        "--method",
        "uav_photogrammetry",
        "--vertical-accuracy-m",
        "0.05",
    ];
    let report = register.accept("raster-terrain.tif", "dem", &more);
    assert!(
        report.contains("heights 300.19 to 323.81 m, mean 312.00 m"),
        "{report}"
    );
    let code = format!("{FACILITY}-dem-20240531");

    let image = register.image(&code);
    let info = gdal("gdalinfo", &["-json"], &image, &[]);
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG");
    assert_eq!(
        info["metadata"]["IMAGE_STRUCTURE"]["COMPRESSION"],
        "DEFLATE"
    );
    let transform = serde_json::json!([7_588_182.0, 1.0, 0.0, 4_881_768.0, 0.0, -1.0]);
    assert_eq!(info["geoTransform"], transform);
    assert_eq!(info["bands"][0]["noDataValue"], -9999.0);
    for (x, y, value) in cells(&image) {
        assert!((value - height(x, y)).abs() < 1e-9, "{x} {y}: {value}");
    }
    assert_eq!(cells(&image).len(), 64 * 64);

    let mut serve = register.cadastre();
    serve.args(["serve", "--listen", "127.0.0.1:0"]);
    let service = Service::start(&mut serve);
    let features = service.features("collections/surveys/items?f=json");
    let [(_, feature)] = &features[..] else {
        panic!("{features:?}");
    };
    let properties = &feature["properties"];
    for (name, wanted) in [
        ("code", serde_json::json!(code)),
        ("facility", serde_json::json!(FACILITY)),
        ("municipality", serde_json::json!("70327")),
        ("surveyed_on", serde_json::json!(DAY)),
        ("method", serde_json::json!("uav_photogrammetry")),
        ("horizontal_crs", serde_json::json!("EPSG:6316")),
        ("columns", serde_json::json!(64)),
        ("data_type", serde_json::json!("Float32")),
        ("valid_percent", serde_json::json!(100.0)),
        ("lowest_m", serde_json::json!(300.1875)),
        ("highest_m", serde_json::json!(323.8125)),
        ("mean_height_m", serde_json::json!(312.0)),
        ("original_name", serde_json::json!("raster-terrain.tif")),
        ("original_bytes", serde_json::json!(16752)),
    ] {
        assert_eq!(properties[name], wanted, "{name}");
    }
    // The area of 64 m × 64 m in a grid of scale 0.999995.
    let area_m2 = properties["area_m2"].as_f64().unwrap();
    assert!((area_m2 - 4096.04).abs() < 0.01, "{area_m2}");
    // cs2cs of the corner E 7588182, N 4881768, by EPSG:9486.
    let ring = feature["geometry"]["coordinates"][0][0].as_array().unwrap();
    let west = ring
        .iter()
        .map(|at| at[0].as_f64().unwrap())
        .fold(f64::MAX, f64::min);
    assert!((west - 22.095_51).abs() < 2e-5, "{west}");
    let original = properties["original_sha256"].as_str().unwrap();
    let kept = register.rasters().join(format!("originals/{original}.tif"));
    assert_eq!(
        std::fs::read(kept).unwrap(),
        std::fs::read(fixture("raster-terrain.tif")).unwrap()
    );
}

#[test]
fn a_survey_that_comes_again_makes_a_revision_only_when_it_says_something_else() {
    let register = Register::of(&Database::loaded());
    let revisions = || register.database.query("select count(*) from revision");
    let tried = register.accept("raster-terrain.tif", "dem", &["--dry-run"]);
    assert!(
        tried.contains("Dry run, nothing was changed: 1 new"),
        "{tried}"
    );
    assert!(!register.rasters().exists(), "a trial writes nothing");
    register.accept("raster-terrain.tif", "dem", &[]);
    let (before, files) = (revisions(), register.files());
    assert_eq!(files.len(), 2);
    let again = register.accept("raster-terrain.tif", "dem", &[]);
    assert!(again.contains("Nothing to change"), "{again}");
    assert_eq!(
        (revisions(), register.files()),
        (before.clone(), files.clone())
    );

    let changed = register.accept("raster-terrain.tif", "dem", &["--method", "lidar"]);
    assert!(changed.contains("method: unknown -> lidar"), "{changed}");
    assert_ne!(revisions(), before);
    assert_eq!(register.files(), files);

    let digest = "select original_sha256 from survey";
    let first = register.database.query(digest);
    let replaced = register.accept("raster-float64.tif", "dem", &[]);
    assert!(replaced.contains("1 changed"), "{replaced}");
    let kept = "select count(*) from survey_history where original_sha256 = ";
    assert_ne!(register.database.query(digest), first);
    assert_eq!(register.database.query(&format!("{kept}'{first}'")), "2");
    assert_eq!(register.files().len(), 4, "the former files stay");
}
