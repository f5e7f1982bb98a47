//! What does a step say?
//!
//! One small class per step, for `match`: `case Send(request)`, `case Save(token)`, `case Wait(seconds)`, `case Store(run)`,
//! `case Done(value)`.

use std::sync::{Mutex, PoisonError};

use oauth_core::{Errand, Error, Now as CoreNow, Request as CoreRequest, Step};
use pyo3::{IntoPyObjectExt, prelude::*, types::PyBytes};

use crate::{
    error::raise,
    token::{Token, unpicklable},
};

/// The time of one step, in milliseconds: `wall` since the Unix epoch, `mono` since any fixed point, never running backwards.
#[pyclass(frozen, eq, hash, module = "active_oauth")]
#[derive(PartialEq, Eq)]
pub(crate) struct Now(pub(crate) CoreNow);

impl std::hash::Hash for Now {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0.wall, self.0.mono).hash(state);
    }
}

#[pymethods]
impl Now {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str, &str) = ("wall", "mono");

    #[new]
    fn new(wall: i64, mono: i64) -> Self {
        Self(CoreNow { wall, mono })
    }

    /// Milliseconds since the Unix epoch, as the wall clock has it.
    #[getter]
    fn wall(&self) -> i64 {
        self.0.wall
    }

    /// Milliseconds since any fixed point, never running backwards.
    #[getter]
    fn mono(&self) -> i64 {
        self.0.mono
    }

    fn __repr__(&self) -> String {
        format!("Now(wall={}, mono={})", self.0.wall, self.0.mono)
    }
}

/// The given time, or the machine's.
pub(crate) fn now(now: Option<Bound<'_, Now>>) -> CoreNow {
    now.map_or_else(oauth_ureq::now, |now| now.get().0)
}

/// A request to carry: a transport adds only Host, Content-Length and User-Agent, and follows no redirect.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Request(CoreRequest);

impl Request {
    pub(crate) fn core(&self) -> &CoreRequest {
        &self.0
    }
}

#[pymethods]
impl Request {
    /// The HTTP method.
    #[getter]
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    /// The absolute URL. It may carry a token in its query: print the request itself, never this.
    #[getter]
    fn url(&self) -> &str {
        self.0.url()
    }

    /// Names (in lower case) and values, in the order to send them. Some are secrets.
    #[getter]
    fn headers(&self) -> Vec<(&str, &str)> {
        self.0.headers().iter().map(|header| (header.name(), header.value())).collect()
    }

    /// The body; empty where there is none.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.body())
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Request", "carry it"))
    }
}

/// Carry this request, then tell the exchange what came of it with `receive` or `no_answer`.
#[pyclass(frozen, name = "Send", module = "active_oauth")]
pub(crate) struct SendStep(Py<Request>);

#[pymethods]
impl SendStep {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str,) = ("request",);

    /// What to carry.
    #[getter]
    fn request(&self, py: Python<'_>) -> Py<Request> {
        self.0.clone_ref(py)
    }

    fn __repr__(&self) -> String {
        format!("Send({:?})", self.0.get().0)
    }
}

/// Store this token before the next step: an older one is worthless from now on.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Save(Py<Token>);

#[pymethods]
impl Save {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str,) = ("token",);

    /// What to store.
    #[getter]
    fn token(&self, py: Python<'_>) -> Py<Token> {
        self.0.clone_ref(py)
    }

    fn __repr__(&self) -> String {
        format!("Save({})", self.0.get().__repr__())
    }
}

/// Do nothing for this long. Stepping early gives the rest.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Wait(f64);

#[pymethods]
impl Wait {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str,) = ("seconds",);

    /// How long, in seconds, as time.sleep() takes them.
    #[getter]
    fn seconds(&self) -> f64 {
        self.0
    }

    fn __repr__(&self) -> String {
        format!("Wait({})", self.0)
    }
}

/// A session's store is to be read or written before the next step: call `run()` where blocking is allowed, once.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Store(Mutex<Option<Errand>>);

#[pymethods]
impl Store {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str,) = ("run",);

    /// Does it. Blocks for as long as the store does, with the interpreter let go; what goes wrong is told by the exchange's next step.
    fn run(&self, py: Python<'_>) -> PyResult<()> {
        let errand = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let errand = errand.ok_or_else(|| raise(py, Error::Usage("store: this step was run already; step again".to_owned())))?;
        py.detach(|| errand.run());
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "Python gives one")]
    fn __repr__(&self) -> &'static str {
        "Store()"
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Store", "run it"))
    }
}

/// The result: a Token, a Document, or for an API call a Reply (None where an attempt found the token dead).
#[pyclass(frozen, generic, module = "active_oauth")]
pub(crate) struct Done(Py<PyAny>);

#[pymethods]
impl Done {
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&str,) = ("value",);

    /// The result.
    #[getter]
    fn value(&self, py: Python<'_>) -> Py<PyAny> {
        self.0.clone_ref(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Done({})", self.0.bind(py).repr()?))
    }
}

/// That step as an object of its class; `value` makes the result's.
pub(crate) fn object<T>(py: Python<'_>, step: Step<T>, value: impl FnOnce(T) -> PyResult<Py<PyAny>>) -> PyResult<Py<PyAny>> {
    match step {
        Step::Send(request) => SendStep(Py::new(py, Request(request))?).into_py_any(py),
        Step::Save(token) => Save(Py::new(py, Token::from(token))?).into_py_any(py),
        Step::Wait(pause) => Wait(pause.as_secs_f64()).into_py_any(py),
        Step::Store(errand) => Store(Mutex::new(Some(errand))).into_py_any(py),
        Step::Done(done) => Done(value(done)?).into_py_any(py),
    }
}
