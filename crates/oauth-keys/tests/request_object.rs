//! Does a signed authorization request say what was asked, for this server alone?

use std::sync::Arc;

use oauth_core::{Authorize, Client, Kind, Now, Provider, Random};
use oauth_keys::{Algorithm, Expected, Jwks, SigningKey, verify_jws};
use serde_json::json;

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn client() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"},
        "authorize":{"url":"/authorize"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "app").secret("s")
}

fn asked() -> Authorize {
    Authorize::new("https://app.example/cb").scope("read").signed()
}

#[test]
fn rfc_9101_4_all_that_is_asked_stands_in_the_request_object() {
    let key = SigningKey::generate_es256().expect("a key").with_id("k");
    let keys = Jwks::from_json(format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public")).as_bytes()).expect("a set");
    let asked = asked()
        .resource("https://a.example")
        .resource("https://b.example")
        .parameter("max_age", "600")
        .authorization_details(r#"[{"type":"payment"}]"#);
    let login = client().signer(Arc::new(key)).authorize(asked, NOW, &Counting).expect("a login");
    let (rest, request) = login.url().split_once("&request=").expect("a request");
    assert_eq!(rest, "https://as.example/authorize?client_id=app");
    let expected = Expected { algorithms: &[Algorithm::Es256], typ: Some("oauth-authz-req+jwt") };
    let claims = verify_jws(request, &keys, &expected).expect("verified").claims().expect("claims");
    for (name, value) in [
        ("iss", json!("app")),
        ("aud", json!("https://as.example")),
        ("client_id", json!("app")),
        ("exp", json!(1_700_000_300)),
        ("nbf", json!(1_700_000_000)),
        ("response_type", json!("code")),
        ("scope", json!("read")),
        ("max_age", json!(600)),
        ("resource", json!(["https://a.example", "https://b.example"])),
        ("authorization_details", json!([{"type": "payment"}])),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims["state"].is_string() && claims["code_challenge"].is_string() && claims["jti"].is_string());
    assert!(claims.get("sub").is_none(), "RFC 9101 §10.8: it must not pass for client authentication");
}

#[test]
fn rfc_9101_10_8_nothing_is_signed_without_an_asymmetric_key() {
    let shared = SigningKey::hmac(&[7; 32]).expect("long enough");
    for client in [client(), client().signer(Arc::new(shared))] {
        let error = client.authorize(asked(), NOW, &Counting).expect_err("no key");
        assert_eq!(error.kind(), Kind::Usage, "{error}");
    }
}

#[test]
fn rfc_9101_4_and_5_the_example_of_a_request_comes_out() {
    let record = r#"{"version":1,"name":"example","base":"https://server.example.com","issuer":"https://server.example.com","token":{"url":"/token"},
        "authorize":{"url":"/authorize"}}"#;
    let key = SigningKey::generate_es256().expect("a key").with_id("k2bdc");
    let keys = Jwks::from_json(format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public")).as_bytes()).expect("a set");
    let client = Client::new(Provider::from_json(record).expect("a record"), "s6BhdRkqt3").signer(Arc::new(key));
    let asked = Authorize::new("https://client.example.org/cb").scope("openid").response_type("code id_token").signed();
    let asked = asked.parameter("nonce", "n-0S6_WzA2Mj").parameter("max_age", "86400");
    let login = client.authorize(asked, NOW, &Counting).expect("a login");
    let (rest, request) = login.url().split_once("&request=").expect("a request");
    assert_eq!(rest, "https://server.example.com/authorize?client_id=s6BhdRkqt3", "§5: and nothing else");
    let expected = Expected { algorithms: &[Algorithm::Es256], typ: Some("oauth-authz-req+jwt") };
    let signed = verify_jws(request, &keys, &expected).expect("verified");
    assert_eq!(signed.key_id(), Some("k2bdc"));
    let mut claims = signed.claims().expect("claims");
    for ours in ["state", "code_challenge", "code_challenge_method", "iat", "nbf", "exp", "jti"] {
        assert!(claims.as_object_mut().expect("claims").remove(ours).is_some(), "{ours}");
    }
    let example = json!({
        "iss": "s6BhdRkqt3", "aud": "https://server.example.com", "response_type": "code id_token", "client_id": "s6BhdRkqt3",
        "redirect_uri": "https://client.example.org/cb", "scope": "openid", "nonce": "n-0S6_WzA2Mj", "max_age": 86400,
    });
    assert_eq!(claims, example, "§4, beside what is new for each login");
}
