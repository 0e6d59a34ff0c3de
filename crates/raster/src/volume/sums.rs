//! The difference of heights inside the outline, summed into volumes.

use crate::cells::Cells;
use crate::error::RasterError;
use crate::grid::Grid;
use crate::volume::flat::flat;
use crate::volume::frame::{CellAreas, blocks};
use crate::volume::mask::Area;
use crate::volume::output::DifferenceFile;
use crate::volume::picture::Overview;
use crate::volume::sampling::Source;

/// What is compared, and how.
pub struct Comparison<'a> {
    pub grid: Grid,
    pub areas: CellAreas,
    pub earlier: Source<'a>,
    pub later: Source<'a>,
    pub outline: &'a Area,
    pub excluded: &'a Area,
    pub exclude_flat: bool,
    /// Displaces the earlier heights, units of the reference system.
    pub shift: (f64, f64),
    /// Taken off the differences, metres.
    pub bias_m: f64,
    /// Smaller differences do not count, metres.
    pub threshold_m: f64,
}

/// Volumes and areas on the ground.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    pub outline_m2: f64,
    pub excluded_m2: f64,
    pub compared_m2: f64,
    pub changed_m2: f64,
    /// Flat surfaces in the later survey that are not excluded.
    pub flat_m2: f64,
    pub fill_m3: f64,
    pub cut_m3: f64,
    pub fill_of_all_m3: f64,
    pub cut_of_all_m3: f64,
}

/// The most cells of an image that are read at once, along one side: 64 MB.
const SIDE_READ: usize = 4096;
/// Blocks of the difference file, which are written whole.
pub const BLOCK: usize = 256;

impl Comparison<'_> {
    /// Goes through the outline block by block; each cell with a difference also goes to the file
    /// and to the overview.
    pub fn run(
        &self,
        mut file: Option<&mut DifferenceFile>,
        overview: &mut Overview,
    ) -> Result<Sums, RasterError> {
        let parts = self.earlier.parts().max(self.later.parts());
        let side = (SIDE_READ / parts / BLOCK).clamp(1, 4) * BLOCK;
        let mut sums = Sums::default();
        for window in blocks(&self.grid, side) {
            let part = self.grid.part(window);
            let mut inside = vec![false; part.columns * part.rows];
            if !self.outline.mark(&part, &mut inside) {
                continue;
            }
            let mut excluded = vec![false; inside.len()];
            self.excluded.mark(&part, &mut excluded);
            let differences = self.differences(&part, &inside, &mut excluded, |cell, mark| {
                let (column, row) = (cell % part.columns, cell / part.columns);
                let area_m2 = self.areas.at(window.column + column, window.row + row);
                sums.note(area_m2, mark);
            })?;
            sums.add(
                &differences,
                |column, row| self.areas.at(window.column + column, window.row + row),
                self.threshold_m,
            );
            overview.add(window, &differences);
            if let Some(file) = file.as_deref_mut() {
                file.write(window, differences)?;
            }
        }
        Ok(sums)
    }

    /// The differences of a part; what is outside or excluded has none. Says of each cell inside
    /// what it is.
    #[expect(clippy::cast_possible_truncation, reason = "as precise as the heights")]
    fn differences(
        &self,
        part: &Grid,
        inside: &[bool],
        excluded: &mut [bool],
        mut tell: impl FnMut(usize, Mark),
    ) -> Result<Cells, RasterError> {
        let mut cells = self.later.read(part, (0.0, 0.0))?;
        let earlier = self.earlier.read(part, (-self.shift.0, -self.shift.1))?;
        let flat = flat(&cells);
        for (cell, value) in cells.values.iter_mut().enumerate() {
            if !inside[cell] {
                *value = f32::NAN;
                continue;
            }
            let is_out = excluded[cell] || (self.exclude_flat && flat[cell]);
            tell(
                cell,
                Mark {
                    is_flat: flat[cell],
                    is_excluded: is_out,
                },
            );
            *value = if is_out {
                f32::NAN
            } else {
                (f64::from(*value) - f64::from(earlier.values[cell]) - self.bias_m) as f32
            };
        }
        Ok(cells)
    }
}

/// What a cell inside the outline is.
#[derive(Clone, Copy, Debug)]
struct Mark {
    is_flat: bool,
    is_excluded: bool,
}

impl Sums {
    fn note(&mut self, area_m2: f64, mark: Mark) {
        self.outline_m2 += area_m2;
        if mark.is_excluded {
            self.excluded_m2 += area_m2;
        } else if mark.is_flat {
            self.flat_m2 += area_m2;
        }
    }

    fn add(
        &mut self,
        differences: &Cells,
        area_m2: impl Fn(usize, usize) -> f64,
        threshold_m: f64,
    ) {
        for (row, values) in differences.rows().enumerate() {
            for (column, value) in values
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_nan())
            {
                let (area, height) = (area_m2(column, row), f64::from(*value));
                self.compared_m2 += area;
                let (fill, cut) = (height.max(0.0) * area, (-height).max(0.0) * area);
                self.fill_of_all_m3 += fill;
                self.cut_of_all_m3 += cut;
                if height.abs() >= threshold_m {
                    self.fill_m3 += fill;
                    self.cut_m3 += cut;
                    self.changed_m2 += if height == 0.0 { 0.0 } else { area };
                }
            }
        }
    }
}
