//! What may block?
//!
//! `step` never does. Work that has to read or write a store hands it out as an [`Errand`], which the program runs where blocking does no
//! harm: at once in a thread, in an executor from an event loop. Its result is in the [`Basket`] that the work kept.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// Something to be done where blocking is allowed, before the exchange is stepped again.
pub struct Errand(Box<dyn FnOnce() + Send>);

/// Where an errand's result is found after it ran.
pub struct Basket<R>(Arc<Mutex<Option<R>>>);

impl Errand {
    /// An errand, and the basket that its result will be in. An errand that is dropped instead of run leaves the basket empty, and
    /// [`Basket::is_lost`] says so.
    pub fn new<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> (Self, Basket<R>) {
        let basket = Arc::new(Mutex::new(None));
        let inside = Arc::clone(&basket);
        let errand = Self(Box::new(move || {
            let result = run();
            *inside.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }));
        (errand, Basket(basket))
    }

    /// Runs it, on the calling thread. It blocks for as long as the store takes.
    pub fn run(self) {
        (self.0)();
    }
}

impl<R> Basket<R> {
    /// The result, once.
    pub fn take(&self) -> Option<R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether the errand is gone and brought nothing: it was dropped, or it panicked.
    pub fn is_lost(&self) -> bool {
        Arc::strong_count(&self.0) == 1 && self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Errand")
    }
}

impl<R> fmt::Debug for Basket<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basket")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errand_brings_its_result_once() {
        let (errand, basket) = Errand::new(|| 7);
        assert!(basket.take().is_none() && !basket.is_lost(), "it has not run yet");
        errand.run();
        assert!(!basket.is_lost());
        assert_eq!(basket.take(), Some(7));
    }

    #[test]
    fn an_errand_that_was_dropped_is_known_to_be_lost() {
        let (errand, basket) = Errand::new(|| 7);
        drop(errand);
        assert!(basket.is_lost());
    }
}
