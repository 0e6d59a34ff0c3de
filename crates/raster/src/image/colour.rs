//! Colours of an image, with what hides cells: an opacity band, a mask, or a colour for no data.

use gdal::Dataset;
use gdal::errors::GdalError;
use gdal::raster::{ColorInterpretation, GdalDataType, RasterBand};

use super::Image;
use crate::error::RasterError;
use crate::geotiff::read_window;
use crate::grid::Window;

/// How colours stand in the bands.
#[derive(Clone, Debug)]
pub(super) struct Colours {
    /// The bands (from 1) of red, green and blue; of grey three times the same.
    bands: [usize; 3],
    hidden_by: Hidden,
    /// Per colour, the values that become black and white, of bands that are not of bytes.
    stretch: Option<[(f32, f32); 3]>,
}

/// What says that a cell has no data.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hidden {
    Nothing,
    /// This band holds opacity.
    Opacity(usize),
    /// The mask that all bands share.
    Mask,
    /// This value in every colour.
    Value(f64),
}

impl Image {
    /// Red, green, blue and opacity of the cells in a window of a level, row by row from the north;
    /// all zero where there is no data. Grey is three equal colours; 16 bits and more are stretched
    /// between the 2nd and the 98th hundredth of the values of the whole image.
    ///
    /// # Errors
    /// [`RasterError::Damaged`] when GDAL cannot read it.
    pub fn read_rgba(&self, level: usize, window: Window) -> Result<Vec<[u8; 4]>, RasterError> {
        let colours = self.colours()?;
        self.with_dataset(|dataset| {
            let mut cells = vec![[0, 0, 0, u8::MAX]; window.columns * window.rows];
            for at in 0..3 {
                let [first, ..] = colours.bands;
                if at > 0 && colours.bands[at] == first {
                    for cell in &mut cells {
                        cell[at] = cell[0];
                    }
                } else {
                    colour(dataset, &colours, at, level, window, &mut cells)?;
                }
            }
            hide(dataset, &colours, level, window, &mut cells)?;
            Ok(cells)
        })
    }

    fn colours(&self) -> Result<Colours, RasterError> {
        if let Some(known) = self.colours.get() {
            return Ok(known.clone());
        }
        let mut found = self.with_dataset(found)?;
        if !self.with_dataset(|dataset| all_bytes(dataset, found.bands))? {
            let mut stretch = [(0.0, 1.0); 3];
            for (limits, band) in stretch.iter_mut().zip(found.bands) {
                *limits = self.usual_range(band)?.unwrap_or((0.0, 1.0));
            }
            found.stretch = Some(stretch);
        }
        Ok(self.colours.get_or_init(|| found).clone())
    }
}

fn found(dataset: &Dataset) -> Result<Colours, GdalError> {
    let count = dataset.raster_count();
    let mut opacity = None;
    for at in 1..=count {
        if dataset.rasterband(at)?.color_interpretation() == ColorInterpretation::AlphaBand {
            opacity = Some(at);
        }
    }
    let colours = count - usize::from(opacity.is_some());
    let first = dataset.rasterband(1)?;
    let flags = first.mask_flags()?;
    let hidden_by = match (opacity, first.no_data_value()) {
        (Some(band), _) => Hidden::Opacity(band),
        (None, _) if flags.is_per_dataset() && !flags.is_alpha() => Hidden::Mask,
        (None, Some(value)) => Hidden::Value(value),
        (None, None) => Hidden::Nothing,
    };
    Ok(Colours {
        bands: if colours < 3 { [1; 3] } else { [1, 2, 3] },
        hidden_by,
        stretch: None,
    })
}

fn all_bytes(dataset: &Dataset, bands: [usize; 3]) -> Result<bool, GdalError> {
    for band in bands {
        if dataset.rasterband(band)?.band_type() != GdalDataType::UInt8 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn of_level<T>(
    dataset: &Dataset,
    band: usize,
    level: usize,
    work: impl FnOnce(&RasterBand<'_>) -> Result<T, GdalError>,
) -> Result<T, GdalError> {
    let band = dataset.rasterband(band)?;
    match level {
        0 => work(&band),
        overview => work(&band.overview(overview - 1)?),
    }
}

fn colour(
    dataset: &Dataset,
    colours: &Colours,
    at: usize,
    level: usize,
    window: Window,
    cells: &mut [[u8; 4]],
) -> Result<(), GdalError> {
    let band = colours.bands[at];
    match &colours.stretch {
        None => {
            let values: Vec<u8> = of_level(dataset, band, level, |band| read_window(band, window))?;
            for (cell, value) in cells.iter_mut().zip(values) {
                cell[at] = value;
            }
        }
        Some(stretch) => {
            let values: Vec<f32> =
                of_level(dataset, band, level, |band| read_window(band, window))?;
            for (cell, value) in cells.iter_mut().zip(values) {
                cell[at] = stretched(value, stretch[at]);
            }
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to bytes first"
)]
fn stretched(value: f32, (black, white): (f32, f32)) -> u8 {
    let part = (value - black) / (white - black).max(f32::MIN_POSITIVE);
    (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// Clears the cells without data.
fn hide(
    dataset: &Dataset,
    colours: &Colours,
    level: usize,
    window: Window,
    cells: &mut [[u8; 4]],
) -> Result<(), GdalError> {
    match colours.hidden_by {
        Hidden::Nothing => {}
        Hidden::Opacity(band) => {
            let wide = dataset.rasterband(band)?.band_type() != GdalDataType::UInt8;
            let values: Vec<u16> =
                of_level(dataset, band, level, |band| read_window(band, window))?;
            // Opacity of more than eight bits says yes or no in practice.
            let opacity = |value: u16| match u8::try_from(value) {
                Ok(byte) if !wide || byte == 0 => byte,
                _ => u8::MAX,
            };
            set_opacity(cells, values.into_iter().map(opacity));
        }
        Hidden::Mask => {
            let values: Vec<u8> = of_level(dataset, 1, level, |band| {
                read_window(&band.open_mask_band()?, window)
            })?;
            set_opacity(cells, values.into_iter());
        }
        Hidden::Value(nodata) => {
            let mut known = vec![false; cells.len()];
            for band in colours.bands {
                let values: Vec<f64> =
                    of_level(dataset, band, level, |band| read_window(band, window))?;
                for (known, value) in known.iter_mut().zip(values) {
                    *known |= (value - nodata).abs() > 0.0 && !value.is_nan();
                }
            }
            let opacity = known.into_iter().map(|known| u8::from(known) * u8::MAX);
            set_opacity(cells, opacity);
        }
    }
    Ok(())
}

fn set_opacity(cells: &mut [[u8; 4]], opacity: impl Iterator<Item = u8>) {
    for (cell, opacity) in cells.iter_mut().zip(opacity) {
        if opacity == 0 {
            *cell = [0; 4];
        } else {
            cell[3] = opacity;
        }
    }
}
