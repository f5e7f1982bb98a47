//! How is an exchange stepped from Python?

use std::{
    fmt,
    sync::{Mutex, MutexGuard, TryLockError},
};

use oauth_core::{Cause, Error, Exchange as CoreExchange, NoAnswer, Now as CoreNow, Outcome as CoreOutcome, Sent};
use oauth_ureq::Agent as CoreAgent;
use pyo3::{PyTraverseError, PyVisit, prelude::*, pybacked::PyBackedBytes};

use crate::{
    agent,
    callable::Held,
    error::raise,
    outcome::Outcome,
    step::{self, Now},
    text::{Pairs, Text},
};

/// An OAuth conversation that is stepped: a token request, a renewal, a revocation, or an API call with a token that may have died.
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
    exchange: Mutex<Option<Box<dyn Conversation>>>,
    is_shared: bool,
    held: Held,
}

/// What an exchange may end with.
pub(crate) trait Value: Send + Sized + 'static {
    /// As Python sees it.
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

/// An exchange, whatever it ends with.
pub(crate) trait Conversation: Send + fmt::Debug {
    fn step(&mut self, py: Python<'_>, now: CoreNow) -> PyResult<Py<PyAny>>;
    fn receive(&mut self, outcome: CoreOutcome);
    /// Steps it to its end.
    fn run(self: Box<Self>, py: Python<'_>, agent: &CoreAgent, save: Option<Py<PyAny>>) -> PyResult<Py<PyAny>>;
}

impl<T: Value> Conversation for CoreExchange<T> {
    fn step(&mut self, py: Python<'_>, now: CoreNow) -> PyResult<Py<PyAny>> {
        let step = self.step(now).map_err(|error| raise(py, error))?;
        step::object(py, step, |value| value.object(py))
    }

    fn receive(&mut self, outcome: CoreOutcome) {
        self.receive(outcome);
    }

    fn run(self: Box<Self>, py: Python<'_>, agent: &CoreAgent, save: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        agent::run(py, agent, *self, save)?.object(py)
    }
}

impl<T: Value> From<CoreExchange<T>> for Exchange {
    fn from(exchange: CoreExchange<T>) -> Self {
        Self { exchange: Mutex::new(Some(Box::new(exchange))), is_shared: false, held: Held::default() }
    }
}

impl Exchange {
    /// One that others may be waiting for.
    pub(crate) fn shared<T: Value>(exchange: CoreExchange<T>) -> Self {
        Self { is_shared: true, ..Self::from(exchange) }
    }

    /// One that may call what these are.
    pub(crate) fn holding(self, held: Held) -> Self {
        Self { held, ..self }
    }

    /// Hands the conversation over to an agent; what is left behind has ended.
    pub(crate) fn take(&self) -> Result<Box<dyn Conversation>, Error> {
        self.alone()?.take().ok_or_else(given_away)
    }

    fn with<R>(&self, act: impl FnOnce(&mut (dyn Conversation + 'static)) -> R) -> Result<R, Error> {
        self.alone()?.as_deref_mut().map(act).ok_or_else(given_away)
    }

    /// Never waits for another thread: that one may be in a session's hook, which is Python and needs the interpreter that we hold.
    fn alone(&self) -> Result<MutexGuard<'_, Option<Box<dyn Conversation>>>, Error> {
        match self.exchange.try_lock() {
            Ok(exchange) => Ok(exchange),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::Usage("exchange: another thread, or a hook, is in it".to_owned())),
        }
    }

    fn hear(&self, py: Python<'_>, outcome: CoreOutcome) -> PyResult<()> {
        self.with(|exchange| exchange.receive(outcome)).map_err(|error| raise(py, error))
    }
}

fn given_away() -> Error {
    Error::Usage("exchange: an agent has run this one, begin a new one".to_owned())
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
        let now: CoreNow = step::now(now);
        self.with(|exchange| exchange.step(py, now)).map_err(|error| raise(py, error))?
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

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.held.visit(&visit)
    }

    fn __repr__(&self) -> String {
        self.with(|exchange| format!("{exchange:?}")).unwrap_or_else(|_| "Exchange(run)".to_owned())
    }
}
