//! The values of cells, against the fixtures' formula.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use importer::process::Worker;

use super::{inspect, read, read_with};
use crate::support::{fixture, worker};

/// The height of a cell, in metres.
fn height(column: usize, row: usize) -> f64 {
    let centre = |at: usize| f64::from(u32::try_from(at).unwrap()) + 0.5;
    308.0 + 0.25 * centre(column) - 0.125 * centre(row)
}

fn number(at: usize) -> f64 {
    f64::from(u32::try_from(at).unwrap())
}

/// What the cells of a fixture hold: from column, row and band.
type Formula = fn(usize, usize, usize) -> f64;

const PLANE: Formula = |c, r, _| height(c, r);
const PICTURE: Formula = |c, r, band| match band {
    0 => number(8 * c),
    1 => number(8 * r),
    2 => 100.0,
    _ => {
        if c >= 4 {
            255.0
        } else {
            0.0
        }
    }
};

const FORMULAS: [(&str, Formula); 31] = [
    ("raster-terrain.tif", PLANE),
    ("raster-ellipsoidal-heights.tif", |c, r, _| {
        height(c, r) + 45.0
    }),
    ("raster-tiles-deflate.tif", PLANE),
    ("raster-big-endian.tif", PLANE),
    ("raster-bigtiff.tif", PLANE),
    ("raster-float64.tif", PLANE),
    ("raster-without-nodata.tif", PLANE),
    // Turned north up.
    ("raster-bottom-up.tif", PLANE),
    // As they lie in the file.
    ("raster-rotated.tif", PLANE),
    ("raster-mirrored.tif", |c, r, _| height(15 - c, r)),
    ("raster-control-points.tif", PLANE),
    ("raster-camera-model.tif", PLANE),
    ("raster-pixel-is-point.tif", PLANE),
    ("raster-without-crs.tif", PLANE),
    ("raster-compound-crs.tif", PLANE),
    ("raster-two-pages.tif", PLANE),
    ("raster-of-the-moon.tif", PLANE),
    ("raster-all-nodata.tif", |_, _, _| -9999.0),
    ("raster-nodata-hole.tif", |c, r, _| {
        if c < 4 && r < 4 {
            -9999.0
        } else {
            height(c, r)
        }
    }),
    ("raster-two-bands.tif", |c, r, band| {
        height(c, r) + number(band)
    }),
    ("raster-int16-centimetres.tif", |c, r, _| {
        (100.0 * height(c, r) + 0.5).floor()
    }),
    ("raster-scaled.tif", |c, r, _| {
        ((height(c, r) - 300.0) * 16.0).floor()
    }),
    ("raster-nodata-half.tif", |c, r, _| number(c) - number(r)),
    ("raster-nodata-outside-type.tif", |c, r, _| number(c + r)),
    ("raster-int8.tif", |c, r, _| number(c) - 8.0 * number(r)),
    ("raster-uint16.tif", |c, r, _| number(4000 * c + r)),
    ("raster-one-bit.tif", |c, r, _| number((c + r) % 2)),
    ("raster-palette.tif", |c, r, _| number((c + r) % 4)),
    ("raster-packbits.tif", PICTURE),
    ("raster-orthophoto.tif", PICTURE),
    ("raster-alpha.tif", PICTURE),
];

#[tokio::test]
async fn every_cell_has_the_value_of_the_formula() {
    for (name, formula) in FORMULAS {
        let planes = read(name).await;
        let (columns, rows) = (planes.inspection.columns, planes.inspection.rows);
        for band in 0..planes.bands.len() {
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |it| (row, it))) {
                let (value, expected) = (planes.at(band, column, row), formula(column, row, band));
                assert!(
                    (value - expected).abs() < 1e-9,
                    "{name}: {value} instead of {expected} in band {band}, column {column}, row {row}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_mask_comes_after_the_bands() {
    let planes = read("raster-mask.tif").await;
    let mask = planes.mask.unwrap();
    let expected: Vec<u8> = (0..256)
        .map(|at| if at % 16 >= 4 { 255 } else { 0 })
        .collect();
    assert_eq!(mask, expected);
    assert!((planes.bands[0][17] - 8.0).abs() < 1e-9);
}

#[tokio::test]
async fn what_is_no_number_stays_none() {
    let planes = read("raster-nodata-nan.tif").await;
    assert!(planes.at(0, 0, 3).is_nan());
    let signs = [1, 2].map(|column| planes.at(0, column, 3));
    assert!(signs[0].is_infinite() && signs[0] > 0.0, "{signs:?}");
    assert!(signs[1].is_infinite() && signs[1] < 0.0, "{signs:?}");
    assert!((planes.at(0, 3, 3) - height(3, 3)).abs() < 1e-9);
}

#[tokio::test]
async fn gdal_gives_the_same_values() {
    for (name, column, row) in [
        ("raster-terrain.tif", 41, 7),
        ("raster-int16-centimetres.tif", 3, 12),
        ("raster-float64.tif", 15, 15),
        ("raster-tiles-deflate.tif", 39, 33),
    ] {
        let output = Command::new("gdallocationinfo")
            .args(["-valonly", fixture(name).to_str().unwrap()])
            .args([column.to_string(), row.to_string()])
            .output()
            .unwrap();
        let said: f64 = String::from_utf8(output.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let planes = read(name).await;
        assert!(
            (planes.at(0, column, row) - said).abs() < 1e-9,
            "{name}: {said}"
        );
    }
}

/// A raster without a written block, made by GDAL.
fn sparse(folder: &Path, name: &str, size: [&str; 2], options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let made = Command::new("gdal_create")
        .args(["-q", "-co", "SPARSE_OK=TRUE", "-outsize", size[0], size[1]])
        .args(options)
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    path
}

/// The test worker with less address space than a whole picture needs.
fn narrow_worker() -> Worker {
    let mut script = "ulimit -S -v 700000".to_owned();
    write!(
        script,
        " && exec '{}'",
        env!("CARGO_BIN_EXE_worker-for-tests")
    )
    .unwrap();
    Worker::new("/bin/sh".into(), vec!["-c".into(), script.into()])
}

#[tokio::test]
async fn memory_does_not_grow_with_the_raster() {
    let folder = tempfile::tempdir().unwrap();
    // 480 MB of cells, in tiles and in strips.
    for (name, options) in [
        (
            "tiles.tif",
            &[
                "-co",
                "TILED=YES",
                "-co",
                "BLOCKXSIZE=512",
                "-co",
                "BLOCKYSIZE=512",
            ][..],
        ),
        ("strips.tif", &["-co", "COMPRESS=DEFLATE"]),
    ] {
        let options = [options, &["-bands", "3"]].concat();
        let path = sparse(folder.path(), name, ["20000", "8000"], &options);
        let worker = narrow_worker();
        let inspection = worker.inspect_raster(&path).await.unwrap();
        let mut blocks = worker.read_raster(&path, &inspection).await.unwrap();
        let mut bytes = 0;
        while let Some(block) = blocks.next().await.unwrap() {
            assert!(block.bytes.len() <= 8 << 20);
            bytes += block.bytes.len();
        }
        assert_eq!(bytes, 20_000 * 8_000 * 3, "{name}");
    }
}

#[tokio::test]
async fn a_raster_with_empty_places_says_what_they_are_read_as() {
    let folder = tempfile::tempdir().unwrap();
    let path = sparse(
        folder.path(),
        "sparse.tif",
        ["64", "64"],
        &["-ot", "Float32"],
    );
    let planes = read_with(&worker(), &path).await.unwrap();
    assert!(planes.bands[0].iter().all(|value| value.abs() < 1e-9));
    let note = &planes.inspection.notes[0].en;
    assert!(
        note.contains("blocks of cells are not in the file"),
        "{note}"
    );
    assert!(inspect("raster-terrain.tif").await.notes.is_empty());
}
