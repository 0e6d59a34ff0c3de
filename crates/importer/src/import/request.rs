//! What is asked of an import, and who is told how far it is.

use std::path::PathBuf;

use domain::Layer;
use domain::upload::RecordChoices;
use geodesy::Reading;
use store::revision::Means;

use crate::mapping::MappingFile;

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The file, or the folder of a shapefile.
    pub path: PathBuf,
    /// The layer of the register.
    pub layer: &'static Layer,
    /// The layer of the file, where several fit (`--source-layer`).
    pub source_layer: Option<String>,
    /// The user's own matching of fields (`--mapping`).
    pub mapping: Option<MappingFile>,
    /// The reference system of the coordinates (`--crs`); it wins over the file's.
    pub crs: Option<Reading>,
    /// The encoding of the text (`--encoding`); it wins over the file's.
    pub encoding: Option<String>,
    /// Whether to report only.
    pub dry_run: bool,
    /// Who imports.
    pub author: String,
    /// By what means.
    pub means: Means,
    /// A citation of the evidence.
    pub source: Option<String>,
    /// Why, in the author's words.
    pub comment: Option<String>,
    /// What a reviewer says of some records.
    pub choices: RecordChoices,
    /// The upload under review that the file is: a dry run keeps what it found for its preview.
    pub submission: Option<i64>,
}

/// The steps that an import is seen to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Measuring and digesting the file.
    Receiving,
    /// Finding out what it holds.
    Inspecting,
    /// Reading coordinates to find their reference system.
    Locating,
    /// Reading, converting and staging the records.
    Reading,
    /// Comparing them with the register.
    Comparing,
    /// Writing the revision.
    Publishing,
    /// Reading the cells of a raster, counted in rows.
    Cells,
    /// Packing them into an image.
    Packing,
}

impl Stage {
    /// The step in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Inspecting => "inspecting",
            Self::Locating => "locating",
            Self::Reading | Self::Cells => "reading",
            Self::Comparing => "comparing",
            Self::Publishing => "publishing",
            Self::Packing => "packing",
        }
    }
}

/// Who is told how far an import is.
pub trait Progress: Send + Sync {
    /// A step begins; `records` is how many it will handle, as far as known.
    fn begins(&self, stage: Stage, records: Option<u64>);
    /// So many records of the step are done.
    fn done(&self, records: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn begins(&self, _stage: Stage, _records: Option<u64>) {}
    fn done(&self, _records: u64) {}
}
