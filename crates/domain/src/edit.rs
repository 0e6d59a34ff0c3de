//! Edits: what people do to single records, and the values that they say in JSON.

use geo_types::Geometry;
use serde_json::{Number, Value as Json};

use crate::code_list;
use crate::lang::{Message, Text};
use crate::layer::{Field, Layer, Supply};
use crate::message;
use crate::value::{FieldType, Value, ValueError};

code_list! {
    /// What an edit does to a record (OGC API Features 4).
    pub enum EditAction in "edit_action", "Измена", "Edit";

    Insert = "insert", "додавање", "addition";
    Replace = "replace", "замена", "replacement";
    Update = "update", "допуна", "update";
    Delete = "delete", "брисање", "removal";
}

impl Layer {
    /// Whether its records can be edited so. What a raster gave stays what the raster gave: of a survey
    /// only recorded values are updated. What was computed is computed anew, not edited.
    pub fn takes(&self, action: EditAction) -> bool {
        self.editable
            && match self.supply {
                Supply::Features => true,
                Supply::Rasters => action == EditAction::Update,
                Supply::Computation => false,
            }
    }

    /// Whether an edit may say where a record is.
    pub fn takes_places(&self) -> bool {
        self.takes(EditAction::Insert)
    }
}

/// What an edit says of a record; of what it does not say, it says nothing.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Fields with their values; [`Value::Unknown`] where it says that nothing is known.
    pub values: Vec<(&'static Field, Value)>,
    /// Where the record is, longitude, latitude, WGS 84 (EPSG:4326, x = east); `Some(None)` where it
    /// says that this is unknown.
    pub geometry: Option<Option<Geometry<f64>>>,
}

impl Said {
    /// What it says of a field.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let mut values = self.values.iter();
        values
            .find(|(field, _)| field.name == name)
            .map(|(_, value)| value)
    }
}

impl Field {
    /// Reads a value as JSON has it. A text is read like one in a URL, because clients take a field that
    /// they saw no value of for text; an empty text is unknown.
    ///
    /// # Errors
    /// What is wrong with it, in plain words.
    pub fn read_json(&self, json: &Json) -> Result<Value, Message> {
        let value = match (self.field_type, json) {
            (_, Json::Null) => return Ok(Value::Unknown),
            (_, Json::String(text)) if text.trim().is_empty() => return Ok(Value::Unknown),
            (_, Json::String(text)) if text.contains('\0') => return Err(NO_NUL.into()),
            (_, Json::String(text)) => self.parse(text).map_err(|error| error.message())?,
            (FieldType::Boolean, Json::Bool(yes)) => Value::Boolean(*yes),
            (FieldType::Number, Json::Number(number)) => {
                number.as_f64().map(Value::Number).unwrap_or_default()
            }
            (FieldType::Integer, Json::Number(number)) => {
                whole(number).ok_or_else(|| self.not_of_type(json))?
            }
            (FieldType::Codes(_), Json::Array(codes)) => self.codes(codes)?,
            _ => return Err(self.not_of_type(json)),
        };
        self.check(&value).map_err(|error| error.message())?;
        Ok(value)
    }

    fn codes(&self, codes: &[Json]) -> Result<Value, Message> {
        let texts = codes.iter().map(|code| {
            let text = code.as_str().map(str::to_owned);
            text.ok_or_else(|| self.not_of_type(code))
        });
        let texts: Vec<_> = texts.collect::<Result<_, _>>()?;
        Ok(if texts.is_empty() {
            Value::Unknown
        } else {
            Value::Codes(texts)
        })
    }

    fn not_of_type(&self, json: &Json) -> Message {
        let wanted = match self.field_type {
            FieldType::Text | FieldType::Code(_) => &A_TEXT,
            FieldType::Integer => &A_WHOLE_NUMBER,
            FieldType::Number => &A_NUMBER,
            FieldType::Boolean => &YES_OR_NO,
            FieldType::Date | FieldType::DateTime => &A_DAY,
            FieldType::Codes(_) => &CODES,
        };
        ValueError::not_a(&shortened(json), wanted).message()
    }
}

impl Value {
    /// The value as JSON has it; unknown is `null`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Unknown => Json::Null,
            Self::Integer(number) => (*number).into(),
            Self::Number(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
            Self::Boolean(yes) => (*yes).into(),
            Self::Codes(codes) => codes.clone().into(),
            Self::Text(_) | Self::Date(_) | Self::DateTime(_) => self.to_string().into(),
        }
    }
}

/// Clients that know of numbers only write 2020 as 2020.0.
fn whole(number: &Number) -> Option<Value> {
    let whole = number.as_i64();
    let whole = whole.or_else(|| number.as_f64()?.to_string().parse().ok());
    whole.map(Value::Integer)
}

/// Enough to recognise it.
fn shortened(json: &Json) -> String {
    const LONGEST: usize = 60;
    let mut text = json.to_string();
    if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

const NO_NUL: Text = Text::new(
    "текст садржи знак NUL; изоставите га",
    "the text contains the character NUL; leave it out",
);
const A_TEXT: Text = Text::new("текст", "a text");
const A_WHOLE_NUMBER: Text = Text::new("цео број, на пример 2020", "a whole number such as 2020");
const A_NUMBER: Text = Text::new("број, на пример 12.5", "a number such as 12.5");
const YES_OR_NO: Text = Text::new("true или false", "true or false");
const A_DAY: Text = Text::new(
    "датум, на пример \"2020-05-01\"",
    "a date such as \"2020-05-01\"",
);
const CODES: Text = Text::new(
    "низ шифара, на пример [\"copper\", \"gold\"]",
    "a list of codes such as [\"copper\", \"gold\"]",
);

/// A field that edits cannot set, because the register keeps it or it follows from others.
pub fn not_set_by_edits(field: &Field) -> Message {
    let name = field.name;
    message!(
        "поље {name} се не уписује: води га регистар или следи из других поља; изоставите га",
        "the field {name} is not written: the register keeps it, or it follows from others; leave it out"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{DISTRICTS, FACILITIES, SURVEYS, VOLUME_CHANGES};
    use serde_json::json;

    #[test]
    fn values_are_read_as_clients_write_them() {
        for (name, json, value) in [
            ("name", json!("Ћићевац"), Value::Text("Ћићевац".to_owned())),
            ("name", json!("  "), Value::Unknown),
            ("name", Json::Null, Value::Unknown),
            ("height_m", json!(45), Value::Number(45.0)),
            ("height_m", json!("45.5"), Value::Number(45.5)),
            ("start_year", json!(1970.0), Value::Integer(1970)),
            ("unofficial", json!(false), Value::Boolean(false)),
            (
                "commodities",
                json!(["copper"]),
                Value::Codes(vec!["copper".to_owned()]),
            ),
            ("commodities", json!([]), Value::Unknown),
        ] {
            let field = FACILITIES.field(name).unwrap();
            assert_eq!(field.read_json(&json), Ok(value), "{name}: {json}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_what_is_wanted() {
        for (name, json, told) in [
            ("name", json!(5), "`5` is not a text"),
            (
                "start_year",
                json!(1970.5),
                "`1970.5` is not a whole number such as 2020",
            ),
            (
                "height_m",
                json!({ "a": 1 }),
                "`{\"a\":1}` is not a number such as 12.5",
            ),
            (
                "commodities",
                json!([1]),
                "`1` is not a list of codes such as [\"copper\", \"gold\"]",
            ),
            (
                "status",
                json!("open"),
                "`open` is not a code of the list `facility_status`; its codes are in the layer's schema",
            ),
            (
                "name",
                json!("a\u{0}"),
                "the text contains the character NUL; leave it out",
            ),
        ] {
            let field = FACILITIES.field(name).unwrap();
            assert_eq!(field.read_json(&json).unwrap_err().en, told, "{name}");
        }
    }

    #[test]
    fn a_value_is_written_as_it_is_read() {
        for (name, text) in [
            ("name", "Бор"),
            ("height_m", "45.5"),
            ("start_year", "1970"),
            ("surveyed_on", "2020-05-01"),
            ("updated_at", "2020-05-01T06:00:00+00:00"),
            ("in_scope", "true"),
            ("commodities", "copper;gold"),
        ] {
            let field = FACILITIES.field(name).unwrap();
            let value = field.parse(text).unwrap();
            assert_eq!(field.read_json(&value.to_json()), Ok(value), "{name}");
        }
    }

    #[test]
    fn only_what_people_record_is_edited() {
        let taken = |layer: &Layer| {
            use EditAction::{Delete, Insert, Replace, Update};
            [Insert, Replace, Update, Delete].map(|action| layer.takes(action))
        };
        assert_eq!(taken(&FACILITIES), [true; 4]);
        assert_eq!(taken(&SURVEYS), [false, false, true, false]);
        assert_eq!(taken(&VOLUME_CHANGES), [false; 4]);
        assert_eq!(taken(&DISTRICTS), [false; 4]);
    }
}
