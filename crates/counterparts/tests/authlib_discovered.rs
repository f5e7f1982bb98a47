//! Does a provider that was discovered at another maker's server work as well?

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Client, Grant, Kind, Provider};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::authlib()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn provider() -> Provider {
    agent().run(Provider::discover(server().issuer())).expect("a provider")
}

fn client(name: &str) -> Client {
    server().client(name).of(provider())
}

#[test]
fn rfc_8414_2_a_login_needs_nothing_but_the_issuer() {
    let client = client("plain");
    let authorize = Authorize::new(server().client("plain").redirect_uri()).scope("read");
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let (without, _) = callback.split_once("&iss=").expect("the server keeps its promise");
    let error = agent().run(client.callback(&mut login, without)).expect_err("promised and absent");
    assert_eq!(error.kind(), Kind::Untrusted, "RFC 9207 §2.4: {error}");
    agent().run(client.callback(&mut login, &callback)).expect("a token");
}

#[test]
fn rfc_7009_2_and_rfc_7662_2_a_revoked_token_is_not_active() {
    let client = client("plain");
    let token = agent().run(client.token(Grant::client_credentials())).expect("a token");
    assert_eq!(agent().run(client.introspect(&token)).expect("an answer").field("/active"), Some(json!(true)));
    agent().run(client.revoke(&token)).expect("revoked");
    assert_eq!(agent().run(client.introspect(&token)).expect("an answer").field("/active"), Some(json!(false)));
    let stranger = client.secret("wrong-secret-of-a-test");
    assert_refused(&agent().run(stranger.revoke(&token)).expect_err("not the client"), "invalid_client", 401);
}

#[test]
fn rfc_7591_3_a_client_registers_itself() {
    let metadata = json!({
        "client_name": "Test", "redirect_uris": ["https://client.example/callback"], "grant_types": ["client_credentials"], "scope": "read",
        "token_endpoint_auth_method": "client_secret_basic",
    });
    let registration = agent().run(provider().register(&metadata.to_string(), None)).expect("registered");
    agent().run(registration.client().token(Grant::client_credentials().scope("read"))).expect("a token");
    // Authlib knows no management here (RFC 7592), and says so by leaving its members out.
    assert_eq!(agent().run(registration.read_again()).expect_err("unmanaged").kind(), Kind::Usage);
}

#[test]
fn what_the_server_does_not_have_is_told_before_anything_is_sent() {
    let client = client("plain");
    let authorize = Authorize::new(server().client("plain").redirect_uri());
    let error = agent().run(client.push(authorize, now(), &OsRandom)).expect_err("no such endpoint");
    assert_eq!(error.kind(), Kind::Usage, "{error}");
    assert_eq!(client.end_session_url(None, None, None).expect_err("no such endpoint").kind(), Kind::Usage);
}
