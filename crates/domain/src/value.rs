//! Values of fields: one small set of types that URL, file, row and JSON share.

use chrono::{DateTime, NaiveDate, Utc};

use crate::code_list::{CodeList, Coded};
use crate::lang::{Message, Text};
use crate::lists::WasteCode;

/// The type of a field's values.
#[derive(Clone, Copy, Debug)]
pub enum FieldType {
    /// Text as recorded.
    Text,
    /// A whole number.
    Integer,
    /// A finite number, in the field's unit.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar day.
    Date,
    /// A moment, UTC.
    DateTime,
    /// One code of a closed list.
    Code(&'static CodeList),
    /// Any number of codes of a closed list, in order of importance.
    Codes(&'static CodeList),
}

impl FieldType {
    /// The code list that the values come from.
    pub const fn code_list(self) -> Option<&'static CodeList> {
        match self {
            Self::Code(list) | Self::Codes(list) => Some(list),
            _ => None,
        }
    }
}

/// One value of a field. [`Value::Unknown`] is a value of its own: not "no", not 0, not "".
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Unknown,
    /// Text, or one code.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A calendar day.
    Date(NaiveDate),
    /// A moment.
    DateTime(DateTime<Utc>),
    /// Codes of a closed list.
    Codes(Vec<String>),
}

impl Value {
    /// Whether nothing is known.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The text of a text or code value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(yes) => yes.fmt(f),
            Self::Date(day) => day.fmt(f),
            Self::DateTime(moment) => f.write_str(&moment.to_rfc3339()),
            Self::Codes(codes) => f.write_str(&codes.join(";")),
        }
    }
}

/// Why a text is not a value of a field.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ValueError {
    /// Not of the field's type.
    #[error("`{value}` is not {}", wanted.en)]
    NotA {
        /// The text given.
        value: String,
        /// What was wanted, with an example, in the nominative.
        wanted: &'static Text,
    },
    /// Outside the range that the field can have.
    #[error("{value} is outside the range {min} to {max}")]
    OutOfRange {
        /// The number given.
        value: f64,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
    /// Not a code of the list.
    #[error("`{value}` is not a code of the list `{list}`; its codes are in the layer's schema")]
    UnknownCode {
        /// The list's id.
        list: &'static str,
        /// The text given.
        value: String,
    },
    /// A waste code with an asterisk, which marks hazardous waste, although the list has it without.
    #[error(
        "`{value}` has an asterisk, but the list has {} without one, as not hazardous; correct the \
         code or leave the asterisk out{}",
        code.printed(),
        twins(*code, "its hazardous twins")
    )]
    NotHazardous {
        /// The text given.
        value: String,
        /// The code.
        code: WasteCode,
    },
    /// A registration number whose last digit is not its control digit.
    #[error("`{value}` has a wrong control digit: by its other digits it would end in {expected}")]
    ControlDigit {
        /// The number given.
        value: String,
        /// The digit that modulo 11 gives.
        expected: u32,
    },
    /// A field that must not be unknown.
    #[error("a value is required")]
    Required,
}

impl ValueError {
    /// "`value` is not `wanted`".
    pub fn not_a(value: &str, wanted: &'static Text) -> Self {
        Self::NotA {
            value: value.to_owned(),
            wanted,
        }
    }

    /// The same in Serbian and English.
    pub fn message(&self) -> Message {
        let en = self.to_string();
        let sr = match self {
            Self::NotA { value, wanted } => format!("`{value}` није {}", wanted.sr),
            Self::OutOfRange { value, min, max } => {
                format!("{value} је ван опсега од {min} до {max}")
            }
            Self::UnknownCode { list, value } => {
                format!("`{value}` није шифра са листе `{list}`; њене шифре су у шеми слоја")
            }
            Self::NotHazardous { value, code } => format!(
                "`{value}` има звездицу, а у каталогу је {} без ње, као неопасан; исправите шифру \
                 или изоставите звездицу{}",
                code.printed(),
                twins(*code, "опасни парњаци")
            ),
            Self::ControlDigit { value, expected } => format!(
                "`{value}` има погрешну контролну цифру: према осталим цифрама завршава се са \
                 {expected}"
            ),
            Self::Required => "вредност је обавезна".to_owned(),
        };
        Message { sr, en }
    }
}

fn twins(code: WasteCode, title: &str) -> String {
    match &code.hazardous_twins()[..] {
        [] => String::new(),
        twins => format!(" ({title}: {})", twins.join(", ")),
    }
}

/// A Rust type that a field's values have.
pub trait FieldValue: Sized {
    /// The type as described to users.
    const TYPE: FieldType;
    /// The UCUM unit of numbers.
    const UNIT: Option<&'static str> = None;
    /// The regular expression (JSON Schema `pattern`) that every text of the type matches.
    const PATTERN: Option<&'static str> = None;
    /// The layer whose records these codes name.
    const CODE_OF: Option<&'static str> = None;

    /// Reads a text as it stands in a URL or a file.
    fn parse(text: &str) -> Result<Self, ValueError>;
    /// The value for a row.
    fn into_value(self) -> Value;
    /// The typed value of a row's value; [`Value::Unknown`] is `None` at the caller's.
    fn from_value(value: &Value) -> Result<Self, ValueError>;
    /// Whether a row's value is one of the type.
    fn check(value: &Value) -> Result<(), ValueError> {
        Self::from_value(value).map(drop)
    }
}

/// Implements [`FieldValue`] and serde for a type whose row value is its `Display` text and whose
/// `FromStr` fails with [`ValueError`]; a third argument is its [`FieldValue::PATTERN`], one after
/// `code_of` its [`FieldValue::CODE_OF`].
#[macro_export]
macro_rules! text_value {
    ($name:ty, $type:expr $(, $pattern:literal)? $(, code_of $layer:literal)?) => {
        impl $crate::value::FieldValue for $name {
            const TYPE: $crate::value::FieldType = $type;
            $( const PATTERN: Option<&'static str> = Some($pattern); )?
            $( const CODE_OF: Option<&'static str> = Some($layer); )?

            fn parse(text: &str) -> Result<Self, $crate::value::ValueError> {
                text.parse()
            }

            fn into_value(self) -> $crate::value::Value {
                $crate::value::Value::Text(self.to_string())
            }

            fn from_value(value: &$crate::value::Value) -> Result<Self, $crate::value::ValueError> {
                value
                    .as_text()
                    .ok_or_else(|| $crate::value::ValueError::not_a(&value.to_string(), &$crate::value::A_TEXT))?
                    .parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Implements [`FieldValue`] for a type held as it is in one variant of [`Value`].
macro_rules! plain_value {
    ($type:ty, $variant:ident, $wanted:expr, $parse:expr) => {
        impl FieldValue for $type {
            const TYPE: FieldType = FieldType::$variant;

            fn parse(text: &str) -> Result<Self, ValueError> {
                let parse: fn(&str) -> Option<Self> = $parse;
                parse(text.trim()).ok_or_else(|| ValueError::not_a(text, &$wanted))
            }

            fn into_value(self) -> Value {
                Value::$variant(self)
            }

            fn from_value(value: &Value) -> Result<Self, ValueError> {
                match value {
                    Value::$variant(inner) => Ok(inner.clone()),
                    other => Err(ValueError::not_a(&other.to_string(), &$wanted)),
                }
            }

            // Without a copy, which of a text costs more than looking at it.
            fn check(value: &Value) -> Result<(), ValueError> {
                match value {
                    Value::$variant(_) => Ok(()),
                    other => Err(ValueError::not_a(&other.to_string(), &$wanted)),
                }
            }
        }
    };
}

/// What a text field takes.
#[doc(hidden)]
pub const A_TEXT: Text = Text::new("текст", "a text");
const A_WHOLE_NUMBER: Text = Text::new("цео број, као 1985", "a whole number, such as 1985");
const A_BOOLEAN: Text = Text::new("да или не", "true or false");
const A_DATE: Text = Text::new("датум, као 2014-05-15", "a date, such as 2014-05-15");
const A_MOMENT: Text = Text::new(
    "тренутак, као 2014-05-15T06:30:00Z",
    "a moment, such as 2014-05-15T06:30:00Z",
);
const CODES: Text = Text::new("списак шифара", "a list of codes");

plain_value!(String, Text, A_TEXT, |text| Some(text.to_owned()));
plain_value!(i64, Integer, A_WHOLE_NUMBER, |text| text.parse().ok());
plain_value!(bool, Boolean, A_BOOLEAN, parse_boolean);
plain_value!(NaiveDate, Date, A_DATE, |text| text.parse().ok());
plain_value!(DateTime<Utc>, DateTime, A_MOMENT, |text| {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|moment| moment.to_utc())
});

fn parse_boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" | "da" | "да" | "t" | "y" | "tačno" | "тачно" => Some(true),
        "false" | "no" | "0" | "ne" | "не" | "f" | "n" | "netačno" | "нетачно" => {
            Some(false)
        }
        _ => None,
    }
}

impl<T: Coded + std::str::FromStr<Err = ValueError>> FieldValue for Vec<T> {
    const TYPE: FieldType = FieldType::Codes(T::LIST);

    /// Codes separated by `;` or `,`.
    fn parse(text: &str) -> Result<Self, ValueError> {
        text.split([';', ','])
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(str::parse)
            .collect()
    }

    fn into_value(self) -> Value {
        if self.is_empty() {
            return Value::Unknown;
        }
        Value::Codes(
            self.into_iter()
                .map(|code| code.code().to_owned())
                .collect(),
        )
    }

    fn from_value(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::Codes(codes) => codes.iter().map(|code| code.parse()).collect(),
            other => Err(ValueError::not_a(&other.to_string(), &CODES)),
        }
    }
}
