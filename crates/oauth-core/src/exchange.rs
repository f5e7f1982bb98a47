//! What happens next?
//!
//! The one state machine. Everything that decides what happens next is in this file, and nothing in it knows *what* is asked for:
//! that is the [`Work`] behind it. The rules:
//!
//! - `step` says what to do: send a request, save a token, wait, or take the result. It never blocks and does no I/O.
//! - `step` before an answer gives the request again, freshly built (and, where requests are signed, freshly signed).
//! - `receive` takes the answer or the news that there is none. Out of turn it is a usage error, which the next `step` returns.
//! - `Save` comes whenever a token was renewed, *before* the new token is used; the next `step` takes it as saved.
//! - `Store` comes from exchanges that keep tokens in a store of their own: its errand may block, so `step` never runs it.
//! - An error ends the exchange; so does `Done`. A step after the end is a usage error.
//! - What is sent again is decided by the work, and bounded there: one token renewal and one repetition per call.

use std::{fmt, time::Duration};

use crate::{
    errand::Errand,
    error::Error,
    message::{Outcome, Request},
    time::Now,
    token::Token,
};

/// What a program has to do now, before it calls [`Exchange::step`] again.
#[derive(Debug)]
pub enum Step<T> {
    /// Carry this request, then call [`Exchange::receive`] with what came of it.
    Send(Request),
    /// Store this token: an older one is worthless from now on. Only then step again.
    Save(Token),
    /// Do nothing for this long. Stepping early gives the rest.
    Wait(Duration),
    /// A store has to be read or written: run this errand where blocking is allowed. Only then step again.
    Store(Errand),
    /// The result.
    Done(T),
}

/// An OAuth conversation that is stepped: a token request, a renewal, an API call with a token that may have died.
///
/// The caller owns the transport, the clock and the store. One exchange belongs to one thread at a time; it may move between them.
///
/// ```
/// use oauth_core::{Answer, Client, Grant, Now, Provider, Step};
///
/// # fn carry(_: oauth_core::Request) -> oauth_core::Outcome {
/// #     Ok(Answer::new(200, vec![], br#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":3600}"#.to_vec()))
/// # }
/// # let now = || Now { wall: 1_700_000_000_000, mono: 0 };
/// let client = Client::new(Provider::buildpass(), "id").secret("secret");
/// let mut exchange = client.token(Grant::client_credentials().scope("read:builders"));
/// let token = loop {
///     match exchange.step(now())? {
///         Step::Send(request) => exchange.receive(carry(request)),
///         Step::Save(_token) => {}
///         Step::Wait(pause) => std::thread::sleep(pause),
///         Step::Store(errand) => errand.run(),
///         Step::Done(token) => break token,
///     }
/// };
/// assert_eq!(token.expires_at(), Some(1_700_003_600_000));
/// # Ok::<(), oauth_core::Error>(())
/// ```
pub struct Exchange<T> {
    work: Box<dyn Work<T>>,
    state: State<T>,
}

enum State<T> {
    /// The next step asks the work what to do.
    Ready,
    /// A request was given out and its outcome not received yet.
    Sent,
    /// The outcome is here; the next step lets the work read it.
    Heard(Outcome),
    /// A token was given out to be saved; the next step gives the result.
    Saved(T),
    /// The next step returns this error.
    Failed(Error),
    Ended,
}

/// One kind of conversation: what to do, and what an answer means. Whoever implements it makes exchanges of a kind of their own.
pub trait Work<T>: Send {
    /// What to do now. Asked again where the program steps before it has done it, so it gives the same again (a request freshly signed, the
    /// rest of a pause) until something has changed.
    ///
    /// # Errors
    /// Whatever ends the exchange.
    fn next(&mut self, now: Now) -> Result<Next<T>, Error>;
    /// What came of the request that was sent means this.
    ///
    /// # Errors
    /// Whatever ends the exchange.
    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<T>, Error>;
}

/// What a [`Work`] wants to happen.
#[derive(Debug)]
pub enum Next<T> {
    /// This request is to be sent.
    Send(Request),
    /// The token was renewed: have it saved. Then comes the result if it is known already, else the work is asked again.
    Save(Token, Option<T>),
    /// There is nothing to do for this long.
    Wait(Duration),
    /// A store is to be read or written.
    Store(Errand),
    /// The work knows more now: ask it again.
    Again,
    /// This is the result.
    Done(T),
}

impl<T> Exchange<T> {
    /// An exchange that does this work.
    pub fn new(work: impl Work<T> + 'static) -> Self {
        Self::of(Box::new(work))
    }

    pub(crate) fn of(work: Box<dyn Work<T>>) -> Self {
        Self { work, state: State::Ready }
    }

    /// An exchange that could not be begun: its first step returns the error.
    pub fn failed(error: Error) -> Self
    where
        T: 'static,
    {
        Self { work: Box::new(Never), state: State::Failed(error) }
    }

    /// Goes one step further.
    ///
    /// # Errors
    /// Any [`Error`]; it ends the exchange.
    pub fn step(&mut self, now: Now) -> Result<Step<T>, Error> {
        let mut next = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ready | State::Sent => self.work.next(now)?,
            State::Heard(outcome) => self.work.hear(outcome, now)?,
            State::Saved(value) => return Ok(Step::Done(value)),
            State::Failed(error) => return Err(error),
            State::Ended => return Err(Error::usage("step: this exchange has ended, begin a new one")),
        };
        while let Next::Again = next {
            next = self.work.next(now)?;
        }
        let (state, step) = match next {
            Next::Send(request) => (State::Sent, Step::Send(request)),
            Next::Save(token, then) => (then.map_or(State::Ready, State::Saved), Step::Save(token)),
            Next::Wait(pause) => (State::Ready, Step::Wait(pause)),
            Next::Store(errand) => (State::Ready, Step::Store(errand)),
            // It has ended already.
            Next::Done(value) => return Ok(Step::Done(value)),
            Next::Again => unreachable!("asked until it was something else"),
        };
        self.state = state;
        Ok(step)
    }

    /// Hands in what came of the request that the last step gave out.
    pub fn receive(&mut self, outcome: Outcome) {
        self.state = match &self.state {
            State::Sent => State::Heard(outcome),
            State::Failed(error) => State::Failed(error.clone()),
            State::Ready | State::Heard(_) | State::Saved(_) | State::Ended => State::Failed(Error::usage(
                "receive: no request is waiting for an answer; step first, and receive once for each request",
            )),
        };
    }
}

impl<T> fmt::Debug for Exchange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Ready => "ready",
            State::Sent => "sent",
            State::Heard(_) => "received",
            State::Saved(_) => "saved",
            State::Failed(_) => "failed",
            State::Ended => "ended",
        };
        write!(f, "Exchange({state})")
    }
}

impl<T> Work<T> for Box<dyn Work<T>> {
    fn next(&mut self, now: Now) -> Result<Next<T>, Error> {
        (**self).next(now)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<T>, Error> {
        (**self).hear(outcome, now)
    }
}

struct Never;

impl<T> Work<T> for Never {
    fn next(&mut self, _: Now) -> Result<Next<T>, Error> {
        Err(Error::usage("step: this exchange could not be begun"))
    }

    fn hear(&mut self, _: Outcome, _: Now) -> Result<Next<T>, Error> {
        Err(Error::usage("step: this exchange could not be begun"))
    }
}
