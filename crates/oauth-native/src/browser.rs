//! How does the browser open?

use http::Uri;

/// No authorization URL is longer: browsers and proxies cut or refuse what is.
const LONGEST_URL: usize = 16 * 1024;

/// Why no browser was opened. No text of it holds the URL, which may carry a login's `state`: the program decides whether to show that.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowserError {
    /// It is not a URL that a browser may be given.
    #[error("the URL was not opened: {0}")]
    Url(&'static str),
    /// This machine has no browser, or none that a program may start (a server, a container, a session by ssh).
    #[error("no browser could be started on this machine; show the URL to the user, who opens it")]
    None,
}

/// Opens `url` in the user's own browser, and comes back at once or after a short look whether it could be started. That it was started doesn't
/// mean that the user sees it: show the URL too where you can.
///
/// The URL of a login was made by our client, yet its endpoint may have come from a server's metadata, and URLs that became a program's arguments
/// or a shell's words were holes in other libraries (CVE-2025-6514, RUSTSEC-2026-0257). So it goes to the starter as one argument and never as
/// part of a line that a shell reads, and only where it is
///
/// - https, or http to loopback (a server under test),
/// - without user name and password,
/// - at most 16384 bytes of the letters, digits and signs that a URL needs; no blank, quote, backslash, dollar sign or bracket but `[` and `]`.
///
/// # Errors
/// [`BrowserError`], with which the program can print the URL itself.
pub fn open_browser(url: &str) -> Result<(), BrowserError> {
    check(url)?;
    open::that_detached(url).map_err(|_| BrowserError::None)
}

fn check(url: &str) -> Result<(), BrowserError> {
    let wrong = |why| Err(BrowserError::Url(why));
    if url.len() > LONGEST_URL {
        return wrong("it is longer than 16384 bytes");
    }
    if !url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!*+,;=%&".contains(&byte)) {
        return wrong("it holds a character that must be percent-encoded");
    }
    let Ok(uri) = url.parse::<Uri>() else { return wrong("it is none") };
    let Some(authority) = uri.authority() else { return wrong("it is not absolute") };
    if authority.as_str().contains('@') {
        return wrong("it holds a user name or password");
    }
    match uri.scheme_str() {
        Some("https") if !authority.host().is_empty() => Ok(()),
        Some("http") if is_loopback(authority.host()) => Ok(()),
        Some("http") => wrong("plain http would show the login to everyone on the way; it must be https"),
        _ => wrong("it must be https"),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cve_2025_6514_only_web_addresses_reach_the_browser() {
        for good in [
            "https://login.example/authorize?client_id=a&state=x-y_z~%20&resource=https%3A%2F%2Fapi.example",
            "https://[2001:db8::1]:8443/a",
            "http://127.0.0.1:1234/a",
            "http://localhost/a",
            "http://[::1]:80/a",
        ] {
            check(good).expect(good);
        }
        for bad in [
            "",
            "login.example/a",
            "/etc/passwd",
            "--new-window",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "http://login.example/a",
            "http://localhost.example/a",
            "https://",
            "https://user:secret@login.example/",
            "https://login.example/a b",
            "https://login.example/ --load-extension=/tmp/x",
            "https://login.example/\"x",
            "https://login.example/'x",
            "https://login.example/$(touch x)",
            "https://login.example/`x`",
            "https://login.example/\\x",
            "https://login.example/|x",
            "https://login.example/\r\nx",
            "https://login.example/\0",
            "https://login.example/ä",
        ] {
            let error = check(bad).expect_err(bad).to_string();
            assert!(!error.contains("secret") && !error.contains("login.example"), "{error}");
        }
        check(&format!("https://login.example/{}", "a".repeat(LONGEST_URL))).expect_err("too long");
    }
}
