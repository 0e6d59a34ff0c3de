//! Perfectly flat surfaces in a terrain model: mostly water, whose level is not the material's.

use crate::cells::Cells;

/// Heights that differ by less are the same.
const SAME_M: f32 = 0.001;
/// Fewer cells than this may be flat by chance.
const LEAST_CELLS: usize = 50;

/// Marks the cells of connected surfaces (by sides) that are perfectly flat and have at least
/// [`LEAST_CELLS`] cells here. A surface is looked at block by block, so that its last cells beyond
/// the edge of a block may stay unmarked.
pub fn flat(heights: &Cells) -> Vec<bool> {
    let mut marks = vec![false; heights.values.len()];
    let mut seen = marks.clone();
    let mut surface = Vec::new();
    for start in 0..heights.values.len() {
        if seen[start] || heights.values[start].is_nan() {
            continue;
        }
        surface.clear();
        spread(heights, start, &mut seen, &mut surface);
        if surface.len() >= LEAST_CELLS {
            for &cell in &surface {
                marks[cell] = true;
            }
        }
    }
    marks
}

/// Fills `surface` with the cells of the same height as `start` that are connected with it.
fn spread(heights: &Cells, start: usize, seen: &mut [bool], surface: &mut Vec<usize>) {
    let columns = heights.grid.columns;
    let level = heights.values[start];
    seen[start] = true;
    surface.push(start);
    let mut next = 0;
    while let Some(&cell) = surface.get(next) {
        next += 1;
        let column = cell % columns;
        let neighbours = [
            (column > 0).then(|| cell - 1),
            (column + 1 < columns).then(|| cell + 1),
            cell.checked_sub(columns),
            (cell + columns < seen.len()).then(|| cell + columns),
        ];
        for neighbour in neighbours.into_iter().flatten() {
            // A cell without data compares false.
            if !seen[neighbour] && (heights.values[neighbour] - level).abs() < SAME_M {
                seen[neighbour] = true;
                surface.push(neighbour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::flat;
    use crate::cells::Cells;
    use crate::grid::Grid;

    /// A slope with a pond of 10 × 6 cells and a puddle of 3 × 3, and a hole in the data.
    #[test]
    fn a_pond_is_flat_and_a_slope_or_a_puddle_is_not() {
        let grid = Grid {
            west: 0.0,
            north: 0.0,
            cell_width: 1.0,
            cell_height: 1.0,
            columns: 20,
            rows: 12,
        };
        let mut cells = Cells::unknown(grid);
        let pond = |column: usize, row: usize| (5..15).contains(&column) && (3..9).contains(&row);
        let puddle = |column: usize, row: usize| column < 3 && row < 3;
        for row in 0..12_u16 {
            for column in 0..20_u16 {
                let (c, r) = (usize::from(column), usize::from(row));
                cells.values[r * 20 + c] = if pond(c, r) || puddle(c, r) {
                    100.0
                } else {
                    200.0 + 0.5 * f32::from(column) + 0.3 * f32::from(row)
                };
            }
        }
        cells.values[5 * 20 + 7] = f32::NAN;
        let marks = flat(&cells);
        for (at, mark) in marks.iter().enumerate() {
            let (column, row) = (at % 20, at / 20);
            let expected = pond(column, row) && (column, row) != (7, 5);
            assert_eq!(*mark, expected, "{column} {row}");
        }
    }
}
