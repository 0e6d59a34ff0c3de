//! What the pages about accounts have in common.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::context::Context;
use crate::landing::html_response;

/// No script, no frame around it, forms to this service alone.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

/// A page for one reader, which no cache keeps.
pub fn page(context: &Context, status: StatusCode, page: &impl Template) -> Response {
    let mut response = html_response(context, page);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
