//! A geometry as read is repaired where that cannot change what is meant, or refused.

use domain::lang::Message;
use domain::record::Severity;
use geo::{CoordsIter, RemoveRepeatedPoints};
use geo_traits::{
    CoordTrait, GeometryTrait, GeometryType, LineStringTrait, MultiPolygonTrait, PolygonTrait,
};
use geo_types::{Coord, Geometry, LineString, MultiLineString};

use super::repair::{HolesSaid, Open, Repair, Repaired, repaired};
use super::sides::{Contact, Sides};
use super::validity::FaultKind;
use super::words::{self, Spot};

/// What there is to say of a geometry, and where in the coordinates of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Remark {
    Repaired(Repair),
    /// So many lines became one, which begins here.
    Joined(usize, Coord<f64>),
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
                | Repair::Dissolved { at }
                | Repair::Corners { at, .. }
                | Repair::ToldApart { at, .. },
            )
            | Self::Joined(_, at)
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
            Self::Joined(count, _) => (Severity::Note, words::joined(count, spot)),
            Self::LineMeetsItself(_) => (Severity::Warning, words::line_meets_itself(spot)),
            Self::NoLength(_) | Self::NotFinite(..) => (Severity::Error, words::no_length(spot)),
            Self::Refused(kind, _) => (Severity::Error, words::fault(kind, spot)),
        }
    }
}

/// A geometry that may be kept, and what there is to say of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) geometry: Geometry<f64>,
    pub(super) remarks: Vec<Remark>,
    /// Whether a ring was turned round, which formats expect in different directions.
    pub(super) is_turned: bool,
}

impl Judged {
    fn new(geometry: impl Into<Geometry<f64>>, remarks: Vec<Remark>) -> Self {
        Self {
            geometry: geometry.into(),
            remarks,
            is_turned: false,
        }
    }
}

/// Judges a geometry in the coordinates of the file; `open` are the rings that the file leaves open.
/// Areas get shells counter-clockwise and holes clockwise (RFC 7946, 3.1.6; OGC 06-103r4, 6.1.11).
pub(super) fn judged(
    geometry: Geometry<f64>,
    open: &[Open],
    holes: HolesSaid,
) -> Result<Judged, Remark> {
    let is_strange = |(at, _): &(Coord<f64>, usize)| !(at.x.is_finite() && at.y.is_finite());
    if let Some((at, number)) = geometry.coords_iter().zip(1..).find(is_strange) {
        return Err(Remark::NotFinite(number, at));
    }
    match geometry {
        Geometry::LineString(line) => {
            let (line, remarks) = judged_line(line)?;
            Ok(Judged::new(line, remarks))
        }
        Geometry::MultiLineString(lines) => {
            let mut remarks = Vec::new();
            let mut judged = Vec::with_capacity(lines.0.len());
            for line in lines {
                let (line, found) = judged_line(line)?;
                judged.push(line);
                remarks.extend(found);
            }
            Ok(Judged::new(MultiLineString::new(judged), remarks))
        }
        Geometry::MultiPolygon(areas) => {
            let tolerance = centimetre(&areas);
            let repaired = repaired(areas, open, holes, tolerance)
                .map_err(|fault| Remark::Refused(fault.kind, fault.at))?;
            let Repaired {
                areas,
                repairs,
                is_turned,
            } = repaired;
            let remarks = repairs.into_iter().map(Remark::Repaired).collect();
            Ok(Judged {
                is_turned,
                ..Judged::new(areas, remarks)
            })
        }
        other => Ok(Judged::new(other, Vec::new())),
    }
}

fn judged_line(line: LineString<f64>) -> Result<(LineString<f64>, Vec<Remark>), Remark> {
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
    Ok((line, repeated.into_iter().chain(meeting).collect()))
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
pub(super) fn open_rings(geometry: &impl GeometryTrait<T = f64>) -> Vec<Open> {
    let mut open = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use wkt::TryFromWkt;

    fn geometry(wkt: &str) -> Geometry<f64> {
        Geometry::try_from_wkt_str(wkt).unwrap()
    }

    #[test]
    fn lines_are_checked_and_kept() {
        let at = |x: f64, y: f64| Coord { x, y };
        for (wkt, kept, remarks) in [
            (
                "LINESTRING (0 0, 2 0, 2 2)",
                "LINESTRING (0 0, 2 0, 2 2)",
                vec![],
            ),
            // The crest of a dam around a pond.
            (
                "LINESTRING (0 0, 2 0, 2 2, 0 0)",
                "LINESTRING (0 0, 2 0, 2 2, 0 0)",
                vec![],
            ),
            (
                "LINESTRING (0 0, 2 0, 2 0, 2 0, 2 2)",
                "LINESTRING (0 0, 2 0, 2 2)",
                vec![Remark::Repaired(Repair::Repeated {
                    count: 2,
                    at: at(2.0, 0.0),
                })],
            ),
            (
                "LINESTRING (0 0, 2 2, 2 0, 0 2)",
                "LINESTRING (0 0, 2 2, 2 0, 0 2)",
                vec![Remark::LineMeetsItself(at(1.0, 1.0))],
            ),
        ] {
            let found = judged(geometry(wkt), &[], HolesSaid::ByOrder);
            assert_eq!(found, Ok(Judged::new(geometry(kept), remarks)), "{wkt}");
        }
        let nothing = judged(geometry("LINESTRING (3 4, 3 4)"), &[], HolesSaid::ByOrder);
        assert_eq!(nothing, Err(Remark::NoLength(at(3.0, 4.0))));
    }

    /// WKB of a polygon as its rings are: nothing is closed (OGC 06-103r4, 8.2).
    fn wkb(rings: &[&[(f64, f64)]]) -> Vec<u8> {
        let count = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
        let mut bytes = vec![1, 3, 0, 0, 0];
        bytes.extend(count(rings.len()));
        for ring in rings {
            bytes.extend(count(ring.len()));
            bytes.extend(
                ring.iter()
                    .flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()])
                    .flatten(),
            );
        }
        bytes
    }

    #[test]
    fn open_rings_are_seen() {
        let closed = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)];
        let open = [(4.0, 1.0), (6.0, 1.0), (6.0, 3.0)];
        let found = |rings: &[&[(f64, f64)]]| {
            let bytes = wkb(rings);
            open_rings(&wkb::reader::read_wkb(&bytes).unwrap())
        };
        assert_eq!(found(&[&closed]), []);
        assert_eq!(found(&[&closed, &open]), [Open { ring: 1 }]);
        let text = "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((4 1, 6 1, 6 3)))";
        let text: wkt::Wkt<f64> = text.parse().unwrap();
        assert_eq!(open_rings(&text), [Open { ring: 1 }]);
    }

    #[test]
    fn places_are_told_in_both_systems() {
        let bow_tie = geometry("MULTIPOLYGON (((0 0, 2 2, 2 0, 0 2, 0 0)))");
        let remark = judged(bow_tie, &[], HolesSaid::ByOrder).unwrap_err();
        let (severity, message) = remark.words(|_| Some((22.5, 44.25)));
        assert_eq!(severity, Severity::Error);
        assert!(
            message
                .en
                .contains("at x 1, y 1 (longitude 22.5, latitude 44.25);"),
            "{message}"
        );
        assert!(
            message
                .sr
                .contains("код x 1, y 1 (географска дужина 22.5, ширина 44.25);")
        );
    }
}
