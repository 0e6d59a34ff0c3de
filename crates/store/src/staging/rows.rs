//! Records in the form in which the database takes them.

use domain::layer::Layer;
use domain::record::Record;

use geo_types::Geometry;

use crate::copy::CopyBuffer;
use crate::geometry::inside::point_inside;
use crate::neighbours::Extent;
use crate::text;

/// Some records of a file, ready for [`super::Staging::append`]: made where the records are, so that
/// only bytes go from one thread to the other.
#[derive(Debug)]
pub struct StagedRows {
    pub(super) bytes: Vec<u8>,
    pub(super) count: usize,
    /// Whether all of them have codes.
    pub(super) all_have_codes: bool,
    /// Whether some of them say from which revision they were made.
    pub(super) is_merged: bool,
    pub(super) extents: Vec<Extent>,
}

impl StagedRows {
    /// From records of `layer`, each with its place in the file.
    pub fn of(layer: &'static Layer, records: impl IntoIterator<Item = (i64, Record)>) -> Self {
        let staged: Vec<usize> = text::staged_fields(layer)
            .filter_map(|field| layer.position(field.name))
            .collect();
        let mut rows = CopyBuffer::new();
        let (mut count, mut all_have_codes, mut is_merged) = (0, true, false);
        let mut extents = Vec::new();
        let has_inside = text::has_point_inside(layer);
        for (row, record) in records {
            rows.row(staged.len() + 4 + usize::from(has_inside));
            rows.integer(row);
            rows.integer_or_null(record.made_from);
            rows.integer_or_null(record.holds_until);
            for &at in &staged {
                rows.value(&record.values[at]);
            }
            match &record.geometry {
                Some(geometry) => {
                    rows.geometry(geometry);
                    extents.extend(Extent::of_area(row, geometry));
                }
                None => rows.null(),
            }
            if has_inside {
                inside(&record, &mut rows);
            }
            count += 1;
            all_have_codes &= record.key().is_some();
            is_merged |= record.made_from.is_some();
        }
        Self {
            bytes: rows.into_bytes(),
            count,
            all_have_codes,
            is_merged,
            extents,
        }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

fn inside(record: &Record, rows: &mut CopyBuffer) {
    let point = match &record.geometry {
        Some(Geometry::MultiPolygon(areas)) => point_inside(areas),
        _ => None,
    };
    match point {
        Some(point) => rows.geometry(&point.into()),
        None => rows.null(),
    }
}
