//! The report as one page for the browser, without scripts and without anything from elsewhere.

use askama::Template;
use domain::lang::{Lang, Message, Text};
use domain::record::Finding;
use geo::Centroid;
use geo_types::{Geometry, LineString, Point};
use store::matching::Candidate;

use crate::coordinates::{CrsDecision, PossibleReading};
use crate::mapping::Matched;
use crate::matching;

use super::map::{Kind, Map, Mark, draw};
use super::{RecordReport, RecordVerdict, Report, text, words};

/// So many records are shown; the CSV has them all.
const MOST_RECORDS: usize = 2_000;
/// So many of the facilities that a record may be are on the map.
const MOST_CANDIDATES: usize = 5;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    lang: Lang,
    map: Option<Map>,
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

fn map(report: &Report, lang: Lang) -> Option<Map> {
    let places: Vec<_> = report.readings.iter().map(place).collect();
    let readings = places.iter().zip(&report.readings);
    let readings = readings.map(|(geometry, reading)| Mark {
        geometry,
        kind: Kind::Record(RecordVerdict::Ambiguous),
        label: reading.with_place().get(lang).into_owned(),
        name: reading.crs.clone(),
    });
    let candidates = candidates(report);
    let links = candidates.iter().filter_map(|one| {
        Some(Mark {
            geometry: one.link.as_ref()?,
            kind: Kind::Link,
            label: String::new(),
            name: String::new(),
        })
    });
    let facilities = candidates.iter().map(|one| Mark {
        geometry: &one.place,
        kind: Kind::Candidate,
        label: matching::in_words(one.candidate).get(lang).into_owned(),
        name: one.candidate.code.clone(),
    });
    let records = report.records.iter().rev();
    let records = records.filter_map(|record| of_record(record, lang));
    let marks: Vec<_> = links
        .chain(facilities)
        .chain(records)
        .chain(readings)
        .collect();
    draw(&marks, &report.districts)
}

fn of_record(record: &RecordReport, lang: Lang) -> Option<Mark<'_>> {
    Some(Mark {
        geometry: record.geometry.as_ref()?,
        kind: Kind::Record(record.verdict),
        label: label(record, lang),
        name: record.key.clone().unwrap_or_else(|| row(record, lang)),
    })
}

/// A facility that a record may be, on the map.
struct Placed<'a> {
    candidate: &'a Candidate,
    place: Geometry<f64>,
    /// From the record, where that is anywhere.
    link: Option<Geometry<f64>>,
}

fn candidates(report: &Report) -> Vec<Placed<'_>> {
    let of_record = |record| {
        let RecordReport {
            geometry,
            candidates,
            ..
        }: &RecordReport = record;
        let from = geometry.as_ref().and_then(Centroid::centroid);
        candidates
            .iter()
            .take(MOST_CANDIDATES)
            .filter_map(move |candidate| {
                let to = Point::from(candidate.place?);
                Some(Placed {
                    candidate,
                    place: to.into(),
                    link: from.map(|from| LineString::from(vec![from.0, to.0]).into()),
                })
            })
    };
    report.records.iter().flat_map(of_record).collect()
}

fn row(record: &RecordReport, lang: Lang) -> String {
    let row = record.row;
    let words = domain::message!("ред {row}", "row {row}");
    words.get(lang).into_owned()
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

    fn legend(&self, kind: Kind) -> String {
        kind.title().get(self.lang).into_owned()
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
