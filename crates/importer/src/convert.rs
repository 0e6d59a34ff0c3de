//! A record of a file as a record of the register: values read, geometry brought to longitude,
//! latitude WGS 84.

mod angle;
mod column;
mod dissolve;
mod fit;
mod judge;
mod labels;
mod level;
mod lost_text;
pub(crate) mod measure;
mod nesting;
mod open;
mod place;
mod region_names;
mod repair;
mod shapes;
mod sides;
mod split;
mod text_value;
mod validity;
mod well_known;
mod wkb_form;
mod words;

use std::borrow::Cow;

use domain::lang::Message;
use domain::layer::{Field, REVISION};
use domain::record::{Finding, Severity};
use domain::{Layer, Record, Value, message};
use geodesy::GeodesyError;

pub(crate) use column::names_regions;
pub use open::{Ambiguity, Homonym, Mark, NumberSeen, Open};
pub(crate) use place::Place;
pub use region_names::RegionNames;
pub(crate) use repair::HolesSaid;
pub(crate) use shapes::{Shape, Shapes};

use crate::coordinates::Decision;
use crate::mapping::{Fixed, Mapping};
use crate::protocol::{SourceRecord, SourceValue};
use column::Column;

/// Turns records of one layer of a file into records of one layer of the register. It belongs to
/// one thread.
#[derive(Debug)]
pub struct Converter {
    shapes: Shapes,
    values: Values,
}

/// The same, of records whose geometries have been read.
#[derive(Debug)]
pub(crate) struct Values {
    layer: &'static Layer,
    columns: Vec<Column>,
    /// Whether a record without a place is worth a warning.
    expects_place: bool,
    names: RegionNames,
    /// Where the file says from which revision of the register a record was made.
    made_from: Option<usize>,
}

/// A record after conversion. Its row is its place in the file.
#[derive(Clone, Debug)]
pub struct Converted {
    /// Its place in the file.
    pub row: u64,
    /// What was read; a value that could not be is unknown here and has a finding.
    pub record: Record,
    /// What was found so far.
    pub findings: Vec<Finding>,
    /// What is left open, for [`crate::check::Checker`] to settle.
    pub open: Open,
}

impl Converted {
    /// Whether the record cannot be accepted.
    pub fn is_refused(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
}

impl Converter {
    /// A converter for `layer`. Without a decision the file has no coordinates. `names` are the
    /// codes of the districts by their folded names.
    pub fn new(
        layer: &'static Layer,
        mapping: &Mapping,
        decision: Option<&Decision>,
        names: RegionNames,
    ) -> Result<Self, GeodesyError> {
        Ok(Self {
            shapes: Shapes::new(layer, mapping, decision)?,
            values: Values::new(layer, mapping, decision.is_some(), names),
        })
    }

    /// How many geometries had heights or measures, which the register does not keep.
    pub const fn heights_dropped(&self) -> u64 {
        self.shapes.heights_dropped()
    }

    /// Learns from a record how the columns write numbers. Who has records at hand before they are
    /// converted shows them here, so that `1.234` is read as the column as a whole means it; what
    /// is not shown is learnt as it comes.
    pub fn look(&mut self, source: &SourceRecord) {
        self.values.look(source);
    }

    /// Converts one record and completes what follows from its values.
    pub fn convert(&mut self, source: &SourceRecord) -> Converted {
        let shape = self.shapes.read(source);
        self.values.convert(source, shape)
    }
}

impl Values {
    /// `expects_place`: the file has coordinates.
    pub(crate) fn new(
        layer: &'static Layer,
        mapping: &Mapping,
        expects_place: bool,
        names: RegionNames,
    ) -> Self {
        let columns = mapping
            .matched
            .iter()
            .filter_map(|matched| Some(Column::of(matched, layer.position(matched.target.name)?)));
        Self {
            layer,
            columns: columns.collect(),
            expects_place,
            names,
            made_from: mapping.made_from,
        }
    }

    /// See [`Converter::look`].
    pub(crate) fn look(&mut self, source: &SourceRecord) {
        for column in &mut self.columns {
            if let Some(value) = source.values.get(column.from) {
                column.look(value);
                column.take_aside();
            }
        }
    }

    /// Converts one record with its geometry and completes what follows from its values.
    pub(crate) fn convert(&mut self, source: &SourceRecord, shape: Shape) -> Converted {
        let mut record = Record::new(self.layer);
        let (mut findings, open) = self.read_values(source, &mut record);
        record.geometry = shape.geometry;
        let made_from = self.made_from.and_then(|at| source.values.get(at));
        match made_from.map_or(Ok(None), revision) {
            Ok(number) => record.made_from = number,
            Err(reason) => findings.push(Finding::of(Severity::Error, REVISION, reason)),
        }
        findings.extend(shape.findings);
        let sound = findings.iter().all(|one| one.severity != Severity::Error);
        if self.expects_place && record.geometry.is_none() && sound {
            let words = message!(
                "запис нема место; место у катастру остаје какво јесте",
                "the record has no place; a place in the register stays as it is"
            );
            findings.push(shapes::about_geometry(self.layer, Severity::Warning, words));
        }
        (self.layer.derive)(&mut record);
        findings.extend(measure::findings(&record));
        Converted {
            row: source.row,
            record,
            findings,
            open,
        }
    }

    fn read_values(&mut self, source: &SourceRecord, record: &mut Record) -> (Vec<Finding>, Open) {
        let (mut findings, mut open) = (Vec::new(), Open::default());
        for column in &mut self.columns {
            let said = match column.constant() {
                Some(Fixed::Value(value)) => {
                    record.values[column.to] = value.clone();
                    continue;
                }
                Some(Fixed::Name(name)) => Some(Cow::Owned(SourceValue::Text(name.clone()))),
                None => source.values.get(column.from).map(Cow::Borrowed),
            };
            if let Some(value) = said {
                let read = column.read_plausible(&value, &self.names);
                let aside = column.take_aside();
                let field = column.field;
                let lost = lost_text::finding(field.name, &value);
                open.numbers
                    .extend(aside.numbers.into_iter().map(|seen| (field, seen)));
                match (read, aside.homonym) {
                    (Ok(read), _) => {
                        let told = aside.remarks.into_iter();
                        let told = told.map(|(how, said)| Finding::of(how, field.name, said));
                        findings.extend(told.chain(lost));
                        record.values[column.to] = read;
                    }
                    (Err(_), Some(homonym)) => open.homonyms.push(homonym),
                    // What was said of the way to a value is void without one.
                    (Err(reason), None) => {
                        let reason = with_lost_letters(reason, lost);
                        findings.push(Finding::of(Severity::Error, field.name, reason));
                    }
                }
            }
        }
        (findings, open)
    }
}

/// Why a text is refused, and that letters of it are lost.
fn with_lost_letters(reason: Message, lost: Option<Finding>) -> Message {
    let Some(lost) = lost else {
        return reason;
    };
    let (Message { sr, en }, lost) = (reason, lost.message);
    let (lost_sr, lost_en) = (lost.sr, lost.en);
    message!("{sr}; {lost_sr}", "{en}; {lost_en}")
}

/// The number of a revision, where one is given.
fn revision(value: &SourceValue) -> Result<Option<i64>, Message> {
    let text = match value {
        SourceValue::Null => return Ok(None),
        SourceValue::Integer(number) => number.to_string(),
        SourceValue::Real(number) => number.to_string(),
        SourceValue::Text(text) if text.trim().is_empty() => return Ok(None),
        SourceValue::Text(text) => text.trim().to_owned(),
        _ => String::new(),
    };
    let number = text.parse().ok().filter(|number: &i64| *number > 0);
    number.map(Some).ok_or_else(|| {
        message!(
            "`{text}` није број ревизије, као 12; упишите ревизију од које је запис настао, или оставите празно",
            "`{text}` is no number of a revision, such as 12; give the one from which the record was made, or \
             leave it empty"
        )
    })
}

/// The value that a text in a mapping file gives a field, read as in a survey file; places by their
/// codes.
pub(crate) fn read_fixed(field: &'static Field, text: &str) -> Result<Value, Message> {
    let text = SourceValue::Text(text.to_owned());
    Column::alone(field).read(&text, &RegionNames::default())
}

#[cfg(test)]
mod tests;
