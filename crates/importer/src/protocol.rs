//! What the parent and the worker process say to each other: one [`Job`] in, a stream of
//! [`Event`]s out, each a length-prefixed postcard message.

use std::path::PathBuf;

use domain::lang::Message;
use serde::{Deserialize, Serialize};

/// The longest message that either side accepts.
pub const MAX_MESSAGE_BYTES: usize = 32 * 1024 * 1024;

/// The most fields of a layer. A dBASE table and an `SQLite` table hold fewer.
pub const MAX_FIELDS: usize = 2048;

/// What the worker is asked to do with one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Job {
    /// Say what the file holds: answers [`Event::Inspected`].
    Inspect {
        /// The file or folder.
        path: PathBuf,
        /// The text encoding that the user names, if any.
        encoding: Option<String>,
    },
    /// Read one layer: answers [`Event::Records`] until [`Event::Finished`].
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The layer, by [`SourceLayer::name`].
        layer: String,
        /// The text encoding decided at inspection ([`EncodingDecision::name`]).
        encoding: String,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Event {
    /// What the file holds.
    Inspected(Inspection),
    /// Some records, in file order, at most a few hundred at a time.
    Records(Vec<SourceRecord>),
    /// All records were sent.
    Finished {
        /// How many.
        records: u64,
    },
    /// The file cannot be read; plain words that name what is wrong and the way out.
    Failed(String),
}

/// What a file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inspection {
    /// The format in plain words, such as `ESRI Shapefile (zipped)`.
    pub format: String,
    /// Its layers.
    pub layers: Vec<SourceLayer>,
    /// Things to know that are no errors, such as a missing `.prj`.
    pub notes: Vec<Message>,
}

/// One layer of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceLayer {
    /// Its name in the file.
    pub name: String,
    /// What its geometries are.
    pub geometry: SourceGeometry,
    /// How many records it says it has.
    pub record_count: u64,
    /// Its fields, in file order.
    pub fields: Vec<SourceField>,
    /// The coordinate reference system that the file declares.
    pub crs: Option<DeclaredCrs>,
    /// West, south, east, north of its geometries, in file units and GIS order (x, y).
    pub extent: Option<[f64; 4]>,
    /// How its text is read.
    pub encoding: EncodingDecision,
}

/// The geometries of a file's layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceGeometry {
    /// A table.
    None,
    /// Points or multipoints.
    Point,
    /// Lines or multilines.
    Line,
    /// Polygons or multipolygons.
    Polygon,
    /// Not said, or several.
    Mixed,
}

/// A field of a file's layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceField {
    /// Its name in the file.
    pub name: String,
    /// Its type in plain words, such as `text` or `real`.
    pub kind: String,
}

/// A declared coordinate reference system.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeclaredCrs {
    /// The authority's code, such as `EPSG:6316`, when the file names one.
    pub authority: Option<String>,
    /// The definition as WKT.
    pub wkt: String,
}

/// How text is read, and why.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EncodingDecision {
    /// The encoding, such as `UTF-8` or `CP1250`.
    pub name: String,
    /// Why: the `.cpg` file, the language byte, valid UTF-8, letter frequencies, the user.
    pub evidence: Message,
    /// Up to three values with letters outside ASCII, as read.
    pub samples: Vec<String>,
}

/// One record of a file, nothing interpreted yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its place in the file, from 1 (for tables: the line, the heading being line 1).
    pub row: u64,
    /// One value per [`SourceLayer::fields`].
    pub values: Vec<SourceValue>,
    /// Its geometry as ISO WKB in file coordinates, GIS order (x, y).
    #[serde(with = "serde_bytes")]
    pub wkb: Option<Vec<u8>>,
}

/// One value of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SourceValue {
    /// Nothing.
    Null,
    /// Text, decoded.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day, `YYYY-MM-DD`.
    Date(String),
    /// A moment, RFC 3339.
    DateTime(String),
    /// Several texts.
    TextList(Vec<String>),
}
