//! What can go wrong when one starts or steers a sandbox?

use std::io;

/// Why a sandbox did not start, or did not do as it was told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No socket, no folder or no thread could be had.
    #[error("cannot {what}: {cause}")]
    System {
        /// What was tried, such as "listen on 127.0.0.1".
        what: &'static str,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library refused the certificate or its settings.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// No HTTP server within ten seconds: a process can hold as many live sandboxes as httpmock has servers, which is
    /// 25 unless the environment variable `HTTPMOCK_MAX_SERVERS` says otherwise.
    #[error("no HTTP server could be had within 10 s: are more than 25 sandboxes alive in this process? (HTTPMOCK_MAX_SERVERS)")]
    NoServer,
    /// An order to the sandbox that it does not understand; the text says which part.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    pub(crate) fn system(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::System { what, cause }
    }
}
