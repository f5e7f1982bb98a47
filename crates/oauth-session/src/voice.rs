//! What does a session say of itself?
//!
//! With the feature `tracing`, an event for each change and each failure. Nothing in them is secret: the key names client and provider, and
//! an error's text never holds a token.

#[cfg(feature = "tracing")]
pub(crate) fn changed(key: &crate::Key, token: &oauth_core::Token) {
    tracing::debug!(session = ?key, expires_at = token.expires_at(), "a new token");
}

#[cfg(feature = "tracing")]
pub(crate) fn failed(key: &crate::Key, error: &oauth_core::Error) {
    tracing::warn!(session = ?key, kind = error.kind().as_str(), %error, "a renewal failed");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn changed(_: &crate::Key, _: &oauth_core::Token) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn failed(_: &crate::Key, _: &oauth_core::Error) {}
