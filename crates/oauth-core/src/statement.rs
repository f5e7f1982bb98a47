//! Did the server sign this?
//!
//! A statement is checked with the server's published keys (RFC 8414 §2, `jwks_uri`). They are read when they are needed and kept by the client's
//! [`Verifier`]; a signature that none of them made has them read again, once, and not more often than once a minute: else anybody who invents
//! names of keys or signatures could have us storm the server (OpenID Connect Core 1.0 §10.1.1). A server that does not give them is left alone
//! for a while, longer each time.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use serde::Deserialize;

use crate::{
    answer,
    claims::{Claims, untrusted},
    client::Client,
    error::Error,
    message::{Cause, HeaderValue, Outcome, Request},
    policy,
    secret::Secret,
    time::Now,
    verify::{Unread, Verifier},
};

/// A set is read again when it is older, in milliseconds: a key that was withdrawn must stop working.
const OLDEST_MS: i64 = 10 * 60 * 1000;
/// A set that is younger is not read again for a signature that none of its keys made, in milliseconds.
const YOUNGEST_MS: i64 = 60 * 1000;
/// A server that did not give its keys is not left alone for longer by our own count, in milliseconds.
const LONGEST_PAUSE_MS: i64 = 30 * 1000;
/// No set of keys is larger, in bytes.
const LARGEST: usize = 512 * 1024;
const WHAT: &str = "the request for its keys";

/// One statement to be checked.
pub(crate) struct Statement {
    client: Client,
    verifier: Arc<dyn Verifier>,
    place: String,
    what: &'static str,
    jws: Secret,
    read: bool,
}

/// What is to be done for it.
pub(crate) enum Checked {
    /// The keys are needed.
    Send(Request),
    /// The server signed this payload, and the header says this of it.
    Signed(Vec<u8>, Header),
}

/// What a checked header says (RFC 7515 §4.1).
#[derive(Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) typ: Option<String>,
}

impl Header {
    /// RFC 8725 §3.11: what was signed as something else is not believed as this. RFC 7515 §4.1.9: with or without `application/`, in any case.
    pub(crate) fn must_be(&self, claims: &Claims, expected: &str) -> Result<(), Error> {
        let typ = self.typ.as_deref().map(str::to_ascii_lowercase).unwrap_or_default();
        if typ.strip_prefix("application/").unwrap_or(&typ) == expected {
            return Ok(());
        }
        Err(claims.wrong(&format!("its typ is not {expected}, so it was signed for another purpose")))
    }

    /// RFC 8725 §3.11: what was signed as something else, an access token (RFC 9068 §2.1) or a logout token, is not what these claims are.
    pub(crate) fn check_type(&self, claims: &Claims) -> Result<(), Error> {
        match self.typ.as_deref() {
            Some(typ) if !typ.eq_ignore_ascii_case("JWT") && !typ.eq_ignore_ascii_case("application/jwt") => {
                Err(claims.wrong("its typ says that it is something else"))
            }
            _ => Ok(()),
        }
    }

    /// RFC 8725 §3.1: neither unsigned nor signed with a secret that two know, for what is not verified because TLS vouches for it.
    pub(crate) fn check_algorithm(&self, claims: &Claims) -> Result<(), Error> {
        let algorithm = self.alg.to_ascii_uppercase();
        if algorithm.is_empty() || algorithm == "NONE" || algorithm.starts_with("HS") {
            return Err(claims.wrong("it is not signed by the server's own key (alg)"));
        }
        Ok(())
    }
}

impl Statement {
    pub(crate) fn new(client: &Client, what: &'static str, jws: Secret) -> Result<Self, Error> {
        let (verifier, place) = Self::can_check(client, what)?;
        Ok(Self { client: client.clone(), verifier, place, what, jws, read: false })
    }

    /// What statements are checked with, and where the server's keys are: known before anything is asked for.
    pub(crate) fn can_check(client: &Client, what: &'static str) -> Result<(Arc<dyn Verifier>, String), Error> {
        let provider = client.provider();
        if !provider.publishes_keys() {
            return Err(Error::usage(format!(
                "{what}: what {} signs cannot be checked, its record needs issuer and endpoints.jwks; discovery brings both",
                provider.name()
            )));
        }
        let verifier = client.known_verifier().ok_or_else(|| {
            Error::usage(format!("{what}: nothing is there to check its signature with, give the client a verifier"))
        })?;
        Ok((Arc::clone(verifier), client.other_endpoint("jwks")?))
    }

    pub(crate) fn next(&self, now: Now) -> Result<Checked, Error> {
        let age = self.verifier.read_at(&self.place).map(|at| now.mono.saturating_sub(at));
        if age.is_some_and(|age| self.read || (0..OLDEST_MS).contains(&age)) {
            if let Some(payload) = self.verifier.verify(&self.place, self.jws.expose())? {
                let header = header(self.what, self.jws.expose())?;
                policy::check_signed(&self.client, self.what, &header.alg)?;
                return Ok(Checked::Signed(payload, header));
            }
            if self.read || age.is_some_and(|age| (0..YOUNGEST_MS).contains(&age)) {
                return Err(untrusted(self.what, "none of the server's keys fits its signature"));
            }
        } else if self.read {
            return Err(Error::usage("verifier: it did not keep the keys it was given"));
        }
        if let Some(unread) = self.verifier.unread(&self.place)
            && is_pausing(&unread, now)
        {
            return Err(unread.error);
        }
        let mut request = Request::new(Method::GET, self.place.clone());
        request.plain_http = self.client.plain_http();
        request.header("accept", HeaderValue::Fixed("application/jwk-set+json, application/json"));
        Ok(Checked::Send(request))
    }

    /// The keys came, or did not.
    pub(crate) fn hear(&mut self, outcome: Outcome, now: Now) -> Result<(), Error> {
        // That the program stopped waiting says nothing of the server.
        let cancelled = outcome.as_ref().is_err_and(|lost| lost.cause == Cause::Cancelled);
        let kept = self.keep(outcome, now);
        match &kept {
            Ok(()) => self.read = true,
            Err(error) if !cancelled => {
                let before = self.verifier.unread(&self.place);
                // One that was asked for before that pause began tells nothing new: many who ask at a time fail at a time.
                let same = before.as_ref().is_some_and(|before| is_pausing(before, now));
                let times = before.map_or(0, |before| before.times).saturating_add(u32::from(!same));
                self.verifier.could_not_read(&self.place, Unread { mono: now.mono, times, error: error.clone() });
            }
            Err(_) => {}
        }
        kept
    }

    fn keep(&self, outcome: Outcome, now: Now) -> Result<(), Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(WHAT, lost, false))?;
        if answer.status != 200 {
            return Err(answer::refused(&self.client, WHAT, std::iter::empty(), &answer, now));
        }
        if answer.body.len() > LARGEST {
            return Err(untrusted("keys", &format!("the server's set is longer than {LARGEST} bytes")));
        }
        self.verifier.remember(&self.place, &answer.body, now.mono)
    }
}

/// Whether the server is left alone now.
fn is_pausing(unread: &Unread, now: Now) -> bool {
    (0..pause_ms(unread)).contains(&now.mono.saturating_sub(unread.mono))
}

/// For how long the server is left alone: a second, two, four, up to half a minute; as long as it says, where that is not longer than a set is kept.
fn pause_ms(unread: &Unread) -> i64 {
    let own = (1000_i64 << unread.times.saturating_sub(1).min(5)).min(LONGEST_PAUSE_MS);
    own.max(unread.error.retry_after_ms().unwrap_or(0).min(OLDEST_MS))
}

/// Who must have made a statement.
pub(crate) fn issuer(client: &Client, what: &str) -> Result<String, Error> {
    client.provider().record().issuer.clone().ok_or_else(|| {
        Error::usage(format!("{what}: its signature says nothing, since the provider's record names no issuer to compare with"))
    })
}

/// The header and payload of a statement whose signature nobody has to check.
pub(crate) fn opened(what: &str, jws: &str) -> Result<(Vec<u8>, Header), Error> {
    let mut parts = jws.splitn(4, '.').skip(1);
    let (payload, signature, more) = (parts.next(), parts.next(), parts.next());
    let whole = signature.is_some_and(|signature| !signature.is_empty()) && more.is_none() && jws.len() <= LARGEST;
    let payload = payload.filter(|_| whole).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    Ok((payload.ok_or_else(|| untrusted(what, "it is no JWS in compact form"))?, header(what, jws)?))
}

fn header(what: &str, jws: &str) -> Result<Header, Error> {
    let header = jws.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
    header.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| untrusted(what, "its header makes no sense"))
}
