//! Positions of a file's records, to decide by.

use domain::lang::Message;
use geodesy::Bounds;

use super::notation::{Notation, Seen, unpacked};

/// One position of a record, as its file writes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Position {
    /// The first number.
    pub x: f64,
    /// The second number.
    pub y: f64,
    /// What stood beside the numbers.
    pub seen: Seen,
}

impl From<(f64, f64)> for Position {
    fn from((x, y): (f64, f64)) -> Self {
        Self {
            x,
            y,
            seen: Seen::default(),
        }
    }
}

/// A position to show, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Example {
    /// The row; `None` for a corner of the extent.
    pub row: Option<u64>,
    /// The first number.
    pub x: f64,
    /// The second number.
    pub y: f64,
}

/// The numbers that decide: around all of them, and one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub(super) bounds: Bounds,
    pub(super) example: Example,
}

/// One position of each of a file's first records.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    points: Vec<(u64, f64, f64)>,
    seen: Seen,
    /// Those of `points` with a Latin S beside x or y, and what stood beside them.
    latin_s: Vec<(usize, Seen)>,
    first_unreadable: Option<(u64, Message)>,
}

impl Sample {
    /// So many records decide for all.
    pub const ENOUGH: usize = 100_000;

    /// Adds the position of a record, or why it has none. One that is not finite is left out.
    pub fn add(&mut self, row: u64, position: Result<Option<Position>, Message>) {
        match position {
            Ok(Some(at)) if at.x.is_finite() && at.y.is_finite() && !self.is_full() => {
                if at.seen.latin_s != (false, false) {
                    self.latin_s.push((self.points.len(), at.seen));
                }
                self.seen = self.seen.or(at.seen);
                self.points.push((row, at.x, at.y));
            }
            Ok(_) => {}
            Err(reason) => {
                self.first_unreadable.get_or_insert((row, reason));
            }
        }
    }

    /// The first position that could not be read: row and reason.
    pub(super) const fn first_unreadable(&self) -> Option<&(u64, Message)> {
        self.first_unreadable.as_ref()
    }

    /// Whether there are enough.
    pub const fn is_full(&self) -> bool {
        self.points.len() >= Self::ENOUGH
    }

    /// What stood beside all the numbers.
    pub(super) const fn seen(&self) -> Seen {
        self.seen
    }

    /// The same positions once it is known what the letters mean.
    pub(super) fn with_letters_read(&self) -> Self {
        let mut read = self.clone();
        let notation = self.seen.notation();
        for (at, seen) in &self.latin_s {
            if seen.south_is_s(notation) {
                let point = &mut read.points[*at];
                let (x, y) = seen.latin_s;
                point.1 = if x { -point.1 } else { point.1 };
                point.2 = if y { -point.2 } else { point.2 };
            }
        }
        read
    }

    /// The same positions read as packed degrees (DDMMSS.s); `None` when one of them is none.
    pub(super) fn unpacked(&self) -> Option<Self> {
        let points = self.points.iter();
        let unpacked = points.map(|&(row, x, y)| Some((row, unpacked(x)?, unpacked(y)?)));
        Some(Self {
            points: unpacked.collect::<Option<_>>()?,
            ..self.clone()
        })
    }

    /// How all of them are written.
    pub(super) fn notation(&self) -> Notation {
        self.seen.notation()
    }

    pub(super) fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.points.iter().map(|&(_, x, y)| (x, y))
    }

    /// All of them; `None` when empty.
    pub(super) fn numbers(&self) -> Option<Numbers> {
        Some(Numbers {
            bounds: Bounds::of_points(self.points())?,
            example: self.example_near(0)?,
        })
    }

    /// The middle third of x and of y: up to a third of misplaced records does not move it.
    pub(super) fn middle(&self) -> Option<Numbers> {
        let (min_x, max_x) = middle_third(self.points.iter().map(|point| point.1))?;
        let (min_y, max_y) = middle_third(self.points.iter().map(|point| point.2))?;
        let inside = |point: &(u64, f64, f64)| {
            (min_x..=max_x).contains(&point.1) && (min_y..=max_y).contains(&point.2)
        };
        Some(Numbers {
            bounds: Bounds::new(min_x, min_y, max_x, max_y),
            example: self.example_near(self.points.iter().position(inside).unwrap_or(0))?,
        })
    }

    fn example_near(&self, at: usize) -> Option<Example> {
        self.points.get(at).map(|&(row, x, y)| Example {
            row: Some(row),
            x,
            y,
        })
    }

    /// The first rows, as an example.
    pub(super) fn first_rows(&self) -> Vec<u64> {
        self.points.iter().take(5).map(|point| point.0).collect()
    }
}

fn middle_third(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let third = sorted.len() / 3;
    Some((
        *sorted.get(third)?,
        *sorted.get(sorted.len().checked_sub(third + 1)?)?,
    ))
}
