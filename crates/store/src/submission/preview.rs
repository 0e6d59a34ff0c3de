//! What the register would say of records that wait for a decision.

use std::collections::HashSet;

use geo_types::Geometry;
use serde_json::Value as Json;
use sqlx::PgConnection;

use super::Place;
use crate::Store;
use crate::error::StoreError;
use crate::text;

/// A record as the register would say it.
#[derive(Clone, Debug)]
pub struct Previewed {
    /// Its place among those that wait with it.
    pub row: i64,
    /// What publishing does to it: `new`, `changed`, `unchanged` or `removed`.
    pub verdict: &'static str,
    /// Its known values, by field.
    pub properties: Json,
    /// Where it is, longitude, latitude, WGS 84.
    pub geometry: Option<Geometry<f64>>,
    /// Where it lies, before and after, unless publishing changes nothing.
    pub places: Vec<Place>,
}

impl Store {
    /// Keeps what the register would say, for whoever decides about it, in place of what was kept before.
    ///
    /// # Errors
    /// When the database does not answer; then nothing is kept.
    pub async fn keep_previewed(
        &self,
        submission: i64,
        records: &[Previewed],
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        forget(&mut transaction, submission).await?;
        for one in records {
            text::keep_previewed(submission, one)
                .execute(&mut *transaction)
                .await?;
        }
        let places: HashSet<Place> = records.iter().flat_map(|one| one.places.clone()).collect();
        for place in places {
            text::keep_place(submission, place)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Forgets what was kept of an upload for whoever decides about it.
pub(crate) async fn forget(
    connection: &mut PgConnection,
    submission: i64,
) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from submission_record where submission = $1",
        submission
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from submission_region where submission = $1",
        submission
    )
    .execute(connection)
    .await?;
    Ok(())
}
