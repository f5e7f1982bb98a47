//! Does any secret get out on the way, with the host's log at level trace?
#![allow(clippy::unwrap_used)]
#![cfg(feature = "quiet")]

mod support;

use std::{fmt::Write as _, io::Write, sync::Mutex, time::Duration};

use oauth_core::{Cause, Client, Grant, Provider};
use oauth_ureq::{Agent, Cancel, Proxy, RunError};
use support::{Certificate, Server, answer, grant, query_request, request};

/// Everything that any library logs in this process.
static LOG: Mutex<String> = Mutex::new(String::new());

struct Everything;

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata) -> bool {
        true
    }

    fn log(&self, record: &log::Record) {
        writeln!(LOG.lock().unwrap(), "{} {}: {}", record.level(), record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

const SENTINELS: [&str; 5] = ["s3ntinel-token", "s3ntinel-secret", "s3ntinel-answer", "s3ntinel-proxy", "s3ntinel-password"];

/// The secret as it is, in base64 at each of the three alignments, percent-encoded and as decimal bytes.
fn assert_clean(text: &str) {
    for sentinel in SENTINELS {
        let decimal: Vec<String> = sentinel.bytes().map(|byte| byte.to_string()).collect();
        let percent: String = sentinel.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let base64 = ["czNudGluZW", "MzbnRpbmVs", "zM250aW5lb"];
        for hidden in [sentinel.to_owned(), decimal.join(", "), percent].iter().map(String::as_str).chain(base64) {
            assert!(!text.contains(hidden), "{hidden} in: {}", text.lines().find(|line| line.contains(hidden)).unwrap_or(text));
        }
    }
}

#[test]
fn rfc_6819_5_1_6_no_log_line_no_error_and_no_debug_output_holds_a_secret() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let mut printed = String::new();
    let mut print = |what: &dyn std::fmt::Debug| writeln!(printed, "{what:?} {what:#?}").unwrap();

    // One of each: an answer, a redirect that repeats the token, a cut, noise, a bad certificate, a deadline, a cancel.
    let body = r#"{"access_token":"s3ntinel-answer","x":"s3ntinel-answer"}"#;
    let good = Server::always(answer("200 OK", "set-cookie: s3ntinel-answer\r\nx-token: s3ntinel-answer\r\n", body));
    let moves = Server::always(answer("302 Found", "location: https://elsewhere.example/\r\n", ""));
    let cuts = Server::start(|conversation| drop(request(conversation)));
    let noise = Server::start(|conversation| {
        request(conversation);
        let _ = conversation
            .write_all(b"s3ntinel-answer\r\ns3ntinel-answer s3ntinel-answer\r\n\r\n")
            .and_then(|()| conversation.flush());
    });
    let bad_header = Server::always("HTTP/1.1 200 OK\r\ns3ntinel-answer\r\n\r\n");
    let untrusted = Server::with(Certificate::OtherAuthority, |_| {});
    let silent = Server::raw(support::until_gone);
    for server in [&good, &moves, &cuts, &noise, &bad_header, &untrusted, &silent] {
        let agent = server.trusting().deadline(Duration::from_millis(300)).build().unwrap();
        let sent = query_request(&server.url(), "s3ntinel-token");
        assert!(sent.url().contains("s3ntinel-token"));
        print(&sent);
        print(&agent.carry(sent));
        let client = Client::new(Provider::activebuilding(), "id").secret("s3ntinel-secret").base(&server.url());
        let outcome = agent.run(client.token(Grant::password("jo", "s3ntinel-password")));
        if let Err(error) = &outcome {
            print(&error.to_string());
        }
        print(&outcome);
        print(&agent);
        let basic = Client::new(Provider::honeywell(), "id").secret("s3ntinel-secret").base(&server.url());
        print(&agent.run(basic.token(Grant::client_credentials())));
    }
    let cancel = Cancel::new();
    cancel.cancel();
    print(&good.agent().with_cancel(&cancel).carry(query_request(&good.url(), "s3ntinel-token")));

    // A proxy that needs a password, and refuses it; one that isn't there.
    let proxy = Server::raw(|stream| {
        let _ = request(stream);
        let _ = stream.write_all(b"HTTP/1.1 407 s3ntinel-answer\r\n\r\n");
    });
    for port in [proxy.port, 1] {
        let way = Proxy::Url(format!("http://user:s3ntinel-proxy@127.0.0.1:{port}"));
        print(&way);
        let builder = good.trusting().proxy(way);
        print(&builder);
        let agent = builder.build().unwrap();
        print(&agent);
        let failure = agent.carry(query_request("https://server.example", "s3ntinel-token")).unwrap_err();
        assert_eq!(failure.cause, Cause::Proxy, "{failure}");
        print(&failure);
    }

    // A renewed token whose save failed is in the error, and not in its text.
    let failed: RunError<String> =
        RunError::Unsaved { token: Box::new(support::query_token("s3ntinel-token")), error: "disk full".to_owned() };
    print(&failed);
    print(&failed.to_string());

    let log = LOG.lock().unwrap();
    for logs in ["ureq", "ureq_proto", "rustls"] {
        assert!(log.contains(logs), "{logs} logs nothing, so this test shows nothing");
    }
    assert_clean(&printed);
    assert_clean(&log);
    // The token did go out: in the request line, behind ureq's back.
    assert!(good.requests()[0].contains("access_token=s3ntinel-token"));
    let _ = (Agent::new(), grant());
}
