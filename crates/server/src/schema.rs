//! A layer's fields as JSON Schema: what comes back (schema), what can be asked by (queryables).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::Text;
use domain::edit::EditAction;
use domain::layer::{Field, Layer, Role};
use domain::layers::readable_fields;
use domain::value::FieldType;
use serde_json::{Map, Value, json};

use crate::context::{Context, HTML, SCHEMA};
use crate::error::ApiError;
use crate::landing::{html_response, json_response};
use crate::links::with_parameter;
use crate::pages::{Frame, HOME, LAYERS};
use crate::problem::Problem;

/// `GET /collections/{layer}/schema` (OGC API Common 3, "Returnables and receivables"): what comes back;
/// of that, everything that is not `readOnly` may be sent in.
pub async fn schema(Path(id): Path<String>, context: Context) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    answer(&context, layer, "schema", &returnables(&context, layer))
}

/// `GET /collections/{layer}/queryables` (OGC API Features 3, 6.2).
pub async fn queryables(Path(id): Path<String>, context: Context) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let mut properties = Map::new();
    properties.insert("geometry".to_owned(), geometry(&context, layer));
    for field in readable(&context, layer).filter(|field| field.filterable) {
        properties.insert(field.name.to_owned(), property(&context, field));
    }
    answer(&context, layer, "queryables", &properties)
}

/// `GET /collections/{layer}/sortables` (OGC API Common 3, "Sortables").
pub async fn sortables(Path(id): Path<String>, context: Context) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let mut properties = Map::new();
    for field in readable(&context, layer).filter(|field| field.is_sortable()) {
        properties.insert(field.name.to_owned(), property(&context, field));
    }
    answer(&context, layer, "sortables", &properties)
}

/// `GET /collections/{layer}/feature-schema`: a whole `GeoJSON` feature, as GDAL wants it under
/// `describedby` (its reader looks for the fields at `properties.properties.properties`).
pub async fn feature_schema(
    Path(id): Path<String>,
    context: Context,
) -> Result<Response, ApiError> {
    let layer = context.layer(&id)?;
    let mut fields = returnables(&context, layer);
    let own = ["id", "geometry"];
    fields.retain(|name, _| !own.contains(&name.as_str()));
    let geometry = json!({
        "type": "object",
        "properties": { "type": { "type": "string", "enum": [layer.geometry.name()] } },
    });
    let members = json!({
        "type": { "type": "string", "enum": ["Feature"] },
        "id": { "type": "integer" },
        "geometry": geometry,
        "properties": { "type": "object", "properties": fields },
    });
    let Value::Object(members) = members else {
        return Err(context.error(Problem::Internal));
    };
    answer(&context, layer, "feature-schema", &members)
}

fn answer(
    context: &Context,
    layer: &'static Layer,
    resource: &str,
    properties: &Map<String, Value>,
) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[SCHEMA, HTML])?;
    if format == HTML {
        return Ok(page(context, layer, resource));
    }
    // Of what is sent in: a code that the register gives need not be said.
    let is_given = |field: &Field| field.role == Role::Key && layer.is_matched_without_code();
    let required: Vec<_> = readable(context, layer)
        .filter(|field| field.required && resource == "schema" && !is_given(field))
        .map(|field| field.name)
        .collect();
    let mut body = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/collections/{}/{resource}", context.base_url, layer.id),
        "title": layer.title.get(context.lang),
        "description": layer.description.get(context.lang),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        body["required"] = json!(required);
    }
    Ok(json_response(context, format, &body))
}

fn page(context: &Context, layer: &'static Layer, resource: &str) -> Response {
    const FIELDS: Text = Text::new("Поља", "Fields");
    const QUERYABLES: Text = Text::new("Поља по којима се бира", "Fields to select by");
    const SORTABLES: Text = Text::new("Поља по којима се ређа", "Fields to sort by");
    let (title, shown): (_, fn(&Field) -> bool) = match resource {
        "queryables" => (&QUERYABLES, |field| field.filterable),
        "sortables" => (&SORTABLES, Field::is_sortable),
        _ => (&FIELDS, |_| true),
    };
    let collection = format!("/collections/{}", layer.id);
    let frame = Frame::of(context, &[HOME, LAYERS, (&collection, layer.title)]);
    let fields = readable(context, layer);
    html_response(
        context,
        &SchemaPage {
            title: frame.text(title),
            json: format!(
                "{}{}",
                context.base_url,
                with_parameter(context, "f", "json")
            ),
            layer,
            fields: fields.filter(|field| shown(field)).collect(),
            frame,
        },
    )
}

#[derive(Template)]
#[template(path = "schema.html")]
struct SchemaPage {
    frame: Frame,
    title: String,
    json: String,
    layer: &'static Layer,
    fields: Vec<&'static Field>,
}

/// The fields that the reader reads of every record.
fn readable(
    context: &Context,
    layer: &'static Layer,
) -> impl Iterator<Item = &'static Field> + use<> {
    readable_fields(layer, context.access).iter().copied()
}

fn returnables(context: &Context, layer: &'static Layer) -> Map<String, Value> {
    let mut properties = Map::new();
    let id = json!({
        "type": "integer", "title": "id", "readOnly": true,
        "x-ogc-role": "id", "x-ogc-propertySeq": 1,
    });
    properties.insert("id".to_owned(), id);
    properties.insert("geometry".to_owned(), geometry(context, layer));
    for (at, field) in readable(context, layer).enumerate() {
        let mut one = property(context, field);
        one["x-ogc-propertySeq"] = json!(at + 3);
        if !field.is_recorded() || !layer.takes(EditAction::Update) {
            one["readOnly"] = json!(true);
        }
        properties.insert(field.name.to_owned(), one);
    }
    properties
}

/// A geometry has a format and no type (OGC API Features 3, `/req/queryables/get-queryables-response-schema`).
fn geometry(context: &Context, layer: &Layer) -> Value {
    let mut one = json!({
        "title": GEOMETRY.get(context.lang),
        "format": layer.geometry.schema_format(),
        "x-ogc-role": "primary-geometry",
        "x-ogc-propertySeq": 2,
    });
    if !layer.takes_places() {
        one["readOnly"] = json!(true);
    }
    one
}

const GEOMETRY: Text = Text::new("Геометрија", "Geometry");

/// One field. Its `type` is a single text: QGIS skips properties whose type is a list.
pub fn property(context: &Context, field: &Field) -> Value {
    let (json_type, format) = json_type(field.field_type);
    let mut one = json!({ "title": field.title.get(context.lang), "type": json_type });
    if let Some(format) = format {
        one["format"] = json!(format);
    }
    if let Some(unit) = field.unit {
        one["x-ogc-unit"] = json!(unit);
        one["x-ogc-unitLang"] = json!("UCUM");
    }
    if let Some(pattern) = field.pattern {
        one["pattern"] = json!(pattern);
    }
    if let Some(role) = ogc_role(field) {
        one["x-ogc-role"] = json!(role);
    }
    match field.field_type {
        FieldType::Code(list) => add_codes(context, &mut one, list),
        FieldType::Codes(list) => {
            one["items"] = json!({ "type": "string" });
            add_codes(context, &mut one["items"], list);
        }
        _ => {}
    }
    one
}

/// The type and format of a field in JSON Schema.
pub const fn json_type(field_type: FieldType) -> (&'static str, Option<&'static str>) {
    match field_type {
        FieldType::Text | FieldType::Code(_) => ("string", None),
        FieldType::Integer => ("integer", None),
        FieldType::Number => ("number", None),
        FieldType::Boolean => ("boolean", None),
        FieldType::Date => ("string", Some("date")),
        FieldType::DateTime => ("string", Some("date-time")),
        FieldType::Codes(_) => ("array", None),
    }
}

fn ogc_role(field: &Field) -> Option<&'static str> {
    match field.role {
        Role::PrimaryInstant => Some("primary-instant"),
        Role::Key | Role::Attribute => None,
    }
}

fn add_codes(context: &Context, one: &mut Value, list: &domain::code_list::CodeList) {
    let choices: Vec<_> = list
        .entries
        .iter()
        .map(|entry| {
            let mut choice = json!({ "const": entry.code, "title": entry.label.get(context.lang) });
            if let Some(uri) = entry.uri {
                choice["x-ogc-definition"] = json!(uri);
            }
            choice
        })
        .collect();
    one["oneOf"] = json!(choices);
}
