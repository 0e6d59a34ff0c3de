//! Values along lines.

use raster::heights::Reading;
use raster::profile::{climb, length_m, read_along, stations};

use crate::surface::{Surface, plane};

/// geod of PROJ 9.1.1: geod +ellps=WGS84 -I <<< "lat1 lon1 lat2 lon2", over sides near enough to
/// straight ones.
#[test]
fn lengths_are_those_of_the_geodesic() {
    for (line, wanted) in [
        (vec![(22.09591, 44.07488), (22.11, 44.08)], 1263.909),
        (vec![(21.0, 44.0), (21.1, 44.1)], 13_699.770),
        (
            vec![(22.09591, 44.07488), (22.11, 44.08), (22.09591, 44.07488)],
            2527.818,
        ),
    ] {
        let length = length_m(&line);
        assert!(
            (length - wanted).abs() < 2e-4 * wanted,
            "{length} is not {wanted}"
        );
    }
}

#[test]
fn a_station_at_every_step_and_every_corner() {
    let line = [(22.09, 44.07), (22.10, 44.07), (22.10, 44.08)];
    let found = stations(&line, 250.0);
    let first_side_m = length_m(&line[..2]);
    let corners: Vec<_> = found.iter().filter(|station| station.is_corner).collect();
    assert_eq!(corners.len(), 3);
    assert!((corners[1].distance_m - first_side_m).abs() < 1e-9);
    assert!((corners[2].distance_m - length_m(&line)).abs() < 1e-9);
    let steps: Vec<_> = found.iter().filter(|station| !station.is_corner).collect();
    assert_eq!(steps.len(), 7, "a line of about 1912 m");
    for (number, step) in (1_u32..).zip(&steps) {
        assert!((step.distance_m - 250.0 * f64::from(number)).abs() < 1e-9);
        let walked: Vec<_> = line
            .iter()
            .copied()
            .take(if step.distance_m < first_side_m { 1 } else { 2 })
            .chain([(step.lon, step.lat)])
            .collect();
        assert!(
            (length_m(&walked) - step.distance_m).abs() < 0.01,
            "{step:?}"
        );
    }
    assert!(found.is_sorted_by(|a, b| a.distance_m < b.distance_m));
}

/// A step that ends on a corner is the corner; corners on the same place stay, as they were given.
#[test]
fn no_place_comes_twice_but_repeated_corners() {
    let line = [
        (22.09, 44.07),
        (22.10, 44.07),
        (22.10, 44.07),
        (22.09, 44.07),
    ];
    let side_m = length_m(&line[..2]);
    let found = stations(&line, side_m / 2.0);
    let corners: Vec<_> = found.iter().map(|station| station.is_corner).collect();
    assert_eq!(corners, [true, false, true, true, false, true]);
}

#[test]
fn a_plane_climbs_as_its_formula() {
    let surface = Surface::plane();
    let plan = surface.image.plan();
    let to_wgs84 = plan.to_wgs84().unwrap();
    let (start, end) = ((587_100.0, 4_880_400.0), (588_100.0, 4_880_400.0));
    let line = [start, end].map(|(x, y)| to_wgs84.transform(x, y).unwrap());
    let places = stations(&line, 10.0);
    let readings = read_along(&surface.image, 1, &places).unwrap();
    let back = plan.from_wgs84().unwrap();
    for (place, reading) in places.iter().zip(&readings) {
        let (x, y) = back.transform(place.lon, place.lat).unwrap();
        assert!((reading.value().unwrap() - plane(x, y)).abs() < 1e-3);
    }
    let climb = climb(&places, &readings).unwrap();
    assert!((climb.ascent_m - 50.0).abs() < 0.01, "{climb:?}");
    assert!(climb.descent_m < 0.01, "{climb:?}");
    // UTM shortens by 0.9996 at the central meridian and by about 0.9997 at Bor.
    assert!(
        (climb.mean_steepness - 0.05 * 0.9997).abs() < 2e-5,
        "{climb:?}"
    );
    assert!((climb.slope.0 - 0.05).abs() < 1e-3 && (climb.slope.1 - 0.05).abs() < 1e-3);
}

#[test]
fn a_gap_is_neither_climbed_nor_fallen() {
    let line = [(22.09, 44.07), (22.10, 44.07)];
    let places = stations(&line, 200.0);
    assert_eq!(places.len(), 6);
    let value = |value| Reading::Value { value, cells: 4 };
    let readings = [
        value(10.0),
        value(30.0),
        Reading::NoData,
        value(500.0),
        value(490.0),
        Reading::Outside,
    ];
    let climb = climb(&places, &readings).unwrap();
    assert!((climb.ascent_m - 20.0).abs() < 1e-9 && (climb.descent_m - 10.0).abs() < 1e-9);
    assert!((climb.slope.0 + 0.05).abs() < 1e-9 && (climb.slope.1 - 0.1).abs() < 1e-9);
    assert!((climb.mean_steepness - 0.075).abs() < 1e-9);
    assert!((climb.known_m - 400.0).abs() < 1e-9);
    let unknown = [Reading::NoData; 6];
    assert_eq!(raster::profile::climb(&places, &unknown), None);
}
