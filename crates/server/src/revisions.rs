//! What changed the register: every revision, and what it did feature by feature.

pub mod page;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::SecondsFormat;
use domain::Text;
use domain::layer::{Access, Layer};
use domain::layers::readable_fields;
use serde_json::{Value as Json, json};
use store::StoreError;
use store::changes::{Act, Change, layers_beside};
use store::revision::{Means, Revision, RevisionPage, RevisionSelection};

use crate::App;
use crate::context::{Context, Format, HTML, JSON};
use crate::error::ApiError;
use crate::history::difference::{Difference, differences, of_geometry, value_of};
use crate::history::{MAXIMUM_LIMIT, address, before};
use crate::landing::{html_response, json_response};
use crate::links::{Link, own, with_parameter};
use crate::params::paging::limit;
use crate::params::{DATETIME, time::period};
use crate::problem::Problem;

/// Revisions or changes in an answer when `limit` is not given.
pub const DEFAULT_LIMIT: u32 = 100;

const OFFERED: [Format; 2] = [JSON, HTML];

/// `GET /revisions`: the latest first.
pub async fn list(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&["layer", "author", "datetime", "before", "limit"])?;
    let selection = RevisionSelection {
        layer: layer(&context)?,
        author: context.parameter("author").map(str::to_owned),
        made: context.parse("datetime", DATETIME, period)?,
    };
    let limit = limit(&context, DEFAULT_LIMIT, MAXIMUM_LIMIT)?;
    let asked = RevisionPage {
        before: before(&context)?,
        limit: limit + 1,
    };
    let format = context.format(&OFFERED)?;
    let revisions = app.store.revisions(&selection, asked).await;
    let mut revisions = revisions.map_err(|error| context.store_error(&error))?;
    let at_most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = revisions.len() > at_most;
    revisions.truncate(at_most);
    let last = revisions.last().filter(|_| more);
    let next = last.map(|last| with_parameter(&context, "before", &last.id.to_string()));
    if format == HTML {
        return Ok(html_response(
            &context,
            &page::List::of(&context, &revisions, next),
        ));
    }
    let mut links = own(&context, format, &OFFERED);
    links.extend(next.map(|path| Link::to(&context, &path, "next", JSON.media_type)));
    let revisions: Vec<_> = revisions.iter().map(|one| shown(&context, one)).collect();
    Ok(json_response(
        &context,
        format,
        &json!({ "revisions": revisions, "links": links }),
    ))
}

/// The layer of the parameter `layer`.
pub fn layer(context: &Context) -> Result<Option<&'static Layer>, ApiError> {
    const LAYER: Text = Text::new(
        "слојеви су на `/collections`",
        "the layers are at `/collections`",
    );
    context.parse("layer", LAYER, domain::layers::find)
}

/// A revision as a member of answers.
pub fn shown(context: &Context, revision: &Revision) -> Json {
    let Revision {
        id,
        author,
        layer,
        source,
        comment,
        undoes,
        undone_by,
        file,
        ..
    } = revision;
    json!({
        "revision": id,
        "made_at": revision.made_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        "author": author,
        "means": revision.means.code(),
        "layer": layer.id,
        "source": source,
        "comment": comment,
        "file": file,
        "undoes": undoes,
        "undone_by": undone_by,
        "href": format!("{}/revisions/{id}", context.base_url),
    })
}

/// By what means, for people.
pub const fn means(means: Means) -> Text {
    match means {
        Means::Command => Text::new("командом", "by a command"),
        Means::Upload => Text::new("прегледаном датотеком", "by a reviewed upload"),
        Means::SignIn => Text::new("у сервису, после пријаве", "in the service, signed in"),
    }
}

/// What a revision did to one feature, in all layers that show it.
pub struct Told {
    layer: &'static Layer,
    id: i64,
    code: String,
    act: Act,
    differences: Vec<Difference>,
}

/// `GET /revisions/{revision}`: what it did, in the order of feature ids.
pub async fn describe(
    State(app): State<App>,
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    const AFTER: Text = Text::new(
        "пратите везу `next` претходне стране",
        "follow the link `next` of the page before",
    );
    context.only(&["after", "limit"])?;
    let after = context.parse("after", AFTER, |text| text.parse().ok())?;
    let limit = limit(&context, DEFAULT_LIMIT, MAXIMUM_LIMIT)?;
    let format = context.format(&OFFERED)?;
    let missing = || context.error(Problem::NoSuchRevision { id: id.clone() });
    let number: i64 = id.parse().map_err(|_| missing())?;
    let failed = |error: StoreError| context.store_error(&error);
    let mut found = app.store.revisions_of(&[number]).await.map_err(failed)?;
    let revision = found.pop().ok_or_else(missing)?;
    let (told, more) = told(&app, &context, &revision, after, limit).await?;
    let last = told.last().filter(|_| more);
    let next = last.map(|last| with_parameter(&context, "after", &last.id.to_string()));
    if format == HTML {
        return Ok(html_response(
            &context,
            &page::Described::of(&context, &revision, &told, next),
        ));
    }
    let mut body = shown(&context, &revision);
    body["changes"] = told.iter().map(|one| one.json(&context)).collect();
    let mut links = own(&context, format, &OFFERED);
    links.extend(next.map(|path| Link::to(&context, &path, "next", JSON.media_type)));
    body["links"] = json!(links);
    Ok(json_response(&context, format, &body))
}

impl Told {
    fn of(
        layer: &'static Layer,
        access: Access,
        change: &Change,
    ) -> Result<Self, crate::geojson::WriteError> {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let known = after.or(before);
        let code = known.and_then(|feature| value_of(feature, layer.key().name));
        Ok(Self {
            layer,
            id: change.id,
            code: code.unwrap_or_default(),
            act: change.act(),
            differences: match after {
                Some(_) => differences(layer, access, before, after)?,
                None => Vec::new(),
            },
        })
    }

    fn json(&self, context: &Context) -> Json {
        let differences: Vec<_> = self
            .differences
            .iter()
            .map(|one| one.json(context.lang))
            .collect();
        json!({
            "layer": self.layer.id,
            "id": self.id,
            "code": self.code,
            "act": self.act.code(),
            "differences": differences,
            "history": format!("{}{}/history", context.base_url, address(self.layer, self.id)),
        })
    }
}

/// The changes of a revision after a feature id, and whether there are more. A table that several
/// layers show is told once, by the layer that has all of its rows; of the others only the geometry.
async fn told(
    app: &App,
    context: &Context,
    revision: &Revision,
    after: Option<i64>,
    limit: u32,
) -> Result<(Vec<Told>, bool), ApiError> {
    let failed = |error: StoreError| context.store_error(&error);
    let unreadable = |error| context.internal(&error, "comparing versions");
    let mut layers = layers_beside(revision.layer);
    let whole = layers.next().unwrap_or(revision.layer);
    let changes = |layer| {
        let fields = readable_fields(layer, context.access);
        app.store
            .changes(layer, [fields, fields], revision.id, after, limit + 1)
    };
    let mut told = Vec::new();
    for change in changes(whole).await.map_err(failed)? {
        told.push(Told::of(whole, context.access, &change).map_err(unreadable)?);
    }
    let at_most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = told.len() > at_most;
    told.truncate(at_most);
    for layer in layers {
        for change in changes(layer).await.map_err(failed)? {
            let Some(one) = told.iter_mut().find(|one| one.id == change.id) else {
                continue;
            };
            let (before, after) = (change.before.as_ref(), change.after.as_ref());
            let difference = of_geometry(layer, before, after).map_err(unreadable)?;
            one.differences
                .extend(
                    difference
                        .filter(|_| one.act != Act::Deleted)
                        .map(|mut one| {
                            one.name = layer.geometry_column;
                            one.title = layer.title;
                            one
                        }),
                );
        }
    }
    Ok((told, more))
}
