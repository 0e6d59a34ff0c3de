//! An image of the register: a cloud-optimised `GeoTIFF` that the import wrote, opened for reading.

mod colour;
mod statistics;

use std::path::Path;
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geodesy::{Bounds, Crs, TransformPlan};

use crate::cells::Cells;
use crate::error::RasterError;
use crate::geotiff::read_window;
use crate::grid::{Grid, Window};
use crate::warp::{edge_points, to_wgs84};
use colour::Colours;

/// GDAL keeps so much of what it decompressed, over all images, in MB: the tiles beside a tile need
/// the same blocks.
const BLOCK_CACHE_MB: &str = "256";

/// An opened image. It may be read by several threads at once: each reads through a handle of its
/// own, and handles are kept for the next reader.
///
/// Only images that the import wrote are opened here; files from outside go through the worker.
pub struct Image {
    path: String,
    crs: Crs,
    plan: TransformPlan,
    levels: Vec<Grid>,
    bands: usize,
    handles: Mutex<Vec<Dataset>>,
    lon_lat_bounds: OnceLock<Bounds>,
    colours: OnceLock<Colours>,
    value_range: OnceLock<Option<(f32, f32)>>,
}

impl Image {
    /// Opens the image at `path` (a file, or GDAL's name of an object such as `/vsis3/bucket/key`)
    /// whose cells lie in `crs`.
    ///
    /// # Errors
    /// [`RasterError::Damaged`] when GDAL cannot read it.
    pub fn open(path: &str, crs: Crs) -> Result<Self, RasterError> {
        let damaged = |source| RasterError::Damaged {
            path: path.to_owned(),
            source,
        };
        let dataset = dataset(path).map_err(damaged)?;
        let levels = levels(&dataset).map_err(damaged)?;
        Ok(Self {
            path: path.to_owned(),
            plan: TransformPlan::new(&crs)?,
            crs,
            levels,
            bands: dataset.raster_count(),
            handles: Mutex::new(vec![dataset]),
            lon_lat_bounds: OnceLock::new(),
            colours: OnceLock::new(),
            value_range: OnceLock::new(),
        })
    }

    /// The coordinate reference system of its cells.
    pub const fn crs(&self) -> &Crs {
        &self.crs
    }

    /// How its coordinates become longitude and latitude, WGS 84, and back.
    pub const fn plan(&self) -> &TransformPlan {
        &self.plan
    }

    /// The grid at full resolution.
    pub fn grid(&self) -> &Grid {
        &self.levels[0]
    }

    /// The grids from full resolution to the coarsest overview.
    pub fn levels(&self) -> &[Grid] {
        &self.levels
    }

    /// How many bands it has, masks not counted.
    pub const fn bands(&self) -> usize {
        self.bands
    }

    /// The rectangle of longitudes and latitudes, WGS 84, around the image, cells without data too.
    ///
    /// # Errors
    /// When its edges cannot be transformed.
    pub fn lon_lat_bounds(&self) -> Result<Bounds, RasterError> {
        if let Some(known) = self.lon_lat_bounds.get() {
            return Ok(*known);
        }
        let transformer = to_wgs84(&self.plan)?;
        let own = self.grid().bounds();
        let mut points = Vec::new();
        for (x, y) in edge_points(&own) {
            points.push(transformer.transform(x, y)?);
        }
        let bounds = Bounds::of_points(points).unwrap_or(own);
        Ok(*self.lon_lat_bounds.get_or_init(|| bounds))
    }

    /// The coarsest level whose cells are not wider than `cell_width` (in units of the coordinate
    /// reference system); 0, full resolution, when none is.
    pub fn level_for(&self, cell_width: f64) -> usize {
        // Levels are rounded to whole cells, so that a width may be a little over the asked.
        let fits = |grid: &Grid| grid.cell_width <= cell_width * 1.001;
        self.levels.iter().rposition(fits).unwrap_or(0)
    }

    /// Values of one band (from 1) in a window of a level; what the image marks as no data is `NaN`.
    ///
    /// # Errors
    /// [`RasterError::Damaged`] when GDAL cannot read it.
    pub fn read(&self, band: usize, level: usize, window: Window) -> Result<Cells, RasterError> {
        let grid = self.levels[level].part(window);
        let values = self.with_dataset(|dataset| {
            let band = dataset.rasterband(band)?;
            let nodata = band.no_data_value();
            let mut values = match level {
                0 => read_window(&band, window)?,
                overview => read_window(&band.overview(overview - 1)?, window)?,
            };
            if let Some(nodata) = nodata {
                blank(&mut values, nodata);
            }
            Ok(values)
        })?;
        Ok(Cells { grid, values })
    }

    /// Does something with an opened dataset, which then waits for the next reader.
    ///
    /// # Errors
    /// [`RasterError::Damaged`] when GDAL cannot do it.
    pub(crate) fn with_dataset<T>(
        &self,
        work: impl FnOnce(&Dataset) -> Result<T, gdal::errors::GdalError>,
    ) -> Result<T, RasterError> {
        let damaged = |source| RasterError::Damaged {
            path: self.path.clone(),
            source,
        };
        let waiting = self.lock().pop();
        let dataset = match waiting {
            Some(dataset) => dataset,
            None => dataset(&self.path).map_err(damaged)?,
        };
        let done = work(&dataset).map_err(damaged)?;
        self.lock().push(dataset);
        Ok(done)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Dataset>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn dataset(path: &str) -> Result<Dataset, gdal::errors::GdalError> {
    static SET: Once = Once::new();
    SET.call_once(|| {
        // Without it GDAL takes a twentieth of the machine's memory.
        let set = gdal::config::set_config_option("GDAL_CACHEMAX", BLOCK_CACHE_MB);
        debug_assert!(set.is_ok(), "a text without zero bytes");
    });
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&["GTiff"]),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(Path::new(path), options)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 columns or rows"
)]
fn levels(dataset: &Dataset) -> Result<Vec<Grid>, gdal::errors::GdalError> {
    let [west, cell_width, _, north, _, cell_height] = dataset.geo_transform()?;
    let (columns, rows) = dataset.raster_size();
    let full = Grid {
        west,
        north,
        cell_width,
        cell_height: -cell_height,
        columns,
        rows,
    };
    let band = dataset.rasterband(1)?;
    let overviews = (0..band.overview_count()?).map(|at| {
        let (columns, rows) = band.overview(usize::try_from(at).unwrap_or(0))?.size();
        Ok(Grid {
            cell_width: full.cell_width * full.columns as f64 / columns as f64,
            cell_height: full.cell_height * full.rows as f64 / rows as f64,
            columns,
            rows,
            ..full
        })
    });
    std::iter::once(Ok(full)).chain(overviews).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "the mark stands in the cells as single precision, and is a mark only when it is the same"
)]
fn blank(values: &mut [f32], nodata: f64) {
    let mark = nodata as f32;
    for value in values {
        if *value == mark {
            *value = f32::NAN;
        }
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image")
            .field("path", &self.path)
            .field("levels", &self.levels)
            .finish_non_exhaustive()
    }
}
