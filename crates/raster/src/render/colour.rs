//! Pixels that have their colours already.

use super::Pixels;

/// Colours with opacity; without it where every pixel is opaque.
pub fn pixels(cells: &[[u8; 4]]) -> Pixels {
    if cells.iter().all(|cell| cell[3] == u8::MAX) {
        let mut bytes = Vec::with_capacity(cells.len() * 3);
        for [red, green, blue, _] in cells {
            bytes.extend_from_slice(&[*red, *green, *blue]);
        }
        return Pixels::Rgb(bytes);
    }
    Pixels::Rgba(cells.as_flattened().to_vec())
}
