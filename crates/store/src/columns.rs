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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
/// large. Levels between are levels too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoomLevel(f64);

impl ZoomLevel {
    /// The last level; a pixel of it is smaller than a centimetre.
    pub const LAST: f64 = 24.0;

    /// This level, where the tiling has it.
    pub fn new(level: f64) -> Option<Self> {
        (0.0..=Self::LAST).contains(&level).then_some(Self(level))
    }

    /// Its number.
    pub const fn number(self) -> f64 {
        self.0
    }

    /// How far generalised lines may lie from the recorded ones, degrees: not more than a pixel either
    /// way. A pixel is as wide everywhere in degrees, and less high the further it lies from the equator:
    /// where Serbia ends, at 46.2 degrees north, its height is 0.692 of its width.
    pub fn tolerance_degrees(self) -> f64 {
        const HEIGHT_OVER_WIDTH: f64 = 0.69;
        HEIGHT_OVER_WIDTH * 360.0 / 256.0 / self.0.exp2()
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
