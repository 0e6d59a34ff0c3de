//! What of a survey's cells goes into its image.

use geodesy::Crs;

use crate::grid::Grid;
use crate::inspection::{BandColour, SampleType};

/// How an image is made of the cells of a file. The image has one band of values, or bands of
/// colours with one of opacity where cells without data are known: masks and marks of a picture
/// become opacity, those of values the mark for no data.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// Where the cells lie.
    pub grid: Grid,
    /// In what coordinate reference system.
    pub crs: Crs,
    /// The values' type in the file.
    pub source: SampleType,
    /// How many bands the file has.
    pub source_bands: usize,
    /// Whether a plane of the file's own mask follows the bands.
    pub mask: bool,
    /// The file's band of opacity, from 0.
    pub alpha: Option<usize>,
    /// The file's mark for no data.
    pub mark: Option<f64>,
    /// Marks for no data that the file does not declare, but that no cell can mean.
    pub presumed: Vec<f64>,
    /// What goes into the image.
    pub content: Content,
    /// The values' type in the image.
    pub stored: SampleType,
    /// The image's mark for no data; none for pictures.
    pub nodata: Option<f64>,
    /// Whether overviews show means of cells; else single ones, for values that are numbers of
    /// something.
    pub smooth: bool,
}

/// What an image shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// One quantity: `factor` × the file's value + `offset`.
    Values {
        /// The band of the file, from 0.
        band: usize,
        /// See there.
        factor: f64,
        /// See there.
        offset: f64,
    },
    /// Colours: the bands of the file, from 0, and by how much they are multiplied.
    Colours {
        /// One (grey) or three (red, green, blue).
        bands: Vec<usize>,
        /// 255 for pictures of one bit.
        factor: f64,
    },
    /// The colours for which numbers stand: red, green, blue, opacity.
    Palette(Vec<[u8; 4]>),
}

/// Cells of an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    /// The image's bands.
    pub(super) planes: Vec<Vec<f64>>,
    /// Which cells have data.
    pub(super) valid: Vec<bool>,
    /// How many have none because of a presumed mark.
    pub(super) presumed: u64,
}

impl Recipe {
    /// Whether the image has a band of opacity.
    pub fn has_opacity(&self) -> bool {
        let known = self.alpha.is_some() || self.mask || self.mark.is_some();
        match &self.content {
            Content::Values { .. } => false,
            Content::Colours { .. } => known,
            Content::Palette(colours) => known || colours.iter().any(|colour| colour[3] < 255),
        }
    }

    /// What the image's bands are.
    pub fn colours(&self) -> Vec<BandColour> {
        const RGB: [BandColour; 3] = [BandColour::Red, BandColour::Green, BandColour::Blue];
        let mut colours = match &self.content {
            Content::Values { .. } => vec![BandColour::Grey],
            Content::Colours { bands, .. } if bands.len() == 1 => vec![BandColour::Grey],
            Content::Colours { .. } | Content::Palette(_) => RGB.to_vec(),
        };
        if self.has_opacity() {
            colours.push(BandColour::Alpha);
        }
        colours
    }

    /// The cells of the image made of the file's: one plane for each band, then the mask.
    pub(super) fn prepare(&self, cells: usize, bytes: &[u8]) -> Prepared {
        let mut valid = self.visible(cells, bytes);
        let (planes, presumed) = match &self.content {
            Content::Values {
                band,
                factor,
                offset,
            } => {
                let (plane, presumed) = self.values(
                    self.plane(*band, cells, bytes),
                    (*factor, *offset),
                    &mut valid,
                );
                (vec![plane], presumed)
            }
            Content::Colours { bands, factor } => {
                let planes = bands.iter().map(|band| self.plane(*band, cells, bytes));
                let planes: Vec<_> = planes.collect();
                self.blank_marked(&planes, &mut valid);
                (self.coloured(planes, *factor, &valid, bytes), 0)
            }
            Content::Palette(colours) => {
                let numbers = self.plane(0, cells, bytes);
                self.blank_marked(std::slice::from_ref(&numbers), &mut valid);
                (self.painted(&numbers, colours, &mut valid), 0)
            }
        };
        Prepared {
            planes,
            valid,
            presumed,
        }
    }

    fn plane(&self, band: usize, cells: usize, bytes: &[u8]) -> Vec<f64> {
        let size = cells * self.source.bytes();
        let plane = bytes.get(band * size..(band + 1) * size).unwrap_or(&[]);
        let mut numbers = self.source.numbers(plane);
        numbers.resize(cells, f64::NAN);
        numbers
    }

    /// Which cells the file's mask and opacity leave visible.
    fn visible(&self, cells: usize, bytes: &[u8]) -> Vec<bool> {
        let mut visible = vec![true; cells];
        if self.mask {
            let at = self.source_bands * cells * self.source.bytes();
            let mask = bytes.get(at..).unwrap_or(&[]);
            for (visible, &byte) in visible.iter_mut().zip(mask) {
                *visible = byte > 0;
            }
        }
        if let Some(alpha) = self.alpha {
            let opacity = self.plane(alpha, cells, bytes);
            for (visible, opacity) in visible.iter_mut().zip(opacity) {
                *visible &= opacity > 0.0;
            }
        }
        visible
    }

    fn values(
        &self,
        mut plane: Vec<f64>,
        (factor, offset): (f64, f64),
        valid: &mut [bool],
    ) -> (Vec<f64>, u64) {
        let mark = self.mark.map(|mark| self.as_stored(mark));
        let none = self.nodata.unwrap_or(f64::NAN);
        let presumed: Vec<f64> = self
            .presumed
            .iter()
            .map(|mark| self.as_stored(*mark))
            .collect();
        let mut count = 0;
        for (value, valid) in plane.iter_mut().zip(valid) {
            *valid &= value.is_finite() && Some(*value) != mark;
            if *valid && presumed.contains(value) {
                *valid = false;
                count += 1;
            }
            *value = if *valid {
                factor * *value + offset
            } else {
                none
            };
        }
        (plane, count)
    }

    /// A cell of a picture has no data when all of its colours are the mark.
    fn blank_marked(&self, planes: &[Vec<f64>], valid: &mut [bool]) {
        let Some(mark) = self.mark.map(|mark| self.as_stored(mark)) else {
            return;
        };
        for (at, valid) in valid.iter_mut().enumerate() {
            *valid &= planes.iter().any(|plane| Some(plane[at]) != Some(mark));
        }
    }

    fn coloured(
        &self,
        mut planes: Vec<Vec<f64>>,
        factor: f64,
        valid: &[bool],
        bytes: &[u8],
    ) -> Vec<Vec<f64>> {
        if (factor - 1.0).abs() > 0.0 {
            for value in planes.iter_mut().flatten() {
                *value *= factor;
            }
        }
        if !self.has_opacity() {
            return planes;
        }
        let opaque = match self.source {
            SampleType::Float32 | SampleType::Float64 => 255.0,
            other => other.range().1,
        };
        let alpha = self.alpha.map(|band| self.plane(band, valid.len(), bytes));
        let opacity = valid.iter().enumerate().map(|(at, &valid)| match &alpha {
            _ if !valid => 0.0,
            Some(alpha) => alpha[at],
            None => opaque,
        });
        let opacity = opacity.collect();
        planes.push(opacity);
        planes
    }

    fn painted(&self, numbers: &[f64], colours: &[[u8; 4]], valid: &mut [bool]) -> Vec<Vec<f64>> {
        let bands = self.colours().len();
        let mut planes = vec![Vec::with_capacity(numbers.len()); bands];
        for (number, valid) in numbers.iter().zip(valid) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of a palette is a small whole number"
            )]
            let colour = colours.get(*number as usize).copied();
            let [red, green, blue, opacity] = colour.unwrap_or_default();
            *valid &= opacity > 0;
            let opacity = if *valid { opacity } else { 0 };
            for (plane, value) in planes.iter_mut().zip([red, green, blue, opacity]) {
                plane.push(f64::from(value));
            }
        }
        planes
    }

    /// A mark as cells of the file's type have it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounded as the file's cells are"
    )]
    fn as_stored(&self, mark: f64) -> f64 {
        if self.source == SampleType::Float32 {
            f64::from(mark as f32)
        } else {
            mark
        }
    }
}

#[cfg(test)]
mod tests;
