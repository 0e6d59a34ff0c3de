//! The other formats of `tests/fixtures` given to a real worker process, and files that GDAL's own
//! programs write.

mod drawings;
mod losses;
mod round_trip;

use importer::protocol::{SourceRecord, SourceValue};

use crate::support::{self, inspect, layer, read, refusal};

/// The layers of a file and their records, in words.
async fn told(name: &str) -> String {
    let inspection = inspect(name).await;
    let mut lines = vec![inspection.format.clone()];
    lines.extend(inspection.notes.iter().map(|note| note.en.clone()));
    for layer in &inspection.layers {
        let fields: Vec<&str> = layer.fields.iter().map(|it| it.name.as_str()).collect();
        let crs = layer.crs.as_ref().and_then(|crs| crs.authority.as_deref());
        lines.push(format!(
            "{}: {:?}, {} records, {}, {}",
            layer.name,
            layer.geometry,
            layer.record_count,
            crs.unwrap_or(if layer.crs.is_some() {
                "other"
            } else {
                "no CRS"
            }),
            layer.encoding.name,
        ));
        lines.push(format!("  {}", fields.join(", ")));
        let records = read(name, layer)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        lines.extend(records.iter().map(|record| format!("  {}", row(record))));
    }
    lines.join("\n")
}

fn row(record: &SourceRecord) -> String {
    let values: Vec<String> = record.values.iter().map(value).collect();
    let geometry = record.wkb.as_ref().map(|wkb| wkt(wkb));
    let geometry = geometry.unwrap_or_default();
    format!("{}: {} {geometry}", record.row, values.join("|"))
        .trim_end()
        .to_owned()
}

fn wkt(wkb: &[u8]) -> String {
    let geometry = gdal::vector::Geometry::from_wkb(wkb).unwrap();
    let wkt = geometry.wkt().unwrap();
    match wkt.matches(',').count() {
        commas if commas > 9 => format!("{} of {} vertices", geometry.geometry_name(), commas + 1),
        _ => wkt,
    }
}

fn value(value: &SourceValue) -> String {
    match value {
        SourceValue::Null => "-".to_owned(),
        SourceValue::Text(text) => text.clone(),
        SourceValue::Integer(number) => number.to_string(),
        SourceValue::Real(number) => format!("{number:?}"),
        SourceValue::Boolean(yes) => yes.to_string(),
        SourceValue::Date(day) => format!("day {day}"),
        SourceValue::DateTime(moment) => format!("moment {moment}"),
        SourceValue::TextList(texts) => texts.join(";"),
    }
}

#[tokio::test]
async fn archives_with_odd_names_are_read() {
    insta::assert_snapshot!(told("cp852-member-names.zip").await, @"
    ESRI Shapefile (zipped)
    Objekti Čačak: Point, 3 records, EPSG:6316, UTF-8
      code, name, fac_type, status, municip, district
      1: RS-70327-901|RTH|tailings_pond|operating|70327|RS-14 POINT (7588213.57 4881734.64)
      2: RS-70327-902|Veliki Krivelj|tailings_pond|operating|70327|RS-14 POINT (7588463.57 4881984.64)
      3: RS-70327-903|Stari Bor|tailings_pond|operating|70327|RS-14 POINT (7588713.57 4882234.64)
    kruna: Line, 1 records, EPSG:6316, UTF-8
      code, name, fac_type, status, municip, district
      1: RS-70327-901|Kruna brane|tailings_pond|operating|70327|RS-14 LINESTRING (7588213.57 4881734.64,7588463.57 4881984.64,7588713.57 4882234.64,7588963.57 4882484.64)
    ");
}

#[tokio::test]
async fn an_empty_companion_of_an_archive_with_odd_names_is_read() {
    insta::assert_snapshot!(told("cp852-member-names-and-empty-prj.zip").await, @r#"
    ESRI Shapefile (zipped)
    the file "jalovište/tačke/Objekti Čačak.prj" is empty: the coordinate reference system of the layer "Objekti Čačak" is not declared
    the file "jalovište/linije/kruna.prj" is empty: the coordinate reference system of the layer "kruna" is not declared
    Objekti Čačak: Point, 3 records, no CRS, UTF-8
      code, name, fac_type, status, municip, district
      1: RS-70327-901|RTH|tailings_pond|operating|70327|RS-14 POINT (7588213.57 4881734.64)
      2: RS-70327-902|Veliki Krivelj|tailings_pond|operating|70327|RS-14 POINT (7588463.57 4881984.64)
      3: RS-70327-903|Stari Bor|tailings_pond|operating|70327|RS-14 POINT (7588713.57 4882234.64)
    kruna: Line, 1 records, no CRS, UTF-8
      code, name, fac_type, status, municip, district
      1: RS-70327-901|Kruna brane|tailings_pond|operating|70327|RS-14 LINESTRING (7588213.57 4881734.64,7588463.57 4881984.64,7588713.57 4882234.64,7588963.57 4882484.64)
    "#);
}

#[tokio::test]
async fn every_layer_of_a_geopackage_is_read() {
    insta::assert_snapshot!(told("several-layers.gpkg").await, @"
    GeoPackage
    objekti: Point, 3 records, EPSG:6316, UTF-8
      code, name, facility_type, status, municipality, district
      1: RS-70327-901|RTH|tailings_pond|operating|70327|RS-14 POINT (7588213.57 4881734.64)
      2: RS-70327-902|Veliki Krivelj|tailings_pond|operating|70327|RS-14 POINT (7588463.57 4881984.64)
      3: RS-70327-903|Stari Bor|tailings_pond|operating|70327|RS-14 POINT (7588713.57 4882234.64)
    konture: Polygon, 1 records, EPSG:6316, UTF-8
      code, name, facility_type, status, municipality, district
      1: RS-70327-901|Veliki Krivelj|tailings_pond|operating|70327|RS-14 POLYGON ((7588213.57 4881734.64,7588213.57 4882134.64,7588613.57 4882134.64,7588613.57 4881734.64,7588213.57 4881734.64))
    ");
}

#[tokio::test]
async fn geojson_sequences_are_read_with_and_without_separators() {
    insta::assert_snapshot!(told("one-feature-on-each-line.geojsonl").await, @"
    GeoJSON sequence
    one-feature-on-each-line: Point, 3 records, EPSG:4326, UTF-8
      code, name, facility_type, status, municipality, district
      1: RS-70327-901|Čačak|tailings_pond|operating|70327|RS-14 POINT (22.09591 44.07488)
      2: RS-70327-902|Žagubica|tailings_pond|operating|70327|RS-14 POINT (22.09691 44.07588)
      3: RS-70327-903|Kruševac|tailings_pond|operating|70327|RS-14 POINT (22.09791 44.07688)
    ");
}

#[tokio::test]
async fn kinds_of_geometry_are_told_apart() {
    insta::assert_snapshot!(told("points-and-areas.geojson").await, @"
    GeoJSON
    points-and-areas (points): Point, 2 records, EPSG:4326, UTF-8
      code, name, facility_type, status, municipality, district
      1: RS-70327-901|Čačak|tailings_pond|operating|70327|RS-14 POINT (22.09591 44.07488)
      2: RS-70327-902|Žagubica|tailings_pond|operating|70327|RS-14 POINT (22.09691 44.07588)
    points-and-areas (areas): Polygon, 1 records, EPSG:4326, UTF-8
      code, name, facility_type, status, municipality, district
      3: RS-70327-903|Kruševac|tailings_pond|operating|70327|RS-14 MULTIPOLYGON (((22.09591 44.07488,22.09591 44.08488,22.10591 44.08488,22.10591 44.07488,22.09591 44.07488)),((22.11591 44.07488,22.11591 44.08488,22.12591 44.08488,22.12591 44.07488,22.11591 44.07488)))
    points-and-areas (no place): None, 1 records, no CRS, UTF-8
      code, name, facility_type, status, municipality, district
      4: x|-|-|-|-|-
    ");
}

#[tokio::test]
async fn tables_may_be_divided_by_tabs_and_have_decimal_commas() {
    insta::assert_snapshot!(told("decimal-comma.tsv").await, @r#"
    CSV
    the values of "decimal-comma" are divided by tabs
    decimal-comma: None, 3 records, no CRS, UTF-8
      code, name, facility_type, status, municipality, district, x, y
      2: RS-70327-901|RTH|tailings_pond|operating|70327|RS-14|7588213,57|4881734,64
      3: RS-70327-902|Veliki Krivelj|tailings_pond|operating|70327|RS-14|7588463,57|4881984,64
      4: RS-70327-903|Stari Bor|tailings_pond|operating|70327|RS-14|7588713,57|4882234,64
    "#);
}

#[tokio::test]
async fn placemarks_keep_typed_and_untyped_data() {
    insta::assert_snapshot!(told("placemarks.kml").await, @r#"
    KML
    "placemarks.kml" links to other files (1), which were not read; if they are needed, import them by themselves
    Jalovišta: Point, 3 records, EPSG:4326, UTF-8
      Name, code, facility_type, status, municipality, district
      1: Čačak|RS-70327-901|tailings_pond|operating|70327|RS-14 POINT (22.09591 44.07488 412.5)
      2: Žagubica|RS-70327-902|tailings_pond|operating|70327|RS-14 POINT (22.09691 44.07588 412.5)
      3: Kruševac|RS-70327-903|tailings_pond|operating|70327|RS-14 POINT (22.09791 44.07688 412.5)
    Konture (areas): Polygon, 1 records, EPSG:4326, UTF-8
      Name
      1: Polje POLYGON ((22.09591 44.07488 0,22.10591 44.07488 0,22.10591 44.08488 0,22.09591 44.08488 0,22.09591 44.07488 0))
    Konture (lines): Line, 1 records, EPSG:4326, UTF-8
      Name
      2: Brana LINESTRING (22.09591 44.07488,22.10591 44.07488)
    "#);
}

#[tokio::test]
async fn waypoints_and_tracks_are_layers() {
    insta::assert_snapshot!(told("tracks.gpx").await, @"
    GPX
    waypoints: Point, 3 records, EPSG:4326, UTF-8
      ele, time, name, code, facility_type, status, municipality, district
      1: 412.5|moment 2024-05-31T08:30:00+00:00|Čačak|RS-70327-901|tailings_pond|operating|70327|RS-14 POINT (22.09591 44.07488)
      2: 412.5|moment 2024-05-31T08:30:00+00:00|Žagubica|RS-70327-902|tailings_pond|operating|70327|RS-14 POINT (22.09691 44.07588)
      3: 412.5|moment 2024-05-31T08:30:00+00:00|Kruševac|RS-70327-903|tailings_pond|operating|70327|RS-14 POINT (22.09791 44.07688)
    tracks: Line, 1 records, EPSG:4326, UTF-8
      name
      1: Kruna MULTILINESTRING ((22.09591 44.07488,22.09691 44.07588,22.09791 44.07688,22.09891 44.07788))
    ");
}

#[tokio::test]
async fn links_within_an_archive_are_read_and_no_others() {
    let inspection = inspect("linked-layers.kmz").await;
    let notes: Vec<&str> = inspection.notes.iter().map(|note| &*note.en).collect();
    assert!(
        notes[0].starts_with("\"doc.kml\" links to other files (2)"),
        "{notes:?}"
    );
    assert_eq!(
        rows("linked-layers.kmz").await,
        rows("placemarks.kml").await
    );
}

#[tokio::test]
async fn mapinfo_text_is_decoded() {
    insta::assert_snapshot!(told("mif-of-windows-latin-2.zip").await, @"
    MapInfo MIF (zipped)
    objekti: Point, 3 records, other, CP1250
      SIFRA, NAZIV, TIP, STATUS, OPSTINA, OKRUG
      1: RS-70327-901|Čačak|tailings_pond|operating|70327|RS-14 POINT (7588213.57 4881734.64)
      2: RS-70327-902|Žagubica|tailings_pond|operating|70327|RS-14 POINT (7588463.57 4881984.64)
      3: RS-70327-903|Kruševac|tailings_pond|operating|70327|RS-14 POINT (7588713.57 4882234.64)
    ");
}

#[tokio::test]
async fn sheets_keep_their_rows_dates_and_cached_values() {
    insta::assert_snapshot!(told("workbook.xlsx").await, @"
    Excel workbook (XLSX)
    Objekti: None, 4 records, no CRS, UTF-8
      code, name, facility_type, status, municipality, district, easting, northing, checked, cells
      2: RS-70327-901|Čačak|tailings_pond|operating|70327|RS-14|7588213.57|4881734.64|day 2024-05-31|3
      4: RS-70327-902|Žagubica|tailings_pond|operating|70327|RS-14|7588463.57|4881984.64|-|0
      5: RS-70327-903|Kruševac|tailings_pond|operating|70327|RS-14|7588713.57|4882234.64|day 1999-12-31|-
    Šifrarnik: None, 1 records, no CRS, UTF-8
      šifra
      2: x
    ");
}

/// All records of a file.
async fn rows(name: &str) -> Vec<String> {
    let text = told(name).await;
    let is_record = |line: &&str| line.starts_with("  ") && line.contains(": ");
    text.lines().filter(is_record).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_same_survey_in_another_guise_has_the_same_records() {
    for (one, other) in [
        ("backslash-member-names.zip", "complete.zip"),
        (
            "record-separators.json",
            "one-feature-on-each-line.geojsonl",
        ),
        ("decimal-comma.csv", "decimal-comma.tsv"),
        ("divided-by-tabs.tab", "decimal-comma.tsv"),
        ("divided-by-bars.csv", "decimal-comma.tsv"),
        ("placemarks-in-cp1250.kml", "placemarks.kml"),
        ("placemarks.kmz", "placemarks.kml"),
        ("mif-says-windows-latin-1.zip", "mif-of-windows-latin-2.zip"),
        (
            "mif-says-windows-cyrillic.zip",
            "mif-of-windows-latin-2.zip",
        ),
        ("zipped-workbook.zip", "workbook.xlsx"),
    ] {
        let records = rows(one).await;
        assert!(records.len() >= 3, "{one}");
        assert_eq!(records, rows(other).await, "{one}");
    }
}

#[tokio::test]
async fn workbooks_of_the_same_size_are_told_apart() {
    let name = "workbooks-of-the-same-size.zip";
    let layers = inspect(name).await.layers;
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["Bor/Objekti", "Majdanpek/Objekti"]);
    let table = &rows("workbook.xlsx").await[..3];
    assert_eq!(rows(name).await, [table, table].concat());
}

#[tokio::test]
async fn titles_above_the_headings_of_a_sheet_are_left_out() {
    let inspection = inspect("titles-above-the-headings.xlsx").await;
    assert_eq!(
        inspection.notes[0].en,
        "the headings of the sheet \"Objekti\" are in row 4; the rows above were left out"
    );
    let plain = rows("workbook.xlsx").await;
    let titled = rows("titles-above-the-headings.xlsx").await;
    // The same records three rows further down.
    for ((plain, row), titled) in plain.iter().zip([2, 4, 5]).zip(&titled) {
        let moved = plain.replacen(&row.to_string(), &(row + 3).to_string(), 1);
        assert_eq!(*titled, moved);
    }
    assert_eq!(titled.len(), 3);
}

#[tokio::test]
async fn an_encoding_that_the_file_states_is_the_evidence() {
    for (name, encoding, evidence) in [
        ("placemarks.kml", "UTF-8", "the XML declaration says UTF-8"),
        (
            "placemarks-in-cp1250.kml",
            "CP1250",
            "the XML declaration says windows-1250",
        ),
        (
            "outlines.dxf",
            "CP1250",
            "the heading of the drawing says ANSI_1250",
        ),
        (
            "mif-of-windows-latin-2.zip",
            "CP1250",
            "the heading of the table says WindowsLatin2",
        ),
        (
            "mif-says-windows-latin-1.zip",
            "CP1250",
            "the heading of the table says WindowsLatin1, which programs also write over Serbian text; of CP1250",
        ),
        (
            "mif-says-windows-cyrillic.zip",
            "CP1250",
            "the heading of the table says WindowsCyrillic, but then it would read \"Иaиak\", while as CP1250 it \
             reads \"Čačak\"; of CP1250",
        ),
        ("workbook.xlsx", "UTF-8", "UTF-8 by definition"),
    ] {
        let inspection = inspect(name).await;
        let found = &inspection.layers[0].encoding;
        assert_eq!(found.name, encoding, "{name}");
        assert!(
            found.evidence.en.contains(evidence),
            "{name}: {}",
            found.evidence
        );
    }
}

#[tokio::test]
async fn the_datum_of_a_mapinfo_table_is_called_as_registered() {
    let crs = layer("mif-of-windows-latin-2.zip").await.crs.unwrap();
    assert!(crs.wkt.contains("DATUM[\"MGI 1901\""), "{}", crs.wkt);
}

#[tokio::test]
async fn what_is_not_read_is_named_with_the_way_out() {
    for (name, words) in [
        ("broken-line.geojsonl", "JSON parsing error"),
        ("entity.kml", "defines entities"),
        (
            "heading-divided-otherwise.csv",
            "line 2 is divided by commas, but the heading by semicolons",
        ),
        ("mif-without-mid.zip", "the file objekti.mid is missing"),
        ("linked-table.zip", "leads to other files (type LINKED)"),
        (
            "old-excel.xls",
            "of the old kind (XLS); open it in Excel, save it as",
        ),
        ("locked.xlsx", "locked with a password"),
        (
            "damaged-workbook.xlsx",
            "\"damaged-workbook.xlsx\" cannot be read as Excel workbook",
        ),
        ("zip-in-a-zip.zip", "another archive is in it"),
        (
            "file-geodatabase.zip",
            "an ESRI file geodatabase; open it in QGIS",
        ),
        ("tiles-only.gpkg", "raster tiles only"),
        ("multipatch.zip", "MultiPatch surfaces of a 3D model"),
        ("drawing.dwg", "an AutoCAD drawing (DWG); save it as DXF"),
        (
            "libreoffice.ods",
            "a LibreOffice document; open it there, save it as",
        ),
    ] {
        let refusal = refusal(name).await;
        assert!(refusal.contains(words), "{name}: {refusal}");
    }
    let solid = layer("tin.gpkg").await;
    let error = read("tin.gpkg", &solid).await.unwrap_err().to_string();
    assert!(
        error.contains("record 1 is a surface of a solid body"),
        "{error}"
    );
}

#[tokio::test]
async fn formats_are_recognised_whatever_their_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, alias, format) in [
        ("several-layers.gpkg", "survey.db", "GeoPackage"),
        ("record-separators.json", "survey", "GeoJSON sequence"),
        ("placemarks.kml", "survey.xml", "KML"),
        ("tracks.gpx", "survey.txt", "GPX"),
        ("outlines.dxf", "survey.txt", "DXF"),
        ("workbook.xlsx", "survey.zip", "Excel workbook (XLSX)"),
        ("placemarks.kmz", "survey.zip", "KML (zipped)"),
        ("complete.zip", "survey.bin", "ESRI Shapefile (zipped)"),
    ] {
        let path = folder.path().join(alias);
        std::fs::copy(support::fixture(name), &path).unwrap();
        let inspection = inspect(path.to_str().unwrap()).await;
        assert_eq!(inspection.format, format, "{name}");
    }
}

#[tokio::test]
async fn a_geodatabase_is_refused_as_a_folder_too() {
    let folder = tempfile::tempdir().unwrap();
    let geodatabase = folder.path().join("survey.gdb");
    std::fs::create_dir(&geodatabase).unwrap();
    std::fs::write(geodatabase.join("a00000001.gdbtable"), [3, 0, 0, 0]).unwrap();
    let refusal = refusal(geodatabase.to_str().unwrap()).await;
    assert!(refusal.contains("an ESRI file geodatabase"), "{refusal}");
}

#[tokio::test]
async fn files_that_lead_to_other_files_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let table = support::fixture("wkt-column.csv");
    let layer = format!(
        "<OGRVRTDataSource><OGRVRTLayer name='wkt-column'><SrcDataSource>{}</SrcDataSource>\
         </OGRVRTLayer></OGRVRTDataSource>",
        table.display()
    );
    let feature_list = "{\"type\":\"FeatureCollection\",\"$ref\":\"http://192.0.2.1/\"}";
    for (name, content, words) in [
        ("survey.vrt", layer.as_str(), "no file known here"),
        (
            "survey.kml",
            &layer,
            "named like a KML, but its content is none",
        ),
        ("survey.gpkg", &layer, "named like a GeoPackage"),
        (
            "survey.tab",
            "!table\n!version 300\nOpen Table \"other\"\n",
            "leads to other files",
        ),
        ("survey.json", feature_list, "cannot be read as GeoJSON"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let refusal = refusal(path.to_str().unwrap()).await;
        assert!(refusal.contains(words), "{name}: {refusal}");
    }
}
