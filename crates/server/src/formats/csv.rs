//! Tables (RFC 4180): a heading, then a line for each feature.
//!
//! A text is written as it was recorded, also one that begins with `=`: a mark before it would change
//! the data of everybody for the sake of one program. A workbook (`f=xlsx`) opens safely everywhere.
//! Unknown is an empty place; an empty text would be `""`.

use domain::Lang;
use domain::layer::Field;
use geo_types::Geometry;
use store::columns::Fields;
use store::feature::{Feature, ValueRef};

use super::Options;
use super::shape::{shape, turned, write_wkt, writer_of};
use super::values::{labels, write_plain};
use crate::crs::ServedCrs;
use crate::geojson::WriteError;
use crate::stream::{Encoder, Job};

/// The writer.
pub struct Csv {
    fields: Fields,
    lang: Lang,
    options: Options,
    crs: ServedCrs,
}

impl Csv {
    /// A writer for a request.
    pub fn new(job: &Job) -> Self {
        Self {
            fields: job.fields.clone(),
            lang: job.context.lang,
            options: job.options,
            crs: job.request.crs,
        }
    }

    fn has_label(&self, field: &Field) -> bool {
        self.options.labels && field.code_list().is_some()
    }
}

impl Encoder for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.options.bom {
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        out.extend_from_slice(b"id");
        for field in self.fields.iter() {
            next_column(out, field.name);
            if self.has_label(field) {
                next_column(out, &format!("{}_label", field.name));
            }
        }
        let places = if self.options.xy && self.crs.is_geographic() {
            ",longitude,latitude"
        } else if self.options.xy {
            ",east,north"
        } else {
            ",WKT"
        };
        out.extend_from_slice(places.as_bytes());
        end_line(out);
    }

    fn feature(
        &mut self,
        out: &mut Vec<u8>,
        feature: &Feature,
        _at: u32,
    ) -> Result<(), WriteError> {
        out.extend_from_slice(itoa::Buffer::new().format(feature.id()?).as_bytes());
        for pair in feature.values() {
            let (field, value) = pair?;
            out.push(b',');
            write_value(out, &value);
            if self.has_label(field) {
                out.push(b',');
                if let Some(label) = labels(field, &value, self.lang) {
                    write_text(out, &label);
                }
            }
        }
        self.write_place(out, feature)?;
        end_line(out);
        Ok(())
    }
}

impl Csv {
    fn write_place(&self, out: &mut Vec<u8>, feature: &Feature) -> Result<(), WriteError> {
        out.push(b',');
        let write = writer_of(self.crs);
        if self.options.xy {
            match shape(feature, self.crs)? {
                Some(Geometry::Point(point)) => {
                    write(out, point.x());
                    out.push(b',');
                    write(out, point.y());
                }
                _ => out.push(b','),
            }
        } else if let Some(geometry) = turned(feature, self.crs)? {
            out.push(b'"');
            write_wkt(out, &geometry, write);
            out.push(b'"');
        }
        Ok(())
    }
}

fn next_column(out: &mut Vec<u8>, name: &str) {
    out.push(b',');
    out.extend_from_slice(name.as_bytes());
}

/// Ends a line as RFC 4180 does.
pub fn end_line(out: &mut Vec<u8>) {
    out.extend_from_slice(b"\r\n");
}

/// Writes a value; a text in quotes where it needs them.
pub fn write_value(out: &mut Vec<u8>, value: &ValueRef<'_>) {
    match value {
        ValueRef::Text(text) => write_text(out, text),
        other => write_plain(out, other),
    }
}

/// Writes a text. One with blanks around it is quoted, as are those that RFC 4180 names: some readers
/// trim what is not.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    let special = |byte: u8| matches!(byte, b'"' | b',' | b'\r' | b'\n' | b';' | b'\t');
    let needs_quotes = text.is_empty() || text.trim() != text || text.bytes().any(special);
    if !needs_quotes {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_rfc_4180_wants_it() {
        for (text, expected) in [
            ("Јаловиште", "Јаловиште"),
            ("=cmd()", "=cmd()"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            (" blank", "\" blank\""),
            ("", "\"\""),
        ] {
            let mut out = Vec::new();
            write_text(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
