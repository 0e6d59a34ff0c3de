//! Registration numbers (*matični broj*) of territorial units.

use crate::lang::Text;
use crate::value::ValueError;

/// Reads a registration number of `N` digits, the last of which is its control digit.
///
/// Modulo 11 of the Statistical Office: the leading digits weigh `N` down to 2 from the left; the
/// control digit is 11 less the remainder of their sum, 0 where the remainder is 1. Leading digits
/// with the remainder 0 are never issued.
pub(super) fn read<const N: usize>(text: &str, wanted: &'static Text) -> Result<u32, ValueError> {
    let not_a = || ValueError::not_a(text, wanted);
    let digits = digits::<N>(text.trim()).ok_or_else(not_a)?;
    let leading = digits[..N - 1].iter().rev();
    let sum: u32 = leading.zip(2..).map(|(digit, weight)| digit * weight).sum();
    let expected = match sum % 11 {
        0 => return Err(not_a()),
        1 => 0,
        remainder => 11 - remainder,
    };
    if digits[N - 1] == expected {
        Ok(digits.iter().fold(0, |number, digit| number * 10 + digit))
    } else {
        Err(ValueError::ControlDigit {
            value: text.trim().to_owned(),
            expected,
        })
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let bytes: &[u8; N] = text.as_bytes().try_into().ok()?;
    let are_digits = bytes.iter().all(u8::is_ascii_digit);
    are_digits.then(|| bytes.map(|byte| u32::from(byte - b'0')))
}
