//! How does the leader's way end?
//!
//! The lock is let go, and then everybody is told. What is in hand when the way is broken off goes to the next leader.

use std::sync::Arc;

use oauth_core::{Cause, Error, Next, Now};

use super::{Doing, Lead, Turn};
use crate::{
    held::Held,
    purpose::{Brought, Ending, Purpose},
};

impl Lead {
    pub(super) fn done(&mut self, held: Arc<Held>) -> Turn {
        if self.session.flights.turn() != self.turn {
            // Somebody logged in or out since the store was read: this one counts no more.
            self.session.held.store(None);
            return self.again();
        }
        self.unlock(Ending { result: Ok(held), rest: false })
    }

    pub(super) fn fail(&mut self, error: Error) -> Turn {
        self.unlock(Ending { result: Err(error), rest: false })
    }

    pub(super) fn unlock(&mut self, ending: Ending) -> Turn {
        self.settle();
        self.store(Purpose::Unlock(ending))
    }

    pub(super) fn land(&mut self, Ending { result, rest }: Ending, now: Now) -> Turn {
        if let Err(error) = &result {
            self.session.failed(error);
        }
        // A store in trouble is not asked at every call either, where there is a token to go on with.
        let rest = rest || matches!(&result, Err(Error::Store(_))) && self.can_wait(now);
        // One caller's own wish: the others begin again.
        let cancelled =
            matches!(&result, Err(Error::NoAnswer { cause, ambiguous: false, .. }) if cause.cause == Cause::Cancelled);
        if cancelled {
            self.flight.leave();
        } else {
            self.flight.land(result.clone(), rest, now, self.session.margin.share);
        }
        result.map(Next::Done)
    }

    /// The intent may stand in the store, and nothing was used up for it.
    fn settle(&mut self) {
        if !self.open
            && let Some(intent) = self.intent.take()
        {
            self.flight.memory.settled = Some(intent.id);
        }
    }
}

/// A leader that is dropped on the way leaves to the next one what it has in hand. Letting a lock go may block, and this may be an event loop.
impl Drop for Lead {
    fn drop(&mut self) {
        self.settle();
        match std::mem::replace(&mut self.doing, Doing::Over) {
            Doing::Store(Purpose::Keep(entry) | Purpose::Compare(entry), _) => {
                self.flight.memory.unsaved = self.intent.take().map(|intent| (self.as_got(entry), intent));
            }
            Doing::Store(Purpose::Lock(_), Some(mut basket)) => {
                if let Some(Brought::Locked(Ok(lock))) = basket.take() {
                    self.lock = lock;
                }
            }
            _ => {}
        }
        if let Some(lock) = self.lock.take_if(|lock| lock.blocks()) {
            self.flight.memory.left = Some(lock);
        }
    }
}
