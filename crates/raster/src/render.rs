//! Pictures of images: colours, hillshade, a colour ramp, and heights packed into colours.

mod colour;
mod hillshade;
mod ramp;
mod terrain_rgb;

#[cfg(test)]
mod tests;

pub use hillshade::Light;

use crate::error::RasterError;
use crate::image::Image;
use crate::warp::{self, Sampling, Target};

/// How an image is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// In its own colours.
    Colour,
    /// Terrain lit from one side.
    Hillshade(Light),
    /// Values as colours of a ramp: viridis, dark for `lowest` and light for `highest`.
    Ramp {
        /// The value of the first colour; lower values have it too.
        lowest: f32,
        /// The value of the last colour; higher values have it too.
        highest: f32,
    },
    /// Heights as Mapbox Terrain-RGB: height in metres = -10000 + 0.1 (65536 R + 256 G + B).
    TerrainRgb,
}

/// A picture in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Pixels from west to east.
    pub columns: usize,
    /// Pixels from north to south.
    pub rows: usize,
    /// The pixels, row by row from the north.
    pub pixels: Pixels,
}

/// The pixels of a picture, in the smallest form that holds them.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// One byte: brightness.
    Grey(Vec<u8>),
    /// Two bytes: brightness and opacity.
    GreyAlpha(Vec<u8>),
    /// Three bytes: red, green, blue.
    Rgb(Vec<u8>),
    /// Four bytes: red, green, blue and opacity.
    Rgba(Vec<u8>),
    /// One byte: the index of a colour; index 0 is transparent.
    Indexed {
        /// Red, green and blue of each index.
        palette: &'static [[u8; 3]; 256],
        /// The pixels.
        indices: Vec<u8>,
    },
}

/// The picture of an image on the grid of a target; transparent where the image has no data.
///
/// # Errors
/// When the image cannot be read, or its coordinate reference system cannot be used.
pub fn picture(image: &Image, target: &Target, style: &Style) -> Result<Picture, RasterError> {
    let pixels = match style {
        Style::Colour => colour::pixels(&warp::rgba(image, target, Sampling::Bilinear)?),
        Style::Hillshade(light) => {
            // A pixel more on each side, so that slopes go on beyond the seam.
            let around = target.grown(1);
            let heights = warp::cells(image, 1, &around, Sampling::Bilinear)?;
            hillshade::pixels(&heights, &target.ground_m(image)?, light)
        }
        Style::Ramp { lowest, highest } => {
            let values = warp::cells(image, 1, target, Sampling::Bilinear)?.values;
            ramp::pixels(&values, *lowest, *highest)
        }
        Style::TerrainRgb => {
            let heights = warp::cells(image, 1, target, Sampling::Bilinear)?.values;
            terrain_rgb::pixels(&heights)
        }
    };
    Ok(Picture {
        columns: target.columns,
        rows: target.rows,
        pixels,
    })
}
