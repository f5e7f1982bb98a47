//! How far is the request this thread carries, and may it go on?
//!
//! ureq runs on the calling thread and calls back into our resolver and our transports, which get no word of the request they serve.
//! They find it here. Everything that waits does so in slices and asks [`Trip::may_go_on`] after each.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use http::Uri;

use crate::cancel::Cancel;

/// The longest anything waits before it looks up: a cancel, a signal or the deadline is noticed within it.
pub(crate) const SLICE: Duration = Duration::from_millis(100);

/// A program's question at each slice: "shall I stop?".
pub(crate) type Interrupt = dyn Fn() -> bool + Send + Sync;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the first look-up to the answer's last byte.
    pub(crate) deadline: Duration,
    /// The part of it until the request can be written: name, connection, proxy and TLS together.
    pub(crate) connect: Duration,
}

/// Whoever may end a wait early.
#[derive(Clone, Default)]
pub(crate) struct Stops {
    pub(crate) cancel: Option<Cancel>,
    pub(crate) interrupt: Option<Arc<Interrupt>>,
}

impl Stops {
    pub(crate) fn cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    pub(crate) fn interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(|stop| stop())
    }
}

/// How far a request came. The order counts: before `Sent` no byte of it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Start,
    Name,
    Proxy,
    Connect,
    Handshake,
    Sent,
}

/// Why a trip was ended from this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Deadline,
    ConnectDeadline,
    Cancelled,
}

/// One request under way, and what its transports must know of it.
pub(crate) struct Trip {
    target: Uri,
    begun: Instant,
    pub(crate) limits: Limits,
    stops: Stops,
    stage: Cell<Stage>,
    stopped: Cell<Option<Stop>>,
    /// When the interrupt was asked last, counted from `begun`.
    asked: Cell<Duration>,
    /// The server went without TLS's closing word, so that an answer which ends with the connection may be incomplete.
    pub(crate) unclosed: Cell<bool>,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Trip>>> = const { RefCell::new(None) };
}

impl Trip {
    pub(crate) fn new(target: Uri, limits: Limits, stops: Stops) -> Self {
        Self {
            target,
            begun: Instant::now(),
            limits,
            stops,
            stage: Cell::new(Stage::Start),
            stopped: Cell::new(None),
            asked: Cell::new(Duration::ZERO),
            unclosed: Cell::new(false),
        }
    }

    /// Makes this the trip of this thread until the returned guard is dropped.
    pub(crate) fn enter(self: &Rc<Self>) -> Entered {
        Entered { before: CURRENT.replace(Some(Rc::clone(self))) }
    }

    /// The trip this thread is on. A transport is never asked to do anything outside one.
    pub(crate) fn current() -> Result<Rc<Self>, ureq::Error> {
        CURRENT.with_borrow(|trip| trip.clone()).ok_or(ureq::Error::ConnectionFailed)
    }

    /// An error as soon as the deadline passed or somebody asked to stop; [`Trip::stopped`] then says which.
    pub(crate) fn may_go_on(&self) -> Result<(), ureq::Error> {
        let elapsed = self.begun.elapsed();
        let stop = if self.stops.cancelled() || self.interrupted(elapsed) {
            Stop::Cancelled
        } else if elapsed >= self.limits.deadline {
            Stop::Deadline
        } else if elapsed >= self.limits.connect && self.stage.get() < Stage::Sent {
            Stop::ConnectDeadline
        } else {
            return Ok(());
        };
        self.stopped.set(Some(stop));
        Err(ureq::Error::Timeout(ureq::Timeout::Global))
    }

    /// Asked only after some waiting, not at each read and write: in Python the answer costs the interpreter's lock.
    fn interrupted(&self, elapsed: Duration) -> bool {
        if elapsed.saturating_sub(self.asked.get()) < SLICE / 4 {
            return false;
        }
        self.asked.set(elapsed);
        self.stops.interrupted()
    }

    /// What is left for reaching the server.
    pub(crate) fn left_to_connect(&self) -> Duration {
        self.limits.connect.min(self.limits.deadline).saturating_sub(self.begun.elapsed())
    }

    pub(crate) fn stopped(&self) -> Option<Stop> {
        self.stopped.get()
    }

    pub(crate) fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// The request came this far; it never goes back.
    pub(crate) fn reach(&self, stage: Stage) {
        self.stage.set(self.stage.get().max(stage));
    }

    pub(crate) fn target(&self) -> &Uri {
        &self.target
    }

    /// Whether that is the server asked for (else it is the proxy on the way to it).
    pub(crate) fn goes_to(&self, uri: &Uri) -> bool {
        uri.scheme() == self.target.scheme() && uri.authority() == self.target.authority()
    }
}

/// Puts back the trip that an interrupt which itself carries something had interrupted.
pub(crate) struct Entered {
    before: Option<Rc<Trip>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}
