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
    /// The library does not take a file.
    #[error("{path} cannot be written; check the raster folder (--rasters) and its free space")]
    NotKept {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// GDAL does not write an image.
    #[error("the image {path} cannot be written; check the free space of the raster folder")]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// What GDAL says.
        source: gdal::errors::GdalError,
    },
    /// There is no place for a temporary file.
    #[error("no temporary file can be made; check the free space of the folder that TMPDIR names")]
    NoTemporaryFile(#[source] std::io::Error),
    /// The rows of cells are not those that were announced.
    #[error("{rows} rows of cells came where {expected} fit; import the file again")]
    OtherRows {
        /// How many there are with those that came.
        rows: usize,
        /// How many were announced.
        expected: usize,
    },
    /// A picture that its file format cannot hold.
    #[error(
        "a picture of {columns} × {rows} pixels cannot be written: {reason}; ask for a smaller one"
    )]
    Picture {
        /// Pixels from west to east.
        columns: usize,
        /// Pixels from north to south.
        rows: usize,
        /// What the format says.
        reason: String,
    },
    /// A position that cannot be computed.
    #[error("the raster's cells cannot be placed")]
    Position(#[from] GeodesyError),
}
