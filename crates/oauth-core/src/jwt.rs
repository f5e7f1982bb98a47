//! How is a statement signed?
//!
//! A JWS in compact form (RFC 7515 §3.1): header, claims and signature in base64url, with dots between. The [`Signer`] does the signing.

use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::{
    encode::{base64url, printable, push},
    error::Error,
    secret::Secret,
    sign::Signer,
};

/// Signs these claims as a JWT (RFC 7519): an assertion for [`Grant::jwt_bearer`](crate::Grant::jwt_bearer), for example. `typ` is the
/// header's, by which nobody takes one kind of JWT for another (RFC 8725 §3.11). Whoever has it may be able to use it, so it is a secret.
///
/// # Errors
/// [`Error::Usage`] where the signer cannot sign, or its algorithm is `none`.
pub fn sign_jwt(signer: &dyn Signer, typ: Option<&str>, claims: &serde_json::Value) -> Result<Secret, Error> {
    let jwt = compact(signer, &header(signer, typ, None)?, claims)?;
    Ok(Secret::from(jwt.as_str()))
}

#[derive(Serialize)]
struct Header<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
    alg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<&'a RawValue>,
}

/// The header, encoded. `jwk` is the public key in JSON, for a statement that brings its key along; else the server finds it by its `kid`.
pub(crate) fn header(signer: &dyn Signer, typ: Option<&str>, jwk: Option<&str>) -> Result<String, Error> {
    let alg = signer.algorithm();
    // RFC 8725 §3.2: nothing of ours goes out unsigned.
    if alg.is_empty() || alg.eq_ignore_ascii_case("none") {
        return Err(Error::usage("signer: its algorithm is none, so it would not sign"));
    }
    let jwk = jwk.map(serde_json::from_str).transpose().map_err(|_| Error::usage("signer: its public JWK is not JSON"))?;
    let kid = if jwk.is_none() { signer.key_id() } else { None };
    // Texts and checked JSON only: cannot fail.
    Ok(base64url(&serde_json::to_vec(&Header { typ, alg, kid, jwk }).unwrap_or_default()))
}

/// The whole JWS.
pub(crate) fn compact(signer: &dyn Signer, header: &str, claims: &impl Serialize) -> Result<Zeroizing<String>, Error> {
    let claims = serde_json::to_vec(claims).map_err(|_| Error::usage("jwt: these claims cannot be written as JSON"))?;
    let mut jws = Zeroizing::new(String::with_capacity(header.len() + claims.len() * 4 / 3 + 512));
    push(&mut jws, header);
    push(&mut jws, ".");
    push(&mut jws, &base64url(&claims));
    let signature = signer
        .sign(jws.as_bytes())
        .map_err(|why| Error::usage(format!("signer: it could not sign: {}", printable(&why, 200))))?;
    if signature.is_empty() {
        return Err(Error::usage("signer: it gave an empty signature"));
    }
    push(&mut jws, ".");
    push(&mut jws, &base64url(&signature));
    Ok(jws)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed {
        algorithm: &'static str,
        signature: &'static [u8],
    }

    impl Signer for Fixed {
        fn algorithm(&self) -> &str {
            self.algorithm
        }
        fn key_id(&self) -> Option<&str> {
            Some("k1")
        }
        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
            assert_eq!(message.iter().filter(|byte| **byte == b'.').count(), 1);
            Ok(self.signature.to_vec())
        }
    }

    #[test]
    fn rfc_7515_3_1_header_claims_and_signature_with_dots_between() {
        let signer = Fixed { algorithm: "ES256", signature: b"sig" };
        let jwt = sign_jwt(&signer, Some("JWT"), &serde_json::json!({"iss": "me"})).expect("signed");
        let header = base64url(br#"{"typ":"JWT","alg":"ES256","kid":"k1"}"#);
        assert_eq!(jwt.expose(), format!("{header}.{}.{}", base64url(br#"{"iss":"me"}"#), base64url(b"sig")));
    }

    #[test]
    fn rfc_8725_3_2_nothing_goes_out_unsigned() {
        for (algorithm, signature) in [("none", &b"x"[..]), ("NONE", b"x"), ("", b"x"), ("ES256", b"")] {
            sign_jwt(&Fixed { algorithm, signature }, None, &serde_json::json!({})).expect_err(algorithm);
        }
    }
}
