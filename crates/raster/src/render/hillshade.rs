//! Terrain lit from one side, with slopes by Horn (1981): the mean of three differences in each
//! direction.

use super::Pixels;
use crate::cells::Cells;

/// Where the light comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// The direction, in degrees clockwise from north.
    pub azimuth_deg: f32,
    /// Degrees above the horizon.
    pub altitude_deg: f32,
    /// How many times heights are exaggerated.
    pub exaggeration: f32,
}

impl Default for Light {
    /// From the north-west at 45°, as maps are lit by custom.
    fn default() -> Self {
        Self {
            azimuth_deg: 315.0,
            altitude_deg: 45.0,
            exaggeration: 1.0,
        }
    }
}

/// Brightness of the cells inside a margin of one cell. `ground_m` is the width and height of a cell
/// on the ground, for each row inside.
///
/// A neighbour without data is taken to be as high as the cell itself.
#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes of cells need no double precision here"
)]
pub fn pixels(heights: &Cells, ground_m: &[(f64, f64)], light: &Light) -> Pixels {
    let across = heights.grid.columns;
    let inside = across.saturating_sub(2);
    let shade = Shade::of(light);
    let mut bytes = Vec::with_capacity(inside * ground_m.len());
    let mut hidden = Vec::new();
    for (row, (east_m, north_m)) in ground_m.iter().enumerate() {
        let lines = [row, row + 1, row + 2].map(|at| &heights.values[at * across..][..across]);
        // Three differences of two cells, weighed 1, 2, 1.
        let slope = |size_m: f64| light.exaggeration / (8.0 * size_m as f32);
        let slopes = (slope(*east_m), slope(*north_m));
        for at in 0..inside {
            let near = lines.map(|line| [line[at], line[at + 1], line[at + 2]]);
            if near[1][1].is_nan() {
                hidden.push(bytes.len());
            }
            bytes.push(shade.brightness(near, slopes));
        }
    }
    if hidden.is_empty() {
        return Pixels::Grey(bytes);
    }
    let mut with_opacity: Vec<u8> = bytes.iter().flat_map(|grey| [*grey, u8::MAX]).collect();
    for at in hidden {
        with_opacity[2 * at..2 * at + 2].fill(0);
    }
    Pixels::GreyAlpha(with_opacity)
}

/// The direction of the light as a vector.
struct Shade {
    east: f32,
    north: f32,
    up: f32,
}

impl Shade {
    fn of(light: &Light) -> Self {
        let (sin, cos) = light.azimuth_deg.to_radians().sin_cos();
        let (up, flat) = light.altitude_deg.to_radians().sin_cos();
        Self {
            east: sin * flat,
            north: cos * flat,
            up,
        }
    }

    /// The cosine of the angle between the light and the ground's normal, from 1 (dark) to 255;
    /// 0 is left to cells without data, as `gdaldem` does.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cosine, of which the negative ones are taken out"
    )]
    fn brightness(&self, near: [[f32; 3]; 3], (per_east, per_north): (f32, f32)) -> u8 {
        let cosine = self.cosine(near, per_east, per_north);
        if !cosine.is_nan() {
            return 1 + (254.0 * cosine).max(0.0).round() as u8;
        }
        let own = near[1][1];
        if own.is_nan() {
            return 0;
        }
        let cosine = self.cosine(filled(near), per_east, per_north);
        1 + (254.0 * cosine).max(0.0).round() as u8
    }

    fn cosine(&self, near: [[f32; 3]; 3], per_east: f32, per_north: f32) -> f32 {
        let [above, own, below] = near;
        let east = |line: [f32; 3]| line[2] - line[0];
        let rise_east = (east(above) + 2.0 * east(own) + east(below)) * per_east;
        let sum = |line: [f32; 3]| line[0] + 2.0 * line[1] + line[2];
        let rise_north = (sum(above) - sum(below)) * per_north;
        let along = self.up - self.east * rise_east - self.north * rise_north;
        along / (1.0 + rise_east * rise_east + rise_north * rise_north).sqrt()
    }
}

fn filled(mut near: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let own = near[1][1];
    for height in near.as_flattened_mut() {
        if height.is_nan() {
            *height = own;
        }
    }
    near
}
