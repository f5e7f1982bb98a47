//! What does a profile forbid?
//!
//! A client may promise to keep to a named profile. What the profile forbids is then refused before anything is sent, as [`Error::Usage`] that
//! says which rule it is, where it stands and what helps; what a server must not answer is refused too. Without a policy none of it is asked.
//!
//! Only what a client can decide is here. What each rule of a profile asks of it anyway (S256 and no `plain`, `state`, no redirect followed, the
//! issuer in the metadata compared, plain http to loopback only) needs no policy.

use crate::{
    authorize::Authorize,
    claims::untrusted,
    client::Client,
    error::Error,
    grant::{Grant, GrantType},
    profile::Policy,
    record::{AssertionAudience, ClientAuth, IssParameter, Pkce, Placement},
};

impl Policy {
    /// The rule, where it is broken.
    fn wants(self, kept: bool, rule: &Rule) -> Result<(), Error> {
        if kept {
            return Ok(());
        }
        let section = if self == Self::FAPI_2_0 { rule.fapi } else { rule.bcp };
        Err(Error::Usage(format!("policy {}: {} ({section}); {}", self.as_str(), rule.says, rule.instead)))
    }
}

/// What a rule says, where it stands for each policy that has it, and what to do instead.
struct Rule {
    says: &'static str,
    bcp: &'static str,
    fapi: &'static str,
    instead: &'static str,
}

const HEADER: Rule = Rule {
    says: "a token goes in the header, and this provider's record puts it among the parameters of an API call (api.token)",
    bcp: "RFC 9700 §4.3.2",
    fapi: "FAPI 2.0 §5.3.3.1 number 3",
    instead: "a provider that takes it in the header is needed",
};
const PASSWORD: Rule = Rule {
    says: "a user's password is for the server alone, so there is no password grant",
    bcp: "RFC 9700 §2.4",
    fapi: "FAPI 2.0 §5.3.2.1 number 2",
    instead: "log the user in in the browser, or on a device of their own",
};
const RESPONSE_TYPE: Rule = Rule {
    says: "what comes through the browser is a code and no token",
    bcp: "RFC 9700 §2.1.2",
    fapi: "FAPI 2.0 §5.3.3.2 number 1",
    instead: "leave response_type out",
};
const PKCE: Rule = Rule {
    says: "a code is exchanged with the verifier of its own request (PKCE, S256)",
    bcp: "RFC 9700 §2.1.1",
    fapi: "FAPI 2.0 §5.3.3.2 number 3",
    instead: "leave authorize.pkce out of the provider's record, and have this client begin the login",
};

/// A rule of FAPI 2.0 alone.
const fn fapi(says: &'static str, section: &'static str, instead: &'static str) -> Rule {
    Rule { says, bcp: "", fapi: section, instead }
}

const PUSHED: Rule = fapi(
    "an authorization request is pushed to the server first",
    "FAPI 2.0 §5.3.3.2 number 2",
    "push it, and send the browser to the login's URL then",
);
const DISCOVERED: Rule = fapi(
    "where the server's endpoints are is read from its own metadata, and this provider's record was written by hand",
    "FAPI 2.0 §5.3.3.1 number 9",
    "discover the provider by its issuer, and keep that record",
);
const AUTHENTICATION: Rule = fapi(
    "a client is confidential, and authenticates by private_key_jwt, tls_client_auth or self_signed_tls_client_auth",
    "FAPI 2.0 §5.3.3.1 number 2",
    "register it for one of those, and say so by auth",
);
const AUDIENCE: Rule = fapi(
    "the JWT that authenticates a client is meant for the issuer and for nobody else",
    "FAPI 2.0 §5.3.3.1 number 5",
    "leave assertion_audience out",
);
const BOUND: Rule = fapi(
    "a token is bound to its client",
    "FAPI 2.0 §5.3.3.1 number 1",
    "give the client a key for DPoP, or have it show a certificate",
);
const ALGORITHM: Rule = fapi(
    "signatures are made by PS256, ES256 or EdDSA, and this key makes others",
    "FAPI 2.0 §5.4.1 number 1",
    "make a key for one of those, and register it",
);

/// Whether the client as such may begin anything.
pub(crate) fn check_client(client: &Client) -> Result<(), Error> {
    let Some(policy) = client.known_policy() else { return Ok(()) };
    let record = client.provider().record();
    policy.wants(record.api.token == Placement::Header, &HEADER)?;
    if policy != Policy::FAPI_2_0 {
        return Ok(());
    }
    let auth = client.auth_method();
    let by_secret_or_nothing = matches!(
        auth,
        ClientAuth::None | ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::Post | ClientAuth::ClientSecretJwt
    );
    policy.wants(!by_secret_or_nothing, &AUTHENTICATION)?;
    // Its issuer was compared when it was read.
    let discovered = client.provider().metadata("/issuer").is_some_and(|issuer| issuer.as_str() == record.issuer.as_deref());
    policy.wants(discovered, &DISCOVERED)?;
    let for_issuer = client.assertion_audience_kind() == AssertionAudience::Issuer;
    policy.wants(auth != ClientAuth::PrivateKeyJwt || for_issuer, &AUDIENCE)?;
    policy.wants(client.dpop_key().is_some() || client.shows_certificate(), &BOUND)?;
    let own = client.known_signer().map(crate::Signer::algorithm);
    let all = own.into_iter().chain(client.dpop_key().map(|key| key.algorithm()));
    policy.wants(all.into_iter().all(is_strong), &ALGORITHM)
}

/// FAPI 2.0 §5.4.1. RFC 9864 §2.2 calls EdDSA with its one curve Ed25519.
fn is_strong(algorithm: &str) -> bool {
    matches!(algorithm, "PS256" | "ES256" | "EdDSA" | "Ed25519")
}

/// Whether this grant may be offered.
pub(crate) fn check_grant(client: &Client, grant: &Grant) -> Result<(), Error> {
    let Some(policy) = client.known_policy() else { return Ok(()) };
    policy.wants(grant.kind() != GrantType::Password, &PASSWORD)?;
    // RFC 6749 §3.2: an empty one is not sent.
    let has_verifier = grant.value("code_verifier").is_some_and(|verifier| !verifier.is_empty());
    policy.wants(grant.kind() != GrantType::AuthorizationCode || has_verifier, &PKCE)
}

/// Whether this login may be begun.
pub(crate) fn check_login(client: &Client, authorize: &Authorize, pushed: bool) -> Result<(), Error> {
    let Some(policy) = client.known_policy() else { return Ok(()) };
    check_response_type(client, authorize.response_type.as_deref().unwrap_or("code"))?;
    let record = client.provider().record();
    policy.wants(record.authorize.as_ref().is_none_or(|rules| rules.pkce == Pkce::Required), &PKCE)?;
    policy.wants(pushed || policy != Policy::FAPI_2_0, &PUSHED)
}

/// Whether this may come through the browser: also of a login that was begun before the client had a policy.
pub(crate) fn check_response_type(client: &Client, response_type: &str) -> Result<(), Error> {
    let Some(policy) = client.known_policy() else { return Ok(()) };
    let mut asked = response_type.split(' ');
    // RFC 9700 §2.1.2 leaves the ID token beside a code alone: it opens no API.
    let kept = if policy == Policy::FAPI_2_0 { asked.all(|word| word == "code") } else { asked.all(|word| word != "token") };
    policy.wants(kept, &RESPONSE_TYPE)
}

/// Whether what a server signed may be believed.
pub(crate) fn check_signed(client: &Client, what: &'static str, algorithm: &str) -> Result<(), Error> {
    if client.known_policy() == Some(Policy::FAPI_2_0) && !is_strong(algorithm) {
        return Err(untrusted(what, "it is signed by another algorithm than PS256, ES256 and EdDSA (FAPI 2.0 §5.4.1 number 1)"));
    }
    Ok(())
}

impl Client {
    /// Whether a callback must name its issuer (RFC 9207 §2.4): the server promised it, or the policy wants it (FAPI 2.0 §5.3.3.2 number 5).
    pub(crate) fn demands_iss(&self) -> bool {
        let promised = |rules: &crate::record::AuthorizeRules| rules.iss == IssParameter::Required;
        self.known_policy() == Some(Policy::FAPI_2_0) || self.provider().record().authorize.as_ref().is_some_and(promised)
    }

    /// Whether a token that is not bound to the client's key is discarded (RFC 9449 §5): the program wants it so, or the policy.
    pub(crate) fn demands_bound_tokens(&self) -> bool {
        self.is_dpop_required() || self.known_policy() == Some(Policy::FAPI_2_0)
    }
}
