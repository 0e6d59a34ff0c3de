//! What the register said of a feature before, version by version, and where each of its values comes
//! from.

pub mod difference;
mod page;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::Text;
use domain::layer::Layer;
use domain::layers::readable_fields;
use serde_json::{Value as Json, json};
use store::changes::Act;
use store::feature::Feature;
use store::history::Version;
use store::revision::Revision;

use crate::App;
use crate::account::access::of_record;
use crate::context::{Context, Format, GEOJSON, HTML, JSON};
use crate::error::ApiError;
use crate::landing::{html_response, json_response};
use crate::links::{Link, PROVENANCE, own, with_parameter};
use crate::pages::Frame;
use crate::params::paging::limit;
use crate::problem::Problem;
use crate::revisions::page::done;
use crate::revisions::shown;
use difference::{Difference, differences, value_of};

/// Versions in an answer when `limit` is not given.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most versions in an answer; a larger `limit` is read as this.
pub const MAXIMUM_LIMIT: u32 = 1_000;

/// Something that happened to a feature.
struct Event {
    revision: i64,
    act: Act,
    differences: Vec<Difference>,
}

const OFFERED: [Format; 2] = [JSON, HTML];

/// The feature that is asked about.
struct Asked {
    layer: &'static Layer,
    id: i64,
    format: Format,
}

impl Asked {
    fn read(
        context: &Context,
        (layer, id): &(String, String),
        parameters: &[&str],
    ) -> Result<Self, ApiError> {
        let layer = context.layer(layer)?;
        context.only(parameters)?;
        let format = context.format(&OFFERED)?;
        let id = id
            .parse()
            .map_err(|_| no_such_feature(context, layer, id))?;
        Ok(Self { layer, id, format })
    }

    /// The links of an answer about it; to the feature itself while it `stands`.
    fn links(&self, context: &Context, stands: bool) -> Vec<Link> {
        let mut links = own(context, self.format, &OFFERED);
        let path = address(self.layer, self.id);
        let item = || Link::to(context, &path, "item", GEOJSON.media_type);
        links.extend(stands.then(item));
        links
    }
}

/// `GET /collections/{layer}/items/{id}/history`: what happened to a feature, the latest first; also to
/// one that was removed.
pub async fn history(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::read(&context, &path, &["before", "limit"])?;
    let (layer, id) = (asked.layer, asked.id);
    let before = before(&context)?;
    let limit = limit(&context, DEFAULT_LIMIT, MAXIMUM_LIMIT)?;
    let context = of_record(&app, context, layer, id).await?;
    let fields = readable_fields(layer, context.access);
    // One more: the oldest is told by what it changed of the one before.
    let found = app.store.versions(layer, fields, id, before, limit + 1);
    let versions = found.await.map_err(|error| context.store_error(&error))?;
    let Some(latest) = versions.first() else {
        return Err(no_such_feature(&context, layer, &path.1));
    };
    let at_most = usize::try_from(limit).unwrap_or(usize::MAX);
    let events = events(&context, layer, &versions, at_most)?;
    let numbers: Vec<_> = events.iter().map(|event| event.revision).collect();
    let revisions = app.store.revisions_of(&numbers).await;
    let revisions = revisions.map_err(|error| context.store_error(&error))?;
    let last = versions.get(at_most).and(versions.get(at_most - 1));
    let older = last.map(|last| with_parameter(&context, "before", &last.revision.to_string()));
    if asked.format == HTML {
        let page = page::History::of(&context, &asked, latest, &events, &revisions, older);
        return Ok(html_response(&context, &page));
    }
    let mut links = asked.links(&context, latest.removed_by().is_none());
    links.extend(older.map(|path| Link::to(&context, &path, "next", JSON.media_type)));
    let events = events.iter().map(|event| event.json(&context, &revisions));
    let events: Vec<_> = events.collect();
    let body = json!({ "layer": layer.id, "id": id, "events": events, "links": links });
    Ok(json_response(&context, asked.format, &body))
}

/// Something that happened to a feature, for people.
pub struct Happened {
    /// The revision that did it.
    pub revision: i64,
    /// When that was.
    pub made_at: Option<DateTime<Utc>>,
    /// What was done.
    pub act: Text,
    /// The titles of the values that it changed; none of a feature that is new.
    pub changed: Vec<Text>,
}

impl Happened {
    /// The titles of what it changed, in a line.
    pub fn titles(&self, frame: &Frame) -> String {
        let titles: Vec<_> = self.changed.iter().map(|one| frame.text(one)).collect();
        titles.join("; ")
    }
}

/// What happened to a feature last, the latest first; at most `limit`.
pub async fn latest(
    app: &App,
    context: &Context,
    (layer, id): (&'static Layer, i64),
    limit: u32,
) -> Result<Vec<Happened>, ApiError> {
    let failed = |error| context.store_error(&error);
    let fields = readable_fields(layer, context.access);
    let versions = app.store.versions(layer, fields, id, None, limit + 1);
    let versions = versions.await.map_err(failed)?;
    let events = events(context, layer, &versions, limit as usize)?;
    let numbers: Vec<_> = events.iter().map(|event| event.revision).collect();
    let revisions = app.store.revisions_of(&numbers).await.map_err(failed)?;
    let happened = events.into_iter().map(|event| {
        let revision = revisions.iter().find(|one| one.id == event.revision);
        let changed = event.differences.iter().map(|one| one.title);
        Happened {
            revision: event.revision,
            made_at: revision.map(|one| one.made_at),
            act: done(event.act),
            changed: changed.filter(|_| event.act == Act::Updated).collect(),
        }
    });
    Ok(happened.collect())
}

impl Event {
    fn json(&self, context: &Context, revisions: &[Revision]) -> Json {
        let revision = revisions.iter().find(|one| one.id == self.revision);
        let differences = self.differences.iter();
        let differences: Vec<_> = differences.map(|one| one.json(context.lang)).collect();
        json!({
            "revision": revision.map(|one| shown(context, one)),
            "act": self.act.code(),
            "differences": differences,
        })
    }
}

/// What happened, from versions of which the latest is first; those after `at_most` only say what was
/// before.
fn events(
    context: &Context,
    layer: &'static Layer,
    versions: &[Version],
    at_most: usize,
) -> Result<Vec<Event>, ApiError> {
    let mut events = Vec::new();
    for (at, version) in versions.iter().enumerate().take(at_most) {
        events.extend(version.removed_by().map(|revision| Event {
            revision,
            act: Act::Deleted,
            differences: Vec::new(),
        }));
        let older = versions.get(at + 1);
        let older = older.filter(|older| older.ended_by == Some(version.revision));
        let before = older.map(|older| &older.feature);
        let differences = differences(layer, context.access, before, Some(&version.feature));
        events.push(Event {
            revision: version.revision,
            act: if before.is_some() {
                Act::Updated
            } else {
                Act::Inserted
            },
            differences: differences
                .map_err(|error| context.internal(&error, "comparing versions"))?,
        });
    }
    Ok(events)
}

/// `GET /collections/{layer}/items/{id}/provenance`: who wrote each value of a feature, when and on
/// which evidence.
pub async fn provenance(
    State(app): State<App>,
    Path(path): Path<(String, String)>,
    context: Context,
) -> Result<Response, ApiError> {
    let asked = Asked::read(&context, &path, &[])?;
    let (layer, id) = (asked.layer, asked.id);
    let context = of_record(&app, context, layer, id).await?;
    let fields = readable_fields(layer, context.access);
    let found = app.store.provenance(layer, fields, id).await;
    let found = found.map_err(|error| context.store_error(&error))?;
    let found = found.ok_or_else(|| no_such_feature(&context, layer, &path.1))?;
    // What is known of it, each value with the column by which revisions name it.
    let values = differences(layer, context.access, None, Some(&found.feature));
    let values = values.map_err(|error| context.internal(&error, "reading values"))?;
    let of = |value: &Difference| found.revision_of(value.column);
    let mut numbers: Vec<_> = values.iter().map(of).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let revisions = app.store.revisions_of(&numbers).await;
    let revisions = revisions.map_err(|error| context.store_error(&error))?;
    if asked.format == HTML {
        let rows = values.iter().map(|value| (value, of(value))).collect();
        let page = page::Provenance::of(&context, &asked, &found.feature, rows, &revisions);
        return Ok(html_response(&context, &page));
    }
    let listed = values.iter().map(|value| {
        json!({
            "field": value.name, "title": value.title.get(context.lang), "value": value.after,
            "revision": of(value),
        })
    });
    let listed: Vec<_> = listed.collect();
    let revisions: Vec<_> = revisions.iter().map(|one| shown(&context, one)).collect();
    let links = asked.links(&context, true);
    let body = json!({
        "layer": layer.id, "id": id, "values": listed, "revisions": revisions, "links": links,
    });
    Ok(json_response(&context, asked.format, &body))
}

/// The links of a feature to its history and provenance.
pub fn links(context: &Context, feature: &Feature) -> Vec<Link> {
    let path = context.path.trim_end_matches('/');
    let link = |name: &str, rel| Link::to(context, &format!("{path}/{name}"), rel, JSON.media_type);
    feature
        .id()
        .map(|_| {
            vec![
                link("history", "version-history"),
                link("provenance", PROVENANCE),
            ]
        })
        .unwrap_or_default()
}

/// The path of a feature.
pub fn address(layer: &Layer, id: i64) -> String {
    format!("/collections/{}/items/{id}", layer.id)
}

fn no_such_feature(context: &Context, layer: &'static Layer, id: &str) -> ApiError {
    context.error(Problem::NoSuchFeature {
        layer: layer.id,
        id: id.to_owned(),
    })
}

/// The revision of the parameter `before`.
pub fn before(context: &Context) -> Result<Option<i64>, ApiError> {
    const REVISION: Text = Text::new("потребан је број ревизије", "give the number of a revision");
    context.parse("before", REVISION, |text| text.parse().ok())
}

/// What a feature is called: its name where it has one, else its code.
fn called(layer: &Layer, feature: &Feature) -> String {
    let known = ["name", layer.key().name]
        .into_iter()
        .find_map(|field| value_of(feature, field));
    known.unwrap_or_default()
}
