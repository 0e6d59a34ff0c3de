//! Whether a record lies in Serbia, and in the district that it claims.

use domain::Record;
use domain::message;
use domain::record::{Finding, Severity};
use domain::region::DistrictCode;
use geo::{BoundingRect, Centroid, Contains, CoordsIter, Distance, Euclidean};
use geo_types::{Coord, Geometry, MultiPolygon, Point, Rect};
use geodesy::SERBIA;

/// Beyond all districts by more than this, a record is not in Serbia. The areas at hand are
/// generalised to one or two kilometres.
const BORDER_TOLERANCE_M: f64 = 5_000.0;
/// Nearer than this to the district it claims, a record is given the benefit of the doubt.
const DISTRICT_TOLERANCE_M: f64 = 3_000.0;
/// One degree of latitude on a sphere of 6 371 km.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// The districts, ready to be asked where a point lies.
#[derive(Debug)]
pub struct Positions {
    districts: Vec<District>,
}

#[derive(Debug)]
struct District {
    code: String,
    name: String,
    area: MultiPolygon<f64>,
    around: Rect<f64>,
}

impl Positions {
    /// From the districts that have an area: code, Latin name, area in longitude, latitude. Without
    /// any, the bounds of Serbia are asked instead.
    pub fn new(areas: Vec<(DistrictCode, String, MultiPolygon<f64>)>) -> Self {
        let district = |(code, name, area): (DistrictCode, String, MultiPolygon<f64>)| {
            let around = area.bounding_rect()?;
            Some(District {
                code: code.to_string(),
                name,
                area,
                around,
            })
        };
        Self {
            districts: areas.into_iter().filter_map(district).collect(),
        }
    }

    /// What is wrong with the position of a record, if it has one.
    pub fn check(&self, record: &Record) -> Option<Finding> {
        let geometry = record.geometry.as_ref()?;
        let column = record.layer.geometry_column;
        if record.layer.crosses_border {
            return self.beyond_border(geometry, column);
        }
        if let Some(stray) = geometry.coords_iter().find(|at| !near_serbia(*at)) {
            let message = format!(
                "{} lies outside Serbia; correct the coordinates",
                words(stray)
            );
            return Some(Finding::of(Severity::Error, column, message));
        }
        let middle = middle(geometry)?;
        let Some(actual) = self.district_of(middle) else {
            return self.outside_all(middle, column);
        };
        self.not_in_claimed(record, middle, actual)
    }

    /// What is wrong with a geometry of which only a part has to lie in Serbia.
    fn beyond_border(&self, geometry: &Geometry<f64>, column: &str) -> Option<Finding> {
        /// Enough to find a river in a country, and few enough for one of a million vertices.
        const MOST_TRIED: usize = 1_000;
        let step = geometry.coords_count().div_ceil(MOST_TRIED).max(1);
        let mut tried = geometry.coords_iter().step_by(step);
        let lies_inside = |at| near_serbia(at) && self.outside_all(at, column).is_none();
        if tried.any(lies_inside) {
            return None;
        }
        let first = words(geometry.coords_iter().next()?);
        let message = message!(
            "ниједан део не лежи у Србији (прва тачка: {first}); исправите координате",
            "no part lies in Serbia (first vertex: {first}); correct the coordinates"
        );
        Some(Finding::of(Severity::Error, column, message))
    }

    fn district_of(&self, at: Coord<f64>) -> Option<&District> {
        let candidates = self
            .districts
            .iter()
            .filter(|district| district.around.contains(&at));
        candidates
            .into_iter()
            .find(|district| district.area.contains(&at))
    }

    fn outside_all(&self, at: Coord<f64>, column: &str) -> Option<Finding> {
        let distances = self
            .districts
            .iter()
            .map(|district| (distance_m(at, district), district));
        let (distance, nearest) = distances.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (distance > BORDER_TOLERANCE_M).then(|| {
            let message = format!(
                "{} lies {} outside Serbia (nearest district: {} {}); correct the coordinates",
                words(at),
                kilometres(distance),
                nearest.code,
                nearest.name,
            );
            Finding::of(Severity::Error, column, message)
        })
    }

    fn not_in_claimed(
        &self,
        record: &Record,
        at: Coord<f64>,
        actual: &District,
    ) -> Option<Finding> {
        let claimed = record.get("district").as_text()?;
        if claimed == actual.code {
            return None;
        }
        let claimed = self
            .districts
            .iter()
            .find(|district| district.code == claimed)?;
        let accuracy = record.typed::<domain::quantity::Metres>("location_accuracy_m");
        let tolerance = accuracy
            .map_or(0.0, domain::quantity::Metres::get)
            .max(DISTRICT_TOLERANCE_M);
        let distance = distance_m(at, claimed);
        (distance > tolerance).then(|| {
            let message = format!(
                "{} lies in {} {}, {} from the district that the record claims, {} {}; check both",
                words(at),
                actual.code,
                actual.name,
                kilometres(distance),
                claimed.code,
                claimed.name,
            );
            Finding::of(Severity::Warning, "district", message)
        })
    }
}

/// Within the bounds of Serbia widened by the tolerance of its border.
fn near_serbia(at: Coord<f64>) -> bool {
    const MARGIN_DEGREES: f64 = 0.07;
    let east_west = SERBIA.min_x - MARGIN_DEGREES..=SERBIA.max_x + MARGIN_DEGREES;
    let north_south = SERBIA.min_y - MARGIN_DEGREES..=SERBIA.max_y + MARGIN_DEGREES;
    east_west.contains(&at.x) && north_south.contains(&at.y)
}

/// The point itself, else the centroid.
fn middle(geometry: &Geometry<f64>) -> Option<Coord<f64>> {
    match geometry {
        Geometry::Point(point) => Some(point.0),
        other => other.centroid().map(|point| point.0),
    }
}

/// Metres from a point to an area, 0 inside, on a plane that is true to scale at the point: within
/// a hundred kilometres the error is below one per cent.
fn distance_m(from: Coord<f64>, to: &District) -> f64 {
    use geo::MapCoords;
    let shrink = from.y.to_radians().cos();
    let plane = |at: Coord<f64>| Coord {
        x: (at.x - from.x) * shrink * METRES_PER_DEGREE,
        y: (at.y - from.y) * METRES_PER_DEGREE,
    };
    Euclidean.distance(&Point::new(0.0, 0.0), &to.area.map_coords(plane))
}

fn words(at: Coord<f64>) -> String {
    format!("longitude {:.5}, latitude {:.5}", at.x, at.y)
}

fn kilometres(metres: f64) -> String {
    if metres < 10_000.0 {
        format!("{:.1} km", metres / 1000.0)
    } else {
        format!("{:.0} km", metres / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use domain::layers::{DAMS, FACILITIES, WATERCOURSES};
    use geo_types::{line_string, polygon};

    /// Two squares of half a degree: Borski (west) and Zaječarski (east), meeting at 22° E.
    fn positions() -> Positions {
        let square = |west: f64| {
            let (east, south, north) = (west + 0.5, 44.0, 44.5);
            polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)]
        };
        let district = |code: &str, name: &str, west: f64| {
            (
                code.parse().unwrap(),
                name.to_owned(),
                MultiPolygon::from(square(west)),
            )
        };
        Positions::new(vec![
            district("RS-14", "Borski", 21.5),
            district("RS-15", "Zaječarski", 22.0),
        ])
    }

    fn facility(lon: f64, lat: f64, claims: Option<&str>) -> Record {
        let mut record = Record::new(&FACILITIES);
        record.geometry = Some(Point::new(lon, lat).into());
        if let Some(district) = claims {
            record.set("district", Value::Text(district.to_owned()));
        }
        record
    }

    #[test]
    fn a_place_inside_or_near_the_border_is_accepted() {
        for record in [
            facility(21.7, 44.2, None),
            facility(21.7, 44.2, Some("RS-14")),
            // cos 44.2° * 111.195 km * 0.05° = 3.99 km west of the border
            facility(21.45, 44.2, None),
            // 1.6 km east of the district it claims
            facility(22.02, 44.2, Some("RS-14")),
        ] {
            assert_eq!(positions().check(&record), None, "{record:?}");
        }
    }

    #[test]
    fn a_place_beyond_the_border_is_refused_with_its_distance() {
        // cos 44.2° * 111.195 km * 0.1° = 7.97 km
        let finding = positions().check(&facility(21.4, 44.2, None)).unwrap();
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(
            finding.message.en,
            "longitude 21.40000, latitude 44.20000 lies 8.0 km outside Serbia (nearest district: \
             RS-14 Borski); correct the coordinates"
        );
        let far = positions().check(&facility(2.35, 48.86, None)).unwrap();
        assert_eq!(
            far.message.en,
            "longitude 2.35000, latitude 48.86000 lies outside Serbia; correct the coordinates"
        );
    }

    #[test]
    fn a_place_in_another_district_than_claimed_is_worth_a_look() {
        // cos 44.2° * 111.195 km * 0.3° = 23.9 km
        let mut record = facility(22.3, 44.2, Some("RS-14"));
        let finding = positions().check(&record).unwrap();
        assert_eq!(
            (finding.severity, finding.field.as_deref()),
            (Severity::Warning, Some("district"))
        );
        assert_eq!(
            finding.message.en,
            "longitude 22.30000, latitude 44.20000 lies in RS-15 Zaječarski, 24 km from the district \
             that the record claims, RS-14 Borski; check both"
        );
        record.set("location_accuracy_m", Value::Number(25_000.0));
        assert_eq!(positions().check(&record), None);
    }

    #[test]
    fn without_districts_the_bounds_of_serbia_decide() {
        let positions = Positions::new(Vec::new());
        assert_eq!(positions.check(&facility(21.4, 44.2, Some("RS-14"))), None);
        assert!(positions.check(&facility(44.2, 21.4, None)).is_some());
    }

    #[test]
    fn a_river_may_come_from_another_country() {
        let check = |line: geo_types::LineString<f64>| {
            let mut river = Record::new(&WATERCOURSES);
            river.geometry = Some(line.into());
            positions().check(&river)
        };
        let from_abroad = line_string![(x: 8.0, y: 48.0), (x: 21.7, y: 44.2), (x: 29.7, y: 45.2)];
        assert_eq!(check(from_abroad), None);
        let abroad = check(line_string![(x: 8.0, y: 48.0), (x: 21.0, y: 44.2)]).unwrap();
        assert_eq!(
            abroad.message.en,
            "no part lies in Serbia (first vertex: longitude 8.00000, latitude 48.00000); correct \
             the coordinates"
        );
    }

    #[test]
    fn one_stray_vertex_is_found() {
        let mut dam = Record::new(&DAMS);
        dam.geometry = Some(line_string![(x: 21.7, y: 44.2), (x: 0.0, y: 0.0)].into());
        let finding = positions().check(&dam).unwrap();
        assert!(
            finding
                .message
                .en
                .starts_with("longitude 0.00000, latitude 0.00000"),
            "{finding:?}"
        );
        assert_eq!(finding.field.as_deref(), Some("crest"));
    }
}
