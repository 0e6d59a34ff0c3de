//! Coordinates as files write, declare and mean them: stored in their place, or asked about.

use crate::database::Database;
use crate::survey::{accept, assert_place, everything, facility, fixture, import};

/// The place that the numbers of most of these files mean (see tests/fixtures).
const BOR: (f64, f64) = (22.095_91, 44.074_88);
/// The same three points east of each other as in `good_files`, by cct (PROJ).
const NEXT: (f64, f64) = (22.099_072_364, 44.077_099_692);
/// 588213.57, 4881734.64 in UTM 34N, by cs2cs (PROJ 9.1.1).
const UTM: (f64, f64) = (22.101_818_720, 44.083_476_975);
/// 7588213.57, 4881734.64 with the scale 1: cct (PROJ 9.1.1) with `+k=1` in place of `+k=0.9999`.
const SCALE_1: (f64, f64) = (22.095_718_637, 44.070_487_946);
const LOCAL: &str = "+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=2000 +ellps=bessel";

/// A file, how it is imported, the places of its facilities from 901 on, words of the report.
type Placed = (
    &'static str,
    &'static [&'static str],
    &'static [(f64, f64)],
    &'static [&'static str],
);

const PLACED: &[Placed] = &[
    (
        "dropped-zone-digit.csv",
        &["--crs", "EPSG:6316"],
        &[BOR],
        &["7000000 m were added to every easting", "EPSG:9486"],
    ),
    (
        "dropped-zone-digit.csv",
        &["--crs", "EPSG:31277 +7000000"],
        &[BOR],
        &["EPSG:31277 is deprecated"],
    ),
    (
        "dropped-zone-digit.csv",
        &["--crs", "EPSG:32634"],
        &[UTM],
        &["--crs says EPSG:32634 (WGS 84 / UTM zone 34N)"],
    ),
    (
        "x-is-north.csv",
        &[],
        &[BOR],
        &[
            "the column called x is north",
            "the numbers fit only EPSG:6316",
        ],
    ),
    (
        "swapped-axes.csv",
        &[],
        &[BOR, NEXT],
        &["the columns of east and north are exchanged"],
    ),
    (
        "zones-6-and-7.csv",
        &[],
        &[BOR, (19.225, 44.533)],
        &[
            "zone 6 (records: 1), zone 7 (records: 1)",
            "EPSG:8678, EPSG:6316",
        ],
    ),
    (
        "local-grid.csv",
        &["--crs", LOCAL],
        &[BOR],
        &["that is MGI 1901", "EPSG:9486"],
    ),
    ("thousands-in-coordinates.csv", &[], &[BOR], &[]),
    ("level-with-k.csv", &[], &[BOR], &[]),
    (
        "degrees-with-serbian-letters.csv",
        &[],
        &[BOR],
        &["the letter S beside coordinates means north", "EPSG:3906"],
    ),
    (
        "degrees-with-cyrillic-letters.csv",
        &[],
        &[BOR],
        &["the numbers fit only EPSG:4326"],
    ),
    (
        "degrees-with-english-letters.csv",
        &[],
        &[BOR],
        &["EPSG:3906"],
    ),
    (
        "degrees-packed.csv",
        &[],
        &[BOR],
        &["degrees, minutes and seconds written as DDMMSS.s"],
    ),
    (
        "degrees-with-decimal-comma.csv",
        &[],
        &[BOR],
        &["columns called longitude and latitude mean EPSG:4326"],
    ),
    (
        "prj-of-wgs84-over-zone-7.zip",
        &["--crs", "EPSG:6316"],
        &[BOR, NEXT],
        &["--crs (the file says EPSG:4326 (WGS 84)) says EPSG:6316"],
    ),
    (
        "prj-of-scale-1.zip",
        &["--crs", "EPSG:6316"],
        &[BOR, NEXT],
        &[],
    ),
    (
        "prj-of-scale-1.zip",
        &["--crs", "EPSG:31267"],
        &[SCALE_1],
        &["EPSG:9486"],
    ),
    (
        "prj-with-own-shift.zip",
        &[],
        &[BOR, NEXT],
        &[
            "(Position Vector transformation (geog2D domain): 682, -203, 480, 0, 0, 0, 0) was replaced",
            "9.1 m away; EPSG:9486 was used",
        ],
    ),
    (
        "prj-with-heights.zip",
        &[],
        &[BOR, NEXT],
        &["the tide gauge in Trieste, EPSG:5195"],
    ),
    (
        "prj-of-hermannskogel.zip",
        &[],
        &[BOR, NEXT],
        &["The text calls its datum \"D_MGI_Hermannskogel\""],
    ),
    (
        "crs-in-words.geojson",
        &["--crs", "EPSG:6316"],
        &[BOR],
        &["--crs says EPSG:6316"],
    ),
    (
        "latitude-first.geojson",
        &[],
        &[BOR],
        &["the axes are exchanged in the whole file"],
    ),
];

/// A file, how it is imported, and what the message has to name.
type Refused = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const REFUSED: &[Refused] = &[
    (
        "dropped-zone-digit.csv",
        &[],
        &[
            "without the leading 7 of the eastings, at 22.09591° E, 44.07488° N",
            "as EPSG:32634 (WGS 84 / UTM zone 34N), at 22.10182° E, 44.08348° N, 1066 m away",
            "choose with --crs EPSG:6316 or --crs EPSG:32634",
        ],
    ),
    (
        "dropped-zone-digit.csv",
        &["--crs", "EPSG:8682 +7000000"],
        &["the numbers may be read in"],
    ),
    (
        "prj-of-wgs84-over-zone-7.zip",
        &[],
        &[
            "the file says EPSG:4326 (WGS 84), but x = 7588213.57, y = 4881734.64 is no place in Serbia",
            "name it with --crs EPSG:6316",
        ],
    ),
    (
        "prj-of-scale-1.zip",
        &[],
        &[
            "which has the meridian and false easting of the state survey, but not its scale",
            "choose with --crs EPSG:31267 or --crs EPSG:6316",
        ],
    ),
    (
        "crs-in-words.geojson",
        &[],
        &[
            "the file says `MGI 1901, zona 7`, which is no coordinate reference system",
            "name it with --crs EPSG:6316",
        ],
    ),
    (
        "crs-null.geojson",
        &[],
        &[
            "does not say its coordinate reference system",
            "name it with --crs EPSG:6316",
        ],
    ),
    (
        "prj-in-words.zip",
        &[],
        &[
            "the file says `Gauss-Krueger, zona 7`",
            "name it with --crs EPSG:6316",
        ],
    ),
    (
        "withdrawn-code.gpkg",
        &[],
        &[
            "the file says EPSG:31267",
            "choose with --crs EPSG:31267 or --crs EPSG:6316",
        ],
    ),
    (
        "prj-of-state-grid-on-wgs84.zip",
        &[],
        &[
            "but not its scale 0.9999 on the datum MGI 1901",
            "--crs EPSG:6316",
        ],
    ),
    (
        "local-grid.csv",
        &[],
        &["as in a local grid of a mine", "tie points"],
    ),
    (
        "degrees-south-in-english.csv",
        &[],
        &["no place in Serbia", "y -44.07488", "row 2"],
    ),
    (
        "level-in-centimetres.csv",
        &[],
        &[
            "47512 m is no level in Serbia",
            "47512 centimetres are 475.12 m",
        ],
    ),
    (
        "infinite-coordinate.csv",
        &[],
        &["Row 3", "`inf` is no coordinate"],
    ),
    (
        "x-is-north.csv",
        &["--crs", "+proj=longlat +nadgrids=/etc/passwd"],
        &["\"+nadgrids=/etc/passwd\" is no PROJ text of a grid"],
    ),
    (
        "x-is-north.csv",
        &["--crs", "EPSG:999999"],
        &["--crs EPSG:999999", "check the code"],
    ),
];

#[test]
fn coordinates_arrive_in_their_place_and_the_report_says_how() {
    let loaded = Database::loaded();
    for (file, arguments, places, words) in PLACED {
        let database = loaded.copy();
        let report = accept(&database, &fixture(file), arguments);
        for word in *words {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        for (number, place) in (1..).zip(*places) {
            let code = format!("RS-70327-90{number}");
            let seen = facility(&database, &code).unwrap_or_else(|| panic!("{file}: no {code}"));
            assert_place((seen.0, seen.1), *place, &format!("{file}, {code}"));
        }
        if *file == "level-with-k.csv" {
            let level =
                database.query("select crest_level_m from facility where code = 'RS-70327-901'");
            assert_eq!(level, "475.3");
        }
    }
}

#[test]
fn coordinates_in_doubt_change_nothing_and_are_asked_about() {
    let database = Database::loaded();
    let before = everything(&database);
    for (file, arguments, words) in REFUSED {
        let refused = import(&database, &fixture(file), arguments);
        assert!(!refused.status.success(), "{file}:\n{}", refused.output);
        for word in *words {
            let said = refused.output.contains(word);
            assert!(said, "{file}: {word} is not in\n{}", refused.output);
        }
        assert!(
            !refused.output.contains("proj_create"),
            "PROJ speaks: {}",
            refused.output
        );
    }
    assert_eq!(everything(&database), before);
}
