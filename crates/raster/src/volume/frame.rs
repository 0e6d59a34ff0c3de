//! The common grid of two images, and what its cells measure on the ground.

use geodesy::{Bounds, GeodesyError, TransformPlan, Transformer};

use crate::error::RasterError;
use crate::grid::{Grid, Window};
use crate::image::Image;
use crate::warp::edge_points;

/// Semi-major axis of the ellipsoid of WGS 84, metres.
const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;
/// First eccentricity of the ellipsoid of WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
/// The derivatives of a projection are taken over this share of the cell's size to each side, so
/// that they are of a stretch of many cells: of one cell they would lose digits.
const STRETCH_CELLS: f64 = 16.0;

/// What a step in a coordinate reference system measures on the ellipsoid at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Metres for a unit of x.
    pub x_m: f64,
    /// Metres for a unit of y.
    pub y_m: f64,
    /// Square metres for a unit of x by a unit of y.
    pub area_m2: f64,
}

/// The scale at a place: how far apart two places are on the ellipsoid that are a step apart in the
/// reference system. It takes every projection, Web Mercator and degrees too.
pub fn scale_at(
    to_wgs84: &Transformer,
    (x, y): (f64, f64),
    cell: [f64; 2],
) -> Result<Scale, GeodesyError> {
    let step = cell.map(|size| size * STRETCH_CELLS);
    let between = |a: (f64, f64), b: (f64, f64), step: f64| -> Result<[f64; 2], GeodesyError> {
        let [a, b] = [to_wgs84.transform(a.0, a.1)?, to_wgs84.transform(b.0, b.1)?];
        Ok(metres(a, b).map(|metres| metres / (2.0 * step)))
    };
    let east = between((x - step[0], y), (x + step[0], y), step[0])?;
    let north = between((x, y - step[1]), (x, y + step[1]), step[1])?;
    Ok(Scale {
        x_m: east[0].hypot(east[1]),
        y_m: north[0].hypot(north[1]),
        area_m2: (east[0] * north[1] - east[1] * north[0]).abs(),
    })
}

/// The way from one place to a near one, metres to the east and to the north, by the radii of
/// curvature at the middle latitude.
fn metres(a: (f64, f64), b: (f64, f64)) -> [f64; 2] {
    let (sin, cos) = f64::midpoint(a.1, b.1).to_radians().sin_cos();
    let w = (1.0 - ECCENTRICITY_SQUARED * sin * sin).sqrt();
    let prime_vertical_m = SEMI_MAJOR_AXIS_M / w;
    let meridian_m = SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (w * w * w);
    [
        (b.0 - a.0).to_radians() * prime_vertical_m * cos,
        (b.1 - a.1).to_radians() * meridian_m,
    ]
}

/// The ground area of the cells of a grid: computed at nodes, between them in proportion.
#[derive(Debug)]
pub struct CellAreas {
    nodes: Vec<f64>,
    /// Columns and rows between two nodes.
    stride: [f64; 2],
}

/// So many stretches between nodes in each direction.
const STRETCHES: usize = 8;

impl CellAreas {
    pub fn of(grid: &Grid, to_wgs84: &Transformer) -> Result<Self, GeodesyError> {
        let stride = [grid.columns, grid.rows].map(|count| as_f64(count) / as_f64(STRETCHES));
        let cell = [grid.cell_width, grid.cell_height];
        let mut nodes = Vec::with_capacity((STRETCHES + 1) * (STRETCHES + 1));
        for row in 0..=STRETCHES {
            for column in 0..=STRETCHES {
                let x = grid.west + as_f64(column) * stride[0] * grid.cell_width;
                let y = grid.north - as_f64(row) * stride[1] * grid.cell_height;
                let scale = scale_at(to_wgs84, (x, y), cell)?;
                nodes.push(scale.area_m2 * grid.cell_width * grid.cell_height);
            }
        }
        Ok(Self { nodes, stride })
    }

    /// The area of a cell, square metres.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place between the nodes"
    )]
    pub fn at(&self, column: usize, row: usize) -> f64 {
        let place = |cell: usize, stride: f64| {
            let at = ((as_f64(cell) + 0.5) / stride).min(as_f64(STRETCHES) - 1e-9);
            (at as usize, at.fract())
        };
        let ((c, across), (r, down)) = (place(column, self.stride[0]), place(row, self.stride[1]));
        let node = |c: usize, r: usize| self.nodes[r * (STRETCHES + 1) + c];
        let north = node(c, r) * (1.0 - across) + node(c + 1, r) * across;
        let south = node(c, r + 1) * (1.0 - across) + node(c + 1, r + 1) * across;
        north * (1.0 - down) + south * down
    }
}

/// Where the cells of the comparison lie, before it is said how far they go: those of the coarser
/// image where it can be taken as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    origin: (f64, f64),
    cell: [f64; 2],
}

impl Lattice {
    /// The cells of the coarser of two images in the reference system of the later one; `middle` is a
    /// place of the comparison, longitude and latitude, WGS 84.
    pub fn of(from: &Image, to: &Image, middle: (f64, f64)) -> Result<Self, RasterError> {
        let (earlier, later) = (from.grid(), to.grid());
        let [from_m, to_m] = [from, to].map(|image| cell_m(image, middle));
        let (from_m, to_m) = (from_m?, to_m?);
        if from_m[0] <= to_m[0] * 1.001 {
            return Ok(Self::on(later, [later.cell_width, later.cell_height]));
        }
        if from.plan() == to.plan() {
            return Ok(Self::on(earlier, [earlier.cell_width, earlier.cell_height]));
        }
        let scaled = |size: f64, at: usize| size * from_m[at] / to_m[at];
        let cell = [scaled(later.cell_width, 0), scaled(later.cell_height, 1)];
        Ok(Self::on(later, cell))
    }

    const fn on(grid: &Grid, cell: [f64; 2]) -> Self {
        Self {
            origin: (grid.west, grid.north),
            cell,
        }
    }

    /// Width and height of a cell, in units of the reference system.
    pub const fn cell(&self) -> [f64; 2] {
        self.cell
    }

    /// The cells that cover a rectangle, wherever it lies.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of cells, bounded by the caller"
    )]
    pub fn over(&self, bounds: &Bounds) -> Grid {
        let ([width, height], (west, north)) = (self.cell, self.origin);
        // Sides that lie on edges of cells, but for the rounding of the way through WGS 84.
        let first = |distance: f64, size: f64| (distance / size + 1e-3).floor();
        let end = |distance: f64, size: f64| (distance / size - 1e-3).ceil();
        let column = first(bounds.min_x - west, width);
        let row = first(north - bounds.max_y, height);
        Grid {
            west: west + column * width,
            north: north - row * height,
            cell_width: width,
            cell_height: height,
            columns: (end(bounds.max_x - west, width) - column).max(0.0) as usize,
            rows: (end(north - bounds.min_y, height) - row).max(0.0) as usize,
        }
    }
}

/// Width and height of an image's cells on the ground at a place, metres.
pub fn cell_m(image: &Image, middle: (f64, f64)) -> Result<[f64; 2], RasterError> {
    let grid = image.grid();
    let cell = [grid.cell_width, grid.cell_height];
    let place = image.plan().from_wgs84()?.transform(middle.0, middle.1)?;
    let scale = scale_at(&image.plan().to_wgs84()?, place, cell)?;
    Ok([scale.x_m * cell[0], scale.y_m * cell[1]])
}

/// The rectangle around an image in another reference system; none where it cannot be said.
pub fn bounds_in(image: &Image, plan: &TransformPlan) -> Result<Option<Bounds>, RasterError> {
    let bounds = image.grid().bounds();
    if image.plan() == plan {
        return Ok(Some(bounds));
    }
    let (to_wgs84, from_wgs84) = (image.plan().to_wgs84()?, plan.from_wgs84()?);
    let moved = edge_points(&bounds).map(|(x, y)| {
        let (lon, lat) = to_wgs84.transform(x, y)?;
        from_wgs84.transform(lon, lat)
    });
    let moved: Result<Vec<_>, GeodesyError> = moved.collect();
    Ok(Bounds::of_points(moved?))
}

/// What two rectangles share.
pub fn shared(a: &Bounds, b: &Bounds) -> Option<Bounds> {
    let shared = Bounds {
        min_x: a.min_x.max(b.min_x),
        min_y: a.min_y.max(b.min_y),
        max_x: a.max_x.min(b.max_x),
        max_y: a.max_y.min(b.max_y),
    };
    (shared.min_x < shared.max_x && shared.min_y < shared.max_y).then_some(shared)
}

/// The squares of `side` cells that make up a grid, from the north-west, row by row.
pub fn blocks(grid: &Grid, side: usize) -> impl Iterator<Item = Window> {
    let (columns, rows) = (grid.columns, grid.rows);
    (0..rows).step_by(side).flat_map(move |row| {
        (0..columns).step_by(side).map(move |column| Window {
            column,
            row,
            columns: side.min(columns - column),
            rows: side.min(rows - row),
        })
    })
}

/// A count of cells as a number.
#[expect(
    clippy::cast_precision_loss,
    reason = "a raster has far fewer than 2^52 cells"
)]
pub const fn as_f64(count: usize) -> f64 {
    count as f64
}
