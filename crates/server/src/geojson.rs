//! Features as `GeoJSON` (RFC 7946), written straight from the rows.

use geo_traits::{
    CoordTrait, GeometryTrait, GeometryType, LineStringTrait, MultiLineStringTrait,
    MultiPointTrait, MultiPolygonTrait, PointTrait, PolygonTrait,
};
use serde_json::json;
use store::StoreError;
use store::feature::{Feature, ValueRef};

use crate::crs::{Moved, Positions, ServedCrs, Stored};
use crate::stream::{Encoder, End, now};

/// Why a feature could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The row could not be read.
    #[error("a row could not be read")]
    Row(#[from] StoreError),
    /// The geometry is not one.
    #[error("the geometry of feature {0} is not WKB")]
    Geometry(i64, #[source] wkb::error::WkbError),
    /// A position has no coordinates in the reference system that was asked for.
    #[error("the geometry of feature {0} cannot be moved")]
    Position(i64, #[source] geodesy::GeodesyError),
}

/// The writer of a feature collection.
pub struct GeoJson {
    /// The reference system of the coordinates.
    pub crs: ServedCrs,
}

impl Encoder for GeoJson {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    }

    fn feature(&mut self, out: &mut Vec<u8>, feature: &Feature, at: u32) -> Result<(), WriteError> {
        if at > 0 {
            out.push(b',');
        }
        write_feature(out, feature, self.crs)?;
        out.push(b'}');
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>, end: &End<'_>) {
        out.push(b']');
        write_collection_end(out, end);
    }
}

/// The members of a collection that follow its features, and the last brace.
pub fn write_collection_end(out: &mut Vec<u8>, end: &End<'_>) {
    let mut members =
        json!({ "numberReturned": end.returned, "timeStamp": now(), "links": end.links });
    if let Some(matched) = end.matched {
        members["numberMatched"] = json!(matched);
    }
    if let Some(level) = end.generalised {
        members["generalised"] = json!({
            "zoomLevel": level.number(),
            "toleranceDegrees": level.tolerance_degrees(),
        });
    }
    out.push(b',');
    // The members continue the object that the features began.
    out.extend_from_slice(&members.to_string().as_bytes()[1..]);
}

/// Writes one feature in a reference system. Extra members, such as `links`, follow by the caller before
/// the last brace.
pub fn write_feature(
    out: &mut Vec<u8>,
    feature: &Feature,
    crs: ServedCrs,
) -> Result<(), WriteError> {
    write_begin(out, feature)?;
    out.extend_from_slice(br#","geometry":"#);
    write_place(out, feature, crs)?;
    write_properties(out, feature)
}

/// Writes the beginning of a feature: type and id.
pub fn write_begin(out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
    out.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_integer(out, feature.id()?);
    Ok(())
}

/// Writes the geometry of a feature in a reference system, or `null`.
pub fn write_place(out: &mut Vec<u8>, feature: &Feature, crs: ServedCrs) -> Result<(), WriteError> {
    let id = feature.id()?;
    match feature.ewkb()? {
        None => out.extend_from_slice(b"null"),
        Some(bytes) => {
            let geometry =
                wkb::reader::read_wkb(bytes).map_err(|error| WriteError::Geometry(id, error))?;
            if crs.is_crs84() {
                write_geometry(out, &geometry, &Stored);
            } else {
                let moved = Moved::into(crs);
                write_geometry(out, &geometry, &moved);
                moved
                    .finish()
                    .map_err(|error| WriteError::Position(id, error))?;
            }
        }
    }
    Ok(())
}

/// Writes the member `properties`, after others.
pub fn write_properties(out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
    out.extend_from_slice(br#","properties":{"#);
    for (at, pair) in feature.values().enumerate() {
        let (field, value) = pair?;
        out.extend_from_slice(if at > 0 { b",\"" } else { b"\"" });
        out.extend_from_slice(field.name.as_bytes());
        out.extend_from_slice(b"\":");
        write_value(out, &value);
    }
    out.push(b'}');
    Ok(())
}

fn write_value(out: &mut Vec<u8>, value: &ValueRef<'_>) {
    match value {
        ValueRef::Unknown => out.extend_from_slice(b"null"),
        ValueRef::Text(text) => write_text(out, text),
        ValueRef::Integer(number) => write_integer(out, *number),
        ValueRef::Number(number) => write_number(out, *number),
        ValueRef::Boolean(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        ValueRef::Date(day) => write_text(out, &day.to_string()),
        ValueRef::DateTime(moment) => {
            write_text(
                out,
                &moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            );
        }
        ValueRef::Codes(codes) => write_list(out, codes.iter(), |out, code| write_text(out, code)),
    }
}

fn write_integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// The shortest text that reads back as the same number, always with a decimal point, so that
/// clients that guess types from the first features see a real number.
fn write_number(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
    } else {
        out.extend_from_slice(b"null");
    }
}

/// The bytes that a JSON text cannot hold as they are, and the two that some clients misread.
const ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = true;
        at += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

/// Writes a JSON text. A quote and a backslash are written `\u0022` and `\u005c`: QGIS 3.34 to 3.44
/// corrupts the short escapes (qgis/QGIS issue 66700).
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !ESCAPED[usize::from(byte)] {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[clean..at]);
        out.extend_from_slice(b"\\u00");
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 15)]);
        clean = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[clean..]);
    out.push(b'"');
}

/// Writes a geometry object. Curves and collections are never stored.
fn write_geometry(
    out: &mut Vec<u8>,
    geometry: &impl GeometryTrait<T = f64>,
    positions: &impl Positions,
) {
    let name: &[u8] = match geometry.as_type() {
        GeometryType::Point(_) => b"Point",
        GeometryType::LineString(_) => b"LineString",
        GeometryType::Polygon(_) => b"Polygon",
        GeometryType::MultiPoint(_) => b"MultiPoint",
        GeometryType::MultiLineString(_) => b"MultiLineString",
        GeometryType::MultiPolygon(_) => b"MultiPolygon",
        _ => return out.extend_from_slice(b"null"),
    };
    out.extend_from_slice(br#"{"type":""#);
    out.extend_from_slice(name);
    out.extend_from_slice(br#"","coordinates":"#);
    match geometry.as_type() {
        GeometryType::Point(point) => write_point(out, point, positions),
        GeometryType::LineString(line) => write_line(out, line, positions),
        GeometryType::Polygon(polygon) => write_polygon(out, polygon, positions),
        GeometryType::MultiPoint(many) => {
            write_list(out, many.points(), |out, one| {
                write_point(out, &one, positions);
            });
        }
        GeometryType::MultiLineString(many) => {
            write_list(out, many.line_strings(), |out, one| {
                write_line(out, &one, positions);
            });
        }
        GeometryType::MultiPolygon(many) => {
            write_list(out, many.polygons(), |out, one| {
                write_polygon(out, &one, positions);
            });
        }
        _ => {}
    }
    out.push(b'}');
}

fn write_point(out: &mut Vec<u8>, point: &impl PointTrait<T = f64>, positions: &impl Positions) {
    match point.coord() {
        Some(position) => write_position(out, &position, positions),
        None => out.extend_from_slice(b"[]"),
    }
}

fn write_line(out: &mut Vec<u8>, line: &impl LineStringTrait<T = f64>, positions: &impl Positions) {
    write_list(out, line.coords(), |out, position| {
        write_position(out, &position, positions);
    });
}

fn write_polygon(
    out: &mut Vec<u8>,
    polygon: &impl PolygonTrait<T = f64>,
    positions: &impl Positions,
) {
    out.push(b'[');
    if let Some(exterior) = polygon.exterior() {
        write_line(out, &exterior, positions);
    }
    for interior in polygon.interiors() {
        out.push(b',');
        write_line(out, &interior, positions);
    }
    out.push(b']');
}

fn write_position(
    out: &mut Vec<u8>,
    position: &impl CoordTrait<T = f64>,
    positions: &impl Positions,
) {
    out.push(b'[');
    positions.write(out, position.x(), position.y());
    out.push(b']');
}

/// Writes a coordinate with so many decimals; trailing zeros are left out.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a coordinate times 1e7 fits an i64"
)]
pub fn write_decimal<const DECIMALS: usize>(out: &mut Vec<u8>, coordinate: f64) {
    let scale = const { 10_u64.pow(DECIMALS as u32) };
    let scaled = (coordinate * scale as f64).round() as i64;
    if scaled < 0 {
        out.push(b'-');
    }
    let (whole, mut fraction) = (scaled.unsigned_abs() / scale, scaled.unsigned_abs() % scale);
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    out.push(b'.');
    let mut digits = [b'0'; DECIMALS];
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789"[(fraction % 10) as usize];
        fraction /= 10;
    }
    let used = digits
        .iter()
        .rposition(|digit| *digit != b'0')
        .map_or(1, |last| last + 1);
    out.extend_from_slice(&digits[..used]);
}

fn write_list<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn degrees_have_seven_decimals_at_most() {
        for (degrees, expected) in [
            (22.095_91, "22.09591"),
            (-0.000_000_04, "0.0"),
            (-0.000_000_06, "-0.0000001"),
            (44.074_880_049_9, "44.0748800"),
            (180.0, "180.0"),
            (-179.999_999_96, "-180.0"),
        ] {
            let text = written(|out| write_decimal::<7>(out, degrees));
            assert_eq!(
                text.trim_end_matches('0'),
                expected.trim_end_matches('0'),
                "{degrees}"
            );
            assert!((text.parse::<f64>().unwrap() - degrees).abs() <= 0.5e-7);
        }
    }

    #[test]
    fn quotes_and_backslashes_are_written_the_long_way() {
        let text = "a \"b\" \\ c\u{1}\n ш";
        let written = written(|out| write_text(out, text));
        assert_eq!(written, r#""a \u0022b\u0022 \u005c c\u0001\u000a ш""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
