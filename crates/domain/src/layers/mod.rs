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

use crate::layer::Layer;

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

/// The layer with this id.
pub fn find(id: &str) -> Option<&'static Layer> {
    LAYERS.iter().copied().find(|layer| layer.id == id)
}
