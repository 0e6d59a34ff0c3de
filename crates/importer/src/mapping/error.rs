//! Why fields cannot be matched.

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
    /// Two columns that give the place have the same name.
    #[error(
        "two columns are called `{first}`, and either could give the place (the second is taken as \
         `{second}`); rename the one that does not, and import again"
    )]
    PlaceTwice {
        /// The first column.
        first: String,
        /// How the second is called here.
        second: String,
    },
    /// The mapping file names a field that the file does not have.
    #[error(
        "line {line} of the mapping file names the field `{name}`, which the file does not have; \
         it has {}",
        listed(fields)
    )]
    NotInFile {
        /// The line of the mapping file.
        line: usize,
        /// The name.
        name: String,
        /// The fields of the file.
        fields: Vec<String>,
    },
    /// The mapping file names a field that the layer does not have or that cannot be imported.
    #[error(
        "line {line} of the mapping file gives `{source_name}` to `{name}`, {why}; use one of {}",
        listed(fields)
    )]
    NotInLayer {
        /// The line of the mapping file.
        line: usize,
        /// The field of the file.
        source_name: String,
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
        /// The fields that can be imported.
        fields: Vec<String>,
    },
    /// The mapping file says of a field or value what cannot be.
    #[error("line {line} of the mapping file, `{key}`: {what}")]
    Unfitting {
        /// The line of the mapping file.
        line: usize,
        /// The name on its left side.
        key: String,
        /// What is wrong, and the way out.
        what: String,
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
