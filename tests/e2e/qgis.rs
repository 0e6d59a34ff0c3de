//! QGIS as a client, without its window.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clients::{
    BOX, LAYERS, MANY, assert_guessed_fields, client, extent_in_file, is_same_place, placed,
    places_in_file, service_with_all_layers, service_with_many_facilities,
};
use crate::process::{project, run, succeed};
use crate::service::Service;

/// QGIS is bound to the Python of the system.
const PYTHON: &str = "/usr/bin/python3";

/// What QGIS makes of these layers.
fn qgis(service: &Service, layers: &[&str]) -> Value {
    let installed = run(client(PYTHON, "python3").args(["-c", "import qgis.core"]));
    assert!(
        installed.status.success(),
        "QGIS is not there for Python; install the package python3-qgis, or all that the tests \
         need with docker/install-packages.sh test:\n{}",
        installed.output
    );
    let script = project().join("tests/e2e/qgis_layers.py");
    let output = succeed(
        client(PYTHON, "python3")
            .arg(script)
            .arg(&service.url)
            .args(BOX)
            .args(layers),
    );
    // Plug-ins may talk before.
    let json = output
        .lines()
        .rev()
        .find(|line| line.starts_with('{'))
        .unwrap_or(&output);
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {output}"))
}

fn codes(features: &Value) -> Vec<&str> {
    let mut codes: Vec<_> = features
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    codes.sort_unstable();
    codes
}

#[test]
fn qgis_reads_every_layer() {
    let service = service_with_all_layers();
    let names: Vec<_> = LAYERS.iter().map(|expected| expected.layer).collect();
    let all = qgis(&service, &names);
    for expected in LAYERS {
        let (layer, seen) = (expected.layer, &all[expected.layer]);
        assert_eq!(seen["valid"], true, "{layer}: {seen}");
        assert_eq!(seen["count"], expected.count, "{layer}");
        // Without a geometry in the first features the layer is a table.
        let is_table = expected.geometry == "none";
        let geometry = if is_table {
            "NoGeometry"
        } else {
            expected.geometry
        };
        assert_eq!(seen["geometry"], geometry, "{layer}");
        assert_eq!(
            seen["crs"],
            if is_table { "" } else { "EPSG:4326" },
            "{layer}"
        );
        let fields: BTreeMap<String, String> =
            serde_json::from_value(seen["fields"].clone()).unwrap();
        assert_guessed_fields(&service, layer, &fields);
        each_comes_once(seen, expected.count, layer);
        filters_as_the_service_does(&service, seen, layer);
    }
    for layer in ["districts", "statistical_regions"] {
        let extent: Vec<f64> = serde_json::from_value(all[layer]["extent"].clone()).unwrap();
        assert!(
            is_same_place(&extent, &extent_in_file(&format!("{layer}.geojson"))),
            "{extent:?}"
        );
    }
    places_are_those_of_the_file(&all["facilities"]["features"]);
}

fn each_comes_once(seen: &Value, count: i64, layer: &str) {
    let features = seen["features"].as_array().unwrap();
    let distinct: BTreeMap<_, _> = features
        .iter()
        .map(|feature| (feature[0].as_str().unwrap(), &feature[1]))
        .collect();
    assert_eq!(i64::try_from(features.len()).unwrap(), count, "{layer}");
    assert_eq!(distinct.len(), features.len(), "{layer}: some came twice");
}

fn filters_as_the_service_does(service: &Service, seen: &Value, layer: &str) {
    let path = format!(
        "collections/{layer}/items?limit=10000&bbox={}",
        BOX.join(",")
    );
    let code = |feature: &Value| feature["properties"]["code"].as_str().unwrap().to_owned();
    let mut direct: Vec<_> = placed(service.features(&path))
        .map(|(_, feature)| code(&feature))
        .collect();
    direct.sort_unstable();
    assert_eq!(codes(&seen["in_box"]), direct, "{layer} in the box");
}

fn places_are_those_of_the_file(features: &Value) {
    let mut wanted = places_in_file();
    for feature in features.as_array().unwrap() {
        let place: Vec<f64> = serde_json::from_value(feature[1].clone()).unwrap();
        if let Some(wanted) = wanted.remove(feature[0].as_str().unwrap()) {
            assert!(is_same_place(&place, &wanted), "{feature}: {wanted:?}");
        }
    }
    assert!(wanted.is_empty(), "not served: {wanted:?}");
}

#[test]
fn qgis_pages_without_loss_or_duplicates() {
    let service = service_with_many_facilities();
    let count = i64::try_from(MANY).unwrap();
    each_comes_once(
        &qgis(&service, &["facilities"])["facilities"],
        count,
        "facilities",
    );
}
