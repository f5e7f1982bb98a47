//! Which server? A built-in name or the program's own record.

use oauth_core::{Provider as Core, Secret};
use pyo3::{IntoPyObjectExt, prelude::*, types::PyDict};

use crate::{
    agent::{self, Agent},
    error::raise,
    exchange::{Exchange, Value},
    register::Registration,
    text::{Json, Text},
    token::loads,
};

/// A provider's endpoints and quirks, as data: a built-in one by its name, any other from a JSON record.
#[pyclass(frozen, module = "active_oauth", from_py_object)]
#[derive(Clone)]
pub(crate) struct Provider(pub(crate) Core);

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Provider(self).into_py_any(py)
    }
}

#[pymethods]
impl Provider {
    /// The built-in provider of that name: activebuilding, mybuilding, buildpass or honeywell. Raises Usage for any other.
    #[staticmethod]
    fn named(py: Python<'_>, name: Text) -> PyResult<Self> {
        Core::named(name.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    /// The provider of this JSON record. Raises Usage, which names the field or the line and column.
    #[staticmethod]
    fn from_json(py: Python<'_>, record: Text) -> PyResult<Self> {
        Core::from_json(record.as_str()).map(Self).map_err(|error| raise(py, error))
    }

    /// The record's name.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The whole record as JSON, for `from_json`: keep that of a discovered provider, it saves requests at every start.
    fn to_json(&self) -> String {
        self.0.record_json()
    }

    /// What the server said of itself where it was discovered, by JSON pointer ("/scopes_supported"); None where it said nothing, or the record was
    /// written by hand.
    #[pyo3(signature = (pointer, /))]
    fn metadata<'py>(&self, py: Python<'py>, pointer: Text) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(value) = self.0.metadata(pointer.as_str()) else { return Ok(None) };
        loads(py, &value.to_string()).map(Some)
    }

    /// Whether its record names an issuer and where that publishes its keys: then its clients check ID tokens, and what else it signs.
    #[getter]
    fn publishes_keys(&self) -> bool {
        self.0.publishes_keys()
    }

    /// The provider that an authorization server describes (RFC 8414, OpenID Connect Discovery): `issuer` is its identifier, an https URL. Blocks;
    /// raises Error, Untrusted where the description is another issuer's.
    #[staticmethod]
    #[pyo3(signature = (issuer, /, *, agent = None))]
    fn discover(py: Python<'_>, issuer: Text, agent: Option<Bound<'_, Agent>>) -> PyResult<Self> {
        agent::run(py, &agent::chosen(agent), Core::discover(issuer.as_str()), None).map(Self)
    }

    /// The same as an exchange to be stepped.
    #[staticmethod]
    #[pyo3(signature = (issuer, /))]
    fn begin_discover(issuer: Text) -> Exchange {
        Core::discover(issuer.as_str()).into()
    }

    /// Registers a client (RFC 7591): `provider.register({"redirect_uris": […], "client_name": …})`. `initial_access_token` is what the server demands
    /// where not everybody may register. Every call makes another client. Blocks; raises Error.
    #[pyo3(signature = (metadata, /, *, initial_access_token = None, agent = None))]
    fn register(
        &self,
        py: Python<'_>,
        metadata: Json,
        initial_access_token: Option<Text>,
        agent: Option<Bound<'_, Agent>>,
    ) -> PyResult<Registration> {
        let agent = agent::chosen(agent);
        let token = initial_access_token.as_ref().map(|token| Secret::from(token.as_str()));
        let core = agent::run(py, &agent, self.0.register(metadata.as_str(), token.as_ref()), None)?;
        Ok(Registration::new(core, agent))
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (metadata, /, *, initial_access_token = None))]
    fn begin_register(&self, metadata: Json, initial_access_token: Option<Text>) -> Exchange {
        let token = initial_access_token.as_ref().map(|token| Secret::from(token.as_str()));
        self.0.register(metadata.as_str(), token.as_ref()).into()
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// What a program may give for a provider: a name, a record as a dict, or a [`Provider`].
pub(crate) struct AnyProvider(pub(crate) Core);

impl<'py> FromPyObject<'_, 'py> for AnyProvider {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(provider) = object.cast::<Provider>() {
            return Ok(Self(provider.get().0.clone()));
        }
        if object.is_instance_of::<PyDict>() {
            let record: Json = object.extract()?;
            return Core::from_json(record.as_str()).map(Self).map_err(|error| raise(py, error));
        }
        let name: Text = object.extract()?;
        // A record's text, as `Provider.to_json` gives it.
        let read = if name.as_str().trim_start().starts_with('{') { Core::from_json } else { Core::named };
        read(name.as_str()).map(Self).map_err(|error| raise(py, error))
    }
}
