//! Who signs for us?
//!
//! A key of ours (the crate `oauth-keys`), or a signer of the program's: an HSM, a cloud's key service, a smart card. The core never sees a
//! private key; it hands out the bytes to sign and takes the signature.

use crate::{encode::printable, error::Error};

/// Signs with one key by one algorithm. It may block (a token in a slot, a service in the network): `Exchange::step` waits for it.
///
/// ```
/// struct Hsm;
///
/// impl oauth_core::Signer for Hsm {
///     fn algorithm(&self) -> &str {
///         "ES256"
///     }
///     fn key_id(&self) -> Option<&str> {
///         Some("slot-3")
///     }
///     fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
///         Err(format!("the token was taken out before it signed {} bytes", message.len()))
///     }
/// }
/// ```
pub trait Signer: Send + Sync {
    /// The algorithm's JWS name (RFC 7518 §3.1): `ES256`, `PS256`, `EdDSA`. It never changes: one key, one algorithm (RFC 8725 §3.1).
    fn algorithm(&self) -> &str;

    /// The `kid` by which the server finds the key among those of this client (RFC 7515 §4.1.4).
    fn key_id(&self) -> Option<&str> {
        None
    }

    /// The public key as a JWK (RFC 7517), where it has to go along: DPoP needs it. Only its public members are ever sent.
    fn public_jwk(&self) -> Option<&str> {
        None
    }

    /// The raw JWS signature over the message (RFC 7518 §3): for ECDSA `r` and `s` behind each other (§3.4), not DER.
    ///
    /// # Errors
    /// A text that says why it cannot sign, without secrets.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String>;
}

/// Refuses an algorithm by which the receiver could not tell us from another holder of the same key, or from nobody at all.
pub(crate) fn check_asymmetric(signer: &dyn Signer, what: &str) -> Result<(), Error> {
    let algorithm = signer.algorithm();
    // RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.
    if ["ES", "RS", "PS", "Ed"].iter().any(|family| algorithm.starts_with(family)) {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{what}: its algorithm {:?} is no asymmetric signature; ES256, PS256, RS256 or EdDSA would be",
        printable(algorithm, 20)
    )))
}
