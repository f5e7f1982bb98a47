//! Who renews, and how did the last time end?
//!
//! Of all that find the token over, the first becomes the leader of a flight; the others follow it and share its end. What is known about
//! failures is kept here too, so that a provider in trouble is not stormed. All of it belongs to one process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oauth_core::{Error, Now};

use crate::{
    entry::{Entry, Intent},
    held::Held,
    process::PerProcess,
    store::Lock,
};

/// The flights of one session.
pub(crate) struct Flights(PerProcess<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The newest flight's number, and whether it is on its way.
    newest: u64,
    flying: bool,
    /// How often somebody logged in or out, or repaired something: what was found before counts no more.
    turn: u64,
    /// How the newest flight ended; nothing where its leader was dropped on the way.
    end: Option<Result<Arc<Held>, Error>>,
    rest: Option<Rest>,
    memory: Memory,
}

/// Until when nobody asks the provider, and what is answered meanwhile.
struct Rest {
    /// Monotonic; None is for ever, until the credentials change.
    until: Option<i64>,
    /// Monotonic: when the store is looked into again by somebody who has no token.
    look_at: i64,
    error: Error,
    failures: u32,
}

/// Meanwhile another process may have got a token, or somebody logged in there.
const LOOK_EVERY: i64 = 1000;

/// What one leader leaves to the next.
#[derive(Default)]
pub(crate) struct Memory {
    /// A renewed token that could not be saved yet, and the intent it came of: nobody was given it.
    pub(crate) unsaved: Option<(Entry, Intent)>,
    /// The intent of this process that may still be open in the store although its end is known: nothing was used up.
    pub(crate) settled: Option<String>,
    /// The lock of a leader that was dropped: an errand lets it go.
    pub(crate) left: Option<Box<dyn Lock>>,
}

/// How somebody who needs a token goes on.
pub(crate) enum Role {
    Lead(Box<Flight>),
    Follow(u64),
    /// The provider is left alone for now.
    Rest(Error),
}

/// How the flight one followed is doing.
pub(crate) enum News {
    OnItsWay,
    Ended(Result<Arc<Held>, Error>),
    /// It has ended and left nothing: begin again.
    Gone,
}

impl Flights {
    pub(crate) fn new() -> Self {
        Self(PerProcess::new(fresh))
    }

    /// Held for a few instructions only, and never over a call to anybody else.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.here(fresh).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `needs`: there is no token to go on with.
    pub(crate) fn join(flights: &Arc<Self>, now: Now, needs: bool) -> Role {
        let mut guard = flights.state();
        let state = &mut *guard;
        if state.flying {
            return Role::Follow(state.newest);
        }
        let mut resting = None;
        if let Some(rest) = &mut state.rest
            && rest.until.is_none_or(|until| now.mono < until)
            // It was left to another process, or to a store in trouble, while there was a token to go on with.
            && !(needs && matches!(rest.error, Error::Store(_)))
        {
            if !needs || now.mono < rest.look_at {
                return Role::Rest(rest.error.clone());
            }
            rest.look_at = now.mono.saturating_add(LOOK_EVERY);
            resting = Some(rest.error.clone());
        }
        state.newest += 1;
        state.flying = true;
        state.end = None;
        Role::Lead(Box::new(Flight {
            flights: Arc::clone(flights),
            number: state.newest,
            turn: state.turn,
            resting,
            memory: std::mem::take(&mut state.memory),
        }))
    }

    pub(crate) fn news(&self, number: u64) -> News {
        let state = self.state();
        match &state.end {
            _ if state.newest == number && state.flying => News::OnItsWay,
            Some(end) if state.newest == number => News::Ended(end.clone()),
            _ => News::Gone,
        }
    }

    /// Forgets what was refused: the credentials may have changed.
    pub(crate) fn forget(&self) {
        let mut state = self.state();
        state.rest = None;
        state.turn += 1;
    }

    /// Another number after each [`forget`](Self::forget).
    pub(crate) fn turn(&self) -> u64 {
        self.state().turn
    }
}

/// A flight that was copied into a forked child is none of the child's, so their numbers are others.
fn fresh() -> Mutex<State> {
    Mutex::new(State { newest: u64::from(std::process::id()) << 32, ..State::default() })
}

/// The leader's part. Dropped before its end, it leaves the way free for another.
pub(crate) struct Flight {
    flights: Arc<Flights>,
    number: u64,
    turn: u64,
    /// The provider is left alone, because of this: only the store is looked into.
    pub(crate) resting: Option<Error>,
    pub(crate) memory: Memory,
}

impl Flight {
    /// Tells the followers how it ended, and for how long after a failure the provider is to be left alone. `share` is between 0 and 1.
    pub(crate) fn land(&mut self, end: Result<Arc<Held>, Error>, rest: bool, now: Now, share: f64) {
        let mut state = self.flights.state();
        state.rest = match &end {
            Err(error) if rest && state.turn == self.turn => {
                let failures = state.rest.as_ref().map_or(0, |rest| rest.failures).saturating_add(1);
                Some(Rest {
                    look_at: now.mono.saturating_add(LOOK_EVERY),
                    until: pause(error, failures, share).map(|pause| now.mono.saturating_add(pause)),
                    error: error.clone(),
                    failures,
                })
            }
            _ => None,
        };
        state.end = Some(end);
        state.flying = false;
        state.memory = std::mem::take(&mut self.memory);
    }

    /// Leaves the way free for another, and what is known as it was.
    pub(crate) fn leave(&mut self) {
        let mut state = self.flights.state();
        if state.newest == self.number && state.flying {
            state.flying = false;
            state.memory = std::mem::take(&mut self.memory);
        }
    }
}

/// For how many ms the provider is left alone after that many failures in a row; None: until the credentials change.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most a minute")]
fn pause(error: &Error, failures: u32, share: f64) -> Option<i64> {
    if matches!(error, Error::Refused(refused) if !refused.is_transient()) {
        return None;
    }
    // Of a store only sessions ask that have a token to go on with, and its trouble may end any time.
    let failures = if matches!(error, Error::Store(_)) { 1 } else { failures };
    // A second, two, four, up to a minute, and up to half as much again: so that not all come back at once.
    let whole = 1000_i64 << failures.saturating_sub(1).min(6);
    let pause = whole.min(60_000) as f64 * (1.0 + share / 2.0);
    Some((pause as i64).max(error.retry_after_ms().unwrap_or(0)))
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.leave();
    }
}
