use proj::{ProjCreateError, ProjError};

/// What can go wrong while recognising a reference system or transforming.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeodesyError {
    /// The text is not one of the accepted ways to write a code.
    #[error(
        "cannot read {text:?} as a coordinate reference system; write it as EPSG:6316, as \
         http://www.opengis.net/def/crs/EPSG/0/6316, or as a WKT or PROJ text"
    )]
    UnknownText {
        /// The text, at most 100 characters of it.
        text: String,
    },

    /// The code is well formed, but no such reference system is known.
    #[error("{code} is not a coordinate reference system of the EPSG registry; check the code")]
    NotInRegistry {
        /// The code as `EPSG:<number>`.
        code: String,
        /// PROJ's reason, where it was asked.
        source: Option<ProjCreateError>,
    },

    /// A PROJ text that is no grid, or names files.
    #[error(
        "{what:?} is no PROJ text of a grid; give one such as +proj=tmerc +lat_0=0 +lon_0=21 \
         +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel, without files and pipelines"
    )]
    UnusableProjText {
        /// The text or the part of it that is not taken.
        what: String,
        /// PROJ's reason, where it was asked.
        source: Option<ProjCreateError>,
    },

    /// What follows a reference system is not one of the accepted words.
    #[error(
        "{reading:?} adds {metres} m to eastings, which is no whole number of zones; write \
         +6000000, +7000000 or +8000000"
    )]
    NoZoneDigit {
        /// The reading as written.
        reading: String,
        /// What it adds.
        metres: f64,
    },

    /// The registry built into PROJ did not answer for codes that must exist.
    #[error(
        "the EPSG registry cannot be read; a file proj.db of another PROJ version probably lies in \
         one of {searched}: unset PROJ_DATA, or move the program to where no share/proj is beside it"
    )]
    RegistryUnreadable {
        /// The folders that PROJ searches, separated as in `PATH`.
        searched: String,
    },

    /// The text is not well-known text of a reference system.
    #[error(
        "{excerpt:?} is not the text of a coordinate reference system (WKT); check the .prj file"
    )]
    UnreadableWkt {
        /// The beginning of the text.
        excerpt: String,
        /// PROJ's reason, where it read the text at all.
        source: Option<ProjCreateError>,
    },

    /// PROJ could not describe the reference system.
    #[error("PROJ cannot describe the coordinate reference system {crs:?}; declare another one")]
    Undescribable {
        /// The reference system as declared.
        crs: String,
        /// PROJ's reason; `None` when its description is malformed.
        source: Option<ProjError>,
    },

    /// A height, local or geocentric system, which has no east and north on the Earth.
    #[error(
        "{name:?} is a {kind}, which does not place points on the map; give the EPSG code of the grid"
    )]
    NotHorizontal {
        /// The name of the reference system.
        name: String,
        /// Its type by PROJJSON, such as `VerticalCRS`.
        kind: String,
    },

    /// The axes do not point east and north.
    #[error(
        "the axes of {name:?} point {axes}; convert the data to a grid with axes east and north"
    )]
    UnsupportedAxes {
        /// The name of the reference system.
        name: String,
        /// The directions of its axes.
        axes: String,
    },

    /// The unit is not the one the pinned operation needs.
    #[error(
        "{name:?} counts angles in units of {degrees} degrees; convert the data to whole degrees"
    )]
    UnsupportedUnit {
        /// The name of the reference system.
        name: String,
        /// Degrees in one unit.
        degrees: f64,
    },

    /// There is no operation to WGS 84 that is valid in Serbia and usable.
    #[error(
        "there is no usable operation from {crs:?} to WGS 84 in Serbia; declare the grid the data \
         were surveyed in, for example EPSG:6316 or EPSG:8682"
    )]
    NoOperation {
        /// The name of the reference system.
        crs: String,
        /// PROJ's reason, where it gives one.
        source: Option<ProjCreateError>,
    },

    /// The only operation would ignore the change of datum, or its accuracy is unknown.
    #[error(
        "the only operation from {crs:?} to WGS 84 in Serbia is {operation:?}, whose accuracy is \
         unknown; declare the grid the data were surveyed in, for example EPSG:6316 or EPSG:8682"
    )]
    UnknownAccuracy {
        /// The name of the reference system.
        crs: String,
        /// The name of the operation.
        operation: String,
    },

    /// PROJ refused a pipeline that it or this crate wrote.
    #[error("PROJ cannot build the operation {operation:?}")]
    Pipeline {
        /// The name of the operation.
        operation: String,
        /// PROJ's reason.
        source: ProjCreateError,
    },

    /// The point lies where the operation is not defined.
    #[error(
        "the point x {x}, y {y} cannot be transformed by {operation:?}; check the coordinate \
         reference system of the data"
    )]
    OutsideDomain {
        /// East, as given.
        x: f64,
        /// North, as given.
        y: f64,
        /// The name of the operation.
        operation: String,
        /// PROJ's reason.
        source: ProjError,
    },

    /// The numbers are not degrees of longitude and latitude.
    #[error(
        "longitude {lon}, latitude {lat} is no place on the Earth; check the coordinate reference \
         system of the data"
    )]
    NotLonLat {
        /// Degrees.
        lon: f64,
        /// Degrees.
        lat: f64,
    },

    /// A coordinate is infinite or not a number, before or after the operation.
    #[error(
        "the point x {x}, y {y} has no finite coordinates under {operation:?}; correct or remove it"
    )]
    NotFinite {
        /// East, as given.
        x: f64,
        /// North, as given.
        y: f64,
        /// The name of the operation.
        operation: String,
    },
}
