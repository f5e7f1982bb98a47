//! What becomes of a stored token that is bound to no key, once the client uses bound ones alone?

use std::sync::Arc;

use oauth_core::{Client, Kind, Prover, Random, Signer, Token};
use oauth_session::{Memory, Session};

use crate::world::{Says, World};

/// A key of the test's, which no server here looks at.
struct Key;

impl Signer for Key {
    fn algorithm(&self) -> &str {
        "ES256"
    }
    fn public_jwk(&self) -> Option<&str> {
        Some(
            r#"{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#,
        )
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, String> {
        Ok(vec![0; 64])
    }
}

impl Prover for Key {
    fn nonce(&self, _: &str) -> Option<String> {
        None
    }
    fn remember(&self, _: &str, _: &str) {}
}

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn client() -> Client {
    World::client().dpop(Arc::new(Key)).random(Arc::new(Counting))
}

fn open(client: Client, store: &Memory) -> Session {
    Session::builder(client).store(store.clone()).user("jo").open().expect("a session")
}

#[test]
fn rfc_9449_5_a_stored_token_that_is_bound_to_nothing_is_renewed_before_it_is_used() {
    let (world, store) = (World::new(), Memory::new());
    let lax = open(client(), &store);
    lax.login(&world.issue(), world.now()).expect("a client that takes both");
    assert_eq!(world.run(lax.token()).expect("used").access_token(), "a1");

    let strict = open(client().dpop_required(), &store);
    assert_eq!(strict.key(), lax.key(), "the same entry of the store");
    world.says(Says::Answer(200, r#"{"access_token":"b1","token_type":"DPoP","expires_in":3600,"refresh_token":"r9"}"#, vec![]));
    let token = world.run(strict.token()).expect("renewed");
    assert_eq!((token.authorization(), world.requests().len()), (Some("DPoP b1"), 1));
    assert!(world.requests()[0].contains("refresh_token=r1"));
}

#[test]
fn rfc_9449_5_a_token_that_is_bound_to_nothing_and_cannot_be_renewed_is_over() {
    let (world, store) = (World::new(), Memory::new());
    let unbound = world.issue();
    let saved = unbound.saved().expose().replace(r#""refresh_token":"r1""#, r#""refresh_token":null"#);
    let single = Token::restore(&saved).expect("a token");
    open(client(), &store).login(&single, world.now()).expect("a client that takes both");
    let strict = open(client().dpop_required(), &store);
    let error = world.run(strict.token()).expect_err("over");
    assert_eq!(error.kind(), Kind::Expired, "{error}");
    assert!(error.to_string().contains("log in again"), "{error}");
    let error = strict.login(&unbound, world.now()).expect_err("bound to nothing");
    assert_eq!(error.kind(), Kind::Expired, "{error}");
    assert!(world.requests().is_empty(), "nobody was asked");
}
