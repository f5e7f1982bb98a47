//! Which key is it?
//!
//! A public key's JWK with nothing but the members that make it, in the one order that RFC 7638 §3 gives them: what a proof carries, and
//! what a thumbprint is made of. A private member never gets through here.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{encode::base64url, error::Error};

/// No public key of a known kind is longer (RSA with 16384 bits), in bytes.
const LONGEST: usize = 8 * 1024;

/// The public members of a JWK, as canonical JSON (RFC 7638 §3.2; RFC 8037 §2 for OKP).
pub(crate) fn public_members(jwk: &str) -> Result<String, Error> {
    let wrong = |why: &str| Error::usage(format!("jwk: {why}"));
    if jwk.len() > LONGEST {
        return Err(wrong("longer than 8192 bytes"));
    }
    let value: Value = serde_json::from_str(jwk).map_err(|_| wrong("not a JSON object"))?;
    let text = |name: &'static str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let names: &[&'static str] = match text("kty") {
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        Some("RSA") => &["e", "kty", "n"],
        Some("oct") => return Err(wrong("a symmetric key has no public half")),
        _ => return Err(wrong("its kty is none of EC, OKP and RSA")),
    };
    let member = |name: &&'static str| Ok((*name, text(name).ok_or_else(|| wrong(&format!("{name} is missing")))?));
    let members = names.iter().map(member).collect::<Result<BTreeMap<_, _>, Error>>()?;
    // Texts only: cannot fail.
    Ok(serde_json::to_string(&members).unwrap_or_default())
}

/// The thumbprint of a public key (RFC 7638 §3): base64url of the SHA-256 of its canonical JWK. Members that do not make the key (`kid`,
/// `use`, private ones) do not count.
///
/// # Errors
/// [`Error::Usage`] where it is no JWK of an asymmetric key.
pub fn thumbprint(jwk: &str) -> Result<String, Error> {
    Ok(thumbprint_of(&public_members(jwk)?))
}

pub(crate) fn thumbprint_of(canonical: &str) -> String {
    base64url(&Sha256::digest(canonical.as_bytes()))
}

/// Where a private key stands in a client's metadata, if it does: `jwks.keys[0].d`. What RFC 7591 §2 has in `jwks` is public keys; one that
/// stands elsewhere, or in a text that is JSON, is as private.
pub(crate) fn private_member(metadata: &Map<String, Value>) -> Option<String> {
    metadata.iter().find_map(|(name, value)| private_within(value, name, name == "jwks"))
}

/// What has a `kty` is a key, and so is, for this, whatever stands in `jwks`.
fn private_within(value: &Value, place: &str, is_key: bool) -> Option<String> {
    match value {
        Value::Object(members) => {
            let is_key = is_key || members.contains_key("kty");
            let private = private_part(value).filter(|_| is_key);
            let within = |(name, value): (&String, &Value)| private_within(value, &format!("{place}.{name}"), is_key);
            private.map(|name| format!("{place}.{name}")).or_else(|| members.iter().find_map(within))
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| private_within(item, &format!("{place}[{at}]"), is_key))
        }
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            private_within(&serde_json::from_str(text).ok()?, place, is_key)
        }
        _ => None,
    }
}

/// The member that makes a JWK a private or shared one, if it has such (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2).
pub(crate) fn private_part(jwk: &Value) -> Option<&'static str> {
    const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    PRIVATE.into_iter().find(|name| jwk.get(*name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_8037_a_3_thumbprint() {
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(thumbprint(jwk).expect("OKP"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn no_private_member_gets_through() {
        let jwk = r#"{"d":"PRIVATE","y":"Y","kty":"EC","x":"X","crv":"P-256","kid":"a"}"#;
        assert_eq!(public_members(jwk).expect("EC"), r#"{"crv":"P-256","kty":"EC","x":"X","y":"Y"}"#);
    }

    #[test]
    fn what_is_no_public_key_is_refused() {
        for bad in [r#"{"kty":"oct","k":"AAAA"}"#, r#"{"kty":"EC","crv":"P-256","x":"X"}"#, r#"{"kty":1}"#, "[]", "", "{"] {
            public_members(bad).expect_err(bad);
        }
        public_members(&format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#, "A".repeat(9000))).expect_err("too long");
    }
}
