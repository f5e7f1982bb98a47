//! How does a program get from a refusal to a client that may ask for a token?

use oauth_core::{Access as Core, Admission as CoreAdmission};
use oauth_ureq::Agent as CoreAgent;
use pyo3::{IntoPyObjectExt, prelude::*, types::PyDict};

use crate::{
    agent::{self, Agent},
    callable::Held,
    client::Client,
    discover::{Resource, refusal},
    exchange::{Exchange, Value},
    register::Registration,
    text::{Json, Text, Texts},
    token::{optional, unpicklable},
};

/// What a program knows of itself before it asks an API it never heard of, as the Model Context Protocol has it: `Access(url, register={…}).after(…)`.
///
/// `url`: what was called, which is the API's identifier. `client_document`: the URL of the program's own document (see `client_document`), taken
/// where the server reads those. `register`: what to register with otherwise; `initial_access_token`: what the server may demand for it.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Access(Core);

#[pymethods]
impl Access {
    #[new]
    #[pyo3(signature = (url, /, *, client_document = None, register = None, initial_access_token = None))]
    fn new(url: Text, client_document: Option<Text>, register: Option<Json>, initial_access_token: Option<Text>) -> Self {
        let mut access = Core::to(url.as_str());
        if let Some(url) = client_document {
            access = access.client_document(url.as_str());
        }
        if let Some(metadata) = register {
            access = access.register(metadata.as_str());
        }
        if let Some(token) = initial_access_token {
            access = access.initial_access_token(token.as_str());
        }
        Self(access)
    }

    /// From the API's refusal to a client: what the API is, who issues its tokens, and how this program becomes known there. `www_authenticate` is
    /// that header of the 401, or a list of several. Blocks; raises Error.
    #[pyo3(signature = (www_authenticate = None, /, *, agent = None))]
    fn after(&self, py: Python<'_>, www_authenticate: Option<Texts>, agent: Option<Bound<'_, Agent>>) -> PyResult<Admission> {
        let agent = agent::chosen(agent);
        let core = agent::run(py, &agent, self.0.clone().after(&refusal(www_authenticate.as_ref())), None)?;
        Ok(Admission { core, agent })
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (www_authenticate = None, /))]
    fn begin_after(&self, www_authenticate: Option<Texts>) -> Exchange {
        self.0.clone().after(&refusal(www_authenticate.as_ref())).into()
    }

    #[expect(clippy::unused_self, reason = "Python gives one")]
    fn __repr__(&self) -> &'static str {
        "Access()"
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Access", "make one in each process"))
    }
}

/// A client that may ask for tokens for one API: `admission.client.authorize(redirect_uri, admission.parameters)` begins the login.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Admission {
    core: CoreAdmission,
    agent: CoreAgent,
}

impl Value for CoreAdmission {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Admission { core: self, agent: agent::default_agent() }.into_py_any(py)
    }
}

#[pymethods]
impl Admission {
    /// A client at the API's first authorization server. Its calls go to the API's origin and nowhere else.
    #[getter]
    fn client(&self) -> Client {
        Client::of(self.core.client.clone(), self.agent.clone(), Held::default())
    }

    /// The API, as it describes itself.
    #[getter]
    fn resource(&self) -> Resource {
        self.core.resource.clone().into()
    }

    /// The registration that was made on the way, or None. Keep it, or there will be another one each time.
    #[getter]
    fn registration(&self) -> Option<Registration> {
        self.core.registration.clone().map(|core| Registration::new(core, self.agent.clone()))
    }

    /// The scopes to ask for: what the refusal named, else what the API knows; None where nobody named any.
    #[getter]
    fn scope(&self) -> Option<&str> {
        self.core.scope.as_deref()
    }

    /// What to ask for, for `client.authorize` and `client.push`: this API as `resource`, and the `scope` where there is one.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let parameters = PyDict::new(py);
        parameters.set_item("resource", self.core.resource.resource())?;
        if let Some(scope) = self.core.scope.as_deref() {
            parameters.set_item("scope", scope)?;
        }
        Ok(parameters)
    }

    fn __repr__(&self) -> String {
        format!("Admission({}, scope={})", self.client().__repr__(), optional(self.scope()))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Admission", "keep the client's id and its registration's saved()"))
    }
}
