//! How is an exchange stepped from Python?

use std::sync::{Mutex, MutexGuard, TryLockError};

use oauth_core::{
    Cause, Error, Exchange as CoreExchange, NoAnswer, Now as CoreNow, Outcome as CoreOutcome, Reply as CoreReply, Sent,
    Token as CoreToken,
};
use pyo3::{IntoPyObjectExt, prelude::*, pybacked::PyBackedBytes};

use crate::{
    call::Reply,
    error::raise,
    outcome::Outcome,
    step::{self, Now},
    text::{Pairs, Text},
    token::Token,
};

/// An OAuth conversation that is stepped: a token request, a renewal, or an API call with a token that may have died.
///
///     while True:
///         match exchange.step():
///             case Send(request): exchange.receive(*carry(request))
///             case Save(token): store(token)
///             case Wait(seconds): time.sleep(seconds)
///             case Store(run): run()
///             case Done(value): return value
///
/// `Agent.run` is this loop. One thread at a time steps it.
#[pyclass(frozen, generic, module = "active_oauth")]
pub(crate) struct Exchange {
    exchange: Mutex<Option<AnyExchange>>,
    is_shared: bool,
}

/// The kinds there are, by what they end with.
pub(crate) enum AnyExchange {
    Token(CoreExchange<CoreToken>),
    Reply(CoreExchange<CoreReply>),
    Attempt(CoreExchange<Option<CoreReply>>),
}

impl From<CoreExchange<CoreToken>> for AnyExchange {
    fn from(exchange: CoreExchange<CoreToken>) -> Self {
        Self::Token(exchange)
    }
}

impl From<CoreExchange<CoreReply>> for AnyExchange {
    fn from(exchange: CoreExchange<CoreReply>) -> Self {
        Self::Reply(exchange)
    }
}

impl From<CoreExchange<Option<CoreReply>>> for AnyExchange {
    fn from(exchange: CoreExchange<Option<CoreReply>>) -> Self {
        Self::Attempt(exchange)
    }
}

impl<T: Into<AnyExchange>> From<T> for Exchange {
    fn from(exchange: T) -> Self {
        Self { exchange: Mutex::new(Some(exchange.into())), is_shared: false }
    }
}

impl Exchange {
    /// One that others may be waiting for.
    pub(crate) fn shared(exchange: impl Into<AnyExchange>) -> Self {
        Self { is_shared: true, ..Self::from(exchange.into()) }
    }

    /// Hands the conversation over to an agent; what is left behind has ended.
    pub(crate) fn take(&self) -> Result<AnyExchange, Error> {
        self.alone()?.take().ok_or_else(given_away)
    }

    fn with<R>(&self, act: impl FnOnce(&mut AnyExchange) -> R) -> Result<R, Error> {
        self.alone()?.as_mut().map(act).ok_or_else(given_away)
    }

    /// Never waits for another thread: that one may be in a session's hook, which is Python and needs the interpreter that we hold.
    fn alone(&self) -> Result<MutexGuard<'_, Option<AnyExchange>>, Error> {
        match self.exchange.try_lock() {
            Ok(exchange) => Ok(exchange),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::Usage("exchange: another thread, or a hook, is in it".to_owned())),
        }
    }

    fn hear(&self, py: Python<'_>, outcome: CoreOutcome) -> PyResult<()> {
        let received = self.with(|exchange| match exchange {
            AnyExchange::Token(exchange) => exchange.receive(outcome),
            AnyExchange::Reply(exchange) => exchange.receive(outcome),
            AnyExchange::Attempt(exchange) => exchange.receive(outcome),
        });
        received.map_err(|error| raise(py, error))
    }
}

fn given_away() -> Error {
    Error::Usage("exchange: an agent has run this one, begin a new one".to_owned())
}

enum Stepped {
    Token(Result<oauth_core::Step<CoreToken>, Error>),
    Reply(Result<oauth_core::Step<CoreReply>, Error>),
    Attempt(Result<oauth_core::Step<Option<CoreReply>>, Error>),
}

#[pymethods]
impl Exchange {
    /// Whether others may be waiting for what it does, as for a session's: then it is better run to its end, whatever becomes of the caller.
    #[getter]
    fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Says what to do next: Send, Save, Wait, Store or Done. Raises an Error, which ends the exchange.
    ///
    /// `now` is the time; without one it is the machine's. It never blocks.
    #[pyo3(signature = (now = None))]
    fn step(&self, py: Python<'_>, now: Option<Bound<'_, Now>>) -> PyResult<Py<PyAny>> {
        let now: CoreNow = now.map_or_else(oauth_ureq::now, |now| now.get().0);
        let stepped = self.with(|exchange| match exchange {
            AnyExchange::Token(exchange) => Stepped::Token(exchange.step(now)),
            AnyExchange::Reply(exchange) => Stepped::Reply(exchange.step(now)),
            AnyExchange::Attempt(exchange) => Stepped::Attempt(exchange.step(now)),
        });
        let fail = |error| raise(py, error);
        match stepped.map_err(fail)? {
            Stepped::Token(step) => step::object(py, step.map_err(fail)?, |token| Token::from(token).into_py_any(py)),
            Stepped::Reply(step) => step::object(py, step.map_err(fail)?, |reply| Reply::new(py, reply)?.into_py_any(py)),
            Stepped::Attempt(step) => step::object(py, step.map_err(fail)?, |reply| Reply::of_attempt(py, reply)),
        }
    }

    /// Hands in what came of the request that the last step gave out: its status, its headers (a mapping or pairs of names and values) and
    /// its body after decompression; or the Outcome that `Agent.carry` gave.
    #[pyo3(signature = (status, headers = None, body = None, /))]
    fn receive(
        &self,
        py: Python<'_>,
        status: &Bound<'_, PyAny>,
        headers: Option<Pairs>,
        body: Option<PyBackedBytes>,
    ) -> PyResult<()> {
        let outcome = match (status.cast::<Outcome>(), headers, body) {
            (Ok(outcome), None, None) => outcome.get().0.clone(),
            (Err(_), Some(headers), Some(body)) => Outcome::new(py, status, headers, body)?.0,
            _ => return Err(raise(py, Error::Usage("receive: give an outcome, or status, headers and body".to_owned()))),
        };
        self.hear(py, outcome)
    }

    /// Hands in the news that no answer came. `sent` says whether any byte of the request may have left ("no" or "maybe"); `cause` is one of
    /// name, connect, tls, certificate, timeout, cut, too_large, protocol, proxy, cancelled and other; `detail` is for people and must hold
    /// no secret.
    #[pyo3(signature = (*, sent, cause = None, detail = None))]
    fn no_answer(&self, py: Python<'_>, sent: Text, cause: Option<Text>, detail: Option<Text>) -> PyResult<()> {
        let sent = match sent.as_str() {
            "no" => Sent::No,
            "maybe" => Sent::Maybe,
            _ => return Err(raise(py, Error::Usage("no_answer: sent must be \"no\" or \"maybe\"".to_owned()))),
        };
        let cause = cause.map_or(Cause::Other, |word| Cause::from_word(word.as_str()));
        let detail = detail.as_ref().map_or("the transport said no more", Text::as_str);
        self.hear(py, Err(NoAnswer::new(sent, cause, detail)))
    }

    fn __repr__(&self) -> String {
        self.with(|exchange| match exchange {
            AnyExchange::Token(exchange) => format!("{exchange:?}"),
            AnyExchange::Reply(exchange) => format!("{exchange:?}"),
            AnyExchange::Attempt(exchange) => format!("{exchange:?}"),
        })
        .unwrap_or_else(|_| "Exchange(run)".to_owned())
    }
}
