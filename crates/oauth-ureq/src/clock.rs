//! What time is it, and how is it waited for?

use std::{
    sync::OnceLock,
    time::{Duration, Instant, SystemTime},
};

use oauth_core::Now;

/// The machine's two clocks, in milliseconds, as a step wants them.
///
/// `mono` counts from this process's first call; only differences of it mean anything.
pub fn now() -> Now {
    static START: OnceLock<Instant> = OnceLock::new();
    let wall = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => millis(since),
        Err(before) => -millis(before.duration()),
    };
    Now { wall, mono: millis(START.get_or_init(Instant::now).elapsed()) }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_go_forward() {
        let before = now();
        std::thread::sleep(Duration::from_millis(5));
        let after = now();
        assert!(after.mono >= before.mono + 5, "{before:?} {after:?}");
        assert!(before.wall > 1_700_000_000_000, "{before:?}");
    }
}
