//! What time is it?
//!
//! Asked at every step, and wherever a session's token at hand is looked at: so by the kernel's coarse clocks where it has them. They lag
//! by some milliseconds at most (one tick), cost a fifth, and nothing in OAuth is finer than a second.

use oauth_core::Now;

/// The machine's two clocks, in milliseconds, as a step wants them. Any thread may ask at any time; it never fails.
///
/// Only differences of `mono` mean anything, within one run of the machine.
pub fn now() -> Now {
    Now { wall: wall(), mono: mono() }
}

#[cfg(target_os = "linux")]
fn wall() -> i64 {
    millis(rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse))
}

#[cfg(target_os = "linux")]
fn mono() -> i64 {
    millis(rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse))
}

/// Right before the epoch too: the nanoseconds count up from the second, which is negative then. The kernel's years have room to spare.
#[cfg(target_os = "linux")]
fn millis(time: rustix::time::Timespec) -> i64 {
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

#[cfg(not(target_os = "linux"))]
fn wall() -> i64 {
    use std::time::SystemTime;
    match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

#[cfg(not(target_os = "linux"))]
fn mono() -> i64 {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    i64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn both_clocks_go_forward() {
        let before = now();
        std::thread::sleep(Duration::from_millis(50));
        let after = now();
        // A tick is 10 ms at most.
        assert!(after.mono >= before.mono + 40, "{before:?} {after:?}");
        assert!(after.wall >= before.wall + 40, "{before:?} {after:?}");
    }

    #[test]
    fn the_wall_clock_is_that_of_all() {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        let off = now().wall - i64::try_from(since.as_millis()).expect("in this age");
        assert!((-20..=20).contains(&off), "{off} ms");
    }
}
