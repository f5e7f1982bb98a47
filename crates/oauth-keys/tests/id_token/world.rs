//! A server whose keys and answers are the test's.

use std::sync::Arc;

use oauth_core::{Answer, Client, Error, Exchange, Now, Provider, Random, Step, sign_jwt};
use oauth_keys::{ServerKeys, SigningKey};
use serde_json::{Value, json};

pub(crate) const NOW: Now = Now { wall: 1_700_000_000_000, mono: 5_000_000 };
pub(crate) const S: i64 = 1_700_000_000;
pub(crate) const ACCESS: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
/// OpenID Connect Core 1.0 Appendix A.3 and A.4: this access token and its hash by SHA-256.
pub(crate) const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";

pub(crate) struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

pub(crate) fn client() -> Client {
    sharing(&Arc::new(ServerKeys::new()))
}

/// As all clients of a process share one.
pub(crate) fn sharing(keys: &Arc<ServerKeys>) -> Client {
    let record = r#"{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"},
        "authorize":{"url":"/authorize"},"endpoints":{"jwks":"/keys","userinfo":"/me","device_authorization":"/device","backchannel_authentication":"/bc"}}"#;
    let provider = Provider::from_json(record).expect("a record");
    assert!(provider.publishes_keys());
    Client::new(provider, "app").secret("s").verifier(keys.clone())
}

pub(crate) fn key() -> SigningKey {
    SigningKey::generate_es256().expect("a key").with_id("k1")
}

pub(crate) fn jwks(key: &SigningKey) -> String {
    format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public"))
}

pub(crate) fn good() -> Value {
    json!({"iss": "https://as.example", "sub": "alice", "aud": "app", "exp": S + 300, "iat": S, "nonce": "n-1", "at_hash": AT_HASH})
}

pub(crate) fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

pub(crate) fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().expect("claims").remove(name);
    claims
}

pub(crate) fn signed(key: &SigningKey, claims: &Value) -> String {
    sign_jwt(key, Some("JWT"), claims).expect("signed").expose().to_owned()
}

pub(crate) fn answer(id_token: &str) -> Vec<u8> {
    json!({"access_token": ACCESS, "token_type": "Bearer", "refresh_token": "r", "id_token": id_token}).to_string().into_bytes()
}

/// Runs it against a server that has these keys and gives these answers to token requests; the number of times that keys were read.
pub(crate) fn run<T>(mut exchange: Exchange<T>, now: Now, keys: &str, token: &[u8]) -> (Result<T, Error>, usize) {
    let mut read = 0;
    loop {
        match exchange.step(now) {
            Ok(Step::Send(request)) => {
                let is_keys = request.url() == "https://as.example/keys";
                read += usize::from(is_keys);
                assert!(read < 3, "bounded");
                let body = if is_keys { keys.as_bytes() } else { token };
                exchange.receive(Ok(Answer::new(200, vec![], body.to_vec())));
            }
            Ok(Step::Save(_)) => {}
            Ok(Step::Done(done)) => return (Ok(done), read),
            Ok(_) => panic!("no other step"),
            Err(error) => return (Err(error), read),
        }
    }
}

/// Runs it against a server that gives these answers, each once and in order for its path. What came of it, and what was done: the paths that
/// were asked, and `save`.
pub(crate) fn played<T>(mut exchange: Exchange<T>, answers: &[(&str, u16, &str)]) -> (Result<T, Error>, Vec<String>) {
    let (mut now, mut left, mut done) = (NOW, answers.to_vec(), vec![]);
    loop {
        match exchange.step(now) {
            Ok(Step::Send(request)) => {
                let path = request.url().strip_prefix("https://as.example").expect("our server");
                let at = left.iter().position(|(known, ..)| *known == path).unwrap_or_else(|| panic!("{path} is not answered"));
                let (_, status, body) = left.remove(at);
                done.push(path.to_owned());
                // A JWT alone is an answer only where it says so.
                let headers =
                    if body.starts_with("ey") { vec![("content-type".to_owned(), "application/jwt".to_owned())] } else { vec![] };
                exchange.receive(Ok(Answer::new(status, headers, body.as_bytes().to_vec())));
            }
            Ok(Step::Save(_)) => done.push("save".to_owned()),
            Ok(Step::Wait(pause)) => now = now.later(i64::try_from(pause.as_millis()).expect("a pause")),
            Ok(Step::Done(result)) => return (Ok(result), done),
            Ok(_) => panic!("no other step"),
            Err(error) => return (Err(error), done),
        }
    }
}

/// A text as the answer that it is in.
pub(crate) fn text(body: Vec<u8>) -> String {
    String::from_utf8(body).expect("JSON")
}
