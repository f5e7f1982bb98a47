//! What is said of a client beside its provider and its id?

use std::sync::{Arc, OnceLock};

use oauth_core::{AssertionAudience, BodyFormat, Client as Core, ClientAuth, Verifier};
use oauth_keys::ServerKeys;
use pyo3::prelude::*;

use crate::{
    error::raise,
    key::{self, Key},
    signer::AnySigner,
    text::{Pairs, Text, Texts},
};

/// The keywords of `Client` and `Client.replace`, but for the agent.
pub(crate) struct Options<'py> {
    pub(crate) secret: Option<Text>,
    pub(crate) auth: Option<Text>,
    pub(crate) body: Option<Text>,
    pub(crate) assertion_audience: Option<Text>,
    pub(crate) key: Option<AnySigner>,
    pub(crate) dpop: Option<Bound<'py, Key>>,
    pub(crate) dpop_required: bool,
    pub(crate) server_algorithms: Option<Texts>,
    pub(crate) base: Option<Text>,
    pub(crate) variables: Option<Pairs>,
    pub(crate) danger_allow_plain_http_to_loopback: bool,
}

impl Options<'_> {
    /// The same client with those that were given.
    pub(crate) fn on(self, py: Python<'_>, mut core: Core) -> PyResult<Core> {
        let fail = |error| raise(py, error);
        if let Some(secret) = self.secret {
            core = core.secret(secret.as_str());
        }
        if let Some(word) = self.auth {
            core = core.auth(ClientAuth::from_word(word.as_str()).map_err(fail)?);
        }
        if let Some(word) = self.body {
            core = core.body(BodyFormat::from_word(word.as_str()).map_err(fail)?);
        }
        if let Some(word) = self.assertion_audience {
            core = core.assertion_audience(AssertionAudience::from_word(word.as_str()).map_err(fail)?);
        }
        if let Some(key) = self.key {
            core = core.signer(key.0);
        }
        if let Some(key) = self.dpop {
            core = core.dpop(key.get().prover());
        }
        if self.dpop_required {
            core = core.dpop_required();
        }
        if let Some(names) = self.server_algorithms {
            let algorithms = names.iter().map(|name| key::asymmetric(py, name)).collect::<PyResult<Vec<_>>>()?;
            core = core.verifier(Arc::new(ServerKeys::taking(&algorithms)));
        }
        if let Some(base) = self.base {
            core = core.base(base.as_str());
        }
        if let Some(variables) = &self.variables {
            core = variables.iter().fold(core, |core, (name, value)| core.variable(name, value));
        }
        if self.danger_allow_plain_http_to_loopback {
            core = core.danger_allow_plain_http_to_loopback();
        }
        Ok(core)
    }
}

/// The keys of all servers, read once for all clients: whose statements they check by themselves.
pub(crate) fn server_keys() -> Arc<dyn Verifier> {
    static KEYS: OnceLock<Arc<ServerKeys>> = OnceLock::new();
    KEYS.get_or_init(|| Arc::new(ServerKeys::new())).clone()
}
