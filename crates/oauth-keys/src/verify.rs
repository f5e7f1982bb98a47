//! Was this signed by whom we expect, for what we expect?

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::Value;

use crate::{algorithm::Algorithm, error::Unverified, jwks::Jwks};

/// What a signed text must be, decided before it is looked at (RFC 8725 §3.1, §3.11).
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The algorithms that are taken.
    pub algorithms: &'a [Algorithm],
    /// The header's `typ`, without regard to case and with or without `application/` (RFC 7515 §4.1.9); None takes any.
    pub typ: Option<&'a str>,
}

/// A signed text whose signature was checked. Its claims were not: issuer, audience and times are the caller's to check.
#[derive(Clone)]
pub struct Jws {
    algorithm: Algorithm,
    key_id: Option<String>,
    payload: Vec<u8>,
}

impl Jws {
    /// The algorithm it was signed by.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The `kid` in its header.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// What was signed.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was signed, as a JWT's claims (RFC 7519 §4).
    ///
    /// # Errors
    /// [`Unverified::Malformed`] where it is no JSON object.
    pub fn claims(&self) -> Result<Value, Unverified> {
        serde_json::from_slice(&self.payload).ok().filter(Value::is_object).ok_or(Unverified::Malformed)
    }
}

/// Algorithm, key and length: the payload may hold personal data.
impl fmt::Debug for Jws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jws({}, {:?}, {} bytes)", self.algorithm, self.key_id, self.payload.len())
    }
}

/// A signed text is not longer, in bytes.
const LONGEST: usize = 64 * 1024;

/// The members of a header that mean something here. `jwk`, `jku`, `x5c` and `x5u` do not: a text does not bring its own key (RFC 8725 §3.5).
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    /// RFC 7797 §6: only where it is critical, too.
    #[serde(default, deserialize_with = "present")]
    b64: bool,
}

/// Whatever its value is.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Checks the signature of a JWS in compact form (RFC 7515 §5.2), up to 64 KiB, with the one key of the set that fits.
///
/// ```
/// use oauth_keys::{Algorithm, Expected, Jwks, Unverified, verify_jws};
///
/// let keys = Jwks::from_json(br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#)?;
/// let expected = Expected { algorithms: &[Algorithm::EdDsa, Algorithm::Es256], typ: None };
/// // RFC 8037 Appendix A.4
/// let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/// assert_eq!(verify_jws(signed, &keys, &expected)?.payload(), b"Example of Ed25519 signing");
/// assert_eq!(verify_jws("eyJhbGciOiJub25lIn0.e30.", &keys, &expected).unwrap_err(), Unverified::Algorithm);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Unverified`]: it is not to be believed. [`Unverified::UnknownKey`] may mean that the server has a new key.
pub fn verify_jws(compact: &str, keys: &Jwks, expected: &Expected<'_>) -> Result<Jws, Unverified> {
    if compact.len() > LONGEST {
        return Err(Unverified::Malformed);
    }
    let mut parts = compact.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(Unverified::Malformed);
    };
    let signed = &compact[..header.len() + 1 + payload.len()];
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Unverified::Malformed);
    let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| Unverified::Malformed)?;
    if header.crit || header.b64 {
        return Err(Unverified::Critical);
    }
    let algorithm = Algorithm::from_name(&header.alg).ok().filter(|algorithm| expected.algorithms.contains(algorithm));
    let algorithm = algorithm.ok_or(Unverified::Algorithm)?;
    if expected.typ.is_some_and(|typ| !header.typ.as_deref().is_some_and(|own| is_type(own, typ))) {
        return Err(Unverified::Type);
    }
    let signature = decoded(signature)?;
    keys.one(algorithm, header.kid.as_deref())?.verify(algorithm, signed.as_bytes(), &signature)?;
    Ok(Jws { algorithm, key_id: header.kid, payload: decoded(payload)? })
}

fn is_type(own: &str, expected: &str) -> bool {
    fn bare(typ: &str) -> &str {
        typ.get(..12).filter(|prefix| prefix.eq_ignore_ascii_case("application/")).map_or(typ, |_| &typ[12..])
    }
    bare(own).eq_ignore_ascii_case(bare(expected))
}
