//! What becomes of a geometry, in words: its coordinates tell nobody anything.

use domain::lang::{Lang, Message};
use domain::message;
use domain::record::{Finding, Severity};
use store::staging::ShapeChange;

use crate::neighbours::distance;

/// How a geometry changes.
pub(super) fn finding(column: &str, shape: &ShapeChange) -> Finding {
    let message = match *shape {
        ShapeChange {
            positions: (1.0, 1.0),
            moved_m: Some(moved_m),
            ..
        } => {
            let moved = exactly(moved_m);
            message!("место се помера за {moved}", "the place moves by {moved}")
        }
        _ => outline(shape),
    };
    Finding::of(Severity::Note, column, message)
}

fn outline(shape: &ShapeChange) -> Message {
    let (before, after) = shape.positions;
    let mut all = vec![message!(
        "облик се мења: тачака {after:.0}, било {before:.0}",
        "the shape changes: {after:.0} positions, before {before:.0}"
    )];
    all.extend(shape.area_m2.map(|(before, after)| {
        let [before, after] = [before, after].map(area);
        message!(
            "површина {after}, била {before}",
            "area {after}, before {before}"
        )
    }));
    all.extend(
        shape
            .moved_m
            .map(exactly)
            .map(|moved| message!("највише се помера за {moved}", "it moves by up to {moved}")),
    );
    let [sr, en] = [Lang::SrCyrl, Lang::En].map(|lang| {
        let words: Vec<_> = all.iter().map(|one| one.get(lang)).collect();
        words.join("; ")
    });
    Message { sr, en }
}

/// A distance that may be millimetres.
fn exactly(metres: f64) -> String {
    match metres {
        _ if metres < 1.0 => format!("{:.0} mm", metres * 1_000.0),
        _ if metres < 10.0 => format!("{metres:.1} m"),
        _ => distance(metres),
    }
}

fn area(square_metres: f64) -> String {
    if square_metres < 10_000.0 {
        format!("{square_metres:.0} m²")
    } else {
        format!("{:.2} ha", square_metres / 10_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(positions: (f64, f64), area_m2: Option<(f64, f64)>, moved_m: f64) -> String {
        let shape = ShapeChange {
            positions,
            area_m2,
            moved_m: Some(moved_m),
        };
        finding("outline", &shape).message.en
    }

    #[test]
    fn a_change_of_shape_is_told_in_figures() {
        assert_eq!(said((1.0, 1.0), None, 0.008), "the place moves by 8 mm");
        assert_eq!(
            said((812.0, 815.0), Some((123_100.0, 9_999.6)), 3.24),
            "the shape changes: 815 positions, before 812; area 10000 m², before 12.31 ha; it moves by up to 3.2 m"
        );
        assert_eq!(
            said((2.0, 3.0), None, 1_234.0),
            "the shape changes: 3 positions, before 2; it moves by up to 1.2 km"
        );
    }
}
