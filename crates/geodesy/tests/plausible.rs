//! What the extent of a data set says about its reference system.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use geodesy::{
    AxisOrder, Bounds, Crs, Plausibility, SERBIA, TransformPlan, candidates, check_plausible,
};

/// A square of 2 units around a point.
fn around(x: f64, y: f64) -> Bounds {
    Bounds::new(x - 1.0, y - 1.0, x + 1.0, y + 1.0)
}

fn readings(bounds: &Bounds) -> Vec<(u32, AxisOrder, f64)> {
    candidates(bounds)
        .iter()
        .map(|candidate| (candidate.epsg, candidate.axes, candidate.add_to_easting_m))
        .collect()
}

fn check(epsg: u32, bounds: Bounds) -> Plausibility {
    check_plausible(&Crs::from_epsg(epsg).unwrap(), &bounds).unwrap()
}

#[test]
fn numbers_with_one_reading_decide() {
    use AxisOrder::{EastNorth, NorthEast};
    // Bor, and for LAEA Europe the point in the west of the known points.
    let cases = [
        (around(7_588_213.57, 4_881_734.64), (6316, EastNorth, 0.0)),
        (around(4_881_734.64, 7_588_213.57), (6316, NorthEast, 0.0)),
        (around(6_828_485.99, 4_889_330.18), (8678, EastNorth, 0.0)),
        (around(5_053_580.9, 2_425_496.86), (3035, EastNorth, 0.0)),
        (Bounds::new(22.0, 44.0, 22.1, 44.1), (4326, EastNorth, 0.0)),
        (Bounds::new(44.0, 22.0, 44.1, 22.1), (4326, NorthEast, 0.0)),
    ];
    for (bounds, reading) in cases {
        assert_eq!(readings(&bounds), [reading], "{bounds:?}");
    }
}

#[test]
fn utm_and_a_grid_without_its_zone_digit_cannot_be_told_apart() {
    use AxisOrder::EastNorth;
    let found = readings(&around(588_213.57, 4_881_734.64));
    assert_eq!(
        found,
        [
            (8678, EastNorth, 6e6),
            (6316, EastNorth, 7e6),
            (32634, EastNorth, 0.0)
        ]
    );
}

#[test]
fn laea_europe_and_exchanged_web_mercator_cannot_be_told_apart() {
    let found = readings(&around(5_287_321.89, 2_407_716.28));
    assert_eq!(
        found,
        [
            (3035, AxisOrder::EastNorth, 0.0),
            (3857, AxisOrder::NorthEast, 0.0)
        ]
    );
}

#[test]
fn numbers_of_no_place_in_serbia_have_no_reading() {
    for bounds in [
        around(0.0, 0.0),
        around(7_588_213.0, 5_400_000.0),
        Bounds::new(10.0, 44.0, 22.0, 45.0),
        Bounds::new(f64::NAN, f64::NAN, f64::NAN, f64::NAN),
    ] {
        assert!(candidates(&bounds).is_empty(), "{bounds:?}");
    }
}

// The corner of a box belongs to it, and a kilometre further out does not.
#[test]
fn boxes_are_the_image_of_serbia() {
    for epsg in [8678, 6316, 8679, 32634, 3035, 3857] {
        let image = image_of_serbia(epsg);
        assert!(has_reading(&image, epsg), "EPSG:{epsg} {image:?}");
        for grown in [
            Bounds {
                min_x: image.min_x - 1000.0,
                ..image
            },
            Bounds {
                min_y: image.min_y - 1000.0,
                ..image
            },
            Bounds {
                max_x: image.max_x + 1000.0,
                ..image
            },
            Bounds {
                max_y: image.max_y + 1000.0,
                ..image
            },
        ] {
            assert!(!has_reading(&grown, epsg), "EPSG:{epsg} {grown:?}");
        }
    }
}

fn has_reading(bounds: &Bounds, epsg: u32) -> bool {
    readings(bounds).contains(&(epsg, AxisOrder::EastNorth, 0.0))
}

fn image_of_serbia(epsg: u32) -> Bounds {
    let plan = TransformPlan::new(&Crs::from_epsg(epsg).unwrap()).unwrap();
    let transformer = plan.from_wgs84().unwrap();
    let along = |from: f64, to: f64, step: i32| from + (to - from) * f64::from(step) / 100.0;
    let points = (0..=100).flat_map(|step| {
        let lon = along(SERBIA.min_x, SERBIA.max_x, step);
        let lat = along(SERBIA.min_y, SERBIA.max_y, step);
        [
            (lon, SERBIA.min_y),
            (lon, SERBIA.max_y),
            (SERBIA.min_x, lat),
            (SERBIA.max_x, lat),
        ]
    });
    Bounds::of_points(points.map(|(lon, lat)| transformer.transform(lon, lat).unwrap())).unwrap()
}

#[test]
fn data_where_they_are_declared_fit() {
    for (epsg, bounds) in [
        (6316, around(7_588_213.57, 4_881_734.64)),
        (31277, around(7_588_213.57, 4_881_734.64)),
        (3035, around(5_287_321.89, 2_407_716.28)),
        (4326, Bounds::new(22.0, 44.0, 22.1, 44.1)),
        // As a zone 7 grid, declared as zone 6 far outside its area of use.
        (8678, around(6_828_485.99, 4_889_330.18)),
    ] {
        assert_eq!(
            check(epsg, bounds),
            Plausibility::Fits,
            "EPSG:{epsg} {bounds:?}"
        );
    }
}

#[test]
fn exchanged_axes_are_seen() {
    for (epsg, bounds) in [
        (6316, around(4_881_734.64, 7_588_213.57)),
        (3035, around(2_407_716.28, 5_287_321.89)),
        (4326, Bounds::new(44.0, 22.0, 44.1, 22.1)),
    ] {
        assert_eq!(
            check(epsg, bounds),
            Plausibility::SwappedAxes,
            "EPSG:{epsg} {bounds:?}"
        );
    }
}

fn offered(epsg: u32, bounds: Bounds) -> Vec<u32> {
    match check(epsg, bounds) {
        Plausibility::LooksLike(candidates) => candidates.iter().map(|found| found.epsg).collect(),
        other => panic!("EPSG:{epsg} {bounds:?}: {other:?}"),
    }
}

#[test]
fn another_reading_is_offered_not_taken() {
    let zone_7 = around(7_588_213.57, 4_881_734.64);
    let without_digit = around(588_213.57, 4_881_734.64);
    assert_eq!(offered(6316, without_digit), [8678, 6316, 32634]);
    assert_eq!(offered(4326, zone_7), [6316]);
    assert_eq!(offered(32634, zone_7), [6316]);
    assert_eq!(offered(6316, Bounds::new(22.0, 44.0, 22.1, 44.1)), [4326]);
}

#[test]
fn data_elsewhere_are_outside() {
    // Zagreb.
    assert_eq!(
        check(4326, around(15.98, 45.81)),
        Plausibility::OutsideSerbia
    );
    // Null Island.
    assert_eq!(check(6316, around(0.0, 0.0)), Plausibility::OutsideSerbia);
}
