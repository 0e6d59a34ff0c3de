//! Files that are refused: they change nothing, and the message says why and what to do.

use std::path::Path;

use crate::database::Database;
use crate::process::project;
use crate::survey::{everything, fixture, import};

/// A file that is refused, how it is imported, and what the message has to name: the place in the
/// file, the value, and the way out.
type Bad = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const BAD: &[Bad] = &[
    (
        "a-raster.tif",
        &[],
        &[
            "a-raster.tif",
            "is a raster",
            "--facility CODE and --kind dem|dtm|dsm|orthophoto|index and --surveyed DATE",
        ],
    ),
    (
        "arcs.gpkg",
        &["--layer", "dams"],
        &[
            "arcs.gpkg",
            "record 1 has arcs",
            "Convert curved geometries to straight",
        ],
    ),
    (
        "virtual-table.gpkg",
        &[],
        &["has virtual tables (1)", "to a new GeoPackage"],
    ),
    (
        "bow-tie.gpkg",
        &[],
        &[
            "Row 1, RS-70327-901",
            "crosses itself at x 7588263.57, y 4881784.64",
            "redraw it",
        ],
    ),
    (
        "broken-utf-8.geojson",
        &[],
        &[
            "broken-utf-8.geojson",
            "not UTF-8 on line 8",
            "export it again as UTF-8",
        ],
    ),
    (
        "broken-utf-8.gpkg",
        &[],
        &["\"name\" of record 2", "evac", "correct the text"],
    ),
    (
        "column-types.zip",
        &[],
        &[
            "Row 1, RS-70327-901",
            "no field for name",
            "add it to the file",
        ],
    ),
    (
        "cp1250.csv",
        &[],
        &["cp1250.csv", "a table without a place", "--mapping"],
    ),
    (
        "damaged-inside.gpkg",
        &[],
        &["beyond record", "export the file again"],
    ),
    (
        "duplicate-code.csv",
        &[],
        &[
            "Row 2, RS-70327-901",
            "stands also in row 3",
            "remove or correct one",
        ],
    ),
    (
        "empty-layer.gpkg",
        &[],
        &[
            "empty-layer.gpkg holds no records",
            "check that the export wrote them",
        ],
    ),
    (
        "damaged-workbook.xlsx",
        &[],
        &["cannot be read as Excel workbook", "export it again"],
    ),
    (
        "broken-line.geojsonl",
        &[],
        &["JSON parsing error", "export the file again"],
    ),
    ("entity.kml", &[], &["defines entities", "export it again"]),
    (
        "mif-without-mid.zip",
        &[],
        &["objekti.mid is missing", "put all files"],
    ),
    ("old-excel.xls", &[], &["old kind (XLS)", "save it as"]),
    (
        "locked.xlsx",
        &[],
        &["locked with a password", "without a password"],
    ),
    ("zip-in-a-zip.zip", &[], &["another archive", "unpack it"]),
    (
        "points-and-areas.geojson",
        &[],
        &["`points-and-areas (points)`", "--source-layer"],
    ),
    (
        "file-geodatabase.zip",
        &[],
        &["ESRI file geodatabase", "export the layer as a GeoPackage"],
    ),
    (
        "tiles-only.gpkg",
        &[],
        &["raster tiles only", "draw the outlines"],
    ),
    (
        "tin.gpkg",
        &["--layer", "facility_outlines"],
        &["record 1 is a surface of a solid body", "draw the outline"],
    ),
    (
        "multipatch.zip",
        &[],
        &["MultiPatch", "Multipatch Footprint"],
    ),
    ("drawing.dwg", &[], &["AutoCAD drawing", "save it as DXF"]),
    ("libreoffice.ods", &[], &["LibreOffice document", "XLSX"]),
    (
        "linked-table.zip",
        &[],
        &["leads to other files", "save a copy"],
    ),
    (
        "locked.zip",
        &[],
        &[
            "\"facilities.shp\"",
            "locked with a password",
            "without one",
        ],
    ),
    (
        "missing-property.geojson",
        &[],
        &["Row 2, RS-70327-902", "no field for name"],
    ),
    (
        "not-a-zip.zip",
        &[],
        &["is no zip archive", "make the archive again"],
    ),
    (
        "nothing-to-read.zip",
        &[],
        &["no survey file is in it", "photo.jpg", "GeoPackage"],
    ),
    (
        "outside-serbia.csv",
        &[],
        &["no place in Serbia", "5350000", "row 2", "--crs"],
    ),
    (
        "random-bytes.gpkg",
        &[],
        &["named like a GeoPackage", "export it again"],
    ),
    (
        "same-name-in-two-folders.zip",
        &[],
        &["`2023/facilities`, `2024/facilities`", "--source-layer"],
    ),
    (
        "shapefile-of-two-exports.zip",
        &[],
        &["has 3 shapes", "has 2 rows", "export the shapefile again"],
    ),
    (
        "shapefile-with-cut-dbf.zip",
        &[],
        &["\"facilities.dbf\" is cut short", "again"],
    ),
    (
        "shapefile-without-dbf.zip",
        &[],
        &["facilities.dbf is missing", "into the zip"],
    ),
    (
        "shapefile-without-prj.zip",
        &[],
        &[
            "does not say its coordinate reference system",
            "EPSG:6316",
            "--crs",
        ],
    ),
    (
        "shapefile-without-shp.zip",
        &[],
        &["facilities.shp is missing", "into the zip"],
    ),
    (
        "shapefile-without-shx.zip",
        &[],
        &["facilities.shx is missing", "into the zip"],
    ),
    (
        "table-without-geometry.gpkg",
        &[],
        &["`facilities` is a table without a place", "--mapping"],
    ),
    (
        "too-many-values.csv",
        &[],
        &["line 2 has 10 values", "8 columns", "quotation marks"],
    ),
    (
        "truncated.zip",
        &[],
        &["cut short or damaged", "make it again"],
    ),
    (
        "undefined-coordinates.gpkg",
        &[],
        &[
            "does not say its coordinate reference system",
            "EPSG:6316",
            "--crs",
        ],
    ),
    (
        "unknown-code.csv",
        &[],
        &[
            "Row 2, RS-70327-901",
            "`fishpond`",
            "write one of: tailings_pond",
        ],
    ),
    (
        "wrong-control-digit.csv",
        &[],
        &[
            "Row 2",
            "`70328` has a wrong control digit",
            "would end in 7",
        ],
    ),
    ("zip-bomb.zip", &[], &["8388608 bytes", "without zip"]),
    (
        "zip-slip.zip",
        &[],
        &[
            "\"../evil.shp\"",
            "leads out of the archive",
            "make a new archive",
        ],
    ),
    (
        "zip-with-link.zip",
        &[],
        &[
            "\"facilities.csv\"",
            "a link to another place",
            "put the file itself",
        ],
    ),
    (
        "no-such-file.zip",
        &[],
        &["no-such-file.zip", "check the path"],
    ),
    (
        "points.gpkg",
        &["--layer", "dams"],
        &["takes lines", "--layer facilities"],
    ),
    (
        "points.gpkg",
        &["--source-layer", "objekti"],
        &["no layer `objekti`", "`facilities`", "--source-layer"],
    ),
    (
        "points.gpkg",
        &["--crs", "EPSG:99999"],
        &["--crs EPSG:99999", "check the code"],
    ),
    (
        "points.gpkg",
        &["--layer", "ponds"],
        &["no layer `ponds`", "facilities, facility_outlines, dams"],
    ),
    (
        "cp1250.zip",
        &["--encoding", "klingon"],
        &["\"klingon\"", "CP1250"],
    ),
    (
        "complete.zip",
        &["--mapping", "no-such-file.toml"],
        &["no-such-file.toml", "check the path"],
    ),
];

#[test]
fn bad_files_change_nothing_and_say_why() {
    let database = Database::loaded();
    let before = everything(&database);
    for (file, arguments, words) in BAD {
        let refused = import(&database, &fixture(file), arguments);
        assert!(
            !refused.status.success(),
            "{file} was accepted:\n{}",
            refused.output
        );
        assert!(
            refused.status.code().is_some_and(|code| code <= 3),
            "{file}: {}",
            refused.status
        );
        for word in *words {
            assert!(
                refused.output.contains(word),
                "{file}: {word} is not in\n{}",
                refused.output
            );
        }
        assert_eq!(everything(&database), before, "{file} changed the register");
    }
}

#[test]
fn every_fixture_is_tried() {
    let sources =
        sources(&project().join("tests/e2e")) + &sources(&project().join("crates/importer/tests"));
    let fixtures = std::fs::read_dir(fixture("")).unwrap().flatten();
    let names = fixtures
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension() != Some("py".as_ref()));
    let forgotten: Vec<_> = names
        .filter(|name| !sources.contains(&format!("\"{name}\"")))
        .collect();
    assert_eq!(forgotten, [""; 0], "no test names them");
}

/// All that the Rust files of a folder say.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let texts = entries.map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            sources(&path)
        } else {
            std::fs::read_to_string(path).unwrap_or_default()
        }
    });
    texts.collect()
}
