//! Is a proof of possession believed only where everything in it is right (RFC 9449 §4.3)?

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Answer, Client, Document, Error, Kind, Now, Policy, Provider, Signer, Step, Token};
use oauth_keys::{Algorithm, ServerKeys, SigningKey};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

/// RFC 9449 §7.1, of the second for which it was made.
const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
const ACCESS: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const URL: &str = "https://resource.example.org/protectedresource";
/// RFC 9449 §6.1
const THUMBPRINT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
const S: i64 = 1_562_262_618;
const NOW: Now = Now { wall: S * 1000, mono: 5_000_000 };

fn keyless() -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"endpoints":{"introspection":"/i"}}"#;
    Client::new(Provider::from_json(record).expect("a record"), "api").secret("s")
}

fn client() -> Client {
    keyless().verifier(Arc::new(ServerKeys::new()))
}

fn presented(client: &Client, scheme: &str) -> Token {
    client.presented(&format!("{scheme} {ACCESS}"), NOW).expect("a token")
}

/// What the server says of the token, by introspection (RFC 9449 §6.2).
fn claims(cnf: &Value) -> Document {
    let client = client();
    let mut exchange = client.introspect(&presented(&client, "DPoP"));
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))));
    exchange.receive(Ok(Answer::new(200, vec![], json!({"active": true, "cnf": cnf}).to_string().into_bytes())));
    match exchange.step(NOW) {
        Ok(Step::Done(document)) => document,
        other => panic!("{other:?}"),
    }
}

fn checked(thumbprint: &str, proof: &str, method: &str, url: &str, now: Now) -> Result<Document, Error> {
    let client = client();
    client.proof_claims(&presented(&client, "DPoP"), &claims(&json!({"jkt": thumbprint})), proof, method, url, now)
}

fn refused(result: Result<Document, Error>, why: &str) {
    match result {
        Err(error) => {
            assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
            assert!(error.to_string().contains(why) && !error.to_string().contains(ACCESS), "{why}: {error}");
        }
        Ok(_) => panic!("{why}: was believed"),
    }
}

#[test]
fn rfc_9449_7_1_the_proof_of_the_examples_request_is_one() {
    let claims = checked(THUMBPRINT, PROOF, "GET", URL, NOW).expect("the example");
    assert_eq!(claims.text("/jti").as_deref(), Some("e1j3V_bKic8-LAEB"));
    for now in [NOW.later(-30_000), NOW.later(90_000)] {
        checked(THUMBPRINT, PROOF, "GET", URL, now).expect("of this minute, by clocks that differ");
    }
    checked(THUMBPRINT, PROOF, "GET", "https://RESOURCE.example.org:443/protectedresource?page=2", NOW).expect("the same URL");
    for now in [NOW.later(-31_000), NOW.later(91_000), Now { wall: i64::MIN, mono: 0 }, Now { wall: i64::MAX, mono: 0 }] {
        refused(checked(THUMBPRINT, PROOF, "GET", URL, now), "iat");
    }
    refused(checked(THUMBPRINT, PROOF, "POST", URL, NOW), "htm");
    refused(checked(THUMBPRINT, PROOF, "get", URL, NOW), "htm");
    for url in [
        "https://resource.example.org/other",
        "https://evil.example/protectedresource",
        "http://resource.example.org/protectedresource",
    ] {
        refused(checked(THUMBPRINT, PROOF, "GET", url, NOW), "htu");
    }
    refused(checked("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", PROOF, "GET", URL, NOW), "its key is not the one");
}

#[test]
fn rfc_9449_7_2_a_bound_token_is_no_bearer_token_and_a_proof_binds_no_other() {
    let client = client();
    let (bound, free) = (claims(&json!({"jkt": THUMBPRINT})), claims(&json!({})));
    refused(client.proof_claims(&presented(&client, "Bearer"), &bound, PROOF, "GET", URL, NOW), "another scheme");
    refused(client.proof_claims(&presented(&client, "DPoP"), &free, PROOF, "GET", URL, NOW), "bound to no key");
    let other = client.presented("DPoP another", NOW).expect("a token");
    refused(client.proof_claims(&other, &bound, PROOF, "GET", URL, NOW), "ath");
    let error = keyless().proof_claims(&presented(&client, "DPoP"), &bound, PROOF, "GET", URL, NOW).expect_err("no verifier");
    assert_eq!(error.kind(), Kind::Usage, "{error}");
    assert!(error.to_string().contains("server_algorithms"), "an API that introspects has a way: {error}");
    for url in ["", "/protectedresource", "resource.example.org"] {
        assert_eq!(checked(THUMBPRINT, PROOF, "GET", url, NOW).expect_err(url).kind(), Kind::Usage, "{url}");
    }
}

/// A proof of that key with this header and these claims.
fn proof(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encoded(header), encoded(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("signed")))
}

fn good() -> Value {
    let ath = URL_SAFE_NO_PAD.encode(digest(&SHA256, ACCESS.as_bytes()));
    json!({"jti": "j", "htm": "GET", "htu": URL, "iat": S, "ath": ath, "nonce": "n-1"})
}

#[test]
fn rfc_9449_4_3_a_proof_that_is_wrong_in_one_thing_is_none() {
    let key = SigningKey::generate_es256().expect("a key");
    let jwk: Value = serde_json::from_str(key.public_jwk().expect("public")).expect("JSON");
    let thumbprint = oauth_core::thumbprint(&jwk.to_string()).expect("a key");
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
    let check = |header: &Value, claims: &Value| checked(&thumbprint, &proof(&key, header, claims), "GET", URL, NOW);
    let with = |mut value: Value, name: &str, member: Value| {
        value[name] = member;
        value
    };
    let without = |mut value: Value, name: &str| {
        value.as_object_mut().expect("an object").remove(name);
        value
    };
    assert_eq!(check(&header, &good()).expect("right").text("/nonce").as_deref(), Some("n-1"));
    check(&header, &without(good(), "nonce")).expect("nobody asked for a nonce");
    for (name, value) in [
        ("jti", json!("")),
        ("jti", json!(7)),
        ("htm", json!("PUT")),
        ("htm", json!(["GET"])),
        ("htu", json!("https://resource.example.org/")),
        ("htu", json!("/protectedresource")),
        ("htu", json!(7)),
        ("iat", json!(S - 91)),
        ("iat", json!(S + 31)),
        ("iat", json!(S.to_string())),
        ("iat", json!(null)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(i64::MAX)),
        ("ath", json!("x")),
        ("ath", json!(7)),
        ("nonce", json!(7)),
    ] {
        refused(check(&header, &with(good(), name, value)), name);
    }
    for name in ["jti", "htm", "htu", "iat", "ath"] {
        refused(check(&header, &without(good(), name)), name);
    }
    let mut private = jwk.clone();
    private["d"] = json!("AAAA");
    let stranger = SigningKey::generate_es256().expect("a key");
    let others: Value = serde_json::from_str(stranger.public_jwk().expect("public")).expect("JSON");
    for (header, why) in [
        (with(header.clone(), "typ", json!("JWT")), "typ"),
        (without(header.clone(), "typ"), "typ, alg and jwk"),
        (with(header.clone(), "alg", json!("none")), "algorithm"),
        (with(header.clone(), "alg", json!("HS256")), "algorithm"),
        (without(header.clone(), "jwk"), "typ, alg and jwk"),
        (with(header.clone(), "jwk", json!(private)), "private key"),
        (with(header.clone(), "jwk", json!({"kty": "oct", "k": "AAAA"})), "private key"),
        (with(header.clone(), "jwk", json!({"kty": "EC"})), "no public key"),
        (with(header.clone(), "jwk", others), "does not match"),
        (with(header.clone(), "crit", json!(["exp"])), "critical"),
    ] {
        refused(check(&header, &good()), why);
    }
    for (text, why) in [
        (String::new(), "no JWS"),
        (PROOF.rsplit_once('.').expect("parts").0.to_owned(), "no JWS"),
        (format!("{PROOF}, {PROOF}"), "no JWS"),
        (format!("{PROOF}{}", "A".repeat(16 * 1024)), "no JWS"),
        (PROOF.replace("2oW9", "2oW8"), "does not match"),
    ] {
        refused(checked(THUMBPRINT, &text, "GET", URL, NOW), why);
    }
}

#[test]
fn rfc_9449_4_3_number_5_the_algorithm_is_one_of_the_verifiers_and_the_policys() {
    let narrow = keyless().verifier(Arc::new(ServerKeys::taking(&[Algorithm::EdDsa])));
    let token = presented(&narrow, "DPoP");
    refused(narrow.proof_claims(&token, &claims(&json!({"jkt": THUMBPRINT})), PROOF, "GET", URL, NOW), "algorithm");
    let key = SigningKey::generate_ed25519().expect("a key");
    let jwk: Value = serde_json::from_str(key.public_jwk().expect("public")).expect("JSON");
    let jkt = oauth_core::thumbprint(&jwk.to_string()).expect("a key");
    let proof = proof(&key, &json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jwk}), &good());
    narrow.proof_claims(&token, &claims(&json!({"jkt": jkt})), &proof, "GET", URL, NOW).expect("EdDSA");
    let rs256 = PROOF.split_once('.').expect("parts").1;
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}"#);
    let strict = client().policy(Policy::FAPI_2_0);
    refused(
        strict.proof_claims(&token, &claims(&json!({"jkt": THUMBPRINT})), &format!("{header}.{rs256}"), "GET", URL, NOW),
        "FAPI 2.0 §5.4.1",
    );
}
