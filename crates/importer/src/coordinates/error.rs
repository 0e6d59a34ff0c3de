//! Why the coordinates of a file are not understood, with the readings that are left.

use domain::lang::Message;
use domain::message;
use geodesy::{Bounds, GeodesyError, Reading, TransformPlan, distance_m};
use serde::Serialize;

use super::decision::code;
use super::sample::Example;

/// A way to read the numbers of a file that places them in Serbia, with the place of one point.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PossibleReading {
    /// What to give to `--crs`, such as `EPSG:6316`: digits left out and axes exchanged are then
    /// found by the numbers.
    pub crs: String,
    /// The same with nothing left to find, such as `EPSG:6316 +7000000`.
    pub reading: String,
    /// The name of the reference system.
    pub name: String,
    /// Whether the first number of a point is north.
    pub swapped: bool,
    /// What is added to eastings, metres.
    pub add_to_easting_m: f64,
    /// Where the point then lies, degrees east, WGS 84.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// How far that is from the place by the first of the readings.
    pub metres_from_first: f64,
    /// The reading in words.
    pub words: Message,
}

impl PossibleReading {
    /// Places one point by each reading; those that cannot place it are left out.
    pub(super) fn of(readings: &[Reading], example: Example) -> Vec<Self> {
        let place = |reading: &Reading| {
            let plan = TransformPlan::of_reading(reading).ok()?;
            plan.to_wgs84().ok()?.transform(example.x, example.y).ok()
        };
        let placed: Vec<_> = readings
            .iter()
            .filter_map(|reading| Some((reading, place(reading)?)))
            .collect();
        let first = placed.first().map(|(_, at)| *at);
        let possible = |(reading, at): (&Reading, (f64, f64))| Self {
            crs: short(reading),
            reading: reading.to_string(),
            name: reading.crs.name().to_owned(),
            swapped: reading.is_turned(),
            add_to_easting_m: reading.add_to_easting_m,
            longitude: at.0,
            latitude: at.1,
            metres_from_first: first.map_or(0.0, |first| distance_m(first, at)),
            words: reading.in_words(),
        };
        placed.into_iter().map(possible).collect()
    }

    /// `EPSG:32634 (WGS 84 / UTM zone 34N), at 22.10182° E, 44.08348° N, 1066 m away`.
    pub fn with_place(&self) -> Message {
        let (lon, lat) = (self.longitude, self.latitude);
        let Message { sr, en } = &self.words;
        let (away_sr, away_en) = if self.metres_from_first < 0.5 {
            (String::new(), String::new())
        } else {
            let metres = self.metres_from_first;
            (
                format!(", {metres:.0} m даље"),
                format!(", {metres:.0} m away"),
            )
        };
        message!(
            "{sr}, на {lat:.5}° северне ширине и {lon:.5}° источне дужине{away_sr}",
            "{en}, at {lon:.5}° E, {lat:.5}° N{away_en}"
        )
    }
}

/// The code alone where there is one.
fn short(reading: &Reading) -> String {
    if reading.crs.epsg().is_some() {
        code(&reading.crs)
    } else {
        reading.crs.to_string()
    }
}

/// What leaves more than one reading, or one that nobody named.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Doubt {
    /// The file.
    pub file: String,
    /// Which reference system is said, and by whom; empty where none is.
    pub said: Message,
    /// The point that the readings place.
    pub example: Example,
    /// The readings that place the numbers in Serbia.
    pub readings: Vec<PossibleReading>,
}

impl Doubt {
    pub(super) fn new(file: &str, said: Message, readings: &[Reading], example: Example) -> Self {
        Self {
            file: file.to_owned(),
            said,
            example,
            readings: PossibleReading::of(readings, example),
        }
    }
}

/// Why the reference system cannot be decided, or the numbers contradict it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoordinateError {
    /// Nobody says, and the numbers allow several readings or none but a doubtful one.
    #[error("{} does not say its coordinate reference system, and {}", .0.file, .0.in_words())]
    Undecided(Box<Doubt>),
    /// The numbers are none of the declared system, but of another.
    #[error(
        "{}: {}, but x = {}, y = {} is no place in Serbia in it; {}",
        .0.file, .0.said, .0.example.x, .0.example.y, .0.in_words()
    )]
    LooksLike(Box<Doubt>),
    /// A grid with a zone of the state survey, but with a scale or datum that the survey never used.
    #[error(
        "{}: {}, which has the meridian and false easting of the state survey, but not its scale 0.9999 \
         on the datum MGI 1901, and the numbers lie in Serbia in both: {}",
        .0.file, .0.said, .0.in_words()
    )]
    DoubtfulGrid(Box<Doubt>),
    /// A small grid, in which columns called x and y lie in Serbia either way.
    #[error(
        "{}: {}, in which the columns x and y lie in Serbia in either order: {} is {}; say in a \
         mapping file (--mapping) which column is easting and which northing",
        .0.file, .0.said, point(.0.example), places(&.0.readings).join("; or ")
    )]
    UnknownAxes(Box<Doubt>),
    /// Small plane numbers, as in the own grid of a mine.
    #[error(
        "{file} has small plane coordinates (x {} to {}, y {} to {}), as in a local grid of a mine; \
         give the definition of that grid to --crs as a WKT or PROJ text, or bring the data to the \
         state grid (EPSG:6316) with tie points and import again",
        bounds.min_x, bounds.max_x, bounds.min_y, bounds.max_y
    )]
    LocalGrid {
        /// The file.
        file: String,
        /// Around the numbers.
        bounds: Bounds,
    },
    /// The numbers are nowhere in Serbia.
    #[error(
        "{file} has coordinates that are no place in Serbia in any known reading: x {} to {}, y {} \
         to {}{}; correct them, or name the reference system with --crs",
        bounds.min_x, bounds.max_x, bounds.min_y, bounds.max_y, in_rows(rows)
    )]
    OutsideSerbia {
        /// The file.
        file: String,
        /// Around the numbers.
        bounds: Bounds,
        /// The first of the rows.
        rows: Vec<u64>,
    },
    /// No finite coordinates at all.
    #[error(
        "{file} has no usable coordinates in any record{}; check the geometry or the coordinate \
         columns",
        in_row(first.as_ref())
    )]
    NoNumbers {
        /// The file.
        file: String,
        /// The first that could not be read: row and reason.
        first: Option<(u64, Message)>,
    },
    /// The declared system is none that is known, or has no way to WGS 84, and the numbers allow others.
    #[error(
        "{}: {}, which is no coordinate reference system that can be used, and {}",
        .doubt.file, .doubt.said, .doubt.in_words()
    )]
    NotUnderstood {
        /// What the numbers may be.
        doubt: Box<Doubt>,
        /// Why.
        #[source]
        source: GeodesyError,
    },
    /// The declared system cannot be read or transformed, and the numbers do not help.
    #[error("the coordinate reference system of {file} cannot be used; name one with --crs")]
    Unusable {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: GeodesyError,
    },
}

impl CoordinateError {
    /// Whether other numbers of the same file could decide otherwise.
    pub const fn depends_on_numbers(&self) -> bool {
        !matches!(self, Self::Unusable { .. } | Self::NotUnderstood { .. })
    }

    /// What is doubtful, with the readings to choose from; `None` where no reading is left.
    pub fn doubt(&self) -> Option<&Doubt> {
        match self {
            Self::Undecided(doubt)
            | Self::LooksLike(doubt)
            | Self::DoubtfulGrid(doubt)
            | Self::UnknownAxes(doubt)
            | Self::NotUnderstood { doubt, .. } => Some(doubt),
            _ => None,
        }
    }

    /// The same for people: in English as it is displayed, in Serbian with the readings to choose
    /// from.
    pub fn message(&self) -> Message {
        let en = self.to_string();
        let readings = self.readings().iter();
        let choices: Vec<_> = readings
            .map(|one| format!("{} ({})", one.with_place().sr, option(one)))
            .collect();
        let file = self.doubt().map_or("", |doubt| &doubt.file);
        let sr = match &choices[..] {
            choices if matches!(self, Self::UnknownAxes(_)) => format!(
                "{file}: није јасно шта је исток, а шта север; у датотеци пресликавања (--mapping) \
                 наведите која колона је која; могућа читања: {}",
                choices.join("; ")
            ),
            [] => format!("{file}: координате се не могу протумачити; наведите систем са --crs"),
            choices => format!(
                "{}; могућа читања: {}",
                self.why_in_serbian(),
                choices.join("; ")
            ),
        };
        Message { sr, en }
    }

    /// Why somebody has to choose among readings.
    fn why_in_serbian(&self) -> String {
        let Some(Doubt {
            file,
            said,
            example: Example { x, y, .. },
            ..
        }) = self.doubt()
        else {
            return String::new();
        };
        let said = &said.sr;
        match self {
            Self::LooksLike(_) => {
                format!("{file}: {said}, али x = {x}, y = {y} у том систему није место у Србији")
            }
            Self::DoubtfulGrid(_) => format!(
                "{file}: {said}, што има меридијан и померање државног премера, али не и његову размеру \
                 0,9999 на датуму MGI 1901"
            ),
            Self::NotUnderstood { .. } => {
                format!("{file}: {said}, што није координатни систем који може да се користи")
            }
            _ => format!("{file} не каже у ком су координатном систему бројеви"),
        }
    }

    /// The readings to choose from, each with the place of the same point.
    pub fn readings(&self) -> &[PossibleReading] {
        self.doubt().map_or(&[], |doubt| &doubt.readings)
    }
}

impl Doubt {
    fn in_words(&self) -> String {
        let point = point(self.example);
        match &self.readings[..] {
            [] => "the numbers fit no reading that places them in Serbia; name it with --crs"
                .to_owned(),
            [one] => format!(
                "the numbers look like {}, where {point} would lie; if that is right, name it with \
                 {}",
                one.with_place().en,
                option(one)
            ),
            several => {
                let mut options: Vec<_> = several.iter().map(option).collect();
                options.dedup();
                format!(
                    "the numbers may be read in {} ways, of which {point} shows the difference: as \
                     {}; choose with {}",
                    several.len(),
                    places(several).join("; as "),
                    options.join(" or ")
                )
            }
        }
    }
}

fn point(Example { row, x, y }: Example) -> String {
    match row {
        Some(row) => format!("row {row} (x = {x}, y = {y})"),
        None => format!("the point x = {x}, y = {y}"),
    }
}

fn places(readings: &[PossibleReading]) -> Vec<String> {
    readings.iter().map(|one| one.with_place().en).collect()
}

/// As it is typed in a shell.
fn option(reading: &PossibleReading) -> String {
    if reading.crs.contains(' ') {
        format!("--crs '{}'", reading.crs)
    } else {
        format!("--crs {}", reading.crs)
    }
}

fn in_rows(rows: &[u64]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let word = if rows.len() == 1 { "row" } else { "rows" };
    let rows: Vec<_> = rows.iter().map(ToString::to_string).collect();
    format!(" ({word} {})", rows.join(", "))
}

fn in_row(first: Option<&(u64, Message)>) -> String {
    first.map_or_else(String::new, |(row, reason)| {
        format!(" (row {row}: {reason})")
    })
}
