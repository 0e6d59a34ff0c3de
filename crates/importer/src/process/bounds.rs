//! How much the parent takes from a worker. The worker is not trusted: it has opened the file.

use std::io;

use super::WorkerError;
use crate::protocol::{Inspection, MAX_FIELDS, SourceRecord};

/// The most layers of a file.
const MAX_LAYERS: usize = 1000;
/// The most records of an import: what is found about each is kept until the report is written.
pub(super) const MAX_RECORDS: u64 = 2_000_000;

/// Refuses more layers and fields than are taken.
pub(super) fn check_inspection(inspection: &Inspection) -> Result<(), WorkerError> {
    at_most("layers", inspection.layers.len(), MAX_LAYERS)?;
    let widths = inspection.layers.iter().map(|layer| layer.fields.len());
    at_most("fields", widths.max().unwrap_or(0), MAX_FIELDS)
}

/// How many records were heard with these; refuses too many of them, and records of different
/// widths. `width` is how many values each record has, once known.
pub(super) fn check_records(
    records: &[SourceRecord],
    heard_before: u64,
    width: &mut Option<usize>,
) -> Result<u64, WorkerError> {
    for record in records {
        let expected = *width.get_or_insert(record.values.len());
        if record.values.len() != expected {
            return Err(WorkerError::Garbled {
                source: io::Error::other(format!(
                    "record {} has {} values instead of {expected}",
                    record.row,
                    record.values.len()
                )),
            });
        }
    }
    at_most("fields", width.unwrap_or(0), MAX_FIELDS)?;
    let heard = heard_before.saturating_add(to_u64(records.len()));
    if heard > MAX_RECORDS {
        return Err(WorkerError::TooMuch {
            what: "records",
            count: heard,
            most: MAX_RECORDS,
        });
    }
    Ok(heard)
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), WorkerError> {
    if count <= most {
        return Ok(());
    }
    Err(WorkerError::TooMuch {
        what,
        count: to_u64(count),
        most: to_u64(most),
    })
}

fn to_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
