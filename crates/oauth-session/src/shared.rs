//! What do all have in common who share one token?

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use oauth_core::{Client, Error, Grant, Token};

use crate::{
    Key,
    flight::Flights,
    held::{Held, Margin},
    store::Store,
    voice,
};

pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) grant: Option<Grant>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) key: Key,
    pub(crate) away: Away,
    pub(crate) margin: Margin,
    pub(crate) held: ArcSwapOption<Held>,
    pub(crate) flights: Arc<Flights>,
    pub(crate) deadline: Duration,
    pub(crate) on_change: Option<Hook<Token>>,
    pub(crate) on_error: Option<Hook<Error>>,
}

pub(crate) type Hook<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// What to do when a token is needed and the store cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Away {
    /// Fail with [`Error::Store`]. A token at hand that is still valid goes on being used.
    #[default]
    Fail,
    /// Repeat the grant, without the others. A refresh token is never used alone: it is theirs too.
    Alone,
}

/// How much longer than a request the lock lasts at most: for the store's own work, and for a machine that pauses.
const SPARE: Duration = Duration::from_secs(30);

impl Shared {
    /// For how long the store's lock is taken.
    pub(crate) fn lease(&self) -> Duration {
        self.deadline.saturating_add(self.deadline.min(SPARE))
    }

    pub(crate) fn lease_ms(&self) -> i64 {
        ms(self.lease())
    }

    pub(crate) fn deadline_ms(&self) -> i64 {
        ms(self.deadline)
    }

    pub(crate) fn changed(&self, token: &Token) {
        voice::changed(&self.key, token);
        if let Some(hook) = &self.on_change {
            hook(token);
        }
    }

    pub(crate) fn failed(&self, error: &Error) {
        voice::failed(&self.key, error);
        if let Some(hook) = &self.on_error {
            hook(error);
        }
    }
}

pub(crate) fn ms(duration: Duration) -> i64 {
    // A day is longer than anything here may last, and leaves room to add.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(86_400_000)
}
