//! The paths of changes of volume.

use domain::{Lang, Text};
use serde_json::{Value, json};

use super::{get, reference};
use crate::rasters::files::GEOTIFF;
use crate::reports::volume_change::OFFERED;

/// The paths, each with what it answers.
pub fn paths(lang: Lang) -> Vec<(String, Value)> {
    let report = Text::new(
        "Промена запремине објекта између два снимка",
        "Change of a facility's volume between two surveys",
    );
    let difference = Text::new(
        "Растер висинских разлика налаза",
        "The raster of height differences of a finding",
    );
    let types: Vec<&str> = OFFERED.iter().map(|format| format.media_type).collect();
    vec![
        (
            "/reports/volume-change".to_owned(),
            get(
                lang,
                "volumeChange",
                &report.get(lang),
                &types,
                &parameters(lang),
            ),
        ),
        (
            "/collections/volume_changes/items/{featureId}/difference.tif".to_owned(),
            get(
                lang,
                "volumeChangeDifference",
                &difference.get(lang),
                &[GEOTIFF],
                &[reference("featureId")],
            ),
        ),
    ]
}

fn parameters(lang: Lang) -> Vec<Value> {
    let (text, switch) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let metres = json!({ "type": "number", "minimum": 0, "maximum": 100 });
    let described: [(&str, bool, Text, &Value); 7] = [
        (
            "from",
            true,
            Text::new("Шифра ранијег снимка", "Code of the earlier survey"),
            &text,
        ),
        (
            "to",
            true,
            Text::new("Шифра каснијег снимка", "Code of the later survey"),
            &text,
        ),
        (
            "facility",
            true,
            Text::new(
                "Катастарска шифра објекта",
                "Cadastral code of the facility",
            ),
            &text,
        ),
        (
            "co-register",
            false,
            Text::new(
                "Уклања померај и одступање нађене на непромењеном тлу",
                "Takes out the shift and bias found on stable ground",
            ),
            &switch,
        ),
        (
            "level-of-detection",
            false,
            Text::new(
                "Мање разлике се не рачунају (m)",
                "Smaller differences do not count (m)",
            ),
            &metres,
        ),
        (
            "exclude",
            false,
            Text::new(
                "Површина која се изузима, као вода: WKT, дужина пре ширине, WGS 84",
                "An area to leave out, such as water: WKT, longitude before latitude, WGS 84",
            ),
            &text,
        ),
        (
            "exclude-flat",
            false,
            Text::new(
                "Изузима површине које су у каснијем снимку савршено равне",
                "Leaves out surfaces that are perfectly flat in the later survey",
            ),
            &switch,
        ),
    ];
    let parameter = |(name, required, description, schema): &(&str, bool, Text, &Value)| {
        json!({
            "name": name, "in": "query", "required": required,
            "description": description.get(lang),
            "style": "form", "explode": false, "schema": schema,
        })
    };
    described.iter().map(parameter).collect()
}
