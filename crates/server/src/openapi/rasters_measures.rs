//! The addresses of a survey's files, cut-outs and measured values.

use domain::layers::SURVEYS;
use domain::{Lang, Layer, Text};
use serde_json::{Map, Value, json};

use super::{get, reference};
use crate::context::{JSON, PNG, WEBP};
use crate::rasters::cutout::{GEOTIFF, PARAMETERS};
use crate::rasters::files::COG;
use crate::rasters::profile::CSV;
use crate::rasters::{heights, profile, statistics};

/// An address below a survey.
struct Address {
    name: &'static str,
    title: Text,
    types: &'static [&'static str],
    parameters: &'static [&'static str],
}

const ADDRESSES: [Address; 7] = [
    Address {
        name: "image.tif",
        title: Text::new(
            "Снимак, читљив по деловима (COG)",
            "The image, readable in parts (COG)",
        ),
        types: &[COG],
        parameters: &[],
    },
    Address {
        name: "original.tif",
        title: Text::new("Изворна датотека", "The original file"),
        types: &[GEOTIFF.media_type],
        parameters: &[],
    },
    Address {
        name: "map",
        title: Text::new("Карта снимка", "A map of the survey"),
        types: &[PNG.media_type, WEBP.media_type],
        parameters: &PARAMETERS,
    },
    Address {
        name: "coverage",
        title: Text::new(
            "Вредности дела снимка",
            "The values of a part of the survey",
        ),
        types: &[GEOTIFF.media_type],
        parameters: &PARAMETERS,
    },
    Address {
        name: "height",
        title: Text::new("Вредност на месту", "The value at a place"),
        types: &[JSON.media_type],
        parameters: heights::PARAMETERS,
    },
    Address {
        name: "profile",
        title: Text::new("Вредности дуж линије", "The values along a line"),
        types: &[JSON.media_type, CSV.media_type],
        parameters: profile::PARAMETERS,
    },
    Address {
        name: "statistics",
        title: Text::new(
            "Статистика у граници објекта",
            "Statistics inside the outline of a facility",
        ),
        types: &[JSON.media_type],
        parameters: statistics::PARAMETERS,
    },
];

/// Adds what is read out of surveys, when there are surveys.
pub fn add(lang: Lang, layers: &[&Layer], paths: &mut Map<String, Value>) {
    if !layers.iter().any(|layer| layer.id == SURVEYS.id) {
        return;
    }
    for address in ADDRESSES {
        let path = format!("/collections/surveys/items/{{featureId}}/{}", address.name);
        let id = format!("{}_surveys", address.name.trim_end_matches(".tif"));
        let title = address.title.get(lang);
        let own = address.parameters.iter();
        let mut parameters = vec![reference("featureId")];
        parameters.extend(own.map(|name| parameter(lang, name)));
        if address.name == "map" {
            parameters.push(parameter(lang, "style"));
        }
        let mut operation = get(lang, &id, &title, address.types, &parameters);
        if matches!(address.name, "image.tif" | "original.tif") {
            let responses = &mut operation["get"]["responses"];
            responses["206"] = json!({ "description": PART.get(lang) });
            responses["416"] = json!({ "description": BEYOND.get(lang) });
        }
        paths.insert(path, operation);
    }
}

const PART: Text = Text::new("Тражени део (Range)", "The part asked for (Range)");
const BEYOND: Text = Text::new(
    "Датотека нема тражени део",
    "The file does not have the part asked for",
);

/// A query parameter; `bbox` has its own description here, as its order follows `bbox-crs`.
fn parameter(lang: Lang, name: &str) -> Value {
    let number = json!({ "type": "number" });
    let side = json!({ "type": "integer", "minimum": 1, "maximum": 16_384 });
    let list = |least: u32, most: u32| {
        json!({
            "type": "array", "minItems": least, "maxItems": most, "items": { "type": "number" },
        })
    };
    let text = json!({ "type": "string" });
    let schema = match name {
        "width" | "height" => side,
        "bbox" => list(4, 4),
        "point" => list(2, 2),
        "lon" | "lat" | "step_m" | "scale-factor" | "scale-denominator" => number,
        _ => text,
    };
    json!({
        "name": name, "in": "query", "required": false,
        "description": description(name).get(lang),
        "style": "form", "explode": false, "schema": schema,
    })
}

fn description(name: &str) -> Text {
    match name {
        "bbox" => Text::new(
            "Четири броја: најмања па највећа вредност обе осе, редом којим их наводи `bbox-crs`",
            "Four numbers: the least and then the greatest of both axes, in the order of `bbox-crs`",
        ),
        "bbox-crs" => Text::new(
            "Координатни систем параметра `bbox`; без њега степени WGS 84",
            "The coordinate reference system of `bbox`; without it degrees WGS 84",
        ),
        "crs" => Text::new(
            "Координатни систем, као EPSG:6316",
            "A coordinate reference system, such as EPSG:6316",
        ),
        "width" | "height" => Text::new("Пиксела дуж стране", "Pixels along the side"),
        "scale-factor" => Text::new(
            "Ћелија снимка дуж странице пиксела",
            "Cells of the survey along the side of a pixel",
        ),
        "scale-denominator" => Text::new(
            "Именилац размере, за пиксел од 0.28 mm",
            "The denominator of the scale, for a pixel of 0.28 mm",
        ),
        "style" => Text::new(
            "Начин приказа: colour, hillshade, ramp или terrain-rgb",
            "How it is shown: colour, hillshade, ramp or terrain-rgb",
        ),
        "lon" => Text::new(
            "Географска дужина WGS 84, степени",
            "Longitude WGS 84, degrees",
        ),
        "lat" => Text::new(
            "Географска ширина WGS 84, степени",
            "Latitude WGS 84, degrees",
        ),
        "point" => Text::new(
            "Место у координатама система `crs`, редом његових оса",
            "A place in coordinates of `crs`, in the order of its axes",
        ),
        "line" => Text::new(
            "Дужине и ширине WGS 84 раздвојене зарезима, или LINESTRING",
            "Longitudes and latitudes WGS 84 between commas, or a LINESTRING",
        ),
        "step_m" => Text::new("Размак места, метара", "Metres between places"),
        _ => Text::new(
            "Шифра објекта; без ње објекат снимка",
            "The code of a facility; without it that of the survey",
        ),
    }
}
