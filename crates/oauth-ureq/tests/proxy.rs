//! Does a proxy carry, and see nothing?
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use oauth_core::{Cause, Sent};
use oauth_ureq::Proxy;
use support::{Server, client, failed, grant, query_request, request, token_answer};

/// A CONNECT proxy before `server`, wherever it is asked to connect to; with what it was asked.
fn proxy(server: &Server) -> (Server, Arc<Mutex<Vec<String>>>) {
    let (port, asked) = (server.port, Arc::new(Mutex::new(Vec::new())));
    let log = Arc::clone(&asked);
    let proxy = Server::raw(move |stream| {
        let Some(head) = request(stream) else { return };
        log.lock().unwrap().push(head);
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
        let onward = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (back, forth) = ((onward.try_clone().unwrap(), stream.try_clone().unwrap()), (stream.try_clone().unwrap(), onward));
        thread::spawn(move || pump(back));
        pump(forth);
    });
    (proxy, asked)
}

fn pump((mut from, mut to): (TcpStream, TcpStream)) {
    let mut buffer = [0; 4096];
    while let Ok(amount @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..amount]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

#[test]
fn a_request_goes_through_and_tls_ends_at_the_server() {
    let server = Server::always(token_answer());
    let (proxy, asked) = proxy(&server);
    let way = Proxy::Url(format!("http://us%40er:pass%20word@127.0.0.1:{}", proxy.port));
    let agent = server.trusting().proxy(way).build().unwrap();
    for _ in 0..3 {
        agent.carry(query_request("https://server.example", "a-token")).unwrap();
    }
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 1, "one tunnel serves them all");
    assert!(asked[0].starts_with("CONNECT server.example:443 HTTP/1.1\r\n"), "{asked:?}");
    // RFC 7617: "us@er:pass word"
    assert!(
        asked[0].contains("Proxy-Authorization: Basic dXNAZXI6cGFzcyB3b3Jk\r\n") && !asked[0].contains("a-token"),
        "{asked:?}"
    );
    assert!(server.requests()[0].starts_with("GET /communities?access_token=a-token HTTP/1.1\r\n"));
    assert!(!server.requests()[0].contains("dXNAZXI6cGFzcyB3b3Jk"));
}

#[test]
fn loopback_is_reached_directly() {
    let server = Server::always(token_answer());
    let agent = server.trusting().proxy(Proxy::Url("http://127.0.0.1:1".to_owned())).build().unwrap();
    agent.run(server.client().token(grant())).unwrap();
}

#[test]
fn a_proxy_that_fails_is_told_from_a_server_that_does() {
    let server = Server::always(token_answer());
    let refuses = Server::raw(|stream| {
        let _ = request(stream);
        let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    let noise = Server::raw(|stream| drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")));
    let slams = Server::raw(|_| {});
    let agent = |port: u16| {
        let way = Proxy::Url(format!("http://127.0.0.1:{port}"));
        server.trusting().proxy(way).deadline(Duration::from_millis(300)).build().unwrap()
    };
    let request = || match client("https://server.example").token(grant()).step(oauth_ureq::now()).unwrap() {
        oauth_core::Step::Send(request) => request,
        other => panic!("{other:?}"),
    };
    for port in [refuses.port, noise.port, slams.port, 1] {
        let failure = failed(agent(port).carry(request()));
        assert_eq!((failure.cause, failure.sent), (Cause::Proxy, Sent::No), "{failure}");
    }
    let silent = Server::raw(support::until_gone);
    let failure = failed(agent(silent.port).carry(request()));
    assert_eq!((failure.cause, failure.sent), (Cause::Timeout, Sent::No), "{failure}");
    assert!(failure.detail.contains("connecting to the proxy"), "{failure}");
    // Through a good proxy, a server whose certificate does not stand.
    let bad = Server::with(support::Certificate::Expired, |_| {});
    let (way, _) = proxy(&bad);
    let agent = bad.trusting().proxy(Proxy::Url(format!("http://127.0.0.1:{}", way.port))).build().unwrap();
    let failure = failed(agent.carry(request()));
    assert_eq!((failure.cause, failure.sent), (Cause::Certificate, Sent::No), "{failure}");
}
