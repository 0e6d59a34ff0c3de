//! Where the pixels of a target lie in an image.

use geodesy::{Bounds, Transformer};

use super::target::{Projection, Target};
use super::transformers;
use crate::error::RasterError;
use crate::grid::Grid;
use crate::image::Image;

/// The side of the largest squares, in pixels. Squares begin at whole multiples of it in the larger
/// grid, so that neighbouring parts compute a pixel from the same corners.
const LARGEST: i64 = 256;

/// A square of pixels in which the place of a pixel in the image is bilinear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patch {
    /// The first column, counted in the larger grid.
    pub column: i64,
    /// The first row, counted in the larger grid.
    pub row: i64,
    /// Columns and rows.
    pub side: i64,
    /// The place of the corners in cells of the full resolution, column and row from the
    /// north-western corner of the image: north-west, north-east, south-west, south-east.
    pub corners: [(f64, f64); 4],
}

/// Squares that cover a target where the image may be.
#[derive(Debug)]
pub struct Positions {
    /// The squares; together they cover each pixel once.
    pub patches: Vec<Patch>,
    /// How many cells of the full resolution lie along a pixel, at the middle of the image.
    pub ratio: f64,
}

impl Positions {
    /// Computes the places of a target's pixels.
    pub fn of(image: &Image, target: &Target) -> Result<Self, RasterError> {
        let exact = Exact::new(image, target)?;
        let ratio = exact.ratio()?;
        let mut positions = Self {
            patches: Vec::new(),
            ratio,
        };
        let Some(pixels) = exact.pixels_of_image()? else {
            return Ok(positions);
        };
        // A tenth of a cell of the overview that will be read, and of a pixel where those are smaller.
        let tolerance = 0.1 * ratio.min(1.0) * ratio.max(1.0).min(exact.coarsest());
        for row in (pixels.row.div_euclid(LARGEST)..).map(|at| at * LARGEST) {
            if row >= pixels.end_row {
                break;
            }
            for column in (pixels.column.div_euclid(LARGEST)..).map(|at| at * LARGEST) {
                if column >= pixels.end_column {
                    break;
                }
                let corners = exact.corners(column, row, LARGEST)?;
                exact.cover(
                    (column, row, LARGEST),
                    corners,
                    tolerance,
                    &pixels,
                    &mut positions.patches,
                )?;
            }
        }
        Ok(positions)
    }

    /// How many cells of the full resolution lie along a pixel of a target, at the middle of the image.
    pub fn ratio(image: &Image, target: &Target) -> Result<f64, RasterError> {
        Exact::new(image, target)?.ratio()
    }

    /// The rectangle of places in cells of the full resolution, for the pixels of the target only.
    pub fn bounds(&self, target: &Target) -> Option<Bounds> {
        Bounds::of_points(self.patches.iter().flat_map(|patch| {
            let part = patch.part(target);
            [
                (part.column, part.row),
                (part.end_column, part.row),
                (part.column, part.end_row),
                (part.end_column, part.end_row),
            ]
            .map(|(column, row)| patch.place(column, row))
        }))
    }
}

/// A rectangle of pixels of the larger grid.
#[derive(Clone, Copy, Debug)]
pub struct Pixels {
    pub column: i64,
    pub row: i64,
    pub end_column: i64,
    pub end_row: i64,
}

impl Pixels {
    const fn of(target: &Target) -> Self {
        Self {
            column: target.first_column,
            row: target.first_row,
            end_column: target
                .first_column
                .saturating_add_unsigned(target.columns as u64),
            end_row: target.first_row.saturating_add_unsigned(target.rows as u64),
        }
    }

    fn shared(&self, other: &Self) -> Option<Self> {
        let shared = Self {
            column: self.column.max(other.column),
            row: self.row.max(other.row),
            end_column: self.end_column.min(other.end_column),
            end_row: self.end_row.min(other.end_row),
        };
        (shared.column < shared.end_column && shared.row < shared.end_row).then_some(shared)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "tilings have fewer than 2^52 columns"
)]
impl Patch {
    const fn pixels(&self) -> Pixels {
        Pixels {
            column: self.column,
            row: self.row,
            end_column: self.column + self.side,
            end_row: self.row + self.side,
        }
    }

    /// The pixels that a target has of it.
    pub fn part(&self, target: &Target) -> Pixels {
        let own = self.pixels();
        own.shared(&Pixels::of(target)).unwrap_or(Pixels {
            end_column: own.column,
            end_row: own.row,
            ..own
        })
    }

    /// The place of the corner of a pixel.
    fn place(&self, column: i64, row: i64) -> (f64, f64) {
        let (west, east) = self.ends((row - self.row) as f64);
        along(west, east, (column - self.column) as f64 / self.side as f64)
    }

    /// The places of the western and the eastern end of a line `down` pixels below the top.
    pub fn ends(&self, down: f64) -> ((f64, f64), (f64, f64)) {
        let [north_west, north_east, south_west, south_east] = self.corners;
        let part = down / self.side as f64;
        (
            along(north_west, south_west, part),
            along(north_east, south_east, part),
        )
    }
}

fn along(from: (f64, f64), to: (f64, f64), part: f64) -> (f64, f64) {
    (
        from.0 + (to.0 - from.0) * part,
        from.1 + (to.1 - from.1) * part,
    )
}

/// The exact places.
struct Exact<'a> {
    image: &'a Image,
    target: &'a Target,
    from_wgs84: std::rc::Rc<Transformer>,
}

type Corners = [Option<(f64, f64)>; 4];

impl<'a> Exact<'a> {
    fn new(image: &'a Image, target: &'a Target) -> Result<Self, RasterError> {
        Ok(Self {
            image,
            target,
            from_wgs84: transformers::from_wgs84(image.plan())?,
        })
    }

    /// The place of a point of the target's coordinates in the image.
    fn place(&self, point: (f64, f64)) -> Result<Option<(f64, f64)>, RasterError> {
        let grid: &Grid = self.image.grid();
        if matches!(self.target.projection, Projection::OfImage) {
            return Ok(Some(grid.place(point.0, point.1)));
        }
        let Some((lon, lat)) = self.target.to_lon_lat(self.image, point)? else {
            return Ok(None);
        };
        let own = self.from_wgs84.transform(lon, lat).ok();
        Ok(own.map(|(x, y)| grid.place(x, y)))
    }

    fn at(&self, column: i64, row: i64) -> Result<Option<(f64, f64)>, RasterError> {
        self.place(self.target.corner(column, row))
    }

    fn corners(&self, column: i64, row: i64, side: i64) -> Result<Corners, RasterError> {
        Ok([
            self.at(column, row)?,
            self.at(column + side, row)?,
            self.at(column, row + side)?,
            self.at(column + side, row + side)?,
        ])
    }

    /// How wide the cells of the coarsest overview are, in cells of the full resolution.
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 columns")]
    fn coarsest(&self) -> f64 {
        let levels = self.image.levels();
        let columns = |grid: &Grid| grid.columns.max(1) as f64;
        levels
            .last()
            .map_or(1.0, |last| columns(self.image.grid()) / columns(last))
    }

    /// Cells of the full resolution along a pixel at the middle of the image, in the mean of both
    /// directions.
    fn ratio(&self) -> Result<f64, RasterError> {
        // A pixel of the whole world is too long a step.
        const STEPS: f64 = 1024.0;
        let (width, height) = (
            self.target.pixel_width / STEPS,
            self.target.pixel_height / STEPS,
        );
        let (x, y) = self.middle()?;
        let places = (
            self.place((x, y))?,
            self.place((x + width, y))?,
            self.place((x, y + height))?,
        );
        let (Some(here), Some(east), Some(north)) = places else {
            return Ok(1.0);
        };
        let turned =
            (east.0 - here.0) * (north.1 - here.1) - (east.1 - here.1) * (north.0 - here.0);
        Ok(turned.abs().sqrt() * STEPS)
    }

    /// The middle of the image, in the target's coordinates.
    fn middle(&self) -> Result<(f64, f64), RasterError> {
        let bounds = self.image.lon_lat_bounds()?;
        let middle = (
            f64::midpoint(bounds.min_x, bounds.max_x),
            f64::midpoint(bounds.min_y, bounds.max_y),
        );
        let found = self.target.of_lon_lat(self.image, middle)?;
        Ok(found.unwrap_or((self.target.west, self.target.north)))
    }

    /// The pixels of the target in which the image lies; `None` when it lies elsewhere.
    fn pixels_of_image(&self) -> Result<Option<Pixels>, RasterError> {
        let lon_lat = self.image.lon_lat_bounds()?;
        let mut places = Vec::new();
        for point in edge_points(&lon_lat) {
            places.extend(self.target.of_lon_lat(self.image, point)?);
        }
        let pixels = Bounds::of_points(places).map(|bounds| self.pixels_of(&bounds));
        Ok(pixels.and_then(|pixels| pixels.shared(&Pixels::of(self.target))))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts of too large numbers stop at the largest, which no target has"
    )]
    fn pixels_of(&self, bounds: &Bounds) -> Pixels {
        let target = self.target;
        let column = |x: f64| (x - target.west) / target.pixel_width;
        let row = |y: f64| (target.north - y) / target.pixel_height;
        Pixels {
            column: column(bounds.min_x).floor() as i64 - 1,
            end_column: column(bounds.max_x).ceil() as i64 + 1,
            row: row(bounds.max_y).floor() as i64 - 1,
            end_row: row(bounds.min_y).ceil() as i64 + 1,
        }
    }

    /// Covers a square with patches, dividing it until each is true to the tolerance (in cells).
    fn cover(
        &self,
        (column, row, side): (i64, i64, i64),
        corners: Corners,
        tolerance: f64,
        wanted: &Pixels,
        patches: &mut Vec<Patch>,
    ) -> Result<(), RasterError> {
        let own = Pixels {
            column,
            row,
            end_column: column + side,
            end_row: row + side,
        };
        if wanted.shared(&own).is_none() {
            return Ok(());
        }
        if let [Some(a), Some(b), Some(c), Some(d)] = corners {
            let patch = Patch {
                column,
                row,
                side,
                corners: [a, b, c, d],
            };
            if side == 1 || self.is_true(&patch, tolerance)? {
                patches.push(patch);
                return Ok(());
            }
        }
        if side == 1 {
            return Ok(());
        }
        let half = side / 2;
        for (column, row) in [
            (column, row),
            (column + half, row),
            (column, row + half),
            (column + half, row + half),
        ] {
            let corners = self.corners(column, row, half)?;
            self.cover((column, row, half), corners, tolerance, wanted, patches)?;
        }
        Ok(())
    }

    /// Whether the middles of two sides and of the square lie where they are interpolated.
    ///
    /// The middle of the square alone says nothing: between two conformal projections the error of
    /// one direction cancels that of the other there.
    fn is_true(&self, patch: &Patch, tolerance: f64) -> Result<bool, RasterError> {
        let half = patch.side / 2;
        for (column, row) in [(half, 0), (0, half), (half, half)] {
            let (column, row) = (patch.column + column, patch.row + row);
            let Some(exact) = self.at(column, row)? else {
                return Ok(false);
            };
            let near = patch.place(column, row);
            if (exact.0 - near.0).hypot(exact.1 - near.1) > tolerance {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Points along the edges of a rectangle, close enough that a bent edge is not cut off.
pub fn edge_points(bounds: &Bounds) -> impl Iterator<Item = (f64, f64)> {
    const PARTS: i32 = 16;
    let bounds = *bounds;
    (0..=PARTS).flat_map(move |at| {
        let part = f64::from(at) / f64::from(PARTS);
        let x = bounds.min_x + (bounds.max_x - bounds.min_x) * part;
        let y = bounds.min_y + (bounds.max_y - bounds.min_y) * part;
        [
            (x, bounds.min_y),
            (x, bounds.max_y),
            (bounds.min_x, y),
            (bounds.max_x, y),
        ]
    })
}
