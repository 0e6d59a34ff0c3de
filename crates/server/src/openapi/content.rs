//! What answers contain, by media type, and how `f` names it.

use domain::{Lang, Text};
use serde_json::{Map, Value, json};

use crate::context::{CSV, Format, HTML, JSON, OPENAPI, PNG, SCHEMA, WEBP};
use crate::formats;
use crate::rasters::cutout::GEOTIFF;
use crate::rasters::profile;
use crate::reports::volume_change::SVG;

/// The formats of other resources than features.
static FORMATS: [Format; 10] = [
    JSON,
    SCHEMA,
    OPENAPI,
    HTML,
    CSV,
    profile::CSV,
    PNG,
    WEBP,
    SVG,
    GEOTIFF,
];

/// The parameter `f` with the names of these media types; none when no name is known of them.
pub fn format_parameter(lang: Lang, types: &[&str]) -> Option<Value> {
    let other = |media_type| FORMATS.iter().find(|one| one.media_type == media_type);
    let name = |media_type| {
        let named = other(media_type).map(|format| format.name);
        named.or_else(|| formats::name_of(media_type))
    };
    let names: Vec<_> = types.iter().filter_map(|one| name(*one)).collect();
    (!names.is_empty()).then(|| choice(lang, &names))
}

/// The parameter `f` with these names.
pub fn choice(lang: Lang, names: &[&str]) -> Value {
    const FORMAT: Text = Text::new("Формат", "Format");
    json!({
        "name": "f", "in": "query", "required": false, "description": FORMAT.get(lang),
        "schema": { "type": "string", "enum": names },
    })
}

/// The member `content` of an answer in these media types.
pub fn of(types: &[&str]) -> Map<String, Value> {
    let one = |media_type: &&str| {
        let schema = if is_json(media_type) {
            json!({ "type": "object" })
        } else if is_text(media_type) {
            json!({ "type": "string" })
        } else {
            json!({ "type": "string", "format": "binary" })
        };
        ((*media_type).to_owned(), json!({ "schema": schema }))
    };
    types.iter().map(one).collect()
}

/// The operation, with a JSON answer that is described by a component.
pub fn described(mut operation: Value, component: &str) -> Value {
    let content = operation["get"]["responses"]["200"]["content"].as_object_mut();
    for (media_type, content) in content.into_iter().flatten() {
        // JSON-FG has its own schemas.
        if is_json(media_type) && !media_type.contains("fg+json") {
            let component = format!("#/components/schemas/{component}");
            content["schema"] = json!({ "$ref": component });
        }
    }
    operation
}

/// The operation, with the headers that every answer of features has.
pub fn with_feature_headers(mut operation: Value) -> Value {
    let header = |name: &str| json!({ "$ref": format!("#/components/headers/{name}") });
    operation["get"]["responses"]["200"]["headers"] =
        json!({ "Content-Crs": header("Content-Crs"), "ETag": header("ETag") });
    operation
}

/// The components of [`with_feature_headers`].
pub fn headers(lang: Lang) -> Value {
    const CRS: Text = Text::new(
        "Координатни систем одговора, између < и >",
        "The coordinate reference system of the answer, between < and >",
    );
    const TAG: Text = Text::new("Ознака издања одговора", "The tag of this version");
    let header = |text: Text| {
        json!({
            "description": text.get(lang), "required": true, "schema": { "type": "string" },
        })
    };
    json!({ "Content-Crs": header(CRS), "ETag": header(TAG) })
}

fn is_json(media_type: &str) -> bool {
    media_type.contains("json") && !media_type.ends_with("-seq")
}

fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/") || media_type.contains("xml")
}
