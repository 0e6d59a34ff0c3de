//! Carrying edits out: checked, then made at once by who edits, or kept for review.

use domain::account::Role;
use domain::edit::EditAction;
use domain::layer::Layer;
use domain::record::Finding;
use importer::edit::document::Document;
use importer::edit::{Asked, PlanError, Planned, plan};
use store::edit::{Change, EditError, Edited};
use store::revision::{Means, NewRevision};

use super::EditProblem;
use super::propose::propose;
use super::request::{About, Service};
use crate::account::SignedIn;
use crate::context::Context;
use crate::error::ApiError;
use crate::problem::Problem;
use crate::stream::moment;

/// So often an edit that says no state is made anew because others changed the record meanwhile; each
/// time one of them got on.
const MOST_TRIES: usize = 100;

/// Edits that somebody wants.
#[derive(Debug)]
pub struct Wish {
    /// The layer.
    pub layer: &'static Layer,
    /// The edits.
    pub asked: Vec<Asked>,
    /// The same as a document, which is kept when they wait for review.
    pub document: Document,
    /// Whether it is one edit by itself.
    pub is_single: bool,
    /// What is said of them.
    pub about: About,
}

/// What came of them.
#[derive(Debug)]
pub enum Done {
    /// They are made.
    Made(Made),
    /// They wait for review, under this number.
    Proposed(i64),
}

/// Edits that are made.
#[derive(Debug)]
pub struct Made {
    /// The revision; `None` when the register said the same already.
    pub revision: Option<i64>,
    /// The feature of each edit.
    pub ids: Vec<i64>,
    /// What was found in each, though not against it.
    pub findings: Vec<Vec<Finding>>,
}

/// Carries edits out.
pub async fn carry_out(service: Service<'_>, wish: Wish) -> Result<Done, ApiError> {
    let Service { app, context, .. } = service;
    let editor = context.demand(Role::may_propose)?.clone();
    let failed = |error| context.store_error(&error);
    let positions = service.places.positions(&app.store).await.map_err(failed)?;
    for _ in 0..MOST_TRIES {
        let planned = plan(&app.store, &positions, wish.layer, &wish.asked).await;
        let planned = planned.map_err(|error| of_plan(context, &wish, error))?;
        keep_to_regions(context, &planned)?;
        refuse(context, &wish, &planned)?;
        if !editor.rights.role.may_edit() {
            return propose(service, &editor, wish, &planned)
                .await
                .map(Done::Proposed);
        }
        let changes: Vec<Change> = planned.iter().filter_map(Planned::change).collect();
        if changes.is_empty() {
            return Ok(Done::Made(made(&planned, None)));
        }
        match app
            .store
            .edit(wish.layer, &changes, &revision(&editor, &wish))
            .await
        {
            Ok(edited) => return Ok(Done::Made(made(&planned, Some(edited)))),
            Err(EditError::Store(error)) => return Err(failed(error)),
            // Whether that matters, the register as it is now says.
            Err(
                EditError::Stale { .. } | EditError::CodeTaken { .. } | EditError::Dangling { .. },
            ) => {}
        }
    }
    Err(context.error(Problem::Unavailable))
}

fn revision(editor: &SignedIn, wish: &Wish) -> NewRevision {
    NewRevision {
        made_at: moment(),
        author: editor.name.to_string(),
        means: Means::SignIn,
        source: wish.about.source.clone(),
        comment: wish.about.comment.clone(),
        upload: None,
    }
}

fn made(planned: &[Planned], edited: Option<Edited>) -> Made {
    let (revision, ids) = match edited {
        Some(Edited { revision, ids }) => (Some(revision), ids),
        None => (None, Vec::new()),
    };
    let mut ids = ids.into_iter();
    let id = |one: &Planned| match one.change() {
        Some(_) => ids.next(),
        None => one.id,
    };
    Made {
        revision,
        ids: planned.iter().filter_map(id).collect(),
        findings: planned.iter().map(|one| one.findings.clone()).collect(),
    }
}

fn of_plan(context: &Context, wish: &Wish, error: PlanError) -> ApiError {
    match error {
        PlanError::Obstacle { at, obstacle } => {
            let at = (!wish.is_single).then_some(at);
            context.error(Problem::Edit(EditProblem::Hindered { at, obstacle }))
        }
        PlanError::Store(error) => context.store_error(&error),
        PlanError::Coordinates(error) => context.internal(&error, "reading an edit"),
    }
}

/// Whoever edits in some regions only edits records that lie there, before and after.
fn keep_to_regions(context: &Context, planned: &[Planned]) -> Result<(), ApiError> {
    for one in planned {
        for record in one.before.iter().chain(&one.after) {
            let (municipality, district) = record.regions();
            context.demand_in(Role::may_propose, municipality, district)?;
        }
    }
    Ok(())
}

fn refuse(context: &Context, wish: &Wish, planned: &[Planned]) -> Result<(), ApiError> {
    let findings: Vec<_> = planned
        .iter()
        .enumerate()
        .flat_map(|(at, one)| {
            let at = (!wish.is_single).then_some(at);
            one.errors().map(move |finding| (at, finding.clone()))
        })
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    let layer = wish.layer;
    Err(context.error(Problem::Edit(EditProblem::Refused { layer, findings })))
}

/// Refuses what a layer does not take; `allowed` are the methods that its resource has.
pub fn check_taken(
    context: &Context,
    layer: &Layer,
    mut actions: impl Iterator<Item = EditAction>,
    allowed: impl FnOnce() -> String,
) -> Result<(), ApiError> {
    if actions.all(|action| layer.takes(action)) {
        return Ok(());
    }
    let allowed = allowed();
    Err(context.error(Problem::Edit(EditProblem::NotTaken { allowed })))
}
