//! How does C say who we are, and begin an exchange?

use std::{ffi::c_char, ptr, sync::Arc};

use oauth_core::{BodyFormat, Call, Client, ClientAuth, Error, Grant, Policy, Provider};
use oauth_keys::ServerKeys;
use oauth_ureq::{Agent, OsRandom};

use crate::{
    active_pair,
    agent::{active_agent, default_agent},
    border::{guard, needed, pairs},
    call::{Draft, With},
    exchange::active_exchange,
    token::{active_token, given},
    work::Work,
};

/// A client at one provider. What is wrong with it is told by the first step of an exchange: there is nothing to check before.
pub struct active_client {
    client: Client,
    agent: Option<Agent>,
    /// RFC 9101: whether its authorization requests are signed.
    signs_requests: bool,
    error: Option<Error>,
}

impl active_client {
    /// The client and its agent, or the first thing that was wrong.
    pub(crate) fn ready<'a>(client: *const Self) -> Result<(&'a Client, Agent), Error> {
        // SAFETY: "handle".
        let client = unsafe { client.as_ref() }.ok_or_else(|| Error::Usage("client: is NULL".to_owned()))?;
        match &client.error {
            Some(error) => Err(error.clone()),
            None => Ok((&client.client, client.agent.clone().unwrap_or_else(default_agent))),
        }
    }

    pub(crate) fn signs_requests(client: *const Self) -> bool {
        // SAFETY: "handle".
        unsafe { client.as_ref() }.is_some_and(|client| client.signs_requests)
    }

    /// A client that came to be elsewhere.
    pub(crate) fn of(client: Client, agent: Agent) -> Box<Self> {
        Box::new(Self { client: equipped(client), agent: Some(agent), signs_requests: false, error: None })
    }
}

/// A client of a built-in provider: "activebuilding", "mybuilding", "buildpass" or "honeywell". Never NULL. Free it with active_client_free,
/// at any time: exchanges keep what they need.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_new(provider: *const c_char, client_id: *const c_char) -> *mut active_client {
    make(client_id, || Provider::named(needed(provider, "provider")?))
}

/// A client of any provider, described by its record (JSON). Never NULL; what is wrong with the record is told, with its place, by the first
/// step of an exchange. Free it with active_client_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_new_from_record(record: *const c_char, client_id: *const c_char) -> *mut active_client {
    make(client_id, || Provider::from_json(needed(record, "provider record")?))
}

fn make(client_id: *const c_char, provider: impl FnOnce() -> Result<Provider, Error>) -> *mut active_client {
    made(|| Ok(Client::new(provider()?, needed(client_id, "client_id")?)))
}

pub(crate) fn made(client: impl FnOnce() -> Result<Client, Error>) -> *mut active_client {
    guard(ptr::null_mut(), || {
        let (client, error) = match client() {
            Ok(client) => (equipped(client), None),
            // Never used: every exchange begins with the error.
            Err(error) => (Client::new(Provider::buildpass(), "none"), Some(error)),
        };
        Box::into_raw(Box::new(active_client { client, agent: None, signs_requests: false, error }))
    })
}

/// What every client has without asking: ids for what it signs, and where its server publishes keys the check of what that signed. The keys
/// are the client's own: whoever carries its requests decides what it believes of its server, and nobody else's client shall believe it too
/// (two sites in one PHP worker).
fn equipped(client: Client) -> Client {
    let client = client.random(Arc::new(OsRandom));
    if client.provider().publishes_keys() { client.verifier(Arc::new(ServerKeys::new())) } else { client }
}

/// A client of your own that is as that one: what is set on one of them afterwards changes nothing of the other. They share the server's keys that were
/// read, so whoever carries one's requests decides what both believe: where the copy's agent trusts others than the first one's, give it keys of its own by
/// active_client_server_algorithms. NULL for NULL. Free it with active_client_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_copy(client: *const active_client) -> *mut active_client {
    guard(ptr::null_mut(), || {
        // SAFETY: "handle".
        let Some(from) = (unsafe { client.as_ref() }) else { return ptr::null_mut() };
        let active_client { client, agent, signs_requests, error } = from;
        let (client, agent, error) = (client.clone(), agent.clone(), error.clone());
        Box::into_raw(Box::new(active_client { client, agent, signs_requests: *signs_requests, error }))
    })
}

/// Frees a client, and wipes its secret. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_free(client: *mut active_client) {
    guard((), || {
        if !client.is_null() {
            // SAFETY: "handle": it came from `make`.
            drop(unsafe { Box::from_raw(client) });
        }
    });
}

pub(crate) fn set(client: *mut active_client, change: impl FnOnce(Client) -> Result<Client, Error>) {
    guard((), || {
        // SAFETY: "handle".
        let Some(handle) = (unsafe { client.as_mut() }) else { return };
        match change(handle.client.clone()) {
            Ok(client) => handle.client = client,
            Err(error) => {
                handle.error.get_or_insert(error);
            }
        }
    });
}

/// The client's secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_secret(client: *mut active_client, secret: *const c_char) {
    set(client, |client| Ok(client.secret(needed(secret, "client_secret")?)));
}

/// Another client authentication than the provider's record says: "basic", "basic_raw", "post", "none", "client_secret_jwt",
/// "private_key_jwt" with active_client_key, or "tls_client_auth" or "self_signed_tls_client_auth" with an agent that shows a certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_auth(client: *mut active_client, auth: *const c_char) {
    set(client, |client| Ok(client.auth(ClientAuth::from_word(needed(auth, "auth")?)?)));
}

/// This client's agent shows a certificate although it authenticates otherwise, or not at all: the server binds its tokens to the certificate
/// (RFC 8705 section 3), so they are good with such an agent alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_certificate_bound(client: *mut active_client) {
    set(client, |client| Ok(client.certificate_bound()));
}

/// Another body of token requests than the provider's record says: "form" or "json".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_body(client: *mut active_client, body: *const c_char) {
    set(client, |client| Ok(client.body(BodyFormat::from_word(needed(body, "body")?)?)));
}

/// A profile that this client keeps to: "oauth_2_1" (RFC 9700), or "fapi_2_0" (FAPI 2.0 Security Profile), which has all of the former. What it forbids is
/// ACTIVE_USAGE before anything is sent, and says which rule that is and what to do instead. Without one nothing of it is asked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_policy(client: *mut active_client, policy: *const c_char) {
    set(client, |client| Ok(client.policy(Policy::from_word(needed(policy, "policy")?)?)));
}

/// Another host than the provider's record says ("https://localhost:8443"). MyBuilding needs one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_base(client: *mut active_client, base: *const c_char) {
    set(client, |client| Ok(client.base(needed(base, "base")?)));
}

/// Signs every authorization request of this client with the key of active_client_key (JAR, RFC 9101), pushed or in the URL, so that nobody on
/// the way changes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_signed_requests(client: *mut active_client) {
    guard((), || {
        // SAFETY: "handle".
        if let Some(client) = unsafe { client.as_mut() } {
            client.signs_requests = true;
        }
    });
}

/// Fills {name} in the record's endpoints, for example a tenant's name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_variable(client: *mut active_client, name: *const c_char, value: *const c_char) {
    set(client, |client| Ok(client.variable(needed(name, "variable")?, needed(value, "variable")?)));
}

/// Lets this client talk plain http to a loopback address, for a test server without TLS. Never to any other host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_danger_allow_plain_http_to_loopback(client: *mut active_client) {
    set(client, |client| Ok(client.danger_allow_plain_http_to_loopback()));
}

/// Who carries this client's requests; the process's default agent where it is NULL or never called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_agent(client: *mut active_client, agent: *mut active_agent) {
    guard((), || {
        // SAFETY: "handle", both.
        let (Some(client), agent) = (unsafe { client.as_mut() }, unsafe { agent.as_mut() }) else { return };
        match agent.map(active_agent::agent).transpose() {
            Ok(agent) => client.agent = agent,
            Err(error) => {
                client.error.get_or_insert(error);
            }
        }
    });
}

/// Asks for a token by a grant with these parameters: "client_credentials" (scope, …), "password" (username, password), "authorization_code"
/// (code, redirect_uri; but active_client_callback does the whole of it), "refresh_token" (refresh_token; see active_client_refresh), another
/// one's URI ("urn:ietf:params:oauth:grant-type:token-exchange"), and any other parameter that the provider wants. Never NULL; what is wrong is told by its first step. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_token(
    client: *const active_client,
    grant: *const c_char,
    parameters: *const active_pair,
    count: usize,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.token(grant_of(grant, parameters, count)?).into()))
}

pub(crate) fn grant_of(grant: *const c_char, parameters: *const active_pair, count: usize) -> Result<Grant, Error> {
    Grant::named(needed(grant, "grant")?, pairs(parameters, count, "parameters")?)
}

/// Renews a token by its refresh token; it fails as ACTIVE_EXPIRED where the token has none. Its step gives ACTIVE_SAVE with the new token,
/// then ACTIVE_DONE. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_refresh(client: *const active_client, token: *const active_token) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.refresh(&given(token)?).into()))
}

/// Renews a token by its refresh token, and where it has none by repeating this grant, as for active_client_token. Its step gives ACTIVE_SAVE with the new
/// token, then ACTIVE_DONE. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_renew(
    client: *const active_client,
    token: *const active_token,
    grant: *const c_char,
    parameters: *const active_pair,
    count: usize,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.renew(&given(token)?, &grant_of(grant, parameters, count)?).into()))
}

/// An API call with a token that may have died: renewed once, and the call repeated once. `target` is a path below the provider's API
/// or a URL of the same origin. Complete it with active_exchange_query, _header, _form, _body and _renew_by before its first step.
/// Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_call(
    client: *const active_client,
    token: *const active_token,
    method: *const c_char,
    target: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| {
        let call = Call::new(needed(method, "method")?, needed(target, "target")?);
        Ok(Work::Draft(Box::new(Draft { with: With::Token(client.clone(), given(token)?), call })))
    })
}
