//! What a reference system says about itself, apart from its name and code.

use std::collections::BTreeMap;

use serde_json::Value;

/// The datums that matter in Serbia; any other is told apart by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Datum {
    /// EPSG datum 1031, the Yugoslav and Serbian datum.
    Mgi1901,
    /// EPSG datum 6312, by the registry Austrian; also written Hermannskogel.
    Mgi,
    Wgs84,
    Etrs89,
    SrbEtrs89,
    Sref98,
    /// A datum without a usable name on the ellipsoid Bessel 1841.
    UnnamedBessel,
    /// A datum of another name on the ellipsoid Bessel 1841.
    OtherBessel(String),
    Other(String),
}

impl Datum {
    /// Reads the datum of a PROJJSON geographic reference system.
    fn read(base: &Value) -> Self {
        let datum = base
            .get("datum")
            .or_else(|| base.get("datum_ensemble"))
            .unwrap_or(&Value::Null);
        let name = text(datum, "name");
        if !is_greenwich(datum) {
            return Self::Other(name.to_owned());
        }
        if is_bessel_1841(datum) {
            Self::on_bessel(name)
        } else {
            Self::on_modern_ellipsoid(name)
        }
    }

    fn on_bessel(name: &str) -> Self {
        let folded = folded(name);
        match folded.as_str() {
            "mgi1901" => Self::Mgi1901,
            "mgi" | "hermannskogel" | "militargeographischeinstitut" => Self::Mgi,
            _ if folded.contains("unknown") || folded.contains("notspecified") => {
                Self::UnnamedBessel
            }
            _ => Self::OtherBessel(name.to_owned()),
        }
    }

    fn on_modern_ellipsoid(name: &str) -> Self {
        let folded = folded(name);
        let is = |start: &str| folded.starts_with(start);
        if is("worldgeodeticsystem1984") {
            Self::Wgs84
        } else if is("europeanterrestrialreferencesystem1989")
            || is("europeanterrestrialreferenceframe1989")
        {
            Self::Etrs89
        } else if is("serbianspatialreferencesystem2000") {
            Self::SrbEtrs89
        } else if is("serbianreferencenetwork1998") {
            Self::Sref98
        } else {
            Self::Other(name.to_owned())
        }
    }
}

/// Lower case letters and digits only, without ESRI's leading `D_`.
fn folded(name: &str) -> String {
    name.strip_prefix("D_")
        .unwrap_or(name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_greenwich(datum: &Value) -> bool {
    let Some(meridian) = datum.get("prime_meridian") else {
        return true;
    };
    let longitude = &meridian["longitude"];
    let degrees = longitude.as_f64().or_else(|| longitude["value"].as_f64());
    degrees.is_some_and(|degrees| degrees.abs() < 1e-9)
}

fn is_bessel_1841(datum: &Value) -> bool {
    const SEMI_MAJOR_AXIS_M: f64 = 6_377_397.155;
    const INVERSE_FLATTENING: f64 = 299.152_812_8;
    let ellipsoid = &datum["ellipsoid"];
    let near = |key: &str, wanted: f64, within: f64| {
        ellipsoid[key]
            .as_f64()
            .is_some_and(|value| (value - wanted).abs() < within)
    };
    near("semi_major_axis", SEMI_MAJOR_AXIS_M, 1e-3)
        && near("inverse_flattening", INVERSE_FLATTENING, 1e-5)
}

/// A map projection: its EPSG method name and parameters.
///
/// Parameters are keyed by EPSG code and held in degrees, metres or as plain
/// ratios; a parameter that has its neutral value is left out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Projection {
    method: String,
    parameters: BTreeMap<u64, f64>,
}

const LONGITUDE_OF_ORIGIN: u64 = 8802;
const SCALE_AT_ORIGIN: u64 = 8805;
const FALSE_EASTING: u64 = 8806;

impl Projection {
    fn read(crs: &Value) -> Option<Self> {
        let conversion = crs.get("conversion")?;
        Some(Self {
            method: text(&conversion["method"], "name").to_owned(),
            parameters: items(&conversion["parameters"])
                .filter_map(parameter)
                .collect(),
        })
    }

    /// The Yugoslav three-degree zone (5 to 8) whose central meridian this
    /// transverse Mercator projection has, with any scale and false easting.
    pub(crate) fn yugoslav_zone(&self) -> Option<u8> {
        let longitude = self.value(LONGITUDE_OF_ORIGIN, 0.0);
        (5..=8)
            .find(|zone| near(longitude, 3.0 * f64::from(*zone)))
            .filter(|_| self.method == "Transverse Mercator")
    }

    /// Whether scale and false easting too are those of the state survey.
    pub(crate) fn is_state_grid(&self) -> bool {
        near(self.value(SCALE_AT_ORIGIN, 1.0), 0.9999) && self.has_zone_in_false_easting()
    }

    /// Whether the false easting is that of a zone of the state survey, with its number.
    pub(crate) fn has_zone_in_false_easting(&self) -> bool {
        self.yugoslav_zone()
            .is_some_and(|zone| near(self.false_easting_m(), f64::from(zone) * 1e6 + 500_000.0))
    }

    pub(crate) fn false_easting_m(&self) -> f64 {
        self.value(FALSE_EASTING, 0.0)
    }

    fn value(&self, code: u64, neutral: f64) -> f64 {
        self.parameters.get(&code).copied().unwrap_or(neutral)
    }

    fn equals(&self, other: &Self) -> bool {
        self.method == other.method
            && self.parameters.len() == other.parameters.len()
            && self.parameters.iter().all(|(code, value)| {
                let theirs = other.parameters.get(code);
                theirs.is_some_and(|theirs| near(*theirs, *value))
            })
    }
}

fn parameter(parameter: &Value) -> Option<(u64, f64)> {
    let code = parameter["id"]["code"].as_u64()?;
    let value = parameter["value"].as_f64()? * unit_factor(&parameter["unit"]);
    let neutral = if code == SCALE_AT_ORIGIN { 1.0 } else { 0.0 };
    (!near(value, neutral)).then_some((code, value))
}

/// What one unit is in degrees, metres or as a plain ratio.
fn unit_factor(unit: &Value) -> f64 {
    let factor = unit["conversion_factor"].as_f64().unwrap_or(1.0);
    match unit["type"].as_str() {
        Some("AngularUnit") => factor.to_degrees(),
        _ => factor,
    }
}

/// Equality for numbers that went through decimal text of 9 or more digits.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// Datum and projection: enough to say which grid a text without a code means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signature {
    pub(crate) datum: Datum,
    /// `None` for longitude and latitude.
    pub(crate) projection: Option<Projection>,
    /// Degrees (longitude and latitude) or metres in one unit of the axes.
    pub(crate) axis_unit: f64,
}

impl Signature {
    /// Reads a PROJJSON `ProjectedCRS` or `GeographicCRS`.
    pub(crate) fn read(crs: &Value) -> Self {
        Self {
            datum: Datum::read(crs.get("base_crs").unwrap_or(crs)),
            projection: Projection::read(crs),
            axis_unit: unit_factor(&crs["coordinate_system"]["axis"][0]["unit"]),
        }
    }

    /// Whether the datum is in fact MGI 1901: it says so, or it is called MGI
    /// and projected in a Yugoslav zone, or it has no name or one that programs
    /// and people invent, and the projection is exactly a zone of the state
    /// survey: its scale 0.9999 with the zone before the eastings is nobody else's.
    pub(crate) fn is_on_mgi_1901(&self) -> bool {
        let projection = self.projection.as_ref();
        match self.datum {
            Datum::Mgi1901 => true,
            Datum::Mgi => projection.is_some_and(|p| p.yugoslav_zone().is_some()),
            Datum::UnnamedBessel | Datum::OtherBessel(_) => {
                projection.is_some_and(Projection::is_state_grid)
            }
            _ => false,
        }
    }

    /// Whether the axes count whole degrees or metres.
    pub(crate) fn has_plain_unit(&self) -> bool {
        near(self.axis_unit, 1.0)
    }

    /// Whether both mean the same numbers for the same place.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        let same_datum =
            self.datum == other.datum || (self.is_on_mgi_1901() && other.is_on_mgi_1901());
        let same_projection = match (&self.projection, &other.projection) {
            (Some(mine), Some(theirs)) => mine.equals(theirs),
            (None, None) => true,
            _ => false,
        };
        same_datum && same_projection && near(self.axis_unit, other.axis_unit)
    }
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
