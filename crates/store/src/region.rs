//! Regions, as far as other parts need their areas.

use domain::layer::Layer;
use domain::region::{DistrictCode, MunicipalityCode, Region};
use geo_types::{Geometry, MultiPolygon};
use sqlx::Row as _;

use crate::Store;
use crate::error::StoreError;
use crate::text;

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

    /// Whether a record that stands belongs to one of these regions, as it records it or, where it
    /// records none, by its place.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn belongs_to(
        &self,
        layer: &'static Layer,
        id: i64,
        regions: &[Region],
    ) -> Result<bool, StoreError> {
        for region in regions {
            let found = text::belongs_to(layer, id, *region);
            if found.fetch_optional(&self.pool).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The municipality in which a geometry (longitude, latitude, WGS 84) lies, by a point on it; `None`
    /// where no area that is known has it, or more than one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn municipality_at(
        &self,
        geometry: &Geometry<f64>,
    ) -> Result<Option<MunicipalityCode>, StoreError> {
        let rows = text::municipalities_at(geometry).fetch_all(&self.pool);
        let rows = rows.await?;
        let [row] = &rows[..] else {
            return Ok(None);
        };
        Ok(row.try_get::<String, _>(0)?.parse().ok())
    }

    /// The codes of districts and municipalities, each with its Latin name, by which files name them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn region_names(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query!(
            r#"select code as "code!", coalesce(name_latin, name) as "name!" from district
               union all
               select code, coalesce(name_latin, name) from municipality"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
    }
}
