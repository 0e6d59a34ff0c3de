//! What lies near the records of a file: outlines that overlap, points outside their outline, dams
//! far from their facility.
//!
//! The statements speak of the temporary table of an open [`Staging`], which no database has when
//! the program is compiled; so they are fixed text, but unchecked.

mod boxes;
mod shared;

use std::collections::{HashMap, HashSet};

use domain::Layer;
use domain::layer::{GeometryKind, Supply};
use domain::layers::{DAMS, FACILITIES, FACILITY_OUTLINES};
use futures_util::TryStreamExt as _;
use sqlx::{PgConnection, Row as _};

use crate::error::StoreError;
use crate::geometry::Ewkb;
use crate::staging::Staging;
use crate::text;
pub(crate) use boxes::Extent;
use boxes::overlapping;
use shared::{Outline, Shared};

/// An overlap counts from this area on …
pub const LEAST_OVERLAP_M2: f64 = 1.0;
/// … if it is also at least this part of the smaller of the two outlines: less is the inaccuracy of
/// digitising.
pub const LEAST_OVERLAP_SHARE: f64 = 0.005;
/// A dam may lie so far from its facility, beside the accuracy of the facility's place.
pub const FARTHEST_DAM_M: f64 = 1_000.0;
/// A point may lie so far outside its outline.
pub const FARTHEST_POINT_M: f64 = 1.0;
/// A record may lie so far from where the register has it, beside the accuracy of both.
pub const FARTHEST_MOVE_M: f64 = 1_000.0;
/// At most so many pairs of outlines whose boxes overlap are measured, each against the file and
/// against the register: more than a report lists, and a second or two.
const MOST_PAIRS: usize = 10_000;
/// At most so much of the outlines in such pairs is in memory at once, unless two outlines are more.
const MOST_BYTES: usize = 64 << 20;

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
    /// The registered point of a facility lies outside its new outline, and moves into it.
    LeavesPoint {
        /// Metres to the outline, on the ellipsoid.
        distance_m: f64,
    },
    /// A record lies far from where the register has it.
    Moved {
        /// Metres between the two, on the ellipsoid.
        distance_m: f64,
    },
    /// An area touches the registered one, but its middle lies elsewhere.
    Shifted {
        /// Metres between the middles, on a sphere of 6371 km.
        distance_m: f64,
    },
    /// An area is the same as that of another record.
    SameArea {
        /// The other's place in the file; `None` for one that only the register has.
        other_row: Option<i64>,
    },
}

impl Staging {
    /// Finds what is worth a look in how the staged records lie to each other and to the register:
    /// for `facility_outlines` overlaps, for `facilities` points outside the registered outline, for
    /// `dams` crests far from their facility, for other layers of areas the same area under two codes. To be asked before [`Self::compare`], which puts points
    /// back into their outlines.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn neighbours(&mut self) -> Result<Neighbourhood, StoreError> {
        let layer = self.layer();
        let extents = std::mem::take(&mut self.extents);
        let is_first = self.is_first;
        let connection = self.connection();
        if layer.id == FACILITY_OUTLINES.id {
            let mut found = overlaps_in_file(connection, extents).await?;
            if !is_first {
                found.add(overlaps_with_register(connection).await?);
            }
            Ok(found)
        } else if layer.id == FACILITIES.id && !is_first {
            points_outside(connection).await
        } else if layer.id == DAMS.id {
            far_dams(connection).await
        } else {
            same_areas(connection, layer).await
        }
    }

    /// Finds the staged records that lie far from where the register has them, and for
    /// `facility_outlines` the registered points that they leave outside. Who moves one by hand sees where
    /// to, so this is for files. To be asked before [`Self::compare`], likewise.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn moves(&mut self) -> Result<Neighbourhood, StoreError> {
        if self.is_first {
            return Ok(Neighbourhood::default());
        }
        let layer = self.layer();
        let connection = self.connection();
        let mut found = moved(connection, layer).await?;
        if layer.geometry == GeometryKind::MultiPolygon {
            found.add(shifted(connection, layer).await?);
        }
        if layer.id == FACILITY_OUTLINES.id {
            found.add(points_left_outside(connection).await?);
        }
        Ok(found)
    }
}

impl Neighbourhood {
    /// Records that lie so far from something: row, code of the other, metres.
    fn of(rows: Vec<(i64, String, f64)>, relation: impl Fn(f64) -> Relation) -> Self {
        let one = |(row, other, distance_m)| Nearby {
            row,
            other,
            relation: relation(distance_m),
        };
        Self {
            found: rows.into_iter().map(one).collect(),
            is_incomplete: false,
        }
    }

    /// Adds what was found elsewhere.
    pub fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.is_incomplete |= other.is_incomplete;
    }
}

/// The boxes are compared here, which takes a hundredth of the time that an index in the temporary
/// table takes to be made and asked; 24 bytes for each record. The outlines that are in a pair are
/// taken out of that table and measured here too, on all cores.
async fn overlaps_in_file(
    connection: &mut PgConnection,
    extents: Vec<Extent>,
) -> Result<Neighbourhood, StoreError> {
    let pairs = overlapping(extents, MOST_PAIRS);
    let mut neighbourhood = Neighbourhood {
        is_incomplete: pairs.len() == MOST_PAIRS,
        ..Neighbourhood::default()
    };
    // Parts that are still to be measured, each smaller than it was when its outlines were too much.
    let mut parts = vec![pairs];
    while let Some(mut pairs) = parts.pop() {
        let most_bytes = if pairs.len() > 1 {
            MOST_BYTES
        } else {
            usize::MAX
        };
        if let Some(outlines) = outlines_of(connection, &pairs, most_bytes).await? {
            neighbourhood.found.extend(measured(outlines, pairs).await?);
        } else {
            parts.push(pairs.split_off(pairs.len() / 2));
            parts.push(pairs);
        }
    }
    Ok(neighbourhood)
}

/// The outlines of these rows; `None` when they are more than `most_bytes`.
async fn outlines_of(
    connection: &mut PgConnection,
    pairs: &[(i64, i64)],
    most_bytes: usize,
) -> Result<Option<HashMap<i64, Outline>>, StoreError> {
    let mut outlines = HashMap::new();
    if pairs.is_empty() {
        return Ok(Some(outlines));
    }
    let rows: HashSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let rows: Vec<i64> = rows.into_iter().collect();
    let mut found = sqlx::query_as::<_, (i64, String, Ewkb)>(
        "select row_number, code, outline from staged \
         where row_number = any($1) and code is not null",
    )
    .bind(rows)
    .fetch(connection);
    let mut bytes = 0;
    while let Some((row, code, outline)) = found.try_next().await? {
        bytes += outline.0.len();
        if bytes > most_bytes {
            return Ok(None);
        }
        let areas = outline.to_areas();
        outlines.extend(areas.map(|areas| (row, Outline::new(code, areas))));
    }
    Ok(Some(outlines))
}

async fn measured(
    outlines: HashMap<i64, Outline>,
    pairs: Vec<(i64, i64)>,
) -> Result<Vec<Nearby>, StoreError> {
    let measure = move || {
        let shared = shared::overlaps(&outlines, &pairs);
        let both = |Shared { rows, m2, share }: Shared| {
            let (a, b) = rows;
            let code = |row| outlines.get(&row).map(|outline| outline.code.clone());
            [
                overlap(a, code(b).unwrap_or_default(), Some(b), m2, share),
                overlap(b, code(a).unwrap_or_default(), Some(a), m2, share),
            ]
        };
        shared.into_iter().flat_map(both).collect()
    };
    let measured = tokio::task::spawn_blocking(measure).await;
    Ok(measured.map_err(|_| sqlx::Error::WorkerCrashed)?)
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
    Ok(Neighbourhood::of(rows, |distance_m| {
        Relation::OutsideOutline { distance_m }
    }))
}

async fn points_left_outside(connection: &mut PgConnection) -> Result<Neighbourhood, StoreError> {
    let rows: Vec<(i64, String, f64)> = sqlx::query_as(
        "select * from (select staged.row_number, staged.code, \
         ST_Distance(staged.outline::geography, facility.location::geography) \
         - coalesce(facility.location_accuracy_m, 0) as distance_m \
         from staged join facility on facility.code = staged.code \
         where staged.outline is not null and not ST_Covers(staged.outline, facility.location)) outside \
         where distance_m >= $1",
    )
    .bind(FARTHEST_POINT_M)
    .fetch_all(connection)
    .await?;
    Ok(Neighbourhood::of(rows, |distance_m| {
        Relation::LeavesPoint { distance_m }
    }))
}

async fn moved(
    connection: &mut PgConnection,
    layer: &'static Layer,
) -> Result<Neighbourhood, StoreError> {
    let rows = distances(connection, text::moved(layer, FARTHEST_MOVE_M)).await?;
    Ok(Neighbourhood::of(rows, |distance_m| Relation::Moved {
        distance_m,
    }))
}

async fn shifted(
    connection: &mut PgConnection,
    layer: &'static Layer,
) -> Result<Neighbourhood, StoreError> {
    let rows = distances(connection, text::shifted(layer, FARTHEST_MOVE_M)).await?;
    Ok(Neighbourhood::of(rows, |distance_m| Relation::Shifted {
        distance_m,
    }))
}

/// Row, code, metres.
async fn distances(
    connection: &mut PgConnection,
    statement: text::Statement,
) -> Result<Vec<(i64, String, f64)>, StoreError> {
    let rows = statement.fetch_all(connection).await?;
    let rows = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
    rows.collect()
}

/// Overlaps of facilities' outlines are told anyway, and surveys of one place are as they should be.
async fn same_areas(
    connection: &mut PgConnection,
    layer: &'static Layer,
) -> Result<Neighbourhood, StoreError> {
    if layer.geometry != GeometryKind::MultiPolygon || layer.supply != Supply::Features {
        return Ok(Neighbourhood::default());
    }
    let rows = text::same_areas(layer, i64::try_from(MOST_PAIRS).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let found = rows.iter().map(|row| {
        Ok(Nearby {
            row: row.try_get(0)?,
            other: row.try_get(1)?,
            relation: Relation::SameArea {
                other_row: row.try_get(2)?,
            },
        })
    });
    Ok(Neighbourhood {
        found: found.collect::<Result<_, StoreError>>()?,
        is_incomplete: rows.len() == MOST_PAIRS,
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
    Ok(Neighbourhood::of(rows, |distance_m| {
        Relation::FarFromFacility { distance_m }
    }))
}
