//! What of each feature is asked for (`properties`, `skipGeometry`, `zoom-level`).

use domain::layers::readable_fields;
use domain::{Field, Layer, Text};
use store::columns::{Columns, Detail, Fields, ZoomLevel};

use crate::context::Context;
use crate::error::ApiError;
use crate::formats::YES_OR_NO;
use crate::problem::Wanted;

/// The parameters.
pub const PARAMETERS: [&str; 3] = ["properties", "skipGeometry", "zoom-level"];

const PROPERTIES: Text = Text::new(
    "наведите поља слоја раздвојена зарезима, на пример name,status; поља су на адреси `schema` слоја",
    "name fields of the layer, separated by commas, such as name,status; they are at the address \
     `schema` of the layer",
);
const ZOOM_LEVEL: Text = Text::new(
    "потребан је ниво карте, број од 0 до 24",
    "give a level of the map, a number from 0 to 24",
);
const NO_GEOMETRY: Text = Text::new(
    "уз skipGeometry=true нема геометрије коју би требало упростити; изоставите једно од то двоје",
    "with skipGeometry=true there is no geometry to generalise; leave out one of the two",
);

/// Reads them.
pub fn read(context: &Context, layer: &'static Layer) -> Result<Columns, ApiError> {
    let fields = readable_fields(layer, context.access);
    let chosen = context.parse("properties", PROPERTIES, |text| chosen(fields, text))?;
    Ok(Columns {
        fields: chosen.unwrap_or_else(|| fields.into()),
        detail: detail(context)?,
    })
}

/// The fields in the order of the layer, so that every format has its columns in one order. The id is
/// always there, and the geometry is asked for in other ways.
fn chosen(fields: &'static [&'static Field], text: &str) -> Option<Fields> {
    const ALWAYS: [&str; 2] = ["id", "geometry"];
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_one =
        |name: &&str| ALWAYS.contains(name) || fields.iter().any(|field| field.name == *name);
    let chosen = fields.iter().filter(|field| names.contains(&field.name));
    let chosen = Fields::Chosen(chosen.copied().collect());
    names.iter().all(is_one).then_some(chosen)
}

fn detail(context: &Context) -> Result<Detail, ApiError> {
    let skipped = context.parse("skipGeometry", YES_OR_NO, |text| text.parse().ok())?;
    let level = |text: &str| ZoomLevel::new(text.parse().ok()?);
    let level = context.parse("zoom-level", ZOOM_LEVEL, level)?;
    match (skipped.unwrap_or(false), level) {
        (true, Some(level)) => {
            let level = level.number().to_string();
            Err(context.bad_parameter("zoom-level", &level, Wanted::Said(NO_GEOMETRY)))
        }
        (true, None) => Ok(Detail::Skipped),
        (false, Some(level)) => Ok(Detail::Generalised(level)),
        (false, None) => Ok(Detail::Full),
    }
}
