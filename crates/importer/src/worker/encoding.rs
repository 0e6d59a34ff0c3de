//! Which text encoding a file is in, and why: the user's word, the `.cpg` file, the language byte
//! of the `.dbf`, valid UTF-8, and last the letters that come out. Then whether the text was
//! misread before it was saved, which is undone where it leaves no doubt.

mod bigrams;
mod likeness;
mod lost;
mod misread;
mod mixture;
mod note;
mod reading;
mod sample;
mod statement;
mod yuscii;

use std::borrow::Cow;

use domain::lang::Message;
use domain::message;

use super::charset::Charset;
use super::dbf::ColumnName;
use super::failure::{Failure, failure};
use crate::protocol::EncodingDecision;
use likeness::Likeness;
pub(super) use lost::is_stored as is_replacement_stored;
pub(super) use reading::Reading;
pub(super) use sample::TextSample;
pub(super) use statement::Statement;
pub(super) use yuscii::may_be as may_be_yuscii;

/// How many decoded values are shown.
const MAX_SAMPLES: usize = 3;
/// How many values are enough to look for misread words in; of more, every so many is taken.
const MAX_SEARCHED: usize = 20_000;
/// What is tried when nothing is said, the most likely first, with the logarithm of how usual it is
/// in surveys beside the most usual one: an estimate that weighs only where letters tell little.
const CANDIDATES: [(Charset, f64); 7] = [
    (Charset::Cp1250, 0.0),
    (Charset::Cp852, -1.0),
    (Charset::Iso8859_2, -1.0),
    (Charset::Cp1251, 0.0),
    (Charset::Cp855, -1.0),
    (Charset::Iso8859_5, -1.5),
    (Charset::MacCyrillic, -2.0),
];

/// Bytes of so few letters may be valid UTF-8 by chance.
const ENOUGH_LETTERS: u64 = 3;
/// Readings whose logarithms of likelihood differ by less are told apart by few letters.
const CLOSE: f64 = 3.0;

/// A value that tells something about its encoding: it has bytes outside ASCII, or signs and letters
/// that are others in YUSCII.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawText<'a> {
    /// Where it stands.
    pub(super) place: Place,
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Whether it fills a column of fixed width, so that its last letter may be cut.
    pub(super) fills: bool,
}

/// Where a value stands, as reports name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a row, or on a line.
    Row(u64),
    /// In a row and a column.
    Cell(u64, ColumnName),
    /// It is the name of a column.
    Heading,
}

impl Place {
    fn words(self) -> Message {
        match self {
            Self::Row(row) | Self::Cell(row, _) => {
                message!("текст у реду {row}", "the text of row {row}")
            }
            Self::Heading => message!("назив једне колоне", "the name of a column"),
        }
    }
}

impl RawText<'_> {
    fn is_in(&self, charset: Charset) -> bool {
        charset.decode_field(self.bytes, self.fills).is_ok()
    }

    fn read_as(&self, charset: Charset) -> Option<String> {
        let text = charset.decode_field(self.bytes, self.fills).ok()?;
        // A no-break space may be a letter of another encoding, so it counts.
        Some(text.trim_matches([' ', '\0', '\r', '\t']).to_owned())
    }
}

/// What accompanies a table and names its encoding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared<'a> {
    /// What the `.cpg` file says.
    pub(super) cpg: Option<&'a str>,
    /// Byte 29 of the `.dbf` heading; 0 when it says nothing.
    pub(super) language_byte: u8,
    /// What the heading of another format says.
    pub(super) heading: Option<&'a Statement>,
}

impl<'a> Declared<'a> {
    /// The encodings that a decision asks all texts about; `named` is the one that the user names.
    pub(super) fn asked(self, named: Option<&str>) -> impl Iterator<Item = Charset> {
        let named = named.and_then(|name| name.parse::<Reading>().ok());
        let named = named.map(|reading| reading.charset());
        let statements = self.statements().filter_map(|one| one.charset());
        statements.chain(named).chain([Charset::Utf8])
    }

    fn statements(self) -> impl Iterator<Item = Cow<'a, Statement>> {
        let cpg = self.cpg.map(Statement::of_cpg);
        let own = cpg
            .into_iter()
            .chain(Statement::of_language_byte(self.language_byte));
        let heading = self.heading.map(Cow::Borrowed);
        own.map(Cow::Owned).chain(heading)
    }
}

/// How the text of a layer is read.
#[derive(Debug)]
pub(super) struct Decided {
    /// For the report.
    pub(super) decision: EncodingDecision,
    /// For the values.
    pub(super) reading: Reading,
    /// Text that was set right, or that may be wrong.
    pub(super) notes: Vec<Message>,
}

/// Decides what encoding text is in, in file order; `named` is the encoding that the user names.
///
/// # Errors
/// When the user names an encoding that is unknown, or in which a value is no text.
pub(super) fn decide(
    texts: &[RawText<'_>],
    named: Option<&str>,
    declared: Declared<'_>,
) -> Result<EncodingDecision, Failure> {
    if let Some(name) = named {
        return Ok(decide_named(texts, name)?.decision);
    }
    let foreign = outside_ascii(texts);
    let (charset, evidence) = decide_bytes(&foreign, declared);
    Ok(EncodingDecision {
        name: charset.to_string(),
        evidence,
        samples: samples(foreign.iter().filter_map(|text| text.read_as(charset))),
    })
}

/// The values outside ASCII, or the names of columns where there are none: names may have been
/// written by another program.
fn outside_ascii<'a>(texts: &[RawText<'a>]) -> Vec<RawText<'a>> {
    let is_foreign = |text: &&RawText<'_>| !text.bytes.is_ascii();
    let foreign = texts.iter().filter(is_foreign).copied();
    let (names, values): (Vec<_>, Vec<_>) = foreign.partition(|text| text.place == Place::Heading);
    if values.is_empty() { names } else { values }
}

/// Decides how the text of the table of `layer` is read.
///
/// `texts` are its values that may have letters outside ASCII, in file order; `named` is the
/// encoding that the user names.
///
/// # Errors
/// When the user names an encoding that is unknown, or in which a value is no text.
pub(super) fn decide_table(
    layer: &str,
    texts: &[RawText<'_>],
    named: Option<&str>,
    declared: Declared<'_>,
) -> Result<Decided, Failure> {
    if let Some(name) = named {
        return decide_named(texts, name);
    }
    let decision = decide(texts, None, declared)?;
    let charset: Charset = decision.name.parse().map_err(|error| failure!("{error}"))?;
    let read = |text: &RawText<'_>| text.read_as(charset).map(Cow::Owned);
    let sample = texts.iter().step_by(texts.len() / MAX_SEARCHED + 1);
    let read: Vec<Cow<'_, str>> = sample.filter_map(read).collect();
    let mut decided = note::look_closer(layer, charset, decision.evidence, &read);
    decided.notes.extend(mixture::notes(layer, texts, charset));
    Ok(decided)
}

/// Decides how the text of a layer is read that comes as Unicode, after what was decided of its
/// file. `texts` are the layer's texts, or enough of them; `named` is how the user says that they
/// are read.
pub(super) fn decide_unicode(
    layer: &str,
    texts: &[String],
    named: Option<Reading>,
    of_file: &EncodingDecision,
) -> Decided {
    let evidence = of_file.evidence.clone();
    let texts: Vec<Cow<'_, str>> = texts
        .iter()
        .map(|text| Cow::Borrowed(text.as_str()))
        .collect();
    match (named, of_file.name.parse()) {
        (Some(reading), _) => decided(reading, named_by_you(), &texts),
        (None, Ok(charset)) => {
            let telling = |text: &&Cow<'_, str>| is_telling(text);
            let telling: Vec<Cow<'_, str>> = texts.iter().filter(telling).cloned().collect();
            note::look_closer(layer, charset, evidence, &telling)
        }
        (None, Err(_)) => decided(Reading::plain(Charset::Utf8), evidence, &texts),
    }
}

/// Whether a text tells something about its encoding.
pub(super) fn is_telling(text: &str) -> bool {
    !text.is_ascii() || may_be_yuscii(text.as_bytes())
}

/// Whether the name of a column does. Names are often English, and `x` and `y`, so that their letters
/// say nothing of the values.
pub(super) fn is_telling_name(name: &[u8]) -> bool {
    !name.is_ascii() || yuscii::has_sign(name)
}

/// Whether a line of a table does whose first one names the columns; `row` counts from 1.
pub(super) fn is_telling_line(row: u64, line: &[u8]) -> bool {
    is_telling_name(line) || (row > 1 && may_be_yuscii(line))
}

/// The decision for `text` that begins with the byte order mark of `charset`.
pub(super) fn decide_marked(name: &str, charset: Charset, text: &str) -> Decided {
    let evidence = message!(
        "ознака редоследа бајтова на почетку каже {charset}",
        "the byte order mark at the beginning says {charset}"
    );
    let lines = text.lines().zip(1..);
    let telling = lines.filter(|(line, row)| is_telling_line(*row, line.as_bytes()));
    let telling = telling.map(|(line, _)| Cow::Borrowed(line));
    let lines: Vec<Cow<'_, str>> = telling.take(MAX_SEARCHED).collect();
    note::look_closer(name, charset, evidence, &lines)
}

fn decide_named(texts: &[RawText<'_>], name: &str) -> Result<Decided, Failure> {
    let reading: Reading = name.parse().map_err(|error| failure!("{error}"))?;
    let charset = reading.charset();
    if let Some(text) = texts.iter().find(|text| !text.is_in(charset)) {
        return Err(failure!(
            "{} is not {charset}, the encoding named by you; leave the encoding \
             out to have it found, or name another",
            text.place.words().en
        ));
    }
    let sample = texts.iter().step_by(texts.len() / MAX_SEARCHED + 1);
    let read = |text: &RawText<'_>| Some(reading.bytes(text.bytes, text.fills).ok()?.into_owned());
    let samples = samples(sample.filter_map(read));
    Ok(Decided {
        decision: EncodingDecision {
            name: reading.to_string(),
            evidence: named_by_you(),
            samples,
        },
        reading,
        notes: Vec::new(),
    })
}

fn named_by_you() -> Message {
    message!("навели сте га", "named by you")
}

/// The decision for texts that are Unicode, but for what the reading makes of them.
fn decided(reading: Reading, evidence: Message, texts: &[Cow<'_, str>]) -> Decided {
    let read = texts.iter().map(|text| reading.unicode(text).into_owned());
    Decided {
        decision: EncodingDecision {
            name: reading.to_string(),
            evidence,
            samples: samples(read),
        },
        reading,
        notes: Vec::new(),
    }
}

/// The first different values with letters outside ASCII.
pub(super) fn samples(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    for text in texts {
        let text = text.trim();
        let telling = text.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        if telling && !samples.iter().any(|sample| sample == text) {
            samples.push(text.to_owned());
        }
        if samples.len() == MAX_SAMPLES {
            break;
        }
    }
    samples
}

fn decide_bytes(texts: &[RawText<'_>], declared: Declared<'_>) -> (Charset, Message) {
    let mut remarks: Vec<Message> = Vec::new();
    for statement in declared.statements() {
        match statement.judge(texts) {
            Ok((charset, words)) => {
                remarks.push(words);
                return (charset, joined(remarks));
            }
            Err(remark) => remarks.push(remark),
        }
    }
    let (charset, reason) = from_bytes(texts);
    remarks.push(reason);
    (charset, joined(remarks))
}

/// Remarks in one sentence.
fn joined(remarks: Vec<Message>) -> Message {
    let (sr, en): (Vec<_>, Vec<_>) = remarks.into_iter().map(|one| (one.sr, one.en)).unzip();
    Message {
        sr: sr.join("; "),
        en: en.join("; "),
    }
}

fn from_bytes(texts: &[RawText<'_>]) -> (Charset, Message) {
    if texts.is_empty() {
        let reason = message!(
            "сав текст је ASCII, који свако кодирање чита исто",
            "all text is ASCII, which every encoding reads alike"
        );
        return (Charset::Utf8, reason);
    }
    let best = most_serbian(texts);
    if best.charset == Charset::Utf8 {
        let reason = message!("сав текст је исправан UTF-8", "all text is valid UTF-8");
        return (Charset::Utf8, reason);
    }
    if are_signs(texts) {
        let reason = message!(
            "ван ASCII су само знакови који стоје ван речи, као цртица или степен, како их пише CP1250",
            "outside ASCII are only signs that stand apart from words, such as a dash or a degree, as CP1250 \
             writes them"
        );
        return (Charset::Cp1250, reason);
    }
    from_letters(texts, &best)
}

/// Whether all that lies outside ASCII may be signs, none of them within or at a word: nothing says then that
/// they are letters, which they would be in other encodings.
fn are_signs(texts: &[RawText<'_>]) -> bool {
    let are_signs = |text: &RawText<'_>| {
        let read: Vec<char> = text.read_as(Charset::Cp1250)?.chars().collect();
        let is_apart = |at: usize| {
            let before = at.checked_sub(1).map(|at| read[at]);
            let beside = [before, read.get(at + 1).copied()];
            !read[at].is_alphanumeric() && !beside.into_iter().flatten().any(char::is_alphabetic)
        };
        Some((0..read.len()).all(|at| read[at].is_ascii() || is_apart(at)))
    };
    texts.iter().all(|text| are_signs(text) == Some(true))
}

/// What text looks most like.
struct Best {
    charset: Charset,
    likeness: Likeness,
    /// The next in line, where the letters hardly tell the two apart.
    rival: Option<Charset>,
}

/// UTF-8 if all text is valid, else the candidate under which it looks most like Serbian.
fn most_serbian(texts: &[RawText<'_>]) -> Best {
    let best = best_candidate(texts);
    if texts.iter().all(|text| text.is_in(Charset::Utf8)) {
        let likeness = Likeness::of(texts, Charset::Utf8);
        let by_chance = likeness.letters > 0
            && likeness.serbian == 0
            && best.likeness.letters >= ENOUGH_LETTERS
            && best.likeness.is_rather_than(&likeness);
        let (charset, likeness, rival) = if by_chance {
            (best.charset, best.likeness, Some(Charset::Utf8))
        } else {
            (Charset::Utf8, likeness, None)
        };
        return Best {
            charset,
            likeness,
            rival,
        };
    }
    best
}

fn best_candidate(texts: &[RawText<'_>]) -> Best {
    let mut tried = CANDIDATES.map(|(charset, usual)| {
        let likeness = Likeness::of(texts, charset);
        (charset, likeness, likeness.total() + usual)
    });
    tried.sort_by(|(_, _, one), (_, _, other)| other.total_cmp(one));
    let (charset, likeness, most) = tried[0];
    let mut rivals = tried
        .iter()
        .skip(1)
        .take_while(|(_, _, total)| most - total < CLOSE);
    let rival = rivals.find(|(other, _, _)| !is_alike(texts, charset, *other));
    Best {
        charset,
        likeness,
        rival: rival.map(|(charset, _, _)| *charset),
    }
}

/// Whether two encodings read all texts alike.
fn is_alike(texts: &[RawText<'_>], one: Charset, other: Charset) -> bool {
    texts
        .iter()
        .all(|text| text.read_as(one) == text.read_as(other))
}

/// A text as two encodings read it, and not alike.
fn both_ways(texts: &[RawText<'_>], one: Charset, other: Charset) -> Option<(String, String)> {
    let both = |text: &RawText<'_>| Some((text.read_as(one)?, text.read_as(other)?));
    let mut both = texts.iter().filter_map(both);
    both.find(|(one, other)| one != other)
}

fn from_letters(texts: &[RawText<'_>], best: &Best) -> (Charset, Message) {
    let names = CANDIDATES
        .map(|(charset, _)| charset.to_string())
        .join(", ");
    let (best, rival, likeness) = (best.charset, best.rival, best.likeness);
    let Likeness {
        serbian, letters, ..
    } = likeness;
    if likeness.is_serbian(50) {
        let reason = message!(
            "међу кодирањима {names}, текст највише личи на српски као {best}: српских слова ван \
             ASCII је {serbian} од {letters}",
            "of {names}, {best} reads the text most like Serbian: {serbian} of {letters} letters \
             outside ASCII are Serbian"
        );
        let doubt = rival.and_then(|rival| thin_evidence(texts, best, rival));
        return (best, joined([reason].into_iter().chain(doubt).collect()));
    }
    let western = texts.iter().all(|text| text.is_in(Charset::Cp1252));
    let charset = if western { Charset::Cp1252 } else { best };
    let reason = message!(
        "ни у једном од кодирања {names} текст не личи на српски (као {best} српских слова ван ASCII \
         је {serbian} од {letters}, а то је мало); чита се као {charset}: погледајте примере и \
         наведите кодирање ако су погрешни",
        "in none of {names} does the text look Serbian (as {best}, {serbian} of {letters} letters \
         outside ASCII are, and that is few); it is read as {charset}: look at the samples, and name \
         the encoding if they are wrong"
    );
    (charset, reason)
}

/// What is said where few letters decide.
fn thin_evidence(texts: &[RawText<'_>], best: Charset, rival: Charset) -> Option<Message> {
    let (chosen, other) = both_ways(texts, best, rival)?;
    Some(message!(
        "али је текста мало: као {best} пише „{chosen}“, а као {rival} „{other}“; ако је тачно друго, \
         наведите {rival}",
        "but there is little text: as {best} it reads \"{chosen}\", as {rival} \"{other}\"; if the \
         latter is right, name {rival}"
    ))
}

#[cfg(test)]
mod tests;
