//! How is a fault performed on a connection?

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fault::{Fault, bytes};
use crate::front::Tls;
use crate::sandbox::Shared;
use crate::wire::Response;

/// How long a client is kept waiting that does not give up by itself.
const PATIENCE: Duration = Duration::from_secs(600);
const PIECE: usize = 16 * 1024;

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It waits for the next request.
    Listen,
    /// It is closed in an orderly way.
    Close,
    /// It is closed without TLS's close_notify.
    Drop,
    /// It is reset.
    Reset,
}

/// Says nothing until the client leaves.
pub(crate) fn hold(shared: &Shared, mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let until = Instant::now() + PATIENCE;
    let mut ignored = [0; 4096];
    while Instant::now() < until && !shared.stop.stopped() {
        match stream.read(&mut ignored) {
            Ok(0) => break,
            Ok(_) => {}
            Err(cause) if matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(())
}

/// Answers a ClientHello with text.
pub(crate) fn garbage(mut stream: &TcpStream) -> io::Result<()> {
    let mut hello = [0; PIECE];
    let _length = stream.read(&mut hello)?;
    stream.write_all(b"220 this is a mail server, and it does not speak TLS\r\n")?;
    stream.shutdown(Shutdown::Write)
}

/// Answers a request wrongly. `response` is the true answer, where the fault is one that lets the provider work.
pub(crate) fn answer(
    shared: &Shared,
    tls: &mut Tls,
    fault: &Fault,
    response: Option<Response>,
    keep_alive: bool,
) -> io::Result<Next> {
    let response = response.unwrap_or_else(|| Response::text(500, "This fault knows no true answer"));
    match fault {
        Fault::Hang {} | Fault::GarbageTls {} => Ok(Next::Drop),
        Fault::HalfOpen { .. } => hold(shared, &tls.sock).map(|()| Next::Drop),
        Fault::Close { .. } => Ok(Next::Close),
        Fault::Reset { .. } => Ok(Next::Reset),
        Fault::Delay { ms } => {
            shared.stop.wait(Duration::from_millis(*ms));
            whole(tls, &response, keep_alive).map(|()| Next::Listen)
        }
        Fault::Drip { bytes, every_ms } => {
            say(tls, &response.head(keep_alive))?;
            drip(shared, tls, &response.body, *bytes, *every_ms).map(|()| Next::Listen)
        }
        Fault::SlowHeaders { bytes, every_ms } => {
            drip(shared, tls, &response.head(keep_alive), *bytes, *every_ms)?;
            say(tls, &response.body).map(|()| Next::Listen)
        }
        Fault::Cut { after } => {
            let kept = &response.body[..response.body.len().min(*after)];
            say(tls, &[&response.head(keep_alive), kept].concat()).map(|()| Next::Drop)
        }
        // The answer promises nothing about the connection: a client that pools it will meet its end at the next request.
        Fault::CloseIdle {} => whole(tls, &response, keep_alive).map(|()| Next::Close),
        Fault::Status { status, headers, body, body_base64 } => {
            let headers = headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            let body = bytes(body, body_base64.as_deref()).unwrap_or_default();
            whole(tls, &Response::new(*status, headers, body), keep_alive).map(|()| Next::Listen)
        }
        Fault::Raw { body, body_base64 } => {
            say(tls, &bytes(body, body_base64.as_deref()).unwrap_or_default()).map(|()| Next::Close)
        }
        Fault::Endless { bytes, gzip } => endless(tls, *bytes, *gzip).map(|()| Next::Close),
    }
}

fn whole(tls: &mut Tls, response: &Response, keep_alive: bool) -> io::Result<()> {
    say(tls, &[response.head(keep_alive).as_slice(), &response.body].concat())
}

fn say(tls: &mut Tls, bytes: &[u8]) -> io::Result<()> {
    tls.write_all(bytes)?;
    tls.flush()
}

fn drip(shared: &Shared, tls: &mut Tls, bytes: &[u8], size: usize, every_ms: u64) -> io::Result<()> {
    for piece in bytes.chunks(size.max(1)) {
        say(tls, piece)?;
        if shared.stop.wait(Duration::from_millis(every_ms)) {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
    Ok(())
}

/// A JSON text that is valid so far, however far one reads; chunked, so that no length warns the client.
fn endless(tls: &mut Tls, length: u64, gzip: bool) -> io::Result<()> {
    let mut headers = vec![("Content-Type".into(), "application/json".into()), ("Transfer-Encoding".into(), "chunked".into())];
    if gzip {
        headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
    }
    say(tls, &Response::new(200, headers, Vec::new()).head(false))?;
    let mut chunks = Chunks(tls);
    if gzip {
        let mut encoder = GzEncoder::new(io::BufWriter::with_capacity(PIECE, &mut chunks), Compression::fast());
        pour(&mut encoder, length)?;
        encoder.finish()?.flush()?;
    } else {
        pour(&mut chunks, length)?;
    }
    say(tls, b"0\r\n\r\n")
}

fn pour(out: &mut impl Write, length: u64) -> io::Result<()> {
    out.write_all(b"{\"access_token\":\"")?;
    let piece = [b'a'; PIECE];
    let mut left = length;
    while left > 0 {
        let size = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        out.write_all(&piece[..size])?;
        left -= size as u64;
    }
    out.write_all(b"\",\"token_type\":\"Bearer\"}")
}

/// Each write is a chunk (RFC 9112 §7.1).
struct Chunks<'a>(&'a mut Tls);

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0); // An empty chunk would be the last one.
        }
        self.0.write_all(format!("{:x}\r\n", bytes.len()).as_bytes())?;
        self.0.write_all(bytes)?;
        self.0.write_all(b"\r\n")?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
