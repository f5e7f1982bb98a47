//! What would the client modules of the OpenID Foundation's conformance suite find?
//!
//! Each test has a module's name and plays what the module's server does; that server is the test's own, so this is no certificate. Modules that
//! need a browser or TLS run against oidc-provider, in `crates/counterparts`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Authorize, Error, Kind, Token, sign_jwt};
use oauth_keys::{Algorithm, SigningKey};
use serde_json::{Value, json};

use crate::world::{ACCESS, Counting, NOW, S, answer, client, good, jwks, key, played, signed, text, with, without};

/// A login, answered by a callback with this state, and a token answer with this ID token: what came of it, and what was asked.
fn login(
    callback: impl FnOnce(&str) -> String,
    body: &str,
    keys: &str,
    authorize: Authorize,
) -> (Result<Token, Error>, Vec<String>) {
    let client = client();
    let mut login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).expect("a state").to_owned();
    let answers = [("/keys", 200, keys), ("/token", 200, body), ("/keys", 200, keys)];
    played(client.callback(&mut login, &callback(&state)), &answers)
}

fn openid() -> Authorize {
    Authorize::new("https://app.example/cb").scope("openid").parameter("nonce", "n-1")
}

/// The code flow with this ID token.
fn with_id_token(id_token: &str, keys: &str) -> Result<Token, Error> {
    login(|state| format!("?code=c&state={state}"), &text(answer(id_token)), keys, openid()).0
}

fn refused(id_token: &str, keys: &str) {
    let error = with_id_token(id_token, keys).expect_err("the module wants an error");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The signature with its last bytes changed.
fn broken(jws: &str) -> String {
    let (message, signature) = jws.rsplit_once('.').expect("dots");
    let mut signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    signature.iter_mut().take(8).for_each(|byte| *byte ^= 0x5A);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn oidcc_client_test() {
    let key = key();
    with_id_token(&signed(&key, &good()), &jwks(&key)).expect("the module wants a token");
}

#[test]
fn oidcc_client_test_nonce_invalid() {
    let key = key();
    refused(&signed(&key, &with("nonce", json!("another"))), &jwks(&key));
}

#[test]
fn oidcc_client_test_invalid_iss() {
    let key = key();
    refused(&signed(&key, &with("iss", json!("https://as.example/another"))), &jwks(&key));
}

#[test]
fn oidcc_client_test_invalid_aud() {
    let key = key();
    refused(&signed(&key, &with("aud", json!("app1"))), &jwks(&key));
}

#[test]
fn oidcc_client_test_missing_aud() {
    let key = key();
    refused(&signed(&key, &without("aud")), &jwks(&key));
}

#[test]
fn oidcc_client_test_missing_iat() {
    let key = key();
    refused(&signed(&key, &without("iat")), &jwks(&key));
}

#[test]
fn oidcc_client_test_missing_sub() {
    let key = key();
    refused(&signed(&key, &without("sub")), &jwks(&key));
}

#[test]
fn oidcc_client_test_idtoken_sig_none() {
    // Who registered for none might take it; this client never does.
    let none = format!("{}.{}.", encoded(&json!({"alg": "none"})), encoded(&good()));
    refused(&none, &jwks(&key()));
}

#[test]
fn oidcc_client_test_invalid_sig_es256() {
    let key = key();
    refused(&broken(&signed(&key, &good())), &jwks(&key));
}

#[test]
fn oidcc_client_test_invalid_sig_hs256() {
    let key = key();
    let secret = SigningKey::hmac(b"a-client-secret-of-32-characters").expect("long enough");
    refused(&broken(&signed(&secret, &good())), &jwks(&key));
    refused(&signed(&secret, &good()), &jwks(&key));
}

#[test]
fn oidcc_client_test_kid_absent_single_jwks() {
    let pem = SigningKey::generate_pem(Algorithm::Es256).expect("a key");
    let nameless = SigningKey::from_pem(Algorithm::Es256, pem.expose()).expect("a key");
    with_id_token(&signed(&nameless, &good()), &jwks(&nameless)).expect("the one key there is");
}

#[test]
fn oidcc_client_test_kid_absent_multiple_jwks() {
    let pem = SigningKey::generate_pem(Algorithm::Es256).expect("a key");
    let nameless = SigningKey::from_pem(Algorithm::Es256, pem.expose()).expect("a key");
    let ed = SigningKey::generate_ed25519().expect("a key").with_id("k9");
    let mixed = format!(r#"{{"keys":[{},{}]}}"#, ed.published_jwk().expect("public"), nameless.published_jwk().expect("public"));
    with_id_token(&signed(&nameless, &good()), &mixed).expect("the one key of that algorithm");
    let named =
        |id: &str| nameless.published_jwk().map(|jwk| jwk.replacen('{', &format!("{{\"kid\":\"{id}\","), 1)).expect("public");
    let other = key();
    let two = format!(r#"{{"keys":[{},{}]}}"#, named("a"), other.published_jwk().expect("public"));
    refused(&signed(&nameless, &good()), &two);
}

#[test]
fn oidcc_client_test_signing_key_rotation() {
    let (old, new, client) = (key(), SigningKey::generate_es256().expect("a key").with_id("k2"), client());
    let token = with_id_token(&signed(&old, &good()), &jwks(&old)).expect("the old key");
    let id_token = text(answer(&signed(&new, &without("nonce"))));
    // The set as it is after the rotation; this client has not read one yet, and reads it once.
    let (renewed, _) = played(client.refresh(&token), &[("/token", 200, &id_token), ("/keys", 200, &jwks(&new))]);
    let renewed = renewed.expect("renewed");
    played(client.id_token(&renewed, None), &[("/keys", 200, &jwks(&new))]).0.expect("the new key");
}

#[test]
fn oidcc_client_test_userinfo_invalid_sub() {
    let key = key();
    let token = with_id_token(&signed(&key, &good()), &jwks(&key)).expect("a token");
    let (user, _) = played(client().userinfo(&token), &[("/me", 200, r#"{"sub":"mallory"}"#)]);
    assert_eq!(user.expect_err("another user").kind(), Kind::Untrusted);
    played(client().userinfo(&token), &[("/me", 200, r#"{"sub":"alice"}"#)]).0.expect("the same user");
}

fn renewed(name: &str, value: Value) -> (Result<Token, Error>, Vec<String>) {
    let key = key();
    let token = with_id_token(&signed(&key, &good()), &jwks(&key)).expect("a token");
    let mut claims = with(name, value);
    claims.as_object_mut().expect("claims").remove("nonce");
    played(client().refresh(&token), &[("/token", 200, &text(answer(&signed(&key, &claims)))), ("/keys", 200, &jwks(&key))])
}

#[test]
fn oidcc_client_test_refresh_token_invalid_issuer() {
    let (result, done) = renewed("iss", json!("https://as.example/another"));
    assert_eq!(result.expect_err("another issuer").kind(), Kind::Untrusted);
    assert!(!done.contains(&"save".to_owned()), "{done:?}");
}

#[test]
fn oidcc_client_test_refresh_token_invalid_sub() {
    let (result, done) = renewed("sub", json!("mallory"));
    assert_eq!(result.expect_err("another user").kind(), Kind::Untrusted);
    assert!(!done.contains(&"save".to_owned()), "{done:?}");
}

#[test]
fn oidcc_client_test_refresh_token() {
    renewed("auth_time", json!(S)).0.expect("the same user of the same issuer");
}

const PLAIN: &str = r#"{"access_token":"a","token_type":"Bearer"}"#;

#[test]
fn fapi2_security_profile_final_client_test_token_type_case_insensitivity() {
    let inverted = r#"{"access_token":"a","token_type":"bEARER"}"#;
    let (token, _) = login(|state| format!("?code=c&state={state}"), inverted, "", Authorize::new("https://app.example/cb"));
    assert_eq!(token.expect("a token").authorization(), Some("Bearer a"));
}

#[test]
fn fapi2_security_profile_final_client_test_token_endpoint_response_without_expires_in() {
    let (token, _) = login(|state| format!("?code=c&state={state}"), PLAIN, "", Authorize::new("https://app.example/cb"));
    assert_eq!(token.expect("a token").expires_at(), None);
}

/// A callback that the module changed: nothing is sent.
fn nothing_sent(callback: impl FnOnce(&str) -> String, authorize: Authorize, keys: &str) {
    let (result, done) = login(callback, PLAIN, keys, authorize);
    assert_eq!(result.expect_err("the module wants an error").kind(), Kind::Untrusted);
    assert!(!done.contains(&"/token".to_owned()), "the code was sent: {done:?}");
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_authorization_response_iss() {
    let back = Authorize::new("https://app.example/cb");
    nothing_sent(|state| format!("?code=c&state={state}&iss=https://as.example/another"), back, "");
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_state_fails() {
    nothing_sent(|state| format!("?code=c&state={state}1"), Authorize::new("https://app.example/cb"), "");
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_missing_state_fails() {
    nothing_sent(|_| "?code=c".to_owned(), Authorize::new("https://app.example/cb"), "");
}

/// A signed answer, with this member changed (or left out).
fn jarm(name: &str, value: Value) -> impl Fn(&str) -> String {
    let name = name.to_owned();
    move |state| {
        let mut claims = json!({"iss": "https://as.example", "aud": "app", "exp": S + 300, "code": "c", "state": state});
        match &value {
            Value::Null => drop(claims.as_object_mut().expect("claims").remove(&name)),
            value => claims[&name] = value.clone(),
        }
        claims.to_string()
    }
}

fn ensure_jarm_fails(name: &str, value: Value) {
    let key = key();
    let claims = jarm(name, value);
    let callback = |state: &str| {
        let claims: Value = serde_json::from_str(&claims(state)).expect("JSON");
        format!("?response={}", sign_jwt(&key, None, &claims).expect("signed").expose())
    };
    nothing_sent(callback, Authorize::new("https://app.example/cb").response_mode("jwt"), &jwks(&key));
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_without_iss_fails() {
    ensure_jarm_fails("iss", Value::Null);
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_with_invalid_iss_fails() {
    ensure_jarm_fails("iss", json!("https://as.example/another"));
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_without_aud_fails() {
    ensure_jarm_fails("aud", Value::Null);
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_with_invalid_aud_fails() {
    ensure_jarm_fails("aud", json!("app1"));
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_without_exp_fails() {
    ensure_jarm_fails("exp", Value::Null);
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_with_expired_exp_fails() {
    ensure_jarm_fails("exp", json!(S - 300));
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_with_invalid_sig_fails() {
    let key = key();
    let callback = |state: &str| {
        let claims: Value = serde_json::from_str(&jarm("x", json!(1))(state)).expect("JSON");
        format!("?response={}", broken(sign_jwt(&key, None, &claims).expect("signed").expose()))
    };
    nothing_sent(callback, Authorize::new("https://app.example/cb").response_mode("jwt"), &jwks(&key));
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_jarm_signature_is_not_none() {
    let callback = |state: &str| {
        let claims: Value = serde_json::from_str(&jarm("x", json!(1))(state)).expect("JSON");
        format!("?response={}.{}.", encoded(&json!({"alg": "none"})), encoded(&claims))
    };
    nothing_sent(callback, Authorize::new("https://app.example/cb").response_mode("jwt"), &jwks(&key()));
}

#[test]
fn fapi2_security_profile_final_client_test_happy_path() {
    let key = key();
    let callback = |state: &str| {
        let claims: Value = serde_json::from_str(&jarm("x", json!(1))(state)).expect("JSON");
        format!("?response={}", sign_jwt(&key, None, &claims).expect("signed").expose())
    };
    let asked = openid().response_mode("jwt");
    let (token, done) = login(callback, &text(answer(&signed(&key, &good()))), &jwks(&key), asked);
    assert_eq!(token.expect("the module wants a token").access_token(), ACCESS, "{done:?}");
}
