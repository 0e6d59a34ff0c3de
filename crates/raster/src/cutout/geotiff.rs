//! A cut-out as a `GeoTIFF`, written strip by strip so that memory does not grow with it.

use std::fs::File;
use std::path::Path;

use gdal::errors::GdalError;
use gdal::raster::{GdalType, RasterCreationOptions};
use gdal::{Dataset, DriverManager};
use tempfile::NamedTempFile;

use super::{Cutout, From};
use crate::error::RasterError;
use crate::geotiff::{place, unwritten, write_window};
use crate::grid::Window;
use crate::image::Image;
use crate::warp::{self, Sampling, Target};

/// Rows and columns of a tile of the file; so many rows are in memory.
const STRIP: usize = 256;

/// What the cells of a cut-out hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The values of every band, single precision, `NaN` where there is no data.
    Values,
    /// Red, green, blue and opacity, a byte each.
    Colours,
}

impl Cutout {
    /// Writes the cut-out into a temporary file that is gone when it is closed.
    ///
    /// # Errors
    /// When the image cannot be read, or the file cannot be written.
    pub fn geotiff(&self, image: &Image, content: Content) -> Result<File, RasterError> {
        let made = tempfile::Builder::new().suffix(".tif").tempfile();
        let file = made.map_err(RasterError::NoTemporaryFile)?;
        match content {
            Content::Values => self.values(image, file.path())?,
            Content::Colours => self.colours(image, file.path())?,
        }
        reopened(&file).map_err(RasterError::NoTemporaryFile)
    }

    fn values(&self, image: &Image, path: &Path) -> Result<(), RasterError> {
        let mut dataset = self.create::<f32>(path, image.bands(), &["PREDICTOR=3"])?;
        for band in 1..=image.bands() {
            let of_band = |dataset: &Dataset| {
                let mut band = dataset.rasterband(band)?;
                band.set_no_data_value(Some(f64::NAN))
            };
            of_band(&dataset).map_err(|source| unwritten(path, source))?;
        }
        for first in (0..self.grid.rows).step_by(STRIP) {
            for band in 1..=image.bands() {
                let values = self.strip(image, band, first)?;
                write(&dataset, band, first, values).map_err(|source| unwritten(path, source))?;
            }
        }
        dataset
            .flush_cache()
            .map_err(|source| unwritten(path, source))?;
        dataset.close().map_err(|source| unwritten(path, source))
    }

    fn strip(&self, image: &Image, band: usize, first: usize) -> Result<Vec<f32>, RasterError> {
        let cells = match &self.from {
            From::Cells(window) => image.read(band, 0, strip_of(window, first))?,
            From::Warped(_) => {
                let sampling = Sampling::Bilinear;
                warp::cells(image, band, &self.target_strip(first), sampling)?
            }
        };
        Ok(cells.values)
    }

    fn target_strip(&self, first: usize) -> Target {
        let rows = STRIP.min(self.grid.rows - first);
        Target {
            first_row: i64::try_from(first).unwrap_or(i64::MAX),
            rows,
            ..self.target()
        }
    }

    fn colours(&self, image: &Image, path: &Path) -> Result<(), RasterError> {
        let mut dataset =
            self.create::<u8>(path, 4, &["PREDICTOR=2", "PHOTOMETRIC=RGB", "ALPHA=YES"])?;
        let failed = |source| unwritten(path, source);
        for first in (0..self.grid.rows).step_by(STRIP) {
            let pixels = match &self.from {
                From::Cells(window) => image.read_rgba(0, strip_of(window, first))?,
                From::Warped(_) => {
                    warp::rgba(image, &self.target_strip(first), Sampling::Bilinear)?
                }
            };
            for band in 1..=4 {
                let values = pixels.iter().map(|pixel| pixel[band - 1]).collect();
                write(&dataset, band, first, values).map_err(failed)?;
            }
        }
        dataset.flush_cache().map_err(failed)?;
        dataset.close().map_err(failed)
    }

    fn create<T: GdalType>(
        &self,
        path: &Path,
        bands: usize,
        more: &[&'static str],
    ) -> Result<Dataset, RasterError> {
        let options = ["TILED=YES", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"];
        let sizes = ["BLOCKXSIZE=256", "BLOCKYSIZE=256"];
        let options = options.iter().chain(&sizes).chain(more).copied();
        let options: RasterCreationOptions = options.collect();
        let grid = &self.grid;
        let make = || -> Result<Dataset, GdalError> {
            let driver = DriverManager::get_driver_by_name("GTiff")?;
            let (columns, rows) = (grid.columns, grid.rows);
            let mut dataset = driver
                .create_with_band_type_with_options::<T, _>(path, columns, rows, bands, &options)?;
            place(&mut dataset, grid, &self.crs)?;
            Ok(dataset)
        };
        make().map_err(|source| unwritten(path, source))
    }
}

fn strip_of(window: &Window, first: usize) -> Window {
    Window {
        row: window.row + first,
        rows: STRIP.min(window.rows - first),
        ..*window
    }
}

fn write<T: GdalType + Copy>(
    dataset: &Dataset,
    band: usize,
    first: usize,
    values: Vec<T>,
) -> Result<(), GdalError> {
    let (columns, _) = dataset.raster_size();
    let window = Window {
        column: 0,
        row: first,
        columns,
        rows: values.len() / columns.max(1),
    };
    write_window(dataset, band, window, values)
}

/// GDAL replaces the file that it writes; the one of this name now is opened, and loses its name.
fn reopened(file: &NamedTempFile) -> std::io::Result<File> {
    File::open(file.path())
}
