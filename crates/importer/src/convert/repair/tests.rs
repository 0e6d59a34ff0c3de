use geo::Area;

use super::*;
use crate::convert::validity::tests::areas;

fn kinds(repairs: &[Repair]) -> Vec<&'static str> {
    let kind = |repair: &Repair| match repair {
        Repair::Closed { long: true, .. } => "closed far",
        Repair::Closed { .. } => "closed",
        Repair::Repeated { .. } => "repeated",
        Repair::Spikes { .. } => "spikes",
        Repair::WithoutArea { .. } => "without area",
        Repair::Split { .. } => "split",
        Repair::Dissolved { .. } => "dissolved",
        Repair::Corners { .. } => "corners",
        Repair::ToldApart { .. } => "told apart",
    };
    repairs.iter().map(kind).collect()
}

/// What is given, what is made of it, and which repairs are told.
#[test]
fn repairs_keep_what_is_meant() {
    for (given, made, told) in [
        (
            "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec![],
        ),
        (
            "POLYGON ((0 0, 4 0, 4 0, 4 0, 4 4, 0 4, 0 0, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["repeated"],
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 4 6, 4 4, 0 4, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["spikes"],
        ),
        // A spike of two sides, one beyond the corner, and one at the beginning of the ring.
        (
            "POLYGON ((0 0, 4 0, 4 4, 4 6, 6 6, 4 6, 4 4, 0 4, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["spikes"],
        ),
        (
            "POLYGON ((0 0, 4 0, 4 6, 4 4, 0 4, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["spikes"],
        ),
        (
            "POLYGON ((-2 0, 4 0, 4 4, 0 4, 0 0, -2 0))",
            "POLYGON ((4 0, 4 4, 0 4, 0 0, 4 0))",
            vec!["spikes"],
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 2, 3 3, 1 1))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["without area"],
        ),
        (
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((5 5, 6 6, 7 7, 5 5)))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))",
            vec!["without area"],
        ),
        // A boundary that touches itself: two parts; a hole; a hole at the end of a bridge.
        (
            "POLYGON ((0 0, 4 0, 2 2, 4 4, 0 4, 2 2, 0 0))",
            "MULTIPOLYGON (((2 2, 4 4, 0 4, 2 2)), ((0 0, 4 0, 2 2, 0 0)))",
            vec!["split"],
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0, 1 2, 2 1, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 1 2, 2 1, 0 0))",
            vec!["split"],
        ),
        (
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0, 2 2, 2 6, 6 6, 6 2, 2 2, 0 0))",
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 2 6, 6 6, 6 2, 2 2))",
            vec!["split"],
        ),
        // A hole that touches a side gets company there.
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 2 4, 2 6, 0 5))",
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 5, 0 0), (0 5, 2 6, 2 4, 0 5))",
            vec!["corners"],
        ),
    ] {
        let repaired = repaired(areas(given), &[], HolesSaid::ByOrder, 0.01).unwrap();
        assert_eq!(kinds(&repaired.repairs), told, "{given}");
        assert_eq!(repaired.areas, areas(made), "{given}");
        assert_eq!(examine(&repaired.areas), Ok(Vec::new()), "{given}");
    }
}

#[test]
fn a_slip_of_the_hand_is_split_off_and_a_bow_tie_is_refused() {
    // The sides that cross in (101, 99) turn over a loop at the corner of the square.
    let slip = areas("POLYGON ((0 0, 100 0, 100 98, 102 100, 102 98, 100 100, 0 100, 0 0))");
    let repaired = repaired_of(&slip).unwrap();
    assert_eq!(kinds(&repaired.repairs), ["split"]);
    // The square, the triangle from its corner to the crossing, and the loop: two triangles of
    // base 2 and height 1.
    let area = repaired.areas.unsigned_area();
    assert!((area - 10_002.0).abs() < 1e-6, "{area}");
    let large = areas("POLYGON ((0 0, 10 0, 10 9, 11 10, 11 9, 10 10, 0 10, 0 0))");
    // The shell touches itself, and a hole lies outside.
    let stray = areas("POLYGON ((0 0, 4 0, 2 2, 4 4, 0 4, 2 2, 0 0), (8 0, 9 0, 9 1, 8 0))");
    assert!(repaired_of(&stray).is_err());
    for refused in [large, areas("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")] {
        let fault = repaired_of(&refused).unwrap_err();
        assert_eq!(fault.kind, FaultKind::SelfCrossing);
    }
}

/// The two triangles of a bow tie are similar, so the areas are as the squares of their sides. By the
/// shoelace formula the smaller one is taken away, and the repair adds it.
#[test]
fn a_split_keeps_the_area_within_a_thousandth() {
    for (half, is_kept) in [(1.0, true), (1.2, false)] {
        let (large, small) = (50_f64.powi(2), f64::powi(half, 2));
        let change = 2.0 * small / (large - small);
        assert_eq!(change <= 0.001, is_kept, "{change}");
        let bow = areas(&format!(
            "POLYGON ((-2 {half}, 100 -50, 100 50, -2 -{half}, -2 {half}))"
        ));
        assert_eq!(repaired_of(&bow).is_ok(), is_kept, "{half}");
    }
}

fn repaired_of(areas: &MultiPolygon<f64>) -> Result<Repaired, Fault> {
    repaired(areas.clone(), &[], HolesSaid::ByOrder, 0.01)
}

#[test]
fn open_rings_are_closed_and_told() {
    let square = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))";
    let open = [Open { ring: 0 }];
    for (read, made, told) in [
        (square, square, "closed"),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0.003 0.004, 0 0))",
            square,
            "closed",
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0.3 0.4, 0 0))",
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0.3 0.4, 0 0))",
            "closed",
        ),
        (
            "POLYGON ((0 0, 1 0, 2 1, 3 3, 0 0))",
            "POLYGON ((0 0, 1 0, 2 1, 3 3, 0 0))",
            "closed far",
        ),
    ] {
        let repaired = repaired(areas(read), &open, HolesSaid::ByOrder, 0.01).unwrap();
        assert_eq!(kinds(&repaired.repairs), [told], "{read}");
        assert_eq!(repaired.areas, areas(made), "{read}");
    }
}

/// The area is the sum of what the rings enclose; the parts and holes are counted.
#[test]
fn shared_sides_are_taken_away() {
    const SQUARE: &str = "(0 0, 10 0, 10 10, 0 10, 0 0)";
    let right = "((10 2, 20 2, 20 8, 10 8, 10 2))";
    let (top, bridge) = (
        "((0 10, 10 10, 10 20, 0 20, 0 10))",
        "((20 8, 10 8, 10 20, 20 8))",
    );
    for (given, area, parts, holes) in [
        (
            format!("POLYGON ({SQUARE}, (0 2, 5 2, 5 6, 0 6, 0 2))"),
            80.0,
            1,
            0,
        ),
        // The hole leaves the area in two parts.
        (
            format!("POLYGON ({SQUARE}, (0 2, 10 2, 10 6, 0 6, 0 2))"),
            60.0,
            2,
            0,
        ),
        (
            format!("POLYGON ({SQUARE}, (2 2, 5 2, 5 5, 2 5, 2 2), (5 3, 7 3, 7 7, 5 7, 5 3))"),
            83.0,
            1,
            1,
        ),
        (format!("MULTIPOLYGON (({SQUARE}), {right})"), 160.0, 1, 0),
        // Corners of the one lie inside sides of the other.
        (
            format!("MULTIPOLYGON (({SQUARE}), {right}, {top}, {bridge})"),
            320.0,
            1,
            0,
        ),
        // Two parts beside each other that touch a third in a corner.
        (
            format!("MULTIPOLYGON (({SQUARE}), {right}, ((20 8, 30 8, 30 18, 20 8)))"),
            210.0,
            2,
            0,
        ),
    ] {
        let given = areas(&given);
        let repaired = repaired_of(&given).unwrap_or_else(|fault| panic!("{given:?} {fault:?}"));
        assert!(kinds(&repaired.repairs).contains(&"dissolved"), "{given:?}");
        let made = &repaired.areas;
        let found: usize = made.iter().map(|part| part.interiors().len()).sum();
        assert_eq!((made.0.len(), found), (parts, holes), "{made:?}");
        assert!((made.unsigned_area() - area).abs() < 1e-9, "{made:?}");
        assert!(examine(made).is_ok(), "{made:?}");
    }
    for refused in [
        format!("MULTIPOLYGON (({SQUARE}), ({SQUARE}))"),
        format!("POLYGON ({SQUARE}, {SQUARE})"),
        format!("POLYGON ({SQUARE}, (10 2, 20 2, 20 8, 10 8, 10 2))"),
        format!("MULTIPOLYGON (({SQUARE}), ((0 2, 5 2, 5 6, 0 6, 0 2)))"),
        // A hole that shares a side with its shell and leaves it in a corner.
        format!("POLYGON ({SQUARE}, (0 0, 5 0, 5 5, 0 0, -5 -1, -1 -5, 0 0))"),
    ] {
        assert!(repaired_of(&areas(&refused)).is_err(), "{refused}");
    }
}

/// The rings as GDAL gives them for a shapefile, and as it gives them when told to look which lies in
/// which (`OGR_ORGANIZE_POLYGONS=DEFAULT`).
#[test]
fn rings_in_the_wrong_direction_are_told_apart_where_direction_alone_says_holes() {
    const OUTER: &str = "(0 0, 40 0, 40 40, 0 40, 0 0)";
    const OUTER_BACK: &str = "(0 0, 0 40, 40 40, 40 0, 0 0)";
    const INNER: &str = "(10 10, 20 10, 20 20, 10 20, 10 10)";
    const INNER_BACK: &str = "(10 10, 10 20, 20 20, 20 10, 10 10)";
    const BETWEEN_BACK: &str = "(5 5, 5 35, 35 35, 35 5, 5 5)";
    const APART: &str = "(50 0, 60 0, 60 10, 50 10, 50 0)";
    let with_hole = format!("POLYGON ({OUTER}, {INNER_BACK})");
    let with_island = format!("MULTIPOLYGON (({OUTER}, {BETWEEN_BACK}), ({INNER}))");
    for (given, made) in [
        (format!("POLYGON ({INNER_BACK}, {OUTER})"), &with_hole),
        (
            format!("MULTIPOLYGON (({OUTER_BACK}), ({INNER_BACK}))"),
            &with_hole,
        ),
        (format!("MULTIPOLYGON (({OUTER}), ({INNER}))"), &with_hole),
        (
            format!("POLYGON ({BETWEEN_BACK}, {OUTER}, {INNER})"),
            &with_island,
        ),
        (
            format!("MULTIPOLYGON (({OUTER_BACK}), ({BETWEEN_BACK}), ({INNER_BACK}))"),
            &with_island,
        ),
        (
            format!("POLYGON ({OUTER_BACK}, {APART})"),
            &format!("MULTIPOLYGON (({OUTER}), ({APART}))"),
        ),
    ] {
        let given = areas(&given);
        let told = repaired(given.clone(), &[], HolesSaid::ByDirection, 0.01).unwrap();
        assert_eq!(kinds(&told.repairs), ["told apart"], "{given:?}");
        assert_eq!(in_order(told.areas), in_order(areas(made)), "{given:?}");
        assert!(repaired_of(&given).is_err(), "{given:?}");
    }
    // Nothing is told apart that crosses.
    let crossing = areas(&format!(
        "MULTIPOLYGON (({OUTER}), ((30 30, 50 30, 50 50, 30 50, 30 30)))"
    ));
    assert!(repaired(crossing, &[], HolesSaid::ByDirection, 0.01).is_err());
}

/// Parts from the west on, each ring from its lowest vertex on, turned as the register turns them.
fn in_order(areas: MultiPolygon<f64>) -> Vec<Vec<(i64, i64)>> {
    let (areas, _) = with_rings_turned(areas);
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers of a test")]
    let ring = |ring: &LineString<f64>| {
        let mut places: Vec<_> = ring.0[1..]
            .iter()
            .map(|at| (at.x as i64, at.y as i64))
            .collect();
        let lowest = places
            .iter()
            .enumerate()
            .min_by_key(|(_, at)| **at)
            .map_or(0, |(at, _)| at);
        places.rotate_left(lowest);
        places
    };
    let mut all: Vec<_> = rings(&areas).map(ring).collect();
    all.sort();
    all
}
