//! How does C check what a server, or anybody else, has signed?
//!
//! A client checks the ID tokens and the other statements of its server by itself. This says which algorithms those may have, and checks what comes
//! from elsewhere: a request object, a logout token.

use std::{ffi::c_char, ptr, sync::Arc};

use oauth_core::{Error, Secret, thumbprint};
use oauth_keys::{Algorithm, Expected, Jwks, Jws, ServerKeys, verify_jws};
use zeroize::Zeroizing;

use crate::{
    border::{Texts, needed, text},
    client::{active_client, set},
    exchange::active_exchange,
    work::Product,
};

/// A signed text whose signature active_verify_jws has checked. Its claims were not: issuer, audience and times are the program's to check. Lent until
/// the exchange's next step. Grows at its end only.
#[repr(C)]
pub struct active_jws {
    /// The algorithm it was signed by. Never NULL.
    pub algorithm: *const c_char,
    /// The kid in its header; NULL where there is none.
    pub key_id: *const c_char,
    /// What was signed (a JWT's claims are JSON), and a NUL behind it. Never NULL.
    pub payload: *const u8,
    /// Its length in bytes, without that NUL.
    pub payload_length: usize,
}

/// A signed text with what its view points at.
pub(crate) struct Signed {
    view: active_jws,
    _payload: Zeroizing<Vec<u8>>,
    _texts: Texts,
}

impl Signed {
    pub(crate) fn new(jws: &Jws) -> Box<Self> {
        let mut texts = Texts::with_capacity(64, 2);
        let algorithm = texts.put(jws.algorithm().as_str());
        let key_id = texts.put_if(jws.key_id());
        let mut payload = Zeroizing::new(Vec::with_capacity(jws.payload().len() + 1));
        payload.extend_from_slice(jws.payload());
        payload.push(0);
        let view = active_jws {
            algorithm: texts.address(algorithm),
            key_id: texts.address(key_id),
            payload: payload.as_ptr(),
            payload_length: payload.len() - 1,
        };
        Box::new(Self { view, _payload: payload, _texts: texts })
    }

    pub(crate) fn view(&self) -> *const active_jws {
        ptr::from_ref(&self.view)
    }
}

/// Words separated by blanks. A shared secret is none of them: whoever may check by it could sign by it.
fn algorithms_of(words: *const c_char) -> Result<Vec<Algorithm>, Error> {
    let all = needed(words, "algorithms")?.split_ascii_whitespace().map(|word| match Algorithm::from_name(word) {
        Ok(algorithm) if algorithm != Algorithm::Hs256 => Ok(algorithm),
        _ => Err(Error::Usage("algorithms: each must be ES256, RS256, PS256 or EdDSA".to_owned())),
    });
    let all = all.collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() { Err(Error::Usage("algorithms: name at least one, ES256 for example".to_owned())) } else { Ok(all) }
}

/// Takes what the client's server signs (ID tokens, JARM's answers, JWT access tokens, signed introspection) by these algorithms only, separated by blanks:
/// best the one that was registered (RFC 8725 §3.1), as id_token_signed_response_alg. Unless called they are "ES256 PS256 EdDSA RS256".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_server_algorithms(client: *mut active_client, algorithms: *const c_char) {
    set(client, |client| Ok(client.verifier(Arc::new(ServerKeys::taking(&algorithms_of(algorithms)?)))));
}

/// Checks the signature of a JWS in compact form (RFC 7515), up to 64 KiB, with the one key of the set that fits. `jwks` is the set, {"keys": [...]};
/// `algorithms` are those that are taken, decided before it is looked at, separated by blanks; `typ` is what its header must say (RFC 8725 §3.11), NULL for
/// any. ACTIVE_DONE, which its first step gives, brings active_exchange_jws; ACTIVE_UNTRUSTED says that it is not to be believed. A client checks its own
/// server's statements by itself; this is for what else is signed, as a request object or a logout token. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_verify_jws(
    jws: *const c_char,
    jwks: *const c_char,
    algorithms: *const c_char,
    typ: *const c_char,
) -> *mut active_exchange {
    active_exchange::at_once(|| {
        let keys = Jwks::from_json(needed(jwks, "jwks")?.as_bytes())?;
        let expected = Expected { algorithms: &algorithms_of(algorithms)?, typ: text(typ, "typ")? };
        Ok(Product::Jws(verify_jws(needed(jws, "jws")?, &keys, &expected)?))
    })
}

/// The thumbprint of a public key (RFC 7638), which is a JWK: what a token that is bound to it names as cnf.jkt. ACTIVE_DONE, which its first step gives,
/// brings it as active_exchange_text (no secret). For a key of the program's own see active_key_thumbprint. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_thumbprint(jwk: *const c_char) -> *mut active_exchange {
    active_exchange::at_once(|| Ok(Product::Text(Secret::from(thumbprint(needed(jwk, "jwk")?)?))))
}
