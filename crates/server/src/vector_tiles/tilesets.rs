//! What vector tiles there are, for OGC clients and as `TileJSON`.

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::category::{self, ProposedCategory};
use domain::code_list::Coded as _;
use domain::completeness;
use domain::layer::{GeometryKind, Layer};
use geodesy::Bounds;
use raster::tile_matrix::Limits;
use serde_json::{Map, Value, json};

use super::{Asked, FINEST};
use crate::App;
use crate::context::{Context, JSON, MVT};
use crate::crs::CRS84;
use crate::error::ApiError;
use crate::landing::{TITLE, json_response};
use crate::links::{Link, TILESETS_VECTOR, own};
use crate::rasters::matrix_sets::{WEB_MERCATOR, WEB_MERCATOR_QUAD, WEB_MERCATOR_QUAD_URI};
use crate::rasters::tilesets::{limit, tiling_scheme};

/// A request about the tiles of the layer that its address names, else of the dataset.
pub struct Request {
    context: Context,
    asked: Asked,
}

impl FromRequestParts<App> for Request {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(context) = Context::from_request_parts(parts, app).await;
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(IntoResponse::into_response)?;
        let layer = path.iter().find(|(name, _)| *name == "layer");
        let asked = match layer {
            Some((_, layer)) => Asked::of_layer(&context, layer),
            None => match Asked::of_dataset(&context) {
                Ok(asked) => asked.with_layers(app, &context).await,
                Err(error) => Err(error),
            },
        };
        let asked = asked.map_err(IntoResponse::into_response)?;
        Ok(Self { context, asked })
    }
}

/// The zooms' tiles that have something of the layers.
pub async fn limits(app: &App, context: &Context, asked: &Asked) -> Result<Vec<Limits>, ApiError> {
    let bounds = bounds(app, context, asked).await?;
    let limits = bounds.map(|bounds| (0..=FINEST).map(|zoom| Limits::of(&bounds, zoom)).collect());
    Ok(limits.unwrap_or_default())
}

/// The box around the layers, in degrees; `None` where nothing has a place.
async fn bounds(app: &App, context: &Context, asked: &Asked) -> Result<Option<Bounds>, ApiError> {
    let mut around: Option<Bounds> = None;
    for layer in &asked.layers {
        let state = app.store.layer_state(layer).await;
        let state = state.map_err(|error| context.store_error(&error))?;
        let Some(bbox) = state.extent else { continue };
        let own = Bounds::new(bbox.west, bbox.south, bbox.east, bbox.north);
        around = Some(around.map_or(own, |around| {
            Bounds::new(
                around.min_x.min(own.min_x),
                around.min_y.min(own.min_y),
                around.max_x.max(own.max_x),
                around.max_y.max(own.max_y),
            )
        }));
    }
    Ok(around)
}

/// `GET /tiles` and `/collections/{layer}/tiles` (OGC API Tiles 1, tilesets list).
pub async fn list(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let Request { context, asked } = &request;
    let format = context.format(&[JSON])?;
    let mut tileset = general(context, asked);
    tileset["links"] = json!([
        Link::to(
            context,
            &asked.path(WEB_MERCATOR_QUAD),
            "self",
            JSON.media_type
        ),
        tiling_scheme(context),
    ]);
    let mut links = own(context, format, &[JSON]);
    // GDAL's OGCAPI driver starts from an extent and this link.
    links.push(Link::to(
        context,
        &context.path,
        TILESETS_VECTOR,
        JSON.media_type,
    ));
    let mut body = json!({ "links": links, "tilesets": [tileset] });
    if let Some(bounds) = bounds(&app, context, asked).await? {
        body["extent"] = json!({ "spatial": { "bbox": [corners(&bounds)], "crs": CRS84 } });
    }
    Ok(json_response(context, format, &body))
}

/// `GET …/tiles/WebMercatorQuad` (OGC API Tiles 1, tileset).
pub async fn describe(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let Request { context, asked } = &request;
    let format = context.format(&[JSON])?;
    let mut body = general(context, asked);
    let limits = limits(&app, context, asked).await?;
    body["tileMatrixSetLimits"] = limits.iter().map(limit).collect();
    if let Some(bounds) = bounds(&app, context, asked).await? {
        let [west, south, east, north] = corners(&bounds);
        body["boundingBox"] =
            json!({ "lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84 });
    }
    let layers = asked.layers.iter().map(|layer| {
        json!({
            "id": layer.id,
            "title": layer.title.get(context.lang),
            "dataType": "vector",
            "geometryDimension": dimension(layer.geometry),
            "minTileMatrix": "0",
            "maxTileMatrix": FINEST.to_string(),
            "propertiesSchema": { "type": "object", "properties": properties(context, layer) },
        })
    });
    body["layers"] = layers.collect();
    let mut links = own(context, format, &[JSON]);
    let tile = asked.path("WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}");
    let item = Link::to(context, &tile, "item", MVT.media_type).templated();
    links.extend([tiling_scheme(context), item]);
    body["links"] = json!(links);
    Ok(json_response(context, format, &body))
}

/// `GET …/tiles/tilejson.json` (`TileJSON` 3.0.0).
pub async fn tilejson(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let Request { context, asked } = &request;
    let format = context.format(&[JSON])?;
    let tiles = format!(
        "{}{}{}",
        context.base_url,
        asked.path("xyz/{z}/{x}/{y}"),
        selecting(context)
    );
    let layers = asked.layers.iter().map(|layer| {
        json!({
            "id": layer.id,
            "description": layer.title.get(context.lang),
            "minzoom": 0,
            "maxzoom": FINEST,
            "fields": fields(context, layer),
        })
    });
    let mut body = json!({
        "tilejson": "3.0.0",
        "name": title(context, asked),
        "scheme": "xyz",
        "tiles": [tiles],
        "minzoom": 0,
        "maxzoom": FINEST,
        "vector_layers": layers.collect::<Value>(),
    });
    if let Some(bounds) = bounds(&app, context, asked).await? {
        body["bounds"] = json!(corners(&bounds));
    }
    Ok(json_response(context, format, &body))
}

impl Asked {
    /// The path of something below the tiles.
    fn path(&self, below: &str) -> String {
        match self.layers[..] {
            [layer] if !self.is_dataset => format!("/collections/{}/tiles/{below}", layer.id),
            _ => format!("/tiles/{below}"),
        }
    }
}

/// The parameters of the request that select, for the tiles to select the same.
fn selecting(context: &Context) -> String {
    let others = context
        .query
        .iter()
        .filter(|(name, _)| name != "f" && name != "lang");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .finish();
    if query.is_empty() {
        query
    } else {
        format!("?{query}")
    }
}

fn title(context: &Context, asked: &Asked) -> String {
    match asked.layers[..] {
        [layer] if !asked.is_dataset => layer.title.get(context.lang).into_owned(),
        _ => TITLE.get(context.lang).into_owned(),
    }
}

/// What the list and the description of a tileset both say.
fn general(context: &Context, asked: &Asked) -> Value {
    json!({
        "title": title(context, asked),
        "dataType": "vector",
        "crs": WEB_MERCATOR,
        "tileMatrixSetURI": WEB_MERCATOR_QUAD_URI,
    })
}

fn corners(bounds: &Bounds) -> [f64; 4] {
    [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y]
}

const fn dimension(kind: GeometryKind) -> u8 {
    match kind {
        GeometryKind::Point => 0,
        GeometryKind::LineString | GeometryKind::MultiLineString => 1,
        GeometryKind::MultiPolygon => 2,
    }
}

/// What the features of a layer carry in the finest tiles, with titles.
fn fields(context: &Context, layer: &Layer) -> Map<String, Value> {
    let lang = context.lang;
    let carried = layer
        .public_fields()
        .filter(|field| field.tiles_from.is_some());
    let mut fields: Map<String, Value> = carried
        .map(|field| (field.name.to_owned(), json!(field.title.get(lang))))
        .collect();
    if completeness::asked(layer).next().is_some() {
        let title = completeness::TITLE.get(lang);
        fields.insert(completeness::NAME.to_owned(), json!(title));
    }
    if category::applies_to(layer) {
        let list = ProposedCategory::LIST;
        fields.insert(list.id.to_owned(), json!(list.title.get(lang)));
    }
    fields.insert("count".to_owned(), json!(COUNT.get(lang)));
    fields
}

const COUNT: domain::Text = domain::Text::new(
    "Колико је објеката приказано заједно",
    "How many features are shown together",
);

fn properties(context: &Context, layer: &Layer) -> Map<String, Value> {
    let titled = |(name, title)| (name, json!({ "title": title }));
    fields(context, layer).into_iter().map(titled).collect()
}

/// The link of a layer or of the dataset to its tiles.
pub fn link(context: &Context, path: &str) -> Link {
    Link::to(context, path, TILESETS_VECTOR, JSON.media_type)
}
