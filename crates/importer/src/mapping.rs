//! Which field of a file is which field of a layer.

mod coordinate_columns;
mod names;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use domain::Layer;
use domain::lang::{Message, Text};
use domain::layer::{Field, Origin};
use serde::{Deserialize, Serialize};

use crate::protocol::{SourceField, SourceGeometry, SourceLayer};
pub use coordinate_columns::{CoordinateColumns, Meaning};
use names::{FieldNames, Rank};

/// How a field of a file was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The mapping file says so.
    MappingFile,
    /// Its name is that of the layer's field, apart from case, script and diacritics.
    Name,
    /// Its name is a known other name.
    Synonym,
    /// Its name is the title in Serbian or English.
    Title,
    /// Its name is one of these cut to the ten bytes of a DBF file.
    Cut,
}

impl How {
    /// In words, for the report.
    pub const fn title(self) -> Text {
        match self {
            Self::MappingFile => Text::new("по датотеци пресликавања", "mapping file"),
            Self::Name => Text::new("исти назив", "same name"),
            Self::Synonym => Text::new("познат други назив", "synonym"),
            Self::Title => Text::new("наслов поља", "title"),
            Self::Cut => Text::new(
                "назив скраћен на десет знакова",
                "name cut to ten characters",
            ),
        }
    }
}

/// A field of the file that is imported.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Matched {
    /// Its name in the file.
    pub source: String,
    /// Where it stands among the file's fields.
    #[serde(skip)]
    pub at: usize,
    /// The field of the layer.
    #[serde(rename = "field", serialize_with = "name_of")]
    #[schemars(with = "String")]
    pub target: &'static Field,
    /// How it was recognised.
    pub how: How,
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
    /// The fields that are imported, in file order, no two to one field of the layer.
    pub matched: Vec<Matched>,
    /// The fields that are not.
    pub ignored: Vec<Ignored>,
    /// The columns of a table that give the place.
    pub coordinates: Option<CoordinateColumns>,
}

impl Mapping {
    /// The fields of the layer that the file supplies.
    pub fn supplied(&self) -> Vec<&'static Field> {
        self.matched.iter().map(|matched| matched.target).collect()
    }
}

/// A user's own decision about the fields of a file, in TOML:
///
/// ```toml
/// ignore = ["SHAPE_LEN"]
/// [fields]
/// SIFRA = "code"
/// Y = "easting"
/// X = "northing"
/// ```
///
/// Besides the names of the layer's fields, `longitude`, `latitude`, `easting`, `northing` and
/// `wkt` name the columns of a table that give the place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// Names in the file with the names in the layer.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Names in the file that are not imported.
    #[serde(default)]
    pub ignore: Vec<String>,
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
         an optional line `ignore = [\"NAME_IN_FILE\"]` before it"
    )]
    Malformed(#[source] toml::de::Error),
}

impl MappingFile {
    /// Reads a mapping file.
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
        toml::from_str(text).map_err(MappingFileError::Malformed)
    }
}

/// Why the fields of a file cannot be matched.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MappingError {
    /// No field means the key.
    #[error(
        "no field of `{layer}` means `{key}`, by which records are known: it has {}; name the \
         field in a mapping file (--mapping): [fields] NAME_IN_FILE = \"{key}\"",
        listed(fields)
    )]
    NoKey {
        /// The layer of the file.
        layer: String,
        /// The key of the register's layer.
        key: &'static str,
        /// The fields of the file.
        fields: Vec<String>,
    },
    /// Two fields with equal right.
    #[error(
        "the fields `{first}` and `{second}` both mean `{target}`; say in a mapping file \
         (--mapping) which one is meant: [fields] \"{first}\" = \"{target}\""
    )]
    Twice {
        /// One field of the file.
        first: String,
        /// The other.
        second: String,
        /// The field of the layer.
        target: String,
    },
    /// The mapping file names a field that the file does not have.
    #[error(
        "the mapping file names the field `{name}`, which the file does not have; it has {}",
        listed(fields)
    )]
    NotInFile {
        /// The name.
        name: String,
        /// The fields of the file.
        fields: Vec<String>,
    },
    /// The mapping file names a field that the layer does not have or that cannot be imported.
    #[error(
        "the mapping file gives `{source_name}` to `{name}`, {why}; use one of {}",
        listed(fields)
    )]
    NotInLayer {
        /// The field of the file.
        source_name: String,
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
        /// The fields that can be imported.
        fields: Vec<String>,
    },
    /// A table that says no place.
    #[error(
        "`{layer}` is a table without a place: it has {}; it needs two columns such as longitude \
         and latitude, E and N, or one column wkt; or name them in a mapping file (--mapping): \
         [fields] NAME_IN_FILE = \"longitude\"",
        listed(fields)
    )]
    NoPlace {
        /// The layer of the file.
        layer: String,
        /// The fields of the file.
        fields: Vec<String>,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "no fields".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Matches the fields of `source` to those of `target`.
pub fn map(
    source: &SourceLayer,
    target: &'static Layer,
    file: Option<&MappingFile>,
) -> Result<Mapping, MappingError> {
    let mut work = Work::new(source, target);
    if let Some(file) = file {
        work.obey(file)?;
    }
    if source.geometry == SourceGeometry::None {
        work.find_coordinates();
    }
    work.recognise()?;
    work.finish(source)
}

/// What is known of one field of the file so far.
#[derive(Clone, Debug)]
enum Fate {
    Open,
    Matched(&'static Field, Rank),
    Ignored(String),
    Coordinate,
}

struct Work<'a> {
    fields: &'a [SourceField],
    layer: &'static Layer,
    fates: Vec<Fate>,
    coordinates: Option<CoordinateColumns>,
}

impl<'a> Work<'a> {
    fn new(source: &'a SourceLayer, layer: &'static Layer) -> Self {
        let fates = vec![Fate::Open; source.fields.len()];
        Self {
            fields: &source.fields,
            layer,
            fates,
            coordinates: None,
        }
    }

    fn obey(&mut self, file: &MappingFile) -> Result<(), MappingError> {
        for name in &file.ignore {
            let at = self.position(name)?;
            self.fates[at] = Fate::Ignored("the mapping file says so".to_owned());
        }
        let mut places = Vec::new();
        for (name, target) in &file.fields {
            let at = self.position(name)?;
            if let Some(part) = coordinate_columns::Part::of_target(target) {
                places.push((at, part));
                self.fates[at] = Fate::Coordinate;
            } else {
                self.fates[at] = Fate::Matched(self.importable(name, target)?, Rank::MAPPING_FILE);
            }
        }
        self.coordinates = CoordinateColumns::of(&places);
        Ok(())
    }

    fn position(&self, name: &str) -> Result<usize, MappingError> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .ok_or_else(|| MappingError::NotInFile {
                name: name.to_owned(),
                fields: self.names(),
            })
    }

    fn importable(&self, source: &str, name: &str) -> Result<&'static Field, MappingError> {
        let why = match self.layer.field(name) {
            Some(field) if field.is_recorded() => return Ok(field),
            Some(field) => not_recorded(field),
            None => "which the layer does not have",
        };
        let fields = self.layer.fields.iter().filter(|field| field.is_recorded());
        Err(MappingError::NotInLayer {
            source_name: source.to_owned(),
            name: name.to_owned(),
            why,
            fields: fields.map(|field| field.name.to_owned()).collect(),
        })
    }

    fn find_coordinates(&mut self) {
        if self.coordinates.is_some() {
            return;
        }
        let open = self
            .fields
            .iter()
            .enumerate()
            .filter(|(at, _)| self.is_open(*at));
        let parts: Vec<_> = open
            .filter_map(|(at, field)| Some((at, coordinate_columns::Part::of_name(&field.name)?)))
            .collect();
        self.coordinates = CoordinateColumns::of(&parts).map(|columns| columns.among(self.fields));
        for at in self
            .coordinates
            .iter()
            .flat_map(CoordinateColumns::positions)
        {
            self.fates[at] = Fate::Coordinate;
        }
    }

    fn is_open(&self, at: usize) -> bool {
        matches!(self.fates[at], Fate::Open)
    }

    fn recognise(&mut self) -> Result<(), MappingError> {
        let known: Vec<_> = self.layer.fields.iter().map(FieldNames::of).collect();
        for at in 0..self.fields.len() {
            if self.is_open(at) {
                self.fates[at] = names::recognise(&self.fields[at].name, &known).into_fate();
            }
        }
        self.settle()
    }

    /// Leaves each field of the layer to the field of the file with the best right to it.
    fn settle(&mut self) -> Result<(), MappingError> {
        for field in self.layer.fields {
            let mut claims = self.claims(field);
            claims.sort_by_key(|(rank, at)| (*rank, *at));
            let Some((&(best, winner), losers)) = claims.split_first() else {
                continue;
            };
            for &(rank, loser) in losers {
                if rank == best {
                    return Err(self.twice(winner, loser, field));
                }
                let reason = format!(
                    "`{}` gives {}; a mapping file can say otherwise",
                    self.fields[winner].name, field.name
                );
                self.fates[loser] = Fate::Ignored(reason);
            }
        }
        Ok(())
    }

    fn claims(&self, field: &'static Field) -> Vec<(Rank, usize)> {
        let claim = |(at, fate): (usize, &Fate)| match fate {
            Fate::Matched(target, rank) if target.name == field.name => Some((*rank, at)),
            _ => None,
        };
        self.fates.iter().enumerate().filter_map(claim).collect()
    }

    fn twice(&self, first: usize, second: usize, field: &Field) -> MappingError {
        MappingError::Twice {
            first: self.fields[first].name.clone(),
            second: self.fields[second].name.clone(),
            target: field.name.to_owned(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    fn finish(self, source: &SourceLayer) -> Result<Mapping, MappingError> {
        let mut mapping = Mapping {
            matched: Vec::new(),
            ignored: Vec::new(),
            coordinates: None,
        };
        for (at, (field, fate)) in self.fields.iter().zip(&self.fates).enumerate() {
            let name = field.name.clone();
            match fate {
                Fate::Matched(target, rank) if target.is_recorded() => {
                    mapping.matched.push(Matched {
                        source: name,
                        at,
                        target,
                        how: rank.how,
                    });
                }
                Fate::Matched(target, _) => {
                    let reason = format!("{}, {}", target.name, not_recorded(target));
                    mapping.ignored.push(Ignored {
                        source: name,
                        reason: reason.into(),
                    });
                }
                Fate::Ignored(reason) => {
                    mapping.ignored.push(Ignored {
                        source: name,
                        reason: reason.clone().into(),
                    });
                }
                Fate::Open => {
                    let reason = "no field of the layer has this name".to_owned();
                    mapping.ignored.push(Ignored {
                        source: name,
                        reason: reason.into(),
                    });
                }
                Fate::Coordinate => {}
            }
        }
        self.require(&mapping, source)?;
        mapping.coordinates = self.coordinates;
        Ok(mapping)
    }

    fn require(&self, mapping: &Mapping, source: &SourceLayer) -> Result<(), MappingError> {
        let key = self.layer.key();
        let has_key = mapping
            .matched
            .iter()
            .any(|matched| matched.target.name == key.name);
        if !has_key && !self.layer.is_matched_without_code() {
            return Err(MappingError::NoKey {
                layer: source.name.clone(),
                key: key.name,
                fields: self.names(),
            });
        }
        // Tables of regions carry names and codes only; their boundaries come from elsewhere.
        let needs_place = source.geometry == SourceGeometry::None && self.layer.editable;
        if needs_place && self.coordinates.is_none() {
            return Err(MappingError::NoPlace {
                layer: source.name.clone(),
                fields: self.names(),
            });
        }
        Ok(())
    }
}

const fn not_recorded(field: &Field) -> &'static str {
    match field.origin {
        Origin::Derived => "which follows from other fields and is not imported",
        Origin::Register => "which the register keeps itself and is not imported",
        Origin::Recorded => "which is imported",
    }
}

#[cfg(test)]
mod tests;
