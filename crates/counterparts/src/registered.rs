//! What does a test have to know of a client that a server knows?

use oauth_core::{Client, Provider};
use serde::Deserialize;

/// A client that one of the servers knows from its start.
#[derive(Clone, Deserialize)]
pub struct Registered {
    /// The `client_id`.
    pub id: String,
    /// The secret, where it has one.
    pub secret: Option<String>,
    /// How it authenticates, in the words of RFC 7591 §2 (`client_secret_basic`, `private_key_jwt`, …).
    pub method: String,
    /// Where a login ends, where it may log users in.
    pub redirect_uri: Option<String>,
    /// What it signs with, where it does.
    pub key: Option<SigningKey>,
}

/// A client's private key, whose public half the server knows.
#[derive(Clone, Deserialize)]
pub struct SigningKey {
    /// The JWS algorithm: `RS256`, `PS256`, `ES256`, `EdDSA` (an Ed25519 key).
    pub alg: String,
    /// The key's name in the client's JWKS.
    pub kid: String,
    /// As PEM (PKCS 8).
    pub pem: String,
    /// As a JWK, private members included.
    pub jwk: serde_json::Value,
}

impl Registered {
    /// Our client of that id at that provider, with its secret if it has one.
    pub fn of(&self, provider: Provider) -> Client {
        let client = Client::new(provider, &self.id);
        match &self.secret {
            Some(secret) => client.secret(secret.as_str()),
            None => client,
        }
    }

    /// Where a login of this client ends.
    ///
    /// # Panics
    /// Where it may not log users in.
    pub fn redirect_uri(&self) -> &str {
        self.redirect_uri.as_deref().unwrap_or_else(|| panic!("the client {:?} has no redirect_uri", self.id))
    }
}
