//! How does the one who renews do it?
//!
//! The leader's way, from the look into the store to the lock let go. Its rules:
//!
//! - It looks into the store, takes the store's lock, and looks again: somebody else may have been quicker.
//! - The intent is written before the request is sent, the new token before it is handed out, each only on top of what was read.
//! - An intent that is found without its writer is not sent a second time: its refresh token may be used up (RFC 9700 §4.14.2).
//! - Too little time left on the lock: nothing is sent.
//!
//! docs/token-life.md draws it, and says what each kind of crash leaves behind.

mod asked;
mod kept;
mod landing;

use std::{sync::Arc, time::Duration};

use oauth_core::{Basket, Error, Exchange, Next, Now, Outcome, StoreError, StoreProblem, Token};

use crate::{
    entry::{Entry, Intent},
    flight::Flight,
    held::Held,
    purpose::{Brought, Purpose, Read},
    random,
    shared::{Away, Shared},
    store::Lock,
};

/// One leader, from its first look to its end.
pub(crate) struct Lead {
    session: Arc<Shared>,
    /// The token that the API called dead, if that is why.
    died: Option<Arc<Held>>,
    flight: Box<Flight>,
    doing: Doing,
    lock: Option<Box<dyn Lock>>,
    /// When the lock was asked for.
    asked: Now,
    /// What the store held when it was last read, or holds since we wrote.
    entry: Entry,
    intent: Option<Intent>,
    /// The request was given out, and what came of it is not known.
    open: bool,
    /// The server answered the request: what came of it may have used the refresh token up.
    answered: bool,
    /// The flights' turn when the store was last read.
    turn: u64,
    /// Monotonic: since when it has tried to get the lock.
    since: i64,
    /// How often the lock was another's.
    tries: u32,
    /// How often another's write came between ours.
    conflicts: u32,
    /// The refresh token is of no use; only the grant is left.
    grant_only: bool,
    /// The store is away, and the policy is to go on without it.
    alone: bool,
}

enum Doing {
    /// Until that monotonic time; then it looks again.
    Pause(i64),
    /// An errand to the store: to be given out, or out already.
    Store(Purpose, Option<Basket<Brought>>),
    Ask(Exchange<Token>),
    Over,
}

/// How often another's write may come between ours before we give up.
const MOST_CONFLICTS: u32 = 5;

type Turn = Result<Next<Arc<Held>>, Error>;

impl Lead {
    pub(crate) fn new(session: &Arc<Shared>, died: Option<Arc<Held>>, flight: Box<Flight>, now: Now) -> Self {
        Self {
            session: Arc::clone(session),
            died,
            flight,
            doing: Doing::Store(Purpose::Look, None),
            lock: None,
            asked: now,
            entry: Entry::nothing(random::word()),
            intent: None,
            open: false,
            answered: false,
            turn: session.flights.turn(),
            since: now.mono,
            tries: 0,
            conflicts: 0,
            grant_only: false,
            alone: false,
        }
    }

    pub(crate) fn next(&mut self, now: Now) -> Turn {
        match std::mem::replace(&mut self.doing, Doing::Over) {
            Doing::Pause(until) if now.mono < until => {
                self.doing = Doing::Pause(until);
                Ok(Next::Wait(Duration::from_millis(u64::try_from(until.saturating_sub(now.mono)).unwrap_or(0))))
            }
            Doing::Pause(_) => self.store(Purpose::Look),
            // Nothing was locked: no errand for that.
            Doing::Store(Purpose::Unlock(ending), None) if self.lock.is_none() => self.land(ending, now),
            Doing::Store(purpose, None) => self.errand(purpose),
            Doing::Store(purpose, Some(mut basket)) => match basket.take() {
                Some(brought) => self.came(purpose, brought, now),
                // It was dropped instead of run, so it is given again.
                None if basket.is_lost() => self.store(purpose),
                None => {
                    self.doing = Doing::Store(purpose, Some(basket));
                    Ok(Next::Wait(Duration::from_millis(1)))
                }
            },
            Doing::Ask(exchange) => self.ask(exchange, now),
            Doing::Over => Err(Error::Usage("step: this exchange has ended, begin a new one".to_owned())),
        }
    }

    pub(crate) fn hear(&mut self, outcome: Outcome) -> Turn {
        if let Doing::Ask(exchange) = &mut self.doing {
            self.answered = outcome.is_ok();
            exchange.receive(outcome);
        }
        Ok(Next::Again)
    }

    fn store(&mut self, purpose: Purpose) -> Turn {
        self.doing = Doing::Store(purpose, None);
        Ok(Next::Again)
    }

    /// Has the store do its part: at once where that cannot block, else by an errand.
    fn errand(&mut self, purpose: Purpose) -> Turn {
        if matches!(purpose, Purpose::Look | Purpose::Read | Purpose::Reread(_) | Purpose::Compare(_)) {
            self.turn = self.session.flights.turn();
        }
        // The lock of a leader that was dropped goes first, or it would stand in our own way.
        let lock = match &purpose {
            Purpose::Look => self.flight.memory.left.take(),
            Purpose::Unlock(_) => self.lock.take(),
            _ => None,
        };
        let (errand, basket) = purpose.errand(&self.session, lock);
        self.doing = Doing::Store(purpose, Some(basket));
        if self.session.store.blocks() {
            return Ok(Next::Store(errand));
        }
        errand.run();
        Ok(Next::Again)
    }

    fn came(&mut self, purpose: Purpose, brought: Brought, now: Now) -> Turn {
        match (purpose, brought) {
            (Purpose::Look, Brought::Read(read)) => self.looked(read, now),
            (Purpose::Lock(asked), Brought::Locked(locked)) => self.locked(locked, asked, now),
            (Purpose::Read, Brought::Read(read)) => self.read(read, now),
            (Purpose::Intend(entry), Brought::Saved(saved)) => self.intended(saved, entry),
            (Purpose::Reread(error), Brought::Read(read)) => self.reread(read, error, now),
            (Purpose::Keep(entry), Brought::Saved(saved)) => self.kept(saved, entry, now),
            (Purpose::Compare(entry), Brought::Read(read)) => self.compared(read, entry, now),
            (Purpose::Close(_, error), Brought::Saved(_)) => self.closed(error),
            (Purpose::Unlock(ending), _) => self.land(ending, now),
            _ => Err(Error::Usage("session: an errand brought something else than it was sent for".to_owned())),
        }
    }

    fn looked(&mut self, read: Read, now: Now) -> Turn {
        let found = read.and_then(|found| Entry::found(found, &self.session.key));
        if let Ok(entry) = &found
            && let Some(held) = self.session.adopt(entry, self.died.as_deref(), now)
        {
            return self.done(held);
        }
        if let Some(error) = self.flight.resting.take() {
            self.flight.leave();
            return Err(error);
        }
        match found {
            Ok(entry) => {
                // Nobody can renew it any more; that needs no lock to be seen.
                if entry.over.is_some() && self.session.grant.is_none() {
                    if let Some(held) = self.session.use_to_its_end(&entry, self.died.as_deref(), now) {
                        return self.done(held);
                    }
                    let error = entry.log_in_again(&self.session.key);
                    return self.fail(error);
                }
                self.store(Purpose::Lock(now))
            }
            Err(error) => self.without_store(error),
        }
    }

    fn locked(&mut self, locked: Result<Option<Box<dyn Lock>>, StoreError>, asked: Now, now: Now) -> Turn {
        let lease = self.session.lease_ms();
        match locked {
            Ok(Some(lock)) => {
                self.lock = Some(lock);
                // Counted from before it was asked for: the store began later, if at all.
                self.asked = asked;
                self.store(Purpose::Read)
            }
            Ok(None) => {
                if now.mono.saturating_sub(self.since) > lease {
                    let text = format!("session of {}: somebody else has held the lock for {lease} ms", self.session.key);
                    return self.fail(StoreError::new(StoreProblem::Busy, text).into());
                }
                if self.can_wait(now) {
                    // Somebody else is at it, and there is a token to go on with: nobody here looks again before a second has passed.
                    let busy: Error =
                        StoreError::new(StoreProblem::Busy, format!("session of {}: another renews", self.session.key)).into();
                    self.flight.land(Err(busy.clone()), true, now, self.session.margin.share);
                    return Err(busy);
                }
                // The holder may be done by then: look before asking for the lock again.
                let pause = (5_i64 << self.tries.min(4)) + random::below(10);
                self.doing = Doing::Pause(now.mono.saturating_add(pause));
                self.tries = self.tries.saturating_add(1);
                // Said at once: with a clock at its end the pause is over before it began.
                Ok(Next::Wait(Duration::from_millis(pause.unsigned_abs())))
            }
            Err(error) => self.without_store(error),
        }
    }

    fn read(&mut self, read: Read, now: Now) -> Turn {
        let entry = match read.and_then(|found| Entry::found(found, &self.session.key)) {
            Ok(entry) => entry,
            Err(error) => return self.without_store(error),
        };
        let held = self.session.adopt(&entry, self.died.as_deref(), now);
        if let Some((unsaved, intent)) = self.flight.memory.unsaved.take()
            && let Some(newest) = unsaved.on_top_of(&entry, &intent)
        {
            // Got by an earlier flight, which could not save it.
            self.entry = unsaved;
            self.intent = Some(intent);
            self.open = true;
            return self.store(Purpose::Keep(newest));
        }
        if let Some(held) = held {
            return self.done(held);
        }
        self.entry = entry;
        self.choose(now)
    }

    /// There is nothing usable, and the lock is ours: what now?
    fn choose(&mut self, now: Now) -> Turn {
        let held = self.session.held.load_full();
        let has_grant = self.session.grant.is_some();
        let resends = self.session.client.resends_refresh_token();
        let settled = self.flight.memory.settled.as_ref();
        let open = self.entry.intent.as_ref().is_some_and(|intent| settled != Some(&intent.id));
        // A store that lost its last writes holds a refresh token that was used since.
        let behind = held.is_some_and(|held| held.line == self.entry.line && held.revision > self.entry.revision);
        let refreshable = self.entry.token.as_ref().is_some_and(|token| token.refresh_token().is_some());
        let used_up = self.entry.over.is_some() || ((open || behind) && !resends);
        if refreshable && behind && used_up {
            self.entry.over =
                Some("the store has lost what was written last, and an older refresh token is not sent again".to_owned());
        }
        self.grant_only = used_up || !refreshable;
        if !self.grant_only || has_grant {
            if refreshable && used_up && self.entry.over.is_none() {
                // Written down, for our own intent takes the place of the open one, and the grant may fail.
                self.entry.over = Some("a renewal was begun and its end is unknown".to_owned());
            }
            if behind {
                // What comes now is newer than all that the others have, whatever its revision.
                self.entry.line = random::word();
            }
            return self.intend(now);
        }
        if let Some(held) = self.session.use_to_its_end(&self.entry, self.died.as_deref(), now) {
            return self.done(held);
        }
        let error = self.entry.log_in_again(&self.session.key);
        self.fail(error)
    }

    /// Once more, because somebody else has written; not for ever.
    fn again(&mut self) -> Turn {
        self.conflicts += 1;
        if self.conflicts < MOST_CONFLICTS {
            return self.store(if self.lock.is_some() { Purpose::Read } else { Purpose::Look });
        }
        let text = format!("session of {}: others write it all the time", self.session.key);
        self.fail(StoreError::new(StoreProblem::Busy, text).into())
    }

    /// The store cannot be used: the policy decides.
    fn without_store(&mut self, error: StoreError) -> Turn {
        let alone = self.session.away == Away::Alone && error.problem == StoreProblem::Away && self.session.grant.is_some();
        if !alone {
            return self.fail(error.into());
        }
        self.session.failed(&error.into());
        // A refresh token that others share is theirs too: alone, only the grant is repeated.
        self.grant_only = true;
        self.alone = true;
        let exchange = self.exchange(&self.entry);
        self.send(exchange)
    }

    /// Whether there is a token to go on with.
    fn can_wait(&self, now: Now) -> bool {
        self.session.held.load().as_ref().is_some_and(|held| held.is_valid(now))
    }
}
