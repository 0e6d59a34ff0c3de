//! The facility that a survey shows.

use domain::layers::{FACILITIES, FACILITY_OUTLINES};
use domain::message;
use domain::record::{Finding, Severity};
use domain::region::FacilityCode;
use geo::{Contains as _, Distance as _, Euclidean, Intersects as _, MapCoords as _};
use geo_types::{Coord, Geometry, MultiPolygon, Point};
use geodesy::{Bounds, distance_m};
use store::Store;

use super::SurveyError;

/// How far a survey may lie from the point of a facility whose outline is not known, metres.
const NEAR_M: f64 = 2_000.0;

/// Where a facility is: longitude, latitude, WGS 84.
#[derive(Clone, Debug)]
pub(super) struct Facility {
    code: String,
    point: Point<f64>,
    outline: Option<Geometry<f64>>,
}

impl Facility {
    pub(super) async fn find(store: &Store, code: &FacilityCode) -> Result<Self, SurveyError> {
        let code = code.to_string();
        let found = store.record_of_code(&FACILITIES, &code).await?;
        let Some(found) = found else {
            return Err(SurveyError::UnknownFacility { code });
        };
        let outline = store.record_of_code(&FACILITY_OUTLINES, &code).await?;
        match found.record.geometry {
            Some(Geometry::Point(point)) => Ok(Self {
                code,
                point,
                outline: outline.and_then(|found| found.record.geometry),
            }),
            _ => Err(SurveyError::UnplacedFacility { code }),
        }
    }

    /// A point of it.
    pub(super) fn place(&self) -> (f64, f64) {
        self.point.x_y()
    }

    /// An error when a survey's footprint neither touches the outline nor lies near the point.
    pub(super) fn far_from(&self, footprint: &MultiPolygon<f64>) -> Option<Finding> {
        let touches = self
            .outline
            .as_ref()
            .is_some_and(|outline| outline.intersects(footprint));
        let away_m = self.away_m(footprint);
        if touches || away_m <= NEAR_M {
            return None;
        }
        let (code, km) = (&self.code, away_m / 1000.0);
        Some(Finding::of(
            Severity::Error,
            "facility",
            message!(
                "снимак не приказује ништа од објекта {code}: његове ћелије са подацима су {km:.1} km \
                 далеко; проверите --facility и координатни систем (--crs)",
                "the survey shows nothing of the facility {code}: its cells with data are {km:.1} km \
                 away; check --facility and the coordinate reference system (--crs)"
            ),
        ))
    }

    /// How far the point is from an area, metres.
    fn away_m(&self, footprint: &MultiPolygon<f64>) -> f64 {
        if footprint.contains(&self.point) {
            return 0.0;
        }
        let (lon, lat) = self.point.x_y();
        let per_degree = (
            distance_m((lon - 0.5, lat), (lon + 0.5, lat)),
            distance_m((lon, lat - 0.5), (lon, lat + 0.5)),
        );
        let flat = footprint.map_coords(|at: Coord<f64>| Coord {
            x: (at.x - lon) * per_degree.0,
            y: (at.y - lat) * per_degree.1,
        });
        Euclidean.distance(&Point::new(0.0, 0.0), &flat)
    }
}

/// The bounds around a place of so many units each way that lie within others; none when the place
/// does not.
pub(super) fn around(place: (f64, f64), reach: f64, within: &Bounds) -> Option<Bounds> {
    let (x, y) = place;
    let point = Bounds::new(x, y, x, y);
    within.contains(&point).then(|| {
        Bounds::new(
            (x - reach).max(within.min_x),
            (y - reach).max(within.min_y),
            (x + reach).min(within.max_x),
            (y + reach).min(within.max_y),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Rect, coord};

    fn square(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
        let corner = coord! { x: west, y: south };
        let square = Rect::new(corner, coord! { x: west + side, y: south + side });
        MultiPolygon(vec![square.to_polygon()])
    }

    /// A degree of latitude at 44° is 111 124 m (geod, PROJ).
    #[test]
    fn a_survey_has_to_touch_the_outline_or_lie_near_the_point() {
        let point = Facility {
            code: "RS-70327-001".to_owned(),
            point: Point::new(22.1, 44.0),
            outline: None,
        };
        for (south, taken) in [
            (43.99, true),
            (44.0179, true),
            (44.0181, false),
            (45.0, false),
        ] {
            let found = point.far_from(&square(22.095, south, 0.01));
            assert_eq!(found.is_none(), taken, "{south}: {found:?}");
        }
        let outlined = Facility {
            outline: Some(square(22.1, 44.0, 0.04).into()),
            ..point
        };
        assert!(outlined.far_from(&square(22.13, 44.03, 0.01)).is_none());
        let far = outlined.far_from(&square(22.1, 44.1, 0.01)).unwrap();
        assert!(far.message.en.contains("11.1 km"), "{}", far.message);
    }
}
