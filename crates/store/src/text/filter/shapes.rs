//! Shapes that are boxes.

use geo_types::{Coord, Geometry};

use crate::items::Bbox;

/// The box that an area is, if its sides run east and north.
pub(super) fn as_box(shape: &Geometry<f64>) -> Option<Bbox> {
    let Geometry::Polygon(area) = shape else {
        return None;
    };
    let [a, b, c, d, _] = area.exterior().0[..] else {
        return None;
    };
    let sides = [(a, b), (b, c), (c, d), (d, a)];
    let upright = |from: Coord<f64>, to: Coord<f64>| same(from.x, to.x) && !same(from.y, to.y);
    let level = |from: Coord<f64>, to: Coord<f64>| same(from.y, to.y) && !same(from.x, to.x);
    let all_alike = |at: usize| {
        let (even, odd) = (at % 2, (at + 1) % 2);
        sides.iter().enumerate().all(|(place, (from, to))| {
            (place % 2 == even && upright(*from, *to)) || (place % 2 == odd && level(*from, *to))
        })
    };
    let is_box = area.interiors().is_empty() && (all_alike(0) || all_alike(1));
    is_box.then(|| Bbox {
        west: a.x.min(c.x),
        south: a.y.min(c.y),
        east: a.x.max(c.x),
        north: a.y.max(c.y),
    })
}

/// Corners of a box are the same number, not nearly.
fn same(one: f64, other: f64) -> bool {
    one.total_cmp(&other).is_eq()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn only_upright_rectangles_are_boxes() {
        let expected = Some(Bbox {
            west: 1.0,
            south: 2.0,
            east: 3.0,
            north: 4.0,
        });
        for corners in [
            [(1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 4.0)],
            [(3.0, 4.0), (3.0, 2.0), (1.0, 2.0), (1.0, 4.0)],
        ] {
            assert_eq!(as_box(&area(&corners)), expected);
        }
        for corners in [
            &[(1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.5, 4.0)][..],
            &[(1.0, 2.0), (3.0, 2.0), (3.0, 4.0)],
            &[(1.0, 2.0), (3.0, 2.0), (1.0, 2.0), (1.0, 4.0)],
            &[(1.0, 2.0), (3.0, 4.0), (3.0, 2.0), (1.0, 4.0)],
            &[(1.0, 2.0), (3.0, 2.0), (3.0, 3.0), (3.0, 4.0), (1.0, 4.0)],
        ] {
            assert_eq!(as_box(&area(corners)), None, "{corners:?}");
        }
        let with_hole = polygon!(
            exterior: [(x: 1.0, y: 2.0), (x: 3.0, y: 2.0), (x: 3.0, y: 4.0), (x: 1.0, y: 4.0)],
            interiors: [[(x: 1.5, y: 2.5), (x: 2.0, y: 2.5), (x: 2.0, y: 3.0)]],
        );
        assert_eq!(as_box(&with_hole.into()), None);
    }

    fn area(corners: &[(f64, f64)]) -> Geometry<f64> {
        geo_types::Polygon::new(corners.to_vec().into(), Vec::new()).into()
    }
}
