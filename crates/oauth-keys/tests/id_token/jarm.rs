//! Is the browser's answer believed only where the server signed it, for this client, this login and now?

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Answer, Authorize, Client, Error, Kind, Login, Provider, Step, Token, Verifier, sign_jwt};
use oauth_keys::{Algorithm, ServerKeys, SigningKey};
use serde_json::{Value, json};

use crate::world::{Counting, NOW, S, client, jwks, key, played, sharing};

const TOKEN: (&str, u16, &str) = ("/token", 200, r#"{"access_token":"a","token_type":"Bearer"}"#);

/// A login as a program keeps it: restored from its saved text. And its state.
fn begun(client: &Client, authorize: Authorize) -> (Login, String) {
    let login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let (_, query) = login.url().split_once('?').expect("a query");
    let state = query.split('&').find_map(|pair| pair.strip_prefix("state=")).expect("a state").to_owned();
    (Login::restore(login.saved().expect("kept").expose()).expect("restored"), state)
}

fn asked(mode: &str) -> Authorize {
    Authorize::new("https://app.example/cb").response_mode(mode)
}

/// JARM §2.1, with these members beside iss, aud and exp.
fn claims(members: Value) -> Value {
    let mut claims = json!({"iss": "https://as.example", "aud": "app", "exp": S + 300});
    claims.as_object_mut().expect("claims").extend(members.as_object().expect("members").clone());
    claims
}

fn signed(key: &SigningKey, members: Value) -> String {
    sign_jwt(key, None, &claims(members)).expect("signed").expose().to_owned()
}

/// Ends the login by that callback; what was asked of the server on the way.
fn ended(client: &Client, login: &mut Login, callback: &str, keys: &str) -> (Result<Token, Error>, Vec<String>) {
    played(client.callback(login, callback), &[("/keys", 200, keys), TOKEN])
}

#[test]
fn jarm_2_4_a_signed_answer_is_believed_in_each_mode_and_the_code_sent_once() {
    let key = key();
    let before_response = [
        ("jwt", "https://app.example/cb?response="),
        ("query.jwt", "?x=1&response="),
        ("fragment.jwt", "https://app.example/cb#response="),
        ("form_post.jwt", "response="),
    ];
    for (mode, before) in before_response {
        let client = client();
        let (mut login, state) = begun(&client, asked(mode));
        let callback = format!("{before}{}", signed(&key, json!({"state": state, "code": "c"})));
        let (token, done) = ended(&client, &mut login, &callback, &jwks(&key));
        token.unwrap_or_else(|error| panic!("{mode}: {error}"));
        assert_eq!(done, ["/keys", "/token"], "{mode}: checked before the code is sent");
        assert!(login.is_taken() && login.saved().is_err());
        let (again, done) = ended(&client, &mut login, &callback, &jwks(&key));
        assert_eq!((again.expect_err("once").kind(), done.len()), (Kind::Expired, 0), "{mode}");
    }
}

#[test]
fn jarm_2_3_the_mode_goes_along_and_takes_what_can_check_the_answer() {
    let login = client().authorize(asked("jwt"), NOW, &Counting).expect("a login");
    assert!(login.url().contains("&response_mode=jwt"), "{}", login.url());
    let careless = Client::new(client().provider().clone(), "app").secret("s");
    let record =
        r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"authorize":{"url":"/authorize"}}"#;
    let keyless = Client::new(Provider::from_json(record).expect("a record"), "app").verifier(Arc::new(ServerKeys::new()));
    for (client, authorize, why) in [
        (&careless, asked("jwt"), "verifier"),
        (&keyless, asked("form_post.jwt"), "issuer"),
        (&client(), asked("post.jwt"), "fragment.jwt"),
        (&client(), asked("query.jwt").response_type("token"), "use jwt"),
    ] {
        let error = client.authorize(authorize, NOW, &Counting).expect_err(why);
        assert!(error.kind() == Kind::Usage && error.to_string().contains(why), "{error}");
    }
    careless.authorize(asked("form_post"), NOW, &Counting).expect("what is not signed needs no verifier");
    // A login that was begun so does not end without.
    let (mut login, state) = begun(&client(), asked("jwt"));
    let callback = format!("?response={}", signed(&key(), json!({"state": state, "code": "c"})));
    let error = ended(&careless, &mut login, &callback, "").0.expect_err("no verifier");
    assert!(error.kind() == Kind::Usage && !login.is_taken(), "{error}");
}

#[test]
fn jarm_2_4_anything_wrong_is_untrusted_and_takes_no_login() {
    let (key, stranger) = (key(), SigningKey::generate_es256().expect("a key").with_id("k1"));
    let client = client();
    let (mut login, state) = begun(&client, asked("jwt"));
    let good = || json!({"state": state, "code": "stolen"});
    let with = |name: &str, value: Value| {
        let mut members = good();
        members[name] = value;
        members
    };
    let unsigned = |header: &str| {
        let (header, payload) = (encoded(header), encoded(&claims(good()).to_string()));
        (format!("{header}.{payload}."), format!("{header}.{payload}.AAAA"))
    };
    let (none, none_signed) = unsigned(r#"{"alg":"none"}"#);
    let wrong = [
        ("the iss of another server", signed(&key, with("iss", json!("https://mallory.example")))),
        ("an iss that is alike", signed(&key, with("iss", json!("https://as.example/")))),
        ("no iss", signed(&key, with("iss", Value::Null))),
        ("another client's", signed(&key, with("aud", json!("other")))),
        ("no aud", signed(&key, with("aud", Value::Null))),
        ("expired", signed(&key, with("exp", json!(S - 30)))),
        ("exp is a text", signed(&key, with("exp", json!((S + 300).to_string())))),
        ("no exp", signed(&key, with("exp", Value::Null))),
        ("from the future", signed(&key, with("iat", json!(S + 31)))),
        ("not yet", signed(&key, with("nbf", json!(S + 31)))),
        ("another login's state", signed(&key, with("state", json!("x")))),
        ("no state", signed(&key, json!({"code": "stolen"}))),
        ("a code that is no text", signed(&key, with("code", json!(["stolen"])))),
        ("somebody else's signature", signed(&stranger, good())),
        ("alg none", none),
        ("alg none with a signature", none_signed),
        ("alg HS256", signed(&SigningKey::hmac(b"a secret that both of them have, long enough").expect("a key"), good())),
        ("an access token (RFC 9068)", sign_jwt(&key, Some("at+jwt"), &claims(good())).expect("signed").expose().to_owned()),
        ("not an object", sign_jwt(&key, None, &json!([state])).expect("signed").expose().to_owned()),
        ("nothing", String::new()),
        ("dots", "...".to_owned()),
    ];
    for (why, response) in &wrong {
        let (result, done) = ended(&client, &mut login, &format!("?response={response}"), &jwks(&key));
        let error = result.expect_err(why);
        assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
        assert!(!format!("{error} {error:?}").contains("stolen"), "{why}: {error}");
        assert!(!done.contains(&"/token".to_owned()), "{why}: no code is sent");
        assert!(!login.is_taken(), "{why}: it can still come back");
    }
    for error in ["access_denied", "stolen"] {
        let forged = signed(&stranger, json!({"state": state, "error": error, "error_description": "call mallory"}));
        let error = ended(&client, &mut login, &format!("?response={forged}"), &jwks(&key)).0.expect_err("forged");
        assert!(error.kind() == Kind::Untrusted && !error.to_string().contains("mallory"), "{error}");
    }
    let right = format!("?response={}", signed(&key, good()));
    ended(&client, &mut login, &right, &jwks(&key)).0.expect("the real one is still taken");
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn jarm_2_4_a_plain_answer_is_refused_where_a_signed_one_was_asked_for() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("jwt"));
    let right = signed(&key, json!({"state": state, "code": "c"}));
    let plain = [
        format!("https://app.example/cb?state={state}&code=c&iss=https%3A%2F%2Fas.example"),
        format!("?state={state}&error=access_denied"),
        format!("https://app.example/cb#response={right}"),
        format!("?response={right}&response={right}"),
        format!("?response={}", "A".repeat(20_000)),
        String::new(),
    ];
    for callback in plain {
        let (result, done) = ended(&client, &mut login, &callback, &jwks(&key));
        assert_eq!((result.expect_err("plain").kind(), done.len()), (Kind::Untrusted, 0), "{callback}");
        assert!(!login.is_taken());
    }
    let encrypted = ended(&client, &mut login, "?response=eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d", "").0.expect_err("encrypted");
    assert!(
        encrypted.kind() == Kind::Untrusted && encrypted.to_string().contains("authorization_encrypted_response_alg"),
        "{encrypted}"
    );
    // What stands beside the signed one is not looked at.
    let beside = format!("?state=x&code=stolen&error=y&response={right}");
    ended(&client, &mut login, &beside, &jwks(&key)).0.expect("only what is signed counts");
}

#[test]
fn jarm_2_1_a_signed_error_is_the_users_no() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("query.jwt"));
    let response = signed(&key, json!({"state": state, "error": "access_denied", "error_description": "not today", "code": "c"}));
    let (result, done) = ended(&client, &mut login, &format!("?response={response}"), &jwks(&key));
    let error = result.expect_err("refused");
    assert_eq!(
        (error.kind(), error.standard_code(), error.description()),
        (Kind::Refused, Some("access_denied"), Some("not today"))
    );
    assert!(login.is_taken() && done == ["/keys"]);
}

#[test]
fn jarm_2_4_who_cannot_say_the_state_has_us_ask_nobody_for_keys() {
    let (client, key) = (client(), key());
    let (mut login, _) = begun(&client, asked("jwt"));
    let forged = signed(&key, json!({"state": "guessed", "code": "c"}));
    let (result, done) = ended(&client, &mut login, &format!("?response={forged}"), &jwks(&key));
    assert_eq!((result.expect_err("forged").kind(), done.len()), (Kind::Untrusted, 0));
}

#[test]
fn jarm_2_4_a_login_recognizes_its_own_answers_whoever_signed_them() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("jwt"));
    let ours = login.recognizer();
    let callback = format!("https://app.example/cb?response={}", signed(&key, json!({"state": state, "code": "c"})));
    assert!(ours(&callback), "in the JWT");
    let plain = format!("https://app.example/cb?code=c&state={state}");
    let other = signed(&key, json!({"state": "guessed", "code": "c"}));
    for no in [
        plain.clone(),
        format!("?response={other}"),
        format!("{callback}&response={other}"),
        "?response=a.b.c".to_owned(),
        String::new(),
    ] {
        assert!(!ours(&no), "{no}");
    }
    ended(&client, &mut login, &callback, &jwks(&key)).0.expect("a token");
    assert!(!login.recognizer()(&callback), "it was taken");
    let (login, state) = begun(&client, Authorize::new("https://app.example/cb"));
    let ours = login.recognizer();
    assert!(ours(&format!("https://app.example/cb?code=c&state={state}")) && ours(&format!("?error=e&state={state}")));
    assert!(!ours("?code=c&state=guessed") && !ours("?code=c") && !ours("?state"));
    let (login, state) = begun(&client, Authorize::new("https://app.example/cb").response_type("token"));
    let ours = login.recognizer();
    assert!(ours(&format!("https://app.example/cb#access_token=a&state={state}")));
    assert!(!ours(&format!("https://app.example/cb?access_token=a&state={state}")), "not where it must be");
}

#[test]
fn jarm_2_4_keys_that_cannot_be_read_cost_no_login() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("jwt"));
    let callback = format!("?response={}", signed(&key, json!({"state": state, "code": "c"})));
    let mut exchange = client.callback(&mut login, &callback);
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))));
    exchange.receive(Ok(Answer::new(503, vec![], vec![])));
    let error = exchange.step(NOW).expect_err("away");
    assert!(error.kind() == Kind::Refused && error.is_transient() && !login.is_taken(), "{error}");
    let body = br#"{"access_token":"a","token_type":"Bearer"}"#;
    let exchange = client.callback(&mut login, &callback);
    super::world::run(exchange, NOW.later(1000), &jwks(&key), body).0.expect("the same callback once more");
}

#[test]
fn while_a_signed_answer_is_checked_the_login_is_taken_and_open_again_where_nobody_waits_for_the_end() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("jwt"));
    let callback = format!("?response={}", signed(&key, json!({"state": state, "code": "c"})));
    let first = client.callback(&mut login, &callback);
    assert!(login.is_taken() && login.saved().is_err());
    let (second, done) = ended(&client, &mut login, &callback, &jwks(&key));
    assert_eq!((second.expect_err("taken").kind(), done.len()), (Kind::Expired, 0), "one code is sent once");
    drop(first);
    assert!(!login.is_taken());
    let dropped_later = client.callback(&mut login, &callback);
    let (result, _) = played(dropped_later, &[("/keys", 200, &jwks(&key)), TOKEN]);
    result.expect("a token");
    assert!(login.is_taken(), "for good, although its exchange is gone");
    assert_eq!(ended(&client, &mut login, &callback, "").0.expect_err("taken").kind(), Kind::Expired);
}

#[test]
fn an_exchange_that_failed_does_not_open_a_login_that_another_has_taken_since() {
    let (client, key, stranger) = (client(), key(), SigningKey::generate_es256().expect("a key").with_id("k1"));
    let (mut login, state) = begun(&client, asked("jwt"));
    let members = || json!({"state": state, "code": "c"});
    let mut forged = client.callback(&mut login, &format!("?response={}", signed(&stranger, members())));
    assert!(matches!(forged.step(NOW), Ok(Step::Send(_))));
    forged.receive(Ok(Answer::new(200, vec![], jwks(&key).into_bytes())));
    assert_eq!(forged.step(NOW).expect_err("forged").kind(), Kind::Untrusted);
    assert!(!login.is_taken(), "it was forged");
    let real = client.callback(&mut login, &format!("?response={}", signed(&key, members())));
    drop(forged);
    assert!(login.is_taken());
    played(real, &[TOKEN]).0.expect("a token");
}

#[test]
fn rfc_8725_3_1_a_signed_answer_by_an_algorithm_that_was_not_registered_is_untrusted() {
    let (key, keys) = (key(), Arc::new(ServerKeys::taking(&[Algorithm::Ps256])));
    keys.remember("https://as.example/keys", jwks(&key).as_bytes(), NOW.mono).expect("a set");
    let client = sharing(&keys);
    let (mut login, state) = begun(&client, asked("jwt"));
    let callback = format!("?response={}", signed(&key, json!({"state": state, "code": "c"})));
    assert_eq!(ended(&client, &mut login, &callback, "").0.expect_err("ES256").kind(), Kind::Untrusted);
}

#[test]
fn jarm_2_3_2_a_signed_token_from_the_fragment_is_a_token() {
    let (client, key) = (client(), key());
    let (mut login, state) = begun(&client, asked("jwt").response_type("token").scope("read"));
    let response = signed(&key, json!({"state": state, "access_token": "a", "token_type": "Bearer", "expires_in": 60}));
    let (token, done) = ended(&client, &mut login, &format!("https://app.example/cb#response={response}"), &jwks(&key));
    let token = token.expect("a token");
    assert_eq!((token.access_token(), token.expires_at(), done.len()), ("a", Some(NOW.wall + 60_000), 1));
    assert!(!String::from_utf8_lossy(token.answer()).contains("aud"), "what was signed around it is no part of the answer");
}
