//! What is asked of the import of a raster survey.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::layers::Survey;
use domain::lists::{ObservationMethod, SurveyKind, VerticalDatum};
use domain::quantity::Metres;
use domain::record::Record;
use domain::region::FacilityCode;
use geodesy::Reading;
use store::revision::{Means, NewRevision, NewUpload};

use super::SurveyError;
use crate::check::today_in_serbia;
use crate::receive::Received;

/// What is to be imported, and as what.
#[derive(Clone, Debug)]
pub struct SurveyRequest {
    /// The file.
    pub path: PathBuf,
    /// Which facility it shows.
    pub facility: FacilityCode,
    /// What it shows of it.
    pub kind: SurveyKind,
    /// When it was surveyed.
    pub surveyed_on: NaiveDate,
    /// How.
    pub method: Option<ObservationMethod>,
    /// What heights are counted from (`--vertical-datum`); it wins over the file's.
    pub vertical_datum: Option<VerticalDatum>,
    /// The standard deviation of heights.
    pub vertical_accuracy: Option<Metres>,
    /// The unit of heights (`--height-unit`); it wins over the file's.
    pub unit: Option<HeightUnit>,
    /// The survey's code; without, one of facility, kind and day.
    pub code: Option<String>,
    /// The reference system of the coordinates (`--crs`); it wins over the file's.
    pub crs: Option<Reading>,
    /// Whether to report only.
    pub dry_run: bool,
    /// Who imports.
    pub author: String,
    /// By what means.
    pub means: Means,
    /// A citation of the evidence.
    pub source: Option<String>,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// The upload under review that the file is.
    pub submission: Option<i64>,
}

impl SurveyRequest {
    /// The code of the survey.
    pub fn code(&self) -> String {
        self.code
            .clone()
            .unwrap_or_else(|| Survey::code_of(&self.facility, self.kind, self.surveyed_on))
    }

    /// Refuses days on which nobody can have surveyed.
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), SurveyError> {
        /// Aerial photographs for maps begin after 1900.
        const FIRST_YEAR: i32 = 1900;
        let surveyed_on = self.surveyed_on;
        let today = today_in_serbia(now);
        if surveyed_on > today {
            return Err(SurveyError::Future { surveyed_on, today });
        }
        if surveyed_on.year() < FIRST_YEAR {
            return Err(SurveyError::TooOld { surveyed_on });
        }
        if self
            .code
            .as_ref()
            .is_some_and(|code| code.trim().is_empty())
        {
            return Err(SurveyError::EmptyCode);
        }
        Ok(())
    }

    /// Sets what the request says of the survey, leaving alone what it does not say.
    pub(super) fn describe(&self, record: &mut Record) {
        record.set_typed("code", Some(self.code()));
        record.set_typed("facility", Some(self.facility.clone()));
        record.set_typed("kind", Some(self.kind));
        record.set_typed("surveyed_on", Some(self.surveyed_on));
        if self.method.is_some() {
            record.set_typed("method", self.method);
        }
        if self.vertical_accuracy.is_some() {
            record.set_typed("vertical_accuracy_m", self.vertical_accuracy);
        }
        if self.source.is_some() {
            record.set_typed("source", self.source.clone());
        }
    }

    pub(super) fn revision(&self, received: &Received, now: DateTime<Utc>) -> NewRevision {
        NewRevision {
            made_at: now,
            author: self.author.clone(),
            means: self.means,
            source: self.source.clone(),
            comment: self.comment.clone(),
            upload: Some(NewUpload {
                file_name: received.name.clone(),
                sha256: received.sha256.clone(),
                size_bytes: i64::try_from(received.size_bytes).unwrap_or(i64::MAX),
                submission: self.submission,
            }),
        }
    }
}

/// A unit of heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeightUnit {
    /// The register's own.
    Metre,
    /// 0.1 m.
    Decimetre,
    /// 0.01 m.
    Centimetre,
    /// 0.001 m.
    Millimetre,
    /// The international foot, 0.3048 m.
    Foot,
    /// The US survey foot, 1200/3937 m.
    UsFoot,
}

impl HeightUnit {
    /// Metres in one.
    pub const fn metres(self) -> f64 {
        match self {
            Self::Metre => 1.0,
            Self::Decimetre => 0.1,
            Self::Centimetre => 0.01,
            Self::Millimetre => 0.001,
            Self::Foot => 0.3048,
            Self::UsFoot => 1200.0 / 3937.0,
        }
    }
}

/// A text that is no unit of heights known here.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no unit of heights known here; use m, dm, cm, mm, ft or us-ft")]
pub struct UnknownUnit(String);

impl FromStr for HeightUnit {
    type Err = UnknownUnit;

    /// As files and people write it: `m`, `metre`, `US survey foot`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        Ok(match plain.to_ascii_lowercase().as_str() {
            "m" | "metre" | "metres" | "meter" | "meters" | "metar" | "metara" | "9001" => {
                Self::Metre
            }
            "dm" | "decimetre" | "decimeter" => Self::Decimetre,
            "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => Self::Centimetre,
            "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => Self::Millimetre,
            "ft" | "foot" | "feet" | "internationalfoot" | "9002" => Self::Foot,
            "usft" | "ftus" | "ussurveyfoot" | "ussurveyfeet" | "footus" | "9003" => Self::UsFoot,
            _ => return Err(UnknownUnit(text.to_owned())),
        })
    }
}

/// Whether a file begins as every TIFF and `BigTIFF` does.
///
/// # Errors
/// When it cannot be read.
pub fn is_tiff(path: &Path) -> io::Result<bool> {
    const MARKS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    let kind = std::fs::metadata(path)?;
    if !kind.is_file() {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    std::fs::File::open(path)?
        .take(4)
        .read_to_end(&mut beginning)?;
    Ok(MARKS.contains(&beginning.as_slice()))
}

#[cfg(test)]
mod tests;
