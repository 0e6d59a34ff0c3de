//! Packing of answers for clients that ask for it (`Accept-Encoding`): gzip, brotli, zstd.

use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::response::Response;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Shorter answers are one packet either way.
const LEAST_BYTES: u64 = 860;

/// What is text; everything else the service answers with is packed already.
const TEXTS: [&str; 6] = [
    "json",
    "text/",
    "+xml",
    "javascript",
    "application/flatgeobuf",
    "application/x-protobuf",
];

/// The layer. Its work is done while an answer is sent, so at the level that costs least: a page of a
/// hundred features must not wait for it.
pub fn layer() -> CompressionLayer<impl Predicate + Copy> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(LEAST_BYTES).and(is_text as Judge))
}

type Judge = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Parts of a file are parts of its own bytes, so they stay as they are. Events leave when they happen,
/// which a packer would wait with.
fn is_text(status: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let is_part =
        status == StatusCode::PARTIAL_CONTENT || headers.contains_key(header::CONTENT_RANGE);
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let are_events = content_type == "text/event-stream";
    !is_part && !are_events && TEXTS.iter().any(|text| content_type.contains(text))
}

/// Whether a client takes a coding (RFC 9110, 12.5.3).
pub fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let members = values.filter_map(|value| value.to_str().ok());
    members.flat_map(|text| text.split(',')).any(|member| {
        let (name, weight) = member.split_once(';').unwrap_or((member, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case(coding) && weight.parse().is_ok_and(|q: f32| q > 0.0)
    })
}

/// A packed answer has other bytes than the plain one, so its tag promises the same content only
/// (RFC 9110, 8.8.1).
pub fn weaken_tag<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let strong = headers
        .get(header::ETAG)
        .filter(|tag| tag.as_bytes().starts_with(b"\""));
    let weak = strong
        .and_then(|tag| HeaderValue::from_bytes(&[b"W/".as_slice(), tag.as_bytes()].concat()).ok());
    if let Some(weak) = weak {
        headers.insert(header::ETAG, weak);
    }
    response
}
