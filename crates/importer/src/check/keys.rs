//! Which row a key stood in first.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// The keys seen so far, each with the row where it stood first, in 17 bytes and the room that a table
/// needs to grow: 20 to 40 bytes a record, whatever the keys are.
///
/// Of a key only 64 bits are kept, made with a secret that is another in each run. Two different keys
/// of two million have the same ones in one file of ten million; it is then refused, with both rows
/// named, and accepted when it is imported again.
#[derive(Debug, Default)]
pub(super) struct Keys {
    secret: RandomState,
    rows: HashMap<u64, u64, BuildHasherDefault<AsItIs>>,
}

impl Keys {
    /// The row where this key stood before; if there is none, it stands in `row`.
    pub(super) fn first_row(&mut self, key: &str, row: u64) -> Option<u64> {
        let bits = self.secret.hash_one(key);
        let first = *self.rows.entry(bits).or_insert(row);
        (first != row).then_some(first)
    }
}

/// Hashes what is a hash already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }
}
