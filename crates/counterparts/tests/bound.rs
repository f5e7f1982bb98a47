//! Does a key go along wherever a client goes: pushed requests, devices, sessions, and a server that wants everything at once?

use std::{sync::Arc, thread};

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Approval, Authorize, Call, Client, ClientAuth, Prover, Provider, Token};
use oauth_keys::{Algorithm, Dpop, SigningKey};
use oauth_session::{Memory, Session};
use oauth_ureq::{Agent, OsRandom, now};

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn discovered(issuer: &str) -> Provider {
    agent().run(Provider::discover(issuer)).expect("a provider")
}

fn dpop() -> Arc<Dpop> {
    Arc::new(Dpop::new(SigningKey::generate_es256().expect("a key")))
}

fn client(name: &str, prover: &Arc<Dpop>) -> Client {
    let client = server().client(name).of(discovered(server().issuer())).auth(ClientAuth::Basic);
    client.random(Arc::new(OsRandom)).dpop(prover.clone()).dpop_required()
}

fn asked(name: &str) -> Authorize {
    Authorize::new(server().client(name).redirect_uri()).scope("openid")
}

fn me() -> Call {
    Call::get(&format!("{}/me", server().issuer()))
}

fn pushed(client: &Client, name: &str) -> Token {
    let mut login = agent().run(client.push(asked(name), now(), &OsRandom)).expect("pushed");
    assert!(!login.url().contains("dpop_jkt"), "it was pushed");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token")
}

#[test]
fn rfc_9449_10_1_a_pushed_request_binds_the_code_and_is_asked_for_a_nonce_like_any_other() {
    let prover = dpop();
    let client = client("dpop-nonce", &prover);
    assert!(prover.nonce(server().issuer()).is_none());
    let token = pushed(&client, "dpop-nonce");
    assert!(prover.nonce(server().issuer()).is_some());
    let user = agent().run(client.userinfo(&token)).expect("the user's claims");
    assert_eq!(user.text("/sub").as_deref(), Some("alice"));
}

#[test]
fn rfc_8628_3_4_a_device_polls_with_proofs_and_takes_the_nonce_on_the_way() {
    let prover = dpop();
    let client = client("dpop-nonce", &prover);
    let device = agent().run(client.device([("scope", "openid")])).expect("a device");
    let url = device.verification_uri_complete().expect("a whole address");
    server().browser().approve_device(url, "alice").expect("the user agrees");
    let token = agent().run(client.poll(Approval::from(&device))).expect("a token");
    assert_eq!(token.token_type(), Some("DPoP"));
    assert_eq!(agent().run(client.call(&token, me())).expect("claims").answer.status(), 200);
}

#[test]
fn a_session_renews_a_bound_token_with_its_key_once_for_all() {
    let prover = dpop();
    let client = client("dpop-nonce", &prover);
    let session = Session::builder(client.clone()).user("alice").store(Memory::new()).open().expect("a session");
    let token = pushed(&client, "dpop-nonce");
    // As if it had been kept for longer than it is good.
    let mut saved: serde_json::Value = serde_json::from_str(token.saved().expose()).expect("JSON");
    saved["expires_at"] = 1.into();
    let old = Token::restore(&saved.to_string()).expect("a saved token");
    session.login(&old, now()).expect("kept");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let reply = agent().run(session.call(me())).expect("claims");
                assert_eq!(reply.answer.status(), 200);
            });
        }
    });
    let renewed = agent().run(session.token()).expect("a token");
    assert_ne!(renewed.access_token(), token.access_token());
    assert!(renewed.authorization().is_some_and(|value| value.starts_with("DPoP ")));
}

#[test]
fn fapi_2_0_private_key_jwt_a_pushed_request_pkce_iss_and_dpop_against_a_server_that_wants_them_all() {
    for name in ["fapi-es256", "fapi-ps256", "fapi-eddsa"] {
        let key = server().client(name).key.as_ref().expect("a key");
        let algorithm = Algorithm::from_name(&key.alg).expect("known");
        let signer = SigningKey::from_pem(algorithm, &key.pem).expect("a private key").with_id(&key.kid);
        let provider = discovered(server().told("/issuers/fapi"));
        let keyless = server().client(name).of(provider).auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(signer));
        let keyless = keyless.random(Arc::new(OsRandom));
        let client = keyless.clone().dpop(dpop()).dpop_required();
        let token = pushed(&client, name);
        assert_eq!(token.token_type(), Some("DPoP"), "{name}");
        let user = agent().run(client.userinfo(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(user.text("/sub").as_deref(), Some("alice"));
        let newer = agent().run(client.refresh(&token)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(agent().run(client.userinfo(&newer)).expect("claims").text("/sub").as_deref(), Some("alice"));
        // And without the key's proof it gives nothing.
        assert_refused(&agent().run(keyless.refresh(&newer)).expect_err("refused"), "invalid_grant", 400);
    }
}
