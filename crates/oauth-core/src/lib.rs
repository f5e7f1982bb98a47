//! The OAuth 2.0 client of Active, without I/O.
//!
//! An OAuth conversation is an [`Exchange`] that is stepped: it says which [`Request`] to send, is told what came of it, and ends with a
//! [`Token`], a [`Reply`] or an [`Error`] that says whose move it is. The caller brings the transport, the clock, the randomness and the
//! store; `oauth-ureq` brings all but the last for programs that want none of their own.
//!
//! No I/O, clock, randomness, environment, threads or unsafe code is in this crate: time is the argument [`Now`], randomness the trait
//! [`Random`].

#![forbid(unsafe_code)]

mod access;
mod access_token;
mod answer;
mod approval;
mod ask;
mod attach;
mod authorization_details;
mod authorize;
mod begin;
mod call;
mod callback;
mod challenge;
mod ciba;
mod claims;
mod client;
mod client_document;
mod device;
mod discover;
mod document;
mod dpop;
mod encode;
mod endpoint;
mod errand;
mod error;
mod exchange;
mod fetch;
mod front;
mod grant;
mod hmac;
mod hybrid;
mod id_token;
mod identity;
mod introspect;
mod jarm;
mod json;
mod jwk;
mod jwt;
mod kept;
mod keys;
mod login;
mod logout;
mod members;
mod message;
mod pkce;
mod policy;
mod poll;
mod post;
mod profile;
mod proof;
mod prove;
mod prover;
mod provider;
mod push;
mod random;
mod record;
mod redirect_uri;
mod register;
mod request_object;
mod resource;
mod revoke;
mod secret;
mod sign;
mod statement;
mod step_up;
mod time;
mod token;
mod token_request;
mod userinfo;
mod verify;

pub use access::{Access, Admission};
pub use approval::Approval;
pub use authorize::Authorize;
pub use call::{Attempt, Call, Reply};
pub use challenge::Challenge;
pub use ciba::Backchannel;
pub use client::Client;
pub use client_document::client_document;
pub use device::Device;
pub use document::Document;
pub use errand::{Basket, Errand};
pub use error::{Error, ErrorCode, Garbled, Kind, Refused, StoreError, StoreProblem};
pub use exchange::{Exchange, Next, Step, Work};
pub use grant::Grant;
pub use jwk::thumbprint;
pub use jwt::sign_jwt;
pub use login::Login;
pub use message::{Answer, Cause, Header, NoAnswer, Outcome, Request, Sent};
pub use profile::Policy;
pub use prover::Prover;
pub use provider::Provider;
pub use random::Random;
pub use record::{AssertionAudience, BodyFormat, ClientAuth};
pub use register::Registration;
pub use resource::Resource;
pub use secret::Secret;
pub use sign::Signer;
pub use step_up::StepUp;
pub use time::Now;
pub use token::{Deviation, Token, User};
pub use verify::{Unread, Verifier};
