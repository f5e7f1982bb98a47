//! By which rules is it signed?

use std::fmt;

use crate::error::KeyError;

/// A signature algorithm of JWS (RFC 7518 §3.1, RFC 8037 §3.1). `none` is not among them, and what is not here is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256; 2048 bits at least.
    Rs256,
    /// RSA-PSS with SHA-256; 2048 bits at least.
    Ps256,
    /// Ed25519.
    EdDsa,
    /// HMAC with SHA-256: both sides have the same secret.
    Hs256,
}

impl Algorithm {
    /// Its name in a header: `ES256`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// The algorithm of that name, exactly as it is written (RFC 7515 §4.1.1). RFC 9864's `Ed25519` is `EdDSA` with the one curve there is.
    ///
    /// # Errors
    /// [`KeyError`] that lists the names.
    pub fn from_name(name: &str) -> Result<Self, KeyError> {
        match name {
            "ES256" => Ok(Self::Es256),
            "RS256" => Ok(Self::Rs256),
            "PS256" => Ok(Self::Ps256),
            "EdDSA" | "Ed25519" => Ok(Self::EdDsa),
            "HS256" => Ok(Self::Hs256),
            _ => Err(KeyError::new("the algorithm is none of ES256, RS256, PS256, EdDSA and HS256")),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
