//! The OAuth 2.0 client of Active, without I/O.
//!
//! An OAuth conversation is an [`Exchange`] that is stepped: it says which [`Request`] to send, is told what came of it, and ends with a
//! [`Token`], a [`Reply`] or an [`Error`] that says whose move it is. The caller brings the transport, the clock, the randomness and the
//! store; `oauth-ureq` brings all but the last for programs that want none of their own.
//!
//! No I/O, clock, randomness, environment, threads or unsafe code is in this crate: time is the argument [`Now`], randomness the trait
//! [`Random`].

#![forbid(unsafe_code)]

mod answer;
mod ask;
mod attach;
mod authorize;
mod call;
mod challenge;
mod client;
mod document;
mod encode;
mod endpoint;
mod errand;
mod error;
mod exchange;
mod grant;
mod introspect;
mod json;
mod members;
mod message;
mod pkce;
mod post;
mod prove;
mod provider;
mod record;
mod revoke;
mod secret;
mod time;
mod token;

pub use authorize::{Authorize, Login, Random};
pub use call::{Attempt, Call, Reply};
pub use client::Client;
pub use document::Document;
pub use errand::{Basket, Errand};
pub use error::{Error, ErrorCode, Garbled, Kind, Refused, StoreError, StoreProblem};
pub use exchange::{Exchange, Next, Step, Work};
pub use grant::Grant;
pub use message::{Answer, Cause, Header, NoAnswer, Outcome, Request, Sent};
pub use provider::Provider;
pub use record::{BodyFormat, ClientAuth};
pub use secret::Secret;
pub use time::Now;
pub use token::{Deviation, Token, User};
