//! A record of a file as a record of the register: values read, geometry brought to longitude,
//! latitude WGS 84.

mod column;
mod crossing;
mod geometry;
mod labels;
mod nesting;
mod open;
mod text_value;
mod wkb_form;

use domain::lang::Message;
use domain::record::{Finding, Severity};
use domain::{Layer, Record, Value, message};
use geo_types::Geometry;
use geodesy::{GeodesyError, Transformer};

pub use column::RegionNames;
pub(crate) use geometry::Place;
pub use open::{Homonym, Mark, NumberSeen, Open};

use crate::coordinates::Decision;
use crate::mapping::{Mapping, Matched};
use crate::protocol::{SourceRecord, SourceValue};
use column::Column;

/// Turns records of one layer of a file into records of one layer of the register. It belongs to
/// one thread.
#[derive(Debug)]
pub struct Converter {
    layer: &'static Layer,
    columns: Vec<Column>,
    place: Place,
    /// Whether a record without a place is worth a warning.
    expects_place: bool,
    transformer: Option<Transformer>,
    names: RegionNames,
    heights_dropped: u64,
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
        let columns = mapping
            .matched
            .iter()
            .filter_map(|matched| Some(Column::of(matched, layer.position(matched.target.name)?)));
        // Nothing to do is done without rounding.
        let moved = decision.filter(|decision| !decision.is_wgs84);
        Ok(Self {
            layer,
            columns: columns.collect(),
            place: Place::new(
                mapping.coordinates,
                decision.is_some_and(|decision| decision.swap),
            ),
            expects_place: decision.is_some(),
            transformer: moved.map(|decision| decision.plan.to_wgs84()).transpose()?,
            names,
            heights_dropped: 0,
        })
    }

    /// How many geometries had heights or measures, which the register does not keep.
    pub const fn heights_dropped(&self) -> u64 {
        self.heights_dropped
    }

    /// Learns from a record how the columns write numbers. Who has records at hand before they are
    /// converted shows them here, so that `1.234` is read as the column as a whole means it; what
    /// is not shown is learnt as it comes.
    pub fn look(&mut self, source: &SourceRecord) {
        for column in &mut self.columns {
            if let Some(value) = source.values.get(column.from) {
                column.look(value);
                column.take_aside();
            }
        }
    }

    /// Converts one record and completes what follows from its values.
    pub fn convert(&mut self, source: &SourceRecord) -> Converted {
        let mut record = Record::new(self.layer);
        let (mut findings, open) = self.read_values(source, &mut record);
        match self.geometry(source) {
            Ok(geometry) => record.geometry = geometry,
            Err(reason) => findings.push(self.about_geometry(Severity::Error, reason)),
        }
        let sound = findings.iter().all(|one| one.severity != Severity::Error);
        if self.expects_place && record.geometry.is_none() && sound {
            let words = message!(
                "запис нема место; место у катастру остаје какво јесте",
                "the record has no place; a place in the register stays as it is"
            );
            findings.push(self.about_geometry(Severity::Warning, words));
        }
        (self.layer.derive)(&mut record);
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
            if let Some(value) = column.constant() {
                record.values[column.to] = value.clone();
            } else if let Some(value) = source.values.get(column.from) {
                let read = column.read(value, &self.names);
                let aside = column.take_aside();
                let name = column.field.name;
                for (severity, message) in aside.remarks {
                    findings.push(Finding::of(severity, name, message));
                }
                let field = column.field;
                open.numbers
                    .extend(aside.numbers.into_iter().map(|seen| (field, seen)));
                match (read, aside.homonym) {
                    (Ok(value), _) => record.values[column.to] = value,
                    (Err(_), Some(homonym)) => open.homonyms.push(homonym),
                    (Err(reason), None) => {
                        findings.push(Finding::of(Severity::Error, name, reason));
                    }
                }
            }
        }
        (findings, open)
    }

    fn geometry(&mut self, source: &SourceRecord) -> Result<Option<Geometry<f64>>, Message> {
        let Some(read) = self.place.read(source)? else {
            return Ok(None);
        };
        self.heights_dropped += u64::from(read.had_heights);
        let fitted = geometry::fit(read.geometry, self.layer.geometry)?;
        let mut geometry = geometry::validated(fitted)?;
        if let Some(transformer) = &self.transformer {
            transformer
                .transform_geometry(&mut geometry)
                .map_err(|error| error.to_string())?;
        }
        Ok(Some(geometry))
    }

    fn about_geometry(&self, severity: Severity, message: impl Into<Message>) -> Finding {
        Finding::of(severity, self.layer.geometry_column, message)
    }
}

/// The value that a text in a mapping file gives a field, read as in a survey file; places by their
/// codes.
pub(crate) fn read_fixed(matched: &Matched, text: &str) -> Result<Value, Message> {
    let text = SourceValue::Text(text.to_owned());
    Column::of(matched, 0).read(&text, &RegionNames::new())
}

#[cfg(test)]
mod tests;
