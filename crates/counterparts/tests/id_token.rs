//! Is the ID token that a certified server signs the one of this login, and is it believed for no other?

use std::sync::Arc;

use counterparts::Counterpart;
use oauth_core::{Authorize, Client, Error, Exchange, Kind, Provider, Step, Token, Verifier};
use oauth_keys::{Algorithm, ServerKeys};
use oauth_ureq::{Agent, OsRandom, now};

fn agent(server: &Counterpart) -> &Agent {
    server.agent()
}

fn client(server: &Counterpart, name: &str, keys: &Arc<ServerKeys>) -> Client {
    let provider = agent(server).run(Provider::discover(server.issuer())).expect("a provider");
    server.client(name).of(provider).random(Arc::new(OsRandom)).verifier(keys.clone())
}

fn logged_in(server: &Counterpart, client: &Client, name: &str) -> Result<Token, Error> {
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

/// Polls as if the pauses were over, once the user has had the time to agree.
fn polled(server: &Counterpart, mut exchange: Exchange<Token>) -> Result<Token, Error> {
    let mut at = now();
    loop {
        match exchange.step(at)? {
            Step::Send(request) => exchange.receive(agent(server).carry(request)),
            Step::Wait(pause) => at = at.later(i64::try_from(pause.as_millis()).expect("a pause")),
            Step::Done(token) => return Ok(token),
            step => panic!("{step:?}"),
        }
    }
}

#[test]
fn openid_core_3_1_3_7_the_id_tokens_of_users_elsewhere_are_checked() {
    let server = Counterpart::oidc_provider();
    let careful = client(server, "id-token-es256", &Arc::new(ServerKeys::new()));
    let deceived = client(server, "id-token-es256", &Arc::new(ServerKeys::taking(&[Algorithm::Ps256])));
    let by_device = |client: &Client| {
        let device = agent(server).run(client.device([("scope", "openid")])).expect("a code to show");
        server.browser().approve_device(device.verification_uri_complete().expect("one"), "alice").expect("allowed");
        polled(server, client.poll(&device))
    };
    let by_backchannel = |client: &Client| {
        let asked = agent(server).run(client.backchannel([("scope", "openid"), ("login_hint", "alice")])).expect("asked");
        std::thread::sleep(std::time::Duration::from_millis(1500));
        polled(server, client.poll(&asked))
    };
    for token in [by_device(&careful), by_backchannel(&careful)] {
        let token = token.expect("a token");
        let claims = agent(server).run(careful.id_token(&token, None)).expect("one came along");
        assert_eq!(claims.text("/sub").as_deref(), Some("alice"));
        let user = agent(server).run(careful.userinfo(&token)).expect("the same user");
        assert_eq!(user.text("/sub").as_deref(), Some("alice"));
    }
    for token in [by_device(&deceived), by_backchannel(&deceived)] {
        assert_eq!(token.expect_err("ES256 where PS256 was agreed").kind(), Kind::Untrusted);
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

#[test]
fn openid_core_5_3_2_a_signed_answer_about_the_user_is_checked() {
    let server = Counterpart::oidc_provider();
    let known = client(server, "jwt-answers", &Arc::new(ServerKeys::new()));
    let token = logged_in(server, &known, "jwt-answers").expect("a token");
    let user = agent(server).run(known.userinfo(&token)).expect("checked");
    assert_eq!(
        (user.text("/sub").as_deref(), user.text("/iss").as_deref()),
        (Some("alice"), Some(server.issuer())),
        "so it was a JWT"
    );
    let deceived = client(server, "jwt-answers", &Arc::new(ServerKeys::taking(&[Algorithm::Ps256])));
    let error = agent(server).run(deceived.userinfo(&token)).expect_err("ES256 where PS256 was agreed");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
}
