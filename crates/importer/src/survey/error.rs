//! Why a raster survey was not imported.

use chrono::NaiveDate;
use geodesy::GeodesyError;
use raster::RasterError;
use store::StoreError;

use crate::coordinates::CoordinateError;
use crate::process::WorkerError;
use crate::receive::ReceiveError;

/// Why a raster survey was not imported. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// The day is still to come.
    #[error("the survey's date {surveyed_on} is after today, {today}; correct --surveyed")]
    Future {
        /// As given.
        surveyed_on: NaiveDate,
        /// In Serbia.
        today: NaiveDate,
    },
    /// Nobody surveyed from the air then.
    #[error("the survey's date {surveyed_on} is before 1900; correct --surveyed")]
    TooOld {
        /// As given.
        surveyed_on: NaiveDate,
    },
    /// A code without a letter.
    #[error("the code is empty; give one to --code, or leave it out")]
    EmptyCode,
    /// The facility is not in the register.
    #[error("there is no facility {code} in the register; check --facility, or import it first")]
    UnknownFacility {
        /// As given.
        code: String,
    },
    /// The register does not know where the facility is.
    #[error(
        "the register does not know where the facility {code} is, so nobody can tell whether the \
         survey shows it; import the facility's place first"
    )]
    UnplacedFacility {
        /// Its code.
        code: String,
    },
    /// It cannot be received.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// It cannot be read.
    #[error("{file} cannot be imported")]
    Worker {
        /// The file.
        file: String,
        /// Why.
        source: WorkerError,
    },
    /// Its rows do not run from west to east.
    #[error(
        "{file}: the raster is rotated by {degrees:.2}° or mirrored; turn it north up with \
         `gdalwarp {file} north-up.tif`, or in QGIS with Raster > Projections > Warp, and import that"
    )]
    Rotated {
        /// The file.
        file: String,
        /// From east, anticlockwise.
        degrees: f64,
    },
    /// Only control points place it.
    #[error(
        "{file}: the raster is placed by {count} control points only and not rectified; rectify it \
         with `gdalwarp -tps -t_srs EPSG:6316 {file} rectified.tif`, or in QGIS with the \
         Georeferencer, and import that"
    )]
    ControlPoints {
        /// The file.
        file: String,
        /// How many.
        count: usize,
    },
    /// Only a camera model places it.
    #[error(
        "{file}: the raster is placed by a camera model (RPC) only and not rectified; rectify it \
         with `gdalwarp -rpc -to RPC_DEM=terrain.tif -t_srs EPSG:6316 {file} rectified.tif` and \
         import that"
    )]
    CameraModel {
        /// The file.
        file: String,
    },
    /// Nothing places it.
    #[error(
        "{file}: the file does not say where its cells lie; export it as GeoTIFF with its placement, \
         or give it one in QGIS with the Georeferencer"
    )]
    Unplaced {
        /// The file.
        file: String,
    },
    /// Its first axis is north.
    #[error(
        "{file}: the raster is placed with its axes exchanged, x being north and y east; place it \
         anew with `gdal_translate -a_ullr WEST NORTH EAST SOUTH {file} placed.tif`"
    )]
    Turned {
        /// The file.
        file: String,
    },
    /// Its coordinates are in doubt.
    #[error(transparent)]
    Coordinates(#[from] CoordinateError),
    /// It does not have the bands that its kind needs.
    #[error("{file}: {reason}")]
    Bands {
        /// The file.
        file: String,
        /// What is wrong, and the way out.
        reason: String,
    },
    /// The image cannot be written or another one read.
    #[error(transparent)]
    Raster(#[from] RasterError),
    /// Its cells cannot be placed.
    #[error("the cells of the survey cannot be placed; name their reference system with --crs")]
    Position(#[from] GeodesyError),
    /// The register does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A step ended that should not have.
    #[error("the import of {file} stopped half-way and nothing was changed; try again")]
    Stopped {
        /// The file.
        file: String,
    },
}

impl SurveyError {
    pub(super) fn unread(file: &str, source: WorkerError) -> Self {
        Self::Worker {
            file: file.to_owned(),
            source,
        }
    }
}
