//! How is a login in the browser kept until its callback?

use std::sync::{Mutex, MutexGuard, PoisonError};

use oauth_core::{Authorize, Login as Core, Now as CoreNow};
use pyo3::{IntoPyObjectExt, prelude::*, types::PyDict};

use crate::{
    agent::duration,
    discover::Challenge,
    error::raise,
    exchange::Value,
    keyword::Keyword,
    step::Now,
    text::{Parameters, Text},
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

/// What is asked of the authorization endpoint, and when.
pub(crate) struct Asked {
    pub(crate) authorize: Authorize,
    pub(crate) now: CoreNow,
}

impl Asked {
    /// Keywords that have no meaning of their own here are parameters of the request.
    pub(crate) fn of(
        redirect_uri: &Text,
        parameters: Option<Parameters>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let mut authorize = Authorize::new(redirect_uri.as_str());
        let mut parameters = parameters.unwrap_or_default();
        let mut step_up = None;
        let mut asked = Self { authorize: authorize.clone(), now: oauth_ureq::now() };
        for (name, value) in keywords.into_iter().flatten() {
            let word: Text = name.extract()?;
            let given = Keyword { name: word.as_str(), value: &value };
            match given.name {
                "response_type" | "response_mode" | "signed" | "step_up" | "lifetime" | "now" if value.is_none() => {}
                "response_type" => authorize = authorize.response_type(given.text()?.as_str()),
                "response_mode" => {
                    authorize = authorize.response_mode(given.text()?.as_str());
                }
                "signed" => authorize = given.switch(authorize, Authorize::signed)?,
                "step_up" => step_up = Some(given.object::<Challenge>("a Challenge is needed")?.get().core().clone()),
                "lifetime" => {
                    let lifetime = duration("lifetime", given.read::<f64>()?).map_err(|error| raise(value.py(), error))?;
                    // The core brings what is too long into its bounds.
                    authorize = authorize.lifetime_ms(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX));
                }
                "now" => asked.now = given.object::<Now>("a Now is needed")?.get().0,
                _ => parameters.push(&name, &value)?,
            }
        }
        authorize = parameters.iter().fold(authorize, |all, (name, value)| all.parameter(name, value));
        // Behind the scopes and the age that the program itself asks for.
        asked.authorize = step_up.into_iter().fold(authorize, |all, challenge| all.step_up(&challenge));
        Ok(asked)
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
