//! The figures as a workbook: one line a region, quantities as numbers, unknown as an empty cell.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::code_list::Coded as _;
use domain::lists::{FacilityStatus, FacilityType};
use domain::{Lang, Text};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::table::cells;
use super::{QUANTITIES, RegionReport};
use crate::context::{Context, XLSX};
use crate::error::ApiError;

/// Columns with texts: code and name of the region.
const TEXTS: usize = 2;

/// The workbook, whose heads are titles in the language of the request.
pub fn response(context: &Context, report: &RegionReport) -> Result<Response, ApiError> {
    let book = workbook(report, context.lang);
    let book = book.map_err(|error| context.internal(&error, "writing a workbook"))?;
    let file = format!(
        "attachment; filename=\"facilities-by-{}.xlsx\"",
        report.level
    );
    let headers = [
        (header::CONTENT_TYPE, XLSX.media_type.to_owned()),
        (header::CONTENT_DISPOSITION, file),
        (header::VARY, "Accept, Accept-Language".to_owned()),
        (header::CONTENT_LANGUAGE, context.lang.tag().to_owned()),
    ];
    Ok((headers, book).into_response())
}

fn workbook(report: &RegionReport, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(&report.title)?;
    let bold = Format::new().set_bold().set_text_wrap();
    for (column, head) in (0..).zip(titles(lang)) {
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_column_width(1, 28)?;
    for (row, region) in (1..).zip(&report.regions) {
        for (at, cell) in cells(region).iter().enumerate() {
            write_cell(sheet, row, at, cell)?;
        }
    }
    book.save_to_buffer()
}

fn write_cell(sheet: &mut Worksheet, row: u32, at: usize, cell: &str) -> Result<(), XlsxError> {
    let Ok(column) = u16::try_from(at) else {
        return Ok(());
    };
    match cell.parse::<f64>() {
        _ if cell.is_empty() => {}
        Ok(number) if at >= TEXTS => drop(sheet.write_number(row, column, number)?),
        _ => drop(sheet.write_string(row, column, cell)?),
    }
    Ok(())
}

/// The titles of the columns that [`heads`] names, in the same order.
fn titles(lang: Lang) -> Vec<String> {
    let say = |sr, en| Text::new(sr, en).get(lang).into_owned();
    let unknown = say("непознато", "unknown");
    let mut titles = vec![
        say("Шифра", "Code"),
        say("Регион", "Region"),
        say("Објеката", "Facilities"),
    ];
    for (list, title) in [
        (FacilityType::LIST, say("Врста", "Type")),
        (FacilityStatus::LIST, say("Статус", "Status")),
    ] {
        let labels = list.entries.iter().map(|entry| entry.label.get(lang));
        titles.extend(labels.map(|label| format!("{title}: {label}")));
        titles.push(format!("{title}: {unknown}"));
    }
    let known = say("познато код", "known of");
    let missing = say("непознато код", "unknown of");
    for (_, title, unit) in QUANTITIES {
        let title = format!("{} ({unit})", title.get(lang));
        titles.extend([
            title.clone(),
            format!("{title}: {known}"),
            format!("{title}: {missing}"),
        ]);
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::super::table::heads;
    use super::*;

    #[test]
    fn every_column_has_a_title() {
        for lang in Lang::ALL {
            assert_eq!(titles(lang).len(), heads().len());
        }
    }
}
