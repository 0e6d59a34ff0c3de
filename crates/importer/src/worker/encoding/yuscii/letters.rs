//! Letters that tell the scripts of YUSCII apart. Serbian Latin has no q, w, x and y, but lj and nj; in
//! Cyrillic YUSCII q, w and x are љ, њ and џ, and l or n is hardly ever followed by j.

use std::collections::HashSet;

use super::{ENOUGH_WORDS, MAX_WORDS, bigrams, in_cyrillic, serbian_mean, words};

/// Whether bytes have letters that tell.
pub(super) fn are_in(bytes: &[u8]) -> bool {
    let tells = |byte: &u8| matches!(byte.to_ascii_lowercase(), b'q' | b'w' | b'x' | b'y');
    let is_pair = |pair: &[u8]| {
        matches!(pair[0].to_ascii_lowercase(), b'l' | b'n') && pair[1].eq_ignore_ascii_case(&b'j')
    };
    bytes.iter().any(tells) || bytes.windows(2).any(is_pair)
}

/// Which script YUSCII is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    /// No letter tells.
    Untold,
    /// Some letters are of the one, some of the other.
    Disputed,
}

/// The different words whose letters tell something.
#[derive(Debug, Default)]
pub(super) struct Letters<'a> {
    /// Serbian when they are Cyrillic, and hardly a word of another language.
    cyrillic: Vec<&'a str>,
    /// Either.
    possible: Vec<&'a str>,
    /// Serbian Latin, with lj or nj.
    latin: usize,
    /// Of another language, or with letters outside ASCII.
    foreign: usize,
}

impl<'a> Letters<'a> {
    pub(super) fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut letters = Self::default();
        let mut seen = HashSet::new();
        // Neither addresses nor abbreviations; names may be joined.
        let words = texts
            .flat_map(words)
            .filter(|word| !word.contains(['.', ':']));
        let parts = words.flat_map(|word| word.split(['-', '/']));
        let all = parts.filter(|word| seen.insert(*word));
        for word in all.take(MAX_WORDS) {
            match Kind::of(word) {
                Some(Kind::Cyrillic) => letters.cyrillic.push(word),
                Some(Kind::Possible) => letters.possible.push(word),
                Some(Kind::Latin) => letters.latin += 1,
                Some(Kind::Foreign) => letters.foreign += 1,
                None => {}
            }
        }
        letters
    }

    pub(super) fn script(&self) -> Script {
        /// So many times more words decide against a few names from abroad.
        const CLEARLY: usize = 4;
        match (self.cyrillic.len(), self.latin) {
            (0, 0) => Script::Untold,
            (cyrillic, latin) if cyrillic > CLEARLY * latin => Script::Cyrillic,
            (cyrillic, latin) if latin > CLEARLY * cyrillic => Script::Latin,
            _ => Script::Disputed,
        }
    }

    /// A word in doubt among others that are not Cyrillic is a name from abroad; several are not.
    pub(super) fn may_be_cyrillic(&self) -> bool {
        let unlike = self.latin + self.foreign;
        let are_many = self.cyrillic.len() >= ENOUGH_WORDS && unlike <= 10 * self.cyrillic.len();
        are_many || unlike < 2 * self.cyrillic.len() + self.possible.len()
    }

    pub(super) fn are_clear(&self) -> bool {
        let unlike = self.latin + self.foreign;
        self.cyrillic.len() >= ENOUGH_WORDS && unlike * 10 <= self.cyrillic.len()
    }

    /// The words that may be Cyrillic.
    pub(super) fn likely_first(&self) -> impl Iterator<Item = &'a str> {
        self.cyrillic.iter().chain(&self.possible).copied()
    }
}

/// What a word tells of its script.
enum Kind {
    Cyrillic,
    Possible,
    Latin,
    Foreign,
}

impl Kind {
    /// None when the word tells nothing: it has none of the letters, or is a code.
    fn of(word: &str) -> Option<Self> {
        /// Names, and what they are called for short, are longer.
        const SHORTEST: usize = 3;
        if !word.is_ascii() {
            return Some(Self::Foreign);
        }
        let is_code = |c: char| c.is_ascii_digit() || "_+*=<>#&%$".contains(c);
        if word.len() < SHORTEST || word.contains(is_code) {
            return None;
        }
        let small = word.to_ascii_lowercase();
        if small.contains('y') {
            return Some(Self::Foreign);
        }
        if small.contains("lj") || small.contains("nj") {
            return Some(Self::Latin);
        }
        small
            .contains(['q', 'w', 'x'])
            .then(|| Self::of_single(&small))
    }

    /// That of a word with q, w or x. An x is rarely џ, so it alone is no reason to doubt; a q is
    /// followed by u in nearly all other languages.
    fn of_single(small: &str) -> Self {
        let likelier = bigrams::serbian_over_english(&in_cyrillic(small), small);
        let mean = serbian_mean(small);
        let is_q_alone = small.replace("qu", "").contains('q');
        if (likelier >= 3.0 && mean >= -3.7) || is_usual(small) {
            Self::Cyrillic
        } else if (likelier >= -2.0 && mean >= -3.4 && small.contains(['q', 'w']))
            || (is_q_alone && mean >= -4.0)
        {
            Self::Possible
        } else {
            Self::Foreign
        }
    }
}

/// Whether a word is upper or lower, горњи or доњи, of which many names of places are made and whose
/// letters alone could be English.
fn is_usual(small: &str) -> bool {
    const STEMS: [&str; 2] = ["gorw", "dow"];
    const ENDINGS: [&str; 10] = ["i", "a", "e", "o", "u", "eg", "em", "oj", "im", "ih"];
    let endings = STEMS.iter().filter_map(|stem| small.strip_prefix(stem));
    endings.into_iter().any(|ending| ENDINGS.contains(&ending))
}
