//! Who shares one token?
//!
//! A session: cheap to clone, for any number of threads. What it does is in `renewal.rs`; here is what it is made of.

use std::{fmt, sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use oauth_core::{Call, Client, Error, Exchange, Grant, Next, Now, Outcome, Reply, StoreError, StoreProblem, Token, Work};

use crate::{
    Key, Memory,
    attempt::AttemptWork,
    call::CallWork,
    entry::Entry,
    flight::Flights,
    held::{Current, Held, Margin},
    random,
    renewal::{Renewal, with},
    shared::{Away, Hook, Shared, ms},
    store::Store,
};

/// One good token for everyone who needs it. `Send + Sync`; clones share it, and so do the sessions of other threads, processes and machines
/// with the same store and [`Key`].
///
/// ```
/// use oauth_core::{Client, Grant, Provider};
/// use oauth_session::{Memory, Session};
///
/// let client = Client::new(Provider::buildpass(), "id").secret("secret");
/// let session = Session::builder(client).grant(Grant::client_credentials().scope("read:builders")).store(Memory::new()).open()?;
/// // agent.run(session.token())?, agent.run(session.call(Call::get("/packages")))?
/// # Ok::<(), oauth_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Session(Arc<Shared>);

/// What a session is made of. See each function for its default.
pub struct SessionBuilder {
    client: Client,
    grant: Option<Grant>,
    user: Option<String>,
    store: Arc<dyn Store>,
    away: Away,
    margin: Duration,
    deadline: Duration,
    on_change: Option<Hook<Token>>,
    on_error: Option<Hook<Error>>,
}

/// Grants that cannot be repeated.
const WORK_ONCE: [&str; 4] =
    ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba"];

/// No request takes longer, and all times here can be added up.
const MOST_DEADLINE: Duration = Duration::from_secs(86_400);

impl Session {
    /// Begins a session of that client.
    pub fn builder(client: Client) -> SessionBuilder {
        SessionBuilder {
            client,
            grant: None,
            user: None,
            store: Arc::new(Memory::new()),
            away: Away::default(),
            margin: Duration::from_secs(60),
            deadline: Duration::from_secs(30),
            on_change: None,
            on_error: None,
        }
    }

    /// A good token: the one at hand, another process's from the store, or a new one.
    pub fn token(&self) -> Exchange<Token> {
        // A token that died unproven makes the pause before the next one longer, whoever asks for it.
        let died = self.0.held.load_full().filter(|held| held.is_dead());
        Exchange::new(TokenWork(Renewal::new(&self.0, died)))
    }

    /// An API call with a good token. Where the API says that the token is dead it is renewed once and the call repeated once.
    /// [`Reply::renewed`] is always None: the new token is in the store.
    pub fn call(&self, call: Call) -> Exchange<Reply> {
        Exchange::new(CallWork::new(&self.0, call))
    }

    /// One try of an API call that somebody else carries, with a token that [`token`](Self::token) or [`current`](Self::current) gave. None:
    /// the API says that this token is dead. Then ask [`token`](Self::token) for the next one and try once more, as the `last`.
    pub fn attempt(&self, token: &Token, call: Call, last: bool) -> Exchange<Option<Reply>> {
        Exchange::new(AttemptWork::new(&self.0, token, call, last))
    }

    /// The token at hand if it is good for now, without any exchange: no lock, no allocation. None means that [`token`](Self::token) has
    /// something to do.
    pub fn current(&self, now: Now) -> Option<Current> {
        let held = self.0.held.load();
        held.as_ref().is_some_and(|held| held.is_fresh(now)).then_some(Current(held))
    }

    /// Puts a token into the store, in place of whatever is there: the end of a login in the browser.
    ///
    /// It may block for as long as the store does; call it where that does no harm.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::Usage`] for another provider's token; what [`Client::takes`] says of one that the client may not use.
    pub fn login(&self, token: &Token, now: Now) -> Result<(), Error> {
        if token.provider() != self.0.client.provider().name() {
            return Err(Error::Usage(format!("login: the token was issued by {}", token.provider())));
        }
        self.0.client.takes(token)?;
        let entry = self.replace(Some(token))?;
        let held = Held::new(token.clone(), entry.revision, entry.line, now, self.0.margin);
        self.0.flights.forget();
        self.0.take_over(held, true);
        Ok(())
    }

    /// Takes the token out of the store and forgets it. Other processes notice when theirs is over. It is not revoked at the provider.
    ///
    /// It may block for as long as the store does.
    ///
    /// # Errors
    /// [`Error::Store`]: it is still there.
    pub fn logout(&self) -> Result<(), Error> {
        self.replace(None)?;
        self.0.flights.forget();
        self.0.held.store(None);
        Ok(())
    }

    /// Forgets that the provider refused, so that the next call asks again: after somebody repaired it there.
    pub fn forget_refusals(&self) {
        self.0.flights.forget();
    }

    /// Under which name the store keeps the token.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// Begins a new line: whoever is renewing the old token finds that it is no longer theirs to write.
    fn replace(&self, token: Option<&Token>) -> Result<Entry, Error> {
        const MOST_TRIES: u32 = 20;
        let Shared { store, key, .. } = &*self.0;
        for _ in 0..MOST_TRIES {
            let revision = store.load(key)?.map_or(0, |stored| stored.revision);
            let entry = Entry { token: token.cloned(), revision, ..Entry::nothing(random::word()) };
            if store.save(key, revision, &entry.written())? {
                return Ok(Entry { revision: revision.saturating_add(1), ..entry });
            }
        }
        Err(StoreError::new(StoreProblem::Busy, format!("session of {key}: others write it all the time")).into())
    }
}

impl SessionBuilder {
    /// How to get a token where there is none to refresh: repeated with all its parameters. Without one a session lives on what
    /// [`Session::login`] put into its store, and says "log in again" at its end.
    #[must_use]
    pub fn grant(mut self, grant: Grant) -> Self {
        self.grant = Some(grant);
        self
    }

    /// Whose token it is, where the grant does not say: any text that tells this user from the others in the store. It must be said for a
    /// grant with an assertion or a subject token, even where all of them are for the same one.
    #[must_use]
    pub fn user(mut self, user: &str) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    /// Where the token is kept. In this session's own memory if nothing is said.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// The same for a store that several sessions use.
    #[must_use]
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = store;
        self
    }

    /// What to do while the store cannot be reached.
    #[must_use]
    pub fn when_away(mut self, away: Away) -> Self {
        self.away = away;
        self
    }

    /// How long before its end a token is renewed: 60 s unless set, never more than half of its lifetime, and up to a tenth of it (30 s at
    /// most) earlier, by a share of each session's own.
    #[must_use]
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// The longest that the transport may take for one request: 30 s unless set, as the agent of oauth-ureq. The store's lock is taken for
    /// twice as long (30 s more at most), and nothing is sent when less than this is left of it.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Called with each new token, after it was saved, on the thread that steps. It must not block, nor use the exchange.
    #[must_use]
    pub fn on_change(mut self, hook: impl Fn(&Token) + Send + Sync + 'static) -> Self {
        self.on_change = Some(Arc::new(hook));
        self
    }

    /// Called with each failure of a renewal, also where a still valid token hid it from the callers; like [`on_change`](Self::on_change).
    #[must_use]
    pub fn on_error(mut self, hook: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        self.on_error = Some(Arc::new(hook));
        self
    }

    /// The session. It has not looked into its store yet.
    ///
    /// # Errors
    /// [`Error::Usage`]: what is wrong with the client, or a grant that cannot be repeated.
    pub fn open(self) -> Result<Session, Error> {
        if let Some(grant) = &self.grant
            && WORK_ONCE.contains(&grant.grant_type())
        {
            let why = format!("session: a grant of type {} works once and cannot be repeated; use login", grant.grant_type());
            return Err(Error::Usage(why));
        }
        let key = Key::of(&self.client, self.user.as_deref(), self.grant.as_ref())?;
        let margin = Margin { ms: ms(self.margin), share: random::share() };
        Ok(Session(Arc::new(Shared {
            client: self.client,
            grant: self.grant,
            store: self.store,
            key,
            away: self.away,
            margin,
            held: ArcSwapOption::empty(),
            flights: Arc::new(Flights::new()),
            deadline: self.deadline.min(MOST_DEADLINE),
            on_change: self.on_change,
            on_error: self.on_error,
        })))
    }
}

struct TokenWork(Renewal);

impl Work<Token> for TokenWork {
    fn next(&mut self, now: Now) -> Result<Next<Token>, Error> {
        self.0.next(now).map(|next| with(next, |held| Next::Done(held.token.clone())))
    }

    fn hear(&mut self, outcome: Outcome, _: Now) -> Result<Next<Token>, Error> {
        self.0.hear(outcome).map(|next| with(next, |held| Next::Done(held.token.clone())))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("key", &self.0.key).field("store", &self.0.store).finish_non_exhaustive()
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder").field("client", &self.client).field("store", &self.store).finish_non_exhaustive()
    }
}
