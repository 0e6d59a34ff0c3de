//! The conformance classes that the service fulfils, each proved by tests.

use askama::Template;
use axum::response::Response;
use serde_json::json;

use crate::context::{Context, HTML, JSON};
use crate::error::ApiError;
use crate::landing::{html_response, json_response};
use crate::pages::{Frame, HOME};

/// The classes, by URI.
pub const CLASSES: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/png",
];

/// `GET /conformance` (OGC API Features 1, 7.4).
pub async fn declaration(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    match context.format(&[JSON, HTML])? {
        HTML => Ok(html_response(
            &context,
            &ConformancePage {
                frame: Frame::of(&context, &[HOME]),
                classes: CLASSES,
            },
        )),
        format => Ok(json_response(
            &context,
            format,
            &json!({ "conformsTo": CLASSES }),
        )),
    }
}

#[derive(Template)]
#[template(path = "conformance.html")]
struct ConformancePage {
    frame: Frame,
    classes: &'static [&'static str],
}
