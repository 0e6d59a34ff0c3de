//! Bringing many records into the register at once: staged, compared, published as one revision.

use domain::layer::{Field, Layer};
use domain::record::Record;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use sqlx::{Postgres, Row, Transaction};

use crate::Store;
use crate::copy::CopyBuffer;
use crate::error::StoreError;
use crate::geometry::Ewkb;
use crate::revision::{self, NewRevision};
use crate::text;

/// One open transaction that holds the records of a file beside the register.
#[derive(Debug)]
pub struct Staging {
    transaction: Transaction<'static, Postgres>,
    layer: &'static Layer,
    supplied: Vec<&'static Field>,
    changes: usize,
}

/// How one staged record compares with the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Its place in the file.
    pub row: i64,
    /// Its code.
    pub key: String,
    /// What publishing it would do.
    pub verdict: Verdict,
    /// Something to know about it.
    pub note: Option<String>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field, or the geometry's column.
    pub field: String,
    /// What the register says; `None` is unknown.
    pub before: Option<String>,
    /// What the file says; `None` is unknown.
    pub after: Option<String>,
}

impl Staging {
    /// Begins a file. `supplied` are the layer's fields that the file has, its key among them: what
    /// the file does not have stays as it is in the register.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(
        store: &Store,
        layer: &'static Layer,
        supplied: Vec<&'static Field>,
    ) -> Result<Self, StoreError> {
        let mut transaction = store.pool.begin().await?;
        // Two files at once would each be compared with a register that the other changes.
        sqlx::query!(
            "select pg_advisory_xact_lock(hashtext('cadastre staging')) is null as locked"
        )
        .fetch_one(&mut *transaction)
        .await?;
        text::create_staged(layer)
            .execute(&mut *transaction)
            .await?;
        Ok(Self {
            transaction,
            layer,
            supplied,
            changes: 0,
        })
    }

    /// Adds records, each with its place in the file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn append(&mut self, batch: &[(i64, Record)]) -> Result<(), StoreError> {
        let rows = encode(self.layer, batch);
        let mut copy = self.transaction.copy_in_raw(text::copy_staged()).await?;
        copy.send(rows).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Compares every staged record with the register, in file order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn compare(&mut self) -> Result<Vec<Compared>, StoreError> {
        let kept = self.keep_points_in_outlines().await?;
        let rows = text::compare(self.layer, &self.supplied)
            .fetch_all(&mut *self.transaction)
            .await?;
        let mut compared = Vec::with_capacity(rows.len());
        for row in rows {
            let mut one = self.read_comparison(&row)?;
            if kept.contains(&one.row) {
                one.note = Some(KEPT_POINT.to_owned());
            }
            compared.push(one);
        }
        self.changes = compared
            .iter()
            .filter(|one| one.verdict != Verdict::Unchanged)
            .count();
        Ok(compared)
    }

    /// Makes the staged records part of the register: one revision, one transaction, with history.
    /// `None`, and no revision, when [`Self::compare`] found nothing new or changed.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is changed.
    pub async fn publish(mut self, revision: &NewRevision) -> Result<Option<i64>, StoreError> {
        if self.changes == 0 {
            self.discard().await?;
            return Ok(None);
        }
        let transaction = &mut *self.transaction;
        let id = revision::record(transaction, self.layer, revision).await?;
        let made_at = revision.made_at;
        text::update_changed(self.layer, &self.supplied, id, made_at)
            .execute(&mut *transaction)
            .await?;
        text::insert_new(self.layer, id, made_at)
            .execute(&mut *transaction)
            .await?;
        let layers = domain::layers::LAYERS
            .iter()
            .filter(|layer| layer.table == self.layer.table);
        for layer in layers {
            text::refresh_state(layer, id, made_at)
                .execute(&mut *transaction)
                .await?;
        }
        self.transaction.commit().await?;
        Ok(Some(id))
    }

    /// Drops the staged records.
    ///
    /// # Errors
    /// When the database does not answer; the records are dropped all the same.
    pub async fn discard(self) -> Result<(), StoreError> {
        Ok(self.transaction.rollback().await?)
    }

    pub(crate) const fn layer(&self) -> &'static Layer {
        self.layer
    }

    pub(crate) fn connection(&mut self) -> &mut sqlx::PgConnection {
        &mut self.transaction
    }

    async fn keep_points_in_outlines(&mut self) -> Result<Vec<i64>, StoreError> {
        if self.layer.geometry_column != "location" {
            return Ok(Vec::new());
        }
        let rows = sqlx::query_scalar(text::keep_points_in_outlines());
        Ok(rows.fetch_all(&mut *self.transaction).await?)
    }

    fn read_comparison(&self, row: &sqlx::postgres::PgRow) -> Result<Compared, StoreError> {
        let known: bool = row.try_get("known")?;
        let [before, after] = ["before", "after"].map(|side| row.try_get::<Option<Json>, _>(side));
        let verdict = match (known, before?, after?) {
            (false, ..) => Verdict::New,
            (true, Some(Json::Object(before)), Some(Json::Object(after))) => {
                Verdict::Changed(self.differences(&before, &after))
            }
            (true, ..) => Verdict::Unchanged,
        };
        Ok(Compared {
            row: row.try_get(0)?,
            key: row.try_get(1)?,
            verdict,
            note: None,
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
                let [before, after] = [before, after].map(|side| shown(side.get(name)));
                let stays =
                    after.is_none() && !self.supplied.iter().any(|field| field.name == name);
                (before != after && !stays).then(|| Difference {
                    field: name.to_owned(),
                    before,
                    after,
                })
            })
            .collect()
    }
}

const KEPT_POINT: &str = "the point lies outside the registered outline, so the registered point \
                          inside it was kept";

fn shown(value: Option<&Json>) -> Option<String> {
    const LONGEST: usize = 200;
    let mut text = match value? {
        Json::Null => return None,
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    Some(text)
}

fn encode(layer: &'static Layer, batch: &[(i64, Record)]) -> Vec<u8> {
    let staged: Vec<usize> = text::staged_fields(layer)
        .filter_map(|field| layer.position(field.name))
        .collect();
    let mut rows = CopyBuffer::new();
    for (row, record) in batch {
        rows.row(staged.len() + 2);
        rows.integer(*row);
        for &at in &staged {
            rows.value(&record.values[at]);
        }
        match &record.geometry {
            Some(geometry) => rows.field(&Ewkb::of(geometry).0),
            None => rows.null(),
        }
    }
    rows.finish()
}
