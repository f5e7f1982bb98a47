//! What does a server that others wrote give for a token, or for a JWT that somebody signed?

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Call, Client, Grant, Provider, Secret, Token, sign_jwt};
use oauth_keys::{Algorithm, SigningKey};
use oauth_ureq::now;
use serde_json::{Value, json};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

fn server() -> &'static Counterpart {
    Counterpart::authlib()
}

fn client(name: &str) -> Client {
    let record = json!({
        "version": 1,
        "name": "authlib",
        "base": server().issuer(),
        "token": { "url": "/token" },
        "endpoints": { "revocation": "/revoke" },
    });
    server().client(name).of(Provider::from_json(&record.to_string()).expect("a good record"))
}

fn alices(client: &Client) -> Token {
    let grant = Grant::password("alice", server().told("/users/alice")).scope("read");
    server().agent().run(client.token(grant)).expect("a token")
}

fn who(client: &Client, token: &Token) -> Value {
    server().agent().run(client.call(token, Call::get("/api"))).expect("an answer").answer.json().expect("JSON")
}

/// A JWT of the client `assertion`, with these claims beside or instead of good ones.
fn assertion(claims: &[(&str, Value)]) -> Secret {
    let known = server().client("assertion").key.as_ref().expect("its key");
    let key = SigningKey::from_jwk(Algorithm::Es256, &known.jwk.to_string()).expect("a private key").with_id(&known.kid);
    let seconds = now().wall / 1000;
    let mut all = json!({
        "iss": "assertion", "sub": "alice", "aud": server().issuer(), "iat": seconds, "exp": seconds + 60,
    });
    claims.iter().for_each(|(name, value)| all[*name] = value.clone());
    sign_jwt(&key, None, &all).expect("signed")
}

#[test]
fn rfc_8693_2_a_token_is_exchanged_for_one_of_the_same_user() {
    let client = client("plain");
    let subject = alices(&client);
    for kind in [ACCESS_TOKEN, "access_token"] {
        let token = server().agent().run(client.token(Grant::token_exchange(subject.access_token(), kind))).expect("a token");
        assert_ne!(token.access_token(), subject.access_token());
        assert_eq!(token.field("/issued_token_type"), Some(json!(ACCESS_TOKEN)));
        assert_eq!(who(&client, &token)["user"], "alice");
    }
}

#[test]
fn rfc_8693_2_2_2_a_dead_subject_token_is_an_invalid_grant() {
    let client = client("plain");
    let subject = alices(&client);
    server().agent().run(client.revoke(&subject)).expect("revoked");
    let grant = Grant::token_exchange(subject.access_token(), ACCESS_TOKEN);
    let error = server().agent().run(client.token(grant)).expect_err("refused");
    // RFC 8693 §2.2.2 wants invalid_request; servers say invalid_grant as well, and both are told as they came.
    assert_refused(&error, "invalid_grant", 400);
    assert!(!error.to_string().contains(subject.access_token()), "{error}");
}

#[test]
fn rfc_8693_2_a_client_that_may_not_is_told() {
    let grant = Grant::token_exchange(alices(&client("plain")).access_token(), ACCESS_TOKEN);
    let error = server().agent().run(client("narrow").token(grant)).expect_err("refused");
    assert_refused(&error, "unauthorized_client", 400);
}

#[test]
fn rfc_7523_2_1_a_jwt_that_we_sign_is_exchanged_for_its_users_token() {
    let client = client("assertion");
    let token = server().agent().run(client.token(Grant::jwt_bearer(assertion(&[])).scope("read"))).expect("a token");
    assert_eq!(who(&client, &token), json!({ "user": "alice", "scope": "read" }));
}

#[test]
fn rfc_7523_3_1_a_jwt_that_is_wrong_in_any_claim_is_refused_and_not_shown() {
    let past = json!(now().wall / 1000 - 3600);
    for wrong in
        [[("aud", json!("https://elsewhere.example"))], [("exp", past)], [("sub", json!("stranger"))], [("iss", json!("plain"))]]
    {
        let jwt = assertion(&wrong);
        let error = server().agent().run(client("assertion").token(Grant::jwt_bearer(jwt.clone()))).expect_err("refused");
        assert_eq!((error.kind(), error.is_transient()), (oauth_core::Kind::Refused, false), "{wrong:?}: {error}");
        assert!(!error.to_string().contains(jwt.expose()) && !format!("{error:?}").contains(jwt.expose()), "{error}");
    }
}

#[test]
fn rfc_7523_3_a_jwt_that_was_changed_is_refused() {
    let jwt = assertion(&[]);
    let (rest, signature) = jwt.expose().rsplit_once('.').expect("three parts");
    let other = assertion(&[("sub", json!("zoë"))]);
    let (payload, _) = other.expose().rsplit_once('.').expect("three parts");
    assert_ne!(rest, payload);
    let forged = format!("{payload}.{signature}");
    let error = server().agent().run(client("assertion").token(Grant::jwt_bearer(forged))).expect_err("refused");
    assert_eq!((error.kind(), error.is_transient()), (oauth_core::Kind::Refused, false), "{error}");
}
