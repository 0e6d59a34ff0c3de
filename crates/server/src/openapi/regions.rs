//! The resources that ask by region.

use domain::layers::{DISTRICTS, MUNICIPALITIES, STATISTICAL_REGIONS};
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::{get, items_parameters};
use crate::context::{CSV, HTML, JSON, XLSX};

/// The features of a layer in a region that is named by its code.
pub fn layer_paths(lang: Lang, layer: &Layer, paths: &mut Map<String, Value>) {
    for regions in [&DISTRICTS, &MUNICIPALITIES, &STATISTICAL_REGIONS] {
        let code = json!({
            "name": "code", "in": "path", "required": true,
            "description": regions.title.get(lang), "schema": { "type": "string" },
        });
        let mut parameters = vec![code];
        parameters.extend(items_parameters(lang, layer));
        let operation = format!("items_{}_of_{}", layer.id, regions.id);
        let title = layer.title.get(lang);
        let types = super::media_types(&crate::formats::offered(layer));
        paths.insert(
            format!("/collections/{}/items/{{code}}/{}", regions.id, layer.id),
            get(lang, &operation, &title, &types, &parameters),
        );
    }
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
