//! What does the best-known server of the Python world say to our client?

use std::{thread::sleep, time::Duration};

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Call, Client, ClientAuth, Grant, Kind, Login, Provider, Token};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::authlib()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn provider() -> Provider {
    let record = json!({
        "version": 1,
        "name": "authlib",
        "base": server().issuer(),
        "issuer": server().issuer(),
        "token": { "url": "/token" },
        "authorize": { "url": "/authorize", "iss": "required" },
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
fn rfc_6749_2_3_1_what_we_encode_is_read_by_a_server_that_knows_percent_alone() {
    let awkward = client("awkward id+%41");
    agent().run(awkward.token(Grant::client_credentials())).expect("a blank is %20 and never +");
    let error = agent().run(awkward.auth(ClientAuth::BasicRaw).token(Grant::client_credentials())).expect_err("another secret");
    assert_refused(&error, "invalid_client", 401);
}

#[test]
fn rfc_6749_2_3_1_a_client_authenticates_in_the_body() {
    for name in ["plain", "awkward id+%41"] {
        agent().run(client(name).auth(ClientAuth::Post).token(Grant::client_credentials())).expect("a token");
    }
}

#[test]
fn rfc_6749_5_2_a_wrong_secret_is_an_invalid_client() {
    for auth in [ClientAuth::Basic, ClientAuth::Post] {
        let wrong = client("plain").auth(auth).secret("wrong");
        assert_refused(&agent().run(wrong.token(Grant::client_credentials())).expect_err("refused"), "invalid_client", 401);
    }
}

#[test]
fn rfc_6749_5_2_an_unknown_client_is_an_invalid_client_whatever_the_status() {
    let nobody = Client::new(provider(), "nobody").secret("s");
    let grant = Grant::client_credentials;
    assert_refused(&agent().run(nobody.token(grant())).expect_err("by header"), "invalid_client", 401);
    let error = agent().run(nobody.auth(ClientAuth::Post).token(grant())).expect_err("in the body");
    assert_refused(&error, "invalid_client", 400);
}

#[test]
fn rfc_6749_4_3_a_password_gives_a_token() {
    let client = client("plain");
    let token = agent().run(client.token(alice())).expect("a token");
    assert!(token.refresh_token().is_some() && token.deviations().is_empty(), "{:?}", token.deviations());
    assert_eq!(called(&client, &token), json!({ "user": "alice", "scope": "read" }));
    let zoe = agent().run(client.token(Grant::password("zoë", server().told("/users/zoë")))).expect("a token");
    assert_eq!(called(&client, &zoe)["user"], "zoë");
}

#[test]
fn a_wrong_password_is_refused_for_good_whatever_word_the_server_has_for_it() {
    // RFC 6749 §5.2 has invalid_grant for this.
    let error = agent().run(client("plain").token(Grant::password("alice", "not-hers"))).expect_err("refused");
    assert_refused(&error, "invalid_request", 400);
    assert_eq!(error.description(), Some("Invalid 'username' or 'password' in request."));
}

#[test]
fn a_provider_record_gives_a_servers_word_its_standard_meaning() {
    let record = json!({
        "version": 1,
        "name": "authlib",
        "base": server().issuer(),
        "token": { "url": "/token", "error_codes": { "invalid_request": "invalid_grant" } },
    });
    let client = server().client("plain").of(Provider::from_json(&record.to_string()).expect("a good record"));
    let error = agent().run(client.token(Grant::password("alice", "not-hers"))).expect_err("refused");
    assert_eq!((error.code(), error.standard_code()), (Some("invalid_request"), Some("invalid_grant")));
}

#[test]
fn rfc_6749_5_1_a_server_that_cuts_every_scope_and_says_nothing_is_believed() {
    // "OPTIONAL, if identical to the scope requested by the client": left out is a promise, here a broken one.
    let token = agent().run(client("plain").token(Grant::client_credentials().scope("never"))).expect("a token");
    assert_eq!(token.field("/scope"), None);
    assert_eq!((token.scope(), token.is_scope_narrower()), (Some("never"), false));
}

#[test]
fn rfc_6749_5_2_the_other_refusals_keep_their_standard_code() {
    let narrow = agent().run(client("narrow").token(alice())).expect_err("not its grant");
    assert_refused(&narrow, "unauthorized_client", 400);
    let code = Grant::authorization_code("none", server().client("plain").redirect_uri());
    assert_refused(&agent().run(client("plain").token(code)).expect_err("no such code"), "invalid_grant", 400);
    let error = agent().run(client("plain").token(Grant::refresh_token("none"))).expect_err("no such token");
    assert_refused(&error, "invalid_grant", 400);
    assert_eq!(error.description(), None);
}

#[test]
fn rfc_7636_4_6_a_login_with_pkce_ends_with_a_token() {
    for (name, auth) in [("plain", ClientAuth::Basic), ("public", ClientAuth::None)] {
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
fn rfc_9207_2_4_the_iss_of_a_real_callback_is_compared_also_where_it_is_an_error() {
    let client = client("plain");
    let mut login = begin(&client);
    let callback = server().browser().refuse(login.url()).expect("the user comes back");
    let forged = callback.replace("&iss=https%3A%2F%2Flocalhost", "&iss=https%3A%2F%2Felsewhere");
    assert_ne!(forged, callback);
    let error = agent().run(client.callback(&mut login, &forged)).expect_err("somebody else's");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("refused");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("access_denied")), "{error}");
}

#[test]
fn rfc_6749_4_1_2_a_code_works_once() {
    let client = client("plain");
    let mut login = begin(&client);
    let saved = login.saved().expect("a login to keep");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token");
    let mut again = Login::restore(saved.expose()).expect("the same login");
    assert_refused(&agent().run(client.callback(&mut again, &callback)).expect_err("a used code"), "invalid_grant", 400);
}

#[test]
fn rfc_9700_2_1_2_a_token_in_the_front_channel_is_no_answer_to_a_login() {
    let client = client("plain");
    let mut login = begin(&client);
    let state = login.url().split(['?', '&']).find(|pair| pair.starts_with("state=")).expect("a state").to_owned();
    let implicit = format!(
        "{}/authorize?response_type=token&client_id=implicit&redirect_uri=https%3A%2F%2Fclient.example%2Fcallback&{state}",
        server().issuer()
    );
    let callback = server().browser().sign_in(&implicit, "alice").expect("the user comes back");
    assert!(callback.contains("#") && callback.contains("access_token="), "a real implicit answer");
    // Its iss stands in the query, its state in the fragment with the token.
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("not what was asked for");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    assert!(!login.is_taken());
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
fn rfc_6750_3_1_a_403_for_its_scope_is_the_callers() {
    let client = client("plain");
    let token =
        agent().run(client.token(Grant::password("alice", server().told("/users/alice")).scope("write"))).expect("a token");
    let reply = agent().run(client.call(&token, Call::get("/api"))).expect("an answer");
    assert_eq!((reply.answer.status(), reply.renewed.is_none()), (403, true));
}
