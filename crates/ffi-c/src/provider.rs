//! How does C find out about servers and APIs, and make itself known to them?

use std::ffi::c_char;

use oauth_core::{Error, Provider, Registration, Resource, Secret, client_document};
use oauth_ureq::Agent;

use crate::{
    active_pair,
    agent::{active_agent, default_agent},
    border::{needed, pairs, text},
    challenge::refusal,
    client::{active_client, made},
    exchange::active_exchange,
    work::{Product, Work},
};

/// An exchange that no client begins.
pub(crate) fn open(agent: *mut active_agent, begin: impl FnOnce() -> Result<Work, Error>) -> *mut active_exchange {
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

/// Asks an API what it is at the place that its refusal names (RFC 9728 §5.1), which may be on another host: `headers` are those of the refusal, and its
/// WWW-Authenticate counts. Where it names none this is active_resource_discover, and it ends as that does. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_resource_challenged(
    resource: *const c_char,
    headers: *const active_pair,
    header_count: usize,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || {
        let refusal = refusal(pairs(headers, header_count, "headers")?);
        Ok(Resource::challenged(needed(resource, "resource")?, &refusal).into())
    })
}

/// The document to publish at `client_id`, an https URL, as application/json, so that servers can read who a client is without registration:
/// `metadata` (a JSON object: redirect_uris, client_name, …) with the id put in, checked. It must hold no secret and be no larger than 5 KiB.
/// ACTIVE_DONE, which its first step gives, brings it as active_exchange_text (no secret); active_access_client_document takes its URL. Never NULL. Free it
/// with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_document(client_id: *const c_char, metadata: *const c_char) -> *mut active_exchange {
    active_exchange::at_once(|| {
        Ok(Product::Text(Secret::from(client_document(needed(client_id, "client_id")?, needed(metadata, "metadata")?)?)))
    })
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

/// Reads what the server knows of a client now (RFC 7592 §2.1): `registration` is the json that active_provider_register brought, or one of these
/// three functions after it. ACTIVE_DONE brings active_exchange_document, a secret, whose json takes its place: keep it, secret and tokens may be new.
/// `record` and `agent` as for active_provider_register. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_registration_read(
    record: *const c_char,
    registration: *const c_char,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || Ok(registered(record, registration)?.read_again().into()))
}

/// Replaces what the server knows of a client (RFC 7592 §2.2): `metadata` (JSON) is the whole of it, what it leaves out is deleted. ACTIVE_DONE
/// brings what active_registration_read does; keep it. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_registration_update(
    record: *const c_char,
    registration: *const c_char,
    metadata: *const c_char,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || Ok(registered(record, registration)?.update(needed(metadata, "metadata")?).into()))
}

/// Deletes a client at the server (RFC 7592 §2.3). ACTIVE_DONE says that it is gone, and its document is empty. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_registration_delete(
    record: *const c_char,
    registration: *const c_char,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || Ok(registered(record, registration)?.delete().into()))
}

fn registered(record: *const c_char, registration: *const c_char) -> Result<Registration, Error> {
    Provider::from_json(needed(record, "provider record")?)?.registration(needed(registration, "registration")?)
}

/// The client that active_provider_register made, out of the provider's record and the json of the document: its id, its secret and the way
/// it was registered to authenticate. Never NULL; what is wrong is told by the first step of an exchange. Free it with active_client_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_new_from_registration(
    record: *const c_char,
    registration: *const c_char,
) -> *mut active_client {
    made(|| registered(record, registration).map(|registration| registration.client()))
}
