use super::view::{Bounds, View, metres_per_degree};
use super::{Feature, Reach, Sketch, symbol};
use domain::{Lang, Text};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};

fn square(west: f64, south: f64, size: f64) -> Polygon<f64> {
    let end = Coord {
        x: west + size,
        y: south + size,
    };
    Rect::new(Coord { x: west, y: south }, end).to_polygon()
}

fn feature(geometry: impl Into<Geometry<f64>>) -> Feature {
    Feature {
        geometry: geometry.into(),
        style: 0,
        name: "a".to_owned(),
    }
}

fn sketch(features: &[Feature], land: &[MultiPolygon<f64>], reach: Reach) -> Option<Sketch> {
    Sketch::of(features, land, reach, (Text::new("Карта", "Map"), Lang::En))
}

/// The length of a degree of latitude on WGS 84, as the National Geospatial-Intelligence Agency's
/// table has it.
#[test]
fn a_degree_of_latitude_is_as_long_as_published() {
    for (latitude, metres) in [(0.0, 110_574.3), (45.0, 111_131.7), (90.0, 111_693.9)] {
        let found = metres_per_degree(latitude);
        assert!((found - metres).abs() < 0.1, "{latitude}: {found}");
    }
}

#[test]
fn the_corners_of_the_box_are_the_corners_of_the_map() {
    let view = View::of(Bounds {
        west: 20.0,
        south: 43.0,
        east: 21.0,
        north: 43.7,
    });
    assert_eq!(view.place(Coord { x: 20.0, y: 43.7 }), [0, 0]);
    assert_eq!(
        view.place(Coord { x: 21.0, y: 43.0 }),
        [view.width, view.height]
    );
}

/// A kilometre eastward and one northward are equally long on the map, and as long as the bar says:
/// 0.4488° of longitude and 0.3239° of latitude are 36 km at 44° N.
#[test]
fn the_bar_says_how_long_things_are() {
    let view = View::of(Bounds {
        west: 20.0,
        south: 43.5,
        east: 21.0,
        north: 44.5,
    });
    let [x, y] = view.place(Coord { x: 20.0, y: 44.0 });
    let [east, _] = view.place(Coord {
        x: 20.4488,
        y: 44.0,
    });
    let [_, north] = view.place(Coord {
        x: 20.0,
        y: 44.3239,
    });
    let bar = view.bar();
    let units_per_km = f64::from(bar.units) / (f64::from(bar.metres) / 1000.0);
    for length in [east - x, y - north] {
        let expected = 36.0 * units_per_km;
        assert!(
            (f64::from(length) - expected).abs() < 3.0,
            "{length} {expected}"
        );
    }
    assert!(bar.units <= view.width / 3);
}

#[test]
fn a_single_place_has_a_map_around_it() {
    let one = [feature(Point::new(21.0, 44.0))];
    let map = sketch(&one, &[], Reach::Degrees(0.5)).unwrap();
    assert_eq!((map.width, map.marks.len(), map.land.len()), (640, 1, 0));
    assert!((320..=704).contains(&map.height), "{}", map.height);
    assert_eq!(map.marks[0].path, symbol(0, [320, map.height / 2]));
    assert!(sketch(&[], &[square(20.0, 43.0, 1.0).into()], Reach::Country).is_none());
}

#[test]
fn what_is_too_small_to_see_is_a_symbol() {
    let features = [
        feature(square(20.0, 43.0, 1.0)),
        feature(square(20.5, 43.5, 0.000_1)),
        feature(LineString::from(vec![(20.0, 43.0), (20.5, 43.5)])),
    ];
    let map = sketch(&features, &[], Reach::Degrees(0.0)).unwrap();
    let classes: Vec<_> = map.marks.iter().map(|mark| mark.class.as_str()).collect();
    assert_eq!(classes, ["area c0", "symbol c0", "line c0"]);
    assert!(map.marks[0].path.ends_with('z') && !map.marks[2].path.ends_with('z'));
}

#[test]
fn vertices_that_fall_together_are_drawn_once() {
    let dense: Vec<_> = (0..10_000)
        .map(|at| (20.0 + f64::from(at) / 10_000.0, 44.0))
        .collect();
    let map = sketch(
        &[feature(LineString::from(dense))],
        &[],
        Reach::Degrees(0.0),
    )
    .unwrap();
    assert!(map.marks[0].path.matches('l').count() <= 640);
}

#[test]
fn districts_out_of_sight_are_left_out() {
    let land = [
        square(20.0, 43.0, 1.0).into(),
        square(10.0, 43.0, 1.0).into(),
    ];
    let one = [feature(Point::new(20.5, 43.5))];
    assert_eq!(
        sketch(&one, &land, Reach::Degrees(0.5)).unwrap().land.len(),
        1
    );
    assert_eq!(sketch(&one, &land, Reach::Country).unwrap().land.len(), 2);
}
