//! How is the new token kept before anybody has it?
//!
//! On top of what was read when it was asked for. Where another has written meanwhile, it is decided here whose token counts.

use oauth_core::{Error, Now, StoreError};

use super::{Lead, MOST_CONFLICTS, Turn};
use crate::{
    entry::Entry,
    purpose::{Ending, Purpose, Read},
};

impl Lead {
    pub(super) fn kept(&mut self, saved: Result<bool, StoreError>, entry: Entry, now: Now) -> Turn {
        match saved {
            Ok(true) => {
                let entry = Entry { revision: entry.revision.saturating_add(1), ..entry };
                self.hand_out(&entry, now)
            }
            Ok(false) => self.store(Purpose::Compare(self.as_got(entry))),
            Err(error) => self.unsaved(self.as_got(entry), error),
        }
    }

    /// As what came after the intent, whatever it was to be put on top of since.
    pub(super) fn as_got(&self, entry: Entry) -> Entry {
        Entry { revision: self.entry.revision, line: self.entry.line.clone(), ..entry }
    }

    pub(super) fn hand_out(&mut self, entry: &Entry, now: Now) -> Turn {
        match self.session.use_new(entry, self.died.as_deref(), now) {
            Some(held) => self.done(held),
            None => self.again(),
        }
    }

    pub(super) fn compared(&mut self, read: Read, entry: Entry, now: Now) -> Turn {
        let theirs = match read.and_then(|found| Entry::found(found, &self.session.key)) {
            Ok(theirs) => theirs,
            Err(error) => return self.unsaved(entry, error),
        };
        self.conflicts += 1;
        if self.conflicts < MOST_CONFLICTS
            && let Some(newest) = self.intent.as_ref().and_then(|intent| entry.on_top_of(&theirs, intent))
        {
            return self.store(Purpose::Keep(newest));
        }
        // Another sign-in came between: theirs is what counts, ours was handed to nobody.
        match self.session.adopt(&theirs, self.died.as_deref(), now) {
            Some(held) => self.done(held),
            None => self.again(),
        }
    }

    /// Not handed out, and not lost: the next flight saves it before it does anything else.
    fn unsaved(&mut self, entry: Entry, error: StoreError) -> Turn {
        self.flight.memory.unsaved = self.intent.clone().map(|intent| (entry, intent));
        self.fail(error.into())
    }

    pub(super) fn closed(&mut self, error: Error) -> Turn {
        let rest =
            error.is_transient() && !matches!(error, Error::Store(_)) || matches!(error, Error::Refused(_) | Error::Untrusted(_));
        self.unlock(Ending { result: Err(error), rest })
    }
}
