//! Numbers with decimal comma or point, and points, commas, blanks or apostrophes between
//! thousands.

use domain::lang::Message;
use domain::message;

/// The sign between whole and fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As in Serbian.
    Comma,
    /// As in English.
    Point,
}

impl Mark {
    const fn of(sign: char) -> Option<Self> {
        match sign {
            ',' => Some(Self::Comma),
            '.' => Some(Self::Point),
            _ => None,
        }
    }

    /// The one that is not decimal then, and may stand between thousands.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Comma => Self::Point,
            Self::Point => Self::Comma,
        }
    }
}

/// What a text may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Number {
    /// One number; where its signs tell, the decimal mark.
    Clear(f64, Option<Mark>),
    /// Two, by what the only sign in it is: `1.234`.
    Either {
        written: Mark,
        as_decimal: f64,
        as_thousands: f64,
    },
}

/// Reads a number. Ranges, bounds and words are not numbers.
pub(in super::super) fn read(text: &str) -> Result<Number, Message> {
    let tidy = tidy(text);
    let (sign, digits) = match tidy.strip_prefix('-') {
        Some(digits) => (-1.0, digits.trim_start()),
        None => (1.0, tidy.strip_prefix('+').unwrap_or(&tidy)),
    };
    let number = if digits.contains(['e', 'E']) {
        plain(&digits.replacen(',', ".", 1)).map(|number| Number::Clear(number, None))
    } else {
        unsigned(digits)
    };
    number
        .map(|number| number.times(sign))
        .ok_or_else(|| not_a_number(text))
}

/// Digits, sign, point and exponent only: `inf` and `nan` are words, not numbers.
pub(in super::super) fn plain(text: &str) -> Option<f64> {
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

impl Number {
    fn times(self, sign: f64) -> Self {
        match self {
            Self::Clear(number, mark) => Self::Clear(sign * number, mark),
            Self::Either {
                written,
                as_decimal,
                as_thousands,
            } => Self::Either {
                written,
                as_decimal: sign * as_decimal,
                as_thousands: sign * as_thousands,
            },
        }
    }
}

/// All blanks as one kind, all apostrophes as one, all minus signs as one.
fn tidy(text: &str) -> String {
    let alike = |letter| match letter {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => ' ',
        '’' | '‘' | '`' | '´' | 'ʼ' => '\'',
        '−' | '–' => '-',
        other => other,
    };
    text.trim().chars().map(alike).collect()
}

fn unsigned(digits: &str) -> Option<Number> {
    let edges_are_digits = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | ','))
            && text.contains(|digit: char| digit.is_ascii_digit())
    };
    if !edges_are_digits(digits) {
        return None;
    }
    let signs: Vec<char> = digits
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect();
    let Some(&last) = signs.last() else {
        return plain(digits).map(|number| Number::Clear(number, None));
    };
    let groups_by = signs[0];
    match Mark::of(last) {
        Some(mark) if signs.iter().filter(|sign| **sign == last).count() == 1 => {
            if signs.len() == 1 {
                one_sign(digits, mark)
            } else {
                grouped_with_fraction(digits, groups_by, mark)
            }
        }
        Some(mark) => grouped(digits, last).map(|number| Number::Clear(number, Some(mark.other()))),
        None => grouped(digits, last).map(|number| Number::Clear(number, None)),
    }
}

/// `12,5`, `1.234`: the sign is decimal unless three digits after it may be thousands.
fn one_sign(digits: &str, mark: Mark) -> Option<Number> {
    let sign = if mark == Mark::Comma { ',' } else { '.' };
    let as_decimal = plain(&digits.replace(sign, "."))?;
    let (whole, fraction) = digits.split_once(sign)?;
    let may_be_thousands =
        fraction.len() == 3 && matches!(whole.len(), 1..=3) && !whole.starts_with('0');
    if !may_be_thousands {
        return Some(Number::Clear(as_decimal, Some(mark)));
    }
    Some(Number::Either {
        written: mark,
        as_decimal,
        as_thousands: plain(&digits.replace(sign, ""))?,
    })
}

/// `1.234,5`, `12 500,5`.
fn grouped_with_fraction(digits: &str, groups_by: char, mark: Mark) -> Option<Number> {
    let sign = if mark == Mark::Comma { ',' } else { '.' };
    let (whole, fraction) = digits.split_once(sign)?;
    grouped(whole, groups_by)?;
    let number = plain(&format!("{}.{fraction}", whole.replace(groups_by, "")))?;
    Some(Number::Clear(number, Some(mark)))
}

/// Groups of three digits after a first one of one to three.
fn grouped(digits: &str, by: char) -> Option<f64> {
    let mut groups = digits.split(by);
    let first = groups.next()?;
    let all_digits = |group: &str| group.bytes().all(|digit| digit.is_ascii_digit());
    let fits = matches!(first.len(), 1..=3)
        && all_digits(first)
        && groups.all(|group| group.len() == 3 && all_digits(group));
    fits.then(|| plain(&digits.replace(by, ""))).flatten()
}

pub(in super::super) fn not_a_number(text: &str) -> Message {
    let text = text.trim();
    message!(
        "`{text}` није број; напишите га са децималном тачком, као 12.5",
        "`{text}` is not a number; write it with a decimal point, such as 12.5"
    )
}

#[cfg(test)]
mod tests;
