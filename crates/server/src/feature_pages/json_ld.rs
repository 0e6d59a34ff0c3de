//! A facility as linked data (JSON-LD 1.1): a place of schema.org and a feature of `GeoSPARQL`.

use domain::layer::{Field, Layer, Origin};
use domain::{Lang, completeness};
use serde_json::{Map, Value, json};
use store::feature::{Feature, ValueRef};

use super::values::NAMES;
use super::{Scene, region_name};
use crate::context::{Context, HTML};
use crate::crs::ServedCrs;
use crate::error::ApiError;
use crate::facilities;
use crate::formats::{self};
use crate::formats::{shape, write_wkt, writer_of};
use crate::history::address;

/// The document of a feature. Fields that are not known are left out.
pub fn document(
    context: &Context,
    layer: &'static Layer,
    feature: &Feature,
    scene: &Scene,
) -> Result<Value, ApiError> {
    let failed = |error| context.store_error(&error);
    let path = facilities::path(feature).map_err(failed)?;
    let at = format!("{}{path}", context.base_url);
    let mut document = json!({
        "@context": [
            "https://schema.org/",
            { "geo": "http://www.opengis.net/ont/geosparql#", "sf": "http://www.opengis.net/ont/sf#" },
        ],
        "@id": at,
        "@type": ["Place", "geo:Feature"],
        "url": at,
    });
    let (mut names, mut properties, mut regions) = (Vec::new(), Vec::new(), Vec::new());
    for pair in feature.values() {
        let (field, value) = pair.map_err(failed)?;
        match value {
            ValueRef::Unknown => {}
            // Linked data are copied about: they say what everybody may read.
            _ if !field.is_public() => {}
            _ if is_unknown_code(field, &value) => {}
            ValueRef::Text(text) if field.name == layer.key().name => {
                document["identifier"] = json!(text);
            }
            ValueRef::Text(text) if NAMES.contains(&field.name) => names.push(named(field, text)),
            ValueRef::Text(code) if field.named_layer().is_some() => {
                regions.extend(region(context, field, code, scene));
            }
            ValueRef::DateTime(moment) if field.origin == Origin::Register => {
                document["mainEntityOfPage"] = json!({
                    "@type": "WebPage", "url": at, "dateModified": moment.to_rfc3339(),
                    "encodingFormat": HTML.media_type,
                });
            }
            _ if field.origin == Origin::Register => {}
            _ => properties.push(property(field, &value, context.lang)),
        }
    }
    document["name"] = json!(names);
    document["containedInPlace"] = json!(regions);
    document["additionalProperty"] = json!(properties);
    place(context, feature, &mut document)?;
    document["subjectOf"] = json!(files(context, layer, feature.id().map_err(failed)?));
    Ok(document)
}

fn is_unknown_code(field: &Field, value: &ValueRef<'_>) -> bool {
    matches!(value, ValueRef::Text(code) if Some(*code) == completeness::unknown_code(field))
}

/// A name with the language and script that it is written in.
fn named(field: &Field, text: &str) -> Value {
    let lang = match field.name {
        "name_latin" => Lang::SrLatn,
        "name_en" => Lang::En,
        _ => Lang::SrCyrl,
    };
    json!({ "@value": text, "@language": lang.tag() })
}

fn region(context: &Context, field: &Field, code: &str, scene: &Scene) -> Option<Value> {
    let region = scene.region(field.named_layer()?, code)?;
    let path = format!("/collections/{}/items/{}", region.layer, region.id);
    Some(json!({
        "@type": "AdministrativeArea",
        "@id": format!("{}{path}", context.base_url),
        "identifier": code,
        "name": region_name(region, context.lang),
    }))
}

/// A value with its title, unit and, of a code, its label.
fn property(field: &Field, value: &ValueRef<'_>, lang: Lang) -> Value {
    let mut property = Map::new();
    property.insert("@type".to_owned(), json!("PropertyValue"));
    property.insert("propertyID".to_owned(), json!(field.name));
    property.insert("name".to_owned(), json!(field.title.get(lang)));
    property.insert("value".to_owned(), plain(value));
    if let Some(unit) = field.unit {
        property.insert("unitText".to_owned(), json!(unit));
    }
    if let Some(labels) = formats::values::labels(field, value, lang) {
        property.insert("description".to_owned(), json!(labels));
    }
    Value::Object(property)
}

fn plain(value: &ValueRef<'_>) -> Value {
    match value {
        ValueRef::Unknown => Value::Null,
        ValueRef::Text(text) => json!(text),
        ValueRef::Codes(codes) => json!(codes),
        ValueRef::Integer(number) => json!(number),
        ValueRef::Number(number) => json!(number),
        ValueRef::Boolean(yes) => json!(yes),
        ValueRef::Date(day) => json!(day.to_string()),
        ValueRef::DateTime(moment) => json!(moment.to_rfc3339()),
    }
}

/// Where it is: WGS 84, as both vocabularies say it. A literal of `GeoSPARQL` without a reference system
/// is longitude before latitude (CRS84).
fn place(context: &Context, feature: &Feature, document: &mut Value) -> Result<(), ApiError> {
    let geometry = shape(feature, ServedCrs::CRS84);
    let geometry = geometry.map_err(|error| context.internal(&error, "placing a feature"))?;
    let Some(geometry) = geometry else {
        return Ok(());
    };
    let mut text = Vec::new();
    write_wkt(&mut text, &geometry, writer_of(ServedCrs::CRS84));
    let literal = json!({ "@value": String::from_utf8_lossy(&text), "@type": "geo:wktLiteral" });
    document["geo:hasGeometry"] = json!({ "@type": "geo:Geometry", "geo:asWKT": literal });
    if let geo_types::Geometry::Point(point) = geometry {
        document["geo"] = json!({
            "@type": "GeoCoordinates", "latitude": point.y(), "longitude": point.x(),
        });
        document["geo:hasGeometry"]["@type"] = json!("sf:Point");
    }
    Ok(())
}

/// The same record in the forms that programs read.
fn files(context: &Context, layer: &Layer, id: i64) -> Vec<Value> {
    let path = format!("{}{}", context.base_url, address(layer, id));
    let streamed = formats::of_layer(layer).filter(|one| !one.encoding.is_package());
    let files = streamed.map(|one| {
        json!({
            "@type": "MediaObject",
            "name": one.title.get(context.lang),
            "contentUrl": format!("{path}?f={}", one.format.name),
            "encodingFormat": one.format.media_type,
        })
    });
    files.collect()
}

/// The document as it may stand in an element `script`: no text in it can end the element.
pub fn in_page(document: &Value) -> String {
    let escaped = [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")];
    escaped
        .iter()
        .fold(document.to_string(), |text, (letter, code)| {
            text.replace(*letter, code)
        })
}
