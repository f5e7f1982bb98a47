//! Does a server that keeps to the FAPI 2.0 security profile let our client in, with nothing known of it but its issuer?

use std::sync::Arc;

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Client, ClientAuth, Kind, Provider};
use oauth_keys::{Algorithm, Dpop, SigningKey};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn client(name: &str) -> Client {
    let provider = agent().run(Provider::discover(server().told("/issuers/fapi"))).expect("a provider");
    assert_eq!(provider.metadata("/require_pushed_authorization_requests"), Some(json!(true)));
    let known = server().client(name);
    let key = known.key.as_ref().expect("the client has a key");
    let signer = SigningKey::from_pem(Algorithm::from_name(&key.alg).expect("known"), &key.pem).expect("a key").with_id(&key.kid);
    known
        .of(provider)
        .auth(ClientAuth::PrivateKeyJwt)
        .signer(Arc::new(signer))
        .random(Arc::new(OsRandom))
        .dpop(Arc::new(Dpop::new(SigningKey::generate_es256().expect("a key"))))
}

fn asked(name: &str) -> Authorize {
    Authorize::new(server().client(name).redirect_uri()).scope("openid email")
}

#[test]
fn fapi_2_0_5_3_2_a_pushed_signed_and_bound_login_ends_with_a_token() {
    for name in ["fapi-es256", "fapi-ps256", "fapi-eddsa"] {
        let client = client(name);
        let mut login = agent().run(client.push(asked(name), now(), &OsRandom)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        let token = agent().run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(token.token_type(), Some("DPoP"));
        let user = agent().run(client.userinfo(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(user.text("/sub").as_deref(), Some("alice"));
        agent().run(client.refresh(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn rfc_9126_5_a_login_that_was_not_pushed_is_not_begun() {
    let error = client("fapi-es256").authorize(asked("fapi-es256"), now(), &OsRandom).expect_err("the server wants it pushed");
    assert_eq!(error.kind(), Kind::Usage);
    assert!(error.to_string().contains("RFC 9126 §5"), "{error}");
}

#[test]
fn rfc_9126_2_3_somebody_elses_key_pushes_nothing() {
    let stranger = SigningKey::generate_es256().expect("a key").with_id("client-ES256");
    let client = client("fapi-es256").signer(Arc::new(stranger));
    let error = agent().run(client.push(asked("fapi-es256"), now(), &OsRandom)).expect_err("not its key");
    assert_refused(&error, "invalid_client", 401);
}
