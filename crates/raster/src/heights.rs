//! Values at places between the centres of cells.

use crate::error::RasterError;
use crate::grid::Window;
use crate::image::Image;

/// What an image says of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// The value, bilinear between the centres of the cells around the place.
    Value {
        /// In the unit of the cells.
        value: f64,
        /// How many cells with data it is made of, 1 to 4.
        cells: usize,
    },
    /// The cell of the place has no data.
    NoData,
    /// The place is outside the image.
    Outside,
}

impl Reading {
    /// The value, if there is one.
    pub const fn value(self) -> Option<f64> {
        match self {
            Self::Value { value, .. } => Some(value),
            Self::NoData | Self::Outside => None,
        }
    }
}

/// Reads a band (from 1) at a place in the image's coordinate reference system, x = east, y = north,
/// at full resolution.
///
/// Between four centres the value is bilinear. Where some of the four have no data, or the place is
/// in the outer half of a cell at the image's edge, the others are weighted alone. A place in a cell
/// without data has no value, however near its neighbours are: nothing is invented.
///
/// # Errors
/// [`RasterError::Damaged`] when the image cannot be read.
pub fn read_at(image: &Image, band: usize, x: f64, y: f64) -> Result<Reading, RasterError> {
    let grid = image.grid();
    let (column, row) = grid.place(x, y);
    let (Some(across), Some(down)) = (
        Between::of(column, grid.columns),
        Between::of(row, grid.rows),
    ) else {
        return Ok(Reading::Outside);
    };
    let window = Window {
        column: across.first,
        row: down.first,
        columns: across.count,
        rows: down.count,
    };
    let cells = image.read(band, 0, window)?;
    if cells.get(across.own, down.own).is_none() {
        return Ok(Reading::NoData);
    }
    let (mut sum, mut weights, mut used) = (0.0, 0.0, 0);
    for (row, weight_down) in down.weights() {
        for (column, weight_across) in across.weights() {
            let weight = weight_down * weight_across;
            if let Some(value) = cells.get(column, row).filter(|_| weight > 0.0) {
                sum += weight * f64::from(value);
                weights += weight;
                used += 1;
            }
        }
    }
    Ok(Reading::Value {
        value: sum / weights,
        cells: used,
    })
}

/// One or two neighbouring cells along an axis, and the place between their centres.
struct Between {
    first: usize,
    count: usize,
    /// The cell that holds the place, counted from the first.
    own: usize,
    /// The weight of the second.
    share: f64,
}

impl Between {
    /// `place` is in cells from the edge; nothing when it is outside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "within the cells of an axis, of which there are far fewer than 2^52"
    )]
    fn of(place: f64, cells: usize) -> Option<Self> {
        if !(0.0..=cells as f64).contains(&place) || cells == 0 {
            return None;
        }
        let own = (place as usize).min(cells - 1);
        let from_centre = (place - 0.5).clamp(0.0, cells as f64 - 1.0);
        let first = from_centre as usize;
        Some(Self {
            first,
            count: (cells - first).min(2),
            own: own - first,
            share: from_centre - first as f64,
        })
    }

    /// The cells, counted from the first, with their weights.
    fn weights(&self) -> impl Iterator<Item = (usize, f64)> {
        [(0, 1.0 - self.share), (1, self.share)]
            .into_iter()
            .take(self.count)
    }
}
