//! Figures over the facilities of regions.

use domain::layer::{Field, Layer};
use sqlx::Row;

use crate::Store;
use crate::error::StoreError;
use crate::text;

/// Facilities of one region, type and status, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionGroup {
    /// The code of the region; `None` for facilities that record none.
    pub region: Option<String>,
    /// The region's name as stored, in Cyrillic; `None` for a region that is not in the register.
    pub name: Option<String>,
    /// The code of the facility type.
    pub facility_type: Option<String>,
    /// The code of the status.
    pub status: Option<String>,
    /// How many facilities.
    pub facilities: i64,
    /// How many of them have an area, a volume, a mass.
    pub known: [i64; 3],
    /// The sums of those: m², m³, t.
    pub sums: [f64; 3],
}

impl Store {
    /// The facilities by region (of the layer `regions`: districts, municipalities or statistical
    /// regions), type and status, as they record the region.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn facilities_by_region(
        &self,
        regions: &Layer,
    ) -> Result<Vec<RegionGroup>, StoreError> {
        let rows = sqlx::query!(
            r#"
            with placed as (
                select case $1
                        when 'districts' then district
                        when 'municipalities' then municipality
                        else statistical_region
                    end as region, facility_type, status, area_m2, volume_m3, mass_t
                from facility
            ), named as (
                select code, name from district where $1 = 'districts'
                union all select code, name from municipality where $1 = 'municipalities'
                union all select code, name from statistical_region where $1 = 'statistical_regions'
            )
            select region, max(named.name) as name, facility_type, status,
                count(*) as "facilities!",
                count(area_m2) as "with_area!", coalesce(sum(area_m2), 0) as "area_m2!",
                count(volume_m3) as "with_volume!", coalesce(sum(volume_m3), 0) as "volume_m3!",
                count(mass_t) as "with_mass!", coalesce(sum(mass_t), 0) as "mass_t!"
            from placed left join named on named.code = region
            group by region, facility_type, status
            order by region nulls last, facility_type nulls last, status nulls last
            "#,
            regions.id
        )
        .fetch_all(&self.pool)
        .await?;
        let groups = rows.into_iter().map(|row| RegionGroup {
            region: row.region,
            name: row.name,
            facility_type: row.facility_type,
            status: row.status,
            facilities: row.facilities,
            known: [row.with_area, row.with_volume, row.with_mass],
            sums: [row.area_m2, row.volume_m3, row.mass_t],
        });
        Ok(groups.collect())
    }

    /// Of how many records of a layer each of these fields is known; a code that says "unknown" is not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known_counts(
        &self,
        layer: &Layer,
        fields: &[&Field],
    ) -> Result<Vec<i64>, StoreError> {
        let row = text::known_counts(layer, fields)
            .fetch_one(&self.pool)
            .await?;
        let counts = (0..fields.len()).map(|at| Ok(row.try_get(at)?));
        counts.collect()
    }
}
