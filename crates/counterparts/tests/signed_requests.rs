//! Does a certified server take the requests that we sign, where it takes no others?

use std::sync::Arc;

use counterparts::Counterpart;
use oauth_core::{Authorize, Client, ClientAuth, Login, Provider};
use oauth_keys::{Algorithm, SigningKey};
use oauth_ureq::{OsRandom, now};

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn client() -> Client {
    let registered = server().client("jar");
    let key = registered.key.as_ref().expect("a key");
    let key = SigningKey::from_pem(Algorithm::Es256, &key.pem).expect("a private key").with_id(&key.kid);
    let provider = server().agent().run(Provider::discover(server().issuer())).expect("a provider");
    registered.of(provider).auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(key)).random(Arc::new(OsRandom))
}

fn asked() -> Authorize {
    Authorize::new(server().client("jar").redirect_uri()).scope("openid").parameter("max_age", "600")
}

fn finished(client: &Client, mut login: Login) {
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    server().agent().run(client.callback(&mut login, &callback)).expect("a token");
}

#[test]
fn rfc_9101_5_a_signed_request_in_the_url_is_taken() {
    let client = client();
    let login = client.authorize(asked().signed(), now(), &OsRandom).expect("a login");
    let names: Vec<_> = login.url().split(['?', '&']).skip(1).filter_map(|pair| pair.split('=').next()).collect();
    assert_eq!(names, ["client_id", "request"], "nothing stands beside it");
    finished(&client, login);
}

#[test]
fn rfc_9126_3_a_signed_request_is_taken_when_pushed() {
    let client = client();
    let login = server().agent().run(client.push(asked().signed(), now(), &OsRandom)).expect("pushed");
    assert!(!login.url().contains("request="), "{}", login.url());
    finished(&client, login);
}

#[test]
fn rfc_9101_10_5_an_unsigned_request_is_refused_where_signed_ones_are_required() {
    let error = server().agent().run(client().push(asked(), now(), &OsRandom)).expect_err("unsigned");
    assert_eq!(error.standard_code(), Some("invalid_request"), "{error}");
}
