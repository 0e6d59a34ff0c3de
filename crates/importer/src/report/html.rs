//! The report as one page for the browser, without scripts and without anything from elsewhere.

use askama::Template;
use domain::lang::{Lang, Message, Text};
use domain::record::Finding;
use geo_types::{Geometry, Point};

use crate::coordinates::{CrsDecision, PossibleReading};
use crate::mapping::Matched;

use super::map::{Mark, draw};
use super::{RecordReport, RecordVerdict, Report, text, words};

/// So many records are shown; the CSV has them all.
const MOST_RECORDS: usize = 2_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    lang: Lang,
    map: Option<String>,
    told: Vec<&'a RecordReport>,
    /// How many more there is something to say about.
    more: usize,
}

pub(super) fn of(report: &Report, lang: Lang) -> Result<String, askama::Error> {
    let mut told = text::told(report);
    let more = told.len().saturating_sub(MOST_RECORDS);
    told.truncate(MOST_RECORDS);
    let page = Page {
        report,
        lang,
        map: map(report, lang),
        told,
        more,
    };
    page.render()
}

fn map(report: &Report, lang: Lang) -> Option<String> {
    let marks: Vec<Mark<'_>> = report
        .records
        .iter()
        .rev()
        .filter_map(|record| {
            Some(Mark {
                geometry: record.geometry.as_ref()?,
                verdict: record.verdict,
                label: label(record, lang),
                name: record.key.clone().unwrap_or_else(|| record.row.to_string()),
            })
        })
        .collect();
    let places: Vec<_> = report.readings.iter().map(place).collect();
    let readings = places.iter().zip(&report.readings);
    let readings = readings.map(|(geometry, reading)| Mark {
        geometry,
        verdict: RecordVerdict::Ambiguous,
        label: reading.with_place().get(lang).into_owned(),
        name: reading.crs.clone(),
    });
    let marks: Vec<_> = marks.into_iter().chain(readings).collect();
    draw(&marks, &report.districts)
}

fn place(reading: &PossibleReading) -> Geometry<f64> {
    Point::new(reading.longitude, reading.latitude).into()
}

fn label(record: &RecordReport, lang: Lang) -> String {
    let (row, key) = (record.row, record.key.as_deref().unwrap_or_default());
    let verdict = record.verdict.title();
    let (sr, en) = (verdict.sr, verdict.en);
    let label = message_of(row, key, sr, en);
    label.get(lang).into_owned()
}

fn message_of(row: u64, key: &str, sr: &str, en: &str) -> Message {
    domain::message!("ред {row} {key}: {sr}", "row {row} {key}: {en}")
}

impl Page<'_> {
    fn say(&self, sr: &'static str, en: &'static str) -> String {
        Text::new(sr, en).get(self.lang).into_owned()
    }

    fn text(&self, message: &Message) -> String {
        message.get(self.lang).into_owned()
    }

    fn left_out(&self) -> String {
        self.text(&text::left_out(self.report.records_left_out))
    }

    fn verdict(&self, verdict: RecordVerdict) -> String {
        verdict.title().get(self.lang).into_owned()
    }

    fn verdict_of(&self, record: &RecordReport) -> String {
        self.verdict(record.verdict)
    }

    fn severity_of(&self, finding: &Finding) -> String {
        words::severity(finding.severity)
            .get(self.lang)
            .into_owned()
    }

    fn field(&self, name: &str) -> String {
        let field = domain::layers::find(self.report.layer).and_then(|layer| layer.field(name));
        field.map_or_else(
            || name.to_owned(),
            |field| field.title.get(self.lang).into_owned(),
        )
    }

    fn about(&self, finding: &Finding) -> String {
        finding
            .field
            .as_deref()
            .map_or_else(String::new, |name| self.field(name))
    }

    fn how(&self, matched: &Matched) -> String {
        matched.how_in_words().get(self.lang).into_owned()
    }

    fn operation(&self, crs: &CrsDecision) -> String {
        text::operation(crs, self.lang)
    }

    fn value(&self, value: Option<&String>) -> String {
        value.map_or_else(|| words::UNKNOWN.get(self.lang).into_owned(), Clone::clone)
    }

    fn counts(&self) -> Vec<(RecordVerdict, u64)> {
        let counts = self.report.counts;
        let of = |verdict| match verdict {
            RecordVerdict::Refused => counts.refused,
            RecordVerdict::Ambiguous => counts.ambiguous,
            RecordVerdict::Conflicting => counts.conflicting,
            RecordVerdict::Changed => counts.changed,
            RecordVerdict::New => counts.new,
            RecordVerdict::Unchanged => counts.unchanged,
        };
        RecordVerdict::ALL
            .map(|verdict| (verdict, of(verdict)))
            .to_vec()
    }
}
