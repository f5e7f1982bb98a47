//! What do servers that others wrote say while their user is on another device?

use std::time::Duration;

use counterparts::{Counterpart, assert_refused};
use oauth_core::{Backchannel, Client, Device, Exchange, Kind, Now, Provider, Step, Token};
use oauth_ureq::now;
use serde_json::{Value, json};

fn client(server: &Counterpart, name: &str) -> Client {
    let device = if is_authlib(server) { "/device_authorization" } else { "/device/auth" };
    let auth = if server.client(name).secret.is_some() { "basic" } else { "none" };
    let record = json!({
        "version": 1,
        "name": "elsewhere",
        "base": server.issuer(),
        "token": { "url": "/token", "auth": auth },
        "endpoints": { "device_authorization": device, "backchannel_authentication": "/backchannel" },
    });
    server.client(name).of(Provider::from_json(&record.to_string()).expect("a good record"))
}

fn is_authlib(server: &Counterpart) -> bool {
    std::ptr::eq(server, Counterpart::authlib())
}

fn begun(server: &Counterpart, client: &Client) -> Device {
    server.agent().run(client.device([("scope", "read")])).expect("a code to show")
}

/// One poll, sent at the pretended time; says what the exchange wants next.
fn polled(server: &Counterpart, exchange: &mut Exchange<Token>, at: Now) -> Step<Token> {
    let Step::Send(request) = exchange.step(at).expect("a request") else { panic!("the pause is not over") };
    exchange.receive(server.agent().carry(request));
    exchange.step(at).expect("no verdict yet, or a token")
}

fn pause(step: &Step<Token>) -> Duration {
    let Step::Wait(pause) = step else { panic!("not a pause: {step:?}") };
    *pause
}

#[test]
fn rfc_8628_3_5_a_device_polls_until_its_user_allows_it() {
    // Authlib's script says 1 s, oidc-provider nothing, which means 5 s.
    for (server, interval_ms) in [(Counterpart::authlib(), 1000), (Counterpart::oidc_provider(), 5000)] {
        let client = client(server, "public");
        let device = begun(server, &client);
        assert_eq!(device.interval_ms(), interval_ms);
        assert!(device.verification_uri().starts_with(server.issuer()) && device.deviations().is_empty());
        let mut exchange = client.poll(&device);
        let rest = pause(&exchange.step(now()).expect("a pause"));
        assert!(rest.as_millis() as i64 <= interval_ms);
        server.agent().wait(rest).expect("nobody cancels");
        let next = polled(server, &mut exchange, now());
        assert_eq!(pause(&next).as_millis() as i64, interval_ms, "authorization_pending keeps the interval");

        let page = device.verification_uri_complete().expect("both servers give one");
        server.browser().approve_device(page, "alice").expect("the user allows it");
        // Another process goes on.
        let restored = Device::restore(device.saved().expose()).expect("what was saved");
        let token = server.agent().run(client.poll(&restored)).expect("a token");
        assert_eq!((token.authorization().is_some(), token.requested_scope()), (true, Some("read")));
        if !is_authlib(server) {
            // The code works once, where the server cares.
            assert_refused(&server.agent().run(client.poll(&restored)).expect_err("used up"), "invalid_grant", 400);
        }
    }
}

#[test]
fn rfc_8628_3_5_a_users_no_is_final() {
    for server in [Counterpart::authlib(), Counterpart::oidc_provider()] {
        let client = client(server, "public");
        let device = begun(server, &client);
        server.browser().deny_device(device.verification_uri_complete().expect("one")).expect("the user refuses");
        assert_refused(&server.agent().run(client.poll(&device)).expect_err("refused"), "access_denied", 400);
    }
}

#[test]
fn rfc_8628_3_5_slow_down_adds_five_seconds_and_they_are_enough() {
    let server = Counterpart::authlib();
    let client = client(server, "public");
    let device = begun(server, &client);
    let mut exchange = client.poll(&device);
    let began = now();
    pause(&exchange.step(began).expect("a pause"));
    // A clock that runs ahead makes us hasty, which the server notices.
    pause(&polled(server, &mut exchange, began.later(1000)));
    let next = polled(server, &mut exchange, began.later(2000));
    assert_eq!((pause(&next).as_millis(), device.interval_ms()), (6000, 6000), "slow_down");
    server.agent().wait(Duration::from_secs(6)).expect("nobody cancels");
    let next = polled(server, &mut exchange, began.later(8000));
    assert_eq!(pause(&next).as_millis(), 6000, "it was slow enough, and stays as slow");
    server.browser().approve_device(device.verification_uri_complete().expect("one"), "alice").expect("the user allows it");
    server.agent().wait(Duration::from_secs(6)).expect("nobody cancels");
    let Step::Done(token) = polled(server, &mut exchange, began.later(14_000)) else { panic!("a token") };
    assert!(token.authorization().is_some());
}

#[test]
fn rfc_8628_3_5_a_device_code_is_over_by_our_clock_and_by_the_servers_word() {
    for server in [Counterpart::authlib(), Counterpart::oidc_provider()] {
        let client = client(server, "hasty");
        let device = begun(server, &client);
        let error = server.agent().run(client.poll(&device)).expect_err("nobody came within two seconds");
        assert_eq!(error.kind(), Kind::Expired, "{error}");

        // A process whose clock is wrong asks on, and the server says so.
        let mut saved: Value = serde_json::from_str(device.saved().expose()).expect("JSON");
        saved["approval"]["expires_at"] = json!(now().wall + 600_000);
        saved["approval"]["lifetime_ms"] = json!(600_000);
        saved["approval"]["pace"]["not_before"] = json!(0);
        let device = Device::restore(&saved.to_string()).expect("what was saved");
        let mut exchange = client.poll(&device);
        let Step::Send(request) = exchange.step(now()).expect("a request") else { panic!("a request") };
        exchange.receive(server.agent().carry(request));
        let error = exchange.step(now()).expect_err("the server's word");
        // Authlib says expired_token; oidc-provider has forgotten such a code, which is an invalid_grant (RFC 8628 §3.5).
        let (kind, code) = if is_authlib(server) { (Kind::Expired, None) } else { (Kind::Refused, Some("invalid_grant")) };
        assert_eq!((error.kind(), error.standard_code()), (kind, code), "{error}");
    }
}

#[test]
fn rfc_8628_3_2_an_unknown_client_is_refused_before_any_user_is_asked() {
    for server in [Counterpart::authlib(), Counterpart::oidc_provider()] {
        let known = client(server, "public");
        let nobody = Client::new(known.provider().clone(), "nobody");
        let error = server.agent().run(nobody.device([("scope", "read")])).expect_err("refused");
        assert_eq!((error.kind(), error.standard_code()), (Kind::Refused, Some("invalid_client")), "{error}");
    }
}

#[test]
fn ciba_10_1_a_user_is_asked_on_a_device_of_their_own() {
    let server = Counterpart::oidc_provider();
    let client = client(server, "basic");
    let asked = [("scope", "openid"), ("login_hint", "alice"), ("binding_message", "W4SCT")];
    let backchannel = server.agent().run(client.backchannel(asked)).expect("the user is being asked");
    let restored = Backchannel::restore(backchannel.saved().expose()).expect("what was saved");
    let token = server.agent().run(client.poll(&restored)).expect("a token");
    assert!(token.field("/id_token").is_some() && token.authorization().is_some());
}

#[test]
fn ciba_11_a_users_no_is_final() {
    let server = Counterpart::oidc_provider();
    let client = client(server, "basic");
    let asked = [("scope", "openid"), ("login_hint", "refuser")];
    let backchannel = server.agent().run(client.backchannel(asked)).expect("the user is being asked");
    assert_refused(&server.agent().run(client.poll(&backchannel)).expect_err("refused"), "access_denied", 400);
}

#[test]
fn ciba_13_an_unknown_user_is_told_at_once() {
    let server = Counterpart::oidc_provider();
    let asked = [("scope", "openid"), ("login_hint", "stranger")];
    let error = server.agent().run(client(server, "basic").backchannel(asked)).expect_err("nobody of that name");
    assert_refused(&error, "unknown_user_id", 400);
}
