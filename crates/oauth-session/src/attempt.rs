//! How does an API call go that another library carries?
//!
//! One try with one token. What the API makes of the token is told to the session, so that of many tries that find it dead one renewal comes.

use std::sync::Arc;

use oauth_core::{Answer, Attempt, Call, Error, Exchange, Next, Now, Outcome, Reply, Step, Token, Work};

use crate::{held::Held, shared::Shared};

pub(crate) struct AttemptWork {
    attempt: Exchange<Attempt>,
    /// What the session knows of the token; nothing where another one has taken its place already.
    held: Option<Arc<Held>>,
    last: bool,
}

impl AttemptWork {
    pub(crate) fn new(session: &Shared, token: &Token, call: Call, last: bool) -> Self {
        let held = session.held.load_full().filter(|held| held.token.access_token() == token.access_token());
        Self { attempt: session.client.attempt(token, call), held, last }
    }
}

/// The API's answer; none where it called the token dead and another one is worth asking for.
pub(crate) fn judged(attempt: Attempt, held: Option<&Held>, last: bool, now: Now) -> Result<Option<Answer>, Error> {
    match (attempt.died, held) {
        (None, held) => {
            held.inspect(|held| held.proved());
            Ok(Some(attempt.answer))
        }
        (Some(refused), held) if last || held.is_some_and(|held| is_too_early(held, now)) => Err(refused.into()),
        (Some(_), held) => {
            held.inspect(|held| held.died());
            Ok(None)
        }
    }
}

/// An API that takes no token at all must not have us ask for new ones all the time: each that it never took makes the pause longer.
fn is_too_early(held: &Held, now: Now) -> bool {
    let pause = 1000_i64 << held.barren.min(9);
    held.barren > 0 && !held.is_proven() && now.mono.saturating_sub(held.since.mono) < pause
}

impl Work<Option<Reply>> for AttemptWork {
    fn next(&mut self, now: Now) -> Result<Next<Option<Reply>>, Error> {
        match self.attempt.step(now)? {
            Step::Send(request) => Ok(Next::Send(request)),
            Step::Done(attempt) => {
                let answer = judged(attempt, self.held.as_deref(), self.last, now)?;
                Ok(Next::Done(answer.map(|answer| Reply { answer, renewed: None })))
            }
            Step::Save(_) | Step::Wait(_) | Step::Store(_) => {
                Err(Error::Usage("session: one try of a call saves nothing and waits for nothing".to_owned()))
            }
        }
    }

    fn hear(&mut self, outcome: Outcome, _: Now) -> Result<Next<Option<Reply>>, Error> {
        self.attempt.receive(outcome);
        Ok(Next::Again)
    }
}
