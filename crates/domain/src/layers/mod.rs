//! The layers of the register. Adding one means: its description here, and a migration.

mod dam;
mod facility;
mod region;

pub use dam::{DAMS, Dam};
pub use facility::{FACILITIES, FACILITY_OUTLINES, Facility};
pub use region::{
    DISTRICTS, District, MUNICIPALITIES, Municipality, STATISTICAL_REGIONS, StatisticalRegion,
};

use crate::layer::Layer;

/// All layers, in the order in which they are listed.
pub static LAYERS: &[&Layer] = &[
    &FACILITIES,
    &FACILITY_OUTLINES,
    &DAMS,
    &DISTRICTS,
    &MUNICIPALITIES,
    &STATISTICAL_REGIONS,
];

/// The layer with this id.
pub fn find(id: &str) -> Option<&'static Layer> {
    LAYERS.iter().copied().find(|layer| layer.id == id)
}
