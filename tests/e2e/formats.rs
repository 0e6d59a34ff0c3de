//! Surveys in every format that is read: with the report of `cadastre import`, and with their places
//! in the register.

use std::path::{Path, PathBuf};

use crate::database::Database;
use crate::process::{project, run, succeed};
use crate::survey::{accept, assert_place, facility, fixture, import};

const LATIN: &[&str] = &["Čačak", "Žagubica", "Kruševac"];
const PLAIN: &[&str] = &["RTH", "Veliki Krivelj", "Stari Bor"];

/// A file, how it is imported, the names of its facilities, and words of the report.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

/// Files in EPSG:6316, the first facility at E 7588213.57 N 4881734.64.
const PLANE: &[Case] = &[
    (
        "cp852-member-names.zip",
        &[],
        PLAIN,
        &[
            "Objekti Čačak",
            "to import it: --source-layer kruna --layer dams",
        ],
    ),
    ("backslash-member-names.zip", &[], PLAIN, &[]),
    (
        "several-layers.gpkg",
        &["--source-layer", "objekti"],
        PLAIN,
        &["GeoPackage"],
    ),
    (
        "decimal-comma.csv",
        &[],
        PLAIN,
        &["the numbers fit only EPSG:6316"],
    ),
    ("decimal-comma.tsv", &[], PLAIN, &["divided by tabs"]),
    (
        "titles-above-the-headings.csv",
        &[],
        PLAIN,
        &["are on line 4; the lines above were left out"],
    ),
    (
        "geometries-of-postgis.csv",
        &[],
        PLAIN,
        &["the file says EPSG:6316"],
    ),
    ("divided-by-tabs.tab", &[], PLAIN, &["divided by tabs"]),
    (
        "mif-of-windows-latin-2.zip",
        &[],
        LATIN,
        &["MapInfo MIF (zipped)", "Text: CP1250", "read as EPSG:6316"],
    ),
    (
        "mif-says-windows-latin-1.zip",
        &["--crs", "EPSG:6316"],
        LATIN,
        &["Text: CP1250"],
    ),
    (
        "workbook.xlsx",
        &[],
        LATIN,
        &[
            "Excel workbook (XLSX)",
            "layer `Šifrarnik` (1 record, a table) was not imported",
        ],
    ),
    ("zipped-workbook.zip", &[], LATIN, &[]),
    (
        "titles-above-the-headings.xlsx",
        &[],
        LATIN,
        &["are in row 4"],
    ),
];

/// Files in longitude and latitude, the first facility at 22.09591° E 44.07488° N.
const DEGREES: &[Case] = &[
    (
        "one-feature-on-each-line.geojsonl",
        &[],
        LATIN,
        &["GeoJSON sequence"],
    ),
    ("record-separators.json", &[], LATIN, &[]),
    (
        "placemarks.kml",
        &["--source-layer", "Jalovišta"],
        LATIN,
        &["links to other files (1)", "heights (z)"],
    ),
    (
        "placemarks-in-cp1250.kml",
        &["--source-layer", "Jalovišta"],
        LATIN,
        &["Text: CP1250"],
    ),
    (
        "placemarks.kmz",
        &["--source-layer", "Jalovišta"],
        LATIN,
        &["KML (zipped)"],
    ),
    (
        "tracks.gpx",
        &[],
        LATIN,
        &["layer `tracks` (1 record, lines) was not imported"],
    ),
];

/// Longitude and latitude of [`PLANE`], by cct (PROJ) with EPSG operation 9486.
const PLANE_PLACE: (f64, f64) = (22.095_909_997, 44.074_879_980);
const DEGREES_PLACE: (f64, f64) = (22.095_91, 44.074_88);

#[test]
fn every_format_is_imported_with_its_places_and_letters() {
    let loaded = Database::loaded();
    let cases = PLANE.iter().map(|case| (case, PLANE_PLACE));
    let cases = cases.chain(DEGREES.iter().map(|case| (case, DEGREES_PLACE)));
    for ((file, arguments, names, words), place) in cases {
        let path = fixture(file);
        let trial = [arguments, &["--dry-run"][..]].concat();
        let report = accept(&loaded, &path, &trial);
        let counts = format!("{} new, 0 changed, 0 unchanged", names.len());
        for word in words.iter().copied().chain([counts.as_str()]) {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        assert!(facility(&loaded, "RS-70327-901").is_none(), "{file}");
        let database = loaded.copy();
        accept(&database, &path, arguments);
        for (number, name) in (1..).zip(*names) {
            let seen = facility(&database, &format!("RS-70327-90{number}")).unwrap();
            assert_eq!(seen.2, *name, "{file}");
            if number == 1 {
                assert_place((seen.0, seen.1), place, file);
            }
        }
    }
}

/// The formats that are written here by GDAL, as their bytes are not for the hand.
#[test]
fn formats_of_other_programs_are_imported() {
    let loaded = Database::loaded();
    let folder = tempfile::tempdir().unwrap();
    for (name, driver, option) in [
        ("survey.fgb", "FlatGeobuf", "SPATIAL_INDEX=NO"),
        ("survey.tab", "MapInfo File", "ENCODING=CP1250"),
    ] {
        let file = written(folder.path(), name, driver, option);
        for path in [file.as_path(), &zipped(&file), file.parent().unwrap()] {
            let arguments = ["--crs", "EPSG:6316", "--dry-run"];
            let report = accept(&loaded, path, &arguments);
            for words in ["6 new, 0 changed", "for example: Flotacijsko jalovište Bor"] {
                assert!(report.contains(words), "{}:\n{report}", path.display());
            }
        }
    }
}

fn written(folder: &Path, name: &str, driver: &str, option: &str) -> PathBuf {
    let source = format!("/vsizip/{}/objekti.shp", fixture("cp1250.zip").display());
    let own = folder.join(driver.replace(' ', "-"));
    std::fs::create_dir(&own).unwrap();
    let file = own.join(name);
    let encoded = ["--config", "SHAPE_ENCODING", "CP1250"];
    let mut command = std::process::Command::new("ogr2ogr");
    command
        .args(["-f", driver])
        .args(encoded)
        .args(["-lco", option]);
    succeed(command.arg(&file).arg(source));
    file
}

/// The folder of a file as an archive.
fn zipped(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap();
    let archive = folder.with_extension("zip");
    let script = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])";
    succeed(
        std::process::Command::new("python3")
            .args(["-c", script])
            .args([folder, folder]),
    );
    archive
}

#[test]
fn the_outlines_of_a_drawing_need_a_coordinate_system_and_a_code() {
    let database = Database::loaded();
    accept(&database, &fixture("complete.zip"), &[]);
    let file = fixture("outlines.dxf");
    let layer = ["--layer", "facility_outlines"];

    let several = import(&database, &file, &layer);
    assert!(!several.status.success());
    for word in [
        "`RS-70327-901`, `Bazen č`, `Etaža`, `all areas`",
        "--source-layer",
    ] {
        assert!(
            several.output.contains(word),
            "{word} is not in\n{}",
            several.output
        );
    }

    let folder = tempfile::tempdir().unwrap();
    let mapping = folder.path().join("mapping.toml");
    std::fs::write(&mapping, "[fields]\nLayer = \"code\"\n").unwrap();
    let named = [
        "--source-layer",
        "RS-70327-901",
        "--mapping",
        mapping.to_str().unwrap(),
    ];
    let undecided = import(&database, &file, &[&layer[..], &named].concat());
    assert!(!undecided.status.success());
    for word in [
        "does not say its coordinate reference system",
        "EPSG:6316",
        "--crs",
    ] {
        assert!(
            undecided.output.contains(word),
            "{word} is not in\n{}",
            undecided.output
        );
    }

    let report = accept(
        &database,
        &file,
        &[&layer[..], &named, &["--crs", "EPSG:6316"]].concat(),
    );
    assert!(report.contains("1 changed"), "{report}");
    assert!(report.contains("chords of at most 1°"), "{report}");
    // A square with sides of 400 m.
    let area = database
        .query("select st_area(outline::geography) from facility where code = 'RS-70327-901'");
    let area_m2: f64 = area.parse().unwrap();
    assert!((area_m2 - 160_000.0).abs() < 200.0, "{area_m2} m²");
}

#[test]
fn help_names_the_formats() {
    let help = run(crate::process::cadastre().args(["import", "--help"])).output;
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    for format in [
        "GeoPackage",
        "FlatGeobuf",
        "KMZ",
        "GPX",
        "DXF",
        "MapInfo",
        "XLSX",
        "TSV",
    ] {
        assert!(help.contains(format), "{format} is not in\n{help}");
        assert!(readme.contains(format), "{format} is not in the README");
    }
}
