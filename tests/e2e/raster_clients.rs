//! A survey as GDAL and QGIS read it from the service: its image by ranges, its tiles as pictures. The
//! values are those of the file that was imported.

use std::f64::consts::PI;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use geodesy::{Crs, Transformer};
use serde_json::Value;

use crate::clients::client;
use crate::database::Database;
use crate::process::{project, succeed};
use crate::qgis_project;
use crate::service::Service;

/// A facility of the demonstration data near Bor.
const FACILITY: &str = "RS-70327-011";
/// The north-western corner of the survey in EPSG:6316; its cells are of 1 m.
const WEST: f64 = 7_587_800.0;
const NORTH: f64 = 4_882_200.0;
/// Columns and rows.
const SIDE: u32 = 1024;

/// The ground: a slope with hills of 3 m.
fn ground(east: f64, north: f64) -> f64 {
    let (x, y) = (east - WEST, NORTH - north);
    380.0 + 0.02 * x + 0.01 * y + 3.0 * (x / 40.0).sin() * (y / 55.0).cos()
}

/// The centre of a cell.
fn centre(column: u32, row: u32) -> (f64, f64) {
    (WEST + f64::from(column) + 0.5, NORTH - f64::from(row) - 0.5)
}

/// A service with the survey, and the file that it came from.
struct Served {
    service: Service,
    source: PathBuf,
    image: PathBuf,
    /// The address of the survey, without a slash at the end.
    url: String,
    _home: tempfile::TempDir,
}

fn served() -> Served {
    let home = tempfile::tempdir().unwrap();
    let source = home.path().join("terrain.tif");
    make(&source);
    let database = Database::loaded();
    let rasters = home.path().join("rasters");
    let with_rasters = |arguments: &[&str]| {
        let mut command = database.cadastre();
        command.env("CADASTRE_RASTERS", &rasters).args(arguments);
        command
    };
    let arguments = [
        "import",
        source.to_str().unwrap(),
        "--facility",
        FACILITY,
        "--kind",
        "dtm",
        "--surveyed",
        "2024-05-31",
        "--vertical-datum",
        "srb_vrs12",
    ];
    succeed(&mut with_rasters(&arguments));
    let id = database.query("select id from survey");
    let digest = database.query("select image_sha256 from survey");
    let service = Service::start_over(
        &mut with_rasters(&["serve", "--listen", "127.0.0.1:0"]),
        database,
    );
    Served {
        url: format!("{}collections/surveys/items/{id}", service.url),
        image: rasters.join(format!("images/{digest}.tif")),
        service,
        source,
        _home: home,
    }
}

fn make(path: &Path) {
    let mut grid = format!(
        "ncols {SIDE}\nnrows {SIDE}\nxllcorner {WEST}\nyllcorner {}\ncellsize 1\nnodata_value -9999\n",
        NORTH - f64::from(SIDE)
    );
    for row in 0..SIDE {
        for column in 0..SIDE {
            let (east, north) = centre(column, row);
            write!(grid, "{:.4} ", ground(east, north)).unwrap();
        }
        grid.push('\n');
    }
    let text = path.with_extension("asc");
    std::fs::write(&text, grid).unwrap();
    let mut translate = Command::new("gdal_translate");
    succeed(
        translate
            .args(["-q", "-a_srs", "EPSG:6316"])
            .args([&text, path]),
    );
}

/// Cells in corners, on the seams of tiles, and in between.
const CELLS: [(u32, u32); 6] = [
    (0, 0),
    (1023, 1023),
    (511, 512),
    (512, 511),
    (300, 700),
    (777, 123),
];

fn gdal(program: &str, arguments: &[&str]) -> String {
    let mut command = client(program, "gdal-bin");
    command
        .env("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")
        .env("CPL_VSIL_SHOW_NETWORK_STATS", "YES");
    succeed(command.args(arguments))
}

fn value_at(file: &str, (column, row): (u32, u32)) -> f64 {
    let (column, row) = (column.to_string(), row.to_string());
    let output = gdal("gdallocationinfo", &["-valonly", file, &column, &row]);
    output.lines().next().unwrap().trim().parse().unwrap()
}

#[test]
fn gdal_reads_a_few_parts_of_the_image_and_finds_the_values_of_the_source() {
    let served = served();
    let address = format!("/vsicurl/{}/image.tif", served.url);
    let output = gdal("gdalinfo", &["-json", &address]);
    let (json, network) = output.split_once("Network statistics:").unwrap();
    let info: Value = serde_json::from_str(json).unwrap();
    assert_eq!(info["size"], serde_json::json!([SIDE, SIDE]));
    assert_eq!(info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"], "COG");
    assert!(!info["bands"][0]["overviews"].as_array().unwrap().is_empty());
    let wkt = info["coordinateSystem"]["wkt"].as_str().unwrap();
    assert!(wkt.contains("ID[\"EPSG\",6316]"), "{wkt}");
    let network: Value = serde_json::from_str(network).unwrap();
    let gets = &network["methods"]["GET"];
    assert!(gets["count"].as_u64().unwrap() <= 2, "{network}");
    let whole = std::fs::metadata(&served.image).unwrap().len();
    let heading = gets["downloaded_bytes"].as_u64().unwrap();
    assert!(heading * 10 < whole, "{heading} of {whole} bytes");
    for cell in CELLS {
        let read = value_at(&address, cell);
        let source = value_at(served.source.to_str().unwrap(), cell);
        assert!(
            (read - source).abs() < f64::EPSILON,
            "{cell:?}: {read}, {source}"
        );
        let (east, north) = centre(cell.0, cell.1);
        let path = format!("{}/height?point={east},{north}&crs=EPSG:6316", served.url);
        let answer = served
            .service
            .json(path.strip_prefix(&served.service.url).unwrap());
        let height = answer["height_m"].as_f64().unwrap();
        assert!((height - source).abs() < 0.000_6, "{cell:?}: {answer}");
    }
}

/// GDAL's own reading of the whole image, cell by cell.
#[test]
fn the_image_has_every_cell_of_the_source() {
    let served = served();
    let address = format!("/vsicurl/{}/image.tif", served.url);
    let checksum = |file: &str| {
        let info = gdal("gdalinfo", &["-json", "-checksum", file]);
        let json = info.split("Network statistics:").next().unwrap();
        let info: Value = serde_json::from_str(json).unwrap();
        info["bands"][0]["checksum"].as_u64().unwrap()
    };
    assert_eq!(
        checksum(&address),
        checksum(served.source.to_str().unwrap())
    );
    let original = served.service.get(
        format!("{}/original.tif", served.url)
            .strip_prefix(&served.service.url)
            .unwrap(),
    );
    assert_eq!(original.body, std::fs::read(&served.source).unwrap());
}

/// Side of the square of pixels that QGIS fetches.
const PIXELS: u32 = 64;

#[test]
fn qgis_reads_the_image_by_its_address_and_the_heights_out_of_tiles() {
    let served = served();
    let path = served.url.strip_prefix(&served.service.url).unwrap();
    let tilejson = served
        .service
        .json(&format!("{path}/tiles/terrain-rgb/tilejson.json"));
    let zoom = tilejson["maxzoom"].as_u64().unwrap();
    let tiles = tilejson["tiles"][0].as_str().unwrap();
    let (west, north, pixel) = corner(zoom);
    let mut arguments = vec![
        format!("{}/image.tif", served.url),
        tiles.to_owned(),
        zoom.to_string(),
        PIXELS.to_string(),
        west.to_string(),
        north.to_string(),
    ];
    for (column, row) in CELLS {
        let (east, north) = centre(column, row);
        arguments.extend([east.to_string(), north.to_string()]);
    }
    let seen = qgis(&arguments);
    assert_eq!(seen["image"]["valid"], true, "{seen}");
    assert_eq!(seen["image"]["crs"], "EPSG:6316");
    for (cell, value) in CELLS
        .iter()
        .zip(seen["image"]["values"].as_array().unwrap())
    {
        let source = value_at(served.source.to_str().unwrap(), *cell);
        let off = (value.as_f64().unwrap() - source).abs();
        // gdallocationinfo prints fifteen digits of a single-precision number.
        assert!(off < 1e-9, "{cell:?}: {value}, {source}");
    }
    assert_eq!(seen["tiles"]["valid"], true, "{seen}");
    let pixels = seen["tiles"]["pixels"].as_array().unwrap();
    assert_eq!(pixels.len(), (PIXELS * PIXELS) as usize);
    let to_grid = Transformer::from_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    for (at, seen) in (0..).zip(pixels) {
        let (x, y) = (
            west + (f64::from(at % PIXELS) + 0.5) * pixel,
            north - (f64::from(at / PIXELS) + 0.5) * pixel,
        );
        let (lon, lat) = lon_lat(x, y);
        let (east, north) = to_grid.transform(lon, lat).unwrap();
        let part = |at: usize| seen[at].as_f64().unwrap();
        let height = -10_000.0 + 0.1 * (65_536.0 * part(0) + 256.0 * part(1) + part(2));
        // Half a step of the packing, and a tenth of a cell on the steepest slope.
        let off = (height - ground(east, north)).abs();
        assert!(off < 0.05 + 0.01, "pixel {at}: {height}, off by {off}");
    }
}

const RADIUS_M: f64 = 6_378_137.0;

/// The north-western corner of a pixel near the middle of the survey, in Web Mercator, and its size.
#[test]
fn qgis_has_the_picture_of_a_survey_in_the_project() {
    let served = served();
    let seen = qgis_project::opened(&served.service, "en");
    let id = served.url.rsplit('/').next().unwrap();
    let picture = &seen["layers"][format!("cadastre_survey_{id}")];
    assert_eq!(picture["valid"], true, "{picture}");
    assert_eq!(picture["provider"], "wms");
    let surveys = seen["groups"]["Surveys"].as_array().unwrap();
    assert_eq!(
        surveys.len(),
        2,
        "the footprints and the picture: {surveys:?}"
    );
    let connections = seen["connections"]["surveys.xml"].as_object().unwrap();
    let templates = connections.values().filter_map(Value::as_str);
    let template = format!("{}/tiles/hillshade/xyz/{{z}}/{{x}}/{{y}}", served.url);
    assert_eq!(
        templates.filter(|one| *one == template).count(),
        1,
        "{connections:?}"
    );
}

fn corner(zoom: u64) -> (f64, f64, f64) {
    let to_wgs84 = Transformer::to_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let (east, north) = centre(SIDE / 2, SIDE / 2);
    let (lon, lat) = to_wgs84.transform(east, north).unwrap();
    let x = lon.to_radians() * RADIUS_M;
    let y = (PI / 4.0 + lat.to_radians() / 2.0).tan().ln() * RADIUS_M;
    let world = 2.0 * PI * RADIUS_M;
    let pixel = world / 256.0 / f64::powi(2.0, i32::try_from(zoom).unwrap());
    let column = ((x + world / 2.0) / pixel).floor();
    let row = ((world / 2.0 - y) / pixel).floor();
    (
        column * pixel - world / 2.0,
        world / 2.0 - row * pixel,
        pixel,
    )
}

fn lon_lat(x: f64, y: f64) -> (f64, f64) {
    let lat = 2.0 * (y / RADIUS_M).exp().atan() - PI / 2.0;
    ((x / RADIUS_M).to_degrees(), lat.to_degrees())
}

fn qgis(arguments: &[String]) -> Value {
    let script = project().join("tests/e2e/qgis_rasters.py");
    let mut python = client("/usr/bin/python3", "python3-qgis");
    let output = succeed(python.arg(script).args(arguments));
    // Plug-ins may talk before.
    let json = output.lines().rev().find(|line| line.starts_with('{'));
    serde_json::from_str(json.unwrap_or(&output))
        .unwrap_or_else(|error| panic!("{error} in {output}"))
}
