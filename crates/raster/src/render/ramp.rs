//! Values as colours: viridis (by S. van der Walt and N. Smith, public domain), which grows lighter
//! evenly, stays readable in grey and for the colour-blind.

use super::Pixels;

/// Viridis at every tenth of its length.
const STOPS: [[u8; 3]; 11] = [
    [68, 1, 84],
    [72, 36, 117],
    [65, 68, 135],
    [53, 95, 141],
    [42, 120, 142],
    [33, 145, 140],
    [34, 168, 132],
    [68, 191, 112],
    [122, 209, 81],
    [189, 223, 38],
    [253, 231, 37],
];

/// Index 0 is no data; 1 to 255 go from the first colour to the last.
static PALETTE: [[u8; 3]; 256] = palette();

#[expect(
    clippy::cast_possible_truncation,
    reason = "a mean of two bytes is one"
)]
const fn palette() -> [[u8; 3]; 256] {
    let mut colours = [[0; 3]; 256];
    let mut at = 1;
    while at < 256 {
        // The place between the stops, in 254ths of a stop.
        let place = (at - 1) * (STOPS.len() - 1);
        let (stop, part) = (place / 254, place % 254);
        let next = if stop + 1 < STOPS.len() {
            stop + 1
        } else {
            stop
        };
        let mut band = 0;
        while band < 3 {
            let (from, to) = (STOPS[stop][band] as usize, STOPS[next][band] as usize);
            colours[at][band] = ((from * (254 - part) + to * part + 127) / 254) as u8;
            band += 1;
        }
        at += 1;
    }
    colours
}

/// The colours of values between `lowest` and `highest`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0 to 254 first"
)]
pub fn pixels(values: &[f32], lowest: f32, highest: f32) -> Pixels {
    let range = (highest - lowest).max(f32::MIN_POSITIVE);
    let scale = 254.0 / range;
    let index = |value: &f32| {
        if value.is_nan() {
            return 0;
        }
        1 + ((value - lowest) * scale).clamp(0.0, 254.0).round() as u8
    };
    Pixels::Indexed {
        palette: &PALETTE,
        indices: values.iter().map(index).collect(),
    }
}
