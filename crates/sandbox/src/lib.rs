//! Four OAuth 2.0 providers on your laptop.
//!
//! The sandbox serves ActiveBuilding, MyBuilding, BuildPass and Honeywell Home on loopback, over real HTTPS with an
//! authority it makes at every start, as strictly as their documents say. A test turns its clock, revokes tokens, chooses
//! readings where a document leaves something open, orders faults (drip, half-open, cut, reset, endless answers, bad
//! certificates …) and reads a log and counters of what the client sent. Nobody sleeps for an expiry.
//!
//! ```
//! use active_sandbox::{Fault, FaultOrder, Options, Origin, Provider, Revoke, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default())?;
//! // … let a client of yours get a token at sandbox.url(Origin::Honeywell), trusting sandbox.ca_pem() …
//! sandbox.advance_ms(3_600_000);
//! sandbox.revoke(Provider::Honeywell, &Revoke::AccessTokens);
//! sandbox.reading(Provider::Honeywell, &serde_json::json!({"refresh": "omit"}))?;
//! sandbox.fault(FaultOrder {
//!     provider: Origin::BuildPass,
//!     path: Some("/oauth/token".into()),
//!     fault: Fault::Drip { bytes: 1, every_ms: 200 },
//!     times: Some(1),
//! })?;
//! assert_eq!(sandbox.counters()[&Origin::BuildPass].token_requests, 0);
//! # Ok::<(), active_sandbox::Error>(())
//! ```
//!
//! # How it is built
//! `front` terminates TLS, reads whole requests, logs, counts, and performs faults; `serve` is the httpmock server behind
//! it, whose closures call the pure functions of `dialect`; the same httpmock server is the control address. Faults live in
//! the front because httpmock answers whole requests with whole answers: it cannot drip, cut, stay silent, reset, send
//! 200 MB without holding them, or show a certificate of our choice, and it does not count handshakes. Requests it could
//! not take (bytes beyond ASCII in a header, CONNECT, its own administration path) are answered by the front as well.
#![forbid(unsafe_code)]

mod certificates;
mod control;
mod dialect;
mod error;
mod fault;
mod front;
mod ledger;
mod message;
mod misbehave;
mod orders;
mod origin;
mod random;
pub mod readings;
mod sandbox;
mod seed;
mod serve;
mod state;
mod stop;
mod traffic;
mod wire;

pub use error::Error;
pub use fault::{Fault, FaultOrder};
pub use ledger::{Client, User, UserType};
pub use orders::{Login, Revoke};
pub use origin::{Origin, Provider};
pub use sandbox::{Options, Sandbox};
pub use traffic::{Counters, Entry};
