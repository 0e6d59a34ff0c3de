//! Positions of a file's records, to decide by.

use geodesy::Bounds;

/// One position of each of a file's first records.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    points: Vec<(u64, f64, f64)>,
    first_unreadable: Option<(u64, String)>,
}

impl Sample {
    /// So many records decide for all.
    pub const ENOUGH: usize = 100_000;

    /// Adds the position of a record, or why it has none. One that is not finite is left out.
    pub fn add(&mut self, row: u64, position: Result<Option<(f64, f64)>, String>) {
        match position {
            Ok(Some((x, y))) if x.is_finite() && y.is_finite() && !self.is_full() => {
                self.points.push((row, x, y));
            }
            Ok(_) => {}
            Err(reason) => {
                self.first_unreadable.get_or_insert((row, reason));
            }
        }
    }

    /// The first position that could not be read: row and reason.
    pub(super) const fn first_unreadable(&self) -> Option<&(u64, String)> {
        self.first_unreadable.as_ref()
    }

    /// Whether there are enough.
    pub const fn is_full(&self) -> bool {
        self.points.len() >= Self::ENOUGH
    }

    /// Around all of it; `None` when empty.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        Bounds::of_points(self.points.iter().map(|&(_, x, y)| (x, y)))
    }

    /// Around the middle third of x and of y: up to a third of misplaced records does not move it.
    pub(super) fn middle(&self) -> Option<Bounds> {
        let (min_x, max_x) = middle_third(self.points.iter().map(|point| point.1))?;
        let (min_y, max_y) = middle_third(self.points.iter().map(|point| point.2))?;
        Some(Bounds::new(min_x, min_y, max_x, max_y))
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
