//! The value of a pixel out of the cells around its place.

use super::positions::Patch;
use super::source::Source;
use super::target::Target;

/// How a pixel gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// That of the cell it lies in.
    Nearest,
    /// Between the four cells whose centres are around it. Cells without data take no part; a pixel
    /// in a cell without data has none.
    Bilinear,
}

/// What a cell can be.
pub trait Sample: Copy {
    /// Whether it has data.
    fn is_data(self) -> bool;
    /// No data.
    fn none() -> Self;
    /// The mean of four with weights that sum to 1, all having data.
    fn blend(four: [Self; 4], weights: [f32; 4]) -> Self;
    /// The mean of cells, those without data left out; no data when less than half of them have.
    fn mean(cells: impl Iterator<Item = Self>) -> Self;
}

impl Sample for f32 {
    fn is_data(self) -> bool {
        !self.is_nan()
    }

    fn none() -> Self {
        Self::NAN
    }

    fn blend([a, b, c, d]: [Self; 4], [wa, wb, wc, wd]: [f32; 4]) -> Self {
        a * wa + b * wb + c * wc + d * wd
    }

    #[expect(clippy::cast_possible_truncation, reason = "a mean of such values")]
    fn mean(cells: impl Iterator<Item = Self>) -> Self {
        let (mut sum, mut count, mut all) = (0.0, 0_u32, 0_u32);
        for cell in cells {
            all += 1;
            if cell.is_data() {
                sum += f64::from(cell);
                count += 1;
            }
        }
        if 2 * count < all.max(1) {
            return Self::NAN;
        }
        (sum / f64::from(count)) as Self
    }
}

impl Sample for [u8; 4] {
    fn is_data(self) -> bool {
        self[3] > 0
    }

    fn none() -> Self {
        [0; 4]
    }

    fn blend(four: [Self; 4], weights: [f32; 4]) -> Self {
        if four.iter().all(|cell| cell[3] == u8::MAX) {
            let band = |band: usize| {
                let [a, b, c, d] = four.map(|cell| f32::from(cell[band]));
                whole(<f32 as Sample>::blend([a, b, c, d], weights))
            };
            return [band(0), band(1), band(2), u8::MAX];
        }
        // Colours count by their opacity, so that a transparent cell lends none of its colour.
        let opaque = four.map(|cell| f32::from(cell[3]));
        let mut shares = [0.0; 4];
        let mut opacity = 0.0;
        for at in 0..4 {
            shares[at] = weights[at] * opaque[at];
            opacity += shares[at];
        }
        let band = |band: usize| {
            let sum: f32 = (0..4)
                .map(|at| f32::from(four[at][band]) * shares[at])
                .sum();
            whole(sum / opacity)
        };
        [band(0), band(1), band(2), whole(opacity)]
    }

    fn mean(cells: impl Iterator<Item = Self>) -> Self {
        let (mut sums, mut count, mut all) = ([0_u64; 3], 0_u64, 0_u64);
        for cell in cells {
            all += 1;
            if cell.is_data() {
                count += 1;
                for (sum, value) in sums.iter_mut().zip(cell) {
                    *sum += u64::from(value);
                }
            }
        }
        if 2 * count < all.max(1) {
            return [0; 4];
        }
        let [red, green, blue] =
            sums.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX));
        [red, green, blue, u8::MAX]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a weighted mean of bytes is one"
)]
fn whole(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// Fills the pixels of a patch.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "offsets in a target are small and positive"
)]
pub fn sample<T: Sample>(
    source: &Source<T>,
    patch: &Patch,
    target: &Target,
    sampling: Sampling,
    pixels: &mut [T],
) {
    let part = patch.part(target);
    let columns = (part.end_column - part.column) as usize;
    let first = (part.column - target.first_column) as usize;
    let within = |(column, row): (f64, f64)| {
        (
            column * source.scale.0 - source.first.0,
            row * source.scale.1 - source.first.1,
        )
    };
    for row in part.row..part.end_row {
        let (west, east) = patch.ends((row - patch.row) as f64 + 0.5);
        let (west, east) = (within(west), within(east));
        let side = patch.side as f64;
        let step = ((east.0 - west.0) / side, (east.1 - west.1) / side);
        let skipped = (part.column - patch.column) as f64 + 0.5;
        let start = (west.0 + step.0 * skipped, west.1 + step.1 * skipped);
        let line = (row - target.first_row) as usize * target.columns + first;
        let line = &mut pixels[line..line + columns];
        match sampling {
            Sampling::Nearest => fill(line, start, step, |x, y| source.cell(x, y)),
            Sampling::Bilinear => fill(line, start, step, |x, y| source.between(x, y)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a line of a target is short")]
fn fill<T: Sample>(
    line: &mut [T],
    start: (f64, f64),
    step: (f64, f64),
    value: impl Fn(f64, f64) -> T,
) {
    for (at, pixel) in line.iter_mut().enumerate() {
        let at = at as f64;
        *pixel = value(start.0 + step.0 * at, start.1 + step.1 * at);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "checked to lie in the cells, which are few"
)]
impl<T: Sample> Source<T> {
    /// The cell at a place; no data outside.
    fn cell(&self, x: f64, y: f64) -> T {
        if x < 0.0 || y < 0.0 || x >= self.columns as f64 || y >= self.rows as f64 {
            return T::none();
        }
        self.values[y as usize * self.columns + x as usize]
    }

    /// The value between the cells around a place.
    fn between(&self, x: f64, y: f64) -> T {
        let (left, top) = (x - 0.5, y - 0.5);
        let inside = left >= 0.0
            && top >= 0.0
            && left < (self.columns - 1) as f64
            && top < (self.rows - 1) as f64;
        if !inside {
            return self.at_edge(x, y);
        }
        let (column, row) = (left as usize, top as usize);
        let at = row * self.columns + column;
        let below = at + self.columns;
        let four = [
            self.values[at],
            self.values[at + 1],
            self.values[below],
            self.values[below + 1],
        ];
        let weights = weights((left - column as f64) as f32, (top - row as f64) as f32);
        if four.iter().all(|cell| cell.is_data()) {
            T::blend(four, weights)
        } else {
            self.known(x, y, four, weights)
        }
    }

    /// [`Self::between`] where some of the four cells lie outside.
    fn at_edge(&self, x: f64, y: f64) -> T {
        let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
        let centre = |dx: f64, dy: f64| self.cell(left + dx + 0.5, top + dy + 0.5);
        let four = [
            centre(0.0, 0.0),
            centre(1.0, 0.0),
            centre(0.0, 1.0),
            centre(1.0, 1.0),
        ];
        let weights = weights((x - 0.5 - left) as f32, (y - 0.5 - top) as f32);
        self.known(x, y, four, weights)
    }

    /// The mean of those of four cells that have data, where the cell of the place itself has.
    fn known(&self, x: f64, y: f64, four: [T; 4], weights: [f32; 4]) -> T {
        let own = self.cell(x, y);
        if !own.is_data() {
            return T::none();
        }
        let mut shares = [0.0; 4];
        let mut filled = [own; 4];
        let mut sum = 0.0;
        for at in 0..4 {
            if four[at].is_data() {
                (filled[at], shares[at]) = (four[at], weights[at]);
                sum += weights[at];
            }
        }
        if sum <= 0.0 {
            return own;
        }
        T::blend(filled, shares.map(|share| share / sum))
    }
}

/// The shares of the four cells around a place: north-west, north-east, south-west, south-east.
fn weights(east: f32, south: f32) -> [f32; 4] {
    let (west, north) = (1.0 - east, 1.0 - south);
    [west * north, east * north, west * south, east * south]
}
