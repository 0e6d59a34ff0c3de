//! Whether a geometry is one, in the coordinates of the file, where its maker can find the vertex
//! that is named.

use geo::{BoundingRect, CoordsIter, Orient, RemoveRepeatedPoints, Validation, orient};
use geo_types::{Geometry, LineString, MultiPolygon};

use super::crossing;

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
