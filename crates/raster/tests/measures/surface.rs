//! Images made of a formula.

use std::path::Path;

use gdal::DriverManager;
use gdal::raster::{Buffer, RasterCreationOptions};
use gdal::spatial_ref::SpatialRef;
use geodesy::Crs;
use raster::{Grid, Image};
use tempfile::TempDir;

/// What stands for no data.
pub const NODATA: f32 = -9999.0;

/// 700 by 600 cells of 2 m at Bor, in UTM zone 34: more than one tile in each direction.
pub const GRID: Grid = Grid {
    west: 587_000.0,
    north: 4_881_000.0,
    cell_width: 2.0,
    cell_height: 2.0,
    columns: 700,
    rows: 600,
};

/// An image of a formula of easting and northing; NaN is no data.
pub struct Surface {
    pub image: Image,
    _folder: TempDir,
}

impl Surface {
    pub fn of(formula: impl Fn(f64, f64) -> f64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("surface.tif");
        write(&path, &GRID, formula);
        let crs = Crs::from_epsg(32634).unwrap();
        Self {
            image: Image::open(path.to_str().unwrap(), crs).unwrap(),
            _folder: folder,
        }
    }

    /// A tilted plane: 1 m in 20 to the east, 1 in 50 down to the north.
    pub fn plane() -> Self {
        Self::of(plane)
    }
}

pub fn plane(x: f64, y: f64) -> f64 {
    400.0 + (x - GRID.west) / 20.0 - (y - GRID.north) / 50.0
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "cells are single precision"
)]
fn write(path: &Path, grid: &Grid, formula: impl Fn(f64, f64) -> f64) {
    let options = RasterCreationOptions::from_iter(["TILED=YES", "COMPRESS=DEFLATE"]);
    let driver = DriverManager::get_driver_by_name("GTiff").unwrap();
    let size = (grid.columns, grid.rows);
    let created =
        driver.create_with_band_type_with_options::<f32, _>(path, size.0, size.1, 1, &options);
    let mut dataset = created.unwrap();
    let (width, height) = (grid.cell_width, -grid.cell_height);
    dataset
        .set_geo_transform(&[grid.west, width, 0.0, grid.north, 0.0, height])
        .unwrap();
    dataset
        .set_spatial_ref(&SpatialRef::from_epsg(32634).unwrap())
        .unwrap();
    let cells = (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |column| (column, row)));
    let values = cells.map(|(column, row)| {
        let (x, y) = grid.centre(column, row);
        let value = formula(x, y) as f32;
        if value.is_nan() { NODATA } else { value }
    });
    let mut band = dataset.rasterband(1).unwrap();
    band.set_no_data_value(Some(f64::from(NODATA))).unwrap();
    band.write((0, 0), size, &mut Buffer::new(size, values.collect()))
        .unwrap();
    dataset.build_overviews("AVERAGE", &[2, 4], &[]).unwrap();
    dataset.close().unwrap();
}
