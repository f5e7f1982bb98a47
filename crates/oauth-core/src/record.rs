//! What does a provider's record say?
//!
//! Format version 1, field by field; docs/provider-record.md is the same for those who write one.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Deserializer};

use crate::{error::Error, message::is_free_header};

/// The record, version 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    #[expect(dead_code, reason = "checked before the record is read as a whole")]
    version: u64,
    pub(crate) name: Arc<str>,
    pub(crate) base: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) token: TokenRules,
    pub(crate) authorize: Option<AuthorizeRules>,
    #[serde(default)]
    pub(crate) endpoints: Endpoints,
    /// RFC 8705 §5: where clients go that show a certificate, by the names of [`MTLS_ENDPOINTS`].
    #[serde(default)]
    pub(crate) mtls_endpoints: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) api: ApiRules,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRules {
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) urls: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) grants: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) body: BodyFormat,
    #[serde(default)]
    pub(crate) auth: ClientAuth,
    #[serde(default)]
    pub(crate) assertion_audience: AssertionAudience,
    #[serde(default = "blank")]
    pub(crate) scope_separator: String,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) required: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) error_codes: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) error_pointers: Vec<String>,
    #[serde(default)]
    pub(crate) description_pointers: Vec<String>,
    #[serde(default)]
    pub(crate) token_types: BTreeMap<String, String>,
    /// A list, for it is gone through at every member of every answer.
    #[serde(default, deserialize_with = "listed")]
    pub(crate) fields: Vec<(Field, Vec<String>)>,
    #[serde(default)]
    pub(crate) expires_in_unit: ExpiryUnit,
    #[serde(default)]
    pub(crate) zero_expires_in: ZeroExpiry,
    #[serde(default)]
    pub(crate) resend_refresh_token: bool,
}

/// The server's other endpoints, by the names of RFC 8414 §2 without `_endpoint`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Endpoints {
    revocation: Option<String>,
    introspection: Option<String>,
    userinfo: Option<String>,
    device_authorization: Option<String>,
    pushed_authorization_request: Option<String>,
    registration: Option<String>,
    end_session: Option<String>,
    backchannel_authentication: Option<String>,
    jwks: Option<String>,
}

impl Endpoints {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        match name {
            "revocation" => self.revocation.as_deref(),
            "introspection" => self.introspection.as_deref(),
            "userinfo" => self.userinfo.as_deref(),
            "device_authorization" => self.device_authorization.as_deref(),
            "pushed_authorization_request" => self.pushed_authorization_request.as_deref(),
            "registration" => self.registration.as_deref(),
            "end_session" => self.end_session.as_deref(),
            "backchannel_authentication" => self.backchannel_authentication.as_deref(),
            "jwks" => self.jwks.as_deref(),
            _ => None,
        }
    }
}

/// What `mtls_endpoints` may hold: the token endpoint and the others that the client itself asks. Where a browser goes has no alias.
pub(crate) const MTLS_ENDPOINTS: [&str; 7] = [
    "token",
    "revocation",
    "introspection",
    "userinfo",
    "device_authorization",
    "pushed_authorization_request",
    "backchannel_authentication",
];

fn listed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(Field, Vec<String>)>, D::Error> {
    BTreeMap::deserialize(deserializer).map(|fields| fields.into_iter().collect())
}

fn blank() -> String {
    " ".to_owned()
}

/// How the client shows who it is at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuth {
    /// HTTP Basic with id and secret form-encoded first, as RFC 6749 §2.3.1 says.
    #[default]
    Basic,
    /// HTTP Basic with id and secret as they are, which many servers expect (Honeywell's printed examples).
    BasicRaw,
    /// `client_id` and `client_secret` in the body.
    Post,
    /// A public client: `client_id` in the body, no secret.
    None,
    /// A JWT signed with the client's secret by HMAC (OpenID Connect Core 1.0 §9, RFC 7523 §2.2).
    ClientSecretJwt,
    /// A JWT signed with the client's private key (OpenID Connect Core 1.0 §9, RFC 7523 §2.2): see
    /// [`Client::signer`](crate::Client::signer).
    PrivateKeyJwt,
    /// A certificate that an authority vouches for, shown in the TLS handshake (RFC 8705 §2.1). The transport shows it
    /// (`oauth_ureq::AgentBuilder::client_certificate`); the body holds `client_id` and no secret.
    TlsClientAuth,
    /// A certificate that the server knows itself, shown in the TLS handshake (RFC 8705 §2.2); else as `TlsClientAuth`.
    SelfSignedTlsClientAuth,
}

impl ClientAuth {
    /// The method that the registry of RFC 7591 §4.2 calls so (`client_secret_basic`), if it is one of ours.
    pub(crate) fn from_method(method: &str) -> Option<Self> {
        Self::from_word(method.strip_prefix("client_secret_").filter(|word| *word != "jwt").unwrap_or(method)).ok()
    }

    /// Whether it is a certificate, shown in the TLS handshake, that says who the client is (RFC 8705 §2).
    pub(crate) fn is_by_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// The method of that word: `basic`, `basic_raw`, `post`, `none`, `client_secret_jwt`, `private_key_jwt`, `tls_client_auth` or
    /// `self_signed_tls_client_auth`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        match word {
            "basic" => Ok(Self::Basic),
            "basic_raw" => Ok(Self::BasicRaw),
            "post" => Ok(Self::Post),
            "none" => Ok(Self::None),
            "client_secret_jwt" => Ok(Self::ClientSecretJwt),
            "private_key_jwt" => Ok(Self::PrivateKeyJwt),
            "tls_client_auth" => Ok(Self::TlsClientAuth),
            "self_signed_tls_client_auth" => Ok(Self::SelfSignedTlsClientAuth),
            _ => Err(Error::usage(
                "auth: must be basic, basic_raw, post, none, client_secret_jwt, private_key_jwt, tls_client_auth or self_signed_tls_client_auth",
            )),
        }
    }
}

/// For whom a JWT for client authentication is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The provider's issuer, alone (draft-ietf-oauth-rfc7523bis §4).
    #[default]
    Issuer,
    /// The token endpoint, at whatever endpoint it is shown: a legacy (RFC 7523 §3, claim 3) that some servers insist on.
    TokenEndpoint,
}

impl AssertionAudience {
    /// The audience of that word: `issuer` or `token_endpoint`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        match word {
            "issuer" => Ok(Self::Issuer),
            "token_endpoint" => Ok(Self::TokenEndpoint),
            _ => Err(Error::usage("assertion_audience: must be issuer or token_endpoint")),
        }
    }
}

/// How a token request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded` (RFC 6749 §4).
    #[default]
    Form,
    /// `application/json`, a dialect (BuildPass).
    Json,
}

impl BodyFormat {
    /// The format of that word: `form` or `json`.
    ///
    /// # Errors
    /// [`Error::Usage`] that lists the words.
    pub fn from_word(word: &str) -> Result<Self, Error> {
        match word {
            "form" => Ok(Self::Form),
            "json" => Ok(Self::Json),
            _ => Err(Error::usage("body: must be form or json")),
        }
    }
}

/// A member of the token answer that a provider may call otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    AccessToken,
    TokenType,
    ExpiresIn,
    RefreshToken,
    Scope,
    Error,
    ErrorDescription,
    ErrorUri,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExpiryUnit {
    #[default]
    Seconds,
    Milliseconds,
}

/// What a lifetime of 0 means: servers mean either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZeroExpiry {
    #[default]
    Unknown,
    Expired,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizeRules {
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) pkce: Pkce,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    /// RFC 9207 §2.4: whether the callback must name its issuer.
    #[serde(default)]
    pub(crate) iss: IssParameter,
    /// RFC 9126 §5: whether the server takes no authorization request that was not pushed to it.
    #[serde(default)]
    pub(crate) pushed: PushedRequest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pkce {
    #[default]
    Required,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IssParameter {
    #[default]
    Optional,
    Required,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PushedRequest {
    #[default]
    Optional,
    Required,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiRules {
    pub(crate) base: Option<String>,
    #[serde(default)]
    pub(crate) token: Placement,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default = "unauthorized")]
    pub(crate) expired: Vec<ExpiredRule>,
}

/// A record without `api` says the same as one with an empty one.
impl Default for ApiRules {
    fn default() -> Self {
        Self {
            base: None,
            token: Placement::default(),
            query: BTreeMap::new(),
            headers: BTreeMap::new(),
            expired: unauthorized(),
        }
    }
}

fn unauthorized() -> Vec<ExpiredRule> {
    vec![ExpiredRule { status: vec![401], pointer: None, equals: None }]
}

/// Where an API call carries its token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Placement {
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    #[default]
    Header,
    /// In the query of a request without a body, in the form of one with (RFC 6750 §2.2, §2.3; a dialect, never the default).
    Parameter {
        #[serde(default = "access_token")]
        name: String,
    },
}

fn access_token() -> String {
    "access_token".to_owned()
}

/// An API answer that means "your token is dead": the status is one of these and, where a pointer is given, the JSON value there equals the text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpiredRule {
    pub(crate) status: Vec<u16>,
    pub(crate) pointer: Option<String>,
    pub(crate) equals: Option<String>,
}

impl Record {
    /// What serde's types cannot say. Endpoints are checked when the client has filled them.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = |path: &str, why: &str| Err(Error::usage(format!("provider record: {path}: {why}")));
        if self.name.is_empty() || !self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
        {
            return wrong("name", "must be made of a-z, 0-9, '-', '_' and '.'");
        }
        for (at, rule) in self.api.expired.iter().enumerate() {
            if rule.pointer.is_some() != rule.equals.is_some() {
                return wrong(&format!("api.expired[{at}]"), "pointer and equals belong together");
            }
            if rule.status.is_empty() {
                return wrong(&format!("api.expired[{at}].status"), "must name at least one status");
            }
            if rule.pointer.is_none() && rule.status.iter().any(|status| (200..300).contains(status)) {
                return wrong(
                    &format!("api.expired[{at}].status"),
                    "a success needs a pointer, or every answer would be an expiry",
                );
            }
        }
        let pointers = [
            ("token.error_pointers", &self.token.error_pointers),
            ("token.description_pointers", &self.token.description_pointers),
        ];
        let lists = pointers.into_iter().flat_map(|(path, list)| list.iter().map(move |pointer| (path, pointer)));
        let rules = self.api.expired.iter().filter_map(|rule| rule.pointer.as_ref()).map(|pointer| ("api.expired", pointer));
        for (path, pointer) in lists.chain(rules) {
            if !pointer.starts_with('/') {
                return wrong(path, "a JSON pointer begins with '/' (RFC 6901)");
            }
        }
        for name in self.mtls_endpoints.keys() {
            if !MTLS_ENDPOINTS.contains(&name.as_str()) {
                let name = crate::encode::printable(name, 60);
                return wrong(&format!("mtls_endpoints.{name}"), &format!("must be one of {}", MTLS_ENDPOINTS.join(", ")));
            }
        }
        for name in self.api.headers.keys() {
            if !is_free_header(name) {
                let name = crate::encode::printable(name, 60);
                return wrong(&format!("api.headers.{name}"), "not a header a record may set");
            }
        }
        Ok(())
    }
}
