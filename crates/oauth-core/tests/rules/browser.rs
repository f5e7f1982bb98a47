//! Does the browser leg keep to the rules?

use std::sync::atomic::Ordering;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_core::{Authorize, Client, Kind, Login, Provider, Random, Step};
use sha2::{Digest, Sha256};

use crate::peer::{BACK, Counted, GOOD, NOW, SECRET, begun, client, ended, form, provider_with, query, request, value};

#[test]
fn rfc_6749_10_10_state_and_verifier_are_256_bits_each_and_new_for_every_login() {
    let (client, random) = (client(), Counted::default());
    let mut seen = std::collections::HashSet::new();
    for number in 1..=50 {
        let mut login = client.authorize(Authorize::new(BACK), NOW, &random).expect("a login");
        assert_eq!(random.0.load(Ordering::Relaxed), number * 64, "32 bytes each");
        let asked = query(login.url());
        let state = value(&asked, "state").expect("a state").to_owned();
        let sent = request(&mut client.callback(&mut login, &format!("?code=c&state={state}")));
        let verifier = value(&form(&sent), "code_verifier").expect("a verifier").to_owned();
        assert_eq!((state.len(), verifier.len()), (43, 43), "and all of them are used");
        assert!(seen.insert(state) && seen.insert(verifier), "used before");
    }
    struct Broken;
    impl Random for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), String> {
            Err("no entropy".to_owned())
        }
    }
    struct Forgetful;
    impl Random for Forgetful {
        fn fill(&self, _: &mut [u8]) -> Result<(), String> {
            Ok(())
        }
    }
    for broken in [&Broken as &dyn Random, &Forgetful] {
        assert_eq!(client.authorize(Authorize::new(BACK), NOW, broken).expect_err("guessable").kind(), Kind::Usage);
    }
}

#[test]
fn rfc_7636_4_1_a_verifier_has_43_to_128_unreserved_characters() {
    let (client, random) = (client(), Counted::default());
    for _ in 0..50 {
        let mut login = client.authorize(Authorize::new(BACK), NOW, &random).expect("a login");
        let state = value(&query(login.url()), "state").expect("a state").to_owned();
        let sent = request(&mut client.callback(&mut login, &format!("?code=c&state={state}")));
        let form = form(&sent);
        let verifier = value(&form, "code_verifier").expect("a verifier");
        assert!((43..=128).contains(&verifier.len()));
        assert!(verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)), "{verifier}");
    }
}

#[test]
fn rfc_9700_2_1_1_pkce_is_the_rule_and_its_method_s256() {
    for client in [client(), Client::new(provider_with(r#","auth":"none""#), "app")] {
        let (random, mut challenges) = (Counted::default(), std::collections::HashSet::new());
        for _ in 0..2 {
            let mut login = client.authorize(Authorize::new(BACK), NOW, &random).expect("a login");
            let asked = query(login.url());
            let [challenge, state] = ["code_challenge", "state"].map(|name| value(&asked, name).expect(name));
            assert_eq!((value(&asked, "code_challenge_method"), challenge.len()), (Some("S256"), 43));
            let sent = form(&request(&mut client.callback(&mut login, &format!("?code=c&state={state}"))));
            // RFC 7636 §4.2: BASE64URL(SHA256(ASCII(code_verifier)))
            let hash = Sha256::digest(value(&sent, "code_verifier").expect("a verifier").as_bytes());
            assert_eq!(URL_SAFE_NO_PAD.encode(hash), challenge);
            assert!(challenges.insert(challenge.to_owned()), "anew for each login");
        }
    }
    for own in ["code_challenge", "code_challenge_method", "code_verifier"] {
        let authorize = Authorize::new(BACK).parameter(own, "plain");
        client().authorize(authorize, NOW, &Counted::default()).expect_err("the client's own");
    }
}

#[test]
fn rfc_9700_2_1_1_neither_verifier_nor_secret_goes_to_the_browser() {
    let client = client();
    let (mut login, state) = begun(&client);
    let url = login.url().to_owned();
    let sent = request(&mut client.callback(&mut login, &format!("{BACK}&code=c&state={state}")));
    let form = form(&sent);
    let verifier = value(&form, "code_verifier").expect("a verifier");
    assert!(!url.contains(verifier) && !url.contains(SECRET) && !url.contains("client_secret"), "{url}");
}

#[test]
fn rfc_9700_4_7_1_the_state_protects_with_and_without_pkce() {
    let off = r#"{"version":1,"name":"example","base":"https://as.example","token":{"url":"/token"},
        "authorize":{"url":"/authorize","pkce":"off"}}"#;
    let off = Client::new(Provider::from_json(off).expect("a record"), "app").secret(SECRET);
    for client in [client(), off] {
        let (mut login, state) = begun(&client);
        for forged in ["code=c".to_owned(), "code=c&state=".to_owned(), format!("code=c&state={}", &state[1..])] {
            let error = client.callback(&mut login, &format!("?{forged}")).step(NOW).expect_err("forged");
            assert_eq!(error.kind(), Kind::Untrusted);
        }
        request(&mut client.callback(&mut login, &format!("?code=c&state={state}")));
    }
}

#[test]
fn rfc_6749_10_12_a_login_is_bound_to_its_state_and_works_once() {
    let client = client();
    let (mut login, state) = begun(&client);
    let (mut other, others) = {
        let other = client.authorize(Authorize::new(BACK), NOW, &Counted(77.into())).expect("a login");
        let state = value(&query(other.url()), "state").expect("a state").to_owned();
        (other, state)
    };
    assert_ne!(state, others);
    let error = client.callback(&mut login, &format!("?code=c&state={others}")).step(NOW).expect_err("another's");
    assert_eq!((error.kind(), login.is_taken()), (Kind::Untrusted, false), "a forged callback burns nothing");
    request(&mut client.callback(&mut login, &format!("?code=c&state={state}")));
    assert!(login.is_taken() && login.saved().is_err(), "nor can it be kept for another time");
    let error = client.callback(&mut login, &format!("?code=c&state={state}")).step(NOW).expect_err("a second time");
    assert_eq!(error.kind(), Kind::Expired);
    request(&mut client.callback(&mut other, &format!("?code=c&state={others}")));
}

#[test]
fn cve_2025_68158_a_pending_login_is_a_thing_of_its_own_that_the_program_must_hand_back() {
    // There is no cache of states in the library: two users' logins know nothing of each other, and one ends (CVE-2021-22119).
    let client = client();
    let (login, state) = begun(&client);
    let saved = login.saved().expect("open");
    let mut kept = Login::restore(saved.expose()).expect("kept");
    let late = oauth_core::Now { wall: NOW.wall + 10 * 60 * 1000, mono: 0 };
    let error = client.callback(&mut kept, &format!("?code=c&state={state}")).step(late).expect_err("too late");
    assert_eq!(error.kind(), Kind::Expired);
    let stranger = Client::new(provider_with(""), "another app").secret(SECRET);
    let mut kept = Login::restore(saved.expose()).expect("kept");
    let error = stranger.callback(&mut kept, &format!("?code=c&state={state}")).step(NOW).expect_err("another client's");
    assert_eq!((error.kind(), kept.is_taken()), (Kind::Usage, false));
}

#[test]
fn rfc_6749_4_1_2_unknown_parameters_of_a_callback_are_ignored() {
    let client = client();
    let (mut login, state) = begun(&client);
    let callback = format!("{BACK}&session_state=x&session_state=y&code=c&state={state}&scope=a&x=%00%ff");
    assert_eq!(value(&form(&request(&mut client.callback(&mut login, &callback))), "code"), Some("c"));
}

#[test]
fn rfc_6749_3_1_a_repeated_parameter_of_a_callback_is_refused() {
    let client = client();
    let (mut login, state) = begun(&client);
    for repeated in
        ["code=c&code=c", "code=c&state={}", "code=c&iss=https://as.example&iss=https://as.example", "error=a&error=b"]
    {
        let callback = format!("?state={state}&{}", repeated.replace("{}", &state));
        let error = client.callback(&mut login, &callback).step(NOW).expect_err("refused");
        assert_eq!((error.kind(), login.is_taken()), (Kind::Untrusted, false), "{repeated}");
    }
}

#[test]
fn rfc_6749_4_1_2_1_an_error_comes_before_a_code_and_with_a_wrong_state_it_is_ignored() {
    let client = client();
    let (mut login, state) = begun(&client);
    let error = client.callback(&mut login, "?error=access_denied&state=wrong").step(NOW).expect_err("forged");
    assert_eq!((error.kind(), login.is_taken()), (Kind::Untrusted, false));
    let callback = format!("?code=c&error=access_denied&error_description=No%0d%0aX:%20y&state={state}");
    let error = client.callback(&mut login, &callback).step(NOW).expect_err("refused");
    assert_eq!((error.kind(), error.standard_code(), error.is_transient()), (Kind::Refused, Some("access_denied"), false));
    assert!(!error.to_string().chars().any(char::is_control) && login.is_taken());
}

#[test]
fn rfc_9207_2_4_another_iss_is_untrusted_by_simple_comparison_and_a_promised_one_is_missed() {
    let provider = |iss: &str| {
        let record = format!(
            r#"{{"version":1,"name":"example","base":"https://as.example","issuer":"https://as.example","token":{{"url":"/token"}},
                "authorize":{{"url":"/authorize","iss":"{iss}"}}}}"#
        );
        Client::new(Provider::from_json(&record).expect("a record"), "app").secret(SECRET)
    };
    let client = provider("required");
    let (mut login, state) = begun(&client);
    for wrong in [
        "",
        "&iss=",
        "&iss=https://evil.example",
        "&iss=https://as.example/",
        "&iss=HTTPS://as.example",
        "&iss=https://as.example:443",
    ] {
        for kind in ["code=c", "error=access_denied"] {
            let error = client.callback(&mut login, &format!("?{kind}&state={state}{wrong}")).step(NOW).expect_err("another");
            assert_eq!((error.kind(), login.is_taken()), (Kind::Untrusted, false), "{kind}{wrong}");
        }
    }
    request(&mut client.callback(&mut login, &format!("?code=c&state={state}&iss=https%3A%2F%2Fas.example")));
    let client = provider("optional");
    let (mut login, state) = begun(&client);
    client.callback(&mut login, &format!("?code=c&state={state}&iss=https://evil.example")).step(NOW).expect_err("another");
    request(&mut client.callback(&mut login, &format!("?code=c&state={state}")));
}

#[test]
fn rfc_9700_4_4_a_login_of_one_server_is_never_ended_at_another() {
    let other = r#"{"version":1,"name":"evil","base":"https://evil.example","issuer":"https://evil.example","token":{"url":"/token"},
        "authorize":{"url":"/authorize"}}"#;
    let other = Client::new(Provider::from_json(other).expect("a record"), "app").secret(SECRET);
    let client = client();
    let (mut login, state) = begun(&client);
    let namesake = Client::new(client.provider().clone(), "another-app").secret(SECRET);
    for stranger in [other, namesake] {
        let error = stranger.callback(&mut login, &format!("?code=c&state={state}")).step(NOW).expect_err("another's");
        assert_eq!((error.kind(), login.is_taken()), (Kind::Usage, false));
    }
    assert_eq!(request(&mut client.callback(&mut login, &format!("?code=c&state={state}"))).url(), "https://as.example/token");
}

#[test]
fn rfc_9700_2_1_2_no_token_is_taken_from_the_front_channel_unless_it_was_asked_for() {
    let client = client();
    let (mut login, state) = begun(&client);
    assert_eq!(value(&query(login.url()), "response_type"), Some("code"));
    let front = "access_token=stolen&token_type=Bearer&id_token=e30.e30.c2ln";
    for callback in [format!("{BACK}&state={state}&{front}"), format!("{BACK}&state={state}#{front}&state={state}")] {
        let mut login = Login::restore(login.saved().expect("open").expose()).expect("kept");
        let error = client.callback(&mut login, &callback).step(NOW).expect_err("no code");
        assert_eq!(error.kind(), Kind::Usage, "{error}");
    }
    let mut exchange = client.callback(&mut login, &format!("{BACK}&code=c&state={state}&{front}"));
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))));
    exchange.receive(Ok(crate::peer::answer(200, GOOD)));
    let Ok(Step::Done(token)) = exchange.step(NOW) else { panic!("a token") };
    assert_eq!(token.access_token(), "at-1", "the one of the token endpoint");
}

#[test]
fn rfc_9110_17_5_a_callback_is_bounded() {
    let client = client();
    let (mut login, state) = begun(&client);
    let callback = format!("?state={state}&code={}", "c".repeat(16 * 1024));
    let error = client.callback(&mut login, &callback).step(NOW).expect_err("too long");
    assert_eq!((error.kind(), login.is_taken()), (Kind::Untrusted, false));
}

#[test]
fn cve_2025_6514_no_address_of_a_device_login_is_a_command() {
    for uri in [
        "$(calc).exe",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://as.example/d",
        "https://as.example/d|calc",
        "a b",
        "-x",
    ] {
        for name in ["verification_uri", "verification_uri_complete"] {
            let mut body = serde_json::json!({"device_code": "d", "user_code": "U", "verification_uri": "https://as.example/d", "expires_in": 60});
            body[name] = uri.into();
            let error = ended(client().device([("scope", "read")]), 200, body.to_string()).expect_err(uri);
            assert_eq!(error.kind(), Kind::Garbled, "{name} {uri}");
        }
    }
}

#[test]
fn cve_2025_6514_no_authorization_endpoint_is_a_command() {
    for url in [
        "https://as.example/$(calc).exe?a=b|c",
        "https://as.example/\"&calc",
        "https://as.example/a\\b",
        "https://as.example/{a}",
        "file:///bin/sh",
        "https://as.example/ x",
    ] {
        let record = serde_json::json!({"version": 1, "name": "example", "token": {"url": "https://as.example/t"}, "authorize": {"url": url}});
        let client = Client::new(Provider::from_json(&record.to_string()).expect("checked where it is filled"), "app");
        assert_eq!(client.authorize(Authorize::new(BACK), NOW, &Counted::default()).expect_err(url).kind(), Kind::Usage);
    }
}
