//! Is it over, and may one sleep until then?

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A flag that is raised once, and that sleepers wake from.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(crate) fn raise(&self) {
        *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    pub(crate) fn stopped(&self) -> bool {
        *self.raised.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps for so long, or less where the flag is raised; says whether it is.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        let result = self.changed.wait_timeout_while(raised, time, |raised| !*raised);
        *result.unwrap_or_else(PoisonError::into_inner).0
    }
}
