//! Which field of a file is which field of a layer.

mod coordinate_columns;
mod draft;
mod error;
mod file;
mod names;
mod work;

use std::collections::BTreeMap;

use domain::lang::{Message, Text};
use domain::layer::Field;
use domain::quantity::unit::Unit;
use domain::{Layer, Value, message};
use serde::Serialize;

use crate::protocol::SourceLayer;
pub use coordinate_columns::{CoordinateColumns, Meaning};
pub use draft::{draft, draft_of};
pub use error::MappingError;
pub use file::{MappingFile, MappingFileError, Placed};

/// How a field of a file was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The mapping file says so.
    MappingFile,
    /// It is no field of the file: the mapping file gives every record this value.
    FixedValue,
    /// Its name is that of the layer's field, apart from case, script and diacritics.
    Name,
    /// Its name is a known other name.
    Synonym,
    /// Its name is the title in Serbian or English.
    Title,
    /// Its name is one of these cut to the ten bytes of a DBF file.
    Cut,
    /// Its words are the beginnings of those of one of these.
    Abbreviation,
}

impl How {
    /// In words, for the report.
    pub const fn title(self) -> Text {
        match self {
            Self::MappingFile => Text::new("по датотеци пресликавања", "mapping file"),
            Self::FixedValue => Text::new(
                "стална вредност из датотеке пресликавања",
                "fixed value of the mapping file",
            ),
            Self::Name => Text::new("исти назив", "same name"),
            Self::Synonym => Text::new("познат други назив", "synonym"),
            Self::Title => Text::new("наслов поља", "title"),
            Self::Cut => Text::new(
                "назив скраћен на десет знакова",
                "name cut to ten characters",
            ),
            Self::Abbreviation => Text::new("скраћеница", "abbreviation"),
        }
    }
}

/// A field of the file that is imported.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Matched {
    /// Its name in the file; of a fixed value, the value.
    pub source: String,
    /// Where it stands among the file's fields; beyond them for a fixed value.
    #[serde(skip)]
    pub at: usize,
    /// The field of the layer.
    #[serde(rename = "field", serialize_with = "name_of")]
    #[schemars(with = "String")]
    pub target: &'static Field,
    /// How it was recognised.
    pub how: How,
    /// How its values are read where the layer's field alone does not say it.
    #[serde(flatten)]
    pub reading: Reading,
}

/// How the values of one field of a file are read where the layer's field alone does not say it.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Reading {
    /// The unit of its numbers, where that is not the register's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static Unit>,
    /// What a mapping file says that its texts mean.
    #[serde(skip)]
    pub values: BTreeMap<String, Fixed>,
    /// What every record says.
    #[serde(skip)]
    pub constant: Option<Fixed>,
}

/// What a mapping file gives a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Fixed {
    /// A value.
    Value(Value),
    /// The name of a district or municipality, read like that of a file when the register is at hand.
    Name(String),
}

impl Matched {
    /// A field to which a mapping file gives what a text says.
    pub(crate) fn fixed(target: &'static Field, text: &str, fixed: Fixed) -> Self {
        Self {
            source: format!("\"{text}\""),
            at: usize::MAX,
            target,
            how: How::FixedValue,
            reading: Reading {
                constant: Some(fixed),
                ..Reading::default()
            },
        }
    }

    /// How it was recognised and from which unit it is converted, for the report: `synonym; from ha
    /// to m²`.
    pub fn how_in_words(&self) -> Message {
        let Text { sr, en } = self.how.title();
        let Some(unit) = self.reading.unit else {
            return self.how.title().into();
        };
        let from = unit.symbol;
        let to = Unit::of_register(unit.register_unit).map_or("", |own| own.symbol);
        message!("{sr}; из {from} у {to}", "{en}; from {from} to {to}")
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn name_of<S: serde::Serializer>(field: &&'static Field, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(field.name)
}

/// A field of the file that is not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Ignored {
    /// Its name in the file.
    pub source: String,
    /// Why, in plain words.
    pub reason: Message,
}

/// What becomes of every field of a file.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The fields that are imported, in file order, no two to one field of the layer, then those
    /// with a fixed value.
    pub matched: Vec<Matched>,
    /// The fields that are not.
    pub ignored: Vec<Ignored>,
    /// The columns of a table that give the place.
    pub coordinates: Option<CoordinateColumns>,
    /// Where the field stands that says from which revision of the register each record was made.
    pub made_from: Option<usize>,
}

impl Mapping {
    /// The fields of the layer that the file supplies.
    pub fn supplied(&self) -> Vec<&'static Field> {
        self.matched.iter().map(|matched| matched.target).collect()
    }
}

/// Matches the fields of `source` to those of `target`.
///
/// # Errors
/// When two fields of the file have the same right to one of the layer, when a field is missing
/// without which nothing can be imported, or when the mapping file does not fit file or layer.
pub fn map(
    source: &SourceLayer,
    target: &'static Layer,
    file: Option<&MappingFile>,
) -> Result<Mapping, MappingError> {
    let work = work::Work::of(source, target, file, work::Doubt::IsAnError)?;
    work.require(source)?;
    Ok(work.finish())
}

#[cfg(test)]
mod tests;
