//! The resources that ask by region.

use domain::layers::{DISTRICTS, MUNICIPALITIES, STATISTICAL_REGIONS};
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::{content, format_parameters, get, reference};
use crate::context::{CSV, Format, HTML, JSON, XLSX};
use crate::formats;
use crate::pages::LAYERS;
use crate::params::ITEMS_PARAMETERS;

/// The features of a layer in a region that is named by its code: a path for each kind of region, so
/// that the document stays small.
pub fn layer_paths(lang: Lang, layers: &[&Layer], paths: &mut Map<String, Value>) {
    const OF_REGION: Text = Text::new(
        "Објекти слоја у региону; поља слоја су параметри као на /collections/{layer}/items",
        "The features of a layer in a region; the fields of the layer are parameters as at \
         /collections/{layer}/items",
    );
    let in_path = |name: &str, description: &Text, schema: Value| {
        json!({
            "name": name, "in": "path", "required": true,
            "description": description.get(lang), "schema": schema,
        })
    };
    let ids: Vec<_> = layers.iter().map(|layer| layer.id).collect();
    let offered = every_format(layers);
    let types = super::media_types(&offered);
    let shared = ITEMS_PARAMETERS.iter().map(|name| reference(name));
    let shared: Vec<_> = shared.chain(format_parameters(&offered, lang)).collect();
    for regions in [&DISTRICTS, &MUNICIPALITIES, &STATISTICAL_REGIONS] {
        let mut parameters = vec![
            in_path("code", &regions.title, json!({ "type": "string" })),
            in_path("layer", &LAYERS.1, json!({ "type": "string", "enum": ids })),
        ];
        parameters.extend_from_slice(&shared);
        let id = format!("items_of_{}", regions.id);
        let operation = get(lang, &id, &OF_REGION.get(lang), &types, &parameters);
        let operation = content::described(operation, "featureCollection");
        paths.insert(
            format!("/collections/{}/items/{{code}}/{{layer}}", regions.id),
            content::with_feature_headers(operation),
        );
    }
}

/// The formats that any of these layers has.
fn every_format(layers: &[&Layer]) -> Vec<Format> {
    let mut every: Vec<Format> = Vec::new();
    for format in layers.iter().flat_map(|layer| formats::offered(layer)) {
        if !every.contains(&format) {
            every.push(format);
        }
    }
    every
}

/// The figures of regions.
pub fn report_path(lang: Lang, paths: &mut Map<String, Value>) {
    const TITLE: Text = Text::new("Објекти по регионима", "Facilities by region");
    const LEVEL: Text = Text::new("Ниво региона", "The level of the regions");
    let levels = [DISTRICTS.id, MUNICIPALITIES.id, STATISTICAL_REGIONS.id];
    let level = json!({
        "name": "level", "in": "query", "required": false, "description": LEVEL.get(lang),
        "schema": { "type": "string", "enum": levels, "default": DISTRICTS.id },
    });
    let types = &[
        JSON.media_type,
        HTML.media_type,
        CSV.media_type,
        XLSX.media_type,
    ];
    paths.insert(
        "/reports/regions".to_owned(),
        get(lang, "regionReport", &TITLE.get(lang), types, &[level]),
    );
}
