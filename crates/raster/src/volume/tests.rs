//! Surfaces with a known volume, written as images.

mod bodies;
mod errors;
mod outputs;

use std::path::Path;

use gdal::DriverManager;
use gdal::raster::Buffer;
use geo_types::{LineString, MultiPolygon, Polygon};
use geodesy::{Crs, Transformer};

use super::*;
use crate::grid::Grid;

/// A place at Bor in the grid EPSG:6316 (EPSG operation 9486; `cs2cs` gives the same).
pub const EAST: f64 = 7_588_200.0;
pub const NORTH: f64 = 4_881_700.0;

/// A square grid of the zone around the place, `side_m` metres wide.
pub fn grid(side_m: f64, cell: f64) -> Grid {
    let count = (side_m / cell).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    let count = count as usize;
    Grid {
        west: EAST - side_m / 2.0,
        north: NORTH + side_m / 2.0,
        cell_width: cell,
        cell_height: cell,
        columns: count,
        rows: count,
    }
}

/// Writes heights as an image. `height` is of metres east and north of the place in EPSG:6316,
/// whatever the image's reference system.
pub fn image(
    folder: &Path,
    name: &str,
    epsg: u32,
    grid: &Grid,
    height: impl Fn(f64, f64) -> f64,
) -> Image {
    let crs = Crs::from_epsg(epsg).unwrap();
    let to_wgs84 = Transformer::to_wgs84(&crs).unwrap();
    let to_zone = Transformer::from_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let mut values = Vec::new();
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let (x, y) = grid.centre(column, row);
            let (x, y) = if epsg == 6316 {
                (x, y)
            } else {
                let (lon, lat) = to_wgs84.transform(x, y).unwrap();
                to_zone.transform(lon, lat).unwrap()
            };
            #[expect(
                clippy::cast_possible_truncation,
                reason = "heights of single precision"
            )]
            values.push(height(x - EAST, y - NORTH) as f32);
        }
    }
    let path = folder.join(name);
    let size = (grid.columns, grid.rows);
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let mut dataset = driver
        .create_with_band_type::<f32, _>(&path, size.0, size.1, 1)
        .unwrap();
    dataset.set_geo_transform(&grid.geo_transform()).unwrap();
    let mut band = dataset.rasterband(1).unwrap();
    band.set_no_data_value(Some(f64::NAN)).unwrap();
    band.write((0, 0), size, &mut Buffer::new(size, values))
        .unwrap();
    dataset.close().unwrap();
    Image::open(path.to_str().unwrap(), crs).unwrap()
}

/// A rectangle around the place, metres in EPSG:6316, as longitude and latitude.
pub fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let to_wgs84 = Transformer::to_wgs84(&Crs::from_epsg(6316).unwrap()).unwrap();
    let corners = [(west, south), (east, south), (east, north), (west, north)]
        .map(|(x, y)| to_wgs84.transform(EAST + x, NORTH + y).unwrap());
    MultiPolygon(vec![Polygon::new(
        LineString::from(corners.to_vec()),
        vec![],
    )])
}

/// Hills without a level place.
pub fn hills(x: f64, y: f64) -> f64 {
    300.0 + 12.0 * (x / 40.0).sin() * (y / 55.0).cos() + 7.0 * ((x + 2.0 * y) / 70.0).sin()
}

/// Noise of standard deviation 1 without correlation, the same for the same place: twelve uniform
/// numbers make a normal one.
pub fn noise(x: f64, y: f64, seed: u64) -> f64 {
    let key =
        (x * 1000.0).round().to_bits() ^ (y * 1000.0).round().to_bits().rotate_left(32) ^ seed;
    let mut lot = spread::Lot::new(key);
    (0..12).map(|_| lot.share()).sum::<f64>() - 6.0
}

pub fn compared(
    from: &Image,
    to: &Image,
    outline: &MultiPolygon<f64>,
    options: &Options,
) -> Change {
    let none = MultiPolygon(Vec::new());
    let inputs = Inputs {
        from,
        to,
        outline,
        unstable: std::slice::from_ref(outline),
        excluded: &none,
    };
    compare(&inputs, options, None).unwrap().change
}

/// Options that count every difference.
pub fn all_cells() -> Options {
    Options {
        level_of_detection_m: Some(0.0),
        ..Options::default()
    }
}

pub fn within(got: f64, wanted: f64, share: f64) {
    let error = (got / wanted - 1.0).abs();
    assert!(
        error < share,
        "{got} is not {wanted}: off by {:.4} %",
        100.0 * error
    );
}
