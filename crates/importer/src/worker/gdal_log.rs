//! GDAL in the worker: its settings, and its messages, which never reach the standard output.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use gdal::config::{set_config_option, set_error_handler};
use gdal::errors::CplErrType;

use super::dxf::ARC_STEP_DEGREES;
use super::failure::{Failure, failure};

/// Settings that keep GDAL from doing more than reading the one file.
const SETTINGS: [(&str, &str); 20] = [
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
    // What a withdrawn code means is for `geodesy` to say: its successor may be another grid.
    ("OSR_USE_NON_DEPRECATED", "NO"),
    ("GPX_ELE_AS_25D", "NO"),
];

/// The first failure or lost value that GDAL reported since the last [`take_failure`].
static FAILURE: Mutex<Option<String>> = Mutex::new(None);

/// Applies the settings and catches GDAL's messages.
pub(super) fn set_up() -> Result<(), Failure> {
    set_error_handler(|class, number, message| {
        to_error_output(&format!("GDAL {class:?} {number}: {message}"));
        let complaint = match class {
            CplErrType::Failure | CplErrType::Fatal => Some(without_statement(message).to_owned()),
            CplErrType::Warning => lost_value(message),
            _ => None,
        };
        if let Some(complaint) = complaint {
            let mut kept = FAILURE.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get_or_insert(complaint);
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

/// The words for a value that GDAL leaves out or cuts with no more than a warning: a text in a database's
/// column of days that it does not understand, a text in a column of numbers. GDAL's number of the record
/// is not its place.
fn lost_value(warning: &str) -> Option<String> {
    if let Some((value, field)) = cut_number(warning) {
        return Some(format!(
            "the field {field} holds {value:?}, which is no number as a table writes it; write it as 38.5, or make \
             the column a text column"
        ));
    }
    let column_of = |beginning: &str| {
        let (_, column) = warning.strip_prefix(beginning)?.split_once(" in column ")?;
        Some(column)
    };
    if let Some(column) = column_of("Unexpected data type for record ") {
        return Some(format!(
            "the column {column:?} holds a number or bytes, but takes days or moments; make it a \
             column of that type"
        ));
    }
    let (column, value) = column_of("Invalid content for record ")?.split_once(": ")?;
    Some(format!(
        "the column {column:?} holds {value:?}, which is no day or moment as a GeoPackage writes \
         them; write it as 2024-05-31 or 2024-05-31T12:00:00Z, or make the column a text column"
    ))
}

/// Of a number that GDAL read as far as it is one: what stands there, and the field.
fn cut_number(warning: &str) -> Option<(&str, &str)> {
    let (told, _) = warning.split_once(" parsed incompletely to ")?;
    told.strip_prefix("Value '")?.split_once("' of field ")
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

#[cfg(test)]
mod tests {
    use super::lost_value;

    #[test]
    fn warnings_of_lost_values_name_the_column() {
        let warning = "Invalid content for record 7 in column datum: 12.5.2024. 10:00";
        let words = lost_value(warning).unwrap();
        assert!(
            words.starts_with("the column \"datum\" holds \"12.5.2024. 10:00\""),
            "{words}"
        );
        let warning = "Unexpected data type for record 7 in column datum";
        let words = lost_value(warning).unwrap();
        assert!(words.starts_with("the column \"datum\" holds"), "{words}");
        let warning = "Value '38,5' of field a.VISINA parsed incompletely to real 38.";
        let words = lost_value(warning).unwrap();
        assert!(
            words.starts_with("the field a.VISINA holds \"38,5\""),
            "{words}"
        );
        let harmless =
            "Non-conformant content for record 1 in column datum, 2024/05/12, successfully parsed";
        assert_eq!(lost_value(harmless), None);
    }
}
