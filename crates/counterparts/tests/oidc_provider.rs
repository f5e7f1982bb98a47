//! What does an OpenID-certified server say to our client?

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Call, Client, ClientAuth, Grant, Kind, Login, Provider, Token};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn provider_of(issuer: &str) -> Provider {
    let record = json!({
        "version": 1,
        "name": "oidc-provider",
        "base": issuer,
        "issuer": issuer,
        "token": { "url": "/token" },
        "authorize": { "url": "/auth", "iss": "required" },
        "api": { "base": issuer, "expired": [{ "status": [401] }] },
    });
    Provider::from_json(&record.to_string()).expect("a good record")
}

fn client(name: &str) -> Client {
    server().client(name).of(provider_of(server().issuer()))
}

fn begin(client: &Client, name: &str, scope: &str) -> Login {
    let authorize = Authorize::new(server().client(name).redirect_uri()).scope(scope);
    client.authorize(authorize, now(), &OsRandom).expect("a login")
}

/// The whole way: the user logs in, and the code is exchanged.
fn logged_in(name: &str) -> (Client, Token) {
    let client = client(name);
    let mut login = begin(&client, name, "openid email");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
    (client, token)
}

#[test]
fn rfc_6749_2_3_1_a_client_authenticates_by_basic() {
    let token = agent().run(client("basic").token(Grant::client_credentials().scope("read"))).expect("a token");
    assert_eq!((token.token_type(), token.scope()), (Some("Bearer"), Some("read")));
    assert!(token.deviations().is_empty(), "{:?}", token.deviations());
    let lifetime = token.expires_at().expect("an expiry") - token.received_at();
    assert_eq!(lifetime, 600_000);
}

#[test]
fn rfc_6749_2_3_1_every_awkward_character_of_an_id_and_secret_arrives() {
    agent().run(client("awkward id+%41").token(Grant::client_credentials())).expect("the server decodes what we encoded");
    // It reads its Basic as the RFC wants, so the credentials as they are mean something else to it.
    let raw = client("awkward id+%41").auth(ClientAuth::BasicRaw);
    let error = agent().run(raw.token(Grant::client_credentials())).expect_err("another id");
    assert_eq!(error.kind(), Kind::Refused, "{error}");
}

#[test]
fn rfc_6749_2_3_1_a_client_authenticates_in_the_body() {
    agent().run(client("post").auth(ClientAuth::Post).token(Grant::client_credentials())).expect("a token");
}

#[test]
fn rfc_6749_5_2_a_wrong_secret_is_an_invalid_client_with_401() {
    let secret = "wrong-secret-of-a-test";
    for (name, auth) in [("basic", ClientAuth::Basic), ("post", ClientAuth::Post)] {
        let wrong = client(name).auth(auth).secret(secret);
        let error = agent().run(wrong.token(Grant::client_credentials())).expect_err("refused");
        assert_refused(&error, "invalid_client", 401);
        assert!(!format!("{error} {error:?}").contains(secret));
    }
}

#[test]
fn rfc_6749_5_2_an_unknown_client_is_an_invalid_client() {
    let nobody = Client::new(provider_of(server().issuer()), "nobody").secret("s");
    assert_refused(&agent().run(nobody.token(Grant::client_credentials())).expect_err("refused"), "invalid_client", 401);
}

#[test]
fn a_client_that_may_not_use_a_grant_is_told_so_in_the_servers_own_choice_of_word() {
    let narrow = client("narrow");
    agent().run(narrow.token(Grant::client_credentials())).expect("what it may");
    // RFC 6749 §5.2 has unauthorized_client for this.
    let error = agent().run(narrow.token(Grant::refresh_token("x"))).expect_err("what it may not");
    assert_refused(&error, "invalid_request", 400);
}

#[test]
fn rfc_6749_3_3_a_scope_that_was_cut_without_a_word_is_seen() {
    let token = agent().run(client("basic").token(Grant::client_credentials().scope("read never"))).expect("a token");
    assert_eq!((token.scope(), token.requested_scope()), (Some("read"), Some("read never")));
    assert!(token.is_scope_narrower());
}

#[test]
fn rfc_7636_4_6_a_login_with_pkce_ends_with_a_token() {
    for name in ["basic", "public"] {
        let (client, auth) = (client(name), if name == "public" { ClientAuth::None } else { ClientAuth::Basic });
        let client = client.auth(auth);
        let mut login = begin(&client, name, "openid email");
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
        assert_eq!(token.scope(), Some("openid email"));
        assert!(token.refresh_token().is_some());
        let reply = agent().run(client.call(&token, Call::get("/me"))).expect("the user's claims");
        assert_eq!(reply.answer.json().expect("JSON")["sub"], "alice");
    }
}

#[test]
fn rfc_9207_2_4_the_iss_of_a_real_callback_is_compared() {
    let client = client("basic");
    let mut login = begin(&client, "basic", "openid");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    assert!(callback.contains("&iss=https%3A%2F%2Flocalhost%3A"), "the server promises an iss");

    let other = callback.replace("&iss=https%3A%2F%2Flocalhost", "&iss=https%3A%2F%2Flocalhosts");
    let error = agent().run(client.callback(&mut login, &other)).expect_err("somebody else's");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let (without, _) = callback.split_once("&iss=").expect("iss comes last");
    let error = agent().run(client.callback(&mut login, without)).expect_err("promised and absent");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");

    // The forgeries did not burn the login, and the code was sent to nobody.
    agent().run(client.callback(&mut login, &callback)).expect("the true one still works");
}

#[test]
fn rfc_9207_2_4_an_issuer_with_a_path_is_compared_whole() {
    let issuer = server().told("/issuers/path");
    let client = server().client("basic").of(provider_of(issuer));
    let mut login = begin(&client, "basic", "openid");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token of the issuer with a path");
}

#[test]
fn rfc_6749_4_1_2_1_a_user_who_refuses_is_an_access_denied() {
    let client = client("basic");
    let mut login = begin(&client, "basic", "openid");
    let callback = server().browser().refuse(login.url()).expect("the user comes back");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("refused");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("access_denied")), "{error}");
    assert_eq!(error.description(), Some("End-User aborted interaction"));
    assert!(login.is_taken());
}

#[test]
fn rfc_6749_4_1_2_a_code_works_once_and_a_second_time_kills_its_tokens() {
    let client = client("basic");
    let mut login = begin(&client, "basic", "openid");
    let saved = login.saved().expect("a login to keep");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent().run(client.callback(&mut login, &callback)).expect("a token");

    let mut again = Login::restore(saved.expose()).expect("the same login");
    assert_refused(&agent().run(client.callback(&mut again, &callback)).expect_err("a used code"), "invalid_grant", 400);
    let error = agent().run(client.refresh(&token)).expect_err("its family is dead");
    assert_refused(&error, "invalid_grant", 400);
}

#[test]
fn rfc_7636_4_6_another_logins_verifier_does_not_fit_a_code() {
    let client = client("basic");
    let mut browser = server().browser();
    let login = begin(&client, "basic", "openid");
    let other = begin(&client, "basic", "openid");
    let callback = browser.sign_in(login.url(), "alice").expect("the user comes back");
    // The state of the other login put into this callback: what a mix-up would do.
    let state = |url: &str| url.split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let mixed = callback.replace(&state(&callback), &state(other.url()));
    let mut other = other;
    assert_refused(&agent().run(client.callback(&mut other, &mixed)).expect_err("not its code"), "invalid_grant", 400);
}

#[test]
fn a_code_that_is_none_is_an_invalid_grant() {
    let grant = Grant::authorization_code("no-such-code", server().client("basic").redirect_uri());
    assert_refused(&agent().run(client("basic").token(grant)).expect_err("refused"), "invalid_grant", 400);
}

#[test]
fn rfc_6749_6_a_rotated_refresh_token_is_saved_before_it_is_used() {
    let (client, token) = logged_in("basic");
    let mut saved = Vec::new();
    let renewed = agent()
        .run_saving(client.refresh(&token), |token| {
            saved.push(token.refresh_token().map(|token| token.expose().to_owned()));
            Ok::<(), std::convert::Infallible>(())
        })
        .expect("a renewed token");
    assert_ne!(renewed.access_token(), token.access_token());
    assert_ne!(renewed.refresh_token(), token.refresh_token());
    assert_eq!(saved, [renewed.refresh_token().map(|token| token.expose().to_owned())]);
}

#[test]
fn rfc_9700_4_14_2_a_reused_refresh_token_is_refused_and_its_family_dies() {
    let (client, token) = logged_in("basic");
    let renewed = agent().run(client.refresh(&token)).expect("a renewed token");
    assert_refused(&agent().run(client.refresh(&token)).expect_err("used up"), "invalid_grant", 400);
    assert_refused(&agent().run(client.refresh(&renewed)).expect_err("its family is dead"), "invalid_grant", 400);
    let attempt = agent().run(client.attempt(&renewed, Call::get("/me"))).expect("an answer");
    assert!(attempt.died.is_some(), "the access token is dead too: {attempt:?}");
}

#[test]
fn rfc_6749_6_a_server_that_does_not_rotate_keeps_its_refresh_token() {
    let (client, token) = logged_in("lasting");
    let first = agent().run(client.refresh(&token)).expect("a renewed token");
    assert_eq!(first.refresh_token(), token.refresh_token());
    let second = agent().run(client.refresh(&first)).expect("once more");
    assert_eq!(second.refresh_token(), token.refresh_token());
}

#[test]
fn a_refresh_token_that_is_none_is_an_invalid_grant() {
    assert_refused(&agent().run(client("basic").token(Grant::refresh_token("none"))).expect_err("refused"), "invalid_grant", 400);
}

#[test]
fn rfc_6750_3_1_a_dead_access_token_is_renewed_once_and_the_call_repeated() {
    let (client, token) = logged_in("hasty");
    std::thread::sleep(std::time::Duration::from_millis(3200));
    let reply = agent().run(client.call(&token, Call::get("/me"))).expect("a call with a new token");
    assert_eq!(reply.answer.status(), 200);
    let renewed = reply.renewed.expect("the token was renewed on the way");
    assert_ne!(renewed.access_token(), token.access_token());
}

#[test]
fn rfc_6750_3_1_a_403_for_its_scope_is_the_callers() {
    let (client, token) = {
        let client = client("basic");
        let mut login = begin(&client, "basic", "read");
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
        (client, token)
    };
    let reply = agent().run(client.call(&token, Call::get("/me"))).expect("an answer");
    assert_eq!(reply.answer.status(), 403, "the token has no scope openid");
    assert!(reply.renewed.is_none(), "a new token would not help");
}

#[test]
fn rfc_6750_3_a_token_that_nobody_issued_is_dead_and_there_is_nothing_to_renew_it_by() {
    let client = client("basic");
    let mut exchange = client.token(Grant::client_credentials());
    exchange.step(now()).expect("a request");
    exchange.receive(Ok(oauth_core::Answer::new(200, vec![], br#"{"access_token":"forged","token_type":"Bearer"}"#.to_vec())));
    let oauth_core::Step::Done(token) = exchange.step(now()).expect("a token") else { panic!("a token") };
    let error = agent().run(client.call(&token, Call::get("/me"))).expect_err("a dead token");
    assert_eq!(error.kind(), Kind::Expired, "{error}");
}

#[test]
fn a_redirect_uri_that_the_client_did_not_register_is_shown_to_the_user_and_comes_to_no_client() {
    let client = client("basic");
    let login = client.authorize(Authorize::new("https://client.example/other"), now(), &OsRandom).expect("a login");
    let error = server().browser().sign_in(login.url(), "alice").expect_err("an error page");
    assert!(error.why.contains("redirect_uri"), "{error}");
}

#[test]
fn rfc_6749_10_9_a_client_without_the_servers_root_sends_nothing() {
    let error = Agent::new().run(client("basic").token(Grant::client_credentials())).expect_err("not trusted");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}
