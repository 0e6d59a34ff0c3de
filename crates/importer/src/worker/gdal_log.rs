//! GDAL in the worker: its settings, and its messages, which never reach the standard output.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use gdal::config::{set_config_option, set_error_handler};
use gdal::errors::CplErrType;

use super::dxf::ARC_STEP_DEGREES;
use super::failure::{Failure, failure};

/// Settings that keep GDAL from doing more than reading the one file.
const SETTINGS: [(&str, &str); 19] = [
    ("CPL_DEBUG", "OFF"),
    ("CPL_ALLOW_VSISTDIN", "NO"),
    ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{none}"),
    ("CPL_VSIL_CURL_ALLOWED_FILENAME", "{none}"),
    ("GDAL_DRIVER_PATH", "disable"),
    ("GDAL_NUM_THREADS", "1"),
    ("GDAL_PAM_ENABLED", "NO"),
    ("GDAL_HTTP_TIMEOUT", "1"),
    // A file of one's own making must not run what it defines when it is read.
    ("OGR_SQLITE_PRAGMA", "trusted_schema=OFF,cell_size_check=ON"),
    ("SQLITE_USE_OGR_VFS", "NO"),
    // Its virtual tables open any file.
    ("SPATIALITE_LOAD", "NO"),
    ("OGR_SQLITE_STATIC_VIRTUAL_OGR", "NO"),
    ("SHAPE_RESTORE_SHX", "NO"),
    // Drawings are decoded before GDAL sees them.
    ("DXF_ENCODING", "UTF-8"),
    ("OGR_ARC_STEPSIZE", ARC_STEP_DEGREES),
    ("LIBKML_RESOLVE_STYLE", "NO"),
    ("LIBKML_READ_GROUND_OVERLAY", "NO"),
    ("OGR_XLSX_HEADERS", "FORCE"),
    ("GPX_ELE_AS_25D", "NO"),
];

/// The first failure that GDAL reported since the last [`take_failure`].
static FAILURE: Mutex<Option<String>> = Mutex::new(None);

/// Applies the settings and catches GDAL's messages.
pub(super) fn set_up() -> Result<(), Failure> {
    set_error_handler(|class, number, message| {
        to_error_output(&format!("GDAL {class:?} {number}: {message}"));
        if matches!(class, CplErrType::Failure | CplErrType::Fatal) {
            let mut kept = FAILURE.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get_or_insert_with(|| without_statement(message).to_owned());
        }
    });
    for (key, value) in SETTINGS {
        set_config_option(key, value)
            .map_err(|error| failure!("the reading library does not take {key}: {error}"))?;
    }
    Ok(())
}

/// GDAL leads a database's complaint with the statement that met it, which is no news to a reader.
fn without_statement(message: &str) -> &str {
    message.rsplit(") failed: ").next().unwrap_or(message)
}

/// The first failure that GDAL reported since the last call.
pub(super) fn take_failure() -> Option<String> {
    FAILURE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}

/// Writes a line to the error output, which the parent process logs.
pub(super) fn to_error_output(line: &str) {
    // A parent that has closed the error output does not want the line.
    let _ = writeln!(std::io::stderr(), "{line}");
}
