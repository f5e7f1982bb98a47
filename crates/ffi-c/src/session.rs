//! How does C share one good token among threads, processes and machines?

use std::{
    ffi::{CString, c_char, c_void},
    ptr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use oauth_core::{Call, Client, Error, Grant, Token};
use oauth_session::{Away, Memory, Session, Store};
use oauth_ureq::Agent;

use crate::{
    active_pair,
    agent::duration,
    border::{guard, needed, text},
    call::{Draft, With},
    client::{active_client, grant_of},
    deed::Deed,
    error::{Failure, active_error},
    exchange::active_exchange,
    token::{Held, active_token, given},
    work::Work,
};

/// One good token for everyone who needs it: the only handle that threads share. Its token is in its store, and so shared with all processes
/// and machines that have the same store, client, user and grant.
///
/// It is set up by one thread, and then used by any number. Setting it up after its first exchange was begun is a usage error.
pub struct active_session {
    setup: Mutex<Setup>,
    /// Made by the first exchange, and from then on as it is.
    opened: OnceLock<Result<Opened, Error>>,
    /// It was set up too late.
    late: OnceLock<Error>,
    /// What active_session_error lent; it stays as it is.
    told: OnceLock<Box<Failure>>,
    /// What active_session_key lent.
    name: OnceLock<CString>,
}

struct Opened {
    session: Session,
    agent: Agent,
}

#[derive(Clone)]
struct Setup {
    client: Result<(Client, Agent), Error>,
    store: Arc<dyn Store>,
    grant: Option<Grant>,
    user: Option<String>,
    away: Away,
    margin: Option<Duration>,
    deadline: Option<Duration>,
    on_change: Option<Hook<active_changed>>,
    on_error: Option<Hook<active_failed>>,
}

/// Is told of each new token of a session, after it was stored. `token` is lent for the call.
pub type active_changed = Option<unsafe extern "C" fn(context: *mut c_void, token: *const active_token)>;

/// Is told of each renewal that failed, also where a token that is still valid hid it from the callers. `error` is lent for the call.
pub type active_failed = Option<unsafe extern "C" fn(context: *mut c_void, error: *const active_error)>;

/// The program's function and what it wants to be given.
#[derive(Clone, Copy)]
struct Hook<F> {
    function: F,
    context: *mut c_void,
}

// SAFETY: "shared": the program promised that its function may be called on any thread with this context.
unsafe impl<F: Send> Send for Hook<F> {}
// SAFETY: the same.
unsafe impl<F: Sync> Sync for Hook<F> {}

impl Hook<active_changed> {
    fn call(&self, token: &Token) {
        let held = Held::new(token.clone());
        if let Some(function) = self.function {
            // SAFETY: the program's own function, called with its own context.
            unsafe { function(self.context, held.view()) };
        }
    }
}

impl Hook<active_failed> {
    fn call(&self, error: &Error) {
        let failure = Failure::new(error.clone());
        if let Some(function) = self.function {
            // SAFETY: the program's own function, called with its own context.
            unsafe { function(self.context, ptr::from_ref(failure.view())) };
        }
    }
}

impl Setup {
    fn open(self) -> Result<Opened, Error> {
        let (client, agent) = self.client?;
        let deadline = self.deadline.unwrap_or_else(|| agent.deadline());
        let mut builder = Session::builder(client).shared_store(self.store).when_away(self.away).deadline(deadline);
        if let Some(grant) = self.grant {
            builder = builder.grant(grant);
        }
        if let Some(user) = &self.user {
            builder = builder.user(user);
        }
        if let Some(margin) = self.margin {
            builder = builder.margin(margin);
        }
        if let Some(hook) = self.on_change {
            builder = builder.on_change(move |token| hook.call(token));
        }
        if let Some(hook) = self.on_error {
            builder = builder.on_error(move |error| hook.call(error));
        }
        Ok(Opened { session: builder.open()?, agent })
    }
}

impl active_session {
    fn setup(&self) -> MutexGuard<'_, Setup> {
        self.setup.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session, opened if this is its first use.
    fn ready<'a>(session: *const Self) -> Result<&'a Opened, Error> {
        // SAFETY: "shared".
        let session = unsafe { session.as_ref() }.ok_or_else(|| Error::Usage("session: is NULL".to_owned()))?;
        if let Some(late) = session.late.get() {
            return Err(late.clone());
        }
        let opened = match session.opened.get() {
            Some(opened) => opened,
            None => {
                let setup = session.setup().clone();
                // Opened before it is put in: nothing that takes time happens while the cell is locked, for a fork could come then.
                let opened = setup.open();
                session.opened.get_or_init(|| opened)
            }
        };
        opened.as_ref().map_err(Error::clone)
    }

    fn begin(session: *const Self, begin: impl FnOnce(&Session) -> Result<Work, Error>) -> *mut active_exchange {
        active_exchange::begun(|| {
            let opened = Self::ready(session)?;
            Ok((begin(&opened.session)?, opened.agent.clone()))
        })
    }
}

/// A session of that client, as it is now, with the token in this store:
///
/// - NULL or "memory:": in this session's own memory; "memory:name": in that of the process which has this name.
/// - "file:/directory?key_file=/path": in files of that directory, encrypted, for all processes of this machine; also "?key=keyring", "?key=" with
///   32 bytes in base64 or hexadecimal digits, or "?danger_unencrypted=yes".
/// - "keyring:": in the keyring of the user's desktop.
/// - "redis://host:port", "rediss://…" (with TLS) or "unix:/path": in Redis or Valkey, for all machines.
///
/// The name may hold a secret, and no error shows it. It may block while a key is read. Never NULL; what is wrong with the store, with the client or
/// with the setting up is told by active_session_error and by the first step of each exchange. Free it with active_session_free, at any time: exchanges keep what they need.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_new(client: *const active_client, store: *const c_char) -> *mut active_session {
    guard(ptr::null_mut(), || {
        let client = active_client::ready(client).map(|(client, agent)| (client.clone(), agent));
        let store = text(store, "store").and_then(|name| oauth_session::named(name.unwrap_or("memory:")));
        let (client, store) = match (client, store) {
            (Ok(client), Ok(store)) => (Ok(client), store),
            // Never used: every exchange begins with the error.
            (Err(error), _) | (_, Err(error)) => (Err(error), Arc::new(Memory::new()) as Arc<dyn Store>),
        };
        let setup = Setup {
            client,
            store,
            grant: None,
            user: None,
            away: Away::default(),
            margin: None,
            deadline: None,
            on_change: None,
            on_error: None,
        };
        Box::into_raw(Box::new(active_session {
            setup: Mutex::new(setup),
            opened: OnceLock::new(),
            late: OnceLock::new(),
            told: OnceLock::new(),
            name: OnceLock::new(),
        }))
    })
}

/// Frees a session when no thread uses this handle any more. Exchanges begun on it go on. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_free(session: *mut active_session) {
    guard((), || {
        if !session.is_null() {
            // SAFETY: "shared": it came from active_session_new, and no thread uses it any more.
            drop(unsafe { Box::from_raw(session) });
        }
    });
}

fn set(session: *mut active_session, what: &str, change: impl FnOnce(&mut Setup) -> Result<(), Error>) {
    guard((), || {
        // SAFETY: "shared".
        let Some(session) = (unsafe { session.as_ref() }) else { return };
        let mut setup = session.setup();
        if session.opened.get().is_some() {
            let error = format!("{what}: the session is in use already; set it up before its first exchange");
            let _ = session.late.set(Error::Usage(error));
        } else if let Err(error) = change(&mut setup)
            && setup.client.is_ok()
        {
            setup.client = Err(error);
        }
    });
}

/// The grant to repeat, with all its parameters, where there is no token to renew: as for active_client_token, but neither
/// "authorization_code" nor "refresh_token", which work once. Without a grant the session lives on what active_session_login gave it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_grant(
    session: *mut active_session,
    grant: *const c_char,
    parameters: *const active_pair,
    count: usize,
) {
    set(session, "grant", |setup| {
        setup.grant = Some(grant_of(grant, parameters, count)?);
        Ok(())
    });
}

/// Whose token it is, where the grant doesn't say: any text that tells this user from the others in the store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_user(session: *mut active_session, user: *const c_char) {
    set(session, "user", |setup| {
        setup.user = Some(needed(user, "user")?.to_owned());
        Ok(())
    });
}

/// What to do while the store can't be reached and a token is needed: "fail" (the default) as ACTIVE_STORE_FAILED, or go on "alone": repeat the
/// grant without the others. A token at hand that is still valid goes on being used either way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_when_away(session: *mut active_session, policy: *const c_char) {
    set(session, "when_away", |setup| {
        setup.away = match needed(policy, "when_away")? {
            "fail" => Away::Fail,
            "alone" => Away::Alone,
            _ => return Err(Error::Usage("when_away: must be fail or alone".to_owned())),
        };
        Ok(())
    });
}

/// How long before its end a token is renewed, in milliseconds: 60000 unless set, and never more than half of its lifetime.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_margin_ms(session: *mut active_session, milliseconds: i64) {
    set(session, "margin", |setup| {
        let margin =
            u64::try_from(milliseconds).map_err(|_| Error::Usage("margin: must not be less than 0 milliseconds".to_owned()))?;
        setup.margin = Some(Duration::from_millis(margin));
        Ok(())
    });
}

/// The longest that one request may take, in milliseconds, where the program carries requests by other means than its agent, whose own it is unless set. A
/// store's lock is taken for twice as long, at most 30 s more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_deadline_ms(session: *mut active_session, milliseconds: i64) {
    set(session, "deadline", |setup| {
        setup.deadline = Some(duration(milliseconds, "deadline")?);
        Ok(())
    });
}

/// Who is told of new tokens; NULL is nobody. It is called on the thread that steps the exchange which renewed, by several threads at once if they
/// do; it must return soon (no longjmp, no C++ exception) and use neither that exchange nor a lock which waits for it. `context` must live until the
/// session and its exchanges are freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_on_change(session: *mut active_session, changed: active_changed, context: *mut c_void) {
    let hook = changed.map(|_| Hook { function: changed, context });
    set(session, "on_change", |setup| {
        setup.on_change = hook;
        Ok(())
    });
}

/// Who is told of failed renewals; NULL is nobody. As active_session_on_change.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_on_error(session: *mut active_session, failed: active_failed, context: *mut c_void) {
    let hook = failed.map(|_| Hook { function: failed, context });
    set(session, "on_error", |setup| {
        setup.on_error = hook;
        Ok(())
    });
}

/// What is wrong with a session, as its exchanges would tell; NULL where nothing is. It ends the setting up, as the first exchange does. Lent
/// until active_session_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_error(session: *const active_session) -> *const active_error {
    guard(ptr::null(), || {
        // SAFETY: "shared".
        let Some(session) = (unsafe { session.as_ref() }) else { return ptr::null() };
        match active_session::ready(session) {
            Ok(_) => ptr::null(),
            Err(error) => ptr::from_ref(session.told.get_or_init(|| Failure::new(error)).view()),
        }
    })
}

/// Under which name the store keeps the token: 64 hexadecimal digits, the same in every process and language, to find the file or the key by. NULL where
/// something is wrong with the session; it ends the setting up, as the first exchange does. Lent until active_session_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_key(session: *const active_session) -> *const c_char {
    guard(ptr::null(), || {
        // SAFETY: "shared".
        let Some(handle) = (unsafe { session.as_ref() }) else { return ptr::null() };
        let Ok(opened) = active_session::ready(session) else { return ptr::null() };
        handle.name.get_or_init(|| CString::new(opened.session.key().name()).unwrap_or_default()).as_ptr()
    })
}

/// A good token: the one at hand, another process's from the store, or a new one. Of all threads that find it over, one asks the provider and the
/// others wait (ACTIVE_WAIT) and share its end. Its token is stored before it is handed out, so ACTIVE_SAVE never comes. Any thread may begin
/// one at any time. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_token(session: *const active_session) -> *mut active_exchange {
    active_session::begin(session, |session| Ok(session.token().into()))
}

/// An API call with a good token; where the API says that it's dead it is renewed once, for all threads, and the call repeated once. To be
/// completed as active_client_call's. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_call(
    session: *const active_session,
    method: *const c_char,
    target: *const c_char,
) -> *mut active_exchange {
    active_session::begin(session, |session| {
        let call = Call::new(needed(method, "method")?, needed(target, "target")?);
        Ok(Work::Draft(Box::new(Draft { with: With::Session(session.clone()), call })))
    })
}

/// Puts a token into the store, in place of whatever is there: the end of a login in the browser. ACTIVE_DONE says that it's there, and lends it.
/// Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_login(
    session: *const active_session,
    token: *const active_token,
) -> *mut active_exchange {
    active_session::begin(session, |session| {
        let (session, token) = (session.clone(), given(token)?);
        Ok(Deed::exchange(move |now| session.login(&token, now).map(|()| token.clone())).into())
    })
}

/// Takes the token out of the store and forgets it. It isn't revoked at the provider. ACTIVE_DONE says that it's gone; no token is lent.
/// Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_logout(session: *const active_session) -> *mut active_exchange {
    active_session::begin(session, |session| {
        let session = session.clone();
        Ok(Deed::exchange(move |_| session.logout()).into())
    })
}

/// Forgets that the provider refused, so that the next exchange asks it again: after somebody repaired it there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_forget_refusals(session: *const active_session) {
    guard((), || {
        if let Ok(opened) = active_session::ready(session) {
            opened.session.forget_refusals();
        }
    });
}

/// Copies the Authorization header's value of the token at hand ("Bearer …", a secret) to `buffer` with a NUL at its end, if that token is good
/// now: gives its length in bytes without the NUL. If `size` is not larger than that nothing is copied. 0 means that there is something
/// to do: run active_session_token. It takes no lock, allocates nothing and doesn't touch the store; any number of threads may ask at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_session_authorization(session: *const active_session, buffer: *mut c_char, size: usize) -> usize {
    guard(0, || {
        // SAFETY: "shared".
        let Some(Ok(opened)) = unsafe { session.as_ref() }.and_then(|session| session.opened.get()) else { return 0 };
        let Some(current) = opened.session.current(oauth_ureq::now()) else { return 0 };
        let Some(value) = current.authorization() else { return 0 };
        if !buffer.is_null() && size > value.len() {
            // SAFETY: "array": `buffer` has room for `size` bytes, which is more than the value and its NUL.
            unsafe {
                ptr::copy_nonoverlapping(value.as_ptr(), buffer.cast(), value.len());
                buffer.add(value.len()).write(0);
            }
        }
        value.len()
    })
}
