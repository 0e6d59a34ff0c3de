//! What a file says as the register does, only in another form: nothing of that is a change.

use domain::text::is_poorer_spelling;
use futures_util::TryStreamExt as _;
use sqlx::Row as _;

use super::Staging;
use crate::error::StoreError;
use crate::geometry::Ewkb;
use crate::geometry::same::{ROUNDED_DEGREES, same_shape};
use crate::text::{self, Saying};

/// A name that the register spells better than the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptName {
    /// The record's place in the file.
    pub row: i64,
    /// The field.
    pub field: &'static str,
    /// How the register spells it.
    pub registered: String,
    /// How the file does.
    pub in_file: String,
}

impl Staging {
    /// Has the staged records say the register's geometry where theirs is the same shape: rounded, or with rings
    /// that begin elsewhere or go the other way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_same_shapes(&mut self) -> Result<(), StoreError> {
        if self.is_first {
            return Ok(());
        }
        if self.is_merged {
            self.keep_shapes_of(Saying::Base).await?;
        }
        self.keep_shapes_of(Saying::Registered).await
    }

    async fn keep_shapes_of(&mut self, side: Saying) -> Result<(), StoreError> {
        let mut same = Vec::new();
        let mut found =
            text::restated_shapes(self.layer, side, ROUNDED_DEGREES).fetch(&mut *self.transaction);
        while let Some(row) = found.try_next().await? {
            let [one, other] = [1, 2].map(|at| row.try_get::<Ewkb, _>(at));
            let (one, other) = (one?.to_geometry(), other?.to_geometry());
            if one
                .zip(other)
                .is_some_and(|(one, other)| same_shape(&one, &other))
            {
                same.push(row.try_get(0)?);
            }
        }
        drop(found);
        if !same.is_empty() {
            text::restate_shapes(self.layer, side, same)
                .execute(&mut *self.transaction)
                .await?;
        }
        Ok(())
    }

    /// Has the staged records say the register's names where theirs are the same with less: without the marks on
    /// letters, in the other script, in capitals. Answers which.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_better_names(&mut self) -> Result<Vec<KeptName>, StoreError> {
        let fields: Vec<_> = text::named_fields(self.layer).collect();
        if self.is_first || fields.is_empty() {
            return Ok(Vec::new());
        }
        let mut kept = Vec::new();
        let mut found = text::renamed(self.layer).fetch(&mut *self.transaction);
        while let Some(row) = found.try_next().await? {
            for (at, field) in fields.iter().enumerate() {
                let names = row.try_get(2 * at + 1)?;
                let of_row = (row.try_get(0)?, field.name);
                kept.extend(better_name(of_row, names, row.try_get(2 * at + 2)?));
            }
        }
        drop(found);
        for field in fields {
            let of_field = kept.iter().filter(|one| one.field == field.name);
            let rows: Vec<i64> = of_field.map(|one| one.row).collect();
            if !rows.is_empty() {
                text::restate_names(self.layer, field, rows)
                    .execute(&mut *self.transaction)
                    .await?;
            }
        }
        Ok(kept)
    }
}

fn better_name(
    (row, field): (i64, &'static str),
    registered: Option<String>,
    in_file: Option<String>,
) -> Option<KeptName> {
    let (registered, in_file) = registered.zip(in_file)?;
    is_poorer_spelling(&in_file, &registered).then_some(KeptName {
        row,
        field,
        registered,
        in_file,
    })
}
