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
    /// The file's own shift to WGS 84, as `method (values)`.
    pub(crate) own_shift: Option<String>,
    /// The heights that came with the grid.
    pub(crate) heights: Option<Heights>,
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
                own_shift: own_shift(&json["transformation"]),
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

/// `None` for a shift by nothing, as many files have for WGS 84.
fn own_shift(transformation: &Value) -> Option<String> {
    let values: Vec<f64> = items(&transformation["parameters"])
        .filter_map(|parameter| parameter["value"].as_f64())
        .collect();
    values.iter().any(|value| *value != 0.0).then(|| {
        let values: Vec<String> = values.iter().map(f64::to_string).collect();
        let method = text(&transformation["method"], "name");
        format!("{method}: {}", values.join(", "))
    })
}
