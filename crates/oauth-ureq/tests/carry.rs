//! Does a request arrive as it was meant, and the answer as it was given?
#![allow(clippy::unwrap_used)]

mod support;

use std::{io::Write, thread, time::Duration};

use oauth_core::{Cause, Kind, Sent};
use support::{Server, answer, client, failed, grant, query_request, request, token_answer};

#[test]
fn a_token_comes_over_https_and_the_server_sees_who_asks() {
    let server = Server::always(token_answer());
    let token = server.agent().run(server.client().token(grant())).unwrap();
    assert_eq!(token.access_token(), "2YotnFZFEjr1zCsicMWpAA");
    let seen = server.requests().remove(0);
    assert!(seen.starts_with("POST /oauth/token HTTP/1.1\r\n"), "{seen}");
    let head = seen.to_ascii_lowercase();
    assert!(head.contains(&format!("user-agent: active/{}\r\n", env!("CARGO_PKG_VERSION"))), "{seen}");
    assert!(head.contains(&format!("host: localhost:{}\r\n", server.port)), "{seen}");
    assert!(head.contains("accept-encoding: gzip\r\n"), "{seen}");
    assert!(seen.contains(r#""grant_type":"client_credentials""#), "{seen}");
}

#[test]
fn many_requests_and_threads_share_the_connections() {
    let server = Server::always(token_answer());
    let agent = server.agent();
    for _ in 0..5 {
        agent.clone().run(server.client().token(grant())).unwrap();
    }
    assert_eq!(server.connections(), 1);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| drop(agent.run(server.client().token(grant())).unwrap())));
        }
    });
    assert!(server.connections() <= 4, "{}", server.connections());
    assert_eq!(server.requests().len(), 45);
}

#[test]
fn the_query_arrives_whole_on_new_and_reused_connections() {
    let server = Server::always(answer("200 OK", "", "{}"));
    let agent = server.agent();
    for token in ["first-token", "second-token"] {
        agent.carry(query_request(&server.url(), token)).unwrap();
    }
    agent.carry(server.token_request()).unwrap();
    let lines: Vec<String> = server.requests().iter().map(|seen| seen.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        lines,
        [
            "GET /communities?access_token=first-token HTTP/1.1",
            "GET /communities?access_token=second-token HTTP/1.1",
            "POST /oauth/token HTTP/1.1"
        ]
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_large_body_arrives_whole() {
    let server = Server::always(answer("200 OK", "", "{}"));
    let client = client(&server.url());
    let text = "x".repeat(300_000);
    let token = server_token(&server);
    let reply = server.agent().run(client.call(&token, oauth_core::Call::post("/v1/note").body("text/plain", text.clone())));
    reply.unwrap();
    let seen = server.requests().pop().unwrap();
    assert!(seen.ends_with(&text) && seen.to_ascii_lowercase().contains("content-length: 300000\r\n"));
}

fn server_token(server: &Server) -> oauth_core::Token {
    let tokens = Server::always(token_answer());
    tokens.agent().run(client(&tokens.url()).token(grant())).map(|token| (token, server)).unwrap().0
}

#[test]
fn every_status_and_header_reaches_the_core() {
    for status in ["201 Created", "400 Bad Request", "401 Unauthorized", "429 Too Many Requests", "500 Oops", "503 Busy"] {
        let server =
            Server::always(answer(status, "www-authenticate: Bearer error=\"invalid_token\"\r\nx-two: 1\r\nX-Two: 2\r\n", "why"));
        let answer = server.agent().carry(server.token_request()).unwrap();
        assert_eq!(answer.status().to_string(), status[..3]);
        assert_eq!(answer.header("WWW-Authenticate"), Some("Bearer error=\"invalid_token\""));
        assert_eq!(answer.header_all("x-two").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(answer.body(), b"why");
    }
}

#[test]
fn rfc_9700_4_12_no_redirect_is_followed() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let elsewhere = Server::always(token_answer());
        let server = Server::always(answer(status, &format!("location: {}/oauth/token\r\n", elsewhere.url()), "moved"));
        let answer = server.agent().carry(server.token_request()).unwrap();
        assert_eq!((answer.status().to_string().as_str(), answer.body()), (&status[..3], &b"moved"[..]));
        let error = server.agent().run(server.client().token(grant())).unwrap_err();
        assert!(matches!(error.kind(), Kind::Garbled | Kind::Refused), "{error}");
        assert_eq!((elsewhere.connections(), server.requests().len()), (0, 2));
    }
}

#[test]
fn plain_http_reaches_loopback_where_the_program_asked_for_it() {
    let server = Server::raw(|stream| {
        while request(stream).is_some() {
            stream.write_all(&token_answer()).unwrap();
        }
    });
    let url = format!("http://localhost:{}", server.port);
    let agent = server.agent();
    let token = agent.run(client(&url).danger_allow_plain_http_to_loopback().token(grant())).unwrap();
    assert_eq!(token.access_token(), "2YotnFZFEjr1zCsicMWpAA");
    let error = agent.run(client(&url).token(grant())).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_connection_that_the_server_closed_is_not_used_again() {
    for how in ["close_notify", "fin", "reset", "noise"] {
        let server = Server::start(move |conversation| {
            request(conversation);
            conversation.write_all(&token_answer()).unwrap();
            conversation.flush().unwrap();
            match how {
                "close_notify" => {
                    conversation.conn.send_close_notify();
                    conversation.flush().unwrap();
                }
                // Unread bytes in the server's socket turn its close into a reset.
                "reset" => thread::sleep(Duration::from_millis(5)),
                "noise" => {
                    conversation.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                    conversation.flush().unwrap();
                    thread::sleep(Duration::from_millis(300));
                }
                _ => {}
            }
        });
        let agent = server.agent();
        for n in 1..=4 {
            agent.carry(server.token_request()).unwrap_or_else(|error| panic!("{how}: {error}"));
            assert_eq!(server.connections(), n, "{how}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Sends an answer of that size and another that nobody asked for, in two TLS records but one segment.
fn two_answers(conversation: &mut support::Conversation, size: usize) -> std::io::Result<()> {
    let mut records = Vec::new();
    for body in ["t".repeat(size), "forged".repeat(50)] {
        conversation.conn.writer().write_all(&answer("200 OK", "", &body))?;
        while conversation.conn.wants_write() {
            conversation.conn.write_tls(&mut records)?;
        }
    }
    conversation.sock.write_all(&records)
}

#[test]
fn bytes_behind_an_answer_are_never_taken_for_the_next_one() {
    // Where the second record ends up on its way through the buffers depends on the size of the first.
    for size in [10, 3950, 3990, 4030, 4090, 8030, 8060, 8090, 12_100, 12_150, 16_000] {
        let server = Server::start(
            move |conversation| {
                while request(conversation).is_some() && two_answers(conversation, size).is_ok() {}
            },
        );
        let agent = server.agent();
        for n in 1..=3 {
            assert_eq!(agent.carry(server.token_request()).unwrap().body().len(), size);
            assert_eq!(server.connections(), n, "{size}");
        }
    }
    // And where it comes later.
    let server = Server::start(|conversation| {
        for _ in 0..2 {
            request(conversation);
            conversation.write_all(&answer("200 OK", "", "true")).unwrap();
            conversation.flush().unwrap();
            thread::sleep(Duration::from_millis(20));
            let _ = conversation.write_all(&answer("200 OK", "", "forged")).and_then(|()| conversation.flush());
        }
    });
    let agent = server.agent();
    for _ in 0..3 {
        assert_eq!(agent.carry(server.token_request()).unwrap().text(), Some("true"));
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn interim_answers_are_passed_over() {
    // RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response".
    for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"] {
        let server = Server::always([interim.as_bytes(), &answer("200 OK", "", "final")].concat());
        let agent = server.agent();
        for _ in 0..2 {
            assert_eq!(agent.carry(server.token_request()).unwrap().text(), Some("final"), "{interim}");
        }
    }
}

#[test]
fn answers_without_a_body_end_at_once() {
    for bodiless in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ] {
        let server = Server::always(bodiless);
        let agent = server.trusting().deadline(Duration::from_secs(2)).build().unwrap();
        assert_eq!(agent.carry(server.token_request()).unwrap().body(), b"", "{bodiless}");
        agent.carry(server.token_request()).unwrap();
        assert_eq!(server.connections(), 1, "{bodiless}");
    }
}

#[test]
fn a_connection_that_rested_too_long_is_dropped() {
    let server = Server::always(token_answer());
    let agent = server.trusting().idle(Duration::from_millis(100)).build().unwrap();
    agent.carry(server.token_request()).unwrap();
    agent.carry(server.token_request()).unwrap();
    assert_eq!(server.connections(), 1);
    thread::sleep(Duration::from_millis(150));
    agent.carry(server.token_request()).unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn gzip_is_read_and_said_to_be_none() {
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(support::TOKEN.as_bytes()).unwrap();
    let zipped = zipped.finish().unwrap();
    let mut whole = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", zipped.len()).into_bytes();
    whole.extend(zipped);
    let server = Server::always(whole);
    let answer = server.agent().carry(server.token_request()).unwrap();
    assert_eq!((answer.text(), answer.header("content-encoding")), (Some(support::TOKEN), None));
}

#[test]
fn a_host_that_is_not_there_is_told_from_one_that_does_not_listen() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let agent = oauth_ureq::Agent::builder().connect_timeout(Duration::from_secs(3)).build().unwrap();
    let refused = failed(agent.carry(first(&format!("https://localhost:{port}"))));
    assert_eq!((refused.cause, refused.sent), (Cause::Connect, Sent::No), "{refused}");
    assert!(refused.detail.contains("refused"), "{refused}");
    // A machine without a name server takes its time to say so.
    let unknown = failed(agent.carry(first("https://no-such-host.invalid")));
    assert!(matches!(unknown.cause, Cause::Name | Cause::Timeout) && unknown.sent == Sent::No, "{unknown}");
}

fn first(base: &str) -> oauth_core::Request {
    match client(base).token(grant()).step(oauth_ureq::now()).unwrap() {
        oauth_core::Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}
