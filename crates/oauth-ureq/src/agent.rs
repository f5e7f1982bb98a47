//! Who carries?

use std::{convert::Infallible, fmt, sync::Arc, time::Duration};

use oauth_core::{Cause, Error, Exchange, NoAnswer, Outcome, Request, Sent, Step, Token};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector};

use crate::{
    builder::AgentBuilder,
    cancel::Cancel,
    carry,
    clock::now,
    names::Names,
    outgoing::OutgoingConnector,
    pool::Pool,
    socket::SocketConnector,
    trip::{Limits, SLICE, Stops},
};

/// Carries requests over HTTPS.
///
/// Make one for the whole program: its clones share one pool of connections, one TLS configuration and one cache of names, and any number of
/// threads may use them at once. The pool lives until the last clone is dropped.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
    stops: Stops,
}

pub(crate) struct Settings {
    pub(crate) ureq: ureq::config::Config,
    pub(crate) limits: Limits,
    pub(crate) max_body: usize,
}

struct Shared {
    settings: Settings,
    pool: Pool,
}

/// Why [`Agent::run_saving`] gave no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError<E> {
    /// The exchange ended with this error.
    #[error(transparent)]
    Exchange(#[from] Error),
    /// The program could not save a renewed token. The one it replaces may be worthless already, so keep this one:
    /// save it elsewhere, or try again.
    #[error("the renewed token could not be saved: {error}")]
    Unsaved {
        /// The renewed token, valid although nobody stored it.
        token: Box<Token>,
        /// What the program's save said.
        error: E,
    },
}

impl Agent {
    /// An agent with safe defaults: bundled roots, no proxy, 30 s for a request of which 10 s to connect, 1 MiB for an answer.
    pub fn new() -> Self {
        AgentBuilder::with_defaults()
    }

    /// An agent with other roots, a proxy or other bounds.
    pub fn builder() -> AgentBuilder {
        AgentBuilder::default()
    }

    pub(crate) fn assemble(settings: Settings) -> Self {
        let pool = Pool::new(connections(&settings));
        Self { shared: Arc::new(Shared { settings, pool }), stops: Stops::default() }
    }

    /// The same agent, whose work ends soon after `cancel` says so. See [`Cancel`].
    #[must_use]
    pub fn with_cancel(&self, cancel: &Cancel) -> Self {
        let stops = Stops { cancel: Some(cancel.clone()), ..self.stops.clone() };
        Self { shared: Arc::clone(&self.shared), stops }
    }

    /// The same agent, which asks `stop` on the carrying thread after every 100 ms of waiting or less, and ends with
    /// [`Cause::Cancelled`] when it says true. It is how Python's Ctrl-C gets through: do not block in it. A request that waits for
    /// nothing does not ask.
    #[must_use]
    pub fn with_interrupt(&self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let stops = Stops { interrupt: Some(Arc::new(stop)), ..self.stops.clone() };
        Self { shared: Arc::clone(&self.shared), stops }
    }

    /// The longest that one request may take: what a session has to know of its transport.
    pub fn deadline(&self) -> Duration {
        self.shared.settings.limits.deadline
    }

    /// Steps an exchange to its end. A token that was renewed on the way is passed over: use [`run_saving`](Self::run_saving) for
    /// exchanges that may renew one which must be kept (an API call with a refresh token).
    ///
    /// # Errors
    /// Whatever the exchange ends with.
    pub fn run<T>(&self, exchange: Exchange<T>) -> Result<T, Error> {
        self.run_saving(exchange, |_| Ok::<(), Infallible>(())).map_err(|error| match error {
            RunError::Exchange(error) => error,
            RunError::Unsaved { error, .. } => match error {},
        })
    }

    /// Steps an exchange to its end, and has a renewed token saved *before* it is used: after that its forerunner may be worthless.
    ///
    /// # Errors
    /// [`RunError::Exchange`] with whatever the exchange ends with; [`RunError::Unsaved`] with the token where `save` failed.
    /// The rest of the exchange is then given up, since going on could use up what is nowhere stored.
    pub fn run_saving<T, E>(
        &self,
        mut exchange: Exchange<T>,
        mut save: impl FnMut(&Token) -> Result<(), E>,
    ) -> Result<T, RunError<E>> {
        loop {
            match exchange.step(now())? {
                Step::Send(request) => exchange.receive(self.carry(request)),
                Step::Save(token) => {
                    if let Err(error) = save(&token) {
                        return Err(RunError::Unsaved { token: Box::new(token), error });
                    }
                }
                Step::Wait(pause) => self.wait(pause)?,
                Step::Store(errand) => errand.run(),
                Step::Done(value) => return Ok(value),
            }
        }
    }

    /// Carries one request, for programs that write the loop themselves. It blocks until the answer, the deadline or a cancel.
    ///
    /// # Errors
    /// [`NoAnswer`]: why, and whether the request may have arrived. An answer with a bad status is an answer.
    pub fn carry(&self, request: Request) -> Outcome {
        let Settings { limits, max_body, .. } = &self.shared.settings;
        let agent = self.shared.pool.agent(|| connections(&self.shared.settings));
        carry::carry(agent, &request, *limits, &self.stops, *max_body)
    }

    /// Waits as [`Step::Wait`] asks, and ends early only when cancelled.
    ///
    /// # Errors
    /// [`Error::NoAnswer`] with [`Cause::Cancelled`].
    pub fn wait(&self, pause: Duration) -> Result<(), Error> {
        let mut rest = pause;
        while !self.stops.cancelled() {
            if rest.is_zero() {
                return Ok(());
            }
            let slice = rest.min(SLICE);
            std::thread::sleep(slice);
            rest -= slice;
            if self.stops.interrupted() {
                break;
            }
        }
        let cause = NoAnswer::new(Sent::No, Cause::Cancelled, "the program cancelled it while waiting");
        Err(Error::NoAnswer { what: "waiting for the next request".to_owned(), cause, ambiguous: false })
    }
}

/// A pool, TLS sessions and names for one process.
fn connections(settings: &Settings) -> ureq::Agent {
    let connector =
        ().chain(ConnectProxyConnector::default())
            .chain(SocketConnector)
            .chain(RustlsConnector::default())
            .chain(OutgoingConnector);
    ureq::Agent::with_parts(settings.ureq.clone(), connector, Names::of_system())
}

impl Default for Agent {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { ureq, limits, max_body } = &self.shared.settings;
        f.debug_struct("Agent")
            .field("deadline", &limits.deadline)
            .field("connect_timeout", &limits.connect)
            .field("max_body", max_body)
            // Its URL may hold a password.
            .field("proxy", &ureq.proxy().map(|proxy| format!("{}:{}", proxy.host(), proxy.port())))
            .finish_non_exhaustive()
    }
}
