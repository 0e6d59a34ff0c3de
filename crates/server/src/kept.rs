//! What is counted over a whole layer, kept for the revision that it was counted for.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use tokio::sync::{Mutex, RwLock};

/// Figures by what they are of: as many entries as there are such things, whoever asks.
#[derive(Debug)]
pub struct Kept<K, V> {
    known: RwLock<HashMap<K, (i64, Arc<V>)>>,
    turn: Mutex<()>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self {
            known: RwLock::default(),
            turn: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// The figures of a revision or a later one, which were asked for before; read where nobody did. Who
    /// comes meanwhile waits for them.
    ///
    /// # Errors
    /// Those of reading.
    pub async fn of<E>(
        &self,
        key: K,
        revision: i64,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<Arc<V>, E> {
        if let Some(known) = self.known_of(&key, revision).await {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.known_of(&key, revision).await {
            return Ok(known);
        }
        let value = Arc::new(read.await?);
        let entry = (revision, Arc::clone(&value));
        self.known.write().await.insert(key, entry);
        Ok(value)
    }

    /// The figures that are kept, of whatever revision.
    pub async fn last(&self, key: &K) -> Option<(i64, Arc<V>)> {
        self.known.read().await.get(key).cloned()
    }

    async fn known_of(&self, key: &K, revision: i64) -> Option<Arc<V>> {
        let (of, value) = self.last(key).await?;
        (of >= revision).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn figures_are_read_once_for_each_revision_unless_reading_fails() {
        let kept: Kept<&str, i32> = Kept::default();
        let read = async |revision, found: Result<i32, ()>| {
            let of = kept.of("whole", revision, async move { found });
            of.await.map(|value| *value)
        };
        assert_eq!(read(1, Err(())).await, Err(()));
        assert_eq!(read(1, Ok(7)).await, Ok(7));
        assert_eq!(read(1, Ok(8)).await, Ok(7));
        assert_eq!(read(2, Ok(9)).await, Ok(9));
        assert_eq!(read(1, Ok(10)).await, Ok(9));
    }
}
