//! Pixels with red, green, blue and opacity.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use gdal::raster::{Buffer, RasterCreationOptions};
use gdal::{DriverManager, vsi};

use crate::error::RasterError;
use crate::volume::frame::as_f64;

/// Seven colours from red by near-white to blue (`RdBu` of `ColorBrewer`, readable for the colour-blind).
const COLOURS: [[u8; 3]; 7] = [
    [178, 24, 43],
    [239, 138, 98],
    [253, 219, 199],
    [247, 247, 247],
    [209, 229, 240],
    [103, 169, 207],
    [33, 102, 172],
];

/// The colour of a share of the full difference, from -1, red, to 1, blue.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the colours"
)]
pub fn colour(share: f64) -> [u8; 4] {
    let place = f64::midpoint(share.clamp(-1.0, 1.0), 1.0) * as_f64(COLOURS.len() - 1);
    let first = (place as usize).min(COLOURS.len() - 2);
    let part = place - as_f64(first);
    let mix = |at: usize| {
        let [a, b] = [COLOURS[first][at], COLOURS[first + 1][at]].map(f64::from);
        (a + (b - a) * part).round() as u8
    };
    [mix(0), mix(1), mix(2), 255]
}

/// A picture of pixels, transparent at first.
#[derive(Clone, Debug)]
pub struct Raster {
    pub width: usize,
    pub height: usize,
    /// Red, green, blue and opacity, plane after plane.
    planes: [Vec<u8>; 4],
}

impl Raster {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            planes: std::array::from_fn(|_| vec![0; width * height]),
        }
    }

    pub fn set(&mut self, column: usize, row: usize, colour: [u8; 4]) {
        for (plane, value) in self.planes.iter_mut().zip(colour) {
            plane[row * self.width + column] = value;
        }
    }

    /// A black line between two places, those outside the picture left out.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and within the picture"
    )]
    pub fn line(&mut self, a: (f64, f64), b: (f64, f64)) {
        let (east, south) = (b.0 - a.0, b.1 - a.1);
        let steps = east.abs().max(south.abs()).ceil().clamp(1.0, 1e6);
        for step in 0..=(steps as u32) {
            let share = f64::from(step) / steps;
            let (column, row) = (a.0 + share * east, a.1 + share * south);
            let inside = (0.0..as_f64(self.width)).contains(&column)
                && (0.0..as_f64(self.height)).contains(&row);
            if inside {
                self.set(column as usize, row as usize, [0, 0, 0, 255]);
            }
        }
    }

    /// The picture as PNG.
    pub fn png(&self) -> Result<Vec<u8>, RasterError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = PathBuf::from(format!("/vsimem/volume-{number}.png"));
        let encoded = self.encode(&name);
        encoded.map_err(|source| RasterError::Unwritten { path: name, source })
    }

    fn encode(&self, name: &PathBuf) -> Result<Vec<u8>, gdal::errors::GdalError> {
        let size = (self.width, self.height);
        let memory = DriverManager::get_driver_by_name("MEM")?;
        let picture = memory.create_with_band_type::<u8, _>("", size.0, size.1, 4)?;
        for (at, plane) in (1..).zip(&self.planes) {
            let mut buffer = Buffer::new(size, plane.clone());
            picture.rasterband(at)?.write((0, 0), size, &mut buffer)?;
        }
        let png = DriverManager::get_driver_by_name("PNG")?;
        picture
            .create_copy(&png, name, &RasterCreationOptions::default())?
            .close()?;
        vsi::get_vsi_mem_file_bytes_owned(name)
    }
}
