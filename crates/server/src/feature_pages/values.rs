//! Values as people read them.

use domain::layer::Field;
use domain::{Lang, Text};
use store::StoreError;
use store::feature::{Feature, ValueRef};

use super::{Scene, region_name};
use crate::pages::Frame;

/// Whole numbers from here on have their thousands apart; below, they are mostly years.
const GROUPED_FROM: i64 = 10_000;
const YES: Text = Text::new("да", "yes");
const NO: Text = Text::new("не", "no");

/// A part of a value: a text, the code that it stands for, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What is read.
    pub text: String,
    /// The code that is recorded, where a label is shown for it.
    pub code: Option<String>,
    /// The record that it names.
    pub href: Option<String>,
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self {
            text,
            code: None,
            href: None,
        }
    }
}

/// The parts of a value; none of one that is unknown.
pub fn pieces(field: &Field, value: &ValueRef<'_>, scene: &Scene, frame: &Frame) -> Vec<Piece> {
    let code = |code: &str| vec![of_code(field, code, scene, frame)];
    match value {
        ValueRef::Unknown => Vec::new(),
        ValueRef::Text(text) => code(text),
        ValueRef::Codes(codes) => {
            let pieces = codes.iter().map(|one| of_code(field, one, scene, frame));
            pieces.collect()
        }
        other => vec![plain(other, frame.lang).into()],
    }
}

/// A value that is no text and no code, in words.
pub fn plain(value: &ValueRef<'_>, lang: Lang) -> String {
    match value {
        ValueRef::Integer(number) if number.abs() < GROUPED_FROM => number.to_string(),
        ValueRef::Integer(number) => written(&number.to_string(), lang),
        ValueRef::Number(number) => written(&number.to_string(), lang),
        ValueRef::Boolean(yes) => (if *yes { YES } else { NO }).get(lang).into_owned(),
        ValueRef::Date(day) => match lang {
            Lang::En => day.format("%-d %B %Y").to_string(),
            _ => day.format("%-d. %-m. %Y.").to_string(),
        },
        ValueRef::DateTime(moment) => match lang {
            Lang::En => moment.format("%-d %B %Y, %H:%M UTC").to_string(),
            _ => moment.format("%-d. %-m. %Y. %H:%M UTC").to_string(),
        },
        ValueRef::Unknown | ValueRef::Text(_) | ValueRef::Codes(_) => String::new(),
    }
}

/// A text, or the label of a code, with a link to the record that it names.
fn of_code(field: &Field, code: &str, scene: &Scene, frame: &Frame) -> Piece {
    if let Some(entry) = field.code_list().and_then(|list| list.find(code)) {
        return Piece {
            text: frame.text(&entry.label),
            code: Some(code.to_owned()),
            href: None,
        };
    }
    let Some(layer) = field.named_layer() else {
        return code.to_owned().into();
    };
    if let Some(region) = scene.region(layer, code) {
        return Piece {
            text: region_name(region, frame.lang),
            code: Some(code.to_owned()),
            href: Some(frame.page(&format!("/collections/{}/items/{}", layer.id, region.id))),
        };
    }
    Piece {
        href: Some(frame.selected(layer, layer.key().name, code)),
        ..code.to_owned().into()
    }
}

/// A number with its thousands apart by narrow spaces, and the decimal sign of the language.
pub fn written(digits: &str, lang: Lang) -> String {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let (sign, whole) = whole
        .strip_prefix('-')
        .map_or(("", whole), |whole| ("\u{2212}", whole));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push(if lang == Lang::En { '.' } else { ',' });
        text.push_str(decimals);
    }
    text
}

/// The fields by which [`called`] names a feature.
pub const NAMES: [&str; 3] = ["name", "name_latin", "name_en"];

/// The fields by which a feature is named in a language, the best first.
pub const fn names(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::SrCyrl => &["name"],
        Lang::SrLatn => &["name_latin", "name"],
        Lang::En => &["name_en", "name_latin", "name"],
    }
}

/// What a feature is called: its name in the script of the language where it has one, else its code.
pub fn called(feature: &Feature, key: &Field, lang: Lang) -> Result<String, StoreError> {
    for name in names(lang).iter().chain([&key.name]) {
        if let ValueRef::Text(text) = feature.value(name)? {
            return Ok(text.to_owned());
        }
    }
    Ok(feature.id()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_has_them() {
        for (digits, serbian, english) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("1000.25", "1\u{202f}000,25", "1\u{202f}000.25"),
            (
                "-1234567",
                "\u{2212}1\u{202f}234\u{202f}567",
                "\u{2212}1\u{202f}234\u{202f}567",
            ),
            ("-0.5", "\u{2212}0,5", "\u{2212}0.5"),
        ] {
            assert_eq!(written(digits, Lang::SrCyrl), serbian);
            assert_eq!(written(digits, Lang::En), english);
        }
    }

    #[test]
    fn years_are_not_grouped_and_days_are_written_out() {
        let day = ValueRef::Date("2014-05-01".parse().unwrap());
        let moment = ValueRef::DateTime("2014-05-01T06:30:00Z".parse().unwrap());
        for (value, serbian, english) in [
            (ValueRef::Integer(1985), "1985", "1985"),
            (ValueRef::Integer(12_000), "12\u{202f}000", "12\u{202f}000"),
            (ValueRef::Boolean(true), "да", "yes"),
            (day, "1. 5. 2014.", "1 May 2014"),
            (moment, "1. 5. 2014. 06:30 UTC", "1 May 2014, 06:30 UTC"),
        ] {
            assert_eq!(plain(&value, Lang::SrCyrl), serbian);
            assert_eq!(plain(&value, Lang::En), english);
        }
    }
}
