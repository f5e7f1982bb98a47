//! Does it end, whatever the server does?
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io::Write,
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use oauth_core::{Cause, NoAnswer, Sent};
use oauth_ureq::{Agent, Cancel};
use support::{Server, answer, failed, request, token_answer, until_gone};

const MS: Duration = Duration::from_millis(1);

/// Carries a token request that must fail by `limit` (and a slice, and what a busy machine adds).
fn fails_in_time(server: &Server, agent: &Agent, limit: Duration) -> NoAnswer {
    let begun = Instant::now();
    let failure = failed(agent.carry(server.token_request()));
    assert!(begun.elapsed() < limit + 8000 * MS, "{:?} {failure}", begun.elapsed());
    failure
}

fn within(server: &Server, limit: Duration) -> Agent {
    server.trusting().deadline(limit).build().unwrap()
}

#[test]
fn rustsec_2024_0336_a_server_that_drips_ends_with_the_deadline() {
    // In the header, in the body, and in a chunked body that looks alive for ever.
    for begin in
        ["", "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]
    {
        let server = Server::start(move |conversation| {
            request(conversation);
            let mut drops = if begin.is_empty() { "HTTP/1.1 200 OK\r\nx: ".to_owned() } else { begin.to_owned() }.into_bytes();
            loop {
                if conversation.write_all(&drops).and_then(|()| conversation.flush()).is_err() {
                    return;
                }
                drops = if begin.contains("chunked") { b"1\r\nx\r\n".to_vec() } else { b"x".to_vec() };
                thread::sleep(30 * MS);
            }
        });
        let failure = fails_in_time(&server, &within(&server, 400 * MS), 400 * MS);
        assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::Maybe), "{failure}");
    }
}

#[test]
fn a_server_that_drips_in_the_handshake_was_sent_nothing() {
    let server = Server::raw(|stream| {
        // A TLS record that never fills up.
        let _ = stream.write_all(&[22, 3, 3, 0x40, 0]);
        while stream.write_all(&[2]).is_ok() {
            thread::sleep(30 * MS);
        }
    });
    let failure = fails_in_time(&server, &within(&server, 400 * MS), 400 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::No), "{failure}");
    assert!(failure.detail.contains("TLS handshake"), "{failure}");
}

#[test]
fn a_server_that_says_nothing_ends_with_the_deadline() {
    let silent = Server::raw(until_gone);
    let failure = fails_in_time(&silent, &within(&silent, 200 * MS), 200 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::No), "{failure}");
    let half_open = Server::start(|conversation| {
        request(conversation);
        until_gone(&mut conversation.sock);
    });
    let failure = fails_in_time(&half_open, &within(&half_open, 200 * MS), 200 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::Maybe), "{failure}");
}

#[test]
fn connecting_has_a_shorter_time_of_its_own() {
    let silent = Server::raw(until_gone);
    let agent = silent.trusting().connect_timeout(200 * MS).build().unwrap();
    let failure = fails_in_time(&silent, &agent, 200 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::No), "{failure}");
    assert!(failure.detail.contains("took longer than 0.2 s"), "{failure}");
    // And it is over once the request is on its way.
    let slow = Server::start(|conversation| {
        request(conversation);
        thread::sleep(400 * MS);
        let _ = conversation.write_all(&token_answer());
    });
    slow.trusting().connect_timeout(200 * MS).build().unwrap().carry(slow.token_request()).unwrap();
}

#[test]
fn a_server_that_does_not_read_ends_with_the_deadline() {
    let server = Server::start(|conversation| {
        let _ = conversation.sock.set_read_timeout(None);
        thread::sleep(Duration::from_secs(20));
    });
    let agent = within(&server, 400 * MS);
    let token = Server::always(token_answer());
    let token = token.agent().run(token.client().token(support::grant())).unwrap();
    let large = oauth_core::Call::post("/v1/x").body("text/plain", vec![b'x'; 30_000_000]);
    let begun = Instant::now();
    let error = agent.run(server.client().call(&token, large)).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!((error.code(), error.sent()), (Some("timeout"), Some(Sent::Maybe)), "{error}");
}

/// A port whose queue of connections is full: who connects waits.
fn full_port() -> (u16, Vec<TcpStream>, rustix::fd::OwnedFd) {
    use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    bind(&listener, &any).unwrap();
    listen(&listener, 0).unwrap();
    let address = std::net::SocketAddr::try_from(getsockname(&listener).unwrap()).unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, 100 * MS) {
        waiting.push(stream);
    }
    (address.port(), waiting, listener)
}

#[test]
fn a_port_that_lets_nobody_in_ends_with_the_deadline_or_a_cancel() {
    let (port, _waiting, _listener) = full_port();
    let server = Server { port, ..Server::raw(|_| {}) };
    let url = format!("https://127.0.0.1:{port}");
    let carry = |agent: &Agent| {
        let begun = Instant::now();
        let error = agent.run(support::client(&url).token(support::grant())).unwrap_err();
        (error, begun.elapsed())
    };
    let (error, took) = carry(&within(&server, 300 * MS));
    assert_eq!((error.code(), error.sent()), (Some("timeout"), Some(Sent::No)), "{error}");
    assert!(took < 1000 * MS, "{took:?}");
    let cancel = Cancel::new();
    let (error, took) = carry(&cancelled_soon(&server.agent(), &cancel));
    assert_eq!((error.code(), error.sent()), (Some("cancelled"), Some(Sent::No)), "{error}");
    assert!(took < 900 * MS, "{took:?}");
}

/// An agent that is cancelled from another thread after 150 ms.
fn cancelled_soon(agent: &Agent, cancel: &Cancel) -> Agent {
    let agent = agent.with_cancel(cancel);
    let cancel = cancel.clone();
    thread::spawn(move || {
        thread::sleep(150 * MS);
        cancel.cancel();
    });
    agent
}

#[test]
fn another_thread_can_end_it() {
    let half_open = Server::start(|conversation| {
        request(conversation);
        until_gone(&mut conversation.sock);
    });
    let cancel = Cancel::new();
    let agent = cancelled_soon(&half_open.agent(), &cancel);
    let failure = fails_in_time(&half_open, &agent, 150 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Cancelled, Sent::Maybe), "{failure}");
    // It stays cancelled, and nothing is sent any more.
    let connections = half_open.connections();
    let failure = fails_in_time(&half_open, &agent, Duration::ZERO);
    assert_eq!((failure.cause, failure.sent), (Cause::Cancelled, Sent::No), "{failure}");
    assert_eq!(half_open.connections(), connections);
    let silent = Server::raw(until_gone);
    let failure = fails_in_time(&silent, &cancelled_soon(&silent.agent(), &Cancel::new()), 150 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Cancelled, Sent::No), "{failure}");
}

#[test]
fn a_pause_ends_early_only_when_cancelled() {
    let begun = Instant::now();
    Agent::new().wait(250 * MS).unwrap();
    assert!((250 * MS..8000 * MS).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let error = cancelled_soon(&Agent::new(), &Cancel::new()).wait(Duration::MAX).unwrap_err();
    assert_eq!(error.code(), Some("cancelled"));
    assert!(begun.elapsed() < 8000 * MS);
    let error = Agent::new().with_interrupt(|| true).wait(Duration::MAX).unwrap_err();
    assert_eq!(error.code(), Some("cancelled"));
}

#[test]
fn the_program_is_asked_at_every_slice() {
    let half_open = Server::start(|conversation| {
        request(conversation);
        until_gone(&mut conversation.sock);
    });
    let (asked, here) = (Arc::new(AtomicUsize::new(0)), thread::current().id());
    let count = Arc::clone(&asked);
    let agent = half_open.agent().with_interrupt(move || {
        assert_eq!(thread::current().id(), here, "asked on the carrying thread");
        count.fetch_add(1, Ordering::SeqCst) > 8
    });
    let failure = fails_in_time(&half_open, &agent, Duration::from_secs(1));
    assert_eq!((failure.cause, failure.sent), (Cause::Cancelled, Sent::Maybe), "{failure}");
}

#[test]
fn an_interrupt_may_itself_carry_something_or_panic() {
    let half_open = Server::start(|conversation| {
        request(conversation);
        until_gone(&mut conversation.sock);
    });
    let other = Server::always(token_answer());
    let (inner, inner_request) = (other.agent(), other.token_request());
    let done = Arc::new(AtomicBool::new(false));
    let once = Arc::clone(&done);
    let agent = within(&half_open, 400 * MS).with_interrupt(move || {
        if !once.swap(true, Ordering::SeqCst) {
            inner.carry(inner_request.clone()).unwrap();
        }
        false
    });
    let failure = fails_in_time(&half_open, &agent, 400 * MS);
    assert_eq!((failure.cause, other.requests().len()), (Cause::Timeout, 1), "{failure}");
    let failure = failed(half_open.agent().with_interrupt(|| panic!("on purpose")).carry(half_open.token_request()));
    assert_eq!(failure.cause, Cause::Other);
}

#[test]
fn an_answer_that_is_cut_is_never_taken_for_whole() {
    let cuts: [&[u8]; 6] = [
        b"",
        b"HTTP/1.1 200 OK\r\ncont",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"access_token\":",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}{}{\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n\x1f\x8b\x08",
        // Only the connection's end tells where this body ends; without TLS's closing word anyone may have ended it.
        b"HTTP/1.1 200 OK\r\n\r\n{\"a\":1}",
    ];
    for cut in cuts {
        let server = Server::start(move |conversation| {
            request(conversation);
            let _ = conversation.write_all(cut).and_then(|()| conversation.flush());
        });
        let failure = failed(server.agent().carry(server.token_request()));
        assert_eq!((failure.cause, failure.sent), (Cause::Cut, Sent::Maybe), "{failure} {:?}", String::from_utf8_lossy(cut));
    }
    let proper = Server::start(|conversation| {
        request(conversation);
        conversation.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"a\":1}").unwrap();
        conversation.conn.send_close_notify();
        conversation.flush().unwrap();
    });
    assert_eq!(proper.agent().carry(proper.token_request()).unwrap().body(), b"{\"a\":1}");
}

#[test]
fn what_is_not_http_or_not_tls_is_said_to_be_so() {
    for noise in [&b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..], b"\0\xff\0\xff\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"] {
        let server = Server::start(move |conversation| {
            request(conversation);
            let _ = conversation.write_all(noise).and_then(|()| conversation.flush());
            until_gone(&mut conversation.sock);
        });
        let failure = fails_in_time(&server, &within(&server, Duration::from_secs(5)), 500 * MS);
        assert_eq!((failure.cause, failure.sent), (Cause::Protocol, Sent::Maybe), "{failure}");
    }
    let plain = Server::raw(|stream| {
        let _ = stream.write_all(&answer("400 Bad Request", "", "speak http"));
        until_gone(stream);
    });
    let failure = fails_in_time(&plain, &plain.agent(), 500 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Tls, Sent::No), "{failure}");
    assert!(failure.detail.contains("not TLS"), "{failure}");
    let slams = Server::raw(|_| {});
    let failure = fails_in_time(&slams, &slams.agent(), 500 * MS);
    assert_eq!((failure.cause, failure.sent), (Cause::Tls, Sent::No), "{failure}");
}

#[test]
fn rfc_9110_17_5_a_header_without_end_is_given_up() {
    let line: &[u8] = b"x-filler: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n";
    for lines in [usize::MAX, 129] {
        let server = Server::start(move |conversation| {
            request(conversation);
            let _ = conversation.write_all(b"HTTP/1.1 200 OK\r\n");
            for _ in 0..lines {
                if conversation.write_all(line).is_err() {
                    return;
                }
            }
            let _ = conversation.write_all(b"content-length: 0\r\n\r\n").and_then(|()| conversation.flush());
            until_gone(&mut conversation.sock);
        });
        let failure = fails_in_time(&server, &within(&server, Duration::from_secs(5)), Duration::from_secs(1));
        assert_eq!((failure.cause, failure.sent), (Cause::TooLarge, Sent::Maybe), "{failure}");
    }
    let one_line = Server::start(|conversation| {
        request(conversation);
        let _ = conversation.write_all(b"HTTP/1.1 200 OK\r\nx: ");
        while conversation.write_all(&[b'x'; 1000]).is_ok() {}
    });
    let failure = fails_in_time(&one_line, &within(&one_line, Duration::from_secs(5)), Duration::from_secs(1));
    assert_eq!((failure.cause, failure.sent), (Cause::TooLarge, Sent::Maybe), "{failure}");
}
