//! A provider with rotating refresh tokens, a clock, and a store that can be made to fail: all turned by hand.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use oauth_core::{
    Answer, Client, Error, Exchange, Grant, Now, Outcome, Provider, Request, Secret, Step, StoreError, StoreProblem, Token,
};
use oauth_session::{Key, Lock, Memory, Session, SessionBuilder, Store, Stored};

/// One hour, in ms: the lifetime of the tokens here.
pub(crate) const HOUR: i64 = 3_600_000;

/// What the provider does with a token request, in order; after the last it grants.
pub(crate) enum Says {
    /// An answer of that status and body, with those headers.
    Answer(u16, &'static str, Vec<(&'static str, &'static str)>),
    /// It grants, but the answer is lost.
    Loses,
    /// A token without a new refresh token.
    KeepsRefresh,
}

#[derive(Default)]
struct Inside {
    requests: Vec<String>,
    says: Vec<Says>,
    issued: u32,
    /// Access tokens that the API takes no more.
    revoked: Vec<String>,
    family_dead: bool,
    now: Now,
}

/// The provider and the clock.
#[derive(Clone, Default)]
pub(crate) struct World(Arc<Mutex<Inside>>);

impl World {
    pub(crate) fn new() -> Self {
        let world = Self::default();
        world.inside().now = Now { wall: 1_700_000_000_000, mono: 5_000 };
        world
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no test panics in here")
    }

    pub(crate) fn now(&self) -> Now {
        self.inside().now
    }

    /// Turns both clocks.
    pub(crate) fn pass(&self, ms: i64) {
        let now = &mut self.inside().now;
        now.wall += ms;
        now.mono += ms;
    }

    pub(crate) fn turn_wall_clock(&self, ms: i64) {
        self.inside().now.wall += ms;
    }

    pub(crate) fn says(&self, says: Says) {
        self.inside().says.push(says);
    }

    /// The bodies of the token requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.inside().requests.clone()
    }

    pub(crate) fn revoke(&self, access_token: &str) {
        self.inside().revoked.push(access_token.to_owned());
    }

    pub(crate) fn family_is_dead(&self) -> bool {
        self.inside().family_dead
    }

    pub(crate) fn client() -> Client {
        let record = r#"{"version":1,"name":"world","base":"https://as.example","issuer":"https://as.example","token":{"url":"/token"},
            "endpoints":{"jwks":"/keys"}}"#;
        Client::new(Provider::from_json(record).expect("a record"), "id").secret("secret")
    }

    pub(crate) fn builder(store: impl Store) -> SessionBuilder {
        Session::builder(Self::client()).store(store)
    }

    pub(crate) fn grant() -> Grant {
        Grant::client_credentials().scope("read")
    }

    /// A session that a user has logged in to: its token can be refreshed.
    pub(crate) fn logged_in(&self, store: impl Store) -> Session {
        let session = Self::builder(store).user("jo").open().expect("a session");
        session.login(&self.issue(), self.now()).expect("a login");
        session
    }

    /// A token with a refresh token, as a login gives it.
    pub(crate) fn issue(&self) -> Token {
        let mut exchange = Self::client().token(Grant::password("jo", "pw"));
        let Ok(Step::Send(_)) = exchange.step(self.now()) else { panic!("a request") };
        let body = self.inside().token(true);
        exchange.receive(Ok(Answer::new(200, vec![], body)));
        match exchange.step(self.now()) {
            Ok(Step::Done(token)) => token,
            other => panic!("a token, not {other:?}"),
        }
    }

    /// What comes of a request.
    pub(crate) fn carry(&self, request: &Request) -> Outcome {
        let mut inside = self.inside();
        if request.url().ends_with("/token") {
            return inside.token_request(&String::from_utf8_lossy(request.body()));
        }
        let authorization = request.headers().iter().find(|header| header.name() == "authorization").expect("a token");
        let token = authorization.value().trim_start_matches("Bearer ");
        let dead = inside.family_dead || inside.revoked.iter().any(|revoked| revoked == token);
        Ok(Answer::new(if dead { 401 } else { 200 }, vec![], token.as_bytes().to_vec()))
    }

    /// The loop.
    pub(crate) fn run<T>(&self, mut exchange: Exchange<T>) -> Result<T, Error> {
        for _ in 0..10_000 {
            match exchange.step(self.now())? {
                Step::Send(request) => exchange.receive(self.carry(&request)),
                Step::Store(errand) => errand.run(),
                Step::Wait(pause) => self.pass(i64::try_from(pause.as_millis()).expect("a pause")),
                Step::Done(value) => return Ok(value),
                other => panic!("unexpected {}", kind(&other)),
            }
        }
        panic!("it goes on for ever");
    }

    /// Steps until a request is to be sent.
    pub(crate) fn until_send<T>(&self, exchange: &mut Exchange<T>) -> Request {
        for _ in 0..1_000 {
            match exchange.step(self.now()) {
                Ok(Step::Send(request)) => return request,
                Ok(Step::Store(errand)) => errand.run(),
                Ok(Step::Wait(pause)) => self.pass(i64::try_from(pause.as_millis()).expect("a pause")),
                Ok(other) => panic!("unexpected {}", kind(&other)),
                Err(error) => panic!("{error}"),
            }
        }
        panic!("it goes on for ever");
    }
}

pub(crate) fn kind<T>(step: &Step<T>) -> &'static str {
    match step {
        Step::Send(_) => "send",
        Step::Save(_) => "save",
        Step::Wait(_) => "wait",
        Step::Store(_) => "store",
        Step::Done(_) => "done",
    }
}

impl Inside {
    fn token(&mut self, with_refresh: bool) -> Vec<u8> {
        self.issued += 1;
        let number = self.issued;
        let refresh = if with_refresh { format!(r#","refresh_token":"r{number}""#) } else { String::new() };
        format!(r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":3600{refresh}}}"#).into_bytes()
    }

    fn token_request(&mut self, body: &str) -> Outcome {
        self.requests.push(body.to_owned());
        let refused = |body: &str| Ok(Answer::new(400, vec![], body.as_bytes().to_vec()));
        let said = if self.says.is_empty() { None } else { Some(self.says.remove(0)) };
        if let Some(Says::Answer(status, body, headers)) = said {
            let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            return Ok(Answer::new(status, headers, body.as_bytes().to_vec()));
        }
        let keeps = matches!(said, Some(Says::KeepsRefresh));
        let refreshed = body.split('&').find_map(|pair| pair.strip_prefix("refresh_token="));
        if refreshed.is_some_and(|refresh_token| self.family_dead || !self.is_newest(refresh_token)) {
            // RFC 9700 §4.14.2: one that comes back kills the family.
            self.family_dead = true;
            return refused(r#"{"error":"invalid_grant"}"#);
        }
        let answer = self.token(refreshed.is_some() && !keeps);
        if keeps {
            self.issued -= 1;
        }
        if matches!(said, Some(Says::Loses)) {
            return Err(oauth_core::NoAnswer::new(oauth_core::Sent::Maybe, oauth_core::Cause::Cut, "cut"));
        }
        Ok(Answer::new(200, vec![], answer))
    }

    fn is_newest(&self, refresh_token: &str) -> bool {
        refresh_token == format!("r{}", self.issued)
    }
}

/// A store in memory whose functions run as errands, and fail when told to.
#[derive(Clone, Debug)]
pub(crate) struct Slow {
    memory: Arc<Mutex<Memory>>,
    failing: Arc<Mutex<Option<(&'static str, StoreProblem)>>>,
}

impl Slow {
    pub(crate) fn new() -> Self {
        Self { memory: Arc::default(), failing: Arc::default() }
    }

    /// What it holds, without errands and failures.
    pub(crate) fn memory(&self) -> Memory {
        self.memory.lock().expect("no panic").clone()
    }

    /// Holds that from now on.
    pub(crate) fn replace(&self, memory: Memory) {
        *self.memory.lock().expect("no panic") = memory;
    }

    /// From now on that function ("load", "lock", "save") fails so; "save's answer" is lost after it was saved.
    pub(crate) fn fail(&self, function: &'static str, problem: StoreProblem) {
        *self.failing.lock().expect("no panic") = Some((function, problem));
    }

    pub(crate) fn heal(&self) {
        *self.failing.lock().expect("no panic") = None;
    }

    fn check(&self, function: &str) -> Result<(), StoreError> {
        match *self.failing.lock().expect("no panic") {
            Some((failing, problem)) if failing == function || failing == "all" => Err(StoreError::new(problem, "as told")),
            _ => Ok(()),
        }
    }
}

impl Store for Slow {
    fn try_lock(&self, key: &Key, lease: Duration) -> Result<Option<Box<dyn Lock>>, StoreError> {
        self.check("lock")?;
        self.memory().try_lock(key, lease)
    }

    fn load(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.check("load")?;
        self.memory().load(key)
    }

    fn save(&self, key: &Key, revision: u64, text: &Secret) -> Result<bool, StoreError> {
        self.check("save")?;
        let saved = self.memory().save(key, revision, text);
        self.check("save's answer")?;
        saved
    }
}
