//! How does a client make itself known to a server that never heard of it?

use oauth_core::{Exchange as CoreExchange, Registration as Core};
use oauth_ureq::Agent as CoreAgent;
use pyo3::{IntoPyObjectExt, prelude::*};

use crate::{
    agent::{self, Agent},
    callable::Held,
    client::Client,
    document::Document,
    error::raise,
    exchange::{Exchange, Value},
    key::Key,
    provider::AnyProvider,
    signer::AnySigner,
    text::{Json, Text},
    token::unpicklable,
};

/// A client that was registered (RFC 7591), and how to manage what the server knows of it (RFC 7592): `provider.register({…})`. Keep `saved()`.
#[pyclass(frozen, module = "active_oauth")]
pub(crate) struct Registration {
    core: Core,
    agent: CoreAgent,
}

impl Registration {
    pub(crate) fn new(core: Core, agent: CoreAgent) -> Self {
        Self { core, agent }
    }
}

impl Value for Core {
    fn object(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Registration::new(self, agent::default_agent()).into_py_any(py)
    }
}

#[pymethods]
impl Registration {
    /// The registration that `saved()` wrote, in any language, at that provider. Raises Usage where the text is none.
    #[staticmethod]
    #[pyo3(signature = (provider, saved, /, *, agent = None))]
    fn restore(py: Python<'_>, provider: AnyProvider, saved: Text, agent: Option<Bound<'_, Agent>>) -> PyResult<Self> {
        let core = provider.0.registration(saved.as_str()).map_err(|error| raise(py, error))?;
        Ok(Self::new(core, agent::chosen(agent)))
    }

    /// The client's id.
    #[getter]
    fn client_id(&self) -> &str {
        self.core.client_id()
    }

    /// The client's secret, or None. A secret.
    #[getter]
    fn client_secret(&self) -> Option<String> {
        self.core.client_secret().map(|secret| secret.expose().to_owned())
    }

    /// When the secret expires, in milliseconds since the Unix epoch; None where it never does or the server did not say.
    #[getter]
    fn client_secret_expires_at(&self) -> Option<i64> {
        self.core.client_secret_expires_at()
    }

    /// All that the server said, which may differ from what was asked for. It holds secrets.
    #[getter]
    fn document(&self) -> Document {
        self.core.document().clone().into()
    }

    /// The registration as a text to keep. A secret.
    fn saved(&self) -> String {
        self.core.saved().expose().to_owned()
    }

    /// The client that was registered. `key` and `dpop` are those of `Client`.
    #[pyo3(signature = (*, key = None, dpop = None))]
    fn client(&self, key: Option<AnySigner>, dpop: Option<Bound<'_, Key>>) -> Client {
        let (mut core, mut held) = (self.core.client(), Held::default());
        if let Some(key) = key {
            core = core.signer(key.signer);
            held = held.and(key.held);
        }
        if let Some(key) = dpop {
            core = core.dpop(key.get().prover());
            held = held.and(key.get().held());
        }
        Client::of(core, self.agent.clone(), held)
    }

    /// What the server knows of the client now. It takes the place of this one: keep it, secret and tokens may be new. Blocks; raises Error.
    fn read_again(&self, py: Python<'_>) -> PyResult<Self> {
        self.run(py, self.core.read_again())
    }

    /// The same as an exchange to be stepped.
    fn begin_read_again(&self) -> Exchange {
        self.core.read_again().into()
    }

    /// Replaces what the server knows of the client; what `metadata` leaves out is deleted. The result takes the place of this one: keep it. Blocks;
    /// raises Error.
    #[pyo3(signature = (metadata, /))]
    fn update(&self, py: Python<'_>, metadata: Json) -> PyResult<Self> {
        self.run(py, self.core.update(metadata.as_str()))
    }

    /// The same as an exchange to be stepped.
    #[pyo3(signature = (metadata, /))]
    fn begin_update(&self, metadata: Json) -> Exchange {
        self.core.update(metadata.as_str()).into()
    }

    /// Deletes the client at the server. Blocks; raises Error.
    fn delete(&self, py: Python<'_>) -> PyResult<()> {
        agent::run(py, &self.agent, self.core.delete(), None).map(|_| ())
    }

    /// The same as an exchange to be stepped. It ends with an empty Document.
    fn begin_delete(&self) -> Exchange {
        self.core.delete().into()
    }

    fn __repr__(&self) -> String {
        let secret = if self.core.client_secret().is_some() { "[redacted]" } else { "None" };
        format!("Registration(client_id={:?}, client_secret={secret})", self.core.client_id())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("Registration", "use saved() and Registration.restore()"))
    }
}

impl Registration {
    fn run(&self, py: Python<'_>, exchange: CoreExchange<Core>) -> PyResult<Self> {
        Ok(Self::new(agent::run(py, &self.agent, exchange, None)?, self.agent.clone()))
    }
}

/// The document to publish at `client_id`, an https URL, so that servers can read who a client is without registration: `metadata` with the id put in,
/// checked. Raises Usage, also where it holds a secret.
#[pyfunction]
#[pyo3(signature = (client_id, metadata, /))]
pub(crate) fn client_document(py: Python<'_>, client_id: Text, metadata: Json) -> PyResult<String> {
    oauth_core::client_document(client_id.as_str(), metadata.as_str()).map_err(|error| raise(py, error))
}
