use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::definition::Definition;
use crate::error::GeodesyError;
use crate::recognise::{self, Code};

/// The order in which a reference system lists its two horizontal axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AxisOrder {
    /// Easting then northing, or longitude then latitude.
    EastNorth,
    /// Northing then easting, or latitude then longitude.
    NorthEast,
}

/// What a reference system is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name by its own definition.
    pub name: String,
    /// EPSG code, where it has one.
    pub epsg: Option<u32>,
    /// OGC URI, where it has one.
    pub uri: Option<String>,
    /// The order of its axes by its own definition.
    pub axis_order: AxisOrder,
}

/// A horizontal coordinate reference system: what was declared, and what it was
/// read as.
///
/// The two differ for deprecated codes of the Yugoslav state grid and for texts
/// without a code; [`Crs::notes`] says why in plain sentences.
#[derive(Debug, Clone, PartialEq)]
pub struct Crs {
    declared: Identity,
    resolved: Definition,
    notes: Vec<String>,
}

impl Crs {
    pub(crate) fn new(declared: Identity, resolved: Definition, notes: Vec<String>) -> Self {
        Self {
            declared,
            resolved,
            notes,
        }
    }

    /// Reads `EPSG:6316`, `6316`, `OGC:CRS84`, an OGC URI
    /// (`http://www.opengis.net/def/crs/EPSG/0/6316`) or URN
    /// (`urn:ogc:def:crs:EPSG::6316`).
    ///
    /// # Errors
    /// When the text is none of these, or the registry holds no such
    /// horizontal reference system.
    pub fn parse(text: &str) -> Result<Self, GeodesyError> {
        Code::parse(text)
            .ok_or_else(|| GeodesyError::UnknownText {
                text: text.chars().take(100).collect(),
            })
            .and_then(recognise::from_code)
    }

    /// The reference system of an EPSG code.
    ///
    /// # Errors
    /// When the registry holds no such horizontal reference system.
    pub fn from_epsg(code: u32) -> Result<Self, GeodesyError> {
        recognise::from_code(Code::Epsg(code))
    }

    /// Recognises WKT 1, WKT 2 or the ESRI text of a `.prj` file by its datum
    /// and projection parameters; names are not trusted.
    ///
    /// A text that is no grid of the registry keeps its own parameters and has
    /// no code. A datum shift inside the text (`TOWGS84`) is never used.
    ///
    /// # Errors
    /// When the text is not WKT or describes no horizontal reference system.
    pub fn from_wkt(wkt: &str) -> Result<Self, GeodesyError> {
        recognise::from_wkt(wkt)
    }

    /// What the user or the file declared.
    pub fn declared(&self) -> &Identity {
        &self.declared
    }

    /// What the declaration was read as.
    pub fn resolved(&self) -> &Identity {
        &self.resolved.identity
    }

    /// The EPSG code of [`Crs::resolved`].
    pub fn epsg(&self) -> Option<u32> {
        self.resolved().epsg
    }

    /// The name of [`Crs::resolved`].
    pub fn name(&self) -> &str {
        &self.resolved().name
    }

    /// The OGC URI of [`Crs::resolved`].
    pub fn uri(&self) -> Option<&str> {
        self.resolved().uri.as_deref()
    }

    /// The axis order of [`Crs::declared`]: the one to expect in formats that
    /// follow the registry (GML, OGC API parameters). Files of GIS programs
    /// hold x = east whatever this says.
    pub fn axis_order(&self) -> AxisOrder {
        self.declared.axis_order
    }

    /// Whether coordinates are longitude and latitude.
    pub fn is_geographic(&self) -> bool {
        self.resolved.signature.projection.is_none()
    }

    /// Why [`Crs::resolved`] differs from [`Crs::declared`] and what of the
    /// declaration was not used, one English sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(crate) fn definition(&self) -> &Definition {
        &self.resolved
    }
}

impl FromStr for Crs {
    type Err = GeodesyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
