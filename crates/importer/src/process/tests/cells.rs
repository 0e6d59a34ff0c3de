//! What the parent takes of a raster.

use std::path::Path;

use raster::inspection::{BandColour, Placement, RasterInspection, SampleType, SourceBand};

use super::{framed, saying, shell};
use crate::process::{Worker, WorkerError};
use crate::protocol::{CellBlock, Event};

/// A raster of 4 × 4 bytes in strips of two rows.
fn raster() -> RasterInspection {
    RasterInspection {
        columns: 4,
        rows: 4,
        sample: SampleType::UInt8,
        bits: 8,
        bands: vec![SourceBand {
            colour: BandColour::Grey,
            description: None,
            unit: None,
            scale: 1.0,
            offset: 0.0,
            palette: Vec::new(),
        }],
        nodata: None,
        mask: false,
        placement: Placement::NorthUp([0.0, 1.0, 0.0, 0.0, 0.0, -1.0]),
        pixel_is_point: false,
        crs: None,
        compression: "none".to_owned(),
        lossy: false,
        big_tiff: false,
        tiled: false,
        block_columns: 4,
        block_rows: 2,
        date_time: None,
        software: None,
        notes: Vec::new(),
    }
}

fn block(row: usize, rows: usize, bytes: usize) -> Vec<u8> {
    framed(&Event::Cells(CellBlock {
        column: 0,
        row,
        columns: 4,
        rows,
        bytes: vec![7; bytes],
    }))
}

/// How many blocks are taken from a worker that says this.
async fn taken(said: &[Vec<u8>]) -> Result<usize, WorkerError> {
    let worker = saying(&said.concat(), "exit 0");
    let mut blocks = worker.read_raster(Path::new("/nowhere"), &raster()).await?;
    let mut count = 0;
    while blocks.next().await?.is_some() {
        count += 1;
    }
    Ok(count)
}

#[tokio::test]
async fn only_the_cells_of_the_plan_are_taken() {
    let end = |records| framed(&Event::Finished { records });
    // So small a raster is read at once.
    let whole = block(0, 4, 16);
    assert_eq!(taken(&[whole.clone(), end(1)]).await.unwrap(), 1);
    for wrong in [
        vec![end(0)],
        vec![whole.clone(), end(2)],
        vec![whole.clone(), whole.clone(), end(2)],
        vec![block(0, 2, 8), block(2, 2, 8), end(2)],
        vec![block(1, 4, 16), end(1)],
        vec![block(0, 4, 15), end(1)],
        vec![block(0, 4, 17), end(1)],
        vec![block(0, usize::MAX, 16), end(1)],
        vec![framed(&Event::Records(Vec::new())), end(0)],
    ] {
        let error = taken(&wrong).await.unwrap_err();
        assert!(matches!(error, WorkerError::Garbled { .. }), "{error}");
    }
    let error = taken(&[block(0, 4, 16)]).await.unwrap_err().to_string();
    assert!(
        error.contains("while reading it, after 100 % of its cells"),
        "{error}"
    );
}

#[tokio::test]
async fn an_impossible_description_is_not_believed() {
    let path = Path::new("/nowhere");
    let said = |inspection| framed(&Event::RasterInspected(Box::new(inspection)));
    let sound = saying(&said(raster()), "exit 0");
    assert_eq!(sound.inspect_raster(path).await.unwrap(), raster());
    let mut huge = raster();
    huge.columns = usize::MAX;
    let mut contradicting = raster();
    contradicting.block_rows = 5;
    for wrong in [huge, contradicting] {
        let error = saying(&said(wrong.clone()), "exit 0")
            .inspect_raster(path)
            .await;
        assert!(
            matches!(error, Err(WorkerError::Garbled { .. })),
            "{error:?}"
        );
        let unread: Worker = shell("exit 0");
        let error = unread.read_raster(path, &wrong).await.unwrap_err();
        assert!(matches!(error, WorkerError::Garbled { .. }), "{error:?}");
    }
}
