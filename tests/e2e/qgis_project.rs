//! The project that the service offers, opened in QGIS.

use serde_json::Value;

use crate::clients::client;
use crate::database::Database;
use crate::process::{project, succeed};
use crate::service::Service;

/// The picture of the project over the demonstration data; `UPDATE_PICTURES` in the environment has it
/// written anew.
const STORED: &str = "tests/e2e/qgis_project.png";
/// A district that is filled or missing, or symbols that are, change more than this (of 255).
const MOST_DIFFERENCE: f64 = 1.5;

/// What QGIS makes of the project.
pub fn opened(service: &Service, lang: &str) -> Value {
    let stored = project().join(STORED);
    let folder = tempfile::tempdir().unwrap();
    let drawn = folder.path().join("project.png");
    let mut python = client("/usr/bin/python3", "python3");
    let output = succeed(
        python
            .arg(project().join("tests/e2e/qgis_project.py"))
            .args([&service.url, lang])
            .args([&drawn, &stored]),
    );
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        std::fs::copy(&drawn, &stored).unwrap();
    }
    let json = output.lines().rev().find(|line| line.starts_with('{'));
    serde_json::from_str(json.unwrap_or(&output)).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn qgis_opens_the_project_with_every_layer() {
    let service = Service::on(Database::loaded());
    let seen = opened(&service, "sr-Latn");
    assert_eq!(seen["crs"], "EPSG:32634", "{seen}");
    assert_eq!(seen["title"], "Katastar rudarskog otpada");
    assert_eq!(seen["errors"].as_array().unwrap().len(), 0, "{seen}");
    let layers = seen["layers"].as_object().unwrap();
    for (id, layer) in layers {
        assert_eq!(layer["valid"], true, "{id}: {layer}");
    }
    for id in service.layers() {
        let layer = &layers[&format!("cadastre_{id}")];
        let count = service.json(&format!("collections/{id}?f=json"))["itemCount"].clone();
        assert_eq!(layer["count"], count, "{id}");
        titles_are_those_of_the_schema(&service, &id, layer);
    }
    let facilities = &layers["cadastre_facilities"];
    assert_eq!(facilities["is_labelled"], true);
    assert_eq!(
        facilities["labels"]["facility_type"]["Flotacijsko jalovište"],
        "tailings_pond"
    );
    let page = facilities["actions"][0].as_str().unwrap();
    let page = page.replace("[% \"code\" %]", "RS-70327-001");
    assert_eq!(
        service.get(&page[service.url.len()..]).status,
        200,
        "{page}"
    );
    for (id, valid) in seen["relations"].as_object().unwrap() {
        assert_eq!(valid, true, "{id}");
    }
    assert_eq!(seen["relations"]["incidents_facility"], true);
    assert!(seen["groups"]["Rudarski otpad"].as_array().unwrap().len() >= 2);
    // The layers of features and the tiles show the same.
    for picture in [&seen["picture"], &seen["tiles"]] {
        assert!(number(&picture["painted"]) > 0.1, "{picture}");
        let difference = number(&picture["difference"]);
        assert!(
            difference < MOST_DIFFERENCE,
            "{difference}: look at it, see UPDATE_PICTURES"
        );
    }
    connections_are_imported(&service, &seen["connections"]);
}

fn titles_are_those_of_the_schema(service: &Service, id: &str, layer: &Value) {
    let schema = service.json(&format!("collections/{id}/schema?f=json&lang=sr-Latn"));
    for (field, title) in layer["titles"].as_object().unwrap() {
        let known = &schema["properties"][field]["title"];
        assert_eq!(title, known, "{id}.{field}");
    }
}

fn connections_are_imported(service: &Service, connections: &Value) {
    let name = "Katastar rudarskog otpada";
    let features = &connections["connections.xml"];
    assert_eq!(features[format!("{name}/url")], service.url.as_str());
    assert_eq!(features[format!("{name}/version")], "OGC_API_FEATURES");
    let tiles = &connections["vector-tiles.xml"];
    assert_eq!(
        tiles[format!("{name}/url")],
        format!("{}tiles/xyz/{{z}}/{{x}}/{{y}}", service.url)
    );
    let style = tiles[format!("{name}/styleUrl")].as_str().unwrap();
    assert_eq!(
        service.get(&style[service.url.len()..]).status,
        200,
        "{style}"
    );
}
