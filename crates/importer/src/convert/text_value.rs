//! How files write numbers, days, yes and no, and "nothing".

use chrono::NaiveDate;

/// Whether a text stands for "nothing is known".
pub(super) fn is_placeholder(text: &str) -> bool {
    const LONGEST_BYTES: usize = 24;
    const WORDS: &[&str] = &[
        "-",
        "--",
        "–",
        "—",
        "/",
        "?",
        "nema",
        "nema podataka",
        "нема",
        "нема података",
        "n/a",
        "na",
        "n.p.",
        "<null>",
        "null",
        "nan",
        "none",
        "-9999",
        "-9999.0",
        "-9999,0",
    ];
    let text = text.trim();
    let may_begin_one = text.starts_with(['-', '–', '—', '/', '?', 'n', 'N', 'н', 'Н', '<']);
    text.is_empty()
        || (may_begin_one
            && text.len() <= LONGEST_BYTES
            && WORDS.contains(&text.to_lowercase().as_str()))
}

/// Whether a number stands for "nothing is known": -9999, not a number, or the large negative
/// number by which shapefiles say so.
pub(super) fn is_placeholder_number(number: f64) -> bool {
    const NO_DATA_OF_SHAPEFILES: f64 = -1e38;
    number.is_nan() || number <= NO_DATA_OF_SHAPEFILES || (number + 9999.0).abs() < f64::EPSILON
}

/// Reads a number with a decimal point or, where that leaves no doubt, a decimal comma.
pub(super) fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    match text.split_once(',') {
        None => plain_number(text).ok_or_else(|| not_a_number(text)),
        Some((whole, fraction)) if may_be_thousands(whole, fraction) => Err(format!(
            "`{text}` may be {whole}.{fraction} or {whole}{fraction}; write it without thousands \
             separators and with a decimal point"
        )),
        Some(_) => decimal_comma(text),
    }
}

fn decimal_comma(text: &str) -> Result<f64, String> {
    let single = text.matches(',').count() == 1 && !text.contains('.');
    let number = single
        .then(|| plain_number(&text.replacen(',', ".", 1)))
        .flatten();
    number.ok_or_else(|| not_a_number(text))
}

/// Digits, sign, point and exponent only: `inf` and `nan` are words, not numbers.
fn plain_number(text: &str) -> Option<f64> {
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn may_be_thousands(whole: &str, fraction: &str) -> bool {
    let digits = whole.trim_start_matches(['-', '+']);
    fraction.len() == 3
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(digits.len(), 1..=3)
        && !digits.starts_with('0')
}

fn not_a_number(text: &str) -> String {
    format!("`{text}` is not a number; write it with a decimal point, such as 12.5")
}

/// Reads a day as `2014-05-15`, `15.5.2014.` or `15.05.2014`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    iso_day(text).or_else(|| serbian_day(text))
}

/// A day, with or without the time after it.
fn iso_day(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_at_checked(10)?;
    let time = rest.is_empty() || rest.starts_with(['T', ' ']);
    time.then(|| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok())
        .flatten()
}

fn serbian_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text
        .strip_suffix('.')
        .unwrap_or(text)
        .split('.')
        .map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_files_write_them() {
        for (text, expected) in [
            ("12.5", 12.5),
            (" 12,5 ", 12.5),
            ("-0,125", -0.125),
            ("0,125", 0.125),
            ("1234,567", 1234.567),
            ("1e6", 1e6),
            ("1.234", 1.234),
            ("8700000", 8_700_000.0),
        ] {
            assert_eq!(number(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_may_be_two_numbers_or_none_is_refused() {
        assert_eq!(
            number("1,234").unwrap_err(),
            "`1,234` may be 1.234 or 1234; write it without thousands separators and with a \
             decimal point"
        );
        for text in [
            "1.234,5",
            "1,234.5",
            "1,234,567",
            "12 500",
            "oko 12",
            "inf",
            "NaN",
            "",
            ",",
            "1e999",
        ] {
            let error = number(text).unwrap_err();
            assert!(
                error.ends_with("write it with a decimal point, such as 12.5"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn days_are_read_in_iso_and_serbian_form() {
        let expected = NaiveDate::from_ymd_opt(2014, 5, 15);
        for text in [
            "2014-05-15",
            "15.5.2014.",
            "15.05.2014",
            "15. 5. 2014.",
            "2014-05-15T06:30:00Z",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in [
            "5/15/2014",
            "15.5.14",
            "31.2.2014",
            "2014",
            "2014-05-15x",
            "15.5",
            "čč.5.2014",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn placeholders_are_nothing() {
        for text in [
            "", "  ", "-", "NEMA", "Нема", "n/a", "<Null>", "NULL", "-9999", "—",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["0", "Nemanjina", "x", "-9998", "nepoznato"] {
            assert!(!is_placeholder(text), "{text}");
        }
        for (number, expected) in [
            (-9999.0, true),
            (f64::NAN, true),
            (f64::MIN, true),
            (0.0, false),
            (-9998.0, false),
        ] {
            assert_eq!(is_placeholder_number(number), expected, "{number}");
        }
    }
}
