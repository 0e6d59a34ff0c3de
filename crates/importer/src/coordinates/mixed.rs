//! Tables whose records are in several zones of the state survey, each with its zone digit.

use std::collections::BTreeMap;

use domain::message;
use geodesy::{AxisOrder, Bounds, Reading, candidates};

use super::{CoordinateError, Decision, Given, Sample, unusable};

/// The zones of a sample, each with the positions that begin with its digit; `None` where one begins
/// otherwise, or all with the same.
fn by_digit(sample: &Sample, axes: AxisOrder) -> Option<BTreeMap<u8, Vec<(f64, f64)>>> {
    let mut zones: BTreeMap<u8, Vec<(f64, f64)>> = BTreeMap::new();
    for (x, y) in sample.points() {
        let easting = match axes {
            AxisOrder::EastNorth => x,
            AxisOrder::NorthEast => y,
        };
        let begins = |zone: &u8| (0.0..1e6).contains(&(easting - f64::from(*zone) * 1e6));
        let zone = (6..=8_u8).find(begins)?;
        zones.entry(zone).or_default().push((x, y));
    }
    (zones.len() > 1).then_some(zones)
}

/// A decision record by record, where the digits leave no doubt.
pub(super) fn by_zone(
    given: &Given<'_>,
    sample: &Sample,
) -> Result<Option<Decision>, CoordinateError> {
    for axes in [AxisOrder::EastNorth, AxisOrder::NorthEast] {
        let Some(zones) = by_digit(sample, axes) else {
            continue;
        };
        let counts: Vec<_> = zones.iter().map(|(zone, at)| (*zone, at.len())).collect();
        let mut readings = Vec::new();
        for points in zones.into_values() {
            let Some(reading) = only_reading(given, &points, axes)? else {
                return Ok(None);
            };
            readings.push(reading);
        }
        return decided(given, readings, &counts).map(Some);
    }
    Ok(None)
}

fn only_reading(
    given: &Given<'_>,
    points: &[(f64, f64)],
    axes: AxisOrder,
) -> Result<Option<Reading>, CoordinateError> {
    let Some(bounds) = Bounds::of_points(points.iter().copied()) else {
        return Ok(None);
    };
    let found = candidates(&bounds).map_err(|source| unusable(given, source))?;
    Ok(<[Reading; 1]>::try_from(found)
        .ok()
        .map(|[only]| only)
        .filter(|only| only.axes == axes && only.crs.zone_digit_m().is_some()))
}

fn decided(
    given: &Given<'_>,
    readings: Vec<Reading>,
    counts: &[(u8, usize)],
) -> Result<Decision, CoordinateError> {
    let zones = |word: &str, records: &str| {
        let parts = counts
            .iter()
            .map(|(zone, count)| format!("{word} {zone} ({records}: {count})"));
        parts.collect::<Vec<_>>().join(", ")
    };
    let (sr, en) = (zones("зона", "записа"), zones("zone", "records"));
    let evidence = message!(
        "датотека то не каже; прва цифра координате исток говори за сваки запис зону: {sr}",
        "the file does not say; the first digit of each easting says the zone of the record: {en}"
    );
    Decision::by_zone(readings, evidence, given.columns).map_err(|source| unusable(given, source))
}
