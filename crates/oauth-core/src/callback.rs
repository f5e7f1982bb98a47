//! What did the browser bring back?
//!
//! The parameters of a callback (RFC 6749 §4.1.2), read and nothing believed yet.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    claims::Claims,
    client::Client,
    encode::printable,
    error::{Error, ErrorCode, Refused},
    front::Brought,
    secret::Secret,
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
        Self::parse(callback, query(callback), false)
    }

    /// Of a whole URL, or its fragment alone.
    pub(crate) fn of_fragment(callback: &str) -> Result<Self, Error> {
        let (before, fragment) = fragment(callback);
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

    /// Of the claims of a signed answer (JARM §2.1).
    pub(crate) fn of_claims(claims: &Claims, keep_others: bool) -> Result<Self, Error> {
        let text = |name: &str| claims.text(name).map(|text| text.map(str::to_owned));
        let mut parsed = Self {
            state: text("state")?,
            code: text("code")?,
            iss: text("iss")?,
            error: text("error")?,
            error_description: text("error_description")?,
            error_uri: text("error_uri")?,
            brought: Brought::default(),
        };
        let known = ["state", "code", "iss", "error", "error_description", "error_uri", "aud", "exp", "iat", "nbf"];
        for (name, value) in claims.members().filter(|(name, _)| keep_others && !known.contains(name)) {
            match value {
                Value::String(text) => parsed.brought.put(name, text),
                Value::Number(number) => parsed.brought.put(name, &number.to_string()),
                _ => continue,
            };
        }
        Ok(parsed)
    }

    fn parse(callback: &str, parameters: &str, keep_others: bool) -> Result<Self, Error> {
        check_length(callback)?;
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

/// The one parameter of a signed answer (JARM §2.3), of a whole URL or of the query, fragment or body alone.
pub(crate) fn response(callback: &str, in_fragment: bool) -> Result<Secret, Error> {
    check_length(callback)?;
    let parameters = if in_fragment { fragment(callback).1 } else { query(callback) };
    let mut found = form_urlencoded::parse(parameters.as_bytes()).filter(|(name, _)| name == "response");
    match (found.next(), found.next()) {
        (Some((_, response)), None) => Ok(Secret::from(response.into_owned())),
        (Some(_), Some(_)) => Err(twice("response")),
        (None, _) => Err(Error::Untrusted(
            "callback: it holds no signed response, which this login was begun with; nothing of it is used".to_owned(),
        )),
    }
}

fn query(callback: &str) -> &str {
    let query = match callback.split_once('?') {
        Some((_, query)) => query,
        None if callback.contains("://") => "",
        None => callback,
    };
    query.split('#').next().unwrap_or_default()
}

/// What stands before the fragment, and the fragment.
fn fragment(callback: &str) -> (&str, &str) {
    match callback.split_once('#') {
        Some(parts) => parts,
        None if callback.contains("://") => (callback, ""),
        None => ("", callback),
    }
}

fn check_length(callback: &str) -> Result<(), Error> {
    if callback.len() > 16 * 1024 {
        return Err(Error::Untrusted("callback: longer than 16384 bytes".to_owned()));
    }
    Ok(())
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
