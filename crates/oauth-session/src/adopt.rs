//! Which stored token is taken into use?

use std::sync::Arc;

use oauth_core::Now;

use crate::{entry::Entry, held::Held, shared::Shared};

impl Shared {
    /// Takes the stored token into use if it is valid, and gives it if it is fresh: then nothing has to be renewed.
    pub(crate) fn adopt(&self, entry: &Entry, died: Option<&Held>, now: Now) -> Option<Arc<Held>> {
        let stored = self.usable(entry, died, now)?;
        let held = match self.held.load_full() {
            Some(ours) if ours.token.access_token() == stored.token.access_token() => ours,
            _ => self.take_over(stored, true),
        };
        held.is_fresh(now).then_some(held)
    }

    /// Takes a token into use that was got just now, whatever it says of its lifetime.
    pub(crate) fn use_new(&self, entry: &Entry, died: Option<&Held>, now: Now) -> Option<Arc<Held>> {
        Some(self.take_over(self.hold(entry, died, now)?, true))
    }

    /// Takes a token into use that nobody can renew: not to be looked at again before its end.
    pub(crate) fn use_to_its_end(&self, entry: &Entry, died: Option<&Held>, now: Now) -> Option<Arc<Held>> {
        let last = self.usable(entry, died, now)?.used_to_its_end();
        Some(self.take_over(last, false))
    }

    fn usable(&self, entry: &Entry, died: Option<&Held>, now: Now) -> Option<Held> {
        let stored = self.hold(entry, died, now)?;
        let same = |other: &Held| other.token.access_token() == stored.token.access_token();
        let ours = self.held.load();
        let is_dead = [died, ours.as_deref()].into_iter().flatten().any(|other| other.is_dead() && same(other));
        // A store that lost its last writes knows less than we do.
        let is_older =
            ours.as_deref().is_some_and(|ours| ours.line == stored.line && ours.revision > stored.revision && !same(ours));
        // One from before the client demanded bound ones is as good as over: renewed, where that can be.
        let is_taken = self.client.takes(&stored.token).is_ok();
        (stored.is_valid(now) && !is_dead && !is_older && is_taken).then_some(stored)
    }

    fn hold(&self, entry: &Entry, died: Option<&Held>, now: Now) -> Option<Held> {
        let mut held = Held::new(entry.token.clone()?, entry.revision, entry.line.clone(), now, self.margin);
        held.barren = died.filter(|died| !died.is_proven()).map_or(0, |died| died.barren.saturating_add(1));
        Some(held)
    }

    /// From now on everybody in this process uses this one.
    pub(crate) fn take_over(&self, held: Held, is_new: bool) -> Arc<Held> {
        let held = Arc::new(held);
        self.held.store(Some(Arc::clone(&held)));
        if is_new {
            self.changed(&held.token);
        }
        held
    }
}
