//! Does a provider that was discovered do everything its server says it can?
//!
//! Nobody writes a record here: the issuer is all that is known of the server.

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Call, Client, ClientAuth, Grant, Kind, Login, Provider, Secret, Token};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
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

fn asked(name: &str) -> Authorize {
    Authorize::new(server().client(name).redirect_uri()).scope("openid email")
}

fn finished(client: &Client, mut login: Login) -> Token {
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token")
}

fn logged_in(client: &Client, name: &str) -> Token {
    finished(client, client.authorize(asked(name), now(), &OsRandom).expect("a login"))
}

#[test]
fn rfc_8414_3_1_an_issuer_is_found_at_the_root_and_below_a_path() {
    for pointer in ["/issuer", "/issuers/path", "/issuers/fapi"] {
        let issuer = server().told(pointer);
        let provider = agent().run(Provider::discover(issuer)).expect(issuer);
        assert_eq!(provider.metadata("/issuer"), Some(json!(issuer)));
        assert_eq!(provider.metadata("/token_endpoint"), Some(json!(format!("{issuer}/token"))));
    }
    let names = ["/issuer", "/issuers/path", "/issuers/fapi"].map(|pointer| {
        let provider = agent().run(Provider::discover(server().told(pointer))).expect("a provider");
        provider.name().to_owned()
    });
    assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2], "a token of one goes to no other: {names:?}");
}

#[test]
fn rfc_8414_3_3_the_same_server_by_another_name_is_another_issuer() {
    let slash = format!("{}/", server().issuer());
    let error = agent().run(Provider::discover(&slash)).expect_err("another identifier");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let nowhere = format!("{}/nowhere", server().issuer());
    let error = agent().run(Provider::discover(&nowhere)).expect_err("nothing there");
    assert_eq!((error.kind(), error.status()), (Kind::Refused, Some(404)), "{error}");
}

#[test]
fn a_stranger_with_a_certificate_of_his_own_is_untrusted() {
    let error = Agent::new().run(Provider::discover(server().issuer())).expect_err("nobody vouches for it");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}

#[test]
fn a_discovered_provider_logs_in_refreshes_and_proves_itself_in_its_ways() {
    for (name, auth) in [("basic", ClientAuth::Basic), ("post", ClientAuth::Post), ("public", ClientAuth::None)] {
        let client = client(name).auth(auth);
        let token = logged_in(&client, name);
        let newer = agent().run(client.refresh(&token)).expect("refreshed");
        assert_ne!(newer.access_token(), token.access_token());
    }
}

#[test]
fn rfc_9207_2_4_a_promised_iss_is_missed() {
    let client = client("basic");
    let mut login = client.authorize(asked("basic"), now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let (without, _) = callback.split_once("&iss=").expect("iss comes last");
    let error = agent().run(client.callback(&mut login, without)).expect_err("promised and absent");
    assert_eq!(error.kind(), Kind::Untrusted, "the metadata said that it comes: {error}");
}

#[test]
fn a_record_that_was_kept_needs_no_discovery() {
    let kept = provider().record_json();
    let client = server().client("basic").of(Provider::from_json(&kept).expect("the same record"));
    logged_in(&client, "basic");
}

#[test]
fn openid_core_5_3_the_user_is_who_logged_in() {
    let client = client("basic");
    let token = logged_in(&client, "basic");
    let user = agent().run(client.userinfo(&token)).expect("claims");
    assert_eq!((user.text("/sub").as_deref(), user.text("/email").as_deref()), (Some("alice"), Some("alice@example.com")));
    agent().run(client.revoke(&token)).expect("revoked");
    let error = agent().run(client.userinfo(&token)).expect_err("a dead token");
    assert_refused(&error, "invalid_token", 401);
}

#[test]
fn openid_core_5_3_2_a_signed_answer_is_not_taken_for_plain() {
    let client = client("jwt-answers");
    let token = logged_in(&client, "jwt-answers");
    let error = agent().run(client.userinfo(&token)).expect_err("a JWT");
    assert!(error.kind() == Kind::Garbled && error.to_string().contains("signed"), "{error}");
}

#[test]
fn rfc_7009_2_and_rfc_7662_2_a_revoked_token_is_not_active() {
    let client = client("basic");
    let token = logged_in(&client, "basic");
    let known = agent().run(client.introspect(&token)).expect("an answer");
    assert_eq!((known.field("/active"), known.text("/client_id").as_deref()), (Some(json!(true)), Some("basic")));
    agent().run(client.revoke(&token)).expect("revoked");
    assert_eq!(agent().run(client.introspect(&token)).expect("an answer").field("/active"), Some(json!(false)));
    agent().run(client.revoke(&token)).expect("once more, without an error");
    assert_refused(&agent().run(client.refresh(&token)).expect_err("the refresh token is dead too"), "invalid_grant", 400);
}

#[test]
fn rp_initiated_logout_2_the_browser_comes_back_logged_out() {
    let client = client("basic");
    let mut browser = server().browser();
    let mut login = client.authorize(asked("basic"), now(), &OsRandom).expect("a login");
    let callback = browser.sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
    let hint = Secret::from(token.field("/id_token").expect("an ID token").as_str().expect("a text"));
    let url = client.end_session_url(Some(&hint), Some("https://client.example/logged-out"), Some("bye")).expect("a URL");
    assert_eq!(browser.sign_out(url.expose()).expect("the user comes back"), "https://client.example/logged-out?state=bye");
}

// Pushed requests

#[test]
fn rfc_9126_2_a_login_by_a_pushed_request_ends_with_a_token() {
    let client = client("par");
    let login = agent().run(client.push(asked("par"), now(), &OsRandom)).expect("pushed");
    assert!(login.url_expires_at().expect("told") > now().wall);
    assert!(!login.url().contains("scope") && !login.url().contains("code_challenge"), "nothing of it in the browser");
    let restored = client.clone();
    let mut kept = Login::restore(login.saved().expect("open").expose()).expect("the same login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent().run(restored.callback(&mut kept, &callback)).expect("a token");
    assert_eq!(token.scope(), Some("openid email"));
}

#[test]
fn rfc_9126_5_a_client_that_must_push_is_refused_without() {
    let client = client("par");
    let mut login =
        client.authorize(asked("par"), now(), &OsRandom).expect("a login: the record is the server's, not the client's");
    let callback = server().browser().sign_in(login.url(), "alice").expect("an error at the client");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("refused");
    assert_eq!(error.standard_code(), Some("invalid_request"), "{error}");
}

#[test]
fn rfc_9126_2_public_and_posting_clients_push_too() {
    for (name, auth) in [("post", ClientAuth::Post), ("public", ClientAuth::None)] {
        let client = client(name).auth(auth);
        let login = agent().run(client.push(asked(name), now(), &OsRandom)).expect(name);
        finished(&client, login);
    }
}

#[test]
fn rfc_9126_4_the_name_of_a_pushed_request_works_once() {
    let client = client("par");
    let login = agent().run(client.push(asked("par"), now(), &OsRandom)).expect("pushed");
    let url = login.url().to_owned();
    finished(&client, login);
    // It has forgotten the request, its state too, so what comes back belongs to no login.
    let callback = server().browser().sign_in(&url, "alice").expect("an error at the client");
    assert!(callback.contains("error=invalid_request_uri") && !callback.contains("state="), "{callback}");
}

#[test]
fn rfc_9126_2_3_a_push_is_refused_in_the_servers_words() {
    let wrong = Authorize::new("https://client.example/elsewhere").scope("openid");
    let error = agent().run(client("par").push(wrong, now(), &OsRandom)).expect_err("not its redirect URI");
    // RFC 9126 §2.3 leaves the word to the server.
    assert_refused(&error, "invalid_request", 400);
    let stranger = client("par").secret("wrong-secret-of-a-test");
    let error = agent().run(stranger.push(asked("par"), now(), &OsRandom)).expect_err("not the client");
    assert_refused(&error, "invalid_client", 401);
}

#[test]
fn rfc_9396_5_authorization_details_are_understood_or_refused() {
    let mut metadata: serde_json::Value = serde_json::from_str(METADATA).expect("JSON");
    metadata["authorization_details_types"] = json!(["payment"]);
    let client = agent().run(provider().register(&metadata.to_string(), None)).expect("registered").client();
    let asked = || Authorize::new("https://client.example/callback").scope("openid");
    for refused in [r#"[{"type":"payment"}]"#, r#"[{"type":"unheard_of"}]"#] {
        let pushed = client.push(asked().authorization_details(refused), now(), &OsRandom);
        assert_refused(&agent().run(pushed).expect_err(refused), "invalid_authorization_details", 400);
    }
    let details = r#"[{"type":"payment","amount":"1.00"}]"#;
    let asked = asked().resource("https://api.example/opaque").authorization_details(details);
    let login = agent().run(client.push(asked, now(), &OsRandom)).expect("pushed");
    let token = finished(&client, login);
    let granted = serde_json::from_str::<serde_json::Value>(details).expect("JSON");
    let known = agent().run(client.introspect(&token)).expect("an answer");
    assert_eq!(known.field("/authorization_details"), Some(granted.clone()), "what the token may do (§9.2)");
    assert_eq!(token.field("/authorization_details"), Some(granted), "and the answer said so (§7)");
}

#[test]
fn rfc_8707_2_a_resource_goes_along_to_the_end() {
    let client = client("basic");
    let resource = "https://api.example/jwt";
    let login = client.authorize(asked("basic").scope("openid read").resource(resource), now(), &OsRandom).expect("a login");
    let token = finished(&client, login);
    assert_eq!(token.access_token().split('.').count(), 3, "a token for that API");
    let mut login = client.authorize(asked("basic").resource("https://api.example/none"), now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("an error at the client");
    let error = agent().run(client.callback(&mut login, &callback)).expect_err("no such API");
    assert_eq!(error.standard_code(), Some("invalid_target"), "{error}");
}

// Registration

const METADATA: &str = r#"{"client_name":"Test","redirect_uris":["https://client.example/callback"],
    "grant_types":["authorization_code","refresh_token","client_credentials"],"scope":"openid email read"}"#;

#[test]
fn rfc_7591_3_a_client_that_registered_itself_logs_users_in() {
    for (method, expected) in [("client_secret_basic", true), ("client_secret_post", true), ("none", false)] {
        let mut metadata: serde_json::Value = serde_json::from_str(METADATA).expect("JSON");
        metadata["token_endpoint_auth_method"] = method.into();
        if method == "none" {
            metadata["grant_types"] = json!(["authorization_code", "refresh_token"]);
        }
        let registration = agent().run(provider().register(&metadata.to_string(), None)).expect("registered");
        assert_eq!(registration.client_secret().is_some(), expected);
        let client = registration.client();
        let authorize = Authorize::new("https://client.example/callback").scope("openid email");
        let token = finished(&client, client.authorize(authorize, now(), &OsRandom).expect("a login"));
        assert_eq!(token.scope(), Some("openid email"), "{method}");
    }
}

#[test]
fn rfc_7592_2_a_registration_is_read_changed_and_deleted() {
    let provider = provider();
    let first = agent().run(provider.register(METADATA, None)).expect("registered");
    let first = provider.registration(first.saved().expose()).expect("kept and read");
    let read = agent().run(first.read_again()).expect("read");
    assert_eq!((read.client_id(), read.document().text("/client_name").as_deref()), (first.client_id(), Some("Test")));

    let changed = agent().run(read.update(&METADATA.replace("Test", "Other"))).expect("changed");
    assert_eq!(changed.document().text("/client_name").as_deref(), Some("Other"));
    // This server gives a new token with every change (§3).
    assert_refused(&agent().run(read.read_again()).expect_err("by the old token"), "invalid_token", 401);
    agent().run(changed.client().token(Grant::client_credentials())).expect("the client still works");

    agent().run(changed.delete()).expect("deleted");
    assert_refused(&agent().run(changed.read_again()).expect_err("gone"), "invalid_token", 401);
    let error = agent().run(changed.client().token(Grant::client_credentials())).expect_err("nobody any more");
    assert_refused(&error, "invalid_client", 401);
}

#[test]
fn rfc_7591_3_2_2_what_a_server_does_not_want_is_refused_in_its_words() {
    let error = agent().run(provider().register(r#"{"redirect_uris":["nowhere"]}"#, None)).expect_err("refused");
    assert_refused(&error, "invalid_redirect_uri", 400);
    let error =
        agent().run(provider().register(r#"{"redirect_uris":["https://client.example/"],"jwks":7}"#, None)).expect_err("refused");
    assert_refused(&error, "invalid_client_metadata", 400);
}

#[test]
fn an_api_call_of_a_discovered_provider_names_a_whole_url() {
    let client = client("basic");
    let token = logged_in(&client, "basic");
    let reply = agent().run(client.call(&token, Call::get(&format!("{}/me", server().issuer())))).expect("an answer");
    assert_eq!(reply.answer.status(), 200);
    let error = agent().run(client.call(&token, Call::get("/me"))).expect_err("no base");
    assert_eq!(error.kind(), Kind::Usage, "{error}");
}
