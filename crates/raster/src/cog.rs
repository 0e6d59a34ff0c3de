//! Making the image of a survey: a cloud-optimised `GeoTIFF` of cells that come piece by piece.

mod recipe;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use gdal::config::set_config_option;
use gdal::cpl::CslStringList;
use gdal::errors::GdalError;
use gdal::raster::{ColorInterpretation, RasterCreationOptions};
use gdal::{Dataset, DriverManager};
use sha2::{Digest as _, Sha256};

pub use self::recipe::{Content, Recipe};
use crate::error::RasterError;
use crate::footprint::Coverage;
use crate::geotiff::{place, unwritten, write_window};
use crate::grid::Window;
use crate::inspection::{BandColour, SampleType};
use crate::statistics::Statistics;

/// So many megabytes of cells GDAL keeps in memory, however large the image.
const CACHE_MB: &str = "256";

/// The cells of a survey on their way into its image, with what is learnt of them on the way.
pub struct Conversion {
    recipe: Recipe,
    draft: Option<Draft>,
    statistics: Statistics,
    coverage: Coverage,
    presumed: u64,
}

/// What the cells of a survey are, all having been seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Of the values with data; of pictures, of the first band.
    pub statistics: Statistics,
    /// Which cells have data.
    pub coverage: Coverage,
    /// How many cells have none only because of a presumed mark.
    pub presumed: u64,
}

/// The cells of an image in a file, complete, but not in the form in which they are served.
pub struct Draft {
    path: PathBuf,
    dataset: Dataset,
    smooth: bool,
}

/// A file that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Conversion {
    /// Begins an image, whose cells are written to a new file at `draft`; without, they are only
    /// looked at.
    ///
    /// # Errors
    /// [`RasterError::Unwritten`] when the file cannot be made.
    pub fn begin(recipe: Recipe, draft: Option<&Path>) -> Result<Self, RasterError> {
        let draft = draft.map(|path| Draft::create(&recipe, path)).transpose()?;
        Ok(Self {
            coverage: Coverage::new(recipe.grid),
            recipe,
            draft,
            statistics: Statistics::default(),
            presumed: 0,
        })
    }

    /// Takes cells of the file: one plane for each band, little-endian, then the mask's.
    ///
    /// # Errors
    /// [`RasterError::Unwritten`] when they cannot be written.
    pub fn take(&mut self, window: Window, bytes: &[u8]) -> Result<(), RasterError> {
        let prepared = self.recipe.prepare(window.columns * window.rows, bytes);
        let known = || {
            let first = prepared.planes[0].iter().zip(&prepared.valid);
            first.map(|(value, valid)| valid.then_some(*value))
        };
        self.statistics = self.statistics.joined(Statistics::of(known().flatten()));
        self.coverage.add(window, known());
        self.presumed += prepared.presumed;
        match &mut self.draft {
            Some(draft) => draft.write(window, prepared.planes),
            None => Ok(()),
        }
    }

    /// What was learnt, and the cells where they were written.
    pub fn end(self) -> (Seen, Option<Draft>) {
        let seen = Seen {
            statistics: self.statistics,
            coverage: self.coverage,
            presumed: self.presumed,
        };
        (seen, self.draft)
    }
}

impl Draft {
    fn create(recipe: &Recipe, path: &Path) -> Result<Self, RasterError> {
        let dataset = create(recipe, path).map_err(|source| unwritten(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            dataset,
            smooth: recipe.smooth,
        })
    }

    fn write(&mut self, window: Window, planes: Vec<Vec<f64>>) -> Result<(), RasterError> {
        let written = planes
            .into_iter()
            .enumerate()
            .try_for_each(|(at, plane)| write_window(&self.dataset, at + 1, window, plane));
        written.map_err(|source| unwritten(&self.path, source))
    }

    /// Makes the cloud-optimised image at `to`: tiles of 512 × 512, packed without loss, with
    /// overviews. Blocks long. The draft is removed.
    ///
    /// # Errors
    /// [`RasterError::Unwritten`] when GDAL cannot write it, [`RasterError::NotKept`] when it
    /// cannot be read back.
    pub fn into_image(mut self, to: &Path) -> Result<Finished, RasterError> {
        let made = self.copy(to).map_err(|source| unwritten(to, source))?;
        made.close().map_err(|source| unwritten(to, source))?;
        drop(self.dataset);
        let not_kept = |source| RasterError::NotKept {
            path: to.to_owned(),
            source,
        };
        std::fs::remove_file(&self.path).map_err(not_kept)?;
        digested(to).map_err(not_kept)
    }

    fn copy(&mut self, to: &Path) -> Result<Dataset, GdalError> {
        self.dataset.flush_cache()?;
        let driver = DriverManager::get_driver_by_name("COG")?;
        let resampling = if self.smooth { "AVERAGE" } else { "NEAREST" };
        // By measurement on terrain models with noise: the fastest level of DEFLATE with a predictor
        // is as fast as ZSTD, smaller than LZW, and every build of GDAL reads it.
        let options = RasterCreationOptions::from_iter([
            "BLOCKSIZE=512",
            "COMPRESS=DEFLATE",
            "LEVEL=1",
            "PREDICTOR=YES",
            "NUM_THREADS=ALL_CPUS",
            "BIGTIFF=IF_SAFER",
            "OVERVIEWS=IGNORE_EXISTING",
            &format!("OVERVIEW_RESAMPLING={resampling}"),
        ]);
        self.dataset.create_copy(&driver, to, &options)
    }
}

fn create(recipe: &Recipe, path: &Path) -> Result<Dataset, GdalError> {
    set_config_option("GDAL_CACHEMAX", CACHE_MB)?;
    let options = RasterCreationOptions::from_iter([
        "TILED=YES",
        "BLOCKXSIZE=512",
        "BLOCKYSIZE=512",
        "INTERLEAVE=BAND",
        "BIGTIFF=IF_SAFER",
    ]);
    let mut dataset = empty(recipe, path, &options)?;
    place(&mut dataset, &recipe.grid, &recipe.crs)?;
    for (at, colour) in recipe.colours().into_iter().enumerate() {
        let mut band = dataset.rasterband(at + 1)?;
        band.set_color_interpretation(interpretation(colour))?;
        if let Some(nodata) = recipe.nodata {
            band.set_no_data_value(Some(nodata))?;
        }
    }
    Ok(dataset)
}

fn empty(recipe: &Recipe, path: &Path, options: &CslStringList) -> Result<Dataset, GdalError> {
    let driver = DriverManager::get_driver_by_name("GTiff")?;
    let (columns, rows) = (recipe.grid.columns, recipe.grid.rows);
    let bands = recipe.colours().len();
    macro_rules! of {
        ($number:ty) => {
            driver.create_with_band_type_with_options::<$number, _>(
                path, columns, rows, bands, options,
            )
        };
    }
    match recipe.stored {
        SampleType::UInt8 => of!(u8),
        SampleType::UInt16 => of!(u16),
        SampleType::Int8 | SampleType::Int16 => of!(i16),
        SampleType::UInt32 => of!(u32),
        SampleType::Int32 => of!(i32),
        SampleType::Float32 => of!(f32),
        SampleType::Float64 => of!(f64),
    }
}

const fn interpretation(colour: BandColour) -> ColorInterpretation {
    match colour {
        BandColour::Red => ColorInterpretation::RedBand,
        BandColour::Green => ColorInterpretation::GreenBand,
        BandColour::Blue => ColorInterpretation::BlueBand,
        BandColour::Alpha => ColorInterpretation::AlphaBand,
        _ => ColorInterpretation::GrayIndex,
    }
}

/// The size and digest of a file.
///
/// # Errors
/// When it cannot be read.
pub fn digested(path: &Path) -> io::Result<Finished> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1024 * 1024];
    let mut bytes = 0;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        hasher.update(&buffer[..length]);
        bytes += length as u64;
    }
    Ok(Finished {
        path: path.to_owned(),
        sha256: format!("{:x}", hasher.finalize()),
        bytes,
    })
}

impl std::fmt::Debug for Conversion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversion")
            .field("recipe", &self.recipe)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
mod tests;
