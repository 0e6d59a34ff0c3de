//! Reading a reference system from PROJ's description of it (PROJJSON).

use serde_json::Value;

use crate::crs::{AxisOrder, Identity};
use crate::error::GeodesyError;
use crate::signature::{Signature, items, text};

/// A horizontal reference system as PROJ describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Definition {
    /// What to give PROJ: `EPSG:<code>` or PROJJSON.
    pub(crate) text: String,
    pub(crate) identity: Identity,
    pub(crate) signature: Signature,
    /// The geographic system under a projected one.
    pub(crate) base: Option<Base>,
    /// The file's own shift to WGS 84.
    pub(crate) own_shift: Option<OwnShift>,
    /// The heights that came with the grid.
    pub(crate) heights: Option<Heights>,
}

/// A shift to WGS 84 that a text brings along (`TOWGS84`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OwnShift {
    method: String,
    /// By the EPSG codes of the parameters: metres, arc-seconds, parts per million.
    values: Vec<(u64, f64)>,
}

impl OwnShift {
    /// `None` for a shift by nothing, as many files have for WGS 84.
    fn read(transformation: &Value) -> Option<Self> {
        let value = |parameter: &Value| {
            Some((
                parameter["id"]["code"].as_u64()?,
                parameter["value"].as_f64()?,
            ))
        };
        let values: Vec<_> = items(&transformation["parameters"])
            .filter_map(value)
            .collect();
        values.iter().any(|(_, value)| *value != 0.0).then(|| Self {
            method: text(&transformation["method"], "name").to_owned(),
            values,
        })
    }

    /// The parameters of PROJ's `helmert` step, geocentric metres to geocentric metres.
    ///
    /// The texts of files mean EPSG method 9606, Position Vector (OGC 01-009, TOWGS84).
    pub(crate) fn helmert(&self) -> String {
        const KEYS: [(u64, &str); 7] = [
            (8605, "x"),
            (8606, "y"),
            (8607, "z"),
            (8608, "rx"),
            (8609, "ry"),
            (8610, "rz"),
            (8611, "s"),
        ];
        let value = |code| self.values.iter().find(|(other, _)| *other == code);
        let steps: Vec<String> = KEYS
            .iter()
            .filter_map(|(code, key)| Some(format!("{key}={}", value(*code)?.1)))
            .collect();
        let convention = if self.method.starts_with("Coordinate Frame") {
            "coordinate_frame"
        } else {
            "position_vector"
        };
        let rotates = self.values.len() > 3;
        let convention = if rotates {
            format!(" convention={convention}")
        } else {
            String::new()
        };
        steps.join(" ") + &convention
    }
}

impl std::fmt::Display for OwnShift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values: Vec<String> = self.values.iter().map(|(_, v)| v.to_string()).collect();
        write!(f, "{}: {}", self.method, values.join(", "))
    }
}

/// Heights that a compound system joins to a grid.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heights {
    pub(crate) name: String,
    /// What grid and heights together are called.
    compound: Identity,
}

/// The geographic system under a projected one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Base {
    pub(crate) text: String,
    pub(crate) axis_order: AxisOrder,
}

impl Definition {
    /// Reads PROJJSON, looking through heights and bound datum shifts.
    pub(crate) fn read(json: &Value) -> Result<Self, GeodesyError> {
        match text(json, "type") {
            "CompoundCRS" => Self::read_compound(json),
            "BoundCRS" => Ok(Self {
                own_shift: OwnShift::read(&json["transformation"]),
                ..Self::read(&json["source_crs"])?
            }),
            "GeographicCRS" | "ProjectedCRS" => Self::read_horizontal(json),
            kind => Err(GeodesyError::NotHorizontal {
                name: text(json, "name").to_owned(),
                kind: kind.to_owned(),
            }),
        }
    }

    fn read_compound(json: &Value) -> Result<Self, GeodesyError> {
        let horizontal = Self::read(&json["components"][0])?;
        let vertical = &json["components"][1];
        let vertical = vertical.get("source_crs").unwrap_or(vertical);
        Ok(Self {
            heights: Some(Heights {
                name: text(vertical, "name").to_owned(),
                compound: identity(json, horizontal.identity.axis_order),
            }),
            ..horizontal
        })
    }

    /// Whether PROJ finds it by a code.
    pub(crate) fn is_of_registry(&self) -> bool {
        self.text.starts_with("EPSG:") || self.text.starts_with("OGC:")
    }

    /// What the whole is called, heights included.
    pub(crate) fn declared_identity(&self) -> &Identity {
        self.heights
            .as_ref()
            .map_or(&self.identity, |heights| &heights.compound)
    }

    fn read_horizontal(json: &Value) -> Result<Self, GeodesyError> {
        Ok(Self {
            text: json.to_string(),
            identity: identity(json, axis_order(json)?),
            signature: Signature::read(json),
            base: json.get("base_crs").map(Base::read).transpose()?,
            own_shift: None,
            heights: None,
        })
    }
}

impl Base {
    fn read(json: &Value) -> Result<Self, GeodesyError> {
        Ok(Self {
            text: json.to_string(),
            axis_order: axis_order(json)?,
        })
    }
}

fn identity(json: &Value, axis_order: AxisOrder) -> Identity {
    Identity {
        name: text(json, "name").to_owned(),
        epsg: epsg(json),
        uri: uri(json),
        axis_order,
    }
}

fn epsg(json: &Value) -> Option<u32> {
    let code = json["id"]["code"].as_u64()?;
    (text(&json["id"], "authority") == "EPSG")
        .then_some(code)
        .and_then(|code| u32::try_from(code).ok())
}

fn uri(json: &Value) -> Option<String> {
    let is_crs84 = text(&json["id"], "authority") == "OGC" && text(&json["id"], "code") == "CRS84";
    match epsg(json) {
        Some(code) => Some(format!("http://www.opengis.net/def/crs/EPSG/0/{code}")),
        None => is_crs84.then(|| "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned()),
    }
}

/// The order of the first two axes, from their directions.
fn axis_order(json: &Value) -> Result<AxisOrder, GeodesyError> {
    let axes: Vec<&str> = items(&json["coordinate_system"]["axis"])
        .map(|axis| text(axis, "direction"))
        .collect();
    match axes.as_slice() {
        ["east", "north", ..] => Ok(AxisOrder::EastNorth),
        ["north", "east", ..] => Ok(AxisOrder::NorthEast),
        _ => Err(GeodesyError::UnsupportedAxes {
            name: text(json, "name").to_owned(),
            axes: axes.join(", "),
        }),
    }
}
