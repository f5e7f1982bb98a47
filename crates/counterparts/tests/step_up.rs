//! Does a user log in once more, and better, where an API wants it so?
//!
//! The API is one of this test's own: it checks the tokens of a certified server by that server's keys, and says which login would do.

mod site;

use std::sync::Arc;

use counterparts::{Browser, Counterpart};
use oauth_core::{Authorize, Call, Challenge, Client, ClientAuth, Error, Kind, Provider, StepUp, Token};
use oauth_keys::ServerKeys;
use oauth_ureq::{OsRandom, now};
use serde_json::json;
use site::{Asked, Said, Site};

/// RFC 8707 §2: what the API calls itself.
const API: &str = "https://api.example/jwt";
const NAME: &str = "id-token-es256";

fn server() -> &'static Counterpart {
    Counterpart::oidc_provider()
}

fn provider() -> Provider {
    server().agent().run(Provider::discover(server().issuer())).expect("a provider")
}

/// An API that lets everybody with a token in at `/any`, and at `/gold` and `/now` those who logged in so.
fn api() -> Site {
    let checks = Client::new(provider(), "api").auth(ClientAuth::None).verifier(Arc::new(ServerKeys::new()));
    Site::start(&server().certificates().server, move |_, asked| says(&checks, asked))
}

fn says(checks: &Client, asked: &Asked) -> Said {
    let token = checks.presented(asked.authorization.as_deref().unwrap_or_default(), now());
    let claims = token.and_then(|token| server().agent().run(checks.access_token_claims(&token, API)));
    let Ok(claims) = claims else {
        return ("401 Unauthorized", Some(r#"Bearer error="invalid_token""#.to_owned()), String::new());
    };
    let wanted = match asked.path.as_str() {
        "/gold" => StepUp::new().acr_values("gold silver"),
        // No login is from the future.
        "/now" => StepUp::new().max_age(0).acr_values("gold"),
        _ => StepUp::new(),
    };
    if wanted.is_met_by(&claims, now()) {
        return ("200 OK", None, json!({ "acr": claims.field("/acr") }).to_string());
    }
    ("401 Unauthorized", Some(wanted.challenge("Bearer")), String::new())
}

fn client(provider: Provider) -> Client {
    server().client(NAME).of(provider).random(Arc::new(OsRandom)).verifier(Arc::new(ServerKeys::new()))
}

fn asked() -> Authorize {
    Authorize::new(server().client(NAME).redirect_uri()).scope("openid read").resource(API)
}

fn logged_in(client: &Client, browser: &mut Browser, authorize: Authorize, user: &str) -> Result<Token, Error> {
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = browser.sign_in(login.url(), user).expect("the user comes back");
    server().agent().run(client.callback(&mut login, &callback))
}

/// Status, and what is wanted.
fn called(client: &Client, token: &Token, url: &str) -> (u16, Option<Challenge>) {
    let reply = server().agent().run(client.call(token, Call::get(url))).expect("an answer");
    assert!(reply.renewed.is_none(), "another token would not help");
    (reply.answer.status(), reply.answer.step_up())
}

#[test]
fn rfc_9470_4_from_a_demand_of_an_api_to_the_login_that_it_wants() {
    let (api, client, mut browser) = (api(), client(provider()), server().browser());
    let token = logged_in(&client, &mut browser, asked(), "alice").expect("a token");
    assert_eq!(called(&client, &token, &api.url("/any")).0, 200);
    let (status, challenge) = called(&client, &token, &api.url("/gold"));
    let challenge = challenge.expect("a better login is wanted");
    assert_eq!((status, challenge.acr_values().collect::<Vec<_>>()), (401, vec!["gold", "silver"]));

    // The same browser, where the user is logged in already, is asked once more, since the wish was one that must be met.
    let better = logged_in(&client, &mut browser, asked().step_up(&challenge), "alice").expect("a better login");
    let claims = server().agent().run(client.id_token(&better, None)).expect("claims");
    assert_eq!(claims.text("/acr").as_deref(), Some("gold"));
    assert_eq!(called(&client, &better, &api.url("/gold")), (200, None));
    assert_eq!(called(&client, &token, &api.url("/gold")).0, 401, "the old token is no better than before");
}

#[test]
fn rfc_9470_5_a_max_age_has_the_user_log_in_again() {
    let (client, mut browser) = (client(provider()), server().browser());
    let challenge = Challenge::parse_all([r#"Bearer error="insufficient_user_authentication", max_age="0""#]).remove(0);
    let first = logged_in(&client, &mut browser, asked().parameter("max_age", "1000"), "alice").expect("a token");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let second = logged_in(&client, &mut browser, asked().step_up(&challenge), "alice").expect("a token");
    let when = |token: &Token| {
        let claims = server().agent().run(client.id_token(token, None)).expect("claims");
        claims.field("/auth_time").and_then(|time| time.as_i64()).expect("told where max_age was asked for")
    };
    assert!(when(&second) > when(&first), "not the login from before");
}

#[test]
fn unmet_authentication_requirements_2_a_server_that_cannot_says_so() {
    let challenge = StepUp::new().acr_values("gold").challenge("Bearer");
    let challenge = Challenge::parse_all([challenge.as_str()]).remove(0);
    let client = client(provider());
    let error = logged_in(&client, &mut server().browser(), asked().step_up(&challenge), "weak").expect_err("bronze alone");
    assert_eq!((error.kind(), error.code()), (Kind::Refused, Some("unmet_authentication_requirements")), "{error}");
}

#[test]
fn openid_core_3_1_3_7_a_login_in_another_way_than_the_api_wants_is_noticed() {
    // A server of which it is not known that it reads the claims parameter is free to log the user in as it can.
    let mut record: serde_json::Value = serde_json::from_str(&provider().record_json()).expect("JSON");
    record["x-metadata"]["claims_parameter_supported"] = json!(false);
    let client = client(Provider::from_json(&record.to_string()).expect("a record"));
    let challenge = StepUp::new().acr_values("gold silver").challenge("Bearer");
    let challenge = Challenge::parse_all([challenge.as_str()]).remove(0);

    let error = logged_in(&client, &mut server().browser(), asked().step_up(&challenge), "weak").expect_err("bronze");
    assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("unmet_authentication_requirements")), "{error}");
    // One who is logged in already stays so.
    let mut browser = server().browser();
    logged_in(&client, &mut browser, asked(), "alice").expect("a token");
    let error = logged_in(&client, &mut browser, asked().step_up(&challenge), "alice").expect_err("bronze");
    assert_eq!(error.standard_code(), Some("unmet_authentication_requirements"), "{error}");
    let token = logged_in(&client, &mut browser, asked().step_up(&challenge).parameter("prompt", "login"), "alice");
    token.expect("asked once more, gold");
}
