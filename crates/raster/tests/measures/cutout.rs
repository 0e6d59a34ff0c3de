//! Parts of images as files that GDAL reads.

use std::fs::File;
use std::os::fd::AsRawFd as _;

use gdal::Dataset;
use geodesy::{Bounds, Crs};
use raster::cutout::{Asked, Content, Cutout, Size};
use raster::{Image, Window};

use crate::surface::{GRID, Surface, plane};

fn crs(code: u32) -> Crs {
    Crs::from_epsg(code).unwrap()
}

fn all() -> Asked {
    Asked {
        bounds: None,
        crs: None,
        size: Size::OfImage,
        clipped: true,
    }
}

fn decided(image: &Image, asked: &Asked) -> Cutout {
    Cutout::decide(image, asked).unwrap().unwrap()
}

/// What GDAL reads of the first band.
struct Read {
    columns: usize,
    values: Vec<f32>,
    transform: [f64; 6],
    code: i32,
}

fn read(file: &File) -> Read {
    let dataset = Dataset::open(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap();
    let values = dataset
        .rasterband(1)
        .unwrap()
        .read_band_as::<f32>()
        .unwrap();
    Read {
        columns: dataset.raster_size().0,
        values: values.data().to_vec(),
        transform: dataset.geo_transform().unwrap(),
        code: dataset.spatial_ref().unwrap().auth_code().unwrap(),
    }
}

#[test]
fn without_another_size_the_cells_themselves_come() {
    let surface = Surface::of(|x, y| if x < 587_110.0 { f64::NAN } else { plane(x, y) });
    // Edges inside cells: these belong to the part.
    let bounds = Bounds::new(587_100.5, 4_880_001.0, 587_799.5, 4_880_800.0);
    let asked = Asked {
        bounds: Some((bounds, crs(32634))),
        ..all()
    };
    let cutout = decided(&surface.image, &asked);
    let file = cutout.geotiff(&surface.image, Content::Values).unwrap();
    let found = read(&file);
    let window = Window {
        column: 50,
        row: 100,
        columns: 350,
        rows: 400,
    };
    let source = surface.image.read(1, 0, window).unwrap();
    assert_eq!((found.columns, found.code), (350, 32634));
    let wanted = [587_100.0, 2.0, 0.0, 4_880_800.0, 0.0, -2.0];
    let off = found
        .transform
        .iter()
        .zip(wanted)
        .map(|(found, wanted)| found - wanted);
    assert!(
        off.into_iter().all(|off: f64| off.abs() < 1e-9),
        "{:?}",
        found.transform
    );
    let bits = |values: &[f32]| {
        values
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    assert_eq!(bits(&found.values), bits(&source.values));
    assert!(found.values[0].is_nan() && found.values[20] > 0.0);
}

/// Heights of a cut-out in degrees are those of the plane at the centres of its pixels.
#[test]
fn another_reference_system_keeps_the_heights_in_place() {
    let surface = Surface::plane();
    let asked = Asked {
        bounds: Some((Bounds::new(22.089, 44.069, 22.094, 44.073), crs(4326))),
        crs: Some(crs(4326)),
        ..all()
    };
    let cutout = decided(&surface.image, &asked);
    let found = read(&cutout.geotiff(&surface.image, Content::Values).unwrap());
    assert_eq!(found.code, 4326);
    let [west, width, _, north, _, height] = found.transform;
    assert!((west - 22.089).abs() < 1e-12 && (north - 44.073).abs() < 1e-12);
    // 2 m are 0.000 025° of longitude and 0.000 018° of latitude.
    assert!((width - 2.5e-5).abs() < 1e-6 && (height + 1.8e-5).abs() < 1e-6);
    let grid = cutout.grid();
    assert_eq!(found.columns, grid.columns);
    let from_wgs84 = surface.image.plan().from_wgs84().unwrap();
    for (at, value) in found.values.iter().enumerate() {
        let (lon, lat) = grid.centre(at % grid.columns, at / grid.columns);
        let (x, y) = from_wgs84.transform(lon, lat).unwrap();
        // A tenth of a cell on a slope of 1 in 20.
        assert!(
            (f64::from(*value) - plane(x, y)).abs() < 0.02,
            "{lon} {lat}: {value}"
        );
    }
}

#[test]
fn sizes_as_they_are_asked_for() {
    let surface = Surface::plane();
    let pixels = |columns, rows| Size::Pixels { columns, rows };
    for (size, columns, rows) in [
        (Size::OfImage, 700, 600),
        (Size::Factor(2.0), 350, 300),
        (Size::Factor(3.0), 234, 200),
        (Size::Factor(0.5), 1400, 1200),
        (Size::GroundM(20.01), 70, 60),
        (pixels(Some(350), None), 350, 300),
        (pixels(None, Some(60)), 70, 60),
        (pixels(Some(10), Some(10)), 10, 10),
        (pixels(None, None), 700, 600),
    ] {
        let cutout = decided(&surface.image, &Asked { size, ..all() });
        let grid = cutout.grid();
        assert_eq!((grid.columns, grid.rows), (columns, rows), "{size:?}");
        assert_eq!(cutout.pixels(), columns * rows);
        let found = read(&cutout.geotiff(&surface.image, Content::Values).unwrap());
        for (at, value) in found.values.iter().enumerate() {
            let (column, row) = (at % columns, at / columns);
            let edge = [column, row].contains(&0) || column + 1 == columns || row + 1 == rows;
            let (x, y) = grid.centre(column, row);
            assert!(
                edge || (f64::from(*value) - plane(x, y)).abs() < 0.15,
                "{size:?} {x} {y}"
            );
        }
    }
}

#[test]
fn only_what_is_clipped_ends_with_the_image() {
    let surface = Surface::plane();
    let bounds = |min_x, max_x| {
        Some((
            Bounds::new(min_x, 4_880_500.0, max_x, 4_881_100.0),
            crs(32634),
        ))
    };
    let beyond = Asked {
        bounds: bounds(586_900.0, 587_100.0),
        ..all()
    };
    let clipped = decided(&surface.image, &beyond);
    assert_eq!(
        (clipped.grid().west, clipped.grid().north),
        (GRID.west, GRID.north)
    );
    assert_eq!((clipped.grid().columns, clipped.grid().rows), (50, 250));
    let whole = decided(
        &surface.image,
        &Asked {
            clipped: false,
            ..beyond
        },
    );
    assert_eq!((whole.grid().columns, whole.grid().rows), (100, 300));
    let found = read(&whole.geotiff(&surface.image, Content::Values).unwrap());
    let known = found.values.iter().filter(|value| !value.is_nan()).count();
    assert_eq!(known, 50 * 250);
    let elsewhere = Asked {
        bounds: bounds(580_000.0, 581_000.0),
        ..all()
    };
    assert!(
        Cutout::decide(&surface.image, &elsewhere)
            .unwrap()
            .is_none()
    );
}
