//! Files that were made from the register, such as a template that a team took into the field, beside
//! what others changed meanwhile.

use serde_json::Value as Json;
use sqlx::Row as _;

use super::{LIMIT, Staging, shown};
use crate::error::StoreError;
use crate::text;

/// A value that the file and somebody else changed, each to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The record's place in the file.
    pub row: i64,
    /// Its code.
    pub key: String,
    /// The revision from which the file was made.
    pub made_from: i64,
    /// The field, or the geometry's column.
    pub field: String,
    /// The revision that changed it since.
    pub changed_by: i64,
    /// What the register said when the file was made; `None` is unknown.
    pub was: Option<String>,
    /// What it says now.
    pub is_now: Option<String>,
    /// What the file says.
    pub file_says: Option<String>,
}

/// A record of the file with a revision that is in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The record's place in the file.
    pub row: i64,
    /// Its code.
    pub key: Option<String>,
    /// The revision.
    pub revision: i64,
}

impl Staging {
    /// Whether the file says from which revisions its records were made, and there is something that
    /// others can have changed.
    pub const fn is_to_be_merged(&self) -> bool {
        self.is_merged && !self.is_first
    }

    /// The values that both the file and somebody else changed since it was made, in file order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn conflicts(&mut self) -> Result<Vec<Conflict>, StoreError> {
        let rows = text::merge_conflicts(self.layer, LIMIT)
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.iter().map(conflict).collect()
    }

    /// The records that were removed from the register since the file was made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn removed_since(&mut self) -> Result<Vec<Passed>, StoreError> {
        self.in_the_way(text::removed_since(self.layer)).await
    }

    /// The records that name a revision which the register does not have.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn made_from_nothing(&mut self) -> Result<Vec<Passed>, StoreError> {
        self.in_the_way(text::made_from_nothing(self.layer)).await
    }

    async fn in_the_way(&mut self, which: text::Statement) -> Result<Vec<Passed>, StoreError> {
        let rows = which.fetch_all(&mut *self.transaction).await?;
        let removed = rows.iter().map(|row| {
            Ok(Passed {
                row: row.try_get(0)?,
                key: row.try_get(1)?,
                revision: row.try_get(2)?,
            })
        });
        removed.collect()
    }

    /// Takes from the staged records what they say only because they were made before others changed
    /// it: the register keeps that.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_what_others_changed(&mut self) -> Result<(), StoreError> {
        text::keep_what_others_changed(self.layer)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

fn conflict(row: &sqlx::postgres::PgRow) -> Result<Conflict, StoreError> {
    let value = |at: usize| {
        let json = row.try_get::<Option<Json>, _>(at)?;
        let known = json.filter(|json| !json.is_null());
        Ok::<_, sqlx::Error>(known.as_ref().map(shown))
    };
    Ok(Conflict {
        row: row.try_get(0)?,
        key: row.try_get(1)?,
        made_from: row.try_get(2)?,
        field: row.try_get(3)?,
        changed_by: row.try_get(4)?,
        was: value(5)?,
        is_now: value(6)?,
        file_says: value(7)?,
    })
}
