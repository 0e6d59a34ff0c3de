//! Signs that may be letters: `Kru{evac`, `Jankovi}`, `\erdap`; and those that are none: `[old]`.

use std::collections::HashSet;

use super::{ENOUGH_WORDS, MAX_WORDS, serbian_mean, words};

/// š đ č ć ž.
const SMALL: [char; 5] = ['{', '|', '~', '}', '`'];
/// Š Đ Č Ć Ž.
const CAPITAL: [char; 5] = ['[', '\\', '^', ']', '@'];

/// Whether bytes have signs that may be letters, and letters.
pub(in crate::worker) fn is_in(bytes: &[u8]) -> bool {
    let sign = |byte: &u8| matches!(byte, b'@' | b'['..=b'^' | b'`' | b'{'..=b'~');
    bytes.iter().any(sign) && bytes.iter().any(u8::is_ascii_alphabetic)
}

/// Where the signs of a text stand.
#[derive(Debug, Default)]
pub(super) struct Signs<'a> {
    /// Where letters do.
    letters: usize,
    /// Of those, the ones that also divide values.
    pipes: usize,
    /// Where no letter of that size stands: `a@b`, `C:\foto\a`, `A|B`.
    others: usize,
    /// Which of š, đ, č, ć and ž they are.
    kinds: HashSet<usize>,
    /// The different words in which they are letters.
    pub(super) words: Vec<&'a str>,
}

impl<'a> Signs<'a> {
    pub(super) fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut signs = Self::default();
        let mut seen = HashSet::new();
        for text in texts.filter(|text| is_in(text.as_bytes())) {
            let paired = Paired::of(text);
            let new = words(text).filter(|word| is_in(word.as_bytes()) && seen.insert(*word));
            new.for_each(|word| signs.add(word, &paired));
            if seen.len() >= MAX_WORDS {
                break;
            }
        }
        signs
    }

    fn add(&mut self, word: &'a str, paired: &Paired) {
        let letters = self.letters;
        let is_serbian = is_serbian(word);
        let is_pair = !is_serbian && Paired::of_word(word);
        let pipes = self.pipes;
        let mut before = ' ';
        let mut rest = word.chars().peekable();
        while let Some(c) = rest.next() {
            let after = rest.peek().copied().unwrap_or(' ');
            match place(before, c, after) {
                Place::Letter if !is_pair => self.add_letter(c),
                Place::Edge if is_serbian && !paired.have(c) => self.add_letter(c),
                Place::Sign => self.others += 1,
                Place::Letter | Place::Edge | Place::Unclear => {}
            }
            before = c;
        }
        if is_surely_serbian(word) && !paired.have('|') {
            self.pipes = pipes;
        }
        if self.letters > letters {
            self.words.push(word);
        }
    }

    fn add_letter(&mut self, c: char) {
        self.letters += 1;
        self.pipes += usize::from(c == '|');
        self.kinds.extend(letter(c));
    }

    pub(super) fn may_be_letters(&self) -> bool {
        self.letters > self.pipes && self.letters >= self.others
    }

    pub(super) fn are_clear(&self) -> bool {
        const ENOUGH_KINDS: usize = 2;
        self.words.len() >= ENOUGH_WORDS
            && self.kinds.len() >= ENOUGH_KINDS
            && self.others * 10 <= self.letters
            && self.pipes * 2 <= self.letters
    }
}

/// At the edge of a word a sign is a letter only when the word is one.
fn is_serbian(word: &str) -> bool {
    const SHORTEST: usize = 3;
    const LIKE_SERBIAN: f64 = -3.7;
    word.len() >= SHORTEST && serbian_mean(word) >= LIKE_SERBIAN
}

/// A pipe within a word divides two of them otherwise.
fn is_surely_serbian(word: &str) -> bool {
    const VERY_LIKE_SERBIAN: f64 = -3.0;
    serbian_mean(word) >= VERY_LIKE_SERBIAN
}

/// The signs that belong together in a text, around words or in a path.
struct Paired {
    signs: Vec<char>,
}

impl Paired {
    fn of(text: &str) -> Self {
        let mut signs = Vec::new();
        for (open, close) in [('[', ']'), ('{', '}'), ('`', '`')] {
            if encloses(text, open, close) {
                signs.extend([open, close]);
            }
        }
        for divider in ['|', '\\'] {
            if text.matches(divider).count() > 1 {
                signs.push(divider);
            }
        }
        Self { signs }
    }

    /// Whether a word ends with brackets: `a{b}`.
    fn of_word(word: &str) -> bool {
        [('[', ']'), ('{', '}')]
            .into_iter()
            .any(|(open, close)| word.ends_with(close) && word.contains(open))
    }

    fn have(&self, sign: char) -> bool {
        self.signs.contains(&sign)
    }
}

/// Whether the first of two signs begins a word and the second, after it, ends one.
fn encloses(text: &str, open: char, close: char) -> bool {
    let at_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let begin = text
        .match_indices(open)
        .find(|(at, _)| at_edge(text[..*at].chars().next_back()));
    begin.is_some_and(|(at, _)| {
        let rest = &text[at + 1..];
        rest.match_indices(close)
            .any(|(end, _)| at_edge(rest[end + 1..].chars().next()))
    })
}

fn letter(sign: char) -> Option<usize> {
    let at = |signs: [char; 5]| signs.iter().position(|one| *one == sign);
    at(SMALL).or_else(|| at(CAPITAL))
}

/// What a sign's neighbours make of it.
enum Place {
    Letter,
    /// A letter if the word is one.
    Edge,
    Sign,
    Unclear,
}

fn place(before: char, c: char, after: char) -> Place {
    let small = |c: char| c.is_ascii_lowercase() || SMALL.contains(&c);
    let capital = |c: char| c.is_ascii_uppercase() || CAPITAL.contains(&c);
    let letter = |c: char| small(c) || capital(c);
    if SMALL.contains(&c) {
        return match (before, after) {
            _ if letter(before) && small(after) => Place::Letter,
            _ if before.is_ascii_digit() || after.is_ascii_digit() || capital(after) => Place::Sign,
            (' ', after) if small(after) => Place::Edge,
            (before, ' ') if letter(before) => Place::Edge,
            _ => Place::Unclear,
        };
    }
    match (before, after) {
        _ if !CAPITAL.contains(&c) => Place::Unclear,
        _ if capital(before) && capital(after) => Place::Letter,
        _ if small(before) || before.is_ascii_digit() || after.is_ascii_digit() => Place::Sign,
        (' ', after) if letter(after) => Place::Edge,
        (before, ' ') if capital(before) => Place::Edge,
        _ => Place::Unclear,
    }
}
