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
    /// The figures of a revision, which was asked for before; read where nobody did. Who comes meanwhile
    /// waits for them. `None` where reading gives none, which is not kept.
    ///
    /// # Errors
    /// Those of reading.
    pub async fn of<E>(
        &self,
        key: K,
        revision: i64,
        read: impl Future<Output = Result<Option<V>, E>>,
    ) -> Result<Option<Arc<V>>, E> {
        if let Some(known) = self.known_of(&key, revision).await {
            return Ok(Some(known));
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.known_of(&key, revision).await {
            return Ok(Some(known));
        }
        let Some(value) = read.await? else {
            return Ok(None);
        };
        let value = Arc::new(value);
        let entry = (revision, Arc::clone(&value));
        self.known.write().await.insert(key, entry);
        Ok(Some(value))
    }

    async fn known_of(&self, key: &K, revision: i64) -> Option<Arc<V>> {
        let known = self.known.read().await;
        let (of, value) = known.get(key)?;
        (*of == revision).then(|| Arc::clone(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn figures_are_read_once_for_each_revision_and_never_when_there_are_none() {
        let kept: Kept<&str, i32> = Kept::default();
        let read = async |revision, found: Option<i32>| {
            let of = kept.of("whole", revision, async move { Ok::<_, ()>(found) });
            of.await.unwrap().map(|value| *value)
        };
        assert_eq!(read(1, None).await, None);
        assert_eq!(read(1, Some(7)).await, Some(7));
        assert_eq!(read(1, Some(8)).await, Some(7));
        assert_eq!(read(2, Some(9)).await, Some(9));
    }
}
