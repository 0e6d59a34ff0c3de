//! Regions, as far as other parts need their areas.

use domain::region::{DistrictCode, MunicipalityCode};
use geo_types::MultiPolygon;

use crate::Store;
use crate::error::StoreError;

impl Store {
    /// The districts that have an area, with their Latin names.
    ///
    /// # Errors
    /// When the database does not answer, or an area cannot be read.
    pub async fn district_areas(
        &self,
    ) -> Result<Vec<(DistrictCode, String, MultiPolygon<f64>)>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, code, coalesce(name_latin, name) as "name!", area as "area!" from district
               where area is not null order by code"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let read = row.code.parse().ok().zip(row.area.to_areas());
                let (code, area) = read.ok_or(StoreError::Inconsistent {
                    layer: "districts",
                    id: row.id,
                    field: "area".to_owned(),
                })?;
                Ok((code, row.name, area))
            })
            .collect()
    }

    /// The municipalities with their Latin names and districts, by which files name them.
    ///
    /// # Errors
    /// When the database does not answer, or a code cannot be read.
    pub async fn municipality_names(
        &self,
    ) -> Result<Vec<(MunicipalityCode, String, Option<DistrictCode>)>, StoreError> {
        let rows = sqlx::query!(
            r#"select id, code, coalesce(name_latin, name) as "name!", district from municipality
               order by code"#
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let code = row.code.parse().map_err(|_| StoreError::Inconsistent {
                    layer: "municipalities",
                    id: row.id,
                    field: "code".to_owned(),
                })?;
                Ok((
                    code,
                    row.name,
                    row.district.and_then(|district| district.parse().ok()),
                ))
            })
            .collect()
    }
}
