//! Is this the signed statement that was expected?
//!
//! A JWS in compact form (RFC 7515 §3.1): its header and claims are compared like any JSON, and its signature is verified with a key that the
//! dialogue names, by primitives of ring and nothing of ours: who signs and who verifies must not share a mistake.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
        RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use serde_json::Value;

use crate::matcher::{Captures, check};

/// `{"header": …, "claims": …, "signed_by": …}`, each where it is there.
pub(crate) fn jwt(place: &str, argument: &Value, text: &str, captures: &mut Captures) -> Result<(), String> {
    let opened = open(text).ok_or_else(|| format!("{place}: expected a JWT, came {text:?}"))?;
    for (name, came) in [("header", &opened.header), ("claims", &opened.claims)] {
        if let Some(expected) = argument.get(name) {
            check(&format!("{place}(jwt).{name}"), expected, Some(came), captures)?;
        }
    }
    let key = match argument.get("signed_by") {
        None => return Ok(()),
        // A statement that brings its key along (RFC 7515 §4.1.3).
        Some(Value::String(word)) if word == "header" => opened.header.get("jwk").unwrap_or(&Value::Null),
        Some(key) => key,
    };
    opened.verify(key).map_err(|why| format!("{place}(jwt): {why}"))
}

/// A JWS taken apart.
struct Opened<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

fn open(text: &str) -> Option<Opened<'_>> {
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    Some(Opened {
        header: serde_json::from_slice(&decode(header)?).ok()?,
        claims: serde_json::from_slice(&decode(claims)?).ok()?,
        signed,
        signature: decode(signature)?,
    })
}

impl Opened<'_> {
    /// RFC 7518 §3, RFC 8037 §3.1: by the algorithm of its header, with this JWK.
    fn verify(&self, jwk: &Value) -> Result<(), String> {
        let algorithm = self.header["alg"].as_str().unwrap_or_default();
        let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).unwrap_or_default();
        let rsa = |parameters: &RsaParameters| {
            RsaPublicKeyComponents { n: part("n"), e: part("e") }.verify(parameters, self.signed.as_bytes(), &self.signature)
        };
        let verified = match (jwk["kty"].as_str().unwrap_or_default(), jwk["crv"].as_str(), algorithm) {
            ("EC", Some("P-256"), "ES256") => {
                let point = [&[4][..], &part("x"), &part("y")].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(self.signed.as_bytes(), &self.signature)
            }
            ("OKP", Some("Ed25519"), "EdDSA") => {
                UnparsedPublicKey::new(&ED25519, part("x")).verify(self.signed.as_bytes(), &self.signature)
            }
            ("RSA", None, "RS256") => rsa(&RSA_PKCS1_2048_8192_SHA256),
            ("RSA", None, "PS256") => rsa(&RSA_PSS_2048_8192_SHA256),
            ("oct", None, "HS256") => {
                hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &part("k")), self.signed.as_bytes(), &self.signature)
            }
            (kind, _, algorithm) => return Err(format!("a key of {kind:?} verifies no signature by {algorithm:?}")),
        };
        verified.map_err(|_| "the signature is not by that key".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fits(expected: Value, jws: &str) -> Result<(), String> {
        jwt("x", &expected, jws, &mut Captures::default())
    }

    #[test]
    fn rfc_7515_a_1_and_a_3_are_verified_and_no_other_key_does() {
        let claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let by_secret = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        fits(json!({"signed_by": {"kty": "oct", "k": secret}}), &by_secret).expect("RFC 7515 A.1");
        fits(json!({"signed_by": {"kty": "oct", "k": "AAAA"}}), &by_secret).expect_err("another secret");
        let (x, y) = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let by_curve = format!(
            "eyJhbGciOiJFUzI1NiJ9.{claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        );
        let key = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        fits(json!({"claims": {"members": {"iss": "joe"}}, "signed_by": key}), &by_curve).expect("RFC 7515 A.3");
        fits(json!({"signed_by": key}), &by_secret).expect_err("another algorithm");
        fits(json!({"signed_by": key}), &by_curve.replace("DtEh", "DtEi")).expect_err("another signature");
        fits(json!({"signed_by": "header"}), &by_curve).expect_err("there is no key in its header");
    }

    #[test]
    fn header_and_claims_are_compared() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI3IiwiZXhwIjoxfQ.c2ln";
        fits(json!({"header": {"alg": "HS256"}, "claims": {"members": {"jti": "7"}}}), token).expect("claims");
        fits(json!({"claims": {"jti": "8", "exp": 1}}), token).expect_err("another jti");
        fits(json!({"claims": {"jti": "7"}}), token).expect_err("a claim more");
        fits(json!({}), "opaque").expect_err("no JWT");
    }
}
