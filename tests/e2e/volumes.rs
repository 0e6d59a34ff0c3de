//! Changes of volume by command. What came is a prism over an outline, whose area PostGIS measures.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::database::Database;
use crate::process::{Finished, run, succeed};
use crate::survey::accept;

const FACILITY: &str = "RS-70327-901";
const CODE: &str = "RS-70327-901-volume-before-after";
/// The south-western corner of the models, degrees; cells of a fifty-thousandth of a degree.
const WEST: f64 = 22.049;
const SOUTH: f64 = 44.049;
const CELL: f64 = 0.00002;
const CELLS: u32 = 200;

/// A register with a facility and two models of its terrain: three metres came inside the outline.
struct Register {
    database: Database,
    home: tempfile::TempDir,
}

impl Register {
    fn start() -> Self {
        let register = Self {
            database: Database::loaded(),
            home: tempfile::tempdir().unwrap(),
        };
        let outline = register.file(
            "outline.geojson",
            &format!(
                r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties":
                {{"code": "{FACILITY}", "name": "Ново јаловиште", "facility_type": "tailings_pond"}},
                "geometry": {}}}]}}"#,
                square(22.05, 44.05, 22.052, 44.052)
            ),
        );
        accept(&register.database, &outline, &[]);
        register.model('a', "before", "2023-05-01", |_, _| 0.0);
        register.model('b', "after", "2024-05-01", |lon, lat| {
            let inside = (22.05..22.052).contains(&lon) && (44.05..44.052).contains(&lat);
            if inside { 3.0 } else { 0.0 }
        });
        register
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Puts a model into the register: hills, and what is added to them.
    fn model(&self, letter: char, code: &str, day: &str, added: impl Fn(f64, f64) -> f64) {
        let mut grid = format!(
            "ncols {CELLS}\nnrows {CELLS}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize {CELL}\n"
        );
        for row in 0..CELLS {
            for column in 0..CELLS {
                let lon = WEST + (f64::from(column) + 0.5) * CELL;
                let lat = SOUTH + (f64::from(CELLS - row) - 0.5) * CELL;
                let hills = 8.0 * (lon * 9e3).sin() * (lat * 8e3).cos() + lon * 1e3 - lat * 200.0;
                write!(grid, "{:.5} ", hills + added(lon, lat)).unwrap();
            }
            grid.push('\n');
        }
        let heights = self.file("heights.asc", &grid);
        let images = self.rasters().join("images");
        std::fs::create_dir_all(&images).unwrap();
        let digest = letter.to_string().repeat(64);
        let image = images.join(format!("{digest}.tif"));
        succeed(
            Command::new("gdal_translate")
                .args(["-q", "-of", "COG", "-a_srs", "EPSG:4326", "-ot", "Float32"])
                .args([&heights, &image]),
        );
        let (east, north) = (WEST + 0.004, SOUTH + 0.004);
        self.database.query(&format!(
            "with made as (insert into revision (made_at, author, means, layer) \
             values (now(), 'test', 'command', 'surveys') returning id) \
             insert into survey (code, facility, kind, surveyed_on, horizontal_crs, vertical_datum, \
             image_sha256, footprint, revision, updated_at, first_revision) \
             select '{code}', '{FACILITY}', 'dtm', '{day}', 'EPSG:4326', 'srb_vrs12', '{digest}', \
             st_multi(st_makeenvelope({WEST}, {SOUTH}, {east}, {north}, 4326)), id, now(), id from made"
        ));
    }

    fn rasters(&self) -> PathBuf {
        self.home.path().join("rasters")
    }

    fn volume(&self, arguments: &[&str]) -> Finished {
        let mut command = self.database.cadastre();
        command
            .env("CADASTRE_RASTERS", self.rasters())
            .args([
                "volume",
                "--from",
                "before",
                "--to",
                "after",
                "--facility",
                FACILITY,
            ])
            .args(arguments);
        run(&mut command)
    }

    fn accepted(&self, arguments: &[&str]) -> String {
        let finished = self.volume(arguments);
        assert!(
            finished.status.success(),
            "{arguments:?}: {}",
            finished.output
        );
        finished.output
    }

    fn number(&self, sql: &str) -> f64 {
        self.database.query(sql).parse().unwrap()
    }

    /// The files that the library keeps of differences.
    fn differences(&self) -> usize {
        let folder = self.rasters().join("differences");
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }
}

fn square(west: f64, south: f64, east: f64, north: f64) -> String {
    format!(
        r#"{{"type": "Polygon", "coordinates": [[[{west}, {south}], [{east}, {south}],
        [{east}, {north}], [{west}, {north}], [{west}, {south}]]]}}"#
    )
}

fn within(got: f64, wanted: f64) {
    assert!((got / wanted - 1.0).abs() < 0.001, "{got} is not {wanted}");
}

#[test]
fn a_change_of_volume_is_told_and_kept_once() {
    let register = Register::start();
    let dry = register.accepted(&["--dry-run"]);
    assert!(dry.contains("Nothing was stored."), "{dry}");
    assert_eq!(
        register
            .database
            .query("select count(*) from volume_change"),
        "0"
    );
    assert_eq!(register.differences(), 0);

    let first = register.accepted(&["--level-of-detection", "0.1"]);
    assert!(
        first.starts_with("The facility RS-70327-901 grew by ")
            && first.contains(" (95 %) between 2023-05-01 and 2024-05-01."),
        "{first}"
    );
    assert!(
        first.contains(&format!("Stored as the finding {CODE} in revision ")),
        "{first}"
    );
    let area = "(select st_area(outline::geography) from facility where code = 'RS-70327-901')";
    let finding = format!("from volume_change where code = '{CODE}'");
    within(
        register.number(&format!("select net_m3 / {area} {finding}")),
        3.0,
    );
    within(
        register.number(&format!("select compared_area_m2 / {area} {finding}")),
        1.0,
    );
    within(
        register.number(&format!(
            "select st_area(compared_area::geography) / {area} {finding}"
        )),
        1.0,
    );
    assert_eq!(register.differences(), 1);

    let revisions = register.database.query("select max(id) from revision");
    let again = register.accepted(&["--level-of-detection", "0.1", "--lang", "sr-Latn"]);
    assert!(
        again.contains(&format!("Nalaz {CODE} je u registru već takav.")),
        "{again}"
    );
    assert_eq!(
        register.database.query("select max(id) from revision"),
        revisions
    );
    assert_eq!(register.differences(), 1);
    assert_eq!(
        std::fs::read_dir(register.rasters().join("incoming"))
            .unwrap()
            .count(),
        1
    );
}

#[test]
fn a_mask_is_read_from_a_file_and_results_are_written_to_files() {
    let register = Register::start();
    let mask = register.file("water.geojson", &square(22.05, 44.05, 22.051, 44.052));
    let out = |name: &str| register.home.path().join(name);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let [tif, svg, json] = ["out.tif", "out.svg", "out.json"].map(|name| text(&out(name)));
    let told = register.accepted(&[
        "--exclude",
        &text(&mask),
        "--co-register",
        "--difference",
        &tif,
        "--picture",
        &svg,
        "--report",
        &json,
    ]);
    assert!(told.contains("Excluded "), "{told}");
    let report = std::fs::read_to_string(&json).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let half = "select st_area(outline::geography) / 2 from facility where code = 'RS-70327-901'";
    let half = register.number(half);
    within(report["change"]["excluded_area_m2"].as_f64().unwrap(), half);
    within(report["change"]["net_m3"].as_f64().unwrap(), 3.0 * half);
    let excluded = report["parameters"]["excluded"].as_str().unwrap();
    assert!(
        excluded.starts_with("water.geojson (SHA-256 "),
        "{excluded}"
    );
    let info = succeed(Command::new("gdalinfo").args(["-stats", &tif]));
    assert!(
        info.contains("Size is 100, 100") && info.contains("NoData Value=-9999"),
        "{info}"
    );
    assert!(info.contains("STATISTICS_MEAN=3"), "{info}");
    assert!(
        std::fs::read_to_string(&svg)
            .unwrap()
            .contains("The facility RS-70327-901 grew by")
    );
}

#[test]
fn what_cannot_be_compared_is_refused_and_nothing_is_kept() {
    let register = Register::start();
    let points = register.file(
        "points.geojson",
        r#"{"type": "Point", "coordinates": [22.05, 44.05]}"#,
    );
    let broken = register.file("broken.geojson", "{");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (points, broken) = (text(&points), text(&broken));
    let cases: [(&[&str], i32, &str); 6] = [
        (&["--from", "after", "--to", "before"], 3, "exchange them"),
        (&["--from", "nothing"], 1, "there is no survey nothing"),
        (
            &["--facility", "RS-70327-001"],
            1,
            "there is no outline of the facility RS-70327-001",
        ),
        (&["--exclude", &points], 1, "no layer of polygons"),
        (&["--exclude", &broken], 1, "broken.geojson was not read"),
        (&["--level-of-detection=-1"], 2, "from 0 to 100"),
    ];
    for (arguments, status, words) in cases {
        let mut command = register.database.cadastre();
        command
            .env("CADASTRE_RASTERS", register.rasters())
            .arg("volume");
        let defaults = [
            ("--from", "before"),
            ("--to", "after"),
            ("--facility", FACILITY),
        ];
        for (name, default) in defaults {
            if !arguments.contains(&name) {
                command.args([name, default]);
            }
        }
        let finished = run(command.args(arguments));
        assert_eq!(
            finished.status.code(),
            Some(status),
            "{arguments:?}: {}",
            finished.output
        );
        assert!(
            finished.output.contains(words),
            "{arguments:?}: {}",
            finished.output
        );
    }
    assert_eq!(
        register
            .database
            .query("select count(*) from volume_change"),
        "0"
    );
    assert_eq!(register.differences(), 0);
}
