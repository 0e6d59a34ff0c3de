//! The invalid areas of the OGC and JTS lists, and valid ones that look like them. `PostGIS` is asked
//! about the same shapes, and many more, in the tests of the whole program.

use geo::CoordsIter;
use wkt::TryFromWkt;

use super::*;

pub(in crate::convert) fn areas(wkt: &str) -> MultiPolygon<f64> {
    match geo_types::Geometry::try_from_wkt_str(wkt).unwrap() {
        geo_types::Geometry::Polygon(area) => area.into(),
        geo_types::Geometry::MultiPolygon(areas) => areas,
        other => panic!("{other:?}"),
    }
}

const SHELL: &str = "(0 0, 10 0, 10 10, 0 10, 0 0)";

fn with_holes(holes: &str) -> MultiPolygon<f64> {
    areas(&format!("POLYGON ({SHELL}, {holes})"))
}

#[test]
fn valid_areas_are_valid() {
    for wkt in [
        "POLYGON ((0 0, 1 0, 0 1, 0 0))",
        // A hole that touches its shell in one point, inside a side and in a corner.
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 2 4, 2 6, 0 5))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 0, 2 1, 1 2, 0 0))",
        // Two holes that touch in one point; three in one and the same.
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 2), (4 4, 6 4, 6 6, 4 4))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (5 5, 7 4, 7 6, 5 5), (5 5, 4 7, 6 7, 5 5), (5 5, 3 4, 3 6, 5 5))",
        // Parts that touch in points, one that lies in the other's hole, one in a notch.
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 8 2, 8 8, 2 8, 2 2)), ((3 3, 7 3, 7 7, 3 7, 3 3)))",
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 8 2, 8 8, 2 8, 2 2)), ((2 2, 5 3, 8 8, 3 5, 2 2)))",
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 5 5, 0 10, 0 0)), ((5 5, 6 10, 4 10, 5 5)))",
    ] {
        let found = examine(&areas(wkt)).map(drop);
        assert_eq!(found, Ok(()), "{wkt}");
    }
}

#[test]
fn invalid_areas_say_why_and_where() {
    use FaultKind::*;
    for (area, kind, at) in [
        (areas("POLYGON ((0 0, 1 0, 0 0))"), TooFewCorners, (0., 0.)),
        (areas("POLYGON ((0 0, 2 2, 1 1, 0 0))"), NoArea, (2., 2.)),
        (
            areas("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"),
            SelfCrossing,
            (1., 1.),
        ),
        (
            areas("POLYGON ((0 0, 4 0, 2 2, 4 4, 0 4, 2 2, 0 0))"),
            SelfTouch,
            (2., 2.),
        ),
        (
            areas("POLYGON ((0 0, 4 0, 4 6, 4 4, 0 4, 0 0))"),
            Retraced,
            (4., 6.),
        ),
        (
            with_holes("(5 5, 15 5, 15 7, 5 7, 5 5)"),
            RingsCross,
            (10., 5.),
        ),
        // Crossing in a corner that both have.
        (
            with_holes("(5 5, 10 0, 15 5, 10 10, 5 5)"),
            RingsCross,
            (10., 0.),
        ),
        (
            with_holes("(0 2, 5 2, 5 6, 0 6, 0 2)"),
            SharedSide,
            (0., 6.),
        ),
        (with_holes(SHELL), SameRing, (0., 0.)),
        (
            with_holes("(20 20, 22 20, 22 22, 20 20)"),
            HoleOutside,
            (20., 20.),
        ),
        (
            with_holes("(2 2, 8 2, 8 8, 2 8, 2 2), (3 3, 7 3, 7 7, 3 7, 3 3)"),
            HoleInHole,
            (3., 3.),
        ),
        (with_holes("(0 5, 10 5, 5 7, 0 5)"), InsideCut, (10., 5.)),
        (
            with_holes("(0 5, 5 4, 5 6, 0 5), (5 4, 10 5, 5 3, 5 4)"),
            InsideCut,
            (10., 5.),
        ),
        (
            areas("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((2 2, 6 2, 6 6, 2 6, 2 2)))"),
            PartsCross,
            (4., 2.),
        ),
        (
            areas("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((2 2, 6 2, 6 6, 2 6, 2 2)))"),
            PartInPart,
            (2., 2.),
        ),
        (
            areas("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((4 1, 6 1, 6 3, 4 3, 4 1)))"),
            SharedSide,
            (4., 3.),
        ),
    ] {
        let found = examine(&area).unwrap_err();
        assert_eq!(found.kind, kind, "{area:?}");
        let touched = area.coords_iter().any(|vertex| vertex == found.at);
        assert!(
            (found.at.x, found.at.y) == at || (kind == InsideCut && touched),
            "{kind:?} is at {:?}, not {at:?}",
            found.at
        );
    }
}

#[test]
fn places_where_rings_touch_inside_a_side_are_told() {
    let found = examine(&with_holes(
        "(0 5, 2 4, 2 6, 0 5), (10 10, 8 8, 9 7, 10 10)",
    ))
    .unwrap();
    let at = Coord { x: 0.0, y: 5.0 };
    assert_eq!(found, [OnSide { ring: 0, at }]);
}

/// A comb of many long teeth: each side is near many others.
#[test]
fn an_outline_of_a_hundred_thousand_vertices_is_checked_completely() {
    let tooth = |number: u32| {
        let y = f64::from(number);
        [(0.0, y), (1000.0, y + 0.25), (0.0, y + 0.5)]
    };
    let mut ring: Vec<_> = (0..33_333).flat_map(tooth).collect();
    ring.extend([(-1.0, 33_333.0), (-1.0, 0.0), (0.0, 0.0)]);
    let mut area = geo_types::Polygon::new(LineString::from(ring), Vec::new());
    assert_eq!(examine(&area.clone().into()), Ok(Vec::new()));
    area.exterior_mut(|ring| ring.0[60_001].y += 1.1);
    let found = examine(&area.into()).unwrap_err();
    assert_eq!(found.kind, FaultKind::SelfCrossing);
    assert!((found.at.y - 20_001.0).abs() < 0.5, "{:?}", found.at);
}
