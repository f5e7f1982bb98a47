//! How does an API in C check what a caller presents?

use std::{ffi::c_char, ptr};

use oauth_core::{Error, Secret, StepUp};

use crate::{
    active_now,
    border::{guard, needed, text},
    client::active_client,
    document::{Read, active_document},
    exchange::active_exchange,
    time,
    token::{active_token, given, own},
    work::{Product, Work},
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
/// is "/cnf/jkt" the token is bound to a key: let nobody in without active_client_proof_claims. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_access_token_claims(
    client: *const active_client,
    token: *const active_token,
    resource: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.access_token_claims(&given(token)?, needed(resource, "resource")?).into()))
}

/// For APIs: checks that the caller has the key that its token is bound to (DPoP, RFC 9449 §4.3). Ask it of every token whose claims hold "/cnf/jkt", whatever
/// scheme it came by. `claims` are those of active_client_access_token_claims or of an introspection; `proof` is the value of the request's one DPoP header
/// (NULL where there is none: untrusted), `method` and `url` are those of the request, as callers know them; query and fragment do not count. ACTIVE_DONE,
/// which the first step gives, brings the proof's claims as active_exchange_document; ACTIVE_UNTRUSTED is for the caller to be answered 401 with
/// error="invalid_dpop_proof". It was made within the last minute, by `now` (NULL is the library's clock); take each "/jti" once where a proof must not work
/// twice, and compare "/nonce" where you hand out nonces. Nothing is sent. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_proof_claims(
    client: *const active_client,
    token: *const active_token,
    claims: *const active_document,
    proof: *const c_char,
    method: *const c_char,
    url: *const c_char,
    now: *const active_now,
) -> *mut active_exchange {
    active_exchange::open(client, |client| {
        let claims = Read::of(claims).ok_or_else(|| Error::Usage("claims: is NULL".to_owned()))?;
        let proof = text(proof, "proof")?.unwrap_or_default();
        let (method, url) = (needed(method, "method")?, needed(url, "url")?);
        let proven = client.proof_claims(&given(token)?, claims.document(), proof, method, url, time(now))?;
        Ok(Work::at_once(move || Ok(Product::Document(proven))))
    })
}

/// For APIs: whether a caller's user logged in as it takes (RFC 9470): by one of these `acr_values`, separated by blanks (NULL for any), and not longer than
/// `max_age_s` seconds ago, and 30 more, since clocks differ (-1 for any). `claims` are those of active_client_access_token_claims or of an introspection; what
/// they do not say was not so. `now` NULL is the library's clock. False for what is none of these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_step_up_is_met(
    claims: *const active_document,
    acr_values: *const c_char,
    max_age_s: i64,
    now: *const active_now,
) -> bool {
    guard(false, || {
        let Some(read) = Read::of(claims) else { return false };
        wanted(acr_values, max_age_s).is_ok_and(|wanted| wanted.is_met_by(read.document(), time(now)))
    })
}

/// For APIs: the value of WWW-Authenticate for the 401 where it is not met (RFC 9470 §3). `scheme` is that of the token that was presented: "Bearer" or "DPoP";
/// the others as for active_step_up_is_met. ACTIVE_DONE, which its first step gives, brings it as active_exchange_text. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_step_up_challenge(
    scheme: *const c_char,
    acr_values: *const c_char,
    max_age_s: i64,
) -> *mut active_exchange {
    active_exchange::at_once(|| {
        let challenge = wanted(acr_values, max_age_s)?.challenge(needed(scheme, "scheme")?);
        Ok(Product::Text(Secret::from(challenge)))
    })
}

fn wanted(acr_values: *const c_char, max_age_s: i64) -> Result<StepUp, Error> {
    let wanted = StepUp::new();
    let wanted = match text(acr_values, "acr_values")? {
        Some(values) => wanted.acr_values(values),
        None => wanted,
    };
    Ok(match u64::try_from(max_age_s) {
        Ok(seconds) => wanted.max_age(seconds),
        Err(_) => wanted,
    })
}
