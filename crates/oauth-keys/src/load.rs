//! How is a private key read?
//!
//! PEM, PKCS #8 or a JWK, and then ring, which checks that both halves belong together. Every buffer in between is wiped.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    error::KeyRejected,
    hmac,
    rand::SystemRandom,
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair},
};
use rustls_pki_types::{
    PrivateKeyDer,
    pem::{Error as PemError, PemObject},
};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    algorithm::Algorithm,
    error::KeyError,
    signing::{Private, SigningKey},
};

/// No private key of a known kind is longer, in bytes.
const LONGEST: usize = 64 * 1024;

impl SigningKey {
    /// Reads a private key in PEM: PKCS #8 (`PRIVATE KEY`), PKCS #1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`), not encrypted. The first
    /// private key in the text counts.
    ///
    /// # Errors
    /// [`KeyError`] where there is none, or it is none of that algorithm's.
    pub fn from_pem(algorithm: Algorithm, pem: &str) -> Result<Self, KeyError> {
        from_pem(algorithm, pem)
    }

    /// Reads a private key in DER: a PKCS #8 document (RFC 5958).
    ///
    /// # Errors
    /// [`KeyError`] where it is something else, or none of that algorithm's.
    pub fn from_pkcs8_der(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        from_pkcs8(algorithm, der)
    }

    /// Reads a private key as a JWK (RFC 7517), with its `kid`. An `alg` in it must be that algorithm.
    ///
    /// # Errors
    /// [`KeyError`] where it is something else, or none of that algorithm's.
    pub fn from_jwk(algorithm: Algorithm, jwk: &str) -> Result<Self, KeyError> {
        from_jwk(algorithm, jwk)
    }

    /// A secret that both sides have (`HS256`), 32 bytes at least (RFC 7518 §3.2).
    ///
    /// # Errors
    /// [`KeyError`] where it is shorter.
    pub fn hmac(secret: &[u8]) -> Result<Self, KeyError> {
        shared(secret).map(|key| Self::new(Algorithm::Hs256, Private::Shared(key), None))
    }
}

fn from_pem(algorithm: Algorithm, pem: &str) -> Result<SigningKey, KeyError> {
    if pem.len() > LONGEST {
        return Err(KeyError::new("longer than 65536 bytes"));
    }
    let mut der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| {
        KeyError::new(match error {
            PemError::NoItemsFound if pem.contains("ENCRYPTED PRIVATE KEY") => {
                "the key is encrypted; decrypt it first (openssl pkey -in … -out …)"
            }
            PemError::NoItemsFound if pem.contains("PUBLIC KEY") => "this is the public key; the private one signs",
            PemError::NoItemsFound => "there is no private key in this PEM text",
            _ => "this PEM text is damaged",
        })
    })?;
    let key = match &der {
        PrivateKeyDer::Pkcs8(der) => from_pkcs8(algorithm, der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => from_pkcs1(algorithm, der.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(der) => from_pkcs8(algorithm, &p256_pkcs8(der.secret_sec1_der())),
        _ => Err(KeyError::new("a kind of private key that is not known here")),
    };
    der.zeroize();
    key
}

fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<SigningKey, KeyError> {
    let rejected = |why| rejected(algorithm, why);
    let private = match algorithm {
        Algorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
            .map(Private::Ec)
            .map_err(rejected)?,
        // OpenSSL writes no public half (RFC 8410 §7); it follows from the private one.
        Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Private::Ed).map_err(rejected)?,
        Algorithm::Rs256 | Algorithm::Ps256 => {
            RsaKeyPair::from_pkcs8(der).map(|key| Private::Rsa(Box::new(key))).map_err(rejected)?
        }
        Algorithm::Hs256 => return Err(KeyError::new("HS256 signs with a shared secret, not with a private key")),
    };
    Ok(SigningKey::new(algorithm, private, None))
}

fn from_pkcs1(algorithm: Algorithm, der: &[u8]) -> Result<SigningKey, KeyError> {
    if !matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256) {
        return Err(KeyError::new(format!("this is an RSA key, and {algorithm} wants another")));
    }
    let key = RsaKeyPair::from_der(der).map_err(|why| rejected(algorithm, why))?;
    Ok(SigningKey::new(algorithm, Private::Rsa(Box::new(key)), None))
}

/// RFC 7518 §3.2: a secret as long as the hash at least.
pub(crate) fn shared(secret: &[u8]) -> Result<hmac::Key, KeyError> {
    if secret.len() < 32 {
        return Err(KeyError::new("a shared secret shorter than 32 bytes is too short to sign with (RFC 7518 §3.2)"));
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, secret))
}

fn rejected(algorithm: Algorithm, why: KeyRejected) -> KeyError {
    KeyError::new(format!(
        "this is no private key for {algorithm} ({why}); it needs {}",
        match algorithm {
            Algorithm::Es256 => "P-256 with the public half in it, in PKCS #8",
            Algorithm::EdDsa => "Ed25519 in PKCS #8",
            Algorithm::Rs256 | Algorithm::Ps256 => "RSA with 2048 to 4096 bits",
            Algorithm::Hs256 => "a shared secret",
        }
    ))
}

/// A SEC 1 key of P-256 as PKCS #8 (RFC 5958 §2): version 0, the algorithm, and the key as it is (RFC 5915).
fn p256_pkcs8(sec1: &[u8]) -> Zeroizing<Vec<u8>> {
    // id-ecPublicKey, prime256v1 (RFC 5480 §2.1.1)
    const HEAD: &[u8] = &[
        0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07,
    ];
    let mut der = Zeroizing::new(Vec::with_capacity(sec1.len() + 64));
    let inner = sec1.len() + length(sec1.len()).len() + 1;
    der.push(0x30);
    der.extend(length(HEAD.len() + inner));
    der.extend(HEAD);
    der.push(0x04);
    der.extend(length(sec1.len()));
    der.extend(sec1);
    der
}

/// A DER length (X.690 §8.1.3).
fn length(of: usize) -> Vec<u8> {
    match u8::try_from(of) {
        Ok(short) if short < 0x80 => vec![short],
        Ok(byte) => vec![0x81, byte],
        Err(_) => [&[0x82][..], &u16::try_from(of).unwrap_or(u16::MAX).to_be_bytes()].concat(),
    }
}

/// A private JWK (RFC 7518 §6, RFC 8037 §2). Members that are secret are wiped.
#[derive(Deserialize)]
struct PrivateJwk {
    kty: String,
    crv: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<Zeroizing<String>>,
    p: Option<Zeroizing<String>>,
    q: Option<Zeroizing<String>>,
    dp: Option<Zeroizing<String>>,
    dq: Option<Zeroizing<String>>,
    qi: Option<Zeroizing<String>>,
    k: Option<Zeroizing<String>>,
}

fn from_jwk(algorithm: Algorithm, jwk: &str) -> Result<SigningKey, KeyError> {
    if jwk.len() > LONGEST {
        return Err(KeyError::new("longer than 65536 bytes"));
    }
    // serde_json's own words could quote a member.
    let jwk: PrivateJwk = serde_json::from_str(jwk).map_err(|_| KeyError::new("this is no JWK"))?;
    if let Some(own) = &jwk.alg
        && Algorithm::from_name(own).ok() != Some(algorithm)
    {
        return Err(KeyError::new(format!("this JWK is for another algorithm than {algorithm}")));
    }
    let rejected = |why| rejected(algorithm, why);
    let private = match (algorithm, jwk.kty.as_str(), jwk.crv.as_deref()) {
        (Algorithm::Es256, "EC", Some("P-256")) => {
            let (d, x, y) = (bytes("d", secret(&jwk.d))?, bytes("x", jwk.x.as_deref())?, bytes("y", jwk.y.as_deref())?);
            let public = [&[0x04][..], &x, &y].concat();
            let key = EcdsaKeyPair::from_private_key_and_public_key(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &d,
                &public,
                &SystemRandom::new(),
            );
            Private::Ec(key.map_err(rejected)?)
        }
        (Algorithm::EdDsa, "OKP", Some("Ed25519")) => {
            let (d, x) = (bytes("d", secret(&jwk.d))?, bytes("x", jwk.x.as_deref())?);
            Private::Ed(Ed25519KeyPair::from_seed_and_public_key(&d, &x).map_err(rejected)?)
        }
        (Algorithm::Rs256 | Algorithm::Ps256, "RSA", _) => {
            let components = KeyPairComponents {
                public_key: PublicKeyComponents { n: bytes("n", jwk.n.as_deref())?, e: bytes("e", jwk.e.as_deref())? },
                d: bytes("d", secret(&jwk.d))?,
                p: bytes("p", secret(&jwk.p))?,
                q: bytes("q", secret(&jwk.q))?,
                dP: bytes("dp", secret(&jwk.dp))?,
                dQ: bytes("dq", secret(&jwk.dq))?,
                qInv: bytes("qi", secret(&jwk.qi))?,
            };
            Private::Rsa(Box::new(RsaKeyPair::from_components(&components).map_err(rejected)?))
        }
        (Algorithm::Hs256, "oct", _) => Private::Shared(shared(&bytes("k", secret(&jwk.k))?)?),
        _ => return Err(KeyError::new(format!("this JWK is no key for {algorithm}"))),
    };
    Ok(SigningKey::new(algorithm, private, jwk.kid))
}

fn secret(member: &Option<Zeroizing<String>>) -> Option<&str> {
    member.as_deref().map(String::as_str)
}

/// RFC 7518 §2: base64url without padding.
fn bytes(name: &str, member: Option<&str>) -> Result<Bytes, KeyError> {
    let text = member.ok_or_else(|| KeyError::new(format!("the JWK has no {name}; a private key is needed")))?;
    let decoded = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::new(format!("the JWK's {name} is not base64url")))?;
    Ok(Bytes(Zeroizing::new(decoded)))
}

/// Bytes that are wiped, in the shape that ring takes.
struct Bytes(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
