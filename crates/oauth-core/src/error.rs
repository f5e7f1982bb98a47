//! Whose move is it?
//!
//! Seven kinds, told apart by who must act next: the programmer, the server's rules, the server's makers, nobody (stop),
//! the user (start again), the network, the keeper of the token store. The words are the same in every language.

use std::{borrow::Cow, fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::{
    encode::{preview, printable},
    message::{Answer, Cause, NoAnswer, Sent},
};

/// Why an exchange could not give what was asked of it. Its text never holds a secret; see each variant for whose move it is.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program's move: something was asked for that cannot be right (a missing parameter, a plain http URL, a step out of turn).
    #[error("{0}")]
    Usage(String),
    /// The server understood and said no. [`Refused`] holds its words; whether trying again can help is its class.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// The server's makers' move: the answer is not what the protocol, or the provider's record, allows.
    #[error("{0}")]
    Garbled(Box<Garbled>),
    /// Stop: what came may be from someone else (state, `iss` or certificate did not match). Nothing was sent on.
    #[error("{0}")]
    Untrusted(String),
    /// The user's move: the login or token is over and cannot be renewed from here. Start again.
    #[error("{0}")]
    Expired(String),
    /// The network's move: there was no answer. [`NoAnswer::sent`] says whether the request may have had its effect.
    #[error("{what}: {cause}")]
    NoAnswer {
        /// What was being asked, and what its loss means.
        what: String,
        /// What the transport reported.
        cause: NoAnswer,
        /// True where the lost request held something that works once (a code, a refresh token): it may be used up,
        /// and sending it again could revoke the whole family of tokens (RFC 9700 §4.14.2).
        ambiguous: bool,
    },
    /// The move of whoever keeps the token store: it could not be read or written. Nothing that was in it is lost.
    #[error("{0}")]
    Store(StoreError),
}

/// Why a token store did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("store: {text}")]
pub struct StoreError {
    /// What is wrong, to branch on.
    pub problem: StoreProblem,
    /// What is wrong and what helps, for people. It names files and hosts, and holds no secret.
    pub text: String,
}

/// What is wrong with a token store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreProblem {
    /// It cannot be reached now (Redis is down); trying again later can help.
    Away,
    /// Somebody else has held its lock for longer than a renewal may take.
    Busy,
    /// This program may not use it, or should not: permissions, a read-only directory, a locked keyring, a wrong password, a certificate that
    /// is not trusted.
    Denied,
    /// There is no room.
    Full,
    /// What is in it is not what was put there.
    Damaged,
    /// It was written by a newer version of this library.
    Newer,
    /// It is encrypted with another key.
    WrongKey,
    /// Anything else.
    Other,
}

impl StoreProblem {
    /// The word, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Busy => "busy",
            Self::Denied => "denied",
            Self::Full => "full",
            Self::Damaged => "damaged",
            Self::Newer => "newer",
            Self::WrongKey => "wrong_key",
            Self::Other => "other",
        }
    }
}

impl StoreError {
    /// That problem, in these words.
    pub fn new(problem: StoreProblem, text: impl Into<String>) -> Self {
        Self { problem, text: text.into() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The kind of an [`Error`], as a word to branch on in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// See [`Error::Usage`].
    Usage,
    /// See [`Error::Refused`].
    Refused,
    /// See [`Error::Garbled`].
    Garbled,
    /// See [`Error::Untrusted`].
    Untrusted,
    /// See [`Error::Expired`].
    Expired,
    /// See [`Error::NoAnswer`].
    NoAnswer,
    /// See [`Error::Store`].
    Store,
}

impl Kind {
    /// The word, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::Garbled => "garbled",
            Self::Untrusted => "untrusted",
            Self::Expired => "expired",
            Self::NoAnswer => "no_answer",
            Self::Store => "store",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Which of the seven it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Usage(_) => Kind::Usage,
            Self::Refused(_) => Kind::Refused,
            Self::Garbled(_) => Kind::Garbled,
            Self::Untrusted(_) => Kind::Untrusted,
            Self::Expired(_) => Kind::Expired,
            Self::NoAnswer { .. } => Kind::NoAnswer,
            Self::Store(_) => Kind::Store,
        }
    }

    /// The error code in the server's own words (`invalid_client_credentials`), for [`Error::NoAnswer`] the cause's word (`timeout`),
    /// for [`Error::Store`] the problem's (`full`).
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => refused.code.as_deref(),
            Self::NoAnswer { cause, .. } => Some(cause.cause.as_str()),
            Self::Store(error) => Some(error.problem.as_str()),
            _ => None,
        }
    }

    /// The standard meaning of the server's code (`invalid_client`): branch on this one, it is the same for all providers.
    pub fn standard_code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => refused.standard.as_ref().map(ErrorCode::as_str),
            _ => None,
        }
    }

    /// The server's description, made printable; None where it gave none.
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => refused.description.as_deref(),
            _ => None,
        }
    }

    /// The server's `error_uri`, if it gave one. It comes from the server: show it, do not open it.
    pub fn error_uri(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => refused.uri.as_deref(),
            _ => None,
        }
    }

    /// The HTTP status of the answer this error speaks of, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refused) => refused.status,
            Self::Garbled(garbled) => Some(garbled.status),
            _ => None,
        }
    }

    /// How many milliseconds the server asked to wait before the next try (`Retry-After`, RFC 9110 §10.2.3), at most a day.
    pub fn retry_after_ms(&self) -> Option<i64> {
        match self {
            Self::Refused(refused) => refused.retry_after_ms,
            _ => None,
        }
    }

    /// Whether the same request can succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.is_transient(),
            Self::NoAnswer { cause, ambiguous, .. } => !ambiguous && cause.cause != Cause::Cancelled,
            Self::Store(error) => matches!(error.problem, StoreProblem::Away | StoreProblem::Busy | StoreProblem::Full),
            _ => false,
        }
    }

    /// Whether the request may have reached the server although no answer came. None for the other kinds.
    pub fn sent(&self) -> Option<Sent> {
        match self {
            Self::NoAnswer { cause, .. } => Some(cause.sent),
            _ => None,
        }
    }

    /// True where a code or refresh token may have been used up by a request whose answer was lost.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::NoAnswer { ambiguous: true, .. })
    }

    /// The full body of the answer this error speaks of. It may hold secrets, which is why no error text contains it.
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Refused(refused) => Some(&refused.body),
            Self::Garbled(garbled) => Some(&garbled.body),
            _ => None,
        }
    }

    /// What a lost answer means for what was asked.
    pub(crate) fn no_answer(what: &str, lost: NoAnswer, works_once: bool) -> Self {
        if lost.cause == Cause::Certificate {
            return Self::Untrusted(format!("the server's certificate was not accepted, nothing was sent: {}", lost.detail));
        }
        let ambiguous = works_once && lost.sent == Sent::Maybe;
        let what = if ambiguous {
            format!("{what} held something that works once and may be used up; it is not sent again")
        } else {
            what.to_owned()
        };
        Self::NoAnswer { what, cause: lost, ambiguous }
    }
}

/// An error code of the OAuth registry, or any other word: an open set with constants for the standard ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ErrorCode(Cow<'static, str>);

impl ErrorCode {
    /// RFC 6749 §5.2
    pub const INVALID_REQUEST: Self = Self(Cow::Borrowed("invalid_request"));
    /// RFC 6749 §5.2
    pub const INVALID_CLIENT: Self = Self(Cow::Borrowed("invalid_client"));
    /// RFC 6749 §5.2
    pub const INVALID_GRANT: Self = Self(Cow::Borrowed("invalid_grant"));
    /// RFC 6749 §5.2
    pub const UNAUTHORIZED_CLIENT: Self = Self(Cow::Borrowed("unauthorized_client"));
    /// RFC 6749 §5.2
    pub const UNSUPPORTED_GRANT_TYPE: Self = Self(Cow::Borrowed("unsupported_grant_type"));
    /// RFC 6749 §5.2
    pub const INVALID_SCOPE: Self = Self(Cow::Borrowed("invalid_scope"));
    /// RFC 6749 §4.1.2.1
    pub const ACCESS_DENIED: Self = Self(Cow::Borrowed("access_denied"));
    /// RFC 6749 §4.1.2.1
    pub const UNSUPPORTED_RESPONSE_TYPE: Self = Self(Cow::Borrowed("unsupported_response_type"));
    /// RFC 6749 §4.1.2.1
    pub const SERVER_ERROR: Self = Self(Cow::Borrowed("server_error"));
    /// RFC 6749 §4.1.2.1
    pub const TEMPORARILY_UNAVAILABLE: Self = Self(Cow::Borrowed("temporarily_unavailable"));
    /// RFC 8628 §3.5; polling goes on
    pub const AUTHORIZATION_PENDING: Self = Self(Cow::Borrowed("authorization_pending"));
    /// RFC 8628 §3.5; polling goes on, slower
    pub const SLOW_DOWN: Self = Self(Cow::Borrowed("slow_down"));
    /// RFC 8628 §3.5; polling ends as [`Error::Expired`]
    pub const EXPIRED_TOKEN: Self = Self(Cow::Borrowed("expired_token"));
    /// RFC 8707 §2, RFC 8693 §2.2.2
    pub const INVALID_TARGET: Self = Self(Cow::Borrowed("invalid_target"));
    /// RFC 6750 §3.1
    pub const INVALID_TOKEN: Self = Self(Cow::Borrowed("invalid_token"));
    /// RFC 6750 §3.1
    pub const INSUFFICIENT_SCOPE: Self = Self(Cow::Borrowed("insufficient_scope"));

    /// RFC 9470 §3
    pub const INSUFFICIENT_USER_AUTHENTICATION: Self = Self(Cow::Borrowed("insufficient_user_authentication"));

    /// OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §2; also where an ID token says that the user logged in otherwise than
    /// an [API wanted](crate::Authorize::step_up)
    pub const UNMET_AUTHENTICATION_REQUIREMENTS: Self = Self(Cow::Borrowed("unmet_authentication_requirements"));

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ErrorCode {
    fn from(word: String) -> Self {
        Self(Cow::Owned(word))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A refusal: the server's words, made printable, and what they mean.
#[derive(Clone)]
pub struct Refused {
    pub(crate) provider: Arc<str>,
    pub(crate) what: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) standard: Option<ErrorCode>,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) retry_after_ms: Option<i64>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Refused {
    /// Transient: the same request may succeed later. Permanent: somebody must change something first.
    pub fn is_transient(&self) -> bool {
        let busy = matches!(self.status, Some(408 | 425 | 429 | 500..=599));
        let said = matches!(
            self.standard.as_ref().map(ErrorCode::as_str),
            Some("temporarily_unavailable" | "server_error" | "slow_down" | "authorization_pending")
        );
        busy || said
    }

    /// The same with a standard meaning for a code that nobody else uses.
    pub(crate) fn meaning(self, standard: &'static str) -> Self {
        Self { standard: Some(ErrorCode(Cow::Borrowed(standard))), ..self }
    }

    /// The standard meaning of the code.
    pub fn standard(&self) -> Option<&ErrorCode> {
        self.standard.as_ref()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} refused {}", self.provider, self.what)?;
        match (&self.code, &self.standard) {
            (Some(code), Some(standard)) if code != standard.as_str() => write!(f, ": {code} (that is {standard})")?,
            (Some(code), _) => write!(f, ": {code}")?,
            (None, _) => {}
        }
        if let Some(description) = &self.description {
            write!(f, ": {description}")?;
        }
        if let Some(status) = self.status {
            write!(f, " [HTTP {status}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({self}, body of {} bytes)", self.body.len())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

/// An answer that makes no sense: why, and what it looked like.
#[derive(Clone)]
pub struct Garbled {
    pub(crate) why: String,
    pub(crate) status: u16,
    pub(crate) preview: String,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Garbled {
    pub(crate) fn new(why: impl AsRef<str>, answer: &Answer) -> Self {
        Self {
            why: printable(why.as_ref(), 300),
            status: answer.status,
            preview: preview(&answer.body),
            body: answer.body.clone(),
        }
    }

    pub(crate) fn not_json(error: &serde_json::Error, answer: &Answer) -> Self {
        Self::new(format!("the answer is not JSON: {}", json_problem(error)), answer)
    }

    /// What the answer looked like: names and tags kept, every value masked.
    pub fn preview(&self) -> &str {
        &self.preview
    }
}

/// Line and column of a JSON error; serde_json's own words may quote a value, so only the place and its category are told.
pub(crate) fn json_problem(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "it ends too early",
        Category::Syntax | Category::Io => "unexpected character",
        Category::Data => "a value of the wrong type",
    };
    format!("{what} at line {} column {}", error.line(), error.column())
}

impl fmt::Display for Garbled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [HTTP {}", self.why, self.status)?;
        if self.preview.is_empty() { write!(f, ", empty body]") } else { write!(f, ", body: {}]", self.preview) }
    }
}

impl fmt::Debug for Garbled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Garbled({self}, body of {} bytes)", self.body.len())
    }
}

impl From<Garbled> for Error {
    fn from(garbled: Garbled) -> Self {
        Self::Garbled(Box::new(garbled))
    }
}
