//! What the register said of a feature before, and where each of its values comes from.

use std::collections::HashMap;

use domain::layer::{Field, Layer};
use serde_json::{Map, Value as Json};

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::text;

/// A feature as it stood between two revisions.
pub struct Version {
    /// What it said.
    pub feature: Feature,
    /// The revision that wrote it.
    pub revision: i64,
    /// The revision that ended it.
    pub ended_by: Option<i64>,
    /// Whether that one wrote another version in its place; otherwise it removed the feature.
    pub replaced: bool,
}

impl Version {
    fn new(feature: Feature) -> Result<Self, StoreError> {
        Ok(Self {
            revision: feature.beyond(0)?,
            ended_by: feature.beyond(1)?,
            replaced: feature.beyond(2)?,
            feature,
        })
    }

    /// The revision that removed the feature after this version.
    pub fn removed_by(&self) -> Option<i64> {
        self.ended_by.filter(|_| !self.replaced)
    }
}

/// A feature that stands, and which revision each of its values comes from.
pub struct Provenance {
    /// What it says.
    pub feature: Feature,
    /// The revision that created it: that of every value that was not changed since.
    pub first_revision: i64,
    changed: HashMap<String, i64>,
}

impl Provenance {
    fn new(feature: Feature) -> Result<Self, StoreError> {
        let changed: Json = feature.beyond(0)?;
        let pairs = changed.as_object().map(Map::iter).into_iter().flatten();
        let changed =
            pairs.filter_map(|(field, revision)| Some((field.clone(), revision.as_i64()?)));
        Ok(Self {
            changed: changed.collect(),
            first_revision: feature.beyond(1)?,
            feature,
        })
    }

    /// The revision that a field, or the geometry's column, has its value from.
    pub fn revision_of(&self, field: &str) -> i64 {
        self.changed
            .get(field)
            .copied()
            .unwrap_or(self.first_revision)
    }
}

impl Store {
    /// The versions of a feature, the latest first, also when it was removed; at most `limit`, and
    /// only those written before the revision `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn versions(
        &self,
        layer: &'static Layer,
        fields: &'static [&'static Field],
        id: i64,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Version>, StoreError> {
        let rows = text::versions(layer, &fields.into(), id, before, limit);
        let rows = rows.fetch_all(&self.pool).await?;
        rows.into_iter()
            .map(|row| Version::new(Feature::new(layer, fields.into(), row)))
            .collect()
    }

    /// A feature with the provenance of its values.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn provenance(
        &self,
        layer: &'static Layer,
        fields: &'static [&'static Field],
        id: i64,
    ) -> Result<Option<Provenance>, StoreError> {
        let row = text::provenance(layer, &fields.into(), id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Provenance::new(Feature::new(layer, fields.into(), row)))
            .transpose()
    }

    /// The id of the facility that had this code once, the last one that did; it may have another code
    /// now, or be removed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn facility_once_called(&self, code: &str) -> Result<Option<i64>, StoreError> {
        let id = sqlx::query_scalar!(
            "select id from facility_history where code = $1 order by valid_to desc limit 1",
            code
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(id)
    }
}
