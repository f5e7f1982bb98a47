//! How does a token stay bound to a key?
//!
//! DPoP (RFC 9449): every request of such a client carries a proof, signed with its key for this request alone. A server may insist on a nonce
//! of its own in it; it is told by an error, and answered once. All of it happens around the exchanges: none of them knows of it.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    challenge,
    client::Client,
    encode::{base64url, without_bom},
    error::Error,
    exchange::{Next, Work},
    jwt,
    message::{Answer, HeaderValue, Outcome, Request},
    prover::Key,
    random::unguessable,
    time::Now,
};

/// RFC 9449 §4.2, in this order.
#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
}

/// Any work of a client with a key: every request gets its proof, every answer's nonce is kept.
pub(crate) struct Proven<W> {
    work: W,
    proofs: Proofs,
}

impl<W> Proven<W> {
    pub(crate) fn new(client: &Client, key: Arc<Key>, work: W) -> Self {
        Self { work, proofs: Proofs { client: client.clone(), key, place: String::new(), told: None } }
    }

    fn proven<T>(&mut self, mut next: Next<T>, now: Now) -> Result<Next<T>, Error> {
        if let Next::Send(request) = &mut next {
            self.proofs.prove(request, now)?;
        }
        Ok(next)
    }
}

impl<T, W: Work<T>> Work<T> for Proven<W> {
    fn next(&mut self, now: Now) -> Result<Next<T>, Error> {
        let next = self.work.next(now)?;
        self.proven(next, now)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<T>, Error> {
        if self.proofs.hear(&outcome) {
            return Ok(Next::Again);
        }
        let next = self.work.hear(outcome, now)?;
        self.proven(next, now)
    }
}

/// The proofs of one exchange, whatever it is about.
struct Proofs {
    client: Client,
    key: Arc<Key>,
    /// Whose answer is awaited.
    place: String,
    /// The nonce that was asked for, while the same request is under way once more. Other threads may be told others meanwhile.
    told: Option<String>,
}

impl Proofs {
    fn prove(&mut self, request: &mut Request, now: Now) -> Result<(), Error> {
        let unproven = match authorization(request) {
            // RFC 9449 §7.2: a token that is not bound to the key is used like any other.
            Some(authorization) => scheme_is(authorization, "bearer"),
            // What anybody may read, the server's keys, says nothing of who reads it.
            None => request.method == http::Method::GET,
        };
        if unproven {
            self.place.clear();
            return Ok(());
        }
        let token = authorization(request).filter(|value| scheme_is(value, "dpop")).and_then(|value| value.split_once(' '));
        // RFC 9449 §4.2: the hash of the access token that goes along.
        let ath = token.map(|(_, token)| base64url(&Sha256::digest(token.as_bytes())));
        self.place = place(&request.url, ath.is_some());
        let claims = Claims {
            // §11.1: unique, so that a server can tell a proof that comes twice.
            jti: &unguessable(self.client.random_for("a proof of possession (DPoP)")?)?,
            htm: request.method.as_str(),
            htu: &target(&request.url),
            iat: now.wall.div_euclid(1000),
            ath,
            nonce: self.told.clone().or_else(|| self.key.prover().nonce(&self.place)),
        };
        let proof = jwt::compact(self.key.prover(), self.key.header(), &claims)?;
        request.header("dpop", HeaderValue::Secret(proof));
        Ok(())
    }

    /// Whether the same request has to go once more.
    fn hear(&mut self, outcome: &Outcome) -> bool {
        let answered = outcome.as_ref().ok().filter(|_| !self.place.is_empty());
        let nonce = answered.and_then(|answer| answer.header("dpop-nonce")).filter(|nonce| is_nonce(nonce));
        if let Some(nonce) = nonce {
            // RFC 9449 §8.2: the newest one is used next, from whatever answer.
            self.key.prover().remember(&self.place, nonce);
        }
        // §8, §9: the same request once more, all of it signed anew. A second challenge in a row is an answer like any other.
        let again = nonce.is_some() && self.told.is_none() && answered.is_some_and(wants_nonce);
        self.told = nonce.filter(|_| again).map(str::to_owned);
        again
    }
}

/// RFC 9449 §8 at the authorization server, §9 at an API. A gateway's 5xx is no verdict, whatever stands in it.
fn wants_nonce(answer: &Answer) -> bool {
    #[derive(serde::Deserialize)]
    struct Said {
        error: String,
    }
    let challenged = || challenge::error_of(answer.header_all("www-authenticate"), "dpop");
    let said = || serde_json::from_slice::<Said>(without_bom(&answer.body)).ok().map(|said| said.error);
    (400..500).contains(&answer.status) && challenged().or_else(said).is_some_and(|error| error == "use_dpop_nonce")
}

/// RFC 9449 §8.1: NQCHAR. Bounded, since it is kept and sent back.
fn is_nonce(nonce: &str) -> bool {
    (1..=1024).contains(&nonce.len()) && nonce.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

fn authorization(request: &Request) -> Option<&str> {
    request.headers.iter().find(|header| header.name == "authorization").map(crate::Header::value)
}

fn scheme_is(authorization: &str, scheme: &str) -> bool {
    authorization.split_once(' ').is_some_and(|(known, _)| known.eq_ignore_ascii_case(scheme))
}

/// RFC 9449 §4.2: the target without query and fragment, with the path that goes over the wire.
fn target(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let has_path = bare.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if has_path { bare.to_owned() } else { format!("{bare}/") }
}

/// Where the nonces of a request's answer belong.
fn place(url: &str, with_token: bool) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let host = authority.strip_suffix(default_port).unwrap_or(&authority);
    format!("{scheme}://{host}{}", if with_token { " api" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9449_4_2_htu_has_no_query_and_no_fragment() {
        assert_eq!(target("https://as.example/token?a=1&b=/x#f"), "https://as.example/token");
        assert_eq!(target("https://as.example?x=/"), "https://as.example/");
        assert_eq!(target("https://as.example/"), "https://as.example/");
    }

    #[test]
    fn rfc_9449_8_2_nonces_belong_to_an_origin_and_an_api_has_its_own() {
        assert_eq!(place("https://As.example:443/token?x", false), "https://as.example");
        assert_eq!(place("https://as.example/other", true), "https://as.example api");
        assert_eq!(place("https://as.example:8443/token", false), "https://as.example:8443");
        assert_eq!(place("http://127.0.0.1:80", false), "http://127.0.0.1");
    }

    #[test]
    fn rfc_9449_8_1_a_nonce_is_checked_before_it_is_kept() {
        assert!(is_nonce("eyJ7S_zG.eyJH0-Z.HX4w-7v"));
        for bad in ["", "a b", "a\"b", "a\\b", "a\r\nb", &"n".repeat(1025)] {
            assert!(!is_nonce(bad), "{bad}");
        }
    }
}
