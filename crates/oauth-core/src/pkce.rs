//! How does the code stay ours?
//!
//! Proof Key for Code Exchange (RFC 7636), S256 only: `plain` protects nothing from who can read the authorization request.

use sha2::{Digest, Sha256};

/// BASE64URL(SHA256(ASCII(code_verifier))), RFC 7636 §4.2.
pub(crate) fn challenge(verifier: &str) -> String {
    crate::encode::base64url(&Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn rfc_7636_appendix_b_vector() {
        assert_eq!(
            super::challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
