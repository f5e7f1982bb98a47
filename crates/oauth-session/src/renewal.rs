//! How is a token renewed, once for everybody?
//!
//! The state machine behind every session. Its rules:
//!
//! - A fresh token at hand ends it at once. One that is only valid is good enough for all but the leader.
//! - One leader in each process: it looks into the store, takes the store's lock, and looks again: somebody else may have been quicker.
//! - The intent is written before the request is sent, the new token before it is handed out, each only on top of what was read.
//! - An intent that is found without its writer is not sent a second time: its refresh token may be used up (RFC 9700 §4.14.2).
//! - Whatever fails, a token that is still valid goes on being used.
//!
//! docs/token-life.md draws it, and says what each kind of crash leaves behind.

use std::{sync::Arc, time::Duration};

use oauth_core::{Basket, Cause, Error, ErrorCode, Exchange, Next, Now, Outcome, Step, StoreError, StoreProblem, Token};

use crate::{
    entry::{Entry, Intent},
    flight::{Flight, Flights, News, Role},
    held::Held,
    random,
    session::{Away, Inner},
    store::{Lock, Store, Stored},
};

/// One caller's way to a token.
pub(crate) struct Renewal {
    session: Arc<Inner>,
    /// The token that the API called dead, if that is why.
    died: Option<Arc<Held>>,
    stage: Stage,
    lead: Option<Lead>,
}

/// What only a leader has.
struct Lead {
    flight: Flight,
    lock: Option<Box<dyn Lock>>,
    /// Monotonic time at which the lock is another's.
    lock_until: i64,
    entry: Entry,
    intent: Option<Intent>,
    /// Monotonic: since when it has tried to get the lock.
    since: i64,
    /// Lock attempts so far, and entries written by others in between: both bounded.
    tries: u32,
    /// The refresh token was refused; only the grant is left.
    grant_only: bool,
    /// The store is away, and the policy is to go on without it.
    alone: bool,
}

enum Stage {
    Begin,
    Follow {
        number: u64,
        since: i64,
        pause: i64,
    },
    Wait {
        until: i64,
        then: Box<Stage>,
    },
    Look,
    Looking(Basket<Read>),
    Lock,
    Locking(Basket<Result<Option<Box<dyn Lock>>, StoreError>>, i64),
    Read,
    Reading(Basket<Read>),
    /// After a refusal or a lost answer: has somebody else renewed it meanwhile?
    Reread(Error),
    Rereading(Basket<Read>, Error),
    Intend,
    Intending(Basket<Result<bool, StoreError>>, Entry),
    Ask(Exchange<Token>),
    Keep(Entry),
    Keeping(Basket<Result<bool, StoreError>>, Entry),
    /// Another has written while we asked; the new token is in hand.
    Compare(Entry),
    Comparing(Basket<Read>, Entry),
    /// The intent is over and nothing was used up, or the token is: write that down, then fail.
    Close(Entry, Error),
    Closing(Basket<Result<bool, StoreError>>, Error),
    Unlock(Box<Ending>),
    Unlocking(Basket<()>, Box<Ending>),
    Over,
}

type Read = Result<Option<Stored>, StoreError>;

/// How a leader's part ends.
struct Ending {
    result: Result<Arc<Held>, Error>,
    /// Whether the provider is left alone for a while after this.
    rest: bool,
}

/// How often another's write may come between ours before we give up.
const MOST_TRIES: u32 = 5;

type Turn = Result<Next<Arc<Held>>, Error>;

impl Renewal {
    pub(crate) fn new(session: &Arc<Inner>, died: Option<Arc<Held>>) -> Self {
        Self { session: Arc::clone(session), died, stage: Stage::Begin, lead: None }
    }

    pub(crate) fn next(&mut self, now: Now) -> Turn {
        // Each turn goes one stage on or leaves; the stages that lead back are counted.
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Begin => self.begin(now),
            Stage::Follow { number, since, pause } => self.follow(number, since, pause, now),
            Stage::Wait { until, then } if now.mono < until => {
                let rest = Duration::from_millis(u64::try_from(until - now.mono).unwrap_or(0));
                self.stage = Stage::Wait { until, then };
                Ok(Next::Wait(rest))
            }
            Stage::Wait { then, .. } => self.on(*then),

            Stage::Look => {
                // A leader that was dropped may have left its lock: it goes first, or it would stand in our own way.
                let left = self.lead().flight.memory.left.take();
                self.store(Stage::Looking, move |store, key| {
                    drop(left);
                    store.load(key)
                })
            }
            Stage::Looking(basket) => match basket.take() {
                Some(read) => self.looked(read, now),
                None => self.still(basket, Stage::Looking, Stage::Look),
            },
            Stage::Lock => {
                let lease = self.session.lease();
                self.store(|basket| Stage::Locking(basket, now.mono), move |store, key| store.try_lock(key, lease))
            }
            Stage::Locking(basket, asked) => match basket.take() {
                Some(locked) => self.locked(locked, asked, now),
                None => self.still(basket, |basket| Stage::Locking(basket, asked), Stage::Lock),
            },
            Stage::Read => self.store(Stage::Reading, |store, key| store.load(key)),
            Stage::Reading(basket) => match basket.take() {
                Some(read) => self.read(read, now),
                None => self.still(basket, Stage::Reading, Stage::Read),
            },

            Stage::Intend => self.intend(now),
            Stage::Intending(basket, entry) => match basket.take() {
                Some(saved) => self.intended(saved, entry, now),
                None => self.still(basket, |basket| Stage::Intending(basket, entry), Stage::Intend),
            },
            Stage::Ask(exchange) => self.ask(exchange, now),
            Stage::Reread(error) => self.store(|basket| Stage::Rereading(basket, error), |store, key| store.load(key)),
            Stage::Rereading(basket, error) => match basket.take() {
                Some(read) => self.reread(read, error, now),
                None => {
                    let again = Stage::Reread(error.clone());
                    self.still(basket, |basket| Stage::Rereading(basket, error), again)
                }
            },

            Stage::Keep(entry) => {
                let (revision, text) = (entry.revision, entry.written());
                self.store(|basket| Stage::Keeping(basket, entry), move |store, key| store.save(key, revision, &text))
            }
            Stage::Keeping(basket, entry) => match basket.take() {
                Some(saved) => self.kept(saved, entry, now),
                None => {
                    let again = Stage::Keep(entry.clone());
                    self.still(basket, |basket| Stage::Keeping(basket, entry), again)
                }
            },
            Stage::Compare(entry) => self.store(|basket| Stage::Comparing(basket, entry), |store, key| store.load(key)),
            Stage::Comparing(basket, entry) => match basket.take() {
                Some(read) => self.compared(read, entry, now),
                None => {
                    let again = Stage::Compare(entry.clone());
                    self.still(basket, |basket| Stage::Comparing(basket, entry), again)
                }
            },
            Stage::Close(entry, error) => {
                let (revision, text) = (entry.revision, entry.written());
                self.store(|basket| Stage::Closing(basket, error), move |store, key| store.save(key, revision, &text))
            }
            Stage::Closing(basket, error) => match basket.take() {
                Some(closed) => self.closed(closed, error),
                None => self.still(
                    basket,
                    |basket| Stage::Closing(basket, error.clone()),
                    Stage::Unlock(Ending::failed(error.clone())),
                ),
            },

            Stage::Unlock(ending) => self.unlock(ending, now),
            Stage::Unlocking(basket, ending) => match basket.take() {
                Some(()) => self.land(*ending, now),
                None if basket.is_lost() => self.land(*ending, now),
                None => self.still(basket, |basket| Stage::Unlocking(basket, ending), Stage::Over),
            },
            Stage::Over => Err(Error::Usage("step: this exchange has ended, begin a new one".to_owned())),
        }
    }

    pub(crate) fn hear(&mut self, outcome: Outcome) -> Turn {
        if let Stage::Ask(exchange) = &mut self.stage {
            exchange.receive(outcome);
        }
        Ok(Next::Again)
    }

    fn on(&mut self, stage: Stage) -> Turn {
        self.stage = stage;
        Ok(Next::Again)
    }

    /// Has the store do something: at once where that cannot block, else by an errand.
    fn store<R: Send + 'static>(
        &mut self,
        stage: impl FnOnce(Basket<R>) -> Stage,
        act: impl FnOnce(&dyn Store, &crate::Key) -> R + Send + 'static,
    ) -> Turn {
        let session = Arc::clone(&self.session);
        let at_once = !session.store.blocks();
        let (errand, basket) = oauth_core::Errand::new(move || act(&*session.store, &session.key));
        self.stage = stage(basket);
        if at_once {
            errand.run();
            return Ok(Next::Again);
        }
        Ok(Next::Store(errand))
    }

    /// The errand has not brought anything yet: it is still out, or it was dropped and is given again.
    fn still<R>(&mut self, basket: Basket<R>, stage: impl FnOnce(Basket<R>) -> Stage, again: Stage) -> Turn {
        if basket.is_lost() {
            return self.on(again);
        }
        self.stage = stage(basket);
        Ok(Next::Wait(Duration::from_millis(1)))
    }

    // Finding one's part.

    fn begin(&mut self, now: Now) -> Turn {
        let held = self.session.held.load_full();
        if let Some(held) = held.as_ref().filter(|held| held.is_fresh(now)) {
            return Ok(Next::Done(Arc::clone(held)));
        }
        match Flights::join(&self.session.flights, now) {
            Role::Lead(flight) => {
                self.lead = Some(Lead {
                    flight,
                    lock: None,
                    lock_until: 0,
                    entry: Entry::nothing(random::word()),
                    intent: None,
                    since: now.mono,
                    tries: 0,
                    grant_only: false,
                    alone: false,
                });
                self.on(Stage::Look)
            }
            Role::Follow(number) => match self.valid(now) {
                Some(held) => Ok(Next::Done(held)),
                None => self.on(Stage::Follow { number, since: now.mono, pause: 1 }),
            },
            Role::Rest(error) => self.valid(now).map(Next::Done).ok_or(error),
        }
    }

    fn follow(&mut self, number: u64, since: i64, pause: i64, now: Now) -> Turn {
        match self.session.flights.news(number) {
            News::Ended(Ok(held)) if held.is_valid(now) => Ok(Next::Done(held)),
            News::Ended(Ok(_)) | News::Gone => self.on(Stage::Begin),
            News::Ended(Err(error)) => self.valid(now).map(Next::Done).ok_or(error),
            News::OnItsWay if now.mono - since > 2 * self.session.lease_ms() => Err(StoreError::new(
                StoreProblem::Busy,
                format!(
                    "session of {}: whoever renews the token in this process has not come back; is its exchange stepped?",
                    self.session.key
                ),
            )
            .into()),
            News::OnItsWay => {
                let then = Box::new(Stage::Follow { number, since, pause: (2 * pause).min(32) });
                self.on(Stage::Wait { until: now.mono + pause, then })
            }
        }
    }

    /// The token at hand, if it can still be used.
    fn valid(&self, now: Now) -> Option<Arc<Held>> {
        self.session.held.load_full().filter(|held| held.is_valid(now))
    }

    // The leader's way.

    fn lead(&mut self) -> &mut Lead {
        self.lead.as_mut().expect("only a leader comes here")
    }

    fn looked(&mut self, read: Read, now: Now) -> Turn {
        match read.and_then(|stored| self.entry(stored)) {
            Ok(entry) => {
                if let Some(held) = self.adopt(&entry, now) {
                    return self.land(Ending { result: Ok(held), rest: false }, now);
                }
                // Nobody can renew it any more; that needs no lock to be seen.
                if entry.over.is_some() && self.session.grant.is_none() {
                    let error = entry.log_in_again(&self.session.key);
                    return self.land(Ending { result: Err(error), rest: false }, now);
                }
                self.on(Stage::Lock)
            }
            Err(error) => self.without_store(error),
        }
    }

    fn locked(&mut self, locked: Result<Option<Box<dyn Lock>>, StoreError>, asked: i64, now: Now) -> Turn {
        let lease = self.session.lease_ms();
        match locked {
            Ok(Some(lock)) => {
                let lead = self.lead();
                lead.lock = Some(lock);
                // Counted from before it was asked for: the store began later, if at all.
                lead.lock_until = asked + lease;
                self.on(Stage::Read)
            }
            Ok(None) => {
                let share = (random::share() * 10.0) as i64;
                let lead = self.lead();
                if now.mono - lead.since > lease {
                    let text = format!("session of {}: somebody else has held the lock for {lease} ms", self.session.key);
                    return self.fail(StoreError::new(StoreProblem::Busy, text).into());
                }
                let pause = (5_i64 << lead.tries.min(4)) + share;
                lead.tries = lead.tries.saturating_add(1);
                // The holder may be done by then: look before asking for the lock again.
                self.on(Stage::Wait { until: now.mono + pause, then: Box::new(Stage::Look) })
            }
            Err(error) => self.without_store(error),
        }
    }

    fn read(&mut self, read: Read, now: Now) -> Turn {
        let entry = match read.and_then(|stored| self.entry(stored)) {
            Ok(entry) => entry,
            Err(error) => return self.fail(error.into()),
        };
        let held = self.adopt(&entry, now);
        if let Some((unsaved, intent)) = self.lead().flight.memory.unsaved.take()
            && entry.intent.as_ref() == Some(&intent)
        {
            // Got by an earlier flight, which could not save it: its intent still stands, so it is the newest there is.
            self.lead().intent = Some(intent);
            return self.on(Stage::Keep(Entry { revision: entry.revision, ..unsaved }));
        }
        if let Some(held) = held {
            return self.on(Stage::Unlock(Box::new(Ending { result: Ok(held), rest: false })));
        }
        self.lead().entry = entry;
        self.choose(now)
    }

    /// There is nothing usable, and the lock is ours: what now?
    fn choose(&mut self, now: Now) -> Turn {
        let held = self.session.held.load_full();
        let has_grant = self.session.grant.is_some();
        let resends = self.session.client.resends_refresh_token();
        let lead = self.lead();
        let settled = lead.flight.memory.settled.as_ref();
        let open = lead.entry.intent.as_ref().is_some_and(|intent| settled != Some(&intent.id));
        // A store that lost its last writes holds a refresh token that was used since.
        let behind = held.is_some_and(|held| held.line == lead.entry.line && held.revision > lead.entry.revision);
        let refreshable = lead.entry.token.as_ref().is_some_and(|token| token.refresh_token().is_some());
        let used_up = lead.entry.over.is_some() || lead.grant_only || ((open || behind) && !resends);
        if refreshable && !used_up {
            return self.on(Stage::Intend);
        }
        if has_grant {
            lead.grant_only = true;
            return self.on(Stage::Intend);
        }
        if refreshable && behind {
            lead.entry.over =
                Some("the store has lost what was written last, and an older refresh token is not sent again".to_owned());
        }
        // It can be used to its end, although nobody can renew it.
        let last = lead.entry.token.clone().map(|token| self.hold(token, now).to_the_end());
        if let Some(held) = last
            && held.is_valid(now)
            && !self.is_the_dead_one(&held)
        {
            let held = self.session.take_over(held);
            return self.on(Stage::Unlock(Box::new(Ending { result: Ok(held), rest: false })));
        }
        let error = self.lead.as_ref().expect("leads").entry.log_in_again(&self.session.key);
        self.fail(error)
    }

    fn intend(&mut self, now: Now) -> Turn {
        let lead = self.lead();
        let intent = Intent { id: random::word(), at: now.wall };
        lead.intent = Some(intent.clone());
        let entry = Entry { intent: Some(intent), ..lead.entry.clone() };
        let (revision, text) = (entry.revision, entry.written());
        self.store(|basket| Stage::Intending(basket, entry), move |store, key| store.save(key, revision, &text))
    }

    fn intended(&mut self, saved: Result<bool, StoreError>, entry: Entry, now: Now) -> Turn {
        match saved {
            Ok(true) => {
                let entry = Entry { revision: entry.revision + 1, ..entry };
                let exchange = self.exchange(&entry);
                self.lead().entry = entry;
                self.on(Stage::Ask(exchange))
            }
            Ok(false) => self.again(Stage::Read, now),
            Err(error) => self.fail(error.into()),
        }
    }

    fn exchange(&self, entry: &Entry) -> Exchange<Token> {
        let lead = self.lead.as_ref().expect("leads");
        let client = &self.session.client;
        match (&entry.token, &self.session.grant) {
            (Some(token), None) => client.refresh(token),
            (Some(token), Some(grant)) if !lead.grant_only && token.refresh_token().is_some() => client.renew(token, grant),
            (_, Some(grant)) => client.token(grant.clone()),
            (None, None) => Exchange::failed(entry.log_in_again(&self.session.key)),
        }
    }

    fn ask(&mut self, mut exchange: Exchange<Token>, now: Now) -> Turn {
        match exchange.step(now) {
            Ok(Step::Send(request)) => {
                let lead = self.lead();
                if !lead.alone && lead.lock_until - now.mono < self.session.deadline_ms() {
                    // Too little time left: by the time of the answer the lock could be another's. Nothing was sent.
                    let entry = Entry { intent: None, ..self.lead().entry.clone() };
                    let text =
                        format!("session of {}: the lock's time was nearly over before anything was sent", self.session.key);
                    return self.on(Stage::Close(entry, StoreError::new(StoreProblem::Busy, text).into()));
                }
                self.stage = Stage::Ask(exchange);
                Ok(Next::Send(request))
            }
            // The token comes once more as the result, and is kept then.
            Ok(Step::Save(_)) => self.on(Stage::Ask(exchange)),
            Ok(Step::Wait(pause)) => {
                self.stage = Stage::Ask(exchange);
                Ok(Next::Wait(pause))
            }
            Ok(Step::Done(token)) => {
                let lead = self.lead();
                let entry = lead.entry.with_token(token);
                if lead.alone {
                    let held = self.hold_entry(&entry, now);
                    let held = self.session.take_over(held);
                    self.session.changed(&held.token);
                    return self.land(Ending { result: Ok(held), rest: false }, now);
                }
                self.on(Stage::Keep(entry))
            }
            Ok(_) => Err(Error::Usage("session: this crate is older than its oauth-core".to_owned())),
            Err(error) => self.refused(error),
        }
    }

    /// The token request failed: what does that say about the token?
    fn refused(&mut self, error: Error) -> Turn {
        let resends = self.session.client.resends_refresh_token();
        let lead = self.lead();
        if lead.alone {
            return self.on(Stage::Unlock(Box::new(Ending { result: Err(error), rest: true })));
        }
        let by_refresh = !lead.grant_only && lead.entry.token.as_ref().is_some_and(|token| token.refresh_token().is_some());
        let unknown = error.is_ambiguous()
            || matches!(&error, Error::Garbled(_) if error.status().is_some_and(|status| status < 300) && !resends);
        let denied = error.standard_code() == Some(ErrorCode::INVALID_GRANT.as_str());
        if by_refresh && (unknown || denied) {
            return self.on(Stage::Reread(error));
        }
        // The provider answered, or nothing was sent, or it was something that may be sent again.
        let entry = Entry { intent: None, ..lead.entry.clone() };
        self.on(Stage::Close(entry, error))
    }

    fn reread(&mut self, read: Read, error: Error, now: Now) -> Turn {
        let Ok(entry) = read.and_then(|stored| self.entry(stored)) else {
            // The intent stays open: the next one sees it.
            return self.fail(error);
        };
        let refresh_token = |entry: &Entry| entry.token.as_ref().and_then(|token| token.refresh_token().cloned());
        let changed = refresh_token(&entry) != refresh_token(&self.lead().entry);
        if changed {
            if let Some(held) = self.adopt(&entry, now) {
                return self.on(Stage::Unlock(Box::new(Ending { result: Ok(held), rest: false })));
            }
            return self.again(Stage::Read, now);
        }
        if error.is_ambiguous() || matches!(error, Error::Garbled(_)) {
            return self.fail(error);
        }
        if self.session.grant.is_some() {
            let lead = self.lead();
            lead.grant_only = true;
            lead.entry = entry;
            self.session.failed(&error);
            return self.on(Stage::Intend);
        }
        let over = Entry { intent: None, over: Some(format!("the refresh token was refused ({error})")), ..entry };
        self.session.failed(&error);
        let told = over.log_in_again(&self.session.key);
        self.on(Stage::Close(over, told))
    }

    fn kept(&mut self, saved: Result<bool, StoreError>, entry: Entry, now: Now) -> Turn {
        match saved {
            Ok(true) => {
                let entry = Entry { revision: entry.revision + 1, ..entry };
                let held = self.hold_entry(&entry, now);
                let held = self.session.take_over(held);
                self.session.changed(&held.token);
                self.on(Stage::Unlock(Box::new(Ending { result: Ok(held), rest: false })))
            }
            Ok(false) => self.on(Stage::Compare(entry)),
            Err(error) => self.unsaved(entry, error),
        }
    }

    fn compared(&mut self, read: Read, entry: Entry, now: Now) -> Turn {
        let theirs = match read.and_then(|stored| self.entry(stored)) {
            Ok(theirs) => theirs,
            Err(error) => return self.unsaved(entry, error),
        };
        let lead = self.lead();
        lead.tries = lead.tries.saturating_add(1);
        if theirs.intent == lead.intent && lead.tries < MOST_TRIES {
            return self.on(Stage::Keep(Entry { revision: theirs.revision, ..entry }));
        }
        // Another sign-in came between: theirs is what counts, ours was handed to nobody.
        match self.adopt(&theirs, now) {
            Some(held) => self.on(Stage::Unlock(Box::new(Ending { result: Ok(held), rest: false }))),
            None => self.again(Stage::Read, now),
        }
    }

    /// Not handed out, and not lost: the next flight saves it before it does anything else.
    fn unsaved(&mut self, entry: Entry, error: StoreError) -> Turn {
        let lead = self.lead();
        lead.flight.memory.unsaved = lead.intent.clone().map(|intent| (entry, intent));
        self.fail(error.into())
    }

    fn closed(&mut self, closed: Result<bool, StoreError>, error: Error) -> Turn {
        if !matches!(closed, Ok(true)) {
            let lead = self.lead();
            lead.flight.memory.settled = lead.intent.take().map(|intent| intent.id);
        }
        let rest =
            error.is_transient() && !matches!(error, Error::Store(_)) || matches!(error, Error::Refused(_) | Error::Untrusted(_));
        self.on(Stage::Unlock(Box::new(Ending { result: Err(error), rest })))
    }

    /// Once more, because somebody else has written; not for ever.
    fn again(&mut self, stage: Stage, _: Now) -> Turn {
        let lead = self.lead();
        lead.tries = lead.tries.saturating_add(1);
        if lead.tries < MOST_TRIES {
            return self.on(stage);
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
        let lead = self.lead();
        // A refresh token that others share is theirs too: alone, only the grant is repeated.
        lead.grant_only = true;
        lead.alone = true;
        let exchange = self.exchange(&self.lead.as_ref().expect("leads").entry.clone());
        self.on(Stage::Ask(exchange))
    }

    fn fail(&mut self, error: Error) -> Turn {
        self.on(Stage::Unlock(Ending::failed(error)))
    }

    fn unlock(&mut self, ending: Box<Ending>, now: Now) -> Turn {
        let lead = self.lead();
        let (lock, left) = (lead.lock.take(), lead.flight.memory.left.take());
        if lock.is_none() && left.is_none() {
            return self.land(*ending, now);
        }
        self.store(|basket| Stage::Unlocking(basket, ending), move |_, _| drop((lock, left)))
    }

    fn land(&mut self, ending: Ending, now: Now) -> Turn {
        let Ending { result, rest } = ending;
        let lead = self.lead.take().expect("leads");
        if let Err(error) = &result {
            self.session.failed(error);
        }
        let cancelled =
            matches!(&result, Err(Error::NoAnswer { cause, ambiguous: false, .. }) if cause.cause == Cause::Cancelled);
        if cancelled {
            // One caller's own wish: the others begin again.
            drop(lead.flight);
        } else {
            lead.flight.land(result.clone(), rest, now, self.session.margin.share);
        }
        match result {
            Ok(held) => Ok(Next::Done(held)),
            Err(error) => self.valid(now).map(Next::Done).ok_or(error),
        }
    }

    // What the store holds.

    fn entry(&self, stored: Option<Stored>) -> Result<Entry, StoreError> {
        match stored {
            Some(stored) => Entry::read(&stored, &self.session.key),
            None => Ok(Entry::nothing(random::word())),
        }
    }

    /// Takes the stored token into use if it can be; says so if that is enough.
    fn adopt(&mut self, entry: &Entry, now: Now) -> Option<Arc<Held>> {
        let held = self.hold_entry_if_token(entry, now)?;
        if !held.is_valid(now) || self.is_the_dead_one(&held) {
            return None;
        }
        let current = self.session.held.load_full();
        let known = current
            .filter(|current| current.token.access_token() == held.token.access_token() && current.revision >= held.revision);
        let held = match known {
            Some(known) => known,
            None if self.is_older(&held) => return None,
            None => {
                let held = self.session.take_over(held);
                self.session.changed(&held.token);
                held
            }
        };
        held.is_fresh(now).then_some(held)
    }

    fn hold_entry_if_token(&self, entry: &Entry, now: Now) -> Option<Held> {
        let token = entry.token.clone()?;
        Some(Held::new(token, entry.revision, entry.line.clone(), now, self.session.margin))
    }

    fn hold_entry(&self, entry: &Entry, now: Now) -> Held {
        let token = entry.token.clone().expect("just put in");
        let mut held = Held::new(token, entry.revision, entry.line.clone(), now, self.session.margin);
        held.barren = match &self.died {
            Some(died) if !died.is_proven() => died.barren.saturating_add(1),
            _ => 0,
        };
        held
    }

    fn hold(&self, token: Token, now: Now) -> Held {
        let entry = &self.lead.as_ref().expect("leads").entry;
        Held::new(token, entry.revision, entry.line.clone(), now, self.session.margin)
    }

    fn is_older(&self, held: &Held) -> bool {
        self.session.held.load().as_ref().is_some_and(|ours| ours.line == held.line && ours.revision > held.revision)
    }

    fn is_the_dead_one(&self, held: &Held) -> bool {
        let same = |other: &Held| other.is_dead() && other.token.access_token() == held.token.access_token();
        self.died.as_deref().is_some_and(same) || self.session.held.load().as_deref().is_some_and(same)
    }
}

impl Ending {
    fn failed(error: Error) -> Box<Self> {
        Box::new(Self { result: Err(error), rest: false })
    }
}

/// A leader that is dropped on the way leaves its lock to the next one: letting it go may block, and this may be an event loop.
impl Drop for Renewal {
    fn drop(&mut self) {
        if let Some(lead) = &mut self.lead {
            lead.flight.memory.left = lead.lock.take().or(lead.flight.memory.left.take());
        }
    }
}
