//! What files write where nothing is known.

/// Whether a text stands for "nothing is known". `x` does not: it marks a yes in one column and a
/// gap in the next, so a person has to say which ([values] of a mapping file).
pub(in super::super) fn is_placeholder(text: &str) -> bool {
    const LONGEST_BYTES: usize = 40;
    const WORDS: &[&str] = &[
        "nema",
        "nema podataka",
        "nema podatka",
        "bez podataka",
        "nepoznato",
        "nepoznat",
        "nepoznata",
        "nije poznato",
        "нема",
        "нема података",
        "нема податка",
        "без података",
        "непознато",
        "непознат",
        "непозната",
        "није познато",
        "n/a",
        "na",
        "n.a.",
        "n/p",
        "n.p.",
        "n/d",
        "n.d.",
        "н/п",
        "н.п.",
        "#n/a",
        "#n/d",
        "#null!",
        "<null>",
        "null",
        "(null)",
        "nan",
        "none",
        "no data",
        "nodata",
        "unknown",
        "not known",
    ];
    let text = text.trim();
    // More question marks are letters that an earlier program lost: something was known.
    let is_lost = text.matches('?').count() > 3;
    text.len() <= LONGEST_BYTES
        && !is_lost
        && (text.chars().all(is_dash_or_so) || is_one_of(WORDS, text))
}

/// The error that a spreadsheet shows in the place of a value (ISO/IEC 29500-1, 18.17.3), if a text
/// is one. `#N/A`, "not available", is none: it says that nothing is known, like `#NULL!`.
pub(in super::super) fn sheet_error(text: &str) -> Option<&str> {
    const ERRORS: [&str; 7] = [
        "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#SPILL!", "#CALC!",
    ];
    let text = text.trim();
    ERRORS.contains(&text).then_some(text)
}

/// Whether a text is one of these words in small letters. Few texts begin like one.
fn is_one_of(words: &[&str], text: &str) -> bool {
    let first = text.chars().flat_map(char::to_lowercase).next();
    let may_be = first.is_some_and(|first| words.iter().any(|word| word.starts_with(first)));
    may_be && words.contains(&text.to_lowercase().as_str())
}

/// Of nothing else such a text consists: `-`, `--`, `/`, `?`, `...`; true also of an empty one.
const fn is_dash_or_so(letter: char) -> bool {
    matches!(
        letter,
        '-' | '–' | '—' | '/' | '?' | '.' | '…' | '*' | '_' | ' ' | '\u{a0}'
    )
}

/// Whether a number stands for "nothing is known": -9999 and its kin, not a number, or a number
/// beyond 1e38 by which shapefiles and rasters say so.
pub(in super::super) fn is_placeholder_number(number: f64) -> bool {
    const NO_DATA: [f64; 6] = [
        -999.0,
        -9999.0,
        -99_999.0,
        -999_999.0,
        -32_768.0,
        -2_147_483_648.0,
    ];
    const NO_DATA_BEYOND: f64 = 1e38;
    number.is_nan()
        || number.abs() >= NO_DATA_BEYOND
        || NO_DATA
            .iter()
            .any(|one| (number - one).abs() < f64::EPSILON)
}

/// The number by which a text says that nothing is known, such as `-9999,0`.
pub(in super::super) fn number_of_nothing(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('-') || text.contains(['e', 'E']))
        && super::number::plain(&text.replacen(',', ".", 1)).is_some_and(is_placeholder_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_nothing() {
        for text in [
            "",
            "  ",
            "-",
            "--",
            "NEMA",
            "Нема",
            "nema podataka",
            "nepoznato",
            "Непознато",
            "n/a",
            "N/A",
            "<Null>",
            "NULL",
            "#N/A",
            "?",
            "???",
            "/",
            "—",
            "...",
            "*",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "0",
            "Nemanjina",
            "x",
            "X",
            "-9998",
            "N",
            "1/2",
            "nema rudnika",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_nothing_are_known() {
        for (number, expected) in [
            (-9999.0, true),
            (-999.0, true),
            (f64::NAN, true),
            (f64::MIN, true),
            (-1.797e308, true),
            (3.402_823_466e38, true),
            (0.0, false),
            (-9998.0, false),
            (999.0, false),
        ] {
            assert_eq!(is_placeholder_number(number), expected, "{number}");
        }
        for (text, expected) in [
            ("-9999", true),
            ("-9999.0", true),
            ("-9999,0", true),
            ("-999", true),
            ("-1.7976931348623157e+308", true),
            ("9999", false),
            ("e", false),
        ] {
            assert_eq!(number_of_nothing(text), expected, "{text}");
        }
    }

    #[test]
    fn errors_of_spreadsheets_are_known() {
        for error in ["#REF!", " #DIV/0! "] {
            assert_eq!(sheet_error(error), Some(error.trim()));
        }
        for text in ["#1", "REF", "see #REF!", "#N/A", ""] {
            assert_eq!(sheet_error(text), None, "{text}");
        }
    }
}
