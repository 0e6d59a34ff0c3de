//! The sides of rings and lines, and where they meet.

use std::ops::ControlFlow;

use geo::kernels::{Kernel, RobustKernel};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{CoordsIter, Orientation};
use geo_types::{Coord, Line, LineString};

/// So many sides, or boxes of the level below, share a box.
const SHARED: usize = 8;

/// One side of a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) start: Coord<f64>,
    pub(super) end: Coord<f64>,
    /// The number of its path.
    pub(super) path: usize,
}

/// What two sides have in common, other than the vertex where one ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Contact {
    /// They cross inside both.
    Crossing(Coord<f64>),
    /// A vertex of one, which is exact, lies on the other.
    Touch(Coord<f64>),
    /// They run along each other from one place to another.
    Overlap(Coord<f64>, Coord<f64>),
}

/// Two sides by their numbers, and what they have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Meeting {
    pub(super) sides: (usize, usize),
    pub(super) contact: Contact,
}

/// The sides of several rings and lines without repeated vertices, under a tree of boxes. Sides that
/// follow each other lie near each other, so that the tree needs no sorting, and finding all
/// meetings takes a time near n log n.
#[derive(Debug)]
pub(super) struct Sides {
    all: Vec<Side>,
    /// For each path the number of its first side, and one more for the end.
    firsts: Vec<usize>,
    levels: Vec<Vec<Around>>,
}

#[derive(Clone, Copy, Debug)]
struct Around {
    low: Coord<f64>,
    high: Coord<f64>,
}

impl Around {
    fn side(side: &Side) -> Self {
        let (a, b) = (side.start, side.end);
        Self {
            low: Coord {
                x: a.x.min(b.x),
                y: a.y.min(b.y),
            },
            high: Coord {
                x: a.x.max(b.x),
                y: a.y.max(b.y),
            },
        }
    }

    fn both(self, other: Self) -> Self {
        Self {
            low: Coord {
                x: self.low.x.min(other.low.x),
                y: self.low.y.min(other.low.y),
            },
            high: Coord {
                x: self.high.x.max(other.high.x),
                y: self.high.y.max(other.high.y),
            },
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

impl Sides {
    pub(super) fn of<'a>(paths: impl Iterator<Item = &'a LineString<f64>> + Clone) -> Self {
        let mut all = Vec::with_capacity(paths.clone().map(LineString::coords_count).sum());
        let mut firsts = vec![0];
        for (path, line) in paths.enumerate() {
            all.extend(
                line.lines()
                    .map(|Line { start, end }| Side { start, end, path }),
            );
            firsts.push(all.len());
        }
        let mut levels = Vec::new();
        let mut level = boxes(&all, Around::side);
        while level.len() > 1 {
            let above = boxes(&level, |one| *one);
            levels.push(level);
            level = above;
        }
        levels.push(level);
        Self {
            all,
            firsts,
            levels,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    pub(super) fn side(&self, at: usize) -> &Side {
        &self.all[at]
    }

    /// The vertices before and after a place on a side: those of the side itself, or, at one of its
    /// ends, of its ring.
    pub(super) fn around(&self, at: usize, place: Coord<f64>) -> (Coord<f64>, Coord<f64>) {
        let side = &self.all[at];
        if place == side.start {
            (self.all[self.before(at)].start, side.end)
        } else if place == side.end {
            (side.start, self.all[self.after(at)].end)
        } else {
            (side.start, side.end)
        }
    }

    /// The first meeting.
    pub(super) fn first_meeting(&self) -> Option<Meeting> {
        let mut found = None;
        self.meetings(&mut |meeting| {
            found = Some(meeting);
            ControlFlow::Break(())
        });
        found
    }

    /// Shows every meeting of two sides until told to stop.
    pub(super) fn meetings(&self, visit: &mut impl FnMut(Meeting) -> ControlFlow<()>) {
        if !self.all.is_empty() {
            let _ = self.join(self.levels.len() - 1, 0, 0, visit);
        }
    }

    fn join(
        &self,
        level: usize,
        a: usize,
        b: usize,
        visit: &mut impl FnMut(Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if a != b && !self.levels[level][a].meets(&self.levels[level][b]) {
            return ControlFlow::Continue(());
        }
        let Some(below) = level.checked_sub(1) else {
            return self.join_sides(a, b, visit);
        };
        let ends = self.levels[below].len();
        for first in children(a, ends) {
            for second in children(b, ends).filter(|second| *second >= first) {
                self.join(below, first, second, visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn join_sides(
        &self,
        a: usize,
        b: usize,
        visit: &mut impl FnMut(Meeting) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for first in children(a, self.all.len()) {
            let around = Around::side(&self.all[first]);
            for second in children(b, self.all.len()).filter(|second| *second > first) {
                if !around.meets(&Around::side(&self.all[second])) {
                    continue;
                }
                if let Some(contact) = self.contact(first, second) {
                    visit(Meeting {
                        sides: (first, second),
                        contact,
                    })?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// `a` comes before `b`.
    fn contact(&self, a: usize, b: usize) -> Option<Contact> {
        let (first, second) = (&self.all[a], &self.all[b]);
        if first.path == second.path {
            if b == a + 1 {
                return turned_back(first, second);
            }
            let closes = a == self.firsts[first.path] && b + 1 == self.firsts[first.path + 1];
            if closes && second.end == first.start {
                return turned_back(second, first);
            }
        }
        match line_intersection(
            Line::new(first.start, first.end),
            Line::new(second.start, second.end),
        )? {
            LineIntersection::Collinear { intersection: both } if both.start != both.end => {
                Some(Contact::Overlap(both.start, both.end))
            }
            LineIntersection::Collinear { intersection: both } => Some(Contact::Touch(both.start)),
            LineIntersection::SinglePoint {
                intersection,
                is_proper: true,
            } => Some(Contact::Crossing(intersection)),
            LineIntersection::SinglePoint { intersection, .. } => {
                Some(Contact::Touch(intersection))
            }
        }
    }

    fn before(&self, at: usize) -> usize {
        let path = self.all[at].path;
        if at == self.firsts[path] {
            self.firsts[path + 1] - 1
        } else {
            at - 1
        }
    }

    fn after(&self, at: usize) -> usize {
        let path = self.all[at].path;
        if at + 1 == self.firsts[path + 1] {
            self.firsts[path]
        } else {
            at + 1
        }
    }
}

fn boxes<T>(below: &[T], around: impl Fn(&T) -> Around) -> Vec<Around> {
    let of_chunk = |chunk: &[T]| chunk.iter().map(&around).reduce(Around::both);
    below.chunks(SHARED).filter_map(of_chunk).collect()
}

fn children(of: usize, ends: usize) -> std::ops::Range<usize> {
    of * SHARED..((of + 1) * SHARED).min(ends)
}

/// Where the second side runs back along the first one.
fn turned_back(first: &Side, second: &Side) -> Option<Contact> {
    let corner = first.end;
    is_spike(first.start, corner, second.end).then(|| {
        let back = |at: Coord<f64>| (at.x - corner.x).abs().max((at.y - corner.y).abs());
        let nearer = if back(first.start) < back(second.end) {
            first.start
        } else {
            second.end
        };
        Contact::Overlap(corner, nearer)
    })
}

/// Whether the way from `before` over `tip` to `after` turns back on itself exactly.
pub(super) fn is_spike(before: Coord<f64>, tip: Coord<f64>, after: Coord<f64>) -> bool {
    let (to, from) = (before - tip, after - tip);
    to.x * from.x + to.y * from.y > 0.0
        && RobustKernel::orient2d(before, tip, after) == Orientation::Collinear
}

/// Whether `place` lies to the left of the way from `before` over `corner` to `after`, in the angle
/// there. It must not lie on the way itself.
pub(super) fn is_left(
    before: Coord<f64>,
    corner: Coord<f64>,
    after: Coord<f64>,
    place: Coord<f64>,
) -> bool {
    let left = |from, to| RobustKernel::orient2d(from, to, place) == Orientation::CounterClockwise;
    if RobustKernel::orient2d(before, corner, after) == Orientation::CounterClockwise {
        left(before, corner) && left(corner, after)
    } else {
        left(before, corner) || left(corner, after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(points: &[(f64, f64)]) -> LineString<f64> {
        LineString::from(points.to_vec())
    }

    fn all(lines: &[LineString<f64>]) -> Vec<Meeting> {
        let sides = Sides::of(lines.iter());
        let mut found = Vec::new();
        sides.meetings(&mut |meeting| {
            found.push(meeting);
            ControlFlow::Continue(())
        });
        found.sort_by_key(|meeting| meeting.sides);
        found
    }

    #[test]
    fn contacts_are_told_apart() {
        let at = |x: f64, y: f64| Coord { x, y };
        for (points, sides, contact) in [
            // A bow-tie, a ring that touches itself in a corner, a spike, and a retraced bridge.
            (
                vec![(0., 0.), (2., 2.), (2., 0.), (0., 2.), (0., 0.)],
                (0, 2),
                Contact::Crossing(at(1., 1.)),
            ),
            (
                vec![
                    (0., 0.),
                    (4., 0.),
                    (2., 2.),
                    (4., 4.),
                    (0., 4.),
                    (2., 2.),
                    (0., 0.),
                ],
                (1, 4),
                Contact::Touch(at(2., 2.)),
            ),
            (
                vec![(0., 0.), (4., 0.), (4., 6.), (4., 4.), (0., 4.), (0., 0.)],
                (1, 2),
                Contact::Overlap(at(4., 6.), at(4., 4.)),
            ),
            (
                vec![(0., 0.), (4., 0.), (0., 0.), (1., 3.), (0., 0.)],
                (0, 1),
                Contact::Overlap(at(4., 0.), at(0., 0.)),
            ),
        ] {
            let found = all(&[path(&points)]);
            assert!(
                found.contains(&Meeting { sides, contact }),
                "{points:?}: {found:?}"
            );
        }
        let square = path(&[(0., 0.), (4., 0.), (4., 4.), (0., 4.), (0., 0.)]);
        assert_eq!(all(&[square]), []);
    }

    #[test]
    fn left_is_told_in_sharp_and_in_wide_angles() {
        let at = |(x, y): (f64, f64)| Coord { x, y };
        for (after, place, left) in [
            ((0., 1.), (-1., 1.), true),
            ((0., 1.), (1., 1.), false),
            ((0., 1.), (1., 0.), false),
            ((0., -1.), (1., 0.), true),
            ((0., -1.), (-1., -1.), false),
            ((1., 0.), (0., 1.), true),
            ((1., 0.), (0., -1.), false),
        ] {
            let found = is_left(at((-1., 0.)), at((0., 0.)), at(after), at(place));
            assert_eq!(found, left, "{after:?} {place:?}");
        }
    }

    proptest! {
        /// The tree finds what trying every pair finds.
        #[test]
        fn no_meeting_is_missed(points in prop::collection::vec((0_i8..40, 0_i8..40), 4..90)) {
            let mut points: Vec<_> = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
            points.dedup();
            let line = path(&points);
            let sides = Sides::of(std::iter::once(&line));
            let count = sides.all.len();
            let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
            let expected: Vec<_> = pairs
                .filter_map(|pair| Some(Meeting { sides: pair, contact: sides.contact(pair.0, pair.1)? }))
                .collect();
            prop_assert_eq!(all(&[line]), expected);
        }
    }
}
