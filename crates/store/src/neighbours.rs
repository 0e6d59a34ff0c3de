//! What lies near the records of a file: outlines that overlap, points outside their outline, dams
//! far from their facility.
//!
//! The statements speak of the temporary table of an open [`Staging`], which no database has when
//! the program is compiled; so they are fixed text, but unchecked.

mod boxes;

use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use sqlx::PgConnection;

use crate::error::StoreError;
use crate::staging::Staging;
pub(crate) use boxes::Extent;
use boxes::overlapping;

/// An overlap counts from this area on …
pub const LEAST_OVERLAP_M2: f64 = 1.0;
/// … if it is also at least this part of the smaller of the two outlines: less is the inaccuracy of
/// digitising.
pub const LEAST_OVERLAP_SHARE: f64 = 0.005;
/// A dam may lie so far from its facility, beside the accuracy of the facility's place.
pub const FARTHEST_DAM_M: f64 = 1_000.0;
/// A point may lie so far outside its outline.
pub const FARTHEST_POINT_M: f64 = 1.0;
/// At most so many pairs of outlines whose boxes overlap are measured, each against the file and
/// against the register: more than a report lists, and a second or two.
const MOST_PAIRS: usize = 10_000;

/// What was found near the staged records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbourhood {
    /// In no particular order.
    pub found: Vec<Nearby>,
    /// Whether some outlines were left unmeasured, because too many lie too close together.
    pub is_incomplete: bool,
}

/// How a staged record lies to another record.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearby {
    /// The place of the staged record in the file.
    pub row: i64,
    /// The code of the other facility; that of the record itself for a point and its outline.
    pub other: String,
    /// How the two lie.
    pub relation: Relation,
}

/// How two records lie to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Relation {
    /// Their outlines have a part in common.
    Overlap {
        /// The other's place in the file; `None` for one that only the register has.
        other_row: Option<i64>,
        /// The common area on the ellipsoid, square metres.
        overlap_m2: f64,
        /// The same as part of the smaller outline, 0 to 1.
        share: f64,
    },
    /// The point of a facility lies outside its registered outline.
    OutsideOutline {
        /// Metres to the outline, on the ellipsoid.
        distance_m: f64,
    },
    /// A dam lies far from the facility that it names.
    FarFromFacility {
        /// Metres from the crest to the facility's outline, else its point, on the ellipsoid.
        distance_m: f64,
    },
}

impl Staging {
    /// Finds what is worth a look in how the staged records lie to each other and to the register:
    /// for `facility_outlines` overlaps, for `facilities` points outside the registered outline, for
    /// `dams` crests far from their facility. To be asked before [`Self::compare`], which puts points
    /// back into their outlines.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn neighbours(&mut self) -> Result<Neighbourhood, StoreError> {
        let layer = self.layer().id;
        let extents = std::mem::take(&mut self.extents);
        let is_first = self.is_first;
        let connection = self.connection();
        if layer == FACILITY_OUTLINES.id {
            let mut found = overlaps_in_file(connection, extents).await?;
            if !is_first {
                found.add(overlaps_with_register(connection).await?);
            }
            Ok(found)
        } else if layer == FACILITIES.id {
            points_outside(connection).await
        } else if layer == DAMS.id {
            far_dams(connection).await
        } else {
            Ok(Neighbourhood::default())
        }
    }
}

impl Neighbourhood {
    fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.is_incomplete |= other.is_incomplete;
    }
}

/// The boxes are compared here, which takes a hundredth of the time that an index in the temporary
/// table takes to be made and asked; 40 bytes for each record. Only the outlines that are in a pair are
/// taken out of that table, once. What a shared part is of the smaller outline is computed in degrees:
/// within an outline they are as good as a plane.
async fn overlaps_in_file(
    connection: &mut PgConnection,
    extents: Vec<Extent>,
) -> Result<Neighbourhood, StoreError> {
    let pairs = overlapping(extents, MOST_PAIRS);
    let is_incomplete = pairs.len() == MOST_PAIRS;
    if pairs.is_empty() {
        return Ok(Neighbourhood::default());
    }
    let (first, second): (Vec<i64>, Vec<i64>) = pairs.into_iter().unzip();
    let measured: Vec<(i64, i64, String, String, f64, f64)> = sqlx::query_as(
        "with outlines as materialized (select row_number, code, ST_Area(outline) as size, \
         case when ST_IsValid(outline) then outline else ST_MakeValid(outline) end as outline \
         from staged where row_number = any($1 || $2)) \
         select a.row_number, b.row_number, a.code, b.code, common.m2, \
         shared.size / least(a.size, b.size) \
         from unnest($1::bigint[], $2::bigint[]) pair (a, b) \
         join outlines a on a.row_number = pair.a join outlines b on b.row_number = pair.b \
         cross join lateral (select ST_CollectionExtract(\
         ST_Intersection(a.outline, b.outline), 3) as part offset 0) cut \
         cross join lateral (select ST_Area(part) as size offset 0) shared \
         cross join lateral (select case when shared.size > 0 \
         and shared.size >= $4 * least(a.size, b.size) then ST_Area(part::geography) end as m2 \
         offset 0) common where a.code <> b.code and common.m2 >= $3",
    )
    .bind(first)
    .bind(second)
    .bind(LEAST_OVERLAP_M2)
    .bind(LEAST_OVERLAP_SHARE)
    .fetch_all(&mut *connection)
    .await?;
    let both = |(a, b, code_a, code_b, m2, share)| {
        [
            overlap(a, code_b, Some(b), m2, share),
            overlap(b, code_a, Some(a), m2, share),
        ]
    };
    Ok(Neighbourhood {
        found: measured.into_iter().flat_map(both).collect(),
        is_incomplete,
    })
}

fn overlap(row: i64, other: String, other_row: Option<i64>, m2: f64, share: f64) -> Nearby {
    Nearby {
        row,
        other,
        relation: Relation::Overlap {
            other_row,
            overlap_m2: m2,
            share,
        },
    }
}

/// Outlines that the file replaces are compared in the file only.
async fn overlaps_with_register(
    connection: &mut PgConnection,
) -> Result<Neighbourhood, StoreError> {
    let pairs: Vec<(i64, i64)> = sqlx::query_as(
        "select staged.row_number, facility.id \
         from staged join facility on facility.outline && staged.outline \
         where facility.code <> staged.code and facility.outline is not null \
         and not exists (select from staged newer \
         where newer.code = facility.code and newer.outline is not null) limit $1",
    )
    .bind(i64::try_from(MOST_PAIRS).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    let is_incomplete = pairs.len() == MOST_PAIRS;
    if pairs.is_empty() {
        return Ok(Neighbourhood::default());
    }
    let (rows, ids): (Vec<i64>, Vec<i64>) = pairs.into_iter().unzip();
    let measured: Vec<(i64, String, f64, f64)> = sqlx::query_as(
        "select staged.row_number, facility.code, common.m2, common.m2 / smaller.m2 \
         from unnest($1::bigint[], $2::bigint[]) pair (row_number, id) \
         join staged on staged.row_number = pair.row_number join facility on facility.id = pair.id \
         cross join lateral (select ST_CollectionExtract(ST_Intersection(\
         case when ST_IsValid(staged.outline) then staged.outline \
         else ST_MakeValid(staged.outline) end, facility.outline), 3) as part offset 0) shared \
         cross join lateral (select case when ST_Area(part) > 0 \
         then ST_Area(part::geography) end as m2 offset 0) common \
         cross join lateral (select case when common.m2 >= $3 then least(\
         ST_Area(staged.outline::geography), ST_Area(facility.outline::geography)) end as m2 \
         offset 0) smaller \
         where common.m2 >= $3 and common.m2 >= $4 * smaller.m2",
    )
    .bind(rows)
    .bind(ids)
    .bind(LEAST_OVERLAP_M2)
    .bind(LEAST_OVERLAP_SHARE)
    .fetch_all(&mut *connection)
    .await?;
    let one = |(row, code, m2, share)| overlap(row, code, None, m2, share);
    Ok(Neighbourhood {
        found: measured.into_iter().map(one).collect(),
        is_incomplete,
    })
}

async fn points_outside(connection: &mut PgConnection) -> Result<Neighbourhood, StoreError> {
    let rows: Vec<(i64, String, f64)> = sqlx::query_as(
        "select * from (select staged.row_number, staged.code, \
         ST_Distance(facility.outline::geography, staged.location::geography) as distance_m \
         from staged join facility on facility.code = staged.code \
         where facility.outline is not null and staged.location is not null \
         and not ST_Covers(facility.outline, staged.location)) outside where distance_m >= $1",
    )
    .bind(FARTHEST_POINT_M)
    .fetch_all(connection)
    .await?;
    let one = |(row, other, distance_m)| Nearby {
        row,
        other,
        relation: Relation::OutsideOutline { distance_m },
    };
    Ok(Neighbourhood {
        found: rows.into_iter().map(one).collect(),
        is_incomplete: false,
    })
}

/// Degrees are enough to see that most dams are near: 0.008 degrees are at most 890 m.
async fn far_dams(connection: &mut PgConnection) -> Result<Neighbourhood, StoreError> {
    let rows: Vec<(i64, String, f64)> = sqlx::query_as(
        "select far.row_number, far.code, distance.m from (\
         select staged.row_number, staged.crest, facility.code, \
         coalesce(facility.outline, facility.location) as place, \
         case when facility.outline is null then facility.location_accuracy_m end as accuracy_m \
         from staged join facility on facility.code = staged.facility \
         where staged.crest is not null) far \
         cross join lateral (select case when far.place is not null \
         and not ST_DWithin(far.crest, far.place, 0.008) \
         then ST_Distance(far.crest::geography, far.place::geography) end as m offset 0) distance \
         where distance.m > $1 + coalesce(far.accuracy_m, 0)",
    )
    .bind(FARTHEST_DAM_M)
    .fetch_all(connection)
    .await?;
    let one = |(row, other, distance_m)| Nearby {
        row,
        other,
        relation: Relation::FarFromFacility { distance_m },
    };
    Ok(Neighbourhood {
        found: rows.into_iter().map(one).collect(),
        is_incomplete: false,
    })
}
