//! Does the Redis store keep what it promises, with a real server?
//!
//! Each test starts a `redis-server` of its own on a free port (Debian: package redis-server), and stops it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod broken;
mod proxy;
mod refused;
mod server;
mod session;
mod shared;
mod tls;

use std::time::Duration;

use oauth_core::{Client, Provider, Secret, StoreError};
use oauth_session::{Key, Lock, Redis, Session, Store, Stored};

/// Long enough for any test.
const LEASE: Duration = Duration::from_secs(60);

/// The key of that user's token.
fn key(user: &str) -> Key {
    let client = Client::new(Provider::buildpass(), "id");
    Session::builder(client).user(user).open().unwrap().key().clone()
}

fn open(url: &str) -> Redis {
    Redis::open(url).unwrap()
}

fn pair(stored: Option<Stored>) -> Option<(u64, String)> {
    stored.map(|stored| (stored.revision, stored.text.expose().to_owned()))
}

fn save(store: &Redis, key: &Key, revision: u64, text: &str) -> Result<bool, StoreError> {
    store.save(key, revision, &Secret::from(text))
}

fn lock(store: &Redis, key: &Key, lease: Duration) -> Option<Box<dyn Lock>> {
    store.try_lock(key, lease).unwrap()
}
