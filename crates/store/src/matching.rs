//! Which registered facility a staged record is, where it does not say so by its code.

use domain::region::CodeSeries;
use domain::text::is_same_name;
use geo_types::Geometry;
use serde::Serialize;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::geometry::Ewkb;
use crate::staging::Staging;
use crate::text;

/// A registered facility that a record may be.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Candidate {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Option<String>,
    /// Whether the record has its external id.
    pub same_external_id: bool,
    /// Whether the record has its name, script and diacritics aside.
    pub same_name: bool,
    /// How much of the larger of the two outlines both cover, 0 to 1.
    pub shared_outline: Option<f64>,
    /// How far its point is from the record's, metres.
    pub distance_m: Option<f64>,
    /// Whether that is within 100 m, or within what both say of their accuracy.
    pub is_at_place: bool,
    /// Where it is, for the map: longitude, latitude, WGS 84.
    #[serde(skip)]
    pub place: Option<(f64, f64)>,
}

/// A staged record with the registered facilities that it may be, the likeliest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// Its place in the file.
    pub row: i64,
    /// Its code, which is new to the register.
    pub code: Option<String>,
    /// Those that it is like.
    pub candidates: Vec<Candidate>,
    /// Those elsewhere that it shares nothing with but a number as external id.
    pub numbered: Vec<Candidate>,
}

/// By what people find a staged record in its source and on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Whereabouts {
    /// Its place in the file.
    pub row: i64,
    /// Its identifier in its source.
    pub external_id: Option<String>,
    /// Longitude, latitude, WGS 84.
    pub geometry: Option<Geometry<f64>>,
}

/// A staged record that has no code.
#[derive(Clone, Debug, PartialEq)]
pub struct Codeless {
    /// Its place in the file.
    pub row: i64,
    /// The municipality that it names.
    pub municipality: Option<String>,
    /// The district that it names.
    pub district: Option<String>,
    /// Its identifier in its source.
    pub external_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// A point in or on it: longitude, latitude, WGS 84.
    pub place: Option<(f64, f64)>,
}

impl Staging {
    /// The registered facilities that staged records without a code, or with a code that is not in
    /// the register, may be. Only for layers of facilities.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn likely_facilities(&mut self) -> Result<Vec<Likeness>, StoreError> {
        if self.is_first {
            return Ok(Vec::new());
        }
        let rows = text::likely_facilities(self.layer)
            .fetch_all(&mut *self.transaction)
            .await?;
        let mut found: Vec<Likeness> = Vec::new();
        for row in rows {
            let candidate = candidate(&row)?;
            let is_alike = candidate.is_alike();
            if !is_alike && !row.try_get::<bool, _>(9)? {
                continue;
            }
            let place: i64 = row.try_get(0)?;
            if found.last().is_none_or(|last| last.row != place) {
                found.push(Likeness {
                    row: place,
                    code: row.try_get(1)?,
                    candidates: Vec::new(),
                    numbered: Vec::new(),
                });
            }
            if let Some(last) = found.last_mut() {
                last.add(candidate, is_alike);
            }
        }
        Ok(found)
    }

    /// The staged records that have no code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn without_code(&mut self) -> Result<Vec<Codeless>, StoreError> {
        if self.all_have_codes {
            return Ok(Vec::new());
        }
        let rows = text::without_code(self.layer)
            .fetch_all(&mut *self.transaction)
            .await?;
        let codeless = rows.into_iter().map(|row| {
            Ok(Codeless {
                row: row.try_get(0)?,
                municipality: row.try_get(1)?,
                district: row.try_get(2)?,
                external_id: row.try_get(3)?,
                name: row.try_get(4)?,
                place: row
                    .try_get::<Option<f64>, _>(5)?
                    .zip(row.try_get::<Option<f64>, _>(6)?),
            })
        });
        codeless.collect()
    }

    /// Gives staged records codes: row, code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_codes(&mut self, given: &[(i64, String)]) -> Result<(), StoreError> {
        if given.is_empty() {
            return Ok(());
        }
        let (rows, codes): (Vec<i64>, Vec<String>) = given.iter().cloned().unzip();
        sqlx::query(text::give_codes())
            .bind(rows)
            .bind(codes)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// The staged records that have one of these codes: row, code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_codes(&mut self, codes: &[String]) -> Result<Vec<(i64, String)>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query_as(text::with_codes())
            .bind(codes)
            .fetch_all(&mut *self.transaction)
            .await?;
        Ok(rows)
    }

    /// What tells where the staged records of these rows come from and are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn whereabouts(&mut self, rows: &[i64]) -> Result<Vec<Whereabouts>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let found = text::whereabouts(self.layer, rows)
            .fetch_all(&mut *self.transaction)
            .await?;
        let found = found.into_iter().map(|row| {
            let geometry: Option<Ewkb> = row.try_get(2)?;
            Ok(Whereabouts {
                row: row.try_get(0)?,
                external_id: row.try_get(1)?,
                geometry: geometry.and_then(|geometry| geometry.to_geometry()),
            })
        });
        found.collect()
    }

    /// Takes staged records out again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_out(&mut self, rows: &[i64]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let taken = sqlx::query(text::take_out())
            .bind(rows)
            .execute(&mut *self.transaction)
            .await?;
        self.staged = self
            .staged
            .saturating_sub(usize::try_from(taken.rows_affected()).unwrap_or(usize::MAX));
        Ok(())
    }
}

impl Likeness {
    fn add(&mut self, candidate: Candidate, is_alike: bool) {
        if is_alike {
            self.candidates.push(candidate);
        } else {
            self.numbered.push(candidate);
        }
    }
}

impl Codeless {
    /// The series in which it is numbered, if it says enough for that.
    pub fn series(&self) -> Option<CodeSeries> {
        fn read<T: std::str::FromStr>(code: Option<&String>) -> Option<T> {
            code?.parse().ok()
        }
        CodeSeries::of(
            read(self.municipality.as_ref()),
            read(self.district.as_ref()),
        )
    }
}

impl Candidate {
    /// Whether more than being in the same valley, or the same number of another list, speaks for it.
    fn is_alike(&self) -> bool {
        self.same_external_id
            || self.same_name
            || self.is_at_place
            || self.shared_outline.is_some_and(|share| share >= 0.1)
    }
}

fn candidate(row: &sqlx::postgres::PgRow) -> Result<Candidate, StoreError> {
    let [given, name]: [Option<String>; 2] = [row.try_get(2)?, row.try_get(4)?];
    let same_name = match (&given, &name) {
        (Some(given), Some(name)) => is_same_name(given, name),
        _ => false,
    };
    Ok(Candidate {
        code: row.try_get(3)?,
        name,
        same_external_id: row.try_get(5)?,
        same_name,
        shared_outline: row.try_get(6)?,
        distance_m: row.try_get(7)?,
        is_at_place: row.try_get(8)?,
        place: row
            .try_get::<Option<f64>, _>(10)?
            .zip(row.try_get::<Option<f64>, _>(11)?),
    })
}
