//! Is a login that an API wanted otherwise noticed, by the client and by the API?

use std::sync::Arc;

use oauth_core::{
    Answer, Authorize, Challenge, Client, Document, Error, Exchange, Kind, Login, Now, Provider, Random, Step, StepUp, Token,
    sign_jwt,
};
use oauth_keys::{ServerKeys, SigningKey};
use serde_json::{Value, json};

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 5_000_000 };
const S: i64 = 1_700_000_000;
/// The user took three minutes.
const LATER: Now = Now { wall: 1_700_000_180_000, mono: 5_180_000 };
const API: &str = "https://api.example/";

struct Counting;

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        (1..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn client(metadata: &Value) -> Client {
    let record = json!({
        "version": 1, "name": "example", "base": "https://as.example", "issuer": "https://as.example", "token": {"url": "/token"},
        "authorize": {"url": "/authorize"}, "endpoints": {"jwks": "/keys"}, "x-metadata": metadata,
    });
    Client::new(Provider::from_json(&record.to_string()).expect("a record"), "app")
        .secret("s")
        .verifier(Arc::new(ServerKeys::new()))
}

fn run<T>(mut exchange: Exchange<T>, now: Now, keys: &str, token: &str) -> Result<T, Error> {
    loop {
        match exchange.step(now)? {
            Step::Send(request) => {
                let body = if request.url() == "https://as.example/keys" { keys } else { token };
                exchange.receive(Ok(Answer::new(200, vec![], body.into())));
            }
            Step::Done(done) => return Ok(done),
            _ => panic!("no other step"),
        }
    }
}

fn parameter(login: &Login, name: &str) -> Option<String> {
    let query = login.url().split_once('?').expect("a query").1;
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The end of a login that is over three minutes later, with an ID token of these claims besides.
fn logged_in(client: &Client, authorize: Authorize, claims: &Value) -> Result<Token, Error> {
    let client = &client.clone().verifier(Arc::new(ServerKeys::new()));
    let key = SigningKey::generate_es256().expect("a key").with_id("k1");
    let login = client.authorize(authorize.parameter("nonce", "n"), NOW, &Counting).expect("a login");
    let callback = format!("?code=c&state={}", parameter(&login, "state").expect("a state"));
    // As in a program: kept in the user's session, and restored from there.
    let mut login = Login::restore(login.saved().expect("kept").expose()).expect("restored");
    let mut all = json!({"iss": "https://as.example", "sub": "alice", "aud": "app", "exp": S + 300, "iat": S, "nonce": "n"});
    all.as_object_mut().expect("claims").extend(claims.as_object().expect("claims").clone());
    let id_token = sign_jwt(&key, Some("JWT"), &all).expect("signed");
    let token = json!({"access_token": "a", "token_type": "Bearer", "id_token": id_token.expose()}).to_string();
    let keys = format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public"));
    run(client.callback(&mut login, &callback), LATER, &keys, &token)
}

fn asked() -> Authorize {
    Authorize::new("https://app.example/cb").scope("openid")
}

fn wanted(step_up: &StepUp) -> Authorize {
    asked().step_up(&Challenge::parse_all([step_up.challenge("Bearer").as_str()]).remove(0))
}

#[test]
fn openid_core_3_1_3_7_number_13_a_login_from_before_is_untrusted() {
    let client = client(&json!({}));
    for authorize in [wanted(&StepUp::new().max_age(300)), asked().parameter("max_age", "300")] {
        for auth_time in [S + 100, S, S - 300, S - 329] {
            logged_in(&client, authorize.clone(), &json!({ "auth_time": auth_time })).expect("recent when it was asked for");
        }
        for wrong in [json!(S - 331), json!(0), json!(S.to_string()), json!(null), json!(S + 211)] {
            let error = logged_in(&client, authorize.clone(), &json!({ "auth_time": wrong })).expect_err("not so");
            assert_eq!(error.kind(), Kind::Untrusted, "{wrong}: {error}");
        }
        let error = logged_in(&client, authorize, &json!({})).expect_err("not told");
        assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    }
    logged_in(&client, asked(), &json!({})).expect("nothing was asked for");
    let most = wanted(&StepUp::new().max_age(u64::MAX));
    logged_in(&client, most, &json!({ "auth_time": 0 })).expect("no arithmetic overflows");
}

#[test]
fn openid_core_3_1_3_7_number_13_what_the_providers_record_asks_for_counts_as_well() {
    let mut record: Value = serde_json::from_str(&client(&json!({})).provider().record_json()).expect("JSON");
    record["authorize"]["parameters"] = json!({"max_age": "300"});
    let client = Client::new(Provider::from_json(&record.to_string()).expect("a record"), "app").secret("s");
    let client = client.verifier(Arc::new(ServerKeys::new()));
    logged_in(&client, asked(), &json!({ "auth_time": S - 300 })).expect("recent when it was asked for");
    for wrong in [json!({}), json!({ "auth_time": S - 331 })] {
        assert_eq!(logged_in(&client, asked(), &wrong).expect_err("not so").kind(), Kind::Untrusted, "{wrong}");
    }
    for own in ["86400", ""] {
        let authorize = asked().parameter("max_age", own);
        logged_in(&client, authorize, &json!({ "auth_time": S - 331 })).expect("the program's word comes first");
    }
}

#[test]
fn openid_core_3_1_3_7_number_12_a_login_in_another_way_is_refused() {
    let client = client(&json!({}));
    let gold = || wanted(&StepUp::new().acr_values("gold silver"));
    for acr in ["gold", "silver"] {
        logged_in(&client, gold(), &json!({ "acr": acr })).expect("one of them");
    }
    for claims in [json!({}), json!({"acr": "bronze"}), json!({"acr": "gold silver"}), json!({"acr": "Gold"})] {
        let error = logged_in(&client, gold(), &claims).expect_err("none of them");
        assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("unmet_authentication_requirements")), "{error}");
        assert!(error.code().is_none() && !error.is_transient(), "no word of the server's");
    }
    let error = logged_in(&client, gold(), &json!({ "acr": 1 })).expect_err("no text");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    let wish = asked().parameter("acr_values", "gold");
    logged_in(&client, wish, &json!({"acr": "bronze"})).expect("a wish of the program's, which a server may leave");
}

#[test]
fn openid_core_5_5_1_1_a_server_that_reads_claims_is_told_that_it_must() {
    let reads = client(&json!({"claims_parameter_supported": true}));
    let begun = |client: &Client, authorize: Authorize| client.authorize(authorize, NOW, &Counting).expect("a login");
    let gold = || wanted(&StepUp::new().acr_values("gold silver"));
    let login = begun(&reads, gold());
    let claims: Value = serde_json::from_str(&parameter(&login, "claims").expect("there")).expect("JSON");
    assert_eq!(claims, json!({"id_token": {"acr": {"essential": true, "values": ["gold", "silver"]}}}));
    assert_eq!(parameter(&login, "acr_values"), None, "one of the two");
    let error = logged_in(&reads, gold(), &json!({"acr": "bronze"})).expect_err("and it is checked all the same");
    assert_eq!(error.standard_code(), Some("unmet_authentication_requirements"));

    let own = begun(&reads, gold().parameter("claims", "{}"));
    assert_eq!(
        (parameter(&own, "claims").as_deref(), parameter(&own, "acr_values").as_deref()),
        (Some("{}"), Some("gold silver"))
    );
    for other in [begun(&client(&json!({})), gold()), begun(&reads, gold().scope("accounts")), begun(&reads, asked())] {
        assert_eq!(parameter(&other, "claims"), None);
    }
}

#[test]
fn a_max_age_that_is_none_is_told_before_anything_is_sent() {
    let error = client(&json!({})).authorize(asked().parameter("max_age", "soon"), NOW, &Counting).expect_err("no number");
    assert!(error.kind() == Kind::Usage && error.to_string().contains("max_age"), "{error}");
}

/// The claims of an access token, as an API gets to know them.
fn access(claims: &Value) -> Document {
    let key = SigningKey::generate_es256().expect("a key").with_id("k1");
    let mut all =
        json!({"iss": "https://as.example", "sub": "alice", "aud": API, "exp": S + 300, "iat": S, "jti": "j", "client_id": "c"});
    all.as_object_mut().expect("claims").extend(claims.as_object().expect("claims").clone());
    let jwt = sign_jwt(&key, Some("at+jwt"), &all).expect("signed");
    let client = client(&json!({}));
    let token = client.presented(&format!("Bearer {}", jwt.expose()), NOW).expect("a token");
    let keys = format!(r#"{{"keys":[{}]}}"#, key.published_jwk().expect("public"));
    run(client.access_token_claims(&token, API), NOW, &keys, "").expect("good")
}

#[test]
fn rfc_9470_6_1_an_api_sees_by_the_token_how_its_user_logged_in() {
    let wanted = StepUp::new().acr_values("gold silver").max_age(60);
    let met = |claims: Value| wanted.is_met_by(&access(&claims), NOW);
    assert!(met(json!({"acr": "silver", "auth_time": S - 60})));
    for claims in [
        json!({"acr": "bronze", "auth_time": S}),
        json!({"acr": "silver", "auth_time": S - 91}),
        json!({"acr": "silver", "auth_time": S + 31}),
        json!({"acr": "silver", "auth_time": S.to_string()}),
        json!({"acr": ["silver"], "auth_time": S}),
        json!({"acr": "silver"}),
        json!({"auth_time": S}),
    ] {
        assert!(!met(claims.clone()), "{claims}");
    }
    assert!(StepUp::new().is_met_by(&access(&json!({})), NOW), "any login will do");
}

#[test]
fn rfc_9470_3_what_an_api_says_is_what_a_client_reads() {
    let wanted = StepUp::new().acr_values(" gold\tsil\"v\\er ").max_age(5);
    let field = wanted.challenge("DPoP");
    let answer = Answer::new(401, vec![("WWW-Authenticate".to_owned(), field)], vec![]);
    let read = answer.step_up().expect("a challenge");
    assert!(read.is("DPoP"));
    assert_eq!((read.acr_values().collect::<Vec<_>>(), read.max_age()), (vec!["gold", "sil\"v\\er"], Some(5)));
    assert!(!StepUp::new().acr_values("a\r\nX: b\u{fc}").challenge("Bearer").contains(['\r', '\n', '\u{fc}']), "no other header");
}
