//! Geometries as SVG path data in whole units.

use std::fmt::Write as _;

use geo_types::{Coord, Geometry, LineString};
use store::geometry::bounds;

use super::view::View;
use crate::formats::rings;

/// The path of lines and areas. Vertices that fall together on the map are one, so that it does not
/// grow with what is stored.
pub fn trace(geometry: &Geometry<f64>, view: &View) -> String {
    let mut path = String::new();
    match geometry {
        Geometry::LineString(line) => draw(&mut path, line, view, ""),
        Geometry::MultiLineString(lines) => {
            lines
                .iter()
                .for_each(|line| draw(&mut path, line, view, ""));
        }
        Geometry::Polygon(area) => rings(area).for_each(|ring| draw(&mut path, ring, view, "z")),
        Geometry::MultiPolygon(areas) => {
            let all = areas.iter().flat_map(rings);
            all.for_each(|ring| draw(&mut path, ring, view, "z"));
        }
        _ => {}
    }
    path
}

fn draw(path: &mut String, line: &LineString<f64>, view: &View, end: &str) {
    let mut last: Option<[i32; 2]> = None;
    for at in line.coords() {
        let [x, y] = view.place(*at);
        // Writing to a text cannot fail.
        let _ = match last {
            None => write!(path, "M{x},{y}"),
            Some(before) if before == [x, y] => continue,
            Some([before_x, before_y]) => write!(path, "l{},{}", x - before_x, y - before_y),
        };
        last = Some([x, y]);
    }
    path.push_str(end);
}

/// The middle of the box around a geometry.
pub fn middle(geometry: &Geometry<f64>) -> Coord<f64> {
    let [west, south, east, north] = bounds(geometry).unwrap_or_default();
    Coord {
        x: f64::midpoint(west, east),
        y: f64::midpoint(south, north),
    }
}
