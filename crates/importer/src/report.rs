//! What became of a file: for people as text and CSV, for programs as JSON.

mod html;
mod map;
mod shape;
mod table;
mod text;
mod words;

use domain::lang::{Lang, Message};
use domain::message;
use domain::record::{Finding, Severity};
use domain::upload::RecordChoice;
use geo_types::{Geometry, MultiPolygon};
use serde::Serialize;
use store::matching::Candidate;
use store::staging::{Compared, Comparison, Difference, Verdict};

use crate::coordinates::{CrsDecision, PossibleReading};
use crate::mapping::{Ignored, Matched};
use crate::matching;
use crate::protocol::EncodingDecision;
use text::InWords;

/// All that is said about the import of one file.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size, bytes.
    pub size_bytes: u64,
    /// Its format in plain words.
    pub format: String,
    /// The layer of the file.
    pub source_layer: String,
    /// The layer of the register.
    pub layer: &'static str,
    /// How its text was read; `None` for rasters, which have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<EncodingDecision>,
    /// How its coordinates were read; `None` where it has none.
    pub crs: Option<CrsDecision>,
    /// Which of its fields were imported.
    pub fields: Vec<Matched>,
    /// Which were not, and why.
    pub ignored: Vec<Ignored>,
    /// Other things to know.
    pub notes: Vec<Message>,
    /// The ways in which its coordinates can be read, where that is undecided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<PossibleReading>,
    /// How many records had which verdict.
    pub counts: Counts,
    /// What came of it.
    pub outcome: Outcome,
    /// The same in a sentence.
    pub summary: Message,
    /// How many records stand only in the counts: of a large file, those of which there is nothing to
    /// say, and what goes beyond ten thousand.
    pub records_left_out: u64,
    /// The others, in file order.
    pub records: Vec<RecordReport>,
    /// The districts, behind the records on the map: longitude, latitude, WGS 84.
    #[serde(skip)]
    pub districts: Vec<MultiPolygon<f64>>,
}

/// How many records had which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Not in the register before.
    pub new: u64,
    /// In the register with other values.
    pub changed: u64,
    /// In the register with the same values.
    pub unchanged: u64,
    /// Not acceptable.
    pub refused: u64,
    /// Not to be told from several registered ones.
    pub ambiguous: u64,
    /// Changed by others too since the file was made from the register.
    pub conflicting: u64,
    /// Left out because a reviewer said so.
    pub left_out: u64,
}

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A revision was made.
    Published {
        /// Its number.
        revision: i64,
    },
    /// The register says the same as the file: no revision was made.
    NothingToChange,
    /// The file could be imported, but was only tried.
    DryRun,
    /// Records were refused: nothing was changed.
    Refused,
    /// The coordinates can be read in several ways; somebody has to say. Nothing was changed.
    Undecided,
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RecordReport {
    /// Its place in the file: from 1, or the line of a table.
    pub row: u64,
    /// Its number in the file (`fid` in a GeoPackage, `id` in GeoJSON), where it is not its place counted from 1 or
    /// from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub fid: Option<u64>,
    /// Its identifier in its source, as the file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub external_id: Option<String>,
    /// Its code, where it has a readable one.
    pub key: Option<String>,
    /// What it is to the register.
    pub verdict: RecordVerdict,
    /// What it changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// What was found in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The registered records that it may be, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// What to say of it for it to hold where it conflicts with what others changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub take: Option<RecordChoice>,
    /// Where it is, for the map: longitude, latitude, WGS 84.
    #[serde(skip)]
    pub geometry: Option<Geometry<f64>>,
}

/// What a record is to the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordVerdict {
    /// It cannot be accepted.
    Refused,
    /// It may be one of several registered records; somebody has to say.
    Ambiguous,
    /// Others changed the same since the file was made; somebody has to say what holds.
    Conflicting,
    /// It changes a record.
    Changed,
    /// It adds a record.
    New,
    /// The register says the same.
    Unchanged,
}

impl RecordVerdict {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Ambiguous => "ambiguous",
            Self::Conflicting => "conflicting",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }
}

impl RecordReport {
    /// A record that is not compared with the register.
    pub const fn refused(row: u64, key: Option<String>, findings: Vec<Finding>) -> Self {
        let verdict = RecordVerdict::Refused;
        Self {
            row,
            fid: None,
            external_id: None,
            key,
            verdict,
            differences: Vec::new(),
            findings,
            candidates: Vec::new(),
            take: None,
            geometry: None,
        }
    }

    /// A record without a code that may be one of these.
    pub fn ambiguous(row: u64, candidates: Vec<Candidate>) -> Self {
        let words: Vec<Message> = candidates.iter().take(5).map(matching::in_words).collect();
        let [sr, en] = [Lang::SrCyrl, Lang::En].map(|lang| {
            let words: Vec<_> = words.iter().map(|one| one.get(lang)).collect();
            words.join("; ")
        });
        let message = message!(
            "нема шифру, а могао би да буде: {sr}; унесите шифру",
            "has no code, and could be: {en}; give the code"
        );
        let findings = vec![Finding::of(Severity::Error, "code", message)];
        Self {
            verdict: RecordVerdict::Ambiguous,
            candidates,
            ..Self::refused(row, None, findings)
        }
    }

    /// A record whose file was made before others changed the same, the last of them in `revision`.
    pub fn conflicting(
        row: u64,
        key: Option<String>,
        findings: Vec<Finding>,
        revision: i64,
    ) -> Self {
        Self {
            verdict: RecordVerdict::Conflicting,
            take: Some(RecordChoice::Take { revision }),
            ..Self::refused(row, key, findings)
        }
    }

    /// A record that was compared, with what was found in it before.
    pub fn compared(row: u64, compared: Compared, mut findings: Vec<Finding>) -> Self {
        let note = compared
            .note
            .map(|note| Finding::whole(Severity::Note, note));
        findings.extend(note);
        let (verdict, differences) = match compared.verdict {
            Verdict::New => (RecordVerdict::New, Vec::new()),
            Verdict::Changed(differences) => (RecordVerdict::Changed, differences),
            Verdict::Unchanged => (RecordVerdict::Unchanged, Vec::new()),
        };
        // The geometry comes last.
        let of_shape = differences.last().zip(compared.shape);
        findings
            .extend(of_shape.map(|(difference, shape)| shape::finding(&difference.field, &shape)));
        Self {
            external_id: compared.external_id,
            verdict,
            differences,
            geometry: compared.geometry,
            ..Self::refused(row, Some(compared.key), findings)
        }
    }

    /// Adds those findings that do not stand there yet; an error refuses the record.
    pub fn add_new(&mut self, mut findings: Vec<Finding>) {
        findings.retain(|finding| !self.findings.contains(finding));
        if !findings.is_empty() {
            self.add(findings);
        }
    }

    /// Adds findings; an error refuses the record.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
        if self
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            self.verdict = RecordVerdict::Refused;
            self.differences.clear();
        }
    }
}

impl Counts {
    /// What a comparison found, and how many records were refused before it.
    pub const fn of(compared: &Comparison, refused: u64, ambiguous: u64) -> Self {
        Self {
            new: compared.new,
            changed: compared.changed,
            unchanged: compared.unchanged,
            refused,
            ambiguous,
            conflicting: 0,
            left_out: 0,
        }
    }

    /// Whether the file cannot be published as it is.
    pub const fn hinders(&self) -> bool {
        self.refused + self.ambiguous + self.conflicting > 0
    }

    /// Every new record is refused.
    pub const fn refuse_new(&mut self) {
        self.refused += self.new;
        self.new = 0;
    }

    /// A record that had this verdict is refused.
    pub const fn refuse(&mut self, verdict: RecordVerdict) {
        let counted = match verdict {
            RecordVerdict::Refused | RecordVerdict::Ambiguous | RecordVerdict::Conflicting => {
                return;
            }
            RecordVerdict::Changed => &mut self.changed,
            RecordVerdict::New => &mut self.new,
            RecordVerdict::Unchanged => &mut self.unchanged,
        };
        *counted = counted.saturating_sub(1);
        self.refused += 1;
    }

    /// All records.
    pub const fn total(&self) -> u64 {
        let published = self.new + self.changed + self.unchanged;
        published + self.refused + self.ambiguous + self.conflicting + self.left_out
    }
}

impl Outcome {
    /// In a sentence.
    pub fn in_words(self, counts: &Counts) -> Message {
        let Counts {
            new,
            changed,
            unchanged,
            ..
        } = *counts;
        match self {
            Self::Published { revision } => message!(
                "Ревизија {revision}: {new} нових, {changed} измењених, {unchanged} неизмењених.",
                "Revision {revision}: {new} new, {changed} changed, {unchanged} unchanged."
            ),
            Self::NothingToChange => message!(
                "Нема шта да се мења: регистар каже исто ({unchanged} неизмењених).",
                "Nothing to change: the register says the same ({unchanged} unchanged)."
            ),
            Self::DryRun => message!(
                "Проба, ништа није промењено: {new} нових, {changed} измењених, {unchanged} неизмењених.",
                "Dry run, nothing was changed: {new} new, {changed} changed, {unchanged} unchanged."
            ),
            Self::Undecided => message!(
                "Ништа није промењено: координате могу да се читају на више начина.",
                "Nothing was changed: the coordinates can be read in several ways."
            ),
            Self::Refused => counts.refused_in_words(),
        }
    }
}

impl Counts {
    fn refused_in_words(&self) -> Message {
        let Self {
            refused,
            ambiguous,
            conflicting,
            ..
        } = *self;
        let total = self.total();
        let (are, records) = (
            if refused == 1 { "is" } else { "are" },
            if total == 1 { "record" } else { "records" },
        );
        if conflicting > 0 {
            return message!(
                "Ништа није промењено: од укупно {total} записа, одбијених {refused}, двосмислених \
                 {ambiguous}, у сукобу са туђим изменама {conflicting}.",
                "Nothing was changed: of {total} {records}, {refused} refused, {ambiguous} ambiguous and \
                 {conflicting} in conflict with changes by others."
            );
        }
        if ambiguous == 0 {
            return message!(
                "Ништа није промењено: одбијено је {refused} од укупно {total} записа.",
                "Nothing was changed: {refused} of {total} {records} {are} refused."
            );
        }
        message!(
            "Ништа није промењено: од укупно {total} записа, одбијених {refused}, двосмислених {ambiguous}.",
            "Nothing was changed: of {total} {records}, {refused} refused and {ambiguous} ambiguous."
        )
    }
}

impl Report {
    /// Takes out what the register says of restricted fields: a report is read by people who may send
    /// a file, and not all of them may read those.
    pub fn withhold_restricted(&mut self) {
        let Some(layer) = domain::layers::find(self.layer) else {
            return;
        };
        let differences = self.records.iter_mut().flat_map(|one| &mut one.differences);
        for difference in differences {
            if layer
                .field(&difference.field)
                .is_some_and(|field| !field.is_public())
            {
                difference.before = difference.before.take().map(|_| "…".to_owned());
            }
        }
    }

    /// What a record changes, but for geometries too long to be read, whose change is told in figures.
    fn readable_differences<'a>(&self, record: &'a RecordReport) -> Vec<&'a Difference> {
        let column = domain::layers::find(self.layer).map(|layer| layer.geometry_column);
        let is_told = |one: &Difference| {
            let notes = record
                .findings
                .iter()
                .filter_map(|note| note.field.as_deref());
            Some(one.field.as_str()) == column
                && one.is_cut()
                && notes.into_iter().any(|field| field == one.field)
        };
        let differences = record.differences.iter();
        differences.filter(|one| !is_told(one)).collect()
    }

    /// The report as JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// The JSON Schema (draft 2020-12) of [`Self::to_json`].
    pub fn json_schema() -> serde_json::Result<String> {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        serde_json::to_string_pretty(&settings.into_generator().into_root_schema_for::<Self>())
    }

    /// Every record as CSV with a heading: one line for each finding and difference.
    pub fn to_csv(&self, lang: Lang) -> Result<String, csv::Error> {
        table::of(&self.records, lang)
    }

    /// The report in words: all decisions, at most [`text::MOST_RECORDS`] records, the refused and
    /// the changed first, and the outcome.
    pub fn to_text(&self, lang: Lang) -> String {
        InWords { report: self, lang }.to_string()
    }

    /// The report as one HTML page that needs nothing else: decisions, a map, the records.
    pub fn to_html(&self, lang: Lang) -> Result<String, askama::Error> {
        html::of(self, lang)
    }
}

#[cfg(test)]
mod tests;
