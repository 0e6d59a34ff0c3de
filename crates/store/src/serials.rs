//! The codes that the register itself gives to facilities: the next ones of their series.

use std::borrow::Cow;
use std::collections::HashMap;

use domain::layer::Layer;
use domain::region::CodeSeries;
use domain::{Record, Value};
use sqlx::{PgConnection, Row as _};

use crate::edit::Change;
use crate::error::StoreError;
use crate::staging::Staging;
use crate::text;

/// The highest serials in use of some series. A code that was taken away from a facility is in use too:
/// it still names that one in history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serials(HashMap<String, i64>);

impl Serials {
    /// The next code of a series, which is in use from then on.
    pub fn next(&mut self, series: &CodeSeries) -> String {
        let serial = self.0.entry(series.prefix().to_owned()).or_default();
        *serial += 1;
        series.code(*serial)
    }

    /// Does not give a code that somebody gives.
    fn pass_over(&mut self, series: &CodeSeries, code: &str) {
        if let Some(serial) = series.serial(code) {
            let highest = self.0.entry(series.prefix().to_owned()).or_default();
            *highest = serial.max(*highest);
        }
    }
}

impl Staging {
    /// The highest serials in use of these series in the register, in its history or in the file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn serials(&mut self, series: &[CodeSeries]) -> Result<Serials, StoreError> {
        let prefixes: Vec<&str> = series.iter().map(CodeSeries::prefix).collect();
        let serials: Vec<(String, i64)> = sqlx::query_as(text::highest_serials_beside_file())
            .bind(prefixes)
            .fetch_all(&mut *self.transaction)
            .await?;
        Ok(Serials(serials.into_iter().collect()))
    }
}

/// The changes with codes for the facilities that are added without one. To be asked when nobody else
/// changes the register any more.
pub(crate) async fn named<'c>(
    connection: &mut PgConnection,
    layer: &'static Layer,
    changes: &'c [Change],
) -> Result<Cow<'c, [Change]>, sqlx::Error> {
    let mut series: Vec<CodeSeries> = changes.iter().filter_map(series_of).collect();
    if series.is_empty() {
        return Ok(changes.into());
    }
    series.sort();
    series.dedup();
    let mut serials = in_use(connection, &series).await?;
    for code in changes.iter().filter_map(given_code) {
        for one in &series {
            serials.pass_over(one, code);
        }
    }
    let mut changes = changes.to_vec();
    for change in &mut changes {
        if let (Some(series), Change::Insert(record)) = (series_of(change), change) {
            let code = serials.next(&series);
            record.set(layer.key().name, Value::Text(code));
        }
    }
    Ok(changes.into())
}

async fn in_use(
    connection: &mut PgConnection,
    series: &[CodeSeries],
) -> Result<Serials, sqlx::Error> {
    sqlx::query(text::plan_for_values())
        .execute(&mut *connection)
        .await?;
    let rows = text::highest_serials(series).fetch_all(connection).await?;
    let mut serials = HashMap::new();
    for row in rows {
        let highest: Option<i64> = row.try_get(1)?;
        serials.insert(row.try_get(0)?, highest.unwrap_or_default());
    }
    Ok(Serials(serials))
}

fn series_of(change: &Change) -> Option<CodeSeries> {
    match change {
        Change::Insert(record) => record.code_series(),
        Change::Update { .. } | Change::Delete { .. } => None,
    }
}

/// The code that a record will have because its sender says so.
fn given_code(change: &Change) -> Option<&str> {
    match change {
        Change::Insert(record) | Change::Update { record, .. } => Record::key(record),
        Change::Delete { .. } => None,
    }
}
