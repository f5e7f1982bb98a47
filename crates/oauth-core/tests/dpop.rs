//! Is every request of a client with a key proven, and every nonce used, as RFC 9449 says?

#![expect(
    clippy::disallowed_types,
    reason = "a prover keeps nonces for every thread; this one does so without the crate for keys"
)]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{
    Answer, Authorize, Call, Client, Deviation, Exchange, Grant, Kind, Login, Now, Prover, Provider, Random, Request, Signer,
    Step, Token,
};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_562_262_616_000, mono: 0 };
/// RFC 9449 §4.1, with a private member that must not go along.
const JWK: &str = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256","d":"PRIVATE"}"#;
/// RFC 9449 §6.1
const THUMBPRINT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

/// A signer without a key that keeps the nonces of every place.
struct Fake {
    algorithm: &'static str,
    jwk: Option<&'static str>,
    nonces: Mutex<Vec<(String, String)>>,
}

impl Fake {
    fn new() -> Arc<Self> {
        Self::with("ES256", Some(JWK))
    }

    fn with(algorithm: &'static str, jwk: Option<&'static str>) -> Arc<Self> {
        Arc::new(Self { algorithm, jwk, nonces: Mutex::default() })
    }
}

impl Signer for Fake {
    fn algorithm(&self) -> &str {
        self.algorithm
    }
    fn key_id(&self) -> Option<&str> {
        Some("not in a proof")
    }
    fn public_jwk(&self) -> Option<&str> {
        self.jwk
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(format!("signature over {} bytes", message.len()).into_bytes())
    }
}

impl Prover for Fake {
    fn nonce(&self, place: &str) -> Option<String> {
        self.nonces.lock().expect("no panic").iter().rev().find(|(known, _)| known == place).map(|(_, nonce)| nonce.clone())
    }
    fn remember(&self, place: &str, nonce: &str) {
        self.nonces.lock().expect("no panic").push((place.to_owned(), nonce.to_owned()));
    }
}

struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes[..8].copy_from_slice(&(self.0.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes());
        Ok(())
    }
}

fn counter() -> Counter {
    Counter(AtomicU64::new(0))
}

fn provider() -> Provider {
    let record = json!({
        "version": 1, "name": "example", "base": "https://server.example.com", "issuer": "https://server.example.com",
        "token": { "url": "/token?tenant=1", "auth": "none" },
        "authorize": { "url": "/authorize" },
        "api": { "base": "https://resource.example.org" }
    });
    Provider::from_json(&record.to_string()).expect("a record")
}

fn client(prover: &Arc<Fake>) -> Client {
    Client::new(provider(), "s6BhdRkqt").dpop(prover.clone()).random(Arc::new(counter()))
}

fn send<T: std::fmt::Debug>(exchange: &mut Exchange<T>) -> Request {
    match exchange.step(NOW).expect("a request") {
        Step::Send(request) => request,
        step => panic!("{step:?}"),
    }
}

fn done<T: std::fmt::Debug>(exchange: &mut Exchange<T>) -> T {
    match exchange.step(NOW).expect("a result") {
        Step::Done(value) => value,
        step => panic!("{step:?}"),
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut found = request.headers().iter().filter(|header| header.name() == name);
    let first = found.next();
    assert!(found.next().is_none(), "{name} twice");
    first.map(oauth_core::Header::value)
}

/// Header and claims of a request's proof.
fn proof(request: &Request) -> (Value, Value) {
    let proof = header(request, "dpop").expect("a proof");
    let part = |number| {
        let part = proof.split('.').nth(number).expect("three parts");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
    };
    (part(0), part(1))
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answer::new(status, headers, body.as_bytes().to_vec())
}

const BOUND: &str = r#"{"access_token":"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU","token_type":"DPoP","expires_in":2677,"refresh_token":"Q..Zkm29lexi8VnWg2zPW1x-tgGad0Ibc3s3EwM_Ni4-g"}"#;
const WANTS_NONCE: &str = r#"{"error":"use_dpop_nonce","error_description":"Authorization server requires nonce in DPoP proof"}"#;

fn token(client: &Client) -> Token {
    let mut exchange = client.token(Grant::client_credentials());
    send(&mut exchange);
    exchange.receive(Ok(answer(200, &[], BOUND)));
    done(&mut exchange)
}

#[test]
fn rfc_9449_4_2_a_proof_has_its_type_its_public_key_and_these_claims() {
    let mut exchange = client(&Fake::new()).token(Grant::client_credentials());
    let request = send(&mut exchange);
    let (head, claims) = proof(&request);
    assert_eq!(
        head,
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": {
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
        }})
    );
    let jti = claims["jti"].as_str().expect("jti").to_owned();
    // No query in htu, no ath without a token, no nonce before there is one.
    assert_eq!(claims, json!({"jti": jti, "htm": "POST", "htu": "https://server.example.com/token", "iat": 1_562_262_616}));
    // §11.1: made anew whenever the request is.
    assert_ne!(proof(&send(&mut exchange)).1["jti"], jti.as_str());
    assert!(!format!("{request:?}").contains("eyJ"), "a proof is shown nowhere");
}

#[test]
fn rfc_9449_7_1_an_api_call_has_the_scheme_dpop_and_the_tokens_hash() {
    let client = client(&Fake::new());
    let token = token(&client);
    assert_eq!((token.token_type(), token.deviations()), (Some("DPoP"), &[][..]));
    let request = send(&mut client.call(&token, Call::get("/protectedresource").query("a", "1")));
    assert_eq!(header(&request, "authorization"), Some("DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));
    let claims = proof(&request).1;
    assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    assert_eq!((&claims["htm"], &claims["htu"]), (&json!("GET"), &json!("https://resource.example.org/protectedresource")));
}

#[test]
fn rfc_9449_8_a_nonce_that_the_authorization_server_wants_is_used_once_more_and_then_it_is_final() {
    let prover = Fake::new();
    let mut exchange = client(&prover).token(Grant::client_credentials());
    let first = proof(&send(&mut exchange)).1;
    exchange.receive(Ok(answer(400, &[("DPoP-Nonce", "eyJ7S_zG.eyJH0-Z.HX4w-7v")], WANTS_NONCE)));
    let second = proof(&send(&mut exchange)).1;
    assert_eq!(second["nonce"], "eyJ7S_zG.eyJH0-Z.HX4w-7v");
    // Stepped again, the same.
    assert_eq!(proof(&send(&mut exchange)).1["nonce"], "eyJ7S_zG.eyJH0-Z.HX4w-7v");
    assert_ne!(first["jti"], second["jti"]);
    exchange.receive(Ok(answer(400, &[("DPoP-Nonce", "another")], WANTS_NONCE)));
    let error = exchange.step(NOW).expect_err("the second one is final");
    assert_eq!((error.kind(), error.code()), (Kind::Refused, Some("use_dpop_nonce")));
    // §8.2: it is the newest all the same, for the next exchange.
    assert_eq!(prover.nonce("https://server.example.com").as_deref(), Some("another"));
}

/// As where a fork took the lock of the nonces along.
struct Forgetful;

impl Signer for Forgetful {
    fn algorithm(&self) -> &str {
        "ES256"
    }
    fn public_jwk(&self) -> Option<&str> {
        Some(JWK)
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, String> {
        Ok(b"signature".to_vec())
    }
}

impl Prover for Forgetful {
    fn nonce(&self, _: &str) -> Option<String> {
        None
    }
    fn remember(&self, _: &str, _: &str) {}
}

#[test]
fn rfc_9449_8_the_nonce_that_was_asked_for_is_used_even_if_the_prover_keeps_none() {
    let client = Client::new(provider(), "s6BhdRkqt").dpop(Arc::new(Forgetful)).random(Arc::new(counter()));
    let mut exchange = client.token(Grant::client_credentials());
    send(&mut exchange);
    exchange.receive(Ok(answer(400, &[("DPoP-Nonce", "mine")], WANTS_NONCE)));
    for _ in 0..2 {
        assert_eq!(proof(&send(&mut exchange)).1["nonce"], "mine");
    }
    exchange.receive(Ok(answer(200, &[], BOUND)));
    assert_eq!(done(&mut exchange).token_type(), Some("DPoP"));
}

#[test]
fn rfc_9449_8_what_is_no_challenge_is_not_answered() {
    for (status, headers, body) in [
        (500, &[("DPoP-Nonce", "n")][..], WANTS_NONCE),
        (503, &[("DPoP-Nonce", "n")], WANTS_NONCE),
        (400, &[], WANTS_NONCE),
        (400, &[("DPoP-Nonce", "two words")], WANTS_NONCE),
        (400, &[("DPoP-Nonce", "n")], r#"{"error":"invalid_request"}"#),
        (400, &[("DPoP-Nonce", "n")], "<h1>use_dpop_nonce</h1>"),
        (401, &[("DPoP-Nonce", "n"), ("WWW-Authenticate", r#"Bearer error="use_dpop_nonce""#)], ""),
    ] {
        let mut exchange = client(&Fake::new()).token(Grant::client_credentials());
        send(&mut exchange);
        exchange.receive(Ok(answer(status, headers, body)));
        exchange.step(NOW).expect_err("final");
    }
}

#[test]
fn rfc_9449_8_2_a_newer_nonce_in_any_answer_is_used_next() {
    let prover = Fake::new();
    let client = client(&prover);
    let mut exchange = client.token(Grant::client_credentials());
    send(&mut exchange);
    exchange.receive(Ok(answer(200, &[("dpop-nonce", "from-a-200")], BOUND)));
    let token = done(&mut exchange);
    let mut exchange = client.refresh(&token);
    assert_eq!(proof(&send(&mut exchange)).1["nonce"], "from-a-200");
    exchange.receive(Ok(answer(400, &[("dpop-nonce", "from-a-400")], r#"{"error":"invalid_grant"}"#)));
    exchange.step(NOW).expect_err("refused");
    assert_eq!(proof(&send(&mut client.refresh(&token))).1["nonce"], "from-a-400");
    // §9: the API knows nothing of it.
    assert_eq!(proof(&send(&mut client.call(&token, Call::get("/x")))).1["nonce"], Value::Null);
}

#[test]
fn rfc_9449_9_an_api_has_nonces_of_its_own_and_a_dead_token_is_renewed_in_between() {
    let prover = Fake::new();
    let client = client(&prover);
    let mut exchange = client.call(&token(&client), Call::get("/x"));
    send(&mut exchange);
    let wants = [("WWW-Authenticate", r#"DPoP error="use_dpop_nonce", error_description="..""#), ("DPoP-Nonce", "api-1")];
    exchange.receive(Ok(answer(401, &wants, "")));
    let again = proof(&send(&mut exchange)).1;
    assert_eq!((&again["nonce"], &again["htu"]), (&json!("api-1"), &json!("https://resource.example.org/x")));
    assert_eq!(again["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    exchange.receive(Ok(answer(401, &[("WWW-Authenticate", r#"DPoP error="invalid_token", algs="ES256""#)], "")));
    // The renewal, whose server wants a nonce as well.
    let renewal = proof(&send(&mut exchange)).1;
    assert_eq!((&renewal["htu"], &renewal["nonce"]), (&json!("https://server.example.com/token"), &Value::Null));
    exchange.receive(Ok(answer(400, &[("DPoP-Nonce", "as-1")], WANTS_NONCE)));
    assert_eq!(proof(&send(&mut exchange)).1["nonce"], "as-1");
    exchange.receive(Ok(answer(200, &[], &BOUND.replace("Kz~8", "New8"))));
    let Ok(Step::Save(_)) = exchange.step(NOW) else { panic!("saved first") };
    let call = send(&mut exchange);
    assert!(header(&call, "authorization").is_some_and(|value| value.starts_with("DPoP New8")));
    assert_eq!(proof(&call).1["nonce"], "api-1");
    assert_ne!(proof(&call).1["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    exchange.receive(Ok(answer(200, &[], "{}")));
    assert_eq!(done(&mut exchange).answer.status(), 200);
}

#[test]
fn rfc_9449_9_where_server_and_api_share_an_origin_their_nonces_still_differ() {
    let (prover, record) = (Fake::new(), provider().record_json().replace("resource.example.org", "server.example.com"));
    let client = Client::new(Provider::from_json(&record).expect("a record"), "app").random(Arc::new(counter())).dpop(prover);
    let token = token(&client);
    let mut exchange = client.call(&token, Call::get("/x"));
    assert!(send(&mut exchange).url().starts_with("https://server.example.com/"), "one origin");
    exchange.receive(Ok(answer(200, &[("DPoP-Nonce", "api-1")], "{}")));
    done(&mut exchange);
    assert_eq!(proof(&send(&mut client.refresh(&token))).1["nonce"], Value::Null, "the server gave none");
    assert_eq!(proof(&send(&mut client.call(&token, Call::get("/x")))).1["nonce"], "api-1");
}

#[test]
fn rfc_9449_9_an_apis_second_challenge_is_the_callers() {
    let client = client(&Fake::new());
    let mut exchange = client.call(&token(&client), Call::get("/x"));
    for nonce in ["one", "two"] {
        send(&mut exchange);
        let wants = [("WWW-Authenticate", r#"DPoP error="use_dpop_nonce""#), ("DPoP-Nonce", nonce)];
        exchange.receive(Ok(answer(401, &wants, "")));
    }
    assert_eq!(done(&mut exchange).answer.status(), 401, "no token dies of it");
}

#[test]
fn rfc_9449_5_a_token_that_is_bound_to_nothing_is_noticed_or_discarded() {
    for body in [r#"{"access_token":"abc","token_type":"bearer"}"#, r#"{"access_token":"abc"}"#] {
        let client = client(&Fake::new());
        let mut exchange = client.token(Grant::client_credentials());
        send(&mut exchange);
        exchange.receive(Ok(answer(200, &[], body)));
        let token = done(&mut exchange);
        assert!(token.deviations().contains(&Deviation::TOKEN_TYPE_UNBOUND));
        let restored = Token::restore(token.saved().expose()).expect("saved");
        assert_eq!(restored.deviations(), token.deviations());
        let call = send(&mut client.call(&token, Call::get("/x")));
        assert_eq!((header(&call, "authorization"), header(&call, "dpop")), (Some("Bearer abc"), None));

        let mut strict = client.dpop_required().token(Grant::client_credentials());
        send(&mut strict);
        strict.receive(Ok(answer(200, &[], body)));
        let error = strict.step(NOW).expect_err("discarded");
        assert_eq!(error.kind(), Kind::Garbled);
        assert!(error.to_string().contains("RFC 9449 §5") && !error.to_string().contains("abc"), "{error}");
    }
}

/// Saved before the client, or its policy, wanted bound ones alone.
#[test]
fn rfc_9449_5_a_restored_token_that_is_bound_to_nothing_is_sent_to_no_api() {
    let lax = client(&Fake::new());
    let mut exchange = lax.token(Grant::client_credentials());
    send(&mut exchange);
    exchange.receive(Ok(answer(200, &[], r#"{"access_token":"abc","token_type":"bearer","refresh_token":"r"}"#)));
    let token = Token::restore(done(&mut exchange).saved().expose()).expect("saved");
    lax.takes(&token).expect("either kind");
    let strict = lax.dpop_required();
    for error in [
        strict.takes(&token).expect_err("bound to nothing"),
        strict.call(&token, Call::get("/x")).step(NOW).expect_err("bound to nothing"),
        strict.attempt(&token, Call::get("/x")).step(NOW).expect_err("bound to nothing"),
        strict.userinfo(&token).step(NOW).expect_err("bound to nothing"),
    ] {
        assert_eq!(error.kind(), Kind::Expired, "{error}");
        assert!(error.to_string().contains("refresh it, or log in again"), "{error}");
    }
    let mut exchange = strict.refresh(&token);
    send(&mut exchange);
    exchange.receive(Ok(answer(200, &[], BOUND)));
    let Ok(Step::Save(bound)) = exchange.step(NOW) else { panic!("a new token") };
    send(&mut strict.call(&bound, Call::get("/x")));
}

#[test]
fn rfc_9449_5_a_record_that_has_another_word_for_bearer_binds_nothing_either() {
    let mut record: Value = serde_json::from_str(&provider().record_json()).expect("JSON");
    record["token"]["token_types"] = serde_json::json!({"Zoho": "Zoho-oauthtoken", "b": "bearer"});
    let provider = Provider::from_json(&record.to_string()).expect("a record");
    for token_type in ["Zoho", "b"] {
        let body = format!(r#"{{"access_token":"abc","token_type":"{token_type}"}}"#);
        let client =
            Client::new(provider.clone(), "s6BhdRkqt").secret("s").random(Arc::new(counter())).dpop(Fake::new() as Arc<Fake>);
        let mut exchange = client.token(Grant::client_credentials());
        send(&mut exchange);
        exchange.receive(Ok(answer(200, &[], &body)));
        assert!(done(&mut exchange).deviations().contains(&Deviation::TOKEN_TYPE_UNBOUND), "{token_type}");
        let mut strict = client.dpop_required().token(Grant::client_credentials());
        send(&mut strict);
        strict.receive(Ok(answer(200, &[], &body)));
        assert_eq!(strict.step(NOW).expect_err("discarded").kind(), Kind::Garbled, "{token_type}");
    }
}

#[test]
fn a_bound_token_is_of_no_use_without_its_key() {
    let token = token(&client(&Fake::new()));
    let keyless = Client::new(provider(), "s6BhdRkqt");
    let error =
        keyless.call(&Token::restore(token.saved().expose()).expect("saved"), Call::get("/x")).step(NOW).expect_err("no key");
    assert!(error.kind() == Kind::Usage && error.to_string().contains("DPoP"), "{error}");
    // Nor is one that a client without a key was given.
    let mut exchange = keyless.token(Grant::client_credentials());
    send(&mut exchange);
    exchange.receive(Ok(answer(200, &[], BOUND)));
    let token = done(&mut exchange);
    assert_eq!((token.token_type(), token.authorization()), (Some("DPoP"), None));
}

#[test]
fn clients_with_different_keys_share_no_token() {
    let keyless = Client::new(provider(), "s6BhdRkqt").place().expect("a place");
    let place = client(&Fake::new()).place().expect("a place");
    assert_eq!((place[..3].to_vec(), &place[3..]), (keyless, &[("dpop", THUMBPRINT.to_owned())][..]));
}

#[test]
fn rfc_9449_10_the_code_belongs_to_the_key_that_the_login_was_begun_with() {
    let other_jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let (client, other) = (client(&Fake::new()), client(&Fake::with("EdDSA", Some(other_jwk))));
    let login = client.authorize(Authorize::new("https://app.example/cb"), NOW, &counter()).expect("a login");
    assert!(login.url().contains(&format!("&dpop_jkt={THUMBPRINT}")), "{}", login.url());
    let state = login.url().split_once("state=").expect("a state").1.split('&').next().expect("a state").to_owned();
    let saved = login.saved().expect("open");
    let callback = format!("https://app.example/cb?code=SplxlOBeZQQYbYS6WxSbIA&state={state}");
    for stranger in [other, Client::new(provider(), "s6BhdRkqt")] {
        let mut login = Login::restore(saved.expose()).expect("saved");
        let error = stranger.callback(&mut login, &callback).step(NOW).expect_err("another key");
        assert!(error.kind() == Kind::Usage && error.to_string().contains("another DPoP key"), "{error}");
        assert!(!login.is_taken());
    }
    let mut login = Login::restore(saved.expose()).expect("saved");
    assert_eq!(proof(&send(&mut client.callback(&mut login, &callback))).1["htm"], "POST");
    client
        .authorize(Authorize::new("https://app.example/cb").parameter("dpop_jkt", "x"), NOW, &counter())
        .expect_err("set by the client itself");
}

#[test]
fn what_cannot_prove_is_told_before_anything_is_sent() {
    let with = |prover: Arc<Fake>| Client::new(provider(), "id").dpop(prover).random(Arc::new(counter()));
    for (client, told) in [
        (with(Fake::with("HS256", Some(JWK))), "no asymmetric signature"),
        (with(Fake::with("none", Some(JWK))), "no asymmetric signature"),
        (with(Fake::with("ES256", None)), "public key"),
        (with(Fake::with("ES256", Some(r#"{"kty":"oct","k":"AAAA"}"#))), "symmetric"),
        (with(Fake::with("ES256", Some("{"))), "jwk"),
        (Client::new(provider(), "id").dpop(Fake::new()), "random: missing"),
        (Client::new(provider(), "id").dpop_required(), "no key"),
    ] {
        let error = client.token(Grant::client_credentials()).step(NOW).expect_err(told);
        assert!(error.kind() == Kind::Usage && error.to_string().contains(told), "{error}");
    }
}

#[test]
fn a_provider_that_wants_the_token_in_a_parameter_gets_no_bound_one() {
    let record = json!({
        "version": 1, "name": "example", "base": "https://server.example.com", "token": { "url": "/token", "auth": "none" },
        "api": { "token": { "in": "parameter" } }
    });
    let client = Client::new(Provider::from_json(&record.to_string()).expect("a record"), "id")
        .dpop(Fake::new())
        .random(Arc::new(counter()));
    let error = client.call(&token(&client), Call::get("/x")).step(NOW).expect_err("RFC 9449 §7.1");
    assert!(error.to_string().contains("header only"), "{error}");
}
