//! Areas on the ellipsoid.

use geo_types::{Coord, LineString, MultiPolygon};

/// Semi-major axis and first eccentricity of WGS 84.
const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;
const ECCENTRICITY: f64 = 0.081_819_190_842_621_5;

/// The area of a polygon of longitude and latitude, WGS 84, on the ellipsoid, square metres. Its sides
/// are straight in longitude and latitude (RFC 7946, 3.1.1).
pub fn ellipsoidal_area_m2(polygon: &MultiPolygon<f64>) -> f64 {
    let parts = polygon.iter().map(|polygon| {
        let holes: f64 = polygon.interiors().iter().map(ring_area_m2).sum();
        ring_area_m2(polygon.exterior()) - holes
    });
    parts.sum()
}

/// Each side adds the strip between it and the equator: difference of longitudes times the mean of
/// [`strip_m2`] along the side, by Simpson's rule.
fn ring_area_m2(ring: &LineString<f64>) -> f64 {
    let sides = ring.lines().map(|side| {
        let middle = f64::midpoint(side.start.y, side.end.y);
        let mean = (strip_m2(side.start.y) + 4.0 * strip_m2(middle) + strip_m2(side.end.y)) / 6.0;
        // Counted from the first corner, so that no digits are lost on the way round.
        let base = strip_m2(ring.0.first().map_or(0.0, |corner: &Coord<f64>| corner.y));
        side.dx().to_radians() * (mean - base)
    });
    sides.sum::<f64>().abs()
}

/// The area between the equator and a latitude, for one radian of longitude: the integral of the
/// product of the radii of curvature and the cosine of latitude (Snyder 1987, 3-12, times half the
/// square of the semi-major axis).
fn strip_m2(latitude: f64) -> f64 {
    let sine = latitude.to_radians().sin();
    let e_sine = ECCENTRICITY * sine;
    let q = (1.0 - ECCENTRICITY * ECCENTRICITY)
        * (sine / (1.0 - e_sine * e_sine) + e_sine.atanh() / ECCENTRICITY);
    SEMI_MAJOR_AXIS_M * SEMI_MAJOR_AXIS_M * q / 2.0
}
