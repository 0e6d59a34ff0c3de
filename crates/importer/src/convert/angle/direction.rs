//! Directions beside the number of a coordinate, and letters in the place of signs.

/// Whose letter or word of a direction it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Letter {
    /// *Sever*, north, or the English south.
    LatinS,
    /// N, E or W, which only English has.
    English,
    /// Serbian: С Ј И З, J I Z.
    Serbian,
}

/// Directions in lower case, without points and spaces, and the sign that they give the number. Among them
/// are the abbreviations of northern latitude and eastern longitude (`с.г.ш.`, `и.г.д.`, the Russian
/// `в.д.`), and a Latin C that was typed for the Cyrillic С.
const DIRECTIONS: &[(Letter, f64, &[&str])] = &[
    (Letter::LatinS, 1.0, &["s"]),
    (Letter::English, 1.0, &["n", "north", "e", "east"]),
    (Letter::English, -1.0, &["w", "west", "south"]),
    (
        Letter::Serbian,
        1.0,
        &[
            "с",
            "c",
            "sever",
            "север",
            "severno",
            "северно",
            "sgš",
            "sgs",
            "сгш",
            "sš",
            "сш",
            "и",
            "i",
            "istok",
            "исток",
            "istočno",
            "istocno",
            "источно",
            "igd",
            "игд",
            "id",
            "ид",
            "вд",
        ],
    ),
    (
        Letter::Serbian,
        -1.0,
        &[
            "ј",
            "j",
            "jug",
            "југ",
            "južno",
            "juzno",
            "јужно",
            "jgš",
            "jgs",
            "јгш",
            "з",
            "z",
            "zapad",
            "запад",
            "zapadno",
            "западно",
            "zgd",
            "згд",
        ],
    ),
];

/// The direction before or after the number with its sign, if any, and the number, without a unit of
/// metres; `None` with two directions, and with words that are none.
pub(super) fn split(text: &str) -> Option<(Option<(Letter, f64)>, &str)> {
    let rest = text.trim_start_matches(is_of_word);
    let before = &text[..text.len() - rest.len()];
    let number = rest.trim_end_matches(is_of_word);
    let after = &rest[number.len()..];
    match (word(before), word(after)) {
        (before, after) if before.is_empty() && (after.is_empty() || after == "m") => {
            Some((None, without_unit(text)))
        }
        (before, after) if after.is_empty() => Some((Some(direction(&before)?), number)),
        (before, after) if before.is_empty() => Some((Some(direction(&after)?), number)),
        _ => None,
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '.' | ' ' | ':' | '=')
}

/// The letters alone, in lower case.
fn word(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
}

fn direction(word: &str) -> Option<(Letter, f64)> {
    let named = |(_, _, words): &&(Letter, f64, &[&str])| words.contains(&word);
    let found = DIRECTIONS.iter().find(named);
    found.map(|&(letter, sign, _)| (letter, sign))
}

fn without_unit(text: &str) -> &str {
    text.strip_suffix('m').map_or(text, str::trim_end)
}

/// `7588213.57` of `Y = 7588213.57`.
pub(super) fn without_label(text: &str) -> &str {
    let labelled = text.strip_prefix(['x', 'X', 'y', 'Y', 'Х', 'У']);
    let number = labelled.and_then(|rest| rest.trim_start().strip_prefix(['=', ':']));
    number.map_or(text, str::trim_start)
}

/// `44°04'29.6"` of `44d04m29.6s`: letters right after numbers, degrees first.
pub(super) fn with_signs(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphabetic) {
        let (before, from_word) = rest.split_at(start);
        plain.push_str(before);
        let end = from_word.find(|c: char| !c.is_alphabetic());
        let (word, after) = from_word.split_at(end.unwrap_or(from_word.len()));
        let follows_number = plain.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let sign = sign(word, &plain).filter(|_| follows_number);
        match sign {
            Some((sign, left)) => {
                plain.push(sign);
                plain.push_str(left);
            }
            None => plain.push_str(word),
        }
        rest = after;
    }
    plain + rest
}

/// The sign that a word stands for after what is already read, and what of the word is left.
fn sign<'a>(word: &'a str, before: &str) -> Option<(char, &'a str)> {
    match word {
        "d" | "deg" | "st" | "step" | "stepeni" => Some(('°', "")),
        "m" | "min" if before.contains('°') => Some(('\'', "")),
        "sec" | "sek" if before.contains('\'') => Some(('"', "")),
        _ if before.contains('°') && before.contains('\'') => Some(('"', word.strip_prefix('s')?)),
        _ => None,
    }
}
