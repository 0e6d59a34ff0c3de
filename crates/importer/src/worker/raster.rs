//! Raster files in the worker: what they are, and the values of their cells.

use std::io;
use std::path::Path;

use raster::inspection::{InspectionError, ReadingPlan, SourceReader, inspect};

use super::failure::{Failure, Stop, failure, with_causes};
use super::gdal_log;
use crate::protocol::{CellBlock, Event};

/// What the raster file at `path` is.
pub(super) fn inspected(path: &Path) -> Result<Event, Failure> {
    let inspection = inspect(path).map_err(|error| refused(path, &error))?;
    Ok(Event::RasterInspected(Box::new(inspection)))
}

/// Sends all cells of the raster file at `path`, and says how many blocks of them.
pub(super) fn cells(
    path: &Path,
    send: &mut dyn FnMut(Event) -> io::Result<()>,
) -> Result<u64, Stop> {
    let refused = |error| refused(path, &error);
    let reader = SourceReader::open(path).map_err(refused)?;
    let plan = ReadingPlan::new(reader.inspection()).map_err(refused)?;
    let mut blocks = 0;
    for piece in plan {
        let bytes = reader.read(&piece).map_err(refused)?;
        let window = piece.window;
        let block = CellBlock {
            column: window.column,
            row: window.row,
            columns: window.columns,
            rows: window.rows,
            bytes,
        };
        send(Event::Cells(block)).map_err(Stop::Unheard)?;
        blocks += 1;
    }
    Ok(blocks)
}

fn refused(path: &Path, error: &InspectionError) -> Failure {
    gdal_log::take_failure();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    failure!("{name:?}: {}", with_causes(error))
}
