//! How does an API call go with a token that everybody shares?
//!
//! With the token at hand; where the API calls it dead, once more with the next one. Of many calls that find it dead, one renews it.

use std::sync::Arc;

use oauth_core::{Attempt, Call, Error, Exchange, Next, Now, Outcome, Reply, Step, Work};

use crate::{
    attempt::judged,
    held::Held,
    renewal::{Renewal, with},
    shared::Shared,
};

pub(crate) struct CallWork {
    session: Arc<Shared>,
    call: Call,
    phase: Phase,
    tries: u32,
    /// Wall time of the first step.
    began: Option<i64>,
}

/// One with the token at hand, one with another's newer one, one with a new one.
const MOST_TRIES: u32 = 3;

enum Phase {
    Token(Box<Renewal>),
    Try(Box<Exchange<Attempt>>, Arc<Held>),
}

impl CallWork {
    pub(crate) fn new(session: &Arc<Shared>, call: Call) -> Self {
        Self {
            session: Arc::clone(session),
            call,
            phase: Phase::Token(Box::new(Renewal::new(session, None))),
            tries: 0,
            began: None,
        }
    }

    fn attempted(&mut self, attempt: Attempt, held: &Arc<Held>, now: Now) -> Result<Next<Reply>, Error> {
        // A token that was got for this very call ends it, whatever it brings; one that came before, from the store, may be dead as well.
        self.tries += 1;
        let is_new = self.began.is_some_and(|began| held.token.received_at() >= began);
        let last = self.tries >= MOST_TRIES || (self.tries > 1 && is_new);
        if let Some(answer) = judged(attempt, Some(held), last, now)? {
            return Ok(Next::Done(Reply { answer, renewed: None }));
        }
        self.phase = Phase::Token(Box::new(Renewal::new(&self.session, Some(Arc::clone(held)))));
        Ok(Next::Again)
    }
}

impl Work<Reply> for CallWork {
    fn next(&mut self, now: Now) -> Result<Next<Reply>, Error> {
        self.began.get_or_insert(now.wall);
        match &mut self.phase {
            Phase::Token(renewal) => match renewal.next(now)? {
                Next::Done(held) => {
                    let attempt = self.session.client.attempt(&held.token, self.call.clone());
                    self.phase = Phase::Try(Box::new(attempt), held);
                    Ok(Next::Again)
                }
                next => Ok(with(next, |_| Next::Again)),
            },
            Phase::Try(attempt, held) => match attempt.step(now)? {
                Step::Send(request) => Ok(Next::Send(request)),
                Step::Done(attempt) => {
                    let held = Arc::clone(held);
                    self.attempted(attempt, &held, now)
                }
                Step::Save(_) | Step::Wait(_) | Step::Store(_) => {
                    Err(Error::Usage("session: one try of a call saves nothing and waits for nothing".to_owned()))
                }
            },
        }
    }

    fn hear(&mut self, outcome: Outcome, _: Now) -> Result<Next<Reply>, Error> {
        match &mut self.phase {
            Phase::Token(renewal) => renewal.hear(outcome).map(|next| with(next, |_| Next::Again)),
            Phase::Try(attempt, _) => {
                attempt.receive(outcome);
                Ok(Next::Again)
            }
        }
    }
}
