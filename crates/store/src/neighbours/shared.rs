//! What two outlines share.

use std::collections::HashMap;
use std::num::NonZero;
use std::thread;

use geo::{Area, BooleanOps, GeodesicArea};
use geo_types::MultiPolygon;

use super::{LEAST_OVERLAP_M2, LEAST_OVERLAP_SHARE};

/// A staged outline.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) code: String,
    pub(super) areas: MultiPolygon<f64>,
    /// Square degrees, which within an outline are as good as those of a plane.
    size: f64,
}

impl Outline {
    pub(super) fn new(code: String, areas: MultiPolygon<f64>) -> Self {
        let size = areas.unsigned_area();
        Self { code, areas, size }
    }
}

/// Two outlines, by their rows, and what they have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shared {
    pub(super) rows: (i64, i64),
    /// On the ellipsoid, square metres.
    pub(super) m2: f64,
    /// The same as part of the smaller outline, 0 to 1.
    pub(super) share: f64,
}

/// The pairs of rows whose outlines overlap by more than inaccuracy, measured by as many threads as
/// there are cores.
pub(super) fn overlaps(outlines: &HashMap<i64, Outline>, pairs: &[(i64, i64)]) -> Vec<Shared> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let part = pairs.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let measure = |pairs: &[(i64, i64)]| -> Vec<Shared> {
            let found = pairs.iter().filter_map(|rows| shared(outlines, *rows));
            found.collect()
        };
        let parts = pairs.chunks(part);
        let threads: Vec<_> = parts
            .map(|part| scope.spawn(move || measure(part)))
            .collect();
        let found = threads.into_iter().flat_map(|thread| {
            let measured = thread.join();
            measured.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        found.collect()
    })
}

fn shared(outlines: &HashMap<i64, Outline>, rows: (i64, i64)) -> Option<Shared> {
    let (a, b) = (outlines.get(&rows.0)?, outlines.get(&rows.1)?);
    if a.code == b.code {
        return None;
    }
    let common = a.areas.intersection(&b.areas);
    let share = common.unsigned_area() / a.size.min(b.size);
    if share.is_nan() || share < LEAST_OVERLAP_SHARE {
        return None;
    }
    let m2 = common.geodesic_area_signed().abs();
    (m2 >= LEAST_OVERLAP_M2).then_some(Shared { rows, m2, share })
}
