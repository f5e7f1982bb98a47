//! How does a request get to the server, and the answer back?
//!
//! [`oauth_core`] says what to send and never touches a socket; this crate carries it: over HTTPS with ureq and rustls, and with nothing
//! that could make a program wait for ever. An [`Agent`] is made once, cloned freely and shared by all threads.
//!
//! ```no_run
//! use oauth_core::{Client, Grant, Provider};
//! use oauth_ureq::Agent;
//!
//! let client = Client::new(Provider::buildpass(), "id").secret("secret");
//! let token = Agent::new().run(client.token(Grant::client_credentials().scope("read:builders")))?;
//! # Ok::<(), oauth_core::Error>(())
//! ```
//!
//! What holds for every request:
//!
//! - **https only.** Plain http goes to loopback, and only where the client was told so by its ugly name.
//! - **It ends.** One deadline (30 s unless set) covers name look-up, connection, TLS, sending and the answer's last byte, also against a
//!   server that drips; another thread can end it sooner ([`Cancel`]). Every wait is a slice of at most 100 ms.
//! - **It stays where it was sent.** No redirect is followed (RFC 9700 §4.12): the 3xx goes to the core like any other answer.
//! - **It is bounded.** 1 MiB of body after decompression unless set, 60 KiB of header, 128 header fields.
//! - **It is honest.** Each failure says whether the request may have arrived ([`Sent`](oauth_core::Sent)) and why there is no answer
//!   ([`Cause`](oauth_core::Cause)), and neither it nor a log line holds a token, a query or a credential.
//! - **No thread per request.** Connections are reused for 15 s and looked at before use; names are kept for 5 s, and only a look-up
//!   that is not kept runs on a thread of its own, since `getaddrinfo` cannot be interrupted. A forked child opens its own connections.

//!
//! # Logging
//!
//! ureq logs through the `log` crate, without secrets up to level debug. At level **trace** it dumps every request's header and every
//! answer, tokens included, and nothing but the `log` crate's own compile-time ceiling keeps them out of the program's log. So the feature
//! `quiet`, which is on unless default features are switched off, sets that ceiling to debug, *for the whole program*. A program that needs
//! its own trace lines switches it off, and takes care that targets `ureq` and `ureq_proto` stay below trace.

#![forbid(unsafe_code)]

// A program may raise the ceiling by other features of `log`; then it shall not build with `quiet`.
#[cfg(feature = "quiet")]
const _: () = assert!(log::STATIC_MAX_LEVEL as usize <= log::LevelFilter::Debug as usize);

mod agent;
mod builder;
mod cancel;
mod carry;
mod clock;
mod failure;
mod identity;
mod names;
mod outgoing;
mod pool;
mod proxy;
mod random;
mod roots;
mod socket;
mod trip;

pub use agent::{Agent, RunError};
pub use builder::AgentBuilder;
pub use cancel::Cancel;
pub use clock::now;
pub use proxy::Proxy;
pub use random::OsRandom;
pub use roots::Roots;
