//! The tilings (OGC Two Dimensional Tile Matrix Set 2.0): `WebMercatorQuad`, that of the web.

use axum::response::Response;
use raster::tile_matrix::{FINEST_ZOOM, HALF_WORLD_M, TILE_SIDE, pixel_m};
use serde_json::{Value, json};

use crate::context::{Context, JSON};
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, own};

/// The id of the one tiling.
pub const WEB_MERCATOR_QUAD: &str = "WebMercatorQuad";
/// Its URI.
pub const WEB_MERCATOR_QUAD_URI: &str =
    "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// Its coordinate reference system.
pub const WEB_MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
/// The path of its definition.
pub const WEB_MERCATOR_QUAD_PATH: &str = "/tileMatrixSets/WebMercatorQuad";
const TITLE: &str = "Google Maps Compatible for the World";
/// Side of a pixel of the standard's screen, in metres.
const SCREEN_PIXEL_M: f64 = 0.000_28;

/// `GET /tileMatrixSets` (OGC API Tiles 1, tiling schemes).
pub async fn list(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let body = json!({
        "tileMatrixSets": [{
            "id": WEB_MERCATOR_QUAD,
            "title": TITLE,
            "uri": WEB_MERCATOR_QUAD_URI,
            "crs": WEB_MERCATOR,
            "links": [Link::to(&context, WEB_MERCATOR_QUAD_PATH, "self", JSON.media_type)],
        }],
        "links": own(&context, format, &[JSON]),
    });
    Ok(json_response(&context, format, &body))
}

/// `GET /tileMatrixSets/WebMercatorQuad` (OGC 17-083r4, 7.2).
pub async fn web_mercator_quad(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let matrices: Vec<_> = (0..=FINEST_ZOOM).map(matrix).collect();
    let body = json!({
        "id": WEB_MERCATOR_QUAD,
        "title": TITLE,
        "uri": WEB_MERCATOR_QUAD_URI,
        "crs": WEB_MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
        "links": own(&context, format, &[JSON]),
    });
    Ok(json_response(&context, format, &body))
}

fn matrix(zoom: u32) -> Value {
    let tiles = 1_u32 << zoom;
    json!({
        "id": zoom.to_string(),
        "scaleDenominator": pixel_m(zoom) / SCREEN_PIXEL_M,
        "cellSize": pixel_m(zoom),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
        "tileWidth": TILE_SIDE,
        "tileHeight": TILE_SIDE,
        "matrixWidth": tiles,
        "matrixHeight": tiles,
    })
}
