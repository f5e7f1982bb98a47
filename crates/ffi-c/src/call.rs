//! How does C complete a call before its first step?

use std::ffi::{c_char, c_void};

use oauth_core::{Call, Client, Error, Exchange, Reply, Token};
use oauth_session::Session;

use crate::{
    active_pair,
    border::{bytes, guard, needed},
    client::grant_of,
    exchange::active_exchange,
    work::Work,
};

/// A call before its first step.
pub(crate) struct Draft {
    pub(crate) with: With,
    pub(crate) call: Call,
}

/// With which token a call goes out.
#[expect(clippy::large_enum_variant, reason = "it is in a box already, with its call")]
pub(crate) enum With {
    Token(Client, Token),
    Session(Session),
}

impl Draft {
    pub(crate) fn begin(&self) -> Exchange<Reply> {
        match &self.with {
            With::Token(client, token) => client.call(token, self.call.clone()),
            With::Session(session) => session.call(self.call.clone()),
        }
    }
}

fn complete(exchange: *mut active_exchange, complete: impl FnOnce(&With, Call) -> Result<Call, Error>) {
    guard((), || {
        let Some(inner) = active_exchange::inner(exchange) else { return };
        inner.work = match std::mem::replace(&mut inner.work, Work::Failed(Error::Usage("internal".to_owned()))) {
            Work::Draft(mut draft) => match complete(&draft.with, draft.call) {
                Ok(call) => {
                    draft.call = call;
                    Work::Draft(draft)
                }
                Err(error) => Work::Failed(error),
            },
            Work::Failed(error) => Work::Failed(error),
            Work::Running(_) => {
                Work::Failed(Error::Usage("call: only a call that was not stepped yet can be completed".to_owned()))
            }
        };
    });
}

/// Appends name=value to a call's query.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_query(exchange: *mut active_exchange, name: *const c_char, value: *const c_char) {
    complete(exchange, |_, call| Ok(call.query(needed(name, "query")?, needed(value, "query")?)));
}

/// Adds a header to a call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_header(exchange: *mut active_exchange, name: *const c_char, value: *const c_char) {
    complete(exchange, |_, call| Ok(call.header(needed(name, "header")?, needed(value, "header")?)));
}

/// Adds name=value to the form that is a call's body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_form(exchange: *mut active_exchange, name: *const c_char, value: *const c_char) {
    complete(exchange, |_, call| Ok(call.form(needed(name, "form")?, needed(value, "form")?)));
}

/// Gives a call a body of that media type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_body(
    exchange: *mut active_exchange,
    content_type: *const c_char,
    body: *const c_void,
    length: usize,
) {
    complete(exchange, |_, call| Ok(call.body(needed(content_type, "content_type")?, bytes(body.cast(), length, "body")?)));
}

/// The grant to repeat when a call's token has died and there is no refresh token. Not for a session's call: a session has its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_renew_by(
    exchange: *mut active_exchange,
    grant: *const c_char,
    parameters: *const active_pair,
    count: usize,
) {
    complete(exchange, |with, call| match with {
        With::Token(..) => Ok(call.renew_by(grant_of(grant, parameters, count)?)),
        With::Session(_) => Err(Error::Usage("renew_by: a session renews by its own grant, see active_session_grant".to_owned())),
    });
}
