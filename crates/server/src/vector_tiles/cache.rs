//! Tiles that are kept: bounded in bytes, the least lately used leave first. A tile is good as long as
//! nothing of its layers changed since it was made, which the store hears (`store::listen`).

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use store::tiles::TileAddress;

/// Bytes that are kept at most.
pub const MOST_KEPT: usize = 64 << 20;
/// What an entry costs beside its bytes.
const OVERHEAD: usize = 256;
/// Shorter tiles are one packet either way.
const LEAST_PACKED: usize = 860;

/// What a kept tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shown {
    /// A layer, by its id.
    Layer(&'static str),
    /// All layers.
    Dataset,
}

/// Which tile of what.
pub type Key = (Shown, TileAddress);

/// A tile as it is sent.
#[derive(Debug)]
pub struct Kept {
    /// The tile; empty where nothing is.
    pub bytes: Bytes,
    /// The same, packed with gzip, where that is worth it.
    pub packed: Option<Bytes>,
    /// The last revision of what it shows.
    pub revision: i64,
}

impl Kept {
    /// Packs a tile.
    pub fn new(bytes: Vec<u8>, revision: i64) -> Self {
        let packed = (bytes.len() > LEAST_PACKED)
            .then(|| packed(&bytes))
            .flatten();
        Self {
            bytes: bytes.into(),
            packed,
            revision,
        }
    }

    fn cost(&self) -> usize {
        OVERHEAD + self.bytes.len() + self.packed.as_ref().map_or(0, Bytes::len)
    }
}

/// Writing to memory does not fail; if it did, the tile would leave as it is.
fn packed(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

struct Entry {
    kept: Arc<Kept>,
    /// The state of its layers from which it was made.
    change: u64,
    used: u64,
}

#[derive(Default)]
struct Inside {
    tiles: HashMap<Key, Entry>,
    by_use: BTreeMap<u64, Key>,
    uses: u64,
    bytes: usize,
}

/// The tiles that are kept.
pub struct TileCache {
    inside: Mutex<Inside>,
    making: Mutex<HashMap<Key, Turn>>,
    most_bytes: usize,
}

/// Who makes a tile holds its turn; who wants the same one waits, and then finds it kept.
pub type Turn = Arc<tokio::sync::Mutex<()>>;

impl TileCache {
    /// A cache of so many bytes.
    pub fn new(most_bytes: usize) -> Self {
        let (inside, making) = (Mutex::default(), Mutex::default());
        Self {
            inside,
            making,
            most_bytes,
        }
    }

    /// The tile, if it was made from the present state of its layers.
    pub fn get(&self, key: Key, change: u64) -> Option<Arc<Kept>> {
        let mut inside = lock(&self.inside);
        if inside.tiles.get(&key)?.change != change {
            inside.remove(key);
            return None;
        }
        inside.uses += 1;
        let now = inside.uses;
        let entry = inside.tiles.get_mut(&key)?;
        let before = std::mem::replace(&mut entry.used, now);
        let kept = Arc::clone(&entry.kept);
        inside.by_use.remove(&before);
        inside.by_use.insert(now, key);
        Some(kept)
    }

    /// Keeps a tile that was made from a state of its layers.
    pub fn put(&self, key: Key, change: u64, kept: &Arc<Kept>) {
        let mut inside = lock(&self.inside);
        inside.remove(key);
        inside.uses += 1;
        let used = inside.uses;
        inside.bytes += kept.cost();
        inside.by_use.insert(used, key);
        let kept = Arc::clone(kept);
        inside.tiles.insert(key, Entry { kept, change, used });
        while inside.bytes > self.most_bytes {
            let Some((_, oldest)) = inside.by_use.first_key_value() else {
                return;
            };
            let oldest = *oldest;
            inside.remove(oldest);
        }
    }

    /// The turn to make a tile.
    pub fn turn(&self, key: Key) -> Turn {
        let mut making = lock(&self.making);
        making.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(making.entry(key).or_default())
    }
}

/// A panic while it was locked leaves at worst a tile less.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inside {
    fn remove(&mut self, key: Key) {
        if let Some(entry) = self.tiles.remove(&key) {
            self.bytes -= entry.kept.cost();
            self.by_use.remove(&entry.used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn key(column: u32) -> Key {
        let (zoom, row) = (9, 0);
        (Shown::Dataset, TileAddress { zoom, row, column })
    }

    fn tile(bytes: usize) -> Arc<Kept> {
        // Noise, which does not pack.
        let noise = (0..bytes).map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()[0]);
        Arc::new(Kept::new(noise.collect(), 1))
    }

    #[test]
    fn the_least_lately_used_leaves_first() {
        let one = tile(400);
        let cache = TileCache::new(3 * one.cost());
        for column in 0..3 {
            cache.put(key(column), 7, &one);
        }
        assert!(cache.get(key(0), 7).is_some());
        cache.put(key(3), 7, &one);
        let there = [0, 1, 2, 3].map(|column| cache.get(key(column), 7).is_some());
        assert_eq!(there, [true, false, true, true]);
    }

    #[test]
    fn what_changed_since_is_not_given_out() {
        let cache = TileCache::new(10_000);
        cache.put(key(0), 7, &tile(10));
        assert!(cache.get(key(0), 8).is_none());
        assert!(cache.get(key(0), 7).is_none(), "it is gone");
        assert_eq!(lock(&cache.inside).bytes, 0);
    }

    #[test]
    fn a_tile_has_one_turn_at_a_time() {
        let cache = TileCache::new(1_000);
        let turn = cache.turn(key(0));
        let held = turn.try_lock().unwrap();
        assert!(
            cache.turn(key(0)).try_lock().is_err(),
            "the same tile waits"
        );
        assert!(cache.turn(key(1)).try_lock().is_ok(), "another does not");
        drop(held);
        assert!(cache.turn(key(0)).try_lock().is_ok());
    }

    #[test]
    fn what_is_larger_than_the_cache_is_not_kept() {
        let cache = TileCache::new(1_000);
        cache.put(key(0), 7, &tile(5_000));
        assert!(cache.get(key(0), 7).is_none());
    }
}
