//! What every `GeoTIFF` that is read or written here needs of GDAL.

use std::path::Path;

use gdal::Dataset;
use gdal::errors::GdalError;
use gdal::raster::{Buffer, GdalType, RasterBand};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use geodesy::Crs;

use crate::error::RasterError;
use crate::grid::{Grid, Window};

/// Places the cells of a new file.
pub fn place(dataset: &mut Dataset, grid: &Grid, crs: &Crs) -> Result<(), GdalError> {
    dataset.set_geo_transform(&grid.geo_transform())?;
    dataset.set_spatial_ref(&spatial_ref(crs)?)
}

/// What GDAL writes into a file, x = east; it is never asked to transform by it.
fn spatial_ref(crs: &Crs) -> Result<SpatialRef, GdalError> {
    let mut spatial_ref = match crs.epsg() {
        Some(code) => SpatialRef::from_epsg(code)?,
        None => SpatialRef::from_definition(&crs.to_string())?,
    };
    spatial_ref.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(spatial_ref)
}

/// The values of a band in a window, row by row from the north.
pub fn read_window<T: Copy + GdalType>(
    band: &RasterBand<'_>,
    window: Window,
) -> Result<Vec<T>, GdalError> {
    let size = (window.columns, window.rows);
    let (_, values) = band
        .read_as::<T>(corner(window), size, size, None)?
        .into_shape_and_vec();
    Ok(values)
}

/// Writes the values of a band (from 1) in a window.
pub fn write_window<T: Copy + GdalType>(
    dataset: &Dataset,
    band: usize,
    window: Window,
    values: Vec<T>,
) -> Result<(), GdalError> {
    let size = (window.columns, window.rows);
    let mut band = dataset.rasterband(band)?;
    band.write(corner(window), size, &mut Buffer::new(size, values))
}

/// The first column and row of a window, as GDAL counts.
fn corner(window: Window) -> (isize, isize) {
    (
        isize::try_from(window.column).unwrap_or(isize::MAX),
        isize::try_from(window.row).unwrap_or(isize::MAX),
    )
}

/// A file that GDAL does not write.
pub fn unwritten(path: &Path, source: GdalError) -> RasterError {
    RasterError::Unwritten {
        path: path.to_owned(),
        source,
    }
}
