//! Does the sandbox misbehave as ordered?

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use active_sandbox::{Error, Fault, FaultOrder, Origin};
use common::{Raw, World, buildpass_form, encoded, tcp, world};

fn asked(world: &World, fault: Fault) -> Raw {
    world.fault(Origin::BuildPass, fault);
    let mut raw = Raw::connect(world).unwrap();
    raw.ask_for_a_token();
    raw
}

fn post(world: &World) -> Result<common::Reply, ureq::Error> {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    world.try_post(&world.url(Origin::BuildPass, "/oauth/token"), &form, encoded(&buildpass_form("read:builders")).as_bytes())
}

#[test]
fn a_drip_gives_the_true_body_piece_by_piece() {
    let world = world();
    world.fault(Origin::BuildPass, Fault::Drip { bytes: 200, every_ms: 15 });
    let start = Instant::now();
    let reply = post(&world).unwrap();
    assert_eq!(reply.text("token_type"), "Bearer");
    assert!(start.elapsed() >= Duration::from_millis(30), "{:?}", start.elapsed());
    assert_eq!(post(&world).unwrap().status, 200, "it was for once");
    assert_eq!(world.counters(Origin::BuildPass).faults, 1);
}

#[test]
fn slow_headers_come_piece_by_piece() {
    let world = world();
    let mut raw = asked(&world, Fault::SlowHeaders { bytes: 4, every_ms: 1 });
    assert_eq!(raw.read(), "HTTP");
    let mut all = String::new();
    while !all.ends_with('}') {
        all += &raw.read();
    }
    assert!(all.contains("\"token_type\":\"Bearer\""), "{all}");
}

#[test]
fn half_open_reads_the_request_and_stays_silent() {
    let world = world();
    let mut raw = asked(&world, Fault::HalfOpen { served: false });
    assert!(raw.silent_for(Duration::from_millis(60)));
    assert_eq!(world.counters(Origin::BuildPass).token_requests, 1, "it was received");
}

#[test]
fn hang_accepts_and_never_says_hello() {
    let world = world();
    world.fault(Origin::BuildPass, Fault::Hang {});
    let mut stream = tcp(&world, Origin::BuildPass);
    stream.set_read_timeout(Some(Duration::from_millis(60))).unwrap();
    stream.write_all(b"\x16\x03\x01\x00\x05hello").unwrap();
    assert!(stream.read(&mut [0; 1]).is_err());
    assert_eq!(world.counters(Origin::BuildPass).tls_handshakes, 0);
    drop(world);
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(matches!(stream.read(&mut [0; 1]), Ok(0) | Err(_)), "the end of the sandbox ends what hangs");
}

#[test]
fn garbage_tls_is_no_tls() {
    let world = world();
    world.fault(Origin::BuildPass, Fault::GarbageTls {});
    let error = Raw::connect(&world).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
    Raw::connect(&world).unwrap();
}

#[test]
fn cut_promises_all_and_gives_some() {
    let world = world();
    let (text, end) = asked(&world, Fault::Cut { after: 20 }).rest();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
    assert!(length > 100 && body.len() == 20, "{text}");
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "without close_notify");
    world.fault(Origin::BuildPass, Fault::Cut { after: 20 });
    assert!(post(&world).is_err());
}

#[test]
fn close_is_orderly_and_says_nothing() {
    let world = world();
    let (text, end) = asked(&world, Fault::Close { served: false }).rest();
    assert_eq!(text, "");
    end.unwrap();
    assert!(post(&world).is_ok());
}

#[test]
fn reset_is_a_reset() {
    let world = world();
    let (text, end) = asked(&world, Fault::Reset { served: false }).rest();
    assert_eq!((text.as_str(), end.unwrap_err().kind()), ("", io::ErrorKind::ConnectionReset));
}

#[test]
fn a_lost_answer_may_have_been_worked_on() {
    let world = world();
    let spent = |served| {
        let url = world.url(
            Origin::Honeywell,
            "/oauth2/authorize?response_type=code&client_id=123abc&redirect_uri=https://app.example/callback",
        );
        let location = world.sandbox.login(&url).unwrap().location.unwrap();
        let code = common::parameter(&location, "code").unwrap();
        let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", common::REDIRECT)];
        let redeem = || {
            let basic = common::basic("123abc", "456def");
            let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
            world.try_post(&world.url(Origin::Honeywell, "/oauth2/token"), &headers, encoded(&form).as_bytes())
        };
        world.fault(Origin::Honeywell, Fault::Close { served });
        redeem().unwrap_err();
        redeem().unwrap().status
    };
    assert_eq!(spent(true), 400, "the code was spent, though nobody heard");
    assert_eq!(spent(false), 200);
}

#[test]
fn close_idle_ends_the_connection_after_a_good_answer() {
    let world = world();
    let (text, end) = asked(&world, Fault::CloseIdle {}).rest();
    assert!(text.contains("\"token_type\":\"Bearer\"") && !text.to_lowercase().contains("connection: close"), "{text}");
    end.unwrap();
}

#[test]
fn a_delay_delays() {
    let world = world();
    world.fault(Origin::BuildPass, Fault::Delay { ms: 40 });
    let start = Instant::now();
    assert_eq!(post(&world).unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(40));
}

#[test]
fn status_answers_anything() {
    let world = world();
    let answer = |status, headers: &[(&str, &str)], body: &str, body_base64: Option<&str>| {
        let headers: BTreeMap<String, String> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        world.fault(
            Origin::BuildPass,
            Fault::Status { status, headers, body: body.into(), body_base64: body_base64.map(String::from) },
        );
        post(&world).unwrap()
    };
    let redirect = answer(307, &[("Location", "https://attacker.example/")], "", None);
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("https://attacker.example/")));
    let busy = answer(429, &[("Retry-After", "7")], "{}", None);
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("7")));
    assert_eq!(answer(500, &[("Content-Type", "text/html")], "<html>oops", None).body, "<html>oops");
    assert_eq!(answer(200, &[], "", Some("//79")).body, "\u{fffd}\u{fffd}\u{fffd}", "invalid UTF-8");
    assert_eq!(answer(200, &[], r#"{"access_token":"a\r\nX-Evil: 1"}"#, None).text("access_token"), "a\r\nX-Evil: 1");
    let counters = world.counters(Origin::BuildPass);
    assert_eq!((counters.token_requests, counters.refused, counters.faults), (5, 0, 5));
}

#[test]
fn raw_is_not_even_http() {
    let world = world();
    let (text, end) = asked(&world, Fault::Raw { body: "ICY 200 OK\r\n\r\n".into(), body_base64: None }).rest();
    assert_eq!(text, "ICY 200 OK\r\n\r\n");
    end.unwrap();
}

#[test]
fn endless_goes_on_and_on() {
    let world = world();
    let mut raw = asked(&world, Fault::Endless { bytes: 3_000_000, gzip: false });
    let (text, end) = raw.rest();
    assert!(text.len() > 3_000_000 && text.ends_with("0\r\n\r\n") && text.contains("Transfer-Encoding: chunked"));
    end.unwrap();
    world.fault(Origin::BuildPass, Fault::Endless { bytes: 3_000_000, gzip: true });
    let reply = post(&world).unwrap();
    assert_eq!(reply.token().len(), 3_000_000, "ureq unpacks it");
    world.fault(Origin::BuildPass, Fault::Endless { bytes: 200_000_000, gzip: false });
    assert!(post(&world).is_err(), "the test's own limit");
    assert_eq!(post(&world).unwrap().status, 200, "and the sandbox survives the client's leaving");
}

#[test]
fn orders_are_for_a_path_a_number_of_times_and_in_their_order() {
    let world = world();
    let order = |path: Option<&str>, status, times| FaultOrder {
        provider: Origin::BuildPass,
        path: path.map(String::from),
        fault: Fault::Status { status, headers: BTreeMap::new(), body: String::new(), body_base64: None },
        times,
    };
    let statuses = |n| (0..n).map(|_| post(&world).unwrap().status).collect::<Vec<_>>();
    world.sandbox.fault(order(Some("/v1/builders"), 418, None)).unwrap();
    world.sandbox.fault(order(Some("/oauth/token"), 500, Some(2))).unwrap();
    world.sandbox.fault(order(None, 503, Some(1))).unwrap();
    assert_eq!(statuses(4), [500, 500, 503, 200]);
    let api = || world.get(&world.url(Origin::BuildPass, "/v1/builders"), &[]).status;
    assert_eq!((api(), api()), (418, 418));
    world.sandbox.clear_faults();
    assert_eq!(api(), 401);
}

#[test]
fn orders_that_make_no_sense_are_refused() {
    let world = world();
    let refused = |path: Option<&str>, fault| {
        let order = FaultOrder { provider: Origin::BuildPass, path: path.map(String::from), fault, times: None };
        matches!(world.sandbox.fault(order), Err(Error::Usage(_)))
    };
    let status = |status, name: &str, value: &str| Fault::Status {
        status,
        headers: BTreeMap::from([(name.into(), value.into())]),
        body: String::new(),
        body_base64: None,
    };
    assert!(refused(Some("/x"), Fault::Hang {}));
    assert!(refused(None, Fault::Drip { bytes: 0, every_ms: 1 }));
    assert!(refused(None, Fault::Delay { ms: 600_001 }));
    assert!(refused(None, Fault::Endless { bytes: u64::MAX, gzip: true }));
    assert!(refused(None, status(100, "A", "b")));
    assert!(refused(None, status(200, "A", "b\r\nC: d")));
    assert!(refused(None, Fault::Raw { body: String::new(), body_base64: Some("%".into()) }));
    assert_eq!(post(&world).unwrap().status, 200);
}
