//! Where is a token kept?
//!
//! A store does four small things and decides nothing: it locks a key for a while, reads what is there, replaces it where it is still what
//! was read, and lets the lock go. What is written when, and by whom, is in `renewal.rs`.

use std::{fmt, time::Duration};

use oauth_core::{Secret, StoreError};

use crate::key::Key;

/// A place that keeps tokens, for one process or for many. Any number of threads use it at once.
///
/// Its functions may block, within a bound of seconds; a session calls them in errands only ([`oauth_core::Step::Store`]), never while it
/// is stepped.
pub trait Store: Send + Sync + fmt::Debug + 'static {
    /// Takes the lock of `key` for at most `lease`, or says at once (None) that somebody else has it. The lock excludes every other holder:
    /// of this process, this machine, or the whole fleet, as far as the store reaches. One that expires is another's from then on.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be used.
    fn try_lock(&self, key: &Key, lease: Duration) -> Result<Option<Box<dyn Lock>>, StoreError>;

    /// Reads what is kept under `key`; None where there is nothing.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read, or holds something else than was put there.
    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError>;

    /// Keeps `text` under `key` as the revision after `revision`, if that is the one which is there now (0: nothing is). Says false, and
    /// changes nothing, if another one is. When it says true the text will outlive this process, and whoever reads at the same time
    /// sees the old or the new one whole.
    ///
    /// # Errors
    /// [`StoreError`] where it could not be written; what was there is still there.
    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError>;

    /// Whether any of these may block. A store in memory does not, and is used within a step.
    fn blocks(&self) -> bool {
        true
    }
}

/// A lock that is held. Dropping it lets it go, as far as that can be done.
pub trait Lock: Send + Sync {
    /// Whether dropping it may block. One that does must expire with its lease: a caller that gives up on an event loop cannot let it go, and
    /// may be this process's last.
    fn blocks(&self) -> bool {
        true
    }
}

/// What a store keeps under a key.
pub struct Stored {
    /// How often it was written: 1 for the first time.
    pub revision: u64,
    /// What was written. It holds tokens.
    pub text: Secret,
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored(revision {})", self.revision)
    }
}
