//! Places in the parameters of a request.

use domain::{Text, message};
use geodesy::{Crs, Reading, TransformPlan, Transformer};
use raster::RasterError;

use crate::context::Context;
use crate::error::ApiError;
use crate::params::numbers;
use crate::problem::Wanted;

const CRS: Text = Text::new(
    "потребна је ознака, као EPSG:6316, OGC:CRS84 или \
     http://www.opengis.net/def/crs/EPSG/0/6316",
    "give a code such as EPSG:6316, OGC:CRS84 or http://www.opengis.net/def/crs/EPSG/0/6316",
);
const NUMBER: Text = Text::new(
    "потребан је број са децималном тачком, као 22.0959",
    "give a number with a decimal point, such as 22.0959",
);

/// The longest code of a coordinate reference system that is looked up.
const LONGEST_CRS: usize = 100;

/// A coordinate reference system as a request names it: by a code only, never by a definition.
pub fn crs(context: &Context, name: &str) -> Result<Option<Crs>, ApiError> {
    context.parse(name, CRS, |text| {
        // Safe CURIEs stand in brackets (OGC API Maps 1, 7.4).
        let code = text.trim_start_matches('[').trim_end_matches(']');
        let is_code = code.len() <= LONGEST_CRS
            && code
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte));
        is_code.then(|| Crs::parse(code).ok()).flatten()
    })
}

/// A finite number.
pub fn number(context: &Context, name: &str) -> Result<Option<f64>, ApiError> {
    context.parse(name, NUMBER, |text| match numbers(text)?[..] {
        [number] => Some(number),
        _ => None,
    })
}

/// Whether a place is one of longitude and latitude, degrees.
pub fn is_on_earth((lon, lat): (f64, f64)) -> bool {
    lon.abs() <= 180.0 && lat.abs() <= 90.0
}

/// How the coordinates of a request become longitude and latitude, WGS 84: their order is that of the
/// reference system's own definition, so with EPSG:4326 latitude comes first (OGC API Features 2).
///
/// # Errors
/// When no operation is known.
pub fn plan_of(crs: &Crs) -> Result<TransformPlan, RasterError> {
    let reading = Reading {
        axes: crs.axis_order(),
        ..Reading::plain(crs.clone())
    };
    Ok(TransformPlan::of_reading(&reading)?)
}

/// A place by such a plan.
pub fn to_lon_lat(transformer: &Transformer, (x, y): (f64, f64)) -> Option<(f64, f64)> {
    transformer.transform(x, y).ok()
}

/// What to say of coordinates that the reference system cannot have.
pub fn not_in(crs: &Crs) -> Wanted {
    let name = crs.name();
    Wanted::Told(message!(
        "то није место у систему {name}; редослед координата је онај из дефиниције система",
        "that is no place in {name}; the order of the coordinates is that of the system's definition"
    ))
}
