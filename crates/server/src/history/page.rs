//! The history of a feature and the provenance of its values as pages.

use askama::Template;
use domain::layer::Layer;
use store::feature::Feature;
use store::history::Version;
use store::revision::Revision;

use super::difference::Difference;
use super::{Asked, Event, address, called};
use crate::context::Context;
use crate::pages::{Frame, HOME, LAYERS};
use crate::revisions::page::{Facts, done};

#[derive(Template)]
#[template(path = "history.html")]
pub struct History<'a> {
    frame: Frame,
    path: String,
    name: String,
    removed: bool,
    events: Vec<(&'a Event, Option<Facts<'a>>)>,
    older: Option<String>,
}

impl<'a> History<'a> {
    pub fn of(
        context: &Context,
        asked: &Asked,
        latest: &Version,
        events: &'a [Event],
        revisions: &'a [Revision],
        older: Option<String>,
    ) -> Self {
        let fact = |number: i64| {
            let revision = revisions.iter().find(|one| one.id == number);
            revision.map(|revision| Facts::of(context.lang, revision))
        };
        Self {
            frame: frame(context, asked.layer),
            path: address(asked.layer, asked.id),
            name: called(asked.layer, &latest.feature),
            removed: latest.removed_by().is_some(),
            events: events
                .iter()
                .map(|event| (event, fact(event.revision)))
                .collect(),
            older: older.map(|path| format!("{}{path}", context.base_url)),
        }
    }

    fn act(&self, event: &Event) -> String {
        self.frame.text(&done(event.act))
    }
}

#[derive(Template)]
#[template(path = "provenance.html")]
pub struct Provenance<'a> {
    frame: Frame,
    path: String,
    name: String,
    values: Vec<(&'a Difference, Option<Facts<'a>>)>,
}

impl<'a> Provenance<'a> {
    pub fn of(
        context: &Context,
        asked: &Asked,
        feature: &Feature,
        values: Vec<(&'a Difference, i64)>,
        revisions: &'a [Revision],
    ) -> Self {
        let fact = |number: i64| {
            let revision = revisions.iter().find(|one| one.id == number);
            revision.map(|revision| Facts::of(context.lang, revision))
        };
        let values = values
            .into_iter()
            .map(|(value, number)| (value, fact(number)));
        Self {
            frame: frame(context, asked.layer),
            path: address(asked.layer, asked.id),
            name: called(asked.layer, feature),
            values: values.collect(),
        }
    }
}

fn frame(context: &Context, layer: &'static Layer) -> Frame {
    let path = format!("/collections/{}", layer.id);
    Frame::of(context, &[HOME, LAYERS, (&path, layer.title)])
}
