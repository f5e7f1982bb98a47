//! Does Honeywell Home behave as its guide says?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use active_sandbox::{Origin, Provider, Revoke};
use common::{REDIRECT, Reply, World, basic, encoded, parameter, world};
use serde_json::{Value, json};

fn ask(world: &World, path: &str, authorization: &str, form: &[(&str, &str)]) -> Reply {
    world.form(&world.url(Origin::Honeywell, path), &[("authorization", authorization)], form)
}

fn credentials_token(world: &World, authorization: &str) -> Reply {
    ask(world, "/oauth2/accesstoken", authorization, &[("grant_type", "client_credentials")])
}

#[test]
fn the_printed_headers_get_the_printed_answer() {
    let world = world();
    let printed = [
        ("MTIzYWJjOjQ1NmRlZg==", "123abc"),
        ("MTIzOmFiYw==", "123"),
        (
            "OVVZOE5ybUR0SWg4R1ZUa05kWDBZN0k2azM3MjU0YTk6WjE5NDczODFyd2dmMFdrUFBHUEhuR2lrNmgzTGRoWjk=",
            "9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9",
        ),
    ];
    for (header, client_id) in printed {
        let reply = credentials_token(&world, &format!("Basic {header}"));
        assert_eq!(reply.status, 200, "{reply:?}");
        let value = reply.value();
        assert!(value.as_object().unwrap().values().all(Value::is_string), "everything is a string: {value}");
        assert_eq!(value[""], "", "one member has an empty name");
        assert_eq!(value["client_id"], client_id);
        assert_eq!(value["token_type"], "BearerToken");
        assert_eq!(value["expires_in"], "3599");
        assert_eq!((&value["refresh_token_expires_in"], &value["refresh_count"]), (&json!("0"), &json!("0")));
        assert_eq!((&value["organization_name"], &value["status"]), (&json!("connectedhome"), &json!("approved")));
        assert!(value.get("refresh_token").is_none());
        let issued_at: i64 = value["issued_at"].as_str().unwrap().parse().unwrap();
        assert!((world.sandbox.now_ms() - issued_at).abs() < 10_000);
    }
}

#[test]
fn every_refusal_comes_in_apigees_shapes() {
    let world = world();
    let good = basic("123abc", "456def");
    let cases = [
        (basic("nobody", "x"), "client_credentials", 401, "invalid_client"),
        (basic("123abc", "wrong"), "client_credentials", 401, "invalid_client"),
        ("Bearer x".into(), "client_credentials", 401, "invalid_client"),
        (good.clone(), "", 400, "invalid_request"),
        (good.clone(), "password", 400, "unsupported_grant_type"),
        (good.clone(), "refresh_token", 400, "unsupported_grant_type"),
    ];
    for (header, grant, status, code) in cases {
        let reply = ask(&world, "/oauth2/accesstoken", &header, &[("grant_type", grant)]);
        assert_eq!((reply.status, reply.text("ErrorCode")), (status, code.into()), "{grant}");
        assert!(!reply.text("Error").is_empty());
    }
    let elsewhere = ask(&world, "/oauth2/token", &good, &[("grant_type", "client_credentials")]);
    assert_eq!((elsewhere.status, elsewhere.text("ErrorCode")), (400, "unsupported_grant_type".into()));
    world.sandbox.reading(Provider::Honeywell, &json!({"errors": "fault"})).unwrap();
    let fault = credentials_token(&world, &basic("nobody", "x")).value();
    assert_eq!(fault["fault"]["detail"]["errorcode"], "oauth.v2.InvalidClientIdentifier");
    assert_eq!(fault["fault"]["faultstring"], "ClientId is Invalid");
    world.sandbox.reading(Provider::Honeywell, &json!({"errors": "rfc"})).unwrap();
    assert_eq!(credentials_token(&world, &basic("nobody", "x")).error(), (401, "invalid_client".into()));
    let url = world.url(Origin::Honeywell, "/oauth2/accesstoken");
    assert_eq!(world.get(&url, &[]).status, 405);
    let as_json = world.json(&url, &[("authorization", &good)], &json!({"grant_type": "client_credentials"}));
    assert_eq!(as_json.error(), (400, "invalid_request".into()));
}

#[test]
fn credentials_are_raw_in_basic_and_nowhere_else() {
    let world = world();
    let own = &world.sandbox.describe()["credentials"]["honeywell"]["special"];
    let (id, secret) = (own["client_id"].as_str().unwrap(), own["client_secret"].as_str().unwrap());
    assert_eq!(credentials_token(&world, &basic(id, secret)).text("client_id"), id);
    let form_encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    assert_eq!(credentials_token(&world, &basic(&form_encoded(id), &form_encoded(secret))).status, 401);
    let form = [("grant_type", "client_credentials"), ("client_id", "123abc"), ("client_secret", "456def")];
    assert_eq!(world.form(&world.url(Origin::Honeywell, "/oauth2/accesstoken"), &[], &form).status, 401);
}

#[test]
fn the_readings_of_the_answer_are_played() {
    let world = world();
    world.sandbox.reading(Provider::Honeywell, &json!({"numbers": "number", "token_type": "Bearer", "lifetime_s": 60})).unwrap();
    let value = credentials_token(&world, &basic("123abc", "456def")).value();
    assert_eq!((&value["expires_in"], &value["token_type"]), (&json!(60), &json!("Bearer")));
}

#[test]
fn the_api_wants_the_token_the_key_and_the_user() {
    let world = world();
    let bearer = format!("Bearer {}", world.honeywell_token());
    let call = |path: &str, headers: &[(&str, &str)]| world.get(&world.url(Origin::Honeywell, path), headers);
    let all = [("authorization", bearer.as_str()), ("UserRefID", "4711")];
    let locations = call("/v2/locations?apikey=123abc", &all);
    assert_eq!((locations.status, locations.value()[0]["locationID"].clone()), (200, json!(20034)));
    assert_eq!(call("/v2/devices?apikey=123abc&locationId=20034", &all).value()[0]["deviceType"], "Thermostat");
    let fault = |reply: Reply| (reply.status, reply.value()["fault"]["detail"]["errorcode"].as_str().unwrap_or("").to_owned());
    assert_eq!(fault(call("/v2/locations", &all)), (401, "steps.oauth.v2.FailedToResolveAPIKey".into()));
    assert_eq!(fault(call("/v2/locations?apikey=123", &all)), (401, "oauth.v2.InvalidApiKey".into()));
    assert_eq!(fault(call("/v2/locations?apikey=123abc", &all[..1])).0, 400, "no UserRefID");
    let scheme = bearer.replace("Bearer ", "BearerToken ");
    assert_eq!(fault(call("/v2/locations?apikey=123abc", &[("authorization", &scheme), all[1]])).0, 401);
    world.sandbox.reading(Provider::Honeywell, &json!({"apikey": "optional", "user_ref_id": "optional"})).unwrap();
    assert_eq!(call("/v2/locations", &all[..1]).status, 200);
    world.sandbox.advance_ms(3_600_000);
    assert_eq!(fault(call("/v2/locations", &all)), (401, "keymanagement.service.access_token_expired".into()));
    let bearer = format!("Bearer {}", world.honeywell_token());
    world.sandbox.revoke(Provider::Honeywell, &Revoke::AccessTokens);
    let revoked = call("/v2/locations", &[("authorization", &bearer)]);
    assert_eq!(fault(revoked), (401, "keymanagement.service.invalid_access_token".into()));
}

fn authorize(world: &World, changes: &[(&str, &str)]) -> Reply {
    let mut query = vec![("response_type", "code"), ("client_id", "123abc"), ("redirect_uri", REDIRECT), ("state", "st&te")];
    for (name, value) in changes {
        query.retain(|(known, _)| known != name);
        query.push((name, value));
    }
    world.get(&world.url(Origin::Honeywell, &format!("/oauth2/authorize?{}", encoded(&query))), &[])
}

fn code(world: &World) -> String {
    parameter(authorize(world, &[]).header("location").unwrap(), "code").unwrap()
}

fn redeem(world: &World, code: &str, redirect_uri: &str) -> Reply {
    let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
    ask(world, "/oauth2/token", &basic("123abc", "456def"), &form)
}

fn refresh(world: &World, token: &str) -> Reply {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    ask(world, "/oauth2/token", &basic("123abc", "456def"), &form)
}

#[test]
fn a_code_is_redeemed_once_with_its_redirect_uri() {
    let world = world();
    let location = authorize(&world, &[]).header("location").unwrap().to_owned();
    assert!(location.starts_with("https://app.example/callback?code="), "{location}");
    assert_eq!(parameter(&location, "state").as_deref(), Some("st&te"));
    let code = parameter(&location, "code").unwrap();
    let reply = redeem(&world, &code, REDIRECT);
    assert!(reply.value().as_object().unwrap().values().all(Value::is_string));
    let call = || {
        let bearer = format!("Bearer {}", reply.token());
        world.get(&world.url(Origin::Honeywell, "/v2/locations?apikey=123abc"), &[("authorization", &bearer)]).status
    };
    assert_eq!(call(), 200, "a user's token needs no UserRefID");
    let again = redeem(&world, &code, REDIRECT);
    assert_eq!((again.status, again.text("ErrorCode")), (400, "invalid_grant".into()));
    assert_eq!(call(), 401, "and its tokens are gone");
    let other = redeem(&world, &self::code(&world), "http://localhost:8080/callback");
    assert!(other.text("Error").starts_with("Invalid redirection uri"), "{other:?}");
    let stolen = [("grant_type", "authorization_code"), ("code", &self::code(&world)), ("redirect_uri", REDIRECT)];
    assert_eq!(ask(&world, "/oauth2/token", &basic("123", "abc"), &stolen).status, 400, "another client's code");
}

#[test]
fn the_browser_leg_refuses_where_it_must() {
    let world = world();
    let foreign = authorize(&world, &[("redirect_uri", "https://app.example/callback/")]);
    assert_eq!((foreign.status, foreign.header("location")), (400, None));
    assert_eq!(authorize(&world, &[("client_id", "nobody")]).status, 401);
    let denied = authorize(&world, &[("sandbox_deny", "1")]);
    assert_eq!(parameter(denied.header("location").unwrap(), "error").as_deref(), Some("access_denied"));
    world.sandbox.reading(Provider::Honeywell, &json!({"iss": "wrong"})).unwrap();
    let mixed_up = authorize(&world, &[]);
    assert_eq!(parameter(mixed_up.header("location").unwrap(), "iss").as_deref(), Some("https://attacker.example"));
}

#[test]
fn a_refresh_rotates_repeats_or_omits() {
    let world = world();
    let first = redeem(&world, &code(&world), REDIRECT).text("refresh_token");
    let reply = refresh(&world, &first);
    assert_eq!(reply.text("refresh_count"), "1");
    let second = reply.text("refresh_token");
    let dead = refresh(&world, &first);
    assert_eq!((dead.status, dead.text("ErrorCode")), (400, "invalid_grant".into()));
    world.sandbox.reading(Provider::Honeywell, &json!({"refresh": "same"})).unwrap();
    assert_eq!(refresh(&world, &second).text("refresh_token"), second);
    world.sandbox.reading(Provider::Honeywell, &json!({"refresh": "omit"})).unwrap();
    assert!(refresh(&world, &second).value().get("refresh_token").is_none());
    assert_eq!(refresh(&world, &second).status, 200);
    world.sandbox.revoke(Provider::Honeywell, &Revoke::RefreshTokens);
    assert_eq!(refresh(&world, &second).status, 400);
}
