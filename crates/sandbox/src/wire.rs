//! Where does an HTTP/1.1 message end?
//!
//! The front needs whole requests (to log them, to count them, to know whether a fault is due) and whole answers (to drip
//! or to cut them). httparse reads the heads; the framing of RFC 9112 §6 stands here.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crate::message::Request;

/// The longest head and the longest body of a request.
const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 1024 * 1024;
const MAX_HEADERS: usize = 128;
/// How long a client may take for one request, the idle time before it included.
const MAX_TIME: Duration = Duration::from_secs(120);

/// A request, and whether the connection may be used again.
pub(crate) struct Received {
    pub(crate) request: Request,
    pub(crate) target: String,
    pub(crate) keep_alive: bool,
}

/// An answer, in the two parts which faults tell apart.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Why there is no request.
#[derive(Debug)]
pub(crate) enum NoRequest {
    /// The client left, or took too long.
    Gone,
    /// What it sent is not a request that a server takes: the status says why.
    Bad(u16, &'static str),
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// A connection with the bytes that were read too early.
pub(crate) struct Wire<S> {
    pub(crate) stream: S,
    ahead: Vec<u8>,
}

impl<S: Read + Write> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    /// The next request, read to its end.
    pub(crate) fn request(&mut self) -> Result<Received, NoRequest> {
        let limit = Instant::now() + MAX_TIME;
        let head = self.head(limit)?;
        let mut space = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut space);
        if !parsed.parse(&head).is_ok_and(|status| status.is_complete()) {
            return Err(NoRequest::Bad(400, "this is not an HTTP/1.1 request"));
        }
        let headers = decoded(parsed.headers).ok_or(NoRequest::Bad(400, "a header holds bytes beyond ASCII"))?;
        let (method, target) = (parsed.method.unwrap_or("").to_owned(), parsed.path.unwrap_or("").to_owned());
        if !target.starts_with('/') {
            return Err(NoRequest::Bad(400, "the request target must be a path"));
        }
        let named = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        let keep_alive = match named("connection") {
            Some(value) => !value.eq_ignore_ascii_case("close"),
            None => parsed.version == Some(1),
        };
        if named("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            self.stream.flush()?;
        }
        let body = match (named("transfer-encoding"), named("content-length")) {
            (Some(coding), None) if coding.eq_ignore_ascii_case("chunked") => self.chunked(limit)?,
            (Some(_), _) => return Err(NoRequest::Bad(400, "this framing is not understood")),
            (None, Some(length)) => {
                let length: usize = length.parse().map_err(|_| NoRequest::Bad(400, "Content-Length is not a number"))?;
                self.exactly(length, limit)?
            }
            (None, None) => Vec::new(),
        };
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let request = Request { method, path: path.into(), query: query.into(), headers, body };
        Ok(Received { request, target, keep_alive })
    }

    /// The answer to a request that was sent; `bodiless` for HEAD.
    pub(crate) fn response(&mut self, bodiless: bool) -> io::Result<Response> {
        let limit = Instant::now() + MAX_TIME;
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        let head = self.head(limit).map_err(|_| invalid())?;
        let mut space = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Response::new(&mut space);
        if !parsed.parse(&head).is_ok_and(|status| status.is_complete()) {
            return Err(invalid());
        }
        let status = parsed.code.unwrap_or(500);
        let headers = decoded(parsed.headers).ok_or_else(invalid)?;
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        let body = if bodiless { Vec::new() } else { self.exactly(length, limit).map_err(|_| invalid())? };
        Ok(Response { status, headers, body })
    }

    fn head(&mut self, limit: Instant) -> Result<Vec<u8>, NoRequest> {
        let mut searched = 0;
        loop {
            let end = self.ahead[searched..].windows(4).position(|four| four == b"\r\n\r\n").map(|at| searched + at + 4);
            if end.unwrap_or(self.ahead.len()) > MAX_HEAD {
                return Err(NoRequest::Bad(431, "the head of the request is too long"));
            }
            if let Some(end) = end {
                let rest = self.ahead.split_off(end);
                return Ok(std::mem::replace(&mut self.ahead, rest));
            }
            searched = self.ahead.len().saturating_sub(3);
            self.more(limit)?;
        }
    }

    fn exactly(&mut self, length: usize, limit: Instant) -> Result<Vec<u8>, NoRequest> {
        if length > MAX_BODY {
            return Err(NoRequest::Bad(413, "the body of the request is too long"));
        }
        while self.ahead.len() < length {
            self.more(limit)?;
        }
        let rest = self.ahead.split_off(length);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    /// RFC 9112 §7.1; trailers are read and dropped.
    fn chunked(&mut self, limit: Instant) -> Result<Vec<u8>, NoRequest> {
        let mut body = Vec::new();
        loop {
            let line = self.line(limit)?;
            let digits = line.split(';').next().unwrap_or("").trim();
            let size = usize::from_str_radix(digits, 16).map_err(|_| NoRequest::Bad(400, "a chunk has no size"))?;
            if body.len().saturating_add(size) > MAX_BODY {
                return Err(NoRequest::Bad(413, "the body of the request is too long"));
            }
            if size == 0 {
                while !self.line(limit)?.is_empty() {}
                return Ok(body);
            }
            body.append(&mut self.exactly(size, limit)?);
            if !self.line(limit)?.is_empty() {
                return Err(NoRequest::Bad(400, "a chunk is longer than its size"));
            }
        }
    }

    fn line(&mut self, limit: Instant) -> Result<String, NoRequest> {
        loop {
            if let Some(at) = self.ahead.windows(2).position(|two| two == b"\r\n") {
                let rest = self.ahead.split_off(at + 2);
                let line = std::mem::replace(&mut self.ahead, rest);
                return Ok(String::from_utf8_lossy(&line[..at]).into_owned());
            }
            if self.ahead.len() > MAX_HEAD {
                return Err(NoRequest::Bad(400, "a line is too long"));
            }
            self.more(limit)?;
        }
    }

    fn more(&mut self, limit: Instant) -> Result<(), NoRequest> {
        let mut piece = [0; 16 * 1024];
        if Instant::now() >= limit {
            return Err(NoRequest::Gone);
        }
        match self.stream.read(&mut piece)? {
            0 => Err(NoRequest::Gone),
            n => {
                self.ahead.extend_from_slice(&piece[..n]);
                Ok(())
            }
        }
    }
}

impl Response {
    pub(crate) fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self { status, headers, body }
    }

    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::new(status, vec![("Content-Type".into(), "text/plain".into())], text.as_bytes().to_vec())
    }

    /// Status line and headers, with the length of the body unless another framing is named in them.
    pub(crate) fn head(&self, keep_alive: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            if !["content-length", "connection"].iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding")) {
            let stated = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            let length = stated.map_or_else(|| self.body.len().to_string(), |(_, value)| value.clone());
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head.push_str(if keep_alive { "\r\n" } else { "Connection: close\r\n\r\n" });
        head.into_bytes()
    }
}

fn decoded(headers: &[httparse::Header<'_>]) -> Option<Vec<(String, String)>> {
    // httpmock takes visible ASCII only.
    let text = |header: &httparse::Header<'_>| {
        let visible = header.value.iter().all(|byte| (b' '..=b'~').contains(byte) || *byte == b'\t');
        visible.then(|| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
    };
    headers.iter().map(text).collect()
}

/// The reason phrase, which nobody reads.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
