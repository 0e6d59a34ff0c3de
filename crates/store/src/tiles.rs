//! Vector tiles of a layer (Mapbox Vector Tile 2.1), in `WebMercatorQuad`.
//!
//! A tile has a limit in bytes. What does not fit is counted together: first in cells of a 16th of the
//! tile's side, then in larger ones, so that every record is either drawn or part of the `count` of
//! exactly one tile of a zoom.

use domain::layer::Layer;
use sqlx::Row;

use crate::Store;
use crate::error::StoreError;
use crate::items::Selection;
use crate::text;

/// Positions along a side of a tile.
pub const EXTENT: u32 = 4096;
/// How far lines and areas reach beyond their tile, in positions, so that borders are not seen.
pub const BUFFER: u32 = 64;
/// The most points that are shown each by itself in a tile.
pub const MOST_POINTS: u32 = 2_000;
/// The longest text in a tile, in characters: what is longer is cut.
pub const LONGEST_TEXT: u32 = 200;

/// Which tile: the zoom, the row from the north and the column from the west, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileAddress {
    /// The zoom, 0 to 24.
    pub zoom: u32,
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// How finely a tile shows a layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detail {
    /// Whether points stand each by itself, as long as they are not more than [`MOST_POINTS`].
    pub each_point: bool,
    /// Cells along a side of the tile in which records are counted together.
    pub cells: u32,
    /// Lines and areas that are smaller, in sides of the tile, are counted like points.
    pub least_side: f64,
    /// Positions of a tile within which a line may be straightened.
    pub tolerance: f64,
}

const PIXEL: f64 = 1.0 / 256.0;

/// From fine to coarse. The last one is a single point, which always fits.
const DETAILS: [Detail; 6] = [
    Detail::new(true, 16, PIXEL, 1.0),
    Detail::new(false, 16, PIXEL, 4.0),
    Detail::new(false, 16, 2.0 * PIXEL, 8.0),
    Detail::new(false, 8, 8.0 * PIXEL, 16.0),
    Detail::new(false, 4, 32.0 * PIXEL, 16.0),
    Detail::new(false, 1, f64::MAX, 16.0),
];

impl Detail {
    const fn new(each_point: bool, cells: u32, least_side: f64, tolerance: f64) -> Self {
        Self {
            each_point,
            cells,
            least_side,
            tolerance,
        }
    }

    /// Whether a record that is alone in its cell is shown with its values.
    pub(crate) const fn names_single(self) -> bool {
        self.cells > 1
    }
}

impl Store {
    /// What a selection of a layer shows in a tile, in at most so many bytes: one layer of a Mapbox Vector
    /// Tile; empty where nothing is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tile(
        &self,
        layer: &Layer,
        tile: TileAddress,
        selection: &Selection,
        most_bytes: usize,
    ) -> Result<Vec<u8>, StoreError> {
        for detail in DETAILS {
            let statement = text::tile(layer, tile, detail, selection);
            // At most some thousand entries of the spatial index, which take longer to plan than to read.
            let pool = self.pool_for(selection, detail.each_point);
            let row = statement.fetch_one(pool).await?;
            let bytes: Option<Vec<u8>> = row.try_get(0)?;
            if let Some(bytes) = bytes.filter(|bytes| bytes.len() <= most_bytes) {
                return Ok(bytes);
            }
        }
        Ok(Vec::new())
    }

    /// The last revision of the register, whatever it changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_revision(&self) -> Result<i64, StoreError> {
        let last = sqlx::query_scalar!(r#"select max(revision) as "last" from layer_state"#);
        Ok(last.fetch_one(&self.pool).await?.unwrap_or_default())
    }
}
