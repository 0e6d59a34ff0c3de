//! The description of the service (OpenAPI 3.0), made from the layer descriptions. QGIS and GDAL
//! look for literal paths of collections and for the component `limit` (OGC API notes in
//! ARCHITECTURE.md).

mod account;
mod accounts;
mod content;
mod editing;
mod entrances;
mod history;
mod operation;
mod parameters;
mod problems;
mod rasters_measures;
mod rasters_tiles;
mod rasters_volumes;
mod regions;
mod schemas;
mod uploads;
mod vector_tiles;

pub use parameters::Described;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use crate::App;
use crate::context::{Context, Format, HTML, JSON, OPENAPI, SCHEMA};
use crate::error::ApiError;
use crate::formats;
use crate::functions;
use crate::landing::{DESCRIPTION, TITLE, html_response, json_response};
use crate::pages::{Frame, HOME, LAYERS};
use crate::params::{COLUMNS_PARAMETERS, ITEMS_PARAMETERS, PAGE_PARAMETERS};
use crate::schema::json_type;
use crate::template;

/// `GET /api`: the document for programs; for people, the page.
pub async fn definition(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let format = context.format(&[OPENAPI, HTML])?;
    let layers = described_layers(&app, &context).await?;
    if format == HTML {
        return Ok(page_of(&context, layers));
    }
    Ok(json_response(
        &context,
        format,
        &document(&context, &layers),
    ))
}

/// `GET /api.html`: the description for people, with the fields of every layer.
pub async fn page(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    context.format(&[HTML])?;
    let layers = described_layers(&app, &context).await?;
    Ok(page_of(&context, layers))
}

async fn described_layers(app: &App, context: &Context) -> Result<Vec<&'static Layer>, ApiError> {
    let layers = app.store.layers_with_data().await;
    let layers = layers.map_err(|error| context.store_error(&error))?;
    Ok(layers.into_iter().map(|(layer, _)| layer).collect())
}

fn page_of(context: &Context, layers: Vec<&'static Layer>) -> Response {
    let frame = Frame::of(context, &[HOME]);
    html_response(context, &ApiPage { frame, layers })
}

fn document(context: &Context, layers: &[&Layer]) -> Value {
    let lang = context.lang;
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": TITLE.get(lang),
            "description": DESCRIPTION.get(lang),
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": context.base_url }],
        "paths": paths(lang, layers),
        "components": {
            "parameters": components(lang, layers),
            "headers": content::headers(lang),
            "schemas": schemas::schemas(),
            "responses": responses(lang),
            "securitySchemes": account::schemes(lang),
        },
        "security": account::ways(),
    })
}

fn paths(lang: Lang, layers: &[&Layer]) -> Map<String, Value> {
    let mut paths = beginnings(lang);
    let types = &[JSON.media_type, HTML.media_type];
    let parameters = &[reference("q"), reference("bbox"), reference("datetime")];
    let collections = get(lang, "collections", &LAYERS.1.get(lang), types, parameters);
    let collections = content::described(collections, "collections");
    paths.insert("/collections".to_owned(), collections);
    for layer in layers {
        layer_paths(lang, layer, &mut paths);
        history::layer_paths(lang, layer, &mut paths);
    }
    regions::layer_paths(lang, layers, &mut paths);
    regions::report_path(lang, &mut paths);
    rasters_measures::add(lang, layers, &mut paths);
    rasters_tiles::add(lang, layers, &mut paths);
    vector_tiles::add(lang, layers, &mut paths);
    entrances::add(lang, &mut paths);
    editing::add(lang, layers, &mut paths);
    paths.extend(rasters_volumes::paths(lang));
    paths.extend(history::paths(lang));
    paths.extend(problems::paths(lang));
    accounts::add(lang, &mut paths);
    uploads::add(lang, &mut paths);
    paths
}

/// A document by which clients or people begin.
struct Beginning {
    path: &'static str,
    id: &'static str,
    summary: Text,
    types: &'static [&'static str],
    /// The component that describes it.
    component: Option<&'static str>,
}

const BEGINNINGS: [Beginning; 5] = [
    Beginning {
        path: "/",
        id: "landingPage",
        summary: Text::new("Почетна страница", "Landing page"),
        types: &[JSON.media_type, HTML.media_type],
        component: Some("landingPage"),
    },
    Beginning {
        path: "/api",
        id: "apiDefinition",
        summary: Text::new("Овај опис", "This description"),
        types: &[OPENAPI.media_type, HTML.media_type],
        component: None,
    },
    Beginning {
        path: "/api.html",
        id: "apiPage",
        summary: Text::new("Овај опис за људе", "This description, for people"),
        types: &[HTML.media_type],
        component: None,
    },
    Beginning {
        path: "/conformance",
        id: "conformance",
        summary: Text::new("Усклађеност", "Conformance"),
        types: &[JSON.media_type, HTML.media_type],
        component: Some("confClasses"),
    },
    Beginning {
        path: "/functions",
        id: "functions",
        summary: functions::TITLE,
        types: &[JSON.media_type, HTML.media_type],
        component: None,
    },
];

fn beginnings(lang: Lang) -> Map<String, Value> {
    let described = BEGINNINGS.iter().map(|one| {
        let operation = get(lang, one.id, &one.summary.get(lang), one.types, &[]);
        let operation = match one.component {
            Some(component) => content::described(operation, component),
            None => operation,
        };
        (one.path.to_owned(), operation)
    });
    described.collect()
}

fn layer_paths(lang: Lang, layer: &Layer, paths: &mut Map<String, Value>) {
    let (id, title) = (layer.id, layer.title.get(lang));
    let base = format!("/collections/{id}");
    let get = |name: &str, types: &[&str], parameters: &[Value]| {
        get(lang, &format!("{name}_{id}"), &title, types, parameters)
    };
    let types = &[JSON.media_type, HTML.media_type];
    let collection = content::described(get("describe", types, &[]), "collection");
    paths.insert(base.clone(), collection);
    for (resource, operation) in [
        ("schema", "schema"),
        ("feature-schema", "featureSchema"),
        ("queryables", "queryables"),
        ("sortables", "sortables"),
    ] {
        let types = &[SCHEMA.media_type, HTML.media_type];
        let fields = content::described(get(operation, types, &[]), "fields");
        paths.insert(format!("{base}/{resource}"), fields);
    }
    let types = media_types(&formats::offered(layer));
    let of_features = |name: &str, component: &str, types: &[&str], parameters: &[Value]| {
        let operation = content::described(get(name, types, parameters), component);
        content::with_feature_headers(operation)
    };
    let parameters = items_parameters(lang, layer);
    let items = of_features("items", "featureCollection", &types, &parameters);
    paths.insert(format!("{base}/items"), items);
    let whole = download_parameters(lang, layer);
    let download = of_features("download", "featureCollection", &types, &whole);
    paths.insert(format!("{base}/download/{{format}}"), download);
    if let Some(kind) = formats::media_type_of("gpkg").filter(|_| template::is_offered(layer)) {
        let template = of_features(
            "template",
            "featureCollection",
            &[kind],
            &selecting(lang, layer),
        );
        paths.insert(format!("{base}/template.gpkg"), template);
    }
    let mut feature = vec![reference("featureId"), reference("as-of"), reference("crs")];
    feature.extend(COLUMNS_PARAMETERS.map(reference));
    feature.extend(format_parameters(&formats::offered_of_one(layer), lang));
    let types = media_types(&formats::offered_of_one(layer));
    let feature = of_features("feature", "feature", &types, &feature);
    paths.insert(format!("{base}/items/{{featureId}}"), feature);
}

/// Each media type once: a table in the form of the global registry is CSV too.
fn media_types(formats: &[Format]) -> Vec<&'static str> {
    let mut types: Vec<_> = formats.iter().map(|format| format.media_type).collect();
    types.dedup();
    types
}

/// The parameters of formats, and `f` with the names that a resource has.
fn format_parameters(offered: &[Format], lang: Lang) -> Vec<Value> {
    let names: Vec<_> = offered.iter().map(|format| format.name).collect();
    let options = formats::OPTIONS.iter().map(|name| reference(name));
    std::iter::once(content::choice(lang, &names))
        .chain(options)
        .collect()
}

const WHOLE: Text = Text::new(
    "Формат датотеке са свим објектима слоја, или свим које параметри изаберу. Колико их је, каже \
     itemCount слоја; geojson и csv имају око 1 kB по објекту, остали мање.",
    "Format of the file with all features of the layer, or all that the parameters select. How many \
     there are is the itemCount of the layer; GeoJSON and CSV have about 1 kB for each, the others \
     less.",
);

/// Those of [`selecting`], with the format in the path.
fn download_parameters(lang: Lang, layer: &Layer) -> Vec<Value> {
    let mut parameters = selecting(lang, layer);
    let names: Vec<_> = formats::of_layer(layer)
        .map(|one| one.format.name)
        .collect();
    parameters.push(json!({
        "name": "format", "in": "path", "required": true, "description": WHOLE.get(lang),
        "schema": { "type": "string", "enum": names },
    }));
    parameters
}

/// Those of [`items_parameters`] that do not choose a page or a format.
fn selecting(lang: Lang, layer: &Layer) -> Vec<Value> {
    let paging = PAGE_PARAMETERS.map(reference);
    let mut parameters = items_parameters(lang, layer);
    parameters.retain(|one| !paging.contains(one) && one["name"] != "f");
    parameters
}

fn items_parameters(lang: Lang, layer: &Layer) -> Vec<Value> {
    let fields = filterable(layer).map(|field| reference(&component(layer, field)));
    ITEMS_PARAMETERS
        .iter()
        .map(|name| reference(name))
        .chain(fields)
        .chain(format_parameters(&formats::offered(layer), lang))
        .collect()
}

fn filterable(layer: &Layer) -> impl Iterator<Item = &'static domain::Field> {
    layer.public_fields().filter(|field| field.filterable)
}

/// The name of the component that describes `field=value` of a layer.
fn component(layer: &Layer, field: &domain::Field) -> String {
    format!("{}.{}", layer.id, field.name)
}

/// The shared parameters, and a field of a layer each.
fn components(lang: Lang, layers: &[&Layer]) -> Map<String, Value> {
    let mut components = parameters::parameters(lang);
    components.extend(editing::parameters(lang));
    for layer in layers {
        components.extend(filterable(layer).map(|field| {
            let parameter = json!({
                "name": field.name, "in": "query", "required": false,
                "description": field.title.get(lang),
                "style": "form", "explode": false,
                "schema": equality_schema(field),
            });
            (component(layer, field), parameter)
        }));
    }
    components
}

/// What `name=value` takes: of a list of codes, one.
fn equality_schema(field: &domain::Field) -> Value {
    let (json_type, format) = match json_type(field.field_type) {
        ("array", _) => ("string", None),
        other => other,
    };
    let mut schema = json!({ "type": json_type });
    if let Some(format) = format {
        schema["format"] = json!(format);
    }
    if json_type == "integer" {
        schema["minimum"] = json!(i64::MIN);
        schema["maximum"] = json!(i64::MAX);
    }
    if let Some(list) = field.code_list() {
        schema["enum"] = json!(
            list.entries
                .iter()
                .map(|entry| entry.code)
                .collect::<Vec<_>>()
        );
    }
    schema
}

fn get(lang: Lang, id: &str, summary: &str, types: &[&str], parameters: &[Value]) -> Value {
    let mut all = parameters.to_vec();
    let has_format = |one: &Value| one["name"] == "f" || one["name"] == "format";
    if !parameters.iter().any(has_format) {
        all.extend(content::format_parameter(lang, types));
    }
    all.push(reference("lang"));
    let mut responses = json!({
        "200": { "description": SUCCESS.get(lang), "content": content::of(types) },
        "304": { "description": NOT_MODIFIED.get(lang) },
    });
    for status in ["400", "404", "406", "500", "503"] {
        responses[status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    json!({ "get": {
        "operationId": id, "summary": summary, "parameters": all, "responses": responses,
    }})
}

const SUCCESS: Text = Text::new("Одговор", "The answer");
const NOT_MODIFIED: Text = Text::new("Исто као што клијент већ има", "The same as the client has");

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn responses(lang: Lang) -> Map<String, Value> {
    let problem = json!({
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } },
        "text/html": { "schema": { "type": "string" } },
    });
    let described = [
        (
            "400",
            Text::new(
                "Неисправан или непознат параметар",
                "A bad or unknown parameter",
            ),
        ),
        ("401", Text::new("Потребна је пријава", "Sign in first")),
        ("403", Text::new("Улога то не сме", "The role may not")),
        ("404", Text::new("Не постоји", "Does not exist")),
        (
            "409",
            Text::new("Стање то не дозвољава", "The state does not allow it"),
        ),
        (
            "412",
            Text::new("У међувремену измењено", "Changed meanwhile"),
        ),
        ("413", Text::new("Превише бајтова", "Too many bytes")),
        (
            "415",
            Text::new("Друга врста садржаја", "Another media type"),
        ),
        (
            "422",
            Text::new("Измена није прихваћена", "The edit is not accepted"),
        ),
        (
            "428",
            Text::new("Недостаје If-Match", "If-Match is missing"),
        ),
        ("429", Text::new("Превише покушаја", "Too many attempts")),
        (
            "406",
            Text::new("Нема траженог формата", "Format not offered"),
        ),
        ("500", Text::new("Грешка у сервису", "Fault of the service")),
        (
            "503",
            Text::new("База података није доступна", "Database unavailable"),
        ),
    ];
    described
        .into_iter()
        .map(|(status, text)| {
            (
                status.to_owned(),
                json!({ "description": text.get(lang), "content": problem }),
            )
        })
        .collect()
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    frame: Frame,
    layers: Vec<&'static Layer>,
}

impl ApiPage {
    fn fields(layer: &'static Layer) -> Vec<&'static domain::Field> {
        layer.public_fields().collect()
    }
}
