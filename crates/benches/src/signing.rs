//! What a request costs that is signed, and the signature alone with ring.

use std::{hint::black_box, sync::Arc};

use oauth_core::{Client, ClientAuth, Grant, Now, Provider, Random};
use oauth_keys::{Dpop, SigningKey};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

struct Os;

impl Random for Os {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SystemRandom::new().fill(bytes).map_err(|_| "the operating system gives no random bytes".to_owned())
    }
}

fn client() -> Client {
    let record =
        r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "s6BhdRkqt3").random(Arc::new(Os))
}

fn key() -> SigningKey {
    SigningKey::generate_es256().expect("a key").with_id("2026-11")
}

fn build(n: usize, work: bool, client: &Client) {
    for _ in 0..n {
        if work {
            let mut exchange = client.token(Grant::client_credentials());
            drop(black_box(exchange.step(NOW)));
        }
    }
}

pub(crate) fn assertion(n: usize, work: bool) {
    build(n, work, &client().auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(key())));
}

pub(crate) fn proof(n: usize, work: bool) {
    build(n, work, &client().auth(ClientAuth::None).dpop(Arc::new(Dpop::new(key()))));
}

/// As many bytes as header and claims of an assertion have.
pub(crate) fn ring_alone(n: usize, work: bool) {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).expect("a key");
    let message = [b'a'; 340];
    for _ in 0..n {
        if work {
            let _ = black_box(key.sign(&random, &message));
        }
    }
}
