//! The grid that is asked for.

use std::f64::consts::{FRAC_PI_2, PI};

use geodesy::{Bounds, TransformPlan, distance_m};

use super::transformers;
use crate::error::RasterError;
use crate::grid::Grid;
use crate::image::Image;

/// The equatorial radius of WGS 84, which Web Mercator (EPSG:3857) takes for a sphere, in metres.
pub(crate) const RADIUS_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;

/// In which coordinates a grid lies.
#[derive(Clone, Debug)]
pub enum Projection {
    /// Web Mercator, EPSG:3857, metres.
    WebMercator,
    /// The image's own coordinate reference system.
    OfImage,
    /// Another one, x = east, y = north.
    Other(TransformPlan),
}

/// A grid on which an image is wanted: a part of a larger grid, such as a tile of the tiling of the
/// world. Parts of one grid agree along their seams.
#[derive(Clone, Debug)]
pub struct Target {
    /// The western edge of the larger grid's column 0.
    pub west: f64,
    /// The northern edge of its row 0.
    pub north: f64,
    /// Width of a pixel, in units of the projection.
    pub pixel_width: f64,
    /// Height of a pixel, positive.
    pub pixel_height: f64,
    /// The first column of the part, counted in the larger grid.
    pub first_column: i64,
    /// The first row of the part, counted in the larger grid from the north.
    pub first_row: i64,
    /// Columns of the part.
    pub columns: usize,
    /// Rows of the part.
    pub rows: usize,
    /// The coordinates.
    pub projection: Projection,
}

impl Target {
    /// A whole grid.
    pub const fn of(grid: &Grid, projection: Projection) -> Self {
        Self {
            west: grid.west,
            north: grid.north,
            pixel_width: grid.cell_width,
            pixel_height: grid.cell_height,
            first_column: 0,
            first_row: 0,
            columns: grid.columns,
            rows: grid.rows,
            projection,
        }
    }

    /// The same with `margin` more pixels on each side.
    #[must_use]
    pub fn grown(&self, margin: u32) -> Self {
        let more = 2 * margin as usize;
        Self {
            first_column: self.first_column - i64::from(margin),
            first_row: self.first_row - i64::from(margin),
            columns: self.columns + more,
            rows: self.rows + more,
            ..self.clone()
        }
    }

    /// The grid of the part.
    pub fn grid(&self) -> Grid {
        let (west, north) = self.corner(self.first_column, self.first_row);
        Grid {
            west,
            north,
            cell_width: self.pixel_width,
            cell_height: self.pixel_height,
            columns: self.columns,
            rows: self.rows,
        }
    }

    /// The north-western corner of a pixel of the larger grid: x = east, y = north.
    #[expect(
        clippy::cast_precision_loss,
        reason = "tilings have fewer than 2^52 columns"
    )]
    pub(crate) fn corner(&self, column: i64, row: i64) -> (f64, f64) {
        (
            self.west + column as f64 * self.pixel_width,
            self.north - row as f64 * self.pixel_height,
        )
    }

    /// Longitude and latitude of a point; `None` where there are none.
    pub(crate) fn to_lon_lat(
        &self,
        image: &Image,
        (x, y): (f64, f64),
    ) -> Result<Option<(f64, f64)>, RasterError> {
        let plan = match &self.projection {
            Projection::WebMercator => return Ok(Some(lon_lat_of_mercator(x, y))),
            Projection::OfImage => image.plan(),
            Projection::Other(plan) => plan,
        };
        let transformer = transformers::to_wgs84(plan)?;
        Ok(transformer.transform(x, y).ok())
    }

    /// The point of a longitude and latitude.
    pub(crate) fn of_lon_lat(
        &self,
        image: &Image,
        (lon, lat): (f64, f64),
    ) -> Result<Option<(f64, f64)>, RasterError> {
        let plan = match &self.projection {
            Projection::WebMercator => return Ok(Some(mercator_of_lon_lat(lon, lat))),
            Projection::OfImage => image.plan(),
            Projection::Other(plan) => plan,
        };
        let transformer = transformers::from_wgs84(plan)?;
        Ok(transformer.transform(lon, lat).ok())
    }

    /// Width and height of the pixels on the ground in metres, for each row of the part.
    pub(crate) fn ground_m(&self, image: &Image) -> Result<Vec<(f64, f64)>, RasterError> {
        let grid = self.grid();
        if matches!(self.projection, Projection::WebMercator) {
            let of_row = |row| {
                let (x, y) = grid.centre(0, row);
                let (east, north) = mercator_scale(lon_lat_of_mercator(x, y).1);
                (self.pixel_width * east, self.pixel_height * north)
            };
            return Ok((0..self.rows).map(of_row).collect());
        }
        let (x, y) = grid.centre(grid.columns / 2, grid.rows / 2);
        let at = |x, y| self.to_lon_lat(image, (x, y));
        let size = match (
            at(x, y)?,
            at(x + self.pixel_width, y)?,
            at(x, y + self.pixel_height)?,
        ) {
            (Some(here), Some(east), Some(north)) => {
                (distance_m(here, east), distance_m(here, north))
            }
            _ => (self.pixel_width, self.pixel_height),
        };
        Ok(vec![size; self.rows])
    }
}

/// Longitude and latitude in degrees of a point of Web Mercator.
pub(crate) fn lon_lat_of_mercator(x: f64, y: f64) -> (f64, f64) {
    let lat = FRAC_PI_2 - 2.0 * (-y / RADIUS_M).exp().atan();
    ((x / RADIUS_M).to_degrees(), lat.to_degrees())
}

/// The point of Web Mercator of a longitude and latitude in degrees.
pub(crate) fn mercator_of_lon_lat(lon: f64, lat: f64) -> (f64, f64) {
    let half = lat.to_radians() / 2.0;
    (
        lon.to_radians() * RADIUS_M,
        (PI / 4.0 + half).tan().ln() * RADIUS_M,
    )
}

/// Metres on the ground, east and north, of a metre of Web Mercator at a latitude in degrees: the
/// radii of curvature of the ellipsoid beside the sphere of the projection.
fn mercator_scale(lat: f64) -> (f64, f64) {
    let (sin, cos) = lat.to_radians().sin_cos();
    let w = (1.0 - ECCENTRICITY_SQUARED * sin * sin).sqrt();
    (cos / w, cos * (1.0 - ECCENTRICITY_SQUARED) / (w * w * w))
}

/// The rectangle around a rectangle of longitudes and latitudes in Web Mercator.
pub(crate) fn mercator_bounds(lon_lat: &Bounds) -> Bounds {
    let (min_x, min_y) = mercator_of_lon_lat(lon_lat.min_x, lon_lat.min_y);
    let (max_x, max_y) = mercator_of_lon_lat(lon_lat.max_x, lon_lat.max_y);
    Bounds::new(min_x, min_y, max_x, max_y)
}
