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
mod call;
mod entry;
mod flight;
mod held;
mod key;
mod lead;
mod memory;
mod process;
mod purpose;
mod random;
mod renewal;
mod session;
mod store;
mod voice;

pub use held::Current;
pub use key::Key;
pub use memory::Memory;
pub use session::{Away, Session, SessionBuilder};
pub use store::{Lock, Store, Stored};
