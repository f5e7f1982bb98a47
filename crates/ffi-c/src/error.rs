//! How does C read an error?

use std::{ffi::c_char, sync::Arc};

use oauth_core::{Error, Kind, Sent};

use crate::border::{Texts, address};

/// Whose move it is.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum active_kind {
    /// The program's: something was asked for that cannot be right.
    ACTIVE_USAGE = 1,
    /// The server said no; see code, standard_code and transient.
    ACTIVE_REFUSED = 2,
    /// The server's makers': the answer makes no sense.
    ACTIVE_GARBLED = 3,
    /// Nobody's: what came may be from someone else. Stop.
    ACTIVE_UNTRUSTED = 4,
    /// The user's: the login or token is over. Start again.
    ACTIVE_EXPIRED = 5,
    /// The network's: there was no answer; see may_have_been_sent.
    ACTIVE_NO_ANSWER = 6,
    /// The store keeper's: a session's store could not be read or written; see code. Nothing that was in it is lost.
    ACTIVE_STORE_FAILED = 7,
}

/// Why something failed. Lent: it lives as long as its handle, an exchange's until its next step. Grows at its end only.
#[repr(C)]
pub struct active_error {
    /// Whose move it is.
    pub kind: active_kind,
    /// For people: printable UTF-8 without any secret. Never NULL.
    pub message: *const c_char,
    /// The kind as a word: usage, refused, garbled, untrusted, expired, no_answer, store. Never NULL.
    pub kind_name: *const c_char,
    /// The server's own code, the cause of no answer (timeout, connect, …), or what is wrong with the store (away, busy, denied, full, damaged,
    /// newer, wrong_key, other); NULL where there is none.
    pub code: *const c_char,
    /// The standard meaning of the server's code (invalid_client, …): branch on this. NULL where there is none.
    pub standard_code: *const c_char,
    /// The server's description, made printable; NULL where it gave none.
    pub description: *const c_char,
    /// The server's error_uri; NULL where it gave none. Show it, do not open it.
    pub error_uri: *const c_char,
    /// The HTTP status; 0 where there was no answer.
    pub status: i32,
    /// Whether the same request can succeed later.
    pub transient: bool,
    /// For ACTIVE_NO_ANSWER: whether the request may have reached the server.
    pub may_have_been_sent: bool,
    /// Whether a code or refresh token may have been used up by a request whose answer was lost.
    pub ambiguous: bool,
    /// Milliseconds the server asked to wait; -1 where it did not.
    pub retry_after_ms: i64,
    /// The answer's whole body. It may hold secrets, which is why the message does not. NULL where there is none.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_length: usize,
}

/// An error and what its view points at.
pub(crate) struct Failure {
    view: active_error,
    _texts: Texts,
    error: Arc<Error>,
}

impl Failure {
    pub(crate) fn new(error: Error) -> Box<Self> {
        let message = error.to_string();
        let mut texts = Texts::with_capacity(message.len() + 128, 6);
        let message = texts.put(&message);
        let kind_name = texts.put(error.kind().as_str());
        let code = texts.put_if(error.code());
        let standard_code = texts.put_if(error.standard_code());
        let description = texts.put_if(error.description());
        let error_uri = texts.put_if(error.error_uri());
        let error = Arc::new(error);
        let body = error.body().unwrap_or_default();
        let view = active_error {
            kind: match error.kind() {
                Kind::Refused => active_kind::ACTIVE_REFUSED,
                Kind::Garbled => active_kind::ACTIVE_GARBLED,
                Kind::Untrusted => active_kind::ACTIVE_UNTRUSTED,
                Kind::Expired => active_kind::ACTIVE_EXPIRED,
                Kind::NoAnswer => active_kind::ACTIVE_NO_ANSWER,
                Kind::Store => active_kind::ACTIVE_STORE_FAILED,
                _ => active_kind::ACTIVE_USAGE,
            },
            message: texts.address(message),
            kind_name: texts.address(kind_name),
            code: texts.address(code),
            standard_code: texts.address(standard_code),
            description: texts.address(description),
            error_uri: texts.address(error_uri),
            status: error.status().map_or(0, i32::from),
            transient: error.is_transient(),
            may_have_been_sent: error.sent() == Some(Sent::Maybe),
            ambiguous: error.is_ambiguous(),
            retry_after_ms: error.retry_after_ms().unwrap_or(-1),
            body: address(body),
            body_length: body.len(),
        };
        Box::new(Self { view, _texts: texts, error })
    }

    pub(crate) fn view(&self) -> &active_error {
        &self.view
    }

    pub(crate) fn error(&self) -> Error {
        Error::clone(&self.error)
    }
}
