//! The heights of an image on another grid.

use geodesy::{Bounds, Transformer};

use crate::cells::Cells;
use crate::error::RasterError;
use crate::grid::Grid;
use crate::image::Image;
use crate::volume::frame::as_f64;

/// Places are computed every so many cells and taken in proportion between: in Serbia's grids the
/// error is less than a thousandth of a cell.
const STRIDE: usize = 16;
/// Between so many cells the image's own overview stands for its cells.
const MOST_PARTS: f64 = 8.0;

/// An image to be sampled on grids of another.
pub struct Source<'a> {
    image: &'a Image,
    level: usize,
    /// Into how many parts a cell is divided in each direction: one sample in each, their mean.
    parts: usize,
    /// From the target to the image by way of WGS 84; none within one reference system.
    moved: Option<(Transformer, Transformer)>,
}

impl<'a> Source<'a> {
    /// An image as it is seen from the reference system of `target`, on cells `ratio` times as wide
    /// as its own.
    pub fn new(image: &'a Image, target: &Image, ratio: f64) -> Result<Self, RasterError> {
        let own_width = image.grid().cell_width;
        let level = image.level_for(own_width * (ratio / MOST_PARTS).max(1.0));
        let ratio = ratio * own_width / image.levels()[level].cell_width;
        let moved = if image.plan() == target.plan() {
            None
        } else {
            Some((target.plan().to_wgs84()?, image.plan().from_wgs84()?))
        };
        Ok(Self {
            image,
            level,
            parts: parts(ratio),
            moved,
        })
    }

    /// How many of its cells lie along one cell of the target.
    pub const fn parts(&self) -> usize {
        self.parts
    }

    /// The heights on `grid`, each place displaced by `shift` (in units of the grid's reference
    /// system) before it is looked up. Between cells in proportion, over finer cells the mean;
    /// where a cell it needs has no data, none.
    pub fn read(&self, grid: &Grid, shift: (f64, f64)) -> Result<Cells, RasterError> {
        let places = Places::of(grid, |x, y| self.place(x + shift.0, y + shift.1))?;
        let level = &self.image.levels()[self.level];
        let Some(window) = level.window_over(&places.bounds(level), 2) else {
            return Ok(Cells::unknown(*grid));
        };
        let cells = self.image.read(1, self.level, window)?;
        let corner = (as_f64(window.column), as_f64(window.row));
        let mut sampled = Cells::unknown(*grid);
        let rows = sampled.values.chunks_mut(grid.columns.max(1)).enumerate();
        for (row, values) in rows {
            for (column, value) in values.iter_mut().enumerate() {
                *value = self.mean(&cells, &places, corner, (column, row));
            }
        }
        Ok(sampled)
    }

    /// The place of a point of the target in cells of the image's level.
    fn place(&self, x: f64, y: f64) -> Result<(f64, f64), RasterError> {
        let (x, y) = match &self.moved {
            None => (x, y),
            Some((to_wgs84, from_wgs84)) => {
                let (lon, lat) = to_wgs84.transform(x, y)?;
                from_wgs84.transform(lon, lat)?
            }
        };
        Ok(self.image.levels()[self.level].place(x, y))
    }

    /// The mean of a cell's parts, when at least half of them have a height.
    #[expect(clippy::cast_possible_truncation, reason = "a mean of single numbers")]
    fn mean(
        &self,
        cells: &Cells,
        places: &Places,
        corner: (f64, f64),
        cell: (usize, usize),
    ) -> f32 {
        let share = |part: usize| (as_f64(part) + 0.5) / as_f64(self.parts);
        let (mut sum, mut known) = (0.0, 0_usize);
        for down in 0..self.parts {
            for across in 0..self.parts {
                let (column, row) =
                    places.at(as_f64(cell.0) + share(across), as_f64(cell.1) + share(down));
                if let Some(height) = bilinear(cells, column - corner.0, row - corner.1) {
                    sum += height;
                    known += 1;
                }
            }
        }
        if 2 * known < self.parts * self.parts {
            return f32::NAN;
        }
        (sum / as_f64(known)) as f32
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number"
)]
fn parts(ratio: f64) -> usize {
    if ratio < 1.5 {
        1
    } else {
        (ratio - 0.01).ceil().min(2.0 * MOST_PARTS) as usize
    }
}

/// The height at a place in cells from the corner, in proportion between the centres around it;
/// none where one that counts has no data.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and within the window"
)]
fn bilinear(cells: &Cells, column: f64, row: f64) -> Option<f64> {
    let (column, across) = parted(column - 0.5)?;
    let (row, down) = parted(row - 0.5)?;
    let (column, row) = (column as usize, row as usize);
    let mut height = 0.0;
    for (right, weight_x) in [(0, 1.0 - across), (1, across)] {
        for (below, weight_y) in [(0, 1.0 - down), (1, down)] {
            let weight = weight_x * weight_y;
            if weight > 0.0 {
                height += weight * f64::from(cells.get(column + right, row + below)?);
            }
        }
    }
    Some(height)
}

/// Whole part and rest; a rest that is only rounding is none, so that a cell needs no neighbour.
fn parted(number: f64) -> Option<(f64, f64)> {
    const ROUNDING: f64 = 1e-6;
    let whole = (number + ROUNDING).floor();
    let rest = (number - whole).max(0.0);
    (whole >= 0.0).then_some((whole, if rest < ROUNDING { 0.0 } else { rest }))
}

/// Where the places of a grid lie in an image: at nodes, between them in proportion.
struct Places {
    nodes: Vec<(f64, f64)>,
    across: usize,
}

impl Places {
    fn of(
        grid: &Grid,
        place: impl Fn(f64, f64) -> Result<(f64, f64), RasterError>,
    ) -> Result<Self, RasterError> {
        let count = |cells: usize| cells.div_ceil(STRIDE) + 1;
        let (across, down) = (count(grid.columns), count(grid.rows));
        let mut nodes = Vec::with_capacity(across * down);
        for row in 0..down {
            for column in 0..across {
                let x = grid.west + as_f64(column * STRIDE) * grid.cell_width;
                let y = grid.north - as_f64(row * STRIDE) * grid.cell_height;
                nodes.push(place(x, y)?);
            }
        }
        Ok(Self { nodes, across })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place within the grid"
    )]
    fn at(&self, column: f64, row: f64) -> (f64, f64) {
        let (column, row) = (column / as_f64(STRIDE), row / as_f64(STRIDE));
        let (c, r) = (column as usize, row as usize);
        let (across, down) = (column.fract(), row.fract());
        let between = |a: (f64, f64), b: (f64, f64), share: f64| {
            (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
        };
        let node = |c: usize, r: usize| self.nodes[r * self.across + c];
        let north = between(node(c, r), node(c + 1, r), across);
        let south = between(node(c, r + 1), node(c + 1, r + 1), across);
        between(north, south, down)
    }

    /// The rectangle around all places, in units of the image.
    fn bounds(&self, level: &Grid) -> Bounds {
        let mut bounds = Bounds {
            min_x: f64::INFINITY,
            min_y: f64::INFINITY,
            max_x: f64::NEG_INFINITY,
            max_y: f64::NEG_INFINITY,
        };
        for &(column, row) in &self.nodes {
            let x = level.west + column * level.cell_width;
            let y = level.north - row * level.cell_height;
            bounds.min_x = bounds.min_x.min(x);
            bounds.max_x = bounds.max_x.max(x);
            bounds.min_y = bounds.min_y.min(y);
            bounds.max_y = bounds.max_y.max(y);
        }
        bounds
    }
}
