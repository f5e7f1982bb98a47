//! Does the control address do over HTTP what the library does in Rust?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use active_sandbox::Origin;
use common::{Reply, World, world};
use serde_json::{Value, json};

fn control(world: &World, method: &str, path: &str, body: &Value) -> Reply {
    let url = world.sandbox.control_url() + path;
    match method {
        "GET" => world.get(&url, &[]),
        "DELETE" => {
            let status = world.agent.delete(&url).call().unwrap().status().as_u16();
            Reply { status, headers: Vec::new(), body: String::new() }
        }
        _ => world.json(&url, &[], body),
    }
}

fn post(world: &World, path: &str, body: Value) -> Value {
    let reply = control(world, "POST", path, &body);
    assert_eq!(reply.status, 200, "{path} {body}: {reply:?}");
    reply.value()
}

fn get(world: &World, path: &str) -> Value {
    control(world, "GET", path, &Value::Null).value()
}

#[test]
fn the_description_is_what_the_program_prints() {
    let world = world();
    let line = get(&world, "/");
    assert_eq!(&line, world.sandbox.describe());
    assert_eq!(line["version"], 1);
    assert_eq!(line["control"], world.sandbox.control_url());
    assert_eq!(line["providers"]["honeywell"], world.sandbox.url(Origin::Honeywell));
    assert_eq!(line["bad"]["wrong_host"], world.sandbox.url(Origin::WrongHost));
    assert_eq!(line["endpoints"]["honeywell"]["code_token"], world.url(Origin::Honeywell, "/oauth2/token"));
    assert_eq!(std::fs::read_to_string(line["ca"].as_str().unwrap()).unwrap(), world.sandbox.ca_pem());
}

#[test]
fn the_clock_turns() {
    let world = world();
    let before = get(&world, "/clock")["now_ms"].as_i64().unwrap();
    let after = post(&world, "/clock", json!({"advance_ms": 3_600_000}))["now_ms"].as_i64().unwrap();
    assert!((3_600_000..3_610_000).contains(&(after - before)));
    let back = post(&world, "/clock", json!({"advance_ms": -3_600_000}))["now_ms"].as_i64().unwrap();
    assert!(back - before < 10_000);
}

#[test]
fn tokens_are_revoked_by_name_or_all() {
    let world = world();
    let (one, two) = (world.buildpass_token("read:builders"), world.buildpass_token("read:builders"));
    let status = |token: &str| {
        let bearer = format!("Bearer {token}");
        world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[("authorization", &bearer)]).status
    };
    assert_eq!(post(&world, "/revoke", json!({"provider": "buildpass", "token": one}))["revoked"], 1);
    assert_eq!((status(&one), status(&two)), (401, 200));
    assert_eq!(post(&world, "/revoke", json!({"provider": "buildpass", "all": true}))["revoked"], 1);
    assert_eq!(status(&two), 401);
    assert_eq!(post(&world, "/revoke", json!({"provider": "buildpass", "token": "unknown"}))["revoked"], 0);
    assert_eq!(post(&world, "/revoke", json!({"provider": "honeywell", "refresh": true}))["revoked"], 0);
}

#[test]
fn faults_are_ordered_listed_and_cleared() {
    let world = world();
    let order = json!({"provider": "buildpass", "path": "/oauth/token", "fault": {"kind": "status", "status": 503, "body": "no"}, "times": 1});
    post(&world, "/fault", order.clone());
    assert_eq!(get(&world, "/fault")[0]["fault"]["status"], 503);
    let token = || world.form(&world.url(Origin::BuildPass, "/oauth/token"), &[], &common::buildpass_form("read:swms")).status;
    assert_eq!((token(), token()), (503, 200));
    post(&world, "/fault", order);
    control(&world, "DELETE", "/fault", &Value::Null);
    assert_eq!(token(), 200);
    for kind in ["hang", "garbage_tls", "half_open", "close", "reset", "close_idle", "endless", "raw"] {
        post(&world, "/fault", json!({"provider": "honeywell", "fault": {"kind": kind}}));
    }
}

#[test]
fn readings_are_set_listed_and_forgotten() {
    let world = world();
    post(&world, "/reading", json!({"provider": "honeywell", "refresh": "omit", "errors": "rfc"}));
    let readings = get(&world, "/reading");
    assert_eq!((&readings["honeywell"]["refresh"], &readings["honeywell"]["apikey"]), (&json!("omit"), &json!("required")));
    control(&world, "DELETE", "/reading", &Value::Null);
    assert_eq!(get(&world, "/reading")["honeywell"]["refresh"], "rotate");
}

#[test]
fn clients_and_users_are_added() {
    let world = world();
    let client = json!({"provider": "activebuilding", "client_id": "ein Klient", "client_secret": "ge:heim"});
    post(&world, "/client", client);
    let user =
        json!({"provider": "activebuilding", "username": "Änne", "password": " ", "user_id": "7", "user_type": "RESIDENT"});
    post(&world, "/user", user);
    let form = [
        ("grant_type", "password"),
        ("client_id", "ein Klient"),
        ("client_secret", "ge:heim"),
        ("username", "Änne"),
        ("password", " "),
    ];
    let reply = world.form(&world.url(Origin::ActiveBuilding, "/oauth/access_token"), &[], &form);
    assert_eq!(reply.value()["user"]["userId"], "7", "{reply:?}");
}

#[test]
fn a_login_needs_no_browser() {
    let world = world();
    let query = "response_type=code&client_id=123abc&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=s";
    let url = world.url(Origin::Honeywell, &format!("/oauth2/authorize?{query}"));
    let login = post(&world, "/login", json!({"url": url}));
    assert_eq!(login["status"], 302);
    assert!(login["location"].as_str().unwrap().starts_with("https://app.example/callback?code="));
    let refused = post(&world, "/login", json!({"url": url.replace("app.example", "attacker.example")}));
    assert_eq!((&refused["status"], &refused["location"]), (&json!(400), &Value::Null));
}

#[test]
fn log_and_counters_are_read_and_cleared() {
    let world = world();
    world.buildpass_token("read:builders");
    world.honeywell_token();
    assert_eq!(get(&world, "/log").as_array().unwrap().len(), 2);
    let own = get(&world, "/log?provider=honeywell");
    assert_eq!((own.as_array().unwrap().len(), &own[0]["path"]), (1, &json!("/oauth2/accesstoken")));
    assert_eq!(get(&world, "/counters")["buildpass"]["token_requests"], 1);
    control(&world, "DELETE", "/log", &Value::Null);
    control(&world, "DELETE", "/counters", &Value::Null);
    assert_eq!(get(&world, "/log"), json!([]));
    assert_eq!(get(&world, "/counters")["buildpass"]["token_requests"], 0);
}

#[test]
fn a_reset_starts_over() {
    let world = world();
    let token = world.buildpass_token("read:builders");
    post(&world, "/reading", json!({"provider": "buildpass", "scope": "narrower"}));
    post(&world, "/fault", json!({"provider": "buildpass", "fault": {"kind": "close"}}));
    post(&world, "/clock", json!({"advance_ms": 1_000_000_000}));
    post(&world, "/reset", json!({}));
    assert_eq!(get(&world, "/log"), json!([]));
    let bearer = format!("Bearer {token}");
    let reply = world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[("authorization", &bearer)]);
    assert_eq!(reply.status, 401, "the token is unknown now, and no fault is left");
    assert_eq!(get(&world, "/reading")["buildpass"]["scope"], "as_asked");
}

#[test]
fn orders_that_are_not_understood_say_what_is_wrong() {
    let world = world();
    for (path, body, named) in [
        ("/clock", json!({"advance": 1}), "advance"),
        ("/revoke", json!({"provider": "buildpass"}), "token"),
        ("/revoke", json!({"provider": "nobody", "all": true}), "nobody"),
        ("/fault", json!({"provider": "buildpass", "fault": {"kind": "nothing"}}), "nothing"),
        ("/fault", json!({"provider": "buildpass", "fault": {"kind": "drip", "bytes": 1, "every_ms": 1, "often": 2}}), "often"),
        ("/fault", json!({"provider": "buildpass", "fault": {"kind": "hang", "path": "/x"}}), "path"),
        ("/reading", json!({"provider": "buildpass", "colour": "red"}), "colour"),
        ("/reading", json!({"provider": "honeywell", "refresh": "never"}), "never"),
        (
            "/user",
            json!({"provider": "buildpass", "username": "u", "password": "p", "user_id": "1", "user_type": "STAFF"}),
            "password grant",
        ),
        ("/client", json!({"provider": "buildpass", "id": "x"}), "id"),
        ("/login", json!({"url": "https://attacker.example/"}), "origins"),
    ] {
        let reply = control(&world, "POST", path, &body);
        assert_eq!(reply.status, 400, "{path} {body}");
        assert!(reply.text("error").contains(named), "{path} {body}: {reply:?}");
    }
    assert_eq!(control(&world, "GET", "/nothing", &Value::Null).status, 404);
    assert_eq!(control(&world, "GET", "/log?provider=nobody", &Value::Null).status, 400);
    let page = world.json(&(world.sandbox.control_url() + "/reset"), &[("origin", "https://web.example")], &json!({}));
    assert_eq!(page.status, 403);
}

#[test]
fn every_order_that_the_readme_shows_is_understood() {
    let world = world();
    let readme = include_str!("../README.md");
    let mut seen = 0;
    for line in readme.lines().filter_map(|line| line.strip_prefix("curl ")) {
        let Some((before, rest)) = line.split_once("$CONTROL") else { continue };
        let (path, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let path = path.split(' ').next().unwrap();
        let order = rest.strip_prefix("-d '").map(|text| text.split('\'').next().unwrap());
        let login = world.url(Origin::Honeywell, "/oauth2/authorize?client_id=123abc");
        let order = order.map(|text| text.replace("https://localhost:PORT/oauth2/authorize?…", &login));
        let method = before.trim().strip_prefix("-X ").unwrap_or(if order.is_some() { "POST" } else { "GET" });
        let order = order.map_or(json!({}), |text| serde_json::from_str(&text).unwrap());
        let reply = control(&world, method, path, &order);
        assert_eq!(reply.status, 200, "{line}: {reply:?}");
        seen += 1;
    }
    assert_eq!(seen, 20, "the README has {seen} orders");
}
