//! What every client is asked, whichever program it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::database::Database;
use crate::process::{is_installed, project, succeed};
use crate::service::Service;

/// A box around Bor, with sides that no feature of the demonstration data touches.
pub const BOX: [&str; 4] = ["21.901", "43.901", "22.401", "44.301"];

/// A layer as it has to arrive.
pub struct Expected {
    pub layer: &'static str,
    pub geometry: &'static str,
    pub count: i64,
}

const fn expected(layer: &'static str, geometry: &'static str, count: i64) -> Expected {
    Expected {
        layer,
        geometry,
        count,
    }
}

/// All layers of the service with the demonstration data and the example survey, which adds one
/// facility with an outline, and its three dams. Municipalities come without boundaries.
pub const LAYERS: [Expected; 7] = [
    expected("facilities", "Point", 86),
    expected("facility_outlines", "MultiPolygon", 1),
    expected("dams", "LineString", 3),
    expected("incidents", "Point", 13),
    expected("districts", "MultiPolygon", 30),
    expected("municipalities", "none", 168),
    expected("statistical_regions", "MultiPolygon", 5),
];

/// The fields that are not text, with the type that QGIS gives them. The version in Debian 12 looks
/// at the first ten features instead of the schema: a field that is unknown in all ten becomes text (`crest_level_m`, `area_m2`, `volume_m3`, `mass_t` and `surveyed_on` of the
/// facilities). A whole number is one of 32 bits until one is larger.
pub fn typed_fields(layer: &str) -> &'static [(&'static str, &'static str)] {
    match layer {
        "facilities" => &[
            ("commodities", "StringList"),
            ("in_scope", "Boolean"),
            ("height_m", "Real"),
            ("start_year", "Integer"),
            ("end_year", "Integer"),
            ("location_accuracy_m", "Real"),
            ("unofficial", "Boolean"),
            ("revision", "Integer"),
            ("updated_at", "DateTime"),
        ],
        "facility_outlines" => &[
            ("height_m", "Real"),
            ("area_m2", "Real"),
            ("volume_m3", "Real"),
            ("surveyed_on", "Date"),
            ("revision", "Integer"),
            ("updated_at", "DateTime"),
        ],
        "dams" => &[
            ("height_m", "Real"),
            ("crest_level_m", "Real"),
            ("surveyed_on", "Date"),
            ("revision", "Integer"),
            ("updated_at", "DateTime"),
        ],
        "incidents" => &[
            ("occurred_on", "Date"),
            ("occurred_year", "Integer"),
            ("location_accuracy_m", "Real"),
            ("unofficial", "Boolean"),
            ("revision", "Integer"),
            ("updated_at", "DateTime"),
        ],
        _ => &[("revision", "Integer"), ("updated_at", "DateTime")],
    }
}

/// The fields of a layer as the service's own schema names them, in its order.
pub fn field_names(service: &Service, layer: &str) -> Vec<String> {
    let schema = service.json(&format!("collections/{layer}/schema"));
    let names = schema["properties"].as_object().unwrap().keys();
    names
        .filter(|name| !["id", "geometry"].contains(&name.as_str()))
        .cloned()
        .collect()
}

/// Checks names and types of the fields that QGIS sees, which guesses them from ten features.
pub fn assert_guessed_fields(service: &Service, layer: &str, seen: &BTreeMap<String, String>) {
    let mut names = field_names(service, layer);
    names.sort();
    assert_eq!(seen.keys().cloned().collect::<Vec<_>>(), names, "{layer}");
    let typed: BTreeMap<_, _> = typed_fields(layer).iter().copied().collect();
    for (name, seen) in seen {
        let wanted = typed.get(name.as_str()).copied().unwrap_or("String");
        assert_eq!(seen, wanted, "{layer}.{name}");
    }
}

/// Checks names and types of the fields that GDAL sees, which reads them from the schema: the type
/// is right even where no feature has a value.
pub fn assert_described_fields(service: &Service, layer: &str, seen: &BTreeMap<String, String>) {
    let schema = service.json(&format!("collections/{layer}/schema"));
    let described = schema["properties"].as_object().unwrap().iter();
    let fields = described.filter(|(name, _)| !["id", "geometry"].contains(&name.as_str()));
    let wanted: BTreeMap<String, String> = fields
        .map(|(name, field)| {
            let kind = match (field["type"].as_str(), field["format"].as_str()) {
                (Some("string"), Some("date")) => "Date",
                (Some("string"), Some("date-time")) => "DateTime",
                (Some("number"), _) => "Real",
                (Some("integer"), _) => "Integer",
                (Some("boolean"), _) => "Boolean",
                (Some("array"), _) => "StringList",
                _ => "String",
            };
            (name.clone(), kind.to_owned())
        })
        .collect();
    assert_eq!(seen, &wanted, "{layer}");
}

/// The box around all coordinates of a file of the demonstration data: west, south, east, north.
pub fn extent_in_file(name: &str) -> [f64; 4] {
    let text = std::fs::read_to_string(project().join("data").join(name)).unwrap();
    let mut extent = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    let document: Value = serde_json::from_str(&text).unwrap();
    for feature in document["features"].as_array().unwrap() {
        widen(&mut extent, &feature["geometry"]["coordinates"]);
    }
    extent
}

fn widen(extent: &mut [f64; 4], coordinates: &Value) {
    let items = coordinates.as_array().unwrap();
    let [Some(x), Some(y)] = [
        items[0].as_f64(),
        items[1..].first().and_then(Value::as_f64),
    ] else {
        return items.iter().for_each(|item| widen(extent, item));
    };
    *extent = [
        extent[0].min(x),
        extent[1].min(y),
        extent[2].max(x),
        extent[3].max(y),
    ];
}

/// Longitude and latitude of each facility in data/facilities.csv, its last two columns.
pub fn places_in_file() -> BTreeMap<String, [f64; 2]> {
    let text = std::fs::read_to_string(project().join("data/facilities.csv")).unwrap();
    let places = text.lines().skip(1).map(|line| {
        let mut last = line.rsplit(',').map(|number| number.parse().unwrap());
        let (latitude, longitude) = (last.next().unwrap(), last.next().unwrap());
        (
            line.split(',').next().unwrap().to_owned(),
            [longitude, latitude],
        )
    });
    places.collect()
}

/// Whether two places are the same to a centimetre.
pub fn is_same_place(one: &[f64], other: &[f64]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| (one - other).abs() < 1e-7)
}

/// The features that have a geometry. The service counts one without as inside every box; clients
/// look again themselves, and do not.
pub fn placed(features: Vec<(i64, Value)>) -> impl Iterator<Item = (i64, Value)> {
    features
        .into_iter()
        .filter(|(_, feature)| !feature["geometry"].is_null())
}

/// A service with something in every layer.
pub fn service_with_all_layers() -> Service {
    let database = Database::loaded();
    let survey = project().join("data/example-survey/example-survey.zip");
    for layer in ["facilities", "dams"] {
        succeed(
            database
                .cadastre()
                .arg("import")
                .arg(&survey)
                .args(["--layer", layer]),
        );
    }
    Service::on(database)
}

/// How many facilities take three pages of QGIS, which asks for a thousand at a time.
pub const MANY: usize = 2500;

/// A service with [`MANY`] facilities.
pub fn service_with_many_facilities() -> Service {
    let database = Database::migrated();
    let mut table = "code,name,facility_type,longitude,latitude\n".to_owned();
    for number in 0..MANY {
        let (east, north) = (number % 50, number / 50);
        writeln!(
            table,
            "RS-70327-{number:04},Јаловиште {number},tailings_pond,21.{:03},44.{:03}",
            500 + east,
            north
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facilities.csv");
    std::fs::write(&file, table).unwrap();
    succeed(database.cadastre().arg("import").arg(&file));
    Service::on(database)
}

/// A client program that asks the service directly, whatever proxy the machine has.
pub fn client(program: &str, package: &str) -> Command {
    assert!(
        is_installed(program) || std::path::Path::new(program).exists(),
        "{program} is not installed; install the package {package}, or all that the tests need \
         with docker/install-packages.sh test"
    );
    let mut command = Command::new(program);
    command
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    command
}
