//! Every odd file of `tests/fixtures` given to a real worker process.

#[cfg(test)]
mod encodings;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod rasters;
#[cfg(test)]
mod support;

use importer::process::WorkerError;
use importer::protocol::{SourceGeometry, SourceValue};
use support::{fixture, inspect, inspect_as, layer, point, read, records, refusal, text, texts};

const LATIN: [&str; 6] = [
    "Flotacijsko jalovište Bor",
    "Čačak",
    "Žagubica",
    "Kruševac",
    "Đerdap",
    "Ćuprija",
];
const CYRILLIC: [&str; 6] = [
    "Флотацијско јаловиште Бор",
    "Чачак",
    "Жагубица",
    "Крушевац",
    "Ђердап",
    "Ћуприја",
];

#[tokio::test]
async fn a_complete_shapefile_is_inspected_and_read() {
    let inspection = inspect("complete.zip").await;
    assert_eq!(inspection.format, "ESRI Shapefile (zipped)");
    assert_eq!(inspection.notes, Vec::new());
    let layer = layer("complete.zip").await;
    assert_eq!(
        (layer.name.as_str(), layer.geometry),
        ("facilities", SourceGeometry::Point)
    );
    assert_eq!(layer.record_count, 3);
    let names: Vec<&str> = layer
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["code", "name", "fac_type", "status", "municip", "district"]
    );
    assert_eq!(
        layer.extent,
        Some([7_588_213.57, 4_881_734.64, 7_588_713.57, 4_882_234.64])
    );
    let crs = layer.crs.as_ref().unwrap();
    assert_eq!(crs.authority.as_deref(), Some("EPSG:6316"));
    assert!(
        crs.wkt.starts_with("PROJCS[\"MGI_1901_Balkans_zone_7\""),
        "{}",
        crs.wkt
    );

    let records = read("complete.zip", &layer).await.unwrap();
    assert_eq!(
        records.iter().map(|record| record.row).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        texts(&records, 0),
        ["RS-70327-901", "RS-70327-902", "RS-70327-903"]
    );
    assert_eq!(records[0].wkb, Some(point(7_588_213.57, 4_881_734.64)));
    assert_eq!(records[2].wkb, Some(point(7_588_713.57, 4_882_234.64)));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_plain_words() {
    for (name, words) in [
        (
            "shapefile-without-shp.zip",
            "the file facilities.shp is missing",
        ),
        (
            "shapefile-without-shx.zip",
            "the file facilities.shx is missing",
        ),
        (
            "shapefile-without-dbf.zip",
            "the file facilities.dbf is missing",
        ),
        (
            "shapefile-with-cut-dbf.zip",
            "\"facilities.dbf\" is cut short",
        ),
        ("shapefile-of-two-exports.zip", "not of one export"),
        ("truncated.zip", "the zip archive is cut short or damaged"),
        ("not-a-zip.zip", "its content is no zip archive"),
        (
            "zip-slip.zip",
            "\"../evil.shp\", a path that leads out of the archive",
        ),
        ("zip-bomb.zip", "more than 200 times"),
        ("zip-with-link.zip", "is a link to another place"),
        ("locked.zip", "is locked with a password"),
        (
            "nothing-to-read.zip",
            "no survey file is in it (2 files: readme.pdf, photo.jpg)",
        ),
        (
            "random-bytes.gpkg",
            "is named like a GeoPackage, but its content is none",
        ),
        ("broken-utf-8.geojson", "is not UTF-8 on line 8"),
        (
            "too-many-values.csv",
            "line 2 has 10 values, but the heading names 8 columns",
        ),
        (
            "a-raster.tif",
            "this is a raster of 12 × 8 cells of 0.5 × 0.5 units",
        ),
        ("no-such-file.zip", "cannot be found"),
        ("make_fixtures.py", "is no file known here"),
    ] {
        let refusal = refusal(name).await;
        assert!(refusal.contains(words), "{name}: {refusal}");
    }
}

#[tokio::test]
async fn records_that_cannot_be_read_are_refused_with_their_row() {
    for (name, words) in [
        (
            "broken-utf-8.gpkg",
            "the field \"name\" of record 2 is not valid UTF-8",
        ),
        ("arcs.gpkg", "the geometry of record 1 has arcs"),
        ("damaged-inside.gpkg", "cannot be read beyond record"),
    ] {
        let layer = layer(name).await;
        let error = read(name, &layer).await.unwrap_err();
        assert!(
            matches!(&error, WorkerError::Refused(said) if said.contains(words)),
            "{error}"
        );
    }
}

#[tokio::test]
async fn serbian_text_comes_out_whatever_it_is_written_in() {
    for (name, encoding, evidence, names) in [
        (
            "cp1250.zip",
            "CP1250",
            "CP1250 reads the text most like Serbian",
            LATIN,
        ),
        (
            "cp1250-language-byte-of-cp1252.zip",
            "CP1250",
            "the language byte 0x57",
            LATIN,
        ),
        (
            "cp1250-cpg-says-utf-8.zip",
            "CP1250",
            "the .cpg file says UTF-8, but",
            LATIN,
        ),
        (
            "cp852-language-byte.zip",
            "CP852",
            "the language byte 0x64",
            LATIN,
        ),
        ("iso-8859-2.zip", "ISO-8859-2", "most like Serbian", LATIN),
        (
            "cp1251-cyrillic.zip",
            "CP1251",
            "most like Serbian",
            CYRILLIC,
        ),
        ("utf8-cpg.zip", "UTF-8", "the .cpg file says UTF-8", LATIN),
        ("cp1250.csv", "CP1250", "most like Serbian", LATIN),
    ] {
        let layer = layer(name).await;
        assert_eq!(layer.encoding.name, encoding, "{name}");
        assert!(
            layer.encoding.evidence.en.contains(evidence),
            "{}",
            layer.encoding.evidence
        );
        assert_eq!(layer.encoding.samples, names[..3], "{name}");
        assert_eq!(
            texts(&read(name, &layer).await.unwrap(), 1),
            names,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_letter_that_the_column_cut_is_left_out() {
    let records = records("utf8-cut-letter.zip").await;
    assert_eq!(texts(&records, 1)[6], "a".repeat(39));
}

#[tokio::test]
async fn an_encoding_named_by_the_user_is_obeyed_or_refused() {
    let inspection = inspect_as("cp1250.zip", Some("windows-1251"))
        .await
        .unwrap();
    let encoding = &inspection.layers[0].encoding;
    assert_eq!(
        (encoding.name.as_str(), encoding.evidence.en.as_str()),
        ("CP1251", "named by you")
    );
    for (name, encoding, words) in [
        ("cp1250.zip", "UTF-8", "the text of row 1 is not UTF-8"),
        ("cp1250.csv", "UTF-8", "the text of row 2 is not UTF-8"),
        (
            "cp1250.zip",
            "latin-nine",
            "\"latin-nine\" is no text encoding known here",
        ),
        ("points.gpkg", "CP1250", "is UTF-8 by definition"),
    ] {
        let error = inspect_as(name, Some(encoding)).await.unwrap_err();
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}

#[tokio::test]
async fn values_keep_their_types() {
    let expected = [
        (
            vec![
                text("RS-70327-901"),
                SourceValue::Boolean(true),
                SourceValue::Date("2024-05-31".into()),
                SourceValue::Integer(3),
            ],
            true,
        ),
        (
            vec![
                text("RS-70327-902"),
                SourceValue::Boolean(false),
                SourceValue::Null,
                SourceValue::Null,
            ],
            true,
        ),
        (
            vec![
                text("RS-70327-903"),
                SourceValue::Null,
                SourceValue::Date("2023-12-31".into()),
                SourceValue::Integer(0),
            ],
            false,
        ),
    ];
    let layer = layer("column-types.zip").await;
    let kinds: Vec<&str> = layer
        .fields
        .iter()
        .map(|field| field.kind.as_str())
        .collect();
    assert_eq!(kinds, ["text", "boolean", "date", "integer"]);
    let records = read("column-types.zip", &layer).await.unwrap();
    for (record, (values, placed)) in records.iter().zip(&expected) {
        assert_eq!((&record.values, record.wkb.is_some()), (values, *placed));
    }
    assert_eq!(records.len(), expected.len());
}

#[tokio::test]
async fn a_property_that_is_missing_is_not_zero() {
    let layer = layer("missing-property.geojson").await;
    let names: Vec<&str> = layer
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["code", "cells", "height_m", "names", "seen"]);
    let records = read("missing-property.geojson", &layer).await.unwrap();
    let list = SourceValue::TextList(vec!["Bor".into(), "Бор".into()]);
    assert_eq!(
        records[0].values[1..],
        [
            SourceValue::Integer(0),
            SourceValue::Real(0.0),
            list,
            text("2024-05-31")
        ]
    );
    assert_eq!(records[1].values[1..], vec![SourceValue::Null; 4]);
}

#[tokio::test]
async fn a_deleted_row_keeps_its_place() {
    let rows: Vec<u64> = records("deleted-row.zip")
        .await
        .iter()
        .map(|record| record.row)
        .collect();
    assert_eq!(rows, [1, 3]);
}

#[tokio::test]
async fn a_null_geometry_is_none() {
    let layer = layer("null-geometry.geojson").await;
    assert_eq!(layer.encoding.samples, ["Čačak"]);
    let crs = layer.crs.as_ref().and_then(|crs| crs.authority.as_deref());
    assert_eq!(crs, Some("EPSG:4326"));
    let records = read("null-geometry.geojson", &layer).await.unwrap();
    assert_eq!(records[0].wkb, Some(point(22.09591, 44.07488)));
    assert_eq!(records[1].wkb, None);
}

#[tokio::test]
async fn shapefiles_are_found_however_they_are_packed() {
    for name in [
        "nested-folder.zip",
        "upper-case-names.zip",
        "mixed-case-names.zip",
    ] {
        let layer = layer(name).await;
        let crs = layer.crs.as_ref().and_then(|crs| crs.authority.as_deref());
        assert_eq!(crs, Some("EPSG:6316"), "{name}");
        let records = read(name, &layer).await.unwrap();
        let bor = ["RTH", "Veliki Krivelj", "Stari Bor"];
        assert_eq!(texts(&records, 1), bor, "{name}");
        assert_eq!(
            records[0].wkb,
            Some(point(7_588_213.57, 4_881_734.64)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_unpacked_shapefile_is_read_from_its_folder_and_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let archive = std::fs::File::open(fixture("cp1250.zip")).unwrap();
    zip::ZipArchive::new(archive)
        .unwrap()
        .extract(folder.path())
        .unwrap();
    for path in [folder.path().to_owned(), folder.path().join("objekti.shp")] {
        let path = path.to_str().unwrap();
        assert_eq!(texts(&records(path).await, 1), LATIN, "{path}");
    }
    let refusal = refusal(folder.path().join("objekti.dbf").to_str().unwrap()).await;
    assert!(refusal.contains("only a part of a shapefile"), "{refusal}");
}

#[tokio::test]
async fn several_layers_are_told_apart() {
    let inspection = inspect("two-layers.zip").await;
    let kinds: Vec<_> = inspection
        .layers
        .iter()
        .map(|layer| (layer.name.as_str(), layer.geometry))
        .collect();
    assert_eq!(
        kinds,
        [
            ("outline", SourceGeometry::Polygon),
            ("crest", SourceGeometry::Line)
        ]
    );
    let crest = read("two-layers.zip", &inspection.layers[1]).await.unwrap();
    assert_eq!(texts(&crest, 1), ["Kruna brane"]);

    let inspection = inspect("same-name-in-two-folders.zip").await;
    let names: Vec<&str> = inspection
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .collect();
    assert_eq!(names, ["2023/facilities", "2024/facilities"]);
    assert_eq!(
        read("same-name-in-two-folders.zip", &inspection.layers[1])
            .await
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn coordinate_reference_systems_are_told_as_declared() {
    let inspection = inspect("shapefile-without-prj.zip").await;
    assert!(inspection.layers[0].crs.is_none());
    assert!(
        inspection.notes[0].en.contains("has no .prj file"),
        "{:?}",
        inspection.notes
    );

    let old = layer("old-epsg-31277.zip").await.crs.unwrap();
    assert!(
        old.wkt
            .starts_with("PROJCS[\"MGI_Balkans_7\",GEOGCS[\"GCS_MGI\",DATUM[\"D_MGI\"")
    );
    assert!(layer("undefined-coordinates.gpkg").await.crs.is_none());
    let package = layer("points.gpkg").await.crs.unwrap();
    assert_eq!(package.authority.as_deref(), Some("EPSG:6316"));
}

#[tokio::test]
async fn geopackages_are_read_as_they_come() {
    let empty = layer("empty-layer.gpkg").await;
    assert_eq!((empty.record_count, empty.extent), (0, None));
    assert_eq!(read("empty-layer.gpkg", &empty).await.unwrap().len(), 0);

    let table = layer("table-without-geometry.gpkg").await;
    assert_eq!(
        (table.geometry, table.record_count),
        (SourceGeometry::None, 3)
    );
    let rows = read("table-without-geometry.gpkg", &table).await.unwrap();
    assert!(rows.iter().all(|record| record.wkb.is_none()));

    let bow_tie = layer("bow-tie.gpkg").await;
    assert_eq!(bow_tie.geometry, SourceGeometry::Polygon);
    assert_eq!(
        bow_tie.extent,
        Some([7_588_213.57, 4_881_734.64, 7_588_313.57, 4_881_834.64])
    );

    for name in [
        "points.gpkg",
        "write-ahead-log.gpkg",
        "zipped-geopackage.zip",
    ] {
        let layer = layer(name).await;
        assert_eq!(
            (layer.name.as_str(), layer.record_count),
            ("facilities", 3),
            "{name}"
        );
        let records = read(name, &layer).await.unwrap();
        assert_eq!(
            records[1].wkb,
            Some(point(7_588_463.57, 4_881_984.64)),
            "{name}"
        );
    }
    assert_eq!(texts(&records("zipped-geojson.zip").await, 1), ["Čačak"]);
}

#[tokio::test]
async fn tables_count_lines_with_the_heading() {
    for (name, rows) in [
        ("duplicate-code.csv", vec![2, 3, 4]),
        ("swapped-axes.csv", vec![2, 3, 4]),
        ("unknown-code.csv", vec![2]),
        ("wrong-control-digit.csv", vec![2]),
        ("outside-serbia.csv", vec![2]),
    ] {
        let found: Vec<u64> = records(name)
            .await
            .iter()
            .map(|record| record.row)
            .collect();
        assert_eq!(found, rows, "{name}");
    }
    let layer = layer("wkt-column.csv").await;
    assert_eq!(
        (layer.geometry, layer.record_count),
        (SourceGeometry::None, 1)
    );
    let records = read("wkt-column.csv", &layer).await.unwrap();
    assert_eq!(texts(&records, 6), ["POINT (7588213.57 4881734.64)"]);
}

#[tokio::test]
async fn a_layer_that_is_not_there_is_refused() {
    let mut layer = layer("points.gpkg").await;
    layer.name = "roads".to_owned();
    for name in ["points.gpkg", "complete.zip"] {
        let error = read(name, &layer).await.unwrap_err();
        assert!(
            error.to_string().contains("no layer \"roads\""),
            "{name}: {error}"
        );
    }
}
