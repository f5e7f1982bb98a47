//! How does C log a user in by the browser?

use std::{
    ffi::{CString, c_char},
    ptr,
};

use oauth_core::{Authorize, Error, Login};
use oauth_ureq::OsRandom;
use zeroize::Zeroize;

use crate::{
    active_now, active_pair,
    border::{guard, needed, pairs},
    challenge::{active_challenge, given},
    client::active_client,
    error::{Failure, active_error},
    exchange::active_exchange,
    time,
};

/// A login that waits for its callback, or the reason why it could not be begun or restored.
pub struct active_login {
    login: Result<Login, Box<Failure>>,
    url: CString,
    saved: CString,
}

impl active_login {
    pub(crate) fn new(login: Result<Login, Error>) -> Box<Self> {
        let url = login.as_ref().map_or("", Login::url);
        let url = CString::new(url).unwrap_or_default();
        Box::new(Self { login: login.map_err(Failure::new), url, saved: CString::default() })
    }
}

impl active_login {
    /// The login behind that handle.
    pub(crate) fn given<'a>(login: *const Self) -> Result<&'a Login, Error> {
        // SAFETY: "handle".
        let login = unsafe { login.as_ref() }.ok_or_else(|| Error::Usage("login: is NULL".to_owned()))?;
        login.login.as_ref().map_err(|failure| failure.error())
    }
}

impl Drop for active_login {
    fn drop(&mut self) {
        for text in [&mut self.url, &mut self.saved] {
            std::mem::take(text).into_bytes().zeroize();
        }
    }
}

/// Begins a login in the browser: send the user to active_login_url, keep active_login_saved in the user's own session until the callback.
/// `parameters` (scope, prompt, …) go into the URL; `lifetime_ms` is how long the user may take, 0 for ten minutes; `now` NULL is the library's
/// clock. A scope with "openid" has the ID token that comes back checked before the token is handed out, where the provider's record names its
/// issuer and endpoints.jwks. With a response_mode ("jwt", "query.jwt", "fragment.jwt", "form_post.jwt") the server signs its answer (JARM), and one that
/// is not is refused. A legacy: response_type among the parameters ("token", "code id_token") has the answer come in the fragment, where
/// an ID token that comes with a code is checked before the code is sent. Never NULL; active_login_error says what was wrong. Free it with active_login_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_authorize(
    client: *const active_client,
    redirect_uri: *const c_char,
    parameters: *const active_pair,
    count: usize,
    lifetime_ms: i64,
    now: *const active_now,
) -> *mut active_login {
    // SAFETY: the same promises, and no challenge.
    unsafe { active_client_authorize_step_up(client, ptr::null(), redirect_uri, parameters, count, lifetime_ms, now) }
}

/// The login that an API's demand asks for (RFC 9470, active_challenges_step_up): as active_client_authorize, and the challenge's acr_values, max_age and
/// scope go along beside yours. NULL for `challenge` asks for nothing more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_authorize_step_up(
    client: *const active_client,
    challenge: *const active_challenge,
    redirect_uri: *const c_char,
    parameters: *const active_pair,
    count: usize,
    lifetime_ms: i64,
    now: *const active_now,
) -> *mut active_login {
    guard(ptr::null_mut(), || {
        Box::into_raw(active_login::new((|| {
            let (core, _) = active_client::ready(client)?;
            let authorize = asked(client, challenge, redirect_uri, pairs(parameters, count, "parameters")?, lifetime_ms)?;
            core.authorize(authorize, time(now), &OsRandom)
        })()))
    })
}

/// As active_client_authorize, but the parameters go to the provider directly, and the URL names them by a reference that it gave (pushed
/// authorization requests, RFC 9126). ACTIVE_DONE brings active_exchange_take_login. Never NULL; what is wrong is told by its first step. Free it
/// with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_push(
    client: *const active_client,
    redirect_uri: *const c_char,
    parameters: *const active_pair,
    count: usize,
    lifetime_ms: i64,
    now: *const active_now,
) -> *mut active_exchange {
    // SAFETY: the same promises, and no challenge.
    unsafe { active_client_push_step_up(client, ptr::null(), redirect_uri, parameters, count, lifetime_ms, now) }
}

/// As active_client_push, for the login that an API's demand asks for: see active_client_authorize_step_up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_push_step_up(
    client: *const active_client,
    challenge: *const active_challenge,
    redirect_uri: *const c_char,
    parameters: *const active_pair,
    count: usize,
    lifetime_ms: i64,
    now: *const active_now,
) -> *mut active_exchange {
    active_exchange::open(client, |core| {
        let authorize = asked(client, challenge, redirect_uri, pairs(parameters, count, "parameters")?, lifetime_ms)?;
        Ok(core.push(authorize, time(now), &OsRandom).into())
    })
}

fn asked(
    client: *const active_client,
    challenge: *const active_challenge,
    redirect_uri: *const c_char,
    parameters: Vec<(&str, &str)>,
    lifetime_ms: i64,
) -> Result<Authorize, Error> {
    let mut authorize = Authorize::new(needed(redirect_uri, "redirect_uri")?);
    for (name, value) in parameters {
        authorize = match name {
            "response_type" => authorize.response_type(value),
            _ => authorize.parameter(name, value),
        };
    }
    if let Some(challenge) = given(challenge) {
        authorize = authorize.step_up(challenge);
    }
    if active_client::signs_requests(client) {
        authorize = authorize.signed();
    }
    match lifetime_ms {
        0 => Ok(authorize),
        some if some > 0 => Ok(authorize.lifetime_ms(some)),
        _ => Err(Error::Usage("lifetime: must not be less than 0 milliseconds".to_owned())),
    }
}

/// Reads what active_login_saved wrote, in any language. Never NULL; active_login_error says what was wrong. Free it with active_login_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_restore(saved: *const c_char) -> *mut active_login {
    guard(ptr::null_mut(), || Box::into_raw(active_login::new(needed(saved, "saved login").and_then(Login::restore))))
}

/// Frees a login, and wipes it. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_free(login: *mut active_login) {
    guard((), || {
        if !login.is_null() {
            // SAFETY: "handle": it came from active_login::new.
            drop(unsafe { Box::from_raw(login) });
        }
    });
}

/// Why the login could not be begun or restored; NULL where it could.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_error(login: *const active_login) -> *const active_error {
    // SAFETY: "handle".
    match unsafe { login.as_ref() } {
        Some(active_login { login: Err(failure), .. }) => ptr::from_ref(failure.view()),
        _ => ptr::null(),
    }
}

/// The URL to send the browser to; empty for a restored login. It holds the state: show it to nobody but the user. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_url(login: *const active_login) -> *const c_char {
    // SAFETY: "handle".
    unsafe { login.as_ref() }.map_or(ptr::null(), |login| login.url.as_ptr())
}

/// Until when the server knows the URL of a pushed request, in milliseconds since the Unix epoch, often for a minute only; -1 for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_url_expires_at_ms(login: *const active_login) -> i64 {
    // SAFETY: "handle".
    unsafe { login.as_ref() }.and_then(|login| login.login.as_ref().ok()?.url_expires_at()).unwrap_or(-1)
}

/// The login as a versioned text that any language restores. A secret. NULL where it was taken already. Lent until the next call of this
/// function or active_login_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_saved(login: *mut active_login) -> *const c_char {
    guard(ptr::null(), || {
        // SAFETY: "handle".
        let Some(login) = (unsafe { login.as_mut() }) else { return ptr::null() };
        match login.login.as_ref().map(Login::saved) {
            Ok(Ok(saved)) => {
                login.saved = CString::new(saved.expose()).unwrap_or_default();
                login.saved.as_ptr()
            }
            _ => ptr::null(),
        }
    })
}

/// Whether a callback was accepted already, so that the stored text can be deleted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_login_is_taken(login: *const active_login) -> bool {
    // SAFETY: "handle".
    unsafe { login.as_ref() }.is_some_and(|login| login.login.as_ref().is_ok_and(Login::is_taken))
}

/// Ends a login: checks the callback's state and iss, takes the login (it works once) and exchanges the code for a token. `callback` is the
/// URL the browser was sent to, or its query alone (its fragment where that was asked for, the body of the POST for form_post.jwt). A forged callback fails as ACTIVE_UNTRUSTED and leaves the login open. Never NULL. Free it
/// with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_callback(
    client: *const active_client,
    login: *mut active_login,
    callback: *const c_char,
) -> *mut active_exchange {
    active_exchange::open(client, |client| {
        // SAFETY: "handle".
        let login = unsafe { login.as_mut() }.ok_or_else(|| Error::Usage("login: is NULL".to_owned()))?;
        match &mut login.login {
            Ok(login) => Ok(client.callback(login, needed(callback, "callback")?).into()),
            Err(failure) => Err(failure.error()),
        }
    })
}
