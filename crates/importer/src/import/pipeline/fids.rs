//! The numbers that records have in their file, by their places.

/// Numbers mostly grow with the places, so only those are kept from which on the two are another distance apart.
#[derive(Debug, Default)]
pub(in crate::import) struct Fids {
    /// From this row on, the number is the row and so much; `None` where records have no number of their own.
    steps: Vec<(u64, Option<u64>)>,
}

impl Fids {
    /// Takes the number of the next record.
    pub(super) fn add(&mut self, row: u64, fid: Option<u64>) {
        let apart = fid.map(|fid| fid.wrapping_sub(row));
        if self.steps.last().and_then(|(_, last)| *last) != apart {
            self.steps.push((row, apart));
        }
    }

    /// The number of the record at a place that was taken.
    pub(in crate::import) fn of(&self, row: u64) -> Option<u64> {
        let after = self.steps.partition_point(|(first, _)| *first <= row);
        let (_, apart) = self.steps.get(after.checked_sub(1)?)?;
        apart.map(|apart| row.wrapping_add(apart))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_places() {
        let records = [
            (1, None),
            (2, Some(7)),
            (3, Some(8)),
            (5, Some(4_000_000_000)),
            (6, Some(2)),
            (7, None),
            (8, None),
            (9, Some(12)),
        ];
        let mut fids = Fids::default();
        for (row, fid) in records {
            fids.add(row, fid);
        }
        assert_eq!(fids.steps.len(), 5);
        for (row, fid) in records {
            assert_eq!(fids.of(row), fid, "{row}");
        }
        assert_eq!(Fids::default().of(1), None);
    }
}
