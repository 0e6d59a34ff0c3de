//! How GDAL opens a file from outside.

use std::path::Path;

use gdal::config::set_config_option;
use gdal::errors::GdalError;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

/// GDAL keeps few unpacked blocks, writes nothing beside the file, and takes an error in a block for
/// an error.
const SETTINGS: [(&str, &str); 7] = [
    ("GDAL_CACHEMAX", "96"),
    ("GDAL_PAM_ENABLED", "NO"),
    ("GDAL_NUM_THREADS", "1"),
    ("GTIFF_IGNORE_READ_ERRORS", "NO"),
    // Without this the coordinates of cells' centres would be taken for those of corners.
    ("GTIFF_POINT_GEO_IGNORE", "NO"),
    // Heights are worth knowing of in files of GeoTIFF 1.0, too.
    ("GTIFF_REPORT_COMPD_CS", "YES"),
    // A world file belongs to the file that it lies beside, not to the one that is stored.
    ("GDAL_GEOREF_SOURCES", "INTERNAL"),
];

/// Opens the one file at `path`; nothing beside it is looked at.
pub(super) fn open(path: &Path) -> Result<Dataset, GdalError> {
    for (key, value) in SETTINGS {
        set_config_option(key, value)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Dataset::open_ex(
        path,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
            allowed_drivers: Some(&["GTiff"]),
            open_options: Some(&["GEOREF_SOURCES=INTERNAL", "NUM_THREADS=1"]),
            // The folder as GDAL is to see it: no masks, overviews or world files from outside.
            sibling_files: Some(&[&name]),
        },
    )
}
