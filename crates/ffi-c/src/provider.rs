//! How does C find out about servers and APIs, and make itself known to them?

use std::ffi::c_char;

use oauth_core::{Error, Provider, Registration, Resource, Secret};
use oauth_ureq::Agent;

use crate::{
    agent::{active_agent, default_agent},
    border::{needed, text},
    client::{active_client, made},
    exchange::active_exchange,
    work::Work,
};

/// An exchange that no client begins.
fn open(agent: *mut active_agent, begin: impl FnOnce() -> Result<Work, Error>) -> *mut active_exchange {
    active_exchange::begun(|| {
        // SAFETY: "handle".
        let agent: Agent = unsafe { agent.as_mut() }.map_or_else(|| Ok(default_agent()), active_agent::agent)?;
        Ok((begin()?, agent))
    })
}

/// Reads what an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0): `issuer` is its identifier, an https URL without
/// query and fragment. ACTIVE_DONE brings active_exchange_record. A document of another issuer is ACTIVE_UNTRUSTED. `agent` carries the requests;
/// NULL is the process's default agent. Never NULL; what is wrong is told by its first step. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_provider_discover(issuer: *const c_char, agent: *mut active_agent) -> *mut active_exchange {
    open(agent, || Ok(Provider::discover(needed(issuer, "issuer")?).into()))
}

/// Asks an API what it is (RFC 9728): `resource` is its identifier, an https URL. ACTIVE_DONE brings active_exchange_document: "/resource" is
/// what to ask tokens for, "/authorization_servers/0" an issuer for active_provider_discover. A document of another API is ACTIVE_UNTRUSTED. `agent`
/// as for active_provider_discover. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_resource_discover(resource: *const c_char, agent: *mut active_agent) -> *mut active_exchange {
    open(agent, || Ok(Resource::discover(needed(resource, "resource")?).into()))
}

/// Registers a client (RFC 7591) at the provider of this record (JSON): `metadata` is a JSON object of redirect_uris, grant_types,
/// token_endpoint_auth_method and others; `initial_access_token` is what the server demands where not everybody may register, NULL for none.
/// ACTIVE_DONE brings active_exchange_document, a secret: keep its json, active_client_new_from_registration reads it. Every time it runs another
/// client comes to be. `agent` as for active_provider_discover. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_provider_register(
    record: *const c_char,
    metadata: *const c_char,
    initial_access_token: *const c_char,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || {
        let provider = Provider::from_json(needed(record, "provider record")?)?;
        let token = text(initial_access_token, "initial_access_token")?.map(Secret::from);
        Ok(provider.register(needed(metadata, "metadata")?, token.as_ref()).into())
    })
}

/// The client that active_provider_register made, out of the provider's record and the json of the document: its id, its secret and the way
/// it was registered to authenticate. Never NULL; what is wrong is told by the first step of an exchange. Free it with active_client_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_new_from_registration(
    record: *const c_char,
    registration: *const c_char,
) -> *mut active_client {
    made(|| {
        let provider = Provider::from_json(needed(record, "provider record")?)?;
        let registration = provider.registration(needed(registration, "registration")?)?;
        Ok(Registration::client(&registration))
    })
}
