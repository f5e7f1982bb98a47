//! How does C sign: client authentication by a private key, and tokens that are bound to one?

use std::{
    ffi::{CString, c_char},
    ptr,
    sync::Arc,
};

use oauth_core::{AssertionAudience, Error};
use oauth_keys::{Algorithm, Dpop, SigningKey};
use zeroize::Zeroize;

use crate::{
    border::{bytes, guard, needed, text},
    client::{active_client, set},
    error::{Failure, active_error},
};

/// A private key with the one algorithm it signs by, or the reason why there is none. It never changes, so threads may share it.
pub struct active_key {
    /// It signs and it proves; the nonces that servers gave are kept with it.
    key: Result<Arc<Dpop>, Box<Failure>>,
    pem: CString,
    jwk: CString,
    thumbprint: CString,
}

impl active_key {
    fn new(made: Result<(SigningKey, CString), Error>) -> *mut Self {
        let text = |text: Option<String>| text.and_then(|text| CString::new(text).ok()).unwrap_or_default();
        Box::into_raw(Box::new(match made {
            Ok((key, pem)) => Self {
                pem,
                jwk: text(key.published_jwk()),
                thumbprint: text(key.thumbprint()),
                key: Ok(Arc::new(Dpop::new(key))),
            },
            Err(error) => Self {
                key: Err(Failure::new(error)),
                pem: CString::default(),
                jwk: CString::default(),
                thumbprint: CString::default(),
            },
        }))
    }

    /// A key that signs, and perhaps its thumbprint: its text is not ours.
    pub(crate) fn elsewhere(made: Result<(Dpop, Option<String>), Error>) -> *mut Self {
        let (key, thumbprint) = match made {
            Ok((key, thumbprint)) => (Ok(Arc::new(key)), thumbprint.and_then(|text| CString::new(text).ok())),
            Err(error) => (Err(Failure::new(error)), None),
        };
        let thumbprint = thumbprint.unwrap_or_default();
        Box::into_raw(Box::new(Self { key, pem: CString::default(), jwk: CString::default(), thumbprint }))
    }

    pub(crate) fn given(key: *const Self) -> Result<Arc<Dpop>, Error> {
        // SAFETY: "shared".
        match unsafe { key.as_ref() }.map(|key| &key.key) {
            Some(Ok(key)) => Ok(Arc::clone(key)),
            Some(Err(failure)) => Err(failure.error()),
            None => Err(Error::Usage("key: is NULL".to_owned())),
        }
    }
}

impl Drop for active_key {
    fn drop(&mut self) {
        std::mem::take(&mut self.pem).into_bytes().zeroize();
    }
}

fn named(key: SigningKey, id: *const c_char) -> Result<SigningKey, Error> {
    Ok(match text(id, "key: its id")? {
        Some(id) => key.with_id(id),
        None => key,
    })
}

fn algorithm_of(algorithm: *const c_char) -> Result<Algorithm, Error> {
    Ok(Algorithm::from_name(needed(algorithm, "key: its algorithm")?)?)
}

/// Reads a private key for "ES256", "RS256", "PS256" or "EdDSA" from a PEM text of `length` bytes: PKCS #8, PKCS #1 or SEC 1, not encrypted. `id`
/// is the kid by which the server finds the public half; NULL for none. Never NULL; active_key_error says what was wrong. Free it with
/// active_key_free, at any time: clients keep what they need.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_from_pem(
    algorithm: *const c_char,
    pem: *const c_char,
    length: usize,
    id: *const c_char,
) -> *mut active_key {
    guard(ptr::null_mut(), || {
        active_key::new((|| {
            let pem = std::str::from_utf8(bytes(pem.cast(), length, "key")?)
                .map_err(|_| Error::Usage("key: this PEM text is not UTF-8".to_owned()))?;
            Ok((named(SigningKey::from_pem(algorithm_of(algorithm)?, pem)?, id)?, CString::default()))
        })())
    })
}

/// Reads a private key as a JWK (RFC 7517), with its kid unless `id` is another. Never NULL; active_key_error says what was wrong. Free it with active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_from_jwk(algorithm: *const c_char, jwk: *const c_char, id: *const c_char) -> *mut active_key {
    guard(ptr::null_mut(), || {
        active_key::new((|| {
            let jwk = needed(jwk, "key")?;
            Ok((named(SigningKey::from_jwk(algorithm_of(algorithm)?, jwk)?, id)?, CString::default()))
        })())
    })
}

/// A new private key for "ES256" or "EdDSA". `id` as for active_key_from_pem. Tokens that are bound to it are worthless without it: keep
/// active_key_pem as long as them. Never NULL; active_key_error says what was wrong. Free it with active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_generate(algorithm: *const c_char, id: *const c_char) -> *mut active_key {
    guard(ptr::null_mut(), || {
        active_key::new((|| {
            let algorithm = algorithm_of(algorithm)?;
            let pem = SigningKey::generate_pem(algorithm)?;
            let key = named(SigningKey::from_pem(algorithm, pem.expose())?, id)?;
            Ok((key, CString::new(pem.expose()).unwrap_or_default()))
        })())
    })
}

/// Frees a key, and wipes its text. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_free(key: *mut active_key) {
    guard((), || {
        if !key.is_null() {
            // SAFETY: "shared": it came from active_key::new, and no thread uses it any more.
            drop(unsafe { Box::from_raw(key) });
        }
    });
}

/// Why there is no key; NULL where there is one. Lent until active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_error(key: *const active_key) -> *const active_error {
    // SAFETY: "shared".
    match unsafe { key.as_ref() } {
        Some(active_key { key: Err(failure), .. }) => ptr::from_ref(failure.view()),
        _ => ptr::null(),
    }
}

/// The private key that active_key_generate made, in PEM (PKCS #8): a secret, to be kept where only this program reads it. NULL for another.
/// Lent until active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_pem(key: *const active_key) -> *const c_char {
    lend(key, |key| &key.pem)
}

/// The public key as a JWK (no secret) with kid, alg and use, for the server to know: publish it in a set, {"keys": [...]} (RFC 7517 §5), or
/// register it. NULL where there is no key, or it lives elsewhere (active_key_from_signer). Lent until active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_public_jwk(key: *const active_key) -> *const c_char {
    lend(key, |key| &key.jwk)
}

/// The key's thumbprint (RFC 7638; no secret): what a server binds tokens to. NULL where there is no key. Lent until active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_thumbprint(key: *const active_key) -> *const c_char {
    lend(key, |key| &key.thumbprint)
}

fn lend(key: *const active_key, text: impl FnOnce(&active_key) -> &CString) -> *const c_char {
    guard(ptr::null(), || {
        // SAFETY: "shared".
        let Some(key) = (unsafe { key.as_ref() }) else { return ptr::null() };
        let text = text(key);
        if text.is_empty() { ptr::null() } else { text.as_ptr() }
    })
}

/// The key that the client authenticates with, where it is to do so by "private_key_jwt": it signs a fresh statement for every request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_key(client: *mut active_client, key: *const active_key) {
    set(client, |client| Ok(client.signer(active_key::given(key)?)));
}

/// For whom the JWTs of client authentication are meant, where it is not as the provider's record says: "issuer" or "token_endpoint".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_assertion_audience(client: *mut active_client, audience: *const c_char) {
    set(client, |client| Ok(client.assertion_audience(AssertionAudience::from_word(needed(audience, "assertion_audience")?)?)));
}

/// Binds the client's tokens to a key (DPoP, RFC 9449): every request carries a fresh proof of it. Keep the key as long as its tokens. A server
/// that answers with a Bearer token all the same has bound it to nothing; it is used, and its deviations tell, unless active_client_dpop_required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_dpop(client: *mut active_client, key: *const active_key) {
    set(client, |client| Ok(client.dpop(active_key::given(key)?)));
}

/// Takes no token that is not bound to the key of active_client_dpop.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_dpop_required(client: *mut active_client) {
    set(client, |client| Ok(client.dpop_required()));
}
