//! Vector tiles and styles as GDAL and QGIS read them.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use serde_json::Value;

use crate::clients::{client, placed};
use crate::database::Database;
use crate::process::{project, succeed};
use crate::service::Service;

/// A tile around Bor: zoom, column, row.
const TILE: (u32, u32, u32) = (7, 71, 46);
/// A place in the plain, far from every facility of the demonstration data.
const NOWHERE: (f64, f64) = (20.3, 45.95);

/// Codes and places of the facilities that a service says lie in the tile.
fn in_tile(service: &Service) -> BTreeMap<String, (f64, f64)> {
    let (zoom, column, row) = TILE;
    let tiles = f64::from(1_u32 << zoom);
    let longitude = |column: u32| (f64::from(column) / tiles - 0.5) * 360.0;
    let latitude = |row: u32| {
        let y = PI * (1.0 - 2.0 * f64::from(row) / tiles);
        y.sinh().atan().to_degrees()
    };
    let (west, east) = (longitude(column), longitude(column + 1));
    let (south, north) = (latitude(row + 1), latitude(row));
    let path = format!(
        "collections/facilities/items?limit=1000&bbox={west:.9},{south:.9},{east:.9},{north:.9}"
    );
    let items = placed(service.features(&path));
    items.map(|(_, item)| code_and_place(&item)).collect()
}

fn code_and_place(feature: &Value) -> (String, (f64, f64)) {
    let code = feature["properties"]["code"].as_str().unwrap().to_owned();
    let place = &feature["geometry"]["coordinates"];
    (
        code,
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap()),
    )
}

#[test]
fn gdal_finds_the_items_of_the_box_in_the_tile() {
    let service = Service::on(Database::loaded());
    let (zoom, column, row) = TILE;
    let path = format!("collections/facilities/tiles/xyz/{zoom}/{column}/{row}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tile.mvt");
    std::fs::write(&file, service.get(&path).body).unwrap();
    let mut ogr2ogr = client("ogr2ogr", "gdal-bin");
    ogr2ogr
        .args(["-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/"])
        .arg(&file)
        .arg("facilities");
    for (name, number) in [("X", column), ("Y", row), ("Z", zoom)] {
        ogr2ogr.args(["-oo", &format!("{name}={number}")]);
    }
    let decoded: Value = serde_json::from_str(&succeed(&mut ogr2ogr)).unwrap();
    let decoded = decoded["features"].as_array().unwrap().iter();
    let decoded: BTreeMap<_, _> = decoded.map(code_and_place).collect();
    let items = in_tile(&service);
    assert!(items.len() > 10, "{items:?}");
    assert_eq!(
        decoded.keys().collect::<Vec<_>>(),
        items.keys().collect::<Vec<_>>()
    );
    // A position of the tile is 360 / 128 / 4096 degrees of longitude.
    for (code, place) in items {
        let (dx, dy) = (place.0 - decoded[&code].0, place.1 - decoded[&code].1);
        assert!(dx.abs() < 7e-4 && dy.abs() < 7e-4, "{code}");
    }
}

fn qgis(service: &Service, (longitude, latitude): (f64, f64)) -> Value {
    let script = project().join("tests/e2e/qgis_vector_tiles.py");
    let place = [longitude.to_string(), latitude.to_string()];
    let mut python = client("/usr/bin/python3", "python3");
    let output = succeed(python.arg(script).args([&service.url, "12"]).args(place));
    let json = output.lines().rev().find(|line| line.starts_with('{'));
    serde_json::from_str(json.unwrap()).unwrap()
}

#[test]
fn qgis_draws_the_tiles_and_takes_the_styles() {
    let service = Service::on(Database::loaded());
    let place = *in_tile(&service).values().next().unwrap();
    let there = qgis(&service, place);
    let number = |value: &Value| value.as_i64().unwrap();
    assert_eq!(there["tiles"]["valid"], true, "{there}");
    assert!(number(&there["tiles"]["middle"]) > 4, "{there}");
    let nowhere = qgis(&service, NOWHERE);
    assert_eq!(nowhere["tiles"]["valid"], true);
    assert_eq!(number(&nowhere["tiles"]["middle"]), 0, "{nowhere}");
    let count = number(&service.json("collections/facilities?f=json")["itemCount"]);
    for (theme, styles) in there["styles"].as_object().unwrap() {
        let qml = &styles["qml"];
        assert_eq!(qml["taken"], true, "{theme}: {qml}");
        let classes: BTreeMap<String, i64> =
            serde_json::from_value(qml["classes"].clone()).unwrap();
        assert_eq!(classes.values().sum::<i64>(), count, "{theme}: {qml}");
        assert_eq!(classes, wanted(&service, theme), "{theme}");
        if theme != "completeness" {
            assert_eq!(styles["sld"]["taken"], true, "{theme}: {styles}");
            assert_eq!(
                styles["sld"]["classes"], qml["classes"],
                "{theme}: {styles}"
            );
        }
    }
}

/// How many facilities the tiles have in each class of a legend. Only those of some tile are counted
/// there, so those without a place are asked of the items, where the field is in both.
fn wanted(service: &Service, theme: &str) -> BTreeMap<String, i64> {
    let legend = service.json(&format!("styles/{theme}/legend?lang=en&f=json"));
    let mut counts = BTreeMap::new();
    let facilities = service.features("collections/facilities/items?limit=1000");
    for (_, facility) in facilities {
        let value = value(theme, &facility["properties"]);
        let classes = legend["classes"].as_array().unwrap();
        let class = classes.iter().find(|class| holds(class, &value)).unwrap();
        let label = class["label"].as_str().unwrap().to_owned();
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// The value of a theme from the fields of an item.
fn value(theme: &str, fields: &Value) -> Value {
    match theme {
        "type" => fields["facility_type"].clone(),
        "status" => fields["status"].clone(),
        "volume" => fields["volume_m3"].clone(),
        "category" if fields["in_scope"] == false => "outside_scope".into(),
        // Of the codes of the demonstration data.
        "category" if fields["waste_code"] == "010304" || fields["waste_code"] == "110202" => {
            "a".into()
        }
        "category" => "undetermined".into(),
        _ => {
            let asked = [
                "facility_type",
                "status",
                "operator",
                "municipality",
                "waste_code",
                "in_scope",
                "height_m",
                "area_m2",
                "volume_m3",
                "mass_t",
                "start_year",
            ];
            let known = |name: &&&str| !fields[**name].is_null() && fields[**name] != "unknown";
            (asked.iter().filter(known).count() * 100 / asked.len()).into()
        }
    }
}

fn holds(class: &Value, value: &Value) -> bool {
    if class["unknown"] == true {
        return value.is_null() || *value == "unknown";
    }
    if let Some(code) = class["code"].as_str() {
        return *value == code;
    }
    let number = value.as_f64();
    let from = class["from"].as_f64().unwrap_or(f64::MIN);
    let below = class["below"].as_f64().unwrap_or(f64::MAX);
    number.is_some_and(|number| from <= number && number < below)
}
