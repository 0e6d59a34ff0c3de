//! The layers of the register. Adding one means: its description here, and a migration.

mod dam;
mod facility;
mod incident;
mod protected_area;
mod region;
mod settlement;
mod survey;
mod volume_change;
mod watercourse;

pub use dam::{DAMS, Dam};
pub use facility::{FACILITIES, FACILITY_OUTLINES, Facility};
pub use incident::{INCIDENTS, Incident};
pub use protected_area::{PROTECTED_AREAS, ProtectedArea};
pub use region::{
    DISTRICTS, District, MUNICIPALITIES, Municipality, STATISTICAL_REGIONS, StatisticalRegion,
};
pub use settlement::{SETTLEMENTS, Settlement};
pub use survey::{SURVEYS, Survey};
pub use volume_change::{VOLUME_CHANGES, VolumeChange};
pub use watercourse::{WATERCOURSES, Watercourse};

use std::sync::LazyLock;

use crate::layer::{Access, Field, Layer};

/// All layers, in the order in which they are listed.
pub static LAYERS: &[&Layer] = &[
    &FACILITIES,
    &FACILITY_OUTLINES,
    &DAMS,
    &INCIDENTS,
    &SURVEYS,
    &VOLUME_CHANGES,
    &DISTRICTS,
    &MUNICIPALITIES,
    &STATISTICAL_REGIONS,
    &SETTLEMENTS,
    &WATERCOURSES,
    &PROTECTED_AREAS,
];

/// All fields of a layer, in its order, as a list that lives as long as the program.
pub fn all_fields(layer: &'static Layer) -> &'static [&'static Field] {
    static FIELDS: LazyLock<FieldTable> = LazyLock::new(|| field_table(|_| true));
    fields_of(&FIELDS, layer)
}

/// The fields of a layer that everybody may read, in its order, as a list that lives as long as the
/// program.
pub fn public_fields(layer: &'static Layer) -> &'static [&'static Field] {
    static FIELDS: LazyLock<FieldTable> = LazyLock::new(|| field_table(Field::is_public));
    fields_of(&FIELDS, layer)
}

/// The fields of a layer that somebody with this access may read, in its order, as a list that lives as
/// long as the program.
pub fn readable_fields(layer: &'static Layer, access: Access) -> &'static [&'static Field] {
    match access {
        Access::Public => public_fields(layer),
        Access::Restricted => all_fields(layer),
    }
}

type FieldTable = Vec<(&'static str, Vec<&'static Field>)>;

fn field_table(keep: fn(&Field) -> bool) -> FieldTable {
    let kept = |layer: &Layer| layer.fields.iter().filter(|field| keep(field)).collect();
    LAYERS.iter().map(|layer| (layer.id, kept(layer))).collect()
}

fn fields_of(table: &'static FieldTable, layer: &Layer) -> &'static [&'static Field] {
    let found = table.iter().find(|(id, _)| *id == layer.id);
    found.map_or(&[], |(_, fields)| fields)
}

/// The layer with this id.
pub fn find(id: &str) -> Option<&'static Layer> {
    LAYERS.iter().copied().find(|layer| layer.id == id)
}
