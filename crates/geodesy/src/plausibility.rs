//! Whether numbers can be where a file says they are.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::bounds::{Bounds, SERBIA};
use crate::crs::{AxisOrder, Crs};
use crate::error::GeodesyError;
use crate::transform::Transformer;

/// A reference system the numbers of a file could be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// EPSG code of the reference system.
    pub epsg: u32,
    /// The reference system in plain English.
    pub description: Cow<'static, str>,
    /// The order of the two numbers of a point in the file.
    pub axes: AxisOrder,
    /// To be added to every easting: the zone digit that was left out, in
    /// metres, else 0.
    pub add_to_easting_m: f64,
}

/// What the extent of a data set says about its declared reference system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plausibility {
    /// The data lie in Serbia as declared.
    Fits,
    /// The data lie in Serbia once x and y are exchanged.
    SwappedAxes,
    /// The data do not lie in Serbia as declared, but would in these readings.
    LooksLike(Vec<Candidate>),
    /// No reading places the data in Serbia.
    OutsideSerbia,
}

struct Reading {
    epsg: u32,
    description: &'static str,
    serbia: Bounds,
    add_to_easting_m: f64,
}

const fn reading(epsg: u32, description: &'static str, serbia: Bounds) -> Reading {
    Reading {
        epsg,
        description,
        serbia,
        add_to_easting_m: 0.0,
    }
}

const fn without_zone_digit(of: &Reading, description: &'static str, digit: f64) -> Reading {
    let add_to_easting_m = digit * 1e6;
    Reading {
        epsg: of.epsg,
        description,
        serbia: of.serbia.moved_east(-add_to_easting_m),
        add_to_easting_m,
    }
}

// Each box is the image of `SERBIA`, rounded outward to 100 m.
const ZONE_6: Reading = reading(
    8678,
    "MGI 1901 / Balkans zone 6",
    Bounds::new(6_562_100.0, 4_634_300.0, 6_915_700.0, 5_129_500.0),
);
const ZONE_7: Reading = reading(
    6316,
    "MGI 1901 / Balkans zone 7",
    Bounds::new(7_317_700.0, 4_634_000.0, 7_666_600.0, 5_119_700.0),
);
const ZONE_8: Reading = reading(
    8679,
    "MGI 1901 / Balkans zone 8",
    Bounds::new(8_068_600.0, 4_634_400.0, 8_423_300.0, 5_130_500.0),
);

const READINGS: [Reading; 10] = [
    reading(4326, "longitude and latitude, WGS 84", SERBIA),
    ZONE_6,
    ZONE_7,
    ZONE_8,
    without_zone_digit(
        &ZONE_6,
        "MGI 1901 / Balkans zone 6 without the leading 6",
        6.0,
    ),
    without_zone_digit(
        &ZONE_7,
        "MGI 1901 / Balkans zone 7 without the leading 7",
        7.0,
    ),
    without_zone_digit(
        &ZONE_8,
        "MGI 1901 / Balkans zone 8 without the leading 8",
        8.0,
    ),
    reading(
        32634,
        "UTM zone 34N (WGS 84, ETRS89 or SRB_ETRS89: the same within a metre)",
        Bounds::new(317_300.0, 4_633_100.0, 666_100.0, 5_118_700.0),
    ),
    reading(
        3035,
        "ETRS89-extended / LAEA Europe",
        Bounds::new(4_999_100.0, 2_125_700.0, 5_398_600.0, 2_652_900.0),
    ),
    reading(
        3857,
        "WGS 84 / Pseudo-Mercator",
        Bounds::new(2_092_800.0, 5_138_500.0, 2_560_400.0, 5_812_500.0),
    ),
];

/// Every reading that places all of the bounds in Serbia.
///
/// Several is the normal case: UTM 34N and a Gauss-Krüger grid without its zone
/// digit overlap, and lie up to 1 km apart. The numbers alone decide only when
/// exactly one candidate is returned.
pub fn candidates(bounds: &Bounds) -> Vec<Candidate> {
    let swapped = bounds.swapped();
    READINGS
        .iter()
        .flat_map(|reading| {
            [
                (AxisOrder::EastNorth, bounds),
                (AxisOrder::NorthEast, &swapped),
            ]
            .map(|(axes, bounds)| (reading, axes, bounds))
        })
        .filter(|(reading, _, bounds)| reading.serbia.contains(bounds))
        .map(|(reading, axes, _)| Candidate {
            epsg: reading.epsg,
            description: Cow::Borrowed(reading.description),
            axes,
            add_to_easting_m: reading.add_to_easting_m,
        })
        .collect()
}

/// Compares the extent of a data set, x = east, with its declared reference
/// system.
///
/// # Errors
/// When there is no operation of known accuracy to WGS 84.
pub fn check_plausible(crs: &Crs, bounds: &Bounds) -> Result<Plausibility, GeodesyError> {
    let to_wgs84 = Transformer::to_wgs84(crs)?;
    if is_in_serbia(&to_wgs84, bounds) {
        return Ok(Plausibility::Fits);
    }
    if is_in_serbia(&to_wgs84, &bounds.swapped()) {
        return Ok(Plausibility::SwappedAxes);
    }
    let candidates = candidates(bounds);
    Ok(if candidates.is_empty() {
        Plausibility::OutsideSerbia
    } else {
        Plausibility::LooksLike(candidates)
    })
}

fn is_in_serbia(to_wgs84: &Transformer, bounds: &Bounds) -> bool {
    let corners: Result<Vec<(f64, f64)>, GeodesyError> = bounds
        .corners()
        .iter()
        .map(|(x, y)| to_wgs84.transform(*x, *y))
        .collect();
    corners
        .ok()
        .and_then(Bounds::of_points)
        .is_some_and(|lon_lat| SERBIA.contains(&lon_lat))
}
