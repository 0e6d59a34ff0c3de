//! What a reader would lose without a word is refused or read, and what lies beside a survey is
//! told apart from it.

use domain::layers::FACILITIES;
use importer::choose::choose;
use importer::mapping::map;
use importer::process::WorkerError;

use super::told;
use crate::support::{self, inspect, layer, read, refusal};

/// The words with which the records of the only layer of a file are refused.
async fn records_refused(name: &str) -> String {
    match read(name, &layer(name).await).await {
        Err(WorkerError::Refused(words)) => words,
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn values_of_a_database_that_are_not_of_their_columns_type_are_refused() {
    for (name, words) in [
        (
            "text-among-numbers.gpkg",
            "the field \"visi\\\"na\" of record 2 holds the text \"30,5\", but the column takes \
             numbers; store it as a number, with a point before the decimals, or make the column a \
             text column",
        ),
        (
            "text-among-whole-numbers.gpkg",
            "the field \"visi\\\"na\" of record 2 holds the text \"12 kom.\"",
        ),
        (
            "decimals-among-whole-numbers.gpkg",
            "the field \"visi\\\"na\" of record 2 holds the number 30.5, but the column takes whole \
             numbers alone",
        ),
        (
            "bytes-among-numbers.gpkg",
            "the field \"visi\\\"na\" of record 2 holds bytes, but the column takes numbers",
        ),
        (
            "text-among-many-numbers.gpkg",
            "the field \"visi\\\"na\" of record 2 holds the text \"30,5\"",
        ),
        (
            "text-among-days.gpkg",
            "the field \"visi\\\"na\" of record 2 holds \"12.5.2024.\", which is no day or moment",
        ),
        (
            "text-among-moments.gpkg",
            "the field \"visi\\\"na\" of record 2 holds \"12.5.2024. 10:00\", which is no day",
        ),
        (
            "number-among-days.gpkg",
            "the field \"visi\\\"na\" of record 2 holds \"45424\", which is no day",
        ),
        (
            "day-with-a-short-year.gpkg",
            "the field \"visi\\\"na\" of record 2 holds \"5/12/24\", which is no day",
        ),
        (
            "day-of-no-calendar.gpkg",
            "record 2 cannot be read (the column \"visi\\\"na\" holds \"2024-13-45\", which is no",
        ),
    ] {
        let refused = records_refused(name).await;
        assert!(refused.contains(words), "{name}: {refused}");
    }
}

#[tokio::test]
async fn numbers_of_a_table_and_of_a_view_are_read() {
    let inspection = inspect("numbers-and-a-view.gpkg").await;
    let names: Vec<&str> = inspection
        .layers
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["facilities", "pregled"]);
    for layer in &inspection.layers {
        let records = read("numbers-and-a-view.gpkg", layer).await.unwrap();
        assert_eq!(records.len(), 3, "{}", layer.name);
    }
}

/// GDAL would read 30 of the text 30,5, as of a table.
#[tokio::test]
async fn values_of_a_view_that_are_not_of_their_columns_type_are_refused() {
    let name = "text-among-numbers-of-a-view.gpkg";
    let inspection = inspect(name).await;
    let view = inspection.layers.iter().find(|it| it.name == "pregled");
    let refused = read(name, view.unwrap()).await.unwrap_err().to_string();
    let words = "the field \"visi\\\"na\" of a record holds the text \"30,5\"";
    assert!(refused.contains(words), "{refused}");
}

#[tokio::test]
async fn a_prj_with_decimal_commas_is_read_with_points() {
    let name = "prj-with-decimal-commas.zip";
    let inspection = inspect(name).await;
    let crs = inspection.layers[0].crs.clone().unwrap();
    let plain = layer("complete.zip").await.crs.unwrap();
    assert_eq!(crs.wkt, plain.wkt);
    let note = &inspection.notes[0].en;
    assert!(note.contains("have decimal commas"), "{note}");
}

#[tokio::test]
async fn a_json_that_describes_a_survey_beside_it_is_left_out() {
    let told = told("json-beside-the-survey.zip").await;
    assert!(
        told.starts_with("GeoJSON (zipped)\nobjekti: Point, 3 records"),
        "{told}"
    );
}

/// As texts, which converting takes for unknown.
#[tokio::test]
async fn errors_of_formulas_are_read_as_the_sheet_shows_them() {
    let records = support::records("errors-of-formulas.xlsx").await;
    assert_eq!(
        records[0].values[4..],
        [support::text("#DIV/0!"), support::text("#REF!")]
    );
}

#[tokio::test]
async fn two_columns_of_one_name_leave_the_place_in_doubt() {
    let layer = layer("two-columns-of-one-name.xlsx").await;
    let refused = map(&layer, &FACILITIES, None).unwrap_err().to_string();
    assert!(
        refused.starts_with("two columns are called `lat`, and either could give the place"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_damaged_flatgeobuf_says_what_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.fgb");
    let source = support::fixture("points.gpkg");
    let made = std::process::Command::new("ogr2ogr")
        .args([&path, &source])
        .status();
    assert!(made.unwrap().success());
    let whole = std::fs::read(&path).unwrap();
    let name = path.to_str().unwrap();

    let mut heading = whole.clone();
    heading[12..40].fill(0xFF);
    std::fs::write(&path, heading).unwrap();
    let refused = refusal(name).await;
    assert!(
        refused.contains("cannot be read as FlatGeobuf (Header failed"),
        "{refused}"
    );

    std::fs::write(&path, &whole[..whole.len() - 100]).unwrap();
    let refused = records_refused(name).await;
    assert!(
        refused.contains("the file is damaged or cut short there"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_styles_of_qgis_are_no_layer() {
    let inspection = inspect("styled.gpkg").await;
    let choice = choose("styled.gpkg", &inspection, &FACILITIES, None).unwrap();
    assert_eq!(
        (inspection.layers.len(), &*choice.source.name),
        (1, "facilities")
    );
    assert_eq!(choice.notes, Vec::new());
    let records = read("styled.gpkg", choice.source).await.unwrap();
    assert_eq!(records.len(), 3);

    let inspection = inspect("styled-template.gpkg").await;
    let refused = choose("styled-template.gpkg", &inspection, &FACILITIES, None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "styled-template.gpkg holds no records (layers: `facilities`); check that the export wrote \
         them"
    );
}

#[tokio::test]
async fn tracks_and_texts_with_nul_are_refused_by_name() {
    for (name, words) in [
        (
            "gps-track.kml",
            "\"gps-track.kml\" holds a GPS track (<gx:Track>)",
        ),
        ("gps-tracks.kml", "holds a GPS track (<gx:MultiTrack>)"),
        (
            "nul-in-a-value.csv",
            "line 3 of \"nul-in-a-value.csv\" holds the character NUL",
        ),
    ] {
        let refused = refusal(name).await;
        assert!(refused.contains(words), "{name}: {refused}");
    }
}

/// The same but for the name of the file.
async fn told_as(name: &str, called: &str) -> String {
    let stem = |name: &str| name.split_once('.').unwrap().0.to_owned();
    told(name).await.replace(&stem(name), &stem(called))
}

#[tokio::test]
async fn marks_before_and_behind_a_text_are_no_part_of_it() {
    let marked = told_as(
        "byte-order-mark.geojsonl",
        "one-feature-on-each-line.geojsonl",
    )
    .await;
    assert_eq!(marked, told("one-feature-on-each-line.geojsonl").await);
    // Named otherwise, it is known by its beginning.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.txt");
    std::fs::copy(support::fixture("byte-order-mark.geojsonl"), &path).unwrap();
    let inspection = inspect(path.to_str().unwrap()).await;
    assert_eq!(inspection.format, "GeoJSON sequence");

    let ended = layer("end-of-file-of-dos.csv").await;
    let records = read("end-of-file-of-dos.csv", &ended).await.unwrap();
    assert_eq!(records.len(), 3);
}

#[tokio::test]
async fn steps_of_an_archive_that_lead_nowhere_are_left_out() {
    let inspection = inspect("steps-that-lead-nowhere.zip").await;
    let names: Vec<&str> = inspection
        .layers
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["facilities", "stari"]);
    for layer in &inspection.layers {
        let records = read("steps-that-lead-nowhere.zip", layer).await.unwrap();
        assert_eq!(
            (records.len(), layer.crs.is_some()),
            (3, true),
            "{}",
            layer.name
        );
    }
}

const BESIDE: [&str; 2] = [
    "\"objekti.gdb\" is an ESRI file geodatabase and was not read; if it is needed, export its \
     layers from QGIS as a GeoPackage, and import that by itself",
    "\"prilog/ostalo.zip\" is an archive and was not read; if it is needed, import it by itself",
];

#[tokio::test]
async fn geodatabases_and_archives_beside_a_survey_are_named() {
    let inspection = inspect("geodatabase-and-zip-beside.zip").await;
    assert_eq!(inspection.layers.len(), 1);
    let notes: Vec<&str> = inspection
        .notes
        .iter()
        .map(|note| note.en.as_str())
        .collect();
    assert_eq!(notes, BESIDE);
}

#[tokio::test]
async fn geodatabases_and_archives_in_a_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let folder_name = path.to_str().unwrap();
    std::fs::create_dir(path.join("objekti.gdb")).unwrap();
    std::fs::create_dir(path.join("slike")).unwrap();
    let refused = refusal(folder_name).await;
    assert!(refused.contains("an ESRI file geodatabase"), "{refused}");

    let survey = path.join("points.gpkg");
    std::fs::copy(support::fixture("points.gpkg"), &survey).unwrap();
    std::fs::copy(support::fixture("complete.zip"), path.join("ostalo.zip")).unwrap();
    let notes = inspect(folder_name).await.notes;
    let notes: Vec<&str> = notes.iter().map(|note| note.en.as_str()).collect();
    assert_eq!(notes, [BESIDE[0], &BESIDE[1].replace("prilog/", "")]);
    // A file that is given by its own name has nothing to do with what lies around it.
    assert_eq!(inspect(survey.to_str().unwrap()).await.notes, Vec::new());
}

#[tokio::test]
async fn of_a_workbook_that_begins_with_notes_the_records_are_chosen() {
    let name = "notes-before-the-records.xlsx";
    let inspection = inspect(name).await;
    let choice = choose(name, &inspection, &FACILITIES, None).unwrap();
    assert_eq!(choice.source.name, "Objekti");
    assert_eq!(read(name, choice.source).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_number_that_would_be_cut_at_its_comma_is_refused() {
    let name = "decimal-comma-in-a-number-column.zip";
    let refused = support::inspect_as(name, None)
        .await
        .unwrap_err()
        .to_string();
    for words in ["record 2", "\"1250,75\"", "VISINA", "write it as 38.5"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
}
