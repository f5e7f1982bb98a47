//! Do ActiveBuilding and MyBuilding behave as their guide says?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use active_sandbox::{Origin, Provider, Revoke};
use common::{BUILDING, Reply, World, world};
use serde_json::json;

const STAFF: &str = "testuser@building.com";
const TOKEN: &str = "/oauth/access_token";

fn ask(world: &World, changes: &[(&str, &str)]) -> Reply {
    let mut form = [&BUILDING[..], &[("grant_type", "password"), ("username", STAFF), ("password", "mypassword")]].concat();
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    world.form(&world.url(Origin::ActiveBuilding, TOKEN), &[], &form)
}

#[test]
fn the_printed_request_gets_the_printed_answer_at_both() {
    let world = world();
    for origin in [Origin::ActiveBuilding, Origin::MyBuilding] {
        let printed = "grant_type=password&client_id=f3834ee69fab4d26a01f0c1fceb0f08a&client_secret=d938522c5058468fb8d9e6c0a987319e\
                       &username=testuser%40buildingname.com&password=mypassword";
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let reply = world.post(&world.url(origin, TOKEN), &form, printed.as_bytes());
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(
            reply.body.contains(r#""https:\/\/s3.amazonaws.com\/assets.activebuilding.com\/Profile\/1142.jpg""#),
            "{reply:?}"
        );
        let value = reply.value();
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(2), "no token_type, no expires_in, no refresh_token");
        assert_eq!(value["user"]["userId"], "1142");
        assert_eq!(value["user"]["userType"], "STAFF");
        assert_eq!(value["user"]["email"], "testuser@building.com");
        assert_eq!(value["user"]["fullname"], "John John");
        let token = reply.token();
        assert!(token.len() == 40 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    }
}

#[test]
fn every_refusal_has_its_documented_code() {
    let world = world();
    let refused = |changes: &[(&str, &str)]| {
        let value = ask(&world, changes).value();
        (value["error"].as_str().unwrap_or("").to_owned(), value["error_description"].as_str().unwrap_or("").to_owned())
    };
    let said = |code: &str, description: &str| (code.to_owned(), description.to_owned());
    assert_eq!(refused(&[("client_id", "nobody")]), said("invalid_client_id", "client identifier invalid"));
    assert_eq!(refused(&[("client_secret", "wrong")]), said("invalid_client_credentials", "client secret invalid"));
    assert_eq!(refused(&[("username", "nobody")]), said("invalid_grant", "invalid user credentials"));
    assert_eq!(refused(&[("password", "wrong")]), said("authentication_failure", "invalid password"));
    assert_eq!(
        refused(&[("grant_type", "client_credentials")]),
        said("unsupported_response_type", "response type not supported")
    );
    assert_eq!(refused(&[("grant_type", "")]).0, "invalid_request");
    assert_eq!(refused(&[("password", "")]).0, "invalid_request");
    assert_eq!(world.counters(Origin::ActiveBuilding).refused, 7);
    let get = world.get(&world.url(Origin::ActiveBuilding, TOKEN), &[]);
    assert_eq!((get.status, get.text("error_description")), (405, "must use HTTP POST".into()));
    let as_json = world.json(&world.url(Origin::ActiveBuilding, TOKEN), &[], &json!({"grant_type": "password"}));
    assert_eq!(as_json.error(), (400, "invalid_request".into()));
    let twice = common::encoded(&BUILDING) + "&grant_type=password&client_id=again";
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(
        world.post(&world.url(Origin::ActiveBuilding, TOKEN), &form, twice.as_bytes()).text("error_description"),
        "client_id is repeated"
    );
}

#[test]
fn credentials_count_only_in_the_body() {
    let world = world();
    let basic = common::basic(BUILDING[0].1, BUILDING[1].1);
    let form = [("grant_type", "password"), ("username", STAFF), ("password", "mypassword")];
    let url = world.url(Origin::ActiveBuilding, TOKEN);
    assert_eq!(world.form(&url, &[("authorization", &basic)], &form).text("error"), "invalid_client_id");
    let in_query = format!("{url}?{}", common::encoded(&BUILDING));
    assert_eq!(world.form(&in_query, &[], &form).text("error"), "invalid_client_id");
}

#[test]
fn the_readings_of_refusals_are_played() {
    let world = world();
    world
        .sandbox
        .reading(Provider::ActiveBuilding, &json!({"wrong_password": "invalid_grant", "token_error_status": 200}))
        .unwrap();
    assert_eq!(ask(&world, &[("password", "wrong")]).error(), (200, "invalid_grant".into()));
    assert_eq!(world.counters(Origin::ActiveBuilding).refused, 1, "a refusal with status 200 is one");
}

#[test]
fn communities_are_doubly_nested() {
    let world = world();
    let token = world.building_token(Origin::ActiveBuilding, STAFF);
    let reply = world.get(&world.url(Origin::ActiveBuilding, &format!("/communities?access_token={token}")), &[]);
    let expected = json!({"response": {"communities": {"community": [[{"communityId": "10", "title": "140 Riverside"}]]}}, "status": "success"});
    assert_eq!((reply.status, reply.value()), (200, expected));
}

#[test]
fn residents_see_and_do_less_than_staff() {
    let world = world();
    let staff = world.building_token(Origin::ActiveBuilding, STAFF);
    let resident = world.building_token(Origin::ActiveBuilding, "resident@building.com");
    let packages = |token: &str| {
        let reply = world.get(&world.url(Origin::ActiveBuilding, &format!("/packages?communityId=10&access_token={token}")), &[]);
        let list = reply.value()["response"]["packages"]["package"].as_array().unwrap().clone();
        list.iter().map(|package| package["userId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(packages(&staff), ["2201", "2202", "2201"]);
    assert_eq!(packages(&resident), ["2201", "2201"]);
    let add = |token: &str| {
        let form = [("access_token", token), ("communityId", "10"), ("userId", "2202"), ("description", "Ärger & mehr")];
        world.form(&world.url(Origin::ActiveBuilding, "/packages"), &[], &form)
    };
    let denied = add(&resident);
    assert_eq!((denied.status, denied.value()["response"]["message"].clone()), (403, json!("permission_denied")));
    assert_eq!(add(&staff).value()["response"]["package"]["description"], "Ärger & mehr");
    assert_eq!(packages(&staff).len(), 4);
}

#[test]
fn a_dead_token_is_told_in_every_envelope() {
    let world = world();
    let envelope = json!({"response": {"message": "invalid_grant"}, "status": "failed"});
    for (reading, status, expected) in [
        ("body_200", 200, envelope.clone()),
        ("body_401", 401, envelope.clone()),
        ("meta_object", 200, json!({"meta": envelope})),
        ("meta_object_401", 401, json!({"meta": envelope})),
        ("meta_string", 200, json!({"meta": envelope.to_string()})),
        ("meta_string_401", 401, json!({"meta": envelope.to_string()})),
    ] {
        world.sandbox.reading(Provider::MyBuilding, &json!({"expired": reading})).unwrap();
        let token = world.building_token(Origin::MyBuilding, STAFF);
        let url = world.url(Origin::MyBuilding, &format!("/communities?access_token={token}"));
        assert_eq!(world.get(&url, &[]).value()["status"], "success");
        world.sandbox.revoke(Provider::MyBuilding, &Revoke::Token(token));
        let reply = world.get(&url, &[]);
        assert_eq!((reply.status, reply.value()), (status, expected), "{reading}");
    }
}

#[test]
fn tokens_die_without_notice_and_belong_to_one_provider() {
    let world = world();
    let token = world.building_token(Origin::ActiveBuilding, STAFF);
    let url = |origin| world.url(origin, &format!("/communities?access_token={token}"));
    assert_eq!(world.get(&url(Origin::MyBuilding), &[]).value()["status"], "failed");
    world.sandbox.advance_ms(86_399_000);
    assert_eq!(world.get(&url(Origin::ActiveBuilding), &[]).value()["status"], "success");
    world.sandbox.advance_ms(2_000);
    assert_eq!(world.get(&url(Origin::ActiveBuilding), &[]).value()["status"], "failed");
}

#[test]
fn special_characters_arrive_unharmed() {
    let world = world();
    let own = world.sandbox.describe()["credentials"]["activebuilding"].clone();
    let (client, user) = (&own["special"], &own["users"]["special"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let reply = ask(
        &world,
        &[
            ("client_id", &text(&client["client_id"])),
            ("client_secret", &text(&client["client_secret"])),
            ("username", &text(&user["username"])),
            ("password", &text(&user["password"])),
        ],
    );
    assert_eq!(reply.value()["user"]["fullname"], "Zoë \"Quote\" O'Neil");
}

#[test]
fn an_api_token_counts_only_where_the_guide_puts_it() {
    let world = world();
    let token = world.building_token(Origin::ActiveBuilding, STAFF);
    let bearer = format!("Bearer {token}");
    let reply = world.get(&world.url(Origin::ActiveBuilding, "/communities"), &[("authorization", &bearer)]);
    assert_eq!((reply.status, reply.value()["status"].clone()), (400, json!("failed")));
    let in_query = world.url(Origin::ActiveBuilding, &format!("/packages?access_token={token}"));
    let form = [("communityId", "10"), ("userId", "2202"), ("description", "x")];
    assert_eq!(world.form(&in_query, &[], &form).status, 400, "a POST carries it in its form");
}
