//! How the two numbers of a point are meant.

use std::fmt;
use std::str::FromStr;

use domain::lang::Message;
use domain::message;

use crate::crs::{AxisOrder, Crs};
use crate::distance::distance_m;
use crate::error::GeodesyError;
use crate::operation::TransformPlan;

/// A way to read the two numbers of a point: a reference system, the order of the numbers, and the
/// zone digit that was left out of the eastings.
///
/// Written as the reference system by [`Crs::parse`], then, where they apply, `north-east` (the
/// first number is the northing or latitude) and `+7000000` (added to every easting, metres):
/// `EPSG:6316`, `EPSG:6316 +7000000`, `EPSG:6316 north-east`, `EPSG:6316 north-east +7000000`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The reference system.
    pub crs: Crs,
    /// The order of the two numbers of a point.
    pub axes: AxisOrder,
    /// The zone digit that was left out, metres, else 0.
    pub add_to_easting_m: f64,
}

const NORTH_FIRST: &str = "north-east";

impl Reading {
    /// East first, nothing left out.
    pub const fn plain(crs: Crs) -> Self {
        Self {
            crs,
            axes: AxisOrder::EastNorth,
            add_to_easting_m: 0.0,
        }
    }

    /// Whether only the reference system is said.
    pub fn is_plain(&self) -> bool {
        !self.is_turned() && self.add_to_easting_m == 0.0
    }

    /// Whether the first number is north.
    pub fn is_turned(&self) -> bool {
        self.axes == AxisOrder::NorthEast
    }

    /// The same with the axes exchanged.
    #[must_use]
    pub fn turned(&self) -> Self {
        let axes = match self.axes {
            AxisOrder::EastNorth => AxisOrder::NorthEast,
            AxisOrder::NorthEast => AxisOrder::EastNorth,
        };
        Self {
            axes,
            ..self.clone()
        }
    }

    /// The same with the zone digit left out of the eastings; `None` where the
    /// false easting has none.
    pub fn without_zone_digit(&self) -> Option<Self> {
        self.crs.zone_digit_m().map(|add_to_easting_m| Self {
            add_to_easting_m,
            ..self.clone()
        })
    }

    /// What may be meant when only the reference system is said: as it is, with
    /// axes exchanged, without its zone digit, or both. In the grids of whole
    /// countries at most one of them places given numbers in Serbia; in a
    /// local grid, with small numbers, several may.
    pub fn variants(crs: &Crs) -> Vec<Self> {
        let plain = Self::plain(crs.clone());
        let cut = plain.without_zone_digit();
        std::iter::once(plain)
            .chain(cut)
            .flat_map(|reading| [reading.clone(), reading.turned()])
            .collect()
    }

    /// How far apart, in metres, a point lies by the shift to WGS 84 that the
    /// text of the reference system brings along and by EPSG:9486, which is
    /// used in its place. `None` where nothing was replaced.
    ///
    /// # Errors
    /// When the point cannot be transformed.
    pub fn replaced_shift_differs_by_m(&self, x: f64, y: f64) -> Result<Option<f64>, GeodesyError> {
        let Some(own) = TransformPlan::by_own_shift(self)? else {
            return Ok(None);
        };
        let used = TransformPlan::of_reading(self)?
            .to_wgs84()?
            .transform(x, y)?;
        let own = own.to_wgs84()?.transform(x, y)?;
        Ok(Some(distance_m(own, used)))
    }

    /// The reading for a report: `EPSG:6316 (MGI 1901 / Balkans zone 7) without
    /// the leading 7 of the eastings`.
    pub fn in_words(&self) -> Message {
        let (name, code) = (self.crs.name(), self.crs.epsg());
        let called = code.map_or_else(
            || format!("`{name}`"),
            |code| format!("EPSG:{code} ({name})"),
        );
        let (turned_sr, turned_en) = if self.is_turned() {
            (
                ", при чему је први број север, а други исток",
                ", the first number being north and the second east",
            )
        } else {
            ("", "")
        };
        if self.add_to_easting_m == 0.0 {
            return message!("{called}{turned_sr}", "{called}{turned_en}");
        }
        let digit = self.add_to_easting_m / 1e6;
        message!(
            "{called} без водеће цифре {digit} у координати исток{turned_sr}",
            "{called} without the leading {digit} of the eastings{turned_en}"
        )
    }
}

impl From<Crs> for Reading {
    fn from(crs: Crs) -> Self {
        Self::plain(crs)
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.crs)?;
        if self.is_turned() {
            write!(f, " {NORTH_FIRST}")?;
        }
        if self.add_to_easting_m != 0.0 {
            write!(f, " +{}", self.add_to_easting_m)?;
        }
        Ok(())
    }
}

impl FromStr for Reading {
    type Err = GeodesyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rest = text.trim();
        let mut axes = AxisOrder::EastNorth;
        let mut add_to_easting_m = 0.0;
        while let Some((before, word)) = rest.rsplit_once(char::is_whitespace) {
            if word.eq_ignore_ascii_case(NORTH_FIRST) {
                axes = AxisOrder::NorthEast;
            } else if let Some(metres) = added(word) {
                add_to_easting_m = zones(text, metres)?;
            } else {
                break;
            }
            rest = before.trim_end();
        }
        let crs = Crs::parse(rest)?;
        Ok(Self {
            crs,
            axes,
            add_to_easting_m,
        })
    }
}

/// `+7000000`; the parameters of PROJ texts have letters.
fn added(word: &str) -> Option<f64> {
    word.strip_prefix('+')?.parse().ok()
}

fn zones(reading: &str, metres: f64) -> Result<f64, GeodesyError> {
    [5e6, 6e6, 7e6, 8e6]
        .into_iter()
        .find(|zone| (metres - zone).abs() < 0.5)
        .ok_or_else(|| GeodesyError::NoZoneDigit {
            reading: reading.chars().take(100).collect(),
            metres,
        })
}
