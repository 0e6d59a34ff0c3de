//! Where the boundary of an area crosses or touches itself.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo_types::{Coord, Line, LineString, MultiPolygon};

/// One side of a ring.
#[derive(Clone, Copy)]
struct Side {
    line: Line<f64>,
    ring: usize,
    min_x: f64,
    max_x: f64,
}

/// A place where two sides cross, run along each other, or, within one ring, touch; `None` for a
/// simple boundary. Rings may touch one another in points (OGC Simple Features, 6.1.11).
///
/// The sides are swept from west to east, so that each meets only those beside it.
pub(super) fn first(areas: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let mut sides = sides(areas);
    sides.sort_by(|a, b| a.min_x.total_cmp(&b.min_x));
    let mut open: Vec<Side> = Vec::new();
    for side in sides {
        open.retain(|other| other.max_x >= side.min_x);
        if let Some(place) = open.iter().find_map(|other| conflict(other, &side)) {
            return Some(place);
        }
        open.push(side);
    }
    None
}

fn sides(areas: &MultiPolygon<f64>) -> Vec<Side> {
    let rings = areas
        .iter()
        .flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors()));
    rings
        .enumerate()
        .flat_map(|(number, ring)| sides_of(number, ring))
        .collect()
}

fn sides_of(ring: usize, line: &LineString<f64>) -> impl Iterator<Item = Side> + '_ {
    line.lines().map(move |line| Side {
        line,
        ring,
        min_x: line.start.x.min(line.end.x),
        max_x: line.start.x.max(line.end.x),
    })
}

fn conflict(a: &Side, b: &Side) -> Option<Coord<f64>> {
    match line_intersection(a.line, b.line)? {
        LineIntersection::Collinear { intersection } => {
            (intersection.start != intersection.end).then_some(intersection.start)
        }
        LineIntersection::SinglePoint {
            intersection,
            is_proper,
        } => {
            let touch_in_one_ring = a.ring == b.ring && !neighbours(&a.line, &b.line);
            (is_proper || touch_in_one_ring).then_some(intersection)
        }
    }
}

/// Whether one side ends where the other begins. A third side through that vertex is seen when it
/// meets the other of the two.
fn neighbours(a: &Line<f64>, b: &Line<f64>) -> bool {
    a.end == b.start || b.end == a.start
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Validation;
    use geo_types::{Polygon, polygon};
    use proptest::prelude::*;

    #[test]
    fn crossings_and_touches_are_found_where_they_are() {
        let bow_tie =
            polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        let spike = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 4.0, y: 6.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
        let touching = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 2.0, y: 2.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0), (x: 2.0, y: 2.0)];
        let square =
            polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
        for (area, place) in [
            (bow_tie, Some((1.0, 1.0))),
            (spike, Some((4.0, 4.0))),
            (touching, Some((2.0, 2.0))),
            (square, None),
        ] {
            let found = first(&area.clone().into()).map(|at| (at.x, at.y));
            assert_eq!(found, place, "{area:?}");
        }
    }

    #[test]
    fn a_hole_may_touch_its_shell_in_a_point() {
        let shell = LineString::from(vec![
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 4.0),
            (0.0, 4.0),
            (0.0, 0.0),
        ]);
        let hole = LineString::from(vec![(0.0, 2.0), (1.0, 1.0), (1.0, 3.0), (0.0, 2.0)]);
        assert_eq!(first(&Polygon::new(shell, vec![hole]).into()), None);
    }

    proptest! {
        /// The sweep agrees with the check of every pair of sides in `geo`, which knows no spikes.
        #[test]
        fn the_sweep_misses_nothing(points in prop::collection::vec((0_i8..12, 0_i8..12), 4..9)) {
            let ring: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
            let area = Polygon::new(LineString::from(ring), vec![]);
            if first(&area.clone().into()).is_none() {
                prop_assert!(area.check_validation().is_ok() || !distinct(&points));
            }
        }
    }

    fn distinct(points: &[(i8, i8)]) -> bool {
        points.windows(2).all(|pair| pair[0] != pair[1]) && points.first() != points.last()
    }
}
