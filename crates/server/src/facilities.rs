//! `GET /facilities/{code}`: the permanent address of a facility.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::layers::{FACILITIES, public_fields};
use domain::message;
use domain::region::FacilityCode;
use store::StoreError;
use store::feature::{Feature, ValueRef};

use crate::App;
use crate::account::access::of_record;
use crate::context::{Context, Format, HTML, JSON_LD};
use crate::error::ApiError;
use crate::feature_pages::{self, Extent, Scene};
use crate::formats;
use crate::history::address;
use crate::items::links_of_one;
use crate::landing::json_response;
use crate::links::{own, with_parameter};
use crate::params::ItemsRequest;
use crate::problem::{Problem, kinds};
use crate::stream::Job;
use crate::validator::ETag;

/// The path of a facility.
///
/// # Errors
/// When the row cannot be read.
pub fn path(feature: &Feature) -> Result<String, StoreError> {
    let code = match feature.value(FACILITIES.key().name)? {
        ValueRef::Text(code) => code.to_owned(),
        _ => feature.id()?.to_string(),
    };
    Ok(format!("/facilities/{code}"))
}

/// The page and the linked data of a facility; every other form is that of its feature, to which it leads.
pub async fn facility(
    State(app): State<App>,
    Path(text): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let format = context.format(&offered())?;
    let is_here = format == HTML || format == JSON_LD;
    if is_here {
        context.only(&["as-of"])?;
    }
    let request = ItemsRequest::read_one(&context, &FACILITIES)?;
    let code: FacilityCode = text.parse().map_err(|_| missing(&context, &text))?;
    if code.as_str() != text {
        return Ok(moved(&context, code.as_str()));
    }
    let as_of = request.selection.as_of;
    let failed = |error| context.store_error(&error);
    let fields = public_fields(&FACILITIES);
    let found = app.store.item_of_code(&FACILITIES, fields, &text, as_of);
    let Some(found) = found.await.map_err(failed)? else {
        return elsewhere(&app, &context, &code).await;
    };
    let id = found.id().map_err(failed)?;
    let item = Context {
        path: address(&FACILITIES, id),
        ..context.clone()
    };
    match format {
        JSON_LD => linked_data(&app, &context, &found).await,
        HTML => page(&app, context, item, id).await,
        format => Ok(see_other(&item, format)),
    }
}

/// The page, with what the reader may read of this facility.
async fn page(app: &App, context: Context, item: Context, id: i64) -> Result<Response, ApiError> {
    let item = of_record(app, item, &FACILITIES, id).await?;
    let request = ItemsRequest::read_one(&item, &FACILITIES)?;
    let (columns, as_of) = (request.columns.clone(), request.selection.as_of);
    let found = app.store.item(&FACILITIES, columns, id, as_of).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let feature = found.ok_or_else(|| missing(&context, &id.to_string()))?;
    let mut job = Job::new(item, &FACILITIES, request, formats::described(HTML))?;
    let links = links_of_one(&job, own(&context, HTML, &offered()), &feature);
    job.context.path = context.path;
    feature_pages::one(app, &job, &links, &feature, Extent::Facility).await
}

/// The forms of a facility: those of its feature, and linked data.
fn offered() -> Vec<Format> {
    let mut offered = formats::offered_of_one(&FACILITIES);
    offered.push(JSON_LD);
    offered
}

async fn linked_data(
    app: &App,
    context: &Context,
    feature: &Feature,
) -> Result<Response, ApiError> {
    let revision = app.store.register_revision().await;
    let revision = revision.map_err(|error| context.store_error(&error))?;
    let tag = ETag::strong(context, revision).of(JSON_LD);
    if let Some(unchanged) = tag.unchanged(&context.headers) {
        return Ok(unchanged);
    }
    let scene = Scene::read(app, context).await?;
    let document = feature_pages::json_ld(context, &FACILITIES, feature, &scene)?;
    let mut response = json_response(context, JSON_LD, &document);
    tag.put(response.headers_mut());
    Ok(response)
}

/// A facility that has another code now, that was removed, or that never was.
async fn elsewhere(
    app: &App,
    context: &Context,
    code: &FacilityCode,
) -> Result<Response, ApiError> {
    let failed = |error| context.store_error(&error);
    let id = app
        .store
        .facility_once_called(code.as_str())
        .await
        .map_err(failed)?;
    let Some(id) = id.filter(|_| context.parameter("as-of").is_none()) else {
        return Err(missing(context, code.as_str()));
    };
    let now = app
        .store
        .item(&FACILITIES, public_fields(&FACILITIES), id, None)
        .await;
    let Some(now) = now.map_err(failed)? else {
        return Err(removed(context, code, id));
    };
    match now.value(FACILITIES.key().name).map_err(failed)? {
        ValueRef::Text(code) => Ok(moved(context, code)),
        _ => Err(missing(context, code.as_str())),
    }
}

fn missing(context: &Context, code: &str) -> ApiError {
    let detail = message!(
        "регистар нема објекат са шифром `{code}`; потражите га у слоју `/collections/facilities/items`",
        "the register has no facility of the code `{code}`; look for it in the layer `/collections/facilities/items`"
    );
    context.error(Problem::NoAnswer {
        kind: &kinds::NO_SUCH_FACILITY,
        detail,
    })
}

fn removed(context: &Context, code: &FacilityCode, id: i64) -> ApiError {
    let history = format!("{}/history", address(&FACILITIES, id));
    let detail = message!(
        "објекат `{code}` је уклоњен из регистра; његова историја је на `{history}`",
        "the facility `{code}` was removed from the register; its history is at `{history}`"
    );
    context.error(Problem::NoAnswer {
        kind: &kinds::REMOVED_FACILITY,
        detail,
    })
}

/// To the code as it is written, or as it is now.
fn moved(context: &Context, code: &str) -> Response {
    let at = Context {
        path: format!("/facilities/{code}"),
        ..context.clone()
    };
    redirect(
        &at,
        StatusCode::PERMANENT_REDIRECT,
        &crate::links::asked(&at),
    )
}

/// To the feature in a form that programs read (the range-14 answer of linked data: a facility is no file).
fn see_other(item: &Context, format: Format) -> Response {
    let path = with_parameter(item, "f", format.name);
    redirect(item, StatusCode::SEE_OTHER, &path)
}

fn redirect(context: &Context, status: StatusCode, path: &str) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    if let Ok(place) = HeaderValue::from_str(&format!("{}{path}", context.base_url)) {
        headers.insert(header::LOCATION, place);
    }
    let varies = HeaderValue::from_static("Accept, Accept-Language");
    headers.insert(header::VARY, varies);
    response
}
