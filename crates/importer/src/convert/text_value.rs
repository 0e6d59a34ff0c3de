//! How files write numbers, days, yes and no, and "nothing".

pub(super) mod day;
pub(super) mod number;
mod placeholder;

pub(super) use placeholder::{is_placeholder, is_placeholder_number, number_of_nothing};

/// Reads a coordinate, in which a comma is never a thousands separator.
pub(super) fn coordinate(text: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.contains(',') {
        decimal_comma(text)
    } else {
        number::plain(text).ok_or_else(|| not_a_number(text))
    }
}

fn decimal_comma(text: &str) -> Result<f64, String> {
    let single = text.matches(',').count() == 1 && !text.contains('.');
    let number = single
        .then(|| number::plain(&text.replacen(',', ".", 1)))
        .flatten();
    number.ok_or_else(|| not_a_number(text))
}

fn not_a_number(text: &str) -> String {
    format!("`{text}` is not a number; write it with a decimal point, such as 12.5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_coordinate_is_decimal() {
        assert_eq!(coordinate("44,074"), Ok(44.074));
        assert_eq!(coordinate("7588213.57"), Ok(7_588_213.57));
        for text in ["4,881,734", "4.881.734,64", "44°04'29\""] {
            assert!(coordinate(text).is_err(), "{text}");
        }
    }
}
