//! A bounding box of a request: in degrees, or in another served reference system.

use geo_types::{Coord, LineString, Polygon};
use store::items::Bbox;

use crate::crs::ServedCrs;
use crate::params::numbers;

/// What a box selects by.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    /// A box of degrees.
    Box(Bbox),
    /// The same shape in degrees of a box whose edges are no parallels and meridians.
    Polygon(Polygon<f64>),
    /// A box that lies where nothing of the register can be.
    Nowhere,
}

/// The area around Serbia into which boxes are cut before they are moved: projections of Serbia are
/// defined here, and no river of the register leaves it. West, south, east, north in degrees.
const NEIGHBOURHOOD: [f64; 4] = [8.0, 34.0, 32.0, 55.0];
/// The chord of an edge so long leaves its arc by less than a tenth of a metre, metres.
const LONGEST_CHORD_M: f64 = 2_000.0;

/// Reads four numbers, or six with heights, which no layer has to compare (OGC API Features 1, 7.15.3;
/// Features 2, requirement 6: in the order of axes of `crs`).
pub fn parse(text: &str, crs: ServedCrs) -> Option<Area> {
    area(four_numbers(text)?, crs)
}

/// The area of a box: its lower and its upper corner, in the order of axes of `crs`.
pub fn area([first, second, third, fourth]: [f64; 4], crs: ServedCrs) -> Option<Area> {
    let [west, south] = crs.turn([first, second]);
    let [east, north] = crs.turn([third, fourth]);
    let bbox = Bbox {
        west,
        south,
        east,
        north,
    };
    if south > north {
        return None;
    }
    if crs.is_geographic() {
        return on_earth(bbox).then_some(Area::Box(bbox));
    }
    (west <= east).then(|| moved(bbox, crs))
}

fn four_numbers(text: &str) -> Option<[f64; 4]> {
    match numbers(text)?[..] {
        [a, b, c, d] => Some([a, b, c, d]),
        [a, b, low, c, d, high] if low <= high => Some([a, b, c, d]),
        _ => None,
    }
}

fn on_earth(bbox: Bbox) -> bool {
    [bbox.west, bbox.east]
        .iter()
        .all(|longitude| longitude.abs() <= 180.0)
        && [bbox.south, bbox.north]
            .iter()
            .all(|latitude| latitude.abs() <= 90.0)
}

/// The box of a projection as a polygon of degrees.
fn moved(bbox: Bbox, crs: ServedCrs) -> Area {
    let Some(bbox) = neighbourhood(crs).and_then(|around| cut(bbox, around)) else {
        return Area::Nowhere;
    };
    let Bbox {
        west,
        south,
        east,
        north,
    } = bbox;
    let corners = [
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ];
    let ring: Option<Vec<Coord<f64>>> = corners
        .windows(2)
        .flat_map(|edge| along(edge[0], edge[1]))
        .chain([(west, south)])
        .map(|(x, y)| crs.to_crs84(x, y).ok().map(|(x, y)| Coord { x, y }))
        .collect();
    ring.map_or(Area::Nowhere, |ring| {
        Area::Polygon(Polygon::new(LineString(ring), Vec::new()))
    })
}

/// Points of an edge from its first end to before its last.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and 5 000, as a box is cut to the neighbourhood"
)]
fn along(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = (f64, f64)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let parts = (dx.hypot(dy) / LONGEST_CHORD_M).ceil().max(1.0) as u32;
    (0..parts).map(move |part| {
        let share = f64::from(part) / f64::from(parts);
        (from.0 + dx * share, from.1 + dy * share)
    })
}

/// The box of a projection that holds the neighbourhood of Serbia.
fn neighbourhood(crs: ServedCrs) -> Option<Bbox> {
    let [west, south, east, north] = NEIGHBOURHOOD;
    let middle = f64::midpoint(west, east);
    let edge = [
        (west, south),
        (middle, south),
        (east, south),
        (west, north),
        (middle, north),
        (east, north),
    ];
    let moved: Vec<(f64, f64)> = edge
        .iter()
        .map(|&(lon, lat)| crs.of_crs84(lon, lat).ok())
        .collect::<Option<_>>()?;
    let bounds = geodesy::Bounds::of_points(moved)?;
    Some(Bbox {
        west: bounds.min_x,
        south: bounds.min_y,
        east: bounds.max_x,
        north: bounds.max_y,
    })
}

fn cut(bbox: Bbox, around: Bbox) -> Option<Bbox> {
    let cut = Bbox {
        west: bbox.west.max(around.west),
        south: bbox.south.max(around.south),
        east: bbox.east.min(around.east),
        north: bbox.north.min(around.north),
    };
    (cut.west <= cut.east && cut.south <= cut.north).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degrees(text: &str) -> Option<Area> {
        parse(text, ServedCrs::CRS84)
    }

    #[test]
    fn boxes_of_four_and_six_numbers() {
        let bor = Some(Area::Box(Bbox {
            west: 21.8,
            south: 43.9,
            east: 22.4,
            north: 44.3,
        }));
        let across = Some(Area::Box(Bbox {
            west: 177.0,
            south: 65.0,
            east: -177.0,
            north: 70.0,
        }));
        for (text, expected) in [
            ("21.8,43.9,22.4,44.3", bor.clone()),
            ("21.8,43.9,0,22.4,44.3,900", bor.clone()),
            (" 21.8, 43.9 ,22.4,44.3", bor.clone()),
            ("177,65,-177,70", across),
            ("21.8,43.9,22.4", None),
            ("21.8,43.9,22.4,44.3,1", None),
            ("21.8,44.3,22.4,43.9", None),
            ("21.8,43.9,22.4,91", None),
            ("181,43.9,22.4,44", None),
            ("a,b,c,d", None),
            ("NaN,43.9,22.4,44.3", None),
            ("", None),
        ] {
            assert_eq!(degrees(text), expected, "{text}");
        }
        let latitude_first = "EPSG:4326".parse().unwrap();
        assert_eq!(parse("43.9,21.8,44.3,22.4", latitude_first), bor);
    }

    /// The edge between two corners of a grid box is straight in the grid, not in degrees: its middle
    /// lies where `cs2cs` puts the middle in the grid.
    #[test]
    fn the_edges_of_a_grid_box_are_those_of_the_grid() {
        let zone_7: ServedCrs = "EPSG:6316".parse().unwrap();
        let Some(Area::Polygon(polygon)) = parse("7350000,4700000,7650000,5000000", zone_7) else {
            panic!("a polygon");
        };
        let (lon, lat) = zone_7.to_crs84(7_500_000.0, 4_700_000.0).unwrap();
        let nearest = polygon
            .exterior()
            .0
            .iter()
            .map(|c| geodesy::distance_m((c.x, c.y), (lon, lat)));
        assert!(nearest.fold(f64::INFINITY, f64::min) < 0.001);
    }

    #[test]
    fn a_box_beyond_its_projection_is_cut_or_nowhere() {
        let zone_7: ServedCrs = "EPSG:6316".parse().unwrap();
        let all = parse("-1e9,-1e9,1e9,1e9", zone_7);
        assert!(matches!(all, Some(Area::Polygon(_))));
        assert_eq!(parse("0,0,1,1", zone_7), Some(Area::Nowhere));
    }
}
