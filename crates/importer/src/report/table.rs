//! The records of a report as CSV (RFC 4180).

use std::borrow::Cow;

use domain::record::Severity;

use super::{RecordReport, RecordVerdict};

const HEADING: [&str; 8] = [
    "row", "code", "verdict", "severity", "field", "message", "before", "after",
];

pub(super) fn of(records: &[RecordReport]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADING)?;
    for record in records {
        for line in lines(record) {
            writer.write_record(line.iter().map(|cell| harmless(cell).into_owned()))?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn lines(record: &RecordReport) -> Vec<[String; 8]> {
    let line = |what: [&str; 5]| {
        let [severity, field, message, before, after] = what.map(str::to_owned);
        let key = record.key.clone().unwrap_or_default();
        let verdict = RecordVerdict::word(record.verdict).to_owned();
        [
            record.row.to_string(),
            key,
            verdict,
            severity,
            field,
            message,
            before,
            after,
        ]
    };
    let findings = record.findings.iter().map(|finding| {
        let field = finding.field.as_deref().unwrap_or_default();
        line([weight(finding.severity), field, &finding.message.en, "", ""])
    });
    let differences = record.differences.iter().map(|one| {
        let [before, after] =
            [&one.before, &one.after].map(|side| side.as_deref().unwrap_or_default());
        line(["", &one.field, "", before, after])
    });
    let mut lines: Vec<_> = findings.chain(differences).collect();
    if lines.is_empty() {
        lines.push(line(["", "", "", "", ""]));
    }
    lines
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text.
fn harmless(cell: &str) -> Cow<'_, str> {
    let is_number = cell.parse::<f64>().is_ok();
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
