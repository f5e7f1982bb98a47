//! How does a dialogue's server sign?
//!
//! In an answer's JSON, `{"signed": {"header": …, "claims": …, "by": …}}` stands for a JWS in compact form (RFC 7515 §3.1), signed anew in every
//! play with that private JWK by the algorithm its header names, so that its claims can be read in the file and hold what was captured.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::SystemRandom,
    rsa::{self, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    },
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::matcher::Captures;

/// The same JSON with everything in it signed that is to be.
pub(crate) fn signed(json: &Value, captures: &Captures) -> Result<Value, String> {
    Ok(match json {
        Value::Object(members) => match members.get("signed").filter(|_| members.len() == 1) {
            Some(statement) => sign(statement, captures)?.into(),
            None => {
                Value::Object(members.iter().map(|(name, value)| Ok((name.clone(), signed(value, captures)?))).collect::<Result<
                    _,
                    String,
                >>(
                )?)
            }
        },
        Value::Array(items) => items.iter().map(|item| signed(item, captures)).collect::<Result<_, _>>()?,
        other => other.clone(),
    })
}

/// `{"header": …, "claims": …, "by": …}` as a JWS in compact form.
pub(crate) fn sign(statement: &Value, captures: &Captures) -> Result<String, String> {
    let header = &statement["header"];
    let mut claims = signed(&statement["claims"], captures)?;
    for claim in claims.as_object_mut().into_iter().flatten().map(|(_, claim)| claim) {
        fill(claim, captures)?;
    }
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(&claims));
    let signature = signature(header["alg"].as_str().unwrap_or_default(), &statement["by"], message.as_bytes())
        .ok_or_else(|| format!("signed: this key does not sign by {}", header["alg"]))?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// `{"captured": name}` is what was captured, `{"s256_of": name}` its hash (RFC 9449 §4.2); `{"half_s256": text}` the left half of a text's (OpenID Connect
/// Core 1.0 §3.1.3.6).
fn fill(claim: &mut Value, captures: &Captures) -> Result<(), String> {
    let known = |name: &str| captures.named.get(name).ok_or_else(|| format!("signed: nothing was captured as {name}"));
    if let Some(name) = claim["captured"].as_str() {
        *claim = known(name)?.as_str().into();
    } else if let Some(name) = claim["s256_of"].as_str() {
        *claim = URL_SAFE_NO_PAD.encode(Sha256::digest(known(name)?.as_bytes())).into();
    } else if let Some(text) = claim["half_s256"].as_str() {
        *claim = URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16]).into();
    }
    Ok(())
}

/// RFC 7518 §3, RFC 8037 §3.1.
fn signature(algorithm: &str, jwk: &Value, message: &[u8]) -> Option<Vec<u8>> {
    let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).unwrap_or_default();
    let random = SystemRandom::new();
    match algorithm {
        // What no client may take.
        "none" => Some(Vec::new()),
        "HS256" => Some(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &part("k")), message).as_ref().to_vec()),
        "EdDSA" => {
            let key = Ed25519KeyPair::from_seed_and_public_key(&part("d"), &part("x")).ok()?;
            Some(key.sign(message).as_ref().to_vec())
        }
        "ES256" => {
            let point = [&[4][..], &part("x"), &part("y")].concat();
            let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let key = EcdsaKeyPair::from_private_key_and_public_key(curve, &part("d"), &point, &random).ok()?;
            Some(key.sign(&random, message).ok()?.as_ref().to_vec())
        }
        "RS256" => rsa(&part, &RSA_PKCS1_SHA256, message),
        "PS256" => rsa(&part, &RSA_PSS_SHA256, message),
        _ => None,
    }
}

fn rsa(part: &dyn Fn(&str) -> Vec<u8>, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Option<Vec<u8>> {
    let components = rsa::KeyPairComponents {
        public_key: PublicKeyComponents { n: part("n"), e: part("e") },
        d: part("d"),
        p: part("p"),
        q: part("q"),
        dP: part("dp"),
        dQ: part("dq"),
        qInv: part("qi"),
    };
    let key = RsaKeyPair::from_components(&components).ok()?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message, &mut signature).ok()?;
    Some(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::jwt;
    use serde_json::json;

    #[test]
    fn what_is_signed_is_verified_and_holds_what_was_captured() {
        let key = json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        });
        let mut captures = Captures::default();
        captures.named.insert("nonce".to_owned(), "n-7".to_owned());
        let claims =
            json!({"nonce": {"captured": "nonce"}, "at_hash": {"half_s256": "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"}});
        let answer = json!({"a": [{"signed": {"header": {"alg": "EdDSA"}, "claims": claims, "by": key}}]});
        let answer = signed(&answer, &captures).expect("signed");
        let text = answer["a"][0].as_str().expect("a text");
        // The hash of OpenID Connect Core 1.0's example in A.3.
        let expected = json!({"claims": {"nonce": "n-7", "at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}, "signed_by": key});
        jwt("x", &expected, text, &mut captures).expect("by that key");
        let unknown = json!({"signed": {"header": {"alg": "ES999"}, "claims": {}, "by": key}});
        signed(&unknown, &captures).expect_err("no such algorithm");
    }
}
