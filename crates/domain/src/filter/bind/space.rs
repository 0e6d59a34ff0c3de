//! Shapes that are compared by `S_…`.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};

use super::{Binder, Bound, is_geometry};
use crate::filter::node::{Node, Term};
use crate::filter::{Predicate, Scalar, Shape, SpatialRelation};
use crate::message;

impl Binder {
    pub(super) fn spatial(relation: SpatialRelation, one: &Node, other: &Node) -> Bound<Predicate> {
        let collections = takes_collections(relation);
        let shape = |node: &Node| {
            let shape = Self::shape(node)?;
            match &shape {
                Shape::Given(Geometry::GeometryCollection(_)) if !collections => Err(node.wrong(&message!(
                    "GEOMETRYCOLLECTION се пореди само са S_INTERSECTS и S_DISJOINT; иначе се пише \
                     MULTIPOINT, MULTILINESTRING или MULTIPOLYGON",
                    "a GEOMETRYCOLLECTION is compared by S_INTERSECTS and S_DISJOINT alone; write a \
                     MULTIPOINT, MULTILINESTRING or MULTIPOLYGON"
                ))),
                _ => Ok(shape),
            }
        };
        Ok(Predicate::Spatial(relation, shape(one)?, shape(other)?))
    }

    pub(super) fn distance(node: &Node, parts: &[Node]) -> Bound<Scalar> {
        let [one, other] = parts else {
            return Err(node.wrong(&message!(
                "функција `distance` прима две геометрије",
                "the function `distance` takes two geometries"
            )));
        };
        Ok(Scalar::DistanceM(Self::shape(one)?, Self::shape(other)?))
    }

    pub(super) fn shape(node: &Node) -> Bound<Shape> {
        match &node.term {
            Term::Property(name) if is_geometry(name) => Ok(Shape::OfLayer),
            Term::Geometry(shape) => on_earth(node, shape.clone()),
            Term::Bbox(corners) => on_earth(node, outline(*corners)),
            _ => Err(node.wrong(&message!(
                "овде се очекује геометрија: својство `geometry`, POINT(22.1 44.1), \
                 BBOX(запад, југ, исток, север) или друга у запису WKT",
                "a geometry is expected here: the property `geometry`, POINT(22.1 44.1), \
                 BBOX(west, south, east, north) or another in well-known text"
            ))),
        }
    }
}

/// Whether the relation is defined for collections of different shapes.
const fn takes_collections(relation: SpatialRelation) -> bool {
    matches!(
        relation,
        SpatialRelation::Intersects | SpatialRelation::Disjoint
    )
}

/// The shape of a box: west, south, east, north in degrees. West greater than east crosses the
/// antimeridian.
pub fn outline([west, south, east, north]: [f64; 4]) -> Geometry<f64> {
    if west <= east {
        return rectangle([west, south, east, north]);
    }
    let parts = [[west, south, 180.0, north], [-180.0, south, east, north]];
    let parts = parts
        .map(rectangle)
        .into_iter()
        .filter_map(|part| match part {
            Geometry::Polygon(part) => Some(part),
            _ => None,
        });
    MultiPolygon(parts.collect()).into()
}

/// A box without width or height is a line or a point: a polygon without area touches nothing.
fn rectangle([west, south, east, north]: [f64; 4]) -> Geometry<f64> {
    let (low, high) = (Coord { x: west, y: south }, Coord { x: east, y: north });
    match (west < east, south < north) {
        (true, true) => {
            let area: Polygon<f64> = Rect::new(low, high).to_polygon();
            area.into()
        }
        (false, false) => Point(low).into(),
        _ => LineString(vec![low, high]).into(),
    }
}

fn on_earth(node: &Node, shape: Geometry<f64>) -> Bound<Shape> {
    let mut outside = None;
    each_position(&shape, &mut |at| {
        if at.x.abs() > 180.0 || at.y.abs() > 90.0 {
            outside = Some(at);
        }
    });
    match outside {
        None => Ok(Shape::Given(shape)),
        Some(Coord { x, y }) => Err(node.wrong(&message!(
            "положај {x} {y} није на Земљи: прво се пише географска дужина од -180 до 180, па \
             ширина од -90 до 90; за други координатни систем служи параметар filter-crs",
            "the position {x} {y} is not on Earth: the longitude from -180 to 180 comes first, \
             then the latitude from -90 to 90; another reference system needs the parameter \
             filter-crs"
        ))),
    }
}

fn each_position(shape: &Geometry<f64>, see: &mut dyn FnMut(Coord<f64>)) {
    let mut line = |line: &LineString<f64>| line.0.iter().for_each(|at| see(*at));
    let mut area = |polygon: &Polygon<f64>| {
        line(polygon.exterior());
        polygon.interiors().iter().for_each(&mut line);
    };
    match shape {
        Geometry::Polygon(polygon) => area(polygon),
        Geometry::MultiPolygon(areas) => areas.0.iter().for_each(area),
        Geometry::LineString(one) => line(one),
        Geometry::MultiLineString(lines) => lines.0.iter().for_each(line),
        Geometry::Point(point) => see(point.0),
        Geometry::MultiPoint(points) => points.0.iter().for_each(|point| see(point.0)),
        Geometry::GeometryCollection(parts) => {
            parts.0.iter().for_each(|part| each_position(part, see));
        }
        // The readers make none of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}
