//! Splitting boundaries that meet themselves.

use std::collections::HashMap;
use std::ops::ControlFlow;

use geo::Area;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::repair::distance;
use super::sides::{Contact, Sides};
use super::validity::{key, lies_inside, rings};

/// So much of its area a repaired ring may gain or lose.
const MOST_CHANGE: f64 = 0.001;
/// A boundary in more pieces than this is no slip of the hand.
const MOST_LOOPS: usize = 500;

/// Splits every ring at the places where it meets itself, and counts what lies in an even number of
/// the pieces as outside (the even-odd rule).
///
/// `None` where that may not be what was meant: where the pieces that the boundary goes around
/// twice, or the other way round, change the area by more than a thousandth. A boundary that touches
/// itself without crossing has no such piece.
pub(super) fn split(areas: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let mut parts = Vec::new();
    for part in areas {
        let mut pieces = pieces(part.exterior(), true)?;
        for hole in part.interiors() {
            pieces.extend(self::pieces(hole, false)?);
        }
        parts.extend(nested(pieces)?);
    }
    Some(MultiPolygon::new(parts))
}

/// A simple ring, and whether what lies just within it is inside.
pub(super) struct Piece {
    pub(super) ring: LineString<f64>,
    pub(super) is_filled: bool,
}

/// The simple rings of which a shell or a hole consists.
fn pieces(ring: &LineString<f64>, is_shell: bool) -> Option<Vec<Piece>> {
    let loops = loops(ring);
    if loops.len() > MOST_LOOPS {
        return None;
    }
    let turns_left = signed_area(ring) > 0.0;
    let (mut around, mut changed) = (0.0, 0.0);
    let mut pieces = Vec::with_capacity(loops.len());
    for (at, one) in loops.iter().enumerate() {
        let area = signed_area(one);
        around += area;
        let is_even = depth(one, loops.iter().enumerate(), at).is_multiple_of(2);
        if ((area > 0.0) == turns_left) != is_even {
            // What counted as -1 or 2 becomes 1 or 0.
            changed += 2.0 * area.abs();
        }
        pieces.push(Piece {
            ring: one.clone(),
            is_filled: is_even == is_shell,
        });
    }
    (changed <= MOST_CHANGE * around.abs()).then_some(pieces)
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

/// In how many of the other rings the one at `at` lies.
fn depth<'a>(
    ring: &LineString<f64>,
    all: impl Iterator<Item = (usize, &'a LineString<f64>)>,
    at: usize,
) -> usize {
    all.filter(|(other, line)| *other != at && lies_inside(ring, line))
        .count()
}

/// Rings that do not cross as parts with their holes. `None` where they do not lie in each other as
/// shells and holes do, such as a hole outside its shell.
pub(super) fn nested(pieces: Vec<Piece>) -> Option<Vec<Polygon<f64>>> {
    if pieces.len() > MOST_LOOPS {
        return None;
    }
    let depths = depths(&pieces.iter().map(|piece| &piece.ring).collect::<Vec<_>>());
    let mut filled = pieces.iter().map(|piece| piece.is_filled);
    if !depths
        .iter()
        .all(|depth| filled.next() == Some(depth.is_multiple_of(2)))
    {
        return None;
    }
    let rings = pieces.into_iter().map(|piece| piece.ring);
    Some(parts_with_holes(depths.into_iter().zip(rings)))
}

/// The same rings, none of which cross: what lies in an even number of others is a part, the rest
/// are holes, whatever they were before. `None` for too many rings.
pub(super) fn by_place(areas: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let rings: Vec<&LineString<f64>> = rings(areas).collect();
    if rings.len() > MOST_LOOPS {
        return None;
    }
    let depths = depths(&rings).into_iter();
    let parts = parts_with_holes(depths.zip(rings.into_iter().cloned()));
    Some(MultiPolygon::new(parts))
}

/// In how many of the others each ring lies.
fn depths(rings: &[&LineString<f64>]) -> Vec<usize> {
    let each = rings.iter().enumerate();
    each.map(|(at, ring)| depth(ring, rings.iter().copied().enumerate(), at))
        .collect()
}

/// The parts, which lie in an even number of rings, with the holes directly in them.
fn parts_with_holes(rings: impl Iterator<Item = (usize, LineString<f64>)>) -> Vec<Polygon<f64>> {
    let is_part = |(depth, _): &(usize, _)| depth.is_multiple_of(2);
    let (parts, holes): (Vec<_>, Vec<_>) = rings.partition(is_part);
    let part = |(depth, ring)| (depth, Polygon::new(ring, Vec::new()));
    let mut parts: Vec<(usize, Polygon<f64>)> = parts.into_iter().map(part).collect();
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
pub(super) fn signed_area(ring: &LineString<f64>) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).signed_area()
}
