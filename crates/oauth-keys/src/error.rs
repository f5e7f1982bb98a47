//! What is wrong with a key, or with what it should have signed?

use oauth_core::Error;

/// A key that cannot be used: the program's move. The text names no part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("key: {0}")]
pub struct KeyError(String);

impl KeyError {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Why a signed statement is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// It is no JWS in compact form, or longer than [`verify_jws`](crate::verify_jws) reads.
    #[error("signature: this is no JWS in compact form")]
    Malformed,
    /// Its algorithm is `none`, unknown, or not among those the program expects (RFC 8725 §3.1).
    #[error("signature: its algorithm is not one that is expected")]
    Algorithm,
    /// Its type is not the expected one: it was signed for another purpose (RFC 8725 §3.11).
    #[error("signature: its type is not the expected one")]
    Type,
    /// It has extensions that must be understood, and are not (RFC 7515 §4.1.11).
    #[error("signature: it has critical extensions, and none is known")]
    Critical,
    /// No key of the set fits. The server may have a new one: read its set again, once.
    #[error("signature: no key of the set fits it")]
    UnknownKey,
    /// More than one key of the set fits, and nothing is tried out.
    #[error("signature: more than one key of the set fits it")]
    Ambiguous,
    /// The key did not sign this.
    #[error("signature: it does not match")]
    Signature,
}

/// Stop: what came may be from someone else.
impl From<Unverified> for Error {
    fn from(error: Unverified) -> Self {
        Self::Untrusted(error.to_string())
    }
}
