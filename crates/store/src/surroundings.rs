//! What a page shows around its features: the regions with their names and areas, and the register's
//! last revision.

use geo_types::MultiPolygon;

use crate::Store;
use crate::error::StoreError;

/// A region with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRegion {
    /// The layer that has it, such as `districts`.
    pub layer: String,
    /// Its feature id there.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its name as stored, in Cyrillic.
    pub name: String,
}

impl Store {
    /// All regions of the three levels: districts, municipalities, statistical regions, each level in
    /// the order of codes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn named_regions(&self) -> Result<Vec<NamedRegion>, StoreError> {
        let regions = sqlx::query_as!(
            NamedRegion,
            r#"select layer as "layer!", id as "id!", code as "code!", name as "name!" from (
                   select 1 as level, 'districts' as layer, id, code, name from district
                   union all
                   select 2, 'municipalities', id, code, name from municipality
                   union all
                   select 3, 'statistical_regions', id, code, name from statistical_region
               ) regions order by level, code"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(regions)
    }

    /// The codes and areas of the districts for a small map: without vertices that change the outline by less
    /// than `tolerance` (degrees), and without parts smaller than that.
    ///
    /// # Errors
    /// When the database does not answer, or an area cannot be read.
    pub async fn district_outlines(
        &self,
        tolerance: f64,
    ) -> Result<Vec<(String, MultiPolygon<f64>)>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, code, ST_Simplify(area, $1) as "area!" from district
               where area is not null and not ST_IsEmpty(ST_Simplify(area, $1)) order by code"#,
            tolerance
        )
        .fetch_all(&self.pool)
        .await?;
        let read = rows.into_iter().map(|row| {
            let area = row.area.to_areas().ok_or(StoreError::Inconsistent {
                layer: "districts",
                id: row.id,
                field: "area".to_owned(),
            })?;
            Ok((row.code, area))
        });
        read.collect()
    }

    /// The last revision of the whole register; 0 before the first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn register_revision(&self) -> Result<i64, StoreError> {
        let revision = sqlx::query_scalar!(
            r#"select coalesce(max(revision), 0) as "revision!" from layer_state"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(revision)
    }
}
