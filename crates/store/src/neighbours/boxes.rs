//! Which boxes overlap.

use geo_types::Geometry;

/// So many steps of an [`Extent`] make a degree: a step is 11 mm of latitude.
const STEPS: f64 = 1e7;

/// The box around a staged outline in 24 bytes, since those of all outlines are kept: its corners are
/// rounded to the nearest step from the 180th meridian and the same latitude.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    row: i64,
    low: [u32; 2],
    high: [u32; 2],
}

impl Extent {
    /// The box around the outer boundaries of an area; `None` for what is none.
    pub(crate) fn of_area(row: i64, geometry: &Geometry<f64>) -> Option<Self> {
        let Geometry::MultiPolygon(areas) = geometry else {
            return None;
        };
        let corners = areas.0.iter().flat_map(|area| &area.exterior().0);
        let empty = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        let (low, high) = corners.fold(empty, |(low, high), at| {
            let low = [low[0].min(at.x), low[1].min(at.y)];
            (low, [high[0].max(at.x), high[1].max(at.y)])
        });
        (low[0] <= high[0]).then(|| Self {
            row,
            low: low.map(steps),
            high: high.map(steps),
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast keeps within the bounds of the type"
)]
fn steps(degrees: f64) -> u32 {
    ((degrees + 180.0) * STEPS).round() as u32
}

/// Pairs of rows, each with the smaller one first, whose boxes have more than a line in common; no
/// more than `most`. The boxes are swept along the axis on which they are spread more.
pub(super) fn overlapping(mut boxes: Vec<Extent>, most: usize) -> Vec<(i64, i64)> {
    let along = usize::from(spread(&boxes, 1) > spread(&boxes, 0));
    let across = 1 - along;
    boxes.sort_unstable_by_key(|one| (one.low[along], one.row));
    let mut open: Vec<Extent> = Vec::new();
    let mut pairs = Vec::new();
    for one in boxes {
        open.retain(|other| other.high[along] > one.low[along]);
        let meets = |other: &&Extent| {
            other.low[across] < one.high[across] && one.low[across] < other.high[across]
        };
        let met = open.iter().filter(meets);
        let left = most - pairs.len();
        pairs.extend(
            met.take(left)
                .map(|other| (one.row.min(other.row), one.row.max(other.row))),
        );
        if pairs.len() == most {
            break;
        }
        open.push(one);
    }
    pairs
}

fn spread(boxes: &[Extent], axis: usize) -> u32 {
    let low = boxes.iter().map(|one| one.low[axis]).min();
    let high = boxes.iter().map(|one| one.high[axis]).max();
    low.zip(high).map_or(0, |(low, high)| high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_goes_around_all_parts() {
        let square = |x: f64| geo_types::Rect::new((x, 1.0), (x + 1.0, 2.0)).to_polygon();
        let areas = geo_types::MultiPolygon::new(vec![square(20.0), square(22.0)]);
        let around = Extent::of_area(7, &areas.into()).unwrap();
        assert_eq!(
            (around.row, around.low, around.high),
            (
                7,
                [2_000_000_000, 1_810_000_000],
                [2_030_000_000, 1_820_000_000]
            )
        );
        let point = geo_types::Point::new(20.0, 44.0);
        assert!(Extent::of_area(7, &point.into()).is_none());
    }

    #[test]
    fn boxes_that_share_more_than_a_line_are_paired() {
        let boxes: Vec<Extent> = [
            (4, 0.0, 0.0, 2.0, 2.0),
            (3, 1.0, 1.0, 3.0, 3.0),
            // Beside the first, beside the second, inside the second.
            (2, 2.0, 0.0, 3.0, 1.0),
            (1, 1.0, 3.0, 3.0, 9.0),
            (5, 2.5, 2.5, 2.6, 2.6),
        ]
        .map(|(row, west, south, east, north)| Extent {
            row,
            low: [west, south].map(steps),
            high: [east, north].map(steps),
        })
        .into();
        let mut pairs = overlapping(boxes.clone(), 10);
        pairs.sort_unstable();
        assert_eq!(pairs, [(3, 4), (3, 5)]);
        assert_eq!(overlapping(boxes, 1).len(), 1);
    }
}
