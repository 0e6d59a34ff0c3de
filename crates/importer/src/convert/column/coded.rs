//! Values of code lists, by code, label or another word for them.

use domain::Value;
use domain::lang::Message;
use domain::value::{FieldType, ValueError};

use super::Column;
use crate::convert::labels::Labels;

impl Column {
    pub(super) fn coded(&mut self, text: &str) -> Result<Value, Message> {
        self.remembered(text, |column| column.by_code_or_label(text))
    }

    fn by_code_or_label(&self, text: &str) -> Result<Value, Message> {
        if let Some(value) = self.one_code(text) {
            return Ok(value);
        }
        let Some(labels) = &self.labels else {
            return self.field.parse(text).map_err(|error| error.message());
        };
        match (self.field.field_type, self.field.parse(text)) {
            (FieldType::Codes(_), _) => self.several_codes(text, labels),
            // More is known of the text than that it is no code.
            (_, Err(error)) if !matches!(error, ValueError::UnknownCode { .. }) => {
                Err(error.message())
            }
            _ => Err(labels.unknown(text)),
        }
    }

    fn one_code(&self, text: &str) -> Option<Value> {
        let by_label = || self.field.parse(self.labels.as_ref()?.find(text)?).ok();
        match self.field.parse(text) {
            Ok(value) => Some(value),
            Err(ValueError::UnknownCode { .. }) => by_label(),
            // More is known of the text than that it is no code: a label would hide it.
            Err(_) => None,
        }
    }

    fn several_codes(&self, text: &str, labels: &Labels) -> Result<Value, Message> {
        let parts = self.parts(text).map_err(|part| labels.unknown(part))?;
        let mut unique: Vec<String> = Vec::with_capacity(parts.len());
        for code in parts {
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

    /// The codes of `bakar, zlato`, `Cu-Au`, `bakar i zlato`; the part that is none as the error.
    fn parts<'a>(&self, text: &'a str) -> Result<Vec<String>, &'a str> {
        let mut codes = Vec::new();
        for part in trimmed(text.split([';', ',', '/', '+'])) {
            let pieces = match self.one_code(part) {
                Some(_) => vec![part],
                None => trimmed(part.split([' ', '-', '–']))
                    .filter(|word| !matches!(*word, "i" | "и" | "and"))
                    .collect(),
            };
            for piece in pieces {
                match self.one_code(piece) {
                    Some(Value::Codes(found)) => codes.extend(found),
                    _ => return Err(part),
                }
            }
        }
        Ok(codes)
    }
}

fn trimmed<'a>(parts: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    parts.map(str::trim).filter(|part| !part.is_empty())
}
