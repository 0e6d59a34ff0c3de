//! The geometry of a record: read, brought to the one type of its layer, and checked, all in the
//! coordinates of the file, where its maker can find the vertex that is named.

use domain::GeometryKind;
use geo::{BoundingRect, CoordsIter, Orient, RemoveRepeatedPoints, Validation, orient};
use geo_types::{Geometry, LineString, MultiLineString, MultiPolygon};

use super::crossing;

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
        (Geometry::LineString(line), GeometryKind::MultiLineString) => {
            Ok(MultiLineString::from(line).into())
        }
        (lines @ Geometry::MultiLineString(_), GeometryKind::MultiLineString) => Ok(lines),
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
        GeometryKind::LineString | GeometryKind::MultiLineString => "lines",
        GeometryKind::MultiPolygon => {
            "areas; points of facilities are imported with --layer facilities"
        }
    }
}

/// Checks a geometry and brings its rings to the order of OGC Simple Features: shells
/// counter-clockwise, holes clockwise, no vertex twice in a row.
pub(super) fn validated(geometry: Geometry<f64>) -> Result<Geometry<f64>, String> {
    if let Some((number, at)) = geometry
        .coords_iter()
        .zip(1..)
        .find_map(|(at, number)| (!(at.x.is_finite() && at.y.is_finite())).then_some((number, at)))
    {
        return Err(format!(
            "vertex {number} is x {}, y {}, which is no place; correct it",
            at.x, at.y
        ));
    }
    match geometry {
        Geometry::LineString(line) => validated_line(&line).map(Into::into),
        Geometry::MultiLineString(lines) => {
            let lines: Result<Vec<_>, _> = lines.iter().map(validated_line).collect();
            lines.map(|lines| MultiLineString::new(lines).into())
        }
        Geometry::MultiPolygon(areas) => validated_areas(&areas).map(Into::into),
        other => Ok(other),
    }
}

fn validated_line(line: &LineString<f64>) -> Result<LineString<f64>, String> {
    let line = line.remove_repeated_points();
    if line.0.len() < 2 {
        return Err(format!(
            "the line is a single place{}; draw it again",
            at(line.0.first())
        ));
    }
    Ok(line)
}

fn validated_areas(areas: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, String> {
    /// The pairwise check of `geo` takes time by the square of the vertices.
    const MOST_VERTICES_FOR_PAIRS: usize = 3_000;
    let areas = areas.remove_repeated_points();
    let rings = areas
        .iter()
        .flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors()));
    for ring in rings {
        if ring.0.len() < 4 {
            let place = at(ring.0.first());
            return Err(format!(
                "a ring{place} has fewer than three corners; remove or redraw it"
            ));
        }
    }
    if let Some(place) = crossing::first(&areas) {
        let place = at(Some(&place));
        return Err(format!(
            "the boundary crosses or touches itself{place}; redraw it there"
        ));
    }
    if areas.coords_count() <= MOST_VERTICES_FOR_PAIRS {
        areas.check_validation().map_err(|error| {
            let place = at(areas.bounding_rect().map(geo_types::Rect::center).as_ref());
            format!("the area{place} is not valid ({error}); redraw it")
        })?;
    }
    Ok(areas.orient(orient::Direction::Default))
}

fn at(place: Option<&geo_types::Coord<f64>>) -> String {
    /// Enough for a centimetre in degrees.
    const DECIMALS: f64 = 1e7;
    let short = |number: f64| (number * DECIMALS).round() / DECIMALS;
    place.map_or_else(String::new, |at| {
        format!(" at x {}, y {}", short(at.x), short(at.y))
    })
}
