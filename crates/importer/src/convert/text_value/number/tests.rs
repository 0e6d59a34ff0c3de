use proptest::prelude::*;

use super::Mark::{Comma, Point};
use super::*;

#[test]
fn numbers_are_read_as_files_write_them() {
    for (text, expected, mark) in [
        ("12.5", 12.5, Some(Point)),
        (" 12,5 ", 12.5, Some(Comma)),
        ("-0,125", -0.125, Some(Comma)),
        ("−12,5", -12.5, Some(Comma)),
        ("0,125", 0.125, Some(Comma)),
        ("0.125", 0.125, Some(Point)),
        (",5", 0.5, Some(Comma)),
        ("1234,567", 1234.567, Some(Comma)),
        ("1e6", 1e6, None),
        ("1,2e6", 1.2e6, None),
        ("8700000", 8_700_000.0, None),
        ("1.234,5", 1234.5, Some(Comma)),
        ("1,234.5", 1234.5, Some(Point)),
        ("1.200.000", 1_200_000.0, Some(Comma)),
        ("1,200,000", 1_200_000.0, Some(Point)),
        ("1.200.000,75", 1_200_000.75, Some(Comma)),
        ("12 500", 12_500.0, None),
        ("1\u{a0}200\u{202f}000", 1_200_000.0, None),
        ("12 500,123", 12_500.123, Some(Comma)),
        ("1'200'000.5", 1_200_000.5, Some(Point)),
        ("1’200", 1_200.0, None),
        ("+3", 3.0, None),
    ] {
        assert_eq!(read(text), Ok(Number::Clear(expected, mark)), "{text}");
    }
}

#[test]
fn three_digits_after_one_sign_are_two_numbers() {
    for (text, written, as_decimal, as_thousands) in [
        ("1.234", Point, 1.234, 1234.0),
        ("1,234", Comma, 1.234, 1234.0),
        ("-120.500", Point, -120.5, -120_500.0),
    ] {
        let expected = Number::Either {
            written,
            as_decimal,
            as_thousands,
        };
        assert_eq!(read(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "",
        ",",
        "-",
        "inf",
        "NaN",
        "oko 12",
        "10-12",
        "1e999",
        "12 50",
        "1.2.3",
        "1,2.3,4",
        "1.234,567.8",
        "1 2",
        "12 5,5",
        "0x10",
        "1..5",
        "e",
        ".",
        "12.500.00",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

/// As Serbian writes it: points between thousands, a comma before the decimals.
fn in_serbian(whole: u64, decimals: &str) -> String {
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    if decimals.is_empty() {
        grouped
    } else {
        format!("{grouped},{decimals}")
    }
}

proptest! {
    #[test]
    fn numbers_written_in_serbian_read_back(whole in 0_u64..10_000_000_000, decimals in "[0-9]{0,6}") {
        let text = in_serbian(whole, &decimals);
        let expected: f64 = format!("{whole}.{decimals}0").parse().unwrap();
        let read = match read(&text) {
            Ok(Number::Clear(number, _)) => number,
            // A comma alone may be either, and a point alone: one of the two readings is meant.
            Ok(Number::Either { written: Comma, as_decimal, .. }) => as_decimal,
            Ok(Number::Either { as_thousands, .. }) => as_thousands,
            Err(error) => return Err(TestCaseError::fail(error.en)),
        };
        prop_assert_eq!(read.to_bits(), expected.to_bits(), "{}", text);
    }
}
