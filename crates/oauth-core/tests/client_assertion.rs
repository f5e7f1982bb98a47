//! Does a client that signs prove who it is as RFC 7523 and its successor say?

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Answer, AssertionAudience, Client, ClientAuth, Error, Grant, Kind, Now, Provider, Random, Signer, Step};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_999, mono: 0 };
const SECRET: &str = "a-secret-of-thirty-two-bytes-or-more";

struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes[..8].copy_from_slice(&(self.0.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes());
        Ok(())
    }
}

fn random() -> Arc<dyn Random> {
    Arc::new(Counter(AtomicU64::new(0)))
}

/// Signs with a word, so that everything but the signature can be looked at.
struct Word(&'static str, Result<&'static str, &'static str>);

impl Signer for Word {
    fn algorithm(&self) -> &str {
        self.0
    }
    fn key_id(&self) -> Option<&str> {
        Some("2026-11")
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, String> {
        self.1.map(|word| word.as_bytes().to_vec()).map_err(str::to_owned)
    }
}

fn provider(record: &Value) -> Provider {
    Provider::from_json(&record.to_string()).expect("a record")
}

fn record() -> Value {
    json!({
        "version": 1, "name": "example", "base": "https://as.example", "issuer": "https://as.example",
        "token": { "url": "/token", "auth": "private_key_jwt" },
        "endpoints": { "revocation": "/revoke" }
    })
}

fn client() -> Client {
    Client::new(provider(&record()), "s6BhdRkqt3").signer(Arc::new(Word("ES256", Ok("signature")))).random(random())
}

fn parameters(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The parameters of a client's token request.
fn asked(client: &Client) -> Vec<(String, String)> {
    match client.token(Grant::client_credentials()).step(NOW).expect("a request") {
        Step::Send(request) => {
            assert!(request.headers().iter().all(|header| header.name() != "authorization"), "one proof only");
            parameters(request.body())
        }
        step => panic!("{step:?}"),
    }
}

fn part(jwt: &str, number: usize) -> Value {
    let part = jwt.split('.').nth(number).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

fn value<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = parameters.iter().filter(|(known, _)| known == name);
    let (_, value) = found.next().unwrap_or_else(|| panic!("{name} is missing"));
    assert!(found.next().is_none(), "{name} twice");
    value
}

fn problem(client: &Client) -> Error {
    client.token(Grant::client_credentials()).step(NOW).expect_err("nothing may be sent")
}

#[test]
fn rfc_7523_2_2_the_assertion_and_its_type_stand_in_the_body_beside_the_client_id() {
    let parameters = asked(&client());
    assert_eq!(value(&parameters, "grant_type"), "client_credentials");
    assert_eq!(value(&parameters, "client_id"), "s6BhdRkqt3");
    assert_eq!(value(&parameters, "client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert!(parameters.iter().all(|(name, _)| name != "client_secret"));
    let assertion = value(&parameters, "client_assertion");
    assert_eq!(part(assertion, 0), json!({"typ": "client-authentication+jwt", "alg": "ES256", "kid": "2026-11"}));
    let claims = part(assertion, 1);
    let jti = claims["jti"].as_str().expect("jti");
    assert_eq!(jti.len(), 43);
    assert_eq!(
        claims,
        json!({
            "iss": "s6BhdRkqt3", "sub": "s6BhdRkqt3", "aud": "https://as.example", "jti": jti,
            "iat": 1_700_000_000, "exp": 1_700_000_060
        })
    );
    assert_eq!(assertion.rsplit('.').next(), Some(&*URL_SAFE_NO_PAD.encode("signature")));
}

#[test]
fn rfc_7523_3_every_attempt_has_an_id_of_its_own() {
    let client = client();
    let mut exchange = client.token(Grant::client_credentials());
    let mut ids = Vec::new();
    for _ in 0..3 {
        // Stepped again before an answer: the request is built, and signed, again.
        let Step::Send(request) = exchange.step(NOW).expect("a request") else { panic!("a request") };
        ids.push(part(value(&parameters(request.body()), "client_assertion"), 1)["jti"].clone());
    }
    let revocation = client.revoke(&token(&client)).step(NOW).expect("a request");
    let Step::Send(request) = revocation else { panic!("a request") };
    ids.push(part(value(&parameters(request.body()), "client_assertion"), 1)["jti"].clone());
    ids.sort_by_key(Value::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

fn token(client: &Client) -> oauth_core::Token {
    let mut exchange = client.token(Grant::client_credentials());
    let Ok(Step::Send(_)) = exchange.step(NOW) else { panic!("a request") };
    exchange.receive(Ok(Answer::new(200, vec![], br#"{"access_token":"abc","token_type":"Bearer"}"#.to_vec())));
    match exchange.step(NOW).expect("a token") {
        Step::Done(token) => token,
        step => panic!("{step:?}"),
    }
}

#[test]
fn rfc_7523bis_4_the_audience_is_the_issuer_alone_unless_a_legacy_server_wants_its_token_endpoint() {
    let audience = |client: &Client| part(value(&asked(client), "client_assertion"), 1)["aud"].clone();
    assert_eq!(audience(&client()), "https://as.example");
    assert_eq!(audience(&client().assertion_audience(AssertionAudience::TokenEndpoint)), "https://as.example/token");
    let mut legacy = record();
    legacy["token"]["assertion_audience"] = "token_endpoint".into();
    let legacy = Client::new(provider(&legacy), "id").signer(Arc::new(Word("PS256", Ok("s")))).random(random());
    assert_eq!(audience(&legacy), "https://as.example/token");
    assert_eq!(audience(&legacy.assertion_audience(AssertionAudience::Issuer)), "https://as.example");
    let mut nameless = record();
    nameless.as_object_mut().expect("an object").remove("issuer");
    let nameless = Client::new(provider(&nameless), "id").signer(Arc::new(Word("ES256", Ok("s")))).random(random());
    assert!(problem(&nameless).to_string().contains("issuer"));
}

#[test]
fn client_secret_jwt_signs_with_the_secret_by_hmac() {
    let client = Client::new(provider(&record()), "id").auth(ClientAuth::ClientSecretJwt).secret(SECRET).random(random());
    let parameters = asked(&client);
    let assertion = value(&parameters, "client_assertion");
    assert_eq!(part(assertion, 0), json!({"typ": "client-authentication+jwt", "alg": "HS256"}));
    assert!(parameters.iter().all(|(_, value)| !value.contains(SECRET)), "the secret itself stays here");
    // That it is the right one, a library that is not ours says (crates/oauth-keys/tests/client.rs).
    let signature = assertion.rsplit('.').next().expect("three parts");
    assert_eq!(URL_SAFE_NO_PAD.decode(signature).expect("base64url").len(), 32);
}

#[test]
fn what_is_missing_is_told_before_anything_is_sent() {
    let bare = || Client::new(provider(&record()), "id");
    let signer = || Arc::new(Word("ES256", Ok("s")));
    for (client, told) in [
        (bare().random(random()), "key: missing"),
        (bare().signer(signer()), "random: missing"),
        (bare().auth(ClientAuth::ClientSecretJwt).random(random()), "client_secret: missing"),
        (bare().auth(ClientAuth::ClientSecretJwt).secret("short").random(random()), "shorter than 32 bytes"),
        (bare().auth(ClientAuth::ClientSecretJwt).secret(SECRET), "random: missing"),
        (bare().signer(Arc::new(Word("HS256", Ok("s")))).random(random()), "no asymmetric signature"),
        (bare().signer(Arc::new(Word("none", Ok("s")))).random(random()), "no asymmetric signature"),
        (bare().signer(Arc::new(Word("ES256", Ok("")))).random(random()), "empty signature"),
        (bare().signer(Arc::new(Word("ES256", Err("the slot\r\nis empty")))).random(random()), "could not sign"),
    ] {
        let error = problem(&client);
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.to_string().contains(told) && !error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn an_assertion_that_the_server_echoes_is_in_no_error_text() {
    let client = client();
    let mut exchange = client.token(Grant::client_credentials());
    let Step::Send(request) = exchange.step(NOW).expect("a request") else { panic!("a request") };
    let parameters = parameters(request.body());
    let assertion = value(&parameters, "client_assertion").to_owned();
    assert!(!format!("{request:?} {client:?} {exchange:?}").contains(&assertion[..20]));
    let body = json!({"error": "invalid_client", "error_description": format!("cannot take \"{assertion}\", it is old")});
    exchange.receive(Ok(Answer::new(401, vec![], body.to_string().into_bytes())));
    let error = exchange.step(NOW).expect_err("refused");
    assert_eq!(error.kind(), Kind::Refused);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("cannot take") && shown.contains("it is old"), "{shown}");
    assert!(assertion.split('.').all(|part| !shown.contains(part)), "{shown}");
}

#[test]
fn the_words_for_it_are_the_registered_ones() {
    assert_eq!(ClientAuth::from_word("private_key_jwt").expect("a word"), ClientAuth::PrivateKeyJwt);
    assert_eq!(ClientAuth::from_word("client_secret_jwt").expect("a word"), ClientAuth::ClientSecretJwt);
    assert_eq!(AssertionAudience::from_word("issuer").expect("a word"), AssertionAudience::Issuer);
    assert_eq!(AssertionAudience::from_word("token_endpoint").expect("a word"), AssertionAudience::TokenEndpoint);
    AssertionAudience::from_word("both").expect_err("not a word");
}
