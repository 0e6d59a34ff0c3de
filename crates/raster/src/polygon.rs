//! The cells of a grid inside a polygon.

use std::ops::Range;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use geodesy::{GeodesyError, TransformPlan};

use crate::grid::Grid;

/// The columns of a row whose cells' centres lie inside the polygon, from west to east, none twice.
///
/// `polygon` is in the grid's coordinate reference system. Inside is by the even-odd rule for each
/// polygon with its holes; of polygons that overlap a cell counts once. A centre exactly on an edge
/// belongs to one of the two sides, so that neighbours share out all cells between them.
pub fn spans(polygon: &MultiPolygon<f64>, grid: &Grid, row: usize) -> Vec<Range<usize>> {
    let (_, y) = grid.centre(0, row);
    let mut spans: Vec<Range<usize>> = polygon
        .iter()
        .flat_map(|polygon| spans_of_one(polygon, grid, y))
        .collect();
    if polygon.0.len() > 1 {
        spans.sort_by_key(|span| span.start);
        spans = joined(spans);
    }
    spans
}

fn spans_of_one(polygon: &Polygon<f64>, grid: &Grid, y: f64) -> Vec<Range<usize>> {
    let mut crossings = crossings(polygon.exterior(), y).collect::<Vec<_>>();
    if crossings.is_empty() {
        return Vec::new();
    }
    crossings.extend(polygon.interiors().iter().flat_map(|ring| {
        let ring: &LineString<f64> = ring;
        self::crossings(ring, y)
    }));
    crossings.sort_by(f64::total_cmp);
    crossings
        .chunks_exact(2)
        .map(|pair| first_column(grid, pair[0])..first_column(grid, pair[1]))
        .filter(|span| !span.is_empty())
        .collect()
}

/// Where a ring crosses the line of this y. A corner on the line counts for the edge that comes from
/// above only, so that the crossings of a closed ring are always an even number.
fn crossings(ring: &LineString<f64>, y: f64) -> impl Iterator<Item = f64> {
    ring.lines()
        .filter(move |edge| (edge.start.y <= y) != (edge.end.y <= y))
        .map(move |edge| {
            let share = (y - edge.start.y) / (edge.end.y - edge.start.y);
            edge.start.x + share * (edge.end.x - edge.start.x)
        })
}

/// The first column whose cells' centres are not west of `x`; `grid.columns` when there is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped to the columns, of which there are far fewer than 2^52"
)]
fn first_column(grid: &Grid, x: f64) -> usize {
    let column = ((x - grid.west) / grid.cell_width - 0.5).ceil();
    column.clamp(0.0, grid.columns as f64) as usize
}

/// Sorted spans, those that touch or overlap made one.
fn joined(spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// Longest side, in degrees, that is taken over by its ends alone: between them a line that is
/// straight in longitude and latitude is less than 1 cm from the one straight in a grid.
const LONGEST_SIDE: f64 = 0.005;

/// A polygon in longitude and latitude, WGS 84, brought into the coordinate reference system of a
/// plan; long sides get corners between, because a side straight in the one is bent in the other.
///
/// # Errors
/// When a corner cannot be computed.
pub fn from_wgs84(
    polygon: &MultiPolygon<f64>,
    plan: &TransformPlan,
) -> Result<MultiPolygon<f64>, GeodesyError> {
    let transformer = plan.from_wgs84()?;
    let ring = |ring: &LineString<f64>| -> Result<LineString<f64>, GeodesyError> {
        let corners = densified(ring).into_iter().map(|corner| {
            let (x, y) = transformer.transform(corner.x, corner.y)?;
            Ok(Coord { x, y })
        });
        Ok(LineString(corners.collect::<Result<_, GeodesyError>>()?))
    };
    let parts = polygon.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(ring);
        Ok(Polygon::new(
            ring(polygon.exterior())?,
            holes.collect::<Result<_, GeodesyError>>()?,
        ))
    });
    Ok(MultiPolygon(parts.collect::<Result<_, GeodesyError>>()?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side of at most 360 degrees has few parts"
)]
fn densified(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let sides = ring.lines().flat_map(|side| {
        let (east, north) = (side.dx(), side.dy());
        let parts = (east.hypot(north) / LONGEST_SIDE).ceil().clamp(1.0, 1e5) as u32;
        (0..parts).map(move |part| {
            let share = f64::from(part) / f64::from(parts);
            Coord {
                x: side.start.x + share * east,
                y: side.start.y + share * north,
            }
        })
    });
    sides.chain(ring.0.last().copied()).collect()
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{Point, polygon};
    use proptest::prelude::*;

    use super::*;

    fn grid(columns: usize, rows: usize) -> Grid {
        Grid {
            west: 0.0,
            north: 10.0,
            cell_width: 10.0 / f64::from(u32::try_from(columns).unwrap()),
            cell_height: 10.0 / f64::from(u32::try_from(rows).unwrap()),
            columns,
            rows,
        }
    }

    fn all(polygon: &MultiPolygon<f64>, grid: &Grid) -> Vec<Vec<Range<usize>>> {
        (0..grid.rows)
            .map(|row| spans(polygon, grid, row))
            .collect()
    }

    #[test]
    fn a_hole_and_a_second_part() {
        let ring = polygon!(
            exterior: [(x: 1., y: 1.), (x: 6., y: 1.), (x: 6., y: 9.), (x: 1., y: 9.)],
            interiors: [[(x: 2., y: 3.), (x: 4., y: 3.), (x: 4., y: 6.), (x: 2., y: 6.)]],
        );
        let island = polygon![(x: 8., y: 4.), (x: 20., y: 4.), (x: 20., y: 6.), (x: 8., y: 6.)];
        let both = MultiPolygon(vec![island, ring]);
        let found = all(&both, &grid(10, 10));
        let none: Vec<Range<usize>> = Vec::new();
        assert_eq!((&found[0], &found[9]), (&none, &none));
        assert_eq!(found[1], vec![1..6, 8..9][..1]);
        assert_eq!(found[4], [1..2, 4..6, 8..10]);
        assert_eq!(found[6], [1..2, 4..6]);
    }

    /// Two polygons with a common edge through the centres of cells.
    #[test]
    fn neighbours_share_out_all_cells() {
        let west = polygon![(x: 0., y: 0.), (x: 4.5, y: 0.), (x: 4.5, y: 10.), (x: 0., y: 10.)];
        let east = polygon![(x: 4.5, y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 4.5, y: 10.)];
        let grid = grid(10, 10);
        for row in 0..10 {
            let west = spans(&MultiPolygon(vec![west.clone()]), &grid, row);
            let east = spans(&MultiPolygon(vec![east.clone()]), &grid, row);
            assert_eq!(west[0].end, east[0].start);
            assert_eq!((west[0].start, east[0].end), (0, 10));
        }
    }

    #[test]
    fn parts_that_overlap_count_once() {
        let one = polygon![(x: 1., y: 1.), (x: 6., y: 1.), (x: 6., y: 9.), (x: 1., y: 9.)];
        let other = polygon![(x: 3., y: 1.), (x: 8., y: 1.), (x: 8., y: 9.), (x: 3., y: 9.)];
        let both = MultiPolygon(vec![other, one]);
        assert_eq!(spans(&both, &grid(10, 10), 5), vec![1..8]);
    }

    fn ring(corners: usize) -> impl Strategy<Value = LineString<f64>> {
        prop::collection::vec((-3.0..13.0_f64, -3.0..13.0_f64), 3..corners)
            .prop_map(LineString::from)
    }

    /// A star around a centre, with a smaller one as hole: simple rings, which `contains` is defined
    /// for.
    fn star() -> impl Strategy<Value = Polygon<f64>> {
        let centre = (0.0..10.0_f64, 0.0..10.0_f64);
        let radii = prop::collection::vec(0.5..6.0_f64, 5..40);
        (centre, radii, 0.0..0.9_f64).prop_map(|((x, y), radii, hole)| {
            let turn = std::f64::consts::TAU / f64::from(u32::try_from(radii.len()).unwrap());
            let ring = |size: f64| -> LineString<f64> {
                let corners = radii.iter().zip(0_u32..).map(|(radius, at)| {
                    let (sin, cos) = (turn * f64::from(at)).sin_cos();
                    (x + size * radius * cos, y + size * radius * sin)
                });
                corners.collect()
            };
            Polygon::new(ring(1.0), vec![ring(hole)])
        })
    }

    #[test]
    fn long_sides_get_corners_between() {
        let square = polygon![(x: 22.0, y: 44.0), (x: 22.018, y: 44.0), (x: 22.018, y: 44.018)];
        let crs = geodesy::Crs::from_epsg(32634).unwrap();
        let plan = TransformPlan::new(&crs).unwrap();
        let placed = from_wgs84(&MultiPolygon(vec![square]), &plan).unwrap();
        let corners = &placed.0[0].exterior().0;
        assert_eq!(corners.len(), 4 + 4 + 6 + 1);
        let back = plan.to_wgs84().unwrap();
        let (lon, lat) = back.transform(corners[2].x, corners[2].y).unwrap();
        assert!((lon - 22.009).abs() < 1e-9 && (lat - 44.0).abs() < 1e-9);
    }

    fn agrees(polygon: &MultiPolygon<f64>, grid: &Grid) -> Result<(), TestCaseError> {
        for row in 0..grid.rows {
            let spans = spans(polygon, grid, row);
            for column in 0..grid.columns {
                let (x, y) = grid.centre(column, row);
                let inside = spans.iter().any(|span| span.contains(&column));
                prop_assert_eq!(inside, polygon.contains(&Point::new(x, y)), "{} {}", x, y);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn the_same_cells_as_by_containment_of_each_centre(
            outer in star(), other in star(), columns in 1_usize..40, rows in 1_usize..40,
        ) {
            agrees(&MultiPolygon(vec![outer, other]), &grid(columns, rows))?;
        }

        /// Of rings that cross themselves too.
        #[test]
        fn spans_are_in_order_and_inside_the_grid(ring in ring(12), columns in 1_usize..40) {
            let polygon = MultiPolygon(vec![Polygon::new(ring, vec![])]);
            let grid = grid(columns, 10);
            for spans in all(&polygon, &grid) {
                let mut end = 0;
                for span in spans {
                    prop_assert!(end <= span.start && span.start < span.end && span.end <= columns);
                    end = span.end;
                }
            }
        }
    }
}
