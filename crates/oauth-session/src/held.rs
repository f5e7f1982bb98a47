//! Is the token at hand still good?
//!
//! Two clocks say so and the API has the last word. It is renewed a little before its end, each session at a moment of its own, so that of
//! many processes one comes first and the others find its work done.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use arc_swap::Guard;
use oauth_core::{Now, Token};

/// A token in use. Nothing in it changes but two flags.
pub(crate) struct Held {
    pub(crate) token: Token,
    /// The store's revision that it came with, and its line.
    pub(crate) revision: u64,
    pub(crate) line: String,
    pub(crate) since: Now,
    /// Wall time from which it should be renewed.
    renew_from: i64,
    expires_at: i64,
    /// The API said that it is dead.
    dead: AtomicBool,
    /// The API took it at least once.
    proven: AtomicBool,
    /// How many tokens died before it, one after the other, without the API having taken one.
    pub(crate) barren: u32,
}

/// When to renew before the end: ms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margin {
    pub(crate) ms: i64,
    /// Between 0 and 1, this session's own.
    pub(crate) share: f64,
}

impl Margin {
    /// How long before its end a token of that lifetime is renewed.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 30,000")]
    fn before_end(self, lifetime: i64) -> i64 {
        let jitter = (self.share * (lifetime / 10).clamp(0, 30_000) as f64) as i64;
        // Never more than half of its life, or a short-lived token would be renewed all the time.
        self.ms.saturating_add(jitter).min(lifetime / 2).max(0)
    }
}

impl Held {
    pub(crate) fn new(token: Token, revision: u64, line: String, since: Now, margin: Margin) -> Self {
        let expires_at = token.expires_at().unwrap_or(i64::MAX);
        let renew_from = match token.expires_at() {
            Some(end) => end.saturating_sub(margin.before_end(end.saturating_sub(token.received_at()))),
            None => i64::MAX,
        };
        let (dead, proven) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { token, revision, line, since, renew_from, expires_at, dead, proven, barren: 0 }
    }

    /// The same, for a token that nobody may renew: it is used to its end.
    pub(crate) fn used_to_its_end(self) -> Self {
        Self { renew_from: self.expires_at, ..self }
    }

    /// Whether it can be used. Without a known lifetime only the API can say no.
    pub(crate) fn is_valid(&self, now: Now) -> bool {
        self.lasts(self.expires_at, now)
    }

    /// Whether it can be used and there is no need to renew it.
    pub(crate) fn is_fresh(&self, now: Now) -> bool {
        self.lasts(self.renew_from, now)
    }

    fn lasts(&self, end: i64, now: Now) -> bool {
        // By either clock: the wall clock may have been set back, and the monotonic one stands still while the machine sleeps.
        let gone = now.mono.saturating_sub(self.since.mono);
        now.wall < end && self.since.wall.saturating_add(gone) < end && !self.dead.load(Ordering::Relaxed)
    }

    pub(crate) fn died(&self) {
        self.dead.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    pub(crate) fn proved(&self) {
        // Read first: all threads share this cache line.
        if !self.is_proven() {
            self.proven.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }
}

/// The token at hand, good now: use it and drop it. It costs no lock and no allocation, and does not keep a renewal waiting.
pub struct Current(pub(crate) Guard<Option<Arc<Held>>>);

impl Deref for Current {
    type Target = Token;

    fn deref(&self) -> &Token {
        // Made with a token in it only.
        &self.0.as_ref().expect("a current token").token
    }
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Current({:?})", **self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_is_never_more_than_half_the_lifetime() {
        let margin = Margin { ms: 60_000, share: 0.5 };
        assert_eq!(margin.before_end(3_600_000), 75_000);
        assert_eq!(margin.before_end(100_000), 50_000);
        assert_eq!(margin.before_end(10), 5);
        assert_eq!(margin.before_end(0), 0);
        assert_eq!(margin.before_end(-5), 0);
    }
}
