//! Raster files: what the worker says about one, and the values of its cells.

use std::io;
use std::path::Path;

use raster::inspection::{RasterInspection, ReadingPlan};

use super::conversation::Conversation;
use super::{ReaderStage, Worker, WorkerError, unexpected_answer};
use crate::protocol::{CellBlock, Event, Job};

impl Worker {
    /// What the raster file at `path` is. Nothing of it is believed that
    /// [`RasterInspection::check`] does not find possible.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] with the worker's words when the file is no readable `GeoTIFF`, the
    /// other errors when the worker fails.
    pub async fn inspect_raster(&self, path: &Path) -> Result<RasterInspection, WorkerError> {
        let job = Job::InspectRaster {
            path: path.to_owned(),
        };
        let mut conversation = self.start(&job).await?;
        match conversation.next_event(ReaderStage::Inspecting).await? {
            Event::RasterInspected(inspection) => {
                conversation.end().await;
                inspection.check().map_err(garbled)?;
                Ok(*inspection)
            }
            _ => Err(unexpected_answer()),
        }
    }

    /// The cells of the raster file at `path`, which `inspection` describes.
    ///
    /// # Errors
    /// [`WorkerError::Start`] and [`WorkerError::Garbled`] when the worker cannot be given the
    /// job; what is wrong with the file comes from [`CellBlocks::next`].
    pub async fn read_raster(
        &self,
        path: &Path,
        inspection: &RasterInspection,
    ) -> Result<CellBlocks, WorkerError> {
        let plan = ReadingPlan::new(inspection).map_err(garbled)?;
        let job = Job::ReadRaster {
            path: path.to_owned(),
        };
        Ok(CellBlocks {
            conversation: Some(self.start(&job).await?),
            plan,
            blocks: 0,
            cells: 0,
            all_cells: inspection.columns as u64 * inspection.rows as u64,
        })
    }
}

/// The cells of a raster file, block after block: each cell once, blocks in the order of the
/// [`ReadingPlan`]. Dropping it ends the worker.
#[derive(Debug)]
pub struct CellBlocks {
    conversation: Option<Conversation>,
    plan: ReadingPlan,
    blocks: u64,
    cells: u64,
    all_cells: u64,
}

impl CellBlocks {
    /// The next cells, none after the last.
    ///
    /// # Errors
    /// [`WorkerError::Refused`] with the worker's words when cells cannot be unpacked,
    /// [`WorkerError::Garbled`] for cells that are not those of the plan, the other errors when
    /// the worker fails. After an error there are no further cells.
    pub async fn next(&mut self) -> Result<Option<CellBlock>, WorkerError> {
        let Some(mut conversation) = self.conversation.take() else {
            return Ok(None);
        };
        let stage = ReaderStage::ReadingCells {
            percent: self.percent(),
        };
        match conversation.next_event(stage).await? {
            Event::Cells(block) => {
                self.check(&block)?;
                self.conversation = Some(conversation);
                Ok(Some(block))
            }
            Event::Finished { records } if records == self.blocks && self.plan.is_done() => {
                conversation.end().await;
                Ok(None)
            }
            _ => Err(unexpected_answer()),
        }
    }

    /// How much of the cells was read, 0 to 100.
    pub fn percent(&self) -> u8 {
        let percent = self.cells.saturating_mul(100) / self.all_cells.max(1);
        u8::try_from(percent).unwrap_or(100)
    }

    /// Takes a block only if it is the next of the plan.
    fn check(&mut self, block: &CellBlock) -> Result<(), WorkerError> {
        let expected = self.plan.next();
        let expected = expected.map(|piece| (piece.window, self.plan.bytes_of(&piece)));
        if expected != Some((block.window(), block.bytes.len())) {
            return Err(garbled("cells that were not expected"));
        }
        self.blocks += 1;
        self.cells += block.columns as u64 * block.rows as u64;
        Ok(())
    }
}

fn garbled(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> WorkerError {
    WorkerError::Garbled {
        source: io::Error::other(error),
    }
}
