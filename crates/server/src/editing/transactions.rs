//! Several edits of a layer that are made together, in one revision, or not at all.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::account::Role;
use domain::lang::Message;
use importer::edit::document::Document;
use serde_json::{Value, json};

use super::carry::{Done, Made, Wish, carry_out, check_taken};
use super::request::{self, About, Service};
use super::{Places, answer};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;

/// The methods of the resource.
const POST: &str = "POST, OPTIONS";

/// `POST /collections/{layer}/transactions`
pub async fn transact(
    State(app): State<App>,
    Extension(places): Extension<Arc<Places>>,
    Path(layer): Path<String>,
    context: Context,
    body: Body,
) -> Result<Response, ApiError> {
    let layer = context.layer(&layer)?;
    context.demand(Role::may_propose)?;
    let mut about = About::read(&context)?;
    let document = request::json(&context, &["application/json"], body).await?;
    let document = read(&context, document)?;
    let actions = document.edits.iter().map(|edit| edit.action);
    check_taken(&context, layer, actions, || POST.to_owned())?;
    if let Some(crs) = &document.crs {
        about.crs = request::crs_of(&context, crs)?;
    }
    let asked = document.asked(layer, &request::to_wgs84(about.crs));
    let asked = asked.map_err(|(at, bad)| request::bad(&context, at, bad))?;
    request::demand_match(&context, layer, &asked)?;
    let service = Service {
        app: &app,
        places: &places,
        context: &context,
    };
    let wish = Wish {
        layer,
        asked,
        document,
        is_single: false,
        about,
    };
    match carry_out(service, wish).await? {
        Done::Proposed(id) => Ok(answer::proposed(&context, id)),
        Done::Made(made) => Ok(told(&context, &made)),
    }
}

fn read(context: &Context, document: Value) -> Result<Document, ApiError> {
    serde_json::from_value(document)
        .map_err(|error| request::malformed(context, Message::verbatim(error.to_string())))
}

/// The revision, and of each edit the feature and what was found.
fn told(context: &Context, made: &Made) -> Response {
    let edits = made.ids.iter().zip(&made.findings).map(|(id, findings)| {
        let mut one = json!({ "id": id });
        if !findings.is_empty() {
            one["findings"] = answer::told(context, findings);
        }
        one
    });
    let edits: Vec<Value> = edits.collect();
    Json(json!({ "revision": made.revision, "edits": edits })).into_response()
}
