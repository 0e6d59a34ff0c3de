//! How far errors are correlated: the range of the empirical variogram of height differences on
//! stable ground (Rolstad, Haug & Denby 2009, Journal of Glaciology 55, 666-680).

use crate::volume::frame::as_f64;
use crate::volume::spread::Lot;
use crate::volume::stable::StableGround;

/// Pairs of cells drawn by lot.
const PAIRS: usize = 400_000;
/// Classes of distance, each as much longer than the one before.
const CLASSES: usize = 24;
/// A class with fewer pairs says nothing.
const LEAST_PAIRS: f64 = 100.0;
/// So many ranges are tried.
const RANGES: u32 = 200;

/// Errors are taken as correlated when the model explains half of what differs between distances.
const SHOWN: f64 = 0.5;

/// One class of distances.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    pairs: f64,
    /// Sum of distances, metres.
    distance: f64,
    /// Sum of half the squared differences.
    half_squares: f64,
}

/// How far errors are correlated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// The range of the spherical model, metres; the width of a cell for uncorrelated errors.
    pub length_m: f64,
    /// Whether the stable ground is too small to show where the correlation ends.
    pub is_cut_off: bool,
}

/// The correlation length of the differences on stable ground with cells of `cell_m`; none when
/// there are too few pairs.
pub fn correlation(ground: &StableGround, cell_m: [f64; 2]) -> Option<Correlation> {
    let extent_m = as_f64(ground.extent.0)
        .mul_add(cell_m[0], 0.0)
        .hypot(as_f64(ground.extent.1) * cell_m[1]);
    let (nearest, farthest) = (cell_m[0].max(cell_m[1]), extent_m / 2.0);
    let classes = drawn(ground, cell_m, nearest, farthest);
    let known: Vec<(f64, f64, f64)> = classes
        .iter()
        .filter(|class| class.pairs >= LEAST_PAIRS)
        .map(|class| {
            let of = |sum: f64| sum / class.pairs;
            (of(class.distance), of(class.half_squares), class.pairs)
        })
        .collect();
    let longest = known.last()?.0;
    if known.len() < 4 {
        return None;
    }
    let tried = (0..=RANGES).map(|step| {
        let share = f64::from(step) / f64::from(RANGES);
        nearest * (longest / nearest).powf(share)
    });
    let (best_m, best) = tried
        .map(|range| (range, misfit(&known, range)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    // A range below every distance makes the model level: errors without correlation.
    let is_correlated = best < SHOWN * misfit(&known, 0.5 * nearest);
    let length_m = if is_correlated { best_m } else { nearest };
    Some(Correlation {
        length_m,
        is_cut_off: length_m > 0.9 * longest,
    })
}

fn drawn(ground: &StableGround, cell_m: [f64; 2], nearest: f64, farthest: f64) -> [Class; CLASSES] {
    let mut classes = [Class::default(); CLASSES];
    let places = ground.places();
    let mut lot = Lot::new(2);
    let span = (farthest / nearest).max(1.001);
    for _ in 0..PAIRS {
        let share = lot.share();
        let (distance, turn) = (
            nearest * span.powf(share),
            lot.share() * std::f64::consts::TAU,
        );
        let Some(&(column, row)) = places.get(lot.below(places.len())) else {
            break;
        };
        let across = (distance * turn.cos() / cell_m[0]).round();
        let down = (distance * turn.sin() / cell_m[1]).round();
        let far = (across * cell_m[0]).hypot(down * cell_m[1]);
        let pair = moved(column, across)
            .zip(moved(row, down))
            .filter(|other| *other != (column, row))
            .and_then(|(c, r)| ground.difference_at(c, r))
            .zip(ground.difference_at(column, row));
        if let Some((one, other)) = pair {
            let class = &mut classes[class_of(share)];
            class.pairs += 1.0;
            class.distance += far;
            class.half_squares += (one - other).powi(2) / 2.0;
        }
    }
    classes
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, far below 2^52"
)]
fn moved(cell: usize, by: f64) -> Option<usize> {
    let moved = as_f64(cell) + by;
    (moved >= 0.0).then_some(moved as usize)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1"
)]
fn class_of(share: f64) -> usize {
    ((share * as_f64(CLASSES)) as usize).min(CLASSES - 1)
}

/// The squared misfit of the best spherical model with nugget of this range: least squares in nugget
/// and sill, neither negative.
fn misfit(known: &[(f64, f64, f64)], range: f64) -> f64 {
    let shape = |distance: f64| {
        let share = (distance / range).min(1.0);
        1.5 * share - 0.5 * share.powi(3)
    };
    let mut sums = [0.0; 5];
    for &(distance, value, weight) in known {
        let s = shape(distance);
        let terms = [1.0, s, s * s, value, s * value];
        for (sum, term) in sums.iter_mut().zip(terms) {
            *sum += weight * term;
        }
    }
    let [w, s, ss, v, sv] = sums;
    let determinant = w * ss - s * s;
    let sill = if determinant > 1e-12 * w * ss {
        ((w * sv - s * v) / determinant).max(0.0)
    } else {
        0.0
    };
    let mut nugget = (v - sill * s) / w;
    let mut sill = sill;
    if nugget < 0.0 {
        nugget = 0.0;
        sill = (sv / ss).max(0.0);
    }
    known
        .iter()
        .map(|&(distance, value, weight)| {
            weight * (value - nugget - sill * shape(distance)).powi(2)
        })
        .sum()
}
