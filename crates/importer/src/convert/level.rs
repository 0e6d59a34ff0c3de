//! Levels (elevations) and heights: how files write them, and metres that can only be centimetres.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use domain::lang::Message;
use domain::layer::Field;
use domain::{Value, message};

use crate::protocol::SourceValue;

/// What can be a level in Serbia, metres: from pits below the Danube at Timok (28 m) to above
/// Đeravica (2656 m).
const LEVELS_M: RangeInclusive<f64> = -50.0..=2_700.0;

/// The highest dams on Earth have about so many metres, and no facility in Serbia has.
const HIGHEST_M: f64 = 300.0;

/// Whether a field is an elevation, by the convention of the layers.
fn is_level(field: &Field) -> bool {
    field.name.ends_with("level_m")
}

/// The value without the `K+` of *kota*, level: `K+475`, `к + 475,30`, `kota 475`.
pub(super) fn without_k<'a>(field: &Field, value: &'a SourceValue) -> Cow<'a, SourceValue> {
    match value {
        SourceValue::Text(text) if is_level(field) => match after_k(text) {
            Some(level) => Cow::Owned(SourceValue::Text(level.to_owned())),
            None => Cow::Borrowed(value),
        },
        other => Cow::Borrowed(other),
    }
}

fn after_k(text: &str) -> Option<&str> {
    let text = text.trim();
    let word_end = text
        .find(|c: char| !c.is_alphabetic())
        .filter(|end| *end > 0)?;
    let (word, rest) = text.split_at(word_end);
    let known = ["k", "к", "kota", "кота"].contains(&word.to_lowercase().as_str());
    let level = rest.trim_start_matches(['.', ':', ' ']);
    let level = level.strip_prefix('+').unwrap_or(level).trim_start();
    known.then_some(level).filter(|level| !level.is_empty())
}

/// Whether a field is a height of something, by the convention of the layers.
fn is_height(field: &Field) -> bool {
    field.name == "height_m"
}

/// Refuses a number that is no level in Serbia, with what it would be in centimetres.
pub(super) fn plausible(field: &Field, value: Value) -> Result<Value, Message> {
    match value {
        Value::Number(metres) if is_level(field) && !LEVELS_M.contains(&metres) => {
            Err(no_level(metres))
        }
        other => Ok(other),
    }
}

/// What there is to say of a number that hardly is a height.
pub(super) fn doubt(field: &Field, value: &Value) -> Option<Message> {
    match value {
        Value::Number(metres) if is_height(field) && *metres > HIGHEST_M => Some(message!(
            "{metres} m је више од највиших брана на свету; проверите да ли су то метри и да ли је то \
             висина, а не кота",
            "{metres} m is higher than the highest dams on Earth; check that these are metres, and a \
             height, not a level"
        )),
        _ => None,
    }
}

fn no_level(number: f64) -> Message {
    let in_smaller_units = [
        (100.0, "центиметара", "centimetres"),
        (1000.0, "милиметара", "millimetres"),
    ];
    let fits = |(parts, _, _): &(f64, _, _)| {
        let metres = number / parts;
        LEVELS_M.contains(&metres) && metres > 20.0
    };
    match in_smaller_units.into_iter().find(fits) {
        Some((parts, sr, en)) => {
            let metres = number / parts;
            message!(
                "{number} m није кота у Србији (од -50 до 2700 m), а {number} {sr} је {metres} m; ако је \
                 то мишљено, упишите метре",
                "{number} m is no level in Serbia (-50 to 2700 m), but {number} {en} are {metres} m; if \
                 that is meant, write metres"
            )
        }
        None => message!(
            "{number} m није кота у Србији (од -50 до 2700 m); исправите број",
            "{number} m is no level in Serbia (-50 to 2700 m); correct it"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::layers::FACILITIES;

    fn field(name: &str) -> &'static Field {
        FACILITIES.field(name).unwrap()
    }

    #[test]
    fn the_letter_of_a_level_is_left_out() {
        for (text, wanted) in [
            ("K+475", "475"),
            ("к + 475,30", "475,30"),
            ("K.+475.3", "475.3"),
            ("Kota 475", "475"),
            ("кота: 475", "475"),
            ("K475", "475"),
            ("475", "475"),
            ("+475", "+475"),
            ("K", "K"),
            ("km 0+475", "km 0+475"),
        ] {
            let value = SourceValue::Text(text.to_owned());
            let read = without_k(field("crest_level_m"), &value).into_owned();
            assert_eq!(read, SourceValue::Text(wanted.to_owned()), "{text}");
        }
        let name = SourceValue::Text("K+475".to_owned());
        assert_eq!(*without_k(field("name"), &name), name);
    }

    #[test]
    fn what_is_no_level_in_serbia_is_refused_with_what_it_may_be() {
        let level = |number| plausible(field("crest_level_m"), Value::Number(number));
        for metres in [-50.0, 0.0, 475.12, 2_700.0] {
            assert_eq!(level(metres), Ok(Value::Number(metres)));
        }
        assert_eq!(
            level(47_512.0).unwrap_err().en,
            "47512 m is no level in Serbia (-50 to 2700 m), but 47512 centimetres are 475.12 m; if \
             that is meant, write metres"
        );
        assert!(
            level(475_120.0)
                .unwrap_err()
                .en
                .contains("475120 millimetres are 475.12 m")
        );
        for lost in [-9_000.0, 2_700.5 * 1000.0] {
            assert!(
                level(lost).unwrap_err().en.ends_with("correct it"),
                "{lost}"
            );
        }
        assert!(level(-60.0).unwrap_err().sr.starts_with("-60 m није кота"));
    }

    /// Of dams of all kinds the highest is Jinping-I with 305 m.
    #[test]
    fn heights_that_nothing_has_are_told() {
        for (name, metres, told) in [
            ("height_m", 45.12, false),
            ("height_m", 300.0, false),
            ("height_m", 475.0, true),
            ("height_m", 4_512.0, true),
            ("crest_level_m", 475.0, false),
        ] {
            let doubt = doubt(field(name), &Value::Number(metres));
            assert_eq!(doubt.is_some(), told, "{name} {metres}");
        }
    }
}
