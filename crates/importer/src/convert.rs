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
mod measure;
mod nesting;
mod open;
mod place;
mod repair;
mod sides;
mod split;
mod text_value;
mod validity;
mod wkb_form;
mod words;

use domain::lang::Message;
use domain::record::{Finding, Severity};
use domain::{GeometryKind, Layer, Record, Value, message};
use geo_types::{Geometry, Point};
use geodesy::GeodesyError;

pub use column::RegionNames;
pub use open::{Homonym, Mark, NumberSeen, Open};
pub(crate) use place::Place;

use crate::coordinates::{Decision, Mover};
use crate::mapping::{Mapping, Matched};
use crate::protocol::{SourceRecord, SourceValue};
use column::Column;
use judge::Remark;

/// Turns records of one layer of a file into records of one layer of the register. It belongs to
/// one thread.
#[derive(Debug)]
pub struct Converter {
    layer: &'static Layer,
    columns: Vec<Column>,
    place: Place,
    /// Whether a record without a place is worth a warning.
    expects_place: bool,
    mover: Option<Mover>,
    names: RegionNames,
    heights_dropped: u64,
    turned: u64,
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
        let notation = decision.map(|decision| decision.notation);
        Ok(Self {
            layer,
            columns: columns.collect(),
            place: Place::noted(mapping.coordinates, notation.unwrap_or_default()),
            expects_place: decision.is_some(),
            mover: decision.map(Decision::mover).transpose()?.flatten(),
            names,
            heights_dropped: 0,
            turned: 0,
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

    /// What to say of the file when rings were turned round; their direction means nothing here.
    pub fn turned_in_words(&self) -> Option<Message> {
        let count = self.turned;
        (count > 0).then(|| {
            message!(
                "прстенови површина обрнути су тако да спољна граница иде супротно од казаљке на \
                 сату, а рупе у смеру казаљке (RFC 7946); записа: {count}",
                "rings of areas were turned so that outer boundaries run counter-clockwise and holes \
                 clockwise (RFC 7946); records: {count}"
            )
        })
    }

    /// Converts one record and completes what follows from its values.
    pub fn convert(&mut self, source: &SourceRecord) -> Converted {
        let mut record = Record::new(self.layer);
        let (mut findings, open) = self.read_values(source, &mut record);
        match self.geometry(source, &mut findings) {
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
            if let Some(value) = column.constant() {
                record.values[column.to] = value.clone();
            } else if let Some(value) = source.values.get(column.from) {
                let read = column
                    .read(&level::without_k(column.field, value), &self.names)
                    .and_then(|value| level::plausible(column.field, value));
                let aside = column.take_aside();
                let name = column.field.name;
                for (severity, message) in aside.remarks {
                    findings.push(Finding::of(severity, name, message));
                }
                let field = column.field;
                open.numbers
                    .extend(aside.numbers.into_iter().map(|seen| (field, seen)));
                match (read, aside.homonym) {
                    (Ok(read), _) => {
                        findings.extend(lost_text::finding(name, value));
                        record.values[column.to] = read;
                    }
                    (Err(_), Some(homonym)) => open.homonyms.push(homonym),
                    (Err(reason), None) => {
                        findings.push(Finding::of(Severity::Error, name, reason));
                    }
                }
            }
        }
        (findings, open)
    }

    fn geometry(
        &mut self,
        source: &SourceRecord,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Geometry<f64>>, Message> {
        let Some(read) = self.place.read(source)? else {
            return Ok(None);
        };
        self.heights_dropped += u64::from(read.had_heights);
        let (fitted, joined) = fit::fit(read.geometry, self.layer.geometry)?;
        let is_area = self.layer.geometry == GeometryKind::MultiPolygon;
        let wkb = source.wkb.as_deref().filter(|_| is_area);
        let open = wkb.map(judge::open_rings);
        let judged = judge::judged(fitted, &open.unwrap_or_default())
            .map_err(|reason| self.words(reason).1)?;
        self.turned += u64::from(judged.is_turned);
        for remark in joined.into_iter().chain(judged.remarks) {
            let (severity, message) = self.words(remark);
            findings.push(self.about_geometry(severity, message));
        }
        match &self.mover {
            Some(mover) => mover.to_wgs84(judged.geometry).map(Some),
            None => Ok(Some(judged.geometry)),
        }
    }

    fn words(&self, remark: Remark) -> (Severity, Message) {
        remark.words(|at| {
            let moved = self.mover.as_ref()?.to_wgs84(Point::from(at).into());
            let Ok(Geometry::Point(place)) = moved else {
                return None;
            };
            Some(place.x_y())
        })
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
