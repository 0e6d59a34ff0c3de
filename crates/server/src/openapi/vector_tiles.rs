//! The addresses of vector tiles and of how they look.

use domain::code_list::Coded as _;
use domain::theme::Theme;
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::rasters_tiles::in_path;
use super::{get, reference};
use crate::context::{Format, HTML, JSON, MAPBOX, MVT, PNG, QML, SLD, SVG};
use crate::params::{DATASET_TILE_PARAMETERS, TILE_PARAMETERS};

const JSON_ONLY: &[&str] = &[JSON.media_type];
const TILESETS: Text = Text::new("Векторске плочице", "Vector tiles");
const TILE: Text = Text::new("Векторска плочица", "A vector tile");
const STYLES: Text = Text::new("Стилови мапа", "Map styles");
const LEGEND: Text = Text::new("Легенда стила", "Legend of a style");
const COUNTED: Text = Text::new(
    "Легенда са бројем изабраних објеката сваке класе",
    "Legend with the number of selected features of each class",
);
const SYMBOLS: Text = Text::new("Симболи и слова мапа", "Symbols and letters of maps");
const COLLECTIONS: Text = Text::new(
    "Ознаке слојева, раздвојене зарезима",
    "Ids of layers, between commas",
);

/// Adds tiles of the dataset, of each layer, and the styles.
pub fn add(lang: Lang, layers: &[&Layer], paths: &mut Map<String, Value>) {
    let ids: Vec<_> = layers.iter().map(|layer| layer.id).collect();
    let layer = in_path("collectionId", &json!({ "type": "string", "enum": ids }));
    let selecting = TILE_PARAMETERS.iter().map(|name| reference(name));
    let of_layer: Vec<_> = std::iter::once(layer).chain(selecting).collect();
    tiles(
        lang,
        "/collections/{collectionId}",
        "Layer",
        &of_layer,
        paths,
    );
    let selecting = DATASET_TILE_PARAMETERS.iter().map(|name| match *name {
        "collections" => {
            let mut collections = json!({ "name": name, "in": "query", "required": false });
            collections["description"] = json!(COLLECTIONS.get(lang));
            collections["schema"] =
                json!({ "type": "array", "items": { "type": "string", "enum": ids } });
            collections["style"] = json!("form");
            collections["explode"] = json!(false);
            collections
        }
        name => reference(name),
    });
    tiles(lang, "", "Dataset", &selecting.collect::<Vec<_>>(), paths);
    styles(lang, paths);
}

fn tiles(lang: Lang, base: &str, of: &str, parameters: &[Value], paths: &mut Map<String, Value>) {
    let mut add = |path: &str, id: &str, title: Text, types: &[&str], parameters: &[Value]| {
        let id = format!("{id}{of}");
        let mut operation = get(lang, &id, &title.get(lang), types, parameters);
        if types == [MVT.media_type] {
            operation["get"]["responses"]["204"] = json!({ "description": EMPTY.get(lang) });
        }
        paths.insert(format!("{base}{path}"), operation);
    };
    let quad = "/tiles/WebMercatorQuad";
    add("/tiles", "vectorTilesets", TILESETS, JSON_ONLY, parameters);
    add(quad, "vectorTileset", TILESETS, JSON_ONLY, parameters);
    add(
        "/tiles/tilejson.json",
        "vectorTilejson",
        TILESETS,
        JSON_ONLY,
        parameters,
    );
    for (path, id, numbers) in [
        (
            format!("{quad}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            "vectorTile",
            ["tileMatrix", "tileRow", "tileCol"],
        ),
        (
            "/tiles/xyz/{z}/{x}/{y}".to_owned(),
            "vectorXyz",
            ["z", "x", "y"],
        ),
    ] {
        let number = json!({ "type": "integer", "minimum": 0 });
        let numbers = numbers.map(|name| in_path(name, &number));
        let parameters = [parameters, &numbers].concat();
        add(&path, id, TILE, &[MVT.media_type], &parameters);
    }
}

const EMPTY: Text = Text::new("Празна плочица", "An empty tile");

fn styles(lang: Lang, paths: &mut Map<String, Value>) {
    let themes: Vec<_> = Theme::ALL.iter().map(|theme| theme.code()).collect();
    let theme = in_path("theme", &json!({ "type": "string", "enum": themes }));
    let scheme = choice("scheme", &["light", "dark"]);
    let collection = choice("collection", &["facilities", "facility_outlines"]);
    let formats =
        |formats: &[Format]| choice("f", &formats.iter().map(|one| one.name).collect::<Vec<_>>());
    let mut add = |path: &str, id: &str, title: Text, types: &[&str], parameters: &[Value]| {
        let operation = get(lang, id, &title.get(lang), types, parameters);
        paths.insert(path.to_owned(), operation);
    };
    add("/styles", "styles", STYLES, JSON_ONLY, &[]);
    let offered = [MAPBOX, QML, SLD];
    let types = offered.map(|format| format.media_type);
    let parameters = [theme.clone(), scheme.clone(), collection, formats(&offered)];
    add("/styles/{theme}", "style", STYLES, &types, &parameters);
    let offered = [JSON, SVG, HTML];
    let types = offered.map(|format| format.media_type);
    let parameters = [theme, scheme.clone(), formats(&offered)];
    add(
        "/styles/{theme}/legend",
        "legend",
        LEGEND,
        &types,
        &parameters,
    );
    let layers = json!({ "type": "string", "enum": ["facilities", "facility_outlines"] });
    let selecting = TILE_PARAMETERS.iter().chain(&["bbox", "bbox-crs"]);
    let mut parameters = vec![
        in_path("collectionId", &layers),
        choice("theme", &themes),
        scheme,
    ];
    parameters.extend(selecting.map(|name| reference(name)));
    let path = "/collections/{collectionId}/legend";
    add(path, "countedLegend", COUNTED, JSON_ONLY, &parameters);
    let text = json!({ "type": "string" });
    let types = [JSON.media_type, PNG.media_type];
    add(
        "/sprites/{file}",
        "sprite",
        SYMBOLS,
        &types,
        &[in_path("file", &text)],
    );
    let parameters = ["fontstack", "range"].map(|name| in_path(name, &text));
    let path = "/glyphs/{fontstack}/{range}";
    add(
        path,
        "glyphs",
        SYMBOLS,
        &["application/x-protobuf"],
        &parameters,
    );
}

fn choice(name: &str, values: &[&str]) -> Value {
    let schema = json!({ "type": "string", "enum": values });
    json!({ "name": name, "in": "query", "required": false, "schema": schema })
}
