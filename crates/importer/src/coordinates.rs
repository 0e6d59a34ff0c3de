//! In which coordinate reference system the numbers of a file are.

mod decision;
mod sample;

pub use decision::{CrsDecision, Decision, OperationUsed};
pub use sample::Sample;

use geodesy::{
    AxisOrder, Bounds, Candidate, Crs, GeodesyError, Plausibility, candidates, check_plausible,
};

use crate::mapping::Meaning;
use crate::protocol::DeclaredCrs;

/// What is said about the coordinates of a file, apart from the numbers.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The file, as the user named it.
    pub file: &'a str,
    /// What the user says (`--crs`).
    pub named: Option<&'a Crs>,
    /// What the file says.
    pub declared: Option<&'a DeclaredCrs>,
    /// What the names of a table's columns say; `None` for geometries.
    pub columns: Option<Meaning>,
    /// Whether it is a table, whose format has no way to declare a system. Where there is one, its
    /// absence is not made up for by the numbers: somebody has to say.
    pub is_table: bool,
}

/// Why the reference system cannot be decided, or the numbers contradict it.
#[derive(Debug, thiserror::Error)]
pub enum CoordinateError {
    /// Nobody says, and the numbers allow several readings or none but a doubtful one.
    #[error(
        "{file} does not say its coordinate reference system, and {}; name it with --crs",
        readings(candidates)
    )]
    Undecided {
        /// The file.
        file: String,
        /// The readings that place the numbers in Serbia.
        candidates: Vec<Candidate>,
    },
    /// East and north are exchanged.
    #[error(
        "the axes of {file} are swapped: read as {crs}, x = {x} is the {north} and y = {y} the \
         {east}; exchange the two and import again"
    )]
    Swapped {
        /// The file.
        file: String,
        /// The reference system in which they fit once exchanged.
        crs: String,
        /// An x of the file.
        x: f64,
        /// The y beside it.
        y: f64,
        /// `northing` or `latitude`.
        north: &'static str,
        /// `easting` or `longitude`.
        east: &'static str,
    },
    /// The numbers are none of the declared system, but of another.
    #[error(
        "{file}: {evidence} {crs}, but x = {x}, y = {y} is no place in Serbia in it; {}; if that is right, \
         name it with --crs",
        readings(candidates)
    )]
    LooksLike {
        /// The file.
        file: String,
        /// Who says so.
        evidence: String,
        /// The declared system.
        crs: String,
        /// An x of the file.
        x: f64,
        /// The y beside it.
        y: f64,
        /// The readings that place the numbers in Serbia.
        candidates: Vec<Candidate>,
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
        first: Option<(u64, String)>,
    },
    /// The declared system cannot be read or transformed.
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
        !matches!(self, Self::Unusable { .. })
    }
}

fn readings(candidates: &[Candidate]) -> String {
    match candidates {
        [] => "the numbers fit no reading that places them in Serbia".to_owned(),
        [one] => format!("the numbers look like {}", reading(one)),
        several => {
            let several: Vec<_> = several.iter().map(reading).collect();
            format!("the numbers may be {}", several.join(", or "))
        }
    }
}

fn reading(candidate: &Candidate) -> String {
    let axes = match candidate.axes {
        AxisOrder::EastNorth => "",
        AxisOrder::NorthEast => ", with x = north and y = east",
    };
    let digit = if candidate.add_to_easting_m == 0.0 {
        String::new()
    } else {
        format!(
            ", after adding {} to the eastings",
            candidate.add_to_easting_m
        )
    };
    format!(
        "EPSG:{} ({}{axes}{digit})",
        candidate.epsg, candidate.description
    )
}

fn in_rows(rows: &[u64]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let word = if rows.len() == 1 { "row" } else { "rows" };
    let rows: Vec<_> = rows.iter().map(ToString::to_string).collect();
    format!(" ({word} {})", rows.join(", "))
}

fn in_row(first: Option<&(u64, String)>) -> String {
    first.map_or_else(String::new, |(row, reason)| {
        format!(" (row {row}: {reason})")
    })
}

/// Decides from the extent of all numbers, x and y as they stand in the file.
pub fn decide(given: &Given<'_>, bounds: &Bounds) -> Result<Decision, CoordinateError> {
    match said(given)? {
        Some((crs, evidence)) => confirm(given, &crs, &evidence, bounds),
        None => from_numbers(given, bounds),
    }
}

/// Decides from a sample: by all of it, and where that contradicts, by its middle, so that a few
/// misplaced records are refused by their rows instead of the whole file.
pub fn decide_by_sample(given: &Given<'_>, sample: &Sample) -> Result<Decision, CoordinateError> {
    let no_numbers = || CoordinateError::NoNumbers {
        file: given.file.to_owned(),
        first: sample.first_unreadable().cloned(),
    };
    let all = sample.bounds().ok_or_else(no_numbers)?;
    let first = match decide(given, &all) {
        Err(error) if error.depends_on_numbers() => error,
        decided => return decided,
    };
    match sample.middle().map(|middle| decide(given, &middle)) {
        Some(Ok(decision)) => Ok(decision),
        Some(Err(CoordinateError::OutsideSerbia { file, bounds, .. })) => {
            Err(CoordinateError::OutsideSerbia {
                file,
                bounds,
                rows: sample.first_rows(),
            })
        }
        Some(Err(error)) => Err(error),
        None => Err(first),
    }
}

/// The system that the user, the file or the column names say, and who says it.
fn said(given: &Given<'_>) -> Result<Option<(Crs, String)>, CoordinateError> {
    let declared = given.declared.map(read_declared);
    if let Some(named) = given.named {
        let over = match &declared {
            Some(Ok(crs)) if crs.resolved() != named.resolved() => {
                format!(" (the file says {})", decision::called(crs))
            }
            _ => String::new(),
        };
        return Ok(Some((named.clone(), format!("--crs{over} says"))));
    }
    if let Some(declared) = declared {
        let crs = declared.map_err(|source| unusable(given, source))?;
        return Ok(Some((crs, "the file says".to_owned())));
    }
    if given.columns == Some(Meaning::LongitudeLatitude) {
        let crs = Crs::from_epsg(4326).map_err(|source| unusable(given, source))?;
        return Ok(Some((
            crs,
            "columns called longitude and latitude mean".to_owned(),
        )));
    }
    Ok(None)
}

fn read_declared(declared: &DeclaredCrs) -> Result<Crs, GeodesyError> {
    let by_code = declared
        .authority
        .as_deref()
        .and_then(|code| Crs::parse(code).ok());
    by_code.map_or_else(|| Crs::from_wkt(&declared.wkt), Ok)
}

fn unusable(given: &Given<'_>, source: GeodesyError) -> CoordinateError {
    CoordinateError::Unusable {
        file: given.file.to_owned(),
        source,
    }
}

fn confirm(
    given: &Given<'_>,
    crs: &Crs,
    evidence: &str,
    bounds: &Bounds,
) -> Result<Decision, CoordinateError> {
    let plausible = check_plausible(crs, bounds).map_err(|source| unusable(given, source))?;
    let decided =
        |swap| Decision::new(crs, evidence, swap).map_err(|source| unusable(given, source));
    match plausible {
        Plausibility::Fits => decided(false),
        Plausibility::SwappedAxes if given.columns == Some(Meaning::XY) => decided(true),
        Plausibility::SwappedAxes => Err(swapped(given, crs, bounds)),
        Plausibility::LooksLike(candidates) => Err(CoordinateError::LooksLike {
            file: given.file.to_owned(),
            evidence: evidence.to_owned(),
            crs: decision::called(crs),
            x: bounds.min_x,
            y: bounds.min_y,
            candidates,
        }),
        Plausibility::OutsideSerbia => Err(outside(given, bounds)),
    }
}

fn from_numbers(given: &Given<'_>, bounds: &Bounds) -> Result<Decision, CoordinateError> {
    let candidates = candidates(bounds);
    if candidates.is_empty() {
        return Err(outside(given, bounds));
    }
    let Some((only, evidence)) = decisive(given, &candidates) else {
        return Err(CoordinateError::Undecided {
            file: given.file.to_owned(),
            candidates,
        });
    };
    let crs = Crs::from_epsg(only.epsg).map_err(|source| unusable(given, source))?;
    let swap = only.axes == AxisOrder::NorthEast;
    if swap && given.columns != Some(Meaning::XY) {
        return Err(swapped(given, &crs, bounds));
    }
    Decision::new(&crs, evidence, swap).map_err(|source| unusable(given, source))
}

/// The one reading of the numbers, or among several the one in which the file's publisher writes.
fn decisive<'a>(
    given: &Given<'_>,
    candidates: &'a [Candidate],
) -> Option<(&'a Candidate, &'static str)> {
    const OF_SPATIAL_UNITS: u32 = 32634;
    if !given.is_table {
        return None;
    }
    let mut as_written = candidates
        .iter()
        .filter(|candidate| candidate.add_to_easting_m == 0.0);
    if let [_] = candidates {
        let only = as_written.next()?;
        return Some((only, "the file does not say; the numbers fit only"));
    }
    let published = as_written.find(|candidate| {
        given.columns == Some(Meaning::SpatialUnits) && candidate.epsg == OF_SPATIAL_UNITS
    })?;
    let evidence = "the columns are those of the register of spatial units, published in";
    Some((published, evidence))
}

fn outside(given: &Given<'_>, bounds: &Bounds) -> CoordinateError {
    CoordinateError::OutsideSerbia {
        file: given.file.to_owned(),
        bounds: *bounds,
        rows: Vec::new(),
    }
}

fn swapped(given: &Given<'_>, crs: &Crs, bounds: &Bounds) -> CoordinateError {
    let (east, north) = if crs.is_geographic() {
        ("longitude", "latitude")
    } else {
        ("easting", "northing")
    };
    CoordinateError::Swapped {
        file: given.file.to_owned(),
        crs: decision::called(crs),
        x: bounds.min_x,
        y: bounds.min_y,
        north,
        east,
    }
}

#[cfg(test)]
mod tests;
