//! The cells of a file on their way into the library.

use std::path::{Path, PathBuf};

use raster::cog::{Conversion, Draft, Finished, Recipe, Seen, digested};
use raster::{Incoming, Kind, RasterError};
use tokio::sync::mpsc::{Receiver, channel};

use super::{File, Kept, SurveyError};
use crate::import::Stage;
use crate::protocol::CellBlock;
use crate::receive::ReceiveError;

/// So many blocks wait between the reader and the converter.
const QUEUE: usize = 4;

impl File<'_> {
    /// Reads all cells once: the worker process reads, one thread converts.
    pub(super) async fn cells(
        &self,
        recipe: Recipe,
        draft: Option<&Path>,
    ) -> Result<(Seen, Option<Draft>), SurveyError> {
        let draft = draft.map(Path::to_owned);
        let (to_converter, from_reader) = channel(QUEUE);
        let converting =
            tokio::task::spawn_blocking(move || convert(recipe, draft.as_deref(), from_reader));
        let read = self.read(to_converter).await;
        // Where the converter has failed, it says more than its closed queue.
        let converted = converting.await.map_err(|_| self.stopped())?;
        read?;
        Ok(converted?)
    }

    async fn read(
        &self,
        to_converter: tokio::sync::mpsc::Sender<CellBlock>,
    ) -> Result<(), SurveyError> {
        let rows = self.inspection.rows as u64;
        self.tools.progress.begins(Stage::Cells, Some(rows));
        let unread = |source| SurveyError::unread(&self.received.name, source);
        let worker = self.tools.worker;
        let blocks = worker
            .read_raster(&self.request.path, self.inspection)
            .await;
        let mut blocks = blocks.map_err(unread)?;
        let mut cells = 0_u64;
        while let Some(block) = blocks.next().await.map_err(unread)? {
            cells += block.columns as u64 * block.rows as u64;
            if to_converter.send(block).await.is_err() {
                break;
            }
            let columns = self.inspection.columns.max(1) as u64;
            self.tools.progress.done(cells / columns);
        }
        Ok(())
    }

    /// Makes the image and copies the original at the same time, then takes both into the library.
    pub(super) async fn keep(
        &self,
        incoming: &Incoming,
        draft: Draft,
    ) -> Result<Kept, SurveyError> {
        self.tools.progress.begins(Stage::Packing, None);
        let to = incoming.file("image.tif");
        let making = tokio::task::spawn_blocking(move || draft.into_image(&to));
        let (from, to) = (self.request.path.clone(), incoming.file("original.tif"));
        let copying = tokio::task::spawn_blocking(move || copy(from, &to));
        let (image, original) = tokio::join!(making, copying);
        let original = original.map_err(|_| self.stopped())??;
        let image = image.map_err(|_| self.stopped())??;
        if original.sha256 != self.received.sha256 {
            return Err(ReceiveError::Changed(self.request.path.clone()).into());
        }
        let (library, image_path) = (self.tools.library, &image.path);
        library
            .place(&original.path, Kind::Original, &original.sha256)
            .await?;
        library
            .place(image_path, Kind::Image, &image.sha256)
            .await?;
        Ok(Kept { image })
    }
}

fn convert(
    recipe: Recipe,
    draft: Option<&Path>,
    mut blocks: Receiver<CellBlock>,
) -> Result<(Seen, Option<Draft>), RasterError> {
    let mut conversion = Conversion::begin(recipe, draft)?;
    while let Some(block) = blocks.blocking_recv() {
        conversion.take(block.window(), &block.bytes)?;
    }
    Ok(conversion.end())
}

/// Copies a file and digests the copy.
fn copy(from: PathBuf, to: &Path) -> Result<Finished, SurveyError> {
    std::fs::copy(&from, to).map_err(|source| ReceiveError::Unreadable { path: from, source })?;
    let copied = digested(to);
    Ok(copied.map_err(|source| RasterError::NotKept {
        path: to.to_owned(),
        source,
    })?)
}
