//! What may somebody present to an API, and what may a server say of it?

use std::sync::{Arc, LazyLock};

use oauth_core::{Client, Document, StepUp};
use oauth_keys::ServerKeys;
use serde_json::{Value, json};

use crate::{
    peer::{ISSUER, NOW, answer, client, play},
    signed::{KEYS, right, signed},
};

const API: &str = "https://api.example/";

/// A client that has read the server's keys.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let client = client().verifier(Arc::new(ServerKeys::new()));
    let good = signed(br#"{"alg":"EdDSA","typ":"at+jwt"}"#, access().to_string().as_bytes());
    let token = client.presented(&format!("Bearer {good}"), NOW).unwrap_or_else(|error| panic!("{error}"));
    let keys = answer(format!("200\n\n{}", *KEYS).as_bytes());
    let read = play(client.access_token_claims(&token, API), &keys, 1);
    assert!(read.is_some_and(|read| read.is_ok()), "the right one is believed");
    client
});

/// The claims of an access token that are right (RFC 9068 §2.2).
pub(crate) fn access() -> Value {
    let mut claims = right();
    claims["aud"] = json!([API, "https://other.example/"]);
    claims["client_id"] = json!("c");
    claims["jti"] = json!("j");
    claims
}

/// Those of a signed introspection that are right (RFC 9701 §5).
pub(crate) fn introspection() -> Value {
    json!({"iss": ISSUER, "aud": "app", "iat": NOW.wall / 1000, "token_introspection": {"active": true}})
}

/// Nobody is let in, and nothing believed, but by the right claims of the right type, whoever signed them. A header may stand before the first
/// empty line; without one the input is what an `Authorization` header holds, too.
pub fn presented(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    if let Ok(token) = CLIENT.presented(&raw, NOW) {
        let header = token.authorization().unwrap_or_default();
        assert!(header.starts_with("Bearer ") || header.starts_with("DPoP "), "{header:?}");
        assert!(token.access_token().bytes().all(|byte| (0x21..=0x7E).contains(&byte)) && !token.access_token().is_empty());
    }
    let end = data.windows(2).position(|two| two == b"\n\n");
    let (header, payload) = end.map_or((&br#"{"alg":"EdDSA","typ":"at+jwt"}"#[..], data), |end| (&data[..end], &data[end + 2..]));
    let jws = signed(header, payload);
    let header: Value = serde_json::from_slice(header).unwrap_or_default();
    let claims: Value = serde_json::from_slice(payload).unwrap_or_default();
    let let_in = let_in(&jws);
    if let Some(document) = &let_in {
        check_access(&header, &claims);
        let _ = StepUp::new().acr_values("gold").max_age(5).is_met_by(document, NOW);
    }
    if told(&jws) {
        assert!(let_in.is_none(), "one type or the other");
        check_introspection(&header, &claims);
    }
}

fn let_in(jws: &str) -> Option<Document> {
    let token = CLIENT.presented(&format!("Bearer {jws}"), NOW).ok()?;
    play(CLIENT.access_token_claims(&token, API), &answer(b"500"), 1)?.ok()
}

fn told(jws: &str) -> bool {
    let token = CLIENT.presented("Bearer opaque", NOW).unwrap_or_else(|error| panic!("{error}"));
    play(CLIENT.introspect_signed(&token), &answer(format!("200\n\n{jws}").as_bytes()), 2).is_some_and(|told| told.is_ok())
}

fn check_access(header: &Value, claims: &Value) {
    let of = |claims: &Value, name: &str| claims[name].as_str().map(str::to_owned);
    let typ = of(header, "typ").unwrap_or_default().to_ascii_lowercase();
    assert!(header["alg"] == "EdDSA" && matches!(typ.as_str(), "at+jwt" | "application/at+jwt"), "{header}");
    assert_eq!(claims["iss"], ISSUER);
    assert!(claims["aud"] == API || claims["aud"].as_array().is_some_and(|all| all.contains(&json!(API))), "{claims}");
    let s = (NOW.wall / 1000) as f64;
    assert!(claims["exp"].as_f64().is_some_and(|exp| exp > s - 31.0), "{claims}");
    assert!(claims["iat"].as_f64().is_some_and(|iat| iat < s + 31.0), "{claims}");
    for name in ["sub", "client_id", "jti"] {
        assert!(of(claims, name).is_some_and(|text| !text.is_empty()), "{name}: {claims}");
    }
}

fn check_introspection(header: &Value, claims: &Value) {
    let typ = header["typ"].as_str().unwrap_or_default().to_ascii_lowercase();
    assert!(typ.ends_with("token-introspection+jwt") && header["alg"] == "EdDSA", "{header}");
    assert_eq!(claims["iss"], ISSUER);
    assert!(claims["aud"] == "app" || claims["aud"].as_array().is_some_and(|all| all.contains(&json!("app"))), "{claims}");
    assert!(claims["iat"].is_number() && claims["token_introspection"]["active"].is_boolean(), "{claims}");
}
