//! What tiles a survey has: the list of its tilesets, one for each style, their descriptions for OGC
//! clients and as `TileJSON`.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Text;
use domain::code_list::Coded as _;
use domain::layers::SURVEYS;
use domain::lists::SurveyKind;
use raster::tile_matrix::{Limits, zooms};
use serde_json::{Value, json};

use super::links::Linked;
use super::matrix_sets::{WEB_MERCATOR, WEB_MERCATOR_QUAD_PATH, WEB_MERCATOR_QUAD_URI};
use super::styles::{StyleName, of_kind};
use super::tiles::limits;
use super::{Opened, blocking, opened};
use crate::App;
use crate::context::{Context, Format, JSON, PNG, WEBP};
use crate::crs::CRS84;
use crate::error::ApiError;
use crate::landing::json_response;
use crate::links::{Link, TILESETS_MAP, TILING_SCHEME, own};
use crate::validator::ETag;

const TILES: Text = Text::new("Плочице", "Tiles");

/// `GET …/tiles`: the tilesets of a survey (OGC API Tiles 1, tilesets list).
pub async fn list(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let survey = opened(&app, &context, &id).await?;
    let styles = of_kind(survey.survey.kind).iter();
    let tilesets: Vec<_> = styles
        .map(|style| {
            let mut tileset = general(&context, &survey, *style);
            tileset["links"] = json!([
                Link::to(
                    &context,
                    &quad_path(&survey, *style),
                    "self",
                    JSON.media_type
                ),
                tiling_scheme(&context),
            ]);
            tileset
        })
        .collect();
    let image = survey.image.clone();
    let bounds = blocking(&context, move || image.lon_lat_bounds()).await?;
    let bbox = [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y];
    let mut links = own(&context, format, &[JSON]);
    // GDAL's OGCAPI driver starts from an extent and this link.
    links.push(Link::to(
        &context,
        &context.path,
        TILESETS_MAP,
        JSON.media_type,
    ));
    let body = json!({
        "extent": { "spatial": { "bbox": [bbox], "crs": CRS84 } },
        "links": links,
        "tilesets": tilesets,
    });
    Ok(answer(&context, &survey, format, &body))
}

/// `GET …/tiles/{style}/WebMercatorQuad`: a tileset (OGC API Tiles 1, tileset).
pub async fn describe(
    State(app): State<App>,
    Path((id, style)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let survey = opened(&app, &context, &id).await?;
    let style = StyleName::of(&context, &survey, &style)?;
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let image = survey.image.clone();
    let bounds = blocking(&context, move || image.lon_lat_bounds()).await?;
    let limits: Vec<_> = limits(&context, &survey).await?.iter().map(limit).collect();
    let tile = format!(
        "{}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        quad_path(&survey, style)
    );
    let item = |media_type, name| {
        Link::to(&context, &format!("{tile}?f={name}"), "item", media_type).templated()
    };
    let mut links = own(&context, format, &[JSON]);
    links.extend([
        tiling_scheme(&context),
        item(PNG.media_type, PNG.name),
        item(WEBP.media_type, WEBP.name),
    ]);
    let mut body = general(&context, &survey, style);
    body["tileMatrixSetLimits"] = json!(limits);
    body["boundingBox"] = json!({
        "lowerLeft": [bounds.min_x, bounds.min_y],
        "upperRight": [bounds.max_x, bounds.max_y],
        "crs": CRS84,
    });
    body["links"] = json!(links);
    Ok(answer(&context, &survey, format, &body))
}

/// `GET …/tiles/{style}/tilejson.json` (`TileJSON` 3.0.0).
pub async fn tilejson(
    State(app): State<App>,
    Path((id, style)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let survey = opened(&app, &context, &id).await?;
    let style = StyleName::of(&context, &survey, &style)?;
    context.only(&[])?;
    let format = context.format(&[JSON])?;
    let image = survey.image.clone();
    let found = blocking(&context, move || {
        Ok((image.lon_lat_bounds()?, zooms(&image)?))
    });
    let (bounds, (coarsest, finest)) = found.await?;
    let tiles = format!(
        "{}{}",
        context.base_url,
        xyz_path(&feature_path(survey.id), style, PNG.name)
    );
    let mut body = json!({
        "tilejson": "3.0.0",
        "name": title(&context, &survey, style),
        "scheme": "xyz",
        "tiles": [tiles],
        "bounds": [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y],
        "center": [
            f64::midpoint(bounds.min_x, bounds.max_x),
            f64::midpoint(bounds.min_y, bounds.max_y),
            coarsest.saturating_add(4).min(finest),
        ],
        "minzoom": coarsest,
        "maxzoom": finest,
    });
    if style == StyleName::TerrainRgb {
        body["encoding"] = json!("mapbox");
    }
    Ok(answer(&context, &survey, format, &body))
}

/// A document about a survey, or 304 when the client has it.
fn answer(context: &Context, survey: &Opened, format: Format, body: &Value) -> Response {
    let tag = ETag::strong(context, survey.revision);
    tag.unchanged(&context.headers).unwrap_or_else(|| {
        let mut response = json_response(context, format, body);
        tag.put(response.headers_mut());
        response
    })
}

/// The links of a survey's feature to its tiles.
pub fn links(context: &Context, survey: &Linked<'_>) -> Vec<Link> {
    let lang = context.lang;
    let path = &survey.path;
    let tiles = Link::to(
        context,
        &format!("{path}/tiles"),
        TILESETS_MAP,
        JSON.media_type,
    );
    let mut links = vec![tiles.titled(TILES.get(lang))];
    for style in of_kind(SurveyKind::from_code(survey.kind)) {
        let title = style.title().get(lang);
        let tilejson = format!("{path}/tiles/{}/tilejson.json", style.id());
        links.extend([
            Link::to(context, &tilejson, "related", JSON.media_type)
                .titled(format!("TileJSON: {title}")),
            Link::to(
                context,
                &xyz_path(path, *style, PNG.name),
                "related",
                PNG.media_type,
            )
            .titled(format!("XYZ: {title}"))
            .templated(),
        ]);
    }
    links
}

fn feature_path(id: i64) -> String {
    format!("/collections/{}/items/{id}", SURVEYS.id)
}

fn quad_path(survey: &Opened, style: StyleName) -> String {
    let (path, style) = (feature_path(survey.id), style.id());
    format!("{path}/tiles/{style}/WebMercatorQuad")
}

fn xyz_path(feature: &str, style: StyleName, extension: &str) -> String {
    let style = style.id();
    format!("{feature}/tiles/{style}/xyz/{{z}}/{{x}}/{{y}}.{extension}")
}

/// The link to the tiling of a tileset.
pub fn tiling_scheme(context: &Context) -> Link {
    Link::to(
        context,
        WEB_MERCATOR_QUAD_PATH,
        TILING_SCHEME,
        JSON.media_type,
    )
}

/// Such as `RS-70327-001-dtm-20240501: hillshade`.
fn title(context: &Context, survey: &Opened, style: StyleName) -> String {
    let code = survey.survey.code.as_deref().unwrap_or_default();
    format!("{code}: {}", style.title().get(context.lang))
}

/// What the list and the description of a tileset both say.
fn general(context: &Context, survey: &Opened, style: StyleName) -> Value {
    json!({
        "title": title(context, survey, style),
        "dataType": "map",
        "crs": WEB_MERCATOR,
        "tileMatrixSetURI": WEB_MERCATOR_QUAD_URI,
    })
}

/// The limits of a zoom as a tileset describes them.
pub fn limit(limits: &Limits) -> Value {
    json!({
        "tileMatrix": limits.zoom.to_string(),
        "minTileRow": limits.rows.0,
        "maxTileRow": limits.rows.1,
        "minTileCol": limits.columns.0,
        "maxTileCol": limits.columns.1,
    })
}
