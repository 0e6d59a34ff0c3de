//! The outlines of symbols, from which both pictures and SVG are drawn.

use std::f64::consts::TAU;

use domain::theme::Shape;

/// A corner of an outline in a square from -1 to 1, x to the right, y down.
pub type Corner = (f64, f64);

/// The outline of a shape. A ring is drawn between that of a circle and [`HOLE`] of it.
pub fn outline(shape: Shape) -> Vec<Corner> {
    const BAR: f64 = 0.36;
    match shape {
        Shape::Circle | Shape::Ring => (0..32)
            .map(|step| (f64::from(step) * TAU / 32.0).sin_cos())
            .collect(),
        Shape::Square => corners(0.82, 0.82),
        Shape::Diamond => vec![(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)],
        Shape::Triangle => vec![(0.0, -0.95), (1.0, 0.8), (-1.0, 0.8)],
        Shape::Cross => vec![
            (-BAR, -1.0),
            (BAR, -1.0),
            (BAR, -BAR),
            (1.0, -BAR),
            (1.0, BAR),
            (BAR, BAR),
            (BAR, 1.0),
            (-BAR, 1.0),
            (-BAR, BAR),
            (-1.0, BAR),
            (-1.0, -BAR),
            (-BAR, -BAR),
        ],
    }
}

/// The part of a ring that is not painted, as a part of its radius.
pub const HOLE: f64 = 0.6;

fn corners(x: f64, y: f64) -> Vec<Corner> {
    vec![(-x, -y), (x, -y), (x, y), (-x, y)]
}

/// Whether a place lies inside an outline: a ray from it crosses the outline an odd number of times.
pub fn holds(outline: &[Corner], (x, y): Corner) -> bool {
    let next = outline.iter().cycle().skip(1);
    let crossed = outline.iter().zip(next).filter(|(one, other)| {
        let crosses = (one.1 > y) != (other.1 > y);
        crosses && x < one.0 + (other.0 - one.0) * (y - one.1) / (other.1 - one.1)
    });
    crossed.count() % 2 == 1
}
