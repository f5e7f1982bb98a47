//! Does a certified server believe what our keys sign: who the client is, and that its tokens are bound to a key?

use std::sync::Arc;

use counterparts::{Counterpart, assert_refused};
use oauth_core::{
    AssertionAudience, Authorize, Call, Client, ClientAuth, Deviation, ErrorCode, Grant, Kind, Prover, Provider, Token,
};
use oauth_keys::{Algorithm, Dpop, SigningKey};
use oauth_ureq::{Agent, OsRandom, now};
use serde_json::json;

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn agent() -> &'static Agent {
    server().agent()
}

fn provider_of(issuer: &str) -> Provider {
    let record = json!({
        "version": 1,
        "name": "oidc-provider",
        "base": issuer,
        "issuer": issuer,
        "token": { "url": "/token" },
        "authorize": { "url": "/auth", "iss": "required" },
        "endpoints": { "introspection": "/token/introspection", "revocation": "/token/revocation" },
        "api": { "base": issuer, "expired": [{ "status": [401] }] },
    });
    Provider::from_json(&record.to_string()).expect("a good record")
}

fn client(name: &str) -> Client {
    server().client(name).of(provider_of(server().issuer())).random(Arc::new(OsRandom))
}

fn key(name: &str) -> SigningKey {
    let key = server().client(name).key.as_ref().expect("the client has a key");
    SigningKey::from_pem(Algorithm::from_name(&key.alg).expect("known"), &key.pem).expect("a private key").with_id(&key.kid)
}

fn keyed(name: &str) -> Client {
    client(name).auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(key(name)))
}

fn dpop() -> Arc<Dpop> {
    Arc::new(Dpop::new(SigningKey::generate_es256().expect("a key")))
}

/// The whole way: the user logs in, and the code is exchanged.
fn logged_in(client: &Client, name: &str) -> Token {
    let authorize =
        Authorize::new(server().client(name).redirect_uri()).scope("openid offline_access").parameter("prompt", "consent");
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    agent().run(client.callback(&mut login, &callback)).expect("a token")
}

#[test]
fn rfc_7523_2_2_a_client_authenticates_by_its_key_in_each_algorithm() {
    for name in ["key-es256", "key-rs256", "key-ps256", "key-eddsa"] {
        // More than once: the server refuses a jti that it has seen.
        for _ in 0..2 {
            agent().run(keyed(name).token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let registered = server().client(name).key.as_ref().expect("a key");
        let algorithm = Algorithm::from_name(&registered.alg).expect("known");
        let same = SigningKey::from_jwk(algorithm, &registered.jwk.to_string()).expect("the same key as a JWK");
        assert_eq!(same.thumbprint(), key(name).thumbprint());
        let client = client(name).auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(same));
        agent().run(client.token(Grant::client_credentials())).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn rfc_7523_3_somebody_elses_key_is_an_invalid_client() {
    let id = server().client("key-es256").key.as_ref().expect("a key").kid.clone();
    let stranger = SigningKey::generate_es256().expect("a key").with_id(&id);
    let client = client("key-es256").auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(stranger));
    assert_refused(&agent().run(client.token(Grant::client_credentials())).expect_err("refused"), "invalid_client", 401);
}

#[test]
fn rfc_7523bis_4_a_strict_server_takes_its_issuer_as_audience_and_not_its_token_endpoint() {
    let name = "fapi-es256";
    let strict = |audience| {
        let client = server().client(name).of(provider_of(server().told("/issuers/fapi"))).random(Arc::new(OsRandom));
        let client = client.auth(ClientAuth::PrivateKeyJwt).signer(Arc::new(key(name))).assertion_audience(audience).dpop(dpop());
        agent().run(client.token(Grant::refresh_token("nobody-knows-it"))).expect_err("no such refresh token")
    };
    // Whoever is told that the grant is wrong has said who it is.
    assert_refused(&strict(AssertionAudience::Issuer), "invalid_grant", 400);
    assert_refused(&strict(AssertionAudience::TokenEndpoint), "invalid_client", 401);
}

#[test]
fn oidc_core_9_a_client_authenticates_by_its_secret_as_a_key() {
    let client = client("secret-jwt").auth(ClientAuth::ClientSecretJwt);
    let token = agent().run(client.token(Grant::client_credentials().scope("read"))).expect("a token");
    // Every endpoint of the server is shown a statement of its own.
    let known = agent().run(client.introspect(&token)).expect("introspection");
    assert_eq!(known.field("/active"), Some(json!(true)));
    agent().run(client.revoke(&token)).expect("revoked");
    let known = agent().run(client.introspect(&token)).expect("introspection");
    assert_eq!(known.field("/active"), Some(json!(false)));
    let wrong = client.secret("another-secret-of-thirty-two-bytes-or-more");
    assert_refused(&agent().run(wrong.token(Grant::client_credentials())).expect_err("refused"), "invalid_client", 401);
}

#[test]
fn rfc_9449_6_a_token_is_bound_to_the_key_whose_proof_went_along() {
    let prover = dpop();
    let client = client("dpop").dpop(prover.clone()).dpop_required();
    let token = agent().run(client.token(Grant::client_credentials())).expect("a token");
    assert_eq!(token.token_type(), Some("DPoP"));
    assert!(token.authorization().is_some_and(|value| value.starts_with("DPoP ")));
    let known = agent().run(client.introspect(&token)).expect("introspection");
    assert_eq!(known.text("/cnf/jkt"), prover.thumbprint());
}

#[test]
fn rfc_9449_5_without_a_key_a_bound_client_gets_nothing() {
    assert_refused(&agent().run(client("dpop").token(Grant::client_credentials())).expect_err("refused"), "invalid_grant", 400);
}

#[test]
fn rfc_9449_7_an_api_takes_a_bound_token_with_its_proof_and_with_no_other() {
    for key in [SigningKey::generate_es256(), SigningKey::generate_ed25519()] {
        let prover = Arc::new(Dpop::new(key.expect("a key")));
        let client = client("dpop").dpop(prover);
        let token = logged_in(&client, "dpop");
        let reply = agent().run(client.call(&token, Call::get("/me"))).expect("the user's claims");
        assert_eq!(reply.answer.json().expect("JSON")["sub"], "alice");

        let thief = client.clone().dpop(dpop());
        let attempt = agent().run(thief.attempt(&token, Call::get("/me"))).expect("an answer");
        assert_eq!(attempt.died.expect("dead").standard().map(ErrorCode::as_str), Some("invalid_token"));
    }
}

#[test]
fn rfc_9449_8_the_nonces_of_server_and_api_are_asked_for_kept_and_used() {
    // Alone, to count.
    let server = Counterpart::start(counterparts::Kind::OidcProvider).expect("a server");
    let prover = dpop();
    let client = server.client("dpop-nonce").of(provider_of(server.issuer())).random(Arc::new(OsRandom)).dpop(prover.clone());
    let authorize = || Authorize::new(server.client("dpop-nonce").redirect_uri()).scope("openid");
    let mut login = client.authorize(authorize(), now(), &OsRandom).expect("a login");
    let callback = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    let token = server.agent().run(client.callback(&mut login, &callback)).expect("a token");
    assert_eq!(server.count("POST", "/token"), 2, "asked for a nonce, and once more");
    assert!(prover.nonce(server.issuer()).is_some());

    let token = server.agent().run(client.refresh(&token)).expect("a token");
    assert_eq!(server.count("POST", "/token"), 3, "the nonce is known by now");
    for (call, requests) in [(1, 2), (2, 3)] {
        let reply = server.agent().run(client.call(&token, Call::get("/me"))).expect("the user's claims");
        assert_eq!(reply.answer.status(), 200);
        assert_eq!(server.count("GET", "/me"), requests, "call {call}");
    }
    assert!(prover.nonce(&format!("{} api", server.issuer())).is_some());

    // A nonce that is not the server's is replaced on the way.
    prover.remember(server.issuer(), "of-yesterday");
    server.agent().run(client.refresh(&token)).expect("a token");
    assert_ne!(prover.nonce(server.issuer()).as_deref(), Some("of-yesterday"));
}

#[test]
fn rfc_9449_5_a_public_clients_refresh_token_is_bound_to_its_key() {
    let public = client("dpop-public").auth(ClientAuth::None);
    let client = public.clone().dpop(dpop());
    let token = logged_in(&client, "dpop-public");
    let error = agent().run(public.dpop(dpop()).refresh(&token)).expect_err("another key");
    assert_refused(&error, "invalid_grant", 400);
    let token = agent().run(client.refresh(&token)).expect("renewed");
    assert_eq!(agent().run(client.call(&token, Call::get("/me"))).expect("claims").answer.status(), 200);
}

#[test]
fn rfc_9449_10_the_server_holds_the_code_to_the_thumbprint_that_went_along() {
    let client = client("dpop").dpop(dpop());
    let authorize = Authorize::new(server().client("dpop").redirect_uri()).scope("openid");
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = server().browser().sign_in(login.url(), "alice").expect("the user comes back");
    let saved = login.saved().expect("open");
    // Ours would refuse it; what the server does with another key's proof shows that it read dpop_jkt.
    let other = dpop();
    let swapped = saved.expose().replace(
        &format!(r#""dpop_jkt":"{}""#, thumbprint_in(saved.expose())),
        &format!(r#""dpop_jkt":"{}""#, other.thumbprint().expect("asymmetric")),
    );
    let mut stolen = oauth_core::Login::restore(&swapped).expect("a login");
    let thief = client.clone().dpop(other);
    assert_eq!(agent().run(thief.callback(&mut login, &callback)).expect_err("another key").kind(), Kind::Usage);
    assert_refused(&agent().run(thief.callback(&mut stolen, &callback)).expect_err("refused"), "invalid_grant", 400);
}

fn thumbprint_in(saved: &str) -> &str {
    saved.split_once(r#""dpop_jkt":""#).and_then(|(_, rest)| rest.split_once('"')).expect("a thumbprint").0
}

#[test]
fn rfc_9449_5_a_server_without_dpop_is_noticed() {
    // The oauth2-server knows nothing of proofs, and says Bearer.
    let plain = Counterpart::oauth2_server();
    let record = json!({"version": 1, "name": "plain", "base": plain.issuer(), "token": {"url": "/token"}});
    let provider = Provider::from_json(&record.to_string()).expect("a good record");
    let client = plain.client("plain").of(provider).random(Arc::new(OsRandom)).dpop(dpop());
    let token = plain.agent().run(client.token(Grant::client_credentials())).expect("a token");
    assert!(token.deviations().contains(&Deviation::TOKEN_TYPE_UNBOUND));
    let error = plain.agent().run(client.dpop_required().token(Grant::client_credentials())).expect_err("discarded");
    assert_eq!(error.kind(), Kind::Garbled, "{error}");
}

#[test]
fn private_key_jwt_and_dpop_go_together_through_a_renewal() {
    let client = keyed("key-es256").dpop(dpop());
    let token = logged_in(&client, "key-es256");
    assert_eq!(token.token_type(), Some("DPoP"));
    let renewed = agent().run(client.refresh(&token)).expect("renewed");
    assert_eq!(agent().run(client.call(&renewed, Call::get("/me"))).expect("claims").answer.status(), 200);
}
