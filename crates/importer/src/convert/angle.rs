//! How tables write one number of a point: plane coordinates, degrees, and degrees, minutes and
//! seconds, with the letters of directions in Serbian or English.

mod direction;

use domain::lang::Message;
use domain::message;

pub(super) use direction::Letter;
use direction::{split, with_signs, without_label};

/// One number of a point as a table writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coordinate {
    /// In its own unit; degrees where the text has minutes. Southern and western are negative, an
    /// `S` is taken for the Serbian *sever*, north.
    pub(super) value: f64,
    pub(super) letter: Option<Letter>,
    /// Whether minutes or seconds were written.
    pub(super) has_minutes: bool,
}

/// Reads `7588213,57`, `7.588.213,57`, `Y = 7 588 213,57 m`, `44,07488`, `44°04'29,6"`, `44 04 29.6`,
/// `44.04.29,6`, `44d04m29.6s`, `N 44° 4.493'`, `44°04'29" с.г.ш.` and the like.
pub(super) fn coordinate(text: &str) -> Result<Coordinate, Message> {
    let plain = with_signs(&plain_signs(text));
    let read = || {
        let (letter, rest) = split(without_label(&plain))?;
        let (value, has_minutes) = magnitude(rest)?;
        let (letter, sign) = letter.map_or((None, 1.0), |(letter, sign)| (Some(letter), sign));
        Some(Coordinate {
            value: sign * value,
            letter,
            has_minutes,
        })
    };
    read().ok_or_else(|| {
        let text = text.trim();
        message!(
            "„{text}“ није координата; напишите је као 7588213,57, 44,07488 или 44°04'29,6\"",
            "`{text}` is no coordinate; write it as 7588213.57, 44.07488 or 44°04'29.6\""
        )
    })
}

/// One sign of each kind, of the many that programs put in their place.
fn plain_signs(text: &str) -> String {
    let one = |sign| match sign {
        '′' | '’' | '‘' | '´' | '`' | 'ʹ' => '\'',
        '″' | '”' | '“' | '„' | 'ʺ' => '"',
        'º' | '˚' => '°',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' => ' ',
        '−' | '–' => '-',
        other => other,
    };
    let text: String = text.trim().chars().map(one).collect();
    text.replace("''", "\"")
}

/// The number and whether it has minutes.
fn magnitude(text: &str) -> Option<(f64, bool)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match degrees_alone(digits) {
        Some(degrees) => Some((number(degrees)?, false)),
        None => number(digits).map(|value| (value, false)),
    };
    value
        .or_else(|| Some((sexagesimal(digits)?, true)))
        .map(|(value, has_minutes)| (sign * value, has_minutes))
}

/// `44,07488°`.
fn degrees_alone(text: &str) -> Option<&str> {
    text.strip_suffix('°').map(str::trim_end)
}

/// Degrees, minutes and, maybe, seconds, of which only the last has decimals.
fn sexagesimal(text: &str) -> Option<f64> {
    let spaced = with_spaces(text);
    let parts: Vec<&str> = spaced
        .as_deref()
        .unwrap_or(text)
        .split(['°', '\'', '"', ' ', ':', '-'])
        .filter(|part| !part.is_empty())
        .collect();
    let (last, whole) = parts.split_last()?;
    if !(1..=2).contains(&whole.len()) || !ends_as_it_should(text, whole.len()) {
        return None;
    }
    let is_short = |part: &&&str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let mut numbers: Vec<f64> = whole
        .iter()
        .filter(is_short)
        .filter_map(|part| part.parse().ok())
        .collect();
    numbers.push(number(last)?);
    let in_range = numbers[0] <= 180.0 && numbers[1..].iter().all(|part| *part < 60.0);
    (numbers.len() == parts.len() && in_range).then(|| {
        numbers
            .iter()
            .rev()
            .fold(0.0, |sum, part| sum / 60.0 + part)
    })
}

/// `44.04.29,6` and `44.04.29.6` as `44 04 29.6`: two digits each for minutes and seconds, as neither
/// thousands nor years are written.
fn with_spaces(text: &str) -> Option<String> {
    let (degrees, rest) = text.split_once('.')?;
    let (minutes, seconds) = rest.split_once('.')?;
    let whole = seconds.split(['.', ',']).next()?;
    let are_two = [minutes, whole].iter().all(|part| part.len() == 2);
    are_two.then(|| format!("{degrees} {minutes} {seconds}"))
}

/// Whether the sign after the last number, if any, is that of minutes or of seconds.
fn ends_as_it_should(text: &str, parts_before: usize) -> bool {
    match text.chars().next_back() {
        Some('"') => parts_before == 2,
        Some('\'') => parts_before == 1,
        Some('°' | ':' | '-') => false,
        _ => true,
    }
}

/// A number with a decimal point or comma, and with separators of thousands where these cannot be
/// decimal.
fn number(text: &str) -> Option<f64> {
    let (thousands, decimal) = separators(text);
    let (whole, fraction) = match decimal.and_then(|decimal| text.rsplit_once(decimal)) {
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let digits = match thousands {
        Some(separator) => ungrouped(whole, separator)?,
        None => whole.to_owned(),
    };
    plain_number(&digits, fraction, decimal.is_some())
}

/// The separators of thousands and of decimals, by what stands how often and last.
fn separators(text: &str) -> (Option<char>, Option<char>) {
    let count = |sign| text.matches(sign).count();
    let comma_is_last = text.rfind(',') > text.rfind('.');
    match (count(' '), count('.'), count(',')) {
        (0, 0, 0) => (None, None),
        (0, 1, 0) => (None, Some('.')),
        (0, 0, 1) => (None, Some(',')),
        (0, _, 0) => (Some('.'), None),
        (0, 0, _) => (Some(','), None),
        (0, _, 1) if comma_is_last => (Some('.'), Some(',')),
        (0, 1, _) => (Some(','), Some('.')),
        (_, 1, 0) => (Some(' '), Some('.')),
        (_, 0, 1) => (Some(' '), Some(',')),
        _ => (Some(' '), None),
    }
}

/// The digits without separators that stand after every third.
fn ungrouped(whole: &str, separator: char) -> Option<String> {
    let (first, rest) = whole.split_once(separator)?;
    let grouped = (1..=3).contains(&first.len()) && rest.split(separator).all(|g| g.len() == 3);
    grouped.then(|| whole.replace(separator, ""))
}

fn plain_number(whole: &str, fraction: &str, has_decimals: bool) -> Option<f64> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = fraction.split_once(['e', 'E']);
    let (decimals, power) = exponent.unwrap_or((fraction, "0"));
    let is_number = !whole.is_empty()
        && digits(whole)
        && digits(decimals)
        && (!has_decimals || !fraction.is_empty());
    let power: i32 = power.parse().ok()?;
    is_number
        .then(|| format!("{whole}.{decimals}0e{power}").parse().ok())
        .flatten()
        .filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests;
