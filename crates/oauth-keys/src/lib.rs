//! The keys of Active's OAuth client.
//!
//! [`SigningKey`] signs: client authentication by `private_key_jwt`, assertions, and through [`Dpop`] the proofs that bind a token to it.
//! [`Jwks`] and [`verify_jws`] check what a server has signed. The primitives are ring's, which is below rustls: no cryptography of its own.
//!
//! ```
//! use std::sync::Arc;
//!
//! use oauth_core::{Client, ClientAuth, Provider};
//! use oauth_keys::{Dpop, SigningKey};
//!
//! # fn random() -> Arc<dyn oauth_core::Random> {
//! #     struct Counter;
//! #     impl oauth_core::Random for Counter {
//! #         fn fill(&self, bytes: &mut [u8]) -> Result<(), String> { bytes.iter_mut().zip(0..).for_each(|(b, n)| *b = n); Ok(()) }
//! #     }
//! #     Arc::new(Counter)
//! # }
//! let client = Client::new(Provider::buildpass(), "my-client")
//!     .auth(ClientAuth::PrivateKeyJwt)
//!     .signer(Arc::new(SigningKey::generate_es256()?.with_id("2026-11")))
//!     .dpop(Arc::new(Dpop::new(SigningKey::generate_es256()?)))
//!     .random(random()); // oauth_ureq::OsRandom in a program
//! # Ok::<(), oauth_keys::KeyError>(())
//! ```

#![forbid(unsafe_code)]

mod algorithm;
mod dpop;
mod error;
mod jwks;
mod load;
mod server_keys;
mod signing;
mod verify;

pub use algorithm::Algorithm;
pub use dpop::Dpop;
pub use error::{KeyError, Unverified};
pub use jwks::{Jwks, VerifyingKey};
pub use server_keys::ServerKeys;
pub use signing::SigningKey;
pub use verify::{Expected, Jws, verify_jws};
