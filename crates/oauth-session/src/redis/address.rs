//! Where is the server, and who are we there?

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use oauth_core::{Error, Secret};
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;

use super::tls;

/// What a URL says.
pub(super) struct Address {
    pub(super) place: Place,
    pub(super) tls: Option<Arc<ClientConfig>>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) db: u32,
    pub(super) prefix: String,
    pub(super) timeout: Duration,
}

pub(super) enum Place {
    /// An IPv6 address stands without its brackets.
    Host(String, u16),
    File(PathBuf),
}

const PORT: u16 = 6379;
const MOST_TIMEOUT_MS: u64 = 60_000;

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        // Each would cut a password in two that was not encoded, and show a part of it as something else.
        if url.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control()) {
            return Err(wrong("it holds a space or a #; in a password these are %20 and %23"));
        }
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        if query.contains('@') {
            return Err(wrong("there is an @ after the ?; in a password they are %40 and %3F"));
        }
        let (scheme, rest) = url.split_once(':').ok_or_else(|| wrong("it has no scheme"))?;
        let secure = match scheme {
            "redis" | "valkey" | "unix" => false,
            "rediss" | "valkeys" => true,
            _ => return Err(wrong("its scheme is another")),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None if scheme == "unix" => ("", rest),
            None => return Err(wrong("there is no // after its scheme")),
        };
        let (who, host) = authority.rsplit_once('@').map_or((None, authority), |(who, host)| (Some(who), host));
        let (user, password) = who.map_or(Ok((None, None)), credentials)?;

        let query = Query::parse(query)?;
        let (place, db) = if scheme == "unix" {
            if !host.is_empty() || !path.starts_with('/') {
                return Err(wrong("unix: needs the absolute path of a socket file"));
            }
            (Place::File(PathBuf::from(decoded(path)?)), query.db.unwrap_or(0))
        } else {
            let in_path = path.trim_start_matches('/');
            let db = if in_path.is_empty() { None } else { Some(number(in_path, "the database")?) };
            (host_and_port(host)?, db.or(query.db).unwrap_or(0))
        };
        let tls = if secure { Some(Arc::new(tls::config(&query.files)?)) } else { None };
        if tls.is_none() && !query.files.is_empty() {
            return Err(wrong("ca_file, cert_file and key_file are for rediss://"));
        }
        Ok(Self { place, tls, user, password, db, prefix: query.prefix, timeout: query.timeout })
    }

    pub(super) fn host(&self) -> Option<&str> {
        match &self.place {
            Place::Host(host, _) => Some(host),
            Place::File(_) => None,
        }
    }
}

fn wrong(why: &str) -> Error {
    Error::Usage(format!(
        "the Redis URL: {why}; expected redis://user:password@host:6379/0?prefix=active:, the same with rediss:// for TLS, or unix:/path"
    ))
}

fn decoded(text: &str) -> Result<String, Error> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| wrong("what is percent-encoded in it is not UTF-8"))?;
    Ok(text.into_owned())
}

fn number(text: &str, what: &str) -> Result<u32, Error> {
    text.parse().map_err(|_| wrong(&format!("{what} is no number; in a password / is %2F")))
}

fn credentials(who: &str) -> Result<(Option<String>, Option<Secret>), Error> {
    let (user, password) = who.split_once(':').ok_or_else(|| wrong("there is a user without a password"))?;
    let (user, password) = (decoded(user)?, Secret::from(decoded(password)?));
    if password.expose().is_empty() {
        return Err(wrong("the password is empty"));
    }
    Ok(((!user.is_empty()).then_some(user), Some(password)))
}

fn host_and_port(text: &str) -> Result<Place, Error> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or_else(|| wrong("an IPv6 address lacks its ]"))?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c)) {
        return Err(wrong("it has no host, or one with strange characters"));
    }
    let port = match port {
        "" => PORT,
        port => port
            .strip_prefix(':')
            .and_then(|port| port.parse().ok())
            .filter(|port| *port != 0)
            .ok_or_else(|| wrong("the port is no number from 1 to 65535; in a password : is %3A"))?,
    };
    Ok(Place::Host(host.to_owned(), port))
}

struct Query {
    prefix: String,
    timeout: Duration,
    db: Option<u32>,
    files: tls::Files,
}

impl Query {
    fn parse(query: &str) -> Result<Self, Error> {
        let mut parsed =
            Self { prefix: "active:".to_owned(), timeout: Duration::from_secs(2), db: None, files: tls::Files::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "prefix" => parsed.prefix = value.into_owned(),
                "timeout_ms" => {
                    let ms = value.parse().ok().filter(|ms| (1..=MOST_TIMEOUT_MS).contains(ms));
                    parsed.timeout = Duration::from_millis(ms.ok_or_else(|| wrong("timeout_ms is no number from 1 to 60000"))?);
                }
                "db" => parsed.db = Some(number(&value, "db")?),
                "ca_file" => parsed.files.roots = Some(PathBuf::from(&*value)),
                "cert_file" => parsed.files.certificate = Some(PathBuf::from(&*value)),
                "key_file" => parsed.files.key = Some(PathBuf::from(&*value)),
                _ => {
                    let known = "prefix, timeout_ms, db, ca_file, cert_file and key_file";
                    return Err(wrong(&format!("a parameter after the ? is not known; known are {known}")));
                }
            }
        }
        Ok(parsed)
    }
}

/// Host and port, or the file: what may be shown.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Host(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Place::Host(host, port) => write!(f, "{host}:{port}"),
            Place::File(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Address {
        Address::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let address = address("redis://localhost");
        assert_eq!((address.to_string().as_str(), address.db, address.prefix.as_str()), ("localhost:6379", 0, "active:"));
        assert_eq!(address.timeout, Duration::from_secs(2));
        assert!(address.tls.is_none() && address.user.is_none() && address.password.is_none());
    }

    #[test]
    fn everything_can_be_said() {
        let address = address("rediss://us%40er:p%2Fa%3As%2B+s@[::1]:7000/3?prefix=a%26b:&timeout_ms=50");
        assert_eq!((address.to_string().as_str(), address.host()), ("[::1]:7000", Some("::1")));
        assert_eq!((address.user.as_deref(), address.db, address.prefix.as_str()), (Some("us@er"), 3, "a&b:"));
        assert_eq!(address.password.as_ref().map(Secret::expose), Some("p/a:s++s"));
        assert!(address.tls.is_some() && address.timeout == Duration::from_millis(50));
    }

    #[test]
    fn a_password_needs_no_user_and_a_socket_file_no_host() {
        let address_1 = address("valkey://:word@h/");
        assert_eq!((address_1.user, address_1.password.as_ref().map(Secret::expose)), (None, Some("word")));
        for url in ["unix:/run/my%20redis.sock?db=2", "unix:///run/my%20redis.sock?db=2"] {
            let address = address(url);
            assert_eq!((address.to_string().as_str(), address.db), ("/run/my redis.sock", 2));
        }
        assert!(address("unix://:word@/run/r.sock").password.is_some());
    }

    #[test]
    fn a_wrong_url_is_a_usage_error_that_quotes_no_part_of_it() {
        for url in [
            "",
            "localhost:6379",
            "http://:s3cret@localhost",
            "redis:localhost",
            "redis://",
            "redis://:s3cret@",
            "redis://s3cret@localhost",
            "redis://user:@localhost",
            "redis://:s3c#ret@localhost",
            "redis://:s3c?ret@localhost",
            "redis://:s3c?s3cret=@localhost",
            "redis://:s3c/s3cret@localhost",
            "redis://:s3 cret@localhost",
            "redis://:%FF@localhost",
            "redis://[::1",
            "redis://localhost:0",
            "redis://localhost:s3cret",
            "redis://localhost:99999",
            "redis://localhost/s3cret",
            "redis://localhost?s3cret=1",
            "redis://localhost?timeout_ms=0",
            "redis://localhost?timeout_ms=60001",
            "redis://localhost?timeout_ms=s3cret",
            "redis://localhost?ca_file=/etc/ca.pem",
            "unix:relative.sock",
            "unix://host/s3cret.sock",
            "rediss://localhost?ca_file=/does/not/exist.pem",
            "rediss://localhost?ca_file=/dev/null",
            "rediss://localhost?cert_file=/dev/null",
            "rediss://localhost?key_file=/dev/null",
            "rediss://localhost?cert_file=/dev/null&key_file=/dev/null",
        ] {
            match Address::parse(url) {
                Err(Error::Usage(text)) => assert!(!text.contains("s3c") && !text.contains("ret@"), "{url}: {text}"),
                Err(error) => panic!("{url}: {error:?}"),
                Ok(address) => panic!("{url} was taken for {address}"),
            }
        }
    }
}
