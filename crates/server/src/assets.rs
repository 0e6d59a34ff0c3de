//! The scripts of pages, part of the program.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use crate::web_map::built;

const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: [(&str, &str, &str); 2] = [
    ("uploads.js", SCRIPT, include_str!("../web/uploads.js")),
    ("upload.js", SCRIPT, include_str!("../web/upload.js")),
];

const FAVICON: &str = include_str!("../web/favicon.svg");

/// `GET /favicon.ico`, where browsers look for it: a drawing, which they take too.
pub async fn favicon(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, FAVICON).into_response())
}

/// `GET /assets/{name}`
pub async fn asset(Path(name): Path<String>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    if let Some(file) = built::file(&name, &context.headers) {
        return Ok(file);
    }
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, media_type, content) = found.ok_or_else(|| {
        let path = context.path.clone();
        context.error(Problem::NoSuchPage { path })
    })?;
    let headers = [
        (header::CONTENT_TYPE, *media_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, *content).into_response())
}
