//! Where a record says its place: as a geometry, or in the columns of a table.

use domain::lang::Message;
use domain::message;
use geo::{CoordsIter, HasDimensions};
use geo_types::{Geometry, Point};

use super::angle::{Letter, coordinate};
use super::repair::Open;
use super::text_value::{is_placeholder, is_placeholder_number};
use super::well_known::{from_text, from_wkb};
use crate::coordinates::{Notation, Position, Seen, unpacked};
use crate::mapping::CoordinateColumns;
use crate::protocol::{SourceRecord, SourceValue};

/// Where the records of a layer say their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    columns: Option<CoordinateColumns>,
    /// How the columns write numbers, once that is decided.
    notation: Option<Notation>,
}

/// A geometry as read: the numbers of the file in the order of the file, degrees decimal.
pub(super) struct Read {
    pub(super) geometry: Geometry<f64>,
    /// Whether it had heights or measures, which the register does not keep.
    pub(super) had_heights: bool,
    /// The rings of areas that the file leaves open, which reading closes without a word.
    pub(super) open: Vec<Open>,
    pub(super) seen: Seen,
}

impl Place {
    /// The columns as they stand, before it is decided how they are read: an S negates nothing.
    pub(crate) const fn undecided(columns: Option<CoordinateColumns>) -> Self {
        Self {
            columns,
            notation: None,
        }
    }

    /// The columns, read as was decided for all of them.
    pub(crate) const fn noted(columns: Option<CoordinateColumns>, notation: Notation) -> Self {
        Self {
            columns,
            notation: Some(notation),
        }
    }

    /// One position of the record as the file writes it; `None` without one.
    pub(crate) fn position(&self, record: &SourceRecord) -> Result<Option<Position>, Message> {
        let position = |read: Read| {
            let at = read.geometry.coords_iter().next()?;
            Some(Position {
                x: at.x,
                y: at.y,
                seen: read.seen,
            })
        };
        Ok(self.read(record)?.and_then(position))
    }

    pub(super) fn read(&self, record: &SourceRecord) -> Result<Option<Read>, Message> {
        let read = match (&record.wkb, self.columns) {
            (Some(wkb), _) => from_wkb(wkb)?,
            (None, Some(CoordinateColumns::Wkt { at, .. })) => {
                self.text_geometry(value(record, at))?
            }
            (None, Some(CoordinateColumns::Pair { x, y, .. })) => {
                self.point(value(record, x), value(record, y))?
            }
            (None, None) => None,
        };
        Ok(read.filter(|read| !read.geometry.is_empty()))
    }

    /// A geometry as text, in the reference system that the others name.
    fn text_geometry(&self, value: &SourceValue) -> Result<Option<Read>, Message> {
        let SourceValue::Text(text) = value else {
            return Ok(None);
        };
        if is_placeholder(text) {
            return Ok(None);
        }
        let read = from_text(text)?;
        let own = read.as_ref().and_then(|read| read.seen.srid);
        match (own, self.notation.and_then(|notation| notation.srid)) {
            (Some(own), Some(all)) if own != all => Err(message!(
                "геометрија је у систему SRID={own}, а прва у датотеци у SRID={all}; све геометрије \
                 једне датотеке морају бити у истом систему",
                "the geometry is in SRID={own}, but the first of the file in SRID={all}; all \
                 geometries of a file must be in the same system"
            )),
            _ => Ok(read),
        }
    }

    fn point(&self, x: &SourceValue, y: &SourceValue) -> Result<Option<Read>, Message> {
        let (mut at_x, mut at_y) = (Seen::default(), Seen::default());
        match (self.number(x, &mut at_x)?, self.number(y, &mut at_y)?) {
            (Some(x), Some(y)) => {
                let seen = at_x.and(at_y);
                let (x, y) = self.with_letters_read(x, y, seen);
                Ok(Some(Read {
                    geometry: Point::new(x, y).into(),
                    had_heights: false,
                    open: Vec::new(),
                    seen,
                }))
            }
            (None, None) => Ok(None),
            _ => Err(message!(
                "једна од две координате недостаје; упишите обе или ниједну",
                "one of the two coordinates is missing; give both or neither"
            )),
        }
    }

    fn with_letters_read(&self, x: f64, y: f64, seen: Seen) -> (f64, f64) {
        let (x_is_s, y_is_s) = seen.latin_s;
        let is_south = self
            .notation
            .is_some_and(|notation| seen.south_is_s(notation));
        let signed = |is_s, value: f64| if is_s && is_south { -value } else { value };
        (signed(x_is_s, x), signed(y_is_s, y))
    }

    fn number(&self, value: &SourceValue, seen: &mut Seen) -> Result<Option<f64>, Message> {
        let number = match value {
            SourceValue::Real(number) if !is_placeholder_number(*number) => *number,
            #[expect(clippy::cast_precision_loss, reason = "coordinates are far below 2^53")]
            SourceValue::Integer(number) if *number != -9999 => *number as f64,
            SourceValue::Text(text) if !is_placeholder(text) => Self::text(text, seen)?,
            SourceValue::Null
            | SourceValue::Text(_)
            | SourceValue::Real(_)
            | SourceValue::Integer(_) => return Ok(None),
            _ => {
                return Err(message!(
                    "координата није број; напишите је са децималном тачком",
                    "a coordinate is not a number; write it with a decimal point"
                ));
            }
        };
        if !self.notation.is_some_and(|notation| notation.packed) {
            return Ok(Some(number));
        }
        unpacked(number).map(Some).ok_or_else(|| {
            message!(
                "{number} нису степени, минути и секунди у облику СТММСС.с; исправите број",
                "{number} is no degrees, minutes and seconds written as DDMMSS.s; correct it"
            )
        })
    }

    fn text(text: &str, seen: &mut Seen) -> Result<f64, Message> {
        let read = coordinate(text)?;
        *seen = Seen {
            english: read.letter == Some(Letter::English),
            serbian: read.letter == Some(Letter::Serbian),
            latin_s: (read.letter == Some(Letter::LatinS), false),
            has_minutes: read.has_minutes,
            srid: None,
        };
        Ok(read.value)
    }
}

fn value(record: &SourceRecord, at: usize) -> &SourceValue {
    record.values.get(at).unwrap_or(&SourceValue::Null)
}
