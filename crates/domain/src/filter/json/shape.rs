//! Shapes in JSON: the geometries of `GeoJSON`.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::{Map, Value as Json};

use super::{Read, Reader};
use crate::filter::wkt::{check_positions, line_of, ring_of};
use crate::message;

impl Reader {
    pub(super) fn shape(&mut self, members: &Map<String, Json>) -> Read<Geometry<f64>> {
        let nothing = &Json::Null;
        let kind = members
            .get("type")
            .and_then(Json::as_str)
            .unwrap_or_default();
        if kind == "GeometryCollection" {
            let parts = members.get("geometries").unwrap_or(nothing);
            let parts = self.member("geometries", |reader| {
                reader.several(parts, |reader, part| match part.as_object() {
                    Some(part) if part.get("type") != members.get("type") => reader.shape(part),
                    _ => Err(reader.not_a_shape()),
                })
            })?;
            return Ok(Geometry::GeometryCollection(GeometryCollection(parts)));
        }
        let numbers = members.get("coordinates").unwrap_or(nothing);
        self.member("coordinates", |reader| match kind {
            "Point" => Ok(Point(reader.position(numbers)?).into()),
            "LineString" => Ok(reader.line(numbers)?.into()),
            "Polygon" => Ok(reader.area(numbers)?.into()),
            "MultiPoint" => {
                let points = reader.several(numbers, Self::position)?;
                Ok(MultiPoint(points.into_iter().map(Point).collect()).into())
            }
            "MultiLineString" => Ok(MultiLineString(reader.several(numbers, Self::line)?).into()),
            "MultiPolygon" => Ok(MultiPolygon(reader.several(numbers, Self::area)?).into()),
            _ => Err(reader.not_a_shape()),
        })
    }

    fn not_a_shape(&self) -> crate::lang::Message {
        self.wrong(&message!(
            "овде се очекује геометрија GeoJSON: Point, LineString, Polygon, MultiPoint, \
             MultiLineString, MultiPolygon или GeometryCollection",
            "a GeoJSON geometry is expected here: Point, LineString, Polygon, MultiPoint, \
             MultiLineString, MultiPolygon or GeometryCollection"
        ))
    }

    fn several<T>(
        &mut self,
        json: &Json,
        mut one: impl FnMut(&mut Self, &Json) -> Read<T>,
    ) -> Read<Vec<T>> {
        let numbered = self.array(json)?.iter().enumerate();
        numbered
            .map(|(at, part)| self.member(at, |reader| one(reader, part)))
            .collect()
    }

    /// Two numbers, or three: heights are read and not compared.
    fn position(&mut self, json: &Json) -> Read<Coord<f64>> {
        self.positions += 1;
        check_positions(self.positions, &self.place())?;
        match self.array(json)? {
            [x, y] | [x, y, _] => Ok(Coord {
                x: self.number(x)?,
                y: self.number(y)?,
            }),
            _ => Err(self.wrong(&message!(
                "положај има два броја, или три са висином",
                "a position has two numbers, or three with a height"
            ))),
        }
    }

    fn line(&mut self, json: &Json) -> Read<LineString<f64>> {
        let positions = self.several(json, Self::position)?;
        line_of(positions, &self.place())
    }

    fn area(&mut self, json: &Json) -> Read<Polygon<f64>> {
        let rings = self.several(json, |reader, ring| {
            let positions = reader.several(ring, Self::position)?;
            ring_of(positions, &reader.place())
        })?;
        let mut rings = rings.into_iter();
        let Some(shell) = rings.next() else {
            return Err(self.not_a_shape());
        };
        Ok(Polygon::new(shell, rings.collect()))
    }
}
