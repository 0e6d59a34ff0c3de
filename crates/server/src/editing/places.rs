//! Where records may be: the districts, as they were last read.

use std::sync::{Arc, Mutex, PoisonError};

use domain::layers::DISTRICTS;
use importer::position::Positions;
use store::{Store, StoreError};

/// The areas of the districts, read anew when a revision changed them.
#[derive(Debug, Default)]
pub struct Places(Mutex<Option<(Option<i64>, Arc<Positions>)>>);

impl Places {
    /// The districts as they are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn positions(&self, store: &Store) -> Result<Arc<Positions>, StoreError> {
        let revision = store.layer_state(&DISTRICTS).await?.revision;
        if let Some((known, positions)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && *known == revision
        {
            return Ok(Arc::clone(positions));
        }
        let positions = Arc::new(Positions::new(store.district_areas().await?));
        let read = Some((revision, Arc::clone(&positions)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(positions)
    }
}
