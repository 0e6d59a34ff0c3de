//! Signs that they are letters: `Kru{evac`. All of it is ASCII, so only words can tell.

use std::collections::HashSet;

use super::misread::Pair;
use crate::worker::charset::Charset;

/// š đ č ć ž.
const SMALL: [char; 5] = ['{', '|', '~', '}', '`'];
/// Š Đ Č Ć Ž.
const CAPITAL: [char; 5] = ['[', '\\', '^', ']', '@'];
/// How many different words are enough.
const MAX_WORDS: usize = 20_000;

/// Whether a value may have letters of YUSCII.
pub(in crate::worker) fn may_be(bytes: &[u8]) -> bool {
    let sign = |byte: &u8| matches!(byte, b'@' | b'['..=b'^' | b'`' | b'{'..=b'~');
    bytes.iter().any(sign) && bytes.iter().any(u8::is_ascii_alphabetic)
}

/// Words that look like YUSCII.
#[derive(Debug)]
pub(super) struct Suspicion {
    /// Latin or Cyrillic.
    pub(super) charset: Charset,
    /// The different words.
    pub(super) words: Vec<Pair>,
    /// Whether the text leaves no doubt.
    pub(super) is_clear: bool,
}

/// Whether the signs of a text stand where letters do.
pub(super) fn find<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<Suspicion> {
    let count = Count::of(texts.clone());
    let charset = if is_cyrillic(texts) {
        Charset::YusciiCyrillic
    } else {
        Charset::Yuscii
    };
    let may_be = count.letters > count.pipes && count.letters >= count.signs;
    may_be.then(|| Suspicion {
        charset,
        is_clear: count.is_clear(),
        words: pairs(&count.words, charset),
    })
}

fn pairs(words: &[&str], charset: Charset) -> Vec<Pair> {
    let pair = |word: &&str| ((*word).to_owned(), charset.read_ascii(word));
    words.iter().map(pair).collect()
}

/// The letters lj and nj are pairs in Latin; in Cyrillic each has a place of its own.
fn is_cyrillic<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let (mut single, mut pairs) = (0, 0);
    for text in texts.take(MAX_WORDS) {
        let text = text.to_ascii_lowercase();
        single += text.matches(['q', 'w', 'x']).count();
        pairs += text.matches("lj").count() + text.matches("nj").count();
    }
    single > pairs
}

/// Where the signs of a text stand.
#[derive(Debug, Default)]
struct Count<'a> {
    /// Inside words, like letters.
    letters: usize,
    /// Of those, the ones that also divide values.
    pipes: usize,
    /// Where no letter of that size stands: `a@b`, `C:\foto\a`, `A|B`.
    signs: usize,
    /// Which of š, đ, č, ć and ž they are.
    kinds: HashSet<usize>,
    words: Vec<&'a str>,
}

impl<'a> Count<'a> {
    fn of(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut count = Self::default();
        let mut seen = HashSet::new();
        let words = texts.flat_map(|text| text.split(|c: char| " \t\r\n;,\"()".contains(c)));
        let words = words.filter(|word| may_be(word.as_bytes()) && seen.insert(*word));
        for word in words.take(MAX_WORDS) {
            let letters = count.letters;
            count.add(word);
            if count.letters > letters {
                count.words.push(word);
            }
        }
        count
    }

    fn add(&mut self, word: &str) {
        let mut before = ' ';
        let mut rest = word.chars().peekable();
        while let Some(c) = rest.next() {
            let after = rest.peek().copied().unwrap_or(' ');
            match place(before, c, after) {
                Place::Letter => {
                    self.letters += 1;
                    self.pipes += usize::from(c == '|');
                    self.kinds.extend(letter(c));
                }
                Place::Sign => self.signs += 1,
                Place::Unclear => {}
            }
            before = c;
        }
    }

    fn is_clear(&self) -> bool {
        const ENOUGH_WORDS: usize = 3;
        const ENOUGH_KINDS: usize = 2;
        self.words.len() >= ENOUGH_WORDS
            && self.kinds.len() >= ENOUGH_KINDS
            && self.signs * 10 <= self.letters
            && self.pipes * 2 <= self.letters
    }
}

fn letter(sign: char) -> Option<usize> {
    let at = |signs: [char; 5]| signs.iter().position(|one| *one == sign);
    at(SMALL).or_else(|| at(CAPITAL))
}

/// What a sign's neighbours make of it.
enum Place {
    Letter,
    Sign,
    Unclear,
}

fn place(before: char, c: char, after: char) -> Place {
    let small = |c: char| c.is_ascii_lowercase() || SMALL.contains(&c);
    let capital = |c: char| c.is_ascii_uppercase() || CAPITAL.contains(&c);
    if SMALL.contains(&c) {
        return match (before, after) {
            _ if (small(before) || capital(before)) && small(after) => Place::Letter,
            _ if before.is_ascii_digit() || after.is_ascii_digit() || capital(after) => Place::Sign,
            _ => Place::Unclear,
        };
    }
    match (before, after) {
        _ if !CAPITAL.contains(&c) => Place::Unclear,
        _ if capital(before) && capital(after) => Place::Letter,
        _ if small(before) || before.is_ascii_digit() || after.is_ascii_digit() => Place::Sign,
        _ => Place::Unclear,
    }
}
