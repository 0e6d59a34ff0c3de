//! The place of a page, as links carry it: the id alone where that is the order, else a JSON text that
//! names the order and the values at the place.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::Value;
use domain::value::FieldType;
use serde::{Deserialize, Serialize};
use store::paging::{Direction, Key, Position, SortKey, Start};

/// The longest that is read, bytes.
const MOST_BYTES: usize = 8 * 1024;
/// The name of the order by rank.
pub const RANKED: &str = "rank";

/// Which side of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What follows it.
    After,
    /// What comes before it.
    Before,
}

/// What the text says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token<'t> {
    /// The order, as `sortby` names it.
    #[serde(borrow)]
    pub sort: Cow<'t, str>,
    /// The values of the keys at a place that the page follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Vec<Option<String>>>,
    /// The same of a place that the page ends before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Vec<Option<String>>>,
    id: i64,
}

/// An order, as `sortby` names it.
pub fn name(order: &[SortKey]) -> String {
    let names = order.iter().map(|key| match key.key {
        Key::Field(field) if key.direction == Direction::Descending => format!("-{}", field.name),
        Key::Field(field) => field.name.to_owned(),
        Key::Rank => RANKED.to_owned(),
    });
    names.collect::<Vec<_>>().join(",")
}

/// The text of a place in an order.
pub fn cursor(order: &[SortKey], side: Side, place: &Position) -> String {
    if order.is_empty() && side == Side::After {
        return place.id.to_string();
    }
    let values = Some(place.values.iter().map(value_text).collect());
    let (after, before) = match side {
        Side::After => (values, None),
        Side::Before => (None, values),
    };
    let token = Token {
        sort: name(order).into(),
        after,
        before,
        id: place.id,
    };
    serde_json::json!(token).to_string()
}

impl<'t> Token<'t> {
    /// Reads a text that [`cursor`] made.
    pub fn read(text: &'t str) -> Option<Self> {
        if let Ok(id) = text.parse() {
            return Some(Self {
                sort: "".into(),
                after: Some(Vec::new()),
                before: None,
                id,
            });
        }
        (text.len() <= MOST_BYTES)
            .then(|| serde_json::from_str(text).ok())
            .flatten()
    }

    /// Where the page begins, when the values are those of the keys.
    pub fn start(self, order: &[SortKey]) -> Option<Start> {
        let id = self.id;
        let place = |texts: Vec<Option<String>>| {
            let values = order
                .iter()
                .zip(&texts)
                .map(|(key, text)| value(*key, text.as_deref()));
            let values = values.collect::<Option<Vec<_>>>()?;
            (texts.len() == order.len()).then_some(Position { values, id })
        };
        match (self.after, self.before) {
            (Some(texts), None) => place(texts).map(Start::After),
            (None, Some(texts)) => place(texts).map(Start::Before),
            _ => None,
        }
    }
}

fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Unknown => None,
        Value::DateTime(moment) => Some(moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        other => Some(other.to_string()),
    }
}

fn value(key: SortKey, text: Option<&str>) -> Option<Value> {
    let field_type = match key.key {
        Key::Field(field) => field.field_type,
        Key::Rank => FieldType::Number,
    };
    let Some(text) = text else {
        return Some(Value::Unknown);
    };
    Some(match field_type {
        // The database knows no such letter.
        FieldType::Text | FieldType::Code(_) if text.contains('\0') => return None,
        FieldType::Text | FieldType::Code(_) => Value::Text(text.to_owned()),
        FieldType::Integer => Value::Integer(text.parse().ok()?),
        FieldType::Number => Value::Number(
            text.parse()
                .ok()
                .filter(|number: &f64| number.is_finite())?,
        ),
        FieldType::Boolean => Value::Boolean(text.parse().ok()?),
        FieldType::Date => Value::Date(text.parse().ok()?),
        FieldType::DateTime => Value::DateTime(text.parse::<DateTime<Utc>>().ok()?),
        FieldType::Codes(_) => return None,
    })
}
