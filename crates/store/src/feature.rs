//! A row of a layer as it comes from the database, decoded only when looked at.

use chrono::{DateTime, NaiveDate, Utc};
use domain::layer::{Field, Layer};
use domain::value::FieldType;
use sqlx::Row;
use sqlx::postgres::{PgRow, PgValueRef};

use crate::copy::{day_from, moment_from};
use crate::error::StoreError;

/// Columns that stand before the fields: id, geometry.
pub(crate) const LEADING_COLUMNS: usize = 2;

/// One feature of a layer.
pub struct Feature {
    layer: &'static Layer,
    fields: &'static [&'static Field],
    row: PgRow,
}

/// A value, borrowed from its row.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueRef<'r> {
    /// Nothing is known.
    Unknown,
    /// Text, or one code.
    Text(&'r str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A calendar day.
    Date(NaiveDate),
    /// A moment.
    DateTime(DateTime<Utc>),
    /// Codes of a closed list.
    Codes(Vec<&'r str>),
}

impl Feature {
    pub(crate) const fn new(
        layer: &'static Layer,
        fields: &'static [&'static Field],
        row: PgRow,
    ) -> Self {
        Self { layer, fields, row }
    }

    /// The feature id.
    ///
    /// # Errors
    /// When the row is not one of this layer.
    pub fn id(&self) -> Result<i64, StoreError> {
        Ok(self.row.try_get(0)?)
    }

    /// The geometry as EWKB, longitude before latitude; `None` where unknown.
    ///
    /// # Errors
    /// When the row is not one of this layer.
    pub fn ewkb(&self) -> Result<Option<&[u8]>, StoreError> {
        bytes(&self.row.try_get_raw(1)?)
    }

    /// The last revision of its layer and how many features that has, as they were when the page was
    /// read; only features of a page know.
    ///
    /// # Errors
    /// When the feature is not one of a page.
    pub fn layer_revision_and_count(&self) -> Result<(Option<i64>, Option<i64>), StoreError> {
        let at = LEADING_COLUMNS + self.fields.len();
        let known: Option<Vec<Option<i64>>> = self.row.try_get(at)?;
        let known = known.unwrap_or_default();
        let get = |at: usize| known.get(at).copied().flatten();
        Ok((get(0), get(1)))
    }

    /// The fields that were asked for, each with its value.
    pub fn values(
        &self,
    ) -> impl Iterator<Item = Result<(&'static Field, ValueRef<'_>), StoreError>> {
        self.fields.iter().enumerate().map(|(at, &field)| {
            let bytes = bytes(&self.row.try_get_raw(at + LEADING_COLUMNS)?)?;
            let value = match bytes {
                None => ValueRef::Unknown,
                Some(bytes) => {
                    decode(field.field_type, bytes).ok_or_else(|| self.inconsistent(field))?
                }
            };
            Ok((field, value))
        })
    }

    /// The value of one field.
    ///
    /// # Errors
    /// When the row is not one of this layer.
    pub fn value(&self, name: &str) -> Result<ValueRef<'_>, StoreError> {
        self.values()
            .find(|pair| pair.as_ref().map_or(true, |(field, _)| field.name == name))
            .map_or(Ok(ValueRef::Unknown), |pair| pair.map(|(_, value)| value))
    }

    fn inconsistent(&self, field: &Field) -> StoreError {
        StoreError::Inconsistent {
            layer: self.layer.id,
            id: self.id().unwrap_or_default(),
            field: field.name.to_owned(),
        }
    }
}

fn bytes<'r>(value: &PgValueRef<'r>) -> Result<Option<&'r [u8]>, StoreError> {
    if sqlx::ValueRef::is_null(value) {
        return Ok(None);
    }
    value
        .as_bytes()
        .map(Some)
        .map_err(|source| sqlx::Error::Decode(source).into())
}

/// Reads the binary form that `PostgreSQL` sends for the column type of a field.
fn decode(field_type: FieldType, bytes: &[u8]) -> Option<ValueRef<'_>> {
    Some(match field_type {
        FieldType::Text | FieldType::Code(_) => ValueRef::Text(str::from_utf8(bytes).ok()?),
        FieldType::Integer => ValueRef::Integer(i64::from_be_bytes(bytes.try_into().ok()?)),
        FieldType::Number => ValueRef::Number(f64::from_be_bytes(bytes.try_into().ok()?)),
        FieldType::Boolean => ValueRef::Boolean(*bytes.first()? != 0),
        FieldType::Date => ValueRef::Date(day_from(i32::from_be_bytes(bytes.try_into().ok()?))?),
        FieldType::DateTime => {
            ValueRef::DateTime(moment_from(i64::from_be_bytes(bytes.try_into().ok()?))?)
        }
        FieldType::Codes(_) => ValueRef::Codes(texts(bytes)?),
    })
}

/// The elements of a one-dimensional `text[]` without nulls.
fn texts(bytes: &[u8]) -> Option<Vec<&str>> {
    const HEADER: usize = 20;
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    let mut texts = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (text, next) = after.split_at_checked(u32::from_be_bytes(*length).try_into().ok()?)?;
        texts.push(str::from_utf8(text).ok()?);
        rest = next;
    }
    Some(texts)
}
