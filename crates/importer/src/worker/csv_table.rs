//! A CSV file: decoded as a whole, divided into lines and values, every value a text.
//!
//! GDAL is not needed for this, and would not say which line a record begins on.

mod layout;

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};
use domain::lang::Message;
use domain::message;

use self::layout::{Layout, Separator};
use super::charset::{Charset, line_at};
use super::container::Container;
use super::encoding::{self, Decided, Declared, Place, RawText, Reading, is_telling_line};
use super::failure::{Failure, failure};
use crate::protocol::{EncodingDecision, MAX_FIELDS, SourceRecord, SourceValue};

/// Lines of ASCII beyond these do not change what is found of YUSCII.
const ENOUGH_ASCII_LINES: usize = 20_000;

/// A decoded table.
#[derive(Debug)]
pub(super) struct CsvTable {
    /// From the heading on.
    text: String,
    layout: Layout,
    /// The headings; an empty one is replaced by its place.
    pub(super) headings: Vec<String>,
    /// How the text was read.
    pub(super) encoding: EncodingDecision,
    /// What there is to say about text that was set right or may be wrong.
    pub(super) encoding_notes: Vec<Message>,
}

impl CsvTable {
    /// Reads the file `name` in the encoding that the user names, or in the one that is found.
    pub(super) fn load(
        container: &mut Container,
        name: &str,
        encoding: Option<&str>,
    ) -> Result<Self, Failure> {
        let bytes = container.bytes(name)?;
        let (decided, text) = decode(name, &bytes, encoding)?;
        drop(bytes);
        Self::from_text(name, text, decided)
    }

    fn from_text(name: &str, text: String, decided: Decided) -> Result<Self, Failure> {
        let text = without_end_mark(with_line_feeds(text));
        refuse_nul(name, &text)?;
        let layout = Layout::of(&text);
        let mut table = Self {
            text: from_heading_on(text, layout.heading_at),
            layout,
            headings: Vec::new(),
            encoding: decided.decision,
            encoding_notes: decided.notes,
        };
        let headings = table.reader(false).records().next();
        let headings = headings
            .transpose()
            .map_err(|error| failure!("the heading of {name:?} cannot be read: {error}"))?
            .ok_or_else(|| failure!("{name:?} is empty; its first line must name the columns"))?;
        table.headings = checked_headings(name, &headings)?;
        Ok(table)
    }

    /// How the table called `name` is laid out.
    pub(super) fn notes_of_layout(&self, name: &str) -> Vec<Message> {
        let line = self.layout.heading_line;
        let titles = self.layout.has_titles.then(|| {
            message!(
                "наслови колона табеле {name:?} су у реду {line}; редови изнад су изостављени",
                "the headings of the table {name:?} are on line {line}; the lines above were left out"
            )
        });
        [self.layout.separator.note(name)]
            .into_iter()
            .chain(titles)
            .collect()
    }

    /// The records, each with the line that it begins on. Lines without any value are left out.
    ///
    /// # Errors
    /// A record with more values than headings, and a quotation mark that is never closed.
    pub(super) fn for_each<E: From<Failure>>(
        &self,
        mut take: impl FnMut(SourceRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut reader = self.reader(true);
        let mut record = StringRecord::new();
        loop {
            let more = reader.read_record(&mut record);
            let more = more.map_err(|error| failure!("the table cannot be read: {error}"))?;
            if !more {
                return Ok(());
            }
            let line = self.line(&record);
            let begin = record.position().map_or(0, csv::Position::byte);
            let end = reader.position().byte();
            self.check_quotes(line, begin, end)?;
            self.check_separator(line, begin, end, &record)?;
            let values = self.values(line, &record)?;
            if values.iter().any(|value| *value != SourceValue::Null) {
                take(SourceRecord {
                    row: line,
                    fid: None,
                    values,
                    wkb: None,
                })?;
            }
        }
    }

    fn reader(&self, has_headers: bool) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .delimiter(self.layout.separator.byte())
            .has_headers(has_headers)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(self.text.as_bytes())
    }

    /// The line that a record begins on. The reader counts blank lines before it to the record.
    fn line(&self, record: &StringRecord) -> u64 {
        let Some(position) = record.position() else {
            return self.layout.heading_line;
        };
        let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let blank_lines: u64 = blank.map(|&byte| u64::from(byte == b'\n')).sum();
        position.line() + blank_lines + self.layout.heading_line - 1
    }

    /// A record that is divided by another sign than the heading, into as many values.
    fn check_separator(
        &self,
        line: u64,
        begin: u64,
        end: u64,
        record: &StringRecord,
    ) -> Result<(), Failure> {
        let (width, own) = (self.headings.len(), self.layout.separator);
        if record.len() == width || width < 3 {
            return Ok(());
        }
        let raw = self.raw(begin, end);
        let divides = |other: &Separator| *other != own && other.count(raw) + 1 == width;
        Separator::ALL.into_iter().find(divides).map_or(Ok(()), |other| {
            Err(failure!(
                "line {line} is divided by {}, but the heading by {}; write the same sign in all lines",
                other.words(),
                own.words()
            ))
        })
    }

    /// The text of a record.
    fn raw(&self, begin: u64, end: u64) -> &str {
        let range = usize::try_from(begin).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
        self.text.get(range).unwrap_or_default()
    }

    /// A quotation mark that is never closed swallows the rest of the file into one value.
    fn check_quotes(&self, line: u64, begin: u64, end: u64) -> Result<(), Failure> {
        let record = self.raw(begin, end).as_bytes();
        let at_end = usize::try_from(end).is_ok_and(|end| end == self.text.len());
        // As many pieces as marks and one more.
        let pieces = record.split(|&byte| byte == b'"').count();
        if at_end && pieces % 2 == 0 && record.trim_ascii().contains(&b'\n') {
            return Err(failure!(
                "a quotation mark in the record that begins on line {line} is never closed; close \
                 it, or remove it"
            ));
        }
        Ok(())
    }

    fn values(&self, line: u64, record: &StringRecord) -> Result<Vec<SourceValue>, Failure> {
        let width = self.headings.len();
        if record.iter().skip(width).any(|value| !value.is_empty()) {
            return Err(failure!(
                "line {line} has {} values, but the heading names {width} columns; put values that \
                 contain {} into quotation marks",
                record.len(),
                self.layout.separator.words()
            ));
        }
        let present = record.iter().take(width).map(value);
        let missing = std::iter::repeat_n(SourceValue::Null, width.saturating_sub(record.len()));
        Ok(present.chain(missing).collect())
    }
}

fn value(text: &str) -> SourceValue {
    if text.is_empty() {
        SourceValue::Null
    } else {
        SourceValue::Text(text.to_owned())
    }
}

fn decode(name: &str, bytes: &[u8], named: Option<&str>) -> Result<(Decided, String), Failure> {
    let (marked, bytes) = without_byte_order_mark(bytes);
    let mut decided = match (named, marked) {
        (None, Some(charset)) => {
            let text = text_in(&Reading::plain(charset), bytes)?;
            encoding::decide_marked(name, charset, &text)
        }
        _ => encoding::decide_table(name, &raw_lines(bytes, named), named, Declared::default())?,
    };
    let text = text_in(&decided.reading, bytes)?.into_owned();
    let values = text
        .split(['\n', ';', ',', '\t', '|', '"'])
        .filter(|value| !value.is_ascii())
        .map(str::to_owned);
    decided.decision.samples = encoding::samples(values);
    Ok((decided, text))
}

fn text_in<'a>(reading: &Reading, bytes: &'a [u8]) -> Result<Cow<'a, str>, Failure> {
    reading.table(bytes).map_err(|bad| {
        let (line, charset) = (line_at(bytes, bad.offset), reading.charset());
        failure!("line {line} is not {charset}; name the file's encoding")
    })
}

fn without_byte_order_mark(bytes: &[u8]) -> (Option<Charset>, &[u8]) {
    let marks: [(&[u8], Charset); 3] = [
        (b"\xEF\xBB\xBF", Charset::Utf8),
        (b"\xFF\xFE", Charset::Utf16Le),
        (b"\xFE\xFF", Charset::Utf16Be),
    ];
    let stripped = |(mark, charset)| Some((Some(charset), bytes.strip_prefix(mark)?));
    marks
        .into_iter()
        .find_map(stripped)
        .unwrap_or((None, bytes))
}

/// The lines that tell something about their encoding, counted from 1; the first one names the columns.
/// Pairs of bytes have no lines.
fn raw_lines<'a>(bytes: &'a [u8], named: Option<&str>) -> Vec<RawText<'a>> {
    if named.is_some_and(|name| matches!(name.parse(), Ok(Charset::Utf16Le | Charset::Utf16Be))) {
        return Vec::new();
    }
    let lines = || bytes.split(|&byte| byte == b'\n').zip(1..);
    let is_ascii = |(line, row): &(&[u8], u64)| line.is_ascii() && is_telling_line(*row, line);
    // Each line outside ASCII may be the one that is no UTF-8; of the others a part is enough.
    let every = lines().filter(is_ascii).count() / ENOUGH_ASCII_LINES + 1;
    let mut ascii = 0;
    let is_taken = |one: &(&[u8], u64)| {
        ascii += usize::from(is_ascii(one));
        !one.0.is_ascii() || (is_ascii(one) && ascii % every == 0)
    };
    let taken = lines().filter(is_taken).map(|(line, row)| RawText {
        place: Place::Row(row),
        bytes: line,
        fills: false,
    });
    taken.collect()
}

/// Programs for old Macintoshes end lines with a carriage return alone, which would not count as
/// a line.
fn with_line_feeds(text: String) -> String {
    let mut returns = text.match_indices('\r');
    if returns.all(|(at, _)| text.as_bytes().get(at + 1) == Some(&b'\n')) {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Programs of DOS end a text with the character 0x1A.
fn without_end_mark(mut text: String) -> String {
    text.truncate(text.trim_end_matches('\u{1a}').len());
    text
}

/// A text of the register cannot hold the character NUL, and no survey needs it.
fn refuse_nul(name: &str, text: &str) -> Result<(), Failure> {
    let Some(at) = text.find('\0') else {
        return Ok(());
    };
    Err(failure!(
        "line {} of {name:?} holds the character NUL (a byte 0), which is no text; remove it, or \
         export the table again as CSV in UTF-8",
        line_at(text.as_bytes(), at)
    ))
}

fn from_heading_on(mut text: String, at: usize) -> String {
    text.drain(..at);
    text
}

fn checked_headings(name: &str, record: &StringRecord) -> Result<Vec<String>, Failure> {
    if record.len() > MAX_FIELDS {
        return Err(failure!(
            "the heading of {name:?} names {} columns, more than the {MAX_FIELDS} that are taken; \
             remove what the survey does not need",
            record.len()
        ));
    }
    let mut headings: Vec<String> = Vec::new();
    for (heading, place) in record.iter().zip(1..) {
        let heading = match heading {
            "" => format!("column {place}"),
            heading => heading.to_owned(),
        };
        if headings.contains(&heading) {
            return Err(failure!(
                "two columns of {name:?} are named {heading:?}; rename one of them"
            ));
        }
        headings.push(heading);
    }
    Ok(headings)
}

#[cfg(test)]
mod tests;
