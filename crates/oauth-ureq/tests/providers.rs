//! Do all four providers work, end to end, over real TLS?
//!
//! Against the sandbox, which is as strict as the providers' documents. What is decided without a server is a dialogue in `tests/dialogues`.

use active_sandbox::{Options, Origin, Revoke, Sandbox};
use oauth_core::{Authorize, BodyFormat, Call, Client, ClientAuth, Error, Exchange, Grant, Kind, Provider, Token};
use oauth_ureq::{Agent, OsRandom, Roots, now};
use serde_json::{Value, json};

struct World {
    sandbox: Sandbox,
    agent: Agent,
}

impl World {
    fn new() -> Self {
        let sandbox = Sandbox::start(Options::default()).expect("sandbox");
        let agent = Agent::builder().roots(Roots::Pem(sandbox.ca_pem().as_bytes().to_vec())).build().expect("agent");
        Self { sandbox, agent }
    }

    fn known(&self, provider: &str, pointer: &str) -> String {
        let value = self.sandbox.describe()["credentials"][provider].pointer(pointer);
        value.and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} at {provider}")).to_owned()
    }

    fn client(&self, origin: Origin) -> Client {
        let name = origin.provider().name();
        self.bare(origin, &self.known(name, "/client_id")).secret(self.known(name, "/client_secret"))
    }

    fn bare(&self, origin: Origin, id: &str) -> Client {
        Client::new(Provider::named(origin.provider().name()).expect("built in"), id).base(self.sandbox.url(origin))
    }

    fn special(&self, origin: Origin) -> Client {
        let name = origin.provider().name();
        self.bare(origin, &self.known(name, "/special/client_id")).secret(self.known(name, "/special/client_secret"))
    }

    fn user(&self, who: &str) -> Grant {
        let field = |name: &str| self.known("activebuilding", &format!("/users/{who}/{name}"));
        Grant::password(field("username"), field("password"))
    }

    fn reading(&self, origin: Origin, wanted: Value) {
        self.sandbox.reading(origin.provider(), &wanted).expect("a reading");
    }

    fn run<T>(&self, exchange: Exchange<T>) -> Result<T, Error> {
        self.agent.run(exchange)
    }

    fn counted(&self, origin: Origin) -> active_sandbox::Counters {
        self.sandbox.counters()[&origin]
    }
}

const BUILDINGS: [Origin; 2] = [Origin::ActiveBuilding, Origin::MyBuilding];

fn refused(result: Result<Token, Error>, code: &str, standard: &str) -> Error {
    let error = result.expect_err("must be refused");
    assert_eq!((error.kind(), error.code(), error.standard_code()), (Kind::Refused, Some(code), Some(standard)), "{error}");
    assert!(!error.is_transient(), "{error}");
    error
}

#[test]
fn buildings_give_a_token_and_its_user_by_password() {
    let world = World::new();
    for origin in BUILDINGS {
        let token = world.run(world.client(origin).token(world.user("staff"))).expect("a token");
        assert_eq!((token.token_type(), token.expires_at(), token.refresh_token().is_none()), (None, None, true));
        let user = token.user().expect("a user");
        assert_eq!(
            (user.user_id.as_str(), user.user_type.as_deref(), user.fullname.as_deref()),
            ("1142", Some("STAFF"), Some("John John"))
        );
        assert_eq!(user.profile_picture.as_deref(), Some("https://s3.amazonaws.com/assets.activebuilding.com/Profile/1142.jpg"));
    }
}

#[test]
fn buildings_refuse_in_their_own_words_with_a_standard_meaning() {
    let world = World::new();
    for origin in BUILDINGS {
        let client = world.client(origin);
        refused(
            world.run(client.token(Grant::password("testuser@building.com", "wrong"))),
            "authentication_failure",
            "invalid_grant",
        );
        refused(
            world.run(world.bare(origin, "nobody").secret("x").token(world.user("staff"))),
            "invalid_client_id",
            "invalid_client",
        );
        let wrong = client.clone().secret("wrong");
        refused(world.run(wrong.token(world.user("staff"))), "invalid_client_credentials", "invalid_client");
        world.reading(origin, json!({"wrong_password": "invalid_grant", "token_error_status": 200}));
        let error =
            refused(world.run(client.token(Grant::password("testuser@building.com", "wrong"))), "invalid_grant", "invalid_grant");
        assert_eq!((error.status(), error.description()), (Some(200), Some("invalid user credentials")));
    }
}

#[test]
fn buildings_read_communities_and_packages_with_the_token_in_query_or_form() {
    let world = World::new();
    for origin in BUILDINGS {
        let client = world.client(origin);
        let staff = world.run(client.token(world.user("staff"))).expect("staff");
        let resident = world.run(client.token(world.user("resident"))).expect("resident");

        let communities =
            world.run(client.call(&staff, Call::get("/communities"))).expect("communities").answer.json().expect("JSON");
        assert_eq!(
            communities["response"]["communities"]["community"][0][0],
            json!({"communityId": "10", "title": "140 Riverside"})
        );

        let packages = |token: &Token| {
            let reply = world.run(client.call(token, Call::get("/packages").query("communityId", "10"))).expect("packages");
            reply.answer.text().expect("text").matches("packageId").count()
        };
        let before = packages(&staff);
        assert!(before > packages(&resident), "staff see the community, residents their own");
        let parcel = Call::post("/packages").form("communityId", "10").form("userId", "2201").form("description", "äö & \"x\"");
        let added = world.run(client.call(&staff, parcel.clone())).expect("added");
        assert!(added.answer.status() < 300, "{:?}", added.answer.text());
        assert_eq!(packages(&staff), before + 1);

        let log = world.sandbox.log();
        assert!(
            log.iter().filter(|entry| entry.method == "POST").all(|entry| !entry.query.contains("access_token")),
            "a token in a POST's query"
        );
        let denied = world.run(client.call(&resident, parcel)).expect("an answer");
        assert!(
            denied.answer.status() >= 400 || denied.answer.text().is_some_and(|text| text.contains("failed")),
            "{:?}",
            denied.answer.text()
        );
    }
}

#[test]
fn a_dead_building_token_is_noticed_in_every_reading_renewed_once_and_saved_first() {
    let world = World::new();
    for origin in BUILDINGS {
        for reading in ["body_200", "body_401", "meta_object", "meta_object_401", "meta_string", "meta_string_401"] {
            world.reading(origin, json!({"expired": reading}));
            let client = world.client(origin);
            let token = world.run(client.token(world.user("staff"))).expect("a token");
            assert_eq!(world.sandbox.revoke(origin.provider(), &Revoke::AccessTokens), 1, "{reading}");
            world.sandbox.clear_counters();

            let mut saved = Vec::new();
            let call = Call::get("/communities").renew_by(world.user("staff"));
            let reply = world
                .agent
                .run_saving(client.call(&token, call), |token| {
                    saved.push(token.access_token().to_owned());
                    Ok::<(), Error>(())
                })
                .expect(reading);
            let renewed = reply.renewed.expect("renewed");
            assert_eq!(saved, [renewed.access_token()], "{reading}");
            assert_ne!(renewed.access_token(), token.access_token());
            assert_eq!((world.counted(origin).token_requests, world.counted(origin).api_requests), (1, 2), "{reading}");
            assert!(reply.answer.text().expect("text").contains("140 Riverside"));

            let error = world.run(client.call(&token, Call::get("/communities"))).expect_err("nothing to renew it by");
            assert_eq!(error.kind(), Kind::Expired, "{error}");
            world.sandbox.revoke(origin.provider(), &Revoke::AccessTokens);
        }
    }
}

#[test]
fn buildpass_takes_json_basic_and_form() {
    let world = World::new();
    let grant = || Grant::client_credentials().scope("read:builders read:subcontractors");
    for body in [BodyFormat::Json, BodyFormat::Form] {
        for auth in [ClientAuth::Post, ClientAuth::Basic] {
            for client in [world.client(Origin::BuildPass), world.special(Origin::BuildPass)] {
                let token = world.run(client.body(body).auth(auth).token(grant())).expect("a token");
                assert_eq!((token.token_type(), token.scope()), (Some("Bearer"), Some("read:builders read:subcontractors")));
                assert_eq!(token.expires_at(), Some(token.received_at() + 3_600_000));
                assert!(token.deviations().is_empty() && !token.is_scope_narrower());
            }
        }
    }
    assert_eq!(world.counted(Origin::BuildPass).connections, 1, "eight tokens over one connection");
}

#[test]
fn buildpass_refuses_by_the_rfc() {
    let world = World::new();
    let client = world.client(Origin::BuildPass);
    let grant = || Grant::client_credentials().scope("read:builders");
    refused(world.run(client.clone().secret("wrong").token(grant())), "invalid_client", "invalid_client");
    refused(world.run(client.token(Grant::client_credentials().scope("write:all"))), "invalid_scope", "invalid_scope");
    let elsewhere = grant().parameter("audience", "https://elsewhere.example");
    let error = world.run(client.token(elsewhere)).expect_err("another audience");
    assert_eq!(error.kind(), Kind::Refused, "{error}");
    let before = world.counted(Origin::BuildPass).requests;
    let error = world.run(client.token(Grant::client_credentials())).expect_err("no scope");
    assert_eq!((error.kind(), world.counted(Origin::BuildPass).requests), (Kind::Usage, before), "nothing was sent: {error}");
}

#[test]
fn buildpass_open_readings_are_all_read() {
    let world = World::new();
    let client = world.client(Origin::BuildPass);
    let ask = || world.run(client.token(Grant::client_credentials().scope("read:builders read:contacts")));
    world.reading(Origin::BuildPass, json!({"scope": "narrower"}));
    let token = ask().expect("narrower");
    assert!(token.is_scope_narrower() && token.scope() == Some("read:builders"), "{token:?}");
    world.reading(Origin::BuildPass, json!({"scope": "omitted", "expiry": "expires"}));
    let token = ask().expect("alias");
    assert_eq!((token.scope(), token.expires_at()), (Some("read:builders read:contacts"), Some(token.received_at() + 3_600_000)));
    world.reading(Origin::BuildPass, json!({"scope": "as_asked", "expiry": "none"}));
    assert_eq!(ask().expect("no expiry").expires_at(), None);
    world.reading(Origin::BuildPass, json!({"expiry": "both", "numbers": "string"}));
    assert_eq!(ask().expect("strings").deviations().len(), 1);
    world.reading(Origin::BuildPass, json!({"numbers": "as_printed", "answer": "commented"}));
    let error = ask().expect_err("the guide's comment is no JSON");
    assert!(error.kind() == Kind::Garbled && error.to_string().contains("line") && error.body().is_some(), "{error}");
}

#[test]
fn buildpass_calls_heal_by_refresh_and_rotation_reaches_the_store_first() {
    let world = World::new();
    for refresh in ["rotate", "same", "omit"] {
        world.reading(Origin::BuildPass, json!({"refresh": refresh}));
        let client = world.client(Origin::BuildPass);
        let authorize = Authorize::new("https://app.example/callback").scope("read:builders");
        let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
        assert!(login.url().contains("code_challenge_method=S256"));
        let callback = world.sandbox.login(login.url()).expect("a browser").location.expect("a redirect");
        let token = world.run(client.callback(&mut login, &callback)).expect("a token for the code");
        let error = world.run(client.callback(&mut login, &callback)).expect_err("a login works once");
        assert_eq!(error.kind(), Kind::Expired, "{error}");

        // Not by revocation, which takes the refresh tokens of the same login along, but by time.
        world.sandbox.advance_ms(3_600_000);
        let mut saved = None;
        let reply = world
            .agent
            .run_saving(client.call(&token, Call::get("/v1/builders")), |token| {
                saved = Some(token.clone());
                Ok::<(), Error>(())
            })
            .expect(refresh);
        assert_eq!(reply.answer.status(), 200);
        let saved = saved.expect("saved");
        let kept = saved.refresh_token() == token.refresh_token();
        assert_eq!(kept, refresh != "rotate", "{refresh}");
        let again = world.run(client.refresh(&saved)).expect("the kept refresh token still works");
        assert!(again.refresh_token().is_some(), "{refresh}");
    }
}

#[test]
fn honeywell_speaks_in_strings_and_wants_its_apikey() {
    let world = World::new();
    for client in [world.client(Origin::Honeywell), world.special(Origin::Honeywell)] {
        let token = world.run(client.token(Grant::client_credentials())).expect("a token");
        assert_eq!(
            (token.token_type(), token.authorization().map(|header| &header[..7])),
            (Some("BearerToken"), Some("Bearer "))
        );
        assert_eq!(token.expires_at(), Some(token.received_at() + 3_599_000));
        assert_eq!(token.field("/"), Some(json!("")), "the empty key");
        assert_eq!(token.field("/organization_name"), Some(json!("connectedhome")));
        let call = || Call::get("/v2/locations").header("UserRefID", &world.known("honeywell", "/user_ref_id"));
        let reply = world.run(client.call(&token, call())).expect("locations");
        assert_eq!(reply.answer.status(), 200, "{:?}", reply.answer.text());
        assert!(world.sandbox.log().iter().any(|entry| entry.path == "/v2/locations" && entry.query.contains("apikey=")));

        world.sandbox.revoke(Origin::Honeywell.provider(), &Revoke::AccessTokens);
        let reply = world.run(client.call(&token, call().renew_by(Grant::client_credentials()))).expect("healed");
        assert!(reply.answer.status() == 200 && reply.renewed.is_some());
    }
}

#[test]
fn honeywell_refuses_in_three_shapes() {
    let world = World::new();
    let client = world.client(Origin::Honeywell).secret("wrong");
    for shape in ["apigee", "fault", "rfc"] {
        world.reading(Origin::Honeywell, json!({"errors": shape}));
        let error = world.run(client.token(Grant::client_credentials())).expect_err(shape);
        assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("invalid_client")), "{shape}: {error}");
        assert!(error.description().is_some(), "{shape}: {error}");
    }
}

#[test]
fn honeywell_exchanges_a_code_and_refreshes_in_every_reading() {
    let world = World::new();
    for refresh in ["rotate", "same", "omit"] {
        world.reading(Origin::Honeywell, json!({"refresh": refresh}));
        let client = world.client(Origin::Honeywell);
        let mut login = client.authorize(Authorize::new("https://app.example/callback"), now(), &OsRandom).expect("a login");
        assert!(!login.url().contains("code_challenge"), "Honeywell knows no PKCE");
        // As a web application does: put away between two requests.
        let saved = login.saved().expect("not taken");
        let callback = world.sandbox.login(login.url()).expect("a browser").location.expect("a redirect");
        login = oauth_core::Login::restore(saved.expose()).expect("restored");
        let token = world.run(client.callback(&mut login, &callback)).expect("a token for the code");
        let new = world.run(client.refresh(&token)).expect("refreshed");
        assert_eq!(new.refresh_token() == token.refresh_token(), refresh != "rotate", "{refresh}");
        // Without the UserRefID header: it belongs to client credentials tokens.
        assert_eq!(
            world.run(client.call(&new, Call::get("/v2/devices").query("locationId", "20034"))).expect("devices").answer.status(),
            200
        );
    }
}

#[test]
fn a_refused_login_and_a_forged_callback_are_told_apart() {
    let world = World::new();
    world.reading(Origin::Honeywell, json!({"consent": "deny"}));
    let client = world.client(Origin::Honeywell);
    let mut login = client.authorize(Authorize::new("https://app.example/callback"), now(), &OsRandom).expect("a login");
    let callback = world.sandbox.login(login.url()).expect("a browser").location.expect("a redirect");
    let error =
        world.run(client.callback(&mut login, "https://app.example/callback?code=stolen&state=forged")).expect_err("forged");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    assert!(!login.is_taken(), "a forged callback must not burn the login");
    let error = world.run(client.callback(&mut login, &callback)).expect_err("denied");
    assert_eq!((error.kind(), error.code()), (Kind::Refused, Some("access_denied")), "{error}");
    assert_eq!(world.counted(Origin::Honeywell).token_requests, 0, "no code was sent on");

    world.reading(Origin::Honeywell, json!({"consent": "allow", "iss": "wrong"}));
    let mut login = client.authorize(Authorize::new("https://app.example/callback"), now(), &OsRandom).expect("a login");
    let callback = world.sandbox.login(login.url()).expect("a browser").location.expect("a redirect");
    let error = world.run(client.callback(&mut login, &callback)).expect_err("a mix-up");
    assert_eq!((error.kind(), world.counted(Origin::Honeywell).token_requests), (Kind::Untrusted, 0), "{error}");
}

#[test]
fn special_characters_survive_in_every_credential() {
    let world = World::new();
    for origin in BUILDINGS {
        let token = world.run(world.special(origin).token(world.user("special"))).expect("a token");
        assert_eq!(token.user().and_then(|user| user.fullname).as_deref(), Some("Zoë \"Quote\" O'Neil"));
    }
}

#[test]
fn a_token_is_restored_in_another_life() {
    let world = World::new();
    let client = world.client(Origin::ActiveBuilding);
    let token = world.run(client.token(world.user("resident"))).expect("a token");
    let restored = Token::restore(token.saved().expose()).expect("restored");
    assert_eq!(restored.user(), token.user());
    assert_eq!(world.run(client.call(&restored, Call::get("/communities"))).expect("a call").answer.status(), 200);
    let error = world
        .run(world.client(Origin::BuildPass).call(&restored, Call::get("/v1/builders")))
        .expect_err("another provider's token");
    assert_eq!((error.kind(), world.counted(Origin::BuildPass).requests), (Kind::Usage, 0), "{error}");
}
