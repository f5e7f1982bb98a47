//! How does C get from a refusal to a client that may ask for a token?
//!
//! As the Model Context Protocol has it: the API says who issues its tokens (RFC 9728), that server what it can (RFC 8414), and the program makes
//! itself known there by its own document or by registration (RFC 7591). What is left is a login with PKCE, for that API (RFC 8707).

use std::{ffi::c_char, ptr};

use oauth_core::{Access, Admission, Error};
use oauth_ureq::Agent;

use crate::{
    active_pair,
    agent::active_agent,
    border::{Texts, address, guard, needed, pairs},
    challenge::refusal,
    client::active_client,
    document::{Read, active_document},
    exchange::active_exchange,
    provider::open,
};

/// What a program knows of itself before it asks an API it never heard of. What is wrong with it is told by the first step of an exchange.
pub struct active_access {
    access: Result<Access, Error>,
}

/// What a program needs for a login at an API it never heard of, beside the client, which active_exchange_take_client gives. Lent until the exchange's
/// next step. Grows at its end only.
#[repr(C)]
pub struct active_admission {
    /// What to ask for, for active_client_authorize and active_client_push: this API as resource, and the scope where there is one.
    pub parameters: *const active_pair,
    /// How many.
    pub parameter_count: usize,
    /// The scopes among them: what the refusal named, else what the API knows; NULL where nobody named any.
    pub scope: *const c_char,
    /// The API, as it describes itself. Never NULL.
    pub resource: *const active_document,
    /// The registration that was made on the way, a secret; NULL where none was needed. Keep its json, or there will be another one each time.
    pub registration: *const active_document,
    /// The authorization server's record (no secret), for active_client_new_from_registration or _from_record at the next start. Never NULL.
    pub record: *const c_char,
    /// The client's id. Never NULL.
    pub client_id: *const c_char,
}

/// An admission with what its view points at.
pub(crate) struct Admitted {
    view: active_admission,
    client: Option<Box<active_client>>,
    _resource: Box<Read>,
    _registration: Option<Box<Read>>,
    _parameters: Vec<active_pair>,
    _texts: Texts,
}

impl Admitted {
    pub(crate) fn new(admission: &Admission, agent: Agent) -> Box<Self> {
        let record = admission.client.provider().record_json();
        let mut texts = Texts::with_capacity(record.len() + 512, 6);
        let record = texts.put(&record);
        let client_id = texts.put(admission.client.id());
        let names = (texts.put("resource"), texts.put("scope"));
        let resource = texts.put(admission.resource.resource());
        let scope = texts.put_if(admission.scope.as_deref());
        let named = [(names.0, resource), (names.1, scope)].into_iter().filter(|(_, value)| value.is_some());
        let parameters: Vec<_> =
            named.map(|(name, value)| active_pair { name: texts.address(name), value: texts.address(value) }).collect();
        let document = Read::new(admission.resource.document().clone());
        let registration = admission.registration.as_ref().map(|registration| Read::new(registration.document().clone()));
        Box::new(Self {
            view: active_admission {
                parameters: address(&parameters),
                parameter_count: parameters.len(),
                scope: texts.address(scope),
                resource: document.view(),
                registration: registration.as_ref().map_or(ptr::null(), |registration| registration.view()),
                record: texts.address(record),
                client_id: texts.address(client_id),
            },
            client: Some(active_client::of(admission.client.clone(), agent)),
            _resource: document,
            _registration: registration,
            _parameters: parameters,
            _texts: texts,
        })
    }

    pub(crate) fn view(&self) -> *const active_admission {
        ptr::from_ref(&self.view)
    }

    pub(crate) fn take_client(&mut self) -> Option<Box<active_client>> {
        self.client.take()
    }
}

/// To the API of that identifier: the URL that was called, https without a fragment. Never NULL. Free it with active_access_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_new(url: *const c_char) -> *mut active_access {
    guard(ptr::null_mut(), || Box::into_raw(Box::new(active_access { access: needed(url, "url").map(Access::to) })))
}

/// Frees what active_access_new gave. NULL is harmless.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_free(access: *mut active_access) {
    guard((), || {
        if !access.is_null() {
            // SAFETY: "handle": it came from active_access_new.
            drop(unsafe { Box::from_raw(access) });
        }
    });
}

fn set(access: *mut active_access, change: impl FnOnce(Access) -> Result<Access, Error>) {
    guard((), || {
        // SAFETY: "handle".
        let Some(handle) = (unsafe { access.as_mut() }) else { return };
        if let Ok(access) = &handle.access {
            handle.access = change(access.clone());
        }
    });
}

/// The URL of the program's own client-id metadata document, taken where the server reads those; it comes before registration, for nothing has to be kept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_client_document(access: *mut active_access, url: *const c_char) {
    set(access, |access| Ok(access.client_document(needed(url, "client_document")?)));
}

/// What to register with (RFC 7591 §2), a JSON object, where the server reads no such documents. Every time it runs another client comes to be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_register(access: *mut active_access, metadata: *const c_char) {
    set(access, |access| Ok(access.register(needed(metadata, "metadata")?)));
}

/// What the server may demand before it registers a client (RFC 7591 §3). A secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_initial_access_token(access: *mut active_access, token: *const c_char) {
    set(access, |access| Ok(access.initial_access_token(needed(token, "initial_access_token")?)));
}

/// From the API's refusal to a client: what the API is, who issues its tokens, and how this program becomes known there. `headers` are those of the
/// refusal, as active_answer has them or another library does; its WWW-Authenticate counts. ACTIVE_DONE brings active_exchange_admission and
/// active_exchange_take_client, whose calls go to the API's origin and nowhere else. A server that does not check PKCE, and a document of another API or
/// issuer, is ACTIVE_UNTRUSTED. `agent` carries the requests, the client's too; NULL is the process's default agent. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_access_after(
    access: *const active_access,
    headers: *const active_pair,
    header_count: usize,
    agent: *mut active_agent,
) -> *mut active_exchange {
    open(agent, || {
        // SAFETY: "handle".
        let access = unsafe { access.as_ref() }.ok_or_else(|| Error::Usage("access: is NULL".to_owned()))?.access.clone()?;
        Ok(access.after(&refusal(pairs(headers, header_count, "headers")?)).into())
    })
}
