//! Is an ID token believed only where everything in it is right?

mod conformance;
mod everywhere;
mod hybrid;
mod jarm;
mod world;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Answer, Authorize, Cause, Client, Document, Error, Kind, NoAnswer, Now, Provider, Sent, Signer, Step, Token};
use oauth_keys::{Algorithm, ServerKeys, SigningKey};
use serde_json::{Value, json};
use world::{Counting, NOW, S, answer, client, good, jwks, key, run, sharing, signed, with, without};

fn logged_in(client: &Client, keys: &str, id_token: &str) -> Result<Token, Error> {
    let authorize = Authorize::new("https://app.example/cb").scope("openid").parameter("nonce", "n-1");
    let mut login = client.authorize(authorize, NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    // As in a program: kept in the user's session, and restored from there.
    login = oauth_core::Login::restore(login.saved().expect("kept").expose()).expect("restored");
    let callback = format!("https://app.example/cb?{state}&code=c");
    run(client.callback(&mut login, &callback), NOW, keys, &answer(id_token)).0
}

fn refused(client: &Client, keys: &str, id_token: &str, why: &str) {
    match logged_in(client, keys, id_token) {
        Err(error) => {
            assert_eq!(error.kind(), Kind::Untrusted, "{why}: {error}");
            assert!(!format!("{error} {error:?}").contains("alice"), "{why}: {error}");
        }
        Ok(_) => panic!("{why}: was believed"),
    }
}

fn claims(client: &Client, keys: &str, token: &Token) -> Result<Document, Error> {
    run(client.id_token(token, Some("n-1")), NOW, keys, b"").0
}

#[test]
fn openid_core_3_1_3_7_one_that_is_right_is_believed_and_its_claims_are_told() {
    let (key, client) = (key(), client());
    let token = logged_in(&client, &jwks(&key), &signed(&key, &good())).expect("believed");
    assert_eq!(claims(&client, &jwks(&key), &token).expect("claims").text("/sub").as_deref(), Some("alice"));
    for more in [
        with("aud", json!(["app"])),
        with("azp", json!("app")),
        with("exp", json!(S - 29)),
        with("iat", json!(S + 29)),
        with("exp", json!(1_700_000_100.5)),
        without("at_hash"),
    ] {
        logged_in(&client, &jwks(&key), &signed(&key, &more)).unwrap_or_else(|error| panic!("{more}: {error}"));
    }
    let several = json!({"aud": ["app", "other"], "azp": "app"});
    let mut both = good();
    both.as_object_mut().expect("claims").extend(several.as_object().expect("claims").clone());
    logged_in(&client, &jwks(&key), &signed(&key, &both)).expect("azp says it is ours");
}

#[test]
fn openid_core_3_1_3_7_anything_wrong_is_untrusted_and_the_token_is_not_handed_on() {
    let (key, client) = (key(), client());
    let wrong = [
        with("iss", json!("https://as.example/")),
        with("iss", json!(["https://as.example"])),
        without("iss"),
        with("aud", json!("other")),
        with("aud", json!(["app", 1])),
        with("aud", json!({"app": true})),
        with("aud", json!([])),
        without("aud"),
        with("aud", json!(["app", "other"])),
        with("azp", json!("other")),
        with("azp", json!(7)),
        with("exp", json!(S - 30)),
        // CVE-2026-25537
        with("exp", json!("999")),
        with("exp", json!((S + 300).to_string())),
        with("exp", Value::Null),
        without("exp"),
        with("iat", json!(S + 31)),
        with("iat", json!("0")),
        without("iat"),
        with("nbf", json!(S + 31)),
        with("nbf", json!("0")),
        with("nonce", json!("n-2")),
        with("nonce", json!(["n-1"])),
        without("nonce"),
        with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RR")),
        with("at_hash", json!(1)),
        with("c_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        with("sub", json!("")),
        with("sub", json!(1)),
        with("sub", json!("a".repeat(256))),
        without("sub"),
        json!([]),
    ];
    for claims in wrong {
        refused(&client, &jwks(&key), &signed(&key, &claims), &claims.to_string());
    }
}

#[test]
fn rfc_8725_what_is_not_signed_as_it_must_be_is_untrusted() {
    let (key, client) = (key(), client());
    let jwks = jwks(&key);
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let by_hand = |header: &str, key: &dyn Signer| {
        let message = format!("{}.{}", encoded(header), encoded(&good().to_string()));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("signed")))
    };
    let right = by_hand(r#"{"alg":"ES256","kid":"k1"}"#, &key);
    logged_in(&client, &jwks, &right).expect("what is made by hand is believed where it is right");
    let (message, _) = right.rsplit_once('.').expect("dots");
    let stranger = SigningKey::generate_es256().expect("a key").with_id("k1");
    let public = key.published_jwk().expect("public");
    let hmac = SigningKey::hmac(public.as_bytes()).expect("long enough");
    let none = format!("{}.{}.", encoded(r#"{"alg":"none"}"#), encoded(&good().to_string()));
    let vectors = [
        ("alg none", none.clone()),
        ("alg nOnE", none.replace(&encoded(r#"{"alg":"none"}"#), &encoded(r#"{"alg":"nOnE"}"#))),
        ("HS256 with the public key", by_hand(r#"{"alg":"HS256","kid":"k1"}"#, &hmac)),
        ("another's key", by_hand(r#"{"alg":"ES256","kid":"k1"}"#, &stranger)),
        (
            "a key it brings along",
            by_hand(&format!(r#"{{"alg":"ES256","jwk":{}}}"#, stranger.published_jwk().expect("public")), &stranger),
        ),
        ("unknown crit", by_hand(r#"{"alg":"ES256","kid":"k1","crit":["exp"],"exp":1}"#, &key)),
        ("b64", by_hand(r#"{"alg":"ES256","kid":"k1","b64":false}"#, &key)),
        ("an access token (RFC 9068)", by_hand(r#"{"alg":"ES256","kid":"k1","typ":"at+jwt"}"#, &key)),
        ("a logout token", by_hand(r#"{"alg":"ES256","kid":"k1","typ":"logout+jwt"}"#, &key)),
        ("unknown key", by_hand(r#"{"alg":"ES256","kid":"k2"}"#, &key)),
        ("r = s = 0 (CVE-2022-21449)", format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("no signature", format!("{message}.")),
        ("no dots", "x".to_owned()),
        ("empty", String::new()),
        ("dots without end", ".".repeat(60_000)),
        ("five parts, compressed (RFC 7516)", format!("{}.a.b.c.d", encoded(r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#))),
        ("200 kB", format!("{message}{}.", "A".repeat(200_000))),
    ];
    for (why, id_token) in vectors {
        refused(&client, &jwks, &id_token, why);
    }
}

#[test]
fn openid_core_3_1_3_3_a_login_without_an_id_token_is_untrusted() {
    let client = client();
    let mut login = client.authorize(Authorize::new("https://app.example/cb").scope("openid"), NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    assert!(login.url().contains("&nonce="));
    let answer = br#"{"access_token":"a","token_type":"Bearer"}"#;
    let error = run(client.callback(&mut login, &format!("?{state}&code=c")), NOW, "", answer).0.expect_err("none");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}

#[test]
fn openid_core_10_1_1_an_unknown_key_has_the_set_read_again_once_a_minute_at_most() {
    let (old, new, client) = (key(), SigningKey::generate_es256().expect("a key").with_id("k2"), client());
    let token = logged_in(&client, &jwks(&old), &signed(&old, &good())).expect("believed");
    let by = |key: &SigningKey| {
        let body = answer(&signed(key, &good()));
        run(client.refresh(&token), NOW, "", &body).0.expect("renewed")
    };
    let (old_token, new_token) = (by(&old), by(&new));
    let check = |token: &Token, ms: i64| run(client.id_token(token, None), NOW.later(ms), &jwks(&new), b"");
    let (result, read) = check(&new_token, 59_000);
    assert_eq!((result.map(|_| ()).map_err(|error| error.kind()), read), (Err(Kind::Untrusted), 0), "within the minute");
    assert_eq!(check(&old_token, 59_000).1, 0, "kept");
    let (result, read) = check(&new_token, 61_000);
    result.expect("the new key");
    assert_eq!(read, 1);
    let (result, read) = check(&old_token, 130_000);
    assert_eq!((result.map(|_| ()).map_err(|error| error.kind()), read), (Err(Kind::Untrusted), 1), "withdrawn");
}

#[test]
fn openid_core_10_1_1_clients_that_share_the_keys_read_them_once_a_minute_between_them() {
    let (old, new, keys) = (key(), SigningKey::generate_es256().expect("a key").with_id("k2"), Arc::new(ServerKeys::new()));
    let token = logged_in(&sharing(&keys), &jwks(&old), &signed(&old, &good())).expect("believed");
    let forged = run(sharing(&keys).refresh(&token), NOW, "", &answer(&signed(&new, &good()))).0.expect("renewed");
    let check = |token: &Token, ms: i64| run(sharing(&keys).id_token(token, None), NOW.later(ms), &jwks(&old), b"").1;
    assert_eq!(check(&token, 0), 0, "the first client read them");
    assert_eq!((0..9).map(|_| check(&forged, 59_000)).sum::<usize>(), 0, "within the minute");
    assert_eq!((0..9).map(|_| check(&forged, 61_000)).sum::<usize>(), 1, "whoever comes first");
    assert_eq!(check(&token, 61_000 + 599_000), 0, "ten minutes are not over");
    assert_eq!((0..9).map(|_| check(&token, 61_000 + 600_000)).sum::<usize>(), 1, "now they are");
}

/// Servers put a new key under an old name, or publish keys without one.
#[test]
fn openid_core_10_1_1_a_new_key_of_an_old_name_or_of_none_has_the_set_read_again_once_a_minute_at_most() {
    let named = || (key(), key());
    let nameless = || (SigningKey::generate_es256().expect("a key"), SigningKey::generate_es256().expect("a key"));
    for (old, new) in [named(), nameless()] {
        let client = client();
        let token = logged_in(&client, &jwks(&old), &signed(&old, &good())).expect("believed");
        let renewed = run(client.refresh(&token), NOW, "", &answer(&signed(&new, &good()))).0.expect("renewed");
        let check = |keys: &SigningKey, ms: i64| {
            let (result, read) = run(client.id_token(&renewed, None), NOW.later(ms), &jwks(keys), b"");
            (result.map(|_| ()).map_err(|error| error.kind()), read)
        };
        assert_eq!(check(&new, 59_000), (Err(Kind::Untrusted), 0), "within the minute");
        assert_eq!(check(&old, 61_000), (Err(Kind::Untrusted), 1), "forged after all");
        assert_eq!((0..9).map(|_| check(&old, 119_000).1).sum::<usize>(), 0, "and nobody storms the server by forging");
        assert_eq!(check(&new, 130_000), (Ok(()), 1), "the new key");
        assert_eq!(check(&new, 130_000), (Ok(()), 0), "kept");
    }
}

/// One request at that time to a server whose keys are away; whether it was asked.
fn asked(client: &Client, token: &Token, now: Now, answer: Answer) -> (Error, bool) {
    let mut exchange = client.id_token(token, None);
    match exchange.step(now) {
        Ok(Step::Send(_)) => {
            exchange.receive(Ok(answer));
            (exchange.step(now).expect_err("no keys"), true)
        }
        Ok(_) => panic!("no other step"),
        Err(error) => (error, false),
    }
}

#[test]
fn openid_core_10_1_1_a_server_whose_keys_are_away_is_left_alone_longer_each_time() {
    let (key, keys) = (key(), Arc::new(ServerKeys::new()));
    let client = sharing(&keys);
    let token = logged_in(&client, &jwks(&key), &signed(&key, &good())).expect("believed");
    let over = NOW.later(600_000);
    let away = || Answer::new(503, vec![], vec![]);
    let mut now = over;
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        let (error, sent) = asked(&client, &token, now, away());
        assert!(sent && error.status() == Some(503), "{pause}: {error}");
        for others in 0..9 {
            let (error, sent) = asked(&sharing(&keys), &token, now.later(pause * 1000 - 1), away());
            assert!(!sent && error.status() == Some(503) && error.is_transient(), "{others}, {pause}: {error}");
        }
        now = now.later(pause * 1000);
    }
    // What is no set of keys is a failure as well, and the server's own word counts, up to ten minutes.
    assert!(asked(&client, &token, now, Answer::new(200, vec![], b"a page".to_vec())).1);
    let (error, sent) = asked(&client, &token, now.later(29_999), away());
    assert_eq!((error.kind(), sent), (Kind::Untrusted, false));
    let later = |seconds: &str| Answer::new(429, vec![("retry-after".to_owned(), seconds.to_owned())], vec![]);
    now = now.later(30_000);
    assert!(asked(&client, &token, now, later("86400")).1);
    assert!(!asked(&client, &token, now.later(599_999), away()).1);
    now = now.later(600_000);
    run(client.id_token(&token, None), now.later(0), &jwks(&key), b"").0.expect_err("it has expired since");
    assert!(asked(&client, &token, now.later(600_000), away()).1, "the keys came, and the next failure is a first one");
    assert!(asked(&client, &token, now.later(601_000), away()).1);
}

#[test]
fn many_who_ask_for_keys_at_a_time_and_fail_together_have_failed_once() {
    let (key, keys) = (key(), Arc::new(ServerKeys::new()));
    let client = sharing(&keys);
    let token = logged_in(&client, &jwks(&key), &signed(&key, &good())).expect("believed");
    let now = NOW.later(600_000);
    let mut all: Vec<_> = (0..9).map(|_| client.id_token(&token, None)).collect();
    all.iter_mut().for_each(|exchange| assert!(matches!(exchange.step(now), Ok(Step::Send(_)))));
    for (ms, exchange) in (0..).zip(&mut all) {
        exchange.receive(Ok(Answer::new(503, vec![], vec![])));
        exchange.step(now.later(ms)).expect_err("no keys");
    }
    assert!(!asked(&client, &token, now.later(1007), Answer::new(503, vec![], vec![])).1);
    assert!(asked(&client, &token, now.later(1008), Answer::new(503, vec![], vec![])).1, "a second after the last of them");
}

#[test]
fn that_a_program_stopped_waiting_for_keys_says_nothing_of_the_server() {
    let (key, client) = (key(), client());
    let token = logged_in(&client, &jwks(&key), &signed(&key, &good())).expect("believed");
    let now = NOW.later(600_000);
    let mut exchange = client.id_token(&token, None);
    assert!(matches!(exchange.step(now), Ok(Step::Send(_))));
    exchange.receive(Err(NoAnswer::new(Sent::Maybe, Cause::Cancelled, "stopped")));
    exchange.step(now).expect_err("cancelled");
    assert!(asked(&client, &token, now, Answer::new(503, vec![], vec![])).1);
}

#[test]
fn openid_core_12_2_a_renewal_that_is_about_somebody_else_is_untrusted_and_not_saved() {
    let (key, client) = (key(), client());
    let token = logged_in(&client, &jwks(&key), &signed(&key, &good())).expect("believed");
    for (name, other) in [("sub", "mallory"), ("iss", "https://other.example"), ("aud", "other")] {
        let mut exchange = client.refresh(&token);
        assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))));
        exchange.receive(Ok(Answer::new(200, vec![], answer(&signed(&key, &with(name, json!(other)))))));
        let error = exchange.step(NOW).expect_err(name);
        assert_eq!(error.kind(), Kind::Untrusted, "{name}: {error}");
    }
    let without = br#"{"access_token":"a","token_type":"Bearer"}"#;
    run(client.refresh(&token), NOW, "", without).0.expect("§12.2: it may be left out");
}

#[test]
fn a_login_that_was_begun_with_checks_does_not_end_without() {
    let client = client();
    let login = client.authorize(Authorize::new("https://app.example/cb").scope("openid"), NOW, &Counting).expect("a login");
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let mut kept = oauth_core::Login::restore(login.saved().expect("kept").expose()).expect("restored");
    let careless = Client::new(client.provider().clone(), "app").secret("s");
    let callback = format!("?{state}&code=c");
    let error = run(careless.callback(&mut kept, &callback), NOW, "", b"").0.expect_err("no verifier");
    assert_eq!(error.kind(), Kind::Usage, "{error}");
    // Nor by a record of the same name that does not say where the keys are, as after an update of the program.
    for gone in ["issuer", "endpoints"] {
        let mut record: Value = serde_json::from_str(&client.provider().record_json()).expect("JSON");
        record.as_object_mut().expect("a record").remove(gone);
        let provider = Provider::from_json(&record.to_string()).expect("a record");
        let keyless = Client::new(provider, "app").secret("s").verifier(Arc::new(ServerKeys::new()));
        let error = run(keyless.callback(&mut kept, &callback), NOW, "", &answer("forged")).0.expect_err("no keys");
        assert_eq!(error.kind(), Kind::Usage, "{gone}: {error}");
    }
    assert!(!kept.is_taken());
}

#[test]
fn a_shared_secret_is_never_among_the_algorithms() {
    assert!(!format!("{:?}", ServerKeys::taking(&[Algorithm::Hs256, Algorithm::Es256])).contains("Hs256"));
}
