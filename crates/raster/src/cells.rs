//! Values of cells in memory.

use crate::grid::Grid;

/// The values of a grid's cells, row by row from the north; `NaN` is no data.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Where they lie.
    pub grid: Grid,
    /// `grid.columns * grid.rows` values.
    pub values: Vec<f32>,
}

impl Cells {
    /// Cells without data.
    pub fn unknown(grid: Grid) -> Self {
        Self {
            values: vec![f32::NAN; grid.columns * grid.rows],
            grid,
        }
    }

    /// The value of a cell; `None` outside the grid and for no data.
    pub fn get(&self, column: usize, row: usize) -> Option<f32> {
        if column >= self.grid.columns || row >= self.grid.rows {
            return None;
        }
        let value = self.values[row * self.grid.columns + column];
        (!value.is_nan()).then_some(value)
    }

    /// The rows, from the north.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks(self.grid.columns.max(1))
    }
}
