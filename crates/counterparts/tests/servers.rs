//! Can the servers do what the README says of them?
//!
//! Nothing of our client is in here: what it cannot do yet, these tests ask by hand, so that whoever teaches it finds a counterpart that works.

use std::{thread::sleep, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use counterparts::{Counterpart, Kind, Registered};
use serde_json::{Value, json};

fn oidc() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn authlib() -> &'static Counterpart {
    Counterpart::authlib()
}

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Posts a form, with that client's credentials in it, and reads the JSON that comes.
fn asked(server: &Counterpart, client: &Registered, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("client_id", &client.id);
    if let Some(secret) = &client.secret {
        body.append_pair("client_secret", secret);
    }
    body.extend_pairs(form);
    posted(server, path, "application/x-www-form-urlencoded", &body.finish())
}

fn posted(server: &Counterpart, path: &str, content_type: &str, body: &str) -> (u16, Value) {
    let url = format!("{}{path}", server.issuer());
    let (status, text) = server.browser().post(&url, content_type, body).expect("an answer");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap_or_else(|| panic!("no {member} in {answer}"))
}

/// An authorization request of the client `name`, by its own parameters.
fn authorization(name: &str, more: &[(&str, &str)]) -> String {
    let client = oidc().client(name);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &client.id).extend_pairs(more);
    format!("{}/auth?{}", oidc().issuer(), query.finish())
}

/// The parameters of an ordinary one.
fn ordinary(name: &str) -> Vec<(&'static str, &str)> {
    vec![("response_type", "code"), ("redirect_uri", oidc().client(name).redirect_uri()), ("scope", "openid"), ("state", "s")]
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split(['?', '#']).nth(1)?;
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn device(server: &Counterpart, name: &str, path: &str) -> (String, String) {
    let (status, answer) = asked(server, server.client(name), path, &[("scope", "read")]);
    assert_eq!(status, 200, "{answer}");
    (text(&answer, "device_code").to_owned(), text(&answer, "verification_uri_complete").to_owned())
}

fn polled(server: &Counterpart, name: &str, code: &str) -> (u16, Value) {
    asked(server, server.client(name), "/token", &[("grant_type", DEVICE), ("device_code", code)])
}

#[test]
fn a_device_waits_until_its_user_allows_it() {
    for (server, name, path) in [(oidc(), "public", "/device/auth"), (authlib(), "public", "/device_authorization")] {
        let (code, page) = device(server, name, path);
        assert_eq!(polled(server, name, &code).1["error"], "authorization_pending");
        server.browser().approve_device(&page, "alice").expect("the user allows it");
        let (status, answer) = polled(server, name, &code);
        assert_eq!((status, answer["access_token"].is_string()), (200, true), "{answer}");
    }
}

#[test]
fn a_device_is_told_that_its_user_refused() {
    for (server, path) in [(oidc(), "/device/auth"), (authlib(), "/device_authorization")] {
        let (code, page) = device(server, "public", path);
        server.browser().deny_device(&page).expect("the user refuses");
        let (status, answer) = polled(server, "public", &code);
        assert_eq!((status, &answer["error"]), (400, &json!("access_denied")), "{answer}");
    }
}

#[test]
fn authlib_asks_a_hasty_device_to_slow_down() {
    let (code, _) = device(authlib(), "public", "/device_authorization");
    assert_eq!(polled(authlib(), "public", &code).1["error"], "authorization_pending");
    // Its interval is a second, in which a busy machine may do less than this.
    let hasty = (0..10).any(|_| polled(authlib(), "public", &code).1["error"] == "slow_down");
    assert!(hasty, "ten polls without a pause");
}

#[test]
fn a_device_code_expires_and_each_server_has_its_word_for_it() {
    let (one, _) = device(oidc(), "hasty", "/device/auth");
    let (other, _) = device(authlib(), "hasty", "/device_authorization");
    sleep(Duration::from_millis(2200));
    // It has forgotten the code by then, where RFC 8628 section 3.5 has expired_token.
    assert_eq!(polled(oidc(), "hasty", &one).1["error"], "invalid_grant");
    assert_eq!(polled(authlib(), "hasty", &other).1["error"], "expired_token");
}

#[test]
fn oidc_provider_takes_pushed_requests() {
    let client = oidc().client("par");
    let error = oidc().browser().sign_in(&authorization("par", &ordinary("par")), "alice").expect("an error at the client");
    assert_eq!(parameter(&error, "error").as_deref(), Some("invalid_request"), "it must push: {error}");

    let (status, answer) = asked(oidc(), client, "/request", &ordinary("par"));
    assert_eq!(status, 201, "{answer}");
    let pushed = authorization("par", &[("request_uri", text(&answer, "request_uri"))]);
    let callback = oidc().browser().sign_in(&pushed, "alice").expect("the user comes back");
    assert!(parameter(&callback, "code").is_some());
}

#[test]
fn oidc_provider_signs_its_answers_and_posts_them() {
    let mut query = ordinary("jarm");
    query.push(("response_mode", "jwt"));
    let callback = oidc().browser().sign_in(&authorization("jarm", &query), "alice").expect("the user comes back");
    assert_eq!(parameter(&callback, "response").expect("JARM").split('.').count(), 3);

    let mut query = ordinary("basic");
    query.push(("response_mode", "form_post"));
    let posted = oidc().browser().sign_in(&authorization("basic", &query), "alice").expect("the user comes back");
    assert!(posted.starts_with("code=") && posted.contains("&state=s&iss="), "what the browser would post");
}

#[test]
fn oidc_provider_asks_a_user_at_another_device() {
    let client = oidc().client("basic");
    let started = |user| asked(oidc(), client, "/backchannel", &[("scope", "openid"), ("login_hint", user)]);
    let poll =
        |id: &str| asked(oidc(), client, "/token", &[("grant_type", "urn:openid:params:grant-type:ciba"), ("auth_req_id", id)]);
    let decided = |user| {
        let (status, answer) = started(user);
        assert_eq!(status, 200, "{answer}");
        let id = text(&answer, "auth_req_id");
        let mut answers = (0..100).map(|_| {
            sleep(Duration::from_millis(100));
            poll(id).1
        });
        answers.find(|answer| answer["error"] != "authorization_pending").expect("an answer within ten seconds")
    };
    assert!(decided("alice")["id_token"].is_string());
    assert_eq!(decided("refuser")["error"], "access_denied");
}

#[test]
fn oidc_provider_issues_tokens_for_an_api_that_was_named() {
    let token = |resource| {
        asked(
            oidc(),
            oidc().client("basic"),
            "/token",
            &[("grant_type", "client_credentials"), ("scope", "read"), ("resource", resource)],
        )
    };
    let (_, jwt) = token("https://api.example/jwt");
    assert_eq!(text(&jwt, "access_token").split('.').count(), 3);
    let (_, opaque) = token("https://api.example/opaque");
    assert_eq!(text(&opaque, "access_token").split('.').count(), 1);
    assert_eq!(token("https://api.example/none").1["error"], "invalid_target");
}

#[test]
fn tokens_are_introspected_and_revoked() {
    for (server, name, prefix) in [(oidc(), "basic", "/token/introspection"), (authlib(), "plain", "/introspect")] {
        let client = server.client(name);
        let (_, token) = asked(server, client, "/token", &[("grant_type", "client_credentials")]);
        let form = [("token", text(&token, "access_token"))];
        assert_eq!(asked(server, client, prefix, &form).1["active"], true);
        let revocation = if prefix == "/introspect" { "/revoke" } else { "/token/revocation" };
        assert_eq!(asked(server, client, revocation, &form).0, 200);
        assert_eq!(asked(server, client, prefix, &form).1["active"], false);
        assert_eq!(asked(server, client, revocation, &form).0, 200, "RFC 7009 section 2.2: also a dead one");
    }
}

#[test]
fn clients_register_themselves() {
    let metadata =
        json!({ "redirect_uris": ["https://client.example/callback"], "grant_types": ["authorization_code"] }).to_string();
    for (server, path) in [(oidc(), "/reg"), (authlib(), "/register")] {
        let (status, client) = posted(server, path, "application/json", &metadata);
        assert_eq!(status, 201, "{client}");
        assert!(!text(&client, "client_id").is_empty());
    }
    let (_, client) = posted(oidc(), "/reg", "application/json", &metadata);
    assert!(text(&client, "registration_client_uri").starts_with(oidc().issuer()));
    let (status, error) = posted(oidc(), "/reg", "application/json", r#"{"redirect_uris":["nowhere"]}"#);
    assert_eq!((status, &error["error"]), (400, &json!("invalid_redirect_uri")));
}

#[test]
fn oidc_provider_logs_out() {
    let mut browser = oidc().browser();
    let callback = browser.sign_in(&authorization("basic", &ordinary("basic")), "alice").expect("the user comes back");
    let code = parameter(&callback, "code").expect("a code");
    let client = oidc().client("basic");
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", client.redirect_uri())];
    let (_, token) = asked(oidc(), client, "/token", &form);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("id_token_hint", text(&token, "id_token"));
    query.append_pair("post_logout_redirect_uri", "https://client.example/logged-out").append_pair("state", "bye");
    let end = browser.sign_out(&format!("{}/session/end?{}", oidc().issuer(), query.finish())).expect("the user comes back");
    assert_eq!(end, "https://client.example/logged-out?state=bye");
}

#[test]
fn oidc_provider_says_how_its_users_logged_in() {
    let client = oidc().client("post");
    for (user, asked_for, acr) in [("alice", "silver gold", "silver"), ("weak", "silver gold", "bronze")] {
        let more = [ordinary("post"), vec![("acr_values", asked_for), ("max_age", "60")]].concat();
        let callback = oidc().browser().sign_in(&authorization("post", &more), user).expect("the user comes back");
        let code = parameter(&callback, "code").expect("a code");
        let form = [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", client.redirect_uri())];
        let (_, answer) = asked(oidc(), client, "/token", &form);
        let payload = text(&answer, "id_token").split('.').nth(1).expect("claims").to_owned();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON");
        assert!(claims["acr"] == acr && claims["auth_time"].is_i64(), "{claims}");
    }
    let must = json!({ "id_token": { "acr": { "essential": true, "values": ["gold"] } } }).to_string();
    let more = [ordinary("post"), vec![("claims", &*must)]].concat();
    let callback = oidc().browser().sign_in(&authorization("post", &more), "weak").expect("the user comes back");
    assert_eq!(parameter(&callback, "error").as_deref(), Some("unmet_authentication_requirements"));
}

#[test]
fn oidc_provider_has_an_issuer_below_a_path_and_a_strict_one() {
    let read = |url: String| -> Value { serde_json::from_str(&oidc().browser().read(&url).expect("metadata")).expect("JSON") };
    let (root, path) = (oidc().issuer(), oidc().told("/issuers/path"));
    let below = path.strip_prefix(root).expect("below the root");
    // RFC 8414 section 3.1 puts the well-known path before the issuer's own, OpenID Connect Discovery section 4 behind it.
    for url in
        [format!("{root}/.well-known/oauth-authorization-server{below}"), format!("{path}/.well-known/openid-configuration")]
    {
        let metadata = read(url);
        assert_eq!((&metadata["issuer"], &metadata["token_endpoint"]), (&json!(path), &json!(format!("{path}/token"))));
    }
    let strict = read(format!("{}/.well-known/openid-configuration", oidc().told("/issuers/fapi")));
    assert_eq!(strict["issuer"], oidc().told("/issuers/fapi"));
}

#[test]
fn authlib_exchanges_tokens() {
    let client = authlib().client("plain");
    let (_, token) = asked(authlib(), client, "/token", &[("grant_type", "client_credentials")]);
    let (grant, kind) = ("urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:token-type:access_token");
    let form = [("grant_type", grant), ("subject_token_type", kind), ("subject_token", text(&token, "access_token"))];
    let (status, answer) = asked(authlib(), client, "/token", &form);
    assert_eq!((status, &answer["issued_token_type"]), (200, &json!(kind)), "{answer}");
    let (status, answer) = asked(authlib(), client, "/token", &[form[0], form[1], ("subject_token", "dead")]);
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")), "{answer}");
}

#[test]
fn a_server_ends_with_the_test_that_started_it() {
    let server = Counterpart::start(Kind::Oauth2Server).expect("a server");
    let origin = server.issuer().to_owned();
    let browser = server.browser();
    assert!(browser.post(&format!("{origin}/token"), "text/plain", "").is_ok());
    drop(server);
    let error = browser.post(&format!("{origin}/token"), "text/plain", "").expect_err("nobody is there");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[test]
fn oidc_provider_signs_with_new_keys_and_shows_the_old_ones_too() {
    let server = Counterpart::start(Kind::OidcProvider).unwrap_or_else(|error| panic!("{error}"));
    let names = || -> Vec<String> {
        let url = format!("{}/jwks", server.issuer());
        let keys: Value = serde_json::from_str(&server.browser().read(&url).expect("keys")).expect("JSON");
        keys["keys"].as_array().expect("a list").iter().map(|key| text(key, "kid").to_owned()).collect()
    };
    let before = names();
    server.rotate_keys();
    let after = names();
    assert_eq!((before.len(), after.len()), (4, 8));
    assert!(!before.contains(&after[0]) && before.iter().all(|old| after.contains(old)), "{before:?} {after:?}");
}
