//! The geometry of an edit: `GeoJSON` as WKB, which is then read like that of a file.

use domain::lang::Message;
use domain::message;
use serde_json::Value as Json;

/// Takes the two numbers of a position, in the order of axes of the authority, to longitude and latitude,
/// WGS 84; `None` for a place that the reference system does not reach.
pub type ToWgs84<'a> = &'a dyn Fn([f64; 2]) -> Option<[f64; 2]>;

/// A geometry as WKB, longitude before latitude, with its rings as they are: nothing is closed.
pub(super) struct Written {
    pub(super) wkb: Vec<u8>,
    /// Whether it had heights, which the register does not keep.
    pub(super) had_heights: bool,
}

struct Writer<'a> {
    to_wgs84: ToWgs84<'a>,
    wkb: Vec<u8>,
    had_heights: bool,
}

/// Writes it.
///
/// # Errors
/// What is wrong with it, in plain words.
pub(super) fn write(geometry: &Json, to_wgs84: ToWgs84<'_>) -> Result<Written, Message> {
    let mut writer = Writer {
        to_wgs84,
        wkb: Vec::new(),
        had_heights: false,
    };
    writer.geometry(geometry)?;
    Ok(Written {
        wkb: writer.wkb,
        had_heights: writer.had_heights,
    })
}

type Part<'w> = fn(&mut Writer<'w>, &Json) -> Result<(), Message>;

impl<'w> Writer<'w> {
    fn geometry(&mut self, geometry: &Json) -> Result<(), Message> {
        let kind = geometry.get("type").and_then(Json::as_str);
        let coordinates = geometry.get("coordinates").unwrap_or(&Json::Null);
        match kind.unwrap_or_default() {
            "Point" => self.point(coordinates),
            "LineString" => self.line(coordinates),
            "Polygon" => self.area(coordinates),
            "MultiPoint" => self.parts(4, coordinates, Self::point),
            "MultiLineString" => self.parts(5, coordinates, Self::line),
            "MultiPolygon" => self.parts(6, coordinates, Self::area),
            _ => Err(message!(
                "потребна је геометрија GeoJSON: Point, LineString, Polygon или више таквих",
                "a GeoJSON geometry is needed: Point, LineString, Polygon or several of one kind"
            )),
        }
    }

    fn point(&mut self, position: &Json) -> Result<(), Message> {
        self.head(1);
        self.position(position)
    }

    fn line(&mut self, positions: &Json) -> Result<(), Message> {
        self.head(2);
        self.several(positions, Self::position)
    }

    fn area(&mut self, rings: &Json) -> Result<(), Message> {
        self.head(3);
        self.several(rings, |writer, ring| writer.several(ring, Self::position))
    }

    fn parts(&mut self, kind: u32, parts: &Json, write: Part<'w>) -> Result<(), Message> {
        self.head(kind);
        self.several(parts, write)
    }

    /// Byte order and type (OGC 06-103r4, 8.2).
    fn head(&mut self, kind: u32) {
        self.wkb.push(1);
        self.wkb.extend_from_slice(&kind.to_le_bytes());
    }

    fn several(&mut self, json: &Json, write: Part<'w>) -> Result<(), Message> {
        let parts = json.as_array().ok_or_else(not_nested)?;
        let count = u32::try_from(parts.len()).map_err(|_| not_nested())?;
        self.wkb.extend_from_slice(&count.to_le_bytes());
        parts.iter().try_for_each(|part| write(self, part))
    }

    fn position(&mut self, json: &Json) -> Result<(), Message> {
        let numbers = json.as_array().map(Vec::as_slice).unwrap_or_default();
        let (Some(first), Some(second)) = (number(numbers, 0), number(numbers, 1)) else {
            return Err(not_nested());
        };
        self.had_heights |= numbers.len() > 2;
        let Some(place) = (self.to_wgs84)([first, second]) else {
            return Err(message!(
                "положај {first}, {second} није у подручју координатног система; проверите заглавље \
                 Content-Crs и редослед оса",
                "the position {first}, {second} is not where the reference system counts; check the \
                 header Content-Crs and the order of axes"
            ));
        };
        for number in place {
            self.wkb.extend_from_slice(&number.to_le_bytes());
        }
        Ok(())
    }
}

fn number(numbers: &[Json], at: usize) -> Option<f64> {
    numbers.get(at).and_then(Json::as_f64)
}

fn not_nested() -> Message {
    message!(
        "`coordinates` не одговара врсти геометрије: положај је [дужина, ширина], линија низ положаја, \
         површина низ прстенова",
        "`coordinates` is not that of the geometry's type: a position is [longitude, latitude], a line a \
         list of positions, an area a list of rings"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(geometry: &Json) -> Result<String, String> {
        let turned = |[x, y]: [f64; 2]| (x < 90.0).then_some([y, x]);
        let written = write(geometry, &turned).map_err(|message| message.en)?;
        let read = wkb::reader::read_wkb(&written.wkb).unwrap();
        let read = geo_traits::to_geo::ToGeoGeometry::to_geometry(&read);
        Ok(wkt::ToWkt::to_wkt(&read).to_string())
    }

    #[test]
    fn each_kind_is_written_with_its_axes_turned() {
        for (kind, coordinates, expected) in [
            ("Point", json!([1, 2, 100]), "POINT(2 1)"),
            ("LineString", json!([[1, 2], [3, 4]]), "LINESTRING(2 1,4 3)"),
            (
                "Polygon",
                json!([
                    [[0, 0], [0, 9], [9, 9], [0, 0]],
                    [[2, 3], [2, 4], [3, 4], [2, 3]]
                ]),
                "POLYGON((0 0,9 0,9 9,0 0),(3 2,4 2,4 3,3 2))",
            ),
            (
                "MultiPoint",
                json!([[1, 2], [3, 4]]),
                "MULTIPOINT((2 1),(4 3))",
            ),
            (
                "MultiLineString",
                json!([[[1, 2], [3, 4]]]),
                "MULTILINESTRING((2 1,4 3))",
            ),
            (
                "MultiPolygon",
                json!([[[[0, 0], [0, 9], [9, 9], [0, 0]]]]),
                "MULTIPOLYGON(((0 0,9 0,9 9,0 0)))",
            ),
        ] {
            let geometry = json!({ "type": kind, "coordinates": coordinates });
            assert_eq!(written(&geometry).as_deref(), Ok(expected), "{kind}");
        }
    }

    #[test]
    fn what_is_no_geometry_is_refused() {
        for (geometry, beginning) in [
            (json!(5), "a GeoJSON geometry"),
            (json!({ "type": "Circle" }), "a GeoJSON geometry"),
            (json!({ "type": "Point" }), "`coordinates` is not"),
            (
                json!({ "type": "Point", "coordinates": ["1", "2"] }),
                "`coordinates` is not",
            ),
            (
                json!({ "type": "Point", "coordinates": [1] }),
                "`coordinates` is not",
            ),
            (
                json!({ "type": "LineString", "coordinates": [1, 2] }),
                "`coordinates` is not",
            ),
            (
                json!({ "type": "Point", "coordinates": [91, 2] }),
                "the position 91, 2 is not",
            ),
        ] {
            let told = written(&geometry).unwrap_err();
            assert!(told.starts_with(beginning), "{geometry}: {told}");
        }
    }
}
