//! How does C revoke a token, and read what a server says in other answers?

use std::{
    cell::RefCell,
    ffi::{CStr, CString, c_char},
    ptr,
};

use oauth_core::Document;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    border::{guard, needed},
    client::active_client,
    exchange::active_exchange,
    token::{active_token, given},
};

/// A JSON object that a server answered with. It may hold secrets. Grows at its end only. One that an exchange lends lives until the exchange's
/// next step; active_document_copy keeps it longer.
#[repr(C)]
pub struct active_document {
    /// The whole object, byte for byte as it came, and a NUL behind it. Never NULL; "{}" where the server has nothing to say.
    pub json: *const c_char,
    /// Its length in bytes.
    pub json_length: usize,
}

/// A document with what its view points at. The view stands first, so that a pointer to it is a pointer to this.
#[repr(C)]
pub(crate) struct Read {
    view: active_document,
    /// With a NUL at its end; there is none inside, for JSON has no place for it.
    _json: Zeroizing<Vec<u8>>,
    document: Document,
    field: RefCell<Option<CString>>,
}

impl Read {
    pub(crate) fn new(document: Document) -> Box<Self> {
        let mut json = Zeroizing::new(Vec::with_capacity(document.json().len() + 1));
        json.extend_from_slice(document.json());
        json.push(0);
        let view = active_document { json: json.as_ptr().cast(), json_length: json.len() - 1 };
        Box::new(Self { view, _json: json, document, field: RefCell::new(None) })
    }

    pub(crate) fn view(&self) -> *const active_document {
        ptr::from_ref(self).cast()
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn of<'a>(document: *const active_document) -> Option<&'a Self> {
        // SAFETY: "handle": every active_document that C has is the first member of a Read, `repr(C)`, and stands at its address.
        unsafe { document.cast::<Self>().as_ref() }
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        wipe(self.field.take());
    }
}

fn wipe(text: Option<CString>) {
    if let Some(text) = text {
        text.into_bytes().zeroize();
    }
}

/// A document of your own, which outlives the exchange that lent it. NULL for NULL. Free it with active_document_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_document_copy(document: *const active_document) -> *mut active_document {
    guard(ptr::null_mut(), || {
        Read::of(document).map_or(ptr::null_mut(), |read| Box::into_raw(Read::new(read.document.clone())).cast())
    })
}

/// Frees a document that active_document_copy gave, and wipes it. NULL is harmless. Never free a lent one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_document_free(document: *mut active_document) {
    guard((), || {
        if !document.is_null() {
            // SAFETY: "handle": it came from Box::into_raw above, of a Read.
            drop(unsafe { Box::from_raw(document.cast::<Read>()) });
        }
    });
}

/// Any member of a document by JSON pointer (RFC 6901): "/active". As JSON text: a string comes with its quotes. NULL where there is none. It
/// may be a secret. Lent until the next active_document_field of this document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_document_field(document: *const active_document, pointer: *const c_char) -> *const c_char {
    guard(ptr::null(), || {
        let Some(read) = Read::of(document) else { return ptr::null() };
        let value = needed(pointer, "pointer").ok().and_then(|pointer| read.document.field(pointer));
        let mut field = read.field.borrow_mut();
        wipe(field.take());
        *field = value.and_then(|value| CString::new(value.to_string()).ok());
        field.as_deref().map_or(ptr::null(), CStr::as_ptr)
    })
}

/// Revokes a token at the provider (RFC 7009): the refresh token, and with it all that came of the same login, or where there is none the access
/// token. A token that the server does not know is revoked already. ACTIVE_DONE says that it is, and its document is empty. Never NULL. Free
/// it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_revoke(client: *const active_client, token: *const active_token) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.revoke(&given(token)?).into()))
}

/// Asks the provider what it knows of an access token (RFC 7662): active_exchange_document, whose "/active" is true or false. Never NULL. Free
/// it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_introspect(
    client: *const active_client,
    token: *const active_token,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.introspect(&given(token)?).into()))
}

/// Asks the provider the same, and wants the answer signed (RFC 9701): checked by the server's published keys, so that nobody on the way can have said it.
/// The server gives such answers to clients that are registered for them; one that is not signed is ACTIVE_UNTRUSTED. Never NULL. Free it with
/// active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_introspect_signed(
    client: *const active_client,
    token: *const active_token,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.introspect_signed(&given(token)?).into()))
}

/// Asks the provider who logged in (OpenID Connect Core 1.0 §5.3): active_exchange_document, whose "/sub" is the user's name at this provider.
/// It is about the token's user only where that is the "sub" of the ID token, too. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_userinfo(
    client: *const active_client,
    token: *const active_token,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.userinfo(&given(token)?).into()))
}
