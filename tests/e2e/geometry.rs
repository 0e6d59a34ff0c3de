//! Odd shapes: repaired and told, or refused with the place; always as `PostGIS` judges them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::database::Database;
use crate::survey::{accept, everything, fixture, import};

const OUTLINES: &[&str] = &["--layer", "facility_outlines"];
const DAMS: &[&str] = &["--layer", "dams"];

/// A file that is refused, how it is imported, and what the message names.
const REFUSED: &[(&str, &[&str], &[&str])] = &[
    (
        "hole-outside-shell.csv",
        OUTLINES,
        &[
            "Row 2, RS-70327-901",
            "a hole lies outside its area at x 7588120, y 4881020 (longitude 22.09",
            "Add Part",
        ],
    ),
    (
        "hole-crosses-shell.csv",
        OUTLINES,
        &[
            "a hole crosses the outer boundary",
            "at x 7588100, y 4881050",
            "draw the boundary around it",
        ],
    ),
    (
        "hole-in-hole.csv",
        OUTLINES,
        &["a hole lies inside another hole at x 7588030, y 4881030"],
    ),
    (
        "hole-cuts-area-in-two.csv",
        OUTLINES,
        &["so cut the area in two at x 7588", "y 4881050"],
    ),
    (
        "part-in-part.csv",
        OUTLINES,
        &["a part of the area lies inside another part at x 7588020, y 4881020"],
    ),
    (
        "parts-cross.csv",
        OUTLINES,
        &["two parts of the area cross at x 7588", "merge the parts"],
    ),
    (
        "part-twice.csv",
        OUTLINES,
        &["the same ring stands twice at x 7588000, y 4881000"],
    ),
    (
        "area-without-area.csv",
        OUTLINES,
        &[
            "the boundary at x 7588100, y 4881100",
            "runs back along itself and encloses nothing",
        ],
    ),
    (
        "crests-apart.csv",
        DAMS,
        &["it has 2 parts where the layer takes one", "Merge Lines"],
    ),
    (
        "crest-without-length.csv",
        DAMS,
        &[
            "Row 2, B-1",
            "the line is a single place at x 7588000, y 4881000",
            "draw it again",
        ],
    ),
];

/// A file that is accepted, how it is imported, what is said of it, and the area of its outline in
/// square metres: that of the shape in the plane, which is true to a thousandth.
type Accepted = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    Option<f64>,
);

const ACCEPTED: &[Accepted] = &[
    (
        "repeated-vertices.csv",
        OUTLINES,
        &[
            "note, outline: vertices repeated in a row were removed: 2, the first at x 7588100, y 4881000",
        ],
        Some(10_000.0),
    ),
    (
        "spikes.csv",
        OUTLINES,
        &[
            "note, outline: spikes without width",
            "removed: 2, the first at x 7588100, y 4881130",
        ],
        Some(10_000.0),
    ),
    (
        "hole-without-area.csv",
        OUTLINES,
        &["note, outline: rings that enclose nothing were left out: 1"],
        Some(10_000.0),
    ),
    // The hole has half of |20 · 20 − 60 · 60| m².
    (
        "boundary-touches-itself.csv",
        OUTLINES,
        &["note, outline: the boundary met itself at x 7588000, y 4881000"],
        Some(8_400.0),
    ),
    (
        "hole-on-a-bridge.csv",
        OUTLINES,
        &["note, outline: the boundary met itself"],
        Some(8_400.0),
    ),
    // The square, the triangle from its corner to the crossing, and the loop.
    (
        "small-bow-tie.csv",
        OUTLINES,
        &["note, outline: the boundary met itself at x 7588101, y 4881099"],
        Some(10_002.0),
    ),
    (
        "hole-touches-side.csv",
        OUTLINES,
        &["a vertex was added: 1, the first at x 7588000, y 4881050"],
        Some(9_800.0),
    ),
    (
        "hole-shares-side.csv",
        OUTLINES,
        &["note, outline: a side that two rings share at x 7588000, y 48810"],
        Some(8_000.0),
    ),
    (
        "parts-share-side.csv",
        OUTLINES,
        &["note, outline: a side that two rings share at x 7588100, y 48810"],
        Some(13_000.0),
    ),
    (
        "clockwise-shell.csv",
        OUTLINES,
        &["outline"],
        Some(10_000.0),
    ),
    (
        "rings-in-the-wrong-direction.zip",
        OUTLINES,
        &[
            "note, outline: rings run in the wrong direction",
            "parts 1, holes 1; by direction it is wrong at x 7588000, y 4881000",
            "parts 1, holes 1; by direction it is wrong at x 7588020, y 4881020",
        ],
        Some(8_400.0),
    ),
    (
        "curves-without-arcs.gpkg",
        OUTLINES,
        &["outline"],
        Some(8_400.0),
    ),
    (
        "rim-around-a-hole.csv",
        OUTLINES,
        &[
            "warning, outline: holes leave only a rim of parts of the outline",
            "and a width of 0.200 m",
        ],
        Some(79.84),
    ),
    (
        "outline-20-km-across.csv",
        OUTLINES,
        &["warning, outline: the outline is 20.0 km from west to east and 0."],
        Some(2_000_000.0),
    ),
    (
        "crest-of-25-km.csv",
        DAMS,
        &["warning, crest: the crest of the dam is 25.0 km long, more than 15.0 km"],
        None,
    ),
    (
        "sliver.csv",
        OUTLINES,
        &[
            "warning, outline: the outline has parts or holes under 1 m² or narrower than 0.5 m: 1",
            "8.00",
        ],
        Some(10_008.0),
    ),
    (
        "area-in-hectares.csv",
        OUTLINES,
        &[
            "warning, area_m2: the recorded area is 1.000 m²",
            "it looks like hectares",
        ],
        Some(10_000.0),
    ),
    (
        "open-rings.gpkg",
        OUTLINES,
        &[
            "note, outline: a ring did not end where it begins at x 7588000, y 4881100",
            "note, outline: a ring did not end where it begins at x 7588000.003, y 4881000.004",
            "warning, outline: a ring does not end where it begins at x 7588030, y 4881090",
        ],
        Some(10_000.0),
    ),
    (
        "crest-in-parts.csv",
        DAMS,
        &[
            "note, crest: a line whose parts go on from each other was made one; parts: 2, it begins at x 7588000",
        ],
        None,
    ),
    (
        "crest-crosses-itself.csv",
        DAMS,
        &["warning, crest: the line meets itself at x 7588050, y 4881050"],
        None,
    ),
];

#[test]
fn what_cannot_be_repaired_is_refused_with_its_place() {
    let database = Database::migrated();
    let before = everything(&database);
    for (file, arguments, words) in REFUSED {
        let refused = import(&database, &fixture(file), arguments);
        assert!(!refused.status.success(), "{file}:\n{}", refused.output);
        for word in *words {
            let output = &refused.output;
            assert!(output.contains(word), "{file}: {word} is not in\n{output}");
        }
        assert_eq!(everything(&database), before, "{file} changed the register");
    }
}

#[test]
fn what_can_be_repaired_is_and_the_report_says_so() {
    let database = Database::migrated();
    for (file, arguments, words, area_m2) in ACCEPTED {
        let report = accept(&database, &fixture(file), arguments);
        for word in *words {
            assert!(report.contains(word), "{file}: {word} is not in\n{report}");
        }
        let again = accept(&database, &fixture(file), arguments);
        assert!(
            again.contains("the register says the same"),
            "{file}:\n{again}"
        );
        let outline = database.query(
            "select ST_IsValid(outline) and ST_IsPolygonCCW(outline), ST_Area(outline::geography) \
             from facility where code = 'RS-70327-901'",
        );
        let (is_valid, area) = outline.split_once('|').unwrap();
        assert_eq!(is_valid, "t", "{file}");
        let area: f64 = area.parse().unwrap();
        let wanted = area_m2.unwrap_or(area);
        assert!((area - wanted).abs() <= wanted * 1e-3, "{file}: {area} m²");
    }
}

#[test]
fn how_records_lie_to_each_other_is_worth_a_look() {
    let database = Database::loaded();
    // 20 m of 100 m by 100 m; the crest lies 15 km east of its facility, a point within 1.5 km.
    let overlap = accept(&database, &fixture("overlapping-outlines.csv"), OUTLINES);
    for words in [
        "warning, outline: the outline overlaps that of RS-70327-902 (row 3 of this file) by 2000 m², 20 %",
        "warning, outline: the outline overlaps that of RS-70327-901 (row 2 of this file) by 2000 m², 20 %",
    ] {
        assert!(overlap.contains(words), "{words} is not in\n{overlap}");
    }
    let far = accept(&database, &fixture("crest-far-from-its-facility.csv"), DAMS);
    assert!(
        far.contains("warning, crest:") && far.contains("km"),
        "{far}"
    );
}

/// Numbers without order, but the same each time (Knuth's constants for 64 bits).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// A ring with corners on a small grid, so that they often meet; every other one goes around
    /// its middle, so that it is often valid.
    fn ring(&mut self, size: u64) -> String {
        let mut corners: Vec<(u64, u64)> = (0..3 + self.below(5))
            .map(|_| (self.below(size), self.below(size)))
            .collect();
        if self.below(4) > 0 {
            #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
            let angle = |&(x, y): &(u64, u64)| {
                let middle = size as f64 / 2.0 - 0.3;
                (y as f64 - middle).atan2(x as f64 - middle)
            };
            corners.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        }
        corners.push(corners[0]);
        let at = |(x, y): (u64, u64)| format!("{} {}", 7_588_000 + 10 * x, 4_881_000 + 10 * y);
        let corners: Vec<_> = corners.into_iter().map(at).collect();
        format!("({})", corners.join(", "))
    }

    fn part(&mut self) -> String {
        let mut rings = vec![self.ring(9)];
        for _ in 0..self.below(3) {
            rings.push(self.ring(7));
        }
        format!("({})", rings.join(", "))
    }

    fn area(&mut self) -> String {
        if self.below(2) == 0 {
            return format!("POLYGON {}", self.part());
        }
        format!("MULTIPOLYGON ({}, {})", self.part(), self.part())
    }
}

/// A table of the areas; facility 1000 comes first.
fn table<'a>(
    folder: &Path,
    areas: impl Iterator<Item = (usize, &'a String)>,
) -> std::path::PathBuf {
    let file = folder.join("areas.csv");
    let mut text = "code;name;wkt\n".to_owned();
    for (number, area) in areas {
        writeln!(text, "RS-70327-{};Objekat;{area}", 1000 + number).unwrap();
    }
    std::fs::write(&file, text).unwrap();
    file
}

/// What a report says of each record: refused, repaired where it was invalid, or neither.
fn verdicts(report: &Path) -> Vec<&'static str> {
    const MENDED: [&str; 4] = [
        "spikes without width",
        "rings that enclose",
        "met itself",
        "two rings share",
    ];
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let verdict = |record: &Value| {
        let findings = record["findings"].as_array();
        let mut said = findings
            .into_iter()
            .flatten()
            .filter_map(|one| one["message"]["en"].as_str());
        if record["verdict"] == "refused" {
            "refused"
        } else if said.any(|words| MENDED.iter().any(|mended| words.contains(mended))) {
            "repaired"
        } else {
            "valid"
        }
    };
    report["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(verdict)
        .collect()
}

/// `PostGIS` (GEOS) and the import agree on which of many random areas are valid, and what the
/// import accepts is valid in the register and has the area that `PostGIS` finds in it.
#[test]
fn postgis_agrees_on_what_is_valid() {
    const COUNT: usize = 3_000;
    let mut numbers = Numbers(20_140_515);
    let areas: Vec<String> = (0..COUNT).map(|_| numbers.area()).collect();
    let database = Database::migrated();
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let to_report = ["--dry-run", "--report", report.to_str().unwrap()];
    let file = table(folder.path(), areas.iter().enumerate());
    import(&database, &file, &[OUTLINES, &to_report].concat());
    let verdicts = verdicts(&report);
    assert_eq!(verdicts.len(), COUNT);

    let mut valid = Vec::new();
    for some in areas.chunks(300) {
        let values: Vec<_> = some.iter().map(|area| format!("('{area}')")).collect();
        let sql = format!(
            "select ST_IsValid(wkt::geometry) from (values {}) v (wkt)",
            values.join(", ")
        );
        valid.extend(database.query(&sql).lines().map(|line| line == "t"));
    }
    for ((area, verdict), valid) in areas.iter().zip(&verdicts).zip(&valid) {
        assert_eq!(*verdict == "valid", *valid, "{verdict}: {area}");
    }
    for verdict in ["valid", "repaired", "refused"] {
        let count = verdicts.iter().filter(|one| **one == verdict).count();
        assert!(count > COUNT / 100, "only {count} are {verdict}");
    }

    let accepted = areas
        .iter()
        .enumerate()
        .filter(|(at, _)| verdicts[*at] != "refused");
    accept(&database, &table(folder.path(), accepted), OUTLINES);
    let invalid = database.query(
        "select code, ST_IsValidReason(outline) from facility where not ST_IsValid(outline)",
    );
    assert_eq!(invalid, "");

    for (first, some) in (0..).step_by(300).zip(areas.chunks(300)) {
        let values: Vec<_> = (1000 + first..)
            .zip(some)
            .map(|(number, area)| format!("('RS-70327-{number}', '{area}')"))
            .collect();
        let other = database.query(&format!(
            "select code, given, made, wkt from (values {}) v (code, wkt) join facility using (code), \
             lateral (select ST_Area(ST_MakeValid(wkt::geometry, 'method=structure')) as given, \
             ST_Area(outline::geography) as made) area where abs(made / given - 1) > 0.001",
            values.join(", ")
        ));
        assert_eq!(other, "", "the area is another one");
    }
}
