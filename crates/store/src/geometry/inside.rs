//! A point inside an area, as `ST_PointOnSurface` finds it: the middle of the widest part of a level
//! line that meets no vertex. Found while records are read, it need not be found while the register
//! waits.

use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};

/// A point inside an area, in its coordinates; `None` for an area too thin to have one in numbers of
/// this precision.
pub(crate) fn point_inside(areas: &MultiPolygon<f64>) -> Option<Point<f64>> {
    let widest = areas.iter().filter_map(widest_part);
    let widest = widest.max_by(|a, b| a.width().total_cmp(&b.width()))?;
    let x = f64::midpoint(widest.west, widest.east);
    (widest.west < x && x < widest.east).then(|| Point::new(x, widest.y))
}

/// A part of a level line that lies inside an area.
struct Part {
    y: f64,
    west: f64,
    east: f64,
}

impl Part {
    fn width(&self) -> f64 {
        self.east - self.west
    }
}

fn widest_part(area: &Polygon<f64>) -> Option<Part> {
    let y = level(area.exterior())?;
    let rings = std::iter::once(area.exterior()).chain(area.interiors());
    let mut crossings: Vec<f64> = rings.flat_map(|ring| crossings(ring, y)).collect();
    crossings.sort_by(f64::total_cmp);
    let (parts, _) = crossings.as_chunks();
    let parts = parts.iter().map(|&[west, east]| Part { y, west, east });
    parts.max_by(|a, b| a.width().total_cmp(&b.width()))
}

/// Half-way between the vertices next to the middle, above and below.
fn level(shell: &LineString<f64>) -> Option<f64> {
    let ordinates = || shell.0.iter().map(|at| at.y);
    let (low, high) = (ordinates().reduce(f64::min)?, ordinates().reduce(f64::max)?);
    let middle = f64::midpoint(low, high);
    let below = ordinates().filter(|y| *y <= middle).fold(low, f64::max);
    let above = ordinates().filter(|y| *y > middle).fold(high, f64::min);
    Some(f64::midpoint(below, above))
}

/// Where a ring crosses the level line, in no particular order.
fn crossings(ring: &LineString<f64>, y: f64) -> impl Iterator<Item = f64> {
    let across = move |(a, b): (&Coord<f64>, &Coord<f64>)| {
        ((a.y > y) != (b.y > y)).then(|| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
    };
    ring.0.iter().zip(ring.0.iter().skip(1)).filter_map(across)
}

#[cfg(test)]
mod tests {
    use super::point_inside;
    use geo_types::{Point, Polygon, polygon};

    /// A valley open to the north, and a square with a hole.
    fn valley() -> Polygon<f64> {
        polygon![(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 8.), (x: 7., y: 8.), (x: 7., y: 1.), (x: 1., y: 1.), (x: 1., y: 8.), (x: 0., y: 8.)]
    }

    fn ringed() -> Polygon<f64> {
        polygon!(exterior: [(x: 20., y: 0.), (x: 30., y: 0.), (x: 30., y: 10.), (x: 20., y: 10.)],
            interiors: [[(x: 21., y: 1.), (x: 21., y: 9.), (x: 26., y: 9.), (x: 26., y: 1.)]])
    }

    /// As `select ST_AsText(ST_PointOnSurface(…))` answers.
    #[test]
    fn the_middle_of_the_widest_part_is_taken() {
        let at = |areas: Vec<Polygon<f64>>| point_inside(&areas.into());
        assert_eq!(at(vec![valley()]), Some(Point::new(8.0, 4.5)));
        assert_eq!(at(vec![ringed()]), Some(Point::new(28.0, 5.0)));
        assert_eq!(at(vec![valley(), ringed()]), Some(Point::new(28.0, 5.0)));
    }

    #[test]
    fn what_has_no_inside_has_no_point_in_it() {
        let flat = polygon![(x: 0., y: 0.), (x: 9., y: 0.), (x: 5., y: 0.)];
        assert_eq!(point_inside(&flat.into()), None);
        assert_eq!(point_inside(&Vec::<Polygon<f64>>::new().into()), None);
    }
}
