//! Cells of an image on another grid: the pixels of a tile or of a cut-out.
//!
//! GDAL never reprojects for the register. The place of each pixel in the image is computed through
//! WGS 84 by `geodesy` at the corners of squares, and within a square by bilinear interpolation where
//! that is true to a tenth of a cell ([`positions`]); then the cells are sampled from the overview that
//! is nearest in resolution ([`source`]).

mod positions;
mod sample;
mod source;
mod target;
mod transformers;

#[cfg(test)]
mod tests;

pub(crate) use positions::edge_points;
pub use sample::Sampling;
pub use target::{Projection, Target};
pub(crate) use target::{RADIUS_M, mercator_bounds};
pub(crate) use transformers::to_wgs84;

use crate::cells::Cells;
use crate::error::RasterError;
use crate::grid::Window;
use crate::image::Image;

use positions::Positions;
use sample::{Sample, sample};
use source::{Source, reduced};

/// Values of one band (from 1) on the grid of a target; `NaN` where the image has no data.
///
/// # Errors
/// When the image cannot be read, or its coordinate reference system cannot be used.
pub fn cells(
    image: &Image,
    band: usize,
    target: &Target,
    sampling: Sampling,
) -> Result<Cells, RasterError> {
    let read = |level, window| Ok(image.read(band, level, window)?.values);
    Ok(Cells {
        grid: target.grid(),
        values: warped(image, target, sampling, f32::NAN, read)?,
    })
}

/// How many cells of an image lie along a pixel of a target, at the middle of the image.
///
/// # Errors
/// When the image's coordinate reference system cannot be used.
pub fn cells_per_pixel(image: &Image, target: &Target) -> Result<f64, RasterError> {
    Positions::ratio(image, target)
}

/// Red, green, blue and opacity on the grid of a target, row by row from the north; all zero where
/// the image has no data.
///
/// # Errors
/// As [`cells`].
pub fn rgba(
    image: &Image,
    target: &Target,
    sampling: Sampling,
) -> Result<Vec<[u8; 4]>, RasterError> {
    let read = |level, window| image.read_rgba(level, window);
    warped(image, target, sampling, [0; 4], read)
}

fn warped<T: Sample>(
    image: &Image,
    target: &Target,
    sampling: Sampling,
    none: T,
    read: impl Fn(usize, Window) -> Result<Vec<T>, RasterError>,
) -> Result<Vec<T>, RasterError> {
    let mut pixels = vec![none; target.columns * target.rows];
    let positions = Positions::of(image, target)?;
    let Some(bounds) = positions.bounds(target) else {
        return Ok(pixels);
    };
    let source: Option<Source<T>> = reduced(image, positions.ratio, &bounds, read)?;
    if let Some(source) = source {
        for patch in &positions.patches {
            sample(&source, patch, target, sampling, &mut pixels);
        }
    }
    Ok(pixels)
}
