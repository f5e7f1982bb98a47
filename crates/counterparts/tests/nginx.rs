//! Does our client get past a real front that asks for its certificate, and does it say what is wrong where it doesn't (RFC 8705)?

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use counterparts::{Counterpart, Identity, Nginx, assert_refused};
use oauth_core::{Authorize, Call, Client, ClientAuth, Error, Grant, Kind, Provider, Token};
use oauth_session::Session;
use oauth_ureq::{Agent, OsRandom, Roots, now};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn nginx() -> &'static Nginx {
    static NGINX: OnceLock<Nginx> = OnceLock::new();
    NGINX.get_or_init(|| Nginx::before(server()).unwrap_or_else(|error| panic!("{error}")))
}

fn agent(certificate: &str, key: &str) -> Agent {
    let builder = Agent::builder().roots(Roots::Pem(server().ca_pem().into()));
    builder.client_certificate(certificate, key).build().expect("an agent")
}

fn showing(identity: &Identity) -> Agent {
    agent(&identity.certificate, &identity.key)
}

/// The provider as it describes itself, but that its certificates are asked for at that front.
fn behind(front: &str) -> Provider {
    let discovered = server().agent().run(Provider::discover(server().issuer())).expect("a provider");
    let mut record: Value = serde_json::from_str(&discovered.record_json()).expect("JSON");
    record["mtls_endpoints"] = json!({
        "token": format!("{front}/token"),
        "introspection": format!("{front}/token/introspection"),
        "revocation": format!("{front}/token/revocation"),
        "userinfo": format!("{front}/me"),
    });
    record["api"] = json!({ "base": front });
    Provider::from_json(&record.to_string()).expect("a record")
}

fn by_authority(front: &str) -> Client {
    server().client("tls").of(behind(front)).auth(ClientAuth::TlsClientAuth)
}

/// RFC 8705 §3.1, by hand.
fn thumbprint(identity: &Identity) -> String {
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("a certificate");
    URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate))
}

fn refused(agent: &Agent, client: &Client) -> Error {
    agent.run(client.token(Grant::client_credentials())).expect_err("no token")
}

#[test]
fn rfc_8705_2_1_a_certificate_of_the_authority_opens_a_front_of_either_tls() {
    let identity = &server().certificates().client;
    let agent = showing(identity);
    for front in [nginx().strict(), nginx().older()] {
        let client = by_authority(front);
        let token = agent.run(client.token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{error}"));
        let known = agent.run(client.introspect(&token)).expect("a document");
        assert_eq!(known.text("/cnf/x5t#S256"), Some(thumbprint(identity)), "RFC 8705 §3.2");
        agent.run(client.revoke(&token)).expect("revoked");
    }
}

#[test]
fn rfc_8705_3_1_the_jwt_that_a_server_issues_names_the_certificate() {
    let identity = &server().certificates().client;
    let client = by_authority(nginx().strict());
    let grant = Grant::client_credentials().parameter("resource", "https://api.example/jwt").scope("read");
    let token = showing(identity).run(client.token(grant)).unwrap_or_else(|error| panic!("{error}"));
    let claims = token.access_token().split('.').nth(1).expect("a JWT").to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON");
    assert_eq!(claims["cnf"]["x5t#S256"], thumbprint(identity));
}

#[test]
fn rfc_8705_2_2_a_certificate_that_nobody_vouches_for_is_known_to_the_server_itself() {
    let certificates = server().certificates();
    let registered = server().client("tls-self-signed");
    let at = |front: &str| registered.of(behind(front)).auth(ClientAuth::SelfSignedTlsClientAuth);
    let agent = showing(&certificates.self_signed);
    agent.run(at(nginx().lenient()).token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{error}"));
    assert_refused(&refused(&showing(&certificates.client), &at(nginx().lenient())), "invalid_client", 401);
    assert_told(&refused(&agent, &at(nginx().strict())), "The SSL certificate error: ");
}

fn assert_told(error: &Error, words: &str) {
    assert_eq!((error.kind(), error.status()), (Kind::Refused, Some(400)), "{error}: {}", nginx().stderr());
    assert!(error.description().is_some_and(|description| description.starts_with(words)), "{error}");
    assert!(!error.is_transient(), "somebody must change something first");
}

#[test]
fn a_missing_an_expired_and_a_strangers_certificate_are_told_apart_from_a_wrong_client() {
    let certificates = server().certificates();
    let right = showing(&certificates.client);
    for front in [nginx().strict(), nginx().older()] {
        let client = by_authority(front);
        // Whoever was let in leaves an open connection behind, which nobody else may use.
        right.run(client.token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{error}"));
        assert_told(&refused(server().agent(), &client), "No required SSL certificate was sent");
        for wrong in [&certificates.expired, &certificates.self_signed] {
            assert_told(&refused(&showing(wrong), &client), "The SSL certificate error: ");
        }
    }
    // The front lets it in, and the server knows that the client is another one.
    let other = server().client("tls-self-signed").of(behind(nginx().strict())).auth(ClientAuth::SelfSignedTlsClientAuth);
    assert_refused(&refused(&right, &other), "invalid_client", 401);
}

#[test]
fn a_certificate_brings_its_intermediates_or_nobody_vouches_for_it() {
    let chained = &server().certificates().chained;
    let client = by_authority(nginx().strict());
    showing(chained).run(client.token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{error}"));
    let end = "-----END CERTIFICATE-----\n";
    let (first, _) = chained.certificate.split_once(end).expect("two certificates");
    assert_told(&refused(&agent(&format!("{first}{end}"), &chained.key), &client), "The SSL certificate error: ");
    let both = format!("{}{}", chained.key, chained.certificate);
    agent(&both, &both).run(client.token(Grant::client_credentials())).expect("one file may hold both");
}

fn logged_in(client: &Client, agent: &Agent) -> Token {
    let request = Authorize::new(server().client("tls-public").redirect_uri())
        .scope("openid offline_access")
        .parameter("prompt", "consent");
    let mut login = client.authorize(request, now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("a callback");
    agent.run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn rfc_8705_6_3_what_was_bound_to_the_old_certificate_is_renewed_with_the_new_one() {
    let certificates = server().certificates();
    let (old, new) = (showing(&certificates.client), showing(&certificates.chained));
    let client = by_authority(nginx().strict());
    let token = logged_in(&client, &old);
    assert_eq!(old.run(client.call(&token, Call::get("/me"))).expect("an answer").answer.status(), 200);
    // The server knows the client by the name in its certificate, which is the same.
    let reply = new.run(client.call(&token, Call::get("/me"))).expect("an answer");
    assert_eq!(reply.answer.status(), 200);
    let renewed = reply.renewed.expect("a token that is bound to the new one");
    let known = new.run(client.introspect(&renewed)).expect("a document");
    assert_eq!(known.text("/cnf/x5t#S256"), Some(thumbprint(&certificates.chained)));
}

#[test]
fn rfc_8705_4_the_tokens_of_a_public_client_are_good_with_its_certificate_alone() {
    let certificates = server().certificates();
    let own = showing(&certificates.client);
    let client = server().client("tls-public").of(behind(nginx().strict())).auth(ClientAuth::None).certificate_bound();
    let token = logged_in(&client, &own);
    assert_eq!(own.run(client.userinfo(&token)).expect("a document").text("/sub").as_deref(), Some("alice"));

    let thief = showing(&certificates.chained);
    // RFC 8705 §3: 401 with invalid_token.
    assert_refused(&thief.run(client.userinfo(&token)).expect_err("stolen"), "invalid_token", 401);
    assert_refused(&thief.run(client.refresh(&token)).expect_err("stolen"), "invalid_grant", 400);
    let renewed = own.run(client.refresh(&token)).expect("a renewed token");

    let session = Session::builder(client).open().expect("a session");
    session.login(&renewed, now()).expect("kept");
    let reply = own.run(session.call(Call::get("/me"))).expect("an answer");
    assert_eq!(reply.answer.status(), 200, "a session's calls show the same certificate");
}
