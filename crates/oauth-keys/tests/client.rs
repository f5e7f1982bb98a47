//! Does what a client signs hold where a server checks it: by the key it was told, for the purpose it names?

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{
    Answer, Client, ClientAuth, Exchange, Grant, Now, Provider, Random, Request, Signer, Step, sign_jwt, thumbprint,
};
use oauth_keys::{Algorithm, Dpop, Expected, Jwks, SigningKey, VerifyingKey, verify_jws};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
const SECRET: &str = "a-secret-of-thirty-two-bytes-or-more-in-all-of-sixty-four-and-more";

struct Os;

impl Random for Os {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        SystemRandom::new().fill(bytes).map_err(|_| "none".to_owned())
    }
}

fn client() -> Client {
    let record =
        r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "id").random(Arc::new(Os))
}

fn send<T: std::fmt::Debug>(exchange: &mut Exchange<T>) -> Request {
    match exchange.step(NOW).expect("a request") {
        Step::Send(request) => request,
        step => panic!("{step:?}"),
    }
}

fn assertion(client: &Client) -> String {
    let request = send(&mut client.token(Grant::client_credentials()));
    let body = String::from_utf8(request.body().to_vec()).expect("a form");
    body.split('&').find_map(|pair| pair.strip_prefix("client_assertion=")).expect("an assertion").to_owned()
}

fn keys_of(key: &SigningKey) -> Jwks {
    Jwks::from_json(format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public")).as_bytes()).expect("a set")
}

fn rsa() -> String {
    let arguments = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let output = std::process::Command::new("openssl").args(arguments).output().expect("openssl is installed");
    String::from_utf8(output.stdout).expect("PEM")
}

#[test]
fn client_secret_jwt_verifies_with_the_secret() {
    let assertion = assertion(&client().auth(ClientAuth::ClientSecretJwt).secret(SECRET));
    let keys = VerifyingKey::hmac(SECRET.as_bytes()).expect("long enough").into();
    let expected = Expected { algorithms: &[Algorithm::Hs256], typ: Some("client-authentication+jwt") };
    assert_eq!(verify_jws(&assertion, &keys, &expected).expect("verified").claims().expect("claims")["sub"], "id");
    let other = VerifyingKey::hmac(&SECRET.as_bytes()[1..]).expect("long enough").into();
    verify_jws(&assertion, &other, &expected).expect_err("another secret");
}

#[test]
fn private_key_jwt_verifies_with_the_published_key_by_every_algorithm() {
    let rsa = &rsa();
    let keys = [
        SigningKey::generate_es256().expect("a key"),
        SigningKey::generate_ed25519().expect("a key"),
        SigningKey::from_pem(Algorithm::Rs256, rsa).expect("RSA"),
        SigningKey::from_pem(Algorithm::Ps256, rsa).expect("RSA"),
    ];
    for key in keys.map(|key| key.with_id("2026-11")) {
        let jwks = keys_of(&key);
        let algorithm = Algorithm::from_name(key.algorithm()).expect("known");
        let expected = Expected { algorithms: &[algorithm], typ: Some("client-authentication+jwt") };
        let assertion = assertion(&client().auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(key)));
        let verified = verify_jws(&assertion, &jwks, &expected).expect("verified");
        assert_eq!(verified.key_id(), Some("2026-11"));
        assert_eq!(verified.claims().expect("claims")["aud"], "https://as.example", "the issuer alone, as a text");
    }
}

#[test]
fn a_proof_verifies_with_the_key_it_brings_and_that_key_is_the_one_of_the_thumbprint() {
    let dpop = Arc::new(Dpop::new(SigningKey::generate_ed25519().expect("a key")));
    let client = client().auth(ClientAuth::None).dpop(dpop.clone());
    let mut exchange = client.token(Grant::client_credentials());
    for nonce in [None, Some("n1")] {
        let request = send(&mut exchange);
        let proof = request.headers().iter().find(|header| header.name() == "dpop").expect("a proof").value().to_owned();
        let header = URL_SAFE_NO_PAD.decode(proof.split('.').next().expect("a header")).expect("base64url");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        let jwk = header["jwk"].to_string();
        assert_eq!(thumbprint(&jwk).ok(), dpop.thumbprint());
        let keys = VerifyingKey::from_jwk(&jwk).expect("public").into();
        let verified =
            verify_jws(&proof, &keys, &Expected { algorithms: &[Algorithm::EdDsa], typ: Some("dpop+jwt") }).expect("verified");
        assert_eq!(verified.claims().expect("claims").get("nonce").and_then(Value::as_str), nonce);
        let headers = vec![("DPoP-Nonce".to_owned(), "n1".to_owned())];
        exchange.receive(Ok(Answer::new(400, headers, br#"{"error":"use_dpop_nonce"}"#.to_vec())));
    }
}

#[test]
fn rfc_7523_2_1_an_assertion_of_ones_own_making_is_a_grant() {
    let key = SigningKey::generate_es256().expect("a key").with_id("k");
    let claims = json!({"iss": "me", "sub": "someone", "aud": "https://as.example", "exp": 1_700_000_060});
    let assertion = sign_jwt(&key, Some("JWT"), &claims).expect("signed");
    let expected = Expected { algorithms: &[Algorithm::Es256], typ: Some("jwt") };
    assert_eq!(verify_jws(assertion.expose(), &keys_of(&key), &expected).expect("verified").claims().expect("claims"), claims);
    let request = send(&mut client().secret("s").token(Grant::jwt_bearer(assertion.clone())));
    assert!(String::from_utf8_lossy(request.body()).contains(assertion.expose()));
}
