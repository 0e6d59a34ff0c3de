//! Whether a record lies in Serbia, and in the district that it claims.

use domain::record::{Finding, Severity};
use domain::region::{DistrictCode, FacilityCode, MunicipalityCode};
use domain::{Record, message};
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

/// Which of several places of one name is meant, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Its district is the one in which the record lies.
    ByPosition {
        /// The code of the place.
        code: String,
        /// Code and name of the district.
        district: String,
    },
    /// Its district is the one that the record says.
    ByDistrict {
        /// The code of the place.
        code: String,
        /// The code of the district.
        district: String,
    },
    /// The record's own cadastral code begins with it.
    ByCode {
        /// The code of the place.
        code: String,
    },
}

impl Settled {
    /// The code of the place.
    pub fn code(&self) -> &str {
        match self {
            Self::ByPosition { code, .. }
            | Self::ByDistrict { code, .. }
            | Self::ByCode { code } => code,
        }
    }
}

impl Positions {
    /// Which of several municipalities of one name a record means: the one in whose district it
    /// lies; without a position the one in the district that it says; without that, or where several
    /// of them lie there, the one of its cadastral code. `None` where that leaves none, or more than one.
    pub fn settle(&self, codes: &[String], record: &Record) -> Option<Settled> {
        let in_district = |district: &str| -> Vec<&String> {
            let lies = |code: &&String| district_of_code(code).is_some_and(|one| one == district);
            codes.iter().filter(lies).collect()
        };
        let at = record.geometry.as_ref().and_then(middle);
        let actual = at.and_then(|at| self.district_of(at));
        let said = || record.get("district").as_text();
        let left = match actual.map(|actual| actual.code.as_str()).or_else(said) {
            Some(district) => in_district(district),
            None => codes.iter().collect(),
        };
        match (&left[..], actual) {
            ([code], Some(actual)) => Some(Settled::ByPosition {
                code: (*code).clone(),
                district: actual.in_words(),
            }),
            ([code], None) => Some(Settled::ByDistrict {
                code: (*code).clone(),
                district: said()?.to_owned(),
            }),
            _ => {
                let of_record = record.key()?.parse::<FacilityCode>().ok()?.municipality()?;
                let code = of_record.to_string();
                left.contains(&&code).then_some(Settled::ByCode { code })
            }
        }
    }

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
            let (sr, en) = (words_sr(stray), words(stray));
            let message = message!(
                "{sr} је изван Србије; исправите координате",
                "{en} lies outside Serbia; correct the coordinates"
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
        let first = geometry.coords_iter().next()?;
        let (sr, en) = (words_sr(first), words(first));
        let message = message!(
            "ниједан део не лежи у Србији (прва тачка: {sr}); исправите координате",
            "no part lies in Serbia (first vertex: {en}); correct the coordinates"
        );
        Some(Finding::of(Severity::Error, column, message))
    }

    /// The district in which a geometry lies, as far as the areas at hand tell.
    pub fn district_at(&self, geometry: &Geometry<f64>) -> Option<DistrictCode> {
        self.district_of(middle(geometry)?)?.code.parse().ok()
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
            let (sr, en, far) = (words_sr(at), words(at), kilometres(distance));
            let District { code, name, .. } = nearest;
            let message = message!(
                "{sr} је {far} изван Србије (најближи округ: {code} {name}); исправите координате",
                "{en} lies {far} outside Serbia (nearest district: {code} {name}); correct the \
                 coordinates"
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
            let (sr, en, far) = (words_sr(at), words(at), kilometres(distance));
            let (is, says) = (actual.in_words(), claimed.in_words());
            let message = message!(
                "{sr} је у округу {is}, {far} од округа који запис наводи, {says}; проверите оба",
                "{en} lies in {is}, {far} from the district that the record claims, {says}; check \
                 both"
            );
            Finding::of(Severity::Warning, "district", message)
        })
    }
}

impl District {
    fn in_words(&self) -> String {
        format!("{} {}", self.code, self.name)
    }
}

fn district_of_code(municipality: &str) -> Option<String> {
    let code: MunicipalityCode = municipality.parse().ok()?;
    Some(code.district()?.to_string())
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

fn words_sr(at: Coord<f64>) -> String {
    format!("географска дужина {:.5}, ширина {:.5}", at.x, at.y)
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

    /// Boljevac (70319) lies in RS-15, Bor (70327) in RS-14; here they bear one name.
    #[test]
    fn a_name_of_several_is_settled_by_place_then_district_then_code() {
        let codes = ["70319", "70327"].map(str::to_owned);
        let settle = |record: &Record| positions().settle(&codes, record);
        let by_position = |code: &str, district: &str| {
            let (code, district) = (code.to_owned(), district.to_owned());
            Some(Settled::ByPosition { code, district })
        };
        let borski = by_position("70327", "RS-14 Borski");
        assert_eq!(settle(&facility(21.7, 44.2, None)), borski);
        assert_eq!(settle(&facility(21.7, 44.2, Some("RS-15"))), borski);
        let zajecarski = by_position("70319", "RS-15 Zaječarski");
        assert_eq!(settle(&facility(22.2, 44.2, None)), zajecarski);

        let mut placeless = Record::new(&FACILITIES);
        assert_eq!(settle(&placeless), None);
        placeless.set("code", Value::Text("RS-70319-001".to_owned()));
        let code = "70319".to_owned();
        assert_eq!(settle(&placeless), Some(Settled::ByCode { code }));
        placeless.set("district", Value::Text("RS-14".to_owned()));
        let (code, district) = ("70327".to_owned(), "RS-14".to_owned());
        assert_eq!(
            settle(&placeless),
            Some(Settled::ByDistrict { code, district })
        );
        // Of two in one district the code tells which.
        placeless.set("district", Value::Text("RS-14".to_owned()));
        placeless.set("code", Value::Text("RS-70840-001".to_owned()));
        let of_borski = ["70327", "70840"].map(str::to_owned);
        let code = "70840".to_owned();
        let settled = positions().settle(&of_borski, &placeless);
        assert_eq!(settled, Some(Settled::ByCode { code }));
        // Neither of the two lies there: the place contradicts the name.
        placeless.set("district", Value::Text("RS-00".to_owned()));
        assert_eq!(settle(&placeless), None);
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
