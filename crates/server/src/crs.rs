//! The coordinate reference systems in which features are asked for and answered (OGC API Features 2).
//!
//! Stored coordinates are longitude, latitude, WGS 84. `geodesy` moves them; here they only get the
//! order of axes that the authority gives (`EPSG:4326` is latitude, longitude).

use std::cell::RefCell;
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

use axum::http::HeaderValue;
use geodesy::{AxisOrder, Crs, GeodesyError, TransformPlan, Transformer};

use crate::geojson::write_decimal;

/// Longitude, latitude, WGS 84: the coordinates of `GeoJSON` and of the register.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// The EPSG codes that are served beside [`CRS84`], in the order in which they are listed.
const CODES: [u32; 10] = [4326, 3857, 3035, 25834, 8682, 32634, 6316, 8678, 3908, 3909];

/// One of the served reference systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedCrs(Option<usize>);

struct Served {
    code: u32,
    uri: String,
    /// Made when somebody asks for it: PROJ takes tens of milliseconds to choose an operation.
    made: OnceLock<Made>,
}

struct Made {
    crs: Crs,
    plan: TransformPlan,
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| {
    let served = |code| Served {
        code,
        uri: format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
        made: OnceLock::new(),
    };
    CODES.into_iter().map(served).collect()
});

impl Served {
    /// PROJ knows all of them, which a test proves.
    fn made(&self) -> Result<&Made, GeodesyError> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let crs = Crs::from_epsg(self.code)?;
        let plan = TransformPlan::new(&crs)?;
        Ok(self.made.get_or_init(|| Made { crs, plan }))
    }

    fn crs(&self) -> Option<&Crs> {
        self.made().ok().map(|made| &made.crs)
    }
}

/// A name of no served reference system.
#[derive(Debug, PartialEq, Eq)]
pub struct NotServed;

impl ServedCrs {
    /// [`CRS84`].
    pub const CRS84: Self = Self(None);

    /// All of them, [`CRS84`] first.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::CRS84).chain((0..SERVED.len()).map(|at| Self(Some(at))))
    }

    /// The OGC URI.
    pub fn uri(self) -> &'static str {
        self.served().map_or(CRS84, |served| served.uri.as_str())
    }

    /// The value of the header `Content-Crs`.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_str(&format!("<{}>", self.uri())).unwrap_or(HeaderValue::from_static(""))
    }

    /// Whether coordinates go out as they are stored.
    pub const fn is_crs84(self) -> bool {
        self.0.is_none()
    }

    /// Whether its coordinates are degrees.
    pub fn is_geographic(self) -> bool {
        self.served()
            .and_then(Served::crs)
            .is_none_or(Crs::is_geographic)
    }

    /// Coordinates in the authority's order of axes as x = east, y = north, or the other way round.
    pub fn turn(self, [first, second]: [f64; 2]) -> [f64; 2] {
        match self.served().and_then(Served::crs).map(Crs::axis_order) {
            Some(AxisOrder::NorthEast) => [second, first],
            _ => [first, second],
        }
    }

    /// A position of this system, x = east, y = north, as longitude, latitude.
    pub fn to_crs84(self, x: f64, y: f64) -> Result<(f64, f64), GeodesyError> {
        self.with(|pair| pair.map_or(Ok((x, y)), |pair| pair.to_wgs84.transform(x, y)))?
    }

    /// Longitude, latitude as a position of this system, x = east, y = north.
    pub fn of_crs84(self, lon: f64, lat: f64) -> Result<(f64, f64), GeodesyError> {
        self.with(|pair| pair.map_or(Ok((lon, lat)), |pair| pair.from_wgs84.transform(lon, lat)))?
    }

    fn served(self) -> Option<&'static Served> {
        SERVED.get(self.0?)
    }

    /// Works with the transformers of this thread.
    fn with<T>(self, work: impl FnOnce(Option<&Pair>) -> T) -> Result<T, GeodesyError> {
        thread_local! {
            static PAIRS: RefCell<Vec<Option<Pair>>> = const { RefCell::new(Vec::new()) };
        }
        let (Some(at), Some(served)) = (self.0, self.served()) else {
            return Ok(work(None));
        };
        PAIRS.with_borrow_mut(|pairs| {
            pairs.resize_with(SERVED.len(), || None);
            if pairs[at].is_none() {
                let plan = &served.made()?.plan;
                pairs[at] = Some(Pair {
                    to_wgs84: plan.to_wgs84()?,
                    from_wgs84: plan.from_wgs84()?,
                });
            }
            Ok(work(pairs[at].as_ref()))
        })
    }
}

/// The way there and back.
struct Pair {
    to_wgs84: Transformer,
    from_wgs84: Transformer,
}

impl FromStr for ServedCrs {
    type Err = NotServed;

    /// Reads an OGC URI, also one with a version or `https`, a URN, or `EPSG:n`, with or without the
    /// brackets of a safe CURIE or of a header.
    fn from_str(text: &str) -> Result<Self, NotServed> {
        let text = text
            .trim()
            .trim_start_matches(['<', '['])
            .trim_end_matches(['>', ']']);
        let parts: Vec<&str> = text.split(['/', ':']).collect();
        match parts[..] {
            [.., "OGC", _, "CRS84"] | ["OGC", "CRS84"] => Ok(Self::CRS84),
            [.., "EPSG", _, code] | ["EPSG", code] => Self::of_code(code),
            _ => Err(NotServed),
        }
    }
}

impl ServedCrs {
    fn of_code(code: &str) -> Result<Self, NotServed> {
        let known = |served: &Served| served.code.to_string() == code;
        let at = SERVED.iter().position(known).ok_or(NotServed)?;
        Ok(Self(Some(at)))
    }
}

/// How a writer puts a stored position into an answer.
pub trait Positions {
    /// Writes the two coordinates, separated by a comma, in the authority's order.
    fn write(&self, out: &mut Vec<u8>, lon: f64, lat: f64);
}

/// As stored: seven decimals are a centimetre.
pub struct Stored;

impl Positions for Stored {
    fn write(&self, out: &mut Vec<u8>, lon: f64, lat: f64) {
        write_decimal::<7>(out, lon);
        out.push(b',');
        write_decimal::<7>(out, lat);
    }
}

/// In another reference system: degrees with seven decimals, metres with three.
pub struct Moved {
    crs: ServedCrs,
    failure: RefCell<Option<GeodesyError>>,
}

impl Moved {
    /// Into a reference system.
    pub const fn into(crs: ServedCrs) -> Self {
        Self {
            crs,
            failure: RefCell::new(None),
        }
    }

    /// What the first position that could not be moved met; what was written is then worthless.
    ///
    /// # Errors
    /// That.
    pub fn finish(self) -> Result<(), GeodesyError> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

impl Positions for Moved {
    fn write(&self, out: &mut Vec<u8>, lon: f64, lat: f64) {
        let (x, y) = match self.crs.of_crs84(lon, lat) {
            Ok(moved) => moved,
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(error);
                return;
            }
        };
        let [first, second] = self.crs.turn([x, y]);
        let write = if self.crs.is_geographic() {
            write_decimal::<7>
        } else {
            write_decimal::<3>
        };
        write(out, first);
        out.push(b',');
        write(out, second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_listed_systems_are_served() {
        assert_eq!(ServedCrs::all().count(), CODES.len() + 1);
        for crs in ServedCrs::all() {
            let there = crs.of_crs84(21.0, 44.0).unwrap();
            assert!(crs.to_crs84(there.0, there.1).is_ok(), "{}", crs.uri());
        }
    }

    #[test]
    fn a_system_is_known_by_each_of_its_names() {
        let zone_7 = ServedCrs::of_code("6316").unwrap();
        for name in [
            "http://www.opengis.net/def/crs/EPSG/0/6316",
            "https://www.opengis.net/def/crs/EPSG/11.022/6316",
            "urn:ogc:def:crs:EPSG::6316",
            "EPSG:6316",
            "[EPSG:6316]",
            "<http://www.opengis.net/def/crs/EPSG/0/6316>",
        ] {
            assert_eq!(name.parse(), Ok(zone_7), "{name}");
        }
        for name in [CRS84, "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"] {
            assert_eq!(name.parse(), Ok(ServedCrs::CRS84), "{name}");
        }
        for name in [
            "",
            "6316",
            "EPSG:31277",
            "EPSG:0",
            "EPSG",
            "http://a/EPSG/0/",
        ] {
            assert_eq!(name.parse::<ServedCrs>(), Err(NotServed), "{name}");
        }
    }

    /// The published test vectors of the pinned operation, in the order of axes of the authority.
    #[test]
    fn bor_has_the_coordinates_of_each_system() {
        for (code, expected) in [
            ("6316", [7_588_213.57, 4_881_734.64]),
            ("3909", [4_881_734.64, 7_588_213.57]),
            ("32634", [587_753.21, 4_880_773.46]),
            ("3035", [2_407_716.28, 5_287_321.89]),
            ("4326", [44.074_88, 22.095_91]),
        ] {
            let crs = ServedCrs::of_code(code).unwrap();
            let (x, y) = crs.of_crs84(22.095_91, 44.074_88).unwrap();
            let there = crs.turn([x, y]);
            let near = (there[0] - expected[0]).hypot(there[1] - expected[1]) <= 0.01;
            assert!(near, "EPSG:{code}: {there:?}");
            let (lon, lat) = crs.to_crs84(x, y).unwrap();
            assert!(
                (lon - 22.095_91).hypot(lat - 44.074_88) < 1e-8,
                "EPSG:{code}"
            );
        }
    }
}
