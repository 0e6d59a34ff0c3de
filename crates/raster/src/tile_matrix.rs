//! `WebMercatorQuad`, the tiling of the web (OGC Two Dimensional Tile Matrix Set, annex D.1).

use std::f64::consts::PI;

use geodesy::Bounds;

use crate::error::RasterError;
use crate::image::Image;
use crate::warp::{Projection, RADIUS_M, Target, cells_per_pixel, mercator_bounds};

/// Pixels on a side of a tile.
pub const TILE_SIDE: usize = 256;
/// The finest zoom, a pixel of about a centimetre.
pub const FINEST_ZOOM: u32 = 24;
/// Half the side of the world, in metres of EPSG:3857: the north-western corner is (-this, this).
pub const HALF_WORLD_M: f64 = PI * RADIUS_M;

/// A tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    zoom: u32,
    row: u32,
    column: u32,
}

/// Tiles of a zoom, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The zoom.
    pub zoom: u32,
    /// The first and the last row, from the north.
    pub rows: (u32, u32),
    /// The first and the last column.
    pub columns: (u32, u32),
}

/// Side of a pixel of a zoom in metres of EPSG:3857.
pub fn pixel_m(zoom: u32) -> f64 {
    2.0 * HALF_WORLD_M / 256.0 / f64::from(1_u32 << zoom.min(FINEST_ZOOM))
}

/// The tile that holds the whole world.
const WORLD: Tile = Tile {
    zoom: 0,
    row: 0,
    column: 0,
};

/// The zoom at which a pixel is not larger than a cell, when `cells` lie along a pixel of zoom 0.
fn finest_by_cells(cells: f64) -> u32 {
    // A hundredth larger is not worth four times the tiles.
    let fine = |zoom: &u32| cells / f64::from(1_u32 << zoom) <= 1.01;
    (0..FINEST_ZOOM).find(fine).unwrap_or(FINEST_ZOOM)
}

impl Tile {
    /// The tile of a zoom, row (from the north) and column; `None` outside the tiling.
    pub const fn new(zoom: u32, row: u32, column: u32) -> Option<Self> {
        if zoom > FINEST_ZOOM || row >> zoom != 0 || column >> zoom != 0 {
            return None;
        }
        Some(Self { zoom, row, column })
    }

    /// Its zoom.
    pub const fn zoom(&self) -> u32 {
        self.zoom
    }

    /// Its row, from the north.
    pub const fn row(&self) -> u32 {
        self.row
    }

    /// Its column, from the west.
    pub const fn column(&self) -> u32 {
        self.column
    }

    /// The grid of its pixels, a part of the grid of its zoom.
    pub fn target(&self) -> Target {
        let pixel = pixel_m(self.zoom);
        Target {
            west: -HALF_WORLD_M,
            north: HALF_WORLD_M,
            pixel_width: pixel,
            pixel_height: pixel,
            first_column: i64::from(self.column) * 256,
            first_row: i64::from(self.row) * 256,
            columns: TILE_SIDE,
            rows: TILE_SIDE,
            projection: Projection::WebMercator,
        }
    }
}

impl Limits {
    /// The tiles of a zoom that touch a rectangle of longitudes and latitudes.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the tiling first"
    )]
    pub fn of(lon_lat: &Bounds, zoom: u32) -> Self {
        let bounds = mercator_bounds(lon_lat);
        let side = pixel_m(zoom) * 256.0;
        let last = f64::from((1_u32 << zoom.min(FINEST_ZOOM)) - 1);
        let tile = |distance: f64| (distance / side).floor().clamp(0.0, last) as u32;
        Self {
            zoom,
            rows: (
                tile(HALF_WORLD_M - bounds.max_y),
                tile(HALF_WORLD_M - bounds.min_y),
            ),
            columns: (
                tile(HALF_WORLD_M + bounds.min_x),
                tile(HALF_WORLD_M + bounds.max_x),
            ),
        }
    }

    /// Whether a tile is one of them.
    pub const fn contain(&self, tile: &Tile) -> bool {
        tile.zoom == self.zoom
            && self.rows.0 <= tile.row
            && tile.row <= self.rows.1
            && self.columns.0 <= tile.column
            && tile.column <= self.columns.1
    }
}

/// The zooms that show an image: from where it is 32 pixels large to where its pixels are not larger
/// than its cells.
///
/// # Errors
/// When the image cannot be placed.
pub fn zooms(image: &Image) -> Result<(u32, u32), RasterError> {
    let lon_lat = image.lon_lat_bounds()?;
    let bounds = mercator_bounds(&lon_lat);
    let side = (bounds.max_x - bounds.min_x).max(bounds.max_y - bounds.min_y);
    let finest = finest_by_cells(cells_per_pixel(image, &WORLD.target())?);
    let coarsest = (0..finest).find(|zoom| side / pixel_m(*zoom) >= 32.0);
    Ok((coarsest.unwrap_or(finest), finest))
}
