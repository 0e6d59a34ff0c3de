//! Whether an area is one: OGC Simple Features (06-103r4, 6.1.11 and 6.1.14), ISO 19107.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::kernels::{Kernel, RobustKernel};
use geo::{BoundingRect, Intersects, Orientation};
use geo_types::{Coord, Line, LineString, MultiPolygon, Rect};

use super::sides::{Contact, Meeting, Side, Sides, is_left};

/// What is wrong with an area, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    /// The vertex or crossing, in the coordinates of the file.
    pub(super) at: Coord<f64>,
}

/// What is wrong with an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A ring has fewer than three corners.
    TooFewCorners,
    /// A ring runs back along itself and encloses nothing.
    NoArea,
    /// A ring crosses itself.
    SelfCrossing,
    /// A ring comes back to a place where it was.
    SelfTouch,
    /// A ring runs along itself.
    Retraced,
    /// Two rings of one part cross.
    RingsCross,
    /// Two rings share a side.
    SharedSide,
    /// A ring stands twice.
    SameRing,
    /// A hole lies outside its shell.
    HoleOutside,
    /// A hole lies in another hole.
    HoleInHole,
    /// Rings touch in so many places that they cut the inside in two.
    InsideCut,
    /// Two parts cross.
    PartsCross,
    /// A part lies in another one.
    PartInPart,
}

/// A vertex of one ring that lies inside a side of another, by the number of the other's ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OnSide {
    pub(super) ring: usize,
    pub(super) at: Coord<f64>,
}

/// The rings of all parts, each shell before its holes.
pub(super) fn rings(areas: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> + Clone {
    let of_part =
        |part| std::iter::once(geo_types::Polygon::exterior(part)).chain(part.interiors());
    areas.0.iter().flat_map(of_part)
}

/// Finds what is wrong with an area whose rings have no vertex twice in a row; else answers where
/// its rings touch inside a side.
pub(super) fn examine(areas: &MultiPolygon<f64>) -> Result<Vec<OnSide>, Fault> {
    if let Some(short) = rings(areas).find(|ring| ring.0.len() < 4) {
        let at = short.0.first().copied().unwrap_or_default();
        return fault(FaultKind::TooFewCorners, at);
    }
    let sides = Sides::of(rings(areas));
    if let [only] = areas.0.as_slice()
        && only.interiors().is_empty()
    {
        return match sides.first_meeting() {
            None => Ok(Vec::new()),
            Some(meeting) => Err(within_ring(only.exterior(), meeting.contact)),
        };
    }
    Nested::new(areas, sides).examine()
}

const fn fault<T>(kind: FaultKind, at: Coord<f64>) -> Result<T, Fault> {
    Err(Fault { kind, at })
}

fn within_ring(ring: &LineString<f64>, contact: Contact) -> Fault {
    let (kind, at) = match contact {
        Contact::Crossing(at) => (FaultKind::SelfCrossing, at),
        Contact::Touch(at) => (FaultKind::SelfTouch, at),
        Contact::Overlap(at, _) if has_no_area(ring) => (FaultKind::NoArea, at),
        Contact::Overlap(at, _) => (FaultKind::Retraced, at),
    };
    Fault { kind, at }
}

/// Whether all vertices of a ring lie on one line.
pub(super) fn has_no_area(ring: &LineString<f64>) -> bool {
    let Some(&first) = ring.0.first() else {
        return true;
    };
    let Some(&other) = ring.0.iter().find(|at| **at != first) else {
        return true;
    };
    ring.0
        .iter()
        .all(|at| RobustKernel::orient2d(first, other, *at) == Orientation::Collinear)
}

/// Several rings and how they lie to each other.
struct Nested<'a> {
    rings: Vec<Ring<'a>>,
    sides: Sides,
}

struct Ring<'a> {
    line: &'a LineString<f64>,
    /// The number of its part.
    part: usize,
    is_hole: bool,
    around: Rect<f64>,
}

impl<'a> Nested<'a> {
    fn new(areas: &'a MultiPolygon<f64>, sides: Sides) -> Self {
        let mut all = Vec::new();
        for (part, area) in areas.iter().enumerate() {
            let lines = std::iter::once(area.exterior()).chain(area.interiors());
            all.extend(lines.enumerate().map(|(at, line)| {
                Ring {
                    line,
                    part,
                    is_hole: at > 0,
                    around: line
                        .bounding_rect()
                        .unwrap_or_else(|| Rect::new(Coord::default(), Coord::default())),
                }
            }));
        }
        Self { rings: all, sides }
    }

    fn examine(&self) -> Result<Vec<OnSide>, Fault> {
        let touches = self.touches()?;
        for touch in &touches {
            self.stay_on_one_side(touch)?;
        }
        self.holes_inside()?;
        self.holes_apart()?;
        self.parts_apart()?;
        self.inside_connected(&touches)?;
        Ok(self.inside_sides(&touches))
    }

    fn ring_of(&self, side: usize) -> usize {
        self.sides.side(side).path
    }

    /// Every place where two rings touch; a fault where they do more than that, or where one meets
    /// itself.
    fn touches(&self) -> Result<Vec<(Meeting, Coord<f64>)>, Fault> {
        let mut touches = Vec::new();
        let mut found = None;
        self.sides.meetings(&mut |meeting| {
            let (a, b) = (self.ring_of(meeting.sides.0), self.ring_of(meeting.sides.1));
            let broken = match meeting.contact {
                contact if a == b => within_ring(self.rings[a].line, contact),
                Contact::Touch(at) => {
                    touches.push((meeting, at));
                    return ControlFlow::Continue(());
                }
                Contact::Crossing(at) => self.crossing(a, b, at),
                Contact::Overlap(at, _) => self.sharing(a, b, at),
            };
            found = Some(broken);
            ControlFlow::Break(())
        });
        found.map_or(Ok(touches), Err)
    }

    fn crossing(&self, a: usize, b: usize, at: Coord<f64>) -> Fault {
        let kind = if self.rings[a].part == self.rings[b].part {
            FaultKind::RingsCross
        } else {
            FaultKind::PartsCross
        };
        Fault { kind, at }
    }

    fn sharing(&self, a: usize, b: usize, at: Coord<f64>) -> Fault {
        let vertices = |ring: usize| {
            let vertices = self.rings[ring].line.0.iter().map(|at| key(*at));
            vertices.collect::<BTreeSet<_>>()
        };
        let kind = if vertices(a) == vertices(b) {
            FaultKind::SameRing
        } else {
            FaultKind::SharedSide
        };
        Fault { kind, at }
    }

    /// Rings that touch in a vertex may cross in it.
    fn stay_on_one_side(&self, (meeting, at): &(Meeting, Coord<f64>)) -> Result<(), Fault> {
        let (before, after) = self.sides.around(meeting.sides.0, *at);
        let (from, to) = self.sides.around(meeting.sides.1, *at);
        let is_left = |place| is_left(before, *at, after, place);
        if is_left(from) == is_left(to) {
            return Ok(());
        }
        let rings = (self.ring_of(meeting.sides.0), self.ring_of(meeting.sides.1));
        Err(self.crossing(rings.0, rings.1, *at))
    }

    fn holes_inside(&self) -> Result<(), Fault> {
        let mut of_part = None;
        for ring in &self.rings {
            match of_part.filter(|_| ring.is_hole) {
                None => of_part = Some(ring),
                Some(shell) if is_inside(ring, shell) => {}
                Some(shell) => return fault(FaultKind::HoleOutside, outer_vertex(ring, shell)),
            }
        }
        Ok(())
    }

    fn holes_apart(&self) -> Result<(), Fault> {
        self.none_inside_another(|ring| ring.is_hole, |a, b| a.part == b.part, |_, _| false)
            .map_or(Ok(()), |at| fault(FaultKind::HoleInHole, at))
    }

    fn parts_apart(&self) -> Result<(), Fault> {
        let in_a_hole = |inner: &Ring<'_>, outer: &Ring<'_>| {
            let holes = self
                .rings
                .iter()
                .filter(|ring| ring.is_hole && ring.part == outer.part);
            holes.into_iter().any(|hole| is_inside(inner, hole))
        };
        self.none_inside_another(|ring| !ring.is_hole, |_, _| true, in_a_hole)
            .map_or(Ok(()), |at| fault(FaultKind::PartInPart, at))
    }

    /// A vertex of a ring that lies in another one; `concerned` chooses rings, `related` pairs, and
    /// `excused` says where that is right.
    fn none_inside_another(
        &self,
        concerned: impl Fn(&Ring<'_>) -> bool,
        related: impl Fn(&Ring<'_>, &Ring<'_>) -> bool,
        excused: impl Fn(&Ring<'_>, &Ring<'_>) -> bool,
    ) -> Option<Coord<f64>> {
        let mut chosen: Vec<&Ring<'_>> = self.rings.iter().filter(|ring| concerned(ring)).collect();
        chosen.sort_by(|a, b| a.around.min().x.total_cmp(&b.around.min().x));
        for (at, first) in chosen.iter().enumerate() {
            let near = chosen[at + 1..]
                .iter()
                .take_while(|second| second.around.min().x <= first.around.max().x)
                .filter(|second| second.around.intersects(&first.around) && related(first, second));
            for second in near {
                for (inner, outer) in [(first, second), (second, first)] {
                    if is_inside(inner, outer) && !excused(inner, outer) {
                        return inner.line.0.first().copied();
                    }
                }
            }
        }
        None
    }

    /// A cycle of rings that touch in different places encloses a piece of the inside.
    fn inside_connected(&self, touches: &[(Meeting, Coord<f64>)]) -> Result<(), Fault> {
        let mut groups = Groups::default();
        let mut known = BTreeSet::new();
        for (meeting, at) in touches {
            let (a, b) = (self.ring_of(meeting.sides.0), self.ring_of(meeting.sides.1));
            if self.rings[a].part != self.rings[b].part {
                continue;
            }
            for ring in [a, b] {
                if known.insert((ring, key(*at)))
                    && !groups.join(Node::Ring(ring), Node::Place(key(*at)))
                {
                    return fault(FaultKind::InsideCut, *at);
                }
            }
        }
        Ok(())
    }

    fn inside_sides(&self, touches: &[(Meeting, Coord<f64>)]) -> Vec<OnSide> {
        let mut found = Vec::new();
        for (meeting, at) in touches {
            for side in [meeting.sides.0, meeting.sides.1] {
                let Side { start, end, path } = *self.sides.side(side);
                let one = OnSide {
                    ring: path,
                    at: *at,
                };
                if *at != start && *at != end && !found.contains(&one) {
                    found.push(one);
                }
            }
        }
        found
    }
}

/// Bits of a place, the same for equal places.
pub(super) fn key(at: Coord<f64>) -> (u64, u64) {
    // Minus zero is zero.
    ((at.x + 0.0).to_bits(), (at.y + 0.0).to_bits())
}

/// Whether a ring lies inside another that it does not cross.
fn is_inside(inner: &Ring<'_>, outer: &Ring<'_>) -> bool {
    inner.around.min().x >= outer.around.min().x
        && inner.around.max().x <= outer.around.max().x
        && inner.around.min().y >= outer.around.min().y
        && inner.around.max().y <= outer.around.max().y
        && lies_inside(inner.line, outer.line)
}

/// Whether a ring lies inside another that it does not cross, told by the first vertex, else the
/// first middle of a side, that is not on the other's boundary.
pub(super) fn lies_inside(inner: &LineString<f64>, outer: &LineString<f64>) -> bool {
    let middles = inner.lines().map(|Line { start, end }| (start + end) / 2.0);
    let mut places = inner.0.iter().copied().chain(middles);
    let position = places.find_map(|place| match coord_pos_relative_to_ring(place, outer) {
        CoordPos::OnBoundary => None,
        position => Some(position),
    });
    position == Some(CoordPos::Inside)
}

fn outer_vertex(ring: &Ring<'_>, shell: &Ring<'_>) -> Coord<f64> {
    let outside = ring
        .line
        .0
        .iter()
        .find(|at| coord_pos_relative_to_ring(**at, shell.line) == CoordPos::Outside);
    outside.or(ring.line.0.first()).copied().unwrap_or_default()
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Ring(usize),
    Place((u64, u64)),
}

/// Which nodes hang together.
#[derive(Default)]
struct Groups(HashMap<Node, Node>);

impl Groups {
    fn root(&self, of: Node) -> Node {
        let mut at = of;
        while let Some(up) = self.0.get(&at) {
            at = *up;
        }
        at
    }

    /// Joins two nodes; false when they hung together before.
    fn join(&mut self, a: Node, b: Node) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.0.insert(b, a);
        }
        a != b
    }
}

#[cfg(test)]
pub(super) mod tests;
