//! The outline of a set of cells.

use std::collections::HashMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// A corner of cells: column and row from the north-western one.
type Corner = (usize, usize);

/// The outline of the filled cells of a grid, row by row from the north: x = columns from the west,
/// y = rows from the north. Cells that touch only at a corner are parts of their own. Shells run
/// counter-clockwise on a map, where y grows to the south.
pub(super) fn of(filled: &[bool], columns: usize) -> MultiPolygon<f64> {
    let mut shells = Vec::new();
    let mut holes = Vec::new();
    for ring in rings(filled, columns)
        .into_iter()
        .flat_map(without_touching)
    {
        let is_shell = twice_area(&ring) > 0;
        let ring = LineString(straightened(&ring));
        if is_shell {
            shells.push(ring);
        } else {
            holes.push(ring);
        }
    }
    let mut parts: Vec<(LineString<f64>, Vec<LineString<f64>>)> = shells
        .into_iter()
        .map(|shell| (shell, Vec::new()))
        .collect();
    for hole in holes {
        if let Some(at) = owner(&parts, &hole) {
            parts[at].1.push(hole);
        }
    }
    let polygons = parts
        .into_iter()
        .map(|(shell, holes)| Polygon::new(shell, holes));
    polygons.collect()
}

/// The sides of filled cells that have no filled neighbour, end to end, the filled side on the left
/// as seen on a map.
fn rings(filled: &[bool], columns: usize) -> Vec<Vec<Corner>> {
    let mut sides = sides(filled, columns);
    let mut starts: Vec<Corner> = sides.keys().copied().collect();
    starts.sort_unstable_by_key(|&(column, row)| (row, column));
    let mut rings = Vec::new();
    for start in starts {
        while let Some(first) = take(&mut sides, start, None) {
            let mut ring = vec![start];
            let (mut from, mut at) = (start, first);
            while at != start {
                ring.push(at);
                let Some(next) = take(&mut sides, at, Some(from)) else {
                    break;
                };
                (from, at) = (at, next);
            }
            rings.push(ring);
        }
    }
    rings
}

/// Where the sides lead that begin at each corner.
fn sides(filled: &[bool], columns: usize) -> HashMap<Corner, Vec<Corner>> {
    let rows = filled.len() / columns.max(1);
    let is_filled = |column: Option<usize>, row: Option<usize>| match (column, row) {
        (Some(column), Some(row)) if column < columns && row < rows => {
            filled[row * columns + column]
        }
        _ => false,
    };
    let mut sides: HashMap<Corner, Vec<Corner>> = HashMap::new();
    for (at, _) in filled.iter().enumerate().filter(|(_, filled)| **filled) {
        let (column, row) = (at % columns, at / columns);
        let [nw, ne, sw, se] = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| (column + x, row + y));
        let around = [
            (is_filled(Some(column), row.checked_sub(1)), ne, nw),
            (is_filled(column.checked_sub(1), Some(row)), nw, sw),
            (is_filled(Some(column), Some(row + 1)), sw, se),
            (is_filled(Some(column + 1), Some(row)), se, ne),
        ];
        for (_, from, to) in around.into_iter().filter(|(neighbour, ..)| !neighbour) {
            sides.entry(from).or_default().push(to);
        }
    }
    sides
}

/// Takes a side that begins at a corner; of two, the one that turns left, so that cells that touch
/// at the corner stay apart.
fn take(
    sides: &mut HashMap<Corner, Vec<Corner>>,
    at: Corner,
    from: Option<Corner>,
) -> Option<Corner> {
    let choices = sides.get_mut(&at)?;
    let left = |to: &Corner| from.is_some_and(|from| turn(from, at, *to) > 0);
    let chosen = choices.iter().position(left).unwrap_or(0);
    let taken = (chosen < choices.len()).then(|| choices.swap_remove(chosen));
    if choices.is_empty() {
        sides.remove(&at);
    }
    taken
}

/// Positive for a turn to the left on a map.
fn turn(a: Corner, b: Corner, c: Corner) -> i64 {
    let [(ax, ay), (bx, by), (cx, cy)] = [a, b, c].map(signed);
    (bx - ax) * (by - cy) - (by - ay) * (bx - cx)
}

fn signed((column, row): Corner) -> (i64, i64) {
    // Coarse grids are small.
    (
        i64::try_from(column).unwrap_or_default(),
        i64::try_from(row).unwrap_or_default(),
    )
}

/// A ring that comes to a corner twice is several rings that touch there.
fn without_touching(ring: Vec<Corner>) -> Vec<Vec<Corner>> {
    let mut apart = Vec::new();
    let mut path: Vec<Corner> = Vec::new();
    let mut seen: HashMap<Corner, usize> = HashMap::new();
    for corner in ring {
        if let Some(&first) = seen.get(&corner) {
            for left in &path[first + 1..] {
                seen.remove(left);
            }
            apart.push(path.split_off(first));
        }
        seen.insert(corner, path.len());
        path.push(corner);
    }
    apart.push(path);
    apart
}

/// Twice the area, positive when the ring is counter-clockwise on a map.
fn twice_area(ring: &[Corner]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let parts = ring.iter().zip(next).map(|(&one, &other)| {
        let ((ax, ay), (bx, by)) = (signed(one), signed(other));
        ay * bx - ax * by
    });
    parts.sum()
}

/// The closed ring with corners only where it turns.
#[expect(clippy::cast_precision_loss, reason = "coarse grids are small")]
fn straightened(ring: &[Corner]) -> Vec<Coord<f64>> {
    let count = ring.len();
    let turning = (0..count).filter(|&at| {
        turn(
            ring[(at + count - 1) % count],
            ring[at],
            ring[(at + 1) % count],
        ) != 0
    });
    let mut corners: Vec<_> = turning
        .map(|at| Coord {
            x: ring[at].0 as f64,
            y: ring[at].1 as f64,
        })
        .collect();
    corners.extend(corners.first().copied());
    corners
}

/// The smallest shell around a hole.
fn owner(
    parts: &[(LineString<f64>, Vec<LineString<f64>>)],
    hole: &LineString<f64>,
) -> Option<usize> {
    use geo::{Area as _, Contains as _};
    // The middle of a cell inside the hole's first corner; the corner itself may touch the shell.
    let inside = inner_point(hole)?;
    let shells = parts.iter().enumerate().map(|(at, (shell, _))| {
        let area = Polygon::new(shell.clone(), Vec::new());
        (at, area)
    });
    let around = shells.filter(|(_, area)| area.contains(&inside));
    let smallest = around.min_by(|a, b| a.1.unsigned_area().total_cmp(&b.1.unsigned_area()));
    smallest.map(|(at, _)| at)
}

/// The centre of the cell that lies inside a ring at its northernmost, there westernmost corner.
fn inner_point(ring: &LineString<f64>) -> Option<Coord<f64>> {
    let first = ring.0.iter().min_by(|a, b| {
        (a.y, a.x)
            .partial_cmp(&(b.y, b.x))
            .unwrap_or(std::cmp::Ordering::Equal)
    })?;
    Some(Coord {
        x: first.x + 0.5,
        y: first.y + 0.5,
    })
}
