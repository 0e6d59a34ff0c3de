//! Sides that two rings share.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use geo_types::{Coord, MultiPolygon};

use super::repair::with_rings_turned;
use super::sides::{Contact, Sides, is_left};
use super::split::{Piece, closed, cut, nested, signed_area};
use super::validity::{key, rings};

type Key = (u64, u64);

/// Takes away the sides along which two rings run in opposite directions: two parts beside each
/// other become one, and a hole at the edge of its area becomes a bay. No place changes from inside
/// to outside.
///
/// `None` where rings cross, or run along each other in the same direction.
pub(super) fn dissolve(areas: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let (areas, _) = with_rings_turned(areas.clone());
    let mut ways = Ways::default();
    for [from, to] in sides(&areas)? {
        ways.add(from, to)?;
    }
    let mut loops = Vec::new();
    while let Some(start) = ways.any() {
        loops.extend(closed(&ways.round(start)?));
    }
    let piece = |ring| Piece {
        is_filled: signed_area(&ring) > 0.0,
        ring,
    };
    let parts = nested(loops.into_iter().map(piece).collect())?;
    (!parts.is_empty()).then(|| MultiPolygon::new(parts))
}

/// The sides of all rings, cut where rings touch; `None` when they cross.
fn sides(areas: &MultiPolygon<f64>) -> Option<Vec<[Coord<f64>; 2]>> {
    let sides = Sides::of(rings(areas));
    let mut cuts = Vec::new();
    let mut crosses = false;
    sides.meetings(&mut |meeting| {
        let (first, second) = meeting.sides;
        match meeting.contact {
            Contact::Crossing(_) => {
                crosses = true;
                return ControlFlow::Break(());
            }
            Contact::Touch(at) => cuts.extend([(first, at), (second, at)]),
            Contact::Overlap(a, b) => {
                cuts.extend([(first, a), (second, a), (first, b), (second, b)]);
            }
        }
        ControlFlow::Continue(())
    });
    if crosses {
        return None;
    }
    let cut = cut(&sides, cuts);
    Some(
        cut.windows(2)
            .filter(|two| two[0].0 == two[1].0)
            .map(|two| [two[0].1, two[1].1])
            .collect(),
    )
}

/// The ways that lead on from each place, in an order that is the same each time.
#[derive(Default)]
struct Ways(BTreeMap<Key, Vec<[Coord<f64>; 2]>>);

impl Ways {
    /// Adds a way, or takes away the one that leads back; `None` when it is there already.
    fn add(&mut self, from: Coord<f64>, to: Coord<f64>) -> Option<()> {
        if let Some(back) = self.0.get_mut(&key(to))
            && let Some(at) = back.iter().position(|way| way[1] == from)
        {
            back.swap_remove(at);
            return Some(());
        }
        let ways = self.0.entry(key(from)).or_default();
        if ways.iter().any(|way| way[1] == to) {
            return None;
        }
        ways.push([from, to]);
        Some(())
    }

    fn any(&mut self) -> Option<[Coord<f64>; 2]> {
        loop {
            let mut first = self.0.first_entry()?;
            match first.get_mut().pop() {
                Some(way) => return Some(way),
                None => first.remove(),
            };
        }
    }

    /// Goes on from a way, always by the leftmost one, until it is back where it began.
    fn round(&mut self, [start, mut at]: [Coord<f64>; 2]) -> Option<Vec<Coord<f64>>> {
        let (mut before, mut vertices) = (start, vec![start]);
        while at != start {
            vertices.push(at);
            let ways = self.0.get_mut(&key(at))?;
            let leftmost = (0..ways.len()).reduce(|best, one| {
                if is_left(before, at, ways[best][1], ways[one][1]) {
                    one
                } else {
                    best
                }
            })?;
            let [_, next] = ways.swap_remove(leftmost);
            (before, at) = (at, next);
        }
        Some(vertices)
    }
}
