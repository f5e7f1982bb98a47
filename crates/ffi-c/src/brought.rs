//! What has an exchange brought to C?
//!
//! Whatever it is, it is lent until the exchange is freed, or taken out of it.

use std::{
    ffi::{CStr, CString, c_char},
    ptr,
};

use oauth_core::{Answer, Backchannel, Device};
use oauth_ureq::{Agent, Cancel};
use zeroize::Zeroize;

use crate::{
    access::{Admitted, active_admission},
    approval::{Waiting, active_backchannel, active_device},
    border::guard,
    challenge::{Challenges, active_challenges},
    client::active_client,
    document::{Read, active_document},
    exchange::{active_exchange, lend},
    jws::{Signed, active_jws},
    login::active_login,
    message::{Lent, active_answer},
    token::{Held, active_token},
    work::Product,
};

/// What an exchange ended with, and the newest token on the way there.
#[derive(Default)]
pub(crate) struct Brought {
    pub(crate) token: Option<Box<Held>>,
    answer: Option<Box<Lent<active_answer, Answer>>>,
    document: Option<Box<Read>>,
    device: Option<Box<Waiting<Device>>>,
    backchannel: Option<Box<Waiting<Backchannel>>>,
    login: Option<Box<active_login>>,
    record: Option<CString>,
    challenges: Option<Box<Challenges>>,
    admission: Option<Box<Admitted>>,
    jws: Option<Box<Signed>>,
    text: Option<CString>,
}

impl Brought {
    /// The exchange ended with this.
    pub(crate) fn keep(&mut self, product: Product, agent: &Agent) {
        match product {
            Product::Token(token) => self.token = Some(Held::new(token)),
            Product::Reply(reply) => self.answer = Some(Lent::answer(reply.answer)),
            Product::Document(document) => self.document = Some(Read::new(document)),
            Product::Device(device) => self.device = Some(Waiting::new(Ok(device))),
            Product::Backchannel(backchannel) => self.backchannel = Some(Waiting::new(Ok(backchannel))),
            Product::Login(login) => self.login = Some(active_login::new(Ok(login))),
            Product::Provider(provider) => self.record = CString::new(provider.record_json()).ok(),
            Product::Admission(admission) => {
                self.admission = Some(Admitted::new(&admission, agent.with_cancel(&Cancel::new())));
            }
            Product::Jws(jws) => self.jws = Some(Signed::new(&jws)),
            Product::Text(text) => self.text = CString::new(text.expose()).ok(),
            Product::Nothing => {}
        }
    }
}

impl Drop for Brought {
    fn drop(&mut self) {
        if let Some(text) = self.text.take() {
            text.into_bytes().zeroize();
        }
    }
}

/// The newest token that this exchange was given: after ACTIVE_SAVE, after ACTIVE_DONE, and after a failure too. NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_token(exchange: *mut active_exchange) -> *const active_token {
    lend(exchange, |inner| inner.brought.token.as_ref().map(|held| held.view()))
}

/// A call's answer after ACTIVE_DONE; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_answer(exchange: *mut active_exchange) -> *const active_answer {
    lend(exchange, |inner| inner.brought.answer.as_ref().map(|lent| ptr::from_ref(lent.view())))
}

/// What a call's answer asks for in its WWW-Authenticate, after ACTIVE_DONE; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_challenges(exchange: *mut active_exchange) -> *const active_challenges {
    guard(ptr::null(), || {
        let Some(inner) = active_exchange::inner(exchange) else { return ptr::null() };
        let Some(answer) = &inner.brought.answer else { return ptr::null() };
        inner.brought.challenges.get_or_insert_with(|| Challenges::of(&answer.message)).view()
    })
}

/// What the server said after ACTIVE_DONE; NULL where the exchange does not end with a document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_document(exchange: *mut active_exchange) -> *const active_document {
    lend(exchange, |inner| inner.brought.document.as_ref().map(|read| read.view()))
}

/// The device login that ACTIVE_DONE brought; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_device(exchange: *mut active_exchange) -> *const active_device {
    lend(exchange, |inner| inner.brought.device.as_ref().map(|waiting| waiting.view()))
}

/// The backchannel login that ACTIVE_DONE brought; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_backchannel(exchange: *mut active_exchange) -> *const active_backchannel {
    lend(exchange, |inner| inner.brought.backchannel.as_ref().map(|waiting| waiting.view()))
}

/// The login that an active_client_push has brought. It is yours: free it with active_login_free. NULL where there is none, or it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_take_login(exchange: *mut active_exchange) -> *mut active_login {
    guard(ptr::null_mut(), || {
        active_exchange::inner(exchange).and_then(|inner| inner.brought.login.take()).map_or(ptr::null_mut(), Box::into_raw)
    })
}

/// The record of the provider that active_provider_discover found, as JSON (no secret), for active_client_new_from_record; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_record(exchange: *mut active_exchange) -> *const c_char {
    lend(exchange, |inner| inner.brought.record.as_deref().map(CStr::as_ptr))
}

/// What active_access_after has brought; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_admission(exchange: *mut active_exchange) -> *const active_admission {
    lend(exchange, |inner| inner.brought.admission.as_ref().map(|admitted| admitted.view()))
}

/// The client that active_access_after has brought. It is yours: free it with active_client_free. NULL where there is none, or it was taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_take_client(exchange: *mut active_exchange) -> *mut active_client {
    guard(ptr::null_mut(), || {
        let client = active_exchange::inner(exchange).and_then(|inner| inner.brought.admission.as_mut()?.take_client());
        client.map_or(ptr::null_mut(), Box::into_raw)
    })
}

/// What active_verify_jws has checked; NULL for other exchanges.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_jws(exchange: *mut active_exchange) -> *const active_jws {
    lend(exchange, |inner| inner.brought.jws.as_ref().map(|signed| signed.view()))
}

/// The text that the exchange was begun for, as active_client_end_session_url's, active_key_sign_jwt's, active_loopback_callback's, active_client_document's
/// and active_thumbprint's are; NULL for other exchanges. A secret, unless it says otherwise there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_exchange_text(exchange: *mut active_exchange) -> *const c_char {
    lend(exchange, |inner| inner.brought.text.as_deref().map(CStr::as_ptr))
}
