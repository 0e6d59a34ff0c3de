//! Values that stand for "nothing is known" although they have the form of one: nines, and the first
//! day that a program can count. Unlike -9999 they may be meant, so it is told.

use chrono::{Datelike, NaiveDate};
use domain::lang::Message;
use domain::message;
use domain::record::Severity;
use domain::value::FieldType;

use super::Column;
use crate::convert::text_value::number;
use crate::protocol::SourceValue;

impl Column {
    /// Whether a value stands for nothing here; what is told of it.
    pub(super) fn is_nothing_in_disguise(&mut self, value: &SourceValue) -> bool {
        if !matches!(
            self.field.field_type,
            FieldType::Number | FieldType::Integer
        ) {
            return false;
        }
        let Some(nines) = nines(value) else {
            return false;
        };
        let is_nothing = self.has_no_such_size();
        self.remark(Severity::Warning, nines_told(&nines, is_nothing));
        is_nothing
    }

    /// Whether no value of the field can be 9999 or more.
    fn has_no_such_size(&self) -> bool {
        const KINDS: [&str; 5] = [
            "_year",
            "height_m",
            "level_m",
            "accuracy_m",
            "factor_of_safety",
        ];
        let is_enlarged = self.unit.is_none_or(|unit| unit.exponent >= 0);
        is_enlarged && KINDS.iter().any(|kind| self.field.name.ends_with(kind))
    }

    /// Whether a day stands for nothing; what is told of it.
    pub(super) fn is_day_of_nothing(&mut self, day: NaiveDate) -> bool {
        let is_nothing = is_first_or_last(day);
        if is_nothing {
            self.remark(
                Severity::Warning,
                message!(
                    "{day} програми и табеле пишу уместо празног дана; прочитано је као непознато",
                    "{day} is what programs and spreadsheets write for an empty day; it is read as unknown"
                ),
            );
        }
        is_nothing
    }
}

/// The zero days of Excel (1899-12-30, 1899-12-31, 1900-01-01), of .NET, and the last day of
/// databases.
fn is_first_or_last(day: NaiveDate) -> bool {
    const DAYS: [(i32, u32, u32); 5] = [
        (1, 1, 1),
        (1899, 12, 30),
        (1899, 12, 31),
        (1900, 1, 1),
        (9999, 12, 31),
    ];
    DAYS.contains(&(day.year(), day.month(), day.day()))
}

/// Four nines or more and nothing else: `9999`, `99999.0`, `9999,00`.
fn nines(value: &SourceValue) -> Option<String> {
    let number = match value {
        #[expect(clippy::cast_precision_loss, reason = "nines that files write are few")]
        SourceValue::Integer(number) => *number as f64,
        SourceValue::Real(number) => *number,
        SourceValue::Text(text) if text.trim_start().starts_with('9') => {
            number::plain(&text.trim().replacen(',', ".", 1))?
        }
        _ => return None,
    };
    let text = (number >= 9_999.0).then(|| number.to_string())?;
    text.bytes().all(|digit| digit == b'9').then_some(text)
}

fn nines_told(nines: &str, is_nothing: bool) -> Message {
    if is_nothing {
        message!(
            "`{nines}` овде не може бити вредност и прочитано је као непознато",
            "`{nines}` cannot be a value here and is read as unknown"
        )
    } else {
        message!(
            "{nines} се уписује као вредност, а деветке често значе да се не зна; ако је тако, оставите празно",
            "{nines} is entered as a value, but nines often mean that nothing is known; if so, leave it empty"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nines_are_four_or_more_and_nothing_else() {
        for (text, expected) in [
            ("9999", Some("9999")),
            ("99999.0", Some("99999")),
            (" 9999,00 ", Some("9999")),
            ("999", None),
            ("9998", None),
            ("9999.9", None),
            ("9999 m", None),
            ("-9999", None),
        ] {
            let found = nines(&SourceValue::Text(text.to_owned()));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(nines(&SourceValue::Real(9999.0)).as_deref(), Some("9999"));
        assert_eq!(
            nines(&SourceValue::Integer(99_999)).as_deref(),
            Some("99999")
        );
    }
}
