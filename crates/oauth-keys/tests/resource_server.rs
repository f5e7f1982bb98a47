//! Is an access token, or what a server says of one, believed only where everything in it is right?

use std::{process::Command, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{
    Answer, Client, ClientAuth, Document, Error, Exchange, Kind, Now, Policy, Provider, Random, Signer, Step, Token, sign_jwt,
};
use oauth_keys::{Algorithm, Dpop, ServerKeys, SigningKey};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 5_000_000 };
const S: i64 = 1_700_000_000;
const API: &str = "https://api.example/";

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn client() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"},
        "endpoints":{"jwks":"/keys","introspection":"/introspect"},
        "x-metadata":{"issuer":"https://as.example"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "app").secret("s").verifier(Arc::new(ServerKeys::new()))
}

fn key() -> SigningKey {
    SigningKey::generate_es256().expect("a key").with_id("k1")
}

fn jwks(key: &SigningKey) -> String {
    format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public"))
}

/// RFC 9068 §2.2.
fn access() -> Value {
    json!({"iss": "https://as.example", "sub": "alice", "aud": API, "exp": S + 300, "iat": S, "jti": "j", "client_id": "c", "scope": "read"})
}

/// RFC 9701 §5.
fn introspection() -> Value {
    json!({"iss": "https://as.example", "aud": "app", "iat": S, "token_introspection": {"active": true, "sub": "alice"}})
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().expect("claims").remove(name);
    claims
}

fn signed(key: &dyn Signer, typ: Option<&str>, claims: &Value) -> String {
    sign_jwt(key, typ, claims).expect("signed").expose().to_owned()
}

/// Runs it against a server that has these keys and answers introspections so; the number of times that keys were read.
fn run(mut exchange: Exchange<Document>, keys: &str, introspected: &str) -> (Result<Document, Error>, usize) {
    let mut read = 0;
    loop {
        match exchange.step(NOW) {
            Ok(Step::Send(request)) => {
                let is_keys = request.url() == "https://as.example/keys";
                read += usize::from(is_keys);
                assert!(read < 3, "bounded");
                if !is_keys {
                    let accept = request.headers().iter().filter(|header| header.name() == "accept").map(|header| header.value());
                    assert_eq!(accept.collect::<Vec<_>>(), ["application/token-introspection+jwt"], "RFC 9701 §4");
                }
                exchange.receive(Ok(Answer::new(200, vec![], if is_keys { keys } else { introspected }.into())));
            }
            Ok(Step::Done(done)) => return (Ok(done), read),
            Ok(_) => panic!("no other step"),
            Err(error) => return (Err(error), read),
        }
    }
}

fn presented(jwt: &str) -> Token {
    client().presented(&format!("Bearer {jwt}"), NOW).expect("a token")
}

fn let_in(client: &Client, keys: &str, jwt: &str) -> Result<Document, Error> {
    run(client.access_token_claims(&presented(jwt), API), keys, "").0
}

fn told(client: &Client, keys: &str, answer: &str) -> Result<Document, Error> {
    run(client.introspect_signed(&presented("opaque")), keys, answer).0
}

#[track_caller]
fn refused(outcome: Result<Document, Error>, why: &str) {
    let error = outcome.expect_err(why);
    assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
    assert!(!format!("{error} {error:?}").contains("alice"), "{why}: {error}");
}

#[test]
fn rfc_9068_4_a_token_that_is_right_opens_and_its_claims_are_told() {
    let key = key();
    for typ in ["at+jwt", "application/at+jwt", "AT+JWT"] {
        let claims = let_in(&client(), &jwks(&key), &signed(&key, Some(typ), &access())).expect(typ);
        assert_eq!(claims.text("/scope").as_deref(), Some("read"));
    }
    let listed = with(access(), "aud", json!(["https://other.example/", API]));
    let_in(&client(), &jwks(&key), &signed(&key, Some("at+jwt"), &listed)).expect("one of several");
}

#[test]
fn rfc_9068_4_a_token_with_anything_wrong_does_not_open() {
    let (key, client) = (key(), client());
    let keys = jwks(&key);
    for typ in [None, Some("JWT"), Some("token-introspection+jwt"), Some("at+jwt ")] {
        refused(let_in(&client, &keys, &signed(&key, typ, &access())), "typ");
    }
    for (name, value) in [
        ("iss", json!("https://as.example/")),
        ("iss", json!(["https://as.example"])),
        ("aud", json!("https://api.example")),
        ("aud", json!([])),
        ("aud", json!({"0": API})),
        ("exp", json!(S - 31)),
        ("exp", json!("999999999999")),
        ("exp", json!(null)),
        ("iat", json!(S + 31)),
        ("iat", json!(S.to_string())),
        ("nbf", json!(S + 31)),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("client_id", json!(null)),
        ("jti", json!("")),
    ] {
        refused(
            let_in(&client, &keys, &signed(&key, Some("at+jwt"), &with(access(), name, value.clone()))),
            &format!("{name} {value}"),
        );
    }
    for name in ["iss", "aud", "exp", "iat", "sub", "client_id", "jti"] {
        refused(let_in(&client, &keys, &signed(&key, Some("at+jwt"), &without(access(), name))), name);
    }
    refused(let_in(&client, &keys, &signed(&key, Some("at+jwt"), &json!([1]))), "no object");
}

/// The same with that header, and what stands there as a signature.
fn forged(header: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{}.{}.{}", part(header.to_string().as_bytes()), part(access().to_string().as_bytes()), part(signature))
}

#[test]
fn rfc_8725_3_1_no_signature_no_shared_secret_and_no_key_of_its_own() {
    let (key, client) = (key(), client());
    let keys = jwks(&key);
    refused(let_in(&client, &keys, &forged(&json!({"alg": "none", "typ": "at+jwt"}), b"")), "alg none");
    refused(let_in(&client, &keys, &forged(&json!({"alg": "ES256", "typ": "at+jwt", "kid": "k1"}), b"")), "no signature");
    refused(let_in(&client, &keys, &forged(&json!({"alg": "ES256", "typ": "at+jwt", "kid": "k1"}), &[0; 64])), "zeros");
    // CVE-2015-9235 and its like: the public key, which everybody has, taken for a shared secret.
    let shared = SigningKey::hmac(keys.as_bytes()).expect("a key").with_id("k1");
    refused(let_in(&client, &keys, &signed(&shared, Some("at+jwt"), &access())), "HS256 with the public key");
    let own = self::key();
    let brought = json!({"alg": "ES256", "typ": "at+jwt", "jwk": serde_json::from_str::<Value>(&own.published_jwk().expect("public")).expect("JSON")});
    refused(let_in(&client, &keys, &forged(&brought, &own.sign(b"x").expect("signed"))), "brings its own key");
    let (jwt, other) = (signed(&key, Some("at+jwt"), &access()), with(access(), "sub", json!("mallory")));
    let changed = jwt.replace(&URL_SAFE_NO_PAD.encode(access().to_string()), &URL_SAFE_NO_PAD.encode(other.to_string()));
    assert_ne!(jwt, changed);
    refused(let_in(&client, &keys, &changed), "changed on the way");
}

#[test]
fn openid_core_10_1_1_tokens_with_names_of_keys_that_are_not_there_do_not_storm_the_server() {
    let (key, client) = (key(), client());
    let keys = jwks(&key);
    let_in(&client, &keys, &signed(&key, Some("at+jwt"), &access())).expect("keys are known now");
    for name in ["a", "b", "c"] {
        let stranger = self::key().with_id(name);
        let token = presented(&signed(&stranger, Some("at+jwt"), &access()));
        let (outcome, read) = run(client.access_token_claims(&token, API), &keys, "");
        refused(outcome, name);
        assert_eq!(read, 0, "not within a minute");
    }
}

#[test]
fn an_opaque_token_sends_nothing() {
    for opaque in ["opaque", "a.b", "a.b.c.d.e"] {
        let (outcome, read) = run(client().access_token_claims(&presented(opaque), API), "", "");
        refused(outcome, opaque);
        assert_eq!(read, 0);
    }
}

#[test]
fn fapi_2_0_5_4_1_a_token_by_another_algorithm_is_not_believed() {
    let arguments = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let pem = Command::new("openssl").args(arguments).output().expect("openssl is installed").stdout;
    let weak = SigningKey::from_pem(Algorithm::Rs256, std::str::from_utf8(&pem).expect("PEM")).expect("a key").with_id("k1");
    let jwt = signed(&weak, Some("at+jwt"), &access());
    let client = client()
        .auth(ClientAuth::PrivateKeyJwt)
        .signer(Arc::new(key()))
        .dpop(Arc::new(Dpop::new(key())))
        .random(Arc::new(Counting));
    let_in(&client, &jwks(&weak), &jwt).expect("without a policy");
    let strict = client.policy(Policy::FAPI_2_0);
    refused(let_in(&strict, &jwks(&weak), &jwt), "RS256");
    let strong = key();
    let strict = strict.verifier(Arc::new(ServerKeys::new()));
    let_in(&strict, &jwks(&strong), &signed(&strong, Some("at+jwt"), &access())).expect("ES256");
}

#[test]
fn rfc_6750_2_1_a_header_that_is_none_is_untrusted() {
    let said = |header: &str| client().presented(header, NOW);
    assert_eq!(said("bearer  abc").expect("a token").authorization(), Some("Bearer abc"));
    assert_eq!(said("DPOP abc").expect("a token").token_type(), Some("DPoP"));
    for bad in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a b",
        "Bearer a\r\nX: y",
        "Bearer \u{fc}",
        &format!("Bearer {}", "a".repeat(16_385)),
    ] {
        let error = said(bad).expect_err(bad);
        assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    }
}

#[test]
fn rfc_9701_5_a_signed_answer_that_is_right_is_believed() {
    let key = key();
    let typ = Some("token-introspection+jwt");
    let known = told(&client(), &jwks(&key), &signed(&key, typ, &introspection())).expect("believed");
    assert_eq!(known.value(), json!({"active": true, "sub": "alice"}));
    let dead = with(introspection(), "token_introspection", json!({"active": false}));
    let known = told(&client(), &jwks(&key), &signed(&key, typ, &dead)).expect("believed");
    assert_eq!(known.field("/active"), Some(json!(false)));
    let lasting = with(introspection(), "exp", json!(S + 5));
    told(&client(), &jwks(&key), &format!("{}\n", signed(&key, typ, &lasting))).expect("exp is not forbidden");
}

#[test]
fn rfc_9701_5_a_signed_answer_with_anything_wrong_is_not_believed() {
    let (key, client) = (key(), client());
    let (keys, right) = (jwks(&key), Some("token-introspection+jwt"));
    for typ in [None, Some("JWT"), Some("at+jwt")] {
        refused(told(&client, &keys, &signed(&key, typ, &introspection())), "typ");
    }
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another")),
        ("iat", json!(S + 31)),
        ("iat", json!("1")),
        ("exp", json!(S - 31)),
        ("exp", json!("1")),
        ("token_introspection", json!(null)),
        ("token_introspection", json!({})),
        ("token_introspection", json!({"active": "true"})),
        ("token_introspection", json!("alice")),
    ] {
        refused(
            told(&client, &keys, &signed(&key, right, &with(introspection(), name, value.clone()))),
            &format!("{name} {value}"),
        );
    }
    for name in ["iss", "aud", "iat", "token_introspection"] {
        refused(told(&client, &keys, &signed(&key, right, &without(introspection(), name))), name);
    }
    refused(told(&client, &keys, &signed(&self::key().with_id("k1"), right, &introspection())), "another's key");
}

#[test]
fn rfc_9701_4_an_answer_that_is_not_signed_is_refused() {
    let plain = r#"{"active":true,"sub":"alice"}"#;
    for (answer, word) in
        [(plain, "not signed"), (r#"{"a.b.c":1}"#, "not signed"), ("", "not signed"), ("a.b.c.d.e", "encrypted")]
    {
        let error = told(&client(), "", answer).expect_err(answer);
        assert!(error.kind() == Kind::Untrusted && error.to_string().contains(word), "{error}");
        assert!(!error.to_string().contains("alice"), "{error}");
    }
}

#[test]
fn what_a_client_needs_for_it_is_told_before_anything_is_sent() {
    let record = |issuer: &str, more: &str| {
        let record = format!(
            r#"{{"version":1,"name":"example","base":"https://as.example"{issuer},"token":{{"url":"/token"}},"endpoints":{{"introspection":"/i"{more}}}}}"#
        );
        Client::new(Provider::from_json(&record).expect("a record"), "app").secret("s")
    };
    let verified = |client: Client| client.verifier(Arc::new(ServerKeys::new()));
    for (client, word) in [
        (record(r#","issuer":"https://as.example""#, r#","jwks":"/keys""#), "verifier"),
        (verified(record(r#","issuer":"https://as.example""#, "")), "jwks"),
        (verified(record("", r#","jwks":"/keys""#)), "issuer"),
        (record("", ""), "discovery"),
    ] {
        let token = client.presented("Bearer a.b.c", NOW).expect("a token");
        for mut exchange in [client.introspect_signed(&token), client.access_token_claims(&token, API)] {
            let error = exchange.step(NOW).expect_err(word);
            assert!(error.kind() == Kind::Usage && error.to_string().contains(word), "{error}");
        }
    }
    let mut exchange = client().access_token_claims(&presented("a.b.c"), "");
    assert_eq!(exchange.step(NOW).expect_err("no resource").kind(), Kind::Usage);
}
