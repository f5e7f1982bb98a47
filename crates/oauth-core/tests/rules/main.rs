//! Do the rules of docs/security.md hold? Each test carries the section that makes it one.

#![expect(clippy::disallowed_types, reason = "random bytes that are counted need a counter that may be shared")]

mod answers;
mod browser;
mod calls;
mod examples;
mod extensions;
mod peer;
mod printed;
mod requests;
