//! Exact percentiles of any number of values in bounded memory: values are counted by the upper half of
//! their bits, then those in the halves that hold a wanted rank by the lower.

use std::collections::BTreeMap;

use super::PERCENTILES;

const HALVES: usize = 1 << 16;

/// A number that orders as the value does.
const fn key(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 {
        !bits
    } else {
        bits | 1 << 31
    }
}

const fn value(key: u32) -> f32 {
    if key >> 31 == 1 {
        f32::from_bits(key & !(1 << 31))
    } else {
        f32::from_bits(!key)
    }
}

const fn halves(value: f32) -> (usize, usize) {
    let key = key(value) as usize;
    (key >> 16, key & 0xffff)
}

/// How many values have each upper half.
pub struct Counters(Vec<u64>);

impl Default for Counters {
    fn default() -> Self {
        Self(vec![0; HALVES])
    }
}

impl Counters {
    /// Counts a value.
    pub fn add(&mut self, value: f32) {
        self.0[halves(value).0] += 1;
    }

    /// The upper half that holds a rank (from 0), and the rank among the values with that half.
    fn find(&self, rank: u64) -> (usize, u64) {
        let mut left = rank;
        for (upper, count) in self.0.iter().enumerate() {
            if left < *count {
                return (upper, left);
            }
            left -= count;
        }
        (HALVES - 1, 0)
    }
}

/// A wanted rank: its upper half, and its rank there.
type Wanted = (usize, u64);

/// The second pass.
pub struct Ranks {
    /// For each percentile the ranks on both sides, and the share of the second.
    wanted: Vec<(Wanted, Wanted, f64)>,
    lower: BTreeMap<usize, Counters>,
}

impl Ranks {
    /// Looks for percentiles of `count` values.
    pub fn among(counters: &Counters, count: u64, percentiles: &[u32]) -> Self {
        let wanted: Vec<_> = percentiles
            .iter()
            .map(|percent| {
                let hundredths = (count - 1) * u64::from(*percent);
                let rank = hundredths / 100;
                let share = u32::try_from(hundredths % 100).unwrap_or(0);
                let next = (rank + 1).min(count - 1);
                (
                    counters.find(rank),
                    counters.find(next),
                    f64::from(share) / 100.0,
                )
            })
            .collect();
        let uppers = wanted.iter().flat_map(|(one, next, _)| [one.0, next.0]);
        let lower = uppers.map(|upper| (upper, Counters::default())).collect();
        Self { wanted, lower }
    }

    /// Counts a value, all of which have to come again.
    pub fn add(&mut self, value: f32) {
        let (upper, lower) = halves(value);
        if let Some(counters) = self.lower.get_mut(&upper) {
            counters.0[lower] += 1;
        }
    }

    /// The values of the percentiles.
    pub fn percentiles(&self) -> [f64; PERCENTILES.len()] {
        let mut values = [0.0; PERCENTILES.len()];
        for (place, (one, next, share)) in values.iter_mut().zip(&self.wanted) {
            let (one, next) = (self.value_of(*one), self.value_of(*next));
            *place = one + share * (next - one);
        }
        values
    }

    fn value_of(&self, (upper, rank): Wanted) -> f64 {
        let lower = self
            .lower
            .get(&upper)
            .map_or(0, |counters| counters.find(rank).0);
        let key = u32::try_from(upper << 16 | lower).unwrap_or(0);
        f64::from(value(key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition that is also numpy's default: between the neighbours of rank (n − 1) p.
    fn by_sorting(mut values: Vec<f32>, percent: u32) -> f64 {
        values.sort_by(f32::total_cmp);
        let place =
            f64::from(u32::try_from(values.len() - 1).unwrap()) * f64::from(percent) / 100.0;
        let at = |rank: f64| {
            let mut all = (0_u32..).zip(&values);
            f64::from(
                *all.find(|(number, _)| f64::from(*number) > rank - 0.5)
                    .unwrap()
                    .1,
            )
        };
        let share = place - place.floor();
        at(place.floor()) + share * (at(place.ceil()) - at(place.floor()))
    }

    proptest! {
        #[test]
        fn percentiles_are_those_of_the_sorted_values(
            values in prop::collection::vec(prop_oneof![-1e6_f32..1e6, 440.0_f32..441.0], 1..200),
        ) {
            let mut counters = Counters::default();
            for value in &values {
                counters.add(*value);
            }
            let mut ranks = Ranks::among(&counters, values.len() as u64, &PERCENTILES);
            for value in &values {
                ranks.add(*value);
            }
            for (percent, found) in PERCENTILES.iter().zip(ranks.percentiles()) {
                let wanted = by_sorting(values.clone(), *percent);
                prop_assert!((found - wanted).abs() <= 1e-6 * (1.0 + wanted.abs()), "{}", percent);
            }
        }
    }
}
