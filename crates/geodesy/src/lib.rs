//! Coordinate reference systems for a Serbian register.
//!
//! The crate recognises a reference system from a code, a URI or the text of a
//! `.prj` file ([`Crs`]), moves coordinates between it and WGS 84 with an
//! operation of known accuracy ([`Transformer`]), and tells whether numbers
//! can be where a file says they are ([`fits`]) and how else they can be read
//! ([`Reading`], [`candidates`]).
//!
//! Every coordinate given to or taken from this crate is x = east, y = north,
//! whatever axis order the registry lists; [`Crs::axis_order`] tells the edge
//! of the program what to turn. The one exception is a plan made of a
//! [`Reading`], which takes numbers as a file writes them.
//!
//! The datum shift from MGI 1901 is pinned to EPSG:9486 and never left to
//! PROJ, which chooses by area of use and changes its mind between releases.
//!
//! ```
//! use geodesy::{Crs, Transformer};
//!
//! let crs: Crs = "EPSG:31277".parse()?;
//! assert_eq!(crs.epsg(), Some(6316));
//! let to_wgs84 = Transformer::to_wgs84(&crs)?;
//! assert_eq!(to_wgs84.operation().epsg, Some(9486));
//! let (lon, lat) = to_wgs84.transform(7_588_213.57, 4_881_734.64)?;
//! assert!((lon - 22.095_91).abs() < 1e-7 && (lat - 44.074_88).abs() < 1e-7);
//! # Ok::<(), geodesy::GeodesyError>(())
//! ```

mod bounds;
mod crs;
mod definition;
mod distance;
mod error;
mod notes;
mod operation;
mod outline;
mod plausibility;
mod proj_text;
mod reading;
mod recognise;
mod registry;
mod signature;
mod transform;

pub use bounds::{Bounds, SERBIA};
pub use crs::{AxisOrder, Crs, Identity};
pub use distance::distance_m;
pub use error::GeodesyError;
pub use operation::{Operation, TransformPlan};
pub use plausibility::{candidates, fits};
pub use reading::Reading;
pub use transform::Transformer;
