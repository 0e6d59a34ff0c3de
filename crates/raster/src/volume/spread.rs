//! Robust middle and spread, and numbers drawn by lot.

/// The median and the normalised median absolute deviation (1.4826 times the median distance from the
/// median: the standard deviation where errors are normal, but blind to outliers; Höhle & Höhle 2009).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub nmad: f64,
}

impl Spread {
    /// Of these numbers; none for none.
    pub fn of(numbers: &mut [f32]) -> Option<Self> {
        let median = median(numbers)?;
        for number in numbers.iter_mut() {
            *number = (*number - median).abs();
        }
        let deviation = self::median(numbers)?;
        Some(Self {
            median: f64::from(median),
            nmad: 1.4826 * f64::from(deviation),
        })
    }

    /// Whether a number is no outlier: not farther than three deviations from the median. A floor
    /// of a tenth of a millimetre keeps rounding in where there are no errors at all.
    pub fn admits(&self, number: f64) -> bool {
        (number - self.median).abs() <= (3.0 * self.nmad).max(1e-4)
    }
}

fn median(numbers: &mut [f32]) -> Option<f32> {
    if numbers.is_empty() {
        return None;
    }
    let middle = numbers.len() / 2;
    Some(*numbers.select_nth_unstable_by(middle, f32::total_cmp).1)
}

/// Numbers by lot, the same in each run: `SplitMix64` (Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub struct Lot(u64);

impl Lot {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to `count`, which is not 0.
    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.bits() % count).unwrap_or(0)
    }

    /// Puts things in an order by lot.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
    }
}
