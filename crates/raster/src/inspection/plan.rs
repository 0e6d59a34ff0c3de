//! In which pieces the cells of a raster file are read.

use std::iter::Peekable;

use super::{InspectionError, RasterInspection};
use crate::grid::Window;

/// About so many bytes are in a piece, and never more unless one cell has more.
const PIECE_BYTES: usize = 8 * 1024 * 1024;

/// A rectangle of cells that is read at once, in all bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its cells in the file's own order of rows.
    pub source: Window,
    /// Its cells when rows run from north to south.
    pub window: Window,
}

/// The pieces of a raster in the order in which they are read: whole blocks of the file, or one
/// block in parts, so that none is decoded twice. All together are all cells, each once.
///
/// The worker sends the cells by this plan, and the parent, which makes the same one from the
/// inspection, takes no others.
pub struct ReadingPlan {
    pieces: Peekable<Box<dyn Iterator<Item = Piece> + Send>>,
    bytes_per_cell: usize,
}

impl ReadingPlan {
    /// The plan for a raster.
    ///
    /// # Errors
    /// As [`RasterInspection::check`].
    pub fn new(inspection: &RasterInspection) -> Result<Self, InspectionError> {
        inspection.check()?;
        let bytes_per_cell = inspection.bytes_per_cell();
        let layout = Layout::of(inspection, PIECE_BYTES / bytes_per_cell.max(1));
        let flipped = matches!(inspection.placement, super::Placement::BottomUp(_));
        let rows = inspection.rows;
        let whole = Window {
            column: 0,
            row: 0,
            columns: inspection.columns,
            rows,
        };
        let units = parts(whole, layout.unit);
        let windows = units.flat_map(move |unit| parts(unit, layout.piece));
        let pieces = windows.map(move |source| {
            let row = if flipped {
                rows - source.row - source.rows
            } else {
                source.row
            };
            Piece {
                source,
                window: Window { row, ..source },
            }
        });
        let boxed: Box<dyn Iterator<Item = Piece> + Send> = Box::new(pieces);
        Ok(Self {
            pieces: boxed.peekable(),
            bytes_per_cell,
        })
    }

    /// How many bytes the values of a piece take.
    pub const fn bytes_of(&self, piece: &Piece) -> usize {
        piece.source.columns * piece.source.rows * self.bytes_per_cell
    }

    /// Whether there are further pieces.
    pub fn is_done(&mut self) -> bool {
        self.pieces.peek().is_none()
    }
}

impl Iterator for ReadingPlan {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.pieces.next()
    }
}

impl std::fmt::Debug for ReadingPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadingPlan").finish_non_exhaustive()
    }
}

/// Columns and rows of the largest pieces, and of the units (blocks of the file, or groups of them)
/// that are read as a whole before the next.
#[derive(Clone, Copy, Debug)]
struct Layout {
    unit: (usize, usize),
    piece: (usize, usize),
}

impl Layout {
    fn of(inspection: &RasterInspection, most_cells: usize) -> Self {
        let (columns, rows) = (inspection.block_columns, inspection.block_rows);
        let cells = columns.saturating_mul(rows);
        if cells > most_cells {
            let width = columns.min(most_cells).max(1);
            let height = (most_cells / width).clamp(1, rows);
            return Self {
                unit: (columns, rows),
                piece: (width, height),
            };
        }
        let width =
            (most_cells / cells * columns).min(inspection.columns.div_ceil(columns) * columns);
        let whole_rows = width >= inspection.columns;
        let down = if whole_rows {
            most_cells / (width * rows)
        } else {
            1
        };
        let group = (width, rows * down.max(1));
        Self {
            unit: group,
            piece: group,
        }
    }
}

/// A rectangle cut into parts of at most `columns` × `rows`, row by row.
pub(super) fn parts(
    whole: Window,
    (columns, rows): (usize, usize),
) -> impl Iterator<Item = Window> + Send {
    let (end_column, end_row) = (whole.column + whole.columns, whole.row + whole.rows);
    let tops = (whole.row..end_row).step_by(rows.max(1));
    tops.flat_map(move |row| {
        let lefts = (whole.column..end_column).step_by(columns.max(1));
        lefts.map(move |column| Window {
            column,
            row,
            columns: columns.min(end_column - column),
            rows: rows.min(end_row - row),
        })
    })
}

#[cfg(test)]
mod tests;
