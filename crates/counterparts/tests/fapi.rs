//! Does a server that keeps to the FAPI 2.0 security profile let our client in, with nothing known of it but its issuer?

use std::sync::Arc;

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Authorize, Client, ClientAuth, Grant, Kind, Policy, Provider};
use oauth_keys::{Algorithm, Dpop, ServerKeys, SigningKey};
use oauth_ureq::{Agent, OsRandom, Roots, now};
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

/// The same, that keeps to the profile.
fn strict(name: &str) -> Client {
    client(name).verifier(Arc::new(ServerKeys::new())).policy(Policy::FAPI_2_0)
}

#[test]
fn fapi_2_0_5_3_3_a_whole_login_has_nothing_that_the_policy_forbids() {
    for name in ["fapi-es256", "fapi-ps256", "fapi-eddsa"] {
        let client = strict(name);
        let mut login = agent().run(client.push(asked(name), now(), &OsRandom)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        let token = agent().run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(token.token_type(), Some("DPoP"));
        let claims = agent().run(client.id_token(&token, None)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(claims.text("/sub").as_deref(), Some("alice"), "{name}");
        agent().run(client.userinfo(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        agent().run(client.refresh(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn fapi_2_0_5_3_3_1_a_certificate_takes_the_place_of_both_keys() {
    let identity = &server().certificates().client;
    let roots = Roots::Pem(server().ca_pem().into());
    let agent = Agent::builder().roots(roots).client_certificate(identity.certificate.as_str(), identity.key.as_str());
    let agent = agent.build().expect("an agent");
    let provider = agent.run(Provider::discover(server().told("/issuers/fapi"))).expect("a provider");
    let client = server().client("fapi-tls").of(provider).auth(ClientAuth::TlsClientAuth);
    let client = client.verifier(Arc::new(ServerKeys::new())).policy(Policy::FAPI_2_0);
    let mut login = agent.run(client.push(asked("fapi-tls"), now(), &OsRandom)).unwrap_or_else(|error| panic!("{error}"));
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = agent.run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(agent.run(client.userinfo(&token)).expect("a user").text("/sub").as_deref(), Some("alice"));
    agent.run(client.refresh(&token)).expect("a renewed token");
    // RFC 8705 §3: without its certificate a token is nothing.
    assert_refused(&self::agent().run(client.userinfo(&token)).expect_err("no certificate"), "invalid_token", 401);
}

#[test]
fn fapi_2_0_message_signing_request_and_answer_are_signed_and_the_tokens_bound() {
    for name in ["fapi-signing-es256", "fapi-signing-ps256", "fapi-signing-eddsa"] {
        let client = strict(name);
        let asked = || asked(name).response_mode("jwt");
        let error = agent().run(client.push(asked(), now(), &OsRandom)).expect_err("this server wants it signed");
        assert_eq!(error.standard_code(), Some("invalid_request"), "{name}: {error}");
        let pushed =
            || agent().run(client.push(asked().signed(), now(), &OsRandom)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut login = pushed();
        let refused = server().browser().refuse(login.url()).expect("the user comes back");
        let error = agent().run(client.callback(&mut login, &refused)).expect_err("the user said no");
        assert_eq!(error.standard_code(), Some("access_denied"), "{name}: {error}");
        let mut login = pushed();
        let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
        assert!(callback.contains("?response=") && !callback.contains("code="), "{name}: {callback}");
        let token = agent().run(client.callback(&mut login, &callback)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(token.token_type(), Some("DPoP"), "{name}");
        let user = agent().run(client.userinfo(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(user.text("/sub").as_deref(), Some("alice"), "{name}");
        let renewed = agent().run(client.refresh(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        agent().run(client.id_token(&renewed, None)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn fapi_2_0_5_3_3_1_a_certificate_proves_the_client_and_binds_its_tokens_as_well() {
    let certificates = server().certificates();
    let kept = agent().run(Provider::discover(server().issuer())).expect("a provider").record_json();
    for (name, auth, identity) in [
        ("tls", ClientAuth::TlsClientAuth, &certificates.client),
        ("tls-self-signed", ClientAuth::SelfSignedTlsClientAuth, &certificates.self_signed),
    ] {
        let builder = Agent::builder().roots(Roots::Pem(server().ca_pem().into()));
        let agent = builder.client_certificate(identity.certificate.as_str(), identity.key.as_str()).build().expect("an agent");
        // A record that was discovered once is as good as one that is discovered now.
        let provider = Provider::from_json(&kept).expect("the same record");
        let client = server().client(name).of(provider).auth(auth).policy(Policy::FAPI_2_0);
        let logged_in = |client: &Client| {
            let mut login =
                agent.run(client.push(asked(name), now(), &OsRandom)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
            agent.run(client.callback(&mut login, &callback))
        };
        let token = logged_in(&client).unwrap_or_else(|error| panic!("{name}: {error}"));
        let known = agent.run(client.introspect(&token)).expect("a document");
        assert!(known.text("/cnf/x5t#S256").is_some(), "{name}: bound, although it is called {:?}", token.token_type());
        agent.run(client.refresh(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));

        // Its ID tokens are signed by RS256, as this server does where nothing else was agreed.
        let client = client.verifier(Arc::new(ServerKeys::new()));
        let error = logged_in(&client).expect_err("RS256");
        assert!(error.kind() == Kind::Untrusted && error.to_string().contains("FAPI 2.0 §5.4.1"), "{name}: {error}");
        logged_in(&client.policy(Policy::OAUTH_2_1)).expect("nothing against it there");
    }
}

#[test]
fn fapi_2_0_5_3_3_2_what_the_policy_forbids_never_reaches_the_server() {
    let server = &Counterpart::start(counterparts::Kind::OidcProvider).expect("a server alone");
    let known = server.client("fapi-es256");
    // This issuer would take a request that was not pushed.
    let provider = server.agent().run(Provider::discover(server.issuer())).expect("a provider");
    let key = known.key.as_ref().expect("the client has a key");
    let signer = SigningKey::from_pem(Algorithm::Es256, &key.pem).expect("a key").with_id(&key.kid);
    let client = known
        .of(provider)
        .auth(ClientAuth::PrivateKeyJwt)
        .signer(Arc::new(signer))
        .random(Arc::new(OsRandom))
        .dpop(Arc::new(Dpop::new(SigningKey::generate_es256().expect("a key"))))
        .policy(Policy::FAPI_2_0);
    let error = client.authorize(asked("fapi-es256"), now(), &OsRandom).expect_err("not pushed");
    assert!(error.kind() == Kind::Usage && error.to_string().contains("FAPI 2.0 §5.3.3.2 number 2"), "{error}");
    let error = server.agent().run(client.token(Grant::password("alice", "x"))).expect_err("a password");
    assert!(error.kind() == Kind::Usage && error.to_string().contains("FAPI 2.0 §5.3.2.1 number 2"), "{error}");
    let error =
        server.agent().run(client.auth(ClientAuth::None).token(Grant::client_credentials())).expect_err("a public client");
    assert!(error.kind() == Kind::Usage && error.to_string().contains("FAPI 2.0 §5.3.3.1 number 2"), "{error}");
    assert_eq!(server.count("POST", "/token"), 0);
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
