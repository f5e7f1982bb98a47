//! What is an exchange of C about?
//!
//! Exchanges differ in what they end with only. Here they all become one kind, which ends with a [`Product`].

use oauth_core::{
    Admission, Backchannel, Device, Document, Error, Exchange, Login, Now, Outcome, Provider, Registration, Reply, Resource,
    Secret, Step, Token,
};
use oauth_keys::Jws;

use crate::call::Draft;

/// What an exchange is about.
pub(crate) enum Work {
    /// A call that is still being written.
    Draft(Box<Draft>),
    Running(Box<dyn Steps>),
    /// Could not be begun, or has failed.
    Failed(Error),
}

/// What exchanges end with.
pub(crate) enum Product {
    Token(Token),
    Reply(Reply),
    Document(Document),
    Device(Device),
    Backchannel(Backchannel),
    Login(Login),
    Provider(Provider),
    Admission(Box<Admission>),
    Jws(Jws),
    Text(Secret),
    /// Nothing but that it was done.
    Nothing,
}

/// An exchange, whatever it ends with.
pub(crate) trait Steps {
    fn step(&mut self, now: Now) -> Result<Step<Product>, Error>;
    fn receive(&mut self, outcome: Outcome);
}

impl<T: Into<Product>> Steps for Exchange<T> {
    fn step(&mut self, now: Now) -> Result<Step<Product>, Error> {
        Ok(match Self::step(self, now)? {
            Step::Send(request) => Step::Send(request),
            Step::Save(token) => Step::Save(token),
            Step::Wait(pause) => Step::Wait(pause),
            Step::Store(errand) => Step::Store(errand),
            Step::Done(value) => Step::Done(value.into()),
        })
    }

    fn receive(&mut self, outcome: Outcome) {
        Self::receive(self, outcome);
    }
}

impl<T: Into<Product> + 'static> From<Exchange<T>> for Work {
    fn from(exchange: Exchange<T>) -> Self {
        Self::Running(Box::new(exchange))
    }
}

/// What takes no conversation: it is made by the first step.
struct AtOnce<F>(Option<F>);

impl<F: FnOnce() -> Result<Product, Error>> Steps for AtOnce<F> {
    fn step(&mut self, _: Now) -> Result<Step<Product>, Error> {
        let make = self.0.take().ok_or_else(|| Error::Usage("step: this exchange has ended".to_owned()))?;
        make().map(Step::Done)
    }

    fn receive(&mut self, _: Outcome) {}
}

impl Work {
    pub(crate) fn at_once(make: impl FnOnce() -> Result<Product, Error> + 'static) -> Self {
        Self::Running(Box::new(AtOnce(Some(make))))
    }
}

macro_rules! products {
    ($($kind:ident),+) => {$(
        impl From<$kind> for Product {
            fn from(value: $kind) -> Self {
                Self::$kind(value)
            }
        }
    )+};
}

products!(Token, Reply, Document, Device, Backchannel, Login, Provider);

impl From<Admission> for Product {
    fn from(admission: Admission) -> Self {
        Self::Admission(Box::new(admission))
    }
}

impl From<Secret> for Product {
    fn from(text: Secret) -> Self {
        Self::Text(text)
    }
}

impl From<Registration> for Product {
    fn from(registration: Registration) -> Self {
        Self::Document(registration.document().clone())
    }
}

impl From<Resource> for Product {
    fn from(resource: Resource) -> Self {
        Self::Document(resource.document().clone())
    }
}

impl From<()> for Product {
    fn from((): ()) -> Self {
        Self::Nothing
    }
}
