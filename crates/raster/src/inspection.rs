//! What a raster file from outside is, and the values of its cells.
//!
//! GDAL reads files that come from outside here: call [`inspect`] and [`SourceReader`] only in the
//! limited worker process. The descriptions themselves ([`RasterInspection`], [`ReadingPlan`]) are
//! for both sides: what the worker says is checked by [`RasterInspection::check`] and the plan.

mod compression;
mod display;
mod error;
mod examine;
mod foreign;
mod layout;
mod notes;
mod plan;
mod read;
mod reference;
mod sample;
mod settings;
mod tags;

use domain::lang::Message;
use serde::{Deserialize, Serialize};

pub use self::error::InspectionError;
pub use self::examine::inspect;
pub use self::plan::{Piece, ReadingPlan};
pub use self::read::SourceReader;
pub use self::sample::SampleType;
use crate::grid::Grid;

/// The most cells of a raster: a square of 200 km in cells of 1 m, or of 2 km in cells of 1 cm.
pub const MAX_CELLS: u64 = 40_000_000_000;
/// The most columns, and the most rows.
pub const MAX_SIDE: usize = 2_000_000;
/// The most bands.
pub const MAX_BANDS: usize = 64;
/// The most colours of a palette: those of 16 bits.
pub const MAX_PALETTE: usize = 65_536;
/// The longest text of a description, such as the WKT of a coordinate reference system.
const MAX_TEXT_BYTES: usize = 256 * 1024;
/// The most notes.
const MAX_NOTES: usize = 100;

/// What a raster file is.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the file that stands for itself"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RasterInspection {
    /// Cells of a row.
    pub columns: usize,
    /// Rows of cells.
    pub rows: usize,
    /// What each cell's values are; the same in all bands.
    pub sample: SampleType,
    /// How many of the type's bits the file uses, such as 1 for a picture in black and white.
    pub bits: u8,
    /// The bands in file order, at least one.
    pub bands: Vec<SourceBand>,
    /// The value that stands for no data in all bands, as stored. `NaN` cells have no data in any
    /// case. A mark that no cell can have is left out, and said in the notes.
    pub nodata: Option<f64>,
    /// The file has a mask of its own, which is read as one more plane of bytes after the bands:
    /// 0 for no data, 255 for data.
    pub mask: bool,
    /// Where the cells lie.
    pub placement: Placement,
    /// The file places the centres of cells, not their corners (`AREA_OR_POINT=Point`). The
    /// placement here is of corners in any case: nothing is left to shift.
    pub pixel_is_point: bool,
    /// The coordinate reference system that the file declares.
    pub crs: Option<DeclaredRasterCrs>,
    /// How the cells are packed, such as `Deflate` or `JPEG`.
    pub compression: String,
    /// The packing may have changed values a little, as that of JPEG does.
    pub lossy: bool,
    /// The file is a `BigTIFF`, which may exceed 4 GiB.
    pub big_tiff: bool,
    /// The cells are packed in tiles, not in strips of whole rows.
    pub tiled: bool,
    /// Columns of the blocks (tiles or strips) in which cells are packed.
    pub block_columns: usize,
    /// Rows of the blocks.
    pub block_rows: usize,
    /// When the picture was made or the file written, as the file says it
    /// (`YYYY:MM:DD HH:MM:SS`, TIFF 6.0 tag `DateTime`).
    pub date_time: Option<String>,
    /// The program that wrote the file, as it says.
    pub software: Option<String>,
    /// Things to know that are no errors, such as a mark for no data that no cell can have.
    pub notes: Vec<Message>,
}

/// One band of a raster file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceBand {
    /// What the band is of a picture.
    pub colour: BandColour,
    /// The name that the file gives it.
    pub description: Option<String>,
    /// The unit of its values as the file says it, such as `metre` or `US survey foot`.
    pub unit: Option<String>,
    /// A value of the surveyed quantity is `scale` × the cell's value + [`offset`](Self::offset).
    pub scale: f64,
    /// See [`scale`](Self::scale).
    pub offset: f64,
    /// The colours for which the cells' values stand, from 0: red, green, blue, opacity. Empty
    /// when values are no numbers of colours.
    pub palette: Vec<[u8; 4]>,
}

/// What a band is of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BandColour {
    /// Not said.
    Undefined,
    /// Shades of grey, or any one quantity: most programs call heights so.
    Grey,
    /// Numbers of colours ([`SourceBand::palette`]).
    Palette,
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Opacity: 0 is no data.
    Alpha,
    /// A part of another colour model, such as cyan.
    Other,
}

/// Where the cells of a raster file lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Placement {
    /// Rows from north to south, columns from west to east.
    NorthUp(Transform),
    /// Rows from south to north in the file. They are read turned north up.
    BottomUp(Transform),
    /// Turned by so many degrees, anticlockwise positive, sheared or mirrored.
    Rotated {
        /// How far the rows are turned from east.
        degrees: f64,
        /// Where.
        transform: Transform,
    },
    /// Control points tie cells to places, so many of them: the picture is not rectified.
    ControlPoints(usize),
    /// A camera model (rational polynomials): the picture is not rectified.
    RationalPolynomials,
    /// Not said.
    None,
}

/// GDAL's six affine coefficients, for the corner of the first column and row of the file:
/// x = `[0]` + column × `[1]` + row × `[2]`, y = `[3]` + column × `[4]` + row × `[5]`, in units of the
/// coordinate reference system, GIS order (x = east, y = north).
pub type Transform = [f64; 6];

/// A coordinate reference system that a raster file declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeclaredRasterCrs {
    /// The authority's code of the horizontal part, such as `EPSG:6316`, when the file names one.
    pub authority: Option<String>,
    /// The definition as WKT, a vertical part included.
    pub wkt: String,
    /// The vertical part.
    pub vertical: Option<DeclaredVertical>,
}

/// The heights of a declared coordinate reference system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeclaredVertical {
    /// Its name, such as `EVRF2000 height`.
    pub name: String,
    /// The authority's code, such as `EPSG:5730`.
    pub authority: Option<String>,
    /// The unit, such as `metre`.
    pub unit: Option<String>,
    /// Heights above the ellipsoid, as satellite positioning gives them, not above the sea.
    pub ellipsoidal: bool,
}

impl RasterInspection {
    /// Where the cells lie once rows run from north to south; none for a raster that is rotated or
    /// placed nowhere.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a raster has far fewer than 2^52 rows"
    )]
    pub fn grid(&self) -> Option<Grid> {
        let (transform, north) = match self.placement {
            Placement::NorthUp(transform) => (transform, transform[3]),
            Placement::BottomUp(transform) => {
                let north = transform[3] + transform[5] * self.rows as f64;
                (transform, north)
            }
            _ => return None,
        };
        Some(Grid {
            west: transform[0],
            north,
            cell_width: transform[1],
            cell_height: transform[5].abs(),
            columns: self.columns,
            rows: self.rows,
        })
    }

    /// Bytes of all values of one cell, the mask's included.
    pub const fn bytes_per_cell(&self) -> usize {
        let mask = if self.mask { 1 } else { 0 };
        self.bands.len() * self.sample.bytes() + mask
    }

    /// Checks that a description holds together and is of a size that is read. What the worker
    /// process says is checked by this again where it arrives.
    ///
    /// # Errors
    /// The same as [`inspect`] for what is too large, [`InspectionError::Contradiction`] for what
    /// [`inspect`] never says.
    pub fn check(&self) -> Result<(), InspectionError> {
        error::check_size(self.columns, self.rows, self.bands.len())?;
        let blocks_fit = (1..=self.columns).contains(&self.block_columns)
            && (1..=self.rows).contains(&self.block_rows);
        let bands_fit = self.bands.iter().all(|band| {
            let plain = band.scale.is_finite() && band.offset.is_finite();
            plain && band.palette.len() <= MAX_PALETTE
        });
        let texts_fit = self.texts().all(|text| text.len() <= MAX_TEXT_BYTES);
        let holds =
            blocks_fit && bands_fit && texts_fit && self.notes.len() <= MAX_NOTES && self.placed();
        holds.then_some(()).ok_or(InspectionError::Contradiction)
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let bands = self.bands.iter();
        let of_bands = bands.flat_map(|band| [&band.description, &band.unit].into_iter().flatten());
        let own = [&self.date_time, &self.software].into_iter().flatten();
        let notes = self.notes.iter().flat_map(|note| [&note.sr, &note.en]);
        let crs = self.crs.iter().map(|crs| &crs.wkt);
        of_bands.chain(own).chain(notes).chain(crs)
    }

    /// The placement's numbers are such as [`inspect`] gives.
    fn placed(&self) -> bool {
        let finite = |transform: Transform| transform.iter().all(|number| number.is_finite());
        match self.placement {
            Placement::NorthUp(it) => finite(it) && it[1] > 0.0 && it[5] < 0.0,
            Placement::BottomUp(it) => finite(it) && it[1] > 0.0 && it[5] > 0.0,
            Placement::Rotated { degrees, transform } => degrees.is_finite() && finite(transform),
            Placement::ControlPoints(_) | Placement::RationalPolynomials | Placement::None => true,
        }
    }
}

#[cfg(test)]
mod tests;
