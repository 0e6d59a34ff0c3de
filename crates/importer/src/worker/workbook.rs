//! Excel workbooks: a zip archive of XML files, checked before GDAL opens it.

use std::io::Cursor;

use gdal::Dataset;
use zip::read::ZipArchive;

use super::archive;
use super::container::Container;
use super::failure::{Failure, failure};
use super::format::Format;
use super::open;

/// The most bytes that a workbook may hold when unpacked.
const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// Opens a workbook; the first row of each sheet names its columns.
pub(super) fn open(container: &mut Container, name: &str) -> Result<Dataset, Failure> {
    let bytes = container.bytes(name)?;
    check(name, &bytes)?;
    let path = open::into_memory("/vsimem/workbook.xlsx", bytes)?;
    open::dataset(&path, name, Format::Workbook, &[])
}

/// A workbook inside an archive was not looked into when that was checked.
fn check(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| archive::damaged(&error))?;
    let mut unpacked_bytes = 0_u64;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| archive::damaged(&error))?;
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
    }
    if unpacked_bytes > MAX_UNPACKED_BYTES {
        return Err(failure!(
            "the workbook {name:?} holds more than {} GiB when unpacked; save the sheet as CSV",
            MAX_UNPACKED_BYTES >> 30
        ));
    }
    Ok(())
}
