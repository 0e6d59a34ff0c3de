#![expect(clippy::cast_possible_truncation, reason = "values of tests are small")]

use std::process::Command;

use super::*;
use crate::testing::{BOR, Making, TestImage, band};
use crate::tile_matrix::{Limits, Tile};

/// Gauss-Krüger zone 7 to Web Mercator by EPSG:9486, written from the parameters of the registry.
const TO_MERCATOR: &str = "+proj=pipeline \
    +step +inv +proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel \
    +step +proj=push +v_3 +step +proj=cart +ellps=bessel \
    +step +proj=helmert +x=577.84843 +y=165.45019 +z=390.43652 +rx=-4.93131 +ry=0.96052 \
    +rz=13.05072 +s=7.86546 +convention=coordinate_frame +exact \
    +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 +step +proj=webmerc +ellps=WGS84";

/// An image whose two bands say where their cells lie: metres east and south of the corner.
fn places() -> TestImage {
    Making::default().image::<f32>(&[&|x, _| (x - BOR.west) as f32, &|_, y| {
        (BOR.north - y) as f32
    }])
}

/// The tile of a zoom in the middle of an image.
fn middle_tile(image: &Image, zoom: u32) -> Tile {
    let limits = Limits::of(&image.lon_lat_bounds().unwrap(), zoom);
    let (rows, columns) = (limits.rows, limits.columns);
    Tile::new(
        zoom,
        u32::midpoint(rows.0, rows.1),
        u32::midpoint(columns.0, columns.1),
    )
    .unwrap()
}

/// What `gdalwarp` makes of an image on the grid of a target, each pixel transformed exactly.
fn warped_by_gdal(image: &TestImage, target: &Target, sampling: &str) -> std::path::PathBuf {
    let output = image.path.with_extension("warped.tif");
    let bounds = target.grid().bounds();
    let edges =
        [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y].map(|edge| edge.to_string());
    let done = Command::new("gdalwarp")
        .args([
            "-q",
            "-overwrite",
            "-et",
            "0",
            "-r",
            sampling,
            "-ovr",
            "NONE",
            "-dstnodata",
            "nan",
        ])
        .args(["-t_srs", "EPSG:3857", "-ct", TO_MERCATOR, "-te"])
        .args(edges)
        .args(["-ts", &target.columns.to_string(), &target.rows.to_string()])
        .args([&image.path, &output])
        .status()
        .unwrap();
    assert!(done.success());
    output
}

#[test]
fn pixels_lie_where_gdalwarp_puts_them() {
    let places = places();
    // Overviews are averages, and at the edge of the image those of fewer cells.
    for (zoom, allowed) in [(13, 0.5), (15, 0.5), (16, 0.01), (18, 0.01), (20, 0.01)] {
        let target = middle_tile(&places.image, zoom).target();
        let file = warped_by_gdal(&places, &target, "bilinear");
        let (mut worst, mut compared) = (0.0_f32, 0);
        for number in [1, 2] {
            let ours = cells(&places.image, number, &target, Sampling::Bilinear).unwrap();
            for (our, their) in ours.values.iter().zip(band(&file, number)) {
                if !our.is_nan() && !their.is_nan() {
                    worst = worst.max((our - their).abs());
                    compared += 1;
                }
            }
        }
        // A pixel of Web Mercator is 0.72 of its size on the ground at this latitude.
        let pixel_m = target.pixel_width as f32 * 0.72;
        assert!(compared > 2000, "zoom {zoom}: {compared} pixels in both");
        assert!(
            worst < allowed * pixel_m,
            "zoom {zoom}: {} of a pixel",
            worst / pixel_m
        );
    }
}

#[test]
fn parts_of_a_grid_agree_with_the_whole() {
    let places = places();
    for zoom in [14, 17, 19] {
        let one = middle_tile(&places.image, zoom).target();
        let both = Target {
            columns: 512,
            ..one.clone()
        };
        let next = Target {
            first_column: one.first_column + 256,
            ..one.clone()
        };
        let of = |target| cells(&places.image, 1, target, Sampling::Bilinear).unwrap();
        let (one, next, both) = (of(&one), of(&next), of(&both));
        for ((left, right), line) in one.rows().zip(next.rows()).zip(both.rows()) {
            let parts: Vec<_> = left
                .iter()
                .chain(right)
                .map(|value| value.to_bits())
                .collect();
            let whole: Vec<_> = line.iter().map(|value| value.to_bits()).collect();
            assert_eq!(parts, whole, "zoom {zoom}");
        }
    }
}

#[test]
fn cells_without_data_lend_nothing_to_their_neighbours() {
    let making = Making {
        nodata: Some(-9999.0),
        ..Making::default()
    };
    let striped = |x: f64, _: f64| {
        if (x / 40.0) as i64 % 2 == 0 {
            100.0
        } else {
            -9999.0
        }
    };
    let image = making.image::<f32>(&[&striped]).image;
    for zoom in [12, 14, 16, 18, 19] {
        for sampling in [Sampling::Nearest, Sampling::Bilinear] {
            let target = middle_tile(&image, zoom).target();
            let values = cells(&image, 1, &target, sampling).unwrap().values;
            let known: Vec<_> = values.into_iter().filter(|value| !value.is_nan()).collect();
            assert!(!known.is_empty(), "zoom {zoom}");
            assert!(
                known.iter().all(|value| (value - 100.0).abs() < 1e-3),
                "zoom {zoom}"
            );
            if zoom == 16 || zoom == 18 {
                assert!(known.len() < 40_000, "zoom {zoom}: the gaps are there");
            }
        }
    }
}

#[test]
fn pixels_of_many_cells_are_means_without_overviews_too() {
    let making = Making {
        overviews: &[],
        ..Making::default()
    };
    let places = making.image::<f32>(&[&|x, _| (x - BOR.west) as f32]);
    // Three to twenty-five cells along a pixel. The mean of metres is the place of its middle.
    for zoom in [12, 13, 14] {
        let target = middle_tile(&places.image, zoom).target();
        let file = warped_by_gdal(&places, &target, "near");
        let ours = cells(&places.image, 1, &target, Sampling::Bilinear).unwrap();
        let pixel_m = target.pixel_width as f32 * 0.72;
        let mut compared = 0;
        for (our, their) in ours.values.iter().zip(band(&file, 1)) {
            if !our.is_nan() && !their.is_nan() {
                assert!(
                    (our - their).abs() < 0.5 * pixel_m + 2.0,
                    "zoom {zoom}: {our}, {their}"
                );
                compared += 1;
            }
        }
        assert!(compared > 500, "zoom {zoom}: {compared} pixels in both");
    }
}

#[test]
fn far_from_the_image_there_is_nothing() {
    let places = places();
    for (zoom, row, column) in [(1, 1, 1), (10, 0, 0), (24, 0, 0), (3, 3, 4)] {
        let target = Tile::new(zoom, row, column).unwrap().target();
        let values = cells(&places.image, 1, &target, Sampling::Bilinear)
            .unwrap()
            .values;
        assert!(
            values.iter().all(|value| value.is_nan()),
            "{zoom}/{row}/{column}"
        );
    }
}
