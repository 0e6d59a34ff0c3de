#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "values of tests are small"
)]

use std::process::Command;

use gdal::Dataset;
use gdal::raster::{Buffer, ColorInterpretation};

use super::*;
use crate::encode::{Encoding, encode};
use crate::testing::{BOR, Making, TestImage, band};
use crate::tile_matrix::{Limits, Tile};
use crate::warp::Projection;

/// Hills of 40 m every 500 m.
fn hills(x: f64, y: f64) -> f32 {
    let (east, north) = ((x - BOR.west) / 80.0, (y - BOR.north) / 80.0);
    (400.0 + 40.0 * east.sin() * north.cos()) as f32
}

fn middle(image: &Image, zoom: u32) -> Target {
    let limits = Limits::of(&image.lon_lat_bounds().unwrap(), zoom);
    let (rows, columns) = (limits.rows, limits.columns);
    let tile = Tile::new(
        zoom,
        u32::midpoint(rows.0, rows.1),
        u32::midpoint(columns.0, columns.1),
    );
    tile.unwrap().target()
}

const HILLSHADE: Style = Style::Hillshade(Light {
    azimuth_deg: 315.0,
    altitude_deg: 45.0,
    exaggeration: 1.0,
});
const RAMP: Style = Style::Ramp {
    lowest: 360.0,
    highest: 440.0,
};

#[test]
fn hillshade_is_that_of_gdaldem() {
    let hills = Making::default().image::<f32>(&[&hills]);
    let output = hills.path.with_extension("shade.tif");
    for (azimuth, altitude, exaggeration) in
        [(315.0, 45.0, 1.0), (90.0, 30.0, 3.0), (200.0, 80.0, 0.5)]
    {
        let done = Command::new("gdaldem")
            .args(["hillshade", "-q"])
            .args([&hills.path, &output])
            .args(["-az", &azimuth.to_string(), "-alt", &altitude.to_string()])
            .args(["-z", &exaggeration.to_string()])
            .status()
            .unwrap();
        assert!(done.success());
        let style = Style::Hillshade(Light {
            azimuth_deg: azimuth,
            altitude_deg: altitude,
            exaggeration,
        });
        let target = Target::of(&BOR, Projection::OfImage);
        let Pixels::Grey(ours) = picture(&hills.image, &target, &style).unwrap().pixels else {
            panic!("every cell has data");
        };
        let mut compared = 0;
        for (our, their) in ours.iter().zip(band(&output, 1)) {
            // It leaves the outermost cells out, as 0.
            if their > 0.0 {
                assert!(
                    (f32::from(*our) - their).abs() <= 1.0,
                    "{our} is not {their}"
                );
                compared += 1;
            }
        }
        assert_eq!(compared, (BOR.columns - 2) * (BOR.rows - 2));
    }
}

#[test]
fn slopes_are_those_on_the_ground_whatever_the_latitude() {
    // A plane that rises one in two towards the east, lit from the east.
    let plane = Making::default()
        .image::<f32>(&[&|x, _| ((x - BOR.west) / 2.0) as f32])
        .image;
    let light = Light {
        azimuth_deg: 90.0,
        ..Light::default()
    };
    let picture = picture(&plane, &middle(&plane, 17), &Style::Hillshade(light)).unwrap();
    let Pixels::Grey(shades) = picture.pixels else {
        panic!("the tile lies inside");
    };
    // The normal is (-1/2, 0, 1), the light (cos 45°, 0, sin 45°); the grid is turned by 0.8° there.
    let wanted = 1.0 + 254.0 * 0.5_f64.sqrt() * (1.0 - 0.5) / 1.25_f64.sqrt();
    for shade in shades {
        assert!(
            (f64::from(shade) - wanted).abs() <= 1.0,
            "{shade} is not {wanted}"
        );
    }
}

#[test]
fn neighbouring_tiles_agree_along_the_seam() {
    let hills = Making::default().image::<f32>(&[&hills]).image;
    for style in [HILLSHADE, RAMP, Style::TerrainRgb] {
        for zoom in [15, 18] {
            let one = middle(&hills, zoom);
            let both = Target {
                rows: 512,
                ..one.clone()
            };
            let below = Target {
                first_row: one.first_row + 256,
                ..one.clone()
            };
            let of = |target| bytes(picture(&hills, target, &style).unwrap().pixels);
            let parts = [of(&one), of(&below)].concat();
            assert!(parts == of(&both), "{style:?} at zoom {zoom}");
        }
    }
}

/// The bytes of pixels, the same form for opaque and transparent pictures.
fn bytes(pixels: Pixels) -> Vec<u8> {
    match pixels {
        Pixels::Grey(bytes) => bytes.into_iter().flat_map(|grey| [grey, 255]).collect(),
        Pixels::Rgb(bytes) => {
            let cells = bytes.chunks(3);
            cells
                .flat_map(|cell| [cell[0], cell[1], cell[2], 255])
                .collect()
        }
        Pixels::GreyAlpha(bytes) | Pixels::Rgba(bytes) => bytes,
        Pixels::Indexed { indices, .. } => indices,
    }
}

#[test]
fn heights_come_back_from_terrain_rgb() {
    let making = Making {
        nodata: Some(-9999.0),
        ..Making::default()
    };
    let holed = |x: f64, y: f64| {
        if x < BOR.west + 800.0 {
            -9999.0
        } else {
            hills(x, y) - 600.0
        }
    };
    let image = making.image::<f32>(&[&holed]).image;
    let target = middle(&image, 15);
    let heights = warp::cells(&image, 1, &target, Sampling::Bilinear)
        .unwrap()
        .values;
    let Pixels::Rgba(packed) = picture(&image, &target, &Style::TerrainRgb).unwrap().pixels else {
        panic!("half of it has no data");
    };
    let mut opaque = 0;
    for (pixel, height) in packed.chunks(4).zip(heights) {
        let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
        let read = -10_000.0 + 0.1 * (red * 65_536.0 + green * 256.0 + blue);
        if height.is_nan() {
            assert_eq!((read.round() as i64, pixel[3]), (0, 0));
        } else {
            assert!(
                (read - f64::from(height)).abs() <= 0.0501,
                "{read} is not {height}"
            );
            assert_eq!(pixel[3], 255);
            opaque += 1;
        }
    }
    assert!(
        opaque > 1000 && opaque < 60_000,
        "{opaque} pixels with data"
    );
}

#[test]
fn a_ramp_goes_from_the_lowest_to_the_highest_value() {
    let values = [f32::NAN, 350.0, 360.0, 400.0, 440.0, 500.0];
    let Pixels::Indexed { palette, indices } = ramp::pixels(&values, 360.0, 440.0) else {
        panic!("a ramp has a palette");
    };
    assert_eq!(indices, [0, 1, 1, 128, 255, 255]);
    // Viridis as matplotlib has it: its first, middle and last colour.
    assert_eq!(palette[1], [68, 1, 84]);
    assert_eq!(palette[128], [33, 145, 140]);
    assert_eq!(palette[255], [253, 231, 37]);
    let brightness = |[red, green, blue]: [u8; 3]| {
        0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
    };
    assert!(
        palette[1..]
            .windows(2)
            .all(|two| brightness(two[0]) <= brightness(two[1]) + 0.7)
    );
}

/// Colours that say where a cell lies: red from west to east, green from north to south.
fn coloured(
    opacity: Option<&dyn Fn(f64, f64) -> u8>,
    more: impl FnOnce(&mut Dataset),
) -> TestImage {
    let red = |x: f64, _: f64| ((x - BOR.west) / 10.0) as u8;
    let green = |_: f64, y: f64| ((BOR.north - y) / 10.0) as u8;
    let blue = |_: f64, _: f64| 200;
    let mut bands: Vec<&dyn Fn(f64, f64) -> u8> = vec![&red, &green, &blue];
    bands.extend(opacity);
    Making::default().image_with::<u8>(&bands, more)
}

fn colours(image: &Image, zoom: u32) -> Vec<[u8; 4]> {
    let cells = bytes(
        picture(image, &middle(image, zoom), &Style::Colour)
            .unwrap()
            .pixels,
    );
    cells
        .chunks(4)
        .map(|cell| [cell[0], cell[1], cell[2], cell[3]])
        .collect()
}

fn west_half(x: f64, _: f64) -> u8 {
    u8::from(x < BOR.west + 800.0) * 255
}

#[test]
fn an_opacity_band_and_a_mask_hide_the_same_cells() {
    let with_band = coloured(Some(&west_half), |dataset| {
        let mut band = dataset.rasterband(4).unwrap();
        band.set_color_interpretation(ColorInterpretation::AlphaBand)
            .unwrap();
    });
    let with_mask = coloured(None, |dataset| {
        // Inside the file, as the import makes it.
        gdal::config::set_thread_local_config_option("GDAL_TIFF_INTERNAL_MASK", "YES").unwrap();
        let mut band = dataset.rasterband(1).unwrap();
        band.create_mask_band(true).unwrap();
        let mut mask = band.open_mask_band().unwrap();
        let size = (BOR.columns, BOR.rows);
        let line = (0..size.0).map(|column| west_half(BOR.centre(column, 0).0, 0.0));
        let values = line.cycle().take(size.0 * size.1).collect();
        mask.write((0, 0), size, &mut Buffer::new(size, values))
            .unwrap();
    });
    for zoom in [15, 17] {
        let (band, mask) = (
            colours(&with_band.image, zoom),
            colours(&with_mask.image, zoom),
        );
        let hidden = band.iter().filter(|cell| cell[3] == 0).count();
        assert!(
            hidden > 10_000 && hidden < 55_000,
            "{hidden} hidden at zoom {zoom}"
        );
        // In overviews GDAL lets the colours of hidden cells into the mean of an opacity band's cells.
        let shown = |cell: &[u8; 4]| if zoom == 15 { [cell[3]; 4] } else { *cell };
        let pairs = band.iter().zip(&mask);
        let same = pairs
            .filter(|(one, other)| shown(one) == shown(other))
            .count();
        assert!(same > 65_536 - 2 * 256, "{same} equal at zoom {zoom}");
        for [red, _, blue, opacity] in band {
            let wanted = if opacity == 0 { 0 } else { 200 };
            assert_eq!(blue, wanted, "no colour comes from hidden cells");
            assert!(red <= 80, "{red} lies in the east");
        }
    }
}

#[test]
fn sixteen_bits_are_stretched_and_their_mark_for_no_data_is_hidden() {
    let making = Making {
        nodata: Some(0.0),
        ..Making::default()
    };
    let grey = |x: f64, _: f64| {
        let along = (x - BOR.west) / 1600.0;
        if along < 0.1 {
            0
        } else {
            (5000.0 + 1000.0 * along) as u16
        }
    };
    let image = making.image::<u16>(&[&grey]).image;
    let window = image.grid().window();
    let cells = image.read_rgba(0, window).unwrap();
    let line = &cells[..window.columns];
    assert_eq!(line[10], [0; 4], "no data");
    // From 5100 to 6000; its 2nd and 98th hundredth are 5118 and 5982.
    for (column, wanted) in [(82, 0.0), (440, 127.5), (798, 255.0)] {
        let [red, green, blue, opacity] = line[column];
        assert!(
            (f64::from(red) - wanted).abs() <= 2.0,
            "{red} at column {column}"
        );
        assert_eq!((red, red, 255), (green, blue, opacity));
    }
}

#[test]
fn files_hold_the_picture_without_loss() {
    let making = Making {
        nodata: Some(-9999.0),
        ..Making::default()
    };
    let holed = |x: f64, y: f64| {
        if x < BOR.west + 800.0 {
            -9999.0
        } else {
            hills(x, y)
        }
    };
    let (holed, whole) = (
        making.image::<f32>(&[&holed]).image,
        making.image::<f32>(&[&hills]).image,
    );
    let coloured = coloured(None, |_| {}).image;
    for (image, style) in [
        (&holed, HILLSHADE),
        (&whole, HILLSHADE),
        (&holed, RAMP),
        (&holed, Style::TerrainRgb),
        (&whole, Style::TerrainRgb),
        (&coloured, Style::Colour),
    ] {
        let picture = picture(image, &middle(image, 16), &style).unwrap();
        let (png, webp) = (
            encode(&picture, Encoding::Png),
            encode(&picture, Encoding::Webp),
        );
        let (png, webp) = (from_png(&png.unwrap()), from_webp(&webp.unwrap()));
        assert!(png == webp, "{style:?}: both formats hold the same");
        let Pixels::Indexed { palette, indices } = &picture.pixels else {
            assert!(png == rgba(&picture.pixels), "{style:?}");
            continue;
        };
        for (pixel, index) in png.chunks(4).zip(indices) {
            let [red, green, blue] = palette[usize::from(*index)];
            let opacity = if *index == 0 { 0 } else { 255 };
            assert_eq!(pixel, [red, green, blue, opacity]);
        }
    }
}

fn rgba(pixels: &Pixels) -> Vec<u8> {
    match pixels {
        Pixels::Grey(bytes) => bytes
            .iter()
            .flat_map(|grey| [*grey, *grey, *grey, 255])
            .collect(),
        Pixels::GreyAlpha(bytes) => {
            let cells = bytes.chunks(2);
            cells
                .flat_map(|cell| [cell[0], cell[0], cell[0], cell[1]])
                .collect()
        }
        other => bytes(other.clone()),
    }
}

fn from_png(file: &[u8]) -> Vec<u8> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    match info.color_type {
        png::ColorType::GrayscaleAlpha => rgba(&Pixels::GreyAlpha(bytes)),
        _ => bytes,
    }
}

fn from_webp(file: &[u8]) -> Vec<u8> {
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(file)).unwrap();
    let mut bytes = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut bytes).unwrap();
    if decoder.has_alpha() {
        return bytes;
    }
    rgba(&Pixels::Rgb(bytes))
}
