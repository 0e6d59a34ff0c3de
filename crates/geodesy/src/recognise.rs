//! From what a user or a file declares to a reference system of the registry.

use std::sync::OnceLock;

use crate::crs::{Crs, Identity};
use crate::definition::Definition;
use crate::error::GeodesyError;
use crate::registry::{self, DescribeError};
use crate::signature::{Datum, Signature};

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

/// The zone 8 code for which the registry repeats the parameters of zone 7.
const WRONG_IN_REGISTRY: u32 = 31278;

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
    /// Reads a bare number, `EPSG:n`, an OGC URI or an OGC URN, also in the
    /// square brackets of a safe CURIE.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text)
            .to_ascii_lowercase();
        let (authority, code) = split(&text)?;
        match (authority, code) {
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
    let parts: Vec<&str> = match (uri, text.strip_prefix("urn:ogc:def:crs:")) {
        (Some(rest), _) => rest.split('/').collect(),
        (None, Some(rest)) => rest.split(':').collect(),
        (None, None) => return Some(text.split_once(':').unwrap_or(("epsg", text))),
    };
    match parts.as_slice() {
        [authority, _version, code] => Some((authority, code)),
        _ => None,
    }
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
    notes.extend(successor(code).map(|epsg| successor_note(code, epsg, &declared)));
    notes.extend(austrian_datum_note(&resolved));
    notes.extend(heights_note(&declared));
    let declared = declared.declared_identity().clone();
    Ok(Crs::new(declared, resolved, notes))
}

fn successor(code: Code) -> Option<u32> {
    SUCCESSORS
        .iter()
        .find(|(old, _)| code == Code::Epsg(*old))
        .map(|(_, new)| *new)
}

fn successor_note(code: Code, successor: u32, declared: &Definition) -> String {
    if code == Code::Epsg(WRONG_IN_REGISTRY) {
        return format!(
            "{code} is deprecated and its entry in the registry wrongly repeats the parameters of \
             zone 7; it is read as zone 8, EPSG:{successor}."
        );
    }
    match declared.signature.datum {
        Datum::Mgi => format!(
            "{code} is deprecated: it names the Austrian datum MGI, from which no shift to WGS 84 \
             is valid in Serbia; it is read as the same grid on the datum MGI 1901, \
             EPSG:{successor}."
        ),
        _ => format!(
            "{code} is deprecated; it is read as EPSG:{successor}, the same grid with the axes in \
             the order east, north."
        ),
    }
}

fn austrian_datum_note(resolved: &Definition) -> Option<String> {
    let signature = &resolved.signature;
    (signature.datum != Datum::Mgi1901 && signature.is_on_mgi_1901()).then(|| {
        format!(
            "{:?} does not name the datum MGI 1901, but its zone lies in the former Yugoslavia; it \
             is shifted to WGS 84 as MGI 1901, keeping its own scale and false easting.",
            resolved.identity.name
        )
    })
}

fn heights_note(declared: &Definition) -> Option<String> {
    declared.heights.as_ref().map(|heights| {
        let heights = &heights.name;
        format!("The height system {heights:?} is not used: only east and north are read.")
    })
}

fn look_up(code: Code) -> Result<Definition, GeodesyError> {
    let text = code.to_string();
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
            source,
        },
        DescribeError::Export(source) => GeodesyError::Undescribable {
            crs: code.to_owned(),
            source,
        },
    }
}

/// Recognises well-known text by its datum and projection, not by its name.
pub(crate) fn from_wkt(wkt: &str) -> Result<Crs, GeodesyError> {
    let declared = read_wkt(wkt)?;
    let found = same_as_code(&declared)?.or(same_as_known(&declared)?);
    let mut notes = Vec::new();
    notes.extend(found.as_ref().and_then(|found| grid_note(&declared, found)));
    let resolved = found.unwrap_or_else(|| Definition {
        identity: Identity {
            epsg: None,
            uri: None,
            ..declared.identity.clone()
        },
        ..declared.clone()
    });
    notes.extend(unregistered_note(&declared, &resolved));
    notes.extend(austrian_datum_note(&resolved));
    notes.extend(own_shift_note(&declared, &resolved));
    notes.extend(heights_note(&declared));
    let declared = declared.declared_identity().clone();
    Ok(Crs::new(declared, resolved, notes))
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
fn starts_like_wkt(text: &str) -> bool {
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

fn grid_note(declared: &Definition, found: &Definition) -> Option<String> {
    let (declared, found) = (&declared.identity, &found.identity);
    let epsg = found.epsg?;
    (declared.epsg != found.epsg).then(|| {
        format!(
            "The text calls itself {:?}; its datum and projection are those of EPSG:{epsg}, {}.",
            declared.name, found.name
        )
    })
}

fn unregistered_note(declared: &Definition, resolved: &Definition) -> Option<String> {
    let code = declared.identity.epsg?;
    resolved.identity.epsg.is_none().then(|| {
        format!(
            "The text gives itself the code EPSG:{code}, but its parameters differ from the \
             registry's; the parameters are used."
        )
    })
}

fn own_shift_note(declared: &Definition, resolved: &Definition) -> Option<String> {
    let shift = declared.own_shift.as_ref()?;
    let replacement = if resolved.signature.is_on_mgi_1901() {
        "replaced by the pinned operation EPSG:9486"
    } else {
        "not used, because its accuracy is unknown"
    };
    Some(format!(
        "The file's own shift to WGS 84 ({shift}) was {replacement}."
    ))
}
