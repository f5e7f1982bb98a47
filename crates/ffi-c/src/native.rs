//! How does a program in C on the user's own machine log its user in?
//!
//! By the user's browser (RFC 8252): it is opened with the login's URL, and comes back to a port of this machine.

use std::{
    ffi::{CString, c_char},
    ptr,
    time::Duration,
};

use oauth_core::{Cause, Error, Exchange, Next, NoAnswer, Now, Outcome, Secret, Sent, Work};
use oauth_native::{Loopback, LoopbackError, open_browser};

use crate::{
    border::{guard, needed, text},
    error::{Failure, active_error},
    exchange::active_exchange,
    login::active_login,
};

/// So often a step looks whether the browser came back.
const LOOK: Duration = Duration::from_millis(20);
/// As long as a login may live, in milliseconds.
const LONGEST: i64 = 24 * 60 * 60 * 1000;

/// Waits on this machine for the browser to come back from one login, or the reason why it cannot. It listens on 127.0.0.1, or where there is no IPv4 on
/// [::1], at a port that is free. Any program and any page on this machine can call it, which is why what it hears goes to active_client_callback only.
pub struct active_loopback {
    /// None once it was waited on: a login comes back once.
    loopback: Result<Option<Loopback>, Box<Failure>>,
    redirect_uri: CString,
}

/// Begins to listen. `path` is that of the redirect URI that is registered (servers leave the port open and nothing else, RFC 8252 §7.3), NULL for
/// "/callback"; `app` is the program's name, to which the page in the browser sends the user back, NULL for "the app". Never NULL; active_loopback_error says
/// what was wrong. Free it with active_loopback_free, at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_new(path: *const c_char, app: *const c_char) -> *mut active_loopback {
    guard(ptr::null_mut(), || {
        let loopback = (|| {
            let loopback = Loopback::listen_at(text(path, "path")?.unwrap_or("/callback")).map_err(told)?;
            Ok(match text(app, "app")? {
                Some(name) => loopback.app(name),
                None => loopback,
            })
        })();
        let redirect_uri = loopback.as_ref().map(Loopback::redirect_uri).unwrap_or_default();
        Box::into_raw(Box::new(active_loopback {
            loopback: loopback.map(Some).map_err(Failure::new),
            redirect_uri: CString::new(redirect_uri).unwrap_or_default(),
        }))
    })
}

/// Whose move it is.
fn told(error: LoopbackError) -> Error {
    let text = error.to_string();
    match error {
        LoopbackError::Listen(_) => {
            let cause = NoAnswer::new(Sent::No, Cause::Connect, &text);
            Error::NoAnswer { what: "the way back from the browser".to_owned(), cause, ambiguous: false }
        }
        _ => Error::Usage(text),
    }
}

/// Frees it, and stops listening unless an exchange waits. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_free(loopback: *mut active_loopback) {
    guard((), || {
        if !loopback.is_null() {
            // SAFETY: "handle": it came from active_loopback_new.
            drop(unsafe { Box::from_raw(loopback) });
        }
    });
}

/// Why nothing can be waited for; NULL where it can. Lent until active_loopback_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_error(loopback: *const active_loopback) -> *const active_error {
    // SAFETY: "handle".
    match unsafe { loopback.as_ref() } {
        Some(active_loopback { loopback: Err(failure), .. }) => ptr::from_ref(failure.view()),
        _ => ptr::null(),
    }
}

/// The redirect URI of this login, with the port: "http://127.0.0.1:49152/callback", for active_client_authorize or _push. Register it without the port.
/// Empty where nothing can be waited for; NULL for NULL. Lent until active_loopback_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_redirect_uri(loopback: *const active_loopback) -> *const c_char {
    // SAFETY: "handle".
    unsafe { loopback.as_ref() }.map_or(ptr::null(), |loopback| loopback.redirect_uri.as_ptr())
}

/// Waits for that login alone: who comes by a callback with another state (RFC 6749 §10.12) is sent away, and the wait goes on. Without it a page that guesses
/// the port can use the loopback up by sending the browser there; no token comes of that, and neither does a login. Call it between the login's beginning and
/// active_loopback_callback, whose exchange tells what was wrong with the login. The login may be freed at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_only_for(loopback: *mut active_loopback, login: *const active_login) {
    guard((), || {
        // SAFETY: "handle".
        let Some(handle) = (unsafe { loopback.as_mut() }) else { return };
        let Ok(waiting) = &mut handle.loopback else { return };
        match active_login::given(login) {
            Ok(login) => *waiting = waiting.take().map(|loopback| loopback.only_for(login.recognizer())),
            Err(error) => handle.loopback = Err(Failure::new(error)),
        }
    });
}

/// Waits until the browser comes back, shows it a page that sends the user to the program, and stops listening. ACTIVE_DONE brings the URL that it came by
/// as active_exchange_text: what active_client_callback takes. It holds the code, so keep it out of logs. Whatever else calls is sent away. `deadline_ms` is
/// how long the user may take, a day at most: then it fails as ACTIVE_EXPIRED; active_exchange_cancel ends it before. Its steps give ACTIVE_WAIT meanwhile and
/// nothing else. A loopback is waited on once. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_loopback_callback(loopback: *mut active_loopback, deadline_ms: i64) -> *mut active_exchange {
    active_exchange::begun(|| {
        // SAFETY: "handle".
        let handle = unsafe { loopback.as_mut() }.ok_or_else(|| Error::Usage("loopback: is NULL".to_owned()))?;
        // Before it is taken: who asked for nothing may ask again.
        crate::agent::duration(deadline_ms, "deadline")?;
        let loopback = match &mut handle.loopback {
            Ok(loopback) => loopback.take(),
            Err(failure) => return Err(failure.error()),
        };
        let loopback = loopback.ok_or_else(|| {
            Error::Usage("loopback: it was waited on already, and belongs to one login; make another for the next".to_owned())
        })?;
        let back = Back { loopback: Some(loopback), deadline_ms: deadline_ms.min(LONGEST), until: None };
        Ok((Exchange::new(back).into(), crate::agent::default_agent()))
    })
}

/// The way back from the browser.
struct Back {
    /// None once it is over, so that nobody is listened to any more.
    loopback: Option<Loopback>,
    deadline_ms: i64,
    until: Option<i64>,
}

impl Work<Secret> for Back {
    fn next(&mut self, now: Now) -> Result<Next<Secret>, Error> {
        let until = *self.until.get_or_insert(now.mono.saturating_add(self.deadline_ms));
        let came = self.loopback.as_mut().and_then(Loopback::look);
        if came.is_none() && now.mono < until {
            return Ok(Next::Wait(LOOK));
        }
        self.loopback = None;
        match came {
            Some(callback) => Ok(Next::Done(Secret::from(callback))),
            None => Err(Error::Expired(format!(
                "loopback: nobody came back from the browser within {} ms; begin another login",
                self.deadline_ms
            ))),
        }
    }

    fn hear(&mut self, _: Outcome, _: Now) -> Result<Next<Secret>, Error> {
        Err(Error::Usage("receive: nothing was sent".to_owned()))
    }
}

/// Opens a login's URL in the user's own browser. False where this machine has none that a program may start (a server, a container), and for a URL that no
/// browser should be given: it must be https, or http to loopback. Then show the URL, and the user opens it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_open_browser(url: *const c_char) -> bool {
    guard(false, || needed(url, "url").is_ok_and(|url| open_browser(url).is_ok()))
}
