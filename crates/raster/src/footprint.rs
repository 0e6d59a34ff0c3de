//! Which cells have data: how many, on what area, within what outline.

mod outline;

use geo::{Area as _, Simplify as _, Validation as _};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use geodesy::{Bounds, Crs, GeodesyError, TransformPlan, Transformer, distance_m};

use crate::grid::{Grid, Window};

/// The mask of data is kept with at most so many columns and rows.
const MOST_SIDE: usize = 1024;
/// Holes and specks of fewer coarse cells are left out.
const LEAST_CELLS: f64 = 4.0;
/// An outline has at most about so many corners; one of more is drawn coarser.
const MOST_CORNERS: usize = 5_000;
/// An outline of so few corners is kept as it is.
const PLAIN_CORNERS: usize = 200;
/// How far, in coarse cells, the corners of stairs lie from each other's chords.
const STAIR: f64 = 1.5;
/// Sides of the outline longer than this part of the raster are bent where the projection bends
/// them.
const PARTS_OF_SIDE: f64 = 32.0;
/// On so short a side the bend is less than a centimetre, metres.
const STRAIGHT_M: f64 = 500.0;

/// The cells with data, counted on a coarse grid, with the mean of their values there.
#[derive(Clone, Debug)]
pub struct Coverage {
    grid: Grid,
    coarse: Grid,
    /// So many cells of the grid make one coarse cell, each way.
    factor: usize,
    counts: Vec<u32>,
    sums: Vec<f64>,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 cells"
)]
impl Coverage {
    /// Of a grid of which no cell has been seen.
    pub fn new(grid: Grid) -> Self {
        let factor = grid.columns.max(grid.rows).div_ceil(MOST_SIDE).max(1);
        let coarse = coarser(&grid, factor);
        Self {
            counts: vec![0; coarse.columns * coarse.rows],
            sums: vec![0.0; coarse.columns * coarse.rows],
            grid,
            coarse,
            factor,
        }
    }

    /// Counts the cells of a window: of each, row by row, its value where it has data.
    pub fn add(&mut self, window: Window, values: impl Iterator<Item = Option<f64>>) {
        let columns = window.columns.max(1);
        for (at, value) in values.enumerate() {
            let Some(value) = value else { continue };
            let row = (window.row + at / columns) / self.factor;
            let column = (window.column + at % columns) / self.factor;
            let cell = row * self.coarse.columns + column;
            self.counts[cell] += 1;
            self.sums[cell] += value;
        }
    }

    /// How many cells have data.
    pub fn valid_cells(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// Cells with data of all cells, percent.
    pub fn valid_percent(&self) -> f64 {
        let all = self.grid.columns as f64 * self.grid.rows as f64;
        100.0 * self.valid_cells() as f64 / all.max(1.0)
    }

    /// The area of the cells with data on the ellipsoid, square metres.
    ///
    /// # Errors
    /// When the grid lies where the operation to WGS 84 is undefined.
    pub fn area_m2(&self, plan: &TransformPlan) -> Result<f64, GeodesyError> {
        let to_wgs84 = plan.to_wgs84()?;
        let rows = self.counts.chunks(self.coarse.columns.max(1));
        let mut area_m2 = 0.0;
        for (row, counts) in rows.enumerate() {
            let count: u64 = counts.iter().map(|&count| u64::from(count)).sum();
            if count > 0 {
                let centre = self.coarse.centre(self.coarse.columns / 2, row);
                area_m2 += count as f64 * cell_area_m2(&self.grid, centre, &to_wgs84)?;
            }
        }
        Ok(area_m2)
    }

    /// The side of a square with the area of a cell in the middle of the grid, metres.
    ///
    /// # Errors
    /// As [`Coverage::area_m2`].
    pub fn resolution_m(&self, plan: &TransformPlan) -> Result<f64, GeodesyError> {
        let centre = self.grid.centre(self.grid.columns / 2, self.grid.rows / 2);
        Ok(cell_area_m2(&self.grid, centre, &plan.to_wgs84()?)?.sqrt())
    }

    /// At most about `most` × `most` coarse cells all of whose cells have data, spread over the
    /// grid: the centre (x = east, y = north) and the mean of the values.
    pub fn means(&self, most: usize) -> Vec<((f64, f64), f64)> {
        let step = self
            .coarse
            .columns
            .max(self.coarse.rows)
            .div_ceil(most)
            .max(1);
        let places = (0..self.coarse.rows).step_by(step).flat_map(|row| {
            (0..self.coarse.columns)
                .step_by(step)
                .map(move |column| (column, row))
        });
        let full = places.filter_map(|(column, row)| {
            let at = row * self.coarse.columns + column;
            let count = self.counts[at] as usize;
            let is_full = count == self.factor * self.factor;
            is_full.then(|| {
                (
                    self.coarse.centre(column, row),
                    self.sums[at] / count as f64,
                )
            })
        });
        full.collect()
    }

    /// Width of a coarse cell, in units of the coordinate reference system.
    pub const fn coarse_width(&self) -> f64 {
        self.coarse.cell_width
    }

    /// The outline of the cells with data: longitude, latitude, WGS 84. It is valid (OGC 06-103r4,
    /// 6.1.11): shells counter-clockwise, no two parts sharing more than points. Follows the data
    /// within about two thousandths of the raster's longer side; `None` without data.
    ///
    /// # Errors
    /// As [`Coverage::area_m2`].
    pub fn footprint(&self, crs: &Crs) -> Result<Option<MultiPolygon<f64>>, GeodesyError> {
        let mut together = 1;
        let outline = loop {
            let outline = self.outline(together);
            let corners: usize = outline.iter().map(corners).sum();
            if corners <= MOST_CORNERS || together >= MOST_SIDE / 8 {
                break outline;
            }
            together *= 2;
        };
        if outline.0.is_empty() {
            return Ok(None);
        }
        let longest = self.grid.columns.max(self.grid.rows) as f64 * self.grid.cell_width;
        let straight = if crs.is_geographic() {
            STRAIGHT_M / 100_000.0
        } else {
            STRAIGHT_M
        };
        let apart = straight.max(longest / PARTS_OF_SIDE);
        let mut bent = Geometry::MultiPolygon(with_more_corners(outline, apart));
        TransformPlan::new(crs)?
            .to_wgs84()?
            .transform_geometry(&mut bent)?;
        Ok(match bent {
            Geometry::MultiPolygon(areas) => Some(areas),
            _ => None,
        })
    }

    /// The outline in the grid's own coordinates, of coarse cells `together` × `together`.
    fn outline(&self, together: usize) -> MultiPolygon<f64> {
        let (grid, filled) = self.filled(together);
        let stepped = outline::of(&filled, grid.columns);
        let kept = without_specks(stepped);
        let smooth = smoothed(kept);
        geo::MapCoords::map_coords(&smooth, |Coord { x, y }| Coord {
            x: grid.west + x * grid.cell_width,
            y: grid.north - y * grid.cell_height,
        })
    }

    /// Which coarse cells have data in at least half of their cells or, where none has, in any.
    fn filled(&self, together: usize) -> (Grid, Vec<bool>) {
        let grid = coarser(&self.grid, self.factor * together);
        let mut counts = vec![0_u64; grid.columns * grid.rows];
        for (at, &count) in self.counts.iter().enumerate() {
            let (row, column) = (at / self.coarse.columns, at % self.coarse.columns);
            counts[row / together * grid.columns + column / together] += u64::from(count);
        }
        let side = self.factor * together;
        let size = |at: usize| {
            let columns = side.min(self.grid.columns - at % grid.columns * side);
            let rows = side.min(self.grid.rows - at / grid.columns * side);
            (columns * rows) as u64
        };
        let most = counts
            .iter()
            .enumerate()
            .map(|(at, &count)| 2 * count >= size(at) && count > 0);
        let most: Vec<bool> = most.collect();
        if most.contains(&true) {
            return (grid, most);
        }
        (grid, counts.iter().map(|&count| count > 0).collect())
    }
}

fn coarser(grid: &Grid, factor: usize) -> Grid {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let wider = factor as f64;
    Grid {
        cell_width: grid.cell_width * wider,
        cell_height: grid.cell_height * wider,
        columns: grid.columns.div_ceil(factor),
        rows: grid.rows.div_ceil(factor),
        ..*grid
    }
}

/// The area of a cell around a place, from its two middle lines on the ellipsoid.
fn cell_area_m2(
    grid: &Grid,
    (x, y): (f64, f64),
    to_wgs84: &Transformer,
) -> Result<f64, GeodesyError> {
    let (dx, dy) = (grid.cell_width / 2.0, grid.cell_height / 2.0);
    let [west, east, south, north] =
        [(x - dx, y), (x + dx, y), (x, y - dy), (x, y + dy)].map(|(x, y)| to_wgs84.transform(x, y));
    Ok(distance_m(west?, east?) * distance_m(south?, north?))
}

fn corners(polygon: &Polygon<f64>) -> usize {
    let interiors = polygon.interiors().iter();
    polygon.exterior().0.len() + interiors.map(|ring| ring.0.len()).sum::<usize>()
}

/// Areas are counted in cells here.
fn without_specks(outline: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let is_large = |ring: &LineString<f64>| {
        Polygon::new(ring.clone(), Vec::new()).unsigned_area() >= LEAST_CELLS
    };
    let any_large = outline.iter().any(|part| is_large(part.exterior()));
    let parts = outline
        .0
        .into_iter()
        .filter(|part| !any_large || is_large(part.exterior()));
    let parts = parts.map(|part| {
        let (shell, mut holes) = part.into_inner();
        holes.retain(is_large);
        Polygon::new(shell, holes)
    });
    parts.collect()
}

/// An outline of many corners without its stairs: a diagonal edge of the data is a stair of cells, and
/// its chord is nearer to the data. The stairs stay where chords would cross.
fn smoothed(stairs: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let count: usize = stairs.iter().map(corners).sum();
    if count <= PLAIN_CORNERS {
        return stairs;
    }
    let chords = stairs.simplify(STAIR);
    if chords.is_valid() && chords.0.len() == stairs.0.len() {
        chords
    } else {
        stairs
    }
}

/// The same areas with corners at most `apart` from each other.
fn with_more_corners(areas: MultiPolygon<f64>, apart: f64) -> MultiPolygon<f64> {
    let parts = areas.into_iter().map(|part| {
        let (shell, holes) = part.into_inner();
        let holes = holes.iter().map(|ring| divided(ring, apart)).collect();
        Polygon::new(divided(&shell, apart), holes)
    });
    parts.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number of at most a few hundred parts"
)]
fn divided(ring: &LineString<f64>, apart: f64) -> LineString<f64> {
    let mut points = Vec::with_capacity(ring.0.len());
    for side in ring.lines() {
        points.push(side.start);
        let length = side.dx().hypot(side.dy());
        let parts = (length / apart).ceil().clamp(1.0, 1_000.0) as u32;
        points.extend((1..parts).map(|part| {
            let share = f64::from(part) / f64::from(parts);
            Coord {
                x: side.start.x + side.dx() * share,
                y: side.start.y + side.dy() * share,
            }
        }));
    }
    points.extend(ring.0.last());
    LineString(points)
}

/// The longitudes and latitudes that an area lies between.
pub fn bounds(area: &MultiPolygon<f64>) -> Option<Bounds> {
    let shells = area.iter().flat_map(|part| part.exterior().coords());
    Bounds::of_points(shells.map(|at| (at.x, at.y)))
}

#[cfg(test)]
#[expect(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "small whole numbers"
)]
mod tests;
