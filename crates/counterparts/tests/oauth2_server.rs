//! What does the plainest server of the Node world say to our client?

use std::{thread::sleep, time::Duration};

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Call, Client, ClientAuth, Grant, Kind, Login, Provider, Token};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::oauth2_server()
}

fn agent() -> &'static Agent {
    server().agent()
}

/// It reads Basic as it stands.
fn provider() -> Provider {
    let record = json!({
        "version": 1,
        "name": "oauth2-server",
        "base": server().issuer(),
        "token": { "url": "/token", "auth": "basic_raw" },
        "authorize": { "url": "/authorize" },
    });
    Provider::from_json(&record.to_string()).expect("a good record")
}

fn client(name: &str) -> Client {
    server().client(name).of(provider())
}

fn alice() -> Grant {
    Grant::password("alice", server().told("/users/alice")).scope("read")
}

fn begin(client: &Client) -> Login {
    let authorize = Authorize::new(server().client("plain").redirect_uri()).scope("read write");
    client.authorize(authorize, now(), &OsRandom).expect("a login")
}

fn called(client: &Client, token: &Token) -> serde_json::Value {
    agent().run(client.call(token, Call::get("/api"))).expect("an answer").answer.json().expect("JSON")
}

#[test]
fn rfc_6749_4_3_a_password_gives_a_token_and_what_the_server_adds_to_it() {
    let client = client("plain");
    let token = agent().run(client.token(alice())).expect("a token");
    assert_eq!((token.token_type(), token.scope()), (Some("Bearer"), Some("read")));
    assert!(token.refresh_token().is_some() && token.deviations().is_empty(), "{:?}", token.deviations());
    assert_eq!(token.field("/account/name"), Some(json!("alice")));
    assert_eq!(token.field("/account/plan"), Some(json!("")), "what is empty is kept");
    assert_eq!(called(&client, &token), json!({ "user": "alice", "scope": ["read"] }));
}

#[test]
fn rfc_6749_4_3_2_a_name_and_password_beyond_ascii_arrive() {
    let client = client("plain");
    let token = agent().run(client.token(Grant::password("zoë", server().told("/users/zoë")))).expect("a token");
    assert_eq!(called(&client, &token)["user"], "zoë");
}

#[test]
fn rfc_6749_5_2_a_wrong_password_is_an_invalid_grant() {
    let error = agent().run(client("plain").token(Grant::password("alice", "not-hers"))).expect_err("refused");
    assert_refused(&error, "invalid_grant", 400);
    assert!(!format!("{error} {error:?}").contains("not-hers"));
}

#[test]
fn basic_raw_is_what_a_server_wants_that_decodes_nothing() {
    let awkward = client("awkward id+%41");
    agent().run(awkward.token(Grant::client_credentials())).expect("as it stands");
    let error = agent().run(awkward.auth(ClientAuth::Basic).token(Grant::client_credentials())).expect_err("as the RFC wants it");
    assert_refused(&error, "invalid_client", 401);
}

#[test]
fn rfc_6749_2_3_1_a_client_authenticates_in_the_body() {
    for name in ["plain", "awkward id+%41"] {
        agent().run(client(name).auth(ClientAuth::Post).token(Grant::client_credentials())).expect("a token");
    }
}

#[test]
fn rfc_6749_5_2_a_wrong_secret_is_an_invalid_client_whatever_the_status() {
    let grant = Grant::client_credentials;
    let wrong = client("plain").secret("wrong");
    assert_refused(&agent().run(wrong.token(grant())).expect_err("by header"), "invalid_client", 401);
    let error = agent().run(wrong.auth(ClientAuth::Post).token(grant())).expect_err("in the body");
    assert_refused(&error, "invalid_client", 400);
}

#[test]
fn rfc_6749_5_2_the_other_refusals_keep_their_standard_code() {
    let narrow = agent().run(client("narrow").token(alice())).expect_err("not its grant");
    assert_refused(&narrow, "unauthorized_client", 400);
    let scope = agent().run(client("plain").token(Grant::client_credentials().scope("never"))).expect_err("no such scope");
    assert_refused(&scope, "invalid_scope", 400);
    let code = Grant::authorization_code("none", server().client("plain").redirect_uri());
    assert_refused(&agent().run(client("plain").token(code)).expect_err("no such code"), "invalid_grant", 400);
}

#[test]
fn rfc_7636_4_6_a_login_with_pkce_ends_with_a_token() {
    for (name, auth) in [("plain", ClientAuth::BasicRaw), ("public", ClientAuth::None)] {
        let client = client(name).auth(auth);
        let mut login = begin(&client);
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
        assert_eq!(token.scope(), Some("read write"), "{name}");
        let renewed = agent().run(client.refresh(&token)).expect("a renewed token");
        assert_eq!(called(&client, &renewed)["user"], "alice");
    }
}

#[test]
fn rfc_6749_4_1_2_a_code_works_once() {
    let client = client("plain");
    let mut login = begin(&client);
    let saved = login.saved().expect("a login to keep");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token");
    let mut again = Login::restore(saved.expose()).expect("the same login");
    let error = agent().run(client.callback(&mut again, &callback)).expect_err("a used code");
    assert_refused(&error, "invalid_grant", 400);
}

#[test]
fn rfc_6749_4_1_2_1_a_user_who_refuses_is_an_access_denied() {
    let client = client("plain");
    let mut login = begin(&client);
    let callback = server().browser().refuse(login.url()).expect("the user comes back");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("refused");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("access_denied")), "{error}");
}

#[test]
fn rfc_9207_2_4_a_provider_whose_record_promises_an_iss_must_name_one() {
    let record = json!({
        "version": 1,
        "name": "oauth2-server",
        "base": server().issuer(),
        "issuer": server().issuer(),
        "token": { "url": "/token", "auth": "basic_raw" },
        "authorize": { "url": "/authorize", "iss": "required" },
    });
    let client = server().client("plain").of(Provider::from_json(&record.to_string()).expect("a good record"));
    let mut login = begin(&client);
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("no iss");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}

#[test]
fn rfc_6749_6_a_rotated_refresh_token_is_refused_the_second_time() {
    let client = client("plain");
    let token = agent().run(client.token(alice())).expect("a token");
    let renewed = agent().run(client.refresh(&token)).expect("a renewed token");
    assert_ne!(renewed.refresh_token(), token.refresh_token());
    assert_refused(&agent().run(client.refresh(&token)).expect_err("used up"), "invalid_grant", 400);
    agent().run(client.refresh(&renewed)).expect("this server lets the family live");
}

#[test]
fn rfc_6750_3_1_a_dead_access_token_is_renewed_once_and_the_call_repeated() {
    let client = client("hasty");
    let token = agent().run(client.token(alice())).expect("a token");
    sleep(Duration::from_millis(2200));
    let reply = agent().run(client.call(&token, Call::get("/api"))).expect("a call with a new token");
    assert_eq!(reply.answer.status(), 200);
    assert_ne!(reply.renewed.expect("it was renewed on the way").access_token(), token.access_token());
}

#[test]
fn a_json_body_is_not_what_this_server_reads() {
    let error = agent().run(client("plain").body(oauth_core::BodyFormat::Json).token(alice())).expect_err("refused");
    assert_refused(&error, "invalid_request", 400);
}
