//! The layers as collections.

mod instants;
mod page;
mod search;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Layer;
use serde_json::{Map, Value, json};
use store::layer_state::LayerState;

use self::instants::{GREGORIAN, Instants};
pub use self::page::counted;
use self::page::{CollectionPage, CollectionsPage};
use self::search::Search;
use crate::App;
use crate::context::{Context, Format, GEOJSON, HTML, JSON, SCHEMA};
use crate::crs::{CRS84, ServedCrs};
use crate::error::ApiError;
use crate::formats;
use crate::landing::{html_response, json_response};
use crate::links::{Link, OGC_SCHEMA, QUERYABLES, SORTABLES, linked, own};
use crate::vector_tiles;

const OFFERED: &[Format] = &[JSON, HTML];

/// `GET /collections`: the layers that have data (OGC API Features 1, 7.13).
pub async fn list(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    let search = Search::read(&context)?;
    let format = context.format(OFFERED)?;
    let layers = app.store.layers_with_data().await;
    let mut layers = layers.map_err(|error| context.store_error(&error))?;
    let with_data: Vec<_> = layers.iter().map(|(layer, _)| *layer).collect();
    let instants = Instants::read(&app.store, &context, &with_data).await?;
    layers.retain(|(layer, state)| search.finds(layer, state, instants.period_of(layer)));
    if format == HTML {
        return Ok(html_response(
            &context,
            &CollectionsPage::of(&context, &layers),
        ));
    }
    let collections: Vec<_> = layers
        .iter()
        .map(|(layer, state)| description(&context, layer, state, &instants))
        .collect();
    let body = json!({ "links": own(&context, format, OFFERED), "collections": collections });
    Ok(linked(json_response(&context, format, &body), &body))
}

/// `GET /collections/{layer}` (OGC API Features 1, 7.14).
pub async fn describe(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    context.only(&[])?;
    let format = context.format(OFFERED)?;
    let state = app
        .store
        .layer_state(layer)
        .await
        .map_err(|error| context.store_error(&error))?;
    if format == HTML {
        return Ok(html_response(
            &context,
            &CollectionPage::of(&context, layer, state),
        ));
    }
    let instants = Instants::read(&app.store, &context, &[layer]).await?;
    let body = description(&context, layer, &state, &instants);
    Ok(linked(json_response(&context, format, &body), &body))
}

fn description(context: &Context, layer: &Layer, state: &LayerState, instants: &Instants) -> Value {
    let path = format!("/collections/{}", layer.id);
    let schema = |resource, rel| {
        Link::to(
            context,
            &format!("{path}/{resource}"),
            rel,
            SCHEMA.media_type,
        )
    };
    let mut links = vec![
        Link::to(context, &path, "self", JSON.media_type),
        Link::to(
            context,
            &format!("{path}/items"),
            "items",
            GEOJSON.media_type,
        )
        .titled(layer.title.get(context.lang)),
        // Registered relations are the same in any case; GDAL 3.6 knows only the second spelling.
        schema("feature-schema", "describedby"),
        schema("feature-schema", "describedBy"),
        schema("schema", OGC_SCHEMA),
        schema("queryables", QUERYABLES),
        schema("sortables", SORTABLES),
        Link::to(context, "/collections", "parent", JSON.media_type),
    ];
    links.extend(formats::collection_links(context, layer, state));
    links.push(vector_tiles::tilesets::link(
        context,
        &format!("{path}/tiles"),
    ));
    json!({
        "id": layer.id,
        "title": layer.title.get(context.lang),
        "description": layer.description.get(context.lang),
        "itemType": "feature",
        "itemCount": state.feature_count,
        "crs": ServedCrs::all().map(ServedCrs::uri).collect::<Vec<_>>(),
        "storageCrs": CRS84,
        "extent": extent(state, instants.of(layer)),
        "links": links,
    })
}

/// The box around all geometries and the time from the first to the last record; a layer without any has
/// no such extent.
fn extent(state: &LayerState, period: Option<Value>) -> Value {
    let mut extent = Map::new();
    if let Some(bbox) = state.extent {
        let corners = [bbox.west, bbox.south, bbox.east, bbox.north];
        extent.insert(
            "spatial".to_owned(),
            json!({ "bbox": [corners], "crs": CRS84 }),
        );
    }
    if let Some(interval) = period {
        extent.insert(
            "temporal".to_owned(),
            json!({ "interval": [interval], "trs": GREGORIAN }),
        );
    }
    Value::Object(extent)
}
