//! Numbers, their units, and what people write around them.
//!
//! "About" (`oko 15`, `~15`) is read as the number, with a warning that says what was dropped: the
//! number is what the surveyor holds to be true. A bound (`>20`, `preko 20`) or a range (`10-12`)
//! is refused: any single number out of it would be the importer's invention.

use domain::Value;
use domain::lang::Message;
use domain::message;
use domain::quantity::unit::{Spelled, Unit};
use domain::record::Severity;
use domain::text::fold;

use super::Column;
use crate::convert::open::NumberSeen;
use crate::convert::text_value::number::{self, Mark, Number, not_a_number};

/// Which decimal marks the texts of a column have shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    comma: bool,
    point: bool,
}

impl Marks {
    /// The only one shown.
    const fn only(self) -> Option<Mark> {
        match (self.comma, self.point) {
            (true, false) => Some(Mark::Comma),
            (false, true) => Some(Mark::Point),
            _ => None,
        }
    }

    /// Answers whether it is the first time.
    const fn show(&mut self, mark: Mark) -> bool {
        let shown = match mark {
            Mark::Comma => &mut self.comma,
            Mark::Point => &mut self.point,
        };
        !std::mem::replace(shown, true)
    }
}

impl Column {
    /// A quantity in the register's unit.
    pub(super) fn quantity(&mut self, text: &str) -> Result<f64, Message> {
        let bare = self.without_about(text)?;
        match self.number(bare, text) {
            Ok(number) => Ok(self.in_unit(number)),
            Err(refused) => self
                .in_parts(bare, text)
                .or_else(|| self.times_power(bare, text))
                .or_else(|| self.with_own_unit(bare, text))
                .unwrap_or(Err(refused)),
        }
    }

    /// A number of a column of numbers.
    pub(super) fn number_in_unit(&mut self, number: f64) -> Value {
        self.doubt_zero(number);
        Value::Number(self.in_unit(number))
    }

    /// Takes a text's decimal mark as evidence, if it shows one.
    pub(super) fn learn_mark(&mut self, text: &str) {
        let digits = digits_and_rest(text.trim()).0;
        if let Ok(Number::Clear(_, Some(mark))) = number::read(digits) {
            self.show(mark);
        }
    }

    pub(super) fn in_unit(&self, number: f64) -> f64 {
        self.unit.map_or(number, |unit| unit.to_register(number))
    }

    fn doubt_zero(&mut self, number: f64) {
        if number == 0.0 {
            self.remark(
                Severity::Warning,
                message!(
                    "0 се уписује као измерена нула; ако се не зна, оставите празно",
                    "0 is entered as a measured zero; if it is not known, leave it empty"
                ),
            );
        }
    }

    fn show(&mut self, mark: Mark) {
        if self.marks.show(mark) {
            self.aside.numbers.push(NumberSeen::Shown { mark });
        }
    }

    pub(super) fn number(&mut self, digits: &str, text: &str) -> Result<f64, Message> {
        let number = match number::read(digits)? {
            Number::Clear(number, mark) => {
                if let Some(mark) = mark {
                    self.show(mark);
                }
                number
            }
            Number::Either {
                written,
                as_decimal,
                as_thousands,
            } => self.decide(text, written, [as_decimal, as_thousands]),
        };
        self.doubt_zero(number);
        Ok(number)
    }

    /// Of two readings the one that agrees with the rest of the column, else the decimal one; but nobody
    /// who writes words beside a number gives it three zeros of a fraction, so `350.000 t` are thousands.
    fn decide(&mut self, text: &str, written: Mark, [as_decimal, as_thousands]: [f64; 2]) -> f64 {
        let shown = self.marks.only();
        let decimal = match shown {
            Some(mark) => mark == written,
            None => as_decimal.fract() != 0.0 || !text.contains(char::is_alphabetic),
        };
        let taken = if decimal { as_decimal } else { as_thousands };
        if shown.is_none() {
            self.remark(
                Severity::Warning,
                message!(
                    "`{text}` може бити {as_decimal} или {as_thousands}; прочитано је као {taken}; \
                     ако је погрешно, напишите га без сепаратора хиљада",
                    "`{text}` may be {as_decimal} or {as_thousands}; it is read as {taken}; if that \
                     is wrong, write it without thousands separators"
                ),
            );
        }
        self.aside.numbers.push(NumberSeen::Decided {
            text: text.to_owned(),
            taken,
            written,
            decimal,
        });
        taken
    }

    /// The text after a word such as "about", which is told.
    pub(super) fn without_about<'a>(&mut self, text: &'a str) -> Result<&'a str, Message> {
        const ABOUT: &[&str] = &[
            "oko",
            "cca",
            "ca",
            "circa",
            "priblizno",
            "pribl",
            "otprilike",
            "procenjeno",
            "about",
            "approx",
            "approximately",
            "estimated",
        ];
        const BOUNDS: &[&str] = &[
            "pre", "posle", "nakon", "before", "after", "preko", "vise", "manje", "najmanje",
            "najvise", "ispod", "iznad", "do", "min", "max", "maks", "od", "over", "under", "more",
            "less", "up", "at", "from", "above", "below",
        ];
        let (word, rest) = first_word(text);
        let folded = fold(word);
        if is_range(text) {
            return Err(several_numbers(text));
        }
        if matches!(word, ">" | "<" | "≥" | "≤") || BOUNDS.contains(&folded.as_str()) {
            return Err(a_bound(text));
        }
        if !matches!(word, "~" | "≈" | "±") && !ABOUT.contains(&folded.as_str()) {
            return Ok(text);
        }
        self.remark(
            Severity::Warning,
            message!(
                "`{text}` је прочитано као {rest}; реч `{word}` се не уписује",
                "`{text}` is read as {rest}; `{word}` is dropped"
            ),
        );
        Ok(rest)
    }

    /// The text without the question mark behind it, which is told.
    pub(super) fn without_question<'a>(&mut self, text: &'a str) -> &'a str {
        let bare = text
            .trim_end_matches([')', '?'])
            .trim_end_matches([' ', '(']);
        if !text.contains('?') || bare.contains('?') {
            return text;
        }
        self.remark(
            Severity::Warning,
            message!(
                "`{text}` је прочитано као {bare}; упитник се не уписује",
                "`{text}` is read as {bare}; the question mark is dropped"
            ),
        );
        bare
    }

    /// A number with the unit after it; `None` where nothing after it may be one.
    fn with_own_unit(&mut self, bare: &str, text: &str) -> Option<Result<f64, Message>> {
        let ucum = self.field.unit?;
        let own = Unit::of_register(ucum)?;
        let (digits, rest) = digits_and_rest(bare);
        if digits.is_empty() || rest.is_empty() {
            return None;
        }
        let level = self.field.name.contains("level");
        let unit = match Unit::read(rest, ucum) {
            Some(Spelled::Unit(unit)) if level || !unit.is_level() => unit,
            Some(Spelled::Unit(_)) => return Some(Err(a_level(text))),
            Some(Spelled::TonneOrMegatonne) => return Some(Err(tonne_or_megatonne(text))),
            _ => return Some(Err(no_unit(text, rest, ucum))),
        };
        Some(self.number(digits, text).map(|number| {
            let converted = unit.to_register(number);
            if unit.exponent != 0 {
                let symbol = own.symbol;
                self.remark(
                    Severity::Note,
                    message!(
                        "`{text}` је {converted} {symbol}",
                        "`{text}` is {converted} {symbol}"
                    ),
                );
            }
            converted
        }))
    }
}

/// A whole number has no decimals, so a sign before three digits stands between thousands.
pub(super) fn number_of(text: &str) -> Result<f64, Message> {
    Ok(match number::read(text)? {
        Number::Clear(number, _) => number,
        Number::Either { as_thousands, .. } => as_thousands,
    })
}

pub(super) fn whole(number: f64) -> Result<Value, Message> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return Err(message!(
            "`{number}` није цео број; напишите га без децимала",
            "`{number}` is not a whole number; write it without decimals"
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the range of i64"
    )]
    let whole = number as i64;
    Ok(Value::Integer(whole))
}

/// A leading word or sign, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let signs = ['~', '≈', '±', '>', '<', '≥', '≤'];
    let end = if text.starts_with(signs) {
        text.chars().next().map_or(0, char::len_utf8)
    } else {
        text.find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(text.len())
    };
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start_matches(['.', ' ', '\u{a0}', '=']))
}

/// `10-12`, `10 – 12 m`, `10 do 12`: a dash or the word between two figures.
fn is_range(text: &str) -> bool {
    let spaced = text.replace([' ', '\u{a0}'], "");
    let latin = domain::text::to_latin(&spaced).to_lowercase();
    ["-", "–", "—", "do", "to", "÷"].iter().any(|between| {
        latin.match_indices(between).any(|(at, sign)| {
            let digit = |letter: char| letter.is_ascii_digit();
            latin[..at].ends_with(digit) && latin[at + sign.len()..].starts_with(digit)
        })
    })
}

/// The number, and the text from the first letter or sign of multiplication on.
pub(super) fn digits_and_rest(text: &str) -> (&str, &str) {
    let begins = |letter: char| letter.is_alphabetic() || matches!(letter, '×' | '·' | '*');
    let at = text.find(begins).unwrap_or(text.len());
    let (digits, rest) = text.split_at(at);
    (digits.trim(), rest.trim())
}

fn several_numbers(text: &str) -> Message {
    message!(
        "`{text}` је распон; упишите један број, а распон у напомену",
        "`{text}` is a range; write one number, and the range in the remarks"
    )
}

pub(super) fn a_bound(text: &str) -> Message {
    message!(
        "`{text}` је граница, а не вредност; упишите број који важи, а границу у напомену",
        "`{text}` is a bound, not a value; write the number that holds, and the bound in the remarks"
    )
}

fn tonne_or_megatonne(text: &str) -> Message {
    message!(
        "`{text}` може бити у тонама или у милионима тона; напишите t или Mt",
        "`{text}` may be in tonnes or in million tonnes; write t or Mt"
    )
}

fn a_level(text: &str) -> Message {
    message!(
        "`{text}` је надморска висина, а не висина објекта; упишите је као коту (crest_level_m), а овде \
         висину у метрима",
        "`{text}` is a level above the sea, not a height of the facility; enter it as a level \
         (crest_level_m), and here the height in metres"
    )
}

fn no_unit(text: &str, rest: &str, ucum: &str) -> Message {
    if rest.chars().count() > 24 {
        return not_a_number(text);
    }
    let known = Unit::symbols(ucum).join(", ");
    message!(
        "`{text}`: `{rest}` није јединица која се овде очекује; могу бити {known}",
        "`{text}`: `{rest}` is not a unit expected here; those known are {known}"
    )
}
