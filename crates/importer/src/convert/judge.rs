//! A geometry as read is repaired where that cannot change what is meant, or refused.

use domain::lang::Message;
use domain::record::Severity;
use geo::{CoordsIter, RemoveRepeatedPoints};
use geo_traits::{
    CoordTrait, GeometryTrait, GeometryType, LineStringTrait, MultiPolygonTrait, PolygonTrait,
};
use geo_types::{Coord, Geometry, LineString};

use super::repair::{Open, Repair, Repaired, repaired};
use super::sides::{Contact, Sides};
use super::validity::FaultKind;
use super::words::{self, Spot};

/// What there is to say of a geometry, and where in the coordinates of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Remark {
    Repaired(Repair),
    LineMeetsItself(Coord<f64>),
    NotFinite(usize, Coord<f64>),
    NoLength(Coord<f64>),
    Refused(FaultKind, Coord<f64>),
}

impl Remark {
    const fn at(self) -> Coord<f64> {
        match self {
            Self::Repaired(
                Repair::Closed { at, .. }
                | Repair::Repeated { at, .. }
                | Repair::Spikes { at, .. }
                | Repair::WithoutArea { at, .. }
                | Repair::Split { at }
                | Repair::Corners { at, .. },
            )
            | Self::LineMeetsItself(at)
            | Self::NotFinite(_, at)
            | Self::NoLength(at)
            | Self::Refused(_, at) => at,
        }
    }

    /// The same in words; `to_wgs84` brings a place to longitude and latitude where they are others.
    pub(super) fn words(
        self,
        to_wgs84: impl Fn(Coord<f64>) -> Option<(f64, f64)>,
    ) -> (Severity, Message) {
        let file = self.at();
        if let Self::NotFinite(number, at) = self {
            return (Severity::Error, words::not_finite(number, at));
        }
        let wgs84 = to_wgs84(file);
        let spot = Spot { file, wgs84 };
        match self {
            Self::Repaired(repair) => words::repair(repair, spot),
            Self::LineMeetsItself(_) => (Severity::Warning, words::line_meets_itself(spot)),
            Self::NoLength(_) | Self::NotFinite(..) => (Severity::Error, words::no_length(spot)),
            Self::Refused(kind, _) => (Severity::Error, words::fault(kind, spot)),
        }
    }
}

/// A geometry that may be kept, and what there is to say of it.
pub(super) type Judged = (Geometry<f64>, Vec<Remark>);

/// Judges a geometry in the coordinates of the file; `open` are the rings that the file leaves open.
/// Areas get shells counter-clockwise and holes clockwise (RFC 7946, 3.1.6; OGC 06-103r4, 6.1.11).
pub(super) fn judged(geometry: Geometry<f64>, open: &[Open]) -> Result<Judged, Remark> {
    let is_strange = |(at, _): &(Coord<f64>, usize)| !(at.x.is_finite() && at.y.is_finite());
    if let Some((at, number)) = geometry.coords_iter().zip(1..).find(is_strange) {
        return Err(Remark::NotFinite(number, at));
    }
    match geometry {
        Geometry::LineString(line) => judged_line(line),
        Geometry::MultiPolygon(areas) => {
            let tolerance = centimetre(&areas);
            let Repaired { areas, repairs } = repaired(areas, open, tolerance)
                .map_err(|fault| Remark::Refused(fault.kind, fault.at))?;
            Ok((
                areas.into(),
                repairs.into_iter().map(Remark::Repaired).collect(),
            ))
        }
        other => Ok((other, Vec::new())),
    }
}

fn judged_line(line: LineString<f64>) -> Result<Judged, Remark> {
    let before = line.0.len();
    let twice = line
        .0
        .windows(2)
        .find(|two| two[0] == two[1])
        .map(|two| two[0]);
    let line = match twice {
        Some(_) => line.remove_repeated_points(),
        None => line,
    };
    if line.0.len() < 2 {
        return Err(Remark::NoLength(
            line.0.first().copied().unwrap_or_default(),
        ));
    }
    let count = before - line.0.len();
    let repeated = twice.map(|at| Remark::Repaired(Repair::Repeated { count, at }));
    let meeting = Sides::of(std::iter::once(&line)).first_meeting();
    let meeting = meeting.map(|meeting| match meeting.contact {
        Contact::Crossing(at) | Contact::Touch(at) | Contact::Overlap(at, _) => {
            Remark::LineMeetsItself(at)
        }
    });
    Ok((line.into(), repeated.into_iter().chain(meeting).collect()))
}

/// A centimetre in the unit of the coordinates, which are degrees or metres: plane coordinates in
/// Serbia are beyond 180 in every system that is in use there.
fn centimetre(geometry: &impl CoordsIter<Scalar = f64>) -> f64 {
    const CENTIMETRE_M: f64 = 0.01;
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let is_degrees = |at: Coord<f64>| at.x.abs() <= 180.0 && at.y.abs() <= 180.0;
    match geometry.coords_iter().next() {
        Some(at) if is_degrees(at) => CENTIMETRE_M / METRES_PER_DEGREE,
        _ => CENTIMETRE_M,
    }
}

/// The rings of an area that do not end where they begin, which reading closes without a word.
pub(super) fn open_rings(wkb: &[u8]) -> Vec<Open> {
    let mut open = Vec::new();
    let Ok(geometry) = wkb::reader::read_wkb(wkb) else {
        return open;
    };
    let mut number = 0;
    match geometry.as_type() {
        GeometryType::Polygon(area) => open_in(area, &mut number, &mut open),
        GeometryType::MultiPolygon(areas) => {
            for area in areas.polygons() {
                open_in(&area, &mut number, &mut open);
            }
        }
        _ => {}
    }
    open
}

fn open_in(area: &impl PolygonTrait<T = f64>, number: &mut usize, open: &mut Vec<Open>) {
    let mut add = |is_open: bool| {
        if is_open {
            open.push(Open { ring: *number });
        }
        *number += 1;
    };
    if let Some(shell) = area.exterior() {
        add(is_open(&shell));
    }
    for hole in area.interiors() {
        add(is_open(&hole));
    }
}

fn is_open(ring: &impl LineStringTrait<T = f64>) -> bool {
    let ends = [0, ring.num_coords().saturating_sub(1)].map(|at| ring.coord(at).map(|at| at.x_y()));
    ring.num_coords() > 2 && ends[0] != ends[1]
}
