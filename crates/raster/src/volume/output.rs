//! The difference of heights as a `GeoTIFF`.

use std::path::{Path, PathBuf};

use gdal::raster::RasterCreationOptions;
use gdal::{Dataset, DriverManager};
use geodesy::Crs;

use crate::cells::Cells;
use crate::error::RasterError;
use crate::geotiff::{place, unwritten, write_window};
use crate::grid::{Grid, Window};

/// Stands for no data.
const NODATA: f32 = -9999.0;

/// A `GeoTIFF` of single precision being written: tiled, deflated without loss, block by block.
pub struct DifferenceFile {
    path: PathBuf,
    dataset: Dataset,
}

impl DifferenceFile {
    /// Begins a file at `path` for the cells of a grid in `crs`.
    pub fn create(path: &Path, grid: &Grid, crs: &Crs) -> Result<Self, RasterError> {
        let dataset = create(path, grid, crs).map_err(|source| unwritten(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            dataset,
        })
    }

    /// Writes a window; `NaN` is no data.
    pub fn write(&mut self, window: Window, cells: Cells) -> Result<(), RasterError> {
        let mut values = cells.values;
        for value in values.iter_mut().filter(|value| value.is_nan()) {
            *value = NODATA;
        }
        write_window(&self.dataset, 1, window, values)
            .map_err(|source| unwritten(&self.path, source))
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<(), RasterError> {
        let flushed = self.dataset.flush_cache();
        flushed
            .and_then(|()| self.dataset.close())
            .map_err(|source| unwritten(&self.path, source))
    }
}

fn create(path: &Path, grid: &Grid, crs: &Crs) -> Result<Dataset, gdal::errors::GdalError> {
    let options = RasterCreationOptions::from_iter([
        "TILED=YES",
        "BLOCKXSIZE=256",
        "BLOCKYSIZE=256",
        "COMPRESS=DEFLATE",
        "PREDICTOR=3",
        "BIGTIFF=IF_SAFER",
    ]);
    let mut dataset = DriverManager::get_driver_by_name("GTiff")?
        .create_with_band_type_with_options::<f32, _>(path, grid.columns, grid.rows, 1, &options)?;
    place(&mut dataset, grid, crs)?;
    dataset
        .rasterband(1)?
        .set_no_data_value(Some(f64::from(NODATA)))?;
    Ok(dataset)
}
