//! In which coordinate reference system the numbers of a file are.

mod decision;
mod error;
mod mixed;
mod mover;
mod notation;
mod sample;

pub use decision::{CrsDecision, Decision, OperationUsed};
pub use error::{CoordinateError, Doubt, PossibleReading};
pub use mover::Mover;
pub(crate) use notation::unpacked;
pub use notation::{Notation, Seen};
pub use sample::{Example, Position, Sample};

use domain::lang::Message;
use domain::message;
use geodesy::{Bounds, Crs, GeodesyError, Reading, candidates, fits};

use crate::mapping::Meaning;
use crate::protocol::DeclaredCrs;
use decision::called;
use sample::Numbers;

/// What is said about the coordinates of a file, apart from the numbers.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The file, as the user named it.
    pub file: &'a str,
    /// What the user says (`--crs`). Where only a reference system is said, axes and left-out zone
    /// digits are found by the numbers.
    pub named: Option<&'a Reading>,
    /// What the file says.
    pub declared: Option<&'a DeclaredCrs>,
    /// What the names of a table's columns say; `None` for geometries.
    pub columns: Option<Meaning>,
    /// Whether it is a table, whose format has no way to declare a system. Where there is one, its
    /// absence is not made up for by the numbers: somebody has to say.
    pub is_table: bool,
}

/// A reference system that somebody says.
struct Said {
    /// What it allows, the likeliest first.
    readings: Vec<Reading>,
    crs: Crs,
    /// Who says so.
    who: Message,
    by_file: bool,
}

/// Decides from the extent of all numbers, x and y as they stand in the file.
pub fn decide(given: &Given<'_>, bounds: &Bounds) -> Result<Decision, CoordinateError> {
    let example = Example {
        row: None,
        x: bounds.min_x,
        y: bounds.min_y,
    };
    let bounds = *bounds;
    decide_numbers(given, &Numbers { bounds, example })
}

/// Decides from a sample: by all of it, and where that contradicts, by its middle, so that a few
/// misplaced records are refused by their rows instead of the whole file.
pub fn decide_by_sample(given: &Given<'_>, sample: &Sample) -> Result<Decision, CoordinateError> {
    let sample = sample.with_letters_read();
    let by_geometries = sample.seen().srid.map(declared_by_number);
    let given = &Given {
        declared: given.declared.or(by_geometries.as_ref()),
        ..*given
    };
    let all = sample.numbers().ok_or_else(|| CoordinateError::NoNumbers {
        file: given.file.to_owned(),
        first: sample.first_unreadable().cloned(),
    })?;
    let noted = |decision: Decision| decision.noted(sample.notation(), sample.seen().notes());
    let first = match decide_numbers(given, &all) {
        Err(error) if error.depends_on_numbers() => error,
        decided => return decided.map(noted),
    };
    if let Some(decision) = mixed_or_packed(given, &sample)? {
        return Ok(decision);
    }
    match sample.middle().map(|middle| decide_numbers(given, &middle)) {
        Some(Ok(decision)) => Ok(noted(decision)),
        Some(Err(CoordinateError::OutsideSerbia { file, bounds, .. })) => {
            Err(CoordinateError::OutsideSerbia {
                file,
                bounds,
                rows: sample.first_rows(),
            })
        }
        // What is doubtful about all numbers says more than what is about some.
        Some(Err(error)) if first.doubt().is_none() => Err(error),
        _ => Err(first),
    }
}

/// What only tables do: several zones in one file, degrees without separators.
fn mixed_or_packed(
    given: &Given<'_>,
    sample: &Sample,
) -> Result<Option<Decision>, CoordinateError> {
    if !given.is_table {
        return Ok(None);
    }
    if matches!(said(given), Ok(None))
        && let Some(decision) = mixed::by_zone(given, sample)?
    {
        return Ok(Some(decision));
    }
    let degrees = given.columns.and(sample.unpacked());
    let numbers = degrees.as_ref().and_then(Sample::numbers);
    let Some(Ok(decision)) = numbers.map(|numbers| decide_numbers(given, &numbers)) else {
        return Ok(None);
    };
    let notation = Notation {
        packed: true,
        ..sample.notation()
    };
    Ok(Some(decision.noted(notation, notation::packed_notes())))
}

/// What geometries as text declare by the number before them. `PostGIS` numbers systems as EPSG does.
fn declared_by_number(srid: u32) -> DeclaredCrs {
    DeclaredCrs {
        authority: Some(format!("EPSG:{srid}")),
        wkt: format!("EPSG:{srid}"),
    }
}

fn decide_numbers(given: &Given<'_>, numbers: &Numbers) -> Result<Decision, CoordinateError> {
    match said(given).map_err(|source| not_understood(given, numbers, source))? {
        Some(said) => confirm(given, &said, numbers),
        None => from_numbers(given, numbers),
    }
}

/// The system that the user, the file or the column names say, and who says it.
fn said(given: &Given<'_>) -> Result<Option<Said>, GeodesyError> {
    let declared = given.declared.map(read_declared);
    if let Some(named) = given.named {
        let over = declared.and_then(Result::ok);
        return Ok(Some(said_by_user(named, over.as_ref())));
    }
    if let Some(declared) = declared {
        let crs = declared?;
        let who = message!("у датотеци пише", "the file says");
        return Ok(Some(Said::with_either_axes(crs, who, true)));
    }
    if given.columns == Some(Meaning::LongitudeLatitude) {
        let crs = Crs::from_epsg(4326)?;
        let who = message!(
            "колоне назване географском дужином и ширином значе",
            "columns called longitude and latitude mean"
        );
        return Ok(Some(Said::with_either_axes(crs, who, false)));
    }
    Ok(None)
}

fn said_by_user(named: &Reading, declared: Option<&Crs>) -> Said {
    let over = declared.filter(|crs| crs.resolved() != named.crs.resolved());
    let who = match over.map(called) {
        Some(Message { sr, en }) => message!(
            "--crs (у датотеци пише {sr}) задаје",
            "--crs (the file says {en}) says"
        ),
        None => message!("--crs задаје", "--crs says"),
    };
    Said {
        readings: if named.is_plain() {
            Reading::variants(&named.crs)
        } else {
            vec![named.clone()]
        },
        crs: named.crs.clone(),
        who,
        by_file: false,
    }
}

impl Said {
    fn with_either_axes(crs: Crs, who: Message, by_file: bool) -> Self {
        let plain = Reading::plain(crs.clone());
        Self {
            readings: vec![plain.clone(), plain.turned()],
            crs,
            who,
            by_file,
        }
    }

    fn doubt(&self, given: &Given<'_>, readings: &[Reading], numbers: &Numbers) -> Doubt {
        Doubt::new(given.file, self.evidence(), readings, numbers.example)
    }

    fn evidence(&self) -> Message {
        joined(&self.who, &called(&self.crs))
    }
}

fn joined(one: &Message, other: &Message) -> Message {
    Message {
        sr: format!("{} {}", one.sr, other.sr),
        en: format!("{} {}", one.en, other.en),
    }
}

/// What a file declares, read. Its text tells more than its code where it brings a shift of its own;
/// else it need not be read.
pub(crate) fn read_declared(declared: &DeclaredCrs) -> Result<Crs, GeodesyError> {
    let by_code = declared
        .authority
        .as_deref()
        .and_then(|code| Crs::parse(code).ok());
    let Some(code) = by_code else {
        return Crs::parse(&declared.wkt);
    };
    if !may_bring_shift(&declared.wkt) {
        return Ok(code);
    }
    Ok(match Crs::from_wkt(&declared.wkt) {
        Ok(text) if text.brings_own_shift() && text.resolved() == code.resolved() => text,
        _ => code,
    })
}

/// Whether a text names a transformation to another datum (`TOWGS84` in WKT 1, `BOUNDCRS` in WKT 2).
fn may_bring_shift(wkt: &str) -> bool {
    let capitals = wkt.to_ascii_uppercase();
    ["TOWGS84", "BOUNDCRS"]
        .iter()
        .any(|word| capitals.contains(word))
}

fn unusable(given: &Given<'_>, source: GeodesyError) -> CoordinateError {
    CoordinateError::Unusable {
        file: given.file.to_owned(),
        source,
    }
}

/// A system that the file declares and that is none, or has no way to WGS 84: the numbers propose others.
fn not_understood(given: &Given<'_>, numbers: &Numbers, source: GeodesyError) -> CoordinateError {
    let mut readings = candidates(&numbers.bounds).unwrap_or_default();
    if readings.is_empty() {
        return unusable(given, source);
    }
    readings.extend(readings.iter().find_map(on_old_datum));
    let declared = given.declared.map_or("", |declared| &declared.wkt);
    let declared: String = declared.chars().take(60).collect();
    let said = message!("у датотеци пише `{declared}`", "the file says `{declared}`");
    let doubt = Doubt::new(given.file, said, &readings, numbers.example);
    CoordinateError::NotUnderstood {
        doubt: Box::new(doubt),
        source,
    }
}

/// Degrees on WGS 84 may as well be degrees on MGI 1901, 400 m away.
fn on_old_datum(reading: &Reading) -> Option<Reading> {
    const WGS_84: u32 = 4326;
    const MGI_1901: u32 = 3906;
    let crs = reading.crs.epsg() == Some(WGS_84);
    let crs = crs.then(|| Crs::from_epsg(MGI_1901).ok()).flatten()?;
    Some(Reading {
        crs,
        ..reading.clone()
    })
}

fn confirm(given: &Given<'_>, said: &Said, numbers: &Numbers) -> Result<Decision, CoordinateError> {
    let unusable = |source| {
        if said.by_file {
            not_understood(given, numbers, source)
        } else {
            unusable(given, source)
        }
    };
    let mut fitting = Vec::new();
    for reading in &said.readings {
        if fits(reading, &numbers.bounds).map_err(unusable)? {
            fitting.push(reading.clone());
        }
    }
    if let [first, rest @ ..] = &fitting[..] {
        if given.columns == Some(Meaning::XY) && !rest.is_empty() {
            return Err(CoordinateError::UnknownAxes(Box::new(
                said.doubt(given, &fitting, numbers),
            )));
        }
        not_almost_of_state_survey(given, said, first, numbers)?;
        let (evidence, example) = (said.evidence(), numbers.example);
        return Decision::new(first.clone(), evidence, given.columns, example).map_err(unusable);
    }
    let readings = other_readings(&said.crs, numbers).map_err(unusable)?;
    if readings.is_empty() {
        return Err(nowhere(given, numbers));
    }
    Err(CoordinateError::LooksLike(Box::new(
        said.doubt(given, &readings, numbers),
    )))
}

/// A file whose system differs from the state survey's by its scale or datum alone was probably described
/// by hand: half a kilometre and more that nobody can see in the numbers.
fn not_almost_of_state_survey(
    given: &Given<'_>,
    said: &Said,
    reading: &Reading,
    numbers: &Numbers,
) -> Result<(), CoordinateError> {
    let sibling = said.crs.almost_of_state_survey();
    let sibling = sibling.map_err(|source| unusable(given, source))?;
    let Some(crs) = sibling.filter(|_| said.by_file) else {
        return Ok(());
    };
    let survey = Reading {
        crs,
        ..reading.clone()
    };
    let readings = [reading.clone(), survey];
    Err(CoordinateError::DoubtfulGrid(Box::new(
        said.doubt(given, &readings, numbers),
    )))
}

/// What the numbers may be if not what is said: the same grid without its zone digit, or another.
fn other_readings(said: &Crs, numbers: &Numbers) -> Result<Vec<Reading>, GeodesyError> {
    let mut readings = Vec::new();
    for reading in Reading::variants(said) {
        if fits(&reading, &numbers.bounds)? {
            readings.push(reading);
        }
    }
    for other in candidates(&numbers.bounds)? {
        if readings
            .iter()
            .all(|reading| reading.crs.resolved() != other.crs.resolved())
        {
            readings.push(other);
        }
    }
    Ok(readings)
}

fn from_numbers(given: &Given<'_>, numbers: &Numbers) -> Result<Decision, CoordinateError> {
    let unusable = |source| unusable(given, source);
    let found = candidates(&numbers.bounds).map_err(unusable)?;
    if found.is_empty() {
        return Err(nowhere(given, numbers));
    }
    let Some((only, who)) = decisive(given, &found) else {
        let said = Message::default();
        let doubt = Doubt::new(given.file, said, &found, numbers.example);
        return Err(CoordinateError::Undecided(Box::new(doubt)));
    };
    let evidence = joined(&who, &called(&only.crs));
    Decision::new(only.clone(), evidence, given.columns, numbers.example).map_err(unusable)
}

/// The one reading of the numbers, or among several the one in which the file's publisher writes.
fn decisive<'a>(given: &Given<'_>, found: &'a [Reading]) -> Option<(&'a Reading, Message)> {
    const OF_SPATIAL_UNITS: u32 = 32634;
    if !given.is_table {
        return None;
    }
    let mut as_written = found
        .iter()
        .filter(|reading| reading.add_to_easting_m == 0.0);
    if let [_] = found {
        let who = message!(
            "датотека то не каже; бројевима одговара само",
            "the file does not say; the numbers fit only"
        );
        return Some((as_written.next()?, who));
    }
    let published = as_written.find(|reading| {
        given.columns == Some(Meaning::SpatialUnits) && reading.crs.epsg() == Some(OF_SPATIAL_UNITS)
    })?;
    let who = message!(
        "колоне су оне из регистра просторних јединица, који се објављује у",
        "the columns are those of the register of spatial units, published in"
    );
    Some((published, who))
}

fn nowhere(given: &Given<'_>, numbers: &Numbers) -> CoordinateError {
    /// A mine is smaller than this, and the state grids and UTM are larger numbers.
    const LARGEST_LOCAL_M: f64 = 100_000.0;
    let (file, bounds) = (given.file.to_owned(), numbers.bounds);
    let corners = bounds.corners();
    let all = |fits: fn(f64, f64) -> bool| corners.iter().all(|(x, y)| fits(*x, *y));
    let small = all(|x, y| x.abs() < LARGEST_LOCAL_M && y.abs() < LARGEST_LOCAL_M);
    let degrees = all(|x, y| x.abs() <= 180.0 && y.abs() <= 180.0);
    if small && !degrees && given.columns != Some(Meaning::LongitudeLatitude) {
        return CoordinateError::LocalGrid { file, bounds };
    }
    CoordinateError::OutsideSerbia {
        file,
        bounds,
        rows: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
