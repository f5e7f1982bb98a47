//! How does a caller get a good token?
//!
//! - A fresh token at hand ends it at once.
//! - Of all others in this process the first becomes the leader (`lead.rs`); who comes later uses a token that is still valid, or waits and
//!   shares the leader's end.
//! - Whatever fails, a token that is still valid goes on being used.

use std::{sync::Arc, time::Duration};

use oauth_core::{Error, Next, Now, Outcome, StoreError, StoreProblem};

use crate::{
    flight::{Flights, News, Role},
    held::Held,
    lead::Lead,
    shared::Shared,
};

/// One caller's way to a token.
pub(crate) struct Renewal {
    session: Arc<Shared>,
    /// The token that the API called dead, if that is why.
    died: Option<Arc<Held>>,
    stage: Stage,
}

enum Stage {
    Begin,
    Follow(Following),
    Lead(Box<Lead>),
}

/// Waiting for the leader of that flight; the times are monotonic milliseconds.
struct Following {
    number: u64,
    since: i64,
    look_at: i64,
    pause: i64,
}

type Turn = Result<Next<Arc<Held>>, Error>;

impl Renewal {
    pub(crate) fn new(session: &Arc<Shared>, died: Option<Arc<Held>>) -> Self {
        Self { session: Arc::clone(session), died, stage: Stage::Begin }
    }

    pub(crate) fn next(&mut self, now: Now) -> Turn {
        let turn = match &mut self.stage {
            Stage::Begin => self.begin(now),
            Stage::Follow(following) if now.mono < following.look_at => {
                Ok(Next::Wait(Duration::from_millis(u64::try_from(following.look_at.saturating_sub(now.mono)).unwrap_or(0))))
            }
            Stage::Follow(_) => self.follow(now),
            Stage::Lead(lead) => lead.next(now),
        };
        match turn {
            Err(error) => self.valid(now).map(Next::Done).ok_or(error),
            turn => turn,
        }
    }

    pub(crate) fn hear(&mut self, outcome: Outcome) -> Turn {
        match &mut self.stage {
            Stage::Lead(lead) => lead.hear(outcome),
            Stage::Begin | Stage::Follow(_) => Ok(Next::Again),
        }
    }

    fn begin(&mut self, now: Now) -> Turn {
        if let Some(held) = self.session.held.load_full().filter(|held| held.is_fresh(now)) {
            return Ok(Next::Done(held));
        }
        match Flights::join(&self.session.flights, now, self.valid(now).is_none()) {
            Role::Lead(flight) => {
                self.stage = Stage::Lead(Box::new(Lead::new(&self.session, self.died.clone(), flight, now)));
                Ok(Next::Again)
            }
            Role::Follow(number) => match self.valid(now) {
                Some(held) => Ok(Next::Done(held)),
                None => {
                    self.stage = Stage::Follow(Following { number, since: now.mono, look_at: now.mono, pause: 1 });
                    Ok(Next::Again)
                }
            },
            Role::Rest(error) => Err(error),
        }
    }

    fn follow(&mut self, now: Now) -> Turn {
        let Stage::Follow(following) = &mut self.stage else { return Ok(Next::Again) };
        match self.session.flights.news(following.number) {
            News::Ended(Ok(held)) if held.is_valid(now) => Ok(Next::Done(held)),
            News::Ended(Ok(_)) | News::Gone => {
                self.stage = Stage::Begin;
                Ok(Next::Again)
            }
            News::Ended(Err(error)) => Err(error),
            News::OnItsWay if now.mono.saturating_sub(following.since) > 2 * self.session.lease_ms() => {
                let text = format!(
                    "session of {}: whoever renews the token in this process has not come back; is its exchange stepped?",
                    self.session.key
                );
                Err(StoreError::new(StoreProblem::Busy, text).into())
            }
            News::OnItsWay => {
                let pause = following.pause;
                following.look_at = now.mono.saturating_add(pause);
                following.pause = (2 * pause).min(32);
                // Said at once: a clock at its end never comes before `look_at`, and asking again would go round for ever.
                Ok(Next::Wait(Duration::from_millis(pause.unsigned_abs())))
            }
        }
    }

    /// The token at hand, if it can still be used.
    fn valid(&self, now: Now) -> Option<Arc<Held>> {
        self.session.held.load_full().filter(|held| held.is_valid(now))
    }
}

/// A renewal's step as another exchange's, with its own way to go on.
pub(crate) fn with<T>(next: Next<Arc<Held>>, done: impl FnOnce(Arc<Held>) -> Next<T>) -> Next<T> {
    match next {
        Next::Done(held) => done(held),
        Next::Send(request) => Next::Send(request),
        Next::Wait(pause) => Next::Wait(pause),
        Next::Store(errand) => Next::Store(errand),
        // A session saves by its store, never by its caller.
        Next::Save(..) | Next::Again => Next::Again,
    }
}
