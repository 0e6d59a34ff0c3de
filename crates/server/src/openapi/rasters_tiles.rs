//! The addresses of tiles.

use domain::layers::SURVEYS;
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::{get, reference};
use crate::context::{JSON, PNG, WEBP};
use crate::rasters::styles::StyleName;

const JSON_ONLY: &[&str] = &[JSON.media_type];
const PICTURES: &[&str] = &[PNG.media_type, WEBP.media_type];
/// The query parameters of the styles.
const STYLING: [&str; 5] = ["azimuth", "altitude", "exaggeration", "min", "max"];

/// Adds the tilings, and the tiles of surveys when there are surveys.
pub fn add(lang: Lang, layers: &[&Layer], paths: &mut Map<String, Value>) {
    let mut add = |path: &str, id: &str, title: Text, types: &[&str], parameters: &[Value]| {
        let operation = get(lang, id, &title.get(lang), types, parameters);
        paths.insert(path.to_owned(), operation);
    };
    let tilings = Text::new("Поделе на плочице", "Tilings");
    add("/tileMatrixSets", "tilings", tilings, JSON_ONLY, &[]);
    let web = "/tileMatrixSets/WebMercatorQuad";
    add(web, "webMercatorQuad", tilings, JSON_ONLY, &[]);
    if !layers.iter().any(|layer| layer.id == SURVEYS.id) {
        return;
    }
    let tilesets = Text::new("Плочице снимка", "Tiles of a survey");
    let tile = Text::new("Плочица снимка", "A tile of a survey");
    let tiles = "/collections/surveys/items/{featureId}/tiles";
    let mut of_survey = vec![reference("featureId")];
    add(tiles, "tilesets_surveys", tilesets, JSON_ONLY, &of_survey);
    let styled = format!("{tiles}/{{style}}");
    of_survey.push(style());
    let tilejson = format!("{styled}/tilejson.json");
    add(
        &tilejson,
        "tilejson_surveys",
        tilesets,
        JSON_ONLY,
        &of_survey,
    );
    let quad = format!("{styled}/WebMercatorQuad");
    add(&quad, "tileset_surveys", tilesets, JSON_ONLY, &of_survey);
    for (path, id, numbers, types) in [
        (
            format!("{quad}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            "tile_surveys",
            ["tileMatrix", "tileRow", "tileCol"],
            PICTURES,
        ),
        (
            format!("{styled}/xyz/{{z}}/{{x}}/{{y}}.png"),
            "xyz_surveys",
            ["z", "x", "y"],
            &[PNG.media_type],
        ),
    ] {
        let number = json!({ "type": "integer", "minimum": 0, "maximum": (1 << 24) - 1 });
        let numbers = numbers.map(|name| in_path(name, &number));
        let styling = STYLING.map(in_query);
        let parameters = [&of_survey[..], &numbers, &styling].concat();
        add(&path, id, tile, types, &parameters);
    }
}

fn style() -> Value {
    let styles = [
        StyleName::Colour,
        StyleName::Hillshade,
        StyleName::Ramp,
        StyleName::TerrainRgb,
    ];
    in_path(
        "style",
        &json!({ "type": "string", "enum": styles.map(StyleName::id) }),
    )
}

fn in_path(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn in_query(name: &str) -> Value {
    let mut schema = json!({ "type": "number" });
    let range = match name {
        "azimuth" => Some((0.0, 360.0)),
        "altitude" => Some((0.0, 90.0)),
        "exaggeration" => Some((0.01, 100.0)),
        _ => None,
    };
    if let Some((least, most)) = range {
        schema["minimum"] = json!(least);
        schema["maximum"] = json!(most);
    }
    json!({ "name": name, "in": "query", "required": false, "schema": schema })
}
