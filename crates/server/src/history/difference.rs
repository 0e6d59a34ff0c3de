//! What differs between two states of a feature.

use domain::layer::{Access, Field, Layer, Origin};
use domain::layers::readable_fields;
use domain::{Lang, Text};
use serde_json::{Value as Json, json};
use store::feature::{Feature, ValueRef};

use crate::crs::ServedCrs;
use crate::formats::values::{labels, plain};
use crate::geojson::{WriteError, write_place};
use crate::pages::Frame;

/// A value that is not what it was.
#[derive(Debug)]
pub struct Difference {
    /// The member of the feature: a field, or `geometry`.
    pub name: &'static str,
    /// The column: the field, or that of the geometry.
    pub column: &'static str,
    /// Its title.
    pub title: Text,
    /// What it was; `null` is unknown.
    pub before: Json,
    /// What it is; `null` is unknown.
    pub after: Json,
    field: Option<&'static Field>,
    /// For people, without what depends on the language.
    texts: [Option<String>; 2],
}

impl Difference {
    /// As a member of an answer.
    pub fn json(&self, lang: Lang) -> Json {
        json!({
            "field": self.name, "title": self.title.get(lang),
            "before": self.before, "after": self.after,
        })
    }

    /// What it was, for people; `None` is unknown.
    pub fn was(&self, frame: &Frame) -> Option<String> {
        self.text(&self.before, self.texts[0].as_ref(), frame.lang)
    }

    /// What it is, for people; `None` is unknown.
    pub fn is(&self, frame: &Frame) -> Option<String> {
        self.text(&self.after, self.texts[1].as_ref(), frame.lang)
    }

    /// The labels of codes, the plain form of other values, the size of a geometry.
    fn text(&self, value: &Json, plain: Option<&String>, lang: Lang) -> Option<String> {
        let plain = plain?;
        let Some(field) = self.field else {
            return Some(plain.clone());
        };
        let codes: Option<Vec<&str>> = match value {
            Json::String(code) => Some(vec![code]),
            Json::Array(codes) => Some(codes.iter().filter_map(Json::as_str).collect()),
            _ => None,
        };
        let labels = codes.and_then(|codes| labels(field, &ValueRef::Codes(codes), lang));
        Some(labels.unwrap_or_else(|| plain.clone()))
    }
}

/// What differs in the fields that are read with this access and in the geometry; the register's own fields
/// differ always. Of a feature that is new, what is known of it.
///
/// # Errors
/// When a row cannot be read.
pub fn differences(
    layer: &'static Layer,
    access: Access,
    before: Option<&Feature>,
    after: Option<&Feature>,
) -> Result<Vec<Difference>, WriteError> {
    let mut found = Vec::new();
    for field in readable_fields(layer, access).iter().copied() {
        if field.origin == Origin::Register {
            continue;
        }
        let [was, is] = [before, after].map(|side| match side {
            Some(feature) => feature.value(field.name),
            None => Ok(ValueRef::Unknown),
        });
        let (was, is) = (was?, is?);
        if was == is {
            continue;
        }
        found.push(Difference {
            name: field.name,
            column: field.name,
            title: field.title,
            before: json_of(&was),
            after: json_of(&is),
            field: Some(field),
            texts: [was, is].map(|value| (value != ValueRef::Unknown).then(|| plain(&value))),
        });
    }
    found.extend(of_geometry(layer, before, after)?);
    Ok(found)
}

/// The difference of the geometries, if any.
///
/// # Errors
/// When a geometry cannot be read.
pub fn of_geometry(
    layer: &'static Layer,
    before: Option<&Feature>,
    after: Option<&Feature>,
) -> Result<Option<Difference>, WriteError> {
    const GEOMETRY: Text = Text::new("Геометрија", "Geometry");
    let bytes = |side: Option<&'_ Feature>| match side {
        Some(feature) => Ok::<_, WriteError>(feature.ewkb()?.map(<[u8]>::to_vec)),
        None => Ok(None),
    };
    if bytes(before)? == bytes(after)? {
        return Ok(None);
    }
    let (before, after) = (geometry_of(before)?, geometry_of(after)?);
    Ok(Some(Difference {
        name: "geometry",
        column: layer.geometry_column,
        title: GEOMETRY,
        texts: [place(&before), place(&after)],
        before,
        after,
        field: None,
    }))
}

/// The plain text of a field of a feature, where it is known.
pub fn value_of(feature: &Feature, field: &str) -> Option<String> {
    let value = feature.value(field).ok()?;
    (value != ValueRef::Unknown).then(|| plain(&value))
}

fn json_of(value: &ValueRef<'_>) -> Json {
    match value {
        ValueRef::Unknown => Json::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Number(number) => json!(number),
        ValueRef::Boolean(yes) => json!(yes),
        ValueRef::Codes(codes) => json!(codes),
        ValueRef::Text(_) | ValueRef::Date(_) | ValueRef::DateTime(_) => json!(plain(value)),
    }
}

fn geometry_of(side: Option<&Feature>) -> Result<Json, WriteError> {
    let Some(feature) = side else {
        return Ok(Json::Null);
    };
    let mut bytes = Vec::new();
    write_place(&mut bytes, feature, ServedCrs::CRS84)?;
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

/// A point by its longitude and latitude, another geometry by its kind and number of positions.
fn place(geometry: &Json) -> Option<String> {
    let kind = geometry["type"].as_str()?;
    let coordinates = &geometry["coordinates"];
    if let (Some(x), Some(y)) = (coordinates[0].as_f64(), coordinates[1].as_f64()) {
        return Some(format!("{x:.6}, {y:.6}"));
    }
    Some(format!("{kind} ({})", positions(coordinates)))
}

fn positions(coordinates: &Json) -> usize {
    match coordinates.as_array() {
        Some(position) if position.first().is_some_and(Json::is_number) => 1,
        Some(parts) => parts.iter().map(positions).sum(),
        None => 0,
    }
}
