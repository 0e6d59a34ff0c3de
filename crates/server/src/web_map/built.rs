//! The files of the web map as they were built, packed once and for all.

use std::io::Read as _;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;

use crate::compression::takes;

/// A file under its name, which changes with its content.
pub struct Built {
    name: &'static str,
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/built_map.rs"));

/// What never changes under its name may be kept for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The name of the file that begins the map and has this ending; `None` where the program was built
/// without the map.
pub fn entry(ending: &str) -> Option<&'static str> {
    let mut names = BUILT.iter().map(|file| file.name);
    names.find(|name| name.starts_with("map-") && name.ends_with(ending))
}

/// The name of the file with the map library, which takes longest to arrive.
pub fn library() -> Option<&'static str> {
    let mut names = BUILT.iter().map(|file| file.name);
    names.find(|name| {
        let part = name.strip_prefix("map.part-");
        part.is_some_and(|part| part.strip_suffix(".js").is_some())
    })
}

/// A file of the map, packed as the client takes it.
pub fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let file = BUILT.iter().find(|file| file.name == name)?;
    let (coding, bytes) = if takes(headers, "br") {
        (Some("br"), Bytes::from_static(file.brotli))
    } else if takes(headers, "gzip") {
        (Some("gzip"), Bytes::from_static(file.gzip))
    } else {
        (None, unpacked(file.gzip)?.into())
    };
    let known = [
        (header::CONTENT_TYPE, media_type(name)),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, "Accept-Encoding"),
    ];
    let mut response = (known, bytes).into_response();
    if let Some(coding) = coding {
        let coding = HeaderValue::from_static(coding);
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, coding);
    }
    Some(response)
}

fn unpacked(gzip: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/javascript; charset=utf-8",
    }
}
