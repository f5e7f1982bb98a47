//! What may block?
//!
//! `step` never does. Work that has to read or write a store hands it out as an [`Errand`], which the program runs where blocking does no
//! harm: at once in a thread, in an executor from an event loop. Its result is in the [`Basket`] that the work kept.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Something to be done where blocking is allowed, before the exchange is stepped again.
pub struct Errand(Box<dyn FnOnce() + Send>);

/// Where an errand's result is found after it ran.
pub struct Basket<R>(Arc<OnceLock<R>>);

impl Errand {
    /// An errand, and the basket that its result will be in. An errand that is dropped instead of run leaves the basket empty, and
    /// [`Basket::is_lost`] says so.
    pub fn new<R: Send + Sync + 'static>(run: impl FnOnce() -> R + Send + 'static) -> (Self, Basket<R>) {
        let basket = Arc::new(OnceLock::new());
        let inside = Arc::clone(&basket);
        let errand = Self(Box::new(move || {
            // The first and only one to put something in.
            let _ = inside.set(run());
        }));
        (errand, Basket(basket))
    }

    /// Runs it, on the calling thread. It blocks for as long as the store takes.
    pub fn run(self) {
        (self.0)();
    }
}

impl<R> Basket<R> {
    /// The result, once. None while the errand is under way.
    pub fn take(&mut self) -> Option<R> {
        self.alone()?.take()
    }

    /// Whether the errand is gone and brought nothing: it was dropped, or it panicked.
    pub fn is_lost(&mut self) -> bool {
        self.alone().is_some_and(|basket| basket.get().is_none())
    }

    /// Once nobody else can put anything in.
    fn alone(&mut self) -> Option<&mut OnceLock<R>> {
        Arc::get_mut(&mut self.0)
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
        let (errand, mut basket) = Errand::new(|| 7);
        assert!(basket.take().is_none() && !basket.is_lost(), "it has not run yet");
        errand.run();
        assert!(!basket.is_lost());
        assert_eq!(basket.take(), Some(7));
    }

    #[test]
    fn an_errand_that_was_dropped_is_known_to_be_lost() {
        let (errand, mut basket) = Errand::new(|| 7);
        drop(errand);
        assert!(basket.is_lost());
    }
}
