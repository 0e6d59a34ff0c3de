//! The user's own word on the fields of a file.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

/// A text of a mapping file, with the line on which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
}

/// A user's own decision about the fields of a file, in TOML:
///
/// ```toml
/// ignore = ["SHAPE_LEN"]
/// [fields]
/// SIFRA = "code"
/// Y = "easting"
/// X = "northing"
/// POVR = "area_m2"
/// [units]
/// POVR = "ha"
/// [constants]
/// source = "Elaborat 2023"
/// [values.status]
/// A = "operating"
/// ```
///
/// Besides the names of the layer's fields, `longitude`, `latitude`, `easting`, `northing` and
/// `wkt` name the columns of a table that give the place. `[units]` and `[fields]` go by names in
/// the file, `[constants]` and `[values]` by names in the layer; an empty value means unknown.
#[derive(Clone, Debug, Default)]
pub struct MappingFile {
    /// Names in the file with the names in the layer.
    pub fields: BTreeMap<String, Placed>,
    /// Names in the file that are not imported.
    pub ignore: Vec<Placed>,
    /// Names in the file with the units of their numbers.
    pub units: BTreeMap<String, Placed>,
    /// Names in the layer with the value of every record.
    pub constants: BTreeMap<String, Placed>,
    /// Names in the layer, with what texts of the file mean.
    pub values: BTreeMap<String, BTreeMap<String, Placed>>,
}

/// Why a mapping file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum MappingFileError {
    /// The system refuses.
    #[error("the mapping file {path} cannot be read; check the path")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not TOML of this form.
    #[error(
        "the mapping file is not of the form `[fields]`, `NAME_IN_FILE = \"name_in_layer\"`, with \
         an optional line `ignore = [\"NAME_IN_FILE\"]` before it and, after it, `[units]`, \
         `[constants]` and `[values.name_in_layer]`; --write-mapping writes one to begin with"
    )]
    Malformed(#[source] toml::de::Error),
}

type Texts = BTreeMap<String, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    fields: Texts,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    #[serde(default)]
    units: Texts,
    #[serde(default)]
    constants: Texts,
    #[serde(default)]
    values: BTreeMap<String, Texts>,
}

impl MappingFile {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// When it cannot be read or is not of the form above.
    pub fn read(path: &Path) -> Result<Self, MappingFileError> {
        std::fs::read_to_string(path)
            .map_err(|source| MappingFileError::Unreadable {
                path: path.display().to_string(),
                source,
            })?
            .parse()
    }
}

impl FromStr for MappingFile {
    type Err = MappingFileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: Raw = toml::from_str(text).map_err(MappingFileError::Malformed)?;
        let placed = |spanned: Spanned<String>| Placed {
            line: 1 + text[..spanned.span().start].matches('\n').count(),
            text: spanned.into_inner(),
        };
        let all = |texts: Texts| -> BTreeMap<String, Placed> {
            let placed = texts.into_iter().map(|(name, text)| (name, placed(text)));
            placed.collect()
        };
        Ok(Self {
            fields: all(raw.fields),
            ignore: raw.ignore.into_iter().map(placed).collect(),
            units: all(raw.units),
            constants: all(raw.constants),
            values: raw
                .values
                .into_iter()
                .map(|(name, texts)| (name, all(texts)))
                .collect(),
        })
    }
}
