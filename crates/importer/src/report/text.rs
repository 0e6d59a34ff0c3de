//! The report in words.

use std::fmt::{self, Display, Formatter};

use domain::record::{Finding, Severity};
use store::staging::Difference;

use super::{RecordReport, RecordVerdict, Report};
use crate::coordinates::CrsDecision;

/// So many records are shown one by one.
pub(super) const MOST_RECORDS: usize = 50;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.file_in_words(f)?;
        self.fields_in_words(f)?;
        list(f, "Notes", self.notes.iter())?;
        self.records_in_words(f)?;
        writeln!(f, "{}", self.summary)
    }
}

impl Report {
    fn file_in_words(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (layer, source) = (self.layer, &self.source_layer);
        writeln!(
            f,
            "{}: {}, {} bytes",
            self.file, self.format, self.size_bytes
        )?;
        writeln!(f, "SHA-256: {}", self.sha256)?;
        writeln!(f, "Layer: `{source}` into {layer}")?;
        writeln!(
            f,
            "Text: {}: {}",
            self.encoding.name, self.encoding.evidence
        )?;
        for sample in &self.encoding.samples {
            writeln!(f, "  for example: {sample}")?;
        }
        self.crs
            .as_ref()
            .map_or(Ok(()), |crs| coordinates_in_words(crs, f))
    }

    fn fields_in_words(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let matched = self.fields.iter().map(|matched| {
            format!(
                "{} -> {} ({})",
                matched.source,
                matched.target.name,
                matched.how.in_words()
            )
        });
        list(f, "Fields", matched)?;
        let ignored = self
            .ignored
            .iter()
            .map(|ignored| format!("{}: {}", ignored.source, ignored.reason));
        list(f, "Not imported", ignored)
    }

    fn records_in_words(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut told: Vec<_> = self
            .records
            .iter()
            .filter(|record| is_worth_telling(record))
            .collect();
        told.sort_by_key(|record| (record.verdict, record.row));
        for record in told.iter().take(MOST_RECORDS) {
            record_in_words(record, f)?;
        }
        match told.len().checked_sub(MOST_RECORDS) {
            None | Some(0) => Ok(()),
            Some(more) => writeln!(
                f,
                "… and {more} more; the report as CSV or JSON has them all"
            ),
        }
    }
}

/// New and unchanged records are only counted, unless something was found in them.
fn is_worth_telling(record: &RecordReport) -> bool {
    matches!(
        record.verdict,
        RecordVerdict::Refused | RecordVerdict::Changed
    ) || !record.findings.is_empty()
}

fn coordinates_in_words(crs: &CrsDecision, f: &mut Formatter<'_>) -> fmt::Result {
    writeln!(
        f,
        "Coordinates: {} ({}): {}",
        crs.crs, crs.name, crs.evidence
    )?;
    let epsg = crs
        .operation
        .epsg
        .map_or_else(String::new, |code| format!(", EPSG:{code}"));
    let accuracy = match crs.operation.accuracy_m {
        0.0 => "exact".to_owned(),
        metres => format!("accuracy {metres} m"),
    };
    writeln!(
        f,
        "  to WGS 84 by: {}{epsg}, {accuracy}",
        crs.operation.name
    )?;
    crs.notes
        .iter()
        .try_for_each(|note| writeln!(f, "  {note}"))
}

fn list<T: Display>(
    f: &mut Formatter<'_>,
    title: &str,
    mut lines: impl Iterator<Item = T>,
) -> fmt::Result {
    let Some(first) = lines.next() else {
        return Ok(());
    };
    writeln!(f, "{title}:")?;
    std::iter::once(first)
        .chain(lines)
        .try_for_each(|line| writeln!(f, "  {line}"))
}

fn record_in_words(record: &RecordReport, f: &mut Formatter<'_>) -> fmt::Result {
    let key = record
        .key
        .as_ref()
        .map_or_else(String::new, |key| format!(", {key}"));
    writeln!(f, "Row {}{key}: {}", record.row, record.verdict.word())?;
    for finding in &record.findings {
        writeln!(f, "  {}", finding_in_words(finding))?;
    }
    for Difference {
        field,
        before,
        after,
    } in &record.differences
    {
        writeln!(
            f,
            "  {field}: {} -> {}",
            or_unknown(before.as_deref()),
            or_unknown(after.as_deref())
        )?;
    }
    Ok(())
}

fn finding_in_words(finding: &Finding) -> String {
    let severity = severity(finding.severity);
    match &finding.field {
        Some(field) => format!("{severity}, {field}: {}", finding.message),
        None => format!("{severity}: {}", finding.message),
    }
}

pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn or_unknown(text: Option<&str>) -> &str {
    text.unwrap_or("unknown")
}
