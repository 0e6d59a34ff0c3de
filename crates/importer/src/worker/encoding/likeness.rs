//! How much decoded text looks like Serbian: by its letters outside ASCII.

use super::RawText;
use crate::worker::charset::Charset;

/// How many values are enough to count letters in; of more, every so many is taken.
const MAX_COUNTED: usize = 5000;

/// How much decoded text looks like Serbian.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Likeness {
    /// How many letters outside ASCII there are, or signs that no text has.
    pub(super) letters: u64,
    /// How many of them are Serbian, Latin or Cyrillic.
    pub(super) serbian: u64,
    weighed: u64,
    log_likelihood: f64,
}

impl Likeness {
    /// That of the values when they are read in an encoding.
    pub(super) fn of(texts: &[RawText<'_>], charset: Charset) -> Self {
        let mut likeness = Self::default();
        for text in texts.iter().step_by(texts.len() / MAX_COUNTED + 1) {
            match text.read_as(charset) {
                Some(decoded) => likeness.add(&decoded),
                None => likeness.add_foreign(text.bytes.iter().filter(|b| !b.is_ascii()).count()),
            }
        }
        likeness
    }

    /// That of one text.
    pub(super) fn of_text(text: &str) -> Self {
        let mut likeness = Self::default();
        likeness.add(text);
        likeness
    }

    /// Adds the letters of a text.
    pub(super) fn add(&mut self, text: &str) {
        for word in text.split(|c: char| c.is_ascii_whitespace() || c.is_ascii_punctuation()) {
            // Cyrillic letters among Latin ones come from a wrong reading: a Latin word of CP1250
            // read as CP1251 has a Cyrillic letter for every accented one.
            let mixed = word.chars().any(is_cyrillic) && word.chars().any(is_latin);
            let mut before = ' ';
            for letter in word.chars() {
                match frequency(letter).filter(|_| !mixed) {
                    _ if letter.is_ascii() => {}
                    Some(frequency) => self.add_serbian(frequency, before, letter),
                    None if is_usual_sign(letter) => self.add_sign(),
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
        self.weighed += 1;
        self.log_likelihood += (frequency / divisor).ln();
    }

    fn add_sign(&mut self) {
        /// The share that one of the usual signs has beside the letters.
        const SIGN: f64 = 0.003;
        self.weighed += 1;
        self.log_likelihood += SIGN.ln();
    }

    fn add_foreign(&mut self, count: usize) {
        /// The share that letters and signs foreign to Serbian have in Serbian text.
        const FOREIGN: f64 = 0.0001;
        for _ in 0..count {
            self.letters += 1;
            self.weighed += 1;
            self.log_likelihood += FOREIGN.ln();
        }
    }

    /// The mean over the letters: a letter may stand for one byte or be left out by a reading.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 letters")]
    pub(super) fn mean(&self) -> f64 {
        if self.weighed == 0 {
            return f64::NEG_INFINITY;
        }
        self.log_likelihood / self.weighed as f64
    }

    /// Whether at least so many in a hundred letters are Serbian.
    pub(super) fn is_serbian(&self, percent: u64) -> bool {
        self.serbian > 0 && self.serbian * 100 >= self.letters * percent
    }

    /// Whether this reading makes sense and the other makes so little that chance cannot explain
    /// it.
    pub(super) fn refutes(&self, other: &Self) -> bool {
        /// In natural logarithms, for each letter: a letter of Serbian instead of a foreign one
        /// counts three to eight.
        const CLEARLY: f64 = 1.5;
        const ENOUGH_LETTERS: u64 = 2;
        self.is_serbian(90)
            && self.letters >= ENOUGH_LETTERS
            && self.mean() - other.mean() > CLEARLY
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_cyrillic(c)
}

/// Signs of Serbian print and of measures.
fn is_usual_sign(c: char) -> bool {
    "„“”‚‘’–—…°²³µ±×÷·§№½€\u{a0}".contains(c)
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
