//! Text that was decoded wrongly and saved so, found by the letters that come out when the
//! mistake is undone.

use std::collections::HashSet;

use super::likeness::Likeness;
use super::reading::{Misreading, Repair, divides};
use crate::worker::charset::Charset;

/// How many different words are enough.
const MAX_WORDS: usize = 20_000;
/// The mistakes that are made with Serbian text, the most usual first.
const MISREADINGS: [Misreading; 19] = [
    misreading(Charset::Utf8, Charset::Cp1252),
    misreading(Charset::Utf8, Charset::Cp1250),
    misreading(Charset::Utf8, Charset::Cp1251),
    misreading(Charset::Cp1250, Charset::Cp1252),
    misreading(Charset::Cp852, Charset::Cp1250),
    misreading(Charset::Cp852, Charset::Cp1252),
    misreading(Charset::Cp1251, Charset::Cp1252),
    misreading(Charset::Cp1251, Charset::Cp1250),
    misreading(Charset::Cp1250, Charset::Cp1251),
    misreading(Charset::Cp1250, Charset::Cp852),
    misreading(Charset::Iso8859_2, Charset::Cp1252),
    misreading(Charset::Cp855, Charset::Cp1252),
    misreading(Charset::Cp855, Charset::Cp1250),
    misreading(Charset::Iso8859_2, Charset::Cp1250),
    misreading(Charset::Cp1250, Charset::Iso8859_2),
    misreading(Charset::Cp852, Charset::Cp437),
    misreading(Charset::Cp1251, Charset::Koi8R),
    misreading(Charset::Cp1251, Charset::Cp866),
    misreading(Charset::Cp855, Charset::Cp866),
];

const fn misreading(was: Charset, read_as: Charset) -> Misreading {
    Misreading { was, read_as }
}

/// A word as it stands and as it is meant.
pub(super) type Pair = (String, String);

/// A mistake that text shows signs of.
#[derive(Debug)]
pub(super) struct Suspicion {
    pub(super) misreading: Misreading,
    /// The different words that it changed.
    pub(super) words: Vec<Pair>,
    /// Whether the text leaves no doubt.
    pub(super) is_clear: bool,
}

/// The mistake that explains a text best, if any does.
pub(super) fn find<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Suspicion> {
    let words = different_words(texts);
    let before = likeness(words.iter().copied());
    let mut best: Option<(f64, Suspicion)> = None;
    for misreading in MISREADINGS {
        let Some((mean, suspicion)) = Trial::of(misreading, &words)
            .and_then(|trial| Some((trial.after.mean(), trial.judge(&before)?)))
        else {
            continue;
        };
        if best.as_ref().is_none_or(|(best, _)| mean > *best) {
            best = Some((mean, suspicion));
        }
    }
    best.map(|(_, suspicion)| suspicion)
}

fn different_words<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let words = texts.flat_map(|text| text.split(divides));
    words
        .filter(|word| is_evidence(word) && seen.insert(*word))
        .take(MAX_WORDS)
        .collect()
}

/// `35°` or `©` are signs with a reason of their own, which tell nothing of letters.
fn is_evidence(word: &str) -> bool {
    !word.is_ascii() && Likeness::of_text(word).letters > 0
}

fn likeness<'a>(words: impl Iterator<Item = &'a str>) -> Likeness {
    let mut likeness = Likeness::default();
    words.for_each(|word| likeness.add(word));
    likeness
}

/// What the words become when a mistake is undone.
struct Trial {
    misreading: Misreading,
    words: Vec<Pair>,
    /// How many words have letters that the mistake cannot bring forth.
    exempt: usize,
    after: Likeness,
}

impl Trial {
    fn of(misreading: Misreading, words: &[&str]) -> Option<Self> {
        let repair = Repair::of(misreading)?;
        let mut trial = Self {
            misreading,
            words: Vec::new(),
            exempt: 0,
            after: Likeness::default(),
        };
        for word in words {
            if let Some(mended) = repair.word(word) {
                trial.after.add(&mended);
                trial.words.push(((*word).to_owned(), mended));
            } else {
                trial.after.add(word);
                trial.exempt += usize::from(!repair.can_be_misread(word));
            }
        }
        Some(trial)
    }

    fn judge(self, before: &Likeness) -> Option<Suspicion> {
        let is_clear = match self.misreading.was {
            Charset::Utf8 => !self.words.is_empty() && self.mended().is_serbian(95),
            _ => self.is_clear(before),
        };
        let may_be = self.words.len() > self.exempt
            && self.mended().is_serbian(80)
            && !before.is_serbian(86);
        (is_clear || may_be).then_some(Suspicion {
            misreading: self.misreading,
            words: self.words,
            is_clear,
        })
    }

    /// Few foreign words consist of the bytes of UTF-8, but `è` alone is also French or Italian:
    /// then the whole text has to be Serbian only when it is mended, and by several letters.
    fn is_clear(&self, before: &Likeness) -> bool {
        const ENOUGH: usize = 2;
        let changed: HashSet<char> = self.words.iter().flat_map(changed).collect();
        self.words.len() >= ENOUGH
            && changed.len() >= ENOUGH
            && self.after.is_serbian(95)
            && !before.is_serbian(86)
    }

    fn mended(&self) -> Likeness {
        likeness(self.words.iter().map(|(_, mended)| mended.as_str()))
    }
}

/// The letters that are new in a word set right.
fn changed((before, after): &Pair) -> impl Iterator<Item = char> {
    let new = after.chars().filter(|c| !c.is_ascii());
    new.filter(|c| !before.contains(*c))
}
