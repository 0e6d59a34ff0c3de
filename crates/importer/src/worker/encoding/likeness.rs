//! How much decoded text looks like Serbian: by its letters outside ASCII, each after the one
//! before it.

use super::{CLOSE, RawText, bigrams};
use crate::worker::charset::Charset;

/// How many values are enough to count letters in; of more, every so many is taken.
pub(super) const MAX_COUNTED: usize = 5000;

/// How much decoded text looks like Serbian.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Likeness {
    /// How many letters outside ASCII there are, or signs that no text has.
    pub(super) letters: u64,
    /// How many of them are Serbian, Latin or Cyrillic, and of a case that fits.
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
            self.add_word(word);
        }
    }

    fn add_word(&mut self, word: &str) {
        // Cyrillic letters among Latin ones come from a wrong reading: a Latin word of CP1250
        // read as CP1251 has a Cyrillic letter for every accented one.
        let mixed = word.chars().any(is_cyrillic) && word.chars().any(is_latin);
        let mut before = ' ';
        let mut rest = word.chars().peekable();
        while let Some(letter) = rest.next() {
            let after = rest.peek().copied().unwrap_or(' ');
            match bigrams::serbian(before, letter).filter(|_| !mixed) {
                _ if letter.is_ascii() => {}
                Some(share) => self.add_serbian(share, is_case_odd(before, letter, after)),
                None if is_usual_sign(letter, before, after) => self.add_sign(),
                None => self.add_foreign(1),
            }
            before = letter;
        }
    }

    fn add_serbian(&mut self, share: f64, is_case_odd: bool) {
        /// The logarithm of how many times rarer a letter of the other case is among letters.
        const ODD_CASE: f64 = 3.0;
        self.letters += 1;
        self.serbian += u64::from(!is_case_odd);
        self.weighed += 1;
        self.log_likelihood += share - if is_case_odd { ODD_CASE } else { 0.0 };
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

    /// The natural logarithm of the likelihood of all letters.
    pub(super) fn total(&self) -> f64 {
        self.log_likelihood
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

    /// Whether this reading makes sense and is clearly likelier than the other.
    pub(super) fn is_rather_than(&self, other: &Self) -> bool {
        self.is_serbian(90) && self.total() - other.total() > CLOSE
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

/// A capital after a small letter, or a small letter before a capital.
fn is_case_odd(before: char, letter: char, after: char) -> bool {
    (before.is_lowercase() && letter.is_uppercase())
        || (letter.is_lowercase() && after.is_uppercase())
}

/// Signs of Serbian print and of measures, where they stand in print: a dash with letters on both
/// sides or on none, an apostrophe after a letter, those of paragraphs and numbers at no letter, all
/// others not between letters.
fn is_usual_sign(c: char, before: char, after: char) -> bool {
    let (follows, leads) = (before.is_alphabetic(), after.is_alphabetic());
    match c {
        '…' | '\u{a0}' => true,
        '–' | '—' => follows == leads,
        '’' => follows || !leads,
        '§' | '№' | '©' | '®' => !follows && !leads,
        _ => "„“”°²³µ±×÷·½€".contains(c) && !(follows && leads),
    }
}
