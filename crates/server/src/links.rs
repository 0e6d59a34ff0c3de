//! Web links (RFC 8288), always absolute: QGIS uses them as they stand.

use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use crate::context::{Context, Format};

/// The relation to queryables (OGC API Features 3).
pub const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
/// The relation to what features can be sorted by (OGC API Common 3).
pub const SORTABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/sortables";
/// The relation to the schema (OGC API Common 3).
pub const OGC_SCHEMA: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";

/// The relation to the tilesets of pictures (OGC API Tiles 1).
pub const TILESETS_MAP: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map";
/// The relation to the tiling of a tileset (OGC API Tiles 1).
pub const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
/// The relation to all tilings (OGC API Tiles 1).
pub const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
/// The relation to the functions that filters can call (OGC API Features 3).
pub const FUNCTIONS: &str = "http://www.opengis.net/def/rel/ogc/1.0/functions";

/// The relation to what changed the register.
pub const REVISIONS: &str = "urn:mining-waste-cadastre:rel:revisions";
/// The relation to the feed of changes for mirrors.
pub const CHANGES: &str = "urn:mining-waste-cadastre:rel:changes";
/// The relation to where values come from (PROV-AQ, 3.1).
pub const PROVENANCE: &str = "http://www.w3.org/ns/prov#has_provenance";

/// A link.
#[derive(Debug, Serialize)]
pub struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    media_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    templated: bool,
}

impl Link {
    /// A link to a path of this service.
    pub fn to(context: &Context, path: &str, rel: &'static str, media_type: &'static str) -> Self {
        Self {
            href: format!("{}{path}", context.base_url),
            rel,
            media_type,
            title: None,
            templated: false,
        }
    }

    /// Where it leads.
    pub fn href(&self) -> &str {
        &self.href
    }

    /// Its relation.
    pub const fn rel(&self) -> &'static str {
        self.rel
    }

    /// The media type of what it leads to.
    pub const fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// What people read: its title, else its relation.
    pub fn label(&self) -> &str {
        self.title.as_deref().unwrap_or(self.rel)
    }

    /// Whether parts of the address are to be filled in.
    pub const fn is_template(&self) -> bool {
        self.templated
    }

    /// Says that parts of the address in braces are to be filled in.
    #[must_use]
    pub const fn templated(mut self) -> Self {
        self.templated = true;
        self
    }

    /// The link as a member of the header `Link` (RFC 8288, 3).
    pub fn to_header(&self) -> Option<HeaderValue> {
        let Self {
            href,
            rel,
            media_type,
            ..
        } = self;
        header(href, rel, media_type)
    }

    /// Gives it a title for people.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// A JSON answer with the links of its document in headers too (OGC API Features 1, recommendation
/// `/rec/core/link-header`): the first of each relation, as proxies bound the size of headers, and no
/// templates, which are no addresses.
pub fn linked(mut response: Response, document: &Value) -> Response {
    let links = document["links"].as_array().into_iter().flatten();
    let mut relations: Vec<&str> = Vec::new();
    for link in links.filter(|link| link["templated"] != true) {
        let member = |name: &str| link[name].as_str().unwrap_or_default();
        let rel = member("rel");
        if !relations.contains(&rel) {
            relations.push(rel);
            let value = header(member("href"), rel, member("type"));
            value.map(|value| response.headers_mut().append(LINK, value));
        }
    }
    response
}

fn header(href: &str, rel: &str, media_type: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{href}>; rel=\"{rel}\"; type=\"{media_type}\"")).ok()
}

/// `self`, and `alternate` for every other format of the resource.
pub fn own(context: &Context, chosen: Format, offered: &[Format]) -> Vec<Link> {
    let rest = offered.iter().filter(|format| **format != chosen);
    let link = |format: Format, rel| {
        let path = with_parameter(context, "f", format.name);
        Link::to(context, &path, rel, format.media_type)
    };
    std::iter::once(Link::to(
        context,
        &asked(context),
        "self",
        chosen.media_type,
    ))
    .chain(rest.map(|format| link(*format, "alternate")))
    .collect()
}

/// The path and parameters of the request, as asked.
pub fn asked(context: &Context) -> String {
    address(
        context,
        context
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

/// The same request with one parameter set anew.
pub fn with_parameter(context: &Context, name: &str, value: &str) -> String {
    let others = context.query.iter().filter(|(key, _)| key != name);
    let pairs = others.map(|(key, value)| (key.as_str(), value.as_str()));
    address(context, pairs.chain([(name, value)]))
}

/// The same request with those parameters alone whose names are to be kept.
pub fn with_only(context: &Context, keep: impl Fn(&str) -> bool) -> String {
    let kept = context.query.iter().filter(|(name, _)| keep(name));
    address(
        context,
        kept.map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

/// The request for the page at another place.
pub fn page_at(context: &Context, cursor: &str) -> String {
    let others = context
        .query
        .iter()
        .filter(|(key, _)| key != "cursor" && key != "offset");
    let pairs = others.map(|(key, value)| (key.as_str(), value.as_str()));
    address(context, pairs.chain([("cursor", cursor)]))
}

fn address<'p>(context: &Context, pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    if query.is_empty() {
        context.path.clone()
    } else {
        format!("{}?{query}", context.path)
    }
}
