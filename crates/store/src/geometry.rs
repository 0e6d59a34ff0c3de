//! Geometries as `PostGIS` sends and takes them: EWKB in EPSG:4326.

pub(crate) mod inside;
pub(crate) mod same;

use geo_traits::to_geo::ToGeoGeometry;
use geo_types::{Coord, Geometry, LineString, MultiPolygon};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

/// The EPSG code of all stored geometry.
const SRID: u32 = 4326;
/// EWKB's mark that a spatial reference identifier follows the type.
const HAS_SRID: u32 = 0x2000_0000;

/// A geometry in EWKB, the binary form of the type `geometry`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ewkb(pub Vec<u8>);

impl Ewkb {
    /// Writes a geometry in longitude, latitude order.
    pub fn of(geometry: &Geometry<f64>) -> Self {
        let mut bytes = Vec::new();
        Self::write(geometry, &mut bytes);
        Self(bytes)
    }

    /// Appends the same to `bytes`. The numbers of a [`Geometry`] always have a WKB form, so this
    /// cannot fail.
    pub(crate) fn write(geometry: &Geometry<f64>, bytes: &mut Vec<u8>) {
        let options = wkb::writer::WriteOptions {
            endianness: wkb::Endianness::LittleEndian,
        };
        let begin = bytes.len();
        // Room for the identifier, which ISO WKB does not have between type and content.
        bytes.extend_from_slice(&SRID.to_le_bytes());
        let written = wkb::writer::write_geometry(bytes, geometry, &options);
        let header = bytes.get(begin + 4..).and_then(<[u8]>::first_chunk::<5>);
        let (Ok(()), Some(&[order, a, b, c, d])) = (written, header) else {
            bytes.truncate(begin);
            return;
        };
        let kind = u32::from_le_bytes([a, b, c, d]) | HAS_SRID;
        bytes[begin] = order;
        bytes[begin + 1..begin + 5].copy_from_slice(&kind.to_le_bytes());
        bytes[begin + 5..begin + 9].copy_from_slice(&SRID.to_le_bytes());
    }

    /// Reads it back.
    pub fn to_geometry(&self) -> Option<Geometry<f64>> {
        wkb::reader::read_wkb(&self.0).ok()?.try_to_geometry()
    }

    /// Reads it as areas.
    pub fn to_areas(&self) -> Option<MultiPolygon<f64>> {
        match self.to_geometry()? {
            Geometry::MultiPolygon(areas) => Some(areas),
            Geometry::Polygon(area) => Some(area.into()),
            _ => None,
        }
    }
}

/// A geometry in WKB, little end first.
pub fn wkb_of(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut iso = Vec::with_capacity(32);
    let options = wkb::writer::WriteOptions {
        endianness: wkb::Endianness::LittleEndian,
    };
    if wkb::writer::write_geometry(&mut iso, geometry, &options).is_err() {
        iso.clear();
    }
    iso
}

/// The smallest and largest coordinates of a geometry: west, south, east, north.
pub fn bounds(geometry: &Geometry<f64>) -> Option<[f64; 4]> {
    let mut bounds: Option<[f64; 4]> = None;
    each_position(geometry, &mut |at| {
        let [west, south, east, north] = bounds.unwrap_or([at.x, at.y, at.x, at.y]);
        bounds = Some([
            west.min(at.x),
            south.min(at.y),
            east.max(at.x),
            north.max(at.y),
        ]);
    });
    bounds
}

/// Sees the positions of the kinds of geometry that layers have; holes lie inside their outlines.
fn each_position(geometry: &Geometry<f64>, see: &mut impl FnMut(Coord<f64>)) {
    match geometry {
        Geometry::Point(point) => see(point.0),
        Geometry::LineString(line) => line.coords().copied().for_each(see),
        Geometry::MultiLineString(lines) => {
            let all = lines.iter().flat_map(LineString::coords);
            all.copied().for_each(see);
        }
        Geometry::Polygon(area) => area.exterior().coords().copied().for_each(see),
        Geometry::MultiPolygon(areas) => {
            let outer = areas.iter().flat_map(|area| area.exterior().coords());
            outer.copied().for_each(see);
        }
        _ => {}
    }
}

impl Type<Postgres> for Ewkb {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("geometry")
    }
}

impl Encode<'_, Postgres> for Ewkb {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for Ewkb {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self(value.as_bytes()?.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_written_as_postgis_writes_it() {
        // select encode(ST_AsEWKB(ST_SetSRID(ST_MakePoint(22.5, 44), 4326)), 'hex')
        let expected: [u8; 25] = [
            0x01, 0x01, 0x00, 0x00, 0x20, 0xe6, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x80, 0x36, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46, 0x40,
        ];
        let written = Ewkb::of(&geo_types::Point::new(22.5, 44.0).into());
        assert_eq!(written.0, expected);
        assert_eq!(
            written.to_geometry(),
            Some(geo_types::Point::new(22.5, 44.0).into())
        );
    }
}
