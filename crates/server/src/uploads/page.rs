//! Uploads as pages: sending a file, the list for review, one upload with what can be decided of it.

use askama::Template;
use domain::code_list::Coded;
use domain::layer::{Layer, Supply};
use domain::layers::LAYERS;
use domain::lists::{SurveyKind, VerticalDatum};
use domain::upload::{RecordChoices, UploadState};
use domain::{Lang, Text};
use serde_json::Value;
use store::submission::Submission;

use super::reading::Reading;
use super::regions::{Region, Touched};
use crate::account::SignedIn;
use crate::context::Context;
use crate::pages::{Frame, HOME};

/// The list of uploads, above each of them.
pub const UPLOADS: (&str, Text) = ("/uploads", Text::new("Слања", "Uploads"));
/// Records that wait for somebody's word, shown at most.
const MOST_DOUBTFUL: usize = 200;

#[derive(Template)]
#[template(path = "uploads.html")]
pub struct ListPage<'a> {
    frame: Frame,
    reader: &'a SignedIn,
    uploads: &'a [Submission],
    next: Option<i64>,
}

impl<'a> ListPage<'a> {
    pub fn of(
        context: &Context,
        reader: &'a SignedIn,
        uploads: &'a [Submission],
        next: Option<i64>,
    ) -> Self {
        Self {
            frame: Frame::of(context, &[HOME]),
            reader,
            uploads,
            next,
        }
    }

    /// The layers that files of features go into.
    fn layers() -> impl Iterator<Item = &'static Layer> + use<> {
        LAYERS
            .iter()
            .copied()
            .filter(|layer| layer.supply == Supply::Features)
    }

    fn codes<T: Coded>(&self) -> Vec<(&'static str, String)> {
        let entries = T::LIST.entries.iter();
        entries
            .map(|entry| (entry.code, self.frame.text(&entry.label)))
            .collect()
    }

    fn kinds(&self) -> Vec<(&'static str, String)> {
        self.codes::<SurveyKind>()
    }

    fn datums(&self) -> Vec<(&'static str, String)> {
        self.codes::<VerticalDatum>()
    }

    fn state(&self, one: &Submission) -> String {
        self.frame.text(&one.state.entry().label)
    }

    fn page_of(&self, id: i64) -> String {
        self.frame.page(&format!("/uploads/{id}"))
    }

    fn csrf(&self) -> &str {
        self.reader.csrf_secret()
    }
}

/// A record of which somebody has to say what becomes of it.
struct Doubtful {
    row: u64,
    reasons: Vec<String>,
    /// The codes of the facilities that it may be.
    candidates: Vec<(String, String)>,
    /// The choice by which all of it holds.
    take: Option<String>,
    said: String,
}

#[derive(Template)]
#[template(path = "upload.html")]
pub struct UploadPage<'a> {
    frame: Frame,
    reader: &'a SignedIn,
    one: &'a Submission,
    touched: &'a Touched,
    reading: Reading,
    doubtful: Vec<Doubtful>,
    /// What is doubtful about the coordinates, with what they may be.
    doubt: Option<String>,
    /// What may be said of the coordinates, and that in words.
    readings: Vec<(String, String)>,
}

impl<'a> UploadPage<'a> {
    /// The page of an upload, with the regions that it touches and the report of its last inspection.
    pub fn of(
        context: &Context,
        (reader, touched): (&'a SignedIn, &'a Touched),
        one: &'a Submission,
        report: Option<&Value>,
    ) -> Self {
        let reading: Reading = serde_json::from_value(one.reading.clone()).unwrap_or_default();
        let records = report.and_then(|report| report["records"].as_array());
        let records = records.map(Vec::as_slice).unwrap_or_default();
        let doubtful = records
            .iter()
            .filter_map(|record| doubtful(record, &reading.choices, context.lang))
            .take(MOST_DOUBTFUL);
        let readings = readings(report, context.lang);
        let summary = report.and_then(|report| message(&report["summary"], context.lang));
        Self {
            frame: Frame::of(context, &[HOME, UPLOADS]),
            reader,
            one,
            touched,
            doubtful: doubtful.collect(),
            doubt: summary.filter(|_| !readings.is_empty()),
            readings,
            reading,
        }
    }

    fn state(&self) -> String {
        self.frame.text(&self.one.state.entry().label)
    }

    fn failure(&self) -> Option<String> {
        let why = self.one.failure.as_ref()?;
        Some(why.get(self.frame.lang).into_owned())
    }

    /// How many records had which verdict.
    fn counts(&self) -> Vec<(String, i64)> {
        const VERDICTS: [(&str, Text); 7] = [
            ("new", Text::new("нових", "new")),
            ("changed", Text::new("измењених", "changed")),
            ("unchanged", Text::new("неизмењених", "unchanged")),
            ("refused", Text::new("одбијених", "refused")),
            ("ambiguous", Text::new("двосмислених", "ambiguous")),
            ("conflicting", Text::new("у сукобу", "conflicting")),
            ("left_out", Text::new("изостављених", "left out")),
        ];
        let counts = self.one.counts.as_ref();
        let known = VERDICTS.iter().filter_map(|(name, title)| {
            let count = counts?.get(name)?.as_i64()?;
            Some((self.frame.text(title), count))
        });
        known.collect()
    }

    /// A region in a phrase: the municipality with its district, as records say them.
    fn place(&self, region: &Region) -> String {
        const NOWHERE: Text =
            Text::new("без општине и округа", "without municipality and district");
        let codes = [region.municipality.as_deref(), region.district.as_deref()];
        let codes: Vec<_> = codes.into_iter().flatten().collect();
        if codes.is_empty() {
            self.frame.text(&NOWHERE)
        } else {
            codes.join(", ")
        }
    }

    /// Whether it waits for somebody like the reader.
    fn awaits_decision(&self) -> bool {
        self.one.state == UploadState::Ready && self.reader.rights.role.may_publish()
    }

    /// Whether the reader decides about it, as [`super::regions::may_decide`] says.
    fn may_decide(&self) -> bool {
        self.reader.rights.are_unlimited()
            || self.one.is_publishable() && self.touched.are_covered(self.reader)
    }

    /// Whether the reader can end it by withdrawing it alone.
    fn may_only_withdraw(&self) -> bool {
        let is_own = self.one.submitted_by == self.reader.name.as_str();
        let decides = self.awaits_decision() && self.may_decide();
        is_own && !decides && self.one.state.is_open() && !self.one.state.is_in_work()
    }

    fn may_be_read_again(&self) -> bool {
        let waits = matches!(self.one.state, UploadState::Ready | UploadState::Failed);
        let is_own = self.one.submitted_by == self.reader.name.as_str();
        let is_near = self.one.outcome.is_some() && self.touched.are_covered(self.reader);
        waits && !self.reading.edits && (is_own || self.reader.rights.are_unlimited() || is_near)
    }

    fn csrf(&self) -> &str {
        self.reader.csrf_secret()
    }

    /// The address of a part of this upload.
    fn at(&self, rest: &str) -> String {
        format!("{}/uploads/{}{rest}", self.frame.base_url, self.one.id)
    }
}

/// The ways in which the coordinates can be read.
fn readings(report: Option<&Value>, lang: Lang) -> Vec<(String, String)> {
    let readings = report.and_then(|report| report["readings"].as_array());
    let readings = readings.map(Vec::as_slice).unwrap_or_default().iter();
    readings
        .filter_map(|one| {
            Some((
                one["crs"].as_str()?.to_owned(),
                message(&one["words"], lang)?,
            ))
        })
        .collect()
}

fn message(value: &Value, lang: Lang) -> Option<String> {
    let message: domain::lang::Message = serde_json::from_value(value.clone()).ok()?;
    Some(message.get(lang).into_owned())
}

fn doubtful(record: &Value, choices: &RecordChoices, lang: Lang) -> Option<Doubtful> {
    let verdict = record["verdict"].as_str()?;
    if !matches!(verdict, "refused" | "ambiguous" | "conflicting") {
        return None;
    }
    let row = record["row"].as_u64()?;
    let findings = record["findings"].as_array();
    let findings = findings.map(Vec::as_slice).unwrap_or_default().iter();
    let candidates = record["candidates"].as_array();
    let candidates = candidates.map(Vec::as_slice).unwrap_or_default().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some(Doubtful {
        row,
        reasons: findings.filter_map(|one| reason(one, lang)).collect(),
        take: record["take"].as_str().map(str::to_owned),
        candidates: candidates
            .map(|one| (text(&one["code"]), text(&one["name"])))
            .collect(),
        said: choices
            .get(&row)
            .map(ToString::to_string)
            .unwrap_or_default(),
    })
}

/// An error in words, with its field; none of what is no error.
fn reason(finding: &Value, lang: Lang) -> Option<String> {
    let message = message(&finding["message"], lang)?;
    (finding["severity"] == "error").then(|| match finding["field"].as_str() {
        Some(field) => format!("{field}: {message}"),
        None => message,
    })
}
