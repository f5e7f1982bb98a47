//! What do we sign with?

use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use oauth_core::{Secret, Signer, thumbprint};
use ring::{
    hmac,
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
        RsaKeyPair,
    },
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{algorithm::Algorithm, error::KeyError};

/// A private key, read once, with the one algorithm it signs by (RFC 8725 §3.1). `Send + Sync`: share it in an `Arc`.
///
/// It shows its algorithm and its id, and nothing else. The texts and buffers it was read from are wiped where they are ours; ring's own
/// representation of a key stays in memory until the allocator uses it again, since ring does not wipe it.
///
/// ```
/// use oauth_core::Signer;
/// use oauth_keys::{Algorithm, SigningKey};
///
/// let pem = SigningKey::generate_pem(Algorithm::Es256)?;
/// let key = SigningKey::from_pem(Algorithm::Es256, pem.expose())?.with_id("2026-11");
/// assert_eq!(key.sign(b"message")?.len(), 64);
/// assert_eq!(format!("{key:?}"), r#"SigningKey(ES256, Some("2026-11"))"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SigningKey {
    algorithm: Algorithm,
    private: Private,
    id: Option<String>,
    /// The public key as canonical JWK (RFC 7638 §3.2); None for a shared secret.
    public: Option<String>,
}

pub(crate) enum Private {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
    Shared(hmac::Key),
}

impl SigningKey {
    pub(crate) fn new(algorithm: Algorithm, private: Private, id: Option<String>) -> Self {
        let public = public_jwk(&private).map(|jwk| jwk.to_string());
        Self { algorithm, private, id, public }
    }

    /// A new key for `ES256`, which ends with the process: for DPoP with tokens that nobody keeps.
    ///
    /// # Errors
    /// [`KeyError`] where the operating system gives no randomness.
    pub fn generate_es256() -> Result<Self, KeyError> {
        Self::from_pkcs8_der(Algorithm::Es256, &generate_pkcs8(Algorithm::Es256)?)
    }

    /// A new key for `EdDSA` (Ed25519), which ends with the process.
    ///
    /// # Errors
    /// [`KeyError`] where the operating system gives no randomness.
    pub fn generate_ed25519() -> Result<Self, KeyError> {
        Self::from_pkcs8_der(Algorithm::EdDsa, &generate_pkcs8(Algorithm::EdDsa)?)
    }

    /// A new private key for `ES256` or `EdDSA` in PEM (PKCS #8), to be kept where only this program reads it; [`from_pem`](Self::from_pem)
    /// reads it again. A token bound to a key is worthless without it.
    ///
    /// # Errors
    /// [`KeyError`] for RSA, which ring does not generate (`openssl genpkey -algorithm rsa` does), and where there is no randomness.
    pub fn generate_pem(algorithm: Algorithm) -> Result<Secret, KeyError> {
        let der = generate_pkcs8(algorithm)?;
        let body = Zeroizing::new(STANDARD.encode(&*der));
        let mut pem = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 64));
        pem.push_str("-----BEGIN PRIVATE KEY-----\n");
        for at in (0..body.len()).step_by(64) {
            pem.push_str(&body[at..body.len().min(at + 64)]);
            pem.push('\n');
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Ok(Secret::from(pem.as_str()))
    }

    /// The `kid` by which the server finds the public key (RFC 7517 §4.5).
    #[must_use]
    pub fn with_id(self, id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..self }
    }

    /// The public key's thumbprint (RFC 7638), which makes a good id too; None for a shared secret.
    pub fn thumbprint(&self) -> Option<String> {
        self.public.as_deref().and_then(|jwk| thumbprint(jwk).ok())
    }

    /// The public key as a JWK for the server to know, with `kid`, `alg` and `use`: publish it in a set, `{"keys": [...]}` (RFC 7517 §5), or
    /// register it. None for a shared secret.
    pub fn published_jwk(&self) -> Option<String> {
        let mut jwk = public_jwk(&self.private)?;
        jwk["alg"] = self.algorithm.as_str().into();
        jwk["use"] = "sig".into();
        if let Some(id) = &self.id {
            jwk["kid"] = id.as_str().into();
        }
        Some(jwk.to_string())
    }
}

impl Signer for SigningKey {
    fn algorithm(&self) -> &str {
        self.algorithm.as_str()
    }

    fn key_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn public_jwk(&self) -> Option<&str> {
        self.public.as_deref()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let random = SystemRandom::new();
        match &self.private {
            Private::Ec(key) => key.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Private::Ed(key) => Ok(key.sign(message).as_ref().to_vec()),
            Private::Shared(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Private::Rsa(key) => {
                let padding: &dyn RsaEncoding =
                    if self.algorithm == Algorithm::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(padding, &random, message, &mut signature).map(|()| signature)
            }
        }
        .map_err(|_| "the key refused, or the operating system gives no random bytes".to_owned())
    }
}

/// Algorithm and id; nothing of the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, {:?})", self.algorithm, self.id)
    }
}

fn generate_pkcs8(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let random = SystemRandom::new();
    let document = match algorithm {
        Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random),
        Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(&random),
        Algorithm::Rs256 | Algorithm::Ps256 => {
            return Err(KeyError::new("RSA keys are not generated here; openssl genpkey -algorithm rsa does it"));
        }
        Algorithm::Hs256 => return Err(KeyError::new("a shared secret comes from the server")),
    };
    let document = document.map_err(|_| KeyError::new("the operating system gives no random bytes"))?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

/// RFC 7518 §6, RFC 8037 §2: the members that make the public key. serde_json writes them in alphabetical order, as RFC 7638 §3.2 wants.
fn public_jwk(private: &Private) -> Option<Value> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Some(match private {
        // SEC 1 §2.3.3: 04, then both coordinates.
        Private::Ec(key) => {
            let (x, y) = key.public_key().as_ref().get(1..)?.split_at_checked(32)?;
            json!({"crv": "P-256", "kty": "EC", "x": text(x), "y": text(y)})
        }
        Private::Ed(key) => json!({"crv": "Ed25519", "kty": "OKP", "x": text(key.public_key().as_ref())}),
        Private::Rsa(key) => {
            let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(key.public());
            json!({"e": text(&e), "kty": "RSA", "n": text(&n)})
        }
        Private::Shared(_) => return None,
    })
}
