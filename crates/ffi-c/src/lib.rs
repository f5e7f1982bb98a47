//! The door for C: `active.h`, `libactive.so` and `libactive.a`.
//!
//! Every function here does three things: reads what came over the border, calls oauth-core, oauth-session or oauth-ureq, and lends out what they said.
//! The promises that C must keep, and that each `unsafe` block names, are these:
//!
//! - **handle**: a pointer to one of our handles is NULL or came from us and was not freed; one thread at a time uses it.
//! - **shared**: the same for a session, which any number of threads use, and which is freed when none does any more.
//! - **string**: a `const char *` is NULL or ends with a NUL.
//! - **array**: a pointer with a count points at that many elements, or the count is 0.
//! - **lent**: what we lend is read only until the handle's next step, or until it is freed.

#![allow(non_camel_case_types, reason = "the names are C's")]

// In the order in which active.h is read. A blank line keeps rustfmt from sorting them.
mod client;

mod exchange;

mod brought;

mod call;

mod token;

mod login;

mod session;

mod agent;

mod document;

mod provider;

mod identity;

mod approval;

mod native;

mod key;

mod signer;

mod jws;

mod access;

mod challenge;

mod api;

mod border;
mod deed;
mod error;
mod message;
mod work;

use std::ffi::c_char;

use oauth_core::Now;

/// A name and its value: a parameter, a header. Frozen for ever. Both are UTF-8 and NUL-terminated.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct active_pair {
    /// The name.
    pub name: *const c_char,
    /// The value.
    pub value: *const c_char,
}

/// The time of a step, in milliseconds. Frozen for ever.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct active_now {
    /// Since the Unix epoch, as the wall clock has it.
    pub wall_ms: i64,
    /// Since any fixed point, never running backwards.
    pub mono_ms: i64,
}

/// The time at `now`, or the library's clock where it is NULL.
pub(crate) fn time(now: *const active_now) -> Now {
    // SAFETY: "array", of one element, which is NULL or readable.
    match unsafe { now.as_ref() } {
        Some(now) => Now { wall: now.wall_ms, mono: now.mono_ms },
        None => oauth_ureq::now(),
    }
}

/// The library's version, for example "0.1.0". Never NULL; lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn active_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The time by the library's own clock, which is used wherever `now` is NULL. Never fails.
#[unsafe(no_mangle)]
pub extern "C" fn active_clock() -> active_now {
    border::guard(active_now { wall_ms: 0, mono_ms: 0 }, || {
        let now = oauth_ureq::now();
        active_now { wall_ms: now.wall, mono_ms: now.mono }
    })
}
