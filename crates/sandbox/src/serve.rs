//! How do dialects and control become an HTTP server?
//!
//! One httpmock server holds them all: it parses HTTP, and its `respond_with` closures call our pure functions. The front
//! says in a header for which origin a request is; without that header it is one for the control address.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

use crate::message::{Answer, Request};
use crate::sandbox::Shared;
use crate::wire::{Received, Response, Wire};
use crate::{Error, Origin, control, dialect};

/// The header in which the front names the origin. Clients cannot: the front drops theirs.
const ORIGIN: &str = "x-sandbox-origin";
/// How long a server may take to start. httpmock blocks when its pool of servers is empty.
const START: Duration = Duration::from_secs(10);

/// Starts the server. From any thread, also from one that drives an async runtime: httpmock starts a runtime of its
/// own, which is not allowed on such a thread, so it gets another.
pub(crate) fn start(shared: Arc<Shared>) -> Result<MockServer, Error> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .name("sandbox-start".into())
        .spawn(move || {
            let server = MockServer::start();
            mount(&server, &shared);
            // Where nobody waits any more, the server goes back to the pool.
            drop(sender.send(server));
        })
        .map_err(Error::system("start a thread"))?;
    receiver.recv_timeout(START).map_err(|_| Error::NoServer)
}

fn mount(server: &MockServer, shared: &Arc<Shared>) {
    for origin in Origin::ALL {
        let shared = Arc::clone(shared);
        server.mock(|when, then| {
            when.header(ORIGIN, origin.name());
            then.respond_with(move |request| provider_answer(&shared, origin, request));
        });
    }
    let shared = Arc::clone(shared);
    server.mock(|when, then| {
        when.header_missing(ORIGIN);
        then.respond_with(move |request| response(control::answer(&shared, &read(request))));
    });
}

fn provider_answer(shared: &Shared, origin: Origin, request: &HttpMockRequest) -> HttpMockResponse {
    let request = read(request);
    let mut state = shared.state();
    let answer = dialect::answer(&mut state, origin, shared.url(origin), &request);
    state.traffic.of(origin).refused += u64::from(answer.refused);
    drop(state);
    response(answer)
}

fn read(request: &HttpMockRequest) -> Request {
    let uri = request.uri();
    Request {
        method: request.method_str().into(),
        path: uri.path().into(),
        query: uri.query().unwrap_or("").into(),
        headers: request.headers_vec().clone(),
        body: request.body_vec(),
    }
}

fn response(answer: Answer) -> HttpMockResponse {
    HttpMockResponse::builder().status(answer.status).headers(answer.headers).body(answer.body).build()
}

/// A connection of the front to the server behind it, opened when it is first needed.
pub(crate) struct Upstream {
    address: SocketAddr,
    wire: Option<Wire<TcpStream>>,
}

impl Upstream {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, wire: None }
    }

    /// Relays a request. Never sent twice: a single-use code would be spent by the first.
    pub(crate) fn ask(&mut self, origin: Origin, received: &Received) -> io::Result<Response> {
        let result = self.exchange(origin, received);
        let closes = |response: &Response| response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("connection"));
        if result.as_ref().map_or(true, closes) {
            self.wire = None;
        }
        result
    }

    fn exchange(&mut self, origin: Origin, received: &Received) -> io::Result<Response> {
        let wire = match &mut self.wire {
            Some(wire) => wire,
            empty => {
                let stream = TcpStream::connect_timeout(&self.address, START)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(START))?;
                stream.set_write_timeout(Some(START))?;
                empty.insert(Wire::new(stream))
            }
        };
        wire.stream.write_all(&relayed(origin, received))?;
        wire.response(received.request.method == "HEAD")
    }
}

fn relayed(origin: Origin, received: &Received) -> Vec<u8> {
    let request = &received.request;
    let mut head = format!("{} {} HTTP/1.1\r\nHost: localhost\r\n{ORIGIN}: {origin}\r\n", request.method, received.target);
    let ours = ["host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", ORIGIN];
    for (name, value) in &request.headers {
        if !ours.iter().any(|own| name.eq_ignore_ascii_case(own)) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}
