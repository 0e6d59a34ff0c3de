//! What a file is that is called a GeoTIFF and is none.

use super::InspectionError;

/// What a file begins with, what it is then, and what to do.
const KNOWN: &[(&[u8], &str, &str)] = &[
    (b"\xff\xd8\xff", "a JPEG picture", AS_TIFF),
    (b"\x89PNG", "a PNG picture", AS_TIFF),
    (b"GIF8", "a GIF picture", AS_TIFF),
    (b"BM", "a bitmap picture (BMP)", AS_TIFF),
    (b"\0\0\0\x0cjP", "a JPEG 2000 picture", AS_TIFF),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", AS_TIFF),
    (b"RIFF", "a WebP picture or a film", AS_TIFF),
    (b"msid", "a MrSID picture", AS_TIFF),
    (b"EHFA_HEADER_TAG", "an ERDAS Imagine raster", AS_TIFF),
    (b"\x89HDF", "an HDF5 or NetCDF file", AS_TIFF),
    (b"CDF", "a NetCDF file", AS_TIFF),
    (
        b"SQLite format 3",
        "a GeoPackage or another database",
        AS_TIFF,
    ),
    (b"ncols", "a text grid (ASCII grid)", AS_TIFF),
    (b"NCOLS", "a text grid (ASCII grid)", AS_TIFF),
    (b"DSAA", "a Surfer grid", AS_TIFF),
    (b"DSBB", "a Surfer grid", AS_TIFF),
    (b"DSRB", "a Surfer grid", AS_TIFF),
    (
        b"LASF",
        "a point cloud (LAS)",
        "make a terrain model of it, for instance in CloudCompare \
      or PDAL, and import that as a GeoTIFF",
    ),
    (
        b"PK\x03\x04",
        "a zip archive",
        "unpack it, and import the GeoTIFF in it",
    ),
    (
        b"\x1f\x8b",
        "an archive packed by gzip",
        "unpack it, and import the GeoTIFF in it",
    ),
    (
        b"Rar!",
        "a RAR archive",
        "unpack it, and import the GeoTIFF in it",
    ),
    (
        b"7z\xbc\xaf",
        "a 7-Zip archive",
        "unpack it, and import the GeoTIFF in it",
    ),
    (b"%PDF", "a PDF document", "ask its author for the GeoTIFF"),
    (
        b"<",
        "a web page or XML text",
        "the download failed or needs a login; download it again",
    ),
];

const AS_TIFF: &str =
    "open it in QGIS and export it as GeoTIFF (.tif), or use gdal_translate -of GTiff";

/// What the file with this beginning is.
pub(super) fn of_head(head: &[u8]) -> InspectionError {
    if head.is_empty() {
        return InspectionError::Empty;
    }
    let text = head.trim_ascii_start();
    let known = KNOWN.iter().find(|(start, ..)| text.starts_with(start));
    let (what, way_out) = match known {
        Some((_, what, way_out)) => (*what, *way_out),
        None if head
            .iter()
            .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) =>
        {
            ("a text", AS_TIFF)
        }
        None => (
            "something else",
            "check that the right file was given and that it was copied whole; export it again",
        ),
    };
    InspectionError::NotTiff { what, way_out }
}
