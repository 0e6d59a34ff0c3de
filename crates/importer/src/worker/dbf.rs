//! The attribute table of a shapefile, dBASE III: its heading and the raw bytes of its text,
//! from which the encoding is decided. GDAL reads the values.

use std::fmt;
use std::io::{self, BufRead};

use super::encoding::{Place, RawText, is_telling_name, may_be_yuscii};
use super::failure::{Failure, failure};

/// The bytes before the first column's description.
const FIXED_BYTES: usize = 32;
/// The bytes of a column's description.
const COLUMN_BYTES: usize = 32;
/// Enough for the heading of any table: its length is a 16-bit number.
pub(super) const MAX_HEADING_BYTES: u64 = 65_536;

/// The heading of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// How many rows the table says it has, deleted ones included.
    pub(super) row_count: u32,
    /// Where the first row begins.
    first_row_at: usize,
    /// How long a row is.
    row_bytes: usize,
    /// The language byte.
    pub(super) language_byte: u8,
    /// The columns, in order.
    pub(super) columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The type letter: `C` for text, `L` for yes or no.
    pub(super) kind: u8,
    /// Where its values begin within a row.
    offset: usize,
    /// How many bytes its values have.
    pub(super) width: usize,
    /// How many of them stand after the point, of a number.
    decimals: u8,
    /// Its name.
    name: ColumnName,
}

/// The name of a column, filled up with zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColumnName([u8; 11]);

impl ColumnName {
    /// That of a table made up for a test.
    #[cfg(test)]
    pub(super) fn of(name: [u8; 11]) -> Self {
        Self(name)
    }

    /// Without what stands after its end, which may be anything.
    fn bytes(&self) -> &[u8] {
        let end = self.0.iter().position(|byte| *byte == 0);
        self.0[..end.unwrap_or(self.0.len())].trim_ascii()
    }
}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.bytes()))
    }
}

/// A value of a column of numbers that is none, and would be cut at its first odd sign.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OddNumber {
    /// Its row, from 1.
    pub(super) row: u64,
    /// The column.
    pub(super) column: String,
    /// What stands there.
    pub(super) value: String,
}

impl Heading {
    /// Reads the heading from the beginning of the file `name`.
    pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let damaged =
            || failure!("{name:?} is no dBASE table or is damaged; export the shapefile again");
        let fixed = bytes.get(..FIXED_BYTES).ok_or_else(damaged)?;
        let [_, _, _, _, n0, n1, n2, n3, h0, h1, r0, r1, ..] = *fixed else {
            return Err(damaged());
        };
        let heading_bytes = usize::from(u16::from_le_bytes([h0, h1]));
        let row_bytes = usize::from(u16::from_le_bytes([r0, r1]));
        let described = bytes.get(FIXED_BYTES..heading_bytes).ok_or_else(damaged)?;
        let columns = columns(described);
        let fits = columns
            .iter()
            .all(|column| column.offset + column.width <= row_bytes);
        if columns.is_empty() || !fits {
            return Err(damaged());
        }
        Ok(Self {
            row_count: u32::from_le_bytes([n0, n1, n2, n3]),
            first_row_at: heading_bytes,
            row_bytes,
            language_byte: fixed.get(29).copied().unwrap_or(0),
            columns,
        })
    }

    /// How long the file must be to hold all rows that it announces.
    pub(super) fn needed_bytes(&self) -> u64 {
        let row_bytes = u64::try_from(self.row_bytes).unwrap_or(u64::MAX);
        let heading_bytes = u64::try_from(self.first_row_at).unwrap_or(u64::MAX);
        heading_bytes.saturating_add(u64::from(self.row_count).saturating_mul(row_bytes))
    }

    /// The names of columns that tell something about their encoding.
    pub(super) fn telling_names(&self) -> impl Iterator<Item = RawText<'_>> {
        /// A name has no more bytes, so that its last letter may be cut.
        const LONGEST: usize = 10;
        let names = self.columns.iter().map(|column| column.name.bytes());
        names
            .filter(|name| is_telling_name(name))
            .map(|bytes| RawText {
                place: Place::Heading,
                bytes,
                fills: bytes.len() >= LONGEST,
            })
    }

    /// Shows all text values of a file that tell something about their encoding, in file order, without
    /// the rows that are marked as deleted. Rows count from 1. Answers the first number that is none.
    ///
    /// # Errors
    /// When `file`, from its beginning, has fewer rows than it announces, or cannot be read.
    pub(super) fn each_text(
        &self,
        mut file: impl BufRead,
        mut show: impl FnMut(RawText<'_>),
    ) -> io::Result<Option<OddNumber>> {
        let mut odd = None;
        let mut before_rows = vec![0; self.first_row_at];
        file.read_exact(&mut before_rows)?;
        let mut row = vec![0; self.row_bytes];
        for number in 1..=u64::from(self.row_count) {
            file.read_exact(&mut row)?;
            self.texts_of(number, &row).for_each(&mut show);
            odd = odd.or_else(|| self.odd_number(number, &row));
        }
        Ok(odd)
    }

    fn odd_number(&self, number: u64, row: &[u8]) -> Option<OddNumber> {
        let is_deleted = row.first() == Some(&b'*');
        let mut numbers = self.columns.iter().filter(|_| !is_deleted);
        numbers.find_map(|column| {
            let value = column.odd_number(row)?;
            let value = String::from_utf8_lossy(value);
            Some(OddNumber {
                row: number,
                column: column.name.to_string(),
                value: value.trim_matches(['\0', ' ']).to_owned(),
            })
        })
    }

    fn texts_of<'a>(&'a self, number: u64, row: &'a [u8]) -> impl Iterator<Item = RawText<'a>> {
        let is_told = row.first() != Some(&b'*') && (!row.is_ascii() || may_be_yuscii(row));
        let columns = self.columns.iter().filter(move |_| is_told);
        let values = columns.filter_map(move |column| {
            let (bytes, fills) = column.text(row)?;
            Some(RawText {
                place: Place::Cell(number, column.name),
                bytes,
                fills,
            })
        });
        values.filter(|value| !value.bytes.is_ascii() || may_be_yuscii(value.bytes))
    }
}

impl Column {
    /// The value of a text column without its padding, and whether it fills the column.
    fn text(self, row: &[u8]) -> Option<(&[u8], bool)> {
        let value = row.get(self.offset..self.offset + self.width)?;
        let padding = value
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | 0))
            .count();
        let text = value.get(..value.len() - padding)?;
        (self.kind == b'C').then_some((text, padding == 0))
    }

    /// The value of a column of numbers, where it is neither a number nor left empty. Where no digits are to
    /// stand after the point, a fraction is none either. Asterisks fill a column that is too narrow.
    fn odd_number(self, row: &[u8]) -> Option<&[u8]> {
        if !matches!(self.kind, b'N' | b'F') {
            return None;
        }
        let value = row.get(self.offset..self.offset + self.width)?;
        let bare = value.trim_ascii();
        let is_left_empty =
            bare.iter().all(|byte| matches!(byte, b'*' | 0 | b' ')) || bare.contains(&b'#');
        let number = || {
            str::from_utf8(bare)
                .ok()?
                .trim_matches('\0')
                .parse::<f64>()
                .ok()
        };
        let fits = |number: f64| self.decimals > 0 || !number.is_finite() || number.fract() == 0.0;
        let is_odd = !is_left_empty && !number().is_some_and(fits);
        is_odd.then_some(value)
    }
}

fn columns(described: &[u8]) -> Vec<Column> {
    /// The first byte of a row says whether the row is deleted.
    const FIRST_OFFSET: usize = 1;
    let mut offset = FIRST_OFFSET;
    let mut columns = Vec::new();
    for description in described.chunks_exact(COLUMN_BYTES) {
        let (Some(&name), Some(&kind)) = (description.first_chunk(), description.get(11)) else {
            break;
        };
        let (Some(&width), Some(&decimals)) = (description.get(16), description.get(17)) else {
            break;
        };
        if description.first() == Some(&0x0D) {
            break;
        }
        let width = usize::from(width);
        columns.push(Column {
            kind,
            offset,
            width,
            decimals,
            name: ColumnName(name),
        });
        offset += width;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::{Heading, Place, RawText};

    /// Two columns, NAZIV C(4) and BROJ N(3); three rows, the second deleted.
    fn table() -> Vec<u8> {
        let mut bytes = vec![3, 124, 1, 2, 3, 0, 0, 0, 97, 0, 8, 0];
        bytes.resize(29, 0);
        bytes.extend([0x64, 0, 0]);
        for (name, kind, width) in [
            (b"NAZIV\0\0\0\0\0\0", b'C', 4),
            (b"BROJ\0\0\0\0\0\0\0", b'N', 3),
        ] {
            bytes.extend(name);
            bytes.extend([kind, 0, 0, 0, 0, width]);
            bytes.resize(bytes.len() + 15, 0);
        }
        bytes.push(0x0D);
        bytes.extend(b" \x9Fa    1");
        bytes.extend(b"*\x9Fb    2");
        bytes.extend(b" abc\xE7  3\x1A");
        bytes
    }

    #[test]
    fn raw_text_is_found_where_the_heading_says() {
        let bytes = table();
        let heading = Heading::parse("a.dbf", &bytes).unwrap();
        assert_eq!((heading.row_count, heading.language_byte), (3, 0x64));
        assert_eq!(heading.needed_bytes(), 97 + 3 * 8);
        let mut texts = Vec::new();
        let keep = |text: RawText<'_>| {
            let Place::Cell(row, column) = text.place else {
                panic!("no cell: {:?}", text.place);
            };
            assert_eq!(column.to_string(), "NAZIV");
            texts.push((row, text.bytes.to_vec(), text.fills));
        };
        assert_eq!(heading.each_text(bytes.as_slice(), keep).unwrap(), None);
        assert_eq!(
            texts,
            [
                (1, b"\x9Fa".to_vec(), false),
                (3, b"abc\xE7".to_vec(), true)
            ]
        );
    }

    #[test]
    fn numbers_that_would_be_cut_are_found() {
        let odd = |value: &[u8; 3]| {
            let mut bytes = table();
            let at = bytes.len() - 4;
            bytes[at..at + 3].copy_from_slice(value);
            let heading = Heading::parse("a.dbf", &bytes).unwrap();
            let odd = heading.each_text(bytes.as_slice(), |_| ()).unwrap();
            odd.map(|odd| (odd.row, odd.column, odd.value))
        };
        for number in [b"  3", b"-12", b"   ", b"***", b"3. ", b"\0\0\0"] {
            assert_eq!(odd(number), None, "{number:?}");
        }
        for (value, told) in [
            (b"1,5", "1,5"),
            (b"1.5", "1.5"),
            (b"4O ", "4O"),
            (b"1 2", "1 2"),
            (b" - ", "-"),
        ] {
            assert_eq!(odd(value), Some((3, "BROJ".to_owned(), told.to_owned())));
        }
    }

    #[test]
    fn damage_is_refused() {
        let bytes = table();
        for (broken, what) in [
            (bytes[..20].to_vec(), "cut in the heading"),
            (bytes[..80].to_vec(), "cut in the columns"),
            (
                [&bytes[..10], &[2, 0], &bytes[12..]].concat(),
                "a row shorter than its columns",
            ),
        ] {
            let error = Heading::parse("a.dbf", &broken).unwrap_err();
            assert!(error.0.contains("\"a.dbf\""), "{what}");
        }
    }
}
