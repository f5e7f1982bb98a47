//! Is a code of a hybrid answer sent only where the ID token beside it is this login's and says that they belong together?

use oauth_core::{Authorize, Client, Error, Kind, Token};
use oauth_keys::SigningKey;
use serde_json::{Value, json};

use crate::world::{ACCESS, Counting, NOW, answer, client, good, jwks, key, played, signed, text, with, without};

/// OpenID Connect Core 1.0 Appendix A.4: this code and its hash by SHA-256.
const CODE: &str = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
const C_HASH: &str = "LDktKdoQak3Pk0cnXxCltA";

/// What ends a login of that type whose browser brings this beside code and state, and what was asked of the server on the way.
fn ended(client: &Client, kind: &str, beside: &str, answers: &[(&str, u16, &str)]) -> (Result<Token, Error>, Vec<String>) {
    let authorize = Authorize::new("https://app.example/cb").scope("openid").parameter("nonce", "n-1").response_type(kind);
    let login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let mut login = oauth_core::Login::restore(login.saved().expect("kept").expose()).expect("restored");
    played(client.callback(&mut login, &format!("https://app.example/cb#{state}&code={CODE}{beside}")), answers)
}

/// Of the authorization endpoint, with these claims.
fn beside(key: &SigningKey, claims: &Value, access_token: &str) -> String {
    format!("&id_token={}{access_token}", signed(key, claims))
}

fn token(key: &SigningKey, claims: &Value) -> String {
    text(answer(&signed(key, claims)))
}

fn hashed() -> Value {
    with("c_hash", json!(C_HASH))
}

fn both() -> String {
    format!("&access_token={ACCESS}&token_type=Bearer")
}

#[test]
fn openid_core_3_3_2_8_the_id_token_is_checked_before_the_code_is_sent() {
    let key = key();
    for (kind, beside) in
        [("code id_token", beside(&key, &hashed(), "")), ("code id_token token", beside(&key, &hashed(), &both()))]
    {
        let answers = [("/keys", 200, &*jwks(&key)), ("/token", 200, &*token(&key, &good()))];
        let (got, done) = ended(&client(), kind, &beside, &answers);
        assert_eq!(got.unwrap_or_else(|error| panic!("{kind}: {error}")).access_token(), ACCESS);
        assert_eq!(done, ["/keys", "/token"], "{kind}: in this order, and the keys once");
    }
}

#[test]
fn openid_core_3_3_2_11_where_the_hashes_are_wrong_or_missing_the_code_is_never_sent() {
    let key = key();
    let hashless = |name: &str| {
        let mut claims = hashed();
        claims.as_object_mut().expect("claims").remove(name);
        claims
    };
    let but = |name: &str, value: Value| {
        let mut claims = hashed();
        claims[name] = value;
        claims
    };
    let stranger = SigningKey::generate_es256().expect("a key").with_id("k1");
    for (why, beside) in [
        ("another code's c_hash", beside(&key, &but("c_hash", json!("LDktKdoQak3Pk0cnXxCltB")), &both())),
        ("no c_hash", beside(&key, &hashless("c_hash"), &both())),
        ("a c_hash that is no text", beside(&key, &but("c_hash", json!([C_HASH])), &both())),
        ("another token's at_hash", beside(&key, &but("at_hash", json!("77QmUPtjPfzWtF2AnpK9RR")), &both())),
        ("no at_hash", beside(&key, &hashless("at_hash"), &both())),
        ("another nonce", beside(&key, &but("nonce", json!("n-2")), &both())),
        ("no nonce", beside(&key, &hashless("nonce"), &both())),
        ("another issuer", beside(&key, &but("iss", json!("https://evil.example")), &both())),
        ("another client", beside(&key, &but("aud", json!("other")), &both())),
        ("over", beside(&key, &but("exp", json!(1)), &both())),
        ("another's key", beside(&stranger, &hashed(), &both())),
        ("no ID token", both()),
    ] {
        let (got, done) = ended(&client(), "code id_token token", &beside, &[("/keys", 200, &*jwks(&key))]);
        let error = got.expect_err(why);
        assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
        assert!(!done.contains(&"/token".to_owned()), "{why}: the code was sent");
    }
}

#[test]
fn openid_core_3_3_2_11_without_an_access_token_beside_it_no_at_hash_is_needed() {
    let key = key();
    let claims = json!({"c_hash": C_HASH, "iss": "https://as.example", "sub": "alice", "aud": "app", "exp": 1_700_000_300, "iat": 1_700_000_000, "nonce": "n-1"});
    let answers = [("/keys", 200, &*jwks(&key)), ("/token", 200, &*token(&key, &good()))];
    ended(&client(), "code id_token", &beside(&key, &claims, ""), &answers).0.expect("a token");
}

#[test]
fn openid_core_3_3_3_6_both_id_tokens_are_about_the_same_user() {
    let key = key();
    for (why, claims) in [("sub", with("sub", json!("mallory"))), ("nonce", without("nonce"))] {
        let answers = [("/keys", 200, &*jwks(&key)), ("/token", 200, &*token(&key, &claims))];
        let (got, done) = ended(&client(), "code id_token", &beside(&key, &hashed(), ""), &answers);
        assert_eq!((got.expect_err(why).kind(), done), (Kind::Untrusted, vec!["/keys".to_owned(), "/token".to_owned()]), "{why}");
    }
    let none = format!(r#"{{"access_token":"{ACCESS}","token_type":"Bearer"}}"#);
    let answers = [("/keys", 200, &*jwks(&key)), ("/token", 200, &*none)];
    let (got, _) = ended(&client(), "code id_token", &beside(&key, &hashed(), ""), &answers);
    assert_eq!(got.expect_err("§3.3.3.3: there must be one").kind(), Kind::Untrusted);
}

#[test]
fn openid_core_3_3_keys_that_cannot_be_read_send_no_code() {
    let key = key();
    let (got, done) = ended(&client(), "code id_token", &beside(&key, &hashed(), ""), &[("/keys", 503, "")]);
    assert_eq!((got.expect_err("no keys").kind(), done), (Kind::Refused, vec!["/keys".to_owned()]));
}

#[test]
fn openid_core_3_3_who_checks_nothing_and_who_asked_for_no_id_token_send_the_code_alone() {
    let key = key();
    let careless = Client::new(client().provider().clone(), "app").secret("s");
    let (got, done) = ended(&careless, "code id_token", "&id_token=unread", &[("/token", 200, &*token(&key, &good()))]);
    assert_eq!((got.expect("a token").access_token(), done.len()), (ACCESS, 1));
    let answers = [("/token", 200, &*token(&key, &good())), ("/keys", 200, &*jwks(&key))];
    let (got, done) = ended(&client(), "code token", &both(), &answers);
    assert_eq!((got.expect("a token").access_token(), done), (ACCESS, vec!["/token".to_owned(), "/keys".to_owned()]));
}
