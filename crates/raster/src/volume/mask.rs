//! Which cells of a part of the grid lie inside polygons, or near them.

use std::ops::Range;

use geo_types::{Coord, LineString, MultiPolygon};
use geodesy::Bounds;

use crate::grid::Grid;
use crate::polygon::spans;
use crate::volume::frame::{as_f64, shared};

/// Polygons in the reference system of the grid, and the rectangle around them.
#[derive(Clone, Debug)]
pub struct Area {
    polygon: MultiPolygon<f64>,
    bounds: Option<Bounds>,
}

impl Area {
    pub fn new(polygon: MultiPolygon<f64>) -> Self {
        let corners = polygon
            .iter()
            .flat_map(|part| &part.exterior().0)
            .map(|corner| (corner.x, corner.y));
        let bounds = Bounds::of_points(corners);
        Self { polygon, bounds }
    }

    /// The rectangle around it; none for nothing.
    pub const fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// Its rings.
    pub fn rings(&self) -> impl Iterator<Item = &LineString<f64>> {
        self.polygon
            .iter()
            .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()))
    }

    /// Marks the cells whose centres lie inside; answers whether there is one.
    pub fn mark(&self, grid: &Grid, marks: &mut [bool]) -> bool {
        if !self.is_near(grid, 0.0) {
            return false;
        }
        let mut any = false;
        for row in 0..grid.rows {
            for span in spans(&self.polygon, grid, row) {
                any |= !span.is_empty();
                mark(marks, grid, row, span);
            }
        }
        any
    }

    /// Marks the cells inside and those whose centres are not farther than `distance_m` from an edge;
    /// `metres` are those of a unit of x and of y.
    pub fn mark_near(&self, grid: &Grid, distance_m: f64, metres: [f64; 2], marks: &mut [bool]) {
        let smallest = metres[0].min(metres[1]);
        if !self.is_near(grid, distance_m / smallest) {
            return;
        }
        self.mark(grid, marks);
        for row in 0..grid.rows {
            let (_, y) = grid.centre(0, row);
            for edge in self.rings().flat_map(LineString::lines) {
                let [a, b] = [edge.start, edge.end].map(|corner| in_metres(corner, metres));
                if let Some((west, east)) = stadium(a, b, distance_m, y * metres[1]) {
                    let span = columns(grid, west / metres[0], east / metres[0]);
                    mark(marks, grid, row, span);
                }
            }
        }
    }

    fn is_near(&self, grid: &Grid, distance: f64) -> bool {
        let Some(bounds) = self.bounds else {
            return false;
        };
        let wide = Bounds {
            min_x: bounds.min_x - distance,
            min_y: bounds.min_y - distance,
            max_x: bounds.max_x + distance,
            max_y: bounds.max_y + distance,
        };
        shared(&wide, &grid.bounds()).is_some()
    }
}

fn mark(marks: &mut [bool], grid: &Grid, row: usize, span: Range<usize>) {
    let row = &mut marks[row * grid.columns..(row + 1) * grid.columns];
    row[span].fill(true);
}

fn in_metres(corner: Coord<f64>, metres: [f64; 2]) -> Coord<f64> {
    Coord {
        x: corner.x * metres[0],
        y: corner.y * metres[1],
    }
}

/// Where the line of this `y` runs within `radius` of the stretch from `a` to `b`: the outermost of
/// its cuts with the circles around the ends and with the two parallels.
fn stadium(a: Coord<f64>, b: Coord<f64>, radius: f64, y: f64) -> Option<(f64, f64)> {
    if y < a.y.min(b.y) - radius || y > a.y.max(b.y) + radius {
        return None;
    }
    let circle = |centre: Coord<f64>| {
        let half = (radius * radius - (y - centre.y).powi(2)).sqrt();
        (!half.is_nan()).then_some([centre.x - half, centre.x + half])
    };
    let (east, north) = (b.x - a.x, b.y - a.y);
    let length = east.hypot(north);
    let side = |turn: f64| {
        let share = (y - a.y - turn * radius * east / length) / north;
        let x = a.x - turn * radius * north / length + share * east;
        (0.0..=1.0).contains(&share).then_some([x, x])
    };
    let cuts = [circle(a), circle(b), side(1.0), side(-1.0)];
    cuts.into_iter()
        .flatten()
        .fold(None, |reach, [west, east]| {
            let (least, most): (f64, f64) = reach.unwrap_or((west, east));
            Some((least.min(west), most.max(east)))
        })
}

/// The columns whose centres lie from `west` to `east`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the grid"
)]
fn columns(grid: &Grid, west: f64, east: f64) -> Range<usize> {
    let count = as_f64(grid.columns);
    let place = |x: f64| (x - grid.west) / grid.cell_width - 0.5;
    let first = place(west).ceil().clamp(0.0, count) as usize;
    let end = (place(east).floor() + 1.0).clamp(0.0, count) as usize;
    first..end.max(first)
}
