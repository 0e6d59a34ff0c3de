//! The features of a layer.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Method, header};
use axum::response::Response;
use domain::layer::Layer;
use domain::layers::{SURVEYS, VOLUME_CHANGES};
use domain::region::Region;
use store::feature::Feature;

use crate::App;
use crate::account::access::{of_asked_region, of_record, of_region as access_of_region};
use crate::context::{Context, HTML, JSON};
use crate::error::ApiError;
use crate::feature_pages::{self, without_empty};
use crate::formats::{self, Extent, answer, features_response, hits, in_headers, put_links};
use crate::history;
use crate::links::{Link, asked, own};
use crate::params::ItemsRequest;
use crate::problem::Problem;
use crate::rasters;
use crate::reports;
use crate::stream::Job;
use crate::validator::ETag;

/// `GET /collections/{layer}/items` (OGC API Features 1, 7.15).
pub async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let context = of_asked_region(without_empty(context));
    let request = ItemsRequest::read(&context, layer)?;
    features(app, context, layer, request, &method).await
}

/// `GET /collections/{regions}/items/{code}/{layer}`: the features of a layer that belong to a region,
/// which is named by its code.
pub async fn of_region(
    State(app): State<App>,
    Path((regions, code, layer)): Path<(String, String, String)>,
    method: Method,
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
    let context = access_of_region(context, region);
    let mut request = ItemsRequest::read(&context, layer)?;
    let membership = request.selection.region.map(|(_, membership)| membership);
    request.selection.region = Some((region, membership.unwrap_or_default()));
    features(app, context, layer, request, &method).await
}

async fn features(
    app: App,
    context: Context,
    layer: &'static Layer,
    mut request: ItemsRequest,
    method: &Method,
) -> Result<Response, ApiError> {
    let offered = formats::offered(layer);
    let format = context.format(&offered)?;
    if format == HTML {
        feature_pages::bound(&context, &mut request);
    }
    let links = |context: &Context| own(context, format, &offered);
    let job = Job::new(context, layer, request, formats::described(format))?;
    if format == HTML {
        let links = links(&job.context);
        return feature_pages::many(&app, job, links).await;
    }
    answer_many(&app, job, links, Extent::Page, method).await
}

/// `GET /collections/{layer}/download/{format}`: all features of a layer, or all that the parameters
/// select, as one file.
pub async fn download(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    method: Method,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let format = formats::of_layer(layer).find(|one| one.format.name == name);
    let Some(format) = format else {
        let path = context.path.clone();
        return Err(context.error(Problem::NoSuchPage { path }));
    };
    context.only_format(&name)?;
    let context = of_asked_region(context);
    let request = ItemsRequest::read_whole(&context, layer)?;
    let links = |context: &Context| {
        let path = asked(context);
        vec![Link::to(context, &path, "self", format.format.media_type)]
    };
    let job = Job::new(context, layer, request, format)?;
    answer_many(&app, job, links, Extent::Whole, &method).await
}

async fn answer_many(
    app: &App,
    mut job: Job,
    links: impl FnOnce(&Context) -> Vec<Link>,
    extent: Extent,
    method: &Method,
) -> Result<Response, ApiError> {
    if job.context.headers.contains_key(header::IF_NONE_MATCH)
        && let Some(unchanged) = unchanged(app, &job).await?
    {
        return Ok(unchanged);
    }
    let links = links(&job.context);
    job.search(&app.store).await?;
    if job.request.hits {
        return hits(app, job, links).await;
    }
    answer(app, job, links, extent, method).await
}

/// The answer 304, when nothing of the layer changed since the client's copy: no row is read.
async fn unchanged(app: &App, job: &Job) -> Result<Option<Response>, ApiError> {
    let state = app.store.layer_state(job.layer).await;
    let state = state.map_err(|error| job.context.store_error(&error))?;
    let tag = job.tag(state.revision.unwrap_or_default());
    Ok(tag.unchanged(&job.context.headers))
}

/// `GET /collections/{layer}/items/{id}` (OGC API Features 1, 7.16).
pub async fn feature(
    State(app): State<App>,
    Path((layer, id)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    let context = match id.parse() {
        Ok(id) => of_record(&app, context, layer, id).await?,
        Err(_) => context,
    };
    let request = ItemsRequest::read_one(&context, layer)?;
    let as_of = request.selection.as_of;
    let offered = formats::offered_of_one(layer);
    let format = context.format(&offered)?;
    let missing = || {
        context.error(Problem::NoSuchFeature {
            layer: layer.id,
            id: id.clone(),
        })
    };
    let number = id.parse().map_err(|_| missing())?;
    let found = app
        .store
        .item(layer, request.columns.clone(), number, as_of)
        .await;
    let feature = found
        .map_err(|error| context.store_error(&error))?
        .ok_or_else(missing)?;
    let job = Job::new(context, layer, request, formats::described(format))?;
    let links = own(&job.context, format, &offered);
    if format == HTML {
        let links = links_of_one(&job, links, &feature);
        let extent = feature_pages::Extent::Record;
        return feature_pages::one(&app, &job, &links, &feature, extent).await;
    }
    answer_one(&job, links, &feature)
}

fn answer_one(job: &Job, links: Vec<Link>, feature: &Feature) -> Result<Response, ApiError> {
    let context = &job.context;
    let tag = tag_of_one(job, feature)?;
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    written(job, links, feature, None)
}

/// One feature as an answer; `ending` takes the place of the last brace, where there is more to say.
pub fn written(
    job: &Job,
    links: Vec<Link>,
    feature: &Feature,
    ending: Option<&str>,
) -> Result<Response, ApiError> {
    let context = &job.context;
    let tag = tag_of_one(job, feature)?;
    let links = links_of_one(job, links, feature);
    let mut body = Vec::with_capacity(2048);
    job.format
        .encoding
        .write_one(&mut body, job, feature, &links)
        .map_err(|error| context.internal(&error, "writing a feature"))?;
    if let Some(ending) = ending {
        body.pop();
        body.extend_from_slice(ending.as_bytes());
    }
    let mut response = features_response(job, Body::from(body));
    put_links(&mut response, in_headers(&links, job.format.encoding));
    tag.put(response.headers_mut());
    Ok(response)
}

fn tag_of_one(job: &Job, feature: &Feature) -> Result<ETag, ApiError> {
    let revision = feature.revision();
    let revision = revision.map_err(|error| job.context.store_error(&error))?;
    Ok(ETag::strong(&job.context, revision).of(job.format.format))
}

/// The links of a feature beside its own: its layer, and what is made of it.
pub fn links_of_one(job: &Job, mut links: Vec<Link>, feature: &Feature) -> Vec<Link> {
    let context = &job.context;
    let collection = format!("/collections/{}", job.layer.id);
    links.push(Link::to(
        context,
        &collection,
        "collection",
        JSON.media_type,
    ));
    links.extend(history::links(context, feature));
    if job.layer.id == SURVEYS.id {
        links.extend(rasters::links::of(context, feature));
    }
    if job.layer.id == VOLUME_CHANGES.id {
        links.extend(reports::volume_change::links(context, feature));
    }
    links
}
