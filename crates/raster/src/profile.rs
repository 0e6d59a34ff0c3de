//! Values along a line.

use geodesy::distance_m;

use crate::error::RasterError;
use crate::heights::{Reading, read_at};
use crate::image::Image;

/// A place of a profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// Metres along the line from its start, on the ellipsoid WGS 84.
    pub distance_m: f64,
    /// Longitude, WGS 84.
    pub lon: f64,
    /// Latitude, WGS 84.
    pub lat: f64,
    /// Whether it is a corner of the line as given, its ends too.
    pub is_corner: bool,
}

/// A side is measured in parts of at most this length: over them a place's share of the way is its
/// share of the degrees to a centimetre.
const PART_M: f64 = 500.0;

/// Two places closer than this are one: a step that ends on a corner is no station of its own.
const SAME_PLACE_M: f64 = 1e-3;

/// The length of a line of longitude and latitude, WGS 84, in metres on the ellipsoid. Its sides are
/// straight in longitude and latitude (RFC 7946, 3.1.1).
pub fn length_m(line: &[(f64, f64)]) -> f64 {
    line.windows(2)
        .flat_map(|side| parts(side[0], side[1]))
        .map(|(from, to)| distance_m(from, to))
        .sum()
}

/// The places at every whole multiple of `step_m` from the start, and at every corner.
pub fn stations(line: &[(f64, f64)], step_m: f64) -> Vec<Station> {
    let mut walk = Walk {
        stations: Vec::new(),
        walked_m: 0.0,
        step_m,
        next_step: 1,
    };
    if let Some(&start) = line.first() {
        walk.stop(0.0, start, true);
    }
    for side in line.windows(2) {
        for (from, to) in parts(side[0], side[1]) {
            walk.part(from, to);
        }
        walk.stop(walk.walked_m, side[1], true);
    }
    walk.stations
}

struct Walk {
    stations: Vec<Station>,
    walked_m: f64,
    step_m: f64,
    next_step: u32,
}

impl Walk {
    fn part(&mut self, from: (f64, f64), to: (f64, f64)) {
        let length_m = distance_m(from, to);
        let end_m = self.walked_m + length_m;
        loop {
            let at_m = self.step_m * f64::from(self.next_step);
            if at_m >= end_m || length_m <= 0.0 {
                break;
            }
            let share = (at_m - self.walked_m) / length_m;
            self.stop(at_m, between(from, to, share), false);
            self.next_step += 1;
        }
        self.walked_m = end_m;
    }

    fn stop(&mut self, distance_m: f64, (lon, lat): (f64, f64), is_corner: bool) {
        let last = self.stations.last();
        let same = last.is_some_and(|last| {
            (distance_m - last.distance_m).abs() < SAME_PLACE_M && !(last.is_corner && is_corner)
        });
        match (same, is_corner) {
            (true, false) => return,
            (true, true) => drop(self.stations.pop()),
            (false, _) => {}
        }
        self.stations.push(Station {
            distance_m,
            lon,
            lat,
            is_corner,
        });
    }
}

fn between(from: (f64, f64), to: (f64, f64), share: f64) -> (f64, f64) {
    (
        from.0 + share * (to.0 - from.0),
        from.1 + share * (to.1 - from.1),
    )
}

/// A side in parts of at most [`PART_M`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped first"
)]
fn parts(from: (f64, f64), to: (f64, f64)) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    let count = (distance_m(from, to) / PART_M).ceil().clamp(1.0, 1e5) as u32;
    let at = move |part: u32| between(from, to, f64::from(part) / f64::from(count));
    (0..count).map(move |part| (at(part), at(part + 1)))
}

/// What an image says of the stations, in their order.
///
/// # Errors
/// When the image cannot be read, or a place cannot be computed.
pub fn read_along(
    image: &Image,
    band: usize,
    stations: &[Station],
) -> Result<Vec<Reading>, RasterError> {
    let transformer = image.plan().from_wgs84()?;
    stations
        .iter()
        .map(|station| {
            // A place that the grid's projection does not reach is no place of the image.
            let Ok((x, y)) = transformer.transform(station.lon, station.lat) else {
                return Ok(Reading::Outside);
            };
            read_at(image, band, x, y)
        })
        .collect()
}

/// How a profile of heights climbs and falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Climb {
    /// Metres climbed, all climbs together.
    pub ascent_m: f64,
    /// Metres fallen, a positive number.
    pub descent_m: f64,
    /// The steepest stretch in the direction of the line, rise over run: the least and the greatest.
    pub slope: (f64, f64),
    /// Rise over run without its sign, weighted by length.
    pub mean_steepness: f64,
    /// Metres of the line between stations that both have a height.
    pub known_m: f64,
}

/// The climb over all stretches between neighbouring stations that both have a height; `None` when
/// there is no such stretch.
pub fn climb(stations: &[Station], readings: &[Reading]) -> Option<Climb> {
    let heights = stations.iter().zip(readings);
    let heights: Vec<_> = heights
        .map(|(station, reading)| (station.distance_m, reading.value()))
        .collect();
    let stretches = heights.windows(2).filter_map(|pair| {
        let run = pair[1].0 - pair[0].0;
        let rise = pair[1].1? - pair[0].1?;
        (run > SAME_PLACE_M).then_some((run, rise))
    });
    let none = Climb {
        ascent_m: 0.0,
        descent_m: 0.0,
        slope: (f64::INFINITY, f64::NEG_INFINITY),
        mean_steepness: 0.0,
        known_m: 0.0,
    };
    let sum = stretches.fold(none, |sum, (run, rise)| Climb {
        ascent_m: sum.ascent_m + rise.max(0.0),
        descent_m: sum.descent_m + (-rise).max(0.0),
        slope: (sum.slope.0.min(rise / run), sum.slope.1.max(rise / run)),
        mean_steepness: 0.0,
        known_m: sum.known_m + run,
    });
    (sum.known_m > 0.0).then(|| Climb {
        mean_steepness: (sum.ascent_m + sum.descent_m) / sum.known_m,
        ..sum
    })
}
