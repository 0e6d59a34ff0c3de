//! A row of a layer as it comes from the database, decoded only when looked at.

use chrono::{DateTime, NaiveDate, Utc};
use domain::layer::{Field, Layer};
use domain::value::{FieldType, Value};
use sqlx::Row;
use sqlx::postgres::{PgRow, PgValueRef};

use crate::columns::Fields;
use crate::copy::{day_from, moment_from};
use crate::error::StoreError;
use crate::paging::{Key, Position, SortKey};

/// Columns that stand before the fields: id, geometry.
pub(crate) const LEADING_COLUMNS: usize = 2;
/// Columns of a page that stand after the fields: the layer's revision, and how many features it has.
const LAYER_COLUMNS: usize = 2;

/// One feature of a layer.
pub struct Feature {
    layer: &'static Layer,
    fields: Fields,
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

impl ValueRef<'_> {
    /// The value by itself.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Unknown => Value::Unknown,
            Self::Text(text) => Value::Text((*text).to_owned()),
            Self::Integer(number) => Value::Integer(*number),
            Self::Number(number) => Value::Number(*number),
            Self::Boolean(yes) => Value::Boolean(*yes),
            Self::Date(day) => Value::Date(*day),
            Self::DateTime(moment) => Value::DateTime(*moment),
            Self::Codes(codes) => Value::Codes(codes.iter().copied().map(str::to_owned).collect()),
        }
    }
}

impl Feature {
    pub(crate) const fn new(layer: &'static Layer, fields: Fields, row: PgRow) -> Self {
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
        Ok((self.row.try_get(at)?, self.row.try_get(at + 1)?))
    }

    /// The place of the feature in the order of its page.
    ///
    /// # Errors
    /// When the feature is not one of a page in this order.
    pub fn position(&self, order: &[SortKey]) -> Result<Position, StoreError> {
        let first = LEADING_COLUMNS + self.fields.len() + LAYER_COLUMNS;
        let values = order.iter().zip(first..).map(|(key, at)| {
            let Some(bytes) = bytes(&self.row.try_get_raw(at)?)? else {
                return Ok(Value::Unknown);
            };
            let (field_type, name) = match key.key {
                Key::Field(field) => (field.field_type, field.name),
                Key::Rank => (FieldType::Number, "rank"),
            };
            let value = decode(field_type, bytes).ok_or_else(|| self.inconsistent(name))?;
            Ok(value.to_value())
        });
        Ok(Position {
            values: values.collect::<Result<_, StoreError>>()?,
            id: self.id()?,
        })
    }

    /// The revision that wrote the row; only a feature that was asked for by itself knows.
    ///
    /// # Errors
    /// When the feature is one of a page.
    pub fn revision(&self) -> Result<i64, StoreError> {
        Ok(self.row.try_get(LEADING_COLUMNS + self.fields.len())?)
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
                    decode(field.field_type, bytes).ok_or_else(|| self.inconsistent(field.name))?
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

    /// The column that follows the fields at this place.
    pub(crate) fn beyond<'r, T>(&'r self, at: usize) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        Ok(self.row.try_get(LEADING_COLUMNS + self.fields.len() + at)?)
    }

    fn inconsistent(&self, field: &str) -> StoreError {
        StoreError::Inconsistent {
            layer: self.layer.id,
            id: self.id().unwrap_or_default(),
            field: field.to_owned(),
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
