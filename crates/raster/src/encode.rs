//! Pictures as files. The same picture gives the same bytes.

use image_webp::{ColorType as WebpColour, WebPEncoder};
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::error::RasterError;
use crate::render::{Picture, Pixels};

/// The file formats of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// PNG.
    Png,
    /// WebP without loss, so that packed heights and colours of a ramp stay what they are.
    Webp,
}

/// Writes a picture as a file.
///
/// # Errors
/// When it is larger than the format allows (16 384 pixels on a side for WebP).
pub fn encode(picture: &Picture, encoding: Encoding) -> Result<Vec<u8>, RasterError> {
    let done = match encoding {
        Encoding::Png => png(picture).map_err(|error| error.to_string()),
        Encoding::Webp => webp(picture).map_err(|error| error.to_string()),
    };
    done.map_err(|reason| RasterError::Picture {
        columns: picture.columns,
        rows: picture.rows,
        reason,
    })
}

fn side(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn png(picture: &Picture) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::with_capacity(picture.columns * picture.rows / 2);
    let mut encoder = Encoder::new(&mut file, side(picture.columns), side(picture.rows));
    encoder.set_depth(BitDepth::Eight);
    let (colour, bytes) = match &picture.pixels {
        Pixels::Grey(bytes) => (ColorType::Grayscale, bytes),
        Pixels::GreyAlpha(bytes) => (ColorType::GrayscaleAlpha, bytes),
        Pixels::Rgb(bytes) => (ColorType::Rgb, bytes),
        Pixels::Rgba(bytes) => (ColorType::Rgba, bytes),
        Pixels::Indexed { palette, indices } => {
            encoder.set_palette(palette.as_flattened());
            encoder.set_trns(&[0][..]);
            (ColorType::Indexed, indices)
        }
    };
    encoder.set_color(colour);
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(bytes)?;
    writer.finish()?;
    Ok(file)
}

fn webp(picture: &Picture) -> Result<Vec<u8>, image_webp::EncodingError> {
    let mut file = Vec::new();
    let expanded;
    let (colour, bytes) = match &picture.pixels {
        Pixels::Grey(bytes) => (WebpColour::L8, bytes),
        Pixels::GreyAlpha(bytes) => (WebpColour::La8, bytes),
        Pixels::Rgb(bytes) => (WebpColour::Rgb8, bytes),
        Pixels::Rgba(bytes) => (WebpColour::Rgba8, bytes),
        Pixels::Indexed { palette, indices } => {
            expanded = expand(palette, indices);
            (WebpColour::Rgba8, &expanded)
        }
    };
    let encoder = WebPEncoder::new(&mut file);
    encoder.encode(bytes, side(picture.columns), side(picture.rows), colour)?;
    Ok(file)
}

fn expand(palette: &[[u8; 3]; 256], indices: &[u8]) -> Vec<u8> {
    let pixel = |index: &u8| {
        let [red, green, blue] = palette[usize::from(*index)];
        [red, green, blue, if *index == 0 { 0 } else { u8::MAX }]
    };
    indices.iter().flat_map(pixel).collect()
}
