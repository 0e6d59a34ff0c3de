//! Values at places.

use raster::heights::{Reading, read_at};

use crate::surface::{GRID, Surface, plane};

#[test]
fn a_plane_is_read_exactly_between_the_centres() {
    let surface = Surface::plane();
    for (x, y) in [
        (587_001.0, 4_880_999.0),
        (587_002.0, 4_880_998.0),
        (587_500.37, 4_880_123.91),
        (588_023.9, 4_879_976.1),
    ] {
        let Reading::Value { value, .. } = read_at(&surface.image, 1, x, y).unwrap() else {
            panic!("no value at {x} {y}");
        };
        assert!((value - plane(x, y)).abs() < 1e-4, "{value} at {x} {y}");
    }
}

/// Within half a cell of the edge there are no centres farther out: the value is that of the edge.
#[test]
fn the_edge_half_cell_takes_the_nearest_centres() {
    let surface = Surface::plane();
    let read = |x, y| read_at(&surface.image, 1, x, y).unwrap();
    let corner = Reading::Value {
        value: f64::from(400.07_f32),
        cells: 1,
    };
    assert_eq!(read(587_000.0, 4_881_000.0), corner);
    assert_eq!(read(587_000.9, 4_880_999.1), corner);
    for (x, y) in [
        (586_999.9, 4_880_500.0),
        (588_400.1, 4_880_500.0),
        (587_500.0, 4_881_000.1),
        (587_500.0, 4_879_799.9),
        (f64::NAN, 4_880_500.0),
    ] {
        assert_eq!(read(x, y), Reading::Outside, "{x} {y}");
    }
    assert!(read(588_400.0, 4_879_800.0).value().is_some());
}

#[test]
fn no_data_is_no_height_and_its_neighbours_weigh_what_they_know() {
    let (hole_x, hole_y) = GRID.centre(100, 100);
    let surface = Surface::of(|x, y| {
        if (x - hole_x).abs() < 1.0 && (y - hole_y).abs() < 1.0 {
            f64::NAN
        } else {
            500.0
        }
    });
    let read = |x, y| read_at(&surface.image, 1, x, y).unwrap();
    assert_eq!(read(hole_x, hole_y), Reading::NoData);
    assert_eq!(read(hole_x + 0.9, hole_y - 0.9), Reading::NoData);
    let Reading::Value { value, cells } = read(hole_x + 1.1, hole_y + 1.1) else {
        panic!("no value beside the hole");
    };
    assert!(
        cells == 3 && (value - 500.0).abs() < 1e-9,
        "{value} of {cells}"
    );
}
