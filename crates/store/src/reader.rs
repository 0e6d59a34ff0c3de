//! Reading many features over a connection of one's own.

use domain::layer::{Field, Layer};
use futures_util::{Stream, StreamExt};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use crate::Store;
use crate::error::StoreError;
use crate::feature::Feature;
use crate::items::{Page, Selection};
use crate::text;

/// More rows than this keep a connection busy for long.
const LONG: u32 = 100_000;

/// A connection that is read from until this is dropped. Without the pool between, a row costs less.
#[derive(Debug)]
pub struct Reader(PoolConnection<Postgres>);

impl Store {
    /// A connection for a page of a selection.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reader(&self, selection: &Selection, page: Page) -> Result<Reader, StoreError> {
        if page.limit <= LONG {
            return Ok(Reader(self.pool_for(selection).acquire().await?));
        }
        let mut connection = self.pool.acquire().await?;
        // Given back, it would have to be read to the end when the client leaves in the middle.
        connection.close_on_drop();
        Ok(Reader(connection))
    }
}

impl Reader {
    /// The features of a page, one after the other as the database sends them: memory does not
    /// grow with their number.
    pub fn items<'r>(
        &'r mut self,
        layer: &'static Layer,
        fields: &'static [&'static Field],
        selection: &Selection,
        page: Page,
    ) -> impl Stream<Item = Result<Feature, StoreError>> + Send + 'r {
        text::items(layer, fields, selection, page)
            .fetch(&mut *self.0)
            .map(move |row| Ok(Feature::new(layer, fields, row?)))
    }
}
