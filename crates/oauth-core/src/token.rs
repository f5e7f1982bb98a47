//! What did we get?
//!
//! A token and everything the server said with it. It prints nothing secret, and [`Token::saved`] is a versioned text that any language's
//! binding can restore, in another process too.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    encode::{lies_within, printable, push, without_bom, written},
    error::{Error, json_problem},
    identity::Identity,
    secret::Secret,
};

/// An access token and what belongs to it. Cloning copies its secrets; each copy wipes its own on drop.
#[derive(Clone)]
pub struct Token {
    /// `Bearer 2YotnFZ…`, ready for the header; for a type nobody knows the bare token.
    header: Zeroizing<String>,
    token_at: usize,
    token_type: Option<Cow<'static, str>>,
    expires_at: Option<i64>,
    received_at: i64,
    refresh_token: Option<Secret>,
    scope: Option<String>,
    requested_scope: Option<String>,
    provider: Arc<str>,
    deviations: Vec<Deviation>,
    /// Of an earlier answer's ID token.
    identity: Option<Box<Identity>>,
    answer: Zeroizing<Vec<u8>>,
}

/// What an answer says of a token, read and checked.
pub(crate) struct Parts<'a> {
    pub(crate) access_token: &'a str,
    pub(crate) token_type: Option<Cow<'static, str>>,
    /// The header's scheme; None for a type that must not be used.
    pub(crate) scheme: Option<Cow<'static, str>>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) scope: Option<String>,
    pub(crate) deviations: Vec<Deviation>,
}

/// How an answer departed from RFC 6749 §5.1 and was read all the same: an open set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation(&'static str);

impl Deviation {
    /// `token_type` is missing; read as Bearer.
    pub const TOKEN_TYPE_MISSING: Self = Self("token_type missing");
    /// `token_type` is another word for a known type, by the provider's record.
    pub const TOKEN_TYPE_ALIAS: Self = Self("token_type alias");
    /// `expires_in` is a text.
    pub const EXPIRES_IN_TEXT: Self = Self("expires_in text");
    /// `expires_in` is a float.
    pub const EXPIRES_IN_FLOAT: Self = Self("expires_in float");
    /// `expires_in` makes no sense; the expiry is unknown.
    pub const EXPIRES_IN_UNREADABLE: Self = Self("expires_in unreadable");
    /// `scope` is an array.
    pub const SCOPE_ARRAY: Self = Self("scope array");
    /// `token_type` is Bearer although the client proved possession of a key: the token is bound to none (RFC 9449 §5).
    pub const TOKEN_TYPE_UNBOUND: Self = Self("token_type unbound");
    /// `verification_uri` goes by its older name, `verification_url`.
    pub const VERIFICATION_URL: Self = Self("verification_url");

    const ALL: [Self; 8] = [
        Self::TOKEN_TYPE_MISSING,
        Self::TOKEN_TYPE_ALIAS,
        Self::EXPIRES_IN_TEXT,
        Self::EXPIRES_IN_FLOAT,
        Self::EXPIRES_IN_UNREADABLE,
        Self::SCOPE_ARRAY,
        Self::TOKEN_TYPE_UNBOUND,
        Self::VERIFICATION_URL,
    ];

    /// The words for it.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Those of these words that are known.
    pub(crate) fn of_words(words: &[String]) -> Vec<Self> {
        Self::ALL.into_iter().filter(|known| words.iter().any(|word| word == known.as_str())).collect()
    }
}

/// The user that ActiveBuilding and MyBuilding tell about beside the token. Ids are texts, whether the server wrote them so or not.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct User {
    /// `userId`
    pub user_id: String,
    /// `userType`: `STAFF` or `RESIDENT`
    pub user_type: Option<String>,
    /// `email`
    pub email: Option<String>,
    /// `fullname`
    pub fullname: Option<String>,
    /// `profilePicture`, a URL
    pub profile_picture: Option<String>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("user_id", &self.user_id).field("user_type", &self.user_type).finish_non_exhaustive()
    }
}

impl Token {
    pub(crate) fn issued(parts: Parts<'_>, provider: Arc<str>, requested_scope: Option<&str>, received_at: i64) -> Self {
        let (header, token_at) = header(parts.scheme.as_deref(), parts.access_token);
        Self {
            header,
            token_at,
            token_type: parts.token_type,
            expires_at: parts.expires_at,
            received_at,
            refresh_token: parts.refresh_token,
            scope: parts.scope,
            requested_scope: requested_scope.map(str::to_owned),
            provider,
            deviations: parts.deviations,
            identity: None,
            answer: Zeroizing::default(),
        }
    }

    /// Keeps the answer it was read from.
    pub(crate) fn keep_answer(&mut self, answer: Zeroizing<Vec<u8>>) {
        self.answer = answer;
    }

    /// Remembers the scope that was asked for in an earlier request than the token's own.
    pub(crate) fn asked_for(self, scope: Option<&str>) -> Self {
        Self { requested_scope: scope.map(str::to_owned), ..self }
    }

    /// What a renewal leaves out stays as it was (RFC 6749 §6): the refresh token, and the scope.
    pub(crate) fn replace(&mut self, old: &Self) {
        self.refresh_token = self.refresh_token.take().or_else(|| old.refresh_token.clone());
        self.requested_scope = self.requested_scope.take().or_else(|| old.scope().map(str::to_owned));
        self.identity = self.identity.take().or_else(|| old.identity.clone());
    }

    /// Remembers whom the tokens before it were about.
    pub(crate) fn about(self, identity: Identity) -> Self {
        Self { identity: Some(Box::new(identity)), ..self }
    }

    /// Whom it is about: as remembered from the tokens before it, or as the ID token says that came with it.
    pub(crate) fn identity(&self) -> Option<Cow<'_, Identity>> {
        if let Some(kept) = &self.identity {
            return Some(Cow::Borrowed(kept));
        }
        let Value::String(id_token) = self.field("/id_token")? else { return None };
        Identity::read(&id_token).map(Cow::Owned)
    }

    /// The access token, opaque (RFC 6749 §1.4), visible ASCII. A secret.
    pub fn access_token(&self) -> &str {
        &self.header[self.token_at..]
    }

    /// The value for `Authorization`, scheme and token. None where the token's type is one that nobody may use as Bearer. A secret.
    pub fn authorization(&self) -> Option<&str> {
        (self.token_at > 0).then_some(&self.header)
    }

    /// Whether it is bound to a key, so that every use of it needs a proof (RFC 9449 §7.1).
    pub(crate) fn is_dpop(&self) -> bool {
        self.authorization().is_some_and(|header| header.starts_with("DPoP "))
    }

    /// The type in the server's words (`BearerToken`); None where it named none.
    pub fn token_type(&self) -> Option<&str> {
        self.token_type.as_deref()
    }

    /// When it expires, in milliseconds since the Unix epoch by the clock that took it in; None where the server did not say.
    pub fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Whether the server's lifetime is over. A token without a known one is never expired by the clock.
    pub fn is_expired(&self, now: crate::Now) -> bool {
        self.expires_at.is_some_and(|expires_at| now.wall >= expires_at)
    }

    /// When it was received, in milliseconds since the Unix epoch.
    pub fn received_at(&self) -> i64 {
        self.received_at
    }

    /// The refresh token, kept from an older answer where the newest had none (RFC 6749 §6).
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// The scope granted: as the server said, or as requested where it said nothing (RFC 6749 §5.1). An empty one is empty.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref().or(self.requested_scope.as_deref())
    }

    /// The scope asked for.
    pub fn requested_scope(&self) -> Option<&str> {
        self.requested_scope.as_deref()
    }

    /// Whether something that was asked for was not granted.
    pub fn is_scope_narrower(&self) -> bool {
        // Said nothing means as requested (RFC 6749 §5.1).
        let (Some(requested), Some(granted)) = (&self.requested_scope, &self.scope) else { return false };
        let granted: Vec<&str> = granted.split([' ', ',']).collect();
        requested.split(' ').any(|scope| !scope.is_empty() && !granted.contains(&scope))
    }

    /// The name of the provider that issued it.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Where the answer departed from the RFC.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// The user the server told about, if it did.
    pub fn user(&self) -> Option<User> {
        let mut user = match self.field("/user")? {
            Value::Object(user) => user,
            _ => return None,
        };
        let mut text = |name: &str| match user.remove(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Some(User {
            user_id: text("userId")?,
            user_type: text("userType"),
            email: text("email"),
            fullname: text("fullname"),
            profile_picture: text("profilePicture"),
        })
    }

    /// Any member of the answer, by JSON pointer (`/organization_name`; `/` is the member with the empty name).
    pub fn field(&self, pointer: &str) -> Option<Value> {
        serde_json::from_slice::<Value>(without_bom(&self.answer)).ok()?.pointer_mut(pointer).map(Value::take)
    }

    /// The whole answer, byte for byte. A secret.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }

    /// The token as a versioned text, for a session or a database; [`restore`](Self::restore) reads it in any language. A secret.
    pub fn saved(&self) -> Secret {
        let secret = |text: &str| Zeroizing::new(text.to_owned());
        let saved = Saved {
            active_token: VERSION,
            provider: self.provider.to_string(),
            access_token: secret(self.access_token()),
            scheme: self.authorization().map(|header| header[..self.token_at - 1].to_owned()),
            token_type: self.token_type.as_deref().map(str::to_owned),
            expires_at: self.expires_at,
            received_at: self.received_at,
            refresh_token: self.refresh_token.as_ref().map(|token| secret(token.expose())),
            scope: self.scope.clone(),
            requested_scope: self.requested_scope.clone(),
            deviations: self.deviations.iter().map(|deviation| deviation.as_str().to_owned()).collect(),
            identity: self.identity.clone(),
            answer: Zeroizing::new(String::from_utf8_lossy(&self.answer).into_owned()),
        };
        written(&saved, 2 * (self.header.len() + self.answer.len()) + 1024)
    }

    /// Reads what [`saved`](Self::saved) wrote.
    ///
    /// # Errors
    /// [`Error::Usage`] where it is something else, damaged, or of a newer version.
    pub fn restore(saved: &str) -> Result<Self, Error> {
        check_version(saved, "token", VERSION)?;
        let saved: Saved = serde_json::from_str(saved)
            .map_err(|error| Error::usage(format!("saved token: damaged, {}", json_problem(&error))))?;
        let visible = |text: &str| !text.is_empty() && lies_within(text, 0x21, 0x7E);
        if !visible(&saved.access_token)
            || !saved.scheme.as_deref().is_none_or(visible)
            || !saved.refresh_token.as_ref().is_none_or(|token| visible(token))
        {
            return Err(Error::usage("saved token: damaged, a token in it holds characters that no token may have"));
        }
        let (header, token_at) = header(saved.scheme.as_deref(), &saved.access_token);
        Ok(Self {
            header,
            token_at,
            token_type: saved.token_type.map(Cow::Owned),
            expires_at: saved.expires_at,
            received_at: saved.received_at,
            refresh_token: saved.refresh_token.map(|token| Secret::from(token.as_str())),
            scope: saved.scope,
            requested_scope: saved.requested_scope,
            provider: saved.provider.into(),
            deviations: Deviation::of_words(&saved.deviations),
            identity: saved.identity,
            answer: Zeroizing::new(saved.answer.as_bytes().to_vec()),
        })
    }
}

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Saved {
    active_token: u32,
    provider: String,
    access_token: Zeroizing<String>,
    scheme: Option<String>,
    token_type: Option<String>,
    expires_at: Option<i64>,
    received_at: i64,
    refresh_token: Option<Zeroizing<String>>,
    scope: Option<String>,
    requested_scope: Option<String>,
    deviations: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<Box<Identity>>,
    answer: Zeroizing<String>,
}

/// What a saved text says it is.
#[derive(Deserialize)]
struct Tag {
    active_token: Option<u64>,
    active_login: Option<u64>,
    active_device: Option<u64>,
    active_backchannel: Option<u64>,
}

/// Whether a saved text is ours and not from the future. Its own words never stand in the error.
pub(crate) fn check_version(saved: &str, what: &str, known: u32) -> Result<(), Error> {
    let tag: Tag = serde_json::from_str(saved).map_err(|error| match error.is_data() {
        true => Error::usage(format!("saved {what}: this is no saved {what}")),
        false => Error::usage(format!("saved {what}: damaged, {}", json_problem(&error))),
    })?;
    let version = match what {
        "token" => tag.active_token,
        "device" => tag.active_device,
        "backchannel" => tag.active_backchannel,
        _ => tag.active_login,
    };
    match version {
        Some(version) if version == u64::from(known) => Ok(()),
        Some(version) if version > u64::from(known) => {
            Err(Error::usage(format!("saved {what}: version {version} is newer than this library, which reads {known}")))
        }
        _ => Err(Error::usage(format!("saved {what}: this is no saved {what}"))),
    }
}

/// Scheme and token as one header value, and where the token begins in it.
fn header(scheme: Option<&str>, access_token: &str) -> (Zeroizing<String>, usize) {
    let scheme = scheme.unwrap_or_default();
    let token_at = if scheme.is_empty() { 0 } else { scheme.len() + 1 };
    let mut header = Zeroizing::new(String::with_capacity(token_at + access_token.len()));
    if token_at > 0 {
        push(&mut header, scheme);
        push(&mut header, " ");
    }
    push(&mut header, access_token);
    (header, token_at)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("provider", &self.provider)
            .field("token_type", &self.token_type)
            .field("expires_at", &self.expires_at)
            .field("refresh_token", &self.refresh_token)
            .field("scope", &self.scope().map(|scope| printable(scope, 200)))
            .finish_non_exhaustive()
    }
}
