//! The geometry of a record as read, in the coordinates of the file.

use geo::{CoordsIter, HasDimensions};
use geo_traits::GeometryTrait;
use geo_traits::to_geo::ToGeoGeometry;
use geo_types::{Geometry, Point};
use std::str::FromStr;
use wkt::Wkt;

use super::text_value::{coordinate, is_placeholder, is_placeholder_number};
use crate::mapping::CoordinateColumns;
use crate::protocol::{SourceRecord, SourceValue};

/// Where the records of a layer say their place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    columns: Option<CoordinateColumns>,
    swap: bool,
}

/// A geometry as read.
pub(super) struct Read {
    pub(super) geometry: Geometry<f64>,
    /// Whether it had heights or measures, which the register does not keep.
    pub(super) had_heights: bool,
}

impl Place {
    /// `swap`: the column called x is north.
    pub(crate) const fn new(columns: Option<CoordinateColumns>, swap: bool) -> Self {
        Self { columns, swap }
    }

    /// One position of the record as the file writes it; `None` without one.
    pub(crate) fn position(&self, record: &SourceRecord) -> Result<Option<(f64, f64)>, String> {
        let read = self.read(record)?;
        Ok(read
            .and_then(|read| read.geometry.coords_iter().next())
            .map(|at| (at.x, at.y)))
    }

    pub(super) fn read(&self, record: &SourceRecord) -> Result<Option<Read>, String> {
        let read = match (&record.wkb, self.columns) {
            (Some(wkb), _) => from_wkb(wkb)?,
            (None, Some(CoordinateColumns::Wkt { at })) => from_wkt(value(record, at))?,
            (None, Some(CoordinateColumns::Pair { x, y, .. })) => {
                self.point(value(record, x), value(record, y))?
            }
            (None, None) => None,
        };
        Ok(read.filter(|read| !read.geometry.is_empty()))
    }

    fn point(&self, x: &SourceValue, y: &SourceValue) -> Result<Option<Read>, String> {
        let (x, y) = match (given(x)?, given(y)?) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => return Ok(None),
            _ => {
                return Err(
                    "one of the two coordinates is missing; give both or neither".to_owned(),
                );
            }
        };
        let point = if self.swap {
            Point::new(y, x)
        } else {
            Point::new(x, y)
        };
        Ok(Some(Read {
            geometry: point.into(),
            had_heights: false,
        }))
    }
}

fn value(record: &SourceRecord, at: usize) -> &SourceValue {
    record.values.get(at).unwrap_or(&SourceValue::Null)
}

fn given(value: &SourceValue) -> Result<Option<f64>, String> {
    match value {
        SourceValue::Real(number) if !is_placeholder_number(*number) => Ok(Some(*number)),
        #[expect(clippy::cast_precision_loss, reason = "coordinates are far below 2^53")]
        SourceValue::Integer(number) if *number != -9999 => Ok(Some(*number as f64)),
        SourceValue::Text(text) if !is_placeholder(text) => coordinate(text).map(Some),
        SourceValue::Null
        | SourceValue::Text(_)
        | SourceValue::Real(_)
        | SourceValue::Integer(_) => Ok(None),
        _ => Err("a coordinate is not a number; write it with a decimal point".to_owned()),
    }
}

fn from_wkb(bytes: &[u8]) -> Result<Option<Read>, String> {
    let wkb = wkb::reader::read_wkb(bytes)
        .map_err(|error| format!("the geometry cannot be read ({error}); draw it again"))?;
    Ok(read_as(&wkb))
}

fn from_wkt(value: &SourceValue) -> Result<Option<Read>, String> {
    let SourceValue::Text(text) = value else {
        return Ok(None);
    };
    if is_placeholder(text) {
        return Ok(None);
    }
    let wkt = Wkt::from_str(text).map_err(|error| {
        format!("the geometry is not well-known text such as POINT (22.1 44.1): {error}")
    })?;
    Ok(read_as(&wkt))
}

fn read_as<G: GeometryTrait<T = f64> + ToGeoGeometry<f64>>(source: &G) -> Option<Read> {
    let had_heights = source.dim().size() > 2;
    source.try_to_geometry().map(|geometry| Read {
        geometry,
        had_heights,
    })
}
