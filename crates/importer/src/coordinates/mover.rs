//! Geometries in the numbers of a file become geometries in longitude, latitude WGS 84.

use domain::lang::Message;
use domain::message;
use geo::{CoordsIter, Orient, orient};
use geo_types::{Coord, Geometry};
use geodesy::{GeodesyError, Transformer};

use super::decision::Decision;

/// Takes the numbers of a file to longitude, latitude WGS 84. It belongs to one thread.
#[derive(Debug)]
pub struct Mover {
    /// With the number of the zone, where each record is in its own.
    ways: Vec<(f64, Transformer)>,
    /// Whether the first number of a point is north.
    is_turned: bool,
}

impl Decision {
    /// `None` where there is nothing to do.
    pub fn mover(&self) -> Result<Option<Mover>, GeodesyError> {
        if self.ways.iter().all(super::decision::Way::is_nothing) {
            return Ok(None);
        }
        let ways = self.ways.iter().map(|way| {
            let zone = way.reading.crs.zone_digit_m().unwrap_or_default();
            Ok((zone, way.plan.to_wgs84()?))
        });
        Ok(Some(Mover {
            ways: ways.collect::<Result<_, GeodesyError>>()?,
            is_turned: self.ways.iter().any(|way| way.reading.is_turned()),
        }))
    }
}

impl Mover {
    /// The geometry in longitude, latitude; shells of areas stay counter-clockwise.
    pub fn to_wgs84(&self, mut geometry: Geometry<f64>) -> Result<Geometry<f64>, Message> {
        let first = geometry.coords_iter().next().unwrap_or_default();
        let transformer = self.way(first)?;
        transformer
            .transform_geometry(&mut geometry)
            .map_err(|error| {
                message!(
                    "координате се не могу превести у WGS 84 ({error}); проверите координатни систем",
                    "{error}"
                )
            })?;
        Ok(match geometry {
            // Exchanging the axes mirrors an area.
            Geometry::MultiPolygon(areas) if self.is_turned => {
                areas.orient(orient::Direction::Default).into()
            }
            other => other,
        })
    }

    /// Longitude and latitude of one place, where it has them.
    pub fn place(&self, at: Coord<f64>) -> Option<(f64, f64)> {
        self.way(at).ok()?.transform(at.x, at.y).ok()
    }

    /// The only way, or that of the zone digit of the easting.
    fn way(&self, first: Coord<f64>) -> Result<&Transformer, Message> {
        if let [(_, only)] = self.ways.as_slice() {
            return Ok(only);
        }
        let easting = if self.is_turned { first.y } else { first.x };
        let zone = (easting / 1e6).floor() * 1e6;
        let way = self.ways.iter().find(|(of, _)| (of - zone).abs() < 0.5);
        way.map(|(_, transformer)| transformer).ok_or_else(|| {
            message!(
                "координата исток {easting} не почиње цифром зоне као остале; исправите је",
                "the easting {easting} does not begin with a zone digit as the others do; correct it"
            )
        })
    }
}
