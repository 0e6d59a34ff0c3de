//! Where a tile comes from: the cache, or the database.

use std::sync::Arc;

use domain::Layer;
use store::StoreError;
use store::tiles::TileAddress;

use super::cache::{Kept, Shown};
use super::{Asked, MOST_BYTES, Tiles, with_data};

impl Tiles {
    /// The tile if it is kept: nothing is asked of the database.
    pub(super) fn kept(&self, asked: &Asked, tile: TileAddress) -> Option<Arc<Kept>> {
        let (shown, change) = self.cached_as(asked)?;
        self.cache.get((shown, tile), change)
    }

    /// The last revision of what is asked for. What is selected by region may change with the region.
    pub(super) async fn revision(&self, asked: &Asked) -> Result<i64, StoreError> {
        match asked.layers[..] {
            [layer] if !asked.is_dataset && asked.is_everything() => {
                let state = self.app.store.layer_state(layer).await?;
                Ok(state.revision.unwrap_or_default())
            }
            _ => self.app.store.last_revision().await,
        }
    }

    /// The tile, kept or made.
    pub(super) async fn tile(
        &self,
        asked: &Asked,
        tile: TileAddress,
    ) -> Result<Arc<Kept>, StoreError> {
        let Some((shown, _)) = self.cached_as(asked) else {
            return self.made(asked, tile).await;
        };
        let turn = self.cache.turn((shown, tile));
        let _held = turn.lock().await;
        if let Some(kept) = self.kept(asked, tile) {
            return Ok(kept);
        }
        // Before the rows are read: a change in between makes the tile one of the past.
        let cached_as = self.cached_as(asked);
        let kept = self.made(asked, tile).await?;
        if let Some((shown, change)) = cached_as {
            self.cache.put((shown, tile), change, &kept);
        }
        Ok(kept)
    }

    async fn made(&self, asked: &Asked, tile: TileAddress) -> Result<Arc<Kept>, StoreError> {
        let revision = self.revision(asked).await?;
        let bytes = self.bytes(asked, tile).await?;
        Ok(Arc::new(Kept::new(bytes, revision)))
    }

    /// Under which name and state of the register a tile is kept; `None` where it is not: one that few
    /// ask for, and any while changes are not heard.
    fn cached_as(&self, asked: &Asked) -> Option<(Shown, u64)> {
        if !asked.is_everything() {
            return None;
        }
        let heard = self.app.store.heard();
        let heard = heard.borrow();
        match asked.layers[..] {
            _ if asked.is_dataset => Some((Shown::Dataset, heard.change()?)),
            [layer] => Some((Shown::Layer(layer.id), heard.change_of(layer)?)),
            _ => None,
        }
    }

    /// One layer after the other: a tile of several layers is those of each in a row.
    async fn bytes(&self, asked: &Asked, tile: TileAddress) -> Result<Vec<u8>, StoreError> {
        let mut parts = Vec::new();
        let layers = if asked.is_dataset {
            with_data(&self.app.store).await?
        } else {
            asked.layers.clone()
        };
        for layer in layers {
            parts.push((layer, self.part(asked, layer, tile, MOST_BYTES).await?));
        }
        let size = |parts: &[(_, Vec<u8>)]| parts.iter().map(|(_, part)| part.len()).sum::<usize>();
        if size(&parts) > MOST_BYTES {
            let share = MOST_BYTES / parts.len().max(1);
            for (layer, part) in &mut parts {
                if part.len() > share {
                    *part = self.part(asked, layer, tile, share).await?;
                }
            }
        }
        Ok(parts.into_iter().flat_map(|(_, part)| part).collect())
    }

    async fn part(
        &self,
        asked: &Asked,
        layer: &'static Layer,
        tile: TileAddress,
        most_bytes: usize,
    ) -> Result<Vec<u8>, StoreError> {
        let store = &self.app.store;
        store.tile(layer, tile, &asked.selection, most_bytes).await
    }
}
