//! What the parent and the worker process say to each other: one [`Job`] in, a stream of
//! [`Event`]s out, each a length-prefixed postcard message.

use std::path::PathBuf;

use domain::lang::Message;
use raster::Window;
use raster::inspection::{RasterInspection, SampleType};
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
    /// Say what a raster file is: answers [`Event::RasterInspected`].
    InspectRaster {
        /// The file.
        path: PathBuf,
    },
    /// Read the cells of a raster file: answers [`Event::Cells`] until [`Event::Finished`].
    ReadRaster {
        /// The file.
        path: PathBuf,
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
        /// How many; of a raster, how many blocks of cells.
        records: u64,
    },
    /// The file cannot be read; plain words that name what is wrong and the way out.
    Failed(String),
    /// What a raster file is.
    RasterInspected(Box<RasterInspection>),
    /// Some cells of a raster file, by its [`ReadingPlan`](raster::inspection::ReadingPlan).
    Cells(CellBlock),
}

/// The values of a rectangle of a raster's cells, in all bands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellBlock {
    /// The first column, from 0.
    pub column: usize,
    /// The first row, from 0; rows run from north to south, whatever the order in the file.
    pub row: usize,
    /// How many columns.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
    /// One plane for each band in file order, values of the inspection's
    /// [`SampleType`](raster::inspection::SampleType), little-endian; then that of the mask, one
    /// byte for each cell, if the file has one. A plane is row by row from the north.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

impl CellBlock {
    /// Which cells these are.
    pub const fn window(&self) -> Window {
        Window {
            column: self.column,
            row: self.row,
            columns: self.columns,
            rows: self.rows,
        }
    }

    /// The values of a band, from 0; none for a band that the raster does not have.
    pub fn plane(&self, band: usize, sample: SampleType) -> Option<&[u8]> {
        let bytes = self.columns * self.rows * sample.bytes();
        self.bytes.get(band * bytes..(band + 1) * bytes)
    }

    /// The mask of a raster that has one: 0 for no data, 255 for data, one byte for each cell.
    pub fn mask(&self) -> Option<&[u8]> {
        let cells = self.columns * self.rows;
        self.bytes.get(self.bytes.len().checked_sub(cells)?..)
    }
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
    /// Whether only the direction of rings says which are holes.
    pub holes_by_direction: bool,
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
    /// Its number in the file (`fid` in a GeoPackage, `id` in GeoJSON), where it is not its place counted from 1 or
    /// from 0.
    pub fid: Option<u64>,
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
