//! Parts of images, on the grid and in the coordinate reference system that somebody asks for.

mod geotiff;

pub use geotiff::Content;

use geodesy::{Bounds, Crs, GeodesyError, TransformPlan, distance_m};

use crate::error::RasterError;
use crate::grid::{Grid, Window};
use crate::image::Image;
use crate::warp::{Projection, Target, edge_points};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The rectangle, x = east, y = north, and its coordinate reference system; `None`: all of it.
    pub bounds: Option<(Bounds, Crs)>,
    /// In which coordinate reference system it is wanted; `None`: the image's own.
    pub crs: Option<Crs>,
    /// How fine.
    pub size: Size,
    /// Whether the rectangle ends where the image ends.
    pub clipped: bool,
}

/// How fine a cut-out is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// As fine as the image.
    OfImage,
    /// A pixel has this many cells of the image along its side.
    Factor(f64),
    /// A pixel has this many metres on the ground along its side.
    GroundM(f64),
    /// So many pixels. One of the two may be left out, and follows from the shape of the rectangle.
    Pixels {
        /// From west to east.
        columns: Option<usize>,
        /// From north to south.
        rows: Option<usize>,
    },
}

/// A part of an image, decided but not yet read.
#[derive(Clone, Debug)]
pub struct Cutout {
    grid: Grid,
    crs: Crs,
    from: From,
}

#[derive(Clone, Debug)]
enum From {
    /// The image's own cells.
    Cells(Window),
    /// Cells in between.
    Warped(Projection),
}

/// More pixels along a side than any cut-out may have.
const MOST_ALONG: f64 = 1e9;

impl Cutout {
    /// Decides on which grid a cut-out lies: the image's own cells where nothing else is asked for.
    /// `None` when a clipped rectangle has no part in the image, or is nowhere on Earth.
    ///
    /// # Errors
    /// When a coordinate reference system cannot be used.
    pub fn decide(image: &Image, asked: &Asked) -> Result<Option<Self>, RasterError> {
        let crs = asked.crs.as_ref().unwrap_or(image.crs());
        let own = is_same(crs, image.crs());
        let Some(bounds) = bounds_in(image, asked, crs)? else {
            return Ok(None);
        };
        if own && asked.size == Size::OfImage {
            let window = image.grid().window_over(&bounds, 0);
            if let (Some(window), true) = (window, asked.clipped) {
                return Ok(Some(Self {
                    grid: image.grid().part(window),
                    crs: crs.clone(),
                    from: From::Cells(window),
                }));
            }
        }
        let cell = Cell::of(image, crs)?;
        let projection = if own {
            Projection::OfImage
        } else {
            Projection::Other(TransformPlan::new(crs)?)
        };
        Ok(cell.map(|cell| Self {
            grid: grid(&bounds, &cell, asked.size),
            crs: crs.clone(),
            from: From::Warped(projection),
        }))
    }

    /// Where its pixels lie.
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// In which coordinate reference system.
    pub const fn crs(&self) -> &Crs {
        &self.crs
    }

    /// How many pixels it has.
    pub const fn pixels(&self) -> usize {
        self.grid.columns.saturating_mul(self.grid.rows)
    }

    /// The grid for [`crate::warp`].
    pub fn target(&self) -> Target {
        let projection = match &self.from {
            From::Cells(_) => Projection::OfImage,
            From::Warped(projection) => projection.clone(),
        };
        Target::of(&self.grid, projection)
    }
}

fn is_same(one: &Crs, other: &Crs) -> bool {
    one.epsg()
        .map_or(one == other, |code| other.epsg() == Some(code))
}

/// The rectangle in the wanted coordinate reference system.
fn bounds_in(image: &Image, asked: &Asked, crs: &Crs) -> Result<Option<Bounds>, RasterError> {
    let all = moved(&image.grid().bounds(), image.crs(), crs)?;
    let bounds = match &asked.bounds {
        None => return Ok(all),
        Some((bounds, from)) => moved(bounds, from, crs)?,
    };
    if !asked.clipped {
        return Ok(bounds);
    }
    let (Some(all), Some(bounds)) = (all, bounds) else {
        return Ok(None);
    };
    let shared = Bounds::new(
        bounds.min_x.max(all.min_x),
        bounds.min_y.max(all.min_y),
        bounds.max_x.min(all.max_x),
        bounds.max_y.min(all.max_y),
    );
    Ok((shared.min_x < shared.max_x && shared.min_y < shared.max_y).then_some(shared))
}

/// The rectangle around a rectangle in another coordinate reference system; `None` where it has no
/// place there.
fn moved(bounds: &Bounds, from: &Crs, to: &Crs) -> Result<Option<Bounds>, GeodesyError> {
    if is_same(from, to) {
        return Ok(Some(*bounds));
    }
    let (there, back) = (
        TransformPlan::new(from)?.to_wgs84()?,
        TransformPlan::new(to)?.from_wgs84()?,
    );
    let points: Result<Vec<_>, _> = edge_points(bounds)
        .map(|(x, y)| {
            let (lon, lat) = there.transform(x, y)?;
            back.transform(lon, lat)
        })
        .collect();
    Ok(points.ok().and_then(Bounds::of_points))
}

/// The size of a cell in the middle of an image.
struct Cell {
    /// In units of the wanted coordinate reference system.
    width: f64,
    height: f64,
    /// On the ground.
    width_m: f64,
    height_m: f64,
}

impl Cell {
    /// `None` where the image's middle has no place in the coordinate reference system.
    fn of(image: &Image, crs: &Crs) -> Result<Option<Self>, RasterError> {
        let grid = image.grid();
        let (x, y) = grid.centre(grid.columns / 2, grid.rows / 2);
        let there = image.plan().to_wgs84()?;
        let back = TransformPlan::new(crs)?.from_wgs84()?;
        let place = |x, y| {
            let (lon, lat) = there.transform(x, y).ok()?;
            Some(((lon, lat), back.transform(lon, lat).ok()?))
        };
        let places = (
            place(x, y),
            place(x + grid.cell_width, y),
            place(x, y + grid.cell_height),
        );
        let (Some(here), Some(east), Some(north)) = places else {
            return Ok(None);
        };
        let apart = |one: (f64, f64), other: (f64, f64)| (one.0 - other.0).hypot(one.1 - other.1);
        let (width, height) = if is_same(crs, image.crs()) {
            (grid.cell_width, grid.cell_height)
        } else {
            (apart(here.1, east.1), apart(here.1, north.1))
        };
        Ok(Some(Self {
            width,
            height,
            width_m: distance_m(here.0, east.0),
            height_m: distance_m(here.0, north.0),
        }))
    }
}

fn grid(bounds: &Bounds, cell: &Cell, size: Size) -> Grid {
    let (width, height) = (bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y);
    let (columns, rows) = (width / cell.width, height / cell.height);
    let by_cell = |cell_width: f64, cell_height: f64| Grid {
        west: bounds.min_x,
        north: bounds.max_y,
        cell_width,
        cell_height,
        columns: count(width / cell_width),
        rows: count(height / cell_height),
    };
    match size {
        Size::OfImage => by_cell(cell.width, cell.height),
        Size::Factor(factor) => by_cell(cell.width * factor, cell.height * factor),
        Size::GroundM(side_m) => by_cell(
            cell.width * side_m / cell.width_m,
            cell.height * side_m / cell.height_m,
        ),
        Size::Pixels {
            columns: wanted_columns,
            rows: wanted_rows,
        } => {
            let other =
                |wanted: Option<usize>, share: f64| wanted.map(|wanted| scaled(wanted, share));
            let columns_used = wanted_columns.or(other(wanted_rows, columns / rows));
            let rows_used = wanted_rows.or(other(wanted_columns, rows / columns));
            let (columns, rows) = (
                columns_used.unwrap_or_else(|| count(columns)),
                rows_used.unwrap_or_else(|| count(rows)),
            );
            evenly(bounds, columns, rows)
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a cut-out has far fewer than 2^52 pixels"
)]
fn evenly(bounds: &Bounds, columns: usize, rows: usize) -> Grid {
    Grid {
        west: bounds.min_x,
        north: bounds.max_y,
        cell_width: (bounds.max_x - bounds.min_x) / columns as f64,
        cell_height: (bounds.max_y - bounds.min_y) / rows as f64,
        columns,
        rows,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped first"
)]
fn scaled(wanted: usize, share: f64) -> usize {
    (wanted as f64 * share).round().clamp(1.0, MOST_ALONG) as usize
}

/// So many whole pixels; a billionth more than a whole number is that number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped first"
)]
fn count(pixels: f64) -> usize {
    (pixels - 1e-6).ceil().clamp(1.0, MOST_ALONG) as usize
}
