//! Passwords that were right a moment ago: QGIS sends the password with every request, and a slow
//! hash for each would be the slowest part of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Secret;
use sha2::{Digest as _, Sha256};
use store::account::Digest;

use super::secrets::random_bytes;

/// How long a password stays known.
const LASTING: TimeDelta = TimeDelta::minutes(5);
/// The most passwords that are known.
const MOST: usize = 1_024;

/// What was right a moment ago, under a key of this process; the passwords themselves are not kept.
pub struct Verified {
    /// Without random numbers nothing is known, and each password is hashed.
    key: Option<[u8; 32]>,
    until: Mutex<HashMap<Digest, DateTime<Utc>>>,
}

impl Verified {
    /// Nothing yet.
    pub fn nothing() -> Self {
        Self {
            key: random_bytes().ok(),
            until: Mutex::default(),
        }
    }

    /// Whether this password was right for this hash, which is another one when the password changes.
    pub fn knows(&self, given: &Secret, hash: &Secret, now: DateTime<Utc>) -> bool {
        let Some(mark) = self.mark(given, hash) else {
            return false;
        };
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.get(&mark).is_some_and(|until| now < *until)
    }

    /// Keeps in mind that it was.
    pub fn note(&self, given: &Secret, hash: &Secret, now: DateTime<Utc>) {
        let Some(mark) = self.mark(given, hash) else {
            return;
        };
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.len() >= MOST {
            until.retain(|_, until| now < *until);
        }
        if until.len() >= MOST {
            until.clear();
        }
        until.insert(mark, now + LASTING);
    }

    /// The digest of key, hash and password; a hash has the same length whosever it is.
    fn mark(&self, given: &Secret, hash: &Secret) -> Option<Digest> {
        let mut hasher = Sha256::new();
        hasher.update(self.key?);
        hasher.update(Sha256::digest(hash.reveal()));
        hasher.update(Sha256::digest(given.reveal()));
        Some(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_password_is_known_for_minutes_and_for_its_hash_alone() {
        let verified = Verified::nothing();
        let [password, hash, other] = ["password", "hash", "other"].map(Secret::new);
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(!verified.knows(&password, &hash, now));
        verified.note(&password, &hash, now);
        for (given, of, seconds, known) in [
            (&password, &hash, 0, true),
            (&password, &hash, 299, true),
            (&password, &hash, 300, false),
            (&other, &hash, 0, false),
            (&password, &other, 0, false),
        ] {
            let later = now + TimeDelta::seconds(seconds);
            assert_eq!(verified.knows(given, of, later), known, "{seconds}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let verified = Verified::nothing();
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let hash = Secret::new("hash");
        for number in 0..3 * MOST {
            verified.note(&Secret::new(number.to_string()), &hash, now);
        }
        assert!(verified.until.lock().unwrap().len() <= MOST);
    }
}
