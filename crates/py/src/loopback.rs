//! How does a login in the user's browser come back to a program on the user's machine (RFC 8252)?

use std::sync::{Mutex, PoisonError};

use oauth_core::{Cause, Error, NoAnswer, Sent};
use oauth_native::{BrowserError, Loopback as Core, LoopbackError};
use pyo3::{prelude::*, sync::PyOnceLock};

use crate::{
    agent::{self, Cancel},
    error::raise,
    login::Login,
    signals,
    text::Text,
    token::unpicklable,
};

/// Waits on this machine for the browser to come back from one login (RFC 8252 §7.3): begin the login with its `redirect_uri`, open the browser, then
/// `client.callback(login, loopback.callback())`.
///
/// It listens on 127.0.0.1, or where there is no IPv4 on [::1], at a port that is free. `path`: that of the redirect URI that is registered (servers
/// leave the port open and nothing else). `app`: the program's name, to which the page in the browser sends the user back; "the app" unless given.
/// Raises Usage for a path that no redirect URI can have, NoAnswer where this machine allows no listening.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Loopback {
    redirect_uri: String,
    /// None once it was waited on: a login comes back once.
    core: Mutex<Option<Core>>,
}

#[pymethods]
impl Loopback {
    #[new]
    #[pyo3(signature = (*, path = None, app = None))]
    fn new(py: Python<'_>, path: Option<Text>, app: Option<Text>) -> PyResult<Self> {
        let core = match &path {
            Some(path) => Core::listen_at(path.as_str()),
            None => Core::listen(),
        };
        let core = core.map_err(|error| raise(py, told(error)))?;
        let core = match &app {
            Some(name) => core.app(name.as_str()),
            None => core,
        };
        Ok(Self { redirect_uri: core.redirect_uri(), core: Mutex::new(Some(core)) })
    }

    /// The redirect URI of this login, with the port: "http://127.0.0.1:49152/callback". Register it without the port.
    #[getter]
    fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for that login alone: who comes by a callback with another state is sent away, and the wait goes on. Without it a page that guesses the port
    /// can use the loopback up by sending the browser there; no token comes of that, and neither does a login. To be called before `callback`.
    #[pyo3(signature = (login, /))]
    fn only_for(&self, login: &Bound<'_, Login>) {
        let recognizer = login.get().lock().recognizer();
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        *core = core.take().map(|core| core.only_for(recognizer));
    }

    /// Waits until the browser comes back, shows it a page that sends the user to the program, stops listening, and gives the URL it came by, for
    /// `client.callback`. It holds the code: do not log it. Whatever else calls meanwhile is sent away.
    ///
    /// `timeout`: how many seconds the user may take, a day at most. Blocks with the interpreter let go; Ctrl-C gets through, and `cancel.cancel()` ends
    /// it from another thread with NoAnswer and the code "cancelled". Raises Expired where nobody came back, Usage where it was waited on before.
    #[pyo3(signature = (timeout = 300.0, /, *, cancel = None))]
    fn callback(&self, py: Python<'_>, timeout: f64, cancel: Option<Bound<'_, Cancel>>) -> PyResult<String> {
        let fail = |error| raise(py, error);
        let timeout = agent::duration("timeout", timeout).map_err(fail)?;
        let core = self.core.lock().unwrap_or_else(PoisonError::into_inner).take();
        let core = core.ok_or_else(|| {
            fail(Error::Usage(
                "loopback: it was waited on already, and belongs to one login; make another for the next".to_owned(),
            ))
        })?;
        let cancel = cancel.map(|cancel| cancel.get().0.clone());
        let came = signals::interruptibly(py, |signals| {
            core.callback(timeout, || signals.interrupt() || cancel.as_ref().is_some_and(oauth_ureq::Cancel::is_cancelled))
        })?;
        came.map_err(|error| fail(told(error)))
    }

    /// The same for an event loop of asyncio: a thread waits, and stops soon where the task is cancelled.
    #[pyo3(signature = (timeout = 300.0, /))]
    fn acallback<'py>(this: &Bound<'py, Self>, timeout: f64) -> PyResult<Bound<'py, PyAny>> {
        static ACALLBACK: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        ACALLBACK.import(this.py(), "active_oauth.asynchronous", "_callback")?.call1((this, timeout))
    }

    fn __repr__(&self) -> String {
        format!("Loopback({:?})", self.redirect_uri)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Loopback", "make one for each login"))
    }
}

/// Whose move it is.
fn told(error: LoopbackError) -> Error {
    let text = error.to_string();
    let lost = |cause| {
        let cause = NoAnswer::new(Sent::No, cause, &text);
        Error::NoAnswer { what: "the way back from the browser".to_owned(), cause, ambiguous: false }
    };
    match error {
        LoopbackError::TimedOut(_) => Error::Expired(text),
        LoopbackError::Cancelled => lost(Cause::Cancelled),
        LoopbackError::Listen(_) => lost(Cause::Connect),
        _ => Error::Usage(text),
    }
}

/// Opens a login's URL in the user's own browser; True where one was started, False where this machine has none that a program may start (a server, a
/// container): then show the URL, which the user opens. Raises Usage for a URL that no browser should be given: it must be https, or http to loopback.
#[pyfunction]
#[pyo3(signature = (url, /))]
pub(crate) fn open_browser(py: Python<'_>, url: Text) -> PyResult<bool> {
    match py.detach(|| oauth_native::open_browser(url.as_str())) {
        Ok(()) => Ok(true),
        Err(BrowserError::None) => Ok(false),
        Err(error) => Err(raise(py, Error::Usage(error.to_string()))),
    }
}
