//! Was it refused as it should be?

use oauth_core::{Error, Kind};

/// Asserts that a server said no for good, with that standard code (RFC 6749 §5.2) and status.
///
/// # Panics
/// Where it did anything else.
#[track_caller]
pub fn assert_refused(error: &Error, code: &str, status: u16) {
    assert_eq!(error.kind(), Kind::Refused, "{error}");
    assert_eq!((error.standard_code(), error.status()), (Some(code), Some(status)), "{error}");
    assert!(!error.is_transient(), "{error}");
}
