//! Where does the browser go after the login page?
//!
//! Nobody sits at this browser: consent is given at once, or refused where the reading `consent` or the query parameter
//! `sandbox_deny=1` says so. What is shared by BuildPass and Honeywell stands here; their errors are their own.

use crate::ledger::{Issued, Ledger};
use crate::message::{Answer, Parameters};
use crate::random;
use crate::readings::{Consent, Iss};

/// "A maximum authorization code lifetime of 10 minutes is RECOMMENDED" (RFC 6749 §4.1.2).
const CODE_LIFETIME_MS: i64 = 600_000;
/// The issuer of another server, for mix-up tests.
const WRONG_ISSUER: &str = "https://attacker.example";

/// How the redirect back is to look.
pub(crate) struct Redirect<'a> {
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: Option<&'a str>,
    pub(crate) issuer: Option<&'a str>,
}

impl<'a> Redirect<'a> {
    pub(crate) fn new(query: &'a Parameters, redirect_uri: &'a str, reading: Iss, own_url: &'a str) -> Self {
        let issuer = match reading {
            Iss::Omit => None,
            Iss::Right => Some(own_url),
            Iss::Wrong => Some(WRONG_ISSUER),
        };
        Self { redirect_uri, state: query.one("state"), issuer }
    }

    pub(crate) fn error(&self, code: &str, description: &str) -> Answer {
        Answer::redirect(self.location(&[("error", code), ("error_description", description)]), true)
    }

    pub(crate) fn code(&self, ledger: &mut Ledger, now_ms: i64, mut issued: Issued) -> Answer {
        let code = random::hex(16);
        issued.expires_ms = now_ms.saturating_add(CODE_LIFETIME_MS);
        issued.redirect_uri = self.redirect_uri.into();
        issued.family = ledger.new_family();
        ledger.codes.put(code.clone(), issued);
        Answer::redirect(self.location(&[("code", &code)]), false)
    }

    fn location(&self, parameters: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        if let Some(state) = self.state {
            query.append_pair("state", state);
        }
        if let Some(issuer) = self.issuer {
            query.append_pair("iss", issuer);
        }
        // "The redirection endpoint URI MAY include a […] query component, which MUST be retained" (RFC 6749 §3.1.2).
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.redirect_uri, query.finish())
    }
}

/// Whether the person says no.
pub(crate) fn denied(query: &Parameters, reading: Consent) -> bool {
    reading == Consent::Deny || query.one("sandbox_deny").is_some()
}

/// Why a code is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCode {
    Unknown,
    Expired,
    OtherClient,
    OtherRedirect,
}

/// Takes the code, which is then spent.
///
/// "If an authorization code is used more than once, the authorization server MUST deny the request and SHOULD revoke
/// (when possible) all tokens previously issued based on that authorization code" (RFC 6749 §4.1.2).
pub(crate) fn take_code(
    ledger: &mut Ledger,
    now_ms: i64,
    code: &str,
    client_id: &str,
    redirect_uri: Option<&str>,
) -> Result<Issued, BadCode> {
    let issued = ledger.codes.find(code).cloned().ok_or(BadCode::Unknown)?;
    if issued.client_id != client_id {
        return Err(BadCode::OtherClient);
    }
    if issued.revoked {
        ledger.revoke_family(issued.family);
        return Err(BadCode::Unknown);
    }
    ledger.codes.revoke(code);
    if issued.expires_ms <= now_ms {
        return Err(BadCode::Expired);
    }
    // "their values MUST be identical" (RFC 6749 §4.1.3).
    if redirect_uri != Some(issued.redirect_uri.as_str()) {
        return Err(BadCode::OtherRedirect);
    }
    Ok(issued)
}
