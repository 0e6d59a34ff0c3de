//! Which boxes overlap.

/// The box around a staged outline, degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    row: i64,
    low: [f64; 2],
    high: [f64; 2],
}

impl From<(i64, f64, f64, f64, f64)> for Extent {
    fn from((row, west, south, east, north): (i64, f64, f64, f64, f64)) -> Self {
        Self {
            row,
            low: [west, south],
            high: [east, north],
        }
    }
}

/// Pairs of rows, each with the smaller one first, whose boxes have more than a line in common; no
/// more than `most`. The boxes are swept along the axis on which they are spread more.
pub(super) fn overlapping(mut boxes: Vec<Extent>, most: usize) -> Vec<(i64, i64)> {
    let along = usize::from(spread(&boxes, 1) > spread(&boxes, 0));
    let across = 1 - along;
    boxes.sort_by(|a, b| a.low[along].total_cmp(&b.low[along]));
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

fn spread(boxes: &[Extent], axis: usize) -> f64 {
    let low = boxes.iter().map(|one| one.low[axis]).reduce(f64::min);
    let high = boxes.iter().map(|one| one.high[axis]).reduce(f64::max);
    low.zip(high).map_or(0.0, |(low, high)| high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        .map(Extent::from)
        .into();
        let mut pairs = overlapping(boxes.clone(), 10);
        pairs.sort_unstable();
        assert_eq!(pairs, [(3, 4), (3, 5)]);
        assert_eq!(overlapping(boxes, 1).len(), 1);
    }
}
