//! The table (dBASE III+) in UTF-8.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use domain::layer::Field;
use domain::value::FieldType;
use store::feature::{Feature, ValueRef};

use crate::formats::package::PackageError;
use crate::formats::values::plain;

/// The longest name of a column, bytes.
const MOST_NAME: usize = 10;
/// The longest text, bytes.
const MOST_TEXT: u8 = 254;
/// Readers commonly stop at 2 GiB.
const MOST_BYTES: u64 = 1 << 31;

/// One column as the file describes it.
struct Column {
    name: String,
    field: Option<&'static Field>,
    kind: u8,
    width: u8,
    decimals: u8,
}

/// The file.
pub struct Table {
    columns: Vec<Column>,
    file: BufWriter<File>,
    record: Vec<u8>,
    count: u32,
    length: u64,
}

impl Table {
    /// Begins it in a folder.
    pub fn new(fields: &[&'static Field], folder: &Path) -> Result<Self, PackageError> {
        let mut columns = vec![Column {
            name: "id".to_owned(),
            field: None,
            kind: b'N',
            width: 18,
            decimals: 0,
        }];
        for field in fields {
            let name = short_name(field.name, &columns);
            let (kind, width, decimals) = form(field.field_type);
            columns.push(Column {
                name,
                field: Some(field),
                kind,
                width,
                decimals,
            });
        }
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        let mut table = Self {
            columns,
            file: BufWriter::new(options.open(folder.join("dbf"))?),
            record: Vec::new(),
            count: 0,
            length: 0,
        };
        let header = table.header();
        table.write(&header)?;
        Ok(table)
    }

    /// The short and the full names.
    pub fn names(&self) -> impl Iterator<Item = (&str, Option<&'static Field>)> {
        let columns = self.columns.iter();
        columns.map(|column| (column.name.as_str(), column.field))
    }

    /// Adds a record.
    pub fn add(&mut self, feature: &Feature) -> Result<(), PackageError> {
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        record.push(b' ');
        let id = ValueRef::Integer(feature.id()?);
        self.columns[0].write(&mut record, &id);
        for (column, pair) in self.columns[1..].iter().zip(feature.values()) {
            column.write(&mut record, &pair?.1);
        }
        self.write(&record)?;
        self.record = record;
        self.count += 1;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), PackageError> {
        self.length += bytes.len() as u64;
        if self.length > MOST_BYTES {
            return Err(PackageError::TooMuch);
        }
        Ok(self.file.write_all(bytes)?)
    }

    /// Ends it.
    pub fn finish(mut self) -> Result<File, PackageError> {
        self.write(&[0x1a])?;
        let header = self.header();
        let file = self.file.into_inner();
        let mut file = file.map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header)?;
        Ok(file)
    }

    /// 32 bytes, 32 for each column, and the end mark. The date of the last change is that of the format:
    /// the answer's own headers say when it was made.
    fn header(&self) -> Vec<u8> {
        const DBASE_III: u8 = 3;
        let header = 33 + 32 * self.columns.len();
        let record: usize = 1 + self
            .columns
            .iter()
            .map(|one| usize::from(one.width))
            .sum::<usize>();
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        let mut out = vec![DBASE_III, 98, 7, 1];
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&short(header));
        out.extend_from_slice(&short(record));
        out.resize(32, 0);
        for column in &self.columns {
            let begin = out.len();
            out.extend_from_slice(column.name.as_bytes());
            out.resize(begin + 11, 0);
            out.push(column.kind);
            out.resize(begin + 16, 0);
            out.extend_from_slice(&[column.width, column.decimals]);
            out.resize(begin + 32, 0);
        }
        out.push(0x0d);
        out
    }
}

/// Type, width and decimals of a column.
const fn form(field_type: FieldType) -> (u8, u8, u8) {
    match field_type {
        FieldType::Text | FieldType::Codes(_) => (b'C', MOST_TEXT, 0),
        FieldType::Code(_) => (b'C', 64, 0),
        FieldType::Integer => (b'N', 18, 0),
        FieldType::Number => (b'N', 24, 15),
        FieldType::Boolean => (b'L', 1, 0),
        FieldType::Date => (b'D', 8, 0),
        FieldType::DateTime => (b'C', 32, 0),
    }
}

/// A name of at most ten bytes that no column has: the beginning, or less of it and a number.
fn short_name(name: &str, others: &[Column]) -> String {
    let cut = |most: usize| name.chars().take(most).collect::<String>();
    let taken = |name: &String| others.iter().any(|other| other.name == *name);
    let numbered = (1..1000).map(|number: u32| {
        let number = number.to_string();
        format!("{}_{number}", cut(MOST_NAME - 1 - number.len()))
    });
    std::iter::once(cut(MOST_NAME))
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or_default()
}

impl Column {
    /// Writes a value in the width of the column: texts to the left, numbers to the right.
    fn write(&self, out: &mut Vec<u8>, value: &ValueRef<'_>) {
        let width = usize::from(self.width);
        let text = match value {
            ValueRef::Unknown if self.kind == b'L' => "?".to_owned(),
            ValueRef::Boolean(yes) => if *yes { "T" } else { "F" }.to_owned(),
            ValueRef::Date(day) => day.format("%Y%m%d").to_string(),
            ValueRef::Number(number) => fitting(*number, width),
            other => plain(other),
        };
        let kept = &text[..text.floor_char_boundary(width)];
        let blanks = width - kept.len();
        if self.kind == b'N' {
            out.resize(out.len() + blanks, b' ');
            out.extend_from_slice(kept.as_bytes());
        } else {
            out.extend_from_slice(kept.as_bytes());
            out.resize(out.len() + blanks, b' ');
        }
    }
}

/// The shortest text that reads back as the same number; with an exponent where it would be too long.
fn fitting(number: f64, width: usize) -> String {
    let text = number.to_string();
    if text.len() <= width {
        text
    } else {
        format!("{number:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_ten_letters_and_stay_different() {
        let mut columns: Vec<Column> = Vec::new();
        let mut names = Vec::new();
        for name in [
            "name",
            "observation_method",
            "observation_mode",
            "observation_m_2",
        ] {
            let short = short_name(name, &columns);
            names.push(short.clone());
            columns.push(Column {
                name: short,
                field: None,
                kind: b'C',
                width: 1,
                decimals: 0,
            });
        }
        assert_eq!(names, ["name", "observatio", "observat_1", "observat_2"]);
    }

    #[test]
    fn a_text_is_cut_between_letters() {
        let column = Column {
            name: "a".to_owned(),
            field: None,
            kind: b'C',
            width: 5,
            decimals: 0,
        };
        let mut out = Vec::new();
        column.write(&mut out, &ValueRef::Text("аbвг"));
        assert_eq!(String::from_utf8(out).unwrap(), "аbв");
        for number in [0.1, 12.5, 1e300, -123_456_789.123_456_79] {
            assert_eq!(
                fitting(number, 24).parse::<f64>().unwrap().to_bits(),
                number.to_bits()
            );
        }
    }
}
