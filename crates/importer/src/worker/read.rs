//! The records of one layer, in file order.

use std::io;
use std::path::Path;

use gdal::vector::{Feature, FieldValue, Layer, LayerAccess as _};

use super::charset::Charset;
use super::container::Container;
use super::csv_table::CsvTable;
use super::encoding::{Reading, is_replacement_stored};
use super::failure::{Failure, Stop, failure};
use super::format::Format;
use super::gdal_log;
use super::geometry;
use super::open::{self, Field, FieldKind, text_to_bytes};
use super::opened::{self, Opened};
use super::shapefile::Shapefile;
use super::source::{Source, Survey};
use super::stored_types;
use super::views;
use super::whole_text::Wanted;
use crate::protocol::{Event, SourceRecord, SourceValue};

/// The most records of a message.
const BATCH_RECORDS: usize = 500;
/// A message is sent when its geometries reach this size.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Sends all records of a layer and says how many they were.
pub(super) fn layer(
    path: &Path,
    layer: &str,
    encoding: &str,
    send: &mut dyn FnMut(Event) -> io::Result<()>,
) -> Result<u64, Stop> {
    let reading: Reading = encoding.parse().map_err(|error| failure!("{error}"))?;
    let mut survey = Survey::find(path)?;
    let mut batches = Batches::new(send);
    let holding = survey.holding(layer);
    for source in holding {
        let container = &mut survey.container;
        container.memory.clear();
        let found = match source.format {
            Format::Shapefile => shapefile(container, &source, &reading, &mut batches)?,
            Format::Csv => csv(container, &source, encoding, &mut batches)?,
            _ => view(container, &source, layer, &reading, &mut batches)?,
        };
        if found {
            return batches.finish();
        }
    }
    Err(no_such_layer(layer).into())
}

fn csv(
    container: &mut Container,
    source: &Source,
    encoding: &str,
    batches: &mut Batches<'_>,
) -> Result<bool, Stop> {
    let table = CsvTable::load(container, &source.member, Some(encoding))?;
    table.for_each(|record| batches.push(record))?;
    Ok(true)
}

fn shapefile(
    container: &mut Container,
    source: &Source,
    reading: &Reading,
    batches: &mut Batches<'_>,
) -> Result<bool, Stop> {
    let charset = reading.charset_of_file();
    let files = Shapefile::find(container, &source.member)?;
    let dataset = open::shapefile(container, &files)?;
    let mut layer = dataset.layer(0).map_err(|_| no_such_layer(&source.layer))?;
    let reader = FieldReader {
        fields: open::fields(&layer, Some(charset), Some(&files.heading)),
        charset: Some(charset),
        reading: reading.clone(),
        text_is_checked: true,
        closed_lines_are_areas: false,
    };
    // Deleted rows keep their place, so the place is not the count.
    let place = |feature: &Feature<'_>, _| feature.fid().map_or(0, |id| id + 1);
    features(&mut layer, &reader, place, |_| true, batches)?;
    Ok(true)
}

/// Sends the records of a view, if the file has it.
fn view(
    container: &mut Container,
    source: &Source,
    name: &str,
    reading: &Reading,
    batches: &mut Batches<'_>,
) -> Result<bool, Stop> {
    let wanted = Wanted::Known(reading.charset_of_file());
    let opened = opened::open(container, source, wanted)?;
    let views = views::of(&opened, source, Some(name))?;
    let Some(view) = views.into_iter().find(|view| view.name == name) else {
        return Ok(false);
    };
    let mut layer = opened
        .dataset
        .layer(view.layer)
        .map_err(|_| no_such_layer(name))?;
    if source.format == Format::GeoPackage {
        stored_types::refuse_other_types(&opened.dataset, &layer, &view.fields)?;
    }
    let mut reader = FieldReader::of_view(&opened, source.format, view.fields, reading.clone());
    if !reader.text_is_checked {
        reader.text_is_checked = is_replacement_stored(container, &source.member)?;
    }
    let is_sheet = source.format == Format::Workbook;
    let above = opened.rows_above.get(view.layer).copied().unwrap_or(0);
    // GDAL calls a record of a sheet by its row.
    let row = |feature: &Feature<'_>, count| match feature.fid() {
        Some(row) if is_sheet => row + above,
        _ => count,
    };
    let drawing_layer = views::drawing_layer_field(&layer);
    let takes = |feature: &Feature<'_>| {
        view.part
            .takes(&views::Kind::of(feature, source.format, drawing_layer))
    };
    batches.skips_empty = is_sheet;
    features(&mut layer, &reader, row, takes, batches)?;
    Ok(true)
}

fn features(
    layer: &mut Layer<'_>,
    reader: &FieldReader,
    row: impl Fn(&Feature<'_>, u64) -> u64,
    takes: impl Fn(&Feature<'_>) -> bool,
    batches: &mut Batches<'_>,
) -> Result<(), Stop> {
    gdal_log::take_failure();
    let mut read = 0;
    for (feature, count) in layer.features().zip(1..) {
        read = row(&feature, count);
        if takes(&feature) {
            let record = reader.record(&feature, read)?;
            unbroken(&format_args!("record {read} cannot be read"))?;
            batches.push(record)?;
        }
    }
    // GDAL ends a layer early, without another sign, where it meets damage.
    Ok(unbroken(&format_args!(
        "the layer cannot be read beyond record {read}: the file is damaged or cut short there"
    ))?)
}

fn unbroken(what: &dyn std::fmt::Display) -> Result<(), Failure> {
    match gdal_log::take_failure() {
        None => Ok(()),
        Some(complaint) => Err(failure!("{what} ({complaint}); export the file again")),
    }
}

fn no_such_layer(name: &str) -> Failure {
    failure!("the file has no layer {name:?} any more; inspect it again")
}

/// Turns GDAL's features into records.
#[derive(Debug)]
pub(super) struct FieldReader {
    fields: Vec<Field>,
    /// What the bytes of text are, where GDAL hands them over byte by byte.
    charset: Option<Charset>,
    /// How text is read when its characters are known.
    reading: Reading,
    /// Whether the character U+FFFD, where it comes, stands in the file: an earlier program lost a
    /// letter there. Else the file has bytes that are no UTF-8, as databases may.
    text_is_checked: bool,
    /// Whether a line that ends where it begins bounds an area, as in drawings.
    closed_lines_are_areas: bool,
}

impl FieldReader {
    /// A reader for columns of a file that GDAL opened.
    pub(super) fn of_view(
        opened: &Opened,
        format: Format,
        fields: Vec<Field>,
        reading: Reading,
    ) -> Self {
        Self {
            fields,
            charset: opened.charset,
            reading,
            text_is_checked: !matches!(format, Format::GeoPackage | Format::FlatGeobuf),
            closed_lines_are_areas: format == Format::Dxf,
        }
    }

    /// The texts of a feature, as far as they can be read.
    pub(super) fn texts(&self, feature: &Feature<'_>) -> Vec<String> {
        let is_text = |field: &&Field| matches!(field.kind, FieldKind::Text | FieldKind::TextList);
        let texts = self.fields.iter().filter(is_text);
        let values = texts.filter_map(|field| self.value(feature, field.at, field).ok());
        values
            .flat_map(|value| match value {
                SourceValue::Text(text) => vec![text],
                SourceValue::TextList(texts) => texts,
                _ => Vec::new(),
            })
            .collect()
    }

    /// The record of a feature.
    ///
    /// # Errors
    /// Names the row and the field of a value that is no text in its encoding, and the row of a
    /// geometry with arcs.
    pub(super) fn record(&self, feature: &Feature<'_>, row: u64) -> Result<SourceRecord, Failure> {
        let mut values = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let value = self.value(feature, field.at, field).map_err(|problem| {
                failure!("the field {:?} of record {row} {problem}", field.name)
            })?;
            values.push(value);
        }
        Ok(SourceRecord {
            row,
            fid: feature.fid().filter(|fid| *fid != row && fid + 1 != row),
            values,
            wkb: geometry::wkb(feature, row, self.closed_lines_are_areas)?,
        })
    }

    fn value(
        &self,
        feature: &Feature<'_>,
        index: usize,
        field: &Field,
    ) -> Result<SourceValue, String> {
        let unreadable = |error: gdal::errors::GdalError| format!("cannot be read: {error}");
        let as_text = || feature.field_as_string(index).map_err(unreadable);
        // GDAL gives a field that is not set, which is not the same to it as null, as 0.
        let is_set = || Ok::<_, String>(as_text()?.is_some_and(|text| !text.is_empty()));
        let value = match field.kind {
            FieldKind::Integer => match feature.field_as_integer64(index).map_err(unreadable)? {
                Some(number) if number != 0 || is_set()? => SourceValue::Integer(number),
                _ => SourceValue::Null,
            },
            FieldKind::Real => match feature.field_as_double(index).map_err(unreadable)? {
                Some(number) if number.abs() > 0.0 || is_set()? => SourceValue::Real(number),
                _ => SourceValue::Null,
            },
            FieldKind::TextList => match feature.field(index).map_err(unreadable)? {
                Some(FieldValue::StringListValue(texts)) if !texts.is_empty() => {
                    let read = texts
                        .iter()
                        .map(|text| self.reading.unicode(text).into_owned());
                    SourceValue::TextList(read.collect())
                }
                _ => SourceValue::Null,
            },
            FieldKind::Binary => SourceValue::Null,
            FieldKind::Text => self.text(as_text()?, field)?,
            FieldKind::Boolean => as_text()?.map_or(SourceValue::Null, |text| boolean(&text)),
            FieldKind::Date => as_text()?.map_or(SourceValue::Null, |text| date(&text)),
            FieldKind::DateTime => as_text()?.map_or(SourceValue::Null, |text| date_time(&text)),
        };
        Ok(value)
    }

    fn text(&self, text: Option<String>, field: &Field) -> Result<SourceValue, String> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(SourceValue::Null);
        };
        if text.is_ascii() {
            return Ok(SourceValue::Text(self.reading.unicode(&text).into_owned()));
        }
        let Some(charset) = self.charset else {
            let text = if self.text_is_checked {
                text
            } else {
                unicode(text)?
            };
            return Ok(SourceValue::Text(self.reading.unicode(&text).into_owned()));
        };
        let bytes = text_to_bytes(&text).ok_or("cannot be decoded")?;
        let fills = bytes.len() == field.width_bytes;
        let decoded = charset.decode_field(&bytes, fills);
        let decoded = decoded.map_err(|_| format!("is not {charset}; name the file's encoding"))?;
        Ok(SourceValue::Text(
            self.reading.unicode(&decoded).into_owned(),
        ))
    }
}

/// The character U+FFFD stands where bytes were no UTF-8, here or in an earlier program.
fn unicode(text: String) -> Result<String, String> {
    if text.contains('\u{fffd}') {
        return Err(format!(
            "is not valid UTF-8: {text:?}; correct the text and export the file again"
        ));
    }
    Ok(text)
}

fn boolean(text: &str) -> SourceValue {
    match text {
        "T" | "t" | "Y" | "y" | "1" => SourceValue::Boolean(true),
        "F" | "f" | "N" | "n" | "0" => SourceValue::Boolean(false),
        _ => SourceValue::Null,
    }
}

/// From GDAL's `2024/05/31`.
fn date(text: &str) -> SourceValue {
    match text {
        "" => SourceValue::Null,
        text => SourceValue::Date(text.replace('/', "-")),
    }
}

/// From GDAL's `2024/05/31 12:00:00.5+02` or `+0530`. Without a zone it is no moment, and stays a
/// text.
fn date_time(text: &str) -> SourceValue {
    let Some((day, rest)) = text.split_once(' ') else {
        return date(text);
    };
    let day = day.replace('/', "-");
    let Some(zone_at) = rest.find(['+', '-']) else {
        return SourceValue::Text(format!("{day}T{rest}"));
    };
    let (time, zone) = rest.split_at(zone_at);
    let (hours, minutes) = zone.split_at_checked(3).unwrap_or((zone, ""));
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    SourceValue::DateTime(format!("{day}T{time}{hours}:{minutes}"))
}

/// Collects records into messages.
struct Batches<'a> {
    send: &'a mut dyn FnMut(Event) -> io::Result<()>,
    records: Vec<SourceRecord>,
    geometry_bytes: usize,
    count: u64,
    /// Whether records without any value are left out, as empty rows of a table are.
    skips_empty: bool,
}

impl<'a> Batches<'a> {
    fn new(send: &'a mut dyn FnMut(Event) -> io::Result<()>) -> Self {
        Self {
            send,
            records: Vec::with_capacity(BATCH_RECORDS),
            geometry_bytes: 0,
            count: 0,
            skips_empty: false,
        }
    }

    fn push(&mut self, record: SourceRecord) -> Result<(), Stop> {
        let is_empty = |record: &SourceRecord| {
            let mut values = record.values.iter();
            record.wkb.is_none() && values.all(|value| *value == SourceValue::Null)
        };
        if self.skips_empty && is_empty(&record) {
            return Ok(());
        }
        self.geometry_bytes += record.wkb.as_ref().map_or(0, Vec::len);
        self.records.push(record);
        self.count += 1;
        if self.records.len() >= BATCH_RECORDS || self.geometry_bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if self.records.is_empty() {
            return Ok(());
        }
        self.geometry_bytes = 0;
        let records = std::mem::replace(&mut self.records, Vec::with_capacity(BATCH_RECORDS));
        (self.send)(Event::Records(records)).map_err(Stop::Unheard)
    }

    fn finish(mut self) -> Result<u64, Stop> {
        self.flush()?;
        Ok(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::{boolean, date, date_time, unicode};
    use crate::protocol::SourceValue;

    #[test]
    fn moments_become_rfc_3339() {
        for (text, moment) in [
            ("2024/05/31 12:00:00+00", "2024-05-31T12:00:00+00:00"),
            (
                "2024/05/31 12:00:00.123+02",
                "2024-05-31T12:00:00.123+02:00",
            ),
            ("2024/05/31 12:00:00-0330", "2024-05-31T12:00:00-03:30"),
        ] {
            assert_eq!(date_time(text), SourceValue::DateTime(moment.to_owned()));
        }
        let local = SourceValue::Text("2024-05-31T12:00:00".to_owned());
        assert_eq!(date_time("2024/05/31 12:00:00"), local);
        assert_eq!(date_time(""), SourceValue::Null);
    }

    #[test]
    fn dates_and_booleans_are_taken_as_dbase_writes_them() {
        assert_eq!(
            date("2024/05/31"),
            SourceValue::Date("2024-05-31".to_owned())
        );
        assert_eq!(date(""), SourceValue::Null);
        assert_eq!(boolean("T"), SourceValue::Boolean(true));
        assert_eq!(boolean("n"), SourceValue::Boolean(false));
        assert_eq!(boolean("?"), SourceValue::Null);
    }

    #[test]
    fn replacement_characters_are_refused() {
        assert!(unicode("Kru\u{fffd}evac".to_owned()).is_err());
        assert_eq!(unicode("Čačak".to_owned()), Ok("Čačak".to_owned()));
    }
}
