//! One column of a file that becomes one field of a layer.

use std::collections::HashMap;

use domain::layer::{Field, Role};
use domain::text::fold;
use domain::value::FieldType;
use domain::{Value, ValueError};

use super::labels::Labels;
use super::text_value::{day, is_placeholder, is_placeholder_number, number};
use crate::mapping::Matched;
use crate::protocol::SourceValue;

/// Codes of districts and municipalities by their folded names; of homonyms, all.
pub type RegionNames = HashMap<String, Vec<String>>;

/// A column, with what its values have in common.
#[derive(Debug)]
pub(super) struct Column {
    /// Where it stands in the file.
    pub(super) from: usize,
    /// Where its field stands in the layer.
    pub(super) to: usize,
    pub(super) field: &'static Field,
    labels: Option<Labels>,
    /// Answers for texts seen before: a code column says few different things.
    seen: HashMap<String, Result<Value, String>>,
}

impl Column {
    pub(super) fn of(matched: &Matched, to: usize) -> Self {
        Self {
            from: matched.at,
            to,
            field: matched.target,
            labels: matched.target.code_list().map(Labels::of),
            seen: HashMap::new(),
        }
    }

    /// The value that the file says, or in plain words why it is none.
    pub(super) fn read(
        &mut self,
        value: &SourceValue,
        names: &RegionNames,
    ) -> Result<Value, String> {
        match value {
            SourceValue::Null | SourceValue::Integer(-9999) => Ok(Value::Unknown),
            SourceValue::Text(text) if is_placeholder(text) => Ok(Value::Unknown),
            SourceValue::Text(text) | SourceValue::Date(text) | SourceValue::DateTime(text) => {
                self.text(text, names)
            }
            SourceValue::Integer(number) => self.integer(*number, names),
            SourceValue::Real(number) if is_placeholder_number(*number) => Ok(Value::Unknown),
            SourceValue::Real(number) => self.real(*number, names),
            SourceValue::Boolean(yes) => self.boolean(*yes, names),
            SourceValue::TextList(texts) => self.text(&texts.join(";"), names),
        }
    }

    fn text(&mut self, text: &str, names: &RegionNames) -> Result<Value, String> {
        let text = text.trim();
        match self.field.field_type {
            FieldType::Text => self.plain(text, names),
            FieldType::Integer => whole(number(text)?),
            FieldType::Number => number(text).map(Value::Number),
            FieldType::Date => day(text).map(Value::Date).ok_or_else(|| not_a_day(text)),
            FieldType::Boolean | FieldType::DateTime => self.field.parse(text).map_err(said),
            FieldType::Code(_) | FieldType::Codes(_) => self.coded(text),
        }
    }

    fn integer(&mut self, number: i64, names: &RegionNames) -> Result<Value, String> {
        match self.field.field_type {
            FieldType::Integer => Ok(Value::Integer(number)),
            #[expect(clippy::cast_precision_loss, reason = "quantities are far below 2^53")]
            FieldType::Number => Ok(Value::Number(number as f64)),
            _ => self.text(&number.to_string(), names),
        }
    }

    fn real(&mut self, number: f64, names: &RegionNames) -> Result<Value, String> {
        match self.field.field_type {
            FieldType::Integer => whole(number),
            FieldType::Number => Ok(Value::Number(number)),
            _ => self.text(&number.to_string(), names),
        }
    }

    fn boolean(&mut self, yes: bool, names: &RegionNames) -> Result<Value, String> {
        match self.field.field_type {
            FieldType::Boolean => Ok(Value::Boolean(yes)),
            _ => self.text(if yes { "true" } else { "false" }, names),
        }
    }

    fn plain(&self, text: &str, names: &RegionNames) -> Result<Value, String> {
        match self.field.parse(text) {
            Err(error) if self.field.role != Role::Key => match self.code_beside_name(text) {
                Some(value) => Ok(value),
                None => self
                    .by_name(text, names)
                    .unwrap_or_else(|| Err(said(error))),
            },
            parsed => parsed.map_err(said),
        }
    }

    /// A territorial code with its name beside it, such as `RS-14 Borski`.
    fn code_beside_name(&self, text: &str) -> Option<Value> {
        let (code, name) = text.split_once([' ', ','])?;
        let only_name = !name.contains(|letter: char| letter.is_ascii_digit());
        self.field.parse(code).ok().filter(|_| only_name)
    }

    /// A district or municipality by its name. Which of the two the field takes, its own parser
    /// knows; a name that several bear is not guessed.
    fn by_name(&self, text: &str, names: &RegionNames) -> Option<Result<Value, String>> {
        const KINDS: [&str; 5] = ["upravni okrug", "okrug", "oblast", "opstina", "grad"];
        let folded = fold(text);
        let bare = |kind: &&str| {
            folded
                .strip_suffix(*kind)
                .or_else(|| folded.strip_prefix(*kind))
        };
        let short = KINDS.iter().find_map(bare).unwrap_or(&folded);
        let codes = names.get(short.trim()).or_else(|| names.get(&folded))?;
        let fitting: Vec<&String> = codes
            .iter()
            .filter(|code| self.field.parse(code).is_ok())
            .collect();
        match fitting[..] {
            [] => None,
            [code] => Some(self.field.parse(code).map_err(said)),
            _ => Some(Err(format!(
                "`{text}` is the name of several: {}; write the number",
                fitting
                    .iter()
                    .map(|code| code.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    fn coded(&mut self, text: &str) -> Result<Value, String> {
        const MOST_REMEMBERED: usize = 10_000;
        if let Some(known) = self.seen.get(text) {
            return known.clone();
        }
        let value = self.by_code_or_label(text);
        if self.seen.len() < MOST_REMEMBERED {
            self.seen.insert(text.to_owned(), value.clone());
        }
        value
    }

    fn by_code_or_label(&self, text: &str) -> Result<Value, String> {
        if let Some(value) = self.one_code(text) {
            return Ok(value);
        }
        let Some(labels) = &self.labels else {
            return self.field.parse(text).map_err(said);
        };
        match self.field.field_type {
            FieldType::Codes(_) => self.several_codes(text, labels),
            _ => Err(labels.unknown(text)),
        }
    }

    fn one_code(&self, text: &str) -> Option<Value> {
        let by_label = || self.field.parse(self.labels.as_ref()?.find(text)?).ok();
        self.field.parse(text).ok().or_else(by_label)
    }

    fn several_codes(&self, text: &str, labels: &Labels) -> Result<Value, String> {
        let mut codes = Vec::new();
        for part in text
            .split([';', ',', '/', '+'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            match self.one_code(part) {
                Some(Value::Codes(found)) => codes.extend(found),
                _ => return Err(labels.unknown(part)),
            }
        }
        let mut unique: Vec<String> = Vec::with_capacity(codes.len());
        for code in codes {
            if !unique.contains(&code) {
                unique.push(code);
            }
        }
        Ok(if unique.is_empty() {
            Value::Unknown
        } else {
            Value::Codes(unique)
        })
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn said(error: ValueError) -> String {
    error.to_string()
}

fn not_a_day(text: &str) -> String {
    format!("`{text}` is not a day; write it as 2014-05-15 or 15.5.2014.")
}

fn whole(number: f64) -> Result<Value, String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return Err(format!(
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
