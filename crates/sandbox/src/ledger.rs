//! Whom does a provider know, and what has it handed out?

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// How many access tokens, refresh tokens and codes a provider remembers; the oldest are forgotten first.
const REMEMBERED: usize = 50_000;

/// An application that is registered with a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The client id (Honeywell: the API key).
    pub client_id: String,
    /// The secret; `None` for a public client, which proves itself by PKCE alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Where the browser may be sent back to, compared character by character.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// A person who can sign in at ActiveBuilding or MyBuilding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What is typed as user name.
    pub username: String,
    /// What is typed as password.
    pub password: String,
    /// The `userId` in answers; two users may share one.
    pub user_id: String,
    /// STAFF or RESIDENT: residents see only what is theirs.
    pub user_type: UserType,
    /// The e-mail address in answers.
    #[serde(default)]
    pub email: String,
    /// The name in answers.
    #[serde(default)]
    pub fullname: String,
}

/// What a user of ActiveBuilding or MyBuilding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum UserType {
    /// May list a whole community's packages and add some.
    Staff,
    /// Sees what is theirs.
    Resident,
}

/// What an access token, a refresh token or a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) client_id: String,
    /// The user name the token acts for; absent in client credentials tokens.
    pub(crate) user: Option<String>,
    pub(crate) scope: String,
    pub(crate) expires_ms: i64,
    pub(crate) revoked: bool,
    /// All that came out of one sign-in: revoked together when a code or a rotated refresh token comes back.
    pub(crate) family: u64,
    /// For codes: what the authorization request said.
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: Option<String>,
}

/// Why something that was presented is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dead {
    Unknown,
    Revoked,
    Expired,
}

/// Everything one provider remembers.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) clients: Vec<Client>,
    pub(crate) users: Vec<User>,
    pub(crate) packages: Vec<Package>,
    pub(crate) access: Shelf,
    pub(crate) refresh: Shelf,
    pub(crate) codes: Shelf,
    families: u64,
}

/// A parcel that waits in a community.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) package_id: String,
    pub(crate) community_id: String,
    pub(crate) user_id: String,
    pub(crate) description: String,
}

/// A bounded memory of what was issued, by its text.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    known: HashMap<String, Issued>,
    order: VecDeque<String>,
}

impl Ledger {
    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    pub(crate) fn user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }

    pub(crate) fn new_family(&mut self) -> u64 {
        self.families += 1;
        self.families
    }

    pub(crate) fn revoke_family(&mut self, family: u64) {
        for shelf in [&mut self.access, &mut self.refresh] {
            shelf.known.values_mut().filter(|issued| issued.family == family).for_each(|issued| issued.revoked = true);
        }
    }
}

impl Shelf {
    pub(crate) fn put(&mut self, text: String, issued: Issued) {
        self.order.push_back(text.clone());
        self.known.insert(text, issued);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// What it stands for, dead or alive.
    pub(crate) fn find(&self, text: &str) -> Option<&Issued> {
        self.known.get(text)
    }

    pub(crate) fn alive(&self, text: &str, now_ms: i64) -> Result<&Issued, Dead> {
        match self.known.get(text) {
            None => Err(Dead::Unknown),
            Some(issued) if issued.revoked => Err(Dead::Revoked),
            Some(issued) if issued.expires_ms <= now_ms => Err(Dead::Expired),
            Some(issued) => Ok(issued),
        }
    }

    /// Revokes one; `false` where it was never issued.
    pub(crate) fn revoke(&mut self, text: &str) -> bool {
        self.known.get_mut(text).map(|issued| issued.revoked = true).is_some()
    }

    /// Revokes all that are not revoked yet, and says how many those were.
    pub(crate) fn revoke_all(&mut self) -> usize {
        let alive = self.known.values_mut().filter(|issued| !issued.revoked);
        alive.map(|issued| issued.revoked = true).count()
    }
}
