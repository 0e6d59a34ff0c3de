//! What leaves the service, read by GDAL, Python and QGIS: programs that share no code with it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::clients::{client, is_same_place, places_in_file, service_with_all_layers};
use crate::process::succeed;
use crate::service::Service;

/// The files that GDAL opens: format, ending, its driver, and what it calls the geometry of facilities.
const FILES: [(&str, &str, &str); 7] = [
    ("json", "geojson", "GeoJSON"),
    ("geojsonseq", "geojsons", "GeoJSONSeq"),
    ("fgb", "fgb", "FlatGeobuf"),
    ("gpkg", "gpkg", "GPKG"),
    ("shp", "shp.zip", "ESRI Shapefile"),
    ("kml", "kml", "LIBKML"),
    ("csv", "csv", "CSV"),
];

fn download(service: &Service, layer: &str, format: &str, file: &Path) {
    let answer = service.get(&format!("collections/{layer}/download/{format}"));
    assert_eq!(answer.status, 200, "{layer} {format}");
    assert!(answer.is_whole, "{layer} {format}");
    std::fs::write(file, answer.body).unwrap();
}

/// The features of a file as GDAL reads them, as GeoJSON.
fn features(file: &Path) -> Vec<Value> {
    // The table of styles beside the features is not one of them.
    let is_geopackage = file.extension().is_some_and(|ending| ending == "gpkg");
    let layer = file.file_stem().filter(|_| is_geopackage);
    // Not to standard output, where warnings go too.
    let copy = file.with_extension("copy.json");
    let mut command = client("ogr2ogr", "gdal-bin");
    command.args(["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9"]);
    succeed(command.arg(&copy).arg(file).args(layer));
    let document: Value = serde_json::from_slice(&std::fs::read(&copy).unwrap()).unwrap();
    std::fs::remove_file(copy).unwrap();
    document["features"].as_array().unwrap().clone()
}

/// The value of a property under its name or, in a shapefile, its first ten letters.
fn property<'f>(feature: &'f Value, name: &str) -> &'f Value {
    let properties = &feature["properties"];
    let short = &name[..name.len().min(10)];
    // Its reader for KML takes `name` for the element of that name.
    let capital = if name == "name" { "Name" } else { name };
    let names = [name, capital, short];
    let found = names.iter().find_map(|name| properties.get(name));
    found.unwrap_or(&Value::Null)
}

#[test]
fn gdal_reads_every_layer_in_every_format() {
    let service = service_with_all_layers();
    let folder = tempfile::tempdir().unwrap();
    for layer in [
        "facilities",
        "facility_outlines",
        "dams",
        "districts",
        "municipalities",
    ] {
        let wanted = service.features(&format!("collections/{layer}/items?limit=10000"));
        for (format, ending, driver) in FILES {
            let file = folder.path().join(format!("{layer}.{ending}"));
            download(&service, layer, format, &file);
            let summary = succeed(
                client("ogrinfo", "gdal-bin")
                    .args(["-ro", "-so", "-al"])
                    .arg(&file),
            );
            assert!(
                summary.contains(&format!("using driver `{driver}' successful")),
                "{summary}"
            );
            let seen = features(&file);
            assert_eq!(seen.len(), wanted.len(), "{layer} {format}");
            for (seen, (_, wanted)) in seen.iter().zip(&wanted) {
                same_feature(seen, wanted, &format!("{layer} {format}"));
            }
        }
    }
    places_are_those_of_the_inventory(&folder.path().join("facilities.gpkg"));
}

fn same_feature(seen: &Value, wanted: &Value, place: &str) {
    for name in ["code", "name"] {
        assert_eq!(property(seen, name), property(wanted, name), "{place}");
    }
    for name in ["height_m", "start_year", "updated_at", "source"] {
        let unknown = wanted["properties"].get(name).is_none_or(Value::is_null);
        let seen = property(seen, name);
        // A table of plain text has no other way to say that.
        let is_empty = seen.is_null() || (place.ends_with("csv") && seen == "");
        assert_eq!(is_empty, unknown, "{place}: {name} {seen}");
    }
    let numbers = |feature: &Value| {
        let mut numbers = Vec::new();
        collect(&feature["geometry"]["coordinates"], &mut numbers);
        numbers.sort_by(f64::total_cmp);
        numbers
    };
    let (seen, wanted) = (numbers(seen), numbers(wanted));
    assert_eq!(seen.len(), wanted.len(), "{place}");
    for (seen, wanted) in seen.iter().zip(&wanted) {
        assert!((seen - wanted).abs() <= 1.01e-7, "{place}: {seen} {wanted}");
    }
}

/// The coordinates of a geometry, however its rings begin and run.
fn collect(coordinates: &Value, numbers: &mut Vec<f64>) {
    match coordinates {
        Value::Array(items) => items.iter().for_each(|item| collect(item, numbers)),
        other => numbers.extend(other.as_f64()),
    }
}

fn places_are_those_of_the_inventory(file: &Path) {
    let places = places_in_file();
    for feature in features(file) {
        let code = property(&feature, "code").as_str().unwrap().to_owned();
        let Some(wanted) = places.get(&code) else {
            continue;
        };
        let place: Vec<f64> = feature["geometry"]["coordinates"]
            .as_array()
            .map(|numbers| numbers.iter().filter_map(Value::as_f64).collect())
            .unwrap_or_default();
        assert!(
            is_same_place(&place, wanted),
            "{code}: {place:?} {wanted:?}"
        );
    }
}

/// Types, index, titles, code lists and style of a GeoPackage.
#[test]
fn a_geopackage_is_whole() {
    let service = service_with_all_layers();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facilities.gpkg");
    download(&service, "facilities", "gpkg", &file);
    let summary = succeed(
        client("ogrinfo", "gdal-bin")
            .args(["-ro", "-so"])
            .arg(&file)
            .arg("facilities"),
    );
    for line in [
        "Geometry: Point",
        "FID Column = fid",
        "Geometry Column = geom",
        "in_scope: Integer(Boolean)",
        "height_m: Real",
        "surveyed_on: Date",
        "updated_at: DateTime",
        "start_year: Integer64",
        "ID[\"EPSG\",4326]",
        "domain name=facility_status",
    ] {
        assert!(summary.contains(line), "no `{line}` in {summary}");
    }
    let check = "import sqlite3, sys\n\
        db = sqlite3.connect(sys.argv[1])\n\
        one = lambda sql: db.execute(sql).fetchone()[0]\n\
        print(one('pragma integrity_check'), one('pragma foreign_key_check') if \
        db.execute('pragma foreign_key_check').fetchone() else 'ok', \
        one('select count(*) from rtree_facilities_geom') == \
        one('select count(*) from facilities where geom is not null'), \
        one(\"select count(*) from gpkg_extensions where extension_name = 'gpkg_rtree_index'\"))";
    let said = succeed(
        client("/usr/bin/python3", "python3")
            .args(["-c", check])
            .arg(&file),
    );
    assert_eq!(said.trim(), "ok ok True 1");
}

/// QGIS takes the style that lies in the file.
#[test]
fn qgis_takes_the_style_of_a_geopackage() {
    let service = service_with_all_layers();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facilities.gpkg");
    download(&service, "facilities", "gpkg", &file);
    let script = "import os, sys, tempfile\n\
        home = tempfile.mkdtemp()\n\
        os.environ.update(HOME=home, XDG_RUNTIME_DIR=home, QGIS_CUSTOM_CONFIG_PATH=home, \
        QT_QPA_PLATFORM='offscreen')\n\
        from qgis.core import QgsApplication, QgsVectorLayer\n\
        app = QgsApplication([], False)\n\
        app.initQgis()\n\
        layer = QgsVectorLayer(sys.argv[1] + '|layername=facilities', 'f', 'ogr')\n\
        field = layer.fields().indexOf('status')\n\
        print('QGIS', layer.isValid(), layer.featureCount(), layer.renderer().type(), \
        layer.renderer().classAttribute(), len(layer.renderer().categories()), \
        layer.attributeDisplayName(layer.fields().indexOf('height_m')), \
        layer.editorWidgetSetup(field).type())";
    let said = succeed(
        client("/usr/bin/python3", "python3")
            .args(["-c", script])
            .arg(&file),
    );
    let line = said
        .lines()
        .find(|line| line.starts_with("QGIS "))
        .unwrap_or(&said);
    assert_eq!(
        line,
        "QGIS True 86 categorizedSymbol status 12 Height (m) ValueMap"
    );
}

/// The sheets of a workbook, and a whole number that is one.
#[test]
fn a_workbook_has_the_features_and_what_the_columns_mean() {
    let service = service_with_all_layers();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("facilities.xlsx");
    download(&service, "facilities", "xlsx", &file);
    let text = succeed(
        client("ogrinfo", "gdal-bin")
            .args(["-ro", "-so", "-al"])
            .arg(&file),
    );
    for line in [
        "Layer name: Data",
        "Feature Count: 86",
        "height_m: Real",
        "Layer name: Fields",
    ] {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
}

/// Python's own reader of tables, and GDAL's of GML.
#[test]
fn tables_and_gml_are_read_by_others() {
    let service = service_with_all_layers();
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("facilities.csv");
    download(&service, "facilities", "csv", &table);
    let script = "import csv, sys\n\
        rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8', newline='')))\n\
        print(len(rows), {len(row) for row in rows}, None in rows[0])";
    let said = succeed(
        client("/usr/bin/python3", "python3")
            .args(["-c", script])
            .arg(&table),
    );
    assert_eq!(said.trim(), "86 {35} False");
    let gml = folder.path().join("facilities.gml");
    download(&service, "facilities", "erml", &gml);
    let mut ogrinfo: Command = client("ogrinfo", "gdal-bin");
    let text = succeed(ogrinfo.args(["-ro", "-so", "-al"]).arg(&gml));
    for line in [
        "MiningWasteView",
        "Feature Count: 86",
        "Geometry: Point",
        "wasteType: String",
    ] {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
    let first = &features(&gml)[0]["geometry"]["coordinates"];
    assert!(first[0].as_f64().unwrap() < 30.0, "east first: {first}");
}
