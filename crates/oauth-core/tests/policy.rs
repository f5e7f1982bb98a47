//! Does a client that keeps to a profile refuse what the profile forbids, before anything is sent?

use std::sync::Arc;

use oauth_core::{
    Answer, AssertionAudience, Authorize, Client, ClientAuth, Error, Exchange, Grant, Kind, Login, Now, Policy, Prover, Provider,
    Random, Secret, Signer, Step,
};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../docs/policies.md");
const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

/// A key that signs by that algorithm, and knows no nonces.
struct Key(&'static str);

impl Signer for Key {
    fn algorithm(&self) -> &str {
        self.0
    }
    fn public_jwk(&self) -> Option<&str> {
        Some(
            r#"{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#,
        )
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, String> {
        Ok(b"signature".to_vec())
    }
}

impl Prover for Key {
    fn nonce(&self, _: &str) -> Option<String> {
        None
    }
    fn remember(&self, _: &str, _: &str) {}
}

fn record() -> Value {
    json!({
        "version": 1, "name": "example", "issuer": "https://as.example", "token": {"url": "https://as.example/token"},
        "authorize": {"url": "https://as.example/authorize"},
        "endpoints": {"pushed_authorization_request": "https://as.example/push"},
        "api": {"base": "https://api.example"},
        "x-metadata": {"issuer": "https://as.example"},
    })
}

fn provider(pointer: &str, value: Value) -> Provider {
    let mut record = record();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    record.pointer_mut(parent).expect("there").as_object_mut().expect("an object").insert(name.to_owned(), value);
    Provider::from_json(&record.to_string()).expect("a record")
}

/// What OAuth 2.1 has nothing against.
fn plain(provider: Provider) -> Client {
    Client::new(provider, "app").secret("hunter2hunter2").random(Arc::new(Counting)).policy(Policy::OAUTH_2_1)
}

/// What FAPI 2.0 has nothing against.
fn strict(provider: Provider) -> Client {
    plain(provider)
        .auth(ClientAuth::PrivateKeyJwt)
        .signer(Arc::new(Key("ES256")))
        .dpop(Arc::new(Key("ES256")))
        .policy(Policy::FAPI_2_0)
}

fn both() -> [Client; 2] {
    [plain(provider("/name", json!("example"))), strict(provider("/name", json!("example")))]
}

fn asked() -> Authorize {
    Authorize::new("https://app.example/cb").scope("openid")
}

/// The first step refuses, and nothing is sent.
#[track_caller]
fn refused<T: std::fmt::Debug>(mut exchange: Exchange<T>, section: &str) {
    refusal(exchange.step(NOW).expect_err("refused").clone(), section);
}

#[track_caller]
fn refusal(error: Error, section: &str) {
    let text = error.to_string();
    assert_eq!(error.kind(), Kind::Usage, "{text}");
    assert!(text.starts_with("policy ") && text.contains(section) && text.contains("); "), "{section}: {text}");
    let named = text.split(['(', ')']).find(|part| part.contains('§')).expect("a section");
    assert!(PAGE.contains(&format!("| {named} |")), "docs/policies.md does not have {named}");
}

#[track_caller]
fn sent<T: std::fmt::Debug>(mut exchange: Exchange<T>) {
    assert!(matches!(exchange.step(NOW), Ok(Step::Send(_))), "nothing against it");
}

#[track_caller]
fn by_client(client: &Client, section: &str) {
    refused(client.token(Grant::client_credentials()), section);
    refused(client.push(asked(), NOW, &Counting), section);
    refusal(client.authorize(asked(), NOW, &Counting).expect_err("refused"), section);
}

#[test]
fn a_client_that_keeps_to_its_policy_does_everything_else() {
    for client in both() {
        sent(client.token(Grant::client_credentials()));
        sent(client.push(asked(), NOW, &Counting));
        sent(client.token(Grant::refresh_token("r")));
    }
    let login = plain(provider("/name", json!("example"))).authorize(asked(), NOW, &Counting).expect("a login");
    assert!(login.url().contains("code_challenge_method=S256"));
}

#[test]
fn without_a_policy_nothing_of_it_is_asked() {
    let client = Client::new(provider("/api/token", json!({"in": "parameter"})), "app").secret("hunter2hunter2");
    sent(client.token(Grant::password("jo", "x")));
    sent(client.token(Grant::authorization_code("c", "https://app.example/cb")));
}

#[test]
fn the_words_are_the_names() {
    for policy in [Policy::OAUTH_2_1, Policy::FAPI_2_0] {
        assert_eq!(Policy::from_word(policy.as_str()).expect("known"), policy);
    }
    let error = Policy::from_word("FAPI").expect_err("unknown");
    assert_eq!(error.to_string(), "policy: must be oauth_2_1 or fapi_2_0");
}

#[test]
fn rfc_9700_2_4_and_fapi_2_0_5_3_2_1_no_password_grant() {
    for (client, section) in both().iter().zip(["RFC 9700 §2.4", "FAPI 2.0 §5.3.2.1"]) {
        refused(client.token(Grant::password("jo", "hunter3")), section);
        let mut renewal = client.call(&token(client), oauth_core::Call::get("/x").renew_by(Grant::password("jo", "hunter3")));
        let Step::Send(_) = renewal.step(NOW).expect("the call") else { panic!("the call") };
        renewal.receive(Ok(Answer::new(401, vec![], vec![])));
        refused(renewal, section);
    }
}

/// A token without a refresh token.
fn token(client: &Client) -> oauth_core::Token {
    let mut exchange = client.token(Grant::client_credentials());
    let Ok(Step::Send(_)) = exchange.step(NOW) else { panic!("a request") };
    let token_type = if client.place().expect("fine").iter().any(|(name, _)| *name == "dpop") { "DPoP" } else { "Bearer" };
    exchange.receive(Ok(Answer::new(200, vec![], json!({"access_token": "a", "token_type": token_type}).to_string().into())));
    let Ok(Step::Done(token)) = exchange.step(NOW) else { panic!("a token") };
    token
}

#[test]
fn rfc_9700_2_1_2_and_fapi_2_0_5_3_3_2_no_token_through_the_browser() {
    let [plain, strict] = both();
    for response_type in ["token", "id_token token", "code token", "code id_token token"] {
        let asked = asked().response_type(response_type).parameter("nonce", "n");
        refusal(plain.authorize(asked.clone(), NOW, &Counting).expect_err("refused"), "RFC 9700 §2.1.2");
        refused(plain.push(asked.clone(), NOW, &Counting), "RFC 9700 §2.1.2");
        refused(strict.push(asked, NOW, &Counting), "FAPI 2.0 §5.3.3.2 number 1");
    }
    let hybrid = asked().response_type("code id_token").parameter("nonce", "n");
    plain.authorize(hybrid.clone(), NOW, &Counting).expect("RFC 9700 §2.1.2 names it as one that may be used");
    refused(strict.push(hybrid, NOW, &Counting), "FAPI 2.0 §5.3.3.2 number 1");
    sent(strict.push(asked().response_type("code"), NOW, &Counting));
}

#[test]
fn rfc_9700_2_1_1_and_fapi_2_0_5_3_3_2_no_code_without_pkce() {
    let off = provider("/authorize/pkce", json!("off"));
    refusal(plain(off.clone()).authorize(asked(), NOW, &Counting).expect_err("refused"), "RFC 9700 §2.1.1");
    refused(strict(off.clone()).push(asked(), NOW, &Counting), "FAPI 2.0 §5.3.3.2 number 3");
    // A login that was begun before the program kept to a policy has no verifier either.
    let free = Client::new(off, "app").secret("hunter2hunter2");
    let mut login = free.authorize(asked(), NOW, &Counting).expect("a login");
    let state = login.url().split("state=").nth(1).expect("a state").split('&').next().expect("a state").to_owned();
    refused(free.policy(Policy::OAUTH_2_1).callback(&mut login, &format!("?code=c&state={state}")), "RFC 9700 §2.1.1");
    refused(both()[1].token(Grant::authorization_code("c", "https://app.example/cb")), "FAPI 2.0 §5.3.3.2 number 3");
    sent(both()[0].token(Grant::authorization_code("c", "https://app.example/cb").parameter("code_verifier", "v")));
    // RFC 6749 §3.2: what is empty is not sent.
    let empty = Grant::authorization_code("c", "https://app.example/cb").parameter("code_verifier", "");
    refused(both()[0].token(empty.clone()), "RFC 9700 §2.1.1");
    refused(both()[1].token(empty), "FAPI 2.0 §5.3.3.2 number 3");
}

#[test]
fn rfc_9700_2_1_2_and_fapi_2_0_5_3_3_2_no_token_of_a_login_that_was_begun_before_the_policy() {
    let free = Client::new(provider("/name", json!("example")), "app").secret("hunter2hunter2");
    for (strict, section) in both().iter().zip(["RFC 9700 §2.1.2", "FAPI 2.0 §5.3.3.2 number 1"]) {
        let mut free = free.clone();
        if section.starts_with("FAPI") {
            free = free.dpop(Arc::new(Key("ES256")));
        }
        let login = free.authorize(asked().response_type("token"), NOW, &Counting).expect("a login");
        let state = login.url().split("state=").nth(1).expect("a state").split('&').next().expect("a state").to_owned();
        let mut login = Login::restore(login.saved().expect("open").expose()).expect("the same");
        let iss = "iss=https%3A%2F%2Fas.example";
        refused(strict.callback(&mut login, &format!("#access_token=a&token_type=Bearer&state={state}&{iss}")), section);
        assert!(!login.is_taken());
    }
}

#[test]
fn rfc_9700_4_3_2_and_fapi_2_0_5_3_3_1_no_token_in_a_query() {
    let query = provider("/api/token", json!({"in": "parameter"}));
    by_client(&plain(query.clone()), "RFC 9700 §4.3.2");
    by_client(&strict(query), "FAPI 2.0 §5.3.3.1 number 3");
}

#[test]
fn rfc_9700_2_6_and_fapi_2_0_5_3_2_2_no_plain_http_but_to_loopback() {
    for client in both() {
        let error = client.push(Authorize::new("http://app.example/cb"), NOW, &Counting).step(NOW).expect_err("refused");
        assert!(error.kind() == Kind::Usage && error.to_string().contains("loopback"), "{error}");
        sent(client.push(Authorize::new("http://127.0.0.1:7000/cb"), NOW, &Counting));
    }
}

#[test]
fn fapi_2_0_5_3_3_2_no_login_that_was_not_pushed() {
    let error = both()[1].authorize(asked(), NOW, &Counting).expect_err("refused");
    refusal(error, "FAPI 2.0 §5.3.3.2 number 2");
}

#[test]
fn fapi_2_0_5_3_3_2_no_callback_without_iss() {
    let [plain, strict] = both();
    let taken = |client: &Client, query: &str| {
        let mut exchange = client.push(asked(), NOW, &Counting);
        let Ok(Step::Send(request)) = exchange.step(NOW) else { panic!("a request") };
        let body = String::from_utf8(request.body().to_vec()).expect("a form");
        let state = body.split("state=").nth(1).expect("a state").split('&').next().expect("a state").to_owned();
        exchange.receive(Ok(Answer::new(201, vec![], br#"{"request_uri":"urn:x","expires_in":60}"#.to_vec())));
        let Ok(Step::Done(login)) = exchange.step(NOW) else { panic!("a login") };
        let mut login = Login::restore(login.saved().expect("open").expose()).expect("the same");
        let step = client.callback(&mut login, &format!("?code=c&state={state}{query}")).step(NOW);
        (step, login.is_taken())
    };
    assert!(matches!(taken(&plain, "").0, Ok(Step::Send(_))), "the server promised none");
    let (step, was_taken) = taken(&strict, "");
    assert_eq!((step.expect_err("no iss").kind(), was_taken), (Kind::Untrusted, false));
    assert!(matches!(taken(&strict, "&iss=https%3A%2F%2Fas.example").0, Ok(Step::Send(_))));
}

#[test]
fn fapi_2_0_5_3_3_1_no_client_without_strong_authentication() {
    let client = strict(provider("/name", json!("example"))).secret(Secret::from("a secret of thirty-two bytes, or more"));
    for auth in [ClientAuth::None, ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::Post, ClientAuth::ClientSecretJwt] {
        by_client(&client.clone().auth(auth), "FAPI 2.0 §5.3.3.1 number 2");
    }
}

#[test]
fn fapi_2_0_5_3_3_1_no_provider_but_a_discovered_one() {
    by_client(&strict(provider("/x-metadata", json!(null))), "FAPI 2.0 §5.3.3.1 number 9");
    by_client(&strict(provider("/x-metadata", json!({"issuer": "https://other.example"}))), "FAPI 2.0 §5.3.3.1 number 9");
    by_client(&strict(provider("/issuer", json!("https://other.example"))), "FAPI 2.0 §5.3.3.1 number 9");
}

#[test]
fn fapi_2_0_5_3_3_1_no_assertion_for_anybody_but_the_issuer() {
    let client = strict(provider("/name", json!("example")));
    by_client(&client.clone().assertion_audience(AssertionAudience::TokenEndpoint), "FAPI 2.0 §5.3.3.1 number 5");
    let record = provider("/token/assertion_audience", json!("token_endpoint"));
    by_client(&strict(record.clone()), "FAPI 2.0 §5.3.3.1 number 5");
    sent(strict(record).assertion_audience(AssertionAudience::Issuer).token(Grant::client_credentials()));
}

#[test]
fn fapi_2_0_5_3_3_1_no_token_that_is_bound_to_nobody() {
    let unbound = plain(provider("/name", json!("example")))
        .auth(ClientAuth::PrivateKeyJwt)
        .signer(Arc::new(Key("ES256")))
        .policy(Policy::FAPI_2_0);
    by_client(&unbound, "FAPI 2.0 §5.3.3.1 number 1");
    sent(unbound.clone().certificate_bound().token(Grant::client_credentials()));
    for auth in [ClientAuth::TlsClientAuth, ClientAuth::SelfSignedTlsClientAuth] {
        sent(unbound.clone().auth(auth).token(Grant::client_credentials()));
    }
    let answered = |client: &Client, token_type: &str| {
        let mut exchange = client.token(Grant::client_credentials());
        let Ok(Step::Send(_)) = exchange.step(NOW) else { panic!("a request") };
        let answer = json!({"access_token": "a", "token_type": token_type}).to_string();
        exchange.receive(Ok(Answer::new(200, vec![], answer.into_bytes())));
        exchange.step(NOW).map(|_| ()).map_err(|error| error.kind())
    };
    let client = strict(provider("/name", json!("example")));
    assert_eq!(answered(&client, "DPoP"), Ok(()));
    assert_eq!(answered(&client, "Bearer"), Err(Kind::Garbled), "discarded, RFC 9449 §5");
    assert_eq!(answered(&client.policy(Policy::OAUTH_2_1), "Bearer"), Ok(()), "noticed there, and used");
}

#[test]
fn fapi_2_0_5_4_1_no_other_algorithm() {
    let client = || strict(provider("/name", json!("example")));
    for weak in ["RS256", "ES512", "PS384"] {
        by_client(&client().signer(Arc::new(Key(weak))), "FAPI 2.0 §5.4.1 number 1");
        by_client(&client().dpop(Arc::new(Key(weak))), "FAPI 2.0 §5.4.1 number 1");
    }
    for strong in ["PS256", "ES256", "EdDSA", "Ed25519"] {
        sent(client().signer(Arc::new(Key(strong))).dpop(Arc::new(Key(strong))).token(Grant::client_credentials()));
    }
}
