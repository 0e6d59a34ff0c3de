//! The report in words.

use std::fmt::{self, Display, Formatter};

use domain::lang::{Lang, Message, Text};
use domain::message;
use domain::record::Finding;
use store::staging::Difference;

use super::words::{self, severity};
use super::{RecordReport, RecordVerdict, Report};
use crate::coordinates::CrsDecision;
use crate::protocol::EncodingDecision;

/// So many records are shown one by one.
pub(super) const MOST_RECORDS: usize = 50;

/// A report as it is said in one language.
pub(super) struct InWords<'a> {
    pub(super) report: &'a Report,
    pub(super) lang: Lang,
}

impl Display for Report {
    /// In English.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lang = Lang::En;
        InWords { report: self, lang }.fmt(f)
    }
}

impl Display for InWords<'_> {
    /// Without what would steer a terminal: names in a file are anybody's.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let told = AsTold(self).to_string();
        let steers = |letter: char| letter.is_control() && letter != '\n';
        f.write_str(&told.replace(steers, " "))
    }
}

struct AsTold<'a>(&'a InWords<'a>);

impl Display for AsTold<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.all(f)
    }
}

impl InWords<'_> {
    fn all(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.file(f)?;
        self.fields(f)?;
        let notes = self.report.notes.iter().map(|note| note.get(self.lang));
        self.list(f, words::NOTES, notes)?;
        self.records(f)?;
        self.left_out(f)?;
        writeln!(f, "{}", self.report.summary.get(self.lang))
    }

    fn say(&self, text: Text) -> String {
        text.get(self.lang).into_owned()
    }

    fn file(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Report {
            file,
            format,
            size_bytes,
            sha256,
            layer,
            source_layer,
            encoding,
            ..
        } = self.report;
        let first = message!(
            "{file}: {format}, {size_bytes} бајтова\nSHA-256: {sha256}\nСлој: `{source_layer}` у {layer}",
            "{file}: {format}, {size_bytes} bytes\nSHA-256: {sha256}\nLayer: `{source_layer}` into {layer}"
        );
        writeln!(f, "{}", first.get(self.lang))?;
        if let Some(encoding) = encoding {
            self.encoding(encoding, f)?;
        }
        let crs = self.report.crs.as_ref();
        crs.map_or(Ok(()), |crs| self.coordinates(crs, f))
    }

    fn encoding(&self, encoding: &EncodingDecision, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.say(Text::new("Текст", "Text"));
        let evidence = encoding.evidence.get(self.lang);
        writeln!(f, "{text}: {}: {evidence}", encoding.name)?;
        let mut samples = encoding.samples.iter();
        samples.try_for_each(|sample| writeln!(f, "  {}: {sample}", self.say(words::FOR_EXAMPLE)))
    }

    fn coordinates(&self, crs: &CrsDecision, f: &mut Formatter<'_>) -> fmt::Result {
        let title = self.say(Text::new("Координате", "Coordinates"));
        let evidence = crs.evidence.get(self.lang);
        writeln!(f, "{title}: {} ({}): {evidence}", crs.crs, crs.name)?;
        writeln!(f, "  {}", operation(crs, self.lang))?;
        let notes = crs.notes.iter().map(|note| note.get(self.lang));
        notes
            .into_iter()
            .try_for_each(|note| writeln!(f, "  {note}"))
    }

    fn fields(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let matched = self.report.fields.iter().map(|matched| {
            format!(
                "{} -> {} ({})",
                matched.source,
                matched.target.name,
                matched.how_in_words().get(self.lang)
            )
        });
        self.list(f, words::FIELDS, matched)?;
        let ignored = self.report.ignored.iter();
        let ignored = ignored.map(|one| format!("{}: {}", one.source, one.reason.get(self.lang)));
        self.list(f, words::NOT_IMPORTED, ignored)
    }

    fn records(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let told = told(self.report);
        for record in told.iter().take(MOST_RECORDS) {
            self.record(record, f)?;
        }
        match told.len().checked_sub(MOST_RECORDS) {
            None | Some(0) => Ok(()),
            Some(more) => {
                let more = message!(
                    "… и још {more}; извештај у облику CSV или JSON их набраја",
                    "… and {more} more; the report as CSV or JSON lists them"
                );
                writeln!(f, "{}", more.get(self.lang))
            }
        }
    }

    fn left_out(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let count = self.report.records_left_out;
        if count == 0 {
            return Ok(());
        }
        writeln!(f, "{}", left_out(count).get(self.lang))
    }

    fn record(&self, record: &RecordReport, f: &mut Formatter<'_>) -> fmt::Result {
        let row = self.say(Text::new("Ред", "Row"));
        let fid = record.fid.map(|fid| format!(", fid {fid}"));
        let external_id = record.external_id.as_ref();
        let external_id = external_id.map(|id| format!(", {} {id}", self.say(words::EXTERNAL_ID)));
        let key = record.key.as_ref().map(|key| format!(", {key}"));
        let known: String = [fid, external_id, key].into_iter().flatten().collect();
        let verdict = self.say(record.verdict.title());
        writeln!(f, "{row} {}{known}: {verdict}", record.row)?;
        for finding in &record.findings {
            writeln!(f, "  {}", self.finding(finding))?;
        }
        for one in self.report.readable_differences(record) {
            writeln!(f, "  {}", difference(one, self.lang))?;
        }
        match choice(record) {
            Some(choice) => writeln!(f, "  {}", choice.get(self.lang)),
            None => Ok(()),
        }
    }

    fn finding(&self, finding: &Finding) -> String {
        let severity = self.say(severity(finding.severity));
        let message = finding.message.get(self.lang);
        match &finding.field {
            Some(field) => format!("{severity}, {field}: {message}"),
            None => format!("{severity}: {message}"),
        }
    }

    fn list<T: Display>(
        &self,
        f: &mut Formatter<'_>,
        title: Text,
        mut lines: impl Iterator<Item = T>,
    ) -> fmt::Result {
        let Some(first) = lines.next() else {
            return Ok(());
        };
        writeln!(f, "{}:", self.say(title))?;
        std::iter::once(first)
            .chain(lines)
            .try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// How to say what a record is that was not settled.
fn choice(record: &RecordReport) -> Option<Message> {
    let row = record.row;
    let take = record.take.as_ref().map(ToString::to_string);
    let likeliest = record.candidates.first().map(|one| one.code.clone());
    let choice = take.or(likeliest)?;
    Some(message!(
        "изаберите са `--choice {row}={choice}` или `--choice {row}=leave_out`",
        "choose with `--choice {row}={choice}` or `--choice {row}=leave_out`"
    ))
}

/// What is said of the records of a large file that are not listed.
pub(super) fn left_out(count: u64) -> Message {
    message!(
        "Датотека је велика: {count} записа је само избројано, а не набројано.",
        "The file is large: {count} records are only counted, not listed."
    )
}

/// The records about which there is something to say, those that want attention first.
pub(super) fn told(report: &Report) -> Vec<&RecordReport> {
    let records = report.records.iter();
    let mut told: Vec<_> = records.filter(|record| is_worth_telling(record)).collect();
    told.sort_by_key(|record| (record.verdict, record.row));
    told
}

/// New and unchanged records are only counted, unless something was found in them.
fn is_worth_telling(record: &RecordReport) -> bool {
    let as_expected = matches!(
        record.verdict,
        RecordVerdict::New | RecordVerdict::Unchanged
    );
    !as_expected || !record.findings.is_empty()
}

/// What the coordinates went through, with its accuracy.
pub(super) fn operation(crs: &CrsDecision, lang: Lang) -> String {
    let operation = &crs.operation;
    let name = &operation.name;
    let epsg = operation.epsg;
    let epsg = epsg.map_or_else(String::new, |code| format!(", EPSG:{code}"));
    let accuracy = match operation.accuracy_m {
        0.0 => words::EXACT.get(lang).into_owned(),
        metres => message!("тачност {metres} m", "accuracy {metres} m")
            .get(lang)
            .into_owned(),
    };
    message!(
        "у WGS 84 помоћу: {name}{epsg}, {accuracy}",
        "to WGS 84 by: {name}{epsg}, {accuracy}"
    )
    .get(lang)
    .into_owned()
}

/// A field with what it was and what it becomes.
pub(super) fn difference(difference: &Difference, lang: Lang) -> String {
    let unknown = words::UNKNOWN.get(lang);
    let [before, after] =
        [&difference.before, &difference.after].map(|side| side.as_deref().unwrap_or(&unknown));
    format!("{}: {before} -> {after}", difference.field)
}
