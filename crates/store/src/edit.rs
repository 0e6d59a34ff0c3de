//! Edits of single records: added, changed, removed, each batch of them in one revision.
//!
//! An edit is made from a state of the record. It takes effect only if that is still the state, so that
//! nobody's change is lost.

use domain::layer::Layer;
use domain::record::Record;
use sqlx::{PgConnection, Row};

use crate::Store;
use crate::error::StoreError;
use crate::revision::{self, NewRevision};
use crate::text::{self, Changes};

/// What is done to one record.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is added.
    Insert(Record),
    /// It becomes this.
    Update {
        /// The feature id.
        id: i64,
        /// The revision that wrote the state from which this was made.
        from: i64,
        /// As it will stand.
        record: Record,
        /// What of it changes: names of fields, and the geometry's column.
        changed: Vec<&'static str>,
    },
    /// It is removed.
    Delete {
        /// The feature id.
        id: i64,
        /// The revision that wrote the state that was seen.
        from: i64,
    },
}

/// What came of edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The revision that they made.
    pub revision: i64,
    /// The feature of each, in their order.
    pub ids: Vec<i64>,
}

/// Why edits were not made; then nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Somebody changed a record meanwhile.
    #[error("the record of edit {at} was changed meanwhile; read it again and repeat the edit")]
    Stale {
        /// The place of the edit, from 0.
        at: usize,
    },
    /// Another record has the code.
    #[error("another record has the code of edit {at}; give another code")]
    CodeTaken {
        /// The place of the edit, from 0.
        at: usize,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for EditError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Makes edits of a layer in one revision, or none of them.
    ///
    /// # Errors
    /// [`EditError`]; then nothing is changed.
    pub async fn edit(
        &self,
        layer: &'static Layer,
        changes: &[Change],
        new: &NewRevision,
    ) -> Result<Edited, EditError> {
        let mut transaction = self.quick.begin().await?;
        // First of all: from here on nobody else changes the register.
        let revision = revision::record(&mut transaction, layer, new).await?;
        let removes = changes
            .iter()
            .any(|change| matches!(change, Change::Delete { .. }));
        if removes {
            sqlx::query(text::removing_in())
                .bind(revision)
                .execute(&mut *transaction)
                .await?;
        }
        let mut ids = Vec::with_capacity(changes.len());
        for (at, change) in changes.iter().enumerate() {
            ids.push(carry_out(&mut transaction, layer, (at, change), (revision, new)).await?);
        }
        keep_states(&mut transaction, layer, &ids, (revision, new)).await?;
        transaction.commit().await?;
        Ok(Edited { revision, ids })
    }

    /// Which record of another layer names a record by its code: the layer's id and the code of that
    /// record; one of them, if there are several.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn who_names(
        &self,
        layer: &Layer,
        code: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let Some(statement) = text::naming(layer, code) else {
            return Ok(None);
        };
        let row = statement.fetch_optional(&self.quick).await?;
        let pair = row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?)));
        Ok(pair.transpose()?)
    }
}

async fn carry_out(
    connection: &mut PgConnection,
    layer: &'static Layer,
    (at, change): (usize, &Change),
    (revision, new): (i64, &NewRevision),
) -> Result<i64, EditError> {
    let made_at = new.made_at;
    let statement = match change {
        Change::Insert(record) => text::insert_one(layer, record, revision, made_at),
        Change::Update {
            id,
            from,
            record,
            changed,
        } => {
            let changes = Changes {
                record,
                changed,
                from: *from,
            };
            text::update_one(layer, *id, &changes, revision, made_at)
        }
        Change::Delete { id, from } => text::delete_one(layer, *id, *from),
    };
    let row = statement.fetch_optional(connection).await;
    let row = row.map_err(|error| of_statement(error, at))?;
    let row = row.ok_or(EditError::Stale { at })?;
    Ok(row.try_get(0)?)
}

fn of_statement(error: sqlx::Error, at: usize) -> EditError {
    let repeats = |error: &sqlx::Error| {
        let error = error.as_database_error();
        error.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
    };
    if repeats(&error) {
        EditError::CodeTaken { at }
    } else {
        error.into()
    }
}

/// Counts anew only what edits may have made smaller.
async fn keep_states(
    connection: &mut PgConnection,
    layer: &Layer,
    ids: &[i64],
    (revision, new): (i64, &NewRevision),
) -> Result<(), EditError> {
    let shifted = text::shift_states(layer.table, ids, (revision, new.made_at))
        .fetch_all(&mut *connection)
        .await?;
    let mut whole = shifted.len() < text::layers_of(layer.table);
    for row in shifted {
        whole |= row.try_get::<bool, _>(0)?;
    }
    if whole {
        text::refresh_states(layer.table, revision, new.made_at)
            .execute(connection)
            .await?;
    }
    Ok(())
}
