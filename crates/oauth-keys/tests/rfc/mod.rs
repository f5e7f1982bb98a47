//! What do the examples of the RFCs share?

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth_keys::{Algorithm, Expected, Jwks, VerifyingKey};

/// The claims of RFC 7515 Appendix A.1 to A.3, and of RFC 7519 §3.1 and §6.1, with their line breaks.
pub(crate) const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

const ALL: &[Algorithm] = &[Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256, Algorithm::EdDsa, Algorithm::Hs256];
/// Whatever is signed by an algorithm that is known.
pub(crate) const ANY: Expected<'_> = Expected { algorithms: ALL, typ: None };

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A set of that key alone.
pub(crate) fn one(jwk: &str) -> Jwks {
    VerifyingKey::from_jwk(jwk).expect("a public key").into()
}
