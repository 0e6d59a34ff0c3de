//! Rasters packed by GDAL itself, in all the ways that it knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Planes, read, read_with};
use crate::support::{fixture, worker};

fn gdal_translate(from: &Path, to: &Path, options: &[&str]) {
    let run = Command::new("gdal_translate")
        .arg("-q")
        .args(options)
        .arg(from)
        .arg(to)
        .output();
    let run = run.unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

/// A fixture packed in another way.
fn packed(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let path = folder.join("packed.tif");
    gdal_translate(&fixture(name), &path, options);
    path
}

async fn read_packed(folder: &Path, name: &str, options: &[&str]) -> Planes {
    let path = packed(folder, name, options);
    let planes = read_with(&worker(), &path).await;
    planes.unwrap_or_else(|error| panic!("{name} with {options:?}: {error}"))
}

#[tokio::test]
async fn packing_without_loss_changes_no_value() {
    let folder = tempfile::tempdir().unwrap();
    for (name, compression, options) in [
        (
            "raster-terrain.tif",
            "LZW",
            &["COMPRESS=LZW", "PREDICTOR=3"][..],
        ),
        (
            "raster-terrain.tif",
            "LZW",
            &[
                "COMPRESS=LZW",
                "TILED=YES",
                "BLOCKXSIZE=16",
                "BLOCKYSIZE=32",
            ],
        ),
        (
            "raster-terrain.tif",
            "Deflate",
            &["COMPRESS=DEFLATE", "PREDICTOR=2"],
        ),
        (
            "raster-terrain.tif",
            "ZSTD",
            &["COMPRESS=ZSTD", "BIGTIFF=YES"],
        ),
        ("raster-terrain.tif", "LERC", &["COMPRESS=LERC"]),
        ("raster-terrain.tif", "LERC", &["COMPRESS=LERC_ZSTD"]),
        ("raster-terrain.tif", "LZMA", &["COMPRESS=LZMA"]),
        ("raster-terrain.tif", "PackBits", &["COMPRESS=PACKBITS"]),
        (
            "raster-terrain.tif",
            "none",
            &["COMPRESS=NONE", "BLOCKYSIZE=64"],
        ),
        (
            "raster-orthophoto.tif",
            "LZW",
            &["COMPRESS=LZW", "INTERLEAVE=BAND"],
        ),
        (
            "raster-orthophoto.tif",
            "Deflate",
            &[
                "COMPRESS=DEFLATE",
                "TILED=YES",
                "BLOCKXSIZE=16",
                "BLOCKYSIZE=16",
            ],
        ),
        (
            "raster-one-bit.tif",
            "CCITT",
            &["COMPRESS=CCITTFAX4", "NBITS=1"],
        ),
        ("raster-mask.tif", "ZSTD", &["COMPRESS=ZSTD"]),
    ] {
        let options: Vec<&str> = options.iter().flat_map(|it| ["-co", it]).collect();
        let options = [
            &["--config", "GDAL_TIFF_INTERNAL_MASK", "YES"],
            options.as_slice(),
        ]
        .concat();
        let (whole, planes) = (
            read(name).await,
            read_packed(folder.path(), name, &options).await,
        );
        assert_eq!(planes.inspection.compression, compression, "{options:?}");
        assert!(!planes.inspection.lossy, "{options:?}");
        assert_eq!(planes.bands, whole.bands, "{name} with {options:?}");
        assert_eq!(planes.mask, whole.mask, "{name} with {options:?}");
    }
}

#[tokio::test]
async fn types_are_read_as_gdal_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    for sample in ["UInt32", "Int32", "Float64", "UInt16"] {
        let whole = read("raster-int16-centimetres.tif").await;
        let options = ["-ot", sample];
        let planes = read_packed(folder.path(), "raster-int16-centimetres.tif", &options).await;
        assert_eq!(planes.inspection.sample.name(), sample);
        assert_eq!(planes.bands, whole.bands, "{sample}");
    }
}

#[tokio::test]
async fn pictures_packed_with_loss_are_what_gdal_unpacks() {
    let folder = tempfile::tempdir().unwrap();
    for (compression, options) in [
        (
            "JPEG",
            &["-co", "COMPRESS=JPEG", "-co", "PHOTOMETRIC=YCBCR"][..],
        ),
        ("JPEG", &["-co", "COMPRESS=JPEG"]),
        ("WebP", &["-co", "COMPRESS=WEBP"]),
    ] {
        let planes = read_packed(folder.path(), "raster-orthophoto.tif", options).await;
        assert_eq!(planes.inspection.compression, compression);
        assert!(planes.inspection.lossy, "{options:?}");
        // Values without any heading, band after band.
        let raw = folder.path().join("raw.img");
        gdal_translate(
            &folder.path().join("packed.tif"),
            &raw,
            &["-of", "ENVI", "-co", "INTERLEAVE=BSQ"],
        );
        let raw = std::fs::read(raw).unwrap();
        let ours: Vec<f64> = planes.bands.concat();
        let theirs: Vec<f64> = raw.iter().map(|&byte| byte.into()).collect();
        assert!(ours == theirs, "{options:?}");
    }
}
