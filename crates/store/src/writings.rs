//! Where the values of one record come from.

use chrono::{DateTime, Utc};
use domain::layer::Layer;
use sqlx::Row;

use crate::Store;
use crate::error::StoreError;
use crate::text;

/// A revision that wrote values of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The revision.
    pub revision: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Its evidence: a citation.
    pub source: Option<String>,
    /// The name of the file that it came from.
    pub file_name: Option<String>,
    /// The fields whose values it wrote, and the geometry column; empty for the revision that created
    /// the record, which wrote all others.
    pub fields: Vec<String>,
}

impl Store {
    /// The revisions that wrote what a record says, the first one first; none for a record that does
    /// not exist.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn writings(
        &self,
        layer: &Layer,
        id: i64,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Vec<Writing>, StoreError> {
        let rows = text::writings(layer, id, as_of)
            .fetch_all(&self.pool)
            .await?;
        let writings = rows.iter().map(|row| {
            Ok(Writing {
                revision: row.try_get(0)?,
                made_at: row.try_get(1)?,
                source: row.try_get(2)?,
                file_name: row.try_get(3)?,
                fields: row.try_get(4)?,
            })
        });
        writings.collect()
    }
}
