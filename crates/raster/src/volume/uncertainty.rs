//! What the errors of two surveys make of a change of volume, at 95 %.

use std::f64::consts::PI;

use serde::Serialize;

/// Two-sided 95 % of a normal distribution, in standard deviations.
pub const T_95: f64 = 1.96;

/// Where a level of detection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelSource {
    /// Asked for.
    Given,
    /// `1.96 sqrt(s1² + s2²)` of the two surveys' stated accuracies (Lane, Westaway & Hicks 2003,
    /// Earth Surface Processes and Landforms 28, 249-271; Wheaton et al. 2010, ibid. 35, 136-156).
    Surveys,
    /// 1.96 times the spread of differences on stable ground.
    StableGround,
}

/// The level of detection of two standard deviations, metres.
pub fn level_of_detection_m([from_m, to_m]: [f64; 2]) -> f64 {
    T_95 * from_m.hypot(to_m)
}

/// The standard deviation of the mean of an error of standard deviation `deviation` over an area,
/// correlated up to `length_m`: `s sqrt(A_corr / (5 A))` with `A_corr = pi L²` where the area is the
/// larger, else `s` itself (Rolstad, Haug & Denby 2009, equation 9, in the form of domain practice).
pub fn deviation_of_mean(deviation: f64, length_m: f64, area_m2: f64) -> f64 {
    let correlated_m2 = PI * length_m * length_m;
    if area_m2 > correlated_m2 {
        deviation * (correlated_m2 / (5.0 * area_m2)).sqrt()
    } else {
        deviation
    }
}

/// What is known of the errors of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Standard deviation of a cell's difference, metres.
    pub deviation_m: f64,
    /// How far it is correlated, metres; none when unknown.
    pub length_m: Option<f64>,
    /// What is common to all cells; none when unknown.
    pub common: Option<Common>,
}

/// The error that all cells share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Common {
    /// A bias that was left in.
    Left {
        /// Metres.
        bias_m: f64,
    },
    /// A bias that was taken out: what is uncertain about it.
    Removed {
        /// Its standard error, metres.
        error_m: f64,
    },
}

/// The uncertainty of a volume at 95 %, cubic metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Uncertainty {
    /// Of the errors that differ from cell to cell.
    pub random_m3: f64,
    /// Of the errors that all cells share; none when unknown.
    pub systematic_m3: Option<f64>,
    /// Together.
    pub total_m3: f64,
}

impl Errors {
    /// The uncertainty of the volume over an area.
    ///
    /// The random part takes errors of unknown correlation length as correlated over the whole area,
    /// an upper limit. A bias that was left in is added as it is (JCGM 100:2008, F.2.4.5), what is
    /// uncertain about one that was taken out in quadrature.
    pub fn over(&self, area_m2: f64) -> Uncertainty {
        let length_m = self.length_m.unwrap_or(f64::INFINITY);
        let mean_m = deviation_of_mean(self.deviation_m, length_m, area_m2);
        let random_m3 = T_95 * area_m2 * mean_m;
        let (systematic_m3, total_m3) = match self.common {
            None => (None, random_m3),
            Some(Common::Left { bias_m }) => {
                let systematic = area_m2 * bias_m.abs();
                (Some(systematic), random_m3 + systematic)
            }
            Some(Common::Removed { error_m }) => {
                let systematic = T_95 * area_m2 * error_m;
                (Some(systematic), random_m3.hypot(systematic))
            }
        };
        Uncertainty {
            random_m3,
            systematic_m3,
            total_m3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, wanted: f64) {
        assert!((got / wanted - 1.0).abs() < 1e-6, "{got} is not {wanted}");
    }

    /// 1.96 √(0.05² + 0.12²) = 1.96 · 0.13.
    #[test]
    fn the_level_of_detection_of_two_surveys() {
        close(level_of_detection_m([0.05, 0.12]), 0.2548);
    }

    /// A = 100 000 m², s = 0.1 m, L = 20 m: π L² = 1256.637 m²; √(1256.637 / 500 000) = 0.050 132 57;
    /// 1.96 · 100 000 · 0.1 · 0.050 132 57 = 982.5983 m³.
    #[test]
    fn a_large_area_averages_what_is_correlated_over_a_short_way() {
        let errors = Errors {
            deviation_m: 0.1,
            length_m: Some(20.0),
            common: Some(Common::Left { bias_m: -0.03 }),
        };
        let got = errors.over(100_000.0);
        close(got.random_m3, 982.598_33);
        close(got.systematic_m3.unwrap(), 3_000.0);
        close(got.total_m3, 3_982.598_33);
    }

    /// A = 1 000 m² is less than π L²: 1.96 · 1 000 · 0.1 = 196 m³; 1.96 · 1 000 · 0.02 = 39.2 m³;
    /// √(196² + 39.2²) = 199.8816 m³.
    #[test]
    fn a_small_area_averages_nothing_and_a_bias_taken_out_counts_by_its_error() {
        let errors = Errors {
            deviation_m: 0.1,
            length_m: Some(20.0),
            common: Some(Common::Removed { error_m: 0.02 }),
        };
        let got = errors.over(1_000.0);
        close(got.random_m3, 196.0);
        close(got.systematic_m3.unwrap(), 39.2);
        close(got.total_m3, 199.881_56);
        let unknown = Errors {
            length_m: None,
            ..errors
        };
        close(unknown.over(1e6).random_m3, 196_000.0);
    }
}
