//! Which regions an upload touches, and whether a reviewer's limits cover them.

use domain::region::{DistrictCode, MunicipalityCode, Region, covers};
use sqlx::{PgConnection, Row, postgres::PgRow};

use crate::Store;
use crate::error::StoreError;
use crate::staging::Staging;
use crate::text;

/// The regions of a record before or after a change, as it says them; `None` where it does not.
pub type Place = (Option<MunicipalityCode>, Option<DistrictCode>);

impl Store {
    /// Whether every record that an upload touches lies in these districts and municipalities, both
    /// before and after, as far as its last inspection saw; always when there are none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keeps_within(&self, id: i64, regions: &[Region]) -> Result<bool, StoreError> {
        Ok(cover(regions, self.submission_places(id).await?))
    }

    /// The regions of the records that an upload touches, both before and after, as its last inspection
    /// saw them; none once it is decided.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submission_places(&self, id: i64) -> Result<Vec<Place>, StoreError> {
        let rows = sqlx::query!(
            "select distinct municipality, district from submission_region where submission = $1 \
             order by municipality, district",
            id
        )
        .fetch_all(&self.pool)
        .await?;
        let places = rows.into_iter();
        Ok(places
            .map(|row| place(row.municipality, row.district))
            .collect())
    }
}

impl Staging {
    /// Whether the staged records that are new or change something lie where whoever approved the
    /// upload may publish, both before and after. To be asked when nobody else changes the register
    /// any more.
    pub(crate) async fn keep_to_limits(&mut self, submission: i64) -> Result<(), StoreError> {
        let regions = decided_within(&mut self.transaction, submission).await?;
        if regions.is_empty() {
            return Ok(());
        }
        let rows = text::touched(self.layer)
            .fetch_all(&mut *self.transaction)
            .await?;
        let places: Result<Vec<Place>, _> = rows.iter().map(read_place).collect();
        if cover(&regions, places?) {
            Ok(())
        } else {
            Err(StoreError::OutsideLimits(submission))
        }
    }
}

async fn decided_within(
    connection: &mut PgConnection,
    submission: i64,
) -> Result<Vec<Region>, StoreError> {
    let codes = sqlx::query_scalar!(
        "select decided_within from submission where id = $1",
        submission
    )
    .fetch_optional(connection)
    .await?;
    read(submission, &codes.unwrap_or_default())
}

/// Whether limits to regions cover all these places; always when there are none.
pub fn cover(regions: &[Region], places: impl IntoIterator<Item = Place>) -> bool {
    let mut places = places.into_iter();
    regions.is_empty()
        || places.all(|(municipality, district)| covers(regions, municipality, district))
}

pub(super) fn codes(regions: &[Region]) -> Vec<String> {
    regions.iter().map(ToString::to_string).collect()
}

pub(super) fn read(submission: i64, codes: &[String]) -> Result<Vec<Region>, StoreError> {
    let strange = |_| StoreError::StrangeLimit(submission);
    codes
        .iter()
        .map(|code| code.parse().map_err(strange))
        .collect()
}

fn read_place(row: &PgRow) -> Result<Place, sqlx::Error> {
    Ok(place(row.try_get(0)?, row.try_get(1)?))
}

fn place(municipality: Option<String>, district: Option<String>) -> Place {
    let municipality = municipality.and_then(|code| code.parse().ok());
    (municipality, district.and_then(|code| code.parse().ok()))
}
