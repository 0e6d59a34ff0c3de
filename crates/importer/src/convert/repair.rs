//! Repairs of areas that cannot change what is meant. Each is told; whatever else is wrong is
//! refused.

use geo::CoordsIter;
use geo::winding_order::{Winding, WindingOrder};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::dissolve::dissolve;
use super::sides::is_spike;
use super::split::{by_place, split};
use super::validity::{Fault, FaultKind, OnSide, examine, has_no_area, rings};

/// A repair that was made, with the first place of its kind in the coordinates of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Repair {
    /// A ring did not end where it began; `long` when the side that closes it is its longest.
    Closed { at: Coord<f64>, long: bool },
    /// Vertices stood twice in a row.
    Repeated { count: usize, at: Coord<f64> },
    /// The boundary ran to a place and back the same way.
    Spikes { count: usize, at: Coord<f64> },
    /// Holes or parts that enclose nothing were left out.
    WithoutArea { count: usize, at: Coord<f64> },
    /// A boundary that met itself was split into rings that do not.
    Split { at: Coord<f64> },
    /// A side that two rings shared was taken away.
    Dissolved { at: Coord<f64> },
    /// A vertex of one ring was added to the side of another that it touches.
    Corners { count: usize, at: Coord<f64> },
    /// Rings that run in the wrong direction were told apart by which lies in which.
    ToldApart {
        parts: usize,
        holes: usize,
        at: Coord<f64>,
    },
}

/// How a file says which rings are holes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HolesSaid {
    /// They stand after the ring that they are holes of.
    #[default]
    ByOrder,
    /// By the direction in which rings run alone, as in shapefiles.
    ByDirection,
}

/// An area that is valid, its shells counter-clockwise, its holes clockwise.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repaired {
    pub(super) areas: MultiPolygon<f64>,
    pub(super) repairs: Vec<Repair>,
    /// Whether a ring had to be turned round for that.
    pub(super) is_turned: bool,
}

/// A ring that the file leaves open, by its number among all rings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Open {
    pub(super) ring: usize,
}

/// Repairs and checks an area, whose `open` rings were closed with a side of their own when it was
/// read. A last vertex within `tolerance` of the first is the first.
pub(super) fn repaired(
    mut areas: MultiPolygon<f64>,
    open: &[Open],
    holes: HolesSaid,
    tolerance: f64,
) -> Result<Repaired, Fault> {
    let mut repairs = close(&mut areas, open, tolerance);
    repairs.extend(remove_repeated(&mut areas));
    let touches = match examine(&areas) {
        Ok(touches) => touches,
        Err(fault) => mended(&mut areas, &mut repairs, fault, holes)?,
    };
    repairs.extend(add_corners(&mut areas, &touches));
    let (areas, is_turned) = with_rings_turned(areas);
    Ok(Repaired {
        areas,
        repairs,
        is_turned,
    })
}

/// Turns shells counter-clockwise and holes clockwise; answers whether one had to be.
pub(super) fn with_rings_turned(mut areas: MultiPolygon<f64>) -> (MultiPolygon<f64>, bool) {
    let mut is_turned = false;
    for_each_ring(&mut areas, |number, ring| {
        let wrong = if number == 0 {
            WindingOrder::Clockwise
        } else {
            WindingOrder::CounterClockwise
        };
        if ring.winding_order() == Some(wrong) {
            ring.0.reverse();
            is_turned = true;
        }
    });
    (areas, is_turned)
}

/// Shows every ring, each shell with number 0 before its holes.
fn for_each_ring(
    areas: &mut MultiPolygon<f64>,
    mut change: impl FnMut(usize, &mut LineString<f64>),
) {
    for part in &mut areas.0 {
        part.exterior_mut(|ring| change(0, ring));
        part.interiors_mut(|holes| {
            for (number, hole) in holes.iter_mut().enumerate() {
                change(number + 1, hole);
            }
        });
    }
}

fn close(areas: &mut MultiPolygon<f64>, open: &[Open], tolerance: f64) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if open.is_empty() {
        return repairs;
    }
    let mut numbers = 0..;
    for_each_ring(areas, |_, ring| {
        let number = numbers.next();
        if open.iter().any(|one| Some(one.ring) == number) {
            repairs.extend(close_ring(ring, tolerance));
        }
    });
    repairs
}

fn close_ring(ring: &mut LineString<f64>, tolerance: f64) -> Option<Repair> {
    let [.., last, first] = *ring.0.as_slice() else {
        return None;
    };
    let gap = distance(last, first);
    if gap <= tolerance {
        ring.0.remove(ring.0.len() - 2);
    }
    let mut others = ring.lines().take(ring.0.len().saturating_sub(2));
    let long = gap > tolerance && others.all(|side| distance(side.start, side.end) < gap);
    Some(Repair::Closed { at: last, long })
}

pub(super) fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let between = b - a;
    between.x.hypot(between.y)
}

fn remove_repeated(areas: &mut MultiPolygon<f64>) -> Option<Repair> {
    let twice = |ring: &LineString<f64>| {
        ring.0
            .windows(2)
            .find(|two| two[0] == two[1])
            .map(|two| two[0])
    };
    let at = rings(areas).find_map(twice)?;
    let before = areas.coords_count();
    for_each_ring(areas, |_, ring| ring.0.dedup());
    let count = before - areas.coords_count();
    Some(Repair::Repeated { count, at })
}

/// Repairs what `fault` is about, as far as that cannot change what is meant.
fn mended(
    areas: &mut MultiPolygon<f64>,
    repairs: &mut Vec<Repair>,
    fault: Fault,
    holes: HolesSaid,
) -> Result<Vec<OnSide>, Fault> {
    let mut simpler = areas.clone();
    let mut made: Vec<Repair> = remove_spikes(&mut simpler).into_iter().collect();
    made.extend(leave_out_without_area(&mut simpler));
    let touches = match examine(&simpler) {
        Ok(touches) => touches,
        Err(next) => {
            let (redrawn, repair) = redrawn(&simpler, next, holes).ok_or(next)?;
            simpler = redrawn;
            made.push(repair);
            examine(&simpler).map_err(|_| fault)?
        }
    };
    *areas = simpler;
    repairs.extend(made);
    Ok(touches)
}

/// Other rings that enclose the same, where there are such.
fn redrawn(
    areas: &MultiPolygon<f64>,
    Fault { kind, at }: Fault,
    holes: HolesSaid,
) -> Option<(MultiPolygon<f64>, Repair)> {
    match kind {
        FaultKind::HoleOutside | FaultKind::HoleInHole | FaultKind::PartInPart
            if holes == HolesSaid::ByDirection =>
        {
            let told = by_place(areas)?;
            let parts = told.0.len();
            let holes = rings(&told).count() - parts;
            Some((told, Repair::ToldApart { parts, holes, at }))
        }
        FaultKind::SelfCrossing | FaultKind::SelfTouch | FaultKind::Retraced => {
            Some((split(areas)?, Repair::Split { at }))
        }
        FaultKind::SharedSide => Some((dissolve(areas)?, Repair::Dissolved { at })),
        _ => None,
    }
}

fn remove_spikes(areas: &mut MultiPolygon<f64>) -> Option<Repair> {
    let (mut count, mut at) = (0, None);
    for_each_ring(areas, |_, ring| {
        if has_no_area(ring) {
            return;
        }
        for tip in without_spikes(ring) {
            count += 1;
            at = at.or(Some(tip));
        }
    });
    at.map(|at| Repair::Spikes { count, at })
}

/// Takes the spikes out of a ring; answers their tips.
fn without_spikes(ring: &mut LineString<f64>) -> Vec<Coord<f64>> {
    let mut tips = Vec::new();
    let mut kept: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
    let count = ring.0.len().saturating_sub(1);
    for &vertex in &ring.0[..count] {
        push_without_spike(&mut kept, vertex, &mut tips);
    }
    // The beginning of the ring may lie on a spike.
    loop {
        let length = kept.len();
        if let [first, second, .., before, last] = *kept.as_slice() {
            if last == first || is_spike(before, last, first) {
                tips.extend((last != first).then_some(last));
                kept.pop();
            } else if is_spike(last, first, second) {
                tips.push(first);
                kept.remove(0);
            }
        }
        if kept.len() == length {
            break;
        }
    }
    if !tips.is_empty() {
        kept.extend(kept.first().copied());
        ring.0 = kept;
    }
    tips
}

fn push_without_spike(kept: &mut Vec<Coord<f64>>, vertex: Coord<f64>, tips: &mut Vec<Coord<f64>>) {
    while let [.., before, last] = *kept.as_slice() {
        if !is_spike(before, last, vertex) {
            break;
        }
        tips.push(last);
        kept.pop();
    }
    if kept.last() != Some(&vertex) {
        kept.push(vertex);
    }
}

/// A hole without area takes nothing away, and a part without area adds nothing, as long as another
/// part is left.
fn leave_out_without_area(areas: &mut MultiPolygon<f64>) -> Option<Repair> {
    let nothing = |ring: &LineString<f64>| ring.0.len() < 4 || has_no_area(ring);
    let at = rings(areas)
        .find(|ring| nothing(ring))?
        .0
        .first()
        .copied()?;
    let before = rings(areas).count();
    // A hole with an area, in a part without one, was meant to be something.
    let all_nothing =
        |part: &Polygon<f64>| nothing(part.exterior()) && part.interiors().iter().all(nothing);
    if areas.iter().any(|part| !all_nothing(part)) {
        areas.0.retain(|part| !all_nothing(part));
    }
    for part in &mut areas.0 {
        if part.interiors().iter().any(nothing) {
            let (shell, mut holes) = std::mem::replace(part, Polygon::empty()).into_inner();
            holes.retain(|hole| !nothing(hole));
            *part = Polygon::new(shell, holes);
        }
    }
    let count = before - rings(areas).count();
    (count > 0).then_some(Repair::WithoutArea { count, at })
}

/// Rings that share the vertices in which they touch still touch after a change of coordinates.
fn add_corners(areas: &mut MultiPolygon<f64>, touches: &[OnSide]) -> Option<Repair> {
    let at = touches.first()?.at;
    let mut numbers = 0..;
    for_each_ring(areas, |_, ring| {
        let number = numbers.next();
        let of_ring: Vec<_> = touches
            .iter()
            .filter(|one| Some(one.ring) == number)
            .collect();
        for touch in of_ring {
            add_corner(ring, touch.at);
        }
    });
    Some(Repair::Corners {
        count: touches.len(),
        at,
    })
}

fn add_corner(ring: &mut LineString<f64>, at: Coord<f64>) {
    use geo::Intersects;
    let side = ring.lines().position(|side| side.intersects(&at));
    if let Some(side) = side
        && !ring.0.contains(&at)
    {
        ring.0.insert(side + 1, at);
    }
}

#[cfg(test)]
mod tests;
