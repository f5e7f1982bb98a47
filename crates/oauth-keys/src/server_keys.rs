//! Which keys has each server published?
//!
//! Read sets are kept, per place, for all clients and threads that share this. When they are read is the exchanges' business.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use oauth_core::{Error, Unread, Verifier};

use crate::{
    algorithm::Algorithm,
    error::Unverified,
    jwks::{Jwks, VerifyingKey},
    verify::{Expected, verify_jws},
};

/// So many places' sets are kept; the one read longest ago goes first.
const MOST_PLACES: usize = 100;

/// The public keys of servers, for [`Client::verifier`](oauth_core::Client::verifier). One of them serves a whole process: clients of any
/// providers and threads share it, and so what was read by one is not read again by another. No lock is in it, so none outlives a fork.
///
/// ```
/// use std::sync::Arc;
///
/// use oauth_core::{Authorize, Client, Now, Provider, Random};
/// use oauth_keys::ServerKeys;
///
/// # struct Counter;
/// # impl Random for Counter {
/// #     fn fill(&self, bytes: &mut [u8]) -> Result<(), String> { bytes.iter_mut().zip(0..).for_each(|(b, n)| *b = n); Ok(()) }
/// # }
/// let provider = Provider::from_json(r#"{"version": 1, "name": "example", "base": "https://as.example", "issuer": "https://as.example",
///     "token": {"url": "/token"}, "authorize": {"url": "/authorize"}, "endpoints": {"jwks": "/keys"}}"#)?;
/// assert!(provider.publishes_keys());
/// let client = Client::new(provider, "app").secret("secret").verifier(Arc::new(ServerKeys::new()));
/// // The ID token is checked before anybody has the token, and with response_mode the answer of the browser before the code is sent.
/// let asked = Authorize::new("https://app.example/cb").scope("openid").response_mode("jwt");
/// let login = client.authorize(asked, Now { wall: 1_700_000_000_000, mono: 0 }, &Counter)?; // oauth_ureq::{now(), OsRandom} in a program
/// assert!(login.url().contains("&nonce=") && login.url().contains("&response_mode=jwt"));
/// // let token = agent.run(client.callback(&mut login, &callback))?;
/// // let claims = agent.run(client.id_token(&token, None))?; // claims.text("/sub")
/// # Ok::<(), oauth_core::Error>(())
/// ```
///
/// Whoever can answer one client's request for a server's keys decides what all clients that share this believe of that server: a program
/// whose clients trust different certificates, proxies or transports gives each kind of them one of its own.
///
/// Its algorithms are `ES256`, `PS256`, `EdDSA` and `RS256` (OpenID Connect Core 1.0 §3.1.3.7 number 7 makes the last one the default), or those that
/// the client registered. A shared secret (`HS256`) is never among them: with it everybody who may read tokens could make them.
pub struct ServerKeys {
    algorithms: Vec<Algorithm>,
    /// The last read in front. A snapshot, replaced as a whole.
    sets: ArcSwap<Vec<Known>>,
    /// The places whose sets could not be read, the last failure in front.
    unread: ArcSwap<Vec<(Arc<str>, Unread)>>,
}

#[derive(Clone)]
struct Known {
    place: Arc<str>,
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
        Self { algorithms, sets: ArcSwap::default(), unread: ArcSwap::default() }
    }

    fn known(&self, place: &str) -> Option<Known> {
        self.sets.load().iter().find(|known| *known.place == *place).cloned()
    }
}

impl Default for ServerKeys {
    fn default() -> Self {
        Self::new()
    }
}

impl Verifier for ServerKeys {
    fn read_at(&self, place: &str) -> Option<i64> {
        self.known(place).map(|known| known.read_at)
    }

    fn remember(&self, place: &str, jwks: &[u8], mono: i64) -> Result<(), Error> {
        let keys = Arc::new(Jwks::from_json(jwks).map_err(|error| Error::Untrusted(error.to_string()))?);
        let new = Known { place: place.into(), read_at: mono, keys };
        self.sets.rcu(|sets| {
            let others = sets.iter().filter(|known| *known.place != *place).take(MOST_PLACES - 1);
            std::iter::once(&new).chain(others).cloned().collect::<Vec<_>>()
        });
        if self.unread(place).is_some() {
            self.unread.rcu(|all| all.iter().filter(|(other, _)| **other != *place).cloned().collect::<Vec<_>>());
        }
        Ok(())
    }

    fn unread(&self, place: &str) -> Option<Unread> {
        self.unread.load().iter().find(|(known, _)| **known == *place).map(|(_, unread)| unread.clone())
    }

    fn could_not_read(&self, place: &str, unread: Unread) {
        let new = (Arc::from(place), unread);
        self.unread.rcu(|all| {
            let others = all.iter().filter(|(other, _)| **other != *place).take(MOST_PLACES - 1);
            std::iter::once(&new).chain(others).cloned().collect::<Vec<_>>()
        });
    }

    fn verify(&self, place: &str, jws: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(known) = self.known(place) else { return Ok(None) };
        match verify_jws(jws, &known.keys, &Expected { algorithms: &self.algorithms, typ: None }) {
            Ok(signed) => Ok(Some(signed.payload().to_vec())),
            // The same name, or none, may be another key's by now.
            Err(Unverified::UnknownKey | Unverified::Signature) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn verify_by(&self, jwk: &str, jws: &str) -> Result<Vec<u8>, Error> {
        let key = VerifyingKey::from_jwk(jwk).map_err(|error| Error::Untrusted(error.to_string()))?;
        let signed = verify_jws(jws, &key.into(), &Expected { algorithms: &self.algorithms, typ: None })?;
        Ok(signed.payload().to_vec())
    }
}

/// Algorithms and places.
impl fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.sets.load().iter().map(|known| known.place.to_string()).collect();
        f.debug_struct("ServerKeys").field("algorithms", &self.algorithms).field("places", &places).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    const SET: &[u8] = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    #[test]
    fn the_sets_of_a_hundred_places_are_kept_and_the_one_read_longest_ago_goes_first() {
        let keys = ServerKeys::new();
        for number in 0..=100 {
            keys.remember(&format!("https://{number}.example/keys"), SET, number).expect("a set");
        }
        assert_eq!(keys.read_at("https://0.example/keys"), None);
        assert_eq!(keys.read_at("https://1.example/keys"), Some(1));
        assert_eq!(keys.sets.load().len(), MOST_PLACES);
        keys.remember("https://1.example/keys", SET, 200).expect("a set");
        assert_eq!((keys.read_at("https://1.example/keys"), keys.sets.load().len()), (Some(200), MOST_PLACES), "replaced");
        assert!(keys.remember("https://1.example/keys", b"no set", 300).is_err());
        assert_eq!(keys.read_at("https://1.example/keys"), Some(200), "what is no set takes no set's place");
    }

    #[test]
    fn the_failures_of_a_hundred_places_are_kept_and_end_with_a_set() {
        let (keys, why) = (ServerKeys::new(), Error::Untrusted("away".to_owned()));
        for number in 0..=100 {
            let unread = Unread { mono: number, times: 1, error: why.clone() };
            keys.could_not_read(&format!("https://{number}.example/keys"), unread);
        }
        assert!(keys.unread("https://0.example/keys").is_none(), "the one longest ago goes first");
        assert_eq!(keys.unread.load().len(), MOST_PLACES);
        assert_eq!(keys.unread("https://1.example/keys").map(|unread| unread.mono), Some(1));
        assert!(keys.remember("https://1.example/keys", b"no set", 200).is_err());
        assert!(keys.unread("https://1.example/keys").is_some(), "no set ends nothing");
        keys.remember("https://1.example/keys", SET, 300).expect("a set");
        assert!(keys.unread("https://1.example/keys").is_none());
    }

    /// As where the other threads were in the middle of it at a fork: they are never heard of again in the child.
    #[test]
    fn readers_that_never_come_back_stand_in_nobodys_way() {
        let keys = ServerKeys::new();
        keys.remember("https://as.example/keys", SET, 1).expect("a set");
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(|| std::mem::forget(keys.sets.load())))));
        keys.remember("https://as.example/keys", SET, 2).expect("a set");
        assert_eq!(keys.read_at("https://as.example/keys"), Some(2));
    }

    #[test]
    fn what_many_threads_read_at_the_same_time_is_all_kept() {
        let keys = &ServerKeys::new();
        thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    (0..10).for_each(|n| keys.remember(&format!("https://{thread}-{n}.example"), SET, 1).expect("a set"))
                });
            }
        });
        assert_eq!(keys.sets.load().len(), 80);
    }
}
