//! Why a raster file from outside is refused.

use std::io;

use gdal::errors::GdalError;

use super::{MAX_BANDS, MAX_CELLS, MAX_SIDE};

/// Why a raster file is not read: what is wrong with it, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum InspectionError {
    /// The file cannot be opened or read at all.
    #[error("the file cannot be read; check that it is there and may be read")]
    Io(#[source] io::Error),
    /// The file is empty.
    #[error("the file is empty (0 bytes); copy or download it again")]
    Empty,
    /// It is no TIFF.
    #[error("the file is no GeoTIFF but {what}; {way_out}")]
    NotTiff {
        /// What it is.
        what: &'static str,
        /// What to do.
        way_out: &'static str,
    },
    /// The file's beginning or list of contents is damaged.
    #[error("the file is a damaged TIFF: {what}; copy it again, or export it again as GeoTIFF")]
    DamagedHeader {
        /// What is wrong.
        what: String,
    },
    /// The file ends before its cells do.
    #[error(
        "the file is cut off: {missing} of its {blocks} blocks of cells lie beyond its end of \
         {file_bytes} bytes, the first at {place}; copy or download it again"
    )]
    CutOff {
        /// How many blocks are missing.
        missing: usize,
        /// How many there are.
        blocks: usize,
        /// How long the file is.
        file_bytes: u64,
        /// Which block is the first missing.
        place: String,
    },
    /// It has no cells.
    #[error("the raster has {columns} × {rows} cells; export it again, with its cells")]
    NoCells {
        /// Columns.
        columns: u64,
        /// Rows.
        rows: u64,
    },
    /// It has no bands.
    #[error("the raster has no bands, so no values; export it again, with its values")]
    NoBands,
    /// It has more cells than are read.
    #[error(
        "the raster has {columns} × {rows} cells, more than {MAX_CELLS} or than {MAX_SIDE} in a row or \
         column; cut it into parts or give it larger cells, and import those"
    )]
    TooManyCells {
        /// Columns.
        columns: u64,
        /// Rows.
        rows: u64,
    },
    /// It has more bands than are read.
    #[error(
        "the raster has {bands} bands, more than the {MAX_BANDS} that are read; export the bands that \
         are needed by themselves"
    )]
    TooManyBands {
        /// Bands.
        bands: usize,
    },
    /// So small a file cannot hold so many measured cells.
    #[error(
        "the file of {file_bytes} bytes says that it holds {raw_bytes} bytes of cells, which no \
         survey does; export the area that was surveyed, without the empty one around it"
    )]
    Bomb {
        /// How long the file is.
        file_bytes: u64,
        /// How many bytes its cells are.
        raw_bytes: u64,
    },
    /// A block is too large to be unpacked.
    #[error(
        "the cells are packed in blocks of {columns} × {rows} ({bytes} bytes), too large to unpack; \
         write the file again in tiles, with gdal_translate -co TILED=YES -co COMPRESS=DEFLATE"
    )]
    LargeBlocks {
        /// Columns of a block.
        columns: u64,
        /// Rows of a block.
        rows: u64,
        /// Bytes of a block.
        bytes: u64,
    },
    /// The type of values is not read.
    #[error(
        "the cells' values are {what}, which a survey of heights or colours has no use for; write \
         the file again with gdal_translate -ot {instead}"
    )]
    SampleType {
        /// The type in words.
        what: String,
        /// GDAL's name of a type that is read.
        instead: &'static str,
    },
    /// The packing is not read.
    #[error(
        "the cells are packed by {what}, which is not read here; write the file again with \
         gdal_translate -co COMPRESS=DEFLATE"
    )]
    Compression {
        /// The packing.
        what: String,
    },
    /// GDAL does not open the file.
    #[error("the file cannot be read as a GeoTIFF; export it again as GeoTIFF (.tif)")]
    Unreadable(#[source] GdalError),
    /// A block cannot be unpacked.
    #[error(
        "the cells in columns {first_column} to {last_column}, rows {first_row} to {last_row} cannot \
         be unpacked: the file is damaged there; copy it again, or export it again as GeoTIFF"
    )]
    DamagedCells {
        /// From 1.
        first_column: usize,
        /// From 1, included.
        last_column: usize,
        /// From 1.
        first_row: usize,
        /// From 1, included.
        last_row: usize,
        /// What GDAL says.
        source: GdalError,
    },
    /// A description that no inspection gives.
    #[error("the raster's description contradicts itself; export the file again as GeoTIFF")]
    Contradiction,
}

/// Refuses rasters without cells, and those that are too large.
pub(super) fn check_size(columns: usize, rows: usize, bands: usize) -> Result<(), InspectionError> {
    let (wide, high) = (columns as u64, rows as u64);
    if columns == 0 || rows == 0 {
        return Err(InspectionError::NoCells {
            columns: wide,
            rows: high,
        });
    }
    if columns.max(rows) > MAX_SIDE || wide * high > MAX_CELLS {
        return Err(InspectionError::TooManyCells {
            columns: wide,
            rows: high,
        });
    }
    match bands {
        0 => Err(InspectionError::NoBands),
        1..=MAX_BANDS => Ok(()),
        _ => Err(InspectionError::TooManyBands { bands }),
    }
}
