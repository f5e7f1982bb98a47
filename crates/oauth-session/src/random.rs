//! A word that nobody else has.
//!
//! Names for intents and lines, and where in its margin a session renews. Nothing here guards a secret: keys and nonces come from the
//! crypto library.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

/// 16 hexadecimal digits.
pub(crate) fn word() -> String {
    format!("{:016x}", number())
}

/// From 0 to one less than `end`.
pub(crate) fn below(end: u64) -> i64 {
    i64::try_from(number() % end).unwrap_or(0)
}

/// Between 0 and 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits are enough for a share")]
pub(crate) fn share() -> f64 {
    (number() >> 11) as f64 / (1_u64 << 53) as f64
}

fn number() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    // The process and the time are in it because a forked child goes on with its parent's random state.
    RandomState::new().hash_one((std::process::id(), time, COUNT.fetch_add(1, Ordering::Relaxed)))
}
