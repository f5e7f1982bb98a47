//! What does a connection ask for?

use httparse::{EMPTY_HEADER, Error, Header, Request, Status};

/// The largest request head, in bytes: browsers send this host's cookies along, whichever port they were set by.
pub(crate) const LARGEST_HEAD: usize = 32 * 1024;

/// What was read of a request so far.
pub(crate) enum Asked {
    /// Its head is not complete.
    More,
    /// It is the callback: path and query, as they came.
    Callback(String),
    /// It is something else, which is answered with this status.
    Other(&'static str),
}

/// Reads a request head (RFC 9112 §3). `path` is ours, and `authority` what the browser must call us.
pub(crate) fn read(head: &[u8], path: &str, authority: &str) -> Asked {
    let mut headers = [EMPTY_HEADER; 100];
    let mut request = Request::new(&mut headers);
    match request.parse(head) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) if head.len() < LARGEST_HEAD => return Asked::More,
        Ok(Status::Partial) | Err(Error::TooManyHeaders) => return Asked::Other("431 Request Header Fields Too Large"),
        Err(_) => return Asked::Other("400 Bad Request"),
    }
    let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    // RFC 9112 §3.2: exactly one. By another name it is a page that had its own name point here (DNS rebinding).
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if host.value.eq_ignore_ascii_case(authority.as_bytes()) => {}
        _ => return Asked::Other("400 Bad Request"),
    }
    if request.headers.iter().any(is_no_visit) {
        return Asked::Other("403 Forbidden");
    }
    let target = request.path.unwrap_or_default();
    match target.split_once('?') {
        // A callback always says something (RFC 6749 §4.1.2); without a query it is somebody who looks around.
        Some((asked, query)) if asked == path && !query.is_empty() => {}
        _ => return Asked::Other("404 Not Found"),
    }
    if request.method != Some("GET") {
        return Asked::Other("405 Method Not Allowed\r\nAllow: GET");
    }
    Asked::Callback(target.to_owned())
}

/// Whether a header says that a page loads this as a part of itself. Browsers say what a request is for (Fetch Metadata, "Sec-Fetch-Mode"), and the
/// callback is where the user goes: a page that guesses the port and has an image or a frame there must not end the login.
fn is_no_visit(header: &Header<'_>) -> bool {
    let is = |name: &str, wanted: &[u8]| header.name.eq_ignore_ascii_case(name) && header.value != wanted;
    is("sec-fetch-mode", b"navigate") || is("sec-fetch-dest", b"document")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(head: &str) -> &'static str {
        match read(head.as_bytes(), "/callback", "127.0.0.1:80") {
            Asked::More => "more",
            Asked::Callback(_) => "callback",
            Asked::Other(status) => &status[..3],
        }
    }

    #[test]
    fn what_another_page_loads_is_not_the_callback() {
        let visit = |mode: &str, dest: &str| {
            let from = "GET /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nSec-Fetch-Site: cross-site";
            status(&format!("{from}\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}\r\n\r\n"))
        };
        assert_eq!(visit("navigate", "document"), "callback");
        for (mode, dest) in
            [("no-cors", "image"), ("cors", "empty"), ("no-cors", "script"), ("navigate", "iframe"), ("navigate", "object")]
        {
            assert_eq!(visit(mode, dest), "403", "{mode} {dest}");
        }
    }

    #[test]
    fn only_a_get_of_our_path_with_a_query_at_our_address_is_the_callback() {
        assert_eq!(status("GET /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n"), "callback");
        for (head, expected) in [
            ("", "more"),
            ("GET /callback?code=1 HTTP/1.1\r\nHost: 127", "more"),
            ("GET /callback HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "404"),
            ("GET /callback? HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "404"),
            ("GET /callback/x?code=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "404"),
            ("GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "404"),
            ("POST /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "405"),
            ("GET /callback?code=1 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n", "400"),
            ("GET /callback?code=1 HTTP/1.1\r\n\r\n", "400"),
            ("GET /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nHost: 127.0.0.1:80\r\n\r\n", "400"),
            ("\u{16}\u{3}\u{1} TLS\r\n\r\n", "400"),
        ] {
            assert_eq!(status(head), expected, "{head:?}");
        }
        let endless = format!("GET /callback?code=1 HTTP/1.1\r\nx: {}", "a".repeat(LARGEST_HEAD));
        assert_eq!(status(&endless), "431");
        let many = format!("GET /callback?code=1 HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200));
        assert_eq!(status(&many), "431");
    }
}
