//! A workbook (Office Open XML) of two sheets: the features, and what the columns mean.
//!
//! Rows are written to a temporary file as they come. Every text is a text cell: nothing that a record
//! says becomes a formula or a link.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::layer::Field;
use domain::{Lang, Text};
use geo_types::Geometry;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use store::columns::Fields;
use store::feature::{Feature, ValueRef};

use super::{Package, PackageError};
use crate::crs::ServedCrs;
use crate::formats::shape::{shape, write_degrees, write_wkt};
use crate::formats::values::{labels, plain};
use crate::stream::Job;

/// Rows that a sheet can have (ECMA-376, as Excel limits it).
const MOST_ROWS: u32 = 1_048_576;
/// Letters that a cell can have.
const MOST_LETTERS: usize = 32_767;
/// Whole numbers up to here are exact in a cell, which holds a double.
const EXACT: i64 = 1 << 53;

const DATA: Text = Text::new("Подаци", "Data");
const FIELDS: Text = Text::new("Поља", "Fields");
const CUT: Text = Text::new("… (скраћено)", "… (shortened)");

/// A workbook that is being written.
pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    fields: Fields,
    lang: Lang,
    labels: bool,
    points: bool,
    day: Format,
    moment: Format,
    row: u32,
    path: PathBuf,
}

impl Workbook {
    /// Begins a workbook in a folder.
    pub fn new(job: &Job, folder: &Path) -> Result<Self, PackageError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.set_tempdir(folder)?;
        book.add_worksheet_with_constant_memory()?
            .set_name(DATA.get(job.context.lang))?;
        let mut workbook = Self {
            book,
            fields: job.fields.clone(),
            lang: job.context.lang,
            labels: job.options.labels,
            points: job.layer.geometry == domain::layer::GeometryKind::Point,
            day: Format::new().set_num_format("yyyy\\-mm\\-dd"),
            moment: Format::new().set_num_format("yyyy\\-mm\\-dd\\ hh:mm:ss"),
            row: 0,
            path: folder.join("workbook.xlsx"),
        };
        workbook.write_headings()?;
        Ok(workbook)
    }

    fn has_label(&self, field: &Field) -> bool {
        self.labels && field.code_list().is_some()
    }

    fn write_headings(&mut self) -> Result<(), PackageError> {
        let mut headings = vec!["id".to_owned()];
        for field in self.fields.iter() {
            headings.push(field.name.to_owned());
            if self.has_label(field) {
                headings.push(format!("{}_label", field.name));
            }
        }
        let places: &[&str] = if self.points {
            &["longitude", "latitude"]
        } else {
            &["WKT"]
        };
        headings.extend(places.iter().map(|one| (*one).to_owned()));
        let bold = Format::new().set_bold();
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(&headings) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        Ok(())
    }

    /// What the columns mean: name, title, type, unit, list of codes.
    fn write_fields(&mut self) -> Result<(), PackageError> {
        let lang = self.lang;
        let bold = Format::new().set_bold();
        let sheet = self.book.add_worksheet();
        sheet.set_name(FIELDS.get(lang))?;
        let headings = [
            Text::new("Колона", "Column"),
            Text::new("Назив", "Title"),
            Text::new("Врста", "Type"),
            Text::new("Јединица", "Unit"),
            Text::new("Порекло", "Origin"),
            Text::new("Шифре", "Codes"),
        ];
        for (column, heading) in (0..).zip(headings) {
            sheet.write_string_with_format(0, column, heading.get(lang), &bold)?;
        }
        for (row, field) in (1..).zip(self.fields.iter()) {
            write_field(sheet, row, field, lang)?;
        }
        sheet.set_column_width(0, 24)?;
        sheet.set_column_width(1, 40)?;
        Ok(())
    }
}

impl Package for Workbook {
    fn add(&mut self, feature: &Feature) -> Result<(), PackageError> {
        self.row += 1;
        if self.row >= MOST_ROWS {
            return Err(PackageError::TooMuch);
        }
        let (row, lang, with_labels) = (self.row, self.lang, self.labels);
        let sheet = self.book.worksheet_from_index(0)?;
        write_integer(sheet, row, 0, feature.id()?)?;
        let mut column = 1;
        for pair in feature.values() {
            let (field, value) = pair?;
            let format = match value {
                ValueRef::DateTime(_) => &self.moment,
                _ => &self.day,
            };
            write_value(sheet, (row, column), &value, format, lang)?;
            column += 1;
            if with_labels && field.code_list().is_some() {
                if let Some(label) = labels(field, &value, lang) {
                    write_text(sheet, row, column, &label, lang)?;
                }
                column += 1;
            }
        }
        if let Some(geometry) = shape(feature, ServedCrs::CRS84)? {
            write_place(sheet, row, column, &geometry, lang)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<File, PackageError> {
        self.write_fields()?;
        self.book.save(&self.path)?;
        Ok(File::open(&self.path)?)
    }
}

type Written = Result<(), XlsxError>;

fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &ValueRef<'_>,
    format: &Format,
    lang: Lang,
) -> Written {
    match value {
        ValueRef::Unknown => {}
        ValueRef::Integer(number) => write_integer(sheet, row, column, *number)?,
        ValueRef::Number(number) => drop(sheet.write_number(row, column, *number)?),
        ValueRef::Boolean(yes) => drop(sheet.write_boolean(row, column, *yes)?),
        // Days before 1900 have no number in Excel.
        ValueRef::Date(day) if chrono::Datelike::year(day) >= 1900 => {
            sheet.write_date_with_format(row, column, day, format)?;
        }
        ValueRef::DateTime(moment) if chrono::Datelike::year(moment) >= 1900 => {
            sheet.write_datetime_with_format(row, column, moment.naive_utc(), format)?;
        }
        other => write_text(sheet, row, column, &plain(other), lang)?,
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "only where it is exact")]
fn write_integer(sheet: &mut Worksheet, row: u32, column: u16, number: i64) -> Written {
    if number.abs() <= EXACT {
        sheet.write_number(row, column, number as f64)?;
    } else {
        sheet.write_string(row, column, number.to_string())?;
    }
    Ok(())
}

/// A text longer than a cell can hold is cut, and says so.
fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, lang: Lang) -> Written {
    if text.chars().count() <= MOST_LETTERS {
        sheet.write_string(row, column, text)?;
    } else {
        let end = CUT.get(lang);
        let kept = text.chars().take(MOST_LETTERS - end.chars().count());
        let cut: String = kept.chain(end.chars()).collect();
        sheet.write_string(row, column, cut)?;
    }
    Ok(())
}

fn write_place(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    geometry: &Geometry<f64>,
    lang: Lang,
) -> Written {
    if let Geometry::Point(point) = geometry {
        sheet.write_number(row, column, point.x())?;
        sheet.write_number(row, column + 1, point.y())?;
        return Ok(());
    }
    let mut wkt = Vec::new();
    write_wkt(&mut wkt, geometry, write_degrees);
    let wkt = String::from_utf8(wkt).unwrap_or_default();
    write_text(sheet, row, column, &wkt, lang)
}

fn write_field(sheet: &mut Worksheet, row: u32, field: &Field, lang: Lang) -> Written {
    let origin = match field.origin {
        domain::layer::Origin::Recorded => Text::new("уписано", "recorded"),
        domain::layer::Origin::Derived => {
            Text::new("изведено из других поља", "derived from other fields")
        }
        domain::layer::Origin::Register => Text::new("води регистар", "kept by the register"),
    };
    let kind = match field.field_type {
        domain::value::FieldType::Text => Text::new("текст", "text"),
        domain::value::FieldType::Integer => Text::new("цео број", "whole number"),
        domain::value::FieldType::Number => Text::new("број", "number"),
        domain::value::FieldType::Boolean => Text::new("да или не", "yes or no"),
        domain::value::FieldType::Date => Text::new("датум", "date"),
        domain::value::FieldType::DateTime => Text::new("тренутак (UTC)", "moment (UTC)"),
        domain::value::FieldType::Code(_) => Text::new("шифра", "code"),
        domain::value::FieldType::Codes(_) => {
            Text::new("шифре, раздвојене са ;", "codes, separated by ;")
        }
    };
    let codes = field.code_list().map(|list| {
        let codes = list.entries.iter();
        let codes = codes.map(|entry| format!("{} = {}", entry.code, entry.label.get(lang)));
        codes.collect::<Vec<_>>().join("\n")
    });
    let texts = [
        field.name.to_owned(),
        field.title.get(lang).into_owned(),
        kind.get(lang).into_owned(),
        field.unit.unwrap_or_default().to_owned(),
        origin.get(lang).into_owned(),
        codes.unwrap_or_default(),
    ];
    for (column, text) in (0..).zip(texts) {
        if !text.is_empty() {
            write_text(sheet, row, column, &text, lang)?;
        }
    }
    Ok(())
}
