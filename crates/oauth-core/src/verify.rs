//! Who checks signatures for us?
//!
//! The core does no cryptography on keys of others: a [`Verifier`] keeps the servers' key sets and checks with them. When a set is read, and read
//! again, is decided here, in the crate's own exchanges.

use crate::error::Error;

/// Keeps the public keys of servers and checks signatures with them. `oauth_keys::ServerKeys` is one. Clients and threads may share it.
///
/// `place` is where the set was read: the server's `jwks_uri` (RFC 8414 §2). Keys of one place never check what another one's should have signed.
pub trait Verifier: Send + Sync {
    /// When the set of that place was read, by [`Now::mono`](crate::Now::mono) in milliseconds; None where it was not, or is not kept any more.
    fn read_at(&self, place: &str) -> Option<i64>;

    /// This is the set of that place from now on (RFC 7517 §5). Keep a bounded number of places.
    ///
    /// # Errors
    /// [`Error::Untrusted`] where it is no set of keys, or too large. The set from before is kept then.
    fn remember(&self, place: &str, jwks: &[u8], mono: i64) -> Result<(), Error>;

    /// How reading the set of that place failed last, where it was not read since.
    fn unread(&self, place: &str) -> Option<Unread>;

    /// The set of that place could not be read: keep this until [`remember`](Self::remember) has a set of that place, or this is called again.
    /// Whatever set is known stays. Keep a bounded number of places.
    fn could_not_read(&self, place: &str, unread: Unread);

    /// Checks a JWS in compact form (RFC 7515 §5.2) with the one key of that place that fits, by an algorithm of a list that was decided before
    /// (RFC 8725 §3.1): never `none`, never a shared secret. The payload; None where no key fits, or the one that fits did not make this
    /// signature: the set may be out of date, for servers put new keys under old names, or under none.
    ///
    /// # Errors
    /// [`Error::Untrusted`]: it is not to be believed.
    fn verify(&self, place: &str, jws: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Checks a JWS in compact form with that public key, a JWK, by an algorithm of the same list. The payload.
    ///
    /// # Errors
    /// [`Error::Untrusted`]: it is not to be believed.
    fn verify_by(&self, jwk: &str, jws: &str) -> Result<Vec<u8>, Error>;
}

/// Why there is no set of keys, or no newer one. Until a pause is over, which each failure makes longer, this is what whoever needs the keys is
/// told, and the server is left alone.
#[derive(Debug, Clone)]
pub struct Unread {
    /// When it failed last, by [`Now::mono`](crate::Now::mono) in milliseconds.
    pub mono: i64,
    /// How often in a row.
    pub times: u32,
    /// Why.
    pub error: Error,
}
