//! How is something that blocks done by an exchange?
//!
//! As one errand. So a login or a logout is an exchange like all others: it can be stepped from an event loop, and its error is where errors are.

use std::{sync::Arc, time::Duration};

use oauth_core::{Basket, Errand, Error, Exchange, Next, Now, Outcome, Work};

type Act<T> = Arc<dyn Fn(Now) -> Result<T, Error> + Send + Sync>;

/// One act that blocks, and where its result will be.
pub(crate) struct Deed<T> {
    act: Act<T>,
    basket: Option<Basket<Result<T, Error>>>,
}

impl<T: Send + Sync + 'static> Deed<T> {
    pub(crate) fn exchange(act: impl Fn(Now) -> Result<T, Error> + Send + Sync + 'static) -> Exchange<T> {
        Exchange::new(Self { act: Arc::new(act), basket: None })
    }
}

impl<T: Send + Sync + 'static> Work<T> for Deed<T> {
    fn next(&mut self, now: Now) -> Result<Next<T>, Error> {
        if let Some(basket) = &mut self.basket {
            if let Some(result) = basket.take() {
                return result.map(Next::Done);
            }
            if !basket.is_lost() {
                return Ok(Next::Wait(Duration::from_millis(1)));
            }
        }
        let act = Arc::clone(&self.act);
        let (errand, basket) = Errand::new(move || act(now));
        self.basket = Some(basket);
        Ok(Next::Store(errand))
    }

    fn hear(&mut self, _: Outcome, _: Now) -> Result<Next<T>, Error> {
        Err(Error::Usage("receive: nothing was sent".to_owned()))
    }
}
