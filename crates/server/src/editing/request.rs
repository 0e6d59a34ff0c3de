//! What a request to edit says beside its content.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use domain::edit::EditAction;
use domain::layer::Layer;
use domain::message;
use domain::{Lang, Text};
use importer::edit::document::revisions_of;
use importer::edit::{Asked, BadEdit};
use serde_json::Value as Json;

use super::{EditProblem, METHODS};
use crate::App;
use crate::context::Context;
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::problem::Problem;

/// The most bytes of an edit, or of several at once.
pub const MOST_BYTES: usize = 16 << 20;
/// What a request may say of an edit: the evidence, and why.
pub const PARAMETERS: [&str; 2] = ["source", "comment"];
/// The most characters of either.
const MOST_SAID: usize = 2_000;

/// What is said of an edit.
#[derive(Clone, Debug)]
pub struct About {
    /// A citation of the evidence.
    pub source: Option<String>,
    /// Why.
    pub comment: Option<String>,
    /// The reference system of the coordinates.
    pub crs: ServedCrs,
}

impl About {
    /// Reads the parameters and the header `Content-Crs`.
    pub fn read(context: &Context) -> Result<Self, ApiError> {
        context.only(&PARAMETERS)?;
        Ok(Self {
            source: said(context, "source")?,
            comment: said(context, "comment")?,
            crs: content_crs(context)?,
        })
    }
}

fn said(context: &Context, name: &str) -> Result<Option<String>, ApiError> {
    const LENGTH: Text = Text::new(
        "текст сме да има највише 2000 знакова",
        "the text may have at most 2000 characters",
    );
    let text = context.parse(name, LENGTH, |text| {
        let text = text.trim();
        (text.chars().count() <= MOST_SAID).then(|| text.to_owned())
    })?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// `Content-Crs` (OGC API Features 2), also without the brackets, as QGIS writes it.
fn content_crs(context: &Context) -> Result<ServedCrs, ApiError> {
    let Some(value) = context.headers.get("content-crs") else {
        return Ok(ServedCrs::CRS84);
    };
    let name = value.to_str().unwrap_or_default();
    crs_of(context, name)
}

/// The reference system of this name.
pub fn crs_of(context: &Context, name: &str) -> Result<ServedCrs, ApiError> {
    name.parse().map_err(|_| {
        let name = name.to_owned();
        let served: Vec<_> = ServedCrs::all().map(ServedCrs::uri).collect();
        let served = served.join(", ");
        malformed(
            context,
            message!(
                "Координатни систем `{name}` овде не постоји (заглавље Content-Crs). Постоје: {served}.",
                "There is no reference system `{name}` here (header Content-Crs). There are: {served}."
            ),
        )
    })
}

/// The way from positions as they are written in a reference system to longitude and latitude.
pub fn to_wgs84(crs: ServedCrs) -> impl Fn([f64; 2]) -> Option<[f64; 2]> {
    move |position| {
        let [x, y] = crs.turn(position);
        let in_degrees = |x: f64, y: f64| x.abs() <= 180.0 && y.abs() <= 90.0;
        let moved = crs.to_crs84(x, y).ok();
        moved
            .filter(|&(lon, lat)| in_degrees(lon, lat))
            .map(|(lon, lat)| [lon, lat])
    }
}

/// The content of a request, as JSON.
pub async fn json(
    context: &Context,
    taken: &'static [&'static str],
    body: Body,
) -> Result<Json, ApiError> {
    check_type(context, taken)?;
    let bytes = bytes(context, body).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let said = error.to_string();
        malformed(
            context,
            message!(
                "Садржај није JSON ({said}). Исправите га и пошаљите поново.",
                "The body is not JSON ({said}). Correct it and send it again."
            ),
        )
    })
}

async fn bytes(context: &Context, body: Body) -> Result<Bytes, ApiError> {
    let length = context.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let too_large = || context.error(Problem::Edit(EditProblem::TooLarge));
    if length.is_some_and(|length| length > MOST_BYTES) {
        return Err(too_large());
    }
    let read = axum::body::to_bytes(body, MOST_BYTES).await;
    read.map_err(|_| too_large())
}

/// Of the types that are taken, without their parameters.
fn check_type(context: &Context, taken: &'static [&'static str]) -> Result<(), ApiError> {
    let given = context.headers.get(header::CONTENT_TYPE);
    let given = given.and_then(|value| value.to_str().ok());
    let given = given.unwrap_or_default().split(';').next();
    let given = given.unwrap_or_default().trim().to_ascii_lowercase();
    if taken.contains(&given.as_str()) {
        return Ok(());
    }
    let taken = taken[0];
    Err(context.error(Problem::Edit(EditProblem::OtherType { taken })))
}

/// The states that `If-Match` names; `None` when it is absent or names any.
pub fn if_match(headers: &HeaderMap) -> Option<Vec<i64>> {
    let values = headers.get_all(header::IF_MATCH).iter();
    let texts: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    (!texts.is_empty())
        .then(|| revisions_of(&texts.join(",")))
        .flatten()
}

/// Refuses edits that do not say from which state they are made, where the layer demands it.
pub fn demand_match(
    context: &Context,
    layer: &'static Layer,
    asked: &[Asked],
) -> Result<(), ApiError> {
    let lacks = |one: &Asked| one.action != EditAction::Insert && one.if_match.is_none();
    if layer.demands_if_match && asked.iter().any(lacks) {
        let layer = layer.id;
        return Err(context.error(Problem::Edit(EditProblem::ConditionNeeded { layer })));
    }
    Ok(())
}

/// What is sent is no edit.
pub fn malformed(context: &Context, detail: domain::lang::Message) -> ApiError {
    context.error(Problem::Edit(EditProblem::Malformed { detail }))
}

/// The same, at its place among several.
pub fn bad(context: &Context, at: Option<usize>, bad: BadEdit) -> ApiError {
    let BadEdit(detail) = bad;
    let Some(at) = at else {
        return malformed(context, detail);
    };
    let (sr, en) = (detail.get(Lang::SrCyrl), detail.get(Lang::En));
    malformed(
        context,
        message!("Измена {at} (од 0): {sr}", "Edit {at} (from 0): {en}"),
    )
}

/// The methods by which the reader may edit a layer's resource: its features, or one of them.
pub fn allowed(context: &Context, layer: &Layer, of_one: bool) -> String {
    let mut allowed = vec!["GET", "HEAD", "OPTIONS"];
    let may = context.reader.rights().role.may_propose();
    let here = METHODS
        .iter()
        .filter(|(_, action)| of_one == (*action != EditAction::Insert))
        .filter(|(_, action)| may && layer.takes(*action));
    allowed.extend(here.map(|(method, _)| *method));
    allowed.join(", ")
}

/// What the handlers of edits share.
#[derive(Clone, Copy, Debug)]
pub struct Service<'s> {
    /// The service.
    pub app: &'s App,
    /// The districts.
    pub places: &'s super::Places,
    /// The request.
    pub context: &'s Context,
}
