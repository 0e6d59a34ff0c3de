//! Which text encoding a file is in, and why: the user's word, the `.cpg` file, the language byte
//! of the `.dbf`, valid UTF-8, and last the letters that come out.

use super::charset::Charset;
use super::failure::{Failure, failure};
use crate::protocol::EncodingDecision;

/// How many decoded values are shown.
const MAX_SAMPLES: usize = 3;
/// How many values are enough to count letters in.
const MAX_COUNTED: usize = 5000;
/// What is tried when nothing is said, the most likely first.
const CANDIDATES: [Charset; 4] = [
    Charset::Cp1250,
    Charset::Cp852,
    Charset::Iso8859_2,
    Charset::Cp1251,
];

/// A value with bytes outside ASCII.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawText<'a> {
    /// Its row, as reports name it.
    pub(super) row: u64,
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Whether it fills a column of fixed width, so that its last letter may be cut.
    pub(super) fills: bool,
}

impl RawText<'_> {
    fn is_in(&self, charset: Charset) -> bool {
        charset.decode_field(self.bytes, self.fills).is_ok()
    }

    fn read_as(&self, charset: Charset) -> Option<String> {
        let text = charset.decode_field(self.bytes, self.fills).ok()?;
        Some(text.trim().to_owned())
    }
}

/// What accompanies a table and names its encoding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared<'a> {
    /// What the `.cpg` file says.
    pub(super) cpg: Option<&'a str>,
    /// Byte 29 of the `.dbf` heading; 0 when it says nothing.
    pub(super) language_byte: u8,
}

/// Decides how the text of a table is read.
///
/// `texts` are all its values with bytes outside ASCII, in file order; `named` is the encoding
/// that the user names.
///
/// # Errors
/// When the user names an encoding that is unknown, or in which a value is no text.
pub(super) fn decide(
    texts: &[RawText<'_>],
    named: Option<&str>,
    declared: Declared<'_>,
) -> Result<EncodingDecision, Failure> {
    if let Some(name) = named {
        return decide_named(texts, name);
    }
    let mut remarks = Vec::new();
    let statements = [
        declared.cpg.map(from_cpg),
        from_language_byte(declared.language_byte),
    ];
    for statement in statements.into_iter().flatten() {
        match statement.judge(texts) {
            Ok(charset) => return Ok(decision(charset, statement.words, texts)),
            Err(remark) => remarks.push(remark),
        }
    }
    let (charset, reason) = from_bytes(texts);
    remarks.push(reason);
    Ok(decision(charset, remarks.join("; "), texts))
}

fn decide_named(texts: &[RawText<'_>], name: &str) -> Result<EncodingDecision, Failure> {
    let charset: Charset = name.parse().map_err(|error| failure!("{error}"))?;
    match texts.iter().find(|text| !text.is_in(charset)) {
        Some(text) => Err(failure!(
            "the text of row {} is not {charset}, the encoding named by you; leave the encoding \
             out to have it found, or name another",
            text.row
        )),
        None => Ok(decision(charset, "named by you".to_owned(), texts)),
    }
}

fn decision(charset: Charset, evidence: String, texts: &[RawText<'_>]) -> EncodingDecision {
    let mut samples = Vec::new();
    for text in texts.iter().filter_map(|text| text.read_as(charset)) {
        if text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) && !samples.contains(&text) {
            samples.push(text);
        }
        if samples.len() == MAX_SAMPLES {
            break;
        }
    }
    EncodingDecision {
        name: charset.to_string(),
        evidence: evidence.into(),
        samples,
    }
}

/// Something in the file that names an encoding.
struct Statement {
    words: String,
    charset: Option<Charset>,
}

impl Statement {
    /// The encoding when the statement can be believed, else why not.
    fn judge(&self, texts: &[RawText<'_>]) -> Result<Charset, String> {
        let words = &self.words;
        let Some(charset) = self.charset else {
            return Err(format!("{words}, which is unknown here"));
        };
        if let Some(text) = texts.iter().find(|text| !text.is_in(charset)) {
            return Err(format!("{words}, but the text of row {} is not", text.row));
        }
        // Programs set up for Western Europe write this over Serbian text, too, though the
        // encoding has no č, ć and đ.
        if charset == Charset::Cp1252 && !texts.is_empty() {
            return Err(format!(
                "{words}, which programs also write over Serbian text"
            ));
        }
        Ok(charset)
    }
}

fn from_cpg(content: &str) -> Statement {
    Statement {
        words: format!("the .cpg file says {}", content.trim()),
        charset: content.parse().ok(),
    }
}

/// The language byte after the table of the dBASE and Visual `FoxPro` documentation.
fn from_language_byte(byte: u8) -> Option<Statement> {
    let charset = match byte {
        0x64 => Charset::Cp852,
        0xC8 => Charset::Cp1250,
        0xC9 => Charset::Cp1251,
        0x03 | 0x57 => Charset::Cp1252,
        0x26 | 0x65 => Charset::Cp866,
        _ => return None,
    };
    Some(Statement {
        words: format!("the language byte 0x{byte:02X} of the .dbf says {charset}"),
        charset: Some(charset),
    })
}

fn from_bytes(texts: &[RawText<'_>]) -> (Charset, String) {
    if texts.is_empty() {
        let reason = "all text is ASCII, which every encoding reads alike";
        return (Charset::Utf8, reason.to_owned());
    }
    if texts.iter().all(|text| text.is_in(Charset::Utf8)) {
        return (Charset::Utf8, "all text is valid UTF-8".to_owned());
    }
    from_letters(texts)
}

/// The candidate under which the text looks most like Serbian.
fn from_letters(texts: &[RawText<'_>]) -> (Charset, String) {
    let mut best = (Charset::Cp1250, Likeness::default());
    for charset in CANDIDATES {
        let likeness = Likeness::of(texts, charset);
        if likeness.mean() > best.1.mean() {
            best = (charset, likeness);
        }
    }
    let (charset, likeness) = best;
    let mut reason = format!(
        "of CP1250, CP852, ISO-8859-2 and CP1251, {charset} reads the text most like Serbian: {} \
         of {} letters outside ASCII are Serbian",
        likeness.serbian, likeness.letters
    );
    if likeness.serbian * 2 < likeness.letters {
        reason.push_str(
            "; that is few: look at the samples, and name the encoding if they are wrong",
        );
    }
    (charset, reason)
}

/// How much decoded text looks like Serbian.
#[derive(Clone, Copy, Debug, Default)]
struct Likeness {
    letters: u64,
    serbian: u64,
    log_likelihood: f64,
}

impl Likeness {
    fn of(texts: &[RawText<'_>], charset: Charset) -> Self {
        let mut likeness = Self::default();
        for text in texts.iter().take(MAX_COUNTED) {
            match text.read_as(charset) {
                Some(decoded) => likeness.add(&decoded),
                None => likeness.add_foreign(text.bytes.iter().filter(|b| !b.is_ascii()).count()),
            }
        }
        likeness
    }

    fn add(&mut self, text: &str) {
        for word in text.split(|c: char| c.is_ascii_whitespace() || c.is_ascii_punctuation()) {
            // Cyrillic letters among Latin ones come from a wrong reading: a Latin word of CP1250
            // read as CP1251 has a Cyrillic letter for every accented one.
            let mixed = word.chars().any(is_cyrillic) && word.chars().any(is_latin);
            let mut before = ' ';
            for letter in word.chars() {
                match frequency(letter).filter(|_| !mixed) {
                    _ if letter.is_ascii() => {}
                    Some(frequency) => self.add_serbian(frequency, before, letter),
                    None => self.add_foreign(1),
                }
                before = letter;
            }
        }
    }

    fn add_serbian(&mut self, frequency: f64, before: char, letter: char) {
        /// A capital after a small letter is rare; so many times rarer is it taken to be.
        const RARER: f64 = 20.0;
        let capital_inside = before.is_lowercase() && letter.is_uppercase();
        let divisor = if capital_inside { RARER } else { 1.0 };
        self.letters += 1;
        self.serbian += 1;
        self.log_likelihood += (frequency / divisor).ln();
    }

    fn add_foreign(&mut self, count: usize) {
        /// The share that letters and signs foreign to Serbian have in Serbian text.
        const FOREIGN: f64 = 0.0001;
        for _ in 0..count {
            self.letters += 1;
            self.log_likelihood += FOREIGN.ln();
        }
    }

    /// The mean over the letters: a letter may stand for one byte or be left out by a reading.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 letters")]
    fn mean(&self) -> f64 {
        if self.letters == 0 {
            return f64::NEG_INFINITY;
        }
        self.log_likelihood / self.letters as f64
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_cyrillic(c)
}

/// The share of a letter among the letters of its alphabet that are outside ASCII, in running
/// Serbian text (rounded; capitals like small letters). None for letters foreign to Serbian.
fn frequency(letter: char) -> Option<f64> {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let percent = match small {
        'č' => 27.0,
        'š' => 28.0,
        'ž' => 18.0,
        'ć' => 20.0,
        'đ' => 7.0,
        'а' => 11.5,
        'и' => 9.5,
        'о' => 9.2,
        'е' => 8.9,
        'н' => 5.5,
        'р' | 'с' => 4.9,
        'т' | 'ј' | 'у' => 4.3,
        'д' | 'к' | 'в' | 'л' | 'м' => 3.6,
        'п' => 2.9,
        'з' | 'г' | 'б' => 1.6,
        'ш' | 'ч' | 'ц' | 'ж' | 'њ' | 'љ' | 'ћ' | 'х' => 0.8,
        'ђ' | 'ф' | 'џ' => 0.2,
        _ => return None,
    };
    Some(percent / 100.0)
}

#[cfg(test)]
mod tests;
