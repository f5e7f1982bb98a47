//! What do servers that others wrote put into a URL's fragment?

use std::sync::Arc;

use counterparts::Counterpart;
use oauth_core::{Authorize, Call, Client, Kind, Login, Provider};
use oauth_keys::ServerKeys;
use oauth_ureq::{OsRandom, now};
use serde_json::{Value, json};

const BACK: &str = "https://client.example/callback";

fn provider(server: &Counterpart, auth: &str, authorize: &str, iss: &str) -> Provider {
    let record = json!({
        "version": 1,
        "name": "legacy",
        "base": server.issuer(),
        "issuer": server.issuer(),
        "token": { "url": "/token", "auth": auth },
        "authorize": { "url": authorize, "iss": iss },
        "endpoints": { "jwks": "/jwks", "userinfo": "/me" },
    });
    Provider::from_json(&record.to_string()).expect("a good record")
}

fn implicit() -> (&'static Counterpart, Client) {
    let server = Counterpart::authlib();
    (server, server.client("implicit").of(provider(server, "none", "/authorize", "required")))
}

/// A client that registers itself, as none of those that the server knows is so old-fashioned. Its record promises no `iss`: this server
/// leaves it out where an ID token comes along, which holds one too (RFC 9207 §2).
fn hybrid() -> (&'static Counterpart, Client) {
    hybrid_at(Counterpart::oidc_provider())
}

fn hybrid_at(server: &Counterpart) -> (&Counterpart, Client) {
    let metadata = json!({
        "redirect_uris": [BACK],
        "response_types": ["code id_token", "code token", "code id_token token", "id_token token"],
        "grant_types": ["authorization_code", "implicit"],
    });
    let registered = server.browser().post(&format!("{}/reg", server.issuer()), "application/json", &metadata.to_string());
    let registered: Value = serde_json::from_str(&registered.expect("an answer").1).expect("JSON");
    let text = |name: &str| registered[name].as_str().unwrap_or_else(|| panic!("{registered}")).to_owned();
    (server, Client::new(provider(server, "basic", "/auth", "optional"), &text("client_id")).secret(text("client_secret")))
}

fn begun(client: &Client, response_type: &str, scope: &str) -> Login {
    let authorize = Authorize::new(BACK).scope(scope).response_type(response_type).parameter("nonce", "n-0S6_WzA2Mj");
    client.authorize(authorize, now(), &OsRandom).expect("a login")
}

#[test]
fn rfc_6749_4_2_authlib_puts_a_token_into_the_fragment() {
    let (server, client) = implicit();
    let mut login = begun(&client, "token", "read");
    let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    assert!(back.contains("#access_token=") || back.contains("&access_token="), "it is a fragment");
    let token = server.agent().run(client.callback(&mut login, &back)).expect("a token");
    let who: Value = server.agent().run(client.call(&token, Call::get("/api"))).expect("an answer").answer.json().expect("JSON");
    assert_eq!(who, json!({ "user": "alice", "scope": "read" }));
    assert!(token.expires_at().is_some() && token.deviations().is_empty() && token.refresh_token().is_none());
}

#[test]
fn rfc_6749_4_2_2_1_a_users_no_comes_in_the_fragment() {
    for ((server, client), response_type, scope) in [(implicit(), "token", "read"), (hybrid(), "code id_token", "openid")] {
        let mut login = begun(&client, response_type, scope);
        let back = server.browser().refuse(login.url()).expect("the user comes back");
        let error = server.agent().run(client.callback(&mut login, &back)).expect_err("refused");
        assert_eq!((error.standard_code(), error.status()), (Some("access_denied"), None), "{error}");
    }
}

#[test]
fn oidc_core_3_3_of_a_hybrid_answer_the_code_is_exchanged() {
    let (server, client) = hybrid();
    let mut login = begun(&client, "code id_token", "openid email");
    let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    assert!(back.contains('#') && back.contains("id_token="), "it is a fragment");
    let token = server.agent().run(client.callback(&mut login, &back)).expect("a token");
    assert!(token.field("/id_token").is_some() && token.scope() == Some("openid email"));
    // The code works once, and the login too.
    let again = server.agent().run(client.callback(&mut login, &back)).expect_err("taken");
    assert_eq!(again.kind(), oauth_core::Kind::Expired, "{again}");
}

#[test]
fn oidc_core_3_3_2_8_of_each_hybrid_answer_the_id_token_is_checked_before_the_code_is_sent() {
    let (server, client) = hybrid();
    let client = client.verifier(Arc::new(ServerKeys::new()));
    for response_type in ["code id_token", "code token", "code id_token token"] {
        let mut login = begun(&client, response_type, "openid email");
        let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
        assert_eq!(back.contains("id_token="), response_type.contains("id_token"), "{response_type}");
        assert_eq!(back.contains("access_token="), response_type.ends_with(" token"), "{response_type}");
        let token =
            server.agent().run(client.callback(&mut login, &back)).unwrap_or_else(|error| panic!("{response_type}: {error}"));
        let user = server.agent().run(client.userinfo(&token)).unwrap_or_else(|error| panic!("{response_type}: {error}"));
        assert_eq!(user.text("/sub").as_deref(), Some("alice"), "{response_type}");
    }
}

#[test]
fn oidc_core_3_3_2_10_a_code_that_was_exchanged_on_the_way_is_never_sent() {
    let server = Counterpart::start(counterparts::Kind::OidcProvider).expect("a server of its own");
    let (_, client) = hybrid_at(&server);
    let client = client.verifier(Arc::new(ServerKeys::new()));
    let came = |login: &Login, user: &str| server.browser().sign_in(login.url(), user).expect("the user comes back");
    let code = |back: &str| back.split(['#', '&']).find(|pair| pair.starts_with("code=")).expect("a code").to_owned();
    let (mut ours, theirs) = (begun(&client, "code id_token", "openid"), begun(&client, "code id_token", "openid"));
    let (back, other) = (came(&ours, "alice"), code(&came(&theirs, "bob")));
    let forged = back.replace(&code(&back), &other);
    let error = server.agent().run(client.callback(&mut ours, &forged)).expect_err("another's code");
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("c_hash"), "{error}");
    assert_eq!(server.count("POST", "/token"), 0, "it was never sent");
}

#[test]
fn oidc_core_3_2_2_10_of_an_implicit_answer_the_access_token_belongs_to_the_id_token() {
    let (server, client) = hybrid();
    let client = client.verifier(Arc::new(ServerKeys::new()));
    let mut login = begun(&client, "id_token token", "openid");
    let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = server.agent().run(client.callback(&mut login, &back)).expect("a token");
    assert_eq!(server.agent().run(client.userinfo(&token)).expect("a user").text("/sub").as_deref(), Some("alice"));
    let mut login = begun(&client, "id_token token", "openid");
    let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    let forged = back.replace("access_token=", "access_token=x");
    let error = server.agent().run(client.callback(&mut login, &forged)).expect_err("another token");
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("at_hash"), "{error}");
}

#[test]
fn oidc_core_3_3_a_type_that_the_server_does_not_serve_is_refused() {
    let (server, client) = hybrid();
    let mut login = begun(&client, "token", "openid");
    let back = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    let error = server.agent().run(client.callback(&mut login, &back)).expect_err("refused");
    assert_eq!(error.standard_code(), Some("unsupported_response_type"), "{error}");
}
