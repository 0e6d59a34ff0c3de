//! The features of a layer.

use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::layer::{Field, Layer};
use domain::layers::{SURVEYS, VOLUME_CHANGES};
use domain::region::Region;
use store::feature::{Feature, ValueRef};

use crate::App;
use crate::context::{Context, GEOJSON, JSON};
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::geojson::write_feature;
use crate::links::{Link, own};
use crate::params::{ItemsRequest, as_of, crs};
use crate::problem::Problem;
use crate::rasters;
use crate::reports;
use crate::stream::FeatureStream;
use crate::validator::ETag;

/// `GET /collections/{layer}/items` (OGC API Features 1, 7.15).
pub async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let request = ItemsRequest::read(&context, layer)?;
    features(app, context, layer, request).await
}

/// `GET /collections/{regions}/items/{code}/{layer}`: the features of a layer that belong to a region,
/// which is named by its code.
pub async fn of_region(
    State(app): State<App>,
    Path((regions, code, layer)): Path<(String, String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let missing = || {
        context.error(Problem::NoSuchPage {
            path: context.path.clone(),
        })
    };
    let region: Region = code.parse().map_err(|_| missing())?;
    if region.layer_id() != regions {
        return Err(missing());
    }
    let layer = context.layer(&layer)?;
    let mut request = ItemsRequest::read(&context, layer)?;
    let membership = request.selection.region.map(|(_, membership)| membership);
    request.selection.region = Some((region, membership.unwrap_or_default()));
    features(app, context, layer, request).await
}

async fn features(
    app: App,
    context: Context,
    layer: &'static Layer,
    request: ItemsRequest,
) -> Result<Response, ApiError> {
    let format = context.format(&[GEOJSON])?;
    if context.headers.contains_key(header::IF_NONE_MATCH)
        && let Some(unchanged) = unchanged(&app, &context, layer).await?
    {
        return Ok(unchanged);
    }
    let crs = request.crs;
    let stream = FeatureStream {
        links: own(&context, format, &[GEOJSON]),
        context: context.clone(),
        layer,
        fields: public_fields(layer),
        request,
    };
    let (body, revision) = stream.into_body(app.store).await?;
    let mut response = geojson_response(body, crs);
    ETag::weak(&context, revision).put(response.headers_mut());
    Ok(response)
}

/// The answer 304, when nothing of the layer changed since the client's copy: no row is read.
async fn unchanged(
    app: &App,
    context: &Context,
    layer: &'static Layer,
) -> Result<Option<Response>, ApiError> {
    let state = app.store.layer_state(layer).await;
    let state = state.map_err(|error| context.store_error(&error))?;
    let tag = ETag::weak(context, state.revision.unwrap_or_default());
    Ok(tag.unchanged(&context.headers))
}

/// `GET /collections/{layer}/items/{id}` (OGC API Features 1, 7.16).
pub async fn feature(
    State(app): State<App>,
    Path((layer, id)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    context.only(&["as-of", "crs"])?;
    let as_of = as_of(&context)?;
    let crs = crs(&context, "crs")?;
    context.format(&[GEOJSON])?;
    let missing = || {
        context.error(Problem::NoSuchFeature {
            layer: layer.id,
            id: id.clone(),
        })
    };
    let number = id.parse().map_err(|_| missing())?;
    let found = app
        .store
        .item(layer, public_fields(layer), number, as_of)
        .await;
    let feature = found
        .map_err(|error| context.store_error(&error))?
        .ok_or_else(missing)?;
    answer(&context, layer, &feature, crs)
}

fn answer(
    context: &Context,
    layer: &Layer,
    feature: &Feature,
    crs: ServedCrs,
) -> Result<Response, ApiError> {
    let revision = match feature
        .value("revision")
        .map_err(|error| context.store_error(&error))?
    {
        ValueRef::Integer(revision) => revision,
        _ => 0,
    };
    let tag = ETag::strong(context, revision);
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let mut body = Vec::with_capacity(2048);
    write_feature(&mut body, feature, crs).map_err(|error| internal(context, &error))?;
    let mut links = own(context, GEOJSON, &[GEOJSON]);
    let collection = format!("/collections/{}", layer.id);
    links.push(Link::to(
        context,
        &collection,
        "collection",
        JSON.media_type,
    ));
    if layer.id == SURVEYS.id {
        links.extend(rasters::links::of(context, feature));
    }
    if layer.id == VOLUME_CHANGES.id {
        links.extend(reports::volume_change::links(context, feature));
    }
    body.extend_from_slice(b",\"links\":");
    serde_json::to_writer(&mut body, &links).map_err(|error| internal(context, &error))?;
    body.push(b'}');
    let mut response = geojson_response(Body::from(body), crs);
    tag.put(response.headers_mut());
    Ok(response)
}

fn internal(context: &Context, error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error = %crate::error::Chain(error), "an answer could not be written");
    context.error(Problem::Internal)
}

fn geojson_response(body: Body, crs: ServedCrs) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(GEOJSON.media_type),
        ),
        (
            header::VARY,
            HeaderValue::from_static("Accept, Accept-Language"),
        ),
        (CONTENT_CRS, crs.header()),
    ];
    (headers, body).into_response()
}

const CONTENT_CRS: header::HeaderName = header::HeaderName::from_static("content-crs");

/// The fields of a layer that everybody may read: what leaves by these routes.
fn public_fields(layer: &'static Layer) -> &'static [&'static Field] {
    static FIELDS: LazyLock<Vec<(&'static str, Vec<&'static Field>)>> = LazyLock::new(|| {
        let layers = domain::layers::LAYERS.iter();
        layers
            .map(|layer| (layer.id, layer.public_fields().collect()))
            .collect()
    });
    FIELDS
        .iter()
        .find(|(id, _)| *id == layer.id)
        .map_or(&[], |(_, fields)| fields)
}
