//! What did clients send, and how often?

use std::collections::{BTreeMap, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::Origin;
use crate::message::Request;

/// How many requests the log keeps; the oldest leave first.
const LOG_ENTRIES: usize = 5000;
/// How much of a body the log keeps.
const LOG_BODY: usize = 16 * 1024;

/// One request as it was received. The tokens and secrets in it are test ones, so they are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was complete, in milliseconds since 1970 by the sandbox's clock.
    pub time_ms: i64,
    /// The origin that received it.
    pub provider: Origin,
    /// The number of its connection; numbers are not reused.
    pub connection: u64,
    /// The method, such as `POST`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// What stood after the `?`, as it was sent.
    pub query: String,
    /// Names as they were sent, in their order.
    pub headers: Vec<(String, String)>,
    /// The body where it is UTF-8; at most 16 KiB of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body in base64 where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

/// How often an origin was spoken to, since the start or the last clearing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// TCP connections accepted.
    pub connections: u64,
    /// TLS handshakes completed, resumed ones among them.
    pub tls_handshakes: u64,
    /// TLS handshakes that resumed an earlier session.
    pub tls_resumed: u64,
    /// TLS handshakes begun and not completed: a client that refuses the certificate shows here.
    pub tls_failed: u64,
    /// Requests received completely, whatever then happened to them.
    pub requests: u64,
    /// Those for the token endpoint.
    pub token_requests: u64,
    /// Those for the API.
    pub api_requests: u64,
    /// Those which the provider refused (not: those a fault answered).
    pub refused: u64,
    /// Requests and connections that a fault struck.
    pub faults: u64,
}

/// The log and the counters.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) log: VecDeque<Entry>,
    pub(crate) counters: BTreeMap<Origin, Counters>,
}

impl Traffic {
    pub(crate) fn of(&mut self, origin: Origin) -> &mut Counters {
        self.counters.entry(origin).or_default()
    }

    pub(crate) fn counters(&self) -> BTreeMap<Origin, Counters> {
        Origin::ALL.into_iter().map(|origin| (origin, self.counters.get(&origin).copied().unwrap_or_default())).collect()
    }

    pub(crate) fn record(&mut self, time_ms: i64, provider: Origin, connection: u64, request: &Request) {
        let mut entry = Entry {
            time_ms,
            provider,
            connection,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: None,
            body_base64: None,
        };
        let kept = &request.body[..request.body.len().min(LOG_BODY)];
        match std::str::from_utf8(kept) {
            Ok(text) => entry.body = Some(text.to_owned()),
            Err(_) => entry.body_base64 = Some(STANDARD.encode(kept)),
        }
        self.log.push_back(entry);
        if self.log.len() > LOG_ENTRIES {
            self.log.pop_front();
        }
    }
}
