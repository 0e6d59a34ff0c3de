//! How two surveys are displaced against each other, found on stable ground.
//!
//! Nuth & Kääb (2011, The Cryosphere 5, 271-290): where the later survey is displaced, the difference
//! of heights is `dz = a cos(b - aspect) tan(slope) + bias`. They divide by tan(slope) and fit a cosine;
//! here the same equation is solved as it stands, by least squares in the two components of the
//! slope, so that flat ground is not divided by almost nothing. The shift is applied and the fit
//! repeated, because the equation holds for small shifts only.

use crate::error::RasterError;
use crate::volume::frame::Scale;
use crate::volume::sampling::Source;
use crate::volume::spread::Spread;
use crate::volume::stable::{StableCell, StableGround};

/// Slopes of stable ground must vary by so much (rise for a metre), in every direction, to show a
/// horizontal shift.
const LEAST_RELIEF: f64 = 0.01;
/// The fit is repeated until the shift changes by less than this share of a cell.
const SETTLED_CELLS: f64 = 0.002;
const MOST_ROUNDS: usize = 12;

/// Where the later survey lies against the earlier one, metres along the axes of the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// To the east.
    pub east_m: f64,
    /// To the north.
    pub north_m: f64,
}

impl Shift {
    /// In units of the reference system.
    pub fn units(&self, scale: &Scale) -> (f64, f64) {
        (self.east_m / scale.x_m, self.north_m / scale.y_m)
    }
}

/// Estimates the horizontal shift; none where the ground does not show one. The differences of the
/// ground are then those without the shift.
pub fn horizontal_shift(
    ground: &mut StableGround,
    earlier: &Source<'_>,
    scale: &Scale,
    cell_m: f64,
) -> Result<Option<Shift>, RasterError> {
    let mut shift = Shift {
        east_m: 0.0,
        north_m: 0.0,
    };
    for _ in 0..MOST_ROUNDS {
        let Some(step) = ground
            .spread()
            .and_then(|spread| fit(ground.iter(), &spread))
        else {
            ground.displace(earlier, (0.0, 0.0))?;
            return Ok(None);
        };
        shift.east_m += step.east_m;
        shift.north_m += step.north_m;
        ground.displace(earlier, shift.units(scale))?;
        if step.east_m.hypot(step.north_m) < SETTLED_CELLS * cell_m {
            break;
        }
    }
    Ok(Some(shift))
}

/// Least squares of `dz = bias - east * slope_east - north * slope_north`, without outliers.
fn fit(cells: impl Iterator<Item = StableCell>, spread: &Spread) -> Option<Shift> {
    let mut sums = Sums::default();
    for cell in cells.filter(|cell| spread.admits(cell.difference_m)) {
        sums.add(&cell, cell.difference_m - spread.median);
    }
    sums.solved()
}

/// Sums of products of slopes (p east, q north) and differences (d).
#[derive(Default)]
struct Sums {
    count: f64,
    p: f64,
    q: f64,
    d: f64,
    pp: f64,
    pq: f64,
    qq: f64,
    pd: f64,
    qd: f64,
}

impl Sums {
    fn add(&mut self, cell: &StableCell, d: f64) {
        let [p, q] = cell.slope;
        self.count += 1.0;
        self.p += p;
        self.q += q;
        self.d += d;
        self.pp += p * p;
        self.pq += p * q;
        self.qq += q * q;
        self.pd += p * d;
        self.qd += q * d;
    }

    fn solved(&self) -> Option<Shift> {
        let central =
            |product: f64, a: f64, b: f64| product / self.count - a * b / self.count.powi(2);
        let (pp, qq) = (
            central(self.pp, self.p, self.p),
            central(self.qq, self.q, self.q),
        );
        let pq = central(self.pq, self.p, self.q);
        let (pd, qd) = (
            central(self.pd, self.p, self.d),
            central(self.qd, self.q, self.d),
        );
        let determinant = pp * qq - pq * pq;
        let mean = f64::midpoint(pp, qq);
        let smallest = mean - (mean * mean - determinant).max(0.0).sqrt();
        let shows = self.count >= 3.0 && smallest > LEAST_RELIEF * LEAST_RELIEF;
        shows.then(|| Shift {
            east_m: -(pd * qq - qd * pq) / determinant,
            north_m: -(qd * pp - pd * pq) / determinant,
        })
    }
}
