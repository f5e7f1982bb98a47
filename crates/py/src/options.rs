//! What is said of a client beside its provider and its id?
//!
//! The keywords of `Client` and `Client.replace`: one line each.

use std::sync::{Arc, OnceLock};

use oauth_core::{AssertionAudience, BodyFormat, Client as Core, ClientAuth, Policy, Verifier};
use oauth_keys::ServerKeys;
use oauth_ureq::Agent as CoreAgent;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

use crate::{
    agent::Agent,
    error::raise,
    key::{self, Key},
    signer::AnySigner,
    text::{Pairs, Text, Texts},
};

/// The client and its agent, with those that were given on top. What is None counts as left out.
pub(crate) fn put_on(mut core: Core, mut agent: CoreAgent, options: Option<&Bound<'_, PyDict>>) -> PyResult<(Core, CoreAgent)> {
    for (name, value) in options.into_iter().flatten() {
        let name: Text = name.extract()?;
        if value.is_none() {
            continue;
        }
        let option = Given { name: name.as_str(), value: &value };
        core = match option.name {
            "secret" => core.secret(option.text()?.as_str()),
            "auth" => core.auth(option.word(ClientAuth::from_word)?),
            "body" => core.body(option.word(BodyFormat::from_word)?),
            "assertion_audience" => core.assertion_audience(option.word(AssertionAudience::from_word)?),
            "key" => core.signer(value.extract::<AnySigner>()?.0),
            "dpop" => core.dpop(value.cast::<Key>().map_err(|_| option.wrong("a Key is needed"))?.get().prover()),
            "dpop_required" => option.switch(core, Core::dpop_required)?,
            "certificate_bound" => option.switch(core, Core::certificate_bound)?,
            "server_algorithms" => core.verifier(Arc::new(option.server_keys()?)),
            "policy" => core.policy(option.word(Policy::from_word)?),
            "base" => core.base(option.text()?.as_str()),
            "variables" => option.pairs()?.iter().fold(core, |core, (name, value)| core.variable(name, value)),
            "agent" => {
                agent = value.cast::<Agent>().map_err(|_| option.wrong("an Agent is needed"))?.get().0.clone();
                core
            }
            "danger_allow_plain_http_to_loopback" => option.switch(core, Core::danger_allow_plain_http_to_loopback)?,
            _ => return Err(PyTypeError::new_err(format!("Client got an unexpected keyword argument '{}'", option.name))),
        };
    }
    Ok((core, agent))
}

/// One keyword.
struct Given<'a, 'py> {
    name: &'a str,
    value: &'a Bound<'py, PyAny>,
}

impl Given<'_, '_> {
    fn text(&self) -> PyResult<Text> {
        self.value.extract().map_err(|error: PyErr| self.told(error))
    }

    fn pairs(&self) -> PyResult<Pairs> {
        self.value.extract().map_err(|error: PyErr| self.told(error))
    }

    fn word<T>(&self, read: impl FnOnce(&str) -> Result<T, oauth_core::Error>) -> PyResult<T> {
        read(self.text()?.as_str()).map_err(|error| raise(self.value.py(), error))
    }

    fn switch(&self, core: Core, on: impl FnOnce(Core) -> Core) -> PyResult<Core> {
        let is_on: bool = self.value.extract().map_err(|error| self.told(error))?;
        Ok(if is_on { on(core) } else { core })
    }

    fn server_keys(&self) -> PyResult<ServerKeys> {
        let names: Texts = self.value.extract().map_err(|error| self.told(error))?;
        let algorithms = names.iter().map(|name| key::asymmetric(self.value.py(), name)).collect::<PyResult<Vec<_>>>()?;
        Ok(ServerKeys::taking(&algorithms))
    }

    fn wrong(&self, why: &str) -> PyErr {
        PyTypeError::new_err(format!("argument '{}': {why}", self.name))
    }

    /// As Python says which argument it was. A value never stands in it.
    fn told(&self, error: PyErr) -> PyErr {
        let py = self.value.py();
        if error.is_instance_of::<PyTypeError>(py) { self.wrong(&error.value(py).to_string()) } else { error }
    }
}

/// The keys of all servers, read once for all clients: whose statements they check by themselves.
pub(crate) fn server_keys() -> Arc<dyn Verifier> {
    static KEYS: OnceLock<Arc<ServerKeys>> = OnceLock::new();
    KEYS.get_or_init(|| Arc::new(ServerKeys::new())).clone()
}
