//! Which id and secret stand in an `Authorization: Basic` header?

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::message::Request;

/// Id and secret; `None` without such a header, an error where it cannot be read.
///
/// `encoded`: "The client identifier is encoded using the "application/x-www-form-urlencoded" encoding algorithm […] and
/// the encoded value is used as the username; the client password is encoded using the same algorithm and used as the
/// password" (RFC 6749 §2.3.1). Raw otherwise, as Honeywell Home's guide does it.
pub(crate) fn credentials(request: &Request, encoded: bool) -> Option<Result<(String, String), Unreadable>> {
    let value = request.authorization("basic")?;
    Some(decode(value, encoded).ok_or(Unreadable))
}

/// The header was there, but not `base64(id:secret)` of UTF-8.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unreadable;

fn decode(value: &str, encoded: bool) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(if encoded { (form_decoded(id)?, form_decoded(secret)?) } else { (id.into(), secret.into()) })
}

fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    Some(pairs.next().map(|(name, _)| name.into_owned()).unwrap_or_default())
}
