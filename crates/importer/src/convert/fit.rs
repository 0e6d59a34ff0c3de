//! The geometry of a record, brought to the one type of its layer.

use domain::GeometryKind;
use geo_types::{Geometry, MultiPolygon};

/// Brings a geometry to the type of a layer where that does not change what it means.
pub(super) fn fit(geometry: Geometry<f64>, kind: GeometryKind) -> Result<Geometry<f64>, String> {
    match (geometry, kind) {
        (Geometry::GeometryCollection(parts), _) if parts.len() == 1 => parts
            .into_iter()
            .next()
            .map_or_else(|| Err(String::new()), |part| fit(part, kind)),
        (point @ Geometry::Point(_), GeometryKind::Point) => Ok(point),
        (Geometry::MultiPoint(points), GeometryKind::Point) => single(points.0, "points"),
        (line @ Geometry::LineString(_), GeometryKind::LineString) => Ok(line),
        (Geometry::MultiLineString(lines), GeometryKind::LineString) => single(lines.0, "lines"),
        (Geometry::Polygon(area), GeometryKind::MultiPolygon) => {
            Ok(MultiPolygon::from(area).into())
        }
        (areas @ Geometry::MultiPolygon(_), GeometryKind::MultiPolygon) => Ok(areas),
        (other, _) => Err(format!(
            "it is {}, but the layer takes {}",
            named(&other),
            wanted(kind)
        )),
    }
}

fn single<T: Into<Geometry<f64>>>(parts: Vec<T>, what: &str) -> Result<Geometry<f64>, String> {
    let count = parts.len();
    let mut parts = parts.into_iter();
    match (parts.next(), count) {
        (Some(only), 1) => Ok(only.into()),
        _ => Err(format!(
            "it consists of {count} {what}; make them one, or one record each"
        )),
    }
}

const fn named(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => "a point",
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "a line",
        Geometry::GeometryCollection(_) => "a collection",
        _ => "an area",
    }
}

const fn wanted(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => {
            "points; areas of facilities are imported with --layer facility_outlines"
        }
        GeometryKind::LineString => "lines",
        GeometryKind::MultiPolygon => {
            "areas; points of facilities are imported with --layer facilities"
        }
    }
}
