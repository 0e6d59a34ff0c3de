//! Text in the encodings of old and odd programs: it arrives in the register in Serbian letters,
//! and the report says how it was read and why.

use crate::database::Database;
use crate::survey::{accept, everything, facility, fixture};

const LATIN: &[&str] = &[
    "Flotacijsko jalovište Bor",
    "Čačak",
    "Žagubica",
    "Kruševac",
    "Đerdap",
    "Ćuprija",
];
const CYRILLIC: &[&str] = &[
    "Флотацијско јаловиште Бор",
    "Чачак",
    "Жагубица",
    "Крушевац",
    "Ђердап",
    "Ћуприја",
];
const WITHOUT_DJ: &[&str] = &[LATIN[0], LATIN[1], LATIN[2], LATIN[3], LATIN[5]];

/// A file, how it is imported, the names of its facilities from 901 on, and words of the report.
type Read = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const FILES: &[Read] = &[
    (
        "cp852.zip",
        &[],
        LATIN,
        &["Text: CP852: ", "for example: Čačak"],
    ),
    ("cp855-cyrillic.zip", &[], CYRILLIC, &["Text: CP855: "]),
    (
        "iso-8859-5-cyrillic.zip",
        &[],
        CYRILLIC,
        &["Text: ISO-8859-5: "],
    ),
    (
        "mac-cyrillic.zip",
        &[],
        CYRILLIC,
        &["Text: x-mac-cyrillic: "],
    ),
    (
        "yuscii.zip",
        &[],
        LATIN,
        &[
            "show YUSCII",
            "jalovi{te → jalovište",
            "name the encoding UTF-8",
        ],
    ),
    (
        "yuscii-cyrillic.zip",
        &[],
        &[
            "Јаловиште Кривељ",
            "Чачак",
            "Жагубица",
            "Земљиште у Крушевцу",
        ],
        &["show YUSCII-CYR", "Jalovi{te → Јаловиште"],
    ),
    (
        "yuscii.gpkg",
        &[],
        LATIN,
        &["UTF-8 by definition; but signs"],
    ),
    (
        "yuscii-cyrillic-without-signs.zip",
        &[],
        &["Велики Кривељ", "Бољевац", "Љубовија", "Крупањ", "Бор"],
        &[
            "the letters q, w and x in the places of љ, њ and џ",
            "Kriveq → Кривељ",
        ],
    ),
    (
        "one-word-of-cyrillic-yuscii.zip",
        &[],
        &["Kriveq", "Bor"],
        &[
            "Kriveq → Кривељ may be Cyrillic YUSCII",
            "name the encoding YUSCII-CYR",
        ],
    ),
    (
        "rows-of-cp852-among-cp1250.zip",
        &["--encoding", "CP1250 (CP852 read as CP1250)"],
        &["Žagubica", "Kruševac", "Đerdap", "Ćuprija", "Čačak"],
        &[],
    ),
    (
        "cp1250-in-column-names-only.zip",
        &[],
        &["Bor", "Majdanpek"],
        &["OPŠTINA -> municipality"],
    ),
    (
        "one-word-of-yuscii.zip",
        &[],
        &["Kru{evac", "Bor"],
        &[
            "Kru{evac → Kruševac look like YUSCII",
            "name the encoding YUSCII",
        ],
    ),
    (
        "one-word-of-yuscii.zip",
        &["--encoding", "jus_i.b1.002"],
        &["Kruševac", "Bor"],
        &["Text: YUSCII: named by you"],
    ),
    (
        "cp852-language-byte-of-cp1250.zip",
        &[],
        LATIN,
        &["says CP1250, but then it would read \"Flotacijsko jaloviçte Bor\""],
    ),
    (
        "cp852-cpg-says-cp1250.zip",
        &[],
        &["Flotacijsko jaloviçte Bor"],
        &["the .cpg file is believed", "name CP852"],
    ),
    (
        "cp852-cpg-says-cp1250.zip",
        &["--encoding", "oem 852"],
        LATIN,
        &[],
    ),
    (
        "utf-8-cpg-says-cp1250.zip",
        &[],
        WITHOUT_DJ,
        &["Text: UTF-8: the .cpg file says 1250, but then it would read"],
    ),
    (
        "cp1250-read-as-cp1252.geojson",
        &[],
        LATIN,
        &["Text: UTF-8 (CP1250 read as CP1252): ", "Èaèak → Čačak"],
    ),
    (
        "cp1250-read-as-cp1252.geojson",
        &["--encoding", "UTF-8"],
        &["Flotacijsko jalovište Bor", "Èaèak"],
        &[],
    ),
    (
        "utf-8-read-as-cp1252.gpkg",
        &[],
        LATIN,
        &[
            "Text: UTF-8 (UTF-8 read as CP1252): ",
            "jaloviÅ¡te → jalovište",
        ],
    ),
    (
        "cp852-read-as-cp1250.geojson",
        &[],
        LATIN,
        &["jaloviçte → jalovište"],
    ),
    (
        "utf-16.csv",
        &[],
        &["Čačak é"],
        &["the byte order mark at the beginning says UTF-16LE"],
    ),
    (
        "lost-letters.geojson",
        &[],
        &[
            "Flotacijsko jalovi?te Bor",
            "?a?ak",
            "Kru\u{fffd}evac",
            "???? ????",
            "Bor",
            "Čačak",
        ],
        &[
            "warning, name: letters are missing in the text \"Flotacijsko jalovi?te Bor\"",
            "letters are missing in the text \"????",
        ],
    ),
    (
        "lost-letters.gpkg",
        &[],
        &["Kru\u{fffd}evac", "Bor"],
        &["warning, name: letters are missing in the text \"Kru\u{fffd}evac\""],
    ),
    (
        "lost-letters.csv",
        &[],
        &["Kru?evac"],
        &["letters are missing in the text \"Kru?evac\""],
    ),
];

#[test]
fn text_arrives_in_serbian_letters() {
    let loaded = Database::loaded();
    for (file, arguments, names, words) in FILES {
        let database = loaded.copy();
        let report = accept(&database, &fixture(file), arguments);
        for word in *words {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        for (number, name) in (1..).zip(*names) {
            let code = format!("RS-70327-90{number}");
            let seen = facility(&database, &code).unwrap_or_else(|| panic!("{file}: no {code}"));
            assert_eq!(seen.2, *name, "{file}, {code}");
        }
    }
}

#[test]
fn a_dry_run_shows_how_text_is_read() {
    let database = Database::loaded();
    let before = everything(&database);
    let report = accept(
        &database,
        &fixture("utf-8-read-as-cp1252.gpkg"),
        &["--dry-run"],
    );
    for words in [
        "Text: UTF-8 (UTF-8 read as CP1252): GeoPackage is UTF-8 by definition; but 6 different \
         words were misread",
        "for example: Čačak",
        "for example: Žagubica",
    ] {
        assert!(report.contains(words), "{words} is not in\n{report}");
    }
    assert_eq!(everything(&database), before);
}

#[test]
fn an_encoding_that_nobody_knows_is_refused_with_those_that_are_known() {
    let database = Database::loaded();
    let file = fixture("cp1250.zip");
    let refused = crate::survey::import(&database, &file, &["--encoding", "klingon"]);
    assert!(!refused.status.success());
    for name in [
        "\"klingon\"",
        "CP1250",
        "CP855",
        "x-mac-cyrillic",
        "YUSCII-CYR",
    ] {
        assert!(refused.output.contains(name), "{}", refused.output);
    }
}
