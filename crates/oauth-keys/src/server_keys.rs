//! Which keys has each server published?
//!
//! Read sets are kept, per place, for all clients and threads that share this. When they are read is the exchanges' business.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use oauth_core::{Error, Verifier};

use crate::{
    algorithm::Algorithm,
    error::Unverified,
    jwks::Jwks,
    verify::{Expected, verify_jws},
};

/// So many places' sets are kept; the one unused for longest goes first.
const MOST_PLACES: usize = 20;

/// The public keys of servers, for [`Client::verifier`](oauth_core::Client::verifier).
///
/// Its algorithms are `ES256`, `PS256`, `EdDSA` and `RS256` (OpenID Connect Core 1.0 §3.1.3.7 number 7 makes the last one the default), or those that
/// the client registered. A shared secret (`HS256`) is never among them: with it everybody who may read tokens could make them.
pub struct ServerKeys {
    algorithms: Vec<Algorithm>,
    sets: Mutex<VecDeque<Known>>,
}

struct Known {
    place: String,
    read_at: i64,
    keys: Arc<Jwks>,
}

impl ServerKeys {
    /// No keys yet; every asymmetric algorithm is taken.
    pub fn new() -> Self {
        Self::taking(&[Algorithm::Es256, Algorithm::Ps256, Algorithm::EdDsa, Algorithm::Rs256])
    }

    /// Takes these algorithms only: best the one that the client registered (`id_token_signed_response_alg`, RFC 8725 §3.1). `HS256` is left out.
    pub fn taking(algorithms: &[Algorithm]) -> Self {
        let algorithms = algorithms.iter().copied().filter(|algorithm| *algorithm != Algorithm::Hs256).collect();
        Self { algorithms, sets: Mutex::default() }
    }

    fn sets(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ServerKeys {
    fn default() -> Self {
        Self::new()
    }
}

impl Verifier for ServerKeys {
    fn read_at(&self, place: &str) -> Option<i64> {
        self.sets().iter().find(|known| known.place == place).map(|known| known.read_at)
    }

    fn remember(&self, place: &str, jwks: &[u8], mono: i64) -> Result<(), Error> {
        let keys = Arc::new(Jwks::from_json(jwks).map_err(|error| Error::Untrusted(error.to_string()))?);
        let mut sets = self.sets();
        sets.retain(|known| known.place != place);
        sets.push_front(Known { place: place.to_owned(), read_at: mono, keys });
        sets.truncate(MOST_PLACES);
        Ok(())
    }

    fn verify(&self, place: &str, jws: &str) -> Result<Option<Vec<u8>>, Error> {
        // The lock ends before the arithmetic begins.
        let keys = self.sets().iter().find(|known| known.place == place).map(|known| Arc::clone(&known.keys));
        let Some(keys) = keys else { return Ok(None) };
        match verify_jws(jws, &keys, &Expected { algorithms: &self.algorithms, typ: None }) {
            Ok(signed) => Ok(Some(signed.payload().to_vec())),
            Err(Unverified::UnknownKey) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Algorithms and places.
impl fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.sets().iter().map(|known| known.place.clone()).collect();
        f.debug_struct("ServerKeys").field("algorithms", &self.algorithms).field("places", &places).finish()
    }
}
