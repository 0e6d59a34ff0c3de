//! Revisions as pages.

use askama::Template;
use domain::{Lang, Text};
use store::changes::Act;
use store::revision::Revision;

use super::{Told, means};
use crate::context::Context;
use crate::history::address;
use crate::pages::{Frame, HOME};

/// The revisions, below the landing page.
pub const REVISIONS: (&str, Text) = ("/revisions", Text::new("Ревизије", "Revisions"));

/// What people are told of a revision.
pub struct Facts<'a> {
    pub revision: &'a Revision,
    pub means: String,
    pub layer: String,
}

impl<'a> Facts<'a> {
    pub fn of(lang: Lang, revision: &'a Revision) -> Self {
        Self {
            revision,
            means: means(revision.means).get(lang).into_owned(),
            layer: revision.layer.title.get(lang).into_owned(),
        }
    }

    /// The moment, to the minute.
    pub fn moment(&self) -> String {
        self.revision
            .made_at
            .format("%Y-%m-%d %H:%M UTC")
            .to_string()
    }
}

/// What was done, for people.
pub const fn done(act: Act) -> Text {
    match act {
        Act::Inserted => Text::new("додато", "added"),
        Act::Updated => Text::new("измењено", "changed"),
        Act::Deleted => Text::new("уклоњено", "removed"),
    }
}

#[derive(Template)]
#[template(path = "revisions.html")]
pub struct List<'a> {
    frame: Frame,
    revisions: Vec<Facts<'a>>,
    next: Option<String>,
}

impl<'a> List<'a> {
    pub fn of(context: &Context, revisions: &'a [Revision], next: Option<String>) -> Self {
        let facts = revisions.iter().map(|one| Facts::of(context.lang, one));
        Self {
            frame: Frame::of(context, &[HOME]),
            revisions: facts.collect(),
            next: next.map(|path| format!("{}{path}", context.base_url)),
        }
    }
}

#[derive(Template)]
#[template(path = "revision.html")]
pub struct Described<'a> {
    frame: Frame,
    one: Facts<'a>,
    told: &'a [Told],
    next: Option<String>,
}

impl<'a> Described<'a> {
    pub fn of(
        context: &Context,
        revision: &'a Revision,
        told: &'a [Told],
        next: Option<String>,
    ) -> Self {
        Self {
            frame: Frame::of(context, &[HOME, REVISIONS]),
            one: Facts::of(context.lang, revision),
            told,
            next: next.map(|path| format!("{}{path}", context.base_url)),
        }
    }

    fn act(&self, change: &Told) -> String {
        self.frame.text(&done(change.act))
    }

    fn address(change: &Told) -> String {
        address(change.layer, change.id)
    }
}
