//! In which order features come, and which part of them a page is.

use domain::layer::Field;
use domain::value::Value;

/// What features are ordered by.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// A field's value. Texts as people write them come without regard to case, script or accents,
    /// codes as they stand.
    Field(&'static Field),
    /// How well the names fit the words that were searched for.
    Rank,
}

/// The way from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// One key of an order. The unknown comes last, whatever the direction.
#[derive(Clone, Copy, Debug)]
pub struct SortKey {
    /// By what.
    pub key: Key,
    /// Which way.
    pub direction: Direction,
}

impl SortKey {
    /// Whether values can be unknown.
    pub(crate) const fn can_be_unknown(&self) -> bool {
        match self.key {
            Key::Field(field) => !field.required,
            Key::Rank => false,
        }
    }
}

/// The place of a feature in an order: its values of the keys, then its id, which tells features with
/// the same values apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    /// A value for each key; of texts as people write them the folded one.
    pub values: Vec<Value>,
    /// The feature id.
    pub id: i64,
}

impl Position {
    /// A place in the order of ids.
    pub const fn of_id(id: i64) -> Self {
        let values = Vec::new();
        Self { values, id }
    }

    /// Whether the first key has a value here.
    pub(crate) fn is_known(&self) -> bool {
        self.values.first().is_some_and(|value| !value.is_unknown())
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Start {
    /// With the first of all.
    #[default]
    First,
    /// With the feature that follows this place.
    After(Position),
    /// So that it ends with the feature before this place.
    Before(Position),
}

impl Start {
    /// Whether the page ends at a place instead of beginning at one.
    pub const fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    pub(crate) const fn position(&self) -> Option<&Position> {
        match self {
            Self::First => None,
            Self::After(position) | Self::Before(position) => Some(position),
        }
    }
}

/// Which part of a selection, and in which order.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The keys, the most important first; without any, and among equals, the id decides, which goes the
    /// way of the first key.
    pub order: Vec<SortKey>,
    /// Where it begins.
    pub start: Start,
    /// So many skipped from there.
    pub offset: u64,
    /// At most so many.
    pub limit: u32,
}

impl Page {
    /// The first features in the order of ids.
    pub fn first(limit: u32) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }
}
