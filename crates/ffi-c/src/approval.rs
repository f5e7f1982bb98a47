//! How does C log a user in who has no browser here?
//!
//! By a device login (RFC 8628) or a backchannel login (OpenID CIBA Core 1.0): the exchange that begins one lends it, the program keeps a copy
//! or its text, and polls for the token.

use std::{
    cell::RefCell,
    ffi::{CString, c_char},
    ptr,
};

use oauth_core::{Approval, Backchannel, Device, Error, Secret};
use zeroize::Zeroize;

use crate::{
    active_pair,
    border::{At, Texts, guard, needed, pairs},
    client::active_client,
    error::{Failure, active_error},
    exchange::active_exchange,
};

/// A login on a device without a browser: show the user what it says, then active_client_poll. Grows at its end only. One that an exchange
/// lends lives until the exchange's next step; active_device_copy keeps it longer.
#[repr(C)]
pub struct active_device {
    /// What the user enters, to be shown as it is: for the user's eyes and nobody else's. Never NULL, like all but the next but one; empty
    /// for a login that could not be restored.
    pub user_code: *const c_char,
    /// Where the user enters it (no secret). It is a plain https URL, or http to loopback where the client allows that.
    pub verification_uri: *const c_char,
    /// The same with the code in it, for a QR code: as secret as the code. NULL where the server gave none.
    pub verification_uri_complete: *const c_char,
    /// How the answer departed from RFC 8628, separated by ", " (no secret); empty where it did not.
    pub deviations: *const c_char,
    /// When the login is over, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A login whose user is asked on a device of their own. Grows at its end only. One that an exchange lends lives until the exchange's next
/// step; active_backchannel_copy keeps it longer.
#[repr(C)]
pub struct active_backchannel {
    /// When the login is over, in milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// What device and backchannel logins have in common.
pub(crate) trait Waits: Clone + Sized {
    /// What C sees of it.
    type View;
    /// What C sees of one that could not be restored is `None`'s.
    fn view(this: Option<&Self>, texts: &mut Texts) -> Self::View;
    fn restore(saved: &str) -> Result<Self, Error>;
    fn saved(&self) -> Secret;
    fn interval_ms(&self) -> i64;
}

impl Waits for Device {
    type View = active_device;

    fn view(this: Option<&Self>, texts: &mut Texts) -> active_device {
        let deviations = this.map_or_else(Vec::new, Self::deviations);
        let deviations = deviations.iter().map(|deviation| deviation.as_str()).collect::<Vec<_>>().join(", ");
        let places: [At; 4] = [
            texts.put(this.map_or("", Self::user_code)),
            texts.put(this.map_or("", Self::verification_uri)),
            texts.put_if(this.and_then(Self::verification_uri_complete)),
            texts.put(&deviations),
        ];
        let [user_code, verification_uri, verification_uri_complete, deviations] = places.map(|at| texts.address(at));
        let expires_at_ms = this.map_or(0, Self::expires_at);
        active_device { user_code, verification_uri, verification_uri_complete, deviations, expires_at_ms }
    }

    fn restore(saved: &str) -> Result<Self, Error> {
        Self::restore(saved)
    }

    fn saved(&self) -> Secret {
        self.saved()
    }

    fn interval_ms(&self) -> i64 {
        self.interval_ms()
    }
}

impl Waits for Backchannel {
    type View = active_backchannel;

    fn view(this: Option<&Self>, _: &mut Texts) -> active_backchannel {
        active_backchannel { expires_at_ms: this.map_or(0, Self::expires_at) }
    }

    fn restore(saved: &str) -> Result<Self, Error> {
        Self::restore(saved)
    }

    fn saved(&self) -> Secret {
        self.saved()
    }

    fn interval_ms(&self) -> i64 {
        self.interval_ms()
    }
}

/// A login with what its view points at. The view stands first, so that a pointer to it is a pointer to this.
#[repr(C)]
pub(crate) struct Waiting<T: Waits> {
    view: T::View,
    login: Result<T, Box<Failure>>,
    _texts: Texts,
    /// Written anew each time: the server may have asked for a slower pace.
    saved: RefCell<Option<CString>>,
}

impl<T: Waits> Waiting<T> {
    pub(crate) fn new(login: Result<T, Error>) -> Box<Self> {
        let mut texts = Texts::with_capacity(512, 4);
        let view = T::view(login.as_ref().ok(), &mut texts);
        Box::new(Self { view, login: login.map_err(Failure::new), _texts: texts, saved: RefCell::new(None) })
    }

    pub(crate) fn view(&self) -> *const T::View {
        ptr::from_ref(self).cast()
    }

    fn of<'a>(view: *const T::View) -> Option<&'a Self> {
        // SAFETY: "handle": every view that C has is the first member of a Waiting, `repr(C)`, and stands at its address.
        unsafe { view.cast::<Self>().as_ref() }
    }

    fn restored(saved: *const c_char, what: &str) -> *mut T::View {
        guard(ptr::null_mut(), || Box::into_raw(Self::new(needed(saved, what).and_then(T::restore))).cast())
    }

    fn copied(view: *const T::View) -> *mut T::View {
        guard(ptr::null_mut(), || {
            let Some(waiting) = Self::of(view) else { return ptr::null_mut() };
            Box::into_raw(Self::new(waiting.login.as_ref().map(T::clone).map_err(|failure| failure.error()))).cast()
        })
    }

    fn freed(view: *mut T::View) {
        guard((), || {
            if !view.is_null() {
                // SAFETY: "handle": it came from Box::into_raw above, of a Waiting.
                drop(unsafe { Box::from_raw(view.cast::<Self>()) });
            }
        });
    }

    fn error(view: *const T::View) -> *const active_error {
        guard(ptr::null(), || match Self::of(view).map(|waiting| &waiting.login) {
            Some(Err(failure)) => ptr::from_ref(failure.view()),
            _ => ptr::null(),
        })
    }

    fn saved(view: *const T::View) -> *const c_char {
        guard(ptr::null(), || {
            let Some(Self { login: Ok(login), saved, .. }) = Self::of(view) else { return ptr::null() };
            let mut saved = saved.borrow_mut();
            wipe(saved.take());
            saved.insert(CString::new(login.saved().expose()).unwrap_or_default()).as_ptr()
        })
    }

    fn interval(view: *const T::View) -> i64 {
        guard(0, || Self::of(view).and_then(|waiting| waiting.login.as_ref().ok()).map_or(0, T::interval_ms))
    }

    fn given(view: *const T::View, what: &str) -> Result<&T, Error> {
        match Self::of(view).map(|waiting| &waiting.login) {
            Some(Ok(login)) => Ok(login),
            Some(Err(failure)) => Err(failure.error()),
            None => Err(Error::Usage(format!("{what}: is NULL"))),
        }
    }
}

impl<T: Waits> Drop for Waiting<T> {
    fn drop(&mut self) {
        wipe(self.saved.take());
    }
}

fn wipe(text: Option<CString>) {
    if let Some(text) = text {
        text.into_bytes().zeroize();
    }
}

/// Begins a login on a device without a browser (RFC 8628), with parameters as scope. ACTIVE_DONE brings active_exchange_device. Never NULL;
/// what is wrong is told by its first step. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_device(
    client: *const active_client,
    parameters: *const active_pair,
    count: usize,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.device(pairs(parameters, count, "parameters")?).into()))
}

/// Has the provider ask a user on a device of their own (OpenID CIBA Core 1.0 §7.1): scope, one of login_hint, id_token_hint and
/// login_hint_token, and perhaps binding_message, acr_values, requested_expiry, user_code. ACTIVE_DONE brings active_exchange_backchannel. Never
/// NULL; what is wrong is told by its first step. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_backchannel(
    client: *const active_client,
    parameters: *const active_pair,
    count: usize,
) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.backchannel(pairs(parameters, count, "parameters")?).into()))
}

/// Asks for the token of a device login until the user has agreed or refused, or the time is over (ACTIVE_EXPIRED). It pauses (ACTIVE_WAIT) as the
/// server asks, and longer while it is silent or busy. It may be freed at any pause and begun again later, also by another process. Never NULL.
/// Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_poll(client: *const active_client, device: *const active_device) -> *mut active_exchange {
    active_exchange::open(client, |client| Ok(client.poll(Approval::from(Waiting::<Device>::given(device, "device")?)).into()))
}

/// The same for a backchannel login. Never NULL. Free it with active_exchange_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_client_poll_backchannel(
    client: *const active_client,
    backchannel: *const active_backchannel,
) -> *mut active_exchange {
    active_exchange::open(client, |client| {
        Ok(client.poll(Approval::from(Waiting::<Backchannel>::given(backchannel, "backchannel")?)).into())
    })
}

/// Reads what active_device_saved wrote, in any language. Never NULL; if the text is damaged or newer, active_device_error says so, and so does
/// the first step of a poll with it. Free it with active_device_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_restore(saved: *const c_char) -> *mut active_device {
    Waiting::<Device>::restored(saved, "saved device")
}

/// A device login of your own, which outlives the exchange that lent it. Copies share the pace that the server asks for. NULL for NULL. Free it
/// with active_device_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_copy(device: *const active_device) -> *mut active_device {
    Waiting::<Device>::copied(device)
}

/// Frees a device login that active_device_restore or active_device_copy gave, and wipes it. NULL is harmless. Never free a lent one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_free(device: *mut active_device) {
    Waiting::<Device>::freed(device);
}

/// Why a device login could not be restored; NULL where it could.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_error(device: *const active_device) -> *const active_error {
    Waiting::<Device>::error(device)
}

/// The device login as a versioned text that any language restores. A secret. Saved anew after polling it holds what the server said of the
/// pace. Lent until the next call of this function for the same login, or like the login itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_saved(device: *const active_device) -> *const c_char {
    Waiting::<Device>::saved(device)
}

/// How many milliseconds lie between two polls at least: the server's word, 5000 without one, and more after each slow_down.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_device_interval_ms(device: *const active_device) -> i64 {
    Waiting::<Device>::interval(device)
}

/// As active_device_restore. Free it with active_backchannel_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_restore(saved: *const c_char) -> *mut active_backchannel {
    Waiting::<Backchannel>::restored(saved, "saved backchannel")
}

/// As active_device_copy. Free it with active_backchannel_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_copy(backchannel: *const active_backchannel) -> *mut active_backchannel {
    Waiting::<Backchannel>::copied(backchannel)
}

/// As active_device_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_free(backchannel: *mut active_backchannel) {
    Waiting::<Backchannel>::freed(backchannel);
}

/// As active_device_error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_error(backchannel: *const active_backchannel) -> *const active_error {
    Waiting::<Backchannel>::error(backchannel)
}

/// As active_device_saved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_saved(backchannel: *const active_backchannel) -> *const c_char {
    Waiting::<Backchannel>::saved(backchannel)
}

/// As active_device_interval_ms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn active_backchannel_interval_ms(backchannel: *const active_backchannel) -> i64 {
    Waiting::<Backchannel>::interval(backchannel)
}
