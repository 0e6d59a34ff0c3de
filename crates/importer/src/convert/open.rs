//! What one value of a record leaves open, to be settled by the record's other values or by the
//! rest of the file.

use domain::layer::Field;

pub use super::text_value::number::Mark;

/// What is open about a record.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// Names that several places bear.
    pub homonyms: Vec<Homonym>,
    /// Numbers that tell, or ask, how their column writes numbers.
    pub numbers: Vec<(&'static Field, NumberSeen)>,
}

/// A name that several places bear. Its field is unknown for the time being.
#[derive(Clone, Debug)]
pub struct Homonym {
    /// Where the field stands in the layer.
    pub at: usize,
    /// The field.
    pub field: &'static Field,
    /// The name, as the file writes it.
    pub text: String,
    /// The codes of the places.
    pub codes: Vec<String>,
    /// What the places have in common.
    pub ambiguity: Ambiguity,
}

/// Why a name leaves open which place is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// They bear it alike.
    SameName,
    /// It is that of the city that they make up.
    City {
        /// They with their names.
        parts_told: String,
    },
}

/// What a number says of the way in which its column writes numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberSeen {
    /// The decimal mark, beyond doubt; said once in a column.
    Shown {
        /// The mark.
        mark: Mark,
    },
    /// Two readings were possible, and one was taken.
    Decided {
        /// The text.
        text: String,
        /// As what it was read.
        taken: f64,
        /// The only sign in it.
        written: Mark,
        /// Whether that sign was taken as the decimal mark.
        decimal: bool,
    },
}
