//! What does a running sandbox know, and how does it start over?

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Provider;
use crate::fault::Faults;
use crate::ledger::Ledger;
use crate::readings::Readings;
use crate::seed;
use crate::traffic::Traffic;

/// Everything that requests and orders change. One lock holds it, and nobody blocks while holding it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) readings: Readings,
    pub(crate) faults: Faults,
    pub(crate) traffic: Traffic,
    ledgers: [Ledger; 4],
}

/// The time of the machine, moved by as much as was asked for.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    moved_ms: i64,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            clock: Clock::default(),
            readings: Readings::default(),
            faults: Faults::default(),
            traffic: Traffic::default(),
            ledgers: Provider::ALL.map(seed::ledger),
        }
    }

    pub(crate) fn ledger(&mut self, provider: Provider) -> &mut Ledger {
        &mut self.ledgers[provider as usize]
    }
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        i64::try_from(machine).unwrap_or(i64::MAX).saturating_add(self.moved_ms)
    }

    /// Moves the clock forwards, or backwards by a negative number.
    pub(crate) fn advance(&mut self, ms: i64) {
        self.moved_ms = self.moved_ms.saturating_add(ms);
    }
}
