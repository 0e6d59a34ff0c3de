//! Heights packed into colours, for maps that draw the ground in three dimensions.

use super::Pixels;

/// A metre in steps of the encoding, and what stands for 0 m.
const STEPS_PER_METRE: f64 = 10.0;
const SEA_LEVEL: f64 = 100_000.0;
const MOST: f64 = 16_777_215.0;

/// Mapbox Terrain-RGB. A pixel without data is transparent and has the colour of 0 m: a map that does
/// not look at opacity then shows the sea's level, not -10 000 m.
pub fn pixels(heights: &[f32]) -> Pixels {
    if heights.iter().any(|height| height.is_nan()) {
        let cells = heights.iter().flat_map(|height| {
            let [red, green, blue] = packed(*height);
            [red, green, blue, u8::from(!height.is_nan()) * u8::MAX]
        });
        return Pixels::Rgba(cells.collect());
    }
    Pixels::Rgb(heights.iter().flat_map(|height| packed(*height)).collect())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 24 bits first"
)]
fn packed(height_m: f32) -> [u8; 3] {
    let height_m = if height_m.is_nan() { 0.0 } else { height_m };
    let steps = f64::from(height_m) * STEPS_PER_METRE + SEA_LEVEL;
    let [_, red, green, blue] = (steps.round().clamp(0.0, MOST) as u32).to_be_bytes();
    [red, green, blue]
}
