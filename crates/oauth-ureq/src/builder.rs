//! How should requests be carried?

use std::{sync::Arc, time::Duration};

use http::HeaderValue;
use oauth_core::Error;
use rustls::crypto::CryptoProvider;
use ureq::tls::{ClientCert, RootCerts, TlsConfig, TlsProvider};

use crate::{
    agent::{Agent, Settings},
    identity::Identity,
    proxy::Proxy,
    roots::Roots,
    trip::Limits,
};

/// The bytes of an answer's status line and header fields; ureq takes 128 fields at most. A little less than the buffer they are read into.
pub(crate) const LARGEST_HEADER: usize = 60 * 1024;

const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(60 * 60);
const LONGEST_IDLE: Duration = Duration::from_secs(5 * 60);
const LARGEST_BODY: usize = 1024 * 1024 * 1024;

/// The settings of an [`Agent`], each with a safe default.
///
/// ```
/// use std::time::Duration;
/// use oauth_ureq::{Agent, Roots};
///
/// let agent = Agent::builder().roots(Roots::System).deadline(Duration::from_secs(10)).build()?;
/// # Ok::<(), oauth_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until build()"]
pub struct AgentBuilder {
    roots: Roots,
    identity: Option<Identity>,
    proxy: Proxy,
    limits: Limits,
    max_body: usize,
    idle: Duration,
    user_agent: String,
}

impl Default for AgentBuilder {
    fn default() -> Self {
        Self {
            roots: Roots::Bundled,
            identity: None,
            proxy: Proxy::None,
            limits: Limits { deadline: Duration::from_secs(30), connect: Duration::from_secs(10) },
            max_body: 1024 * 1024,
            idle: Duration::from_secs(15),
            user_agent: concat!("active/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl AgentBuilder {
    /// Whom to trust; [`Roots::Bundled`] unless set.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// The certificate that shows servers who this client is, where they ask for one (mutual TLS, RFC 8705): PEM of the certificate, followed by its
    /// intermediates where it has some, and PEM of its private key without a passphrase (PKCS 8, PKCS 1 or SEC 1).
    ///
    /// Every server that asks sees it, so give such an agent the requests of that client and no others. The client says which of the two ways it
    /// authenticates by: [`ClientAuth::TlsClientAuth`](oauth_core::ClientAuth::TlsClientAuth) or
    /// [`SelfSignedTlsClientAuth`](oauth_core::ClientAuth::SelfSignedTlsClientAuth). Tokens that a server binds to the certificate (RFC 8705 §3) work
    /// only through an agent that shows the same one; a certificate that is renewed is another agent. What is wrong with it is told by [`build`](Self::build).
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(Identity::new(chain.into(), key.into()));
        self
    }

    /// The way out; [`Proxy::None`] unless set.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// How long one request may take, from the name look-up to the answer's last byte: 30 s unless set, brought into 1 ms to 1 h.
    /// It is noticed at most 100 ms late.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.limits.deadline = deadline.clamp(SHORTEST, LONGEST);
        self
    }

    /// How much of the deadline may pass until the request can be sent (name, connection, proxy and TLS together): 10 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout.clamp(SHORTEST, LONGEST);
        self
    }

    /// The largest answer that is read, in bytes after decompression: 1 MiB unless set, at most 1 GiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes.min(LARGEST_BODY);
        self
    }

    /// How long a connection may rest before another takes its place: 15 s unless set, brought into 1 ms to 5 min. Servers close theirs
    /// after some time too (often 60 s, seldom 15); to be earlier than they are is what keeps a request from meeting their goodbye.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle.clamp(SHORTEST, LONGEST_IDLE);
        self
    }

    /// What to call ourselves: `active/<version>` unless set.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// Reads the roots and the proxy, and makes the agent. Nothing is connected yet.
    ///
    /// # Errors
    /// [`Error::Usage`]: roots that hold no certificate, a client certificate without its own key, a proxy that is no proxy's URL, a user agent that
    /// is not visible ASCII.
    pub fn build(self) -> Result<Agent, Error> {
        let visible = HeaderValue::from_str(&self.user_agent).is_ok_and(|value| value.to_str().is_ok());
        if self.user_agent.is_empty() || self.user_agent.len() > 256 || !visible {
            return Err(Error::Usage("user agent: 1 to 256 characters of visible ASCII".to_owned()));
        }
        let roots = self.roots.load()?;
        let crypto = crypto();
        let identity = self.identity.as_ref().map(|identity| identity.load(&crypto)).transpose()?;
        let proxy = self.proxy.settle(|name| std::env::var(name).ok())?;
        Ok(self.assemble(roots, identity, proxy, crypto))
    }

    /// What [`Agent::new`] takes: no setting of which can be wrong.
    pub(crate) fn with_defaults() -> Agent {
        Self::default().assemble(RootCerts::WebPki, None, None, crypto())
    }

    fn assemble(
        self,
        roots: RootCerts,
        identity: Option<ClientCert>,
        proxy: Option<ureq::Proxy>,
        crypto: Arc<CryptoProvider>,
    ) -> Agent {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(roots)
            .client_cert(identity)
            // Given by hand, so that the process's own choice is neither needed nor touched.
            .unversioned_rustls_crypto_provider(crypto)
            .build();
        let ureq = ureq::config::Config::builder()
            .tls_config(tls)
            .proxy(proxy)
            .user_agent(self.user_agent)
            // Every status is the core's to judge, and a redirect could carry credentials elsewhere (RFC 9700 §4.12).
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .max_response_header_size(LARGEST_HEADER)
            // Buffers of the TLS layer: one record each.
            .input_buffer_size(17 * 1024)
            .output_buffer_size(16 * 1024)
            .max_idle_age(self.idle)
            .max_idle_connections(32)
            .max_idle_connections_per_host(16)
            // ureq's own timeouts stay off: each costs system calls, and none of them holds against a server that drips. See `trip`.
            .timeout_global(None)
            .build();
        Agent::assemble(Settings { ureq, limits: self.limits, max_body: self.max_body })
    }
}

fn crypto() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
