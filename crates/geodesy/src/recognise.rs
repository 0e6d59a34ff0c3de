//! From what a user or a file declares to a reference system of the registry.

use std::sync::OnceLock;

use domain::lang::Message;

use crate::crs::{Crs, Identity};
use crate::definition::Definition;
use crate::error::GeodesyError;
use crate::registry::{self, DescribeError};
use crate::signature::{Datum, Signature};
use crate::{notes, proj_text};

/// Deprecated codes of the Yugoslav state grid and the codes that replaced
/// them: 390x differ in axis order, 3127x stand on the Austrian datum.
const SUCCESSORS: [(u32, u32); 9] = [
    (3907, 8677),
    (3908, 8678),
    (3909, 6316),
    (3910, 8679),
    (31275, 8677),
    (31276, 8678),
    (31277, 6316),
    (31278, 8679),
    (31279, 8679),
];

/// What programs of ESRI and Google call Web Mercator beside its code in the registry.
const WEB_MERCATOR: [u32; 4] = [900_913, 102_100, 102_113, 3785];

/// What the registry may give to its entries (IOGP Guidance Note 7-1): PROJ writes to the standard
/// error stream when it is asked for another, which helps nobody.
const EPSG_CODES: std::ops::RangeInclusive<u32> = 1024..=32_767;

/// The systems a text without a code is compared with: what Serbian files are
/// in. Grids with the same parameters on different datums are told apart.
const KNOWN: [u32; 22] = [
    6316, 8678, 8679, 8677, 31265, 31266, 31267, 31268, 8682, 32633, 32634, 32635, 25833, 25834,
    25835, 3035, 3857, 4326, 4258, 3906, 8685, 4075,
];

/// A code of an authority that PROJ knows and this crate accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Epsg(u32),
    Crs84,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Epsg(code) => write!(f, "EPSG:{code}"),
            Self::Crs84 => f.write_str("OGC:CRS84"),
        }
    }
}

impl Code {
    /// Reads a bare number, `EPSG:n`, an OGC URI or an OGC URN, also without its
    /// version or in the square brackets of a safe CURIE, and the names that
    /// programs write for WGS 84 and Web Mercator.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text)
            .to_ascii_lowercase();
        let (authority, code) = split(&text)?;
        match (authority, code) {
            ("epsg", "wgs84" | "wgs 84") => Some(Self::Epsg(4326)),
            ("epsg" | "esri", code) if number(code).is_some_and(is_web_mercator) => {
                Some(Self::Epsg(3857))
            }
            ("epsg", code) => number(code).map(Self::Epsg),
            ("ogc", "crs84") => Some(Self::Crs84),
            _ => None,
        }
    }
}

/// Authority and code, both in lower case as the text is.
fn split(text: &str) -> Option<(&str, &str)> {
    let uri = text
        .strip_prefix("http://www.opengis.net/def/crs/")
        .or_else(|| text.strip_prefix("https://www.opengis.net/def/crs/"));
    let urn = text
        .strip_prefix("urn:ogc:def:crs:")
        .or_else(|| text.strip_prefix("urn:x-ogc:def:crs:"));
    let gml = text.strip_prefix("http://www.opengis.net/gml/srs/epsg.xml#");
    let parts: Vec<&str> = match (uri, urn) {
        (Some(rest), _) => rest.split('/').collect(),
        (None, Some(rest)) => rest.split(':').collect(),
        (None, None) => {
            let code = gml.unwrap_or(text);
            return Some(code.split_once(':').unwrap_or(("epsg", code)));
        }
    };
    match parts.as_slice() {
        [authority, _version, code] => Some((authority, code)),
        // As some programs write a URN, without the version or its place.
        [authority, code] if urn.is_some() => Some((authority, code)),
        _ => None,
    }
}

fn is_web_mercator(code: u32) -> bool {
    WEB_MERCATOR.contains(&code)
}

fn number(digits: &str) -> Option<u32> {
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| digits.parse().ok()).flatten()
}

/// Looks a code up and follows deprecated codes of the state grid.
pub(crate) fn from_code(code: Code) -> Result<Crs, GeodesyError> {
    let declared = look_up(code)?;
    let resolved = match successor(code) {
        Some(epsg) => look_up(Code::Epsg(epsg))?,
        // PROJ describes the parts of a compound system without their codes.
        None if declared.heights.is_some() => {
            same_as_known(&declared)?.unwrap_or_else(|| declared.clone())
        }
        None => declared.clone(),
    };
    let mut notes = Vec::new();
    notes.extend(successor(code).map(|epsg| notes::successor(code, epsg, &declared)));
    notes.extend(notes::austrian_datum(&resolved));
    notes.extend(notes::heights(&declared));
    let declared = declared.declared_identity().clone();
    Ok(Crs::new(code.to_string(), declared, resolved, notes))
}

fn successor(code: Code) -> Option<u32> {
    SUCCESSORS
        .iter()
        .find(|(old, _)| code == Code::Epsg(*old))
        .map(|(_, new)| *new)
}

fn look_up(code: Code) -> Result<Definition, GeodesyError> {
    let text = code.to_string();
    if matches!(code, Code::Epsg(number) if !EPSG_CODES.contains(&number)) {
        return Err(GeodesyError::NotInRegistry {
            code: text,
            source: None,
        });
    }
    let json = registry::projjson(&text).map_err(|error| describe_failure(&text, error))?;
    let definition = Definition::read(&json)?;
    Ok(if definition.heights.is_none() {
        Definition { text, ..definition }
    } else {
        definition
    })
}

fn describe_failure(code: &str, error: DescribeError) -> GeodesyError {
    match error {
        DescribeError::Create(_) if !registry::is_readable() => GeodesyError::RegistryUnreadable {
            searched: registry::searched_folders(),
        },
        DescribeError::Create(source) => GeodesyError::NotInRegistry {
            code: code.to_owned(),
            source: Some(source),
        },
        DescribeError::Export(source) => GeodesyError::Undescribable {
            crs: code.to_owned(),
            source,
        },
    }
}

/// Recognises well-known text by its datum and projection, not by its name.
pub(crate) fn from_wkt(wkt: &str) -> Result<Crs, GeodesyError> {
    resolve(wkt.trim().to_owned(), &read_wkt(wkt)?, Vec::new())
}

/// Recognises a PROJ text such as `+proj=tmerc +lat_0=44 +lon_0=22 +k=1 +x_0=1000 +y_0=0
/// +ellps=bessel` in the same way.
pub(crate) fn from_proj_text(text: &str) -> Result<Crs, GeodesyError> {
    let checked = proj_text::checked(text)?;
    let json = registry::projjson(&checked).map_err(|error| GeodesyError::UnusableProjText {
        what: text.chars().take(100).collect(),
        source: match error {
            DescribeError::Create(source) => Some(source),
            DescribeError::Export(_) => None,
        },
    })?;
    let mut declared = Definition::read(&json)?;
    text.clone_into(&mut declared.identity.name);
    // Somebody who names Bessel's ellipsoid in Serbia means the datum of the old survey.
    let assumed = declared.signature.datum == Datum::UnnamedBessel;
    if assumed {
        declared.signature.datum = Datum::Mgi1901;
    }
    let notes = assumed.then(notes::assumed_datum).into_iter().collect();
    resolve(text.trim().to_owned(), &declared, notes)
}

fn resolve(
    written: String,
    declared: &Definition,
    mut notes: Vec<Message>,
) -> Result<Crs, GeodesyError> {
    let found = same_as_code(declared)?.or(same_as_known(declared)?);
    let grid = found.as_ref();
    notes.extend(grid.and_then(|found| notes::grid(declared, found)));
    let resolved = found.unwrap_or_else(|| Definition {
        identity: Identity {
            epsg: None,
            uri: None,
            ..declared.identity.clone()
        },
        ..declared.clone()
    });
    notes.extend(notes::invented_datum(declared));
    notes.extend(notes::unregistered(declared, &resolved));
    notes.extend(notes::austrian_datum(&resolved));
    notes.extend(notes::own_shift(declared, &resolved));
    notes.extend(notes::heights(declared));
    let shift = declared.own_shift.clone();
    let declared = declared.declared_identity().clone();
    Ok(Crs::new(written, declared, resolved, notes).with_own_shift(shift))
}

fn read_wkt(wkt: &str) -> Result<Definition, GeodesyError> {
    let wkt = wkt.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    let unreadable = |source| GeodesyError::UnreadableWkt {
        excerpt: wkt.chars().take(60).collect(),
        source,
    };
    if !starts_like_wkt(wkt) {
        return Err(unreadable(None));
    }
    let json = registry::projjson(wkt).map_err(|error| match error {
        DescribeError::Create(source) => unreadable(Some(source)),
        DescribeError::Export(_) => unreadable(None),
    })?;
    Definition::read(&json)
}

/// A keyword followed by a bracket: PROJ would also take other texts, such as
/// PROJ strings that name files.
pub(crate) fn starts_like_wkt(text: &str) -> bool {
    let keyword = text
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count();
    let bracket = text[keyword..].trim_start().starts_with(['[', '(']);
    keyword > 2 && bracket
}

/// The system that the text's own code stands for, where the text agrees with
/// the registry; a code that a file gives to another grid is not believed.
fn same_as_code(declared: &Definition) -> Result<Option<Definition>, GeodesyError> {
    let Some(code) = declared.declared_identity().epsg.map(Code::Epsg) else {
        return Ok(None);
    };
    let wanted = successor(code).map_or(code, Code::Epsg);
    match look_up(wanted) {
        Ok(found) => Ok(found
            .signature
            .matches(&declared.signature)
            .then_some(found)),
        Err(GeodesyError::NotInRegistry { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn same_as_known(declared: &Definition) -> Result<Option<Definition>, GeodesyError> {
    known()
        .iter()
        .find(|(_, signature)| signature.matches(&declared.signature))
        .map(|(epsg, _)| look_up(Code::Epsg(*epsg)))
        .transpose()
}

fn known() -> &'static [(u32, Signature)] {
    static SIGNATURES: OnceLock<Vec<(u32, Signature)>> = OnceLock::new();
    SIGNATURES.get_or_init(|| {
        KNOWN
            .iter()
            .filter_map(|epsg| Some((*epsg, look_up(Code::Epsg(*epsg)).ok()?.signature)))
            .collect()
    })
}
