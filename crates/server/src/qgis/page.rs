//! How to see the register in QGIS, step by step, with pictures.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::context::{Context, HTML, PNG};
use crate::error::ApiError;
use crate::landing::html_response;
use crate::pages::{Frame, HOME};
use crate::problem::Problem;

/// The pictures, made by `tests/e2e/qgis_guide.py`.
const PICTURES: [(&str, &[u8]); 4] = [
    ("project.png", include_bytes!("../../web/qgis/project.png")),
    ("form.png", include_bytes!("../../web/qgis/form.png")),
    ("import.png", include_bytes!("../../web/qgis/import.png")),
    ("layers.png", include_bytes!("../../web/qgis/layers.png")),
];
/// Pictures change with the program alone.
const LIFETIME: &str = "public, max-age=86400";

#[derive(Template)]
#[template(path = "qgis.html")]
struct Guide {
    frame: Frame,
}

/// `GET /qgis`.
pub async fn page(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    context.format(&[HTML])?;
    let frame = Frame::of(&context, &[HOME]);
    let mut response = html_response(&context, &Guide { frame });
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'";
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    Ok(response)
}

/// `GET /qgis/pictures/{name}`.
pub async fn picture(Path(name): Path<String>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let found = PICTURES.iter().find(|(known, _)| *known == name);
    let (_, picture) = found.ok_or_else(|| {
        let path = context.path.clone();
        context.error(Problem::NoSuchPage { path })
    })?;
    let headers = [
        (header::CONTENT_TYPE, PNG.media_type),
        (header::CACHE_CONTROL, LIFETIME),
    ];
    Ok((headers, *picture).into_response())
}
