//! The binary format of `COPY … FROM STDIN` (PostgreSQL manual, "COPY", Binary Format): the
//! fastest way in, and the one without quoting.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Value;
use geo_types::Geometry;

use crate::geometry::Ewkb;

/// `PostgreSQL` counts days and microseconds from 2000-01-01; this many days after the Common Era.
const EPOCH_DAYS: i32 = 730_120;
/// 2000-01-01T00:00:00Z as a Unix time, microseconds.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// The type `text` in the catalogue, which never changes: the element type of a `text[]`.
const TEXT_OID: i32 = 25;

/// What stands before the first row: the signature, no flags, no extension.
pub const HEADING: [u8; 19] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands after the last row.
pub const ENDING: [u8; 2] = (-1_i16).to_be_bytes();

/// Rows in the binary COPY format, to be sent between [`HEADING`] and [`ENDING`].
#[derive(Debug)]
pub struct CopyBuffer {
    bytes: Vec<u8>,
}

impl Default for CopyBuffer {
    fn default() -> Self {
        Self::new()
    }
}

impl CopyBuffer {
    /// An empty buffer.
    pub fn new() -> Self {
        let bytes = Vec::with_capacity(64 * 1024);
        Self { bytes }
    }

    /// Begins a row of so many columns.
    pub fn row(&mut self, columns: usize) {
        let columns = i16::try_from(columns).unwrap_or(i16::MAX);
        self.bytes.extend_from_slice(&columns.to_be_bytes());
    }

    /// Writes one column.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Unknown => self.null(),
            Value::Text(text) => self.field(text.as_bytes()),
            Value::Integer(number) => self.integer(*number),
            Value::Number(number) => self.field(&number.to_be_bytes()),
            Value::Boolean(yes) => self.field(&[u8::from(*yes)]),
            Value::Date(day) => self.field(&days(*day).to_be_bytes()),
            Value::DateTime(moment) => self.field(&micros(*moment).to_be_bytes()),
            Value::Codes(codes) => self.texts(codes),
        }
    }

    /// Writes a `bigint`.
    pub fn integer(&mut self, number: i64) {
        self.field(&number.to_be_bytes());
    }

    /// Writes a `bigint` that may be unknown.
    pub fn integer_or_null(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.integer(number),
            None => self.null(),
        }
    }

    /// Writes the bytes of a column.
    pub fn field(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes an unknown column.
    pub fn null(&mut self) {
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    /// Writes a geometry in longitude, latitude.
    pub fn geometry(&mut self, geometry: &Geometry<f64>) {
        let at = self.bytes.len();
        self.length(0);
        let begin = self.bytes.len();
        Ewkb::write(geometry, &mut self.bytes);
        let length = i32::try_from(self.bytes.len() - begin).unwrap_or(i32::MAX);
        self.bytes[at..begin].copy_from_slice(&length.to_be_bytes());
    }

    /// Hands the rows over.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A one-dimensional array: dimensions, "has nulls", element type, length, lower bound.
    fn texts(&mut self, texts: &[String]) {
        let size = 20 + texts.iter().map(|text| 4 + text.len()).sum::<usize>();
        self.length(size);
        for word in [1, 0, TEXT_OID] {
            self.bytes.extend_from_slice(&word.to_be_bytes());
        }
        self.length(texts.len());
        self.bytes.extend_from_slice(&1_i32.to_be_bytes());
        for text in texts {
            self.field(text.as_bytes());
        }
    }

    fn length(&mut self, length: usize) {
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
    }
}

fn days(day: NaiveDate) -> i32 {
    chrono::Datelike::num_days_from_ce(&day) - EPOCH_DAYS
}

fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros() - EPOCH_MICROS
}

/// The day that so many days after 2000-01-01 is.
pub(crate) fn day_from(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_DAYS)?)
}

/// The moment that so many microseconds after 2000-01-01T00:00:00Z is.
pub(crate) fn moment_from(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros.checked_add(EPOCH_MICROS)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_the_first_of_january_2000() {
        assert_eq!(days(NaiveDate::from_ymd_opt(2000, 1, 1).unwrap()), 0);
        assert_eq!(day_from(-1), NaiveDate::from_ymd_opt(1999, 12, 31));
        assert_eq!(micros("2000-01-01T00:00:01Z".parse().unwrap()), 1_000_000);
    }
}
