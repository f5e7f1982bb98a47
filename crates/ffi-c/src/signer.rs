//! How does C sign with a key that lives elsewhere: an HSM, a smart card, a key service?

use std::{
    ffi::{c_char, c_int, c_void},
    ptr,
};

use oauth_core::{Error, Signer, sign_jwt, thumbprint};
use oauth_keys::Dpop;
use serde_json::Value;

use crate::{
    border::{guard, needed, text},
    exchange::active_exchange,
    key::active_key,
    work::{Product, Work},
};

/// Signs `message`: writes the raw JWS signature (RFC 7518 §3; for ECDSA r and s behind each other, not DER) to `signature`, which has room for
/// `*signature_length` bytes, and its length to `*signature_length`. Gives 0, and anything else where it cannot sign.
pub type active_sign = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        message: *const u8,
        message_length: usize,
        signature: *mut u8,
        signature_length: *mut usize,
    ) -> c_int,
>;

/// As long as the signature of an RSA key of 8192 bits.
const ROOM: usize = 1024;

/// The program's own signer.
struct Elsewhere {
    algorithm: String,
    id: Option<String>,
    public_jwk: Option<String>,
    sign: unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut u8, *mut usize) -> c_int,
    context: *mut c_void,
}

// SAFETY: active.h says that it is called on any thread, by several at once.
unsafe impl Send for Elsewhere {}
// SAFETY: the same.
unsafe impl Sync for Elsewhere {}

impl Signer for Elsewhere {
    fn algorithm(&self) -> &str {
        &self.algorithm
    }

    fn key_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn public_jwk(&self) -> Option<&str> {
        self.public_jwk.as_deref()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let mut signature = vec![0; ROOM];
        let mut length = ROOM;
        // SAFETY: the program's own function, called with its own context; it writes `length` bytes at most, as active.h says.
        let gave = unsafe { (self.sign)(self.context, message.as_ptr(), message.len(), signature.as_mut_ptr(), &raw mut length) };
        if gave != 0 {
            return Err(format!("the program's signer gave {gave}"));
        }
        let wanted = matches!(self.algorithm.as_str(), "ES256" | "EdDSA").then_some(64);
        if length > ROOM || wanted.is_some_and(|wanted| wanted != length) {
            let hint = if wanted.is_some() { "; this algorithm's have 64 bytes, ECDSA's r and s, not DER" } else { "" };
            return Err(format!("the program's signer gave a signature of {length} bytes{hint}"));
        }
        signature.truncate(length);
        Ok(signature)
    }
}

/// A key that lives elsewhere: `sign` signs with it by `algorithm` ("ES256", "PS256", "EdDSA", …). `public_jwk` is its public half (RFC 7517), which
/// active_client_dpop needs; NULL where it is for active_client_key alone. `id` is the kid by which the server finds it, NULL for the JWK's own or none.
/// `sign` is called on whichever thread steps, by several at once if they do, and the step waits for it: give up in time. It must return (no longjmp, no
/// C++ exception). `context` must live until the key and all clients, sessions and exchanges that have it are freed. Never NULL; active_key_error says
/// what was wrong. Free it with active_key_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_from_signer(
    algorithm: *const c_char,
    public_jwk: *const c_char,
    id: *const c_char,
    sign: active_sign,
    context: *mut c_void,
) -> *mut active_key {
    guard(ptr::null_mut(), || {
        active_key::elsewhere((|| {
            let public_jwk = text(public_jwk, "key: its public JWK")?;
            let print = public_jwk.map(thumbprint).transpose()?;
            let own = public_jwk.and_then(|jwk| serde_json::from_str::<Value>(jwk).ok()?["kid"].as_str().map(str::to_owned));
            let signer = Elsewhere {
                algorithm: needed(algorithm, "key: its algorithm")?.to_owned(),
                id: text(id, "key: its id")?.map(str::to_owned).or(own),
                public_jwk: public_jwk.map(str::to_owned),
                sign: sign.ok_or_else(|| Error::Usage("key: its signer is NULL".to_owned()))?,
                context,
            };
            Ok((Dpop::by(signer), print))
        })())
    })
}

/// Signs claims, a JSON object, as a JWT (RFC 7519): an assertion for the grant "urn:ietf:params:oauth:grant-type:jwt-bearer" (RFC 7523), for example.
/// `typ` is the header's (RFC 8725 §3.11), NULL for none. ACTIVE_DONE, which its first step gives, brings it as active_exchange_text: a secret,
/// whoever has it may be able to use it. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_key_sign_jwt(
    key: *const active_key,
    typ: *const c_char,
    claims: *const c_char,
) -> *mut active_exchange {
    active_exchange::begun(|| {
        let key = active_key::given(key)?;
        let typ = text(typ, "typ")?.map(str::to_owned);
        let claims: Value = serde_json::from_str(needed(claims, "claims")?)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| Error::Usage("claims: must be a JSON object".to_owned()))?;
        let work = Work::at_once(move || Ok(Product::Text(sign_jwt(&*key, typ.as_deref(), &claims)?)));
        Ok((work, crate::agent::default_agent()))
    })
}
