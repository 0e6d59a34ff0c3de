//! Bringing many records into the register at once: staged, compared, published as one revision.

mod backend;
mod merging;
mod restated;
mod rows;
mod shape_change;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::Value;
use domain::lang::{Message, Text};
use domain::layer::{Field, Layer};
use domain::record::{Finding, Record};
use domain::value::FieldType;
use geo_types::Geometry;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use sqlx::{Postgres, Row, Transaction};

use crate::Store;
use crate::copy::{ENDING, HEADING};
use crate::error::StoreError;
use crate::geometry::Ewkb;
use crate::layer_state;
use crate::neighbours::Extent;
use crate::revision::{self, NewRevision};
use crate::submission::forget;
use crate::text;
pub use backend::Backend;
pub use merging::{Conflict, Passed};
pub use restated::KeptName;
pub use rows::StagedRows;
pub use shape_change::ShapeChange;
use shape_change::shape_change;

/// One open transaction that holds the records of a file beside the register.
#[derive(Debug)]
pub struct Staging {
    pub(crate) transaction: Transaction<'static, Postgres>,
    pub(crate) layer: &'static Layer,
    pub(crate) staged: usize,
    /// Whether all staged records came with codes.
    pub(crate) all_have_codes: bool,
    /// Whether some staged records say from which revision they were made.
    is_merged: bool,
    /// The boxes around the staged outlines.
    pub(crate) extents: Vec<Extent>,
    new: u64,
    changed: u64,
    /// Whether the register had no record to compare with.
    pub(crate) is_first: bool,
}

/// How the staged records compare with the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many would be added.
    pub new: u64,
    /// How many would change a registered one.
    pub changed: u64,
    /// How many say what the register says.
    pub unchanged: u64,
    /// In file order, each of them, or, of a large file, those that change something and those that
    /// were asked for.
    pub records: Vec<Compared>,
}

/// How one staged record compares with the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Its place in the file.
    pub row: i64,
    /// Its code.
    pub key: String,
    /// Its identifier in its source, as the file says it.
    pub external_id: Option<String>,
    /// What publishing it would do.
    pub verdict: Verdict,
    /// Something to know about it.
    pub note: Option<Message>,
    /// What the layer's rules find in the changed record as it would stand: the file may say the end
    /// and the register the beginning.
    #[serde(skip)]
    pub findings: Vec<Finding>,
    /// What becomes of a geometry that it changes.
    #[serde(skip)]
    pub shape: Option<ShapeChange>,
    /// Where it is or stays, longitude, latitude, WGS 84.
    #[serde(skip)]
    pub geometry: Option<Geometry<f64>>,
}

/// What publishing a record would do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Add it.
    New,
    /// Change these fields.
    Changed(Vec<Difference>),
    /// Nothing: the register says the same.
    Unchanged,
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Difference {
    /// The field, or the geometry's column.
    pub field: String,
    /// What the register says; `None` is unknown.
    pub before: Option<String>,
    /// What the file says; `None` is unknown.
    pub after: Option<String>,
}

impl Difference {
    /// Whether a side is longer than there is room for.
    pub fn is_cut(&self) -> bool {
        let sides = [&self.before, &self.after];
        let is_cut = |side: &&String| side.ends_with('…');
        sides.into_iter().flatten().any(|side| is_cut(&side))
    }
}

impl Staging {
    /// Begins a file, on a connection of its own that is closed afterwards.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(store: &Store, layer: &'static Layer) -> Result<Self, StoreError> {
        let mut transaction = store.apart.begin().await?;
        // Two files at once would each be compared with a register that the other changes.
        sqlx::query!(
            "select pg_advisory_xact_lock(hashtext('cadastre staging')) is null as locked"
        )
        .fetch_one(&mut *transaction)
        .await?;
        Self::over(transaction, layer).await
    }

    /// Holds a few records beside the register to look at what is around them; they are not for
    /// publishing, so nobody has to wait for it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn beside(store: &Store, layer: &'static Layer) -> Result<Self, StoreError> {
        Self::over(store.pool.begin().await?, layer).await
    }

    async fn over(
        mut transaction: Transaction<'static, Postgres>,
        layer: &'static Layer,
    ) -> Result<Self, StoreError> {
        text::create_staged(layer)
            .execute(&mut *transaction)
            .await?;
        Ok(Self {
            transaction,
            layer,
            staged: 0,
            all_have_codes: true,
            is_merged: false,
            extents: Vec::new(),
            new: 0,
            changed: 0,
            is_first: false,
        })
    }

    /// Adds records.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn append(&mut self, batches: Vec<StagedRows>) -> Result<(), StoreError> {
        let mut copy = self.transaction.copy_in_raw(text::copy_staged()).await?;
        copy.send(HEADING.as_slice()).await?;
        for rows in batches {
            copy.send(rows.bytes).await?;
            self.staged += rows.count;
            self.all_have_codes &= rows.all_have_codes;
            self.is_merged |= rows.is_merged;
            self.extents.extend(rows.extents);
        }
        copy.send(ENDING.as_slice()).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Says that all records are there, so that the database plans for as many; unless there is nothing
    /// to compare them with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn complete(&mut self) -> Result<(), StoreError> {
        let row = text::is_empty(self.layer)
            .fetch_one(&mut *self.transaction)
            .await?;
        self.is_first = row.try_get(0)?;
        if self.is_first {
            return Ok(());
        }
        text::analyze_staged(self.layer)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Compares the staged records with the register. Up to [`MOST_LISTED`] of them are listed one by
    /// one; of more, those that change something and those of the places `told`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn compare(&mut self, told: &[i64]) -> Result<Comparison, StoreError> {
        let kept: HashSet<i64> = self.keep_points_in_outlines().await?.into_iter().collect();
        let (new, changed, unchanged) = self.count().await?;
        (self.new, self.changed) = (new, changed);
        let which: Option<Vec<i64>> = (self.staged > MOST_LISTED).then(|| {
            told.iter()
                .chain(&kept)
                .copied()
                .take(MOST_LISTED)
                .collect()
        });
        let rows = match &which {
            Some(none) if none.is_empty() && changed == 0 => Vec::new(),
            _ => {
                text::compare(self.layer, which.as_deref(), LIMIT, self.is_first)
                    .fetch_all(&mut *self.transaction)
                    .await?
            }
        };
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let mut one = self.read_comparison(&row)?;
            if kept.contains(&one.row) {
                one.note = Some(KEPT_POINT.into());
            }
            records.push(one);
        }
        Ok(Comparison {
            new,
            changed,
            unchanged,
            records,
        })
    }

    async fn count(&mut self) -> Result<(u64, u64, u64), StoreError> {
        if self.is_first {
            return Ok((self.staged as u64, 0, 0));
        }
        let row = text::count_compared(self.layer)
            .fetch_one(&mut *self.transaction)
            .await?;
        let number = |at: usize| row.try_get::<i64, _>(at).map(i64::unsigned_abs);
        Ok((number(0)?, number(1)?, number(2)?))
    }

    /// Makes the staged records part of the register: one revision, one transaction, with history.
    /// `None`, and no revision, when [`Self::compare`] found nothing new or changed.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is changed.
    pub async fn publish(mut self, revision: &NewRevision) -> Result<Option<i64>, StoreError> {
        if self.new + self.changed == 0 {
            self.discard().await?;
            return Ok(None);
        }
        let id = revision::record(&mut self.transaction, self.layer, revision).await?;
        if let Some(submission) = revision.submission() {
            self.keep_to_limits(submission).await?;
        }
        let transaction = &mut *self.transaction;
        let made_at = revision.made_at;
        if self.changed > 0 {
            text::update_changed(self.layer, id, made_at)
                .execute(&mut *transaction)
                .await?;
        }
        if self.new > 0 {
            self.insert(id, made_at).await?;
        }
        if self.new + self.changed > MANY {
            self.read_together().await?;
        }
        layer_state::refresh(&mut self.transaction, self.layer.table, (id, made_at)).await?;
        self.transaction.commit().await?;
        Ok(Some(id))
    }

    async fn insert(&mut self, revision: i64, made_at: DateTime<Utc>) -> Result<(), StoreError> {
        let (transaction, table) = (&mut *self.transaction, self.layer.table);
        let is_bare = self.new > MANY
            && sqlx::query_scalar!(
                r#"select take_off_indexes($1::text::regclass) as "off!""#,
                table
            )
            .fetch_one(&mut *transaction)
            .await?;
        text::insert_new(self.layer, revision, made_at, is_bare)
            .execute(&mut *transaction)
            .await?;
        if is_bare {
            sqlx::query!(
                r#"select put_back_indexes($1::text::regclass)::text as "done""#,
                table
            )
            .fetch_one(&mut *transaction)
            .await?;
        }
        Ok(())
    }

    /// Has the rest of the transaction read by several processes of the database: the seal, which is made
    /// at its end, digests every row that was written.
    async fn read_together(&mut self) -> Result<(), StoreError> {
        sqlx::query!(
            r#"select set_config('parallel_tuple_cost', '0', true) as "tuple",
               set_config('parallel_setup_cost', '50', true) as "setup",
               set_config('min_parallel_table_scan_size', '0', true) as "least""#
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Drops the staged records.
    ///
    /// # Errors
    /// When the database does not answer; the records are dropped all the same.
    pub async fn discard(self) -> Result<(), StoreError> {
        Ok(self.transaction.rollback().await?)
    }

    /// Publishes nothing. Of records that came with an upload, what the register would say is kept.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is kept.
    pub async fn give_up(self, submission: Option<i64>) -> Result<(), StoreError> {
        match submission {
            Some(submission) => self.keep_for_preview(submission).await,
            None => self.discard().await,
        }
    }

    /// Keeps what the register would say of the staged records, for whoever decides about the upload
    /// that they came with, and drops them.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is kept.
    pub async fn keep_for_preview(mut self, submission: i64) -> Result<(), StoreError> {
        forget(&mut self.transaction, submission).await?;
        for statement in [
            text::keep_for_preview(self.layer, submission),
            text::keep_touched(self.layer, submission),
        ] {
            statement.execute(&mut *self.transaction).await?;
        }
        self.transaction.commit().await?;
        Ok(())
    }

    pub(crate) const fn layer(&self) -> &'static Layer {
        self.layer
    }

    pub(crate) fn connection(&mut self) -> &mut sqlx::PgConnection {
        &mut self.transaction
    }

    async fn keep_points_in_outlines(&mut self) -> Result<Vec<i64>, StoreError> {
        if self.is_first || self.layer.geometry_column != "location" {
            return Ok(Vec::new());
        }
        let rows = sqlx::query_scalar(text::keep_points_in_outlines());
        Ok(rows.fetch_all(&mut *self.transaction).await?)
    }

    fn read_comparison(&self, row: &sqlx::postgres::PgRow) -> Result<Compared, StoreError> {
        let known: bool = row.try_get("known")?;
        let [before, after] = ["before", "after"].map(|side| row.try_get::<Option<Json>, _>(side));
        let (verdict, findings) = match (known, before?, after?) {
            (false, ..) => (Verdict::New, Vec::new()),
            (true, Some(Json::Object(before)), Some(Json::Object(after))) => {
                let merged = merged(self.layer, &before, &after);
                let differences = self.differences(&before, &after);
                (Verdict::Changed(differences), (self.layer.check)(&merged))
            }
            (true, ..) => (Verdict::Unchanged, Vec::new()),
        };
        Ok(Compared {
            row: row.try_get(0)?,
            key: row.try_get(1)?,
            external_id: row.try_get("external_id")?,
            verdict,
            note: None,
            findings,
            shape: shape_change(row)?,
            geometry: row
                .try_get::<Option<Ewkb>, _>("place")?
                .and_then(|place| place.to_geometry()),
        })
    }

    fn differences(
        &self,
        before: &Map<String, Json>,
        after: &Map<String, Json>,
    ) -> Vec<Difference> {
        let fields = text::staged_fields(self.layer).map(|field| field.name);
        fields
            .chain([self.layer.geometry_column])
            .filter_map(|name| {
                let known = |side: &'_ Map<String, Json>| {
                    side.get(name).filter(|value| !value.is_null()).cloned()
                };
                let [before, after] = [known(before), known(after)];
                (before != after && after.is_some()).then(|| Difference {
                    field: name.to_owned(),
                    before: before.as_ref().map(shown),
                    after: after.as_ref().map(shown),
                })
            })
            .collect()
    }
}

const KEPT_POINT: Text = Text::new(
    "тачка лежи изван уписане границе, па је задржана уписана тачка унутар ње",
    "the point lies outside the registered outline, so the registered point inside it was kept",
);

/// From so many records on it pays to put indexes back after them, and to read them by several processes.
const MANY: u64 = 2_000;
/// So many records of a file are compared one by one in the report.
pub const MOST_LISTED: usize = 10_000;
/// The same as PostgreSQL counts.
const LIMIT: i64 = 10_000;

/// The record as it would stand: what the file says, else what the register says.
fn merged(layer: &'static Layer, before: &Map<String, Json>, after: &Map<String, Json>) -> Record {
    let mut record = Record::new(layer);
    for field in text::staged_fields(layer) {
        let known = |side: &Map<String, Json>| {
            let value = side.get(field.name)?;
            (!value.is_null()).then(|| value_of(field, value))
        };
        if let Some(value) = known(after).or_else(|| known(before)) {
            record.set(field.name, value);
        }
    }
    record
}

/// A value as PostgreSQL writes it in JSON.
fn value_of(field: &Field, json: &Json) -> Value {
    match json {
        Json::Bool(yes) => Value::Boolean(*yes),
        Json::Number(number) => match field.field_type {
            FieldType::Integer => number.as_i64().map_or(Value::Unknown, Value::Integer),
            _ => number.as_f64().map_or(Value::Unknown, Value::Number),
        },
        Json::String(text) => field.parse(text).unwrap_or_default(),
        Json::Array(codes) => Value::Codes(
            codes
                .iter()
                .filter_map(|code| code.as_str().map(str::to_owned))
                .collect(),
        ),
        Json::Null | Json::Object(_) => Value::Unknown,
    }
}

/// At most so much of a value as a report has room for.
fn shown(value: &Json) -> String {
    const LONGEST: usize = 200;
    let mut text = match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}
