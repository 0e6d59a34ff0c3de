//! What GDAL's own programs write is read with the same values.

use std::path::{Path, PathBuf};
use std::process::Command;

use importer::protocol::{SourceRecord, SourceValue};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{inspect, read};

/// A record of a made survey. Lengths of text and digits of numbers are those that every format
/// can keep.
#[derive(Clone, Debug, PartialEq)]
struct Made {
    name: String,
    height_m: Option<f64>,
    cells: Option<i64>,
    x: f64,
    y: f64,
}

fn made() -> impl Strategy<Value = Made> {
    let name = "[A-Za-zČčŠšŽžĆćĐđ][A-Za-z0-9ČčŠšŽžĆćĐđ .,;:'()-]{0,20}[A-Za-zČčŠšŽžĆćĐđ]";
    let height = proptest::option::of((-99_999..99_999_i32).prop_map(|mm| f64::from(mm) / 1000.0));
    let place = (18_000_000..23_000_000_i32, 41_000_000..47_000_000_i32);
    let cells = proptest::option::of(-9_000..9_000_i64);
    (name, height, cells, place).prop_map(|(name, height_m, cells, (x, y))| Made {
        name,
        height_m,
        cells,
        x: f64::from(x) / 1e6,
        y: f64::from(y) / 1e6,
    })
}

/// The formats that GDAL writes: file name, driver, options, and how far places may be off: a
/// `MapInfo` table keeps them as whole numbers of 360° / 2³².
const FORMATS: &[(&str, &str, &[&str], f64)] = &[
    (
        "survey.shp",
        "ESRI Shapefile",
        &["-lco", "ENCODING=CP1250"],
        0.0,
    ),
    ("survey.gpkg", "GPKG", &[], 0.0),
    (
        "survey.geojson",
        "GeoJSON",
        &["-lco", "COORDINATE_PRECISION=6"],
        0.0,
    ),
    ("survey.geojsonl", "GeoJSONSeq", &["-lco", "RS=NO"], 0.0),
    ("survey.geojsons", "GeoJSONSeq", &["-lco", "RS=YES"], 0.0),
    (
        "survey.fgb",
        "FlatGeobuf",
        &["-lco", "SPATIAL_INDEX=NO"],
        0.0,
    ),
    ("survey.kml", "LIBKML", &[], 0.0),
    (
        "survey.tab",
        "MapInfo File",
        &["-lco", "ENCODING=CP1250"],
        4e-7,
    ),
    (
        "survey.mif",
        "MapInfo File",
        &["-dsco", "FORMAT=MIF", "-lco", "ENCODING=CP1250"],
        0.0,
    ),
    ("survey.csv", "CSV", &["-lco", "GEOMETRY=AS_WKT"], 0.0),
    ("survey.xlsx", "XLSX", &[], 0.0),
];

#[test]
fn what_gdal_writes_is_read_with_the_same_values() {
    let config = Config {
        cases: 3,
        failure_persistence: None,
        ..Config::default()
    };
    let surveys = proptest::collection::vec(made(), 1..6);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    TestRunner::new(config)
        .run(&surveys, |survey| {
            let folder = tempfile::tempdir().unwrap();
            let source = folder.path().join("made.geojson");
            std::fs::write(&source, geojson(&survey).to_string()).unwrap();
            for &(name, driver, options, tolerance) in FORMATS {
                let file = written(&source, name, driver, options);
                let found = runtime.block_on(found(&file));
                for (wanted, found) in survey.iter().zip(&found) {
                    let place = compared(wanted, found, name);
                    let off = (place.0 - wanted.x).abs().max((place.1 - wanted.y).abs());
                    prop_assert!(
                        name == "survey.xlsx" || off <= tolerance,
                        "{name}: {place:?}"
                    );
                }
                prop_assert_eq!(survey.len(), found.len(), "{}", name);
            }
            Ok(())
        })
        .unwrap();
}

fn geojson(survey: &[Made]) -> Value {
    let features = survey.iter().map(|made| {
        json!({
            "type": "Feature",
            "properties": {"name": made.name, "height_m": made.height_m, "cells": made.cells},
            "geometry": {"type": "Point", "coordinates": [made.x, made.y]},
        })
    });
    // The first one settles the types.
    let typed = json!({
        "type": "Feature",
        "properties": {"name": "x", "height_m": 0.5, "cells": 1},
        "geometry": {"type": "Point", "coordinates": [20.0, 44.0]},
    });
    let features: Vec<Value> = std::iter::once(typed).chain(features).collect();
    json!({"type": "FeatureCollection", "features": features})
}

fn written(source: &Path, name: &str, driver: &str, options: &[&str]) -> PathBuf {
    let folder = source.with_file_name(name.replace('.', "-"));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join(name);
    let status = Command::new("ogr2ogr")
        .args(["-f", driver])
        .args(options)
        .args([&file, source])
        .output()
        .unwrap();
    assert!(status.status.success(), "{driver}: {status:?}");
    file
}

/// Names of the columns and values of all records but the first.
async fn found(file: &Path) -> Vec<Vec<(String, SourceValue)>> {
    let name = file.to_str().unwrap();
    let inspection = inspect(name).await;
    let [layer] = &inspection.layers[..] else {
        panic!("{name}: {inspection:?}");
    };
    let records = read(name, layer).await.unwrap();
    let named = |record: &SourceRecord| {
        let names = layer.fields.iter().map(|field| field.name.to_lowercase());
        let place = record.wkb.as_ref().map_or(SourceValue::Null, |wkb| {
            let geometry = gdal::vector::Geometry::from_wkb(wkb).unwrap();
            SourceValue::Text(format!(
                "POINT ({} {})",
                geometry.get_point(0).0,
                geometry.get_point(0).1
            ))
        });
        names
            .zip(record.values.iter().cloned())
            .chain([("wkt".to_owned(), place)])
            .collect()
    };
    records.iter().skip(1).map(named).collect()
}

/// Compares the values, and answers the place.
fn compared(wanted: &Made, found: &[(String, SourceValue)], file: &str) -> (f64, f64) {
    let value = |name: &str| {
        let named = found.iter().filter(|(column, _)| column == name);
        let mut values = named.map(|(_, value)| value.clone());
        values
            .find(|value| *value != SourceValue::Null)
            .unwrap_or(SourceValue::Null)
    };
    assert_eq!(text(&value("name")), Some(wanted.name.clone()), "{file}");
    // A MapInfo table has no number for "nothing".
    let nothing = (file == "survey.tab").then_some(0.0);
    let height_m = wanted.height_m.or(nothing);
    assert_eq!(number(&value("height_m")), height_m, "{file}");
    #[expect(clippy::cast_precision_loss, reason = "fewer than 10 000")]
    let cells = wanted.cells.map(|cells| cells as f64).or(nothing);
    assert_eq!(number(&value("cells")), cells, "{file}");
    let wkt = text(&value("wkt")).unwrap_or_default();
    let numbers = wkt.trim_start_matches("POINT (").trim_end_matches(')');
    let mut numbers = numbers.split(' ').filter_map(|part| part.parse().ok());
    (numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0))
}

fn text(value: &SourceValue) -> Option<String> {
    match value {
        SourceValue::Null => None,
        SourceValue::Text(text) => Some(text.clone()),
        other => panic!("no text: {other:?}"),
    }
}

fn number(value: &SourceValue) -> Option<f64> {
    match value {
        SourceValue::Null => None,
        SourceValue::Real(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "fewer than 10 000")]
        SourceValue::Integer(number) => Some(*number as f64),
        SourceValue::Text(text) => Some(text.parse().unwrap()),
        other => panic!("no number: {other:?}"),
    }
}
