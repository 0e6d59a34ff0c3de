//! Undoing a revision by a new one. History only grows: what is undone stays in it.

use std::fmt;

use domain::layer::Layer;
use domain::layers::all_fields;
use domain::record::Severity;
use futures_util::TryStreamExt;
use sqlx::{PgConnection, Row};

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::layer_state;
use crate::record;
use crate::revision::{self, NewRevision, Revision};
use crate::text;

/// At most so many conflicts are named.
const MOST_NAMED: i64 = 100;

/// A revision that undid another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Its number.
    pub revision: i64,
    /// Features that it removed again.
    pub removed: u64,
    /// Features in which it changed values back.
    pub changed: u64,
    /// Features that it brought back.
    pub brought_back: u64,
}

/// Why a revision was not undone; then nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is no such revision.
    #[error("there is no revision {0}; `cadastre revision list` lists them")]
    NoSuchRevision(i64),
    /// Later revisions changed the same.
    #[error(
        "the revision {revision} is not undone, because later revisions changed the same: {}; undo those first, or correct the values by hand",
        list(conflicts)
    )]
    Conflicts {
        /// The revision that was to be undone.
        revision: i64,
        /// What later revisions changed, in the order of feature ids; the first hundred.
        conflicts: Vec<Conflict>,
    },
    /// Everything is as it was before that revision.
    #[error("there is nothing to undo: all that the revision {0} changed is as it was before")]
    Nothing(i64),
    /// A record would break a rule of its layer.
    #[error(
        "the revision {revision} is not undone, because `{code}` would then break a rule: {rule}"
    )]
    Breaks {
        /// The revision that was to be undone.
        revision: i64,
        /// The code of the record.
        code: String,
        /// What the rule says, in English.
        rule: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for UndoError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What a later revision changed of what is to be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The feature.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// The field or geometry; `None`: the whole feature.
    pub field: Option<String>,
    /// The later revision.
    pub later: i64,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, later, .. } = self;
        match &self.field {
            Some(field) => write!(f, "`{field}` of {code} by revision {later}"),
            None => write!(f, "{code} by revision {later}"),
        }
    }
}

fn list(conflicts: &[Conflict]) -> String {
    let all: Vec<_> = conflicts.iter().map(ToString::to_string).collect();
    all.join(", ")
}

impl Store {
    /// Makes a revision that takes back what the revision `undone` did, where nothing later changed the
    /// same.
    ///
    /// # Errors
    /// [`UndoError`]; then nothing is changed.
    pub async fn undo(&self, undone: i64, new: &NewRevision) -> Result<Undone, UndoError> {
        let mut found = self.revisions_of(&[undone]).await?;
        let Some(Revision { layer, .. }) = found.pop() else {
            return Err(UndoError::NoSuchRevision(undone));
        };
        let mut transaction = self.pool.begin().await?;
        // First of all: from here on nobody else changes the register.
        let id = revision::record_as(&mut transaction, layer.id, new, Some(undone)).await?;
        refuse_conflicts(&mut transaction, layer, undone).await?;
        let outcome = take_back(&mut transaction, layer, undone, (id, new)).await?;
        if outcome.removed + outcome.changed + outcome.brought_back == 0 {
            return Err(UndoError::Nothing(undone));
        }
        refuse_broken_rules(&mut transaction, layer, undone, id).await?;
        layer_state::refresh(&mut transaction, layer.table, (id, new.made_at)).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}

async fn refuse_conflicts(
    connection: &mut PgConnection,
    layer: &'static Layer,
    undone: i64,
) -> Result<(), UndoError> {
    let rows = text::conflicts(layer, undone, MOST_NAMED)
        .fetch_all(connection)
        .await?;
    let conflicts: Result<Vec<_>, sqlx::Error> = rows
        .iter()
        .map(|row| {
            Ok(Conflict {
                id: row.try_get(0)?,
                code: row.try_get(1)?,
                field: row.try_get(2)?,
                later: row.try_get(3)?,
            })
        })
        .collect();
    match conflicts? {
        none if none.is_empty() => Ok(()),
        conflicts => Err(UndoError::Conflicts {
            revision: undone,
            conflicts,
        }),
    }
}

async fn take_back(
    connection: &mut PgConnection,
    layer: &'static Layer,
    undone: i64,
    (id, new): (i64, &NewRevision),
) -> Result<Undone, UndoError> {
    let made_at = new.made_at;
    sqlx::query(text::removing_in())
        .bind(id)
        .execute(&mut *connection)
        .await?;
    let removed = text::remove_added(layer, undone)
        .execute(&mut *connection)
        .await?;
    let changed = text::change_back(layer, undone, id, made_at)
        .execute(&mut *connection)
        .await?;
    let brought_back = text::bring_back_removed(layer, undone, id, made_at)
        .execute(&mut *connection)
        .await?;
    Ok(Undone {
        revision: id,
        removed: removed.rows_affected(),
        changed: changed.rows_affected(),
        brought_back: brought_back.rows_affected(),
    })
}

/// Where other fields changed meanwhile, values of different times stand side by side.
async fn refuse_broken_rules(
    connection: &mut PgConnection,
    layer: &'static Layer,
    undone: i64,
    id: i64,
) -> Result<(), UndoError> {
    let mut rows = text::standing(layer, id).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let feature = Feature::new(layer, all_fields(layer).into(), row);
        let registered = record::read(layer, &feature)?;
        let mut findings = (layer.check)(&registered.record);
        findings.retain(|finding| finding.severity == Severity::Error);
        if let Some(finding) = findings.pop() {
            return Err(UndoError::Breaks {
                revision: undone,
                code: registered.record.key().unwrap_or_default().to_owned(),
                rule: finding.message.to_string(),
            });
        }
    }
    Ok(())
}
