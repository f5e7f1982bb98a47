//! What does a session say of itself?
//!
//! With the feature `tracing`, an event for each change and each failure. Nothing in them is secret: the key names client and provider, and
//! an error's text never holds a token.

#[cfg(feature = "tracing")]
pub(crate) fn changed(session: &crate::session::Inner, token: &oauth_core::Token) {
    tracing::debug!(session = ?session.key, expires_at = token.expires_at(), "a new token");
}

#[cfg(feature = "tracing")]
pub(crate) fn failed(session: &crate::session::Inner, error: &oauth_core::Error) {
    tracing::warn!(session = ?session.key, kind = error.kind().as_str(), %error, "a renewal failed");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn changed(_: &crate::session::Inner, _: &oauth_core::Token) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn failed(_: &crate::session::Inner, _: &oauth_core::Error) {}
