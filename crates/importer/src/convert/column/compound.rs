//! Quantities in several words: `1 ha 20 a 15 m²`, `1,2 x 10^6`, `2,3 miliona`.

use domain::lang::Message;
use domain::message;
use domain::quantity::unit::{Spelled, Unit};
use domain::record::Severity;
use domain::text::fold;

use super::Column;
use super::numeric::digits_and_rest;

impl Column {
    /// The sum of parts in ever smaller units; `None` of a text of another form.
    pub(super) fn in_parts(&mut self, bare: &str, text: &str) -> Option<Result<f64, Message>> {
        let ucum = self.field.unit?;
        let own = Unit::of_register(ucum)?.symbol;
        let parts = parts(bare, ucum).filter(|parts| parts.len() > 1)?;
        let mut sum = 0.0;
        for (digits, unit) in parts {
            match self.number(digits, text) {
                Ok(number) => sum += unit.to_register(number),
                Err(refused) => return Some(Err(refused)),
            }
        }
        self.remark(
            Severity::Note,
            message!("`{text}` је {sum} {own}", "`{text}` is {sum} {own}"),
        );
        Some(Ok(sum))
    }

    /// A number times a power of ten, in figures or words, in the unit of the column.
    pub(super) fn times_power(&mut self, bare: &str, text: &str) -> Option<Result<f64, Message>> {
        let (digits, rest) = digits_and_rest(bare);
        let exponent = power_in_figures(rest).or_else(|| power_in_words(rest))?;
        if digits.is_empty() {
            return None;
        }
        Some(self.number(digits, text).map(|number| {
            let multiplied = format!("{number}e{exponent}").parse().unwrap_or(number);
            let converted = self.in_unit(multiplied);
            self.remark(
                Severity::Note,
                message!(
                    "`{text}` је прочитано као {converted}",
                    "`{text}` is read as {converted}"
                ),
            );
            converted
        }))
    }
}

/// Numbers, each with its unit, which is smaller than the one before.
fn parts<'a>(text: &'a str, ucum: &str) -> Option<Vec<(&'a str, &'static Unit)>> {
    let mut found: Vec<(&str, &'static Unit)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, after) = digits_and_rest(rest);
        let (unit, after) = leading_unit(after, ucum)?;
        let is_smaller = |(_, before): &(&str, &Unit)| unit.exponent < before.exponent;
        if digits.is_empty() || !found.last().is_none_or(is_smaller) {
            return None;
        }
        found.push((digits, unit));
        rest = after.trim_start_matches([' ', ',', '\u{a0}']);
    }
    Some(found)
}

/// The unit with which a text begins, the longest that can be one, and what follows.
fn leading_unit<'a>(text: &'a str, ucum: &str) -> Option<(&'static Unit, &'a str)> {
    let is_end = |letter: char| letter.is_whitespace() || letter == ',';
    let word = text.split(is_end).next()?;
    let ends = word
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    ends.rev()
        .find_map(|end| match Unit::read(&word[..end], ucum) {
            Some(Spelled::Unit(unit)) => Some((unit, &text[end..])),
            _ => None,
        })
}

/// `x 10^6`, `·10⁶`. Without its sign the power is lost: `x 106`.
fn power_in_figures(text: &str) -> Option<u32> {
    let times = ['x', 'X', 'х', 'Х', '×', '·', '*'];
    let power = text.strip_prefix(times)?.trim_start().strip_prefix("10")?;
    let raised = power.strip_prefix('^').or_else(|| power.strip_prefix("**"));
    let figures = match raised {
        Some(figures) => figures.trim().to_owned(),
        None => raised_figure(power)?.to_string(),
    };
    let exponent = figures.parse().ok();
    exponent.filter(|exponent| (1..=9).contains(exponent))
}

fn raised_figure(text: &str) -> Option<usize> {
    let mut figures = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars();
    figures.position(|figure| text.chars().eq([figure]))
}

fn power_in_words(text: &str) -> Option<u32> {
    match fold(text).as_str() {
        "hilj" | "hiljada" | "hiljade" | "hiljadu" | "thousand" => Some(3),
        "mil" | "mln" | "mio" | "milion" | "miliona" | "million" => Some(6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_read_in_figures_and_words() {
        for (text, exponent) in [
            ("x 10^6", Some(6)),
            ("×10⁶", Some(6)),
            ("· 10³", Some(3)),
            ("*10**3", Some(3)),
            ("х 10^6", Some(6)),
            ("x 106", None),
            ("x 10^-3", None),
            ("x 10^6 m3", None),
            ("10^6", None),
        ] {
            assert_eq!(power_in_figures(text), exponent, "{text}");
        }
        assert_eq!(power_in_words("милиона"), Some(6));
        assert_eq!(power_in_words("hilj."), Some(3));
        assert_eq!(power_in_words("m"), None);
    }
}
