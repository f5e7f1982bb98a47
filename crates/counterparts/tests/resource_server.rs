//! Does an API get to know from a certified server whether a token is good, by a signature alone?

use std::sync::Arc;

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Client, ClientAuth, Grant, Kind, Provider, Token, thumbprint};
use oauth_keys::{Algorithm, Dpop, ServerKeys, SigningKey};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

/// RFC 8707 §2: an API whose tokens are JWTs, and one whose tokens are not.
const JWT: &str = "https://api.example/jwt";
const OPAQUE: &str = "https://api.example/opaque";

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
    server().client(name).of(provider()).verifier(Arc::new(ServerKeys::new())).random(Arc::new(OsRandom))
}

/// An API that the server does not know: it has the server's keys and nothing else.
fn api() -> Client {
    Client::new(provider(), "api").auth(ClientAuth::None).verifier(Arc::new(ServerKeys::new()))
}

fn issued(client: &Client, resource: &str) -> Token {
    let grant = Grant::client_credentials().scope("read").parameter("resource", resource);
    agent().run(client.token(grant)).expect("a token")
}

fn presented(token: &Token) -> Token {
    api().presented(token.authorization().expect("of a known type"), now()).expect("a token")
}

#[test]
fn rfc_9701_5_a_signed_introspection_is_checked_and_says_the_same_as_a_plain_one() {
    let client = client("jwt-answers");
    for token in [issued(&client, OPAQUE), agent().run(client.token(Grant::client_credentials())).expect("a token")] {
        let signed = agent().run(client.introspect_signed(&token)).expect("signed");
        let plain = agent().run(client.introspect(&token)).expect("plain");
        assert_eq!(signed.field("/active"), Some(json!(true)));
        assert_eq!(signed.value(), plain.value());
        agent().run(client.revoke(&token)).expect("revoked");
        assert_eq!(agent().run(client.introspect_signed(&token)).expect("signed").value(), json!({"active": false}));
    }
}

#[test]
fn rfc_9701_4_who_may_not_ask_is_refused_in_the_servers_words() {
    let client = client("jwt-answers");
    let token = agent().run(client.token(Grant::client_credentials())).expect("a token");
    let error = agent().run(client.secret("wrong-secret-of-a-test").introspect_signed(&token)).expect_err("refused");
    assert_refused(&error, "invalid_client", 401);
}

#[test]
fn rfc_9068_4_a_jwt_access_token_is_checked_by_the_servers_keys_alone() {
    let token = presented(&issued(&client("basic"), JWT));
    let claims = agent().run(api().access_token_claims(&token, JWT)).expect("good");
    assert_eq!((claims.text("/client_id").as_deref(), claims.text("/scope").as_deref()), (Some("basic"), Some("read")));
    assert_eq!(claims.field("/cnf"), None);

    let error = agent().run(api().access_token_claims(&token, "https://api.example/other")).expect_err("for another API");
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("aud"), "{error}");
    let strict = api().verifier(Arc::new(ServerKeys::taking(&[Algorithm::Ps256])));
    let error = agent().run(strict.access_token_claims(&token, JWT)).expect_err("by ES256");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let error = agent().run(api().access_token_claims(&presented(&issued(&client("basic"), OPAQUE)), JWT)).expect_err("no JWT");
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("introspection"), "{error}");
}

#[test]
fn rfc_9068_2_2_a_users_token_names_the_user_and_an_id_token_is_none() {
    let client = client("id-token-es256");
    let authorize = Authorize::new(server().client("id-token-es256").redirect_uri()).scope("openid read").resource(JWT);
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent().run(client.callback(&mut login, &callback)).expect("a token");
    let claims = agent().run(api().access_token_claims(&presented(&token), JWT)).expect("good");
    assert_eq!(claims.text("/sub").as_deref(), Some("alice"));
    // RFC 8725 §3.11: by the same keys, for this very client, and yet no access token.
    let id_token = token.field("/id_token").and_then(|text| text.as_str().map(str::to_owned)).expect("an ID token");
    let posing = api().presented(&format!("Bearer {id_token}"), now()).expect("a token");
    let error = agent().run(api().access_token_claims(&posing, "id-token-es256")).expect_err("an ID token");
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("typ"), "{error}");
}

#[test]
fn rfc_9449_6_1_a_bound_token_tells_its_key() {
    let key = SigningKey::generate_es256().expect("a key");
    let jkt = thumbprint(&key.published_jwk().expect("public")).expect("a thumbprint");
    let client = client("dpop").dpop(Arc::new(Dpop::new(key)));
    let token = presented(&issued(&client, JWT));
    assert_eq!(token.token_type(), Some("DPoP"));
    let claims = agent().run(api().access_token_claims(&token, JWT)).expect("good");
    assert_eq!(claims.text("/cnf/jkt"), Some(jkt));
}

#[test]
fn rfc_9068_4_a_token_of_another_issuer_is_not_taken() {
    let other = agent().run(Provider::discover(server().told("/issuers/path"))).expect("a provider");
    let theirs = server().client("basic").of(other);
    let token = presented(&issued(&theirs, JWT));
    let error = agent().run(api().access_token_claims(&token, JWT)).expect_err("of another issuer");
    // Both sign with the same keys on this machine, so that it is the issuer that tells them apart.
    assert!(error.kind() == Kind::Untrusted && error.to_string().contains("iss"), "{error}");
}
