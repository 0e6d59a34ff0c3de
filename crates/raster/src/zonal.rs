//! Statistics of the cells inside an outline.

mod area;
mod order;

use std::ops::Range;

use geo_types::MultiPolygon;
use geodesy::Bounds;

pub use area::ellipsoidal_area_m2;

use crate::error::RasterError;
use crate::grid::{Grid, Window};
use crate::image::Image;
use crate::polygon::{from_wgs84, spans};
use order::{Counters, Ranks};

/// The percentiles that are taken.
pub const PERCENTILES: [u32; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/// How many bins a histogram has.
pub const BINS: usize = 40;

/// Cells are read in squares of this side, as images of the register are tiled.
const TILE: usize = 512;

/// The cells of an image inside an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Zonal {
    /// The level they were read from: 0 is full resolution, others are overviews.
    pub level: usize,
    /// Width and height of a cell of that level, in units of the image's coordinate reference system.
    pub cell_size: (f64, f64),
    /// The outline's area on the ellipsoid WGS 84, square metres.
    pub outline_area_m2: f64,
    /// Cells whose centres are inside the outline, those outside the image too.
    pub outline_cells: u64,
    /// What the cells with data say; `None` when there is none.
    pub values: Option<Values>,
}

/// What cells with data say, in the unit of the cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// How many cells.
    pub cells: u64,
    /// The least.
    pub least: f64,
    /// The greatest.
    pub greatest: f64,
    /// The mean of all.
    pub mean: f64,
    /// Their standard deviation (of all cells: divided by their number).
    pub deviation: f64,
    /// The values at [`PERCENTILES`], between two cells by share of the way.
    pub percentiles: [f64; PERCENTILES.len()],
    /// Cells in equal bins from the least to the greatest; one bin when the two are the same.
    pub histogram: Vec<u64>,
}

impl Zonal {
    /// The part of the outline that has data, 0 to 1.
    #[expect(
        clippy::cast_precision_loss,
        reason = "cells in an image are far fewer than 2^52"
    )]
    pub fn covered(&self) -> f64 {
        let known = self.values.as_ref().map_or(0, |values| values.cells);
        known as f64 / self.outline_cells.max(1) as f64
    }
}

/// Takes the statistics of a band (from 1) inside an outline in longitude and latitude, WGS 84.
///
/// A cell belongs to the outline when its centre is inside. Read is the finest level that has at most
/// `most_cells` cells in the rectangle around the outline. Memory does not grow with the image:
/// percentiles come of two passes that count, and are exact.
///
/// # Errors
/// When the image cannot be read, or a corner of the outline cannot be computed.
pub fn statistics(
    image: &Image,
    band: usize,
    outline: &MultiPolygon<f64>,
    most_cells: usize,
) -> Result<Zonal, RasterError> {
    let polygon = from_wgs84(outline, image.plan())?;
    let around = bounds(&polygon);
    let zone = Zone::new(image, band, polygon, &around, most_cells);
    Ok(Zonal {
        level: zone.level,
        cell_size: (zone.grid.cell_width, zone.grid.cell_height),
        outline_area_m2: ellipsoidal_area_m2(outline),
        outline_cells: zone.all_cells(&around),
        values: zone.values()?,
    })
}

fn bounds(polygon: &MultiPolygon<f64>) -> Bounds {
    let corners = polygon
        .iter()
        .flat_map(|polygon| polygon.exterior().0.iter());
    Bounds::of_points(corners.map(|corner| (corner.x, corner.y)))
        .unwrap_or(Bounds::new(0.0, 0.0, 0.0, 0.0))
}

/// A part of a level of an image.
struct Zone<'i> {
    image: &'i Image,
    band: usize,
    polygon: MultiPolygon<f64>,
    level: usize,
    grid: Grid,
    window: Option<Window>,
}

impl<'i> Zone<'i> {
    fn new(
        image: &'i Image,
        band: usize,
        polygon: MultiPolygon<f64>,
        around: &Bounds,
        most_cells: usize,
    ) -> Self {
        let levels = image.levels();
        let cells = |grid: &Grid| {
            let window = grid.window_over(around, 0);
            window.map_or(0, |window| window.columns.saturating_mul(window.rows))
        };
        let fits = levels.iter().position(|grid| cells(grid) <= most_cells);
        let level = fits.unwrap_or(levels.len() - 1);
        Self {
            window: levels[level].window_over(around, 0),
            grid: levels[level],
            image,
            band,
            polygon,
            level,
        }
    }

    /// The cells of the outline, as if the grid went on beyond the image.
    fn all_cells(&self, around: &Bounds) -> u64 {
        let endless = grid_over(&self.grid, around);
        let rows = (0..endless.rows).flat_map(|row| spans(&self.polygon, &endless, row));
        rows.map(|span| span.len() as u64).sum()
    }

    fn values(&self) -> Result<Option<Values>, RasterError> {
        let mut moments = Moments::default();
        let mut counters = Counters::default();
        self.each(|value| {
            moments.add(value);
            counters.add(value);
        })?;
        if moments.cells == 0 {
            return Ok(None);
        }
        let mut ranks = Ranks::among(&counters, moments.cells, &PERCENTILES);
        let mut histogram = moments.empty_histogram();
        self.each(|value| {
            ranks.add(value);
            histogram[moments.bin(value)] += 1;
        })?;
        Ok(Some(Values {
            cells: moments.cells,
            least: f64::from(moments.least),
            greatest: f64::from(moments.greatest),
            mean: moments.mean,
            deviation: moments.deviation(),
            percentiles: ranks.percentiles(),
            histogram,
        }))
    }

    /// Calls `with` for every value inside the outline, tile by tile.
    fn each(&self, mut with: impl FnMut(f32)) -> Result<(), RasterError> {
        let Some(window) = self.window else {
            return Ok(());
        };
        for rows in tiles(window.row, window.rows) {
            let inside: Vec<_> = rows
                .clone()
                .map(|row| spans(&self.polygon, &self.grid, row))
                .collect();
            for columns in tiles(window.column, window.columns) {
                self.tile(&rows, &columns, &inside, &mut with)?;
            }
        }
        Ok(())
    }

    fn tile(
        &self,
        rows: &Range<usize>,
        columns: &Range<usize>,
        inside: &[Vec<Range<usize>>],
        with: &mut impl FnMut(f32),
    ) -> Result<(), RasterError> {
        let cut = |span: &Range<usize>| {
            span.start.max(columns.start) - columns.start
                ..span.end.min(columns.end).max(columns.start) - columns.start
        };
        let touched = inside.iter().flatten().any(|span| !cut(span).is_empty());
        if !touched {
            return Ok(());
        }
        let window = Window {
            column: columns.start,
            row: rows.start,
            columns: columns.len(),
            rows: rows.len(),
        };
        let cells = self.image.read(self.band, self.level, window)?;
        for (row, spans) in cells.rows().zip(inside) {
            let values = spans.iter().map(cut).filter(|span| !span.is_empty());
            let values = values.flat_map(|span| &row[span]);
            values
                .filter(|value| value.is_finite())
                .for_each(|value| with(*value));
        }
        Ok(())
    }
}

/// A span of cells in pieces that end where tiles end.
fn tiles(first: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
    let end = first + count;
    (first / TILE..end.div_ceil(TILE))
        .map(move |tile| (tile * TILE).max(first)..((tile + 1) * TILE).min(end))
}

/// The grid carried on over a rectangle and no farther.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers, not negative by their order"
)]
fn grid_over(grid: &Grid, around: &Bounds) -> Grid {
    let (west, north) = grid.place(around.min_x, around.max_y);
    let (east, south) = grid.place(around.max_x, around.min_y);
    Grid {
        west: grid.west + west.floor() * grid.cell_width,
        north: grid.north - north.floor() * grid.cell_height,
        columns: (east.ceil() - west.floor()).max(0.0) as usize,
        rows: (south.ceil() - north.floor()).max(0.0) as usize,
        ..*grid
    }
}

/// Count, extremes, mean and variance in one pass (Welford).
struct Moments {
    cells: u64,
    least: f32,
    greatest: f32,
    mean: f64,
    squares: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            cells: 0,
            least: f32::INFINITY,
            greatest: f32::NEG_INFINITY,
            mean: 0.0,
            squares: 0.0,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts far below 2^52, and a bin's number below BINS"
)]
impl Moments {
    fn add(&mut self, value: f32) {
        self.cells += 1;
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
        let off = f64::from(value) - self.mean;
        self.mean += off / self.cells as f64;
        self.squares += off * (f64::from(value) - self.mean);
    }

    fn deviation(&self) -> f64 {
        (self.squares / self.cells as f64).sqrt()
    }

    fn empty_histogram(&self) -> Vec<u64> {
        let bins = if self.least < self.greatest { BINS } else { 1 };
        vec![0; bins]
    }

    fn bin(&self, value: f32) -> usize {
        let range = f64::from(self.greatest) - f64::from(self.least);
        if range <= 0.0 {
            return 0;
        }
        let share = (f64::from(value) - f64::from(self.least)) / range;
        ((share * BINS as f64) as usize).min(BINS - 1)
    }
}
