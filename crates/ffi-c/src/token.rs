//! How does C read and keep a token?

use std::{
    cell::RefCell,
    ffi::{CStr, CString, c_char},
    ptr,
    sync::OnceLock,
};

use oauth_core::{Error, Token};
use zeroize::Zeroize;

use crate::{
    border::{At, Texts, address, guard, needed},
    error::{Failure, active_error},
};

/// A token. Grows at its end only. One that an exchange lends lives until the exchange's next step; active_token_copy keeps it longer.
///
/// Every text is a secret unless it says otherwise.
#[repr(C)]
pub struct active_token {
    /// The access token: visible ASCII. Never NULL; empty for a token that could not be restored.
    pub access_token: *const c_char,
    /// "Bearer …" for the Authorization header; NULL where the token's type is one that nobody may use.
    pub authorization: *const c_char,
    /// The refresh token; NULL where there is none.
    pub refresh_token: *const c_char,
    /// The type in the server's words (no secret); NULL where it named none.
    pub token_type: *const c_char,
    /// The scope granted, or requested where the server said nothing (no secret); NULL where neither is known.
    pub scope: *const c_char,
    /// The scope asked for (no secret); NULL where none was.
    pub requested_scope: *const c_char,
    /// The provider's name (no secret).
    pub provider: *const c_char,
    /// How the answer departed from RFC 6749, separated by ", " (no secret); empty where it did not.
    pub deviations: *const c_char,
    /// When it expires, in milliseconds since the Unix epoch; -1 where the server did not say.
    pub expires_at_ms: i64,
    /// When it was received, in milliseconds since the Unix epoch.
    pub received_at_ms: i64,
    /// Whether something that was asked for was not granted.
    pub scope_narrower: bool,
    /// The server's whole answer, byte for byte; NULL where it is empty.
    pub answer: *const u8,
    /// Its length in bytes.
    pub answer_length: usize,
}

/// The user that ActiveBuilding and MyBuilding tell about beside the token. Grows at its end only.
#[repr(C)]
pub struct active_user {
    /// userId. Never NULL.
    pub user_id: *const c_char,
    /// STAFF or RESIDENT; NULL where it is missing, like all below.
    pub user_type: *const c_char,
    /// email
    pub email: *const c_char,
    /// fullname
    pub fullname: *const c_char,
    /// profilePicture, a URL
    pub profile_picture: *const c_char,
}

/// A token with what its view points at. The view stands first, so that a pointer to it is a pointer to this.
#[repr(C)]
pub(crate) struct Held {
    view: active_token,
    token: Result<Token, Box<Failure>>,
    texts: Texts,
    saved: OnceLock<CString>,
    field: RefCell<Option<CString>>,
    user: OnceLock<Option<(active_user, Texts)>>,
    id_token: OnceLock<Option<CString>>,
}

impl Held {
    pub(crate) fn new(token: Token) -> Box<Self> {
        let deviations = token.deviations().iter().map(|deviation| deviation.as_str()).collect::<Vec<_>>().join(", ");
        let mut texts = Texts::with_capacity(token.access_token().len() + 256, 9);
        let header = texts.put(token.authorization().unwrap_or_else(|| token.access_token()));
        let scheme = token.authorization().map_or(0, |header| header.len() - token.access_token().len());
        let places: [At; 6] = [
            texts.put_if(token.refresh_token().map(|token| token.expose())),
            texts.put_if(token.token_type()),
            texts.put_if(token.scope()),
            texts.put_if(token.requested_scope()),
            texts.put(token.provider()),
            texts.put(&deviations),
        ];
        let [refresh_token, token_type, scope, requested_scope, provider, deviations] = places.map(|at| texts.address(at));
        let view = active_token {
            access_token: texts.address(header.map(|at| at + scheme)),
            authorization: if scheme > 0 { texts.address(header) } else { ptr::null() },
            refresh_token,
            token_type,
            scope,
            requested_scope,
            provider,
            deviations,
            expires_at_ms: token.expires_at().unwrap_or(-1),
            received_at_ms: token.received_at(),
            scope_narrower: token.is_scope_narrower(),
            answer: ptr::null(),
            answer_length: token.answer().len(),
        };
        let mut held = Self::around(view, Ok(token), texts);
        held.view.answer = held.token.as_ref().map_or(ptr::null(), |token| address(token.answer()));
        held
    }

    fn damaged(error: Error) -> Box<Self> {
        let mut texts = Texts::with_capacity(0, 1);
        let empty = texts.put("");
        let empty = texts.address(empty);
        let view = active_token {
            access_token: empty,
            authorization: ptr::null(),
            refresh_token: ptr::null(),
            token_type: ptr::null(),
            scope: ptr::null(),
            requested_scope: ptr::null(),
            provider: empty,
            deviations: empty,
            expires_at_ms: -1,
            received_at_ms: 0,
            scope_narrower: false,
            answer: ptr::null(),
            answer_length: 0,
        };
        Self::around(view, Err(Failure::new(error)), texts)
    }

    fn around(view: active_token, token: Result<Token, Box<Failure>>, texts: Texts) -> Box<Self> {
        Box::new(Self {
            view,
            token,
            texts,
            saved: OnceLock::new(),
            field: RefCell::new(None),
            user: OnceLock::new(),
            id_token: OnceLock::new(),
        })
    }

    pub(crate) fn view(&self) -> *const active_token {
        ptr::from_ref(self).cast()
    }

    fn of<'a>(token: *const active_token) -> Option<&'a Self> {
        // SAFETY: "handle": every active_token that C has is the first member of a Held, `repr(C)`, and stands at its address.
        unsafe { token.cast::<Self>().as_ref() }
    }
}

/// The token behind what C gave us.
pub(crate) fn given(token: *const active_token) -> Result<Token, Error> {
    match Held::of(token) {
        Some(Held { token: Ok(token), .. }) => Ok(token.clone()),
        Some(Held { token: Err(failure), .. }) => Err(failure.error()),
        None => Err(Error::Usage("token: is NULL".to_owned())),
    }
}

/// A token of C's own, or the reason why there is none.
pub(crate) fn own(token: Result<Token, Error>) -> *mut active_token {
    Box::into_raw(token.map_or_else(Held::damaged, Held::new)).cast()
}

/// Reads what active_token_saved wrote, in any language. Never NULL; if the text is damaged or newer, active_token_error says so, and
/// so does the first step of an exchange with it. Free it with active_token_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_restore(saved: *const c_char) -> *mut active_token {
    guard(ptr::null_mut(), || own(needed(saved, "saved token").and_then(Token::restore)))
}

/// A token of your own, which outlives the exchange that lent it. NULL for NULL. Free it with active_token_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_copy(token: *const active_token) -> *mut active_token {
    guard(ptr::null_mut(), || match given(token) {
        Err(_) if token.is_null() => ptr::null_mut(),
        token => own(token),
    })
}

/// Frees a token that active_token_restore or active_token_copy gave, and wipes it. NULL is harmless. Never free a lent one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_free(token: *mut active_token) {
    guard((), || {
        if !token.is_null() {
            // SAFETY: "handle": it came from Box::into_raw above, of a Held.
            drop(unsafe { Box::from_raw(token.cast::<Held>()) });
        }
    });
}

/// Why a token could not be restored; NULL where it could.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_error(token: *const active_token) -> *const active_error {
    guard(ptr::null(), || match Held::of(token).map(|held| &held.token) {
        Some(Err(failure)) => ptr::from_ref(failure.view()),
        _ => ptr::null(),
    })
}

/// The token as a versioned text, for a session or a database, that any language restores. A secret. Lent like the token itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_saved(token: *const active_token) -> *const c_char {
    guard(ptr::null(), || match Held::of(token) {
        Some(Held { token: Ok(token), saved, .. }) => {
            saved.get_or_init(|| CString::new(token.saved().expose()).unwrap_or_default()).as_ptr()
        }
        _ => ptr::null(),
    })
}

/// The user the server told about; NULL where it told of none. Lent like the token itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_user(token: *const active_token) -> *const active_user {
    guard(ptr::null(), || match Held::of(token) {
        Some(Held { token: Ok(token), user, .. }) => match user.get_or_init(|| token.user().as_ref().map(lend_user)) {
            Some((view, _)) => ptr::from_ref(view),
            None => ptr::null(),
        },
        _ => ptr::null(),
    })
}

fn lend_user(user: &oauth_core::User) -> (active_user, Texts) {
    let mut texts = Texts::with_capacity(256, 5);
    let places: [At; 5] = [
        texts.put(&user.user_id),
        texts.put_if(user.user_type.as_deref()),
        texts.put_if(user.email.as_deref()),
        texts.put_if(user.fullname.as_deref()),
        texts.put_if(user.profile_picture.as_deref()),
    ];
    let [user_id, user_type, email, fullname, profile_picture] = places.map(|at| texts.address(at));
    (active_user { user_id, user_type, email, fullname, profile_picture }, texts)
}

/// The ID token that came with it (OpenID Connect Core 1.0 §2), as active_client_end_session_url takes it; NULL where there is none. Its claims
/// are to be believed after active_client_id_token only. Lent like the token itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_id_token(token: *const active_token) -> *const c_char {
    guard(ptr::null(), || match Held::of(token) {
        Some(Held { token: Ok(token), id_token, .. }) => {
            let text = || CString::new(token.field("/id_token")?.as_str()?).ok();
            id_token.get_or_init(text).as_deref().map_or(ptr::null(), CStr::as_ptr)
        }
        _ => ptr::null(),
    })
}

/// Any member of the server's answer by JSON pointer (RFC 6901; "/" is the member with the empty name), as JSON text: a string comes
/// with its quotes. NULL where there is none. It may be a secret. Lent until the next active_token_field of this token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_token_field(token: *const active_token, pointer: *const c_char) -> *const c_char {
    guard(ptr::null(), || {
        let Some(held) = Held::of(token) else { return ptr::null() };
        let value =
            held.token.as_ref().ok().zip(needed(pointer, "pointer").ok()).and_then(|(token, pointer)| token.field(pointer));
        let mut field = held.field.borrow_mut();
        if let Some(old) = field.take() {
            old.into_bytes().zeroize();
        }
        *field = value.and_then(|value| CString::new(value.to_string()).ok());
        field.as_deref().map_or(ptr::null(), CStr::as_ptr)
    })
}

impl Drop for Held {
    fn drop(&mut self) {
        for text in [self.saved.take(), self.field.take(), self.id_token.take().flatten()].into_iter().flatten() {
            text.into_bytes().zeroize();
        }
        let _ = &self.texts;
    }
}
