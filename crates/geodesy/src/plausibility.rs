//! Whether numbers can be where a file says they are.

use crate::bounds::{Bounds, SERBIA};
use crate::crs::{AxisOrder, Crs};
use crate::error::GeodesyError;
use crate::operation::TransformPlan;
use crate::outline;
use crate::reading::Reading;

/// A reference system that Serbian numbers are in, and the image of [`SERBIA`] in it, rounded
/// outward to 100 m.
struct Image {
    epsg: u32,
    serbia: Bounds,
    /// The zone number in the false easting, metres, else 0.
    zone_digit_m: f64,
}

const fn zone(epsg: u32, digit: f64, serbia: Bounds) -> Image {
    Image {
        epsg,
        serbia,
        zone_digit_m: digit * 1e6,
    }
}

const IMAGES: [Image; 7] = [
    zone(4326, 0.0, SERBIA),
    zone(
        8678,
        6.0,
        Bounds::new(6_562_100.0, 4_634_300.0, 6_915_700.0, 5_129_500.0),
    ),
    zone(
        6316,
        7.0,
        Bounds::new(7_317_700.0, 4_634_000.0, 7_666_600.0, 5_119_700.0),
    ),
    zone(
        8679,
        8.0,
        Bounds::new(8_068_600.0, 4_634_400.0, 8_423_300.0, 5_130_500.0),
    ),
    // In WGS 84, ETRS89 and SRB_ETRS89 the same within a metre.
    zone(
        32634,
        0.0,
        Bounds::new(317_300.0, 4_633_100.0, 666_100.0, 5_118_700.0),
    ),
    zone(
        3035,
        0.0,
        Bounds::new(4_999_100.0, 2_125_700.0, 5_398_600.0, 2_652_900.0),
    ),
    zone(
        3857,
        0.0,
        Bounds::new(2_092_800.0, 5_138_500.0, 2_560_400.0, 5_812_500.0),
    ),
];

/// Every reading that places all of the bounds in the bounds of Serbia and some of them within its
/// outline.
///
/// Several is the normal case: UTM 34N and a Gauss-Krüger grid without its zone
/// digit overlap, and lie up to 1 km apart. The numbers alone decide only when
/// exactly one reading is returned. Grids that differ from one of these in scale
/// or datum only are left out: nobody can tell them by their numbers.
///
/// # Errors
/// When the registry cannot be read.
pub fn candidates(bounds: &Bounds) -> Result<Vec<Reading>, GeodesyError> {
    let mut found = Vec::new();
    for (of, axes, add_to_easting_m) in IMAGES.iter().flat_map(ways) {
        let placed = placed(bounds, axes, add_to_easting_m);
        if of.serbia.contains(&placed) {
            let reading = Reading {
                crs: Crs::from_epsg(of.epsg)?,
                axes,
                add_to_easting_m,
            };
            if touches_serbia(&reading, bounds)? {
                found.push(reading);
            }
        }
    }
    Ok(found)
}

fn ways(of: &Image) -> Vec<(&Image, AxisOrder, f64)> {
    let digits: &[f64] = if of.zone_digit_m > 0.0 {
        &[0.0, of.zone_digit_m]
    } else {
        &[0.0]
    };
    let ways = digits.iter().flat_map(|digit| {
        [AxisOrder::EastNorth, AxisOrder::NorthEast].map(|axes| (of, axes, *digit))
    });
    ways.collect()
}

fn placed(bounds: &Bounds, axes: AxisOrder, add_to_easting_m: f64) -> Bounds {
    let bounds = match axes {
        AxisOrder::EastNorth => *bounds,
        AxisOrder::NorthEast => bounds.swapped(),
    };
    bounds.moved_east(add_to_easting_m)
}

fn touches_serbia(reading: &Reading, bounds: &Bounds) -> Result<bool, GeodesyError> {
    let to_wgs84 = TransformPlan::of_reading(reading)?.to_wgs84()?;
    let inside = |(x, y)| to_wgs84.transform(x, y).is_ok_and(outline::contains);
    Ok(bounds.lattice().any(inside))
}

/// What lies at the border may reach this far beyond the bounds of Serbia: 5 to 8 km.
const BEYOND_BORDER_DEGREES: f64 = 0.07;

/// Whether a reading places all four corners of the numbers in the bounds of
/// Serbia, or so near to them as outlines at its border reach.
///
/// # Errors
/// When there is no operation of known accuracy to WGS 84.
pub fn fits(reading: &Reading, bounds: &Bounds) -> Result<bool, GeodesyError> {
    let to_wgs84 = TransformPlan::of_reading(reading)?.to_wgs84()?;
    let corners: Result<Vec<(f64, f64)>, GeodesyError> = bounds
        .corners()
        .iter()
        .map(|(x, y)| to_wgs84.transform(*x, *y))
        .collect();
    let placed = corners.ok().and_then(Bounds::of_points);
    let allowed = SERBIA.widened(BEYOND_BORDER_DEGREES);
    Ok(placed.is_some_and(|lon_lat| allowed.contains(&lon_lat)))
}
