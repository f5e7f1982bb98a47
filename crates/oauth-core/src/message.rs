//! What goes out, and what comes back?
//!
//! Thin types of ours around one HTTP request and one answer. `http::Request` prints its URI and body; these print neither,
//! and convert from and into the `http` crate's for a transport that wants those.

use std::{borrow::Cow, fmt};

use http::Method;
use zeroize::Zeroizing;

/// A request that an exchange wants carried, complete: a transport adds only `Host`, `Content-Length` and `User-Agent`.
///
/// It must reach exactly [`url`](Self::url): following a redirect could carry credentials to another host (RFC 9700 §4.12).
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Zeroizing<String>,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Zeroizing<Vec<u8>>,
    pub(crate) plain_http: bool,
}

/// One header field of a [`Request`].
#[derive(Clone)]
pub struct Header {
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: HeaderValue,
}

/// A header's value: one of ours, or anything a program or token brings, which is not shown.
#[derive(Clone)]
pub(crate) enum HeaderValue {
    Fixed(&'static str),
    Secret(Zeroizing<String>),
}

impl Request {
    pub(crate) fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url: Zeroizing::new(url),
            headers: Vec::with_capacity(3),
            body: Zeroizing::new(Vec::new()),
            plain_http: false,
        }
    }

    pub(crate) fn header(&mut self, name: impl Into<Cow<'static, str>>, value: HeaderValue) {
        self.headers.push(Header { name: name.into(), value });
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The absolute URL. It may carry a token in its query: print [`Request`] itself (its Debug leaves the query out), never this.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The header fields, in the order to send them.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The body, in bytes; empty where there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the program allowed plain http to a loopback address for this request. A transport refuses every other `http://` URL.
    pub fn plain_http_to_loopback_allowed(&self) -> bool {
        self.plain_http
    }
}

impl Header {
    /// The field's name, in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field's value, visible ASCII. It may be a secret: see [`is_secret`](Self::is_secret).
    pub fn value(&self) -> &str {
        match &self.value {
            HeaderValue::Fixed(value) => value,
            HeaderValue::Secret(value) => value,
        }
    }

    /// Whether the value must not be shown (a transport marks it sensitive).
    pub fn is_secret(&self) -> bool {
        matches!(self.value, HeaderValue::Secret(_))
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.is_secret() { "[redacted]" } else { self.value() };
        write!(f, "{}: {value}", self.name)
    }
}

/// Method, URL without its query, headers with the secret ones redacted, and the body's length.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &without_query(&self.url))
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// A URL as it may be shown: no query, no fragment, no userinfo.
pub(crate) fn without_query(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            crate::encode::printable(&format!("{scheme}://{host}{path}"), 208)
        }
        None => crate::encode::printable(bare, 200),
    }
}

impl TryFrom<Request> for http::Request<Vec<u8>> {
    type Error = http::Error;

    fn try_from(mut request: Request) -> Result<Self, http::Error> {
        let mut builder = http::Request::builder().method(request.method.clone()).uri(request.url.as_str());
        for header in &request.headers {
            let mut value = http::HeaderValue::from_str(header.value())?;
            value.set_sensitive(header.is_secret());
            builder = builder.header(header.name.as_ref(), value);
        }
        builder.body(std::mem::take(&mut *request.body))
    }
}

/// A header name that a program or record may set.
pub(crate) fn is_free_header(name: &str) -> bool {
    const OURS: [&str; 9] = [
        "authorization",
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "te",
        "upgrade",
        "proxy-authorization",
    ];
    http::HeaderName::from_bytes(name.as_bytes()).is_ok() && !OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

/// What a server answered: any status, every header, the body after decompression.
#[derive(Clone)]
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// An answer as a transport read it. Names may be in any case; values that are not UTF-8 are best given lossily.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self { status, headers, body: Zeroizing::new(body) }
    }

    /// The HTTP status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// All header fields as they came.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The first field of that name (without case), if any.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every field of that name (without case), in order.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body's bytes. An API's answer belongs to the caller; a token answer is a secret.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

impl From<http::Response<Vec<u8>>> for Answer {
    fn from(response: http::Response<Vec<u8>>) -> Self {
        let (head, body) = response.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Self::new(head.status.as_u16(), headers, body)
    }
}

/// Status, header names and the body's length: values and body may hold tokens.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// What a transport gives back for a [`Request`]: the answer, or the news that there is none.
pub type Outcome = Result<Answer, NoAnswer>;

/// Why no answer came, and whether the server may have seen the request.
///
/// The transport says what it knows; only the exchange knows what that means (a code or a refresh token that may have been used up is not sent again).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer ({cause}{}): {detail}", if *sent == Sent::Maybe { ", the request may have been sent" } else { ", nothing was sent" })]
pub struct NoAnswer {
    /// Whether any byte of the request may have left.
    pub sent: Sent,
    /// What went wrong, as a word to branch on.
    pub cause: Cause,
    /// The same for people, without secrets and without the URL's query.
    pub detail: String,
}

impl NoAnswer {
    /// `detail` must not hold the URL's query or any credential; control characters are replaced.
    pub fn new(sent: Sent, cause: Cause, detail: impl AsRef<str>) -> Self {
        Self { sent, cause, detail: crate::encode::printable(detail.as_ref(), 300) }
    }
}

/// Whether any byte of a request may have left this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The name was not found, the connection not made or the TLS handshake not finished: the server saw nothing.
    No,
    /// It may have arrived, and may have had its effect.
    Maybe,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The host's name could not be resolved.
    Name,
    /// No connection could be made.
    Connect,
    /// The TLS handshake failed for another reason than the certificate.
    Tls,
    /// The server's certificate was not accepted. The exchange reports it as `Untrusted`.
    Certificate,
    /// The deadline passed.
    Timeout,
    /// The connection ended before the answer did.
    Cut,
    /// The answer is larger than the cap.
    TooLarge,
    /// What came was not HTTP.
    Protocol,
    /// The proxy refused or failed.
    Proxy,
    /// The program cancelled the exchange.
    Cancelled,
    /// Anything else.
    Other,
}

impl Cause {
    /// The word for it, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::Timeout => "timeout",
            Self::Cut => "cut",
            Self::TooLarge => "too_large",
            Self::Protocol => "protocol",
            Self::Proxy => "proxy",
            Self::Cancelled => "cancelled",
            Self::Other => "other",
        }
    }

    /// The cause of that word; a word nobody knows is [`Cause::Other`].
    pub fn from_word(word: &str) -> Self {
        [
            Self::Name,
            Self::Connect,
            Self::Tls,
            Self::Certificate,
            Self::Timeout,
            Self::Cut,
            Self::TooLarge,
            Self::Protocol,
            Self::Proxy,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|cause| cause.as_str() == word)
        .unwrap_or(Self::Other)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
