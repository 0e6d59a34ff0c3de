//! Splitting boundaries that meet themselves.

use std::collections::HashMap;
use std::ops::ControlFlow;

use geo::Area;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::repair::distance;
use super::sides::{Contact, Sides};
use super::validity::{key, lies_inside};

/// Of the area that a ring goes around, so much may be in doubt.
const MOST_DOUBT: f64 = 0.001;
/// A boundary in more pieces than this is no slip of the hand.
const MOST_LOOPS: usize = 500;

/// Splits every ring at the places where it meets itself, and counts what lies in an even number of
/// the pieces as outside (the even-odd rule).
///
/// `None` where that may not be what was meant: where the pieces that the boundary goes around
/// twice, or the other way round, make more than a thousandth of the area. A boundary that touches
/// itself without crossing has no such piece.
pub(super) fn split(areas: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let mut parts = Vec::new();
    for part in areas {
        let mut loops = loops_without_doubt(part.exterior())?;
        for hole in part.interiors() {
            loops.extend(loops_without_doubt(hole)?);
        }
        if loops.len() > MOST_LOOPS {
            return None;
        }
        parts.extend(nested(loops));
    }
    Some(MultiPolygon::new(parts))
}

/// The simple rings of which a ring consists.
fn loops_without_doubt(ring: &LineString<f64>) -> Option<Vec<LineString<f64>>> {
    let loops = loops(ring);
    if loops.len() > MOST_LOOPS {
        return None;
    }
    let turns_left = signed_area(ring) > 0.0;
    let (mut all, mut doubtful) = (0.0, 0.0);
    for (at, one) in loops.iter().enumerate() {
        let area = signed_area(one);
        all += area.abs();
        let is_filled = depth(at, &loops).is_multiple_of(2);
        if ((area > 0.0) == turns_left) != is_filled {
            doubtful += area.abs();
        }
    }
    (doubtful <= MOST_DOUBT * all).then_some(loops)
}

fn loops(ring: &LineString<f64>) -> Vec<LineString<f64>> {
    let mut loops = Vec::new();
    let mut way: Vec<Coord<f64>> = Vec::new();
    let mut places: HashMap<(u64, u64), usize> = HashMap::new();
    for vertex in with_meetings(ring) {
        if let Some(&at) = places.get(&key(vertex)) {
            loops.extend(closed(&way[at..]));
            for left in way.drain(at + 1..) {
                places.remove(&key(left));
            }
        } else {
            places.insert(key(vertex), way.len());
            way.push(vertex);
        }
    }
    loops.extend(closed(&way));
    loops
}

/// `None` for a way there and back.
pub(super) fn closed(way: &[Coord<f64>]) -> Option<LineString<f64>> {
    (way.len() > 2).then(|| way.iter().chain(way.first()).copied().collect())
}

/// The vertices of a ring without the last, and between them the places where it meets itself.
fn with_meetings(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    let sides = Sides::of(std::iter::once(ring));
    let mut cuts: Vec<(usize, Coord<f64>)> = Vec::new();
    sides.meetings(&mut |meeting| {
        let (first, second) = meeting.sides;
        match meeting.contact {
            Contact::Crossing(at) | Contact::Touch(at) => cuts.extend([(first, at), (second, at)]),
            Contact::Overlap(a, b) => {
                cuts.extend([(first, a), (second, a), (first, b), (second, b)]);
            }
        }
        if cuts.len() > 8 * MOST_LOOPS {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let mut vertices: Vec<_> = cut(&sides, cuts).into_iter().map(|(_, at)| at).collect();
    vertices.dedup();
    vertices.pop();
    vertices
}

/// The ends of every side in turn, and between them the places where it is cut; each with the number
/// of the side.
pub(super) fn cut(sides: &Sides, mut cuts: Vec<(usize, Coord<f64>)>) -> Vec<(usize, Coord<f64>)> {
    let along = |(side, at): &(usize, Coord<f64>)| distance(sides.side(*side).start, *at);
    cuts.sort_by(|a, b| a.0.cmp(&b.0).then(along(a).total_cmp(&along(b))));
    let mut all = Vec::with_capacity(2 * sides.count() + cuts.len());
    let mut cuts = cuts.into_iter().peekable();
    for number in 0..sides.count() {
        let side = sides.side(number);
        all.push((number, side.start));
        while let Some((_, at)) = cuts.next_if(|cut| cut.0 == number) {
            if at != side.end && all.last() != Some(&(number, at)) {
                all.push((number, at));
            }
        }
        all.push((number, side.end));
    }
    all
}

fn depth(of: usize, loops: &[LineString<f64>]) -> usize {
    let others = loops.iter().enumerate().filter(|(at, _)| *at != of);
    others
        .filter(|(_, other)| lies_inside(&loops[of], other))
        .count()
}

/// Rings that do not cross as parts with their holes.
pub(super) fn nested(loops: Vec<LineString<f64>>) -> Vec<Polygon<f64>> {
    let depths: Vec<usize> = (0..loops.len()).map(|at| depth(at, &loops)).collect();
    let mut parts: Vec<(usize, Polygon<f64>)> = Vec::new();
    let mut holes = Vec::new();
    for (ring, depth) in loops.into_iter().zip(depths) {
        if depth.is_multiple_of(2) {
            parts.push((depth, Polygon::new(ring, Vec::new())));
        } else {
            holes.push((depth, ring));
        }
    }
    for (depth, hole) in holes {
        let shell = parts
            .iter_mut()
            .find(|(of, part)| of + 1 == depth && lies_inside(&hole, part.exterior()));
        if let Some((_, part)) = shell {
            part.interiors_push(hole);
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Positive counter-clockwise.
fn signed_area(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).signed_area()
}
