//! Raster surveys: what a `GeoTIFF` is, the cloud-optimised image made of it, and what is read out of
//! that: tiles, pictures, heights, differences and volumes.
//!
//! Files from outside are opened by [`inspection`] alone, in the limited worker process. Everything
//! else opens images that the import wrote. No SQL and no HTTP here; coordinates change datum only
//! through `geodesy`.

pub mod cells;
pub mod cog;
pub mod cutout;
pub mod encode;
pub mod error;
pub mod footprint;
mod geotiff;
pub mod grid;
pub mod heights;
pub mod image;
pub mod inspection;
pub mod library;
pub mod polygon;
pub mod profile;
pub mod render;
pub mod statistics;
#[cfg(test)]
mod testing;
pub mod tile_matrix;
pub mod volume;
pub mod warp;
pub mod zonal;

pub use cells::Cells;
pub use error::RasterError;
pub use footprint::Coverage;
pub use grid::{Grid, Window};
pub use image::Image;
pub use library::{Incoming, Kind, Library};
pub use render::{Light, Picture, Style, picture};
pub use statistics::Statistics;
pub use tile_matrix::Tile;
pub use warp::{Projection, Sampling, Target};
