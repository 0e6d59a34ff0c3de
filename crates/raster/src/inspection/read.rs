//! The values of a raster file's cells.

use std::path::Path;

use gdal::Dataset;
use gdal::errors::GdalError;
use gdal::raster::RasterBand;

use super::plan::{self, Piece};
use super::{InspectionError, Placement, RasterInspection, SampleType, inspect, settings};
use crate::geotiff::read_window;
use crate::grid::Window;

/// A raster file that is read piece by piece.
pub struct SourceReader {
    dataset: Dataset,
    inspection: RasterInspection,
}

impl SourceReader {
    /// Opens the file at `path`, after all that [`inspect`] checks.
    ///
    /// # Errors
    /// As [`inspect`].
    pub fn open(path: &Path) -> Result<Self, InspectionError> {
        let inspection = inspect(path)?;
        let dataset = settings::open(path).map_err(InspectionError::Unreadable)?;
        Ok(Self {
            dataset,
            inspection,
        })
    }

    /// What the file is.
    pub const fn inspection(&self) -> &RasterInspection {
        &self.inspection
    }

    /// The values of a piece: one plane for each band, then that of the mask if there is one. A
    /// plane is row by row, the northern row of the piece first; values are little-endian, of the
    /// inspection's type.
    ///
    /// # Errors
    /// [`InspectionError::DamagedCells`] when a block of the file cannot be unpacked.
    pub fn read(&self, piece: &Piece) -> Result<Vec<u8>, InspectionError> {
        let window = piece.source;
        let planes = self.planes(window);
        let mut bytes = planes.map_err(|source| self.damaged(window, source))?;
        if matches!(self.inspection.placement, Placement::BottomUp(_)) {
            self.turn(&mut bytes, window);
        }
        Ok(bytes)
    }

    /// Says which block of a window it is that cannot be unpacked.
    fn damaged(&self, window: Window, source: GdalError) -> InspectionError {
        let block = (self.inspection.block_columns, self.inspection.block_rows);
        let mut blocks = plan::parts(window, block);
        let found = blocks.find_map(|block| Some((block, self.planes(block).err()?)));
        let (window, source) = found.unwrap_or((window, source));
        InspectionError::DamagedCells {
            first_column: window.column + 1,
            last_column: window.column + window.columns,
            first_row: window.row + 1,
            last_row: window.row + window.rows,
            source,
        }
    }

    fn planes(&self, window: Window) -> Result<Vec<u8>, GdalError> {
        let cells = window.columns * window.rows;
        let mut bytes = Vec::with_capacity(cells * self.inspection.bytes_per_cell());
        for band in 1..=self.inspection.bands.len() {
            let band = self.dataset.rasterband(band)?;
            plane(&band, self.inspection.sample, window, &mut bytes)?;
        }
        if self.inspection.mask {
            let mask = self.dataset.rasterband(1)?;
            plane(
                &mask.open_mask_band()?,
                SampleType::UInt8,
                window,
                &mut bytes,
            )?;
        }
        Ok(bytes)
    }

    /// Turns the rows of all planes around.
    fn turn(&self, bytes: &mut [u8], window: Window) {
        let bands = vec![self.inspection.sample.bytes(); self.inspection.bands.len()];
        let mut rest = bytes;
        for width in bands.into_iter().chain(self.inspection.mask.then_some(1)) {
            let row = window.columns * width;
            let (plane, after) = rest.split_at_mut(row * window.rows);
            turn_rows(plane, row);
            rest = after;
        }
    }
}

fn turn_rows(plane: &mut [u8], row_bytes: usize) {
    let half = plane.len() / row_bytes / 2 * row_bytes;
    let (upper, lower) = plane.split_at_mut(half);
    let from_below = lower.rchunks_exact_mut(row_bytes);
    for (one, other) in upper.chunks_exact_mut(row_bytes).zip(from_below) {
        one.swap_with_slice(other);
    }
}

fn plane(
    band: &RasterBand<'_>,
    sample: SampleType,
    window: Window,
    bytes: &mut Vec<u8>,
) -> Result<(), GdalError> {
    match sample {
        SampleType::UInt8 => bytes.extend(read_window::<u8>(band, window)?),
        // GDAL before 3.7 takes signed bytes for unsigned ones; their lower byte is the same.
        SampleType::Int8 => little(
            read_window(band, window)?,
            |it: i16| [it.to_le_bytes()[0]],
            bytes,
        ),
        SampleType::UInt16 => little(read_window(band, window)?, u16::to_le_bytes, bytes),
        SampleType::Int16 => little(read_window(band, window)?, i16::to_le_bytes, bytes),
        SampleType::UInt32 => little(read_window(band, window)?, u32::to_le_bytes, bytes),
        SampleType::Int32 => little(read_window(band, window)?, i32::to_le_bytes, bytes),
        SampleType::Float32 => little(read_window(band, window)?, f32::to_le_bytes, bytes),
        SampleType::Float64 => little(read_window(band, window)?, f64::to_le_bytes, bytes),
    }
    Ok(())
}

fn little<T: Copy, const N: usize>(
    values: Vec<T>,
    to_bytes: impl Fn(T) -> [u8; N],
    bytes: &mut Vec<u8>,
) {
    bytes.extend(values.into_iter().flat_map(to_bytes));
}

impl std::fmt::Debug for SourceReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceReader")
            .field("inspection", &self.inspection)
            .finish_non_exhaustive()
    }
}
