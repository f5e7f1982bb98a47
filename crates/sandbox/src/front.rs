//! What happens between a client's TCP connection and the dialects?
//!
//! httpmock answers requests; it cannot drip an answer, cut it, leave a request unanswered, reset a connection, show a
//! certificate of our choice or count handshakes. So this front terminates TLS itself (rustls, one thread a connection,
//! bounded), reads whole requests, and relays them over loopback to httpmock, unless a fault says otherwise.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

use crate::dialect::{self, Asked};
use crate::fault::Fault;
use crate::misbehave::{self, Next};
use crate::sandbox::Shared;
use crate::serve::Upstream;
use crate::wire::{NoRequest, Received, Response, Wire};
use crate::{Error, Origin, Provider};

/// How long a client may be silent, and how long it may refuse to take bytes.
const SILENCE: Duration = Duration::from_secs(60);
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The first byte of every TLS connection: ContentType handshake (RFC 8446 §5.1).
const TLS_HANDSHAKE: u8 = 0x16;

pub(crate) type Tls = StreamOwned<ServerConnection, TcpStream>;

/// Accepts connections for one origin until the sandbox stops.
pub(crate) fn accept(
    shared: Arc<Shared>,
    origin: Origin,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
) -> Result<JoinHandle<()>, Error> {
    let accept = move || {
        for stream in listener.incoming() {
            if shared.stop.stopped() {
                return;
            }
            match stream {
                Ok(stream) => admit(&shared, origin, stream, &tls),
                // Out of file descriptors, most likely: wait for some to come free.
                Err(_) => drop(shared.stop.wait(Duration::from_millis(50))),
            }
        }
    };
    thread::Builder::new().name(format!("sandbox-{origin}")).spawn(accept).map_err(Error::system("start a thread"))
}

/// A listener on a free port of the loopback address.
pub(crate) fn listen(port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(Error::system("listen on 127.0.0.1"))
}

fn admit(shared: &Arc<Shared>, origin: Origin, stream: TcpStream, tls: &Arc<ServerConfig>) {
    let Some(seat) = shared.seat(&stream) else {
        return; // No seat is free: the connection is closed at once.
    };
    let (shared, tls) = (Arc::clone(shared), Arc::clone(tls));
    let serve = move || {
        let number = seat.number;
        // Whatever ends a connection ends that connection alone.
        drop(converse(&shared, origin, number, stream, tls));
        drop(seat);
    };
    drop(thread::Builder::new().name(format!("sandbox-{origin}-connection")).spawn(serve));
}

fn converse(shared: &Shared, origin: Origin, number: u64, stream: TcpStream, tls: Arc<ServerConfig>) -> io::Result<()> {
    let fault = {
        let mut state = shared.state();
        let fault = state.faults.for_connection(origin);
        let counters = state.traffic.of(origin);
        counters.connections += 1;
        counters.faults += u64::from(fault.is_some());
        fault
    };
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(HANDSHAKE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    match fault {
        Some(Fault::Hang {}) => return misbehave::hold(shared, &stream),
        Some(Fault::GarbageTls {}) => return misbehave::garbage(&stream),
        _ => {}
    }
    let mut first = [0];
    if stream.peek(&mut first)? == 0 {
        return Ok(());
    }
    if first[0] != TLS_HANDSHAKE {
        return plain(shared, origin, number, stream);
    }
    let tls = handshake(shared, origin, stream, tls)?;
    answer_all(shared, origin, number, tls)
}

/// A client that speaks plain http to an https port.
fn plain(shared: &Shared, origin: Origin, number: u64, stream: TcpStream) -> io::Result<()> {
    let mut wire = Wire::new(stream);
    let Ok(received) = wire.request() else {
        return Ok(());
    };
    note(shared, origin, number, &received);
    let response = match origin.provider() {
        Provider::ActiveBuilding | Provider::MyBuilding => {
            shared.state().traffic.of(origin).refused += 1;
            let answer = dialect::https_required();
            Response::new(answer.status, answer.headers, answer.body.into_bytes())
        }
        _ => Response::text(400, "The plain HTTP request was sent to HTTPS port"),
    };
    wire.stream.write_all(&[response.head(false), response.body].concat())?;
    wire.stream.shutdown(Shutdown::Write)
}

fn handshake(shared: &Shared, origin: Origin, mut stream: TcpStream, tls: Arc<ServerConfig>) -> io::Result<Tls> {
    let mut connection = ServerConnection::new(tls).map_err(io::Error::other)?;
    while connection.is_handshaking() {
        // A client that refuses the certificate sends an alert or leaves, and never its Finished.
        if let Err(cause) = connection.complete_io(&mut stream) {
            shared.state().traffic.of(origin).tls_failed += 1;
            return Err(cause);
        }
    }
    stream.set_read_timeout(Some(SILENCE))?;
    let mut state = shared.state();
    let counters = state.traffic.of(origin);
    counters.tls_handshakes += 1;
    counters.tls_resumed += u64::from(connection.handshake_kind() == Some(HandshakeKind::Resumed));
    drop(state);
    Ok(StreamOwned::new(connection, stream))
}

fn answer_all(shared: &Shared, origin: Origin, number: u64, tls: Tls) -> io::Result<()> {
    let mut wire = Wire::new(tls);
    let mut upstream = Upstream::new(shared.server());
    loop {
        let received = match wire.request() {
            Ok(received) => received,
            Err(NoRequest::Gone) => return Ok(()),
            Err(NoRequest::Bad(status, text)) => {
                let response = Response::text(status, text);
                wire.stream.write_all(&[response.head(false), response.body].concat())?;
                return close(&mut wire.stream);
            }
        };
        let fault = note(shared, origin, number, &received);
        let response = match &fault {
            Some(fault) if !fault.served() => None,
            _ => Some(answer(&mut upstream, origin, &received)),
        };
        let next = match (fault, response) {
            (Some(fault), response) => misbehave::answer(shared, &mut wire.stream, &fault, response, received.keep_alive)?,
            (None, Some(response)) => {
                wire.stream.write_all(&[response.head(received.keep_alive), response.body].concat())?;
                wire.stream.flush()?;
                Next::Listen
            }
            (None, None) => Next::Close,
        };
        match next {
            Next::Listen if received.keep_alive => {}
            Next::Listen | Next::Close => return close(&mut wire.stream),
            Next::Drop => return Ok(()),
            Next::Reset => return shared.reset(number, &wire.stream.sock),
        }
    }
}

/// Logs and counts a request, and says which fault strikes it.
fn note(shared: &Shared, origin: Origin, number: u64, received: &Received) -> Option<Fault> {
    let request = &received.request;
    let mut state = shared.state();
    let now_ms = state.clock.now_ms();
    let fault = state.faults.for_request(origin, &request.path);
    state.traffic.record(now_ms, origin, number, request);
    let counters = state.traffic.of(origin);
    counters.requests += 1;
    counters.faults += u64::from(fault.is_some());
    match dialect::asked(origin.provider(), &request.path) {
        Asked::Token => counters.token_requests += 1,
        Asked::Api => counters.api_requests += 1,
        Asked::Other => {}
    }
    fault
}

fn answer(upstream: &mut Upstream, origin: Origin, received: &Received) -> Response {
    // httpmock keeps these for its own remote control, and CONNECT would make it a proxy.
    if received.request.path.starts_with("/__httpmock__") || received.request.method == "CONNECT" {
        return Response::text(404, "There is nothing here");
    }
    upstream.ask(origin, received).unwrap_or_else(|_| Response::text(502, "The server behind the front did not answer"))
}

/// An orderly end: close_notify, then FIN.
fn close(tls: &mut Tls) -> io::Result<()> {
    tls.conn.send_close_notify();
    tls.flush()?;
    tls.sock.shutdown(Shutdown::Write)?;
    // Bytes that were not read would turn the FIN into an RST, which may overtake the answer.
    tls.sock.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut rest = [0; 64 * 1024];
    let mut pieces = 0;
    while pieces < 256 && tls.sock.read(&mut rest).is_ok_and(|n| n > 0) {
        pieces += 1;
    }
    Ok(())
}
