//! Does the front hold TLS and HTTP as strictly as it should, and count what it sees?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use active_sandbox::{Options, Origin, Sandbox};
use common::world;

#[test]
fn bad_certificates_are_refused_for_their_reason() {
    let world = world();
    for (origin, reason) in
        [(Origin::Expired, "expired"), (Origin::WrongHost, "not valid for name"), (Origin::Untrusted, "UnknownIssuer")]
    {
        let error = world.try_get(&world.url(origin, "/v1/builders"), &[]).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.to_lowercase().contains(&reason.to_lowercase()), "{origin}: {text}");
    }
    assert_eq!(world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[]).status, 401, "a good one is good");
}

#[test]
fn connections_and_handshakes_are_counted() {
    let world = world();
    let url = world.url(Origin::BuildPass, "/v1/builders");
    for _ in 0..3 {
        world.get(&url, &[]);
    }
    let counters = world.counters(Origin::BuildPass);
    assert_eq!((counters.connections, counters.tls_handshakes, counters.tls_resumed), (1, 1, 0), "one pooled connection");
    assert_eq!((counters.requests, counters.api_requests, counters.token_requests, counters.refused), (3, 3, 0, 3));
    drop(world.try_get(&world.url(Origin::Untrusted, "/"), &[]));
    for _ in 0..500 {
        // The client's alert is on its way.
        if world.counters(Origin::Untrusted).tls_failed == 1 {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let untrusted = world.counters(Origin::Untrusted);
    assert_eq!((untrusted.connections, untrusted.tls_handshakes, untrusted.tls_failed, untrusted.requests), (1, 0, 1, 0));
    world.sandbox.clear_counters();
    assert_eq!(world.counters(Origin::BuildPass), active_sandbox::Counters::default());
}

fn plain(sandbox: &Sandbox, origin: Origin, request: &str) -> String {
    let port: u16 = sandbox.url(origin).rsplit(':').next().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn plain_http_is_told_that_https_is_required() {
    let world = world();
    let request = "POST /oauth/access_token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    for origin in [Origin::ActiveBuilding, Origin::MyBuilding] {
        let answer = plain(&world.sandbox, origin, request);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.ends_with(r#"{"error":"invalid_request","error_description":"HTTPS required"}"#), "{answer}");
    }
    assert!(plain(&world.sandbox, Origin::BuildPass, request).starts_with("HTTP/1.1 400 "));
}

#[test]
fn the_log_shows_what_was_sent() {
    let world = world();
    world.form(
        &world.url(Origin::BuildPass, "/oauth/token?a=b%20c"),
        &[("x-test", "1")],
        &common::buildpass_form("read:builders"),
    );
    world.post(&world.url(Origin::BuildPass, "/v1/x"), &[], b"\xff\xfe");
    let log = world.sandbox.log();
    assert_eq!(log.len(), 2);
    assert_eq!((log[0].method.as_str(), log[0].path.as_str(), log[0].query.as_str()), ("POST", "/oauth/token", "a=b%20c"));
    assert_eq!((log[0].provider, log[0].connection), (Origin::BuildPass, log[1].connection));
    assert!(log[0].body.as_deref().unwrap().contains("client_secret=your_client_secret"));
    assert!(log[0].headers.iter().any(|(name, value)| name == "x-test" && value == "1"));
    assert_eq!((log[1].body.clone(), log[1].body_base64.as_deref()), (None, Some("//4=")));
    assert!((world.sandbox.now_ms() - log[0].time_ms).abs() < 10_000);
    world.sandbox.clear_log();
    assert!(world.sandbox.log().is_empty());
}

#[test]
fn too_much_is_refused_and_reserved_paths_are_not_reached() {
    let world = world();
    let url = world.url(Origin::BuildPass, "/oauth/token");
    assert_eq!(world.post(&url, &[], &vec![b'a'; 1 << 20]).status, 400);
    assert_eq!(world.post(&url, &[("content-length", "1048577")], &vec![b'a'; (1 << 20) + 1]).status, 413);
    let long = "a".repeat(70_000);
    assert_eq!(world.get(&url, &[("x-long", &long)]).status, 431);
    assert_eq!(world.get(&world.url(Origin::BuildPass, "/__httpmock__/mocks"), &[]).status, 404);
    let forged = world.get(&world.url(Origin::BuildPass, "/clock"), &[("x-sandbox-origin", "activebuilding")]);
    assert_eq!(forged.text("error"), "not_found", "BuildPass answered, neither ActiveBuilding nor the control address");
}

#[test]
fn chunked_bodies_and_heads_are_understood() {
    let world = world();
    let body = common::encoded(&common::buildpass_form("read:builders"));
    let mut reader = io_only(body.as_bytes());
    let request = world.agent.post(world.url(Origin::BuildPass, "/oauth/token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let response = request.send(ureq::SendBody::from_reader(&mut reader)).unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(world.sandbox.log()[0].body.as_deref(), Some(body.as_str()));
    let head = world.agent.head(world.url(Origin::BuildPass, "/v1/builders")).call().unwrap();
    assert_eq!(head.status(), 405);
    assert_eq!(world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[]).status, 401, "the connection is still in step");
}

#[test]
fn a_target_that_is_no_uri_is_refused_and_harms_nobody() {
    let world = world();
    for target in ["/v1/é", "/v1/{x}|^`", "/v1/%zz?%ff=%fe&&=", "//..//x"] {
        let mut raw = common::Raw::connect(&world).unwrap();
        write!(raw.0, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let first = raw.read();
        assert!(first.starts_with("HTTP/1.1 4"), "{target}: {first}");
        write!(raw.0, "GET /v1/builders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let (second, _) = raw.rest();
        assert!(second.is_empty() || second.contains("Bearer realm"), "{target}: {second}");
    }
}

/// A reader of unknown length, which ureq sends in chunks.
fn io_only(bytes: &[u8]) -> impl Read + '_ {
    bytes
}

#[test]
fn no_more_connections_than_asked_for_are_open() {
    let mut options = Options::default();
    options.max_connections = 1;
    let sandbox = Sandbox::start(options).unwrap();
    let port: u16 = sandbox.url(Origin::BuildPass).rsplit(':').next().unwrap().parse().unwrap();
    let first = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut second = TcpStream::connect(("127.0.0.1", port)).unwrap();
    second.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(matches!(second.read(&mut [0; 1]), Ok(0)), "closed at once");
    drop(first);
}

#[test]
fn sandboxes_come_and_go_without_a_trace() {
    let mut folders = Vec::new();
    for _ in 0..30 {
        // More than httpmock has servers: each goes back to its pool.
        let sandbox = Sandbox::start(Options::default()).unwrap();
        assert!(sandbox.ca_path().exists());
        folders.push(sandbox.ca_path());
    }
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let control = sandbox.control_url();
    assert!(ureq::get(&control).call().is_ok());
    drop(sandbox);
    assert!(ureq::get(&control).call().is_err(), "nor does the control address answer any more");
    assert!(folders.iter().all(|path| !path.exists() && !path.parent().unwrap().exists()));
}
