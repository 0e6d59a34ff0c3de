//! The tiles themselves, by the addresses of OGC (row before column) and of XYZ (column before row).
//!
//! OGC addresses have limits, outside of which there is no tile (404). Of an XYZ address in the tiling
//! clients ask whatever they show, so all are tiles, most of them empty (204).

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use raster::Tile;
use store::tiles::TileAddress;

use super::cache::Kept;
use super::tilesets::limits;
use super::{Asked, Tiles, outside_tiling};
use crate::compression::takes;
use crate::context::{Context, MVT};
use crate::error::ApiError;
use crate::rasters::tiles::{number, outside};
use crate::validator::ETag;

/// `GET /collections/{layer}/tiles/WebMercatorQuad/{matrix}/{row}/{column}` (OGC API Tiles 1, 7.1).
pub async fn ogc(
    tiles: Tiles,
    Path((layer, matrix, row, column)): Path<(String, String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::of_layer(&context, &layer)?;
    within_limits(&tiles, &context, &asked, [&matrix, &row, &column]).await
}

/// `GET /tiles/WebMercatorQuad/{matrix}/{row}/{column}`: all layers, each one of the tile's.
pub async fn ogc_of_dataset(
    tiles: Tiles,
    Path((matrix, row, column)): Path<(String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::of_dataset(&context)?
        .with_layers(&tiles.app, &context)
        .await?;
    within_limits(&tiles, &context, &asked, [&matrix, &row, &column]).await
}

/// `GET /collections/{layer}/tiles/xyz/{z}/{x}/{y}`, with or without `.mvt` or `.pbf`.
pub async fn xyz(
    tiles: Tiles,
    Path((layer, zoom, column, row)): Path<(String, String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::of_layer(&context, &layer)?;
    anywhere(&tiles, &context, &asked, [&zoom, &row, &column]).await
}

/// `GET /tiles/xyz/{z}/{x}/{y}`: all layers, each one of the tile's.
pub async fn xyz_of_dataset(
    tiles: Tiles,
    Path((zoom, column, row)): Path<(String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::of_dataset(&context)?;
    anywhere(&tiles, &context, &asked, [&zoom, &row, &column]).await
}

async fn within_limits(
    tiles: &Tiles,
    context: &Context,
    asked: &Asked,
    [matrix, row, column]: [&str; 3],
) -> Result<Response, ApiError> {
    let numbers = (
        number(context, "tileMatrix", matrix)?,
        number(context, "tileRow", row)?,
        number(context, "tileCol", column)?,
    );
    let limits = limits(&tiles.app, context, asked).await?;
    let tile = Tile::new(numbers.0, numbers.1, numbers.2);
    let tile = tile.filter(|tile| limits.iter().any(|limits| limits.contain(tile)));
    let tile = tile.ok_or_else(|| outside(context, numbers, &limits))?;
    answer(tiles, context, asked, tile).await
}

async fn anywhere(
    tiles: &Tiles,
    context: &Context,
    asked: &Asked,
    [zoom, file, column]: [&str; 3],
) -> Result<Response, ApiError> {
    let row = [".mvt", ".pbf"]
        .iter()
        .find_map(|end| file.strip_suffix(end));
    let tile = Tile::new(
        number(context, "z", zoom)?,
        number(context, "y", row.unwrap_or(file))?,
        number(context, "x", column)?,
    );
    let place = || format!("{zoom}/{column}/{file}");
    let tile = tile.ok_or_else(|| outside_tiling(context, &place()))?;
    answer(tiles, context, asked, tile).await
}

async fn answer(
    tiles: &Tiles,
    context: &Context,
    asked: &Asked,
    tile: Tile,
) -> Result<Response, ApiError> {
    context.format(&[MVT])?;
    let tile = TileAddress {
        zoom: tile.zoom(),
        row: tile.row(),
        column: tile.column(),
    };
    let failed = |error: store::StoreError| context.store_error(&error);
    if context.headers.contains_key(header::IF_NONE_MATCH) {
        let revision = match tiles.kept(asked, tile) {
            Some(kept) => kept.revision,
            None => tiles.revision(asked).await.map_err(failed)?,
        };
        if let Some(unchanged) = ETag::strong(context, revision).unchanged(&context.headers) {
            return Ok(unchanged);
        }
    }
    let kept = match tiles.kept(asked, tile) {
        Some(kept) => kept,
        None => tiles.tile(asked, tile).await.map_err(failed)?,
    };
    Ok(response(context, &kept))
}

fn response(context: &Context, kept: &Kept) -> Response {
    let packed = kept
        .packed
        .clone()
        .filter(|_| takes(&context.headers, "gzip"));
    let is_packed = packed.is_some();
    let mut response = if kept.bytes.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let bytes: Bytes = packed.unwrap_or_else(|| kept.bytes.clone());
        ([(header::CONTENT_TYPE, MVT.media_type)], bytes).into_response()
    };
    let headers = response.headers_mut();
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let vary = HeaderValue::from_static("Accept, Accept-Encoding");
    headers.insert(header::VARY, vary);
    ETag::strong(context, kept.revision).put(headers);
    response
}
