//! Rasters that are refused, and in which words.

use importer::process::WorkerError;

use super::read_with;
use crate::support::{fixture, worker};

/// What each file is refused with: what is wrong, and the way out.
const REFUSED: [(&str, [&str; 2]); 21] = [
    (
        "raster-empty.tif",
        ["is empty (0 bytes)", "download it again"],
    ),
    (
        "raster-jpeg-inside.tif",
        ["no GeoTIFF but a JPEG picture", "export it as GeoTIFF"],
    ),
    (
        "raster-ascii-grid-inside.tif",
        ["a text grid", "gdal_translate -of GTiff"],
    ),
    (
        "raster-web-page-inside.tif",
        ["a web page", "needs a login"],
    ),
    (
        "raster-cut-off-heading.tif",
        ["ends within its heading", "copy it again"],
    ),
    (
        "raster-cut-off-list.tif",
        ["list of contents goes on beyond its end", "copy it again"],
    ),
    (
        "raster-list-beyond-the-end.tif",
        ["list of contents lies beyond its end", "copy it again"],
    ),
    (
        "raster-cut-off-cells.tif",
        [
            "2 of its 2 blocks of cells lie beyond its end",
            "the first at columns 1 to 16, rows 1 to 8",
        ],
    ),
    (
        "raster-damaged-block.tif",
        [
            "columns 17 to 32, rows 17 to 32 cannot be unpacked",
            "export it again",
        ],
    ),
    ("raster-no-cells.tif", ["0 × 16 cells", "export it again"]),
    ("raster-no-bands.tif", ["no bands", "export it again"]),
    (
        "raster-two-to-the-31-wide.tif",
        ["2147483648 × 16 cells", "larger cells"],
    ),
    (
        "raster-tile-bomb.tif",
        ["10000000000 bytes of cells", "the area that was surveyed"],
    ),
    (
        "raster-huge-tiles.tif",
        ["blocks of 16384 × 16384 (1073741824 bytes)", "TILED=YES"],
    ),
    (
        "raster-complex.tif",
        ["complex numbers", "gdal_translate -ot Float32"],
    ),
    (
        "raster-int64.tif",
        ["whole numbers of 64 bits", "gdal_translate -ot Float64"],
    ),
    (
        "raster-jpeg-2000.tif",
        ["packed by JPEG 2000", "COMPRESS=DEFLATE"],
    ),
    (
        "raster-jpeg-xl.tif",
        ["packed by JPEG XL", "COMPRESS=DEFLATE"],
    ),
    (
        "raster-old-jpeg.tif",
        ["withdrawn JPEG method", "COMPRESS=DEFLATE"],
    ),
    (
        "raster-unknown-packing.tif",
        ["number 12345", "COMPRESS=DEFLATE"],
    ),
    (
        "bow-tie.gpkg",
        ["a GeoPackage or another database", "export it as GeoTIFF"],
    ),
];

#[tokio::test]
async fn bad_rasters_are_refused_in_plain_words() {
    for (name, words) in REFUSED {
        let said = match read_with(&worker(), &fixture(name)).await {
            Err(WorkerError::Refused(said)) => said,
            other => panic!("{name}: {other:?}"),
        };
        println!("{said}");
        assert!(said.starts_with(&format!("{name:?}: ")), "{said}");
        for word in words {
            assert!(said.contains(word), "{name}: {word} is not in: {said}");
        }
    }
}

#[tokio::test]
async fn a_missing_raster_is_named() {
    let error = worker()
        .inspect_raster(&fixture("no-such.tif"))
        .await
        .unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("\"no-such.tif\"") && said.contains("No such file"),
        "{said}"
    );
}
