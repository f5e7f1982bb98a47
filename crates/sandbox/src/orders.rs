//! What can a test tell a running sandbox?
//!
//! The control address calls these same functions: what Rust can do here, every other language can do over HTTP.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fault::FaultOrder;
use crate::ledger::{Client, User};
use crate::message::Request;
use crate::readings::Readings;
use crate::sandbox::{Sandbox, Shared};
use crate::state::State;
use crate::traffic::{Counters, Entry};
use crate::{Error, Origin, Provider, dialect};

/// More clients or users than this are refused.
const MAX_KNOWN: usize = 10_000;

/// What is to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revoke {
    /// This access or refresh token.
    Token(String),
    /// Every access token of the provider.
    AccessTokens,
    /// Every refresh token of the provider.
    RefreshTokens,
}

/// Where the browser was sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Login {
    /// The HTTP status: 302, or that of a refusal which names no redirect.
    pub status: u16,
    /// The whole redirect target with its `code` and `state`, or its `error`.
    pub location: Option<String>,
    /// What a refusal without redirect said.
    pub body: String,
}

impl Sandbox {
    /// The sandbox's time in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.shared.state().clock.now_ms()
    }

    /// Moves the sandbox's clock, backwards by a negative number. Tokens expire by it; connections do not.
    pub fn advance_ms(&self, ms: i64) -> i64 {
        self.shared.advance_ms(ms)
    }

    /// Revokes, and says how many tokens that were good until now are dead.
    pub fn revoke(&self, provider: Provider, what: &Revoke) -> usize {
        self.shared.revoke(provider, what)
    }

    /// Has something go wrong from now on.
    ///
    /// # Errors
    /// [`Error::Usage`] for an order that makes no sense; the text says why.
    pub fn fault(&self, order: FaultOrder) -> Result<(), Error> {
        self.shared.fault(order)
    }

    /// Ends all faults that are ordered and not yet performed. Connections that hang already go on to hang.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Chooses readings: `sandbox.reading(Provider::Honeywell, &json!({"refresh": "omit"}))`. Others stay as they are.
    ///
    /// # Errors
    /// [`Error::Usage`] for a reading or a value that does not exist; the text lists those that do.
    pub fn reading(&self, provider: Provider, wanted: &Value) -> Result<(), Error> {
        self.shared.reading(provider, wanted)
    }

    /// The readings as they are played now.
    #[must_use]
    pub fn readings(&self) -> Readings {
        self.shared.state().readings.clone()
    }

    /// The requests as they were received, oldest first; at most 5000.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.shared.state().traffic.log.iter().cloned().collect()
    }

    /// Forgets the log.
    pub fn clear_log(&self) {
        self.shared.state().traffic.log.clear();
    }

    /// How often each origin was spoken to.
    #[must_use]
    pub fn counters(&self) -> BTreeMap<Origin, Counters> {
        self.shared.state().traffic.counters()
    }

    /// Sets all counters to zero.
    pub fn clear_counters(&self) {
        self.shared.state().traffic.counters.clear();
    }

    /// Adds a client, or replaces the one of the same id.
    ///
    /// # Errors
    /// [`Error::Usage`] where ten thousand are known already.
    pub fn add_client(&self, provider: Provider, client: Client) -> Result<(), Error> {
        self.shared.add_client(provider, client)
    }

    /// Adds a user, or replaces the one of the same name.
    ///
    /// # Errors
    /// [`Error::Usage`] at BuildPass and Honeywell, which have no password grant, and where ten thousand are known already.
    pub fn add_user(&self, provider: Provider, user: User) -> Result<(), Error> {
        self.shared.add_user(provider, user)
    }

    /// Opens an authorization URL as a browser would, signs in, and says where the browser was sent.
    ///
    /// # Errors
    /// [`Error::Usage`] where the URL is not one of this sandbox's.
    pub fn login(&self, url: &str) -> Result<Login, Error> {
        self.shared.login(url)
    }

    /// Back to how it started: clock, tokens, clients, users, readings, faults, log and counters.
    pub fn reset(&self) {
        self.shared.start_over();
    }
}

impl Shared {
    pub(crate) fn advance_ms(&self, ms: i64) -> i64 {
        let clock = &mut self.state().clock;
        clock.advance(ms);
        clock.now_ms()
    }

    pub(crate) fn revoke(&self, provider: Provider, what: &Revoke) -> usize {
        let mut state = self.state();
        let ledger = state.ledger(provider);
        match what {
            Revoke::Token(token) => usize::from(ledger.access.revoke(token) || ledger.refresh.revoke(token)),
            Revoke::AccessTokens => ledger.access.revoke_all(),
            Revoke::RefreshTokens => ledger.refresh.revoke_all(),
        }
    }

    pub(crate) fn fault(&self, order: FaultOrder) -> Result<(), Error> {
        self.state().faults.add(order)
    }

    pub(crate) fn reading(&self, provider: Provider, wanted: &Value) -> Result<(), Error> {
        match wanted {
            Value::Object(members) => self.state().readings.set(provider, members),
            _ => Err(Error::Usage("reading: expected a JSON object".into())),
        }
    }

    pub(crate) fn add_client(&self, provider: Provider, client: Client) -> Result<(), Error> {
        let mut state = self.state();
        let clients = &mut state.ledger(provider).clients;
        clients.retain(|known| known.client_id != client.client_id);
        if clients.len() >= MAX_KNOWN {
            return Err(Error::Usage(format!("client: {MAX_KNOWN} are known already")));
        }
        clients.push(client);
        Ok(())
    }

    pub(crate) fn add_user(&self, provider: Provider, user: User) -> Result<(), Error> {
        if !matches!(provider, Provider::ActiveBuilding | Provider::MyBuilding) {
            return Err(Error::Usage(format!("user: {provider} has no password grant")));
        }
        let mut state = self.state();
        let users = &mut state.ledger(provider).users;
        users.retain(|known| known.username != user.username);
        if users.len() >= MAX_KNOWN {
            return Err(Error::Usage(format!("user: {MAX_KNOWN} are known already")));
        }
        users.push(user);
        Ok(())
    }

    pub(crate) fn login(&self, url: &str) -> Result<Login, Error> {
        let of = |origin: &Origin| url.strip_prefix(self.url(*origin)).filter(|rest| rest.starts_with('/'));
        let found = Origin::ALL.into_iter().find_map(|origin| of(&origin).map(|target| (origin, target)));
        let (origin, target) = found.ok_or_else(|| Error::Usage("login: the URL is not one of this sandbox's origins".into()))?;
        let answer = dialect::answer(&mut self.state(), origin, self.url(origin), &Request::browse(target));
        let location = answer.headers.into_iter().find(|(name, _)| name == "Location").map(|(_, value)| value);
        Ok(Login { status: answer.status, location, body: answer.body })
    }

    pub(crate) fn start_over(&self) {
        *self.state() = State::new();
    }
}
