//! What the page of a facility tells beside its own values: what the law asks for and is not known, what
//! is recorded of it elsewhere, and what happened to it.

use domain::Layer;
use domain::completeness;
use domain::layer::{Field, Origin};
use domain::layers::{LAYERS, public_fields};
use store::StoreError;
use store::feature::{Feature, ValueRef};

use super::Scene;
use super::json_ld;
use super::related::{Group, Search};
use super::values::{NAMES, Piece, pieces};
use crate::App;
use crate::error::ApiError;
use crate::history::{self, Happened};
use crate::stream::Job;

/// Events that the page tells; the rest is behind a link.
const MOST_EVENTS: u32 = 20;

/// Everything about a facility.
pub struct Dossier {
    /// The same as linked data, ready to stand in an element `script`.
    pub json_ld: String,
    /// Its surveyed outline.
    pub outline: Option<Feature>,
    /// How many percent of what the law asks for is known.
    pub percent: Option<usize>,
    /// The titles of what the law asks for and is not known.
    pub missing: Vec<String>,
    /// What is recorded of it in other layers.
    pub sheets: Vec<Group<Sheet>>,
    /// What happened to it.
    pub events: Vec<Happened>,
    /// Where its whole history is.
    pub history: String,
}

/// A record with what is known of it.
pub struct Sheet {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// The titles and values of what is known.
    pub known: Vec<(String, Vec<Piece>)>,
    /// The titles of what is not.
    pub unknown: Vec<String>,
}

impl Dossier {
    /// Reads it for a feature.
    pub async fn read(
        app: &App,
        job: &Job,
        feature: &Feature,
        scene: &Scene,
        search: &Search<'_>,
    ) -> Result<Self, ApiError> {
        let context = &job.context;
        let failed = |error: StoreError| context.store_error(&error);
        let id = feature.id().map_err(failed)?;
        let tell = |search: &Search<'_>, layer, feature: &Feature| {
            sheet(search, (job.layer, layer), feature, scene)
        };
        let sheets = search.naming(job.layer, feature, tell).await;
        let missing = missing(feature, job.layer).map_err(failed)?;
        let asked = completeness::asked(job.layer).count();
        let document = json_ld::document(context, job.layer, feature, scene)?;
        Ok(Self {
            json_ld: json_ld::in_page(&document),
            outline: outline(app, job, id).await.map_err(failed)?,
            percent: ((asked - missing.len()) * 100).checked_div(asked),
            missing: missing
                .iter()
                .map(|field| search.frame.text(&field.title))
                .collect(),
            sheets: sheets.map_err(failed)?,
            events: history::latest(app, context, (job.layer, id), MOST_EVENTS).await?,
            history: search
                .frame
                .page(&format!("{}/history", history::address(job.layer, id))),
        })
    }
}

/// The record in the layer of the same table that holds areas.
async fn outline(app: &App, job: &Job, id: i64) -> Result<Option<Feature>, StoreError> {
    let as_of = job.request.selection.as_of;
    let twin = LAYERS
        .iter()
        .find(|twin| twin.table == job.layer.table && twin.only_with_geometry);
    match twin {
        Some(twin) => app.store.item(twin, public_fields(twin), id, as_of).await,
        None => Ok(None),
    }
}

/// What the law asks for and is not known.
fn missing(feature: &Feature, layer: &Layer) -> Result<Vec<&'static Field>, StoreError> {
    let mut missing = Vec::new();
    for field in completeness::asked(layer) {
        let is_missing = match feature.value(field.name)? {
            ValueRef::Unknown => true,
            ValueRef::Text(code) => Some(code) == completeness::unknown_code(field),
            _ => false,
        };
        missing.extend(is_missing.then_some(field));
    }
    Ok(missing)
}

fn sheet(
    search: &Search<'_>,
    (of, layer): (&Layer, &'static Layer),
    feature: &Feature,
    scene: &Scene,
) -> Result<Sheet, StoreError> {
    let (href, name) = search.dated(layer, feature)?;
    let mut sheet = Sheet {
        href,
        name,
        known: Vec::new(),
        unknown: Vec::new(),
    };
    for pair in feature.values() {
        let (field, value) = pair?;
        // The facility itself, and what its own page says.
        let names_it = field
            .named_layer()
            .is_some_and(|named| named.table == of.table);
        if names_it || field.origin == Origin::Register || NAMES.contains(&field.name) {
            continue;
        }
        let title = search.frame.text(&field.title);
        match pieces(field, &value, scene, search.frame) {
            pieces if pieces.is_empty() => sheet.unknown.push(title),
            pieces => sheet.known.push((title, pieces)),
        }
    }
    Ok(sheet)
}

impl Sheet {
    /// The titles of what is not known, in a sentence.
    pub fn unknown(&self) -> String {
        self.unknown.join("; ")
    }
}
