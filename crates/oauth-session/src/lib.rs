//! One good OAuth token for many threads, processes and machines.
//!
//! A [`Session`] keeps a token fresh for everyone who needs it. Of all that find it over, in whatever thread, process or machine, one asks for
//! the next; it is saved before anybody uses it, and a crash at any moment loses at most what the provider never answered.
//! docs/token-life.md tells who waits for whom, what is written when, and what is left after each kind of crash.
//!
//! Like everything in `oauth_core`, its conversations are exchanges that are stepped, and no step does I/O: what a [`Store`] has to do comes
//! as [`Step::Store`](oauth_core::Step::Store).

#![forbid(unsafe_code)]

mod adopt;
mod attempt;
#[cfg(feature = "keyring")]
mod bus;
mod call;
mod entry;
#[cfg(feature = "file")]
mod file;
mod flight;
mod held;
mod key;
#[cfg(feature = "keyring")]
mod keyring;
mod lead;
mod memory;
mod named;
#[cfg(feature = "file")]
mod private;
mod process;
mod purpose;
mod random;
#[cfg(feature = "redis")]
mod redis;
mod renewal;
#[cfg(feature = "file")]
mod seal;
mod sealing;
mod session;
mod shared;
mod store;
mod voice;

#[cfg(feature = "file")]
pub use file::File;
pub use held::Current;
pub use key::Key;
#[cfg(feature = "keyring")]
pub use keyring::Keyring;
pub use memory::Memory;
pub use named::named;
#[cfg(feature = "redis")]
pub use redis::Redis;
#[cfg(feature = "file")]
pub use sealing::Sealing;
pub use session::{Session, SessionBuilder};
pub use shared::Away;
pub use store::{Lock, Store, Stored};
