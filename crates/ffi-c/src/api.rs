//! How does an API in C check what a caller presents?

use std::{ffi::c_char, ptr};

use crate::{
    active_now,
    border::{guard, needed},
    client::active_client,
    exchange::active_exchange,
    time,
    token::{active_token, given, own},
};

/// For APIs: what a caller presented, the value of its Authorization header ("Bearer …", "DPoP …"). Nothing of it is known to be true yet: check it by
/// active_client_access_token_claims, or ask by active_client_introspect. `now` NULL is the library's clock. Never NULL; active_token_error says where it is
/// something else: answer 401. Free it with active_token_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_presented(
    client: *const active_client,
    authorization: *const c_char,
    now: *const active_now,
) -> *mut active_token {
    guard(ptr::null_mut(), || {
        own(active_client::ready(client)
            .and_then(|(client, _)| client.presented(needed(authorization, "authorization")?, time(now))))
    })
}

/// For APIs: checks an access token that is a JWT (RFC 9068) by the server's published keys. ACTIVE_DONE brings its claims as active_exchange_document;
/// ACTIVE_UNTRUSTED is for the caller to be answered 401. `resource` is this API's own identifier, which must be in its aud. Nothing is sent but the
/// request for the keys, so an API that is no client of the server makes one of any id. What the claims allow ("/scope") is for the API to decide; where there
/// is "/cnf/jkt" the token is bound to a key: let nobody in without the proof of a key with that active_key_thumbprint. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_access_token_claims(
    client: *const active_client,
    token: *const active_token,
    resource: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.access_token_claims(&given(token)?, needed(resource, "resource")?).into()))
}
