//! What can go wrong with a raster.

use std::path::PathBuf;

use geodesy::GeodesyError;

/// Why a raster cannot be described, read or written.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// GDAL does not read it.
    #[error("{path} cannot be read as a GeoTIFF; export it again as GeoTIFF (.tif)")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What GDAL says.
        source: gdal::errors::GdalError,
    },
    /// An image of the register, once checked and written by it, cannot be read any more.
    #[error("the image {path} cannot be read; restore the raster folder from its backup")]
    Damaged {
        /// The image.
        path: String,
        /// What GDAL says.
        source: gdal::errors::GdalError,
    },
    /// A position that cannot be computed.
    #[error("the raster's cells cannot be placed")]
    Position(#[from] GeodesyError),
}
