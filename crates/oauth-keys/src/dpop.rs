//! Which nonce does a server want in our proofs?
//!
//! The newest it gave, per place (RFC 9449 §8.2): servers of different origins know nothing of each other's.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, TryLockError},
    thread,
};

use oauth_core::{Prover, Signer, thumbprint};

use crate::signing::SigningKey;

/// So many places' nonces are kept; the one unused for longest goes first.
const MOST_PLACES: usize = 100;
/// So often a busy lock is tried.
const TRIES: u32 = 1000;

/// A key that proves its possession (DPoP, RFC 9449), for [`Client::dpop`](oauth_core::Client::dpop). Clients and threads may share it.
pub struct Dpop {
    key: Box<dyn Signer>,
    /// Place and nonce, the last used in front.
    nonces: Mutex<VecDeque<(String, String)>>,
}

impl Dpop {
    /// Proves possession of that key, which must be an asymmetric one. It should sign nothing else.
    pub fn new(key: SigningKey) -> Self {
        Self::by(key)
    }

    /// The same for a key that lives elsewhere (an HSM, a key service): the signer must give its [public key](Signer::public_jwk), which every proof
    /// brings along (RFC 9449 §4.2).
    pub fn by(signer: impl Signer + 'static) -> Self {
        Self { key: Box::new(signer), nonces: Mutex::default() }
    }

    /// The key's thumbprint (RFC 9449 §6.1): what the server binds tokens to.
    pub fn thumbprint(&self) -> Option<String> {
        self.key.public_jwk().and_then(|jwk| thumbprint(jwk).ok())
    }

    /// The nonces, held for moments only. Where a fork took the lock along they are out of reach for ever: then a proof has none, and the
    /// server asks for it.
    fn nonces(&self) -> Option<MutexGuard<'_, VecDeque<(String, String)>>> {
        for _ in 0..TRIES {
            match self.nonces.try_lock() {
                Ok(nonces) => return Some(nonces),
                Err(TryLockError::Poisoned(nonces)) => return Some(nonces.into_inner()),
                Err(TryLockError::WouldBlock) => thread::yield_now(),
            }
        }
        None
    }
}

impl Signer for Dpop {
    fn algorithm(&self) -> &str {
        self.key.algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        self.key.key_id()
    }

    fn public_jwk(&self) -> Option<&str> {
        self.key.public_jwk()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        self.key.sign(message)
    }
}

impl Prover for Dpop {
    fn nonce(&self, place: &str) -> Option<String> {
        let mut nonces = self.nonces()?;
        let at = nonces.iter().position(|(known, _)| known == place)?;
        let found = nonces.remove(at)?;
        let nonce = found.1.clone();
        nonces.push_front(found);
        Some(nonce)
    }

    fn remember(&self, place: &str, nonce: &str) {
        let Some(mut nonces) = self.nonces() else { return };
        nonces.retain(|(known, _)| known != place);
        nonces.push_front((place.to_owned(), nonce.to_owned()));
        nonces.truncate(MOST_PLACES);
    }
}

/// Algorithm and id; nonces are the servers' business.
impl fmt::Debug for Dpop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dpop").field("algorithm", &self.key.algorithm()).field("id", &self.key.key_id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9449_8_2_the_newest_nonce_of_each_place_is_kept_for_a_hundred_places() {
        let dpop = Dpop::new(SigningKey::generate_es256().expect("a key"));
        assert_eq!(dpop.nonce("https://as.example"), None);
        dpop.remember("https://as.example", "one");
        dpop.remember("https://as.example", "two");
        dpop.remember("https://as.example api", "other");
        assert_eq!(dpop.nonce("https://as.example").as_deref(), Some("two"));
        assert_eq!(dpop.nonce("https://as.example api").as_deref(), Some("other"));
        for number in 0..99 {
            dpop.nonce("https://as.example");
            dpop.remember(&format!("https://{number}.example"), "x");
        }
        assert_eq!(dpop.nonces().expect("free").len(), MOST_PLACES);
        assert_eq!(dpop.nonce("https://as.example").as_deref(), Some("two"), "used last, so it stays");
        assert_eq!(dpop.nonce("https://as.example api"), None, "unused for longest");
    }

    #[test]
    fn a_key_that_lives_elsewhere_proves_itself_by_its_public_half() {
        struct Hsm(SigningKey);
        impl Signer for Hsm {
            fn algorithm(&self) -> &str {
                self.0.algorithm()
            }
            fn public_jwk(&self) -> Option<&str> {
                self.0.public_jwk()
            }
            fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
                self.0.sign(message)
            }
        }
        let key = SigningKey::generate_es256().expect("a key");
        let thumbprint = key.thumbprint();
        let dpop = Dpop::by(Hsm(key));
        assert_eq!((dpop.thumbprint(), dpop.algorithm()), (thumbprint, "ES256"));
        assert_eq!(dpop.sign(b"message").expect("signed").len(), 64);
    }

    #[test]
    fn a_lock_that_nobody_gives_back_costs_the_nonce_and_no_more() {
        let dpop = Dpop::new(SigningKey::generate_es256().expect("a key"));
        dpop.remember("https://as.example", "one");
        let held = dpop.nonces();
        dpop.remember("https://as.example", "two");
        assert_eq!(dpop.nonce("https://as.example"), None);
        drop(held);
        assert_eq!(dpop.nonce("https://as.example").as_deref(), Some("one"));
    }
}
