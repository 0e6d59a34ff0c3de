use std::str::FromStr;

use domain::lang::Message;
use serde::{Deserialize, Serialize};

use crate::definition::{Definition, OwnShift};
use crate::error::GeodesyError;
use crate::recognise::{self, Code};
use crate::signature::Projection;

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
    written: String,
    declared: Identity,
    resolved: Definition,
    own_shift: Option<OwnShift>,
    notes: Vec<Message>,
}

impl Crs {
    pub(crate) fn new(
        written: String,
        declared: Identity,
        resolved: Definition,
        notes: Vec<Message>,
    ) -> Self {
        Self {
            written,
            declared,
            resolved,
            own_shift: None,
            notes,
        }
    }

    pub(crate) fn with_own_shift(self, own_shift: Option<OwnShift>) -> Self {
        Self { own_shift, ..self }
    }

    /// Reads `EPSG:6316`, `6316`, `OGC:CRS84`, an OGC URI
    /// (`http://www.opengis.net/def/crs/EPSG/0/6316`) or URN
    /// (`urn:ogc:def:crs:EPSG::6316`), a name that programs write for WGS 84 or
    /// Web Mercator (`WGS84`, `ESRI:102100`), well-known text, or the PROJ text of one
    /// grid (`+proj=tmerc +lon_0=21 …`), in which Bessel's ellipsoid without a
    /// datum means MGI 1901.
    ///
    /// # Errors
    /// When the text is none of these, or the registry holds no such
    /// horizontal reference system.
    pub fn parse(text: &str) -> Result<Self, GeodesyError> {
        let text = text.trim();
        if text.contains("proj=") && !recognise::starts_like_wkt(text) {
            return recognise::from_proj_text(text);
        }
        if recognise::starts_like_wkt(text) {
            return Self::from_wkt(text);
        }
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
    /// declaration was not used, one sentence each.
    pub fn notes(&self) -> &[Message] {
        &self.notes
    }

    /// The millions of metres in the false easting, which are the zone's number
    /// and often left out: 7 000 000 for EPSG:6316. `None` where there are none.
    pub fn zone_digit_m(&self) -> Option<f64> {
        let projection = self.resolved.signature.projection.as_ref()?;
        let millions = (projection.false_easting_m() / 1e6).floor() * 1e6;
        (projection.yugoslav_zone().is_some() && millions > 0.0).then_some(millions)
    }

    /// The zone of the state survey that has the central meridian and the false easting of this grid, where
    /// this one has another scale than 0.9999 or another datum than MGI 1901: nobody surveys in such a grid,
    /// so it was probably described by hand or by a program that did not know the datum.
    ///
    /// # Errors
    /// When the registry cannot be read.
    pub fn almost_of_state_survey(&self) -> Result<Option<Self>, GeodesyError> {
        let signature = &self.resolved.signature;
        let projection = signature.projection.as_ref();
        let zone = projection
            .filter(|projection| projection.has_zone_in_false_easting())
            .filter(|projection| !(signature.is_on_mgi_1901() && projection.is_state_grid()))
            .and_then(Projection::yugoslav_zone);
        let epsg = match zone {
            Some(5) => 8677,
            Some(6) => 8678,
            Some(7) => 6316,
            Some(8) => 8679,
            _ => return Ok(None),
        };
        Self::from_epsg(epsg).map(Some)
    }

    /// Whether the text has a shift to WGS 84 of its own, in whose place
    /// EPSG:9486 is used.
    pub fn brings_own_shift(&self) -> bool {
        self.replaced_shift().is_some()
    }

    /// The text's own shift to WGS 84, where EPSG:9486 is used in its place.
    pub(crate) fn replaced_shift(&self) -> Option<&OwnShift> {
        self.own_shift
            .as_ref()
            .filter(|_| self.resolved.signature.is_on_mgi_1901())
    }

    pub(crate) fn definition(&self) -> &Definition {
        &self.resolved
    }
}

impl std::fmt::Display for Crs {
    /// As it is written for [`Crs::parse`].
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

impl FromStr for Crs {
    type Err = GeodesyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
