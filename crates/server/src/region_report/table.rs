//! The figures as a table: one line a region.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::code_list::Coded as _;
use domain::lists::{FacilityStatus, FacilityType};

use super::{Count, QUANTITIES, RegionFigures, RegionReport};
use crate::context::{CSV, Context};
use crate::formats::csv::{end_line, write_text};

/// The table as CSV (RFC 4180), codes as heads.
pub fn response(context: &Context, report: &RegionReport) -> Response {
    let mut text = Vec::new();
    write_line(&mut text, &heads());
    for region in &report.regions {
        write_line(&mut text, &cells(region));
    }
    let file = format!(
        "attachment; filename=\"facilities-by-{}.csv\"",
        report.level
    );
    let headers = [
        (header::CONTENT_TYPE, CSV.media_type.to_owned()),
        (header::CONTENT_DISPOSITION, file),
        (header::VARY, "Accept, Accept-Language".to_owned()),
        (header::CONTENT_LANGUAGE, context.lang.tag().to_owned()),
    ];
    (headers, text).into_response()
}

pub(super) fn heads() -> Vec<String> {
    let mut heads = vec![
        "code".to_owned(),
        "name".to_owned(),
        "facilities".to_owned(),
    ];
    for list in [FacilityType::LIST, FacilityStatus::LIST] {
        let codes = list.entries.iter().map(|entry| entry.code);
        heads.extend(codes.map(|code| format!("{}:{code}", list.id)));
        heads.push(format!("{}:unknown", list.id));
    }
    for (name, ..) in QUANTITIES {
        heads.extend([
            name.to_owned(),
            format!("{name}:known"),
            format!("{name}:unknown"),
        ]);
    }
    heads
}

/// An unknown value is an empty cell.
fn write_line(out: &mut Vec<u8>, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if !cell.is_empty() {
            write_text(out, cell);
        }
    }
    end_line(out);
}

pub(super) fn cells(region: &RegionFigures) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut cells = vec![
        text(&region.code),
        text(&region.name),
        region.facilities.to_string(),
    ];
    for (list, counts) in [
        (FacilityType::LIST, &region.by_type),
        (FacilityStatus::LIST, &region.by_status),
    ] {
        let codes = list.entries.iter().map(|entry| Some(entry.code));
        cells.extend(codes.chain([None]).map(|code| count(counts, code)));
    }
    for sum in region.sums() {
        let total = sum.total.map(|sum| sum.to_string()).unwrap_or_default();
        cells.extend([total, sum.known.to_string(), sum.unknown.to_string()]);
    }
    cells
}

fn count(counts: &[Count], code: Option<&str>) -> String {
    let found = counts.iter().find(|count| count.code.as_deref() == code);
    found.map_or(0, |count| count.facilities).to_string()
}
