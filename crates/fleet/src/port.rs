//! Where do the sessions of a fleet meet?
//!
//! One sandbox, whose BuildPass rotates refresh tokens and kills the family when one comes back, and folders that go when this does.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use active_sandbox::{Options, Origin, Sandbox};
use oauth_core::{Authorize, Client, Provider, Token};
use oauth_session::Session;
use oauth_ureq::{Agent, OsRandom, Roots, now};
use serde::{Deserialize, Serialize};

/// What a worker in any language has to know.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Berth {
    pub(crate) store: String,
    pub(crate) base: String,
    pub(crate) ca: PathBuf,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) user: String,
    pub(crate) threads: u32,
    /// For one request, in ms.
    pub(crate) deadline_ms: u64,
}

pub(crate) struct Port {
    pub(crate) sandbox: Sandbox,
    agent: Agent,
    folder: PathBuf,
    count: AtomicU32,
}

impl Port {
    pub(crate) fn open() -> Self {
        let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
        let agent = Agent::builder().roots(Roots::Pem(sandbox.ca_pem().into())).build().expect("an agent");
        let folder = std::env::temp_dir().join(format!("active-fleet-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { sandbox, agent, folder, count: AtomicU32::new(0) }
    }

    /// A folder of its own, for a store or as a home.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(format!("{name}-{}", self.count.fetch_add(1, Ordering::Relaxed)));
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// The name of a file store that nothing is in.
    pub(crate) fn file_store(&self) -> String {
        let folder = self.folder("store").join("tokens");
        format!("file:{}?key={}", folder.display(), "07".repeat(32))
    }

    /// A place at that store for a user whom no other trial uses.
    pub(crate) fn berth(&self, store: &str) -> Berth {
        let known = &self.sandbox.describe()["credentials"]["buildpass"];
        let text = |name: &str| known[name].as_str().expect(name).to_owned();
        Berth {
            store: store.to_owned(),
            base: self.sandbox.url(Origin::BuildPass).to_owned(),
            ca: self.sandbox.ca_path(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            user: format!("user-{}", self.count.fetch_add(1, Ordering::Relaxed)),
            threads: 1,
            deadline_ms: 10_000,
        }
    }

    /// Logs the berth's user in, as a browser would, and puts the token into the store.
    pub(crate) fn log_in(&self, berth: &Berth) -> Token {
        let client = berth.client();
        let authorize = Authorize::new("https://app.example/callback").scope("read:builders");
        let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
        let callback = self.sandbox.login(login.url()).expect("a browser").location.expect("a redirect");
        let token = self.agent.run(client.callback(&mut login, &callback)).expect("a token");
        berth.session().login(&token, now()).expect("a login");
        token
    }

    /// How many token requests reached the provider so far.
    pub(crate) fn token_requests(&self) -> u64 {
        self.sandbox.counters()[&Origin::BuildPass].token_requests
    }

    /// How often each refresh token was sent, in the log so far.
    pub(crate) fn most_uses_of_a_refresh_token(&self) -> usize {
        let mut uses: HashMap<String, usize> = HashMap::new();
        for entry in self.sandbox.log().into_iter().filter(|entry| entry.path == "/oauth/token") {
            let body = entry.body.unwrap_or_default();
            if body.contains("refresh_token") && !body.contains("authorization_code") {
                *uses.entry(body).or_default() += 1;
            }
        }
        uses.into_values().max().unwrap_or(0)
    }

    /// Whether the API takes that token.
    pub(crate) fn takes(&self, berth: &Berth, token: &Token) -> bool {
        let attempt = self.agent.run(berth.client().attempt(token, oauth_core::Call::get("/v1/builders")));
        attempt.is_ok_and(|attempt| attempt.answer.status() == 200)
    }
}

impl Berth {
    pub(crate) fn client(&self) -> Client {
        Client::new(Provider::buildpass(), &self.client_id).secret(self.client_secret.as_str()).base(&self.base)
    }

    pub(crate) fn session(&self) -> Session {
        let store = oauth_session::named(&self.store).expect("a store");
        let deadline = Duration::from_millis(self.deadline_ms);
        Session::builder(self.client()).user(&self.user).shared_store(store).deadline(deadline).open().expect("a session")
    }

    pub(crate) fn agent(&self) -> Agent {
        let ca = std::fs::read(&self.ca).expect("the authority's certificate");
        let deadline = Duration::from_millis(self.deadline_ms);
        Agent::builder().roots(Roots::Pem(ca)).deadline(deadline).build().expect("an agent")
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
