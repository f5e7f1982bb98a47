//! What do authorization servers say that others wrote?
//!
//! Our own tests prove that we do what we believe; these servers know nothing of what we believe. A [`Counterpart`] starts one on this machine,
//! with real HTTPS, and a [`Browser`] is the user in front of it. README.md tells which server can do what, and how a test is added.
//!
//! ```no_run
//! use counterparts::Counterpart;
//! use oauth_core::{Grant, Provider};
//!
//! let server = Counterpart::oidc_provider();
//! let record = format!(r#"{{"version":1,"name":"op","base":"{}","token":{{"url":"/token"}}}}"#, server.issuer());
//! let client = server.client("basic").of(Provider::from_json(&record)?);
//! let token = server.agent().run(client.token(Grant::client_credentials()))?;
//! # Ok::<(), oauth_core::Error>(())
//! ```

#![forbid(unsafe_code)]

mod browser;
mod certificates;
mod cookies;
mod counterpart;
mod nginx;
mod page;
mod process;
mod refusal;
mod registered;

pub use browser::{Browser, BrowserError};
pub use certificates::{Certificates, Identity};
pub use counterpart::{Counterpart, Kind};
pub use nginx::Nginx;
pub use process::StartError;
pub use refusal::assert_refused;
pub use registered::{Registered, SigningKey};
