//! Is there somebody in between?

use std::{fmt, str::FromStr};

use http::Uri;
use oauth_core::Error;
use zeroize::Zeroizing;

/// Whether requests go through an HTTP proxy (by `CONNECT`, so that TLS still ends at the server).
///
/// Loopback addresses are always reached directly.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// Straight to the server, whatever the environment says.
    #[default]
    None,
    /// Through this one: `http://proxy.example:3128`, or with `user:password@` (percent-encoded) before the host. `https://` speaks TLS to the proxy too.
    Url(String),
    /// What the environment says when the agent is built: `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`, the first that is set,
    /// except for the hosts in `no_proxy` or `NO_PROXY` (names, which also match below themselves, separated by commas; `*` is all).
    ///
    /// `HTTP_PROXY` is never read: every request is https, and under CGI a client can set it by a header (httpoxy, CVE-2016-5385).
    Environment,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            // The URL may hold a password.
            Self::Url(_) => f.write_str("Url([redacted])"),
            Self::Environment => f.write_str("Environment"),
        }
    }
}

impl Proxy {
    /// ureq's form of it; `variable` looks into the environment.
    pub(crate) fn settle(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Option<ureq::Proxy>, Error> {
        let set = |names: &[&str]| names.iter().find_map(|name| variable(name).filter(|value| !value.trim().is_empty()));
        match self {
            Self::None => Ok(None),
            Self::Url(url) => parse(url, "", "proxy").map(Some),
            Self::Environment => {
                let Some(url) = set(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]) else { return Ok(None) };
                let not_for = set(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
                parse(&Zeroizing::new(url), &not_for, "the environment's proxy").map(Some)
            }
        }
    }
}

fn parse(url: &str, not_for: &str, what: &str) -> Result<ureq::Proxy, Error> {
    let wrong =
        || Error::Usage(format!("{what}: not a proxy's URL, give http://host:port (https:// too; SOCKS is not supported)"));
    let whole = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let uri = Uri::from_str(whole.trim()).map_err(|_| wrong())?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(wrong());
    }
    let given = ureq::Proxy::new(whole.trim()).map_err(|_| wrong())?;
    // ureq takes the default port where there is one that it cannot read.
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let (_, port) = authority.split_at(authority.rfind(given.host()).unwrap_or(0) + given.host().len());
    let port_is_one =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if given.host().is_empty() || !port_is_one {
        return Err(wrong());
    }
    let mut builder = ureq::Proxy::builder(given.protocol()).host(given.host()).port(given.port());
    if let Some(name) = given.username() {
        builder = builder.username(name);
    }
    if let Some(password) = given.password() {
        builder = builder.password(password);
    }
    for direct in ["localhost", "127.*", "[::1]"] {
        builder = builder.no_proxy(direct);
    }
    for host in not_for.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        let host = host.trim_start_matches("*.").trim_start_matches('.');
        builder = builder.no_proxy(host).no_proxy(&format!(".{host}"));
    }
    builder.build().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(proxy: &Proxy, environment: &[(&str, &str)]) -> Option<ureq::Proxy> {
        let look = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        proxy.settle(look).expect("a proxy")
    }

    #[test]
    fn http_proxy_is_never_read() {
        assert!(settled(&Proxy::Environment, &[("HTTP_PROXY", "http://evil:1"), ("http_proxy", "http://evil:1")]).is_none());
        assert!(settled(&Proxy::None, &[("HTTPS_PROXY", "http://proxy:1")]).is_none());
    }

    #[test]
    fn the_environment_names_a_proxy_and_its_exceptions() {
        let set = [("HTTPS_PROXY", "proxy.example:3128"), ("NO_PROXY", "a.example, .b.example")];
        let proxy = settled(&Proxy::Environment, &set).expect("set");
        assert_eq!((proxy.host(), proxy.port()), ("proxy.example", 3128));
        let direct = |url: &'static str| proxy.is_no_proxy(&Uri::from_static(url));
        for url in [
            "https://a.example/",
            "https://x.a.example/",
            "https://x.b.example/",
            "https://localhost:1/",
            "https://127.0.0.9/",
            "https://[::1]/",
        ] {
            assert!(direct(url), "{url}");
        }
        for url in ["https://xa.example/", "https://c.example/", "https://128.0.0.1/"] {
            assert!(!direct(url), "{url}");
        }
        assert!(settled(&Proxy::Environment, &[("https_proxy", " ")]).is_none(), "set to nothing is not set");
    }

    #[test]
    fn a_proxy_that_is_none_is_refused_without_its_password() {
        for bad in
            ["socks5://u:hunter2@p:1", "http://u:hunter2@", "http://u:hunter2@p:99999", "http://u:hunter2@p/x?y", "", "http://"]
        {
            let error = Proxy::Url(bad.to_owned()).settle(|_| None).expect_err(bad);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let with_password = Proxy::Url("http://u:hunter2@p:1".to_owned());
        assert!(!format!("{with_password:?} {:?}", settled(&with_password, &[])).contains("hunter2"));
    }
}
