//! Does BuildPass behave as its guide says?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use active_sandbox::{Origin, Provider, Revoke};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{AUDIENCE, REDIRECT, Reply, World, basic, buildpass_form, encoded, parameter, world};
use serde_json::{Value, json};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The S256 challenge of that verifier, from RFC 7636 Appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn token_url(world: &World) -> String {
    world.url(Origin::BuildPass, "/oauth/token")
}

fn ask(world: &World, changes: &[(&str, &str)]) -> Reply {
    let mut form = buildpass_form("read:builders").to_vec();
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    world.form(&token_url(world), &[], &form)
}

fn json_body(with_credentials: bool) -> Value {
    let mut body = json!({"scope": "read:builders read:swms", "audience": AUDIENCE, "grant_type": "client_credentials"});
    if with_credentials {
        body["client_id"] = json!("your_client_id");
        body["client_secret"] = json!("your_client_secret");
    }
    body
}

#[test]
fn the_three_ways_to_ask_get_the_printed_answer() {
    let world = world();
    let basic = basic("your_client_id", "your_client_secret");
    let replies = [
        world.json(&token_url(&world), &[], &json_body(true)),
        world.json(&token_url(&world), &[("authorization", &basic)], &json_body(false)),
        world.form(&token_url(&world), &[], &buildpass_form("read:builders read:swms")),
    ];
    for reply in replies {
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!((reply.header("cache-control"), reply.header("pragma")), (Some("no-store"), Some("no-cache")));
        let value = reply.value();
        assert_eq!(value["token_type"], "Bearer");
        assert_eq!((value["expires_in"].clone(), value["expires"].clone()), (json!(3600), json!(3600)));
        assert_eq!(value["scope"], "read:builders read:swms");
        assert!(value.get("refresh_token").is_none());
    }
}

#[test]
fn the_access_token_is_a_signed_jwt_with_an_id() {
    let world = world();
    let (first, second) = (world.buildpass_token("read:builders"), world.buildpass_token("read:builders"));
    let parts: Vec<&str> = first.split('.').collect();
    let decoded = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(decoded(parts[0]), json!({"alg": "HS256", "typ": "JWT"}));
    let claims = decoded(parts[1]);
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["sub"], "your_client_id");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_ne!(claims["jti"], decoded(second.split('.').nth(1).unwrap())["jti"]);
    let secret = world.sandbox.describe()["credentials"]["buildpass"]["jwt_secret"].as_str().unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let signed = format!("{}.{}", parts[0], parts[1]);
    assert!(ring::hmac::verify(&key, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(parts[2]).unwrap()).is_ok());
}

#[test]
fn every_refusal_has_its_code() {
    let world = world();
    for (change, status, code) in [
        (("client_id", "nobody"), 401, "invalid_client"),
        (("client_secret", "wrong"), 401, "invalid_client"),
        (("client_secret", ""), 401, "invalid_client"),
        (("client_id", ""), 400, "invalid_request"),
        (("grant_type", ""), 400, "invalid_request"),
        (("grant_type", "password"), 400, "unsupported_grant_type"),
        (("audience", ""), 400, "invalid_request"),
        (("audience", "https://other.example"), 400, "invalid_scope"),
        (("scope", ""), 400, "invalid_request"),
        (("scope", "read:everything"), 400, "invalid_scope"),
        (("scope", "read:builders  read:swms"), 400, "invalid_scope"),
    ] {
        let reply = ask(&world, &[change]);
        assert_eq!(reply.error(), (status, code.into()), "{change:?}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("www-authenticate"), None);
    }
    assert_eq!(world.get(&token_url(&world), &[]).error(), (405, "invalid_request".into()));
    let twice = encoded(&buildpass_form("read:builders")) + "&scope=read:swms";
    let bodies = [
        ("application/x-www-form-urlencoded", twice.as_str()),
        ("text/plain", "grant_type=client_credentials"),
        ("application/json", "{\"grant_type\": "),
        ("application/json", "[1, 2]"),
        ("application/json", "{\"grant_type\": 1}"),
    ];
    for (media, body) in bodies {
        let reply = world.post(&token_url(&world), &[("content-type", media)], body.as_bytes());
        assert_eq!(reply.error(), (400, "invalid_request".into()), "{media} {body}");
    }
    let twice = json_body(true).to_string().replacen('{', "{\"scope\":\"read:swms\",", 1);
    let reply = world.post(&token_url(&world), &[("content-type", "application/json")], twice.as_bytes());
    assert_eq!(reply.text("error_description"), "scope is repeated");
}

#[test]
fn one_way_of_authentication_at_a_time() {
    let world = world();
    let right = basic("your_client_id", "your_client_secret");
    assert_eq!(
        world.json(&token_url(&world), &[("authorization", &right)], &json_body(true)).error(),
        (400, "invalid_request".into())
    );
    for wrong in [
        basic("your_client_id", "wrong"),
        basic("nobody", "x"),
        "Basic %%%".into(),
        basic("your_client_id=x", "your_client_secret"),
    ] {
        let reply = world.json(&token_url(&world), &[("authorization", &wrong)], &json_body(false));
        assert_eq!(reply.error(), (401, "invalid_client".into()));
        assert!(reply.header("www-authenticate").unwrap().starts_with("Basic "), "RFC 6749 §5.2");
    }
}

#[test]
fn special_characters_are_encoded_in_basic_and_plain_in_bodies() {
    let world = world();
    let own = &world.sandbox.describe()["credentials"]["buildpass"]["special"];
    let (id, secret) = (own["client_id"].as_str().unwrap(), own["client_secret"].as_str().unwrap());
    assert_eq!(ask(&world, &[("client_id", id), ("client_secret", secret)]).status, 200);
    let mut body = json_body(true);
    (body["client_id"], body["client_secret"]) = (json!(id), json!(secret));
    assert_eq!(world.json(&token_url(&world), &[], &body).status, 200);
    let form_encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let by_the_rfc = basic(&form_encoded(id), &form_encoded(secret));
    let raw = basic(id, secret);
    let status = |header: &str| world.json(&token_url(&world), &[("authorization", header)], &json_body(false)).status;
    assert_eq!((status(&by_the_rfc), status(&raw)), (200, 401));
    world.sandbox.reading(Provider::BuildPass, &json!({"basic": "raw"})).unwrap();
    assert_eq!((status(&by_the_rfc), status(&raw)), (401, 200));
}

#[test]
fn the_readings_of_the_answer_are_played() {
    let world = world();
    let played = |reading: Value| {
        world.sandbox.reading(Provider::BuildPass, &reading).unwrap();
        ask(&world, &[("scope", "read:builders read:swms")])
    };
    assert_eq!(played(json!({"scope": "narrower"})).value()["scope"], "read:builders");
    assert!(played(json!({"scope": "omitted"})).value().get("scope").is_none());
    let alias = played(json!({"scope": "as_asked", "expiry": "expires", "lifetime_s": 7})).value();
    assert_eq!((alias.get("expires_in"), &alias["expires"]), (None, &json!(7)));
    let none = played(json!({"expiry": "none"})).value();
    assert!(none.get("expires_in").is_none() && none.get("expires").is_none());
    assert_eq!(played(json!({"expiry": "both", "numbers": "string"})).value()["expires_in"], "7");
    let printed = played(json!({"answer": "commented", "numbers": "as_printed", "lifetime_s": 3600}));
    assert!(printed.body.contains("\"expires\": 3600 // deprecated, please use expires_in,\n"), "{printed:?}");
    assert!(serde_json::from_str::<Value>(&printed.body).is_err());
}

#[test]
fn the_api_wants_a_living_bearer_token_of_the_right_scope() {
    let world = world();
    let token = world.buildpass_token("read:builders");
    let call = |path: &str, header: &str| world.get(&world.url(Origin::BuildPass, path), &[("authorization", header)]);
    let bearer = format!("Bearer {token}");
    assert_eq!(call("/v1/builders", &bearer).value()["data"][0]["name"], "Riverside Constructions");
    let narrow = call("/v1/swms", &bearer);
    assert_eq!(narrow.status, 403);
    let challenge = narrow.header("www-authenticate").unwrap();
    assert!(challenge.contains("error=\"insufficient_scope\"") && challenge.contains("scope=\"read:swms\""), "{challenge}");
    let bare = world.get(&world.url(Origin::BuildPass, &format!("/v1/builders?access_token={token}")), &[]);
    assert_eq!((bare.status, bare.header("www-authenticate")), (401, Some("Bearer realm=\"BuildPass\"")), "RFC 6750 §3.1");
    assert!(call("/v1/builders", "Bearer wrong").header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    world.sandbox.advance_ms(3_600_000);
    assert!(call("/v1/builders", &bearer).header("www-authenticate").unwrap().contains("expired"));
    let token = format!("Bearer {}", world.buildpass_token("read:builders"));
    assert_eq!(world.sandbox.revoke(Provider::BuildPass, &Revoke::AccessTokens), 2);
    assert_eq!(call("/v1/builders", &token).status, 401);
    assert_eq!((call("/v1/nothing", &token).status, call("/", &token).status), (404, 404));
}

fn authorize_url(world: &World, changes: &[(&str, &str)]) -> String {
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", "your_client_id"),
        ("redirect_uri", REDIRECT),
        ("scope", "read:builders read:swms"),
        ("audience", AUDIENCE),
        ("state", "a state & more"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        query.retain(|(known, _)| known != name);
        query.push((name, value));
    }
    world.url(Origin::BuildPass, &format!("/oauth/authorize?{}", encoded(&query)))
}

fn redirect(world: &World, changes: &[(&str, &str)]) -> String {
    let reply = world.get(&authorize_url(world, changes), &[]);
    assert_eq!(reply.status, 302, "{reply:?}");
    reply.header("location").unwrap().to_owned()
}

fn redeem(world: &World, code: &str, changes: &[(&str, &str)]) -> Reply {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "your_client_id"),
        ("client_secret", "your_client_secret"),
        ("redirect_uri", REDIRECT),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    world.form(&token_url(world), &[], &form)
}

fn refresh(world: &World, token: &str, more: &[(&str, &str)]) -> Reply {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "your_client_id"),
        ("client_secret", "your_client_secret"),
        ("refresh_token", token),
    ];
    world.form(&token_url(world), &[], &[&form, more].concat())
}

#[test]
fn a_code_is_redeemed_once_and_with_its_verifier() {
    let world = world();
    let code = || parameter(&redirect(&world, &[]), "code").unwrap();
    assert_eq!(parameter(&redirect(&world, &[]), "state").as_deref(), Some("a state & more"));
    let first = code();
    let reply = redeem(&world, &first, &[]);
    assert_eq!((reply.status, reply.text("scope")), (200, "read:builders read:swms".into()));
    let bearer = format!("Bearer {}", reply.token());
    let call = || world.get(&world.url(Origin::BuildPass, "/v1/swms"), &[("authorization", &bearer)]).status;
    assert_eq!(call(), 200);
    assert_eq!(redeem(&world, &first, &[]).error(), (400, "invalid_grant".into()));
    assert_eq!(call(), 401, "a code that came twice takes its tokens with it (RFC 6749 §4.1.2)");
    let wrong = [
        ("code_verifier", "another-verifier-that-is-long-enough-to-be-one"),
        ("redirect_uri", "http://localhost:8080/callback"),
        ("code", "unknown"),
    ];
    for change in wrong {
        assert_eq!(redeem(&world, &code(), &[change]).error(), (400, "invalid_grant".into()), "{change:?}");
    }
    assert_eq!(redeem(&world, &code(), &[("code_verifier", "")]).error(), (400, "invalid_request".into()));
    let late = code();
    world.sandbox.advance_ms(600_001);
    assert_eq!(redeem(&world, &late, &[]).error(), (400, "invalid_grant".into()));
}

#[test]
fn a_public_client_needs_no_secret_but_pkce() {
    let world = world();
    let code = parameter(&redirect(&world, &[("client_id", "a-public-client")]), "code").unwrap();
    assert_eq!(redeem(&world, &code, &[]).error(), (400, "invalid_grant".into()), "another client's code");
    let code = parameter(&redirect(&world, &[("client_id", "a-public-client")]), "code").unwrap();
    assert_eq!(redeem(&world, &code, &[("client_id", "a-public-client"), ("client_secret", "")]).status, 200);
    assert_eq!(
        ask(&world, &[("client_id", "a-public-client"), ("client_secret", "")]).error(),
        (400, "unauthorized_client".into())
    );
}

#[test]
fn errors_of_the_browser_leg_go_where_they_should() {
    let world = world();
    let error = |change| parameter(&redirect(&world, &[change]), "error").unwrap();
    assert_eq!(error(("response_type", "token")), "unsupported_response_type");
    assert_eq!(error(("code_challenge", "")), "invalid_request");
    assert_eq!(error(("code_challenge_method", "plain")), "invalid_request");
    assert_eq!(error(("scope", "read:everything")), "invalid_scope");
    assert_eq!(error(("sandbox_deny", "1")), "access_denied");
    world.sandbox.reading(Provider::BuildPass, &json!({"consent": "deny", "iss": "right"})).unwrap();
    let denied = redirect(&world, &[]);
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&denied, "iss").as_deref(), Some(world.sandbox.url(Origin::BuildPass)));
    for change in [("redirect_uri", "https://attacker.example/"), ("client_id", "nobody")] {
        let reply = world.get(&authorize_url(&world, &[change]), &[]);
        assert_eq!((reply.status, reply.header("location")), (400, None), "nobody is sent there: {change:?}");
    }
}

#[test]
fn refresh_tokens_rotate_and_a_stolen_one_ends_the_family() {
    let world = world();
    let code = parameter(&redirect(&world, &[]), "code").unwrap();
    let first = redeem(&world, &code, &[]).text("refresh_token");
    let second = refresh(&world, &first, &[]).text("refresh_token");
    assert_ne!(first, second);
    assert_eq!(refresh(&world, &second, &[("scope", "read:timesheets")]).error(), (400, "invalid_scope".into()));
    assert_eq!(refresh(&world, &second, &[("audience", "https://other.example")]).error(), (400, "invalid_scope".into()));
    let narrower = refresh(&world, &second, &[("scope", "read:swms"), ("audience", AUDIENCE)]);
    assert_eq!(narrower.text("scope"), "read:swms");
    assert_eq!(refresh(&world, &first, &[]).error(), (400, "invalid_grant".into()));
    let third = narrower.text("refresh_token");
    assert_eq!(refresh(&world, &third, &[]).error(), (400, "invalid_grant".into()), "RFC 9700 §4.14.2");
}

#[test]
fn a_refresh_may_give_the_same_token_or_none() {
    let world = world();
    let code = parameter(&redirect(&world, &[]), "code").unwrap();
    let token = redeem(&world, &code, &[]).text("refresh_token");
    world.sandbox.reading(Provider::BuildPass, &json!({"refresh": "same"})).unwrap();
    assert_eq!(refresh(&world, &token, &[]).text("refresh_token"), token);
    world.sandbox.reading(Provider::BuildPass, &json!({"refresh": "omit"})).unwrap();
    assert!(refresh(&world, &token, &[]).value().get("refresh_token").is_none());
    assert_eq!(refresh(&world, &token, &[]).status, 200, "the old one stays good");
}

#[test]
fn revocation_ends_the_token_and_never_says_whether_it_existed() {
    let world = world();
    let code = parameter(&redirect(&world, &[]), "code").unwrap();
    let reply = redeem(&world, &code, &[]);
    let revoke = |token: &str, secret: &str| {
        let form = [("token", token), ("client_id", "your_client_id"), ("client_secret", secret)];
        world.form(&world.url(Origin::BuildPass, "/oauth/revoke"), &[], &form)
    };
    assert_eq!(revoke(&reply.token(), "wrong").error(), (401, "invalid_client".into()));
    assert_eq!((revoke("unknown", "your_client_secret").status, revoke("", "your_client_secret").status), (200, 400));
    let bearer = format!("Bearer {}", reply.token());
    let call = || world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[("authorization", &bearer)]).status;
    assert_eq!(call(), 200);
    let done = revoke(&reply.text("refresh_token"), "your_client_secret");
    assert_eq!((done.status, done.body.as_str()), (200, ""));
    assert_eq!(call(), 401, "RFC 7009 §2.1");
    assert_eq!(refresh(&world, &reply.text("refresh_token"), &[]).status, 400);
}
