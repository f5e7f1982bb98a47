//! Is an ID token checked wherever a token comes with one, and is whom it is about never forgotten?

use std::sync::Arc;

use oauth_core::{Authorize, Call, Client, Device, Document, Error, Exchange, Grant, Kind, Reply, Token};
use oauth_keys::{ServerKeys, SigningKey};
use serde_json::{Value, json};

use crate::world::{ACCESS, Counting, NOW, S, answer, client, good, jwks, key, played, signed, text, with, without};

const PLAIN: &str = r#"{"access_token":"a2","token_type":"Bearer","refresh_token":"r2"}"#;

fn untrusted<T: std::fmt::Debug>(result: Result<T, Error>, why: &str) {
    let error = result.expect_err(why);
    assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
    assert!(!format!("{error} {error:?}").contains("mallory"), "{why}: {error}");
}

/// Ends each by that answer of the token endpoint: what came of it.
fn ended(client: &Client, keys: &str, token: &str) -> Vec<(&'static str, Result<Token, Error>, Vec<String>)> {
    let device = r#"{"device_code":"d","user_code":"U","verification_uri":"https://as.example/go","expires_in":60,"interval":1}"#;
    let device = played(client.device([("scope", "openid")]), &[("/device", 200, device)]).0.expect("a device");
    let device = Device::restore(device.saved().expose()).expect("restored");
    let backchannel = [("scope", "openid"), ("login_hint", "alice")];
    let asked = r#"{"auth_req_id":"b","expires_in":60,"interval":1}"#;
    let backchannel = played(client.backchannel(backchannel), &[("/bc", 200, asked)]).0.expect("asked");
    let exchanges: [(&'static str, Exchange<Token>); 4] = [
        ("a password", client.token(Grant::password("alice", "pw").scope("openid"))),
        ("an assertion", client.token(Grant::jwt_bearer("a.b.c"))),
        ("a device", client.poll(&device)),
        ("a backchannel login", client.poll(&backchannel)),
    ];
    let answers = [("/token", 200, token), ("/keys", 200, keys)];
    let play = |(what, exchange)| {
        let (result, done) = played(exchange, &answers);
        (what, result, done)
    };
    exchanges.into_iter().map(play).collect()
}

#[test]
fn openid_core_3_1_3_7_whatever_brings_an_id_token_it_is_checked_before_the_token_is_handed_out() {
    let (key, stranger) = (key(), SigningKey::generate_es256().expect("a key").with_id("k1"));
    let right = text(answer(&signed(&key, &without("nonce"))));
    for (what, result, done) in ended(&client(), &jwks(&key), &right) {
        assert_eq!(result.unwrap_or_else(|error| panic!("{what}: {error}")).access_token(), ACCESS);
        assert!(done.starts_with(&["/token".to_owned()]), "{what}: {done:?}");
    }
    let wrong = [
        signed(&stranger, &good()),
        signed(&key, &with("aud", json!("other"))),
        signed(&key, &with("iss", json!("https://mallory.example"))),
        signed(&key, &with("exp", json!(S - 31))),
        signed(&key, &with("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
    ];
    for id_token in wrong {
        for (what, result, _) in ended(&client(), &jwks(&key), &text(answer(&id_token))) {
            untrusted(result, &format!("{what}: {id_token}"));
        }
    }
    // As one that is no text is.
    let number = json!({"access_token": ACCESS, "token_type": "Bearer", "id_token": 7}).to_string();
    for (what, result, _) in ended(&client(), &jwks(&key), &number) {
        untrusted(result, what);
    }
}

#[test]
fn who_brings_no_id_token_or_has_no_verifier_costs_no_request_for_keys() {
    for (what, result, done) in ended(&client(), "", PLAIN) {
        assert_eq!(result.unwrap_or_else(|error| panic!("{what}: {error}")).access_token(), "a2");
        assert_eq!(done, ["/token"], "{what}");
    }
    let careless = Client::new(client().provider().clone(), "app").secret("s");
    for (what, result, done) in ended(&careless, "", &text(answer("not looked at"))) {
        assert_eq!((result.map(|_| ()).map_err(|error| error.kind()), done), (Ok(()), vec!["/token".to_owned()]), "{what}");
    }
}

/// What a renewal, and an API call that renews, make of that answer to the renewal.
fn renewed(client: &Client, token: &Token, body: &str) -> [(Result<Token, Error>, Vec<String>); 2] {
    let (refreshed, done) = played(client.refresh(token), &[("/token", 200, body)]);
    let api = [("/api", 401, ""), ("/token", 200, body), ("/api", 200, "fine")];
    let (reply, called): (Result<Reply, _>, _) = played(client.call(token, Call::get("https://as.example/api")), &api);
    [(refreshed, done), (reply.map(|reply| reply.renewed.expect("renewed")), called)]
}

/// A token that came with that ID token.
fn issued(client: &Client, key: &SigningKey, claims: &Value) -> Token {
    let answers = [("/token", 200, &*text(answer(&signed(key, claims)))), ("/keys", 200, &*jwks(key))];
    played(client.token(Grant::password("alice", "pw")), &answers).0.expect("believed")
}

#[test]
fn openid_core_12_2_a_renewal_of_a_call_is_checked_before_the_call_is_repeated() {
    let (key, client) = (key(), client());
    let token = issued(&client, &key, &good());
    let right = text(answer(&signed(&key, &good())));
    let [(refreshed, done), (called, steps)] = renewed(&client, &token, &right);
    refreshed.expect("the same user");
    called.expect("the same user");
    assert_eq!(
        (done, steps),
        (vec!["/token".to_owned(), "save".to_owned()], ["/api", "/token", "save", "/api"].map(str::to_owned).to_vec())
    );
    let by_secret = SigningKey::hmac(b"a secret that both of them have, long enough").expect("a key");
    let parts = signed(&key, &good());
    let (message, _) = parts.rsplit_once('.').expect("dots");
    let (_, payload) = message.split_once('.').expect("dots");
    let wrong = [
        ("another user", signed(&key, &with("sub", json!("mallory")))),
        ("another issuer", signed(&key, &with("iss", json!("https://mallory.example")))),
        ("another audience", signed(&key, &with("aud", json!("mallory")))),
        ("expired", signed(&key, &with("exp", json!(S - 31)))),
        ("another token's", signed(&key, &with("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")))),
        ("RFC 8725 §3.2: alg none", format!("eyJhbGciOiJub25lIn0.{payload}.")),
        ("alg none with a signature", format!("eyJhbGciOiJub25lIn0.{payload}.AAAA")),
        ("alg NONE with a signature", format!("eyJhbGciOiJOT05FIn0.{payload}.AAAA")),
        ("alg HS256", signed(&by_secret, &without("at_hash"))),
        ("no signature", format!("{message}.")),
        ("no signature at all", message.to_owned()),
        ("no JWT", "mallory".to_owned()),
    ];
    for (why, id_token) in wrong {
        let [(refreshed, done), (called, steps)] = renewed(&client, &token, &text(answer(&id_token)));
        untrusted(refreshed, why);
        untrusted(called, why);
        assert_eq!(
            (done, steps),
            (vec!["/token".to_owned()], vec!["/api".to_owned(), "/token".to_owned()]),
            "{why}: neither saved nor used"
        );
    }
}

#[test]
fn openid_core_12_2_the_user_is_remembered_over_renewals_that_do_not_name_them() {
    let (key, client) = (key(), client());
    let mut token = issued(&client, &key, &with("auth_time", json!(S - 60)));
    for _ in 0..3 {
        let [(refreshed, _), (called, _)] = renewed(&client, &token, PLAIN);
        called.expect("it may be left out");
        token = refreshed.expect("it may be left out");
        assert!(token.field("/id_token").is_none());
        token = Token::restore(token.saved().expose()).expect("in another process");
        let shown = format!("{token:?}");
        assert!(!shown.contains("alice") && !shown.contains("n-1"), "{shown}");
        for (name, other) in [("sub", json!("mallory")), ("auth_time", json!(S - 59)), ("nonce", json!("n-2"))] {
            let [(refreshed, _), (called, _)] = renewed(&client, &token, &text(answer(&signed(&key, &with(name, other)))));
            untrusted(refreshed, name);
            untrusted(called, name);
        }
        let [(same, _), _] = renewed(&client, &token, &text(answer(&signed(&key, &with("auth_time", json!(S - 60))))));
        same.expect("the same user, the same login");
    }
    // Said again without the time of the login: the first one still counts.
    let [(silent, _), _] = renewed(&client, &token, &text(answer(&signed(&key, &without("nonce")))));
    let silent = silent.expect("auth_time and nonce may be left out");
    for (name, other) in [("auth_time", json!(S - 59)), ("nonce", json!("n-2"))] {
        let [(other, _), _] = renewed(&client, &silent, &text(answer(&signed(&key, &with(name, other)))));
        untrusted(other, name);
    }
}

#[test]
fn a_token_that_was_saved_before_users_were_remembered_is_restored_and_its_id_token_compared() {
    let (key, client) = (key(), client());
    let mut saved: Value = serde_json::from_str(issued(&client, &key, &good()).saved().expose()).expect("JSON");
    assert!(saved.get("identity").is_none(), "as texts were written before: {saved}");
    let old = Token::restore(&saved.to_string()).expect("an old text");
    let [(other, _), _] = renewed(&client, &old, &text(answer(&signed(&key, &with("sub", json!("mallory"))))));
    untrusted(other, "another user");
    saved["answer"] = json!("");
    let nobody = Token::restore(&saved.to_string()).expect("an old text");
    let [(first, _), _] = renewed(&client, &nobody, &text(answer(&signed(&key, &with("sub", json!("bob"))))));
    first.expect("nothing to compare with");
}

#[test]
fn openid_core_12_2_the_user_is_remembered_by_a_client_that_checks_nothing_and_with_their_issuer() {
    let (key, client) = (key(), client());
    let careless = Client::new(client.provider().clone(), "app").secret("s");
    let [(kept, _), _] = renewed(&client, &issued(&client, &key, &good()), PLAIN);
    let [(kept, _), _] = renewed(&careless, &kept.expect("renewed"), PLAIN);
    let [(other, _), _] = renewed(&client, &kept.expect("renewed"), &text(answer(&signed(&key, &with("sub", json!("mallory"))))));
    untrusted(other, "another user");
    let elsewhere = text(answer(&signed(&key, &with("iss", json!("https://old.example")))));
    let old = played(careless.token(Grant::password("alice", "pw")), &[("/token", 200, &*elsewhere)]).0.expect("unchecked");
    let [(other, _), _] = renewed(&client, &old, &text(answer(&signed(&key, &good()))));
    untrusted(other, "the same name at another issuer");
}

fn userinfo(client: &Client, token: &Token, sub: &str) -> Result<Document, Error> {
    played(client.userinfo(token), &[("/me", 200, &json!({"sub": sub, "email": "a@example.com"}).to_string())]).0
}

#[test]
fn openid_core_5_3_2_userinfo_about_somebody_else_is_untrusted() {
    let (key, client) = (key(), client());
    let token = issued(&client, &key, &good());
    userinfo(&client, &token, "alice").expect("the same user");
    untrusted(userinfo(&client, &token, "mallory"), "another");
    let [(later, _), _] = renewed(&client, &token, PLAIN);
    let later = later.expect("renewed");
    userinfo(&client, &later, "alice").expect("the same user");
    untrusted(userinfo(&client, &later, "mallory"), "another, after a renewal");
    let plain = played(client.token(Grant::client_credentials()), &[("/token", 200, PLAIN)]).0.expect("a token");
    userinfo(&client, &plain, "anybody").expect("nothing to compare with");
}

#[test]
fn openid_core_12_2_a_user_is_known_by_iss_and_sub_however_oddly_the_rest_is_said() {
    let (key, client) = (key(), client());
    for odd in [json!(null), json!("yesterday")] {
        let claims = with("auth_time", odd);
        let token = issued(&client, &key, &claims);
        userinfo(&client, &token, "alice").expect("the same user");
        untrusted(userinfo(&client, &token, "mallory"), "another user's data");
        let [(same, _), _] = renewed(&client, &token, &text(answer(&signed(&key, &claims))));
        same.expect("the same user, as oddly");
        let [(other, _), _] = renewed(&client, &token, &text(answer(&signed(&key, &with("sub", json!("mallory"))))));
        untrusted(other, "another user");
    }
}

#[test]
fn openid_core_5_3_2_signed_userinfo_is_checked_and_about_the_same_user() {
    let (key, client, stranger) = (key(), client(), SigningKey::generate_es256().expect("a key").with_id("k1"));
    let token = issued(&client, &key, &good());
    let asked = |jwt: &str| played(client.userinfo(&token), &[("/me", 200, jwt)]);
    let by = |key: &SigningKey, claims: &Value| signed(key, claims);
    let me = json!({"sub": "alice", "email": "a@example.com"});
    for right in [me.clone(), good(), json!({"sub": "alice", "aud": ["x", "app"]})] {
        let (user, done) = asked(&by(&key, &right));
        assert_eq!(user.expect("believed").text("/sub").as_deref(), Some("alice"));
        assert_eq!(done, ["/me"], "the keys are known");
    }
    let parts = by(&key, &me);
    let (message, _) = parts.rsplit_once('.').expect("dots");
    let wrong = [
        ("somebody else's signature", by(&stranger, &me)),
        ("another user", by(&key, &json!({"sub": "mallory"}))),
        ("nobody", by(&key, &json!({"email": "mallory@example.com"}))),
        ("another issuer", by(&key, &json!({"sub": "alice", "iss": "https://mallory.example"}))),
        ("another client", by(&key, &json!({"sub": "alice", "aud": "mallory"}))),
        ("alg none", format!("eyJhbGciOiJub25lIn0.{}.", message.split_once('.').expect("dots").1)),
        ("an access token", oauth_core::sign_jwt(&key, Some("at+jwt"), &me).expect("signed").expose().to_owned()),
    ];
    for (why, jwt) in wrong {
        untrusted(asked(&jwt).0, why);
    }
    let plain = played(client.token(Grant::client_credentials()), &[("/token", 200, PLAIN)]).0.expect("a token");
    let nobody = by(&key, &json!({"sub": "", "email": "mallory@example.com"}));
    untrusted(played(client.userinfo(&plain), &[("/me", 200, &*nobody)]).0, "nobody, where there is nothing to compare with");
}

#[test]
fn openid_core_3_1_3_6_the_hash_is_that_of_the_algorithm_sha_512_for_ed25519() {
    let client = client();
    // The left half of the SHA-512 of the access token of OpenID Connect Core Appendix A.3, and that of SHA-256.
    let (by_512, by_256) = ("q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM", "77QmUPtjPfzWtF2AnpK9RQ");
    let ed = SigningKey::generate_ed25519().expect("a key").with_id("k1");
    issued(&client, &ed, &with("at_hash", json!(by_512)));
    for wrong in [by_256, &by_512[..22]] {
        let body = text(answer(&signed(&ed, &with("at_hash", json!(wrong)))));
        let answers = [("/token", 200, &*body), ("/keys", 200, &*jwks(&ed))];
        untrusted(played(client.token(Grant::password("alice", "pw")), &answers).0, wrong);
    }
}

/// A login that ends with that ID token, whose code is that of OpenID Connect Core Appendix A.4.
fn by_code(id_token: &str, keys: &str) -> Result<Token, Error> {
    let client = client();
    let authorize = Authorize::new("https://app.example/cb").scope("openid").parameter("nonce", "n-1");
    let mut login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    let answers = [("/token", 200, &*text(answer(id_token))), ("/keys", 200, keys)];
    played(client.callback(&mut login, &format!("?{state}&code={code}")), &answers).0
}

#[test]
fn openid_core_3_3_2_11_a_c_hash_is_that_of_the_code() {
    let (es, ed) = (key(), SigningKey::generate_ed25519().expect("a key").with_id("k1"));
    let by_512 = with("at_hash", json!("q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM"));
    let mut right = by_512.clone();
    right["c_hash"] = json!("E9z1C-c0Az4eTEzE0Nm3OQ3BS2BhMgxuP7x5JAQj1_4");
    by_code(&signed(&ed, &right), &jwks(&ed)).expect("by SHA-512");
    right["c_hash"] = json!("LDktKdoQak3Pk0cnXxCltA");
    untrusted(by_code(&signed(&ed, &right), &jwks(&ed)), "by SHA-256");
    by_code(&signed(&es, &with("c_hash", json!("LDktKdoQak3Pk0cnXxCltA"))), &jwks(&es)).expect("by SHA-256");
    untrusted(by_code(&signed(&es, &with("c_hash", json!("LDktKdoQak3Pk0cnXxCltB"))), &jwks(&es)), "of another code");
}

/// What the browser brings of the implicit flow, with that ID token and token.
fn by_front(id_token: Option<&str>, keys: &str) -> Result<Token, Error> {
    by_front_with(Authorize::new("https://app.example/cb").scope("openid"), id_token, keys)
}

fn by_front_with(authorize: Authorize, id_token: Option<&str>, keys: &str) -> Result<Token, Error> {
    let client = client();
    let authorize = authorize.response_type("id_token token");
    let mut login = client.authorize(authorize.parameter("nonce", "n-1"), NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let id_token = id_token.map(|text| format!("&id_token={text}")).unwrap_or_default();
    let callback = format!("https://app.example/cb#{state}&access_token={ACCESS}&token_type=Bearer{id_token}");
    played(client.callback(&mut login, &callback), &[("/keys", 200, keys)]).0
}

#[test]
fn openid_core_3_2_2_9_a_token_from_the_browser_is_bound_to_its_id_token() {
    let key = key();
    by_front(Some(&signed(&key, &good())), &jwks(&key)).expect("at_hash says so");
    untrusted(by_front(Some(&signed(&key, &without("at_hash"))), &jwks(&key)), "they may not belong together");
    untrusted(by_front(None, &jwks(&key)), "there must be one");
    untrusted(by_front(Some(&signed(&key, &without("nonce"))), &jwks(&key)), "it may be replayed");
    // §3.2.2.1: by its response_type it is asked for, whatever the scope says.
    let asked = Authorize::new("https://app.example/cb");
    by_front_with(asked.clone(), Some(&signed(&key, &good())), &jwks(&key)).expect("as with the scope");
    untrusted(by_front_with(asked.clone(), None, &jwks(&key)), "there must be one");
    untrusted(by_front_with(asked, Some(&signed(&key, &without("nonce"))), &jwks(&key)), "it may be replayed");
}

#[test]
fn where_a_record_names_no_keys_only_a_login_that_wants_an_id_token_is_refused() {
    let record =
        r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},"authorize":{"url":"/authorize"}}"#;
    let provider = oauth_core::Provider::from_json(record).expect("a record");
    assert!(!provider.publishes_keys());
    let client = Client::new(provider, "app").secret("s").verifier(Arc::new(ServerKeys::new()));
    let body = text(answer("unreadable"));
    played(client.token(Grant::password("alice", "pw")), &[("/token", 200, &*body)]).0.expect("as without a verifier");
    let asked = Authorize::new("https://app.example/cb");
    client.authorize(asked.clone().scope("read"), NOW, &Counting).expect("no ID token is asked for");
    let error = client.authorize(asked.scope("openid"), NOW, &Counting).expect_err("it could not be checked");
    assert_eq!(error.kind(), Kind::Usage, "{error}");
}
