//! What every handler needs to know of its request: parameters, language, format, addresses.

use std::cmp::Reverse;
use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use domain::layer::Access;
use domain::value::ValueError;
use domain::{Lang, Layer, Text};
use store::StoreError;

use crate::App;
use crate::account::{Reader, access};
use crate::error::{ApiError, Chain};
use crate::problem::{Problem, Wanted};

/// A request, read once.
#[derive(Clone, Debug)]
pub struct Context {
    /// The address under which the client reaches the service, without a slash at the end.
    pub base_url: String,
    /// The path.
    pub path: String,
    /// The query parameters as given, decoded.
    pub query: Vec<(String, String)>,
    /// The language of the answer.
    pub lang: Lang,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Who asks.
    pub reader: Reader,
    /// What the reader reads here.
    pub access: Access,
}

/// A representation that a resource can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its name in the parameter `f`.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
}

/// JSON.
pub const JSON: Format = Format {
    name: "json",
    media_type: "application/json",
};
/// `GeoJSON`.
pub const GEOJSON: Format = Format {
    name: "json",
    media_type: "application/geo+json",
};
/// Linked data.
pub const JSON_LD: Format = Format {
    name: "jsonld",
    media_type: "application/ld+json",
};
/// JSON Schema.
pub const SCHEMA: Format = Format {
    name: "json",
    media_type: "application/schema+json",
};
/// The `OpenAPI` document. QGIS compares this text letter by letter.
pub const OPENAPI: Format = Format {
    name: "json",
    media_type: "application/vnd.oai.openapi+json;version=3.0",
};
/// A table.
pub const CSV: Format = Format {
    name: "csv",
    media_type: "text/csv; charset=utf-8; header=present",
};
/// Problem details (RFC 9457).
pub const PROBLEM: Format = Format {
    name: "json",
    media_type: "application/problem+json",
};
/// A workbook.
pub const XLSX: Format = Format {
    name: "xlsx",
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
/// A page for people.
pub const HTML: Format = Format {
    name: "html",
    media_type: "text/html",
};

/// A picture without loss.
pub const PNG: Format = Format {
    name: "png",
    media_type: "image/png",
};
/// A smaller picture without loss.
pub const WEBP: Format = Format {
    name: "webp",
    media_type: "image/webp",
};

/// A vector tile.
pub const MVT: Format = Format {
    name: "mvt",
    media_type: "application/vnd.mapbox-vector-tile",
};

/// A style of map programs.
pub const MAPBOX: Format = Format {
    name: "mapbox",
    media_type: "application/vnd.mapbox.style+json",
};
/// A style of QGIS.
pub const QML: Format = Format {
    name: "qml",
    media_type: "application/vnd.qgis.style+xml",
};
/// A style that many programs of the trade read.
pub const SLD: Format = Format {
    name: "sld",
    media_type: "application/vnd.ogc.sld+xml;version=1.1",
};
/// A drawing.
pub const SVG: Format = Format {
    name: "svg",
    media_type: "image/svg+xml",
};

/// Parameters that every resource has.
pub const COMMON_PARAMETERS: [&str; 2] = ["f", "lang"];

impl FromRequestParts<App> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let reader: Reader = parts.extensions.get().cloned().unwrap_or_default();
        let context = Self::of(&parts.uri, parts.headers.clone(), app);
        let access = access::of_reader(&reader, parts);
        Ok(Self {
            reader,
            access,
            ..context
        })
    }
}

impl Context {
    /// Reads an address and headers.
    pub fn of(uri: &Uri, headers: HeaderMap, app: &App) -> Self {
        let query = form_pairs(uri.query().unwrap_or_default());
        let lang = language(&query, &headers).unwrap_or(app.config.lang);
        Self {
            base_url: base_url(app.config.public_url.as_deref(), &headers),
            path: uri.path().to_owned(),
            query,
            lang,
            headers,
            reader: Reader::default(),
            access: Access::default(),
        }
    }

    /// Whether an error is told as a page: by the parameter `f`, else by `Accept`.
    pub fn wants_page(&self) -> bool {
        match self.parameter("f") {
            Some(name) => name == HTML.name,
            None => accepted(&self.headers, &[PROBLEM, HTML]) == Some(&HTML),
        }
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Refuses parameters outside the common ones and `others`, and those given twice.
    pub fn only(&self, others: &[&str]) -> Result<(), ApiError> {
        let known = || COMMON_PARAMETERS.iter().chain(others);
        for (at, (name, value)) in self.query.iter().enumerate() {
            if !known().any(|one| one == name) {
                let known = known()
                    .map(|one| format!("`{one}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(self.error(Problem::UnknownParameter {
                    name: name.clone(),
                    known,
                }));
            }
            if self.query[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(self.error(Problem::RepeatedParameter { name: name.clone() }));
            }
            if value.contains('\0') {
                return Err(self.bad_parameter(name, "\u{2400}", Wanted::Said(NO_NUL)));
            }
        }
        self.check_lang()
    }

    /// The format to answer in: by the parameter `f`, else by `Accept`, else the first offered.
    pub fn format(&self, offered: &[Format]) -> Result<Format, ApiError> {
        let found = match self.parameter("f") {
            Some(name) => offered.iter().find(|format| format.name == name),
            None => accepted(&self.headers, offered),
        };
        found.copied().ok_or_else(|| {
            let names: Vec<_> = offered
                .iter()
                .map(|format| format!("{} (f={})", format.media_type, format.name))
                .collect();
            let offered = names.join(", ");
            self.error(match self.parameter("f") {
                Some(value) => Problem::BadParameter {
                    name: "f".to_owned(),
                    value: value.to_owned(),
                    wanted: Wanted::Said(FORMATS),
                },
                None => Problem::NotAcceptable { offered },
            })
        })
    }

    /// Refuses another format than that of an address which says it itself.
    pub fn only_format(&self, name: &str) -> Result<(), ApiError> {
        match self.parameter("f") {
            Some(other) if other != name => {
                Err(self.bad_parameter("f", other, Wanted::Said(OWN_FORMAT)))
            }
            _ => Ok(()),
        }
    }

    /// The layer of this id.
    pub fn layer(&self, id: &str) -> Result<&'static Layer, ApiError> {
        domain::layers::find(id)
            .ok_or_else(|| self.error(Problem::NoSuchLayer { id: id.to_owned() }))
    }

    /// A parameter, read by `read`; one that it does not understand is refused with what is wanted.
    pub fn parse<T>(
        &self,
        name: &str,
        wanted: Text,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.parameter(name) else {
            return Ok(None);
        };
        let value = read(text);
        let bad = || self.bad_parameter(name, text, Wanted::Said(wanted));
        value.ok_or_else(bad).map(Some)
    }

    /// A parameter whose type says itself what it takes.
    pub fn typed<T: FromStr<Err = ValueError>>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.parameter(name) else {
            return Ok(None);
        };
        let bad = |error| self.bad_parameter(name, text, Wanted::Value(error));
        text.parse().map(Some).map_err(bad)
    }

    /// The value of a parameter is not what it should be.
    pub fn bad_parameter(&self, name: &str, value: &str, wanted: Wanted) -> ApiError {
        let problem = Problem::BadParameter {
            name: name.to_owned(),
            value: value.to_owned(),
            wanted,
        };
        self.error(problem)
    }

    /// A problem, told in the language of this request.
    pub const fn error(&self, problem: Problem) -> ApiError {
        ApiError::new(problem, self.lang)
    }

    /// A fault of ours while `doing` something: logged in full, told in general terms.
    pub fn internal(
        &self,
        error: &(dyn std::error::Error + 'static),
        doing: &'static str,
    ) -> ApiError {
        tracing::error!(error = %Chain(error), doing, "an answer could not be made");
        self.error(Problem::Internal)
    }

    /// An error of the store, told in the language of this request.
    pub fn store_error(&self, error: &StoreError) -> ApiError {
        ApiError::store(error, self.lang)
    }

    fn check_lang(&self) -> Result<(), ApiError> {
        match self.parameter("lang") {
            Some(tag) if tag.parse::<Lang>().is_err() => {
                Err(self.bad_parameter("lang", tag, Wanted::Said(LANGUAGES)))
            }
            _ => Ok(()),
        }
    }
}

const FORMATS: Text = Text::new(
    "формати ове адресе су у `links`",
    "the formats of this address are in its `links`",
);
const OWN_FORMAT: Text = Text::new(
    "адреса већ каже формат; изоставите `f`",
    "the address says the format already; leave `f` out",
);
const NO_NUL: Text = Text::new(
    "знак NUL не може стајати ни у једном параметру",
    "the character NUL can stand in no parameter",
);
const LANGUAGES: Text = Text::new(
    "језици су `sr-Latn`, `sr-Cyrl` и `en`",
    "the languages are `sr-Latn`, `sr-Cyrl` and `en`",
);

/// Decodes `a=b&c=d` (WHATWG URL, application/x-www-form-urlencoded). Where spaces are written
/// `%20`, a plus sign is one: QGIS writes calculations so.
fn form_pairs(query: &str) -> Vec<(String, String)> {
    let decoded = query.split('&').flat_map(|pair| {
        let pair = if pair.contains("%20") {
            pair.replace('+', "%2B")
        } else {
            pair.to_owned()
        };
        let decoded = form_urlencoded::parse(pair.as_bytes()).into_owned();
        decoded.collect::<Vec<_>>()
    });
    decoded.collect()
}

fn language(query: &[(String, String)], headers: &HeaderMap) -> Option<Lang> {
    let named = query.iter().find(|(name, _)| name == "lang");
    if let Some(lang) = named.and_then(|(_, tag)| tag.parse().ok()) {
        return Some(lang);
    }
    weighted(headers, header::ACCEPT_LANGUAGE)
        .into_iter()
        .filter(|(_, weight)| *weight > 0.0)
        .find_map(|(tag, _)| tag.parse().ok())
}

/// The members of a header such as `Accept` with their weights (RFC 9110, 12.4.2), the most wanted
/// first; those that are refused (`q=0`) are last.
fn weighted(headers: &HeaderMap, name: header::HeaderName) -> Vec<(String, f32)> {
    let values = headers.get_all(name);
    let texts = values.iter().filter_map(|value| value.to_str().ok());
    let mut members: Vec<(String, f32)> = texts
        .flat_map(|text| text.split(','))
        .filter_map(|member| {
            let mut parts = member.split(';').map(str::trim);
            let value = parts.next().filter(|value| !value.is_empty())?;
            let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            let weight = weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0);
            Some((value.to_ascii_lowercase(), weight))
        })
        .collect();
    members.sort_by(|a, b| b.1.total_cmp(&a.1));
    members
}

/// The offered format that the client wants most: the weight of a format is that of the narrowest
/// range that covers it (RFC 9110, 12.5.1); of equals, the one that the client names first, then the
/// one that is offered first.
fn accepted<'o>(headers: &HeaderMap, offered: &'o [Format]) -> Option<&'o Format> {
    let members = weighted(headers, header::ACCEPT);
    if members.is_empty() {
        return offered.first();
    }
    let wanted = offered.iter().filter_map(|format| {
        let covering = members
            .iter()
            .enumerate()
            .filter_map(|(at, (range, weight))| Some((narrowness(range, format)?, at, *weight)));
        let (_, at, weight) = covering.max_by_key(|(narrow, at, _)| (*narrow, Reverse(*at)))?;
        (weight > 0.0).then_some((format, at, weight))
    });
    wanted
        .min_by(|one, other| other.2.total_cmp(&one.2).then(one.1.cmp(&other.1)))
        .map(|(format, ..)| format)
}

/// How narrow a media range is that covers a format, without its parameters; `None` when it does not
/// cover it. A client that asks for `application/json` gets the JSON dialects too: `GeoJSON` and JSON
/// Schema are JSON.
fn narrowness(range: &str, format: &Format) -> Option<u8> {
    let media_type = format.media_type.split(';').next().unwrap_or_default();
    let group = media_type.split('/').next().unwrap_or_default();
    if range == media_type || ALIASES.contains(&(range, media_type)) {
        Some(3)
    } else if range == JSON.media_type && format.name == JSON.name {
        Some(2)
    } else if range.strip_suffix("/*") == Some(group) {
        Some(1)
    } else {
        (range == "*/*").then_some(0)
    }
}

/// Names that clients use for media types of ours: QGIS for JSON-FG, drafts of OGC API for `OpenAPI`, map
/// programs for styles and tiles.
const ALIASES: [(&str, &str); 4] = [
    ("application/json", "application/vnd.mapbox.style+json"),
    (
        "application/x-protobuf",
        "application/vnd.mapbox-vector-tile",
    ),
    ("application/fg+json", "application/vnd.ogc.fg+json"),
    (
        "application/openapi+json",
        "application/vnd.oai.openapi+json",
    ),
];

fn base_url(public_url: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(url) = public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    format!("http://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(accept: &'static str, offered: &[Format]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        accepted(&headers, offered).map(|format| format.media_type)
    }

    #[test]
    fn a_plus_sign_is_a_space_unless_spaces_are_written_otherwise() {
        for (query, value) in [
            ("a=b+c", "b c"),
            ("a=b%20+%20c", "b + c"),
            ("a=b+%2B+c", "b + c"),
            ("x=%20&a=b+c", "b c"),
        ] {
            let pairs = form_pairs(query);
            let found = pairs.iter().find(|(name, _)| name == "a").unwrap();
            assert_eq!(found.1, value, "{query}");
        }
    }

    #[test]
    fn the_most_wanted_offered_format_is_chosen() {
        let qgis = "application/geo+json, application/json";
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (accept, offered, expected) in [
            (qgis, &[GEOJSON][..], Some("application/geo+json")),
            ("application/json", &[GEOJSON], Some("application/geo+json")),
            (browser, &[JSON, HTML], Some("text/html")),
            (browser, &[GEOJSON], Some("application/geo+json")),
            ("*/*", &[JSON, HTML], Some("application/json")),
            ("image/png", &[JSON, HTML], None),
            (
                "text/html; q=0, */*",
                &[HTML, JSON],
                Some("application/json"),
            ),
            (
                "text/html; q=0.2, */*;q=0.1",
                &[JSON, HTML],
                Some("text/html"),
            ),
            (
                "application/json;q=0.5, text/*",
                &[JSON, HTML],
                Some("text/html"),
            ),
            (
                "application/*;q=0.3;x=y",
                &[HTML, JSON],
                Some("application/json"),
            ),
            ("text/html;q=0", &[HTML], None),
            (
                "text/html;q=0, application/json;q=0.1",
                &[HTML, JSON],
                Some("application/json"),
            ),
        ] {
            assert_eq!(accepts(accept, offered), expected, "{accept}");
        }
    }
}
