//! What is said of a client beside its provider and its id?
//!
//! The keywords of `Client` and `Client.replace`: one line each.

use std::sync::Arc;

use oauth_core::{AssertionAudience, BodyFormat, Client as Core, ClientAuth, Policy, Verifier};
use oauth_keys::ServerKeys;
use oauth_ureq::Agent as CoreAgent;
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

use crate::{
    agent::Agent,
    callable::Held,
    key::{self, Key},
    keyword::Keyword,
    signer::AnySigner,
    text::{Pairs, Text, Texts},
};

/// The client, its agent and what it holds, with those that were given on top. What is None counts as left out.
pub(crate) fn put_on(
    mut core: Core,
    mut agent: CoreAgent,
    mut held: Held,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<(Core, CoreAgent, Held)> {
    for (name, value) in options.into_iter().flatten() {
        let name: Text = name.extract()?;
        if value.is_none() {
            continue;
        }
        let option = Keyword { name: name.as_str(), value: &value };
        core = match option.name {
            "secret" => core.secret(option.text()?.as_str()),
            "auth" => core.auth(option.word(ClientAuth::from_word)?),
            "body" => core.body(option.word(BodyFormat::from_word)?),
            "assertion_audience" => core.assertion_audience(option.word(AssertionAudience::from_word)?),
            "key" => {
                let key = option.read::<AnySigner>()?;
                held = held.and(key.held);
                core.signer(key.signer)
            }
            "dpop" => {
                let key = option.object::<Key>("a Key is needed")?.get();
                held = held.and(key.held());
                core.dpop(key.prover())
            }
            "dpop_required" => option.switch(core, Core::dpop_required)?,
            "certificate_bound" => option.switch(core, Core::certificate_bound)?,
            "server_algorithms" => core.verifier(Arc::new(server_keys_for(&option)?)),
            "policy" => core.policy(option.word(Policy::from_word)?),
            "base" => core.base(option.text()?.as_str()),
            "variables" => option.read::<Pairs>()?.iter().fold(core, |core, (name, value)| core.variable(name, value)),
            "agent" => {
                agent = option.object::<Agent>("an Agent is needed")?.get().0.clone();
                core
            }
            "danger_allow_plain_http_to_loopback" => option.switch(core, Core::danger_allow_plain_http_to_loopback)?,
            _ => return Err(PyTypeError::new_err(format!("Client got an unexpected keyword argument '{}'", option.name))),
        };
    }
    Ok((core, agent, held))
}

fn server_keys_for(option: &Keyword<'_, '_>) -> PyResult<ServerKeys> {
    Ok(ServerKeys::taking(&key::asymmetric(option.value.py(), &option.read::<Texts>()?)?))
}

/// The keys of a client's server, which check by themselves what that signed. They are the client's own (and its copies'): whoever carries its
/// requests decides what it believes of its server, and nobody else's client shall believe it too.
pub(crate) fn server_keys() -> Arc<dyn Verifier> {
    Arc::new(ServerKeys::new())
}
