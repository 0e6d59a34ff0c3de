use proptest::prelude::*;

use super::{PIECE_BYTES, ReadingPlan};
use crate::grid::Window;
use crate::inspection::tests::of_size;
use crate::inspection::{Placement, RasterInspection, SampleType};

fn pieces(inspection: &RasterInspection) -> Vec<Window> {
    let plan = ReadingPlan::new(inspection).unwrap();
    plan.map(|piece| piece.window).collect()
}

proptest! {
    #[test]
    fn pieces_are_all_cells_each_once(
        (columns, rows) in (1_usize..300, 1_usize..300),
        (block_columns, block_rows) in (1_usize..300, 1_usize..300),
        flipped in any::<bool>(),
    ) {
        let mut inspection = of_size(columns, rows);
        inspection.block_columns = block_columns.min(columns);
        inspection.block_rows = block_rows.min(rows);
        if flipped {
            inspection.placement = Placement::BottomUp([0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        }
        let mut seen = vec![0_u8; columns * rows];
        for window in pieces(&inspection) {
            for row in window.row..window.row + window.rows {
                let from = row * columns + window.column;
                seen[from..from + window.columns].iter_mut().for_each(|it| *it += 1);
            }
        }
        prop_assert!(seen.iter().all(|&times| times == 1));
    }
}

#[test]
fn pieces_are_whole_blocks_or_parts_of_one() {
    // Tiles of 512 × 512, 4 bytes each: eight make 8 MiB.
    let mut inspection = of_size(20_000, 10_000);
    (inspection.block_columns, inspection.block_rows) = (512, 512);
    let windows = pieces(&inspection);
    assert_eq!((windows[0].columns, windows[0].rows), (8 * 512, 512));
    assert!(
        windows
            .iter()
            .all(|it| it.column % 512 == 0 && it.row % 512 == 0)
    );
    // Strips of one row: 104 of 80 000 bytes.
    (inspection.block_columns, inspection.block_rows) = (20_000, 1);
    let windows = pieces(&inspection);
    assert_eq!((windows[0].columns, windows[0].rows), (20_000, 104));
    // One block for all: its rows by and by.
    (inspection.block_columns, inspection.block_rows) = (20_000, 10_000);
    assert_eq!(pieces(&inspection)[1].row, 104);
    // Rows that are longer than a piece.
    inspection.sample = SampleType::Float64;
    inspection.columns = 2_000_000;
    (inspection.block_columns, inspection.block_rows) = (2_000_000, 1);
    inspection.rows = 3;
    let plan = ReadingPlan::new(&inspection).unwrap();
    let sizes: Vec<usize> = plan.map(|piece| piece.source.columns).collect();
    assert_eq!(sizes[..3], [1_048_576, 951_424, 1_048_576]);
}

#[test]
fn no_piece_is_longer_than_a_message() {
    let mut inspection = of_size(5000, 700);
    inspection.bands = vec![inspection.bands[0].clone(); 64];
    inspection.mask = true;
    inspection.sample = SampleType::Float64;
    for (columns, rows) in [(1, 1), (256, 256), (5000, 1), (5000, 700), (17, 699)] {
        (inspection.block_columns, inspection.block_rows) = (columns, rows);
        let mut plan = ReadingPlan::new(&inspection).unwrap();
        while let Some(piece) = plan.next() {
            assert!(plan.bytes_of(&piece) <= PIECE_BYTES);
        }
        assert!(plan.is_done());
    }
}
