//! Who else may end a wait?

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Ends what an agent is doing, from any thread.
///
/// Clones are the same handle. Once cancelled it stays so: take a new one for the next piece of work.
///
/// ```
/// use oauth_ureq::{Agent, Cancel};
///
/// let cancel = Cancel::new();
/// let agent = Agent::new().with_cancel(&cancel);
/// // Another thread may now call cancel.cancel(): whatever `agent` is carrying or waiting for ends within about 100 ms
/// // with `Cause::Cancelled`. Other clones of the agent go on.
/// # cancel.cancel();
/// # assert!(cancel.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A handle that nobody cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends what the agents with this handle are doing, and all they would begin. Never blocks; safe in a signal handler.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
