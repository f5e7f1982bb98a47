//! May we send to this place?
//!
//! One URL parser, the one the transport uses as well (`http::Uri`), so that what is checked here is what is connected to.

use std::collections::BTreeMap;

use http::Uri;

use crate::{encode::printable, error::Error};

/// A URL that was checked: https (or plain http to loopback, where the program allowed it), a plain host, no userinfo, no fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) origin: Origin,
}

/// Scheme, host and port: a token goes to no other (SECURITY: same scheme, host and port only).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    https: bool,
    host: String,
    port: u16,
}

/// No endpoint or API target is longer.
const LONGEST_URL: usize = 16 * 1024;

impl Endpoint {
    /// `field` is what the program or record calls it, for the error text.
    pub(crate) fn check(url: &str, plain_http_to_loopback: bool, field: &str) -> Result<Self, Error> {
        // The URL itself may hold a token in its query, so an error shows it without.
        let wrong = |why: &str| Error::usage(format!("{field}: {why}: {}", crate::message::without_query(url)));
        if url.len() > LONGEST_URL {
            return Err(Error::usage(format!("{field}: the URL is longer than {LONGEST_URL} bytes")));
        }
        if url.contains('#') {
            return Err(wrong("a URL with a fragment is no endpoint (RFC 6749 §3.1)"));
        }
        if !url.is_ascii() {
            return Err(wrong("not a URL (characters beyond ASCII must be percent-encoded, a host in punycode)"));
        }
        let uri: Uri = url.parse().map_err(|_| {
            wrong(match () {
                () if !url.contains("://") => "must be an absolute https URL",
                () => "not a URL",
            })
        })?;
        let authority = uri.authority().ok_or_else(|| wrong("must be an absolute https URL"))?;
        if authority.as_str().contains('@') {
            return Err(Error::usage(format!("{field}: a URL must not hold a user name or password")));
        }
        let host = authority.host().to_ascii_lowercase();
        let plain_host = if let Some(v6) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            v6.parse::<std::net::Ipv6Addr>().is_ok()
        } else {
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_')
        };
        if !plain_host {
            return Err(wrong("not a host name"));
        }
        let port_text = authority.as_str()[authority.host().len()..].strip_prefix(':');
        if port_text.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
            return Err(wrong("not a port"));
        }
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if plain_http_to_loopback && is_loopback(&host) => false,
            Some("http") if plain_http_to_loopback => return Err(wrong("plain http is allowed to loopback only")),
            Some("http") => return Err(wrong("must be https, plain http would show the secrets to everyone on the way")),
            Some(_) => return Err(wrong("must be https")),
            None => return Err(wrong("must be an absolute https URL")),
        };
        let port = authority.port_u16().unwrap_or(if https { 443 } else { 80 });
        Ok(Self { url: url.to_owned(), origin: Origin { https, host, port } })
    }

    /// Refuses what a browser should not be opened with: other characters than a URI's (RFC 3986 §2). It may come to the browser by a program's
    /// arguments, where a quote or backslash would end one (CVE-2025-6514).
    pub(crate) fn for_browsers(self, field: &str) -> Result<Self, Error> {
        if self.url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte)) {
            return Ok(self);
        }
        Err(Error::usage(format!("{field}: it holds a character that must be percent-encoded (RFC 3986 §2)")))
    }

    /// Refuses what is not among `origins`.
    pub(crate) fn within(self, allowed: &Origin, field: &str) -> Result<Self, Error> {
        if self.origin == *allowed {
            return Ok(self);
        }
        Err(Error::usage(format!(
            "{field}: the token belongs to {}, so it is not sent to {}",
            allowed.text(),
            self.origin.text()
        )))
    }
}

impl Origin {
    /// The host, in lower case.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    fn text(&self) -> String {
        format!("{}://{}:{}", if self.https { "https" } else { "http" }, self.host, self.port)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What fills and leads to a client's places: its `{variables}`, and whether it allows plain http to loopback.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) plain_http: bool,
}

impl Terms<'_> {
    /// A record's endpoint made whole: its variables filled, and put behind `base` where it is a path.
    pub(crate) fn whole(self, template: &str, base: Option<&str>, field: &str) -> Result<Endpoint, Error> {
        let filled = fill(template, self.variables, field)?;
        if !filled.starts_with('/') {
            return self.check(&filled, field);
        }
        let base = base.ok_or_else(|| {
            Error::usage(format!("{field}: this provider's documents name no host, so give the client its base (\"https://…\")"))
        })?;
        // By itself, so that what is wrong with it is not said of the path behind it.
        let base = self.base(base, "base")?;
        self.check(&format!("{}{filled}", base.url.trim_end_matches('/')), field)
    }

    /// What paths are put behind.
    pub(crate) fn base(self, template: &str, field: &str) -> Result<Endpoint, Error> {
        let base = self.check(&fill(template, self.variables, field)?, field)?;
        if base.url.contains('?') {
            return Err(Error::usage(format!("{field}: it has a query, and so no path can stand behind it")));
        }
        Ok(base)
    }

    pub(crate) fn check(self, url: &str, field: &str) -> Result<Endpoint, Error> {
        Endpoint::check(url, self.plain_http, field).map_err(|error| match Endpoint::check(url, true, field) {
            // The likeliest reason for it, and the one where nobody is on the way.
            Ok(_) => Error::usage(format!(
                "{field}: must be https; for a test server without TLS on this machine a client can allow plain http to loopback: {}",
                crate::message::without_query(url)
            )),
            Err(_) => error,
        })
    }
}

fn fill(template: &str, variables: &BTreeMap<String, String>, field: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| Error::usage(format!("{field}: a {{ without its }} in {}", printable(template, 100))))?;
        let value = variables.get(name).ok_or_else(|| {
            Error::usage(format!("{field}: the variable {{{}}} was not given to the client", printable(name, 40)))
        })?;
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// A variable fills a host label or a path segment: it can never bring in a delimiter, another host or a step upwards.
pub(crate) fn check_variable(name: &str, value: &str) -> Result<(), Error> {
    let plain = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'));
    if plain && !value.contains("..") && value != "." {
        return Ok(());
    }
    Err(Error::usage(format!(
        "variable {}: only letters, digits, '-', '.', '_' and '~' can stand in an endpoint",
        printable(name, 40)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_urls_of_plain_hosts_are_endpoints() {
        for good in ["https://a.example/t", "https://a.example:8443/t?x=1", "https://[::1]:9/t", "https://127.0.0.1/t"] {
            Endpoint::check(good, false, "url").expect(good);
        }
        for bad in [
            "http://a.example/t",
            "http://127.0.0.1/t",
            "ftp://a.example/",
            "a.example/t",
            "/t",
            "",
            "https://",
            "https:///t",
            "https://user@a.example/",
            "https://user:secret@a.example/",
            "https://a.example/t#f",
            "https://a.example:99999/",
            "https://a.example:0/",
            "https://a b/",
            "https://a.example/\r\nx: y",
            "https://ä.example/",
            "https://a.example/ä",
            "https://a%2Fb.example/",
            "https://[zz]/",
            "javascript:alert(1)",
        ] {
            let error = Endpoint::check(bad, false, "url").expect_err(bad);
            assert!(!error.to_string().contains("user:secret"), "{error}");
        }
    }

    #[test]
    fn plain_http_goes_to_loopback_only_and_only_where_allowed() {
        for good in ["http://127.0.0.1:1/t", "http://localhost/t", "http://[::1]/t", "http://127.9.9.9/"] {
            Endpoint::check(good, true, "url").expect(good);
        }
        for bad in ["http://localhost.evil.example/", "http://128.0.0.1/", "http://a.example/", "http://[::2]/"] {
            Endpoint::check(bad, true, "url").expect_err(bad);
        }
    }

    #[test]
    fn what_is_wrong_with_a_base_is_said_of_the_base() {
        let none = BTreeMap::new();
        let whole = |template, base, plain_http| Terms { variables: &none, plain_http }.whole(template, Some(base), "token.url");
        assert_eq!(whole("/t", "https://a.example/x/", false).expect("a path").url, "https://a.example/x/t");
        assert_eq!(whole("https://b.example/t", "not looked at", false).expect("a whole URL").url, "https://b.example/t");
        for (template, base, says) in [
            ("/t", "https://a.example?x=1", "base: it has a query"),
            ("/t", "a.example", "base: must be an absolute https URL: a.example"),
            ("/t", "http://localhost:8080", "base: must be https; for a test server without TLS"),
            ("http://localhost:8080/t", "", "token.url: must be https; for a test server without TLS"),
            ("/t", "http://a.example", "base: must be https, plain http would show"),
            ("/t#x", "https://a.example", "token.url: a URL with a fragment"),
        ] {
            let error = whole(template, base, false).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
        whole("/t", "http://localhost:8080", true).expect("where the client allows it");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin = |url| Endpoint::check(url, true, "url").expect(url).origin;
        assert_eq!(origin("https://A.example/x"), origin("https://a.example:443/y?z"));
        assert_ne!(origin("https://a.example/"), origin("https://a.example:444/"));
        assert_ne!(origin("https://a.example/"), origin("https://b.a.example/"));
        assert_ne!(origin("https://localhost:80/"), origin("http://localhost/"));
    }

    #[test]
    fn a_variable_cannot_change_the_place() {
        for bad in ["", "a/b", "a.evil.example/", "x@y", "a:b", "..", "a..b", "a%2Fb", "a b", "é"] {
            check_variable("tenant", bad).expect_err(bad);
        }
        check_variable("tenant", "contoso-1.eu").expect("plain");
    }
}
