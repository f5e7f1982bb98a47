//! How does C find a provider's record?

use std::ffi::c_char;

use oauth_core::Provider;

use crate::{
    agent::{active_agent, default_agent},
    border::needed,
    exchange::active_exchange,
};

/// Reads what an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0): `issuer` is its identifier, an https URL without
/// query and fragment. ACTIVE_DONE brings active_exchange_record. A document of another issuer is ACTIVE_UNTRUSTED. `agent` carries the requests;
/// NULL is the process's default agent. Never NULL; what is wrong is told by its first step. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_provider_discover(issuer: *const c_char, agent: *mut active_agent) -> *mut active_exchange {
    active_exchange::begun(|| {
        // SAFETY: "handle".
        let agent = unsafe { agent.as_mut() }.map_or_else(|| Ok(default_agent()), active_agent::agent)?;
        Ok((Provider::discover(needed(issuer, "issuer")?).into(), agent))
    })
}
