//! What of each feature is read: which fields, and how much of its geometry.

use std::ops::Deref;
use std::sync::Arc;

use domain::layer::Field;

/// Fields, in the order of their layer.
#[derive(Clone, Debug)]
pub enum Fields {
    /// A list that the program keeps.
    Kept(&'static [&'static Field]),
    /// Those that a request chose.
    Chosen(Arc<[&'static Field]>),
}

impl Deref for Fields {
    type Target = [&'static Field];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Kept(fields) => fields,
            Self::Chosen(fields) => fields,
        }
    }
}

impl From<&'static [&'static Field]> for Fields {
    fn from(fields: &'static [&'static Field]) -> Self {
        Self::Kept(fields)
    }
}

/// How much of geometries is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// All of it.
    #[default]
    Full,
    /// What a map of this level shows; points stay as they are.
    Generalised(ZoomLevel),
    /// Nothing.
    Skipped,
}

/// A level of the tiling `WebMercatorQuad`: 0 shows the world in 256 pixels, each further one twice as
/// large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoomLevel(u8);

impl ZoomLevel {
    /// The last level; a pixel of it is smaller than a centimetre.
    pub const LAST: u8 = 24;

    /// This level, where the tiling has it.
    pub fn new(level: u8) -> Option<Self> {
        (level <= Self::LAST).then_some(Self(level))
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// How far generalised lines may lie from the recorded ones, degrees: not more than a pixel, either
    /// way. A pixel is highest in degrees at the equator and never as wide as high on land that is mapped
    /// here: at 46.2 degrees north, where Serbia ends, it is 0.692 as high as wide.
    pub fn tolerance_degrees(self) -> f64 {
        const HEIGHT_OVER_WIDTH: f64 = 0.69;
        HEIGHT_OVER_WIDTH * 360.0 / 256.0 / 2_f64.powi(i32::from(self.0))
    }
}

/// What of each feature is read.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The fields.
    pub fields: Fields,
    /// The geometry.
    pub detail: Detail,
}

impl From<&'static [&'static Field]> for Columns {
    fn from(fields: &'static [&'static Field]) -> Self {
        Self {
            fields: fields.into(),
            detail: Detail::Full,
        }
    }
}
