//! Text in which signs of ASCII are letters, `Kru{evac`, and in its Cyrillic form Latin letters are
//! Cyrillic ones, `Kriveq`. All of it is ASCII, so only words can tell.

mod letters;
mod signs;

use super::bigrams;
use super::misread::Pair;
use crate::worker::charset::Charset;
use letters::{Letters, Script};
use signs::Signs;
pub(in crate::worker) use signs::is_in as has_sign;

/// How many different words are enough.
const MAX_WORDS: usize = 20_000;
/// So many different words leave no doubt.
const ENOUGH_WORDS: usize = 3;

/// Whether a value tells something for YUSCII or against it: it has signs that are letters there, or
/// letters that only one of the Serbian scripts has in such a place, or neither.
pub(in crate::worker) fn may_be(bytes: &[u8]) -> bool {
    has_sign(bytes) || letters::are_in(bytes)
}

/// Words that look like YUSCII.
#[derive(Debug)]
pub(super) struct Suspicion {
    /// Latin or Cyrillic.
    pub(super) charset: Charset,
    /// The different words.
    pub(super) words: Vec<Pair>,
    pub(super) witness: Witness,
    /// Whether the text leaves no doubt that it is YUSCII.
    pub(super) is_clear: bool,
    /// The other script, where nothing tells which one it is, and a word in it.
    pub(super) other: Option<(Charset, Pair)>,
}

/// What shows YUSCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Witness {
    /// Signs where letters stand.
    Signs,
    /// The letters q, w and x where Serbian Cyrillic has љ, њ and џ.
    Letters,
}

/// Whether the signs or letters of a text stand where others do in YUSCII.
pub(super) fn find<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<Suspicion> {
    let letters = Letters::of(texts.clone());
    let signs = Signs::of(texts);
    if signs.may_be_letters() {
        return Some(by_signs(&signs, &letters));
    }
    letters.may_be_cyrillic().then(|| Suspicion {
        charset: Charset::YusciiCyrillic,
        words: pairs(letters.likely_first(), Charset::YusciiCyrillic),
        witness: Witness::Letters,
        is_clear: letters.are_clear(),
        other: None,
    })
}

fn by_signs(signs: &Signs<'_>, letters: &Letters<'_>) -> Suspicion {
    let script = letters.script();
    let (charset, other) = match script {
        Script::Cyrillic => (Charset::YusciiCyrillic, None),
        Script::Latin => (Charset::Yuscii, None),
        Script::Untold | Script::Disputed => (Charset::Yuscii, Some(Charset::YusciiCyrillic)),
    };
    let first = signs.words.first().copied();
    let words = signs.words.iter().copied();
    Suspicion {
        charset,
        words: pairs(words, charset),
        witness: Witness::Signs,
        is_clear: match script {
            Script::Latin | Script::Untold => signs.are_clear(),
            Script::Cyrillic => signs.are_clear() || letters.are_clear(),
            Script::Disputed => false,
        },
        other: other
            .zip(first)
            .map(|(other, word)| (other, pair(word, other))),
    }
}

fn pairs<'a>(words: impl Iterator<Item = &'a str>, charset: Charset) -> Vec<Pair> {
    words.map(|word| pair(word, charset)).collect()
}

fn pair(word: &str, charset: Charset) -> Pair {
    (word.to_owned(), charset.read_ascii(word))
}

/// The words of a text without what stands around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(|c: char| " \t\r\n;,\"()".contains(c));
    pieces.map(|piece| piece.trim_matches(['.', ':', '!', '?', '\'', '-']))
}

/// How much a word is like Serbian when its ASCII is read as YUSCII of either script.
fn serbian_mean(word: &str) -> f64 {
    let single = word
        .to_ascii_lowercase()
        .replace("lj", "q")
        .replace("nj", "w");
    bigrams::serbian_mean(&in_cyrillic(&single))
}

fn in_cyrillic(word: &str) -> String {
    Charset::YusciiCyrillic.read_ascii(word)
}
