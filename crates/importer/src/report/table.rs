//! The records of a report as CSV (RFC 4180).

use std::borrow::Cow;

use domain::lang::{Lang, Text};

use super::{RecordReport, words};
use crate::matching;

const HEADING: [Text; 11] = [
    Text::new("ред", "row"),
    Text::new("fid", "fid"),
    Text::new("ознака у извору", "external id"),
    Text::new("шифра", "code"),
    Text::new("исход", "verdict"),
    Text::new("тежина", "severity"),
    Text::new("поље", "field"),
    Text::new("порука", "message"),
    Text::new("било", "before"),
    Text::new("биће", "after"),
    Text::new("могући објекти", "candidates"),
];

pub(super) fn of(records: &[RecordReport], lang: Lang) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADING.map(|text| text.get(lang).into_owned()))?;
    for record in records {
        for line in lines(record, lang) {
            writer.write_record(line.iter().map(|cell| harmless(cell).into_owned()))?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn lines(record: &RecordReport, lang: Lang) -> Vec<[String; 11]> {
    let line = |what: [&str; 5]| {
        let [severity, field, message, before, after] = what.map(str::to_owned);
        [
            record.row.to_string(),
            record.fid.map_or_else(String::new, |fid| fid.to_string()),
            record.external_id.clone().unwrap_or_default(),
            record.key.clone().unwrap_or_default(),
            record.verdict.title().get(lang).into_owned(),
            severity,
            field,
            message,
            before,
            after,
            candidates(record, lang),
        ]
    };
    let findings = record.findings.iter().map(|finding| {
        let field = finding.field.as_deref().unwrap_or_default();
        let severity = words::severity(finding.severity).get(lang);
        line([&severity, field, &finding.message.get(lang), "", ""])
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

/// The registered records that it may be, all of them.
fn candidates(record: &RecordReport, lang: Lang) -> String {
    let words = record.candidates.iter().map(matching::in_words);
    let words: Vec<_> = words.map(|one| one.get(lang).into_owned()).collect();
    words.join("; ")
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
