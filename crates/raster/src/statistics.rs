//! Statistics of values that come in parts.

/// Count, extremes, mean and spread of values. Parts are joined without loss of digits (Chan, Golub
/// and `LeVeque` 1979).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// How many values.
    pub count: u64,
    /// The least; infinite where there are none.
    pub lowest: f64,
    /// The greatest; infinite where there are none.
    pub highest: f64,
    /// The mean; 0 where there are none.
    pub mean: f64,
    /// The sum of squared differences to the mean.
    squares: f64,
    /// Whether all values are whole numbers.
    pub whole: bool,
}

impl Default for Statistics {
    /// Of no values.
    fn default() -> Self {
        Self {
            count: 0,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            mean: 0.0,
            squares: 0.0,
            whole: true,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 cells"
)]
impl Statistics {
    /// The statistics of a few values, at most some millions.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values = values.peekable();
        let mut found = Self::default();
        // Sums of differences to a value among them stay small.
        let pivot = values.peek().copied().unwrap_or_default();
        let (mut sum, mut squares) = (0.0, 0.0);
        for value in values {
            let off = value - pivot;
            sum += off;
            squares += off * off;
            found.count += 1;
            found.lowest = found.lowest.min(value);
            found.highest = found.highest.max(value);
            found.whole &= value.fract() == 0.0;
        }
        if found.count > 0 {
            let count = found.count as f64;
            found.mean = pivot + sum / count;
            found.squares = (squares - sum * sum / count).max(0.0);
        }
        found
    }

    /// Those of both together.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let (one, two) = (self.count as f64, other.count as f64);
        let apart = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            lowest: self.lowest.min(other.lowest),
            highest: self.highest.max(other.highest),
            mean: self.mean + apart * two / (one + two),
            squares: self.squares + other.squares + apart * apart * one * two / (one + two),
            whole: self.whole && other.whole,
        }
    }

    /// The standard deviation of the values themselves (divided by their number).
    pub fn deviation(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        (self.squares / self.count as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::Statistics;

    /// 1 to n: mean (n + 1) / 2, variance (n² − 1) / 12.
    #[test]
    fn parts_have_the_statistics_of_the_whole() {
        let n = 100_000_u32;
        let values = || (1..=n).map(|value| 1e6 + f64::from(value));
        for cut in [0, 1, 777, 50_000, 100_000] {
            let joined =
                Statistics::of(values().take(cut)).joined(Statistics::of(values().skip(cut)));
            assert_eq!(joined.count, u64::from(n));
            assert_eq!((joined.lowest, joined.highest), (1_000_001.0, 1_100_000.0));
            assert!((joined.mean - 1_050_000.5).abs() < 1e-6, "{}", joined.mean);
            let wanted = ((f64::from(n).powi(2) - 1.0) / 12.0).sqrt();
            assert!(
                (joined.deviation() / wanted - 1.0).abs() < 1e-9,
                "cut at {cut}"
            );
            assert!(joined.whole);
        }
        assert!(!Statistics::of([1.0, 2.5].into_iter()).whole);
        assert!(Statistics::of(std::iter::empty()).deviation().abs() < 1e-12);
    }
}
