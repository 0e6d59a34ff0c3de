use geo_types::{Coord, Geometry, LineString, Polygon};

use crate::crs::Crs;
use crate::error::GeodesyError;
use crate::operation::{Operation, TransformPlan};
use crate::registry::Pipeline;

/// Which way a transformer runs its pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    ToWgs84,
    FromWgs84,
}

/// Moves coordinates between a reference system and WGS 84 (EPSG:4326).
///
/// x is east and y is north on both sides: easting and northing in the unit of
/// the grid, or longitude and latitude in degrees. It belongs to one thread;
/// make another with [`Transformer::another`] or share a [`TransformPlan`].
pub struct Transformer {
    plan: TransformPlan,
    direction: Direction,
    pipeline: Pipeline,
}

impl Transformer {
    /// From the reference system to longitude, latitude WGS 84.
    ///
    /// # Errors
    /// As [`TransformPlan::new`].
    pub fn to_wgs84(crs: &Crs) -> Result<Self, GeodesyError> {
        TransformPlan::new(crs)?.to_wgs84()
    }

    /// From longitude, latitude WGS 84 to the reference system: the exact
    /// inverse of [`Transformer::to_wgs84`].
    ///
    /// # Errors
    /// As [`TransformPlan::new`].
    pub fn from_wgs84(crs: &Crs) -> Result<Self, GeodesyError> {
        TransformPlan::new(crs)?.from_wgs84()
    }

    pub(crate) fn open(plan: TransformPlan, direction: Direction) -> Result<Self, GeodesyError> {
        let pipeline = Pipeline::open(&plan.pipeline).map_err(|source| GeodesyError::Pipeline {
            operation: plan.operation.name.clone(),
            source,
        })?;
        Ok(Self {
            plan,
            direction,
            pipeline,
        })
    }

    /// A second transformer of the same kind.
    ///
    /// # Errors
    /// When PROJ cannot build the pipeline.
    pub fn another(&self) -> Result<Self, GeodesyError> {
        Self::open(self.plan.clone(), self.direction)
    }

    /// The plan, to make transformers in other threads.
    pub fn plan(&self) -> &TransformPlan {
        &self.plan
    }

    /// The operation from the reference system to WGS 84, whichever way this
    /// transformer runs it.
    pub fn operation(&self) -> &Operation {
        self.plan.operation()
    }

    /// Transforms one point, x = east, y = north.
    ///
    /// # Errors
    /// When the point is not finite or lies where the operation is undefined.
    pub fn transform(&self, x: f64, y: f64) -> Result<(f64, f64), GeodesyError> {
        match self.direction {
            Direction::ToWgs84 => {
                let (lon, lat) = self.run(x, y)?;
                on_earth(lon, lat)
            }
            Direction::FromWgs84 => {
                let (lon, lat) = on_earth(x, y)?;
                self.run(lon, lat)
            }
        }
    }

    fn run(&self, x: f64, y: f64) -> Result<(f64, f64), GeodesyError> {
        let inverse = self.direction == Direction::FromWgs84;
        let operation = || self.operation().name.clone();
        let not_finite = || GeodesyError::NotFinite {
            x,
            y,
            operation: operation(),
        };
        finite((x, y)).ok_or_else(not_finite)?;
        let result = self.pipeline.run(x, y, inverse);
        let result = result.map_err(|source| GeodesyError::OutsideDomain {
            x,
            y,
            operation: operation(),
            source,
        })?;
        finite(result).ok_or_else(not_finite)
    }

    /// Transforms points in place.
    ///
    /// # Errors
    /// As [`Transformer::transform`], at the first bad point; those before it
    /// are already transformed.
    pub fn transform_points(&self, points: &mut [(f64, f64)]) -> Result<(), GeodesyError> {
        for point in points {
            *point = self.transform(point.0, point.1)?;
        }
        Ok(())
    }

    /// Transforms a geometry in place. A rectangle or triangle becomes a
    /// polygon, because its sides need not stay parallel to the axes.
    ///
    /// # Errors
    /// As [`Transformer::transform`], at the first bad point; the geometry is
    /// then half transformed and must be thrown away.
    pub fn transform_geometry(&self, geometry: &mut Geometry<f64>) -> Result<(), GeodesyError> {
        match geometry {
            Geometry::Point(point) => self.coord(&mut point.0),
            Geometry::Line(line) => {
                self.coord(&mut line.start)?;
                self.coord(&mut line.end)
            }
            Geometry::LineString(line) => self.line(line),
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPoint(points) => {
                points.0.iter_mut().try_for_each(|p| self.coord(&mut p.0))
            }
            Geometry::MultiLineString(lines) => lines.0.iter_mut().try_for_each(|l| self.line(l)),
            Geometry::MultiPolygon(polygons) => {
                polygons.0.iter_mut().try_for_each(|p| self.polygon(p))
            }
            Geometry::GeometryCollection(parts) => parts
                .0
                .iter_mut()
                .try_for_each(|g| self.transform_geometry(g)),
            Geometry::Rect(rectangle) => {
                *geometry = Geometry::Polygon(rectangle.to_polygon());
                self.transform_geometry(geometry)
            }
            Geometry::Triangle(triangle) => {
                *geometry = Geometry::Polygon(triangle.to_polygon());
                self.transform_geometry(geometry)
            }
        }
    }

    fn polygon(&self, polygon: &mut Polygon<f64>) -> Result<(), GeodesyError> {
        polygon.try_exterior_mut(|ring| self.line(ring))?;
        polygon.try_interiors_mut(|rings| rings.iter_mut().try_for_each(|ring| self.line(ring)))
    }

    fn line(&self, line: &mut LineString<f64>) -> Result<(), GeodesyError> {
        line.0.iter_mut().try_for_each(|coord| self.coord(coord))
    }

    fn coord(&self, coord: &mut Coord<f64>) -> Result<(), GeodesyError> {
        let (x, y) = self.transform(coord.x, coord.y)?;
        *coord = Coord { x, y };
        Ok(())
    }
}

fn finite(point: (f64, f64)) -> Option<(f64, f64)> {
    (point.0.is_finite() && point.1.is_finite()).then_some(point)
}

// PROJ passes longitude and latitude through unread where nothing is to be done.
fn on_earth(lon: f64, lat: f64) -> Result<(f64, f64), GeodesyError> {
    if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
        Ok((lon, lat))
    } else {
        Err(GeodesyError::NotLonLat { lon, lat })
    }
}

impl std::fmt::Debug for Transformer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transformer")
            .field("plan", &self.plan)
            .field("direction", &self.direction)
            .finish_non_exhaustive()
    }
}
