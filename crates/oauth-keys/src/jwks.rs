//! Whose signature may it be?
//!
//! A server's set of public keys (RFC 7517). What is not understood, or not for signatures, is passed over (§5), so that a server may add
//! kinds of keys; what is left is chosen from by exact rules.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    signature::{self, RsaPublicKeyComponents, UnparsedPublicKey},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    algorithm::Algorithm,
    error::{KeyError, Unverified},
    load,
};

/// A key that signatures are checked with. It knows what it can be used for; the signed text has no say in that.
#[derive(Clone)]
pub struct VerifyingKey {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    public: Public,
}

#[derive(Clone)]
enum Public {
    /// An uncompressed point (SEC 1 §2.3.3).
    Ec(Vec<u8>),
    Ed(Vec<u8>),
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    Shared(hmac::Key),
}

/// A set of keys, usually a server's, from its `jwks_uri` (RFC 8414 §2).
#[derive(Clone, Debug, Default)]
pub struct Jwks {
    keys: Vec<VerifyingKey>,
}

/// RFC 7517 §4, RFC 7518 §6.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl VerifyingKey {
    /// Reads a public key as a JWK. A symmetric one is refused: what is published is known to everybody.
    ///
    /// # Errors
    /// [`KeyError`] where it is something else, or not for signatures.
    pub fn from_jwk(jwk: &str) -> Result<Self, KeyError> {
        let jwk: Jwk = serde_json::from_str(jwk).map_err(|_| KeyError::new("this is no JWK"))?;
        let for_signatures = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !for_signatures {
            return Err(KeyError::new("this key is not for signatures"));
        }
        let algorithm = jwk.alg.as_deref().map(Algorithm::from_name).transpose()?;
        let public = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("EC", Some("P-256")) => {
                let (x, y) = (fixed("x", jwk.x.as_deref())?, fixed("y", jwk.y.as_deref())?);
                Public::Ec([&[0x04][..], &x, &y].concat())
            }
            ("OKP", Some("Ed25519")) => Public::Ed(fixed("x", jwk.x.as_deref())?),
            ("RSA", _) => {
                let (n, e) = (number("n", jwk.n.as_deref())?, number("e", jwk.e.as_deref())?);
                // RFC 7518 §3.3: 2048 bits at least; more than 8192 only costs time.
                if !(256..=1024).contains(&n.len()) {
                    return Err(KeyError::new("an RSA key has 2048 to 8192 bits"));
                }
                Public::Rsa(RsaPublicKeyComponents { n, e })
            }
            _ => return Err(KeyError::new("this is no public key of P-256, Ed25519 or RSA")),
        };
        let key = Self { id: jwk.kid, algorithm, public };
        match key.algorithm {
            Some(algorithm) if !key.is_for(algorithm) => Err(KeyError::new("its alg and its kind do not belong together")),
            _ => Ok(key),
        }
    }

    /// A secret that both sides have (`HS256`), 32 bytes at least. It fits no other algorithm, and no public key fits this one.
    ///
    /// # Errors
    /// [`KeyError`] where it is shorter.
    pub fn hmac(secret: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { id: None, algorithm: Some(Algorithm::Hs256), public: Public::Shared(load::shared(secret)?) })
    }

    /// Its `kid`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether it may check signatures of that algorithm: by its kind, and by its own `alg` where it has one (RFC 8725 §3.1).
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        let by_kind = matches!(
            (&self.public, algorithm),
            (Public::Ec(_), Algorithm::Es256)
                | (Public::Ed(_), Algorithm::EdDsa)
                | (Public::Rsa(_), Algorithm::Rs256 | Algorithm::Ps256)
                | (Public::Shared(_), Algorithm::Hs256)
        );
        by_kind && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Checks a raw signature (RFC 7518 §3), for `ES256` `r` and `s` behind each other.
    ///
    /// # Errors
    /// [`Unverified::Signature`] where this key did not sign this by that algorithm.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), Unverified> {
        let checked = match &self.public {
            _ if !self.is_for(algorithm) => return Err(Unverified::Signature),
            Public::Ec(point) => UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            Public::Ed(point) => UnparsedPublicKey::new(&signature::ED25519, point).verify(message, signature),
            Public::Rsa(key) if algorithm == Algorithm::Ps256 => {
                key.verify(&signature::RSA_PSS_2048_8192_SHA256, message, signature)
            }
            Public::Rsa(key) => key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature),
            Public::Shared(key) => hmac::verify(key, message, signature),
        };
        checked.map_err(|_| Unverified::Signature)
    }
}

/// A set is not longer, in bytes.
const LONGEST_SET: usize = 512 * 1024;
/// A set has not more keys.
const MOST_KEYS: usize = 200;

impl Jwks {
    /// Reads a set of public keys (RFC 7517 §5), up to 512 KiB and 200 keys. Keys of other kinds, for other uses, too weak or malformed are
    /// passed over; none may be left.
    ///
    /// # Errors
    /// [`KeyError`] where it is no set, or too large.
    pub fn from_json(json: &[u8]) -> Result<Self, KeyError> {
        #[derive(Deserialize)]
        struct Set<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        if json.len() > LONGEST_SET {
            return Err(KeyError::new("the JWK set is longer than 524288 bytes"));
        }
        let set: Set<'_> = serde_json::from_slice(json).map_err(|_| KeyError::new("this is no JWK set"))?;
        if set.keys.len() > MOST_KEYS {
            return Err(KeyError::new("the JWK set has more than 200 keys"));
        }
        Ok(Self { keys: set.keys.into_iter().filter_map(|jwk| VerifyingKey::from_jwk(jwk.get()).ok()).collect() })
    }

    /// The keys that signatures can be checked with.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// The one key for a signature of that algorithm, and of that `kid` where the signed text names one (RFC 7515 §4.1.4).
    pub(crate) fn one(&self, algorithm: Algorithm, id: Option<&str>) -> Result<&VerifyingKey, Unverified> {
        let fits = |key: &&VerifyingKey| key.is_for(algorithm);
        let named: Vec<_> = self.keys.iter().filter(fits).filter(|key| id.is_some() && key.id.as_deref() == id).collect();
        // A key without an id may be the one that is named, and a text without a name may mean any.
        let found = match (named.is_empty(), id) {
            (false, _) => named,
            (true, Some(_)) => self.keys.iter().filter(fits).filter(|key| key.id.is_none()).collect(),
            (true, None) => self.keys.iter().filter(fits).collect(),
        };
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(Unverified::UnknownKey),
            _ => Err(Unverified::Ambiguous),
        }
    }
}

impl From<VerifyingKey> for Jwks {
    fn from(key: VerifyingKey) -> Self {
        Self { keys: vec![key] }
    }
}

/// Its id and algorithm.
impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({:?}, {:?})", self.id, self.algorithm)
    }
}

fn bytes(name: &str, member: Option<&str>) -> Result<Vec<u8>, KeyError> {
    let text = member.ok_or_else(|| KeyError::new(format!("the JWK has no {name}")))?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::new(format!("the JWK's {name} is not base64url")))
}

/// A coordinate has as many bytes as its curve (RFC 7518 §6.2.1.2, RFC 8032 §5.1.2).
fn fixed(name: &str, member: Option<&str>) -> Result<Vec<u8>, KeyError> {
    bytes(name, member).and_then(|bytes| match bytes.len() {
        32 => Ok(bytes),
        _ => Err(KeyError::new(format!("the JWK's {name} has not 32 bytes"))),
    })
}

/// RFC 7518 §2: without leading zeros, which some write all the same.
fn number(name: &str, member: Option<&str>) -> Result<Vec<u8>, KeyError> {
    bytes(name, member).map(|bytes| bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}
