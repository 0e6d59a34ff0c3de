//! The cells that a target needs, read once.

use geodesy::Bounds;

use super::sample::Sample;
use crate::error::RasterError;
use crate::grid::{Grid, Window};
use crate::image::Image;

/// Most cells that are read at once.
const MOST_CELLS: usize = 4_000_000;

/// Cells in memory, and how a place in the image becomes a place among them.
#[derive(Debug)]
pub struct Source<T> {
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// The cells, row by row.
    pub values: Vec<T>,
    /// Cells of these in one cell of the full resolution, along columns and rows.
    pub scale: (f64, f64),
    /// The first column and row, in these cells.
    pub first: (f64, f64),
}

/// The level whose cells are nearest in size to `ratio` cells of the full resolution, so that a
/// pixel has between 0.7 and 1.4 of them; beyond the coarsest, that one.
fn level(image: &Image, ratio: f64) -> usize {
    let levels = image.levels();
    let near = |grid: &Grid| factors(levels, grid).0 <= ratio * std::f64::consts::SQRT_2;
    levels.iter().rposition(near).unwrap_or(0)
}

/// How many cells of the full resolution lie in one cell of a level.
#[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 columns")]
fn factors(levels: &[Grid], grid: &Grid) -> (f64, f64) {
    (
        levels[0].columns as f64 / grid.columns.max(1) as f64,
        levels[0].rows as f64 / grid.rows.max(1) as f64,
    )
}

/// Reads the cells around `bounds` (in cells of the full resolution) for pixels of `ratio` cells.
/// Where no overview is coarse enough, blocks of cells are averaged. `None`: nothing lies there.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a ratio is positive, and blocks and windows are far smaller than 2^52 cells"
)]
pub fn reduced<T: Sample>(
    image: &Image,
    ratio: f64,
    bounds: &Bounds,
    read: impl Fn(usize, Window) -> Result<Vec<T>, RasterError>,
) -> Result<Option<Source<T>>, RasterError> {
    let at = level(image, ratio);
    let grid = &image.levels()[at];
    let (wide, high) = factors(image.levels(), grid);
    let block = ((ratio / wide.max(high)).floor() as usize).max(1);
    let side = |from: f64, to: f64, factor: f64, count: usize| {
        let margin = 2.0 * block as f64;
        let first = (from / factor - margin).max(0.0) as usize / block * block;
        let end = ((to / factor + margin).max(0.0) as usize).min(count);
        (end > first).then(|| (first, end - first))
    };
    let (Some((column, columns)), Some((row, rows))) = (
        side(bounds.min_x, bounds.max_x, wide, grid.columns),
        side(bounds.min_y, bounds.max_y, high, grid.rows),
    ) else {
        return Ok(None);
    };
    let window = Window {
        column,
        row,
        columns,
        rows,
    };
    let size = block as f64;
    Ok(Some(Source {
        columns: columns.div_ceil(block),
        rows: rows.div_ceil(block),
        values: read_blocks(window, block, |window| read(at, window))?,
        scale: (1.0 / (wide * size), 1.0 / (high * size)),
        first: (column as f64 / size, row as f64 / size),
    }))
}

/// Reads a window in strips and averages its blocks.
fn read_blocks<T: Sample>(
    window: Window,
    block: usize,
    read: impl Fn(Window) -> Result<Vec<T>, RasterError>,
) -> Result<Vec<T>, RasterError> {
    if block == 1 {
        return read(window);
    }
    let rows_at_once = (MOST_CELLS / window.columns.max(1) / block).max(1) * block;
    let mut means = Vec::new();
    for first in (0..window.rows).step_by(rows_at_once) {
        let strip = Window {
            row: window.row + first,
            rows: rows_at_once.min(window.rows - first),
            ..window
        };
        let values = read(strip)?;
        for lines in values.chunks(window.columns * block) {
            average(lines, window.columns, block, &mut means);
        }
    }
    Ok(means)
}

/// Adds the means of the blocks in at most `block` lines.
fn average<T: Sample>(lines: &[T], columns: usize, block: usize, means: &mut Vec<T>) {
    for first in (0..columns).step_by(block) {
        let end = (first + block).min(columns);
        let cells = lines.chunks(columns).flat_map(|line| &line[first..end]);
        means.push(T::mean(cells.copied()));
    }
}
