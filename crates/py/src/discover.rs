//! What is this API, and why did it refuse?

use oauth_core::{Answer, Challenge as CoreChallenge, Exchange as CoreExchange, Resource as Core};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    agent::{self, Agent},
    document::Document,
    exchange::{Exchange, Value},
    text::{Text, Texts},
    token::optional,
};

/// What a protected resource says of itself (RFC 9728).
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Resource(Core);

impl From<Core> for Resource {
    fn from(resource: Core) -> Self {
        Self(resource)
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Resource(self).into_py_any(py)
    }
}

#[pymethods]
impl Resource {
    /// Asks a resource what it is: `url` is its identifier, which is the URL that was called. `www_authenticate` is that header of its refusal, or a
    /// list of several: it may say where the document is. Blocks; raises Error, Untrusted where the document is another resource's.
    #[staticmethod]
    #[pyo3(signature = (url, /, *, www_authenticate = None, agent = None))]
    fn discover(py: Python<'_>, url: Text, www_authenticate: Option<Texts>, agent: Option<Bound<'_, Agent>>) -> PyResult<Self> {
        let exchange = exchange(&url, www_authenticate.as_ref());
        agent::run(py, &agent::chosen(agent), exchange, None).map(Self)
    }

    /// The same as an exchange to be stepped.
    #[staticmethod]
    #[pyo3(signature = (url, /, *, www_authenticate = None))]
    fn begin_discover(url: Text, www_authenticate: Option<Texts>) -> Exchange {
        exchange(&url, www_authenticate.as_ref()).into()
    }

    /// Its identifier: what `resource` must say in the requests for its tokens.
    #[getter]
    fn resource(&self) -> &str {
        self.0.resource()
    }

    /// The issuers that it takes tokens from, in its order; `Provider.discover` reads each.
    #[getter]
    fn authorization_servers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.authorization_servers())
    }

    /// The scopes that are used there; empty where it names none.
    #[getter]
    fn scopes_supported<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.scopes_supported())
    }

    /// All that it says.
    #[getter]
    fn document(&self) -> Document {
        self.0.document().clone().into()
    }

    fn __repr__(&self) -> String {
        let place = self.0.resource().split('?').next().unwrap_or_default();
        format!("Resource({place:?})")
    }
}

fn exchange(url: &Text, www_authenticate: Option<&Texts>) -> CoreExchange<Core> {
    Core::challenged(url.as_str(), &refusal(www_authenticate))
}

/// A bare refusal with these `WWW-Authenticate` fields.
pub(crate) fn refusal(www_authenticate: Option<&Texts>) -> Answer {
    let fields = www_authenticate.into_iter().flat_map(Texts::iter);
    Answer::new(401, fields.map(|field| ("www-authenticate".to_owned(), field.to_owned())).collect(), Vec::new())
}

/// Why an API refused, from its `WWW-Authenticate` (RFC 9110 §11.6.1): `Challenge.parse(response.headers["WWW-Authenticate"])`.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Challenge(CoreChallenge);

impl Challenge {
    pub(crate) fn of(core: CoreChallenge) -> Self {
        Self(core)
    }

    pub(crate) fn core(&self) -> &CoreChallenge {
        &self.0
    }
}

#[pymethods]
impl Challenge {
    /// Every well-formed challenge of this header, or of a list of several, in order.
    #[staticmethod]
    #[pyo3(signature = (www_authenticate, /))]
    fn parse(www_authenticate: Texts) -> Vec<Self> {
        CoreChallenge::parse_all(www_authenticate.iter()).into_iter().map(Self).collect()
    }

    /// What an API wants of another login: the challenge of this header, or of a list of several, whose error is insufficient_user_authentication
    /// (RFC 9470) or insufficient_scope (RFC 6750), for `client.authorize(…, step_up=challenge)`. None where it wants none. After that login call the API
    /// once more, and not again and again: the server may not be able to give what the API wants.
    #[staticmethod]
    #[pyo3(signature = (www_authenticate, /))]
    fn step_up(www_authenticate: Texts) -> Option<Self> {
        refusal(Some(&www_authenticate)).step_up().map(Self)
    }

    /// The scheme as it was written: "Bearer", "DPoP". Its case means nothing.
    #[getter]
    fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The parameters, names in lower case: `realm`, `error`, `scope`, `acr_values`, `max_age`, `resource_metadata`, …
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let parameters = PyDict::new(py);
        self.0.parameters().try_for_each(|(name, value)| parameters.set_item(name, value))?;
        Ok(parameters)
    }

    /// The bare token of `Negotiate YWJj==` and its like, or None.
    #[getter]
    fn token68(&self) -> Option<&str> {
        self.0.token68()
    }

    fn __repr__(&self) -> String {
        format!("Challenge({:?}, error={})", self.0.scheme(), optional(self.0.error()))
    }
}
