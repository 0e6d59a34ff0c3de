//! A region of any level, and how records belong to it.

use std::fmt;
use std::str::FromStr;

use super::{DistrictCode, MunicipalityCode, StatisticalRegionCode};
use crate::lang::Text;
use crate::value::ValueError;

/// A district, a municipality or a statistical region: what regulators ask by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// `RS-14`.
    District(DistrictCode),
    /// `70327`.
    Municipality(MunicipalityCode),
    /// `RS22`.
    Statistical(StatisticalRegionCode),
}

impl Region {
    /// The layer that has it.
    pub const fn layer_id(self) -> &'static str {
        match self {
            Self::District(_) => "districts",
            Self::Municipality(_) => "municipalities",
            Self::Statistical(_) => "statistical_regions",
        }
    }

    /// The field by which records of other layers name it.
    pub const fn field_name(self) -> &'static str {
        match self {
            Self::District(_) => "district",
            Self::Municipality(_) => "municipality",
            Self::Statistical(_) => "statistical_region",
        }
    }

    /// The districts of a statistical region; none for the other levels.
    pub fn districts(self) -> Vec<DistrictCode> {
        let Self::Statistical(region) = self else {
            return Vec::new();
        };
        let all = DistrictCode::ALL.into_iter();
        all.filter(|district| district.statistical_region() == region)
            .collect()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::District(code) => code.fmt(f),
            Self::Municipality(code) => code.fmt(f),
            Self::Statistical(code) => code.fmt(f),
        }
    }
}

impl FromStr for Region {
    type Err = ValueError;

    /// Reads the code of a district, a statistical region or a municipality; their forms differ.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "округ као RS-14, статистички регион као RS22 или матични број општине као 70327",
            "a district such as RS-14, a statistical region such as RS22, or the registration number \
             of a municipality such as 70327",
        );
        let text = text.trim();
        if text.contains('-')
            && let Ok(code) = text.parse()
        {
            return Ok(Self::District(code));
        }
        if let Ok(code) = text.parse() {
            return Ok(Self::Statistical(code));
        }
        if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Municipality);
        }
        Err(ValueError::not_a(text, WANTED))
    }
}

/// By what a record belongs to a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Membership {
    /// By the code that it records; by its place where it records none.
    #[default]
    Recorded,
    /// By its place alone.
    Located,
    /// By one of the two and not by the other: somebody should look.
    Disputed,
}

impl Membership {
    /// All, with the words of requests.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Recorded, "record"),
        (Self::Located, "position"),
        (Self::Disputed, "disagreement"),
    ];
}

impl FromStr for Membership {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &Text = &Text::new(
            "record, position или disagreement",
            "record, position or disagreement",
        );
        Self::ALL
            .into_iter()
            .find(|(_, word)| *word == text)
            .map(|(membership, _)| membership)
            .ok_or_else(|| ValueError::not_a(text, WANTED))
    }
}
