//! What does a BuildPass access token look like?
//!
//! "JWT Access Tokens with HMAC-SHA256 signing, Unique Token IDs (jti claim) for token tracking" (BuildPass OAuth guide).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::Value;

use crate::message::object;
use crate::seed::JWT_SECRET;

/// A compact JWS over these claims (RFC 7515 §7.1, HS256 of RFC 7518 §3.2).
pub(crate) fn signed(claims: &[(&str, Value)]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = URL_SAFE_NO_PAD.encode(object(claims));
    let input = format!("{header}.{payload}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, JWT_SECRET.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, input.as_bytes()));
    format!("{input}.{signature}")
}
