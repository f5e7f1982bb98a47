//! How is one request carried?

use std::{
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use http::{
    HeaderName, HeaderValue, Method, Uri,
    header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING, UPGRADE},
};
use oauth_core::{Answer, Cause, NoAnswer, Outcome, Request, Sent};
use zeroize::Zeroizing;

use crate::{
    failure,
    names::literal,
    trip::{Limits, Stops, Trip},
};

/// What is made ready for a body of unknown length; it grows by doubling.
const FIRST: usize = 4 * 1024;

/// From the request to the answer, or to the reason why there is none.
pub(crate) fn carry(agent: &ureq::Agent, request: &Request, limits: Limits, stops: &Stops, max_body: usize) -> Outcome {
    let uri = check(request.url(), request.plain_http_to_loopback_allowed()).map_err(refused)?;
    let head = head(request, uri.clone()).map_err(refused)?;
    let trip = Rc::new(Trip::new(uri, limits, stops.clone()));
    let _entered = trip.enter();
    // ureq holds asserts; a panic of its or of the interrupt's ends this request, not the program around us.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        trip.may_go_on().and_then(|()| send(agent, head, request.body())).and_then(|response| read(response, &trip, max_body))
    }));
    match outcome {
        Ok(Ok(Some(answer))) => Ok(answer),
        Ok(Ok(None)) => Err(NoAnswer::new(Sent::Maybe, Cause::TooLarge, format!("the answer is larger than {max_body} bytes"))),
        Ok(Err(error)) => Err(failure::explain(&error, &trip)),
        Err(_panic) => Err(NoAnswer::new(failure::sent(&trip), Cause::Other, "the HTTP library failed in a way it should not")),
    }
}

fn refused(why: &'static str) -> NoAnswer {
    NoAnswer::new(Sent::No, Cause::Other, why)
}

/// The second lock: the core has checked all this already, but here is where bytes would leave.
fn check(url: &str, plain_http_to_loopback: bool) -> Result<Uri, &'static str> {
    let uri: Uri = url.parse().map_err(|_| "the URL is not one")?;
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else { return Err("the URL names no host") };
    if authority.as_str().contains('@') {
        return Err("a URL must not hold a user name or password");
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if plain_http_to_loopback && is_loopback(host) => Ok(uri),
        Some("http") => Err("plain http is refused: it would show the secrets to everyone on the way"),
        _ => Err("the URL must be https"),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || literal(host).is_some_and(|address| address.is_loopback())
}

/// The request's head as ureq takes it. Neither names nor values can hold control characters: the `http` crate's types refuse them.
fn head(request: &Request, uri: Uri) -> Result<http::request::Parts, &'static str> {
    let (mut head, ()) = http::Request::new(()).into_parts();
    head.method = request.method().clone();
    head.uri = uri;
    for header in request.headers() {
        let name = HeaderName::from_bytes(header.name().as_bytes()).map_err(|_| "a header's name is not one")?;
        // Two opinions about where a message ends are how requests are smuggled (RFC 9112 §11.2).
        if [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE, EXPECT].contains(&name) {
            return Err("Host, Content-Length, Transfer-Encoding, Connection, Upgrade and Expect are set by the transport alone");
        }
        let mut value =
            HeaderValue::from_str(header.value()).map_err(|_| "a header's value holds a character that it must not")?;
        value.set_sensitive(header.is_secret());
        head.headers.append(name, value);
    }
    Ok(head)
}

/// An empty POST says `Content-Length: 0` (RFC 9110 §8.6); a GET without a body says nothing.
fn send(agent: &ureq::Agent, head: http::request::Parts, body: &[u8]) -> Result<http::Response<ureq::Body>, ureq::Error> {
    let expects_one = [Method::POST, Method::PUT, Method::PATCH].contains(&head.method);
    if body.is_empty() && !expects_one {
        return agent.run(http::Request::from_parts(head, ()));
    }
    agent.run(http::Request::from_parts(head, body))
}

/// The answer, or None where its body is larger than the cap: then no more is read, and the connection is dropped.
fn read(response: http::Response<ureq::Body>, trip: &Trip, max_body: usize) -> Result<Option<Answer>, ureq::Error> {
    let (head, body) = response.into_parts();
    let announced = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > max_body) && body.content_length().is_some() {
        return Ok(None);
    }
    let Some(bytes) = read_body(body.into_reader(), announced, max_body)? else { return Ok(None) };
    // RFC 9112 §9.8: "A response that has neither chunked transfer coding nor Content-Length is complete only if a valid closure
    // alert has been received." (A Content-Length that was not reached is ureq's error.)
    if trip.unclosed.get() && !head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Some(Answer::from(http::Response::from_parts(head, bytes))))
}

/// The cap counts what comes out of the decompression. One byte more than the cap has room, to see that there is more.
fn read_body(mut reader: impl Read, announced: Option<usize>, max_body: usize) -> Result<Option<Vec<u8>>, ureq::Error> {
    let room = |wanted: usize| wanted.min(max_body) + 1;
    let mut bytes = Zeroizing::new(vec![0; room(announced.unwrap_or(FIRST))]);
    let mut filled = 0;
    loop {
        if filled == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; room(2 * filled)]);
            larger[..filled].copy_from_slice(&bytes);
            bytes = larger;
        }
        match reader.read(&mut bytes[filled..])? {
            0 => break,
            amount => filled += amount,
        }
        if filled > max_body {
            return Ok(None);
        }
    }
    bytes.truncate(filled);
    Ok(Some(std::mem::take(&mut *bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_loopback_only_and_only_where_allowed() {
        for url in ["http://localhost:1/", "http://127.0.0.1/", "http://127.1.2.3/", "http://[::1]:80/x?y"] {
            assert!(check(url, true).is_ok(), "{url}");
            assert!(check(url, false).is_err(), "{url}");
        }
        for url in [
            "http://a.example/",
            "http://localhost.a.example/",
            "http://128.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://[::2]/",
        ] {
            assert!(check(url, true).is_err(), "{url}");
        }
        for url in ["https://u:p@a.example/", "https://u@a.example/", "ftp://localhost/", "/x", "", "https://a.example/\r\nx: y"]
        {
            assert!(check(url, true).is_err(), "{url:?}");
        }
    }
}
