//! The landing page: what clients start from, and the start page for people.

mod figures;
mod start;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Text;
use serde::Serialize;
use serde_json::json;

use crate::App;
use crate::context::{Context, Format, HTML, JSON, OPENAPI};
use crate::error::ApiError;
use crate::links::{CHANGES, FUNCTIONS, Link, REVISIONS, TILING_SCHEMES, linked, own};
use crate::{styles, vector_tiles};

pub use self::figures::KeptFigures;

/// The name of the service.
pub const TITLE: Text = Text::new("Катастар рударског отпада", "Mining Waste Cadastre");
/// What it is, in a sentence.
pub const DESCRIPTION: Text = Text::new(
    "Регистар јаловишта, одлагалишта и других објеката рударског отпада у Србији, као отворен \
     географски сервис. Подаци су показни и незванични.",
    "The register of tailings ponds, waste dumps and other mining-waste facilities in Serbia, as an \
     open GIS service. The data shipped with it are a demonstration and unofficial.",
);

const OFFERED: &[Format] = &[JSON, HTML];

/// `GET /` (OGC API Features 1, 7.2).
pub async fn landing_page(
    State(app): State<App>,
    Extension(kept): Extension<Arc<KeptFigures>>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    match context.format(OFFERED)? {
        HTML => start::page(&app, &kept, &context).await,
        format => {
            let document = document(&context, format);
            Ok(linked(
                json_response(&context, format, &document),
                &document,
            ))
        }
    }
}

fn document(context: &Context, format: Format) -> serde_json::Value {
    let lang = context.lang;
    let mut links = own(context, format, OFFERED);
    links.extend([
        Link::to(context, "/api", "service-desc", OPENAPI.media_type).titled("OpenAPI 3.0"),
        Link::to(context, "/api.html", "service-doc", HTML.media_type),
        Link::to(context, "/conformance", "conformance", JSON.media_type),
        Link::to(context, "/collections", "data", JSON.media_type),
        Link::to(context, "/tileMatrixSets", TILING_SCHEMES, JSON.media_type),
        Link::to(context, "/functions", FUNCTIONS, JSON.media_type),
        Link::to(context, "/revisions", REVISIONS, JSON.media_type),
        Link::to(context, "/changes", CHANGES, JSON.media_type),
        vector_tiles::tilesets::link(context, "/tiles"),
        styles::link(context),
    ]);
    json!({ "title": TITLE.get(lang), "description": DESCRIPTION.get(lang), "links": links })
}

/// A JSON answer in the language of the request.
pub fn json_response(context: &Context, format: Format, body: &impl Serialize) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media_type),
        ),
        (
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(context.lang.tag()),
        ),
        (
            header::VARY,
            HeaderValue::from_static("Accept, Accept-Language"),
        ),
    ];
    let text = serde_json::to_string(body).unwrap_or_default();
    (headers, text).into_response()
}

/// An HTML answer.
pub fn html_response(context: &Context, page: &impl Template) -> Response {
    (html_headers(context), page.render().unwrap_or_default()).into_response()
}

/// An HTML answer with scripts of the service itself, which ask nobody else.
pub fn scripted_response(context: &Context, page: &impl Template) -> Response {
    let mut response = html_response(context, page);
    let policy = HeaderValue::from_static(
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'",
    );
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The headers of a page. Pages load nothing from elsewhere and run no script.
pub fn html_headers(context: &Context) -> HeaderMap {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, context.lang.tag()),
        (header::VARY, "Accept, Accept-Language"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'",
        ),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    headers.into_iter().collect()
}
