//! How often somebody may try to sign in and fail.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The most that is remembered.
const MOST: usize = 10_000;

/// How many failures at once, and after how many seconds one of them is forgotten.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    failures: i32,
    seconds_each: i64,
}

/// A name from an address: a person who mistypes.
const PAIR: Allowance = Allowance {
    failures: 10,
    seconds_each: 60,
};
/// An address with any names: an office behind one address, or somebody who tries names.
const ADDRESS: Allowance = Allowance {
    failures: 40,
    seconds_each: 15,
};
/// A name from any addresses: many machines that try one name.
const NAME: Allowance = Allowance {
    failures: 100,
    seconds_each: 10,
};

impl Allowance {
    const fn each(self) -> TimeDelta {
        TimeDelta::seconds(self.seconds_each)
    }

    /// How much longer it takes until another failure is allowed.
    fn wait(self, forgotten_at: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
        forgotten_at.max(now) - now + self.each() - self.each() * self.failures
    }
}

/// Counts failed attempts, in bounded memory.
#[derive(Debug, Default)]
pub struct Limiter {
    /// When the last failure of each kind will be forgotten.
    forgotten_at: Mutex<HashMap<u64, DateTime<Utc>>>,
    keys: RandomState,
}

impl Limiter {
    /// Counts an attempt as failed until [`Self::forgive`] says otherwise, so that many at the same
    /// time do not pass together.
    ///
    /// # Errors
    /// After how many whole seconds there is room for another.
    pub fn attempt(&self, name: &str, address: IpAddr, now: DateTime<Utc>) -> Result<(), u64> {
        let kinds = self.kinds(name, address);
        let mut known = self.locked();
        let times = kinds.map(|(key, _)| known.get(&key).map_or(now, |at| (*at).max(now)));
        let waits = kinds.iter().zip(times);
        let wait = waits
            .map(|((_, allowance), at)| allowance.wait(at, now))
            .max()
            .unwrap_or_default();
        if wait > TimeDelta::zero() {
            return Err(whole_seconds(wait));
        }
        for ((key, allowance), at) in kinds.into_iter().zip(times) {
            make_room(&mut known, key, now);
            known.insert(key, at + allowance.each());
        }
        Ok(())
    }

    /// The attempt succeeded: this person's failures are forgotten, and the attempt is none of the
    /// others'.
    pub fn forgive(&self, name: &str, address: IpAddr) {
        let [(pair, _), others @ ..] = self.kinds(name, address);
        let mut known = self.locked();
        known.remove(&pair);
        for (key, allowance) in others {
            if let Some(at) = known.get_mut(&key) {
                *at -= allowance.each();
            }
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<u64, DateTime<Utc>>> {
        self.forgotten_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn kinds(&self, name: &str, address: IpAddr) -> [(u64, Allowance); 3] {
        let network = network(address);
        [
            (self.keys.hash_one((Some(name), Some(network))), PAIR),
            (self.keys.hash_one((None::<&str>, Some(network))), ADDRESS),
            (self.keys.hash_one((Some(name), None::<IpAddr>)), NAME),
        ]
    }
}

/// Who has one IPv6 address has the 2⁶⁴ beside it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let upper = u128::from(address) >> 64 << 64;
            IpAddr::V6(upper.into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Forgets what is over, else what will be over first.
fn make_room(known: &mut HashMap<u64, DateTime<Utc>>, key: u64, now: DateTime<Utc>) {
    if known.len() < MOST || known.contains_key(&key) {
        return;
    }
    known.retain(|_, at| *at > now);
    let first = known.iter().min_by_key(|(_, at)| **at);
    if known.len() >= MOST
        && let Some((&first, _)) = first
    {
        known.remove(&first);
    }
}

fn whole_seconds(wait: TimeDelta) -> u64 {
    let up = wait + TimeDelta::milliseconds(999);
    u64::try_from(up.num_seconds()).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ten_failures_then_one_a_minute() {
        let limiter = Limiter::default();
        let home = address("192.0.2.1");
        for _ in 0..10 {
            assert_eq!(limiter.attempt("ana", home, at(0)), Ok(()));
        }
        assert_eq!(limiter.attempt("ana", home, at(0)), Err(60));
        assert_eq!(limiter.attempt("ana", home, at(59)), Err(1));
        assert_eq!(limiter.attempt("ana", home, at(60)), Ok(()));
        assert_eq!(limiter.attempt("ana", home, at(60)), Err(60));
        // Others, and the same person elsewhere, are not kept out.
        assert_eq!(limiter.attempt("petar", home, at(60)), Ok(()));
        assert_eq!(limiter.attempt("ana", address("192.0.2.2"), at(60)), Ok(()));
    }

    #[test]
    fn one_success_forgets_the_failures() {
        let limiter = Limiter::default();
        let home = address("192.0.2.1");
        for _ in 0..1_000 {
            assert_eq!(limiter.attempt("ana", home, at(0)), Ok(()));
            limiter.forgive("ana", home);
        }
    }

    #[test]
    fn one_address_cannot_try_every_name() {
        let limiter = Limiter::default();
        let of_neighbours = |at: u32| address(&format!("2001:db8::{at:x}"));
        let passed = (0..1_000)
            .filter(|&one| {
                let name = format!("user{one}");
                limiter.attempt(&name, of_neighbours(one), at(0)).is_ok()
            })
            .count();
        assert_eq!(passed, 40);
    }

    #[test]
    fn many_addresses_cannot_try_one_name() {
        let limiter = Limiter::default();
        let passed = (0..1_000_u32)
            .filter(|&one| {
                let from = IpAddr::V4((0xC000_0200 + one).into());
                limiter.attempt("ana", from, at(0)).is_ok()
            })
            .count();
        assert_eq!(passed, 100);
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = Limiter::default();
        let from = |one: u32| IpAddr::V4(one.into());
        let others = u32::try_from(MOST).unwrap() / 3 + 10;
        for one in 0..others {
            assert_eq!(limiter.attempt(&one.to_string(), from(one), at(0)), Ok(()));
        }
        assert_eq!(limiter.locked().len(), MOST);
        // Much later nothing of that is worth keeping.
        assert_eq!(limiter.attempt("ana", from(others), at(3_600)), Ok(()));
        assert_eq!(limiter.locked().len(), 3);
    }
}
