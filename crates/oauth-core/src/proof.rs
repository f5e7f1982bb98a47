//! Does whoever presents this token have the key that it is bound to?
//!
//! For resource servers: the proof of possession that comes beside a token (DPoP, RFC 9449 §4.3), checked in the order given there. A proof brings its
//! own key, which is worth nothing until the token's claims say that it is the token's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Uri;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    claims::{Claims, untrusted},
    client::Client,
    document::Document,
    encode::base64url,
    error::Error,
    jwk::{private_part, public_members, thumbprint_of},
    policy,
    time::Now,
    token::Token,
};

const WHAT: &str = "proof";
/// No header that holds a proof is longer, in bytes.
const LONGEST: usize = 16 * 1024;
/// §11.1: a proof is for this one request, so it was made a moment ago; half a minute more, and as much ahead, since clocks differ. In milliseconds.
const OLDEST_MS: i64 = 60_000;
const SKEW_MS: i64 = 30_000;

/// §4.2. A `crit` is the verifier's to refuse.
#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Value,
}

impl Client {
    /// For APIs: checks that the caller has the key that its token is bound to (RFC 9449 §4.3), and gives the proof's claims. Ask it of every token whose
    /// claims hold `/cnf/jkt`, whatever scheme it came by, or who stole one could use it without the key.
    ///
    /// `token` is what [`presented`](Self::presented) made of the `Authorization` header, and `claims` what [`access_token_claims`](Self::access_token_claims)
    /// or an introspection says of it. `proof` is the value of the one `DPoP` header of the request (there must not be two), `method` the request's
    /// method, and `url` where it came to, as callers know it: behind a proxy the one before it. Query and fragment do not count.
    ///
    /// It is checked that the proof is a `dpop+jwt`, signed by the public key in it, by an algorithm of the client's [`verifier`](Self::verifier), for this
    /// method, URL and token, within the last minute, and that the key is the token's. Two things are left to the API, for which there are the claims: to
    /// take each `/jti` once, where a proof that was read on the way must not work twice (§11.1: remember it for two minutes); and where the API
    /// hands out nonces, to compare `/nonce` (§9: else answer 401 with `error="use_dpop_nonce"` and a `DPoP-Nonce`).
    ///
    /// Nothing is sent, and nobody is asked.
    ///
    /// ```no_run
    /// # use oauth_core::{Client, Document, Error, Exchange, Now};
    /// # fn run<T>(exchange: Exchange<T>) -> Result<T, Error> { unimplemented!() }
    /// # fn api(client: Client, authorization: &str, dpop: &str, now: Now) -> Result<(), Error> {
    /// let token = client.presented(authorization, now)?;
    /// let claims = run(client.access_token_claims(&token, "https://api.example/"))?;
    /// if claims.field("/cnf/jkt").is_some() {
    ///     client.proof_claims(&token, &claims, dpop, "GET", "https://api.example/things", now)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Untrusted`] where anything of it is wrong: answer 401 with `WWW-Authenticate: DPoP error="invalid_dpop_proof"` (§7.1).
    /// [`Error::Usage`] for a client without a verifier, and a URL that is none.
    pub fn proof_claims(
        &self,
        token: &Token,
        claims: &Document,
        proof: &str,
        method: &str,
        url: &str,
        now: Now,
    ) -> Result<Document, Error> {
        self.made()?;
        let wrong = |why| untrusted(WHAT, why);
        let verifier = self
            .known_verifier()
            .ok_or_else(|| Error::usage("proof: nothing is there to check its signature with, give the client a verifier or the server_algorithms it takes"))?;
        let target = normal(url).ok_or_else(|| Error::usage("proof: the request's URL must be absolute"))?;
        // §7.1: of a token that is bound to nothing a proof says nothing.
        let bound_to = claims.text("/cnf/jkt").ok_or_else(|| wrong("the token is bound to no key (cnf.jkt)"))?;
        // §7.2: a bound token as Bearer is what somebody presents who has no key.
        if !token.is_dpop() {
            return Err(wrong("the token is bound to a key, and came by another scheme than DPoP"));
        }
        let header = header(proof).ok_or_else(|| wrong("it is no JWS in compact form with typ, alg and jwk"))?;
        if header.typ != "dpop+jwt" {
            return Err(wrong("its typ is not dpop+jwt"));
        }
        if private_part(&header.jwk).is_some() {
            return Err(wrong("its jwk holds a private key, which others know now"));
        }
        let jwk = public_members(&header.jwk.to_string())
            .map_err(|_| wrong("its jwk is no public key of a kind that is known here"))?;
        policy::check_signed(self, WHAT, &header.alg)?;
        let payload = verifier.verify_by(&jwk, proof)?;
        let claims = Claims::read(WHAT, &payload)?;
        claims.needed("jti")?;
        if claims.needed("htm")? != method {
            return Err(wrong("its htm is not the request's method"));
        }
        if normal(claims.needed("htu")?).is_none_or(|htu| htu != target) {
            return Err(wrong("its htu is not the request's URL"));
        }
        let issued = claims.time("iat")?.ok_or_else(|| wrong("it has no iat"))?;
        let age = now.wall.saturating_sub(issued);
        if !(-SKEW_MS..=OLDEST_MS + SKEW_MS).contains(&age) {
            return Err(wrong("its iat is not of this minute; compare the clocks"));
        }
        claims.text("nonce")?;
        if claims.needed("ath")? != base64url(&Sha256::digest(token.access_token())) {
            return Err(wrong("its ath is the hash of another token"));
        }
        if thumbprint_of(&jwk) != bound_to {
            return Err(wrong("its key is not the one that the token is bound to"));
        }
        Ok(Document::of_json(Zeroizing::new(claims.json())))
    }
}

fn header(proof: &str) -> Option<Header> {
    let header = proof.split('.').next().filter(|_| proof.len() <= LONGEST)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}

/// A URL without query and fragment, as all who write it otherwise mean it (RFC 9449 §4.3: RFC 3986 §6.2.2 and §6.2.3).
fn normal(url: &str) -> Option<String> {
    let uri: Uri = url.split('#').next()?.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let host = uri.authority()?.host().to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let port = uri.port_u16().unwrap_or(usual);
    Some(format!("{scheme}://{host}:{port}{}", decoded(uri.path())))
}

/// A path in which nothing is percent-encoded that need not be, and the rest in capitals (RFC 3986 §6.2.2.1, §6.2.2.2).
fn decoded(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.map(char::from) {
            Some(plain) if plain.is_ascii_alphanumeric() || "-._~".contains(plain) => {
                out.push(plain);
                out.push_str(&piece[2..]);
            }
            Some(_) => {
                out.push('%');
                out.push_str(&piece[..2].to_ascii_uppercase());
                out.push_str(&piece[2..]);
            }
            None => {
                out.push('%');
                out.push_str(piece);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9449_4_3_urls_are_the_same_that_differ_in_spelling_alone() {
        let same = normal("https://api.example/a%2Fb/c~d");
        assert_eq!(same.as_deref(), Some("https://api.example:443/a%2Fb/c~d"));
        for other in
            ["HTTPS://API.example:443/a%2fb/c%7Ed?x=1#y", "https://api.example/a%2Fb/c%7ed#?", "https://api.example/%61%2Fb/c~d?"]
        {
            assert_eq!(normal(other), same, "{other}");
        }
        assert_eq!(normal("https://api.example"), normal("https://api.example/"));
        for other in ["https://api.example/a/b/c~d", "http://api.example/a%2Fb/c~d", "https://api.example:8443/a%2Fb/c~d"] {
            assert_ne!(normal(other), same, "{other}");
        }
        for none in ["", "/things", "api.example/things", "ftp://api.example/", "https://"] {
            assert_eq!(normal(none), None, "{none}");
        }
        assert_eq!(decoded("/%%4x%é%"), "/%%4x%é%", "what is no encoding stays");
    }
}
