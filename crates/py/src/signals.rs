//! How does Ctrl-C get through while Rust waits?

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use pyo3::prelude::*;

/// Works with the interpreter let go, so that other threads run, and with Ctrl-C getting through: what a signal handler raises is the error.
/// `work` asks [`Signals::interrupt`] now and then whether to give up.
pub(crate) fn interruptibly<R: Send>(py: Python<'_>, work: impl FnOnce(Arc<Signals>) -> R + Send) -> PyResult<R> {
    let signals = Arc::new(Signals { asked: Mutex::new(Instant::now()), raised: Mutex::new(None) });
    let asked = Arc::clone(&signals);
    let result = py.detach(|| work(asked));
    let raised = signals.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
    raised.map_or(Ok(result), Err)
}

/// What Python's signal handlers say meanwhile.
pub(crate) struct Signals {
    asked: Mutex<Instant>,
    raised: Mutex<Option<PyErr>>,
}

impl Signals {
    /// Taking the interpreter costs other threads time, so it is done seldom; who waits asks every 100 ms at least.
    const PAUSE: Duration = Duration::from_millis(50);

    /// Runs the handlers of signals that came; true where one raised (KeyboardInterrupt), or where the interpreter is ending.
    pub(crate) fn interrupt(&self) -> bool {
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            if asked.elapsed() < Self::PAUSE {
                return false;
            }
            *asked = Instant::now();
        }
        match Python::try_attach(|py| py.check_signals()) {
            Some(Ok(())) => false,
            Some(Err(raised)) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                true
            }
            None => true,
        }
    }
}
