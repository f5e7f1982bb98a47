//! What do we offer?
//!
//! A grant is a grant type and its parameters (RFC 6749 §1.3). The parameters belong to it: they go along on every request and repetition.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::{encode::lies_within, error::Error, secret::Secret};

/// What the client offers in exchange for a token.
///
/// ```
/// use oauth_core::Grant;
///
/// let grant = Grant::client_credentials().scope("read:builders read:contacts").parameter("audience", "https://api.buildpass.global");
/// assert_eq!(format!("{grant:?}"), r#"Grant(client_credentials, ["scope", "audience"])"#);
/// ```
#[derive(Clone)]
pub struct Grant {
    kind: GrantType,
    /// The name of an extension grant.
    other: Option<Arc<str>>,
    parameters: Vec<(Cow<'static, str>, Secret)>,
    /// Wall time in ms after which offering it is pointless: a login's code belongs to that login.
    expires_at: Option<i64>,
    error: Option<Error>,
}

/// What kind of grant (RFC 6749 §1.3). The number is its place in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantType {
    ClientCredentials,
    Password,
    AuthorizationCode,
    RefreshToken,
    DeviceCode,
    JwtBearer,
    SamlBearer,
    TokenExchange,
    Ciba,
    /// RFC 6749 §4.5: an absolute URI that the library gives no further meaning to.
    Other,
}

impl GrantType {
    /// Those with a name, in the order of their numbers.
    const NAMED: [(Self, &'static str, &'static [&'static str]); 9] = [
        (Self::ClientCredentials, "client_credentials", &[]),
        (Self::Password, "password", &["username", "password"]),
        (Self::AuthorizationCode, "authorization_code", &["code"]),
        (Self::RefreshToken, "refresh_token", &["refresh_token"]),
        // RFC 8628 §3.4
        (Self::DeviceCode, "urn:ietf:params:oauth:grant-type:device_code", &["device_code"]),
        // RFC 7523 §2.1
        (Self::JwtBearer, "urn:ietf:params:oauth:grant-type:jwt-bearer", &["assertion"]),
        // RFC 7522 §2.1
        (Self::SamlBearer, "urn:ietf:params:oauth:grant-type:saml2-bearer", &["assertion"]),
        // RFC 8693 §2.1
        (Self::TokenExchange, "urn:ietf:params:oauth:grant-type:token-exchange", &["subject_token", "subject_token_type"]),
        // OpenID CIBA Core 1.0 §10.1
        (Self::Ciba, "urn:openid:params:grant-type:ciba", &["auth_req_id"]),
    ];

    pub(crate) const COUNT: usize = Self::NAMED.len();

    /// The grant type of that name; an extension grant (RFC 6749 §4.5) is named by an absolute URI.
    fn of(name: &str) -> Option<Self> {
        let known = Self::NAMED.into_iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| kind);
        known.or_else(|| name.contains(':').then_some(Self::Other))
    }

    /// The value of `grant_type`; empty for [`Self::Other`], whose grant knows it.
    fn as_str(self) -> &'static str {
        Self::NAMED.get(self as usize).map_or("", |(_, name, _)| name)
    }

    /// The parameters it cannot do without.
    fn needed(self) -> &'static [&'static str] {
        Self::NAMED.get(self as usize).map_or(&[], |(_, _, needed)| needed)
    }
}

impl Grant {
    fn new(kind: GrantType) -> Self {
        Self { kind, other: None, parameters: Vec::new(), expires_at: None, error: None }
    }

    /// RFC 6749 §4.4: the client for itself.
    pub fn client_credentials() -> Self {
        Self::new(GrantType::ClientCredentials)
    }

    /// RFC 6749 §4.3, a legacy (RFC 9700 §2.4): the user's own name and password, for providers that know nothing else.
    pub fn password(username: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self::new(GrantType::Password).secret("username", username.into()).secret("password", password.into())
    }

    /// RFC 6749 §4.1.3 for a program that did the browser leg itself; [`Client::callback`] does it whole, with state, `iss` and PKCE.
    pub fn authorization_code(code: impl Into<Secret>, redirect_uri: &str) -> Self {
        Self::new(GrantType::AuthorizationCode).secret("code", code.into()).parameter("redirect_uri", redirect_uri)
    }

    /// RFC 6749 §6. [`Client::refresh`] does it with a token at hand, and keeps what the answer leaves out.
    pub fn refresh_token(refresh_token: impl Into<Secret>) -> Self {
        Self::new(GrantType::RefreshToken).secret("refresh_token", refresh_token.into())
    }

    /// RFC 7523 §2.1: a JWT that somebody trusted has signed, in exchange for a token.
    pub fn jwt_bearer(assertion: impl Into<Secret>) -> Self {
        Self::new(GrantType::JwtBearer).secret("assertion", assertion.into())
    }

    /// RFC 7522 §2.1: a SAML 2.0 assertion, base64url-encoded already. The library passes it on and does not look into it.
    pub fn saml_bearer(assertion: impl Into<Secret>) -> Self {
        Self::new(GrantType::SamlBearer).secret("assertion", assertion.into())
    }

    /// RFC 8693 §2.1: a token in exchange for another one. `subject_token_type` is one of that section's URIs; the short words `access_token`,
    /// `refresh_token`, `id_token`, `saml1`, `saml2` and `jwt` stand for theirs (§3). `actor_token`, `audience`, `resource`, `scope` and
    /// `requested_token_type` are [parameters](Self::parameter).
    pub fn token_exchange(subject_token: impl Into<Secret>, subject_token_type: &str) -> Self {
        Self::new(GrantType::TokenExchange)
            .secret("subject_token", subject_token.into())
            .parameter("subject_token_type", subject_token_type)
    }

    /// RFC 8628 §3.4
    pub(crate) fn device_code(device_code: Secret) -> Self {
        Self::new(GrantType::DeviceCode).secret("device_code", device_code)
    }

    /// OpenID CIBA Core 1.0 §10.1
    pub(crate) fn ciba(auth_req_id: Secret) -> Self {
        Self::new(GrantType::Ciba).secret("auth_req_id", auth_req_id)
    }

    /// The parameters of a request that begins a login elsewhere; `what` is for the error's text.
    pub(crate) fn asking<N: AsRef<str>, V: AsRef<str>>(
        what: &str,
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Error> {
        let mut asked = Self::new(GrantType::Other);
        for (name, value) in parameters {
            let (name, value) = (name.as_ref(), Secret::from(value.as_ref()));
            if let Some(wrong) = asked.wrong(name, &value) {
                return Err(Error::usage(format!("{what}: {:?} {wrong}", crate::encode::printable(name, 60))));
            }
            asked.parameters.push((Cow::Owned(name.to_owned()), value));
        }
        Ok(asked)
    }

    /// The grant of that name with these parameters, as the other languages give them. An absolute URI names an extension grant.
    ///
    /// # Errors
    /// [`Error::Usage`] where the grant type is unknown.
    pub fn named<N: AsRef<str>, V: AsRef<str>>(
        grant_type: &str,
        parameters: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Error> {
        let kind = GrantType::of(grant_type).ok_or_else(|| {
            let known = GrantType::NAMED.map(|(_, name, _)| name);
            let known = known.iter().copied().filter(|name| !name.contains(':')).collect::<Vec<_>>().join(", ");
            Error::usage(format!(
                "grant: {:?} is none of {known}, nor the URI of another (RFC 6749 §4.5)",
                crate::encode::printable(grant_type, 60)
            ))
        })?;
        let mut grant = Self::new(kind);
        if kind == GrantType::Other {
            grant.other = Some(grant_type.into());
        }
        Ok(parameters.into_iter().fold(grant, |grant, (name, value)| grant.parameter(name.as_ref(), value.as_ref())))
    }

    /// The scopes asked for, separated by blanks (RFC 6749 §3.3); written with the provider's own separator.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.parameter("scope", scope)
    }

    /// Any further parameter. Giving one twice is an error, and so is one that the library sets itself.
    #[must_use]
    pub fn parameter(self, name: &str, value: &str) -> Self {
        let known =
            ["scope", "audience", "resource", "redirect_uri", "username", "password", "code", "code_verifier", "refresh_token"];
        let known = known.into_iter().find(|known| *known == name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed);
        // RFC 8693 §3: token types are URIs; the words at their ends are enough here.
        let is_type = matches!(name, "subject_token_type" | "actor_token_type" | "requested_token_type");
        if is_type && matches!(value, "access_token" | "refresh_token" | "id_token" | "saml1" | "saml2" | "jwt") {
            return self.add(known, Secret::from(format!("urn:ietf:params:oauth:token-type:{value}")));
        }
        self.add(known, Secret::from(value))
    }

    /// A parameter of the grant itself: there is nothing wrong with its name.
    pub(crate) fn secret(mut self, name: &'static str, value: Secret) -> Self {
        self.parameters.push((Cow::Borrowed(name), value));
        self
    }

    pub(crate) fn until(mut self, wall: i64) -> Self {
        self.expires_at = Some(wall);
        self
    }

    fn add(mut self, name: Cow<'static, str>, value: Secret) -> Self {
        match self.wrong(&name, &value) {
            None => self.parameters.push((name, value)),
            Some(wrong) => {
                let name = crate::encode::printable(&name, 60);
                self.error.get_or_insert_with(|| Error::usage(format!("grant: {name:?} {wrong}")));
            }
        }
        self
    }

    /// Why a parameter cannot be added.
    fn wrong(&self, name: &str, value: &Secret) -> Option<&'static str> {
        // RFC 6749 §3.2: no parameter twice. The others are ours to set, or a second way of authenticating (§2.3).
        // RFC 8707 §2, RFC 8693 §2.1: what a token is for may be said more than once.
        let may_repeat = name == "resource" || (name == "audience" && self.kind == GrantType::TokenExchange);
        if !may_repeat && self.parameters.iter().any(|(known, _)| *known == name) {
            Some("is given twice")
        } else if name == "resource" && !is_resource(value.expose()) {
            Some("is not an absolute URI without a fragment (RFC 8707 §2)")
        } else if matches!(name, "grant_type" | "client_id" | "client_secret" | "client_assertion" | "client_assertion_type") {
            Some("is set by the client itself")
        } else if name.is_empty() || name.chars().any(char::is_control) {
            Some("is not a parameter name")
        } else {
            None
        }
    }

    /// The value of `grant_type`.
    pub fn grant_type(&self) -> &str {
        self.other.as_deref().unwrap_or(self.kind.as_str())
    }

    /// The parameters it was given, in that order.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.parameters.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(crate) fn kind(&self) -> GrantType {
        self.kind
    }

    /// What was wrong with its parameters.
    pub(crate) fn made(&self) -> Result<(), Error> {
        self.error.clone().map_or(Ok(()), Err)
    }

    /// Wall time in ms after which offering it is pointless.
    pub(crate) fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// The parameters it cannot do without.
    pub(crate) fn needed(&self) -> &'static [&'static str] {
        self.kind.needed()
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(known, _)| *known == name).map(|(_, value)| value.expose())
    }
}

/// RFC 8707 §2: an absolute URI, without a fragment.
pub(crate) fn is_resource(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    !uri.contains('#') && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && lies_within(uri, 0x21, 0x7E)
}

/// Grant type and the names of its parameters; the values are secrets.
impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters().map(|(name, _)| name).collect();
        write!(f, "Grant({}, {names:?})", self.grant_type())
    }
}
