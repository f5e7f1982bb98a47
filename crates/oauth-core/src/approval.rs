//! What does a user still have to approve, somewhere else?
//!
//! A device login (RFC 8628) and a backchannel login (OpenID CIBA Core 1.0) begin alike: a form to an endpoint of their own, and in the
//! answer a secret code that becomes a token once the user has agreed on another device. What they share is here; when to ask for the
//! token is in `poll.rs`.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    answer, ask,
    client::Client,
    document::Document,
    encode::printable,
    error::{Error, Garbled},
    exchange::{Next, Work},
    grant::Grant,
    message::{Answer, Outcome},
    secret::Secret,
    time::Now,
};

/// RFC 8628 §3.2, CIBA §7.3: the pause between polls where the server names none.
const DEFAULT_INTERVAL_MS: i64 = 5_000;
/// What an interval of 0 means, which is not a busy loop.
const SHORTEST_INTERVAL_MS: i64 = 1_000;
/// What a server says beyond a day is no time a user may take, nor a pause.
const LONGEST_MS: i64 = 24 * 3600 * 1000;

/// What a user still has to approve: the secret half of a [`Device`](crate::Device) or [`Backchannel`](crate::Backchannel), for
/// [`Client::poll`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Approval {
    way: Way,
    provider: String,
    client_id: String,
    code: Zeroizing<String>,
    /// Wall time, in milliseconds: another process may go on.
    expires_at: i64,
    /// What the server said when it began, in milliseconds: a wall clock that was set back lets nothing live longer.
    lifetime_ms: i64,
    /// What was asked for, which the token is measured by.
    scope: Option<String>,
    pace: Pace,
}

/// How the user is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    Device,
    Backchannel,
}

/// How often the server lets itself be asked. Shared by all copies, since `slow_down` is meant for all later polls (RFC 8628 §3.5).
#[derive(Clone)]
struct Pace(Arc<[AtomicI64; 2]>);

impl Way {
    /// The endpoint, by its name in RFC 8414 §2 without `_endpoint`.
    fn endpoint(self) -> &'static str {
        match self {
            Self::Device => "device_authorization",
            Self::Backchannel => "backchannel_authentication",
        }
    }

    /// The member of the answer, and the parameter of the token request.
    fn code(self) -> &'static str {
        match self {
            Self::Device => "device_code",
            Self::Backchannel => "auth_req_id",
        }
    }

    /// For error texts.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Device => "the device login",
            Self::Backchannel => "the backchannel login",
        }
    }
}

impl Approval {
    fn read(way: Way, client: &Client, document: &Document, scope: Option<&str>, now: Now) -> Result<Self, String> {
        let missing = |name: &str| format!("the answer holds no {name}");
        let code = document.text(&format!("/{}", way.code())).filter(|code| !code.is_empty());
        // REQUIRED by RFC 8628 §3.2 and CIBA §7.3; without it polling would have no end.
        let lifetime_ms =
            milliseconds(document.field("/expires_in")).ok_or_else(|| missing("expires_in that is a number of seconds"))?;
        let interval_ms = milliseconds(document.field("/interval")).unwrap_or(DEFAULT_INTERVAL_MS).max(SHORTEST_INTERVAL_MS);
        Ok(Self {
            way,
            provider: client.provider().name().to_owned(),
            client_id: client.id().to_owned(),
            code: Zeroizing::new(code.ok_or_else(|| missing(way.code()))?),
            expires_at: now.wall.saturating_add(lifetime_ms),
            lifetime_ms,
            scope: scope.map(str::to_owned),
            pace: Pace::new(interval_ms, now.wall.saturating_add(interval_ms)),
        })
    }

    pub(crate) fn way(&self) -> Way {
        self.way
    }

    pub(crate) fn expires_at(&self) -> i64 {
        self.expires_at
    }

    pub(crate) fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    pub(crate) fn interval_ms(&self) -> i64 {
        self.pace.interval_ms()
    }

    /// How many milliseconds from now the code lives.
    pub(crate) fn left_ms(&self, now: Now) -> i64 {
        self.expires_at.saturating_sub(now.wall).clamp(0, self.lifetime_ms.max(0))
    }

    /// How many milliseconds from now the server does not want to be asked, as far as an earlier exchange or process knew: no more than
    /// `most`, whatever the wall clock did meanwhile.
    pub(crate) fn rest_ms(&self, now: Now, most: i64) -> i64 {
        self.pace.0[1].load(Ordering::Relaxed).saturating_sub(now.wall).clamp(0, most.max(self.interval_ms()))
    }

    /// Remembers that the server is not asked again before this wall time.
    pub(crate) fn not_before(&self, wall: i64) {
        self.pace.0[1].store(wall, Ordering::Relaxed);
    }

    /// RFC 8628 §3.5: the interval MUST be increased by 5 seconds for this and all subsequent requests. CIBA §11 says the same.
    pub(crate) fn slow_down(&self) {
        let slower = self.interval_ms().saturating_add(5_000).min(LONGEST_MS);
        self.pace.0[0].store(slower, Ordering::Relaxed);
    }

    /// The grant that the code is.
    pub(crate) fn grant(&self) -> Grant {
        let code = Secret::from(self.code.as_str());
        match self.way {
            Way::Device => Grant::device_code(code),
            Way::Backchannel => Grant::ciba(code),
        }
    }

    /// About how many bytes it takes when it is saved.
    pub(crate) fn size(&self) -> usize {
        512 + 6 * self.code.len() + 2 * self.scope.as_ref().map_or(0, String::len)
    }

    /// Refuses the code of another client: it would be sent to a stranger.
    pub(crate) fn belongs_to(&self, client: &Client) -> Result<(), Error> {
        if self.provider == client.provider().name() && self.client_id == client.id() {
            return Ok(());
        }
        Err(Error::usage(format!("poll: {} was begun by another client", self.way.what())))
    }

    /// After it was restored from a text: whether it is what it is restored as.
    pub(crate) fn check(&self, way: Way) -> Result<(), Error> {
        if self.way == way && !self.code.is_empty() {
            return Ok(());
        }
        Err(Error::usage(format!("{}: the saved text is damaged", way.what())))
    }
}

impl fmt::Debug for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Approval")
            .field("way", &self.way)
            .field("provider", &self.provider)
            .field("expires_at", &self.expires_at)
            .field("interval_ms", &self.interval_ms())
            .finish_non_exhaustive()
    }
}

impl Pace {
    fn new(interval_ms: i64, not_before: i64) -> Self {
        Self(Arc::new([AtomicI64::new(interval_ms), AtomicI64::new(not_before)]))
    }

    fn interval_ms(&self) -> i64 {
        self.0[0].load(Ordering::Relaxed)
    }
}

/// Pace as it is saved.
#[derive(Serialize, Deserialize)]
struct SavedPace {
    interval_ms: i64,
    not_before: i64,
}

impl Serialize for Pace {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let not_before = self.0[1].load(Ordering::Relaxed);
        SavedPace { interval_ms: self.interval_ms(), not_before }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Pace {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = SavedPace::deserialize(deserializer)?;
        Ok(Self::new(saved.interval_ms.clamp(SHORTEST_INTERVAL_MS, LONGEST_MS), saved.not_before))
    }
}

/// Seconds in an answer, as milliseconds: an integer, an integral float or a decimal text; None for anything else.
fn milliseconds(value: Option<Value>) -> Option<i64> {
    let seconds = match value? {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    (seconds >= 0).then(|| seconds.saturating_mul(1000).min(LONGEST_MS))
}

/// The request that begins such a login, and its answer.
pub(crate) struct AskWork<T> {
    client: Client,
    way: Way,
    url: String,
    parameters: Vec<(String, Secret)>,
    read: fn(Approval, &Document, &Client) -> Result<T, String>,
}

impl<T> AskWork<T> {
    pub(crate) fn new<N: AsRef<str>, V: AsRef<str>>(
        client: &Client,
        way: Way,
        parameters: impl IntoIterator<Item = (N, V)>,
        read: fn(Approval, &Document, &Client) -> Result<T, String>,
    ) -> Result<Self, Error> {
        let url = client.other_endpoint(way.endpoint())?;
        // What may stand in a grant may stand here: nothing twice but a resource, nothing that is the client's own to set.
        let asked = Grant::asking(way.what(), parameters)?;
        let separator = &client.provider().record().token.scope_separator;
        let parameters = asked.parameters().map(|(name, value)| match name {
            "scope" if separator != " " => (name.to_owned(), Secret::from(value.expose().replace(' ', separator))),
            _ => (name.to_owned(), value.clone()),
        });
        Ok(Self { client: client.clone(), way, url, parameters: parameters.collect(), read })
    }

    /// Whether that parameter was given, and is not empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| !value.is_empty())
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.expose())
    }

    fn take_in(&self, answer: Answer, now: Now) -> Result<T, Error> {
        let document = Document::read(answer.clone());
        // Some servers refuse in a 200.
        let refuses = document.as_ref().is_ok_and(|document| document.text("/error").is_some());
        if refuses || !(200..300).contains(&answer.status) {
            let secrets = self.parameters.iter().filter(|(name, _)| !matches!(&**name, "scope" | "audience" | "resource"));
            let secrets = secrets.map(|(_, value)| value.expose());
            return Err(answer::refused(&self.client, self.way.what(), secrets, &answer, now));
        }
        let document = document?;
        Approval::read(self.way, &self.client, &document, self.value("scope"), now)
            .and_then(|approval| (self.read)(approval, &document, &self.client))
            .map_err(|why| Garbled::new(printable(&why, 300), &answer).into())
    }
}

impl<T> Work<T> for AskWork<T> {
    fn next(&mut self, now: Now) -> Result<Next<T>, Error> {
        let own: Vec<(&str, &str)> = self.parameters.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        ask::form_request(&self.client, self.url.clone(), &own, now).map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<T>, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(self.way.what(), lost, false))?;
        let read = self.take_in(answer, now);
        read.map(Next::Done).map_err(|error| answer::without_secrets(error, &self.client, std::iter::empty()))
    }
}
