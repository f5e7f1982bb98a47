//! May a login, or a logout, end there?

use crate::{encode::lies_within, error::Error};

/// RFC 6749 §3.1.2: absolute, no fragment; https, loopback http (RFC 8252 §7.3) or an app's own scheme with a dot in it (§7.1). `name` is the
/// parameter that it came by, for error texts.
pub(crate) fn check_redirect_uri(uri: &str, name: &'static str) -> Result<(), Error> {
    let wrong = |why: &str| Err(Error::usage(format!("{name}: {why}: {}", crate::message::without_query(uri))));
    if uri.contains('#') {
        return wrong("must not have a fragment");
    }
    if uri.is_empty() || !lies_within(uri, 0x21, 0x7E) {
        return wrong("must be an absolute URI in visible ASCII");
    }
    let Some((scheme, rest)) = uri.split_once(':') else { return wrong("must be absolute") };
    match scheme.to_ascii_lowercase().as_str() {
        "https" if rest.starts_with("//") && rest.len() > 2 => Ok(()),
        "http" => crate::endpoint::Endpoint::check(uri, true, name).map(|_| ()),
        "https" => wrong("must be absolute"),
        own if own.contains('.') && own.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) => Ok(()),
        _ => wrong("must be https, http to loopback, or an app's own scheme (com.example.app:/…)"),
    }
}
