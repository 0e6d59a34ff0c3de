//! Whether two geometries are the same shape, however they are written down.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

/// Coordinates are given out with seven decimals of a degree, so up to half a step of that, 6 mm, a file that was
/// made from the register says the same place.
pub(crate) const ROUNDED_DEGREES: f64 = 5.1e-8;

/// Whether both are the same, but for rounding, where rings begin and which way they go round, and the order of
/// parts.
pub(crate) fn same_shape(one: &Geometry<f64>, other: &Geometry<f64>) -> bool {
    match (one, other) {
        (Geometry::Point(one), Geometry::Point(other)) => near(one.0, other.0),
        (Geometry::LineString(one), Geometry::LineString(other)) => same_line(one, other),
        (Geometry::MultiLineString(one), Geometry::MultiLineString(other)) => {
            match_up(&one.0, &other.0, same_line)
        }
        (Geometry::MultiPolygon(one), Geometry::MultiPolygon(other)) => same_areas(one, other),
        _ => false,
    }
}

fn near(one: Coord<f64>, other: Coord<f64>) -> bool {
    (one.x - other.x).abs() <= ROUNDED_DEGREES && (one.y - other.y).abs() <= ROUNDED_DEGREES
}

/// Which way a line goes may matter, as of a river.
fn same_line(one: &LineString<f64>, other: &LineString<f64>) -> bool {
    one.0.len() == other.0.len() && one.0.iter().zip(&other.0).all(|(a, b)| near(*a, *b))
}

fn same_areas(one: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> bool {
    match_up(&one.0, &other.0, same_area)
}

fn same_area(one: &Polygon<f64>, other: &Polygon<f64>) -> bool {
    same_ring(one.exterior(), other.exterior())
        && match_up(one.interiors(), other.interiors(), same_ring)
}

/// Whether each of some parts is the same as one of the others, and no two as the same one.
fn match_up<T>(ones: &[T], others: &[T], same: fn(&T, &T) -> bool) -> bool {
    let mut left: Vec<&T> = others.iter().collect();
    ones.len() == others.len()
        && ones.iter().all(|one| {
            let at = left.iter().position(|other| same(one, other));
            at.map(|at| left.swap_remove(at)).is_some()
        })
}

fn same_ring(one: &LineString<f64>, other: &LineString<f64>) -> bool {
    let (one, other) = (corners(one), corners(other));
    let Some(first) = one.first().filter(|_| one.len() == other.len()) else {
        return one.is_empty() && other.is_empty();
    };
    let starts = (0..other.len()).filter(|start| near(*first, other[*start]));
    let mut starts = starts.into_iter();
    starts.any(|start| goes_along(one, other, start) || goes_against(one, other, start))
}

/// The positions of a ring without the last one, which repeats the first.
fn corners(ring: &LineString<f64>) -> &[Coord<f64>] {
    ring.0.split_last().map_or(&[], |(_, corners)| corners)
}

fn goes_along(one: &[Coord<f64>], other: &[Coord<f64>], start: usize) -> bool {
    let along = other[start..].iter().chain(&other[..start]);
    one.iter().zip(along).all(|(a, b)| near(*a, *b))
}

fn goes_against(one: &[Coord<f64>], other: &[Coord<f64>], start: usize) -> bool {
    let (before, after) = other.split_at(start + 1);
    let against = before.iter().rev().chain(after.iter().rev());
    one.iter().zip(against).all(|(a, b)| near(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    fn ring(places: &[(f64, f64)]) -> LineString<f64> {
        let closed = places.iter().chain(places.first());
        closed.copied().collect()
    }

    fn area(rings: &[&[(f64, f64)]]) -> Geometry<f64> {
        let holes = rings[1..].iter().map(|hole| ring(hole)).collect();
        MultiPolygon::new(vec![Polygon::new(ring(rings[0]), holes)]).into()
    }

    #[test]
    fn a_ring_is_the_same_wherever_it_begins_and_whichever_way_it_goes() {
        let corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (1.0, 5.0)];
        let hole = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)];
        let shape = area(&[&corners, &hole]);
        for start in 0..corners.len() {
            let mut turned = corners;
            turned.rotate_left(start);
            assert!(same_shape(&shape, &area(&[&turned, &hole])), "{start}");
            turned.reverse();
            assert!(same_shape(&shape, &area(&[&turned, &hole])), "{start}");
        }
        let mut crossed = corners;
        crossed.swap(1, 2);
        for other in [
            area(&[&crossed, &hole]),
            area(&[&corners]),
            area(&[&corners[..3], &hole]),
        ] {
            assert!(!same_shape(&shape, &other), "{other:?}");
        }
    }

    #[test]
    fn rounding_is_no_move() {
        let at = |x: f64| Geometry::Point((x, 44.0).into());
        assert!(same_shape(&at(22.123_456_789), &at(22.123_456_8)));
        assert!(!same_shape(&at(22.123_456_789), &at(22.123_456_9)));
    }

    #[test]
    fn parts_come_in_any_order_and_lines_keep_their_direction() {
        let [a, b] =
            [0.0, 10.0].map(|x| polygon![(x: x, y: 0.0), (x: x + 1.0, y: 0.0), (x: x, y: 1.0)]);
        let both = |one: &Polygon<f64>, other: &Polygon<f64>| -> Geometry<f64> {
            MultiPolygon::new(vec![one.clone(), other.clone()]).into()
        };
        assert!(same_shape(&both(&a, &b), &both(&b, &a)));
        assert!(!same_shape(&both(&a, &b), &both(&a, &a)));
        let line = line_string![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0)];
        let mut back = line.clone();
        back.0.reverse();
        assert!(same_shape(&line.clone().into(), &line.clone().into()));
        assert!(!same_shape(&line.into(), &back.into()));
    }
}
