//! Does a client that shows a certificate go where certificates are asked for, and say who it is (RFC 8705)?

use oauth_core::{Answer, Client, ClientAuth, Grant, Now, Provider, Request, Step};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };
const TOKEN: &str = r#"{"access_token":"at","token_type":"Bearer","expires_in":60,"refresh_token":"rt"}"#;

fn record() -> Value {
    json!({
        "version": 1, "name": "example", "base": "https://as.example", "token": { "url": "/token", "auth": "tls_client_auth" },
        "endpoints": { "revocation": "/revoke", "introspection": "/introspect", "end_session": "/logout" },
        "mtls_endpoints": { "token": "https://mtls.as.example/token", "revocation": "https://mtls.as.example/revoke" }
    })
}

fn client() -> Client {
    Client::new(Provider::from_json(&record().to_string()).expect("a record"), "s6BhdRkqt3")
}

fn sent<T>(exchange: &mut oauth_core::Exchange<T>) -> Request {
    match exchange.step(NOW).expect("a step") {
        Step::Send(request) => request,
        _ => panic!("a request"),
    }
}

fn token(client: &Client) -> oauth_core::Token {
    let mut exchange = client.token(Grant::client_credentials());
    sent(&mut exchange);
    exchange.receive(Ok(Answer::new(200, vec![], TOKEN.into())));
    match exchange.step(NOW).expect("a step") {
        Step::Done(token) => token,
        _ => panic!("a token"),
    }
}

#[test]
fn rfc_8705_2_the_body_holds_the_client_id_and_no_secret() {
    for auth in ["tls_client_auth", "self_signed_tls_client_auth"] {
        let auth = ClientAuth::from_word(auth).expect("a word");
        // A secret that the client also has is not for this server.
        let client = client().auth(auth).secret("the-client-secret");
        let request = sent(&mut client.token(Grant::client_credentials()));
        assert_eq!(request.body(), b"grant_type=client_credentials&client_id=s6BhdRkqt3");
        assert!(request.headers().iter().all(|header| !header.name().eq_ignore_ascii_case("authorization")));
    }
}

#[test]
fn rfc_8705_5_the_aliases_are_for_clients_that_show_a_certificate() {
    let client = client();
    let token = token(&client);
    assert_eq!(sent(&mut client.token(Grant::client_credentials())).url(), "https://mtls.as.example/token");
    assert_eq!(sent(&mut client.refresh(&token)).url(), "https://mtls.as.example/token");
    assert_eq!(sent(&mut client.revoke(&token)).url(), "https://mtls.as.example/revoke");
    // An endpoint without an alias is the same for all, and the browser shows no certificate.
    assert_eq!(sent(&mut client.introspect(&token)).url(), "https://as.example/introspect");
    assert!(client.end_session_url(None, None, None).expect("a URL").expose().starts_with("https://as.example/logout"));

    let other = client.clone().auth(ClientAuth::Post).secret("the-client-secret");
    assert_eq!(sent(&mut other.token(Grant::client_credentials())).url(), "https://as.example/token");
    assert_eq!(sent(&mut other.revoke(&token)).url(), "https://as.example/revoke");
    // Tokens of the one are bound to a certificate that the other does not show.
    assert_ne!(client.place().expect("a place"), other.place().expect("a place"));
}

#[test]
fn an_alias_is_https_and_for_an_endpoint_that_has_one() {
    let with = |aliases: Value| {
        let mut record = record();
        record["mtls_endpoints"] = aliases;
        Provider::from_json(&record.to_string())
    };
    let unknown = with(json!({ "authorization": "https://mtls.as.example/a" })).expect_err("no such alias").to_string();
    assert!(
        unknown.starts_with("provider record: mtls_endpoints.authorization: must be one of token, revocation, "),
        "{unknown}"
    );
    let plain = Client::new(with(json!({ "token": "http://mtls.as.example/token" })).expect("a record"), "id");
    let error = plain.token(Grant::client_credentials()).step(NOW).expect_err("refused").to_string();
    assert!(error.starts_with("mtls_endpoints.token: must be https"), "{error}");
}

#[test]
fn rfc_8705_5_discovery_keeps_the_aliases() {
    let discovered = |metadata: Value| {
        let mut exchange = Provider::discover("https://as.example");
        sent(&mut exchange);
        exchange.receive(Ok(Answer::new(200, vec![], metadata.to_string().into())));
        exchange.step(NOW).map(|step| match step {
            Step::Done(provider) => provider,
            _ => panic!("a provider"),
        })
    };
    let mut metadata = json!({
        "issuer": "https://as.example", "token_endpoint": "https://as.example/token",
        "token_endpoint_auth_methods_supported": ["self_signed_tls_client_auth", "tls_client_auth"],
        "mtls_endpoint_aliases": { "token_endpoint": "https://mtls.as.example/token", "authorization_endpoint": "https://mtls.as.example/no" }
    });
    let record: Value = serde_json::from_str(&discovered(metadata.clone()).expect("a provider").record_json()).expect("JSON");
    assert_eq!(record["mtls_endpoints"], json!({ "token": "https://mtls.as.example/token" }));
    assert_eq!(record["token"]["auth"], "tls_client_auth");
    metadata["mtls_endpoint_aliases"]["token_endpoint"] = json!("http://mtls.as.example/token");
    discovered(metadata).expect_err("an alias without https");
}

#[test]
fn rfc_8705_4_a_client_of_another_kind_may_have_its_tokens_bound_to_a_certificate() {
    for (auth, body) in [
        (ClientAuth::None, "grant_type=client_credentials&client_id=s6BhdRkqt3"),
        (ClientAuth::Post, "grant_type=client_credentials&client_id=s6BhdRkqt3&client_secret=the-client-secret"),
    ] {
        let plain = client().auth(auth).secret("the-client-secret");
        assert!(!plain.shows_certificate());
        let bound = plain.clone().certificate_bound();
        assert!(bound.shows_certificate());
        let request = sent(&mut bound.token(Grant::client_credentials()));
        assert_eq!((request.url(), request.body()), ("https://mtls.as.example/token", body.as_bytes()));
        assert!(bound.place().expect("a place").contains(&("certificate", "shown".to_owned())));
    }
    assert!(client().shows_certificate(), "by its method of authentication");
}
