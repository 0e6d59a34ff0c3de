//! Edits of single records: added, changed, removed, each batch of them in one revision.
//!
//! An edit is made from a state of the record. It takes effect only if that is still the state, so that
//! nobody's change is lost.

use domain::layer::{Field, Layer};
use domain::record::Record;
use sqlx::{PgConnection, Row};

use crate::Store;
use crate::error::StoreError;
use crate::layer_state;
use crate::revision::{self, NewRevision};
use crate::serials;
use crate::text::{self, Changes};

/// What is done to one record.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is added; a facility without a code ([`Record::code_series`]) gets the next one of its series.
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
    /// What it names is gone, or somebody names what it takes away.
    #[error(
        "the edit {at} would leave a code that no record has; read the records again and repeat the edit"
    )]
    Dangling {
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
        // Whoever waits for the lock of revisions holds a connection that readers could use.
        let _turn = self.turns.acquire().await;
        if let ([change], None) = (changes, &new.upload)
            && let Some((id, values)) = change.of_values(layer)
            && let Some(edited) = self.edit_values(layer, id, &values, new).await?
        {
            return Ok(edited);
        }
        let mut transaction = self.quick.begin().await?;
        let edited = edit_all(&mut transaction, layer, changes, new).await?;
        transaction.commit().await?;
        Ok(edited)
    }

    /// Changes values of one record: a statement that is a transaction of its own, since others wait for
    /// its end. `None`, and nothing done, where what is known of a layer has yet to be counted.
    async fn edit_values(
        &self,
        layer: &'static Layer,
        id: i64,
        values: &Changes<'_>,
        new: &NewRevision,
    ) -> Result<Option<Edited>, EditError> {
        let statement = text::update_values(layer, id, values, new);
        let row = statement.fetch_optional(&self.quick).await;
        let Some(row) = row.map_err(|error| of_statement(error, 0))? else {
            return Ok(None);
        };
        let revision = row.try_get(0)?;
        Ok(Some(Edited {
            revision,
            ids: vec![id],
        }))
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

impl Change {
    /// The record and what becomes of it, where nothing but values change: not where it is, not its
    /// code, and not which records it names.
    fn of_values(&self, layer: &Layer) -> Option<(i64, Changes<'_>)> {
        let Self::Update {
            id,
            from,
            record,
            changed,
        } = self
        else {
            return None;
        };
        let is_value = |field: &Field| field.name != layer.key().name && named_by(field).is_none();
        let mut fields = changed.iter().map(|name| layer.field(name));
        let are_values = fields.all(|field| field.is_some_and(is_value));
        let values = Changes {
            record,
            changed,
            from: *from,
        };
        are_values.then_some((*id, values))
    }

    /// The record whose code this takes away from those who name it.
    fn takes_code_of(&self, layer: &Layer) -> Option<i64> {
        match self {
            Self::Insert(_) => None,
            Self::Update { id, changed, .. } => changed.contains(&layer.key().name).then_some(*id),
            Self::Delete { id, .. } => Some(*id),
        }
    }

    /// The codes by which this names records of other layers.
    fn names(&self) -> Vec<(&'static Layer, &str)> {
        let (record, is_new) = match self {
            Self::Insert(record) => (record, None),
            Self::Update {
                record, changed, ..
            } => (record, Some(changed)),
            Self::Delete { .. } => return Vec::new(),
        };
        let pairs = record.pairs();
        let asked = pairs.filter(|(field, _)| is_new.is_none_or(|new| new.contains(&field.name)));
        asked
            .filter_map(|(field, value)| Some((named_by(field)?, value.as_text()?)))
            .collect()
    }
}

/// The layer whose records a field names. Regions are a closed list, which their types check.
fn named_by(field: &Field) -> Option<&'static Layer> {
    field.named_layer().filter(|named| named.editable)
}

async fn edit_all(
    connection: &mut PgConnection,
    layer: &'static Layer,
    changes: &[Change],
    new: &NewRevision,
) -> Result<Edited, EditError> {
    // First of all: from here on nobody else changes the register.
    let revision = revision::record(connection, layer, new).await?;
    let changes = serials::named(connection, layer, changes).await?;
    let removes = changes
        .iter()
        .any(|change| matches!(change, Change::Delete { .. }));
    if removes {
        sqlx::query(text::removing_in())
            .bind(revision)
            .execute(&mut *connection)
            .await?;
    }
    let mut ids = Vec::with_capacity(changes.len());
    let mut taken = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        taken.push(taken_code(connection, layer, change).await?);
        ids.push(carry_out(connection, layer, (at, change), (revision, new)).await?);
    }
    for (at, (change, taken)) in changes.iter().zip(taken).enumerate() {
        let dangles = dangles(connection, layer, change, taken).await?;
        if dangles {
            return Err(EditError::Dangling { at });
        }
    }
    keep_states(connection, layer, &ids, (revision, new)).await?;
    Ok(Edited { revision, ids })
}

/// The code that a record will not have any more.
async fn taken_code(
    connection: &mut PgConnection,
    layer: &'static Layer,
    change: &Change,
) -> Result<Option<String>, EditError> {
    let Some(id) = change.takes_code_of(layer) else {
        return Ok(None);
    };
    let row = text::code_of(layer, id).fetch_optional(connection).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Whether a code is named that no record has: asked when all is changed, and nobody else can change it.
async fn dangles(
    connection: &mut PgConnection,
    layer: &Layer,
    change: &Change,
    taken: Option<String>,
) -> Result<bool, EditError> {
    if let Some(naming) = taken.and_then(|code| text::naming(layer, &code))
        && naming.fetch_optional(&mut *connection).await?.is_some()
    {
        return Ok(true);
    }
    for (named, code) in change.names() {
        let row = text::has_code(named, code).fetch_one(&mut *connection);
        if !row.await?.try_get::<bool, _>(0)? {
            return Ok(true);
        }
    }
    Ok(false)
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
    let Some(of_database) = error.as_database_error() else {
        return error.into();
    };
    if of_database.is_unique_violation() {
        return EditError::CodeTaken { at };
    }
    if of_database.code().as_deref() == Some(SERIALIZATION_FAILURE) {
        return EditError::Stale { at };
    }
    error.into()
}

/// What `or_stale` ends a statement with (PostgreSQL, Appendix A).
const SERIALIZATION_FAILURE: &str = "40001";

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
    let mut whole = shifted.len() < text::layers_of(layer.table).len();
    for row in shifted {
        whole |= row.try_get::<bool, _>(0)?;
    }
    if whole {
        layer_state::refresh(connection, layer.table, (revision, new.made_at)).await?;
    }
    Ok(())
}
