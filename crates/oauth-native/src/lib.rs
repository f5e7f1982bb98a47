//! How does an app on the user's own machine log its user in?
//!
//! In the user's browser, never in a window of its own (RFC 8252 §8.12): [`open_browser`] sends it there, and a [`Loopback`] waits for it to come
//! back (§7.3). Everything between is an exchange of `oauth-core`; this crate knows neither clients nor tokens.
//!
//! ```no_run
//! use std::time::Duration;
//! use oauth_native::{Loopback, open_browser};
//!
//! let loopback = Loopback::listen()?;
//! // Begin a login with `loopback.redirect_uri()`; its URL is what the browser opens, and its callback the only one to wait for.
//! # let url = "https://login.example/authorize?client_id=app";
//! # let login = oauth_core::Login::restore("")?;
//! let loopback = loopback.only_for(login.recognizer());
//! if let Err(error) = open_browser(url) {
//!     eprintln!("{error}. Open it yourself: {url}");
//! }
//! let callback = loopback.callback(Duration::from_secs(300), || false)?;
//! // Hand it to `oauth_core::Client::callback`, which checks its state and issuer before the code goes anywhere.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An app that many people have cannot keep a secret (RFC 8252 §8.5): register it as a public client, which PKCE protects. `examples/login.rs` is
//! the whole of it.

#![forbid(unsafe_code)]

mod browser;
mod loopback;
mod page;
mod request;

pub use browser::{BrowserError, open_browser};
pub use loopback::{Loopback, LoopbackError};
