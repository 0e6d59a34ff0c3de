//! What the extent of a data set says about its reference system.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use geodesy::{AxisOrder, Bounds, Crs, Reading, SERBIA, TransformPlan, candidates, fits};

/// A square of 2 units around a point.
fn around(x: f64, y: f64) -> Bounds {
    Bounds::new(x - 1.0, y - 1.0, x + 1.0, y + 1.0)
}

fn readings(bounds: &Bounds) -> Vec<(u32, AxisOrder, f64)> {
    let reading = |reading: &Reading| {
        let epsg = reading.crs.epsg().unwrap();
        (epsg, reading.axes, reading.add_to_easting_m)
    };
    candidates(bounds).unwrap().iter().map(reading).collect()
}

#[test]
fn numbers_with_one_reading_decide() {
    use AxisOrder::{EastNorth, NorthEast};
    // Bor, and for LAEA Europe the point in the west of the known points.
    let cases = [
        (around(7_588_213.57, 4_881_734.64), (6316, EastNorth, 0.0)),
        (around(4_881_734.64, 7_588_213.57), (6316, NorthEast, 0.0)),
        (around(6_597_763.15, 4_932_789.59), (8678, EastNorth, 0.0)),
        (around(8_347_949.19, 4_882_897.45), (8679, EastNorth, 0.0)),
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
    let both = [(6316, EastNorth, 7e6), (32634, EastNorth, 0.0)];
    assert_eq!(readings(&around(588_213.57, 4_881_734.64)), both);
    // Near the Drina the same numbers lie in Serbia in zone 6, too.
    let west = readings(&around(597_763.15, 4_932_789.59));
    assert_eq!(west, [&[(8678, EastNorth, 6e6)], &both[..]].concat());
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
        assert_eq!(readings(&bounds), [], "{bounds:?}");
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

/// The first variant of a system that places the bounds in Serbia, as it is written.
fn variant(epsg: u32, bounds: &Bounds) -> Option<String> {
    let crs = Crs::from_epsg(epsg).unwrap();
    let fitting: Vec<_> = Reading::variants(&crs)
        .into_iter()
        .filter(|reading| fits(reading, bounds).unwrap())
        .collect();
    assert!(fitting.len() < 2, "EPSG:{epsg} {bounds:?}: {fitting:?}");
    fitting.first().map(ToString::to_string)
}

#[test]
fn one_variant_of_a_named_system_fits() {
    let zone_7 = (7_588_213.57, 4_881_734.64);
    for (epsg, (x, y), written) in [
        (6316, zone_7, "EPSG:6316"),
        (31277, zone_7, "EPSG:31277"),
        (6316, (zone_7.1, zone_7.0), "EPSG:6316 north-east"),
        (6316, (588_213.57, 4_881_734.64), "EPSG:6316 +7000000"),
        (
            6316,
            (4_881_734.64, 588_213.57),
            "EPSG:6316 north-east +7000000",
        ),
        (31276, (597_763.15, 4_932_789.59), "EPSG:31276 +6000000"),
        (32634, (588_213.57, 4_881_734.64), "EPSG:32634"),
        (3035, (5_287_321.89, 2_407_716.28), "EPSG:3035"),
        (3035, (2_407_716.28, 5_287_321.89), "EPSG:3035 north-east"),
        (4326, (22.0, 44.0), "EPSG:4326"),
        (4326, (44.0, 22.0), "EPSG:4326 north-east"),
        // As a zone 7 grid, declared as zone 6 far outside its area of use.
        (8678, (6_828_485.99, 4_889_330.18), "EPSG:8678"),
    ] {
        let bounds = if epsg == 4326 {
            Bounds::new(x, y, x + 0.1, y + 0.1)
        } else {
            around(x, y)
        };
        assert_eq!(variant(epsg, &bounds).as_deref(), Some(written));
    }
    for (epsg, bounds) in [
        (4326, around(zone_7.0, zone_7.1)),
        (32634, around(zone_7.0, zone_7.1)),
        (8678, around(zone_7.0, zone_7.1)),
        (6316, Bounds::new(22.0, 44.0, 22.1, 44.1)),
        // Zagreb and null island.
        (4326, around(15.98, 45.81)),
        (6316, around(0.0, 0.0)),
    ] {
        assert_eq!(variant(epsg, &bounds), None, "EPSG:{epsg} {bounds:?}");
    }
}
