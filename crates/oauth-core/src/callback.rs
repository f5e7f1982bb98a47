//! What did the browser bring back?
//!
//! The parameters of a callback (RFC 6749 §4.1.2), read and nothing believed yet.

use zeroize::Zeroizing;

use crate::{
    client::Client,
    encode::printable,
    error::{Error, ErrorCode, Refused},
    front::Brought,
};

/// The parameters of a callback that this library knows; others are ignored (RFC 6749 §4.1.2).
#[derive(Default)]
pub(crate) struct Callback {
    pub(crate) state: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
    pub(crate) error_uri: Option<String>,
    /// All else, of a fragment.
    pub(crate) brought: Brought,
}

impl Callback {
    /// Of a whole URL, or its query alone.
    pub(crate) fn of_query(callback: &str) -> Result<Self, Error> {
        let query = match callback.split_once('?') {
            Some((_, query)) => query,
            None if callback.contains("://") => "",
            None => callback,
        };
        Self::parse(callback, query.split('#').next().unwrap_or_default(), false)
    }

    /// Of a whole URL, or its fragment alone.
    pub(crate) fn of_fragment(callback: &str) -> Result<Self, Error> {
        let (before, fragment) = match callback.split_once('#') {
            Some(parts) => parts,
            None if callback.contains("://") => (callback, ""),
            None => ("", callback),
        };
        let mut parsed = Self::parse(callback, fragment, true)?;
        // Some servers write iss into the query even so.
        let query = before.split_once('?').map_or("", |(_, query)| query);
        for (_, iss) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "iss") {
            if parsed.iss.replace(iss.into_owned()).is_some() {
                return Err(twice("iss"));
            }
        }
        Ok(parsed)
    }

    fn parse(callback: &str, parameters: &str, keep_others: bool) -> Result<Self, Error> {
        if callback.len() > 16 * 1024 {
            return Err(Error::Untrusted("callback: longer than 16384 bytes".to_owned()));
        }
        let mut parsed = Self::default();
        for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
            let place = match &*name {
                "state" => &mut parsed.state,
                "code" => &mut parsed.code,
                "iss" => &mut parsed.iss,
                "error" => &mut parsed.error,
                "error_description" => &mut parsed.error_description,
                "error_uri" => &mut parsed.error_uri,
                _ if keep_others && parsed.brought.put(&name, &value) => return Err(twice("a parameter")),
                _ => continue,
            };
            // RFC 6749 §3.1: parameters MUST NOT be included more than once.
            if place.replace(value.into_owned()).is_some() {
                return Err(twice(&name));
            }
        }
        Ok(parsed)
    }
}

fn twice(name: &str) -> Error {
    Error::Untrusted(format!("callback: it holds {name} more than once; nothing was sent on"))
}

/// RFC 9207 §2.4: simple string comparison, no normalisation, for errors as well as codes.
pub(crate) fn check_issuer(expected: Option<&str>, came: Option<&str>, promised: bool) -> Result<(), Error> {
    match (expected, came) {
        (Some(expected), Some(came)) if expected == came => Ok(()),
        (Some(_), Some(_)) => {
            Err(Error::Untrusted("callback: its iss is not the issuer this login was begun at; nothing was sent on".to_owned()))
        }
        (_, None) if promised => {
            Err(Error::Untrusted("callback: it names no iss, which this provider promises; nothing was sent on".to_owned()))
        }
        (_, None) => Ok(()),
        (None, Some(_)) => Err(Error::Untrusted(
            "callback: it names an iss, and the provider's record no issuer to compare it with; nothing was sent on".to_owned(),
        )),
    }
}

pub(crate) fn refused(client: &Client, code: String, description: Option<String>, uri: Option<String>) -> Error {
    let record = client.provider().record();
    let code = printable(&code, 100);
    Refused {
        provider: record.name.clone(),
        what: "the login",
        standard: Some(ErrorCode::from(record.token.error_codes.get(&code).unwrap_or(&code).clone())),
        code: Some(code),
        description: description.map(|text| printable(&text, 300)),
        uri: uri.map(|text| printable(&text, 300)),
        status: None,
        retry_after_ms: None,
        body: Zeroizing::default(),
    }
    .into()
}
