//! Ground that did not change between the surveys: what their heights disagree by there is error.

use std::collections::HashMap;

use geodesy::Bounds;

use crate::cells::Cells;
use crate::error::RasterError;
use crate::grid::Grid;
use crate::volume::frame::{Lattice, Scale, as_f64, blocks};
use crate::volume::mask::Area;
use crate::volume::sampling::Source;
use crate::volume::spread::{Lot, Spread};

/// Cells of stable ground without which nothing is estimated: their median is then known to about
/// 1/25 of the spread even where only one cell in ten is independent.
pub const LEAST_CELLS: usize = 1_000;
/// Steeper ground is left out: a small displacement makes large differences of height there.
const STEEPEST: f64 = 40.0;
/// Side of a block, cells.
const SIDE: usize = 128;
/// At most so many blocks are kept, two million cells, and so many looked at.
const MOST_KEPT: usize = 128;
const MOST_SEEN: usize = 1_024;
/// A block with fewer cells of stable ground is not worth its reading.
const LEAST_OF_BLOCK: usize = 32;

/// Where stable ground may lie.
#[derive(Debug)]
pub struct Where<'a> {
    /// The rectangle that both images cover.
    pub overlap: Bounds,
    /// What is no stable ground: facilities, water.
    pub unstable: &'a [Area],
    /// How far around these the ground is not trusted either.
    pub buffer_m: f64,
    /// Metres of a unit of the reference system.
    pub scale: Scale,
}

/// Stable ground in blocks that lie scattered over the overlap.
#[derive(Debug)]
pub struct StableGround {
    blocks: Vec<Block>,
    by_place: HashMap<(usize, usize), usize>,
    /// Their cells of stable ground.
    pub cells: usize,
    /// The extent of the overlap, cells.
    pub extent: (usize, usize),
}

/// One block: the later heights, their slopes, and the difference to the earlier ones.
#[derive(Debug)]
struct Block {
    grid: Grid,
    later: Vec<f32>,
    /// Rise for a metre to the east and to the north.
    slopes: Vec<[f32; 2]>,
    stable: Vec<bool>,
    difference: Vec<f32>,
}

/// A cell of stable ground.
#[derive(Clone, Copy, Debug)]
pub struct StableCell {
    /// Rise for a metre to the east and to the north.
    pub slope: [f64; 2],
    /// Later minus earlier height, metres.
    pub difference_m: f64,
}

impl StableGround {
    /// Finds stable ground: blocks in an order by lot until there are enough.
    pub fn find(
        place: &Where<'_>,
        lattice: &Lattice,
        later: &Source<'_>,
        earlier: &Source<'_>,
    ) -> Result<Self, RasterError> {
        let whole = lattice.over(&place.overlap);
        let mut windows: Vec<_> = blocks(&whole, SIDE).collect();
        Lot::new(1).shuffle(&mut windows);
        let mut ground = Self {
            blocks: Vec::new(),
            by_place: HashMap::new(),
            cells: 0,
            extent: (whole.columns, whole.rows),
        };
        for window in windows.into_iter().take(MOST_SEEN) {
            if ground.blocks.len() == MOST_KEPT {
                break;
            }
            let block = Block::read(place, whole.part(window), later, earlier)?;
            if let Some(block) = block {
                let at = (window.column / SIDE, window.row / SIDE);
                ground.by_place.insert(at, ground.blocks.len());
                ground.cells += block.count();
                ground.blocks.push(block);
            }
        }
        Ok(ground)
    }

    /// Reads the earlier heights again, displaced, and takes the differences to them.
    pub fn displace(&mut self, earlier: &Source<'_>, shift: (f64, f64)) -> Result<(), RasterError> {
        for block in &mut self.blocks {
            let heights = earlier.read(&block.grid, (-shift.0, -shift.1))?;
            block.difference = differences(&block.later, &heights);
        }
        Ok(())
    }

    /// The cells of stable ground whose difference is known.
    pub fn iter(&self) -> impl Iterator<Item = StableCell> + '_ {
        self.blocks.iter().flat_map(Block::iter)
    }

    /// Median and spread of the differences.
    pub fn spread(&self) -> Option<Spread> {
        let mut differences: Vec<f32> = self.blocks.iter().flat_map(Block::known).collect();
        Spread::of(&mut differences)
    }

    /// Leaves out cells whose difference is an outlier: what changed there is no error.
    pub fn reject_outliers(&mut self, spread: &Spread) {
        self.cells = 0;
        for block in &mut self.blocks {
            for (stable, difference) in block.stable.iter_mut().zip(&block.difference) {
                *stable &= spread.admits(f64::from(*difference));
            }
            self.cells += block.count();
        }
    }

    /// All cells of stable ground, by (column, row) of the overlap.
    pub fn places(&self) -> Vec<(usize, usize)> {
        let mut places = Vec::with_capacity(self.cells);
        for (&(column, row), &at) in &self.by_place {
            let block = &self.blocks[at];
            for (cell, _) in block
                .stable
                .iter()
                .enumerate()
                .filter(|(_, stable)| **stable)
            {
                let (down, across) = (cell / block.grid.columns, cell % block.grid.columns);
                places.push((column * SIDE + across, row * SIDE + down));
            }
        }
        places.sort_unstable();
        places
    }

    /// The difference at a cell of the overlap, when it is stable ground.
    pub fn difference_at(&self, column: usize, row: usize) -> Option<f64> {
        let at = *self.by_place.get(&(column / SIDE, row / SIDE))?;
        let block = &self.blocks[at];
        let (across, down) = (column % SIDE, row % SIDE);
        if across >= block.grid.columns || down >= block.grid.rows {
            return None;
        }
        let cell = down * block.grid.columns + across;
        block.stable[cell].then(|| f64::from(block.difference[cell]))
    }
}

impl Block {
    /// A block, unless it has too little stable ground.
    fn read(
        place: &Where<'_>,
        grid: Grid,
        later: &Source<'_>,
        earlier: &Source<'_>,
    ) -> Result<Option<Self>, RasterError> {
        let mut unstable = vec![false; grid.columns * grid.rows];
        let metres = [place.scale.x_m, place.scale.y_m];
        for area in place.unstable {
            area.mark_near(&grid, place.buffer_m, metres, &mut unstable);
        }
        if unstable.iter().filter(|unstable| !**unstable).count() < LEAST_OF_BLOCK {
            return Ok(None);
        }
        let heights = later.read(&grid, (0.0, 0.0))?;
        let slopes = slopes(&heights, metres);
        let before = earlier.read(&grid, (0.0, 0.0))?;
        let difference = differences(&heights.values, &before);
        let steepest = STEEPEST.to_radians().tan();
        let stable = (unstable.iter().zip(&slopes).zip(&difference))
            .map(|((unstable, [east, north]), difference)| {
                // Without a slope the comparison is false, as it must be.
                let gentle = f64::from(east.hypot(*north)) < steepest;
                !unstable && gentle && !difference.is_nan()
            })
            .collect();
        let block = Self {
            grid,
            later: heights.values,
            slopes,
            stable,
            difference,
        };
        Ok((block.count() >= LEAST_OF_BLOCK).then_some(block))
    }

    fn count(&self) -> usize {
        self.stable.iter().filter(|stable| **stable).count()
    }

    fn iter(&self) -> impl Iterator<Item = StableCell> + '_ {
        let cells = self.stable.iter().zip(&self.slopes).zip(&self.difference);
        cells
            .filter(|((stable, _), difference)| **stable && !difference.is_nan())
            .map(|((_, slope), difference)| StableCell {
                slope: slope.map(f64::from),
                difference_m: f64::from(*difference),
            })
    }

    fn known(&self) -> impl Iterator<Item = f32> + '_ {
        let cells = self.stable.iter().zip(&self.difference);
        cells
            .filter(|(stable, difference)| **stable && !difference.is_nan())
            .map(|(_, difference)| *difference)
    }
}

fn differences(later: &[f32], earlier: &Cells) -> Vec<f32> {
    let pairs = later.iter().zip(&earlier.values);
    pairs.map(|(later, earlier)| later - earlier).collect()
}

/// The rise for a metre to the east and to the north, by central differences; `NaN` where a neighbour
/// is missing.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a slope needs no more digits"
)]
fn slopes(heights: &Cells, metres: [f64; 2]) -> Vec<[f32; 2]> {
    let Grid {
        columns,
        rows,
        cell_width,
        cell_height,
        ..
    } = heights.grid;
    let (across_m, down_m) = (2.0 * cell_width * metres[0], 2.0 * cell_height * metres[1]);
    let mut slopes = vec![[f32::NAN; 2]; columns * rows];
    for row in 1..rows.saturating_sub(1) {
        for column in 1..columns.saturating_sub(1) {
            let height =
                |column: usize, row: usize| f64::from(heights.values[row * columns + column]);
            slopes[row * columns + column] = [
                ((height(column + 1, row) - height(column - 1, row)) / across_m) as f32,
                ((height(column, row - 1) - height(column, row + 1)) / down_m) as f32,
            ];
        }
    }
    slopes
}

/// The number of cells as an area, square metres.
pub fn area_m2(cells: usize, cell: [f64; 2], scale: &Scale) -> f64 {
    as_f64(cells) * cell[0] * cell[1] * scale.area_m2
}
