//! Where do names come from that nobody can guess?

use ring::rand::{SecureRandom, SystemRandom};

/// `bytes` random bytes as lower-case hexadecimal digits.
///
/// Falls back to a counter where the system has no randomness to give: these are test tokens, and a sandbox that
/// serves is worth more than one that panics.
pub(crate) fn hex(bytes: usize) -> String {
    random(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn random(bytes: usize) -> Vec<u8> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    let mut out = vec![0; bytes];
    if SystemRandom::new().fill(&mut out).is_err() {
        let count = COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (place, byte) in out.iter_mut().rev().zip(count.iter().rev()) {
            *place = *byte;
        }
    }
    out
}
