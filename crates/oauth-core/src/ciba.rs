//! How is a user asked whose browser is not here at all?
//!
//! OpenID Client-Initiated Backchannel Authentication (CIBA Core 1.0), poll mode: the program names the user, the server asks that user on a
//! device of their own. Ping and push need an endpoint of the program's, which this library has no part in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    approval::{Approval, AskWork, Way},
    client::Client,
    document::Document,
    encode::written,
    error::{Error, json_problem},
    secret::Secret,
    token::check_version,
};

/// A backchannel login that waits for its user, for [`Client::poll`]. Copies share the pace that the server asks for.
#[derive(Clone)]
pub struct Backchannel(Kept);

const VERSION: u32 = 1;

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    active_backchannel: u32,
    approval: Approval,
}

pub(crate) fn work<N: AsRef<str>, V: AsRef<str>>(
    client: &Client,
    parameters: impl IntoIterator<Item = (N, V)>,
) -> Result<AskWork<Backchannel>, Error> {
    let work = AskWork::new(client, Way::Backchannel, parameters, Backchannel::read)?;
    // CIBA §7.1: one and only one of them. In a signed request (§7.1.1) they stand inside.
    let hints = ["login_hint", "id_token_hint", "login_hint_token"].into_iter().filter(|name| work.has(name)).count();
    if hints != 1 && !work.has("request") {
        return Err(Error::usage(
            "the backchannel login: it needs one of login_hint, id_token_hint and login_hint_token, and only one",
        ));
    }
    Ok(work)
}

impl Backchannel {
    fn read(approval: Approval, _: &Document, _: &Client) -> Result<Self, String> {
        Ok(Self(Kept { active_backchannel: VERSION, approval }))
    }

    /// When the login is over, in milliseconds since the Unix epoch by the clock that took it in.
    pub fn expires_at(&self) -> i64 {
        self.0.approval.expires_at()
    }

    /// How many milliseconds lie between two polls at least: the server's word, 5000 without one, and more after each `slow_down`.
    pub fn interval_ms(&self) -> i64 {
        self.0.approval.interval_ms()
    }

    /// The login as a versioned text, so that another process can go on; [`restore`](Self::restore) reads it in any language. Saved anew
    /// after polling it holds what the server said of the pace. A secret.
    pub fn saved(&self) -> Secret {
        written(&self.0, self.0.approval.size())
    }

    /// Reads what [`saved`](Self::saved) wrote.
    ///
    /// # Errors
    /// [`Error::Usage`] where it is something else, damaged, or of a newer version.
    pub fn restore(saved: &str) -> Result<Self, Error> {
        check_version(saved, "backchannel", VERSION)?;
        let kept: Kept = serde_json::from_str(saved)
            .map_err(|error| Error::usage(format!("saved backchannel: damaged, {}", json_problem(&error))))?;
        kept.approval.check(Way::Backchannel)?;
        Ok(Self(kept))
    }
}

/// The secret half, for [`Client::poll`].
impl From<&Backchannel> for Approval {
    fn from(backchannel: &Backchannel) -> Self {
        backchannel.0.approval.clone()
    }
}

impl fmt::Debug for Backchannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backchannel")
            .field("expires_at", &self.expires_at())
            .field("interval_ms", &self.interval_ms())
            .finish_non_exhaustive()
    }
}
