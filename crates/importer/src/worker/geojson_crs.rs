//! The member `crs` of GeoJSON, which GDAL passes over without a word where it does not understand it,
//! as if the numbers were longitude and latitude.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::protocol::DeclaredCrs;

/// So much of what a file says is kept: enough for a well-known text.
const MOST_CHARACTERS: usize = 10_000;

/// What a file says in its member `crs` (GeoJSON 2008, section 3).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum CrsMember {
    /// There is none: longitude and latitude on WGS 84 (RFC 7946, section 4).
    #[default]
    Absent,
    /// `null`: no system may be assumed.
    Null,
    /// A name, a link, or what else stands there.
    Said(String),
}

impl CrsMember {
    /// Reads it from a whole file. A file that is no GeoJSON has none: GDAL says what is wrong with it.
    pub(super) fn of_file(bytes: &[u8]) -> Self {
        const NAME: &[u8] = b"\"crs\"";
        if !bytes.windows(NAME.len()).any(|window| window == NAME) {
            return Self::Absent;
        }
        let top: Top = serde_json::from_slice(bytes).unwrap_or_default();
        match top.crs {
            None => Self::Absent,
            Some(Value::Null) => Self::Null,
            Some(crs) => Self::Said(named(&crs).chars().take(MOST_CHARACTERS).collect()),
        }
    }

    /// What is declared, where GDAL read `by_gdal`: that is no evidence where it is WGS 84, which GDAL also
    /// assumes for what it does not understand.
    pub(super) fn or(&self, by_gdal: Option<DeclaredCrs>) -> Option<DeclaredCrs> {
        const ASSUMED: [&str; 3] = ["EPSG:4326", "EPSG:4979", "OGC:CRS84"];
        let is_assumed = |crs: &DeclaredCrs| {
            let code = crs.authority.as_deref();
            code.is_none_or(|code| ASSUMED.contains(&code))
        };
        match self {
            Self::Absent => by_gdal,
            Self::Null => None,
            Self::Said(text) => by_gdal.filter(|crs| !is_assumed(crs)).or_else(|| {
                Some(DeclaredCrs {
                    authority: None,
                    wkt: text.clone(),
                })
            }),
        }
    }
}

#[derive(Default, Deserialize)]
struct Top {
    #[serde(default, deserialize_with = "present")]
    crs: Option<Value>,
}

/// A member that is `null` is there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The name or the address of a system; the whole member where it is of no known form.
fn named(crs: &Value) -> String {
    let properties = &crs["properties"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let code = || {
        let code = &properties["code"];
        Some(format!("EPSG:{}", code.as_u64()?))
    };
    text(crs)
        .or_else(|| text(&properties["name"]))
        .or_else(|| text(&properties["href"]))
        .or_else(code)
        .unwrap_or_else(|| crs.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(crs: &str) -> CrsMember {
        let file = format!(r#"{{"type": "FeatureCollection", {crs} "features": [{{"crs": 1}}]}}"#);
        CrsMember::of_file(file.as_bytes())
    }

    fn said(text: &str) -> CrsMember {
        CrsMember::Said(text.to_owned())
    }

    #[test]
    fn the_member_is_read_in_every_form() {
        for (crs, wanted) in [
            ("", CrsMember::Absent),
            (r#""crs": null,"#, CrsMember::Null),
            (
                r#""crs": {"type": "name", "properties": {"name": "MGI 1901"}},"#,
                said("MGI 1901"),
            ),
            (
                r#""crs": {"type": "link", "properties": {"href": "https://example.org/6316"}},"#,
                said("https://example.org/6316"),
            ),
            (
                r#""crs": {"type": "EPSG", "properties": {"code": 6316}},"#,
                said("EPSG:6316"),
            ),
            (r#""crs": "EPSG:6316","#, said("EPSG:6316")),
            (r#""crs": {"wkid": 1},"#, said(r#"{"wkid":1}"#)),
        ] {
            assert_eq!(member(crs), wanted, "{crs}");
        }
        assert_eq!(CrsMember::of_file(b"\"crs\""), CrsMember::Absent);
    }

    #[test]
    fn what_gdal_assumes_is_no_declaration() {
        let by_gdal = |code: &str| {
            Some(DeclaredCrs {
                authority: Some(code.to_owned()),
                wkt: "as GDAL has it".to_owned(),
            })
        };
        let text = |declared: Option<DeclaredCrs>| declared.map(|declared| declared.wkt);
        let name = said("MGI 1901");
        assert_eq!(text(name.or(by_gdal("EPSG:4326"))).unwrap(), "MGI 1901");
        assert_eq!(
            text(name.or(by_gdal("EPSG:6316"))).unwrap(),
            "as GDAL has it"
        );
        assert!(CrsMember::Null.or(by_gdal("EPSG:4326")).is_none());
        let absent = CrsMember::Absent.or(by_gdal("EPSG:4326"));
        assert_eq!(text(absent).unwrap(), "as GDAL has it");
    }
}
