//! How does an API call go with a token that everybody shares?
//!
//! With the token at hand; where the API calls it dead, once more with the next one. Of many calls that find it dead, one renews it.

use std::sync::Arc;

use oauth_core::{Attempt, Call, Error, Exchange, Next, Now, Outcome, Reply, Step, Work};

use crate::{
    attempt::judged,
    held::Held,
    renewal::Renewal,
    session::{Inner, with},
};

pub(crate) struct CallWork {
    session: Arc<Inner>,
    call: Call,
    phase: Phase,
    /// The second try: whatever it brings is the end.
    last: bool,
}

enum Phase {
    Token(Box<Renewal>),
    Try(Box<Exchange<Attempt>>, Arc<Held>),
}

impl CallWork {
    pub(crate) fn new(session: &Arc<Inner>, call: Call) -> Self {
        Self { session: Arc::clone(session), call, phase: Phase::Token(Box::new(Renewal::new(session, None))), last: false }
    }

    fn attempted(&mut self, attempt: Attempt, held: &Arc<Held>, now: Now) -> Result<Next<Reply>, Error> {
        if let Some(answer) = judged(attempt, Some(held), self.last, now)? {
            return Ok(Next::Done(Reply { answer, renewed: None }));
        }
        self.last = true;
        self.phase = Phase::Token(Box::new(Renewal::new(&self.session, Some(Arc::clone(held)))));
        Ok(Next::Again)
    }
}

impl Work<Reply> for CallWork {
    fn next(&mut self, now: Now) -> Result<Next<Reply>, Error> {
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
                _ => Err(Error::Usage("session: this crate is older than its oauth-core".to_owned())),
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
