//! What is the store used for on the way?
//!
//! Each use is an errand with a purpose; what it brings is read by the purpose it was sent for.

use std::sync::Arc;

use oauth_core::{Basket, Errand, Error, Now, StoreError};

use crate::{
    entry::Entry,
    held::Held,
    shared::Shared,
    store::{Lock, Stored},
};

/// What the store is used for.
pub(crate) enum Purpose {
    Look,
    /// Asked for at that time.
    Lock(Now),
    Read,
    Intend(Entry),
    /// After a refusal or a lost answer: has somebody else renewed it meanwhile?
    Reread(Error),
    Keep(Entry),
    /// Another has written while we asked; the new token is in hand.
    Compare(Entry),
    /// The intent is over and nothing was used up, or the token is: write that down, then fail.
    Close(Entry, Error),
    Unlock(Ending),
}

pub(crate) enum Brought {
    Read(Read),
    Locked(Result<Option<Box<dyn Lock>>, StoreError>),
    Saved(Result<bool, StoreError>),
    Unlocked,
}

pub(crate) type Read = Result<Option<Stored>, StoreError>;

/// How it ends.
pub(crate) struct Ending {
    pub(crate) result: Result<Arc<Held>, Error>,
    /// Whether the provider is left alone for a while after this.
    pub(crate) rest: bool,
}

impl Purpose {
    /// The errand for it. `lock` is let go by the way.
    pub(crate) fn errand(&self, session: &Arc<Shared>, lock: Option<Box<dyn Lock>>) -> (Errand, Basket<Brought>) {
        let session = Arc::clone(session);
        match self {
            Self::Look | Self::Read | Self::Reread(_) | Self::Compare(_) => Errand::new(move || {
                drop(lock);
                Brought::Read(session.store.load(&session.key))
            }),
            Self::Lock(_) => Errand::new(move || Brought::Locked(session.store.try_lock(&session.key, session.lease()))),
            Self::Intend(entry) | Self::Keep(entry) | Self::Close(entry, _) => {
                let (revision, text) = (entry.revision, entry.written());
                Errand::new(move || Brought::Saved(session.store.save(&session.key, revision, &text)))
            }
            Self::Unlock(_) => Errand::new(move || {
                drop(lock);
                Brought::Unlocked
            }),
        }
    }
}
