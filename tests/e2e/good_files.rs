//! Files with oddities that do no harm: they arrive with their places and letters.

use crate::database::Database;
use crate::survey::{accept, assert_place, facility, fixture};

/// Places of the fixtures' facilities 901 to 907: EPSG:6316 7588213.57 E 4881734.64 N and 250 m
/// further east and north each, computed by cct (PROJ) with the exact Helmert transformation of
/// EPSG operation 9486.
const PLACES: [(f64, f64); 7] = [
    (22.095_909_997, 44.074_879_980),
    (22.099_072_364, 44.077_099_692),
    (22.102_234_968, 44.079_319_313),
    (22.105_397_809, 44.081_538_842),
    (22.108_560_886, 44.083_758_281),
    (22.111_724_199, 44.085_977_629),
    (22.114_887_749, 44.088_196_887),
];
const PLAIN: &[&str] = &["RTH", "Veliki Krivelj", "Stari Bor"];
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

/// A file, how it is imported, the names of its facilities from 901 on, and words of the report.
pub type Good = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

pub const GOOD: &[Good] = &[
    (
        "complete.zip",
        &[],
        PLAIN,
        &[
            "ESRI Shapefile (zipped)",
            "the file says EPSG:6316",
            "EPSG:9486",
        ],
    ),
    ("upper-case-names.zip", &[], PLAIN, &[]),
    ("mixed-case-names.zip", &[], PLAIN, &[]),
    ("nested-folder.zip", &[], PLAIN, &[]),
    (
        "old-epsg-31277.zip",
        &[],
        PLAIN,
        &["EPSG:31277 is deprecated"],
    ),
    (
        "shapefile-without-prj.zip",
        &["--crs", "EPSG:6316"],
        PLAIN,
        &["has no .prj file"],
    ),
    (
        "same-name-in-two-folders.zip",
        &["--source-layer", "2024/facilities"],
        PLAIN,
        &[],
    ),
    (
        "cp1250.zip",
        &[],
        LATIN,
        &["Text: CP1250: ", "for example: Čačak"],
    ),
    (
        "cp1250-language-byte-of-cp1252.zip",
        &[],
        LATIN,
        &["Text: CP1250: "],
    ),
    (
        "cp1250-cpg-says-utf-8.zip",
        &[],
        LATIN,
        &["the .cpg file says UTF-8, but the text"],
    ),
    ("cp852-language-byte.zip", &[], LATIN, &["Text: CP852: "]),
    ("iso-8859-2.zip", &[], LATIN, &["Text: ISO-8859-2: "]),
    ("cp1251-cyrillic.zip", &[], CYRILLIC, &["Text: CP1251: "]),
    ("utf8-cpg.zip", &[], LATIN, &["Text: UTF-8: "]),
    (
        "cp1250-cpg-says-utf-8.zip",
        &["--encoding", "CP1250"],
        LATIN,
        &[],
    ),
    ("points.gpkg", &[], PLAIN, &["GeoPackage"]),
    ("write-ahead-log.gpkg", &[], PLAIN, &[]),
    (
        "undefined-coordinates.gpkg",
        &["--crs", "EPSG:6316"],
        &["Bor"],
        &[],
    ),
    (
        "zipped-geopackage.zip",
        &[],
        PLAIN,
        &["GeoPackage (zipped)"],
    ),
    (
        "wkt-column.csv",
        &[],
        &["Veliki Krivelj"],
        &["the numbers fit only EPSG:6316"],
    ),
    ("zipped-geojson.zip", &[], &["Čačak"], &["GeoJSON (zipped)"]),
];

#[test]
fn good_files_arrive_with_their_places_and_letters() {
    let loaded = Database::loaded();
    for (file, arguments, names, words) in GOOD {
        let database = loaded.copy();
        let report = accept(&database, &fixture(file), arguments);
        let counts = format!("{} new, 0 changed, 0 unchanged", names.len());
        for word in words.iter().copied().chain([counts.as_str()]) {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        for ((number, name), place) in (1..).zip(*names).zip(PLACES) {
            let code = format!("RS-70327-90{number}");
            let seen = facility(&database, &code).unwrap_or_else(|| panic!("{file}: no {code}"));
            assert_eq!(seen.2, *name, "{file}, {code}");
            assert_place((seen.0, seen.1), place, &format!("{file}, {code}"));
        }
        let count = database.query("select count(*) from facility where code like 'RS-70327-9%'");
        assert_eq!(count, names.len().to_string(), "{file}");
    }
}

#[test]
fn what_a_file_leaves_out_is_left_out() {
    let loaded = Database::loaded();
    // A row deleted in the program that wrote the file is still in it, marked.
    let database = loaded.copy();
    accept(&database, &fixture("deleted-row.zip"), &[]);
    assert!(facility(&database, "RS-70327-902").is_none());
    assert_eq!(facility(&database, "RS-70327-903").unwrap().2, "Stari Bor");
    // A name cut in the middle of a letter loses half a letter, not the file.
    let database = loaded.copy();
    accept(&database, &fixture("utf8-cut-letter.zip"), &[]);
    assert_eq!(
        facility(&database, "RS-70327-907").unwrap().2,
        "a".repeat(39)
    );
    // A record without a place is taken, and said to be one.
    let database = loaded.copy();
    let report = accept(&database, &fixture("null-geometry.geojson"), &[]);
    assert!(
        report.contains("warning, location: the record has no place"),
        "{report}"
    );
    assert_eq!(
        database.query("select location is null from facility where code = 'RS-70327-902'"),
        "t"
    );
}

#[test]
fn lines_and_areas_of_one_file_find_their_layers() {
    let database = Database::loaded();
    let file = fixture("two-layers.zip");
    let report = accept(&database, &file, &[]);
    assert!(
        report.contains("to import it: --source-layer crest --layer dams"),
        "{report}"
    );
    // A square with sides of 400 m, its south-western corner at the first place.
    let square = "select round(st_area(outline::geography)), st_xmin(outline), st_ymin(outline), \
                  st_within(location, outline) from facility where code = 'RS-70327-901'";
    let row = database.query(square);
    let columns: Vec<_> = row.split('|').collect();
    let area_m2: f64 = columns[0].parse().unwrap();
    assert!((area_m2 - 160_000.0).abs() < 200.0, "{area_m2} m²");
    assert_eq!(
        columns[3], "t",
        "the point of an outlined facility lies inside"
    );
    let west: f64 = columns[1].parse().unwrap();
    assert!((west - PLACES[0].0).abs() < 2e-4, "{west}");
}
