//! Is the ID token that a certified server signs the one of this login, and is it believed for no other?

use std::sync::Arc;

use counterparts::Counterpart;
use oauth_core::{Authorize, Client, Kind, Provider, Token, Verifier};
use oauth_keys::{Algorithm, ServerKeys};
use oauth_ureq::{Agent, OsRandom, now};

fn agent(server: &Counterpart) -> &Agent {
    server.agent()
}

fn client(server: &Counterpart, name: &str, keys: &Arc<ServerKeys>) -> Client {
    let provider = agent(server).run(Provider::discover(server.issuer())).expect("a provider");
    server.client(name).of(provider).random(Arc::new(OsRandom)).verifier(keys.clone())
}

fn logged_in(server: &Counterpart, client: &Client, name: &str) -> Result<Token, oauth_core::Error> {
    let authorize =
        Authorize::new(server.client(name).redirect_uri()).scope("openid offline_access").parameter("prompt", "consent");
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    assert!(login.url().contains("&nonce="), "made by the client itself");
    let callback = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent(server).run(client.callback(&mut login, &callback))
}

#[test]
fn openid_core_3_1_3_7_an_id_token_of_each_algorithm_is_verified_before_the_token_is_handed_out() {
    let server = Counterpart::oidc_provider();
    for name in ["id-token-es256", "id-token-rs256", "id-token-ps256", "id-token-eddsa"] {
        let keys = Arc::new(ServerKeys::new());
        let client = client(server, name, &keys);
        let token = logged_in(server, &client, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(format!("{keys:?}").contains("/jwks"), "the keys were read and are kept: {keys:?}");
        let claims = agent(server).run(client.id_token(&token, None)).expect("checked once more");
        assert_eq!(claims.text("/sub").as_deref(), Some("alice"), "{name}");
        assert!(claims.text("/nonce").is_some(), "{name}: so the nonce was compared");
        let error = agent(server).run(client.id_token(&token, Some("another"))).expect_err("replayed");
        assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    }
}

#[test]
fn openid_core_12_2_a_renewal_is_about_the_same_user() {
    let server = Counterpart::oidc_provider();
    let client = client(server, "id-token-es256", &Arc::new(ServerKeys::new()));
    let token = logged_in(server, &client, "id-token-es256").expect("a token");
    let renewed = agent(server).run(client.refresh(&token)).expect("renewed");
    assert!(renewed.field("/id_token").is_some(), "so there was something to compare");
    agent(server).run(client.id_token(&renewed, None)).expect("its signature holds as well");
}

#[test]
fn rfc_8725_3_1_an_algorithm_that_was_not_registered_is_not_taken() {
    let server = Counterpart::oidc_provider();
    let client = client(server, "id-token-rs256", &Arc::new(ServerKeys::taking(&[Algorithm::Es256])));
    let error = logged_in(server, &client, "id-token-rs256").expect_err("RS256 where ES256 was agreed");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}

#[test]
fn openid_core_10_1_1_a_new_key_of_the_server_is_found_by_reading_its_set_once_more() {
    let server = &Counterpart::start(counterparts::Kind::OidcProvider).expect("a server alone");
    let keys = Arc::new(ServerKeys::new());
    let client = client(server, "id-token-es256", &keys);
    logged_in(server, &client, "id-token-es256").expect("a token");
    logged_in(server, &client, "id-token-es256").expect("another");
    assert_eq!(server.count("GET", "/jwks"), 1, "kept");
    server.rotate_keys();
    // Not within a minute: so often nobody has us ask.
    let error = logged_in(server, &client, "id-token-es256").expect_err("a key that is not known yet");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    assert_eq!(server.count("GET", "/jwks"), 1);
    // As if the minute had passed.
    let place = format!("{}/jwks", server.issuer());
    let old = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"old"}]}"#;
    keys.remember(&place, old, now().mono - 61_000).expect("a set");
    logged_in(server, &client, "id-token-es256").expect("the new key was read");
    assert_eq!(server.count("GET", "/jwks"), 2);
}
