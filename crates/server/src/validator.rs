//! Entity tags (RFC 9110, 8.8.3), known before any feature is read.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::context::{Context, Format};

/// The tag of a representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// A strong tag: the same row revision in the same language gives the same bytes.
    pub fn strong(context: &Context, revision: i64) -> Self {
        Self(format!("\"{revision}-{:016x}\"", fingerprint(context)))
    }

    /// A weak tag: pages carry the time at which they were made.
    pub fn weak(Fingerprint(fingerprint): Fingerprint, revision: i64) -> Self {
        Self(format!("W/\"{revision}-{fingerprint:016x}\""))
    }

    /// A strong tag of what is computed from an image: the same cells, shown in the same way, give the
    /// same bytes whatever the record says.
    pub fn of_image(context: &Context, digest: &str, style: &impl std::fmt::Debug) -> Self {
        let mut hasher = DefaultHasher::new();
        (digest, format!("{style:?}")).hash(&mut hasher);
        Self(format!(
            "\"{:016x}-{:016x}\"",
            hasher.finish(),
            fingerprint(context)
        ))
    }

    /// The same, of a representation in this format, which `Accept` may have chosen.
    #[must_use]
    pub fn of(self, format: Format) -> Self {
        let opaque = self.0.trim_end_matches('"');
        Self(format!("{opaque}-{}\"", format.name))
    }

    /// The answer 304, when the client already has this representation (`If-None-Match`).
    pub fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        let known = headers.get_all(header::IF_NONE_MATCH);
        let mut tags = known
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(','));
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let mine = opaque(&self.0);
        tags.any(|tag| tag.trim() == "*" || opaque(tag) == mine)
            .then(|| {
                let mut response = StatusCode::NOT_MODIFIED.into_response();
                self.put(response.headers_mut());
                response
            })
    }

    /// Writes it into the headers of an answer.
    pub fn put(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(header::ETAG, value);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
}

/// What of a request decides the bytes of its answer.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of this request.
    pub fn of(context: &Context) -> Self {
        Self(fingerprint(context))
    }
}

/// What else decides the bytes: the program, the address asked, the language and the reader's rights.
fn fingerprint(context: &Context) -> u64 {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    context.base_url.hash(&mut hasher);
    context.path.hash(&mut hasher);
    context.query.hash(&mut hasher);
    context.lang.tag().hash(&mut hasher);
    if let Some(reader) = context.reader.signed_in() {
        format!("{:?} {:?}", reader.rights, context.access).hash(&mut hasher);
    }
    hasher.finish()
}
