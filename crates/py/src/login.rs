//! How is a login in the browser kept until its callback?

use std::sync::{Mutex, MutexGuard, PoisonError};

use oauth_core::{Authorize, Login as Core};
use pyo3::{IntoPyObjectExt, prelude::*};

use crate::{
    discover::Challenge,
    error::raise,
    exchange::Value,
    text::{Pairs, Text},
    token::unpicklable,
};

/// A login that waits for its callback. Send the user to `url`, keep `saved()` in the user's own session; it works once.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Login(Mutex<Core>);

impl From<Core> for Login {
    fn from(login: Core) -> Self {
        Self(Mutex::new(login))
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Login::from(self).into_py_any(py)
    }
}

/// The keywords of an authorization request, but for its parameters.
pub(crate) struct How<'py> {
    pub(crate) response_type: Option<Text>,
    pub(crate) signed: bool,
    pub(crate) step_up: Option<Bound<'py, Challenge>>,
    /// In seconds.
    pub(crate) lifetime: f64,
}

impl How<'_> {
    /// What is asked of the authorization endpoint.
    pub(crate) fn ask(self, redirect_uri: &Text, parameters: &Pairs) -> Authorize {
        let mut authorize =
            parameters.iter().fold(Authorize::new(redirect_uri.as_str()), |all, (name, value)| all.parameter(name, value));
        if let Some(response_type) = self.response_type {
            authorize = authorize.response_type(response_type.as_str());
        }
        if self.signed {
            authorize = authorize.signed();
        }
        if let Some(challenge) = self.step_up {
            authorize = authorize.step_up(challenge.get().core());
        }
        // A float's cast saturates, and the core brings what is left into its bounds.
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        authorize.lifetime_ms((self.lifetime * 1000.0) as i64)
    }
}

impl Login {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Login {
    /// The URL to send the browser to; empty for a restored login. It holds the state: redirect to it, do not log it.
    #[getter]
    fn url(&self) -> String {
        self.lock().url().to_owned()
    }

    /// Until when the server knows the URL of a pushed request, in milliseconds since the Unix epoch; often a minute. None for any other.
    #[getter]
    fn url_expires_at(&self) -> Option<i64> {
        self.lock().url_expires_at()
    }

    /// Whether a callback was accepted already, so that the stored text can be deleted.
    #[getter]
    fn is_taken(&self) -> bool {
        self.lock().is_taken()
    }

    /// The login as a versioned text, for the user's session. A secret. Raises Expired where it was taken already.
    fn saved(&self, py: Python<'_>) -> PyResult<String> {
        let saved = self.lock().saved();
        saved.map(|saved| saved.expose().to_owned()).map_err(|error| raise(py, error))
    }

    /// The login that `saved()` wrote, in any language. Raises Usage where the text is damaged or of a newer version.
    #[staticmethod]
    fn restore(py: Python<'_>, saved: Text) -> PyResult<Self> {
        Core::restore(saved.as_str()).map(Self::from).map_err(|error| raise(py, error))
    }

    fn __repr__(&self) -> String {
        format!("Login({})", if self.is_taken() { "taken" } else { "waiting" })
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Login", "use saved() and Login.restore()"))
    }
}
