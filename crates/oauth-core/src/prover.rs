//! By which key does a client show that a token is its own?
//!
//! What `dpop.rs` proves with: a signer that also keeps the nonces that servers gave.

use std::sync::Arc;

use crate::{
    error::Error,
    jwk, jwt,
    sign::{Signer, check_asymmetric},
};

/// Signs proofs of possession and keeps the servers' nonces. `oauth_keys::Dpop` is one; an HSM's signer becomes one by two more methods.
///
/// `place` is where a nonce belongs: an origin (`https://as.example`, `https://api.example:8443`), and for requests that carry an access
/// token the origin and ` api`, since the nonces of authorization server and API differ even where they share an origin (RFC 9449 §9).
pub trait Prover: Signer {
    /// The newest nonce of that place, if it gave one.
    fn nonce(&self, place: &str) -> Option<String>;

    /// This is the newest nonce of that place from now on (RFC 9449 §8.2). Keep a bounded number of places.
    fn remember(&self, place: &str, nonce: &str);
}

/// A client's key, ready to prove with.
#[derive(Clone)]
pub(crate) struct Key {
    prover: Arc<dyn Prover>,
    /// Header of every proof, encoded.
    header: String,
    thumbprint: String,
}

impl Key {
    pub(crate) fn new(prover: Arc<dyn Prover>) -> Result<Self, Error> {
        let signer: &dyn Signer = &*prover;
        // RFC 9449 §4.2: never none, never symmetric; the public key goes along.
        check_asymmetric(signer, "dpop")?;
        let jwk = signer.public_jwk().ok_or_else(|| Error::usage("dpop: the signer does not give its public key"))?;
        let canonical = jwk::public_members(jwk)?;
        let header = jwt::header(signer, Some("dpop+jwt"), Some(&canonical))?;
        Ok(Self { thumbprint: jwk::thumbprint_of(&canonical), header, prover })
    }

    pub(crate) fn prover(&self) -> &dyn Prover {
        &*self.prover
    }

    /// Header of every proof, encoded.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    /// By which its proofs are signed.
    pub(crate) fn algorithm(&self) -> &str {
        self.prover.algorithm()
    }

    /// RFC 9449 §6.1: what the server binds a token to.
    pub(crate) fn thumbprint(&self) -> &str {
        &self.thumbprint
    }
}
