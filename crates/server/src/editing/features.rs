//! Adding, replacing, updating and removing one feature (OGC API Features 4).

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::account::Role;
use domain::edit::{EditAction, Said};
use domain::layer::Layer;
use importer::edit::document::{Document, Edit};
use importer::edit::{Asked, read};
use serde_json::Value as Json;

use super::carry::{Done, Wish, carry_out, check_taken};
use super::request::{self, About, Service};
use super::{Places, answer, is_edited};
use crate::App;
use crate::account::Reader;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use crate::uploads::receive::put_location;

const WHOLE: &[&str] = &["application/geo+json", "application/json"];
const PARTS: &[&str] = &[
    "application/merge-patch+json",
    "application/geo+json",
    "application/json",
];

/// `POST /collections/{layer}/items`
pub async fn create(
    State(app): State<App>,
    Extension(places): Extension<Arc<Places>>,
    Path(layer): Path<String>,
    context: Context,
    body: Body,
) -> Result<Response, ApiError> {
    let (service, layer) = entered(&app, &places, &context, &layer, EditAction::Insert)?;
    let about = About::read(&context)?;
    let document = request::json(&context, WHOLE, body).await?;
    let wish = wish(
        &context,
        (layer, EditAction::Insert, None),
        about,
        Some(document),
    )?;
    let crs = wish.about.crs;
    let made = match carry_out(service, wish).await? {
        Done::Proposed(id) => return Ok(answer::proposed(&context, id)),
        Done::Made(made) => made,
    };
    let mut response = answer::feature(&app, &context, (layer, &made), crs).await?;
    *response.status_mut() = StatusCode::CREATED;
    let id = made.ids.first().copied().unwrap_or_default();
    put_location(&context, &mut response, &answer::path_of(layer, id));
    Ok(response)
}

/// `PUT /collections/{layer}/items/{id}`
pub async fn replace(
    app: State<App>,
    places: Extension<Arc<Places>>,
    path: Path<(String, String)>,
    context: Context,
    body: Body,
) -> Result<Response, ApiError> {
    change(
        (app, places, path),
        context,
        (EditAction::Replace, WHOLE),
        body,
    )
    .await
}

/// `PATCH /collections/{layer}/items/{id}` (RFC 7396): only what is said changes.
pub async fn update(
    app: State<App>,
    places: Extension<Arc<Places>>,
    path: Path<(String, String)>,
    context: Context,
    body: Body,
) -> Result<Response, ApiError> {
    change(
        (app, places, path),
        context,
        (EditAction::Update, PARTS),
        body,
    )
    .await
}

/// Where one feature is changed.
type Target = (State<App>, Extension<Arc<Places>>, Path<(String, String)>);

async fn change(
    (State(app), Extension(places), Path((layer, id))): Target,
    context: Context,
    (action, kinds): (EditAction, &'static [&'static str]),
    body: Body,
) -> Result<Response, ApiError> {
    let (service, layer) = entered(&app, &places, &context, &layer, action)?;
    let about = About::read(&context)?;
    let document = request::json(&context, kinds, body).await?;
    let target = (layer, action, Some(number(&context, layer, &id)?));
    let wish = wish(&context, target, about, Some(document))?;
    let crs = wish.about.crs;
    match carry_out(service, wish).await? {
        Done::Proposed(id) => Ok(answer::proposed(&context, id)),
        Done::Made(made) => answer::feature(&app, &context, (layer, &made), crs).await,
    }
}

/// `DELETE /collections/{layer}/items/{id}`
pub async fn remove(
    State(app): State<App>,
    Extension(places): Extension<Arc<Places>>,
    Path((layer, id)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let (service, layer) = entered(&app, &places, &context, &layer, EditAction::Delete)?;
    let about = About::read(&context)?;
    let target = (
        layer,
        EditAction::Delete,
        Some(number(&context, layer, &id)?),
    );
    let wish = wish(&context, target, about, None)?;
    match carry_out(service, wish).await? {
        Done::Proposed(id) => Ok(answer::proposed(&context, id)),
        Done::Made(_) => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// `OPTIONS /collections/{layer}/items`
pub async fn options_of_all(
    Path(layer): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    Ok(answer::options(
        &request::allowed(&context, layer, false),
        false,
    ))
}

/// `OPTIONS /collections/{layer}/items/{id}`, also of a feature that does not exist: clients ask before
/// they know one.
pub async fn options_of_one(
    State(app): State<App>,
    Path((layer, id)): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    let mut context = context;
    if !covers(&app, &context, layer, &id).await? {
        context.reader = Reader::Anonymous;
    }
    let patches = is_edited(layer) && context.reader.rights().role.may_propose();
    Ok(answer::options(
        &request::allowed(&context, layer, true),
        patches,
    ))
}

/// Whether the reader's limits cover the feature, where there is one of this id.
async fn covers(
    app: &App,
    context: &Context,
    layer: &'static Layer,
    id: &str,
) -> Result<bool, ApiError> {
    let rights = context.reader.rights();
    let (false, Ok(id)) = (rights.are_unlimited(), id.parse()) else {
        return Ok(true);
    };
    let found = app.store.record(layer, id).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    Ok(found.is_none_or(|found| {
        let (municipality, district) = found.record.regions();
        rights.cover(municipality, district)
    }))
}

/// Lets in who may edit, to a layer that takes the edit.
fn entered<'s>(
    app: &'s App,
    places: &'s Places,
    context: &'s Context,
    layer: &str,
    action: EditAction,
) -> Result<(Service<'s>, &'static Layer), ApiError> {
    let layer = context.layer(layer)?;
    let of_one = action != EditAction::Insert;
    let allowed = || request::allowed(context, layer, of_one);
    check_taken(context, layer, std::iter::once(action), allowed)?;
    context.demand(Role::may_propose)?;
    let service = Service {
        app,
        places,
        context,
    };
    Ok((service, layer))
}

fn number(context: &Context, layer: &Layer, id: &str) -> Result<i64, ApiError> {
    id.parse().map_err(|_| {
        let (layer, id) = (layer.id, id.to_owned());
        context.error(Problem::NoSuchFeature { layer, id })
    })
}

fn wish(
    context: &Context,
    (layer, action, id): (&'static Layer, EditAction, Option<i64>),
    about: About,
    document: Option<Json>,
) -> Result<Wish, ApiError> {
    let (said, findings) = match &document {
        Some(document) => read(layer, action, document, &request::to_wgs84(about.crs))
            .map_err(|bad| request::bad(context, None, bad))?,
        None => (Said::default(), Vec::new()),
    };
    let asked = vec![Asked {
        action,
        id,
        if_match: request::if_match(&context.headers).filter(|_| id.is_some()),
        said,
        findings,
    }];
    request::demand_match(context, layer, &asked)?;
    let edit = Edit {
        action,
        id,
        if_match: None,
        feature: document,
    };
    Ok(Wish {
        layer,
        asked,
        document: Document {
            crs: None,
            edits: vec![edit],
        },
        is_single: true,
        about,
    })
}
