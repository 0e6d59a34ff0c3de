//! Text in every encoding that Serbian survey files come in, given to a real worker process.

use crate::support::{inspect, inspect_as, read, texts};
use importer::protocol::Inspection;

const LATIN: [&str; 6] = [
    "Flotacijsko jalovište Bor",
    "Čačak",
    "Žagubica",
    "Kruševac",
    "Đerdap",
    "Ćuprija",
];
const WITHOUT_DJ: [&str; 5] = [LATIN[0], LATIN[1], LATIN[2], LATIN[3], LATIN[5]];
const CYRILLIC: [&str; 6] = [
    "Флотацијско јаловиште Бор",
    "Чачак",
    "Жагубица",
    "Крушевац",
    "Ђердап",
    "Ћуприја",
];
const CYRILLIC_WITH_LJ: [&str; 6] = [
    "Јаловиште Кривељ",
    "Чачак",
    "Жагубица",
    "Земљиште у Крушевцу",
    "Ђердап",
    "Окружење Ћуприје",
];

/// A file, its encoding, words of the evidence, and the names in it.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const CODE_PAGES: &[Case] = &[
    ("cp852.zip", "CP852", "7 of 7", &LATIN),
    (
        "cp855-cyrillic.zip",
        "CP855",
        "most like Serbian",
        &CYRILLIC,
    ),
    (
        "iso-8859-5-cyrillic.zip",
        "ISO-8859-5",
        "most like Serbian",
        &CYRILLIC,
    ),
    (
        "mac-cyrillic.zip",
        "x-mac-cyrillic",
        "most like Serbian",
        &CYRILLIC,
    ),
    (
        "cp852-language-byte-of-cp1250.zip",
        "CP852",
        "the language byte 0xC8 of the .dbf says CP1250, but then it would read \
             \"Flotacijsko jaloviçte Bor\", while as CP852 it reads \"Flotacijsko jalovište Bor\"",
        &LATIN,
    ),
    (
        "utf-8-cpg-says-cp1250.zip",
        "UTF-8",
        "the .cpg file says 1250, but then it would read \"Flotacijsko jaloviĹˇte Bor\"",
        &WITHOUT_DJ,
    ),
];

const MISREAD: &[Case] = &[
    (
        "yuscii.zip",
        "YUSCII",
        "6 different words, show YUSCII",
        &LATIN,
    ),
    (
        "yuscii-cyrillic.zip",
        "YUSCII-CYR",
        "show YUSCII-CYR",
        &CYRILLIC_WITH_LJ,
    ),
    (
        "yuscii-cyrillic-without-signs.zip",
        "YUSCII-CYR",
        "the letters q, w and x in the places of љ, њ and џ, in 4 different words, show YUSCII-CYR",
        &["Велики Кривељ", "Бољевац", "Љубовија", "Крупањ", "Бор"],
    ),
    (
        "yuscii.gpkg",
        "YUSCII",
        "GeoPackage is UTF-8 by definition; but signs",
        &LATIN,
    ),
    (
        "cp1250-read-as-cp1252.geojson",
        "UTF-8 (CP1250 read as CP1252)",
        "GeoJSON is UTF-8 by definition; but 3 different words were misread",
        &LATIN,
    ),
    (
        "utf-8-read-as-cp1252.gpkg",
        "UTF-8 (UTF-8 read as CP1252)",
        "6 different words were misread",
        &LATIN,
    ),
    (
        "cp852-read-as-cp1250.geojson",
        "UTF-8 (CP852 read as CP1250)",
        "6 different words were misread",
        &LATIN,
    ),
    (
        "utf-8-read-as-cp1250.csv",
        "UTF-8 (UTF-8 read as CP1250)",
        "3 different words were misread",
        &["Kruševac", "Žagubica", "Ćuprija"],
    ),
    ("utf-16.csv", "UTF-16LE", "byte order mark", &["Čačak é"]),
];

async fn names(file: &str, inspection: &Inspection) -> Vec<String> {
    let records = read(file, &inspection.layers[0]).await.unwrap();
    texts(&records, 1).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn text_is_read_in_the_encoding_that_makes_serbian_of_it() {
    for (file, encoding, evidence, wanted) in CODE_PAGES.iter().chain(MISREAD) {
        let inspection = inspect(file).await;
        let decision = &inspection.layers[0].encoding;
        assert_eq!(decision.name, *encoding, "{file}: {}", decision.evidence);
        assert!(
            decision.evidence.en.contains(evidence),
            "{file}: {}",
            decision.evidence
        );
        assert_eq!(decision.samples, wanted[..wanted.len().min(3)], "{file}");
        assert_eq!(names(file, &inspection).await, *wanted, "{file}");
    }
}

#[tokio::test]
async fn what_was_set_right_is_shown_before_and_after() {
    for (file, words) in [
        ("cp1250-read-as-cp1252.geojson", "Èaèak → Čačak"),
        ("utf-8-read-as-cp1252.gpkg", "jaloviÅ¡te → jalovište"),
        ("cp852-read-as-cp1250.geojson", "jaloviçte → jalovište"),
        ("yuscii.zip", "jalovi{te → jalovište"),
        ("utf-8-read-as-cp1250.csv", "KruĹˇevac → Kruševac"),
    ] {
        let notes = inspect(file).await.notes;
        let note = notes.iter().find(|note| note.en.contains(words));
        let note = note.unwrap_or_else(|| panic!("{file}: {notes:?}"));
        assert!(note.sr.contains(words), "{}", note.sr);
        assert!(note.en.contains("To leave it as it is, name the encoding"));
    }
}

#[tokio::test]
async fn a_cpg_file_is_believed_and_doubted() {
    let inspection = inspect("cp852-cpg-says-cp1250.zip").await;
    let decision = &inspection.layers[0].encoding;
    assert_eq!(decision.name, "CP1250");
    assert!(
        decision.evidence.en.ends_with(
            "while as CP852 it reads \"Flotacijsko jalovište Bor\"; the .cpg file is believed, so \
             if the samples are wrong, name CP852"
        ),
        "{}",
        decision.evidence
    );
    let named = inspect_as("cp852-cpg-says-cp1250.zip", Some("CP852"))
        .await
        .unwrap();
    assert_eq!(names("cp852-cpg-says-cp1250.zip", &named).await, LATIN);
}

#[tokio::test]
async fn a_word_alone_is_left_as_it_is() {
    let inspection = inspect("one-word-of-yuscii.zip").await;
    assert_eq!(inspection.layers[0].encoding.name, "UTF-8");
    assert_eq!(
        inspection.notes[0].en,
        "layer \"objekti\": words such as Kru{evac → Kruševac look like YUSCII; they are left as \
         they are. If they are YUSCII, name the encoding YUSCII; no letter tells the script: if it is \
         Cyrillic (Kru{evac → Крушевац), name YUSCII-CYR"
    );
    let found = names("one-word-of-yuscii.zip", &inspection).await;
    assert_eq!(found, ["Kru{evac", "Bor"]);
    let named = inspect_as("one-word-of-yuscii.zip", Some("yuscii"))
        .await
        .unwrap();
    let found = names("one-word-of-yuscii.zip", &named).await;
    assert_eq!(found, ["Kruševac", "Bor"]);
}

#[tokio::test]
async fn a_word_of_cyrillic_yuscii_is_told() {
    let file = "one-word-of-cyrillic-yuscii.zip";
    let inspection = inspect(file).await;
    assert_eq!(inspection.layers[0].encoding.name, "UTF-8");
    let note = &inspection.notes[0].en;
    assert!(
        note.contains("Kriveq → Кривељ may be Cyrillic YUSCII"),
        "{note}"
    );
    assert_eq!(names(file, &inspection).await, ["Kriveq", "Bor"]);
    let named = inspect_as(file, Some("YUSCII-CYR")).await.unwrap();
    assert_eq!(names(file, &named).await, ["Кривељ", "Бор"]);
}

#[tokio::test]
async fn rows_of_two_encodings_are_told_and_can_be_read() {
    let file = "rows-of-cp852-among-cp1250.zip";
    let inspection = inspect(file).await;
    assert_eq!(inspection.layers[0].encoding.name, "CP1250");
    let note = &inspection.notes[0].en;
    assert!(
        note.contains("row 5 (1 of 5 values outside ASCII) seems to be CP852"),
        "{note}"
    );
    let proposed = "CP1250 (CP852 read as CP1250)";
    assert!(
        note.contains(&format!("name the encoding \"{proposed}\"")),
        "{note}"
    );
    let named = inspect_as(file, Some(proposed)).await.unwrap();
    assert_eq!(names(file, &named).await[4], "Čačak");
    assert_eq!(names(file, &named).await[..4], LATIN[2..]);
}

#[tokio::test]
async fn names_of_columns_alone_tell_the_encoding() {
    let inspection = inspect("cp1250-in-column-names-only.zip").await;
    let layer = &inspection.layers[0];
    assert_eq!(layer.encoding.name, "CP1250", "{}", layer.encoding.evidence);
    let found: Vec<&str> = layer
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        found,
        ["ŠIFRA", "NAZIV", "TIP", "STATUS", "OPŠTINA", "OKRUG"]
    );
}

#[tokio::test]
async fn the_user_may_say_that_text_was_misread_or_not() {
    let file = "cp1250-read-as-cp1252.geojson";
    for (encoding, name) in [("CP1250 read as CP1252", "Čačak"), ("UTF-8", "Èaèak")] {
        let inspection = inspect_as(file, Some(encoding)).await.unwrap();
        assert_eq!(names(file, &inspection).await[1], name, "{encoding}");
    }
    let inspection = inspect_as("yuscii.gpkg", Some("YUSCII-CYR")).await.unwrap();
    assert_eq!(names("yuscii.gpkg", &inspection).await, CYRILLIC);
    let refusal = inspect_as("yuscii.gpkg", Some("CP1250"))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("GeoPackage is UTF-8 by definition and cannot be read as CP1250"),
        "{refusal}"
    );
}

#[tokio::test]
async fn lost_letters_stay_lost() {
    for (file, wanted) in [
        (
            "lost-letters.geojson",
            ["Flotacijsko jalovi?te Bor", "?a?ak", "Kru\u{fffd}evac"].as_slice(),
        ),
        ("lost-letters.gpkg", &["Kru\u{fffd}evac", "Bor"]),
        ("lost-letters.csv", &["Kru?evac"]),
    ] {
        let inspection = inspect(file).await;
        let found = names(file, &inspection).await;
        assert_eq!(found[..wanted.len()], *wanted, "{file}");
    }
}
