//! What does Python see of the core and its transport?
//!
//! One thin door: each file wraps one word of `oauth-core`, `oauth-keys`, `oauth-session`, `oauth-ureq` or `oauth-native` as a class, and nothing here decides anything about OAuth.
//! Exceptions are defined in Python (`active_oauth/errors.py`), so that they subclass and document like any other.
//!
//! Classes are frozen and shared freely between threads. The interpreter is let go while a request is carried or a store is used.

#![forbid(unsafe_code)]

mod access;
mod agent;
mod call;
mod callable;
mod client;
mod device;
mod discover;
mod document;
mod error;
mod exchange;
mod grant;
mod jws;
mod key;
mod keyword;
mod login;
mod loopback;
mod options;
mod outcome;
mod provider;
mod register;
mod session;
mod signals;
mod signer;
mod step;
mod step_up;
mod text;
mod token;

/// The native half of `active_oauth`; import that package, not this module.
#[pyo3::pymodule]
mod _active {
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name is Python's")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use crate::{
        access::{Access, Admission},
        agent::{Agent, Cancel},
        call::Reply,
        client::Client,
        device::{Backchannel, Device},
        discover::{Challenge, Resource},
        document::Document,
        exchange::Exchange,
        grant::Grant,
        jws::{Jws, thumbprint, verify_jws},
        key::Key,
        login::Login,
        loopback::{Loopback, open_browser},
        outcome::Outcome,
        provider::Provider,
        register::{Registration, client_document},
        session::Session,
        step::{Done, Now, Request, Save, SendStep, Store, Wait},
        step_up::StepUp,
        token::{Token, User},
    };
}
