//! What can go wrong on purpose, and when is it due?

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{Error, Origin};

/// More orders than this at a time are refused.
const MAX_ORDERS: usize = 1000;
/// The longest pause between two pieces of a drip, and the longest delay.
const MAX_PAUSE_MS: u64 = 600_000;
/// The most an endless answer sends before it does end.
const MAX_ENDLESS: u64 = 1 << 34;

/// An order for a fault: where, what, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultOrder {
    /// The origin that misbehaves.
    pub provider: Origin,
    /// Only for this path, without query; any where absent. Faults before TLS ([`Fault::before_tls`]) know no path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What happens.
    pub fault: Fault,
    /// How many times; until the faults are cleared where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// A way to misbehave. All sizes are bytes, all times milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Before TLS: the connection is accepted and nothing is ever said.
    Hang {},
    /// Before TLS: the answer to the ClientHello is not TLS.
    GarbageTls {},
    /// The request is read and never answered; the connection stays open until the client leaves.
    HalfOpen {
        /// Whether the provider works on the request all the same (a token is issued, a code is spent).
        #[serde(default)]
        served: bool,
    },
    /// The request is read, then the connection is closed in an orderly way without an answer.
    Close {
        /// Whether the provider works on the request all the same.
        #[serde(default)]
        served: bool,
    },
    /// The request is read, then the connection is reset (TCP RST) without an answer.
    Reset {
        /// Whether the provider works on the request all the same.
        #[serde(default)]
        served: bool,
    },
    /// The true answer comes, but later.
    Delay {
        /// How much later.
        ms: u64,
    },
    /// The true answer's body comes in small pieces.
    Drip {
        /// Size of a piece.
        bytes: usize,
        /// Pause after each.
        every_ms: u64,
    },
    /// The true answer's status line and headers come in small pieces.
    SlowHeaders {
        /// Size of a piece.
        bytes: usize,
        /// Pause after each.
        every_ms: u64,
    },
    /// The true answer's headers promise its whole length, but the connection is cut (no TLS close_notify) after some of its body.
    Cut {
        /// How much of the body still comes.
        after: usize,
    },
    /// The true answer comes, then the idle connection is closed without a word.
    CloseIdle {},
    /// Another answer than the true one: a redirect, a 500, a 429, HTML, invalid UTF-8, anything.
    Status {
        /// The HTTP status.
        status: u16,
        /// Its headers. `Content-Length` is added; `Content-Type` is yours to give.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Its body as text.
        #[serde(default)]
        body: String,
        /// Its body as base64, instead of `body`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body_base64: Option<String>,
    },
    /// These bytes instead of an HTTP answer, after which the connection is closed.
    Raw {
        /// The bytes as text.
        #[serde(default)]
        body: String,
        /// The bytes as base64, instead of `body`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body_base64: Option<String>,
    },
    /// A JSON body that goes on and on.
    Endless {
        /// After how many bytes it ends all the same, counted before compression. 200 MB unless set.
        #[serde(default = "two_hundred_megabytes")]
        bytes: u64,
        /// Whether it is gzip'd: 200 MB then cross the wire as less than one.
        #[serde(default)]
        gzip: bool,
    },
}

fn two_hundred_megabytes() -> u64 {
    200_000_000
}

impl Fault {
    /// Whether the fault strikes before TLS is set up, when no path is known yet.
    #[must_use]
    pub fn before_tls(&self) -> bool {
        matches!(self, Self::Hang {} | Self::GarbageTls {})
    }

    /// Whether the provider's dialect sees the request.
    pub(crate) fn served(&self) -> bool {
        match self {
            Self::HalfOpen { served } | Self::Close { served } | Self::Reset { served } => *served,
            Self::Delay { .. } | Self::Drip { .. } | Self::SlowHeaders { .. } | Self::Cut { .. } | Self::CloseIdle {} => true,
            Self::Hang {} | Self::GarbageTls {} | Self::Status { .. } | Self::Raw { .. } | Self::Endless { .. } => false,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let usage = |text: String| Err(Error::Usage(text));
        match self {
            Self::Drip { bytes: 0, .. } | Self::SlowHeaders { bytes: 0, .. } => usage("fault: bytes must not be 0".into()),
            Self::Delay { ms } | Self::Drip { every_ms: ms, .. } | Self::SlowHeaders { every_ms: ms, .. }
                if *ms > MAX_PAUSE_MS =>
            {
                usage(format!("fault: {ms} ms is more than the longest pause, {MAX_PAUSE_MS} ms"))
            }
            Self::Endless { bytes, .. } if *bytes > MAX_ENDLESS => {
                usage(format!("fault: {bytes} is more than {MAX_ENDLESS} bytes"))
            }
            Self::Status { status, .. } if !(200..=599).contains(status) => {
                usage(format!("fault: {status} is no final HTTP status"))
            }
            Self::Status { headers, .. }
                if headers.iter().any(|(name, value)| format!("{name}{value}").contains(['\r', '\n'])) =>
            {
                usage("fault: a header holds a line break; use the kind raw for that".into())
            }
            Self::Status { body, body_base64, .. } | Self::Raw { body, body_base64 } => {
                bytes(body, body_base64.as_deref()).map(|_| ())
            }
            _ => Ok(()),
        }
    }
}

/// The body that an order names, as text or as base64.
pub(crate) fn bytes(text: &str, base64: Option<&str>) -> Result<Vec<u8>, Error> {
    match base64 {
        None => Ok(text.as_bytes().to_vec()),
        Some(encoded) => STANDARD.decode(encoded).map_err(|cause| Error::Usage(format!("fault: body_base64: {cause}"))),
    }
}

/// The orders that still stand.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FaultOrder>);

impl Faults {
    pub(crate) fn add(&mut self, order: FaultOrder) -> Result<(), Error> {
        order.fault.check()?;
        if order.fault.before_tls() && order.path.is_some() {
            return Err(Error::Usage("fault: before TLS no path is known: leave it out".into()));
        }
        if self.0.len() >= MAX_ORDERS {
            return Err(Error::Usage(format!("fault: {MAX_ORDERS} orders stand already")));
        }
        self.0.push(order);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn orders(&self) -> &[FaultOrder] {
        &self.0
    }

    /// The fault that strikes this new connection.
    pub(crate) fn for_connection(&mut self, origin: Origin) -> Option<Fault> {
        self.take(|order| order.provider == origin && order.fault.before_tls())
    }

    /// The fault that strikes this request: the oldest order that fits.
    pub(crate) fn for_request(&mut self, origin: Origin, path: &str) -> Option<Fault> {
        self.take(|order| {
            order.provider == origin && !order.fault.before_tls() && order.path.as_deref().is_none_or(|wanted| wanted == path)
        })
    }

    fn take(&mut self, fits: impl Fn(&FaultOrder) -> bool) -> Option<Fault> {
        let index = self.0.iter().position(fits)?;
        let order = &mut self.0[index];
        let fault = order.fault.clone();
        match &mut order.times {
            None => {}
            Some(times) if *times > 1 => *times -= 1,
            Some(_) => drop(self.0.remove(index)),
        }
        Some(fault)
    }
}
