//! Where the cells of a raster lie.

use geodesy::Bounds;

/// A grid of cells, north up: columns from west to east, rows from north to south.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The western edge of the first column, in units of the coordinate reference system.
    pub west: f64,
    /// The northern edge of the first row.
    pub north: f64,
    /// Width of a cell, positive.
    pub cell_width: f64,
    /// Height of a cell, positive.
    pub cell_height: f64,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from north to south.
    pub rows: usize,
}

/// A rectangle of cells of a [`Grid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first column, from 0.
    pub column: usize,
    /// The first row, from 0.
    pub row: usize,
    /// How many columns.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 columns or rows"
)]
impl Grid {
    /// The edges, x = east, y = north.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            min_x: self.west,
            min_y: self.north - self.rows as f64 * self.cell_height,
            max_x: self.west + self.columns as f64 * self.cell_width,
            max_y: self.north,
        }
    }

    /// GDAL's six coefficients.
    pub const fn geo_transform(&self) -> [f64; 6] {
        [
            self.west,
            self.cell_width,
            0.0,
            self.north,
            0.0,
            -self.cell_height,
        ]
    }

    /// The centre of a cell: x = east, y = north.
    pub fn centre(&self, column: usize, row: usize) -> (f64, f64) {
        (
            self.west + (column as f64 + 0.5) * self.cell_width,
            self.north - (row as f64 + 0.5) * self.cell_height,
        )
    }

    /// The place of a point in cells from the north-western corner: (column, row), whole numbers on
    /// the edges of cells. It may lie outside the grid.
    pub fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (
            (x - self.west) / self.cell_width,
            (self.north - y) / self.cell_height,
        )
    }

    /// All cells.
    pub const fn window(&self) -> Window {
        Window {
            column: 0,
            row: 0,
            columns: self.columns,
            rows: self.rows,
        }
    }

    /// The grid of a rectangle of its cells.
    #[must_use]
    pub fn part(&self, window: Window) -> Self {
        Self {
            west: self.west + window.column as f64 * self.cell_width,
            north: self.north - window.row as f64 * self.cell_height,
            columns: window.columns,
            rows: window.rows,
            ..*self
        }
    }

    /// The cells that a rectangle touches, with `margin` more on each side; none when it lies outside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the grid first"
    )]
    pub fn window_over(&self, bounds: &Bounds, margin: usize) -> Option<Window> {
        let (west, north) = self.place(bounds.min_x, bounds.max_y);
        let (east, south) = self.place(bounds.max_x, bounds.min_y);
        let span = |from: f64, to: f64, count: usize| {
            let margin = margin as f64;
            let first = (from.floor() - margin).max(0.0);
            let end = (to.ceil() + margin).min(count as f64);
            (end > first).then_some((first as usize, (end - first) as usize))
        };
        let (column, columns) = span(west, east, self.columns)?;
        let (row, rows) = span(north, south, self.rows)?;
        Some(Window {
            column,
            row,
            columns,
            rows,
        })
    }
}
