//! What is under way in Rust, whatever it ends with?
//!
//! Exchanges of all kinds behind one face, and their ends in the words of the driver protocol.

use std::fmt::Debug;

use oauth_core::{
    Admission, Backchannel, Device, Document, Error, Exchange, Login, Now, Outcome, Provider, Registration, Reply, Resource,
    Step, Token,
};

/// What an exchange ended with.
#[derive(Debug)]
pub(crate) enum End {
    Token(Token),
    Reply(Reply),
    Device(Device),
    Backchannel(Backchannel),
    Login(Login),
    Provider(Provider),
    Document(Document),
    Registration(Registration),
    Admission(Admission),
}

/// An exchange of any kind.
pub(crate) trait Running: Debug {
    fn step(&mut self, now: Now) -> Result<Step<End>, Error>;
    fn receive(&mut self, outcome: Outcome);
}

impl<T: Into<End>> Running for Exchange<T>
where
    Exchange<T>: Debug,
{
    fn step(&mut self, now: Now) -> Result<Step<End>, Error> {
        Ok(match Exchange::step(self, now)? {
            Step::Send(request) => Step::Send(request),
            Step::Save(token) => Step::Save(token),
            Step::Wait(pause) => Step::Wait(pause),
            Step::Store(errand) => Step::Store(errand),
            Step::Done(value) => Step::Done(value.into()),
        })
    }

    fn receive(&mut self, outcome: Outcome) {
        Exchange::receive(self, outcome);
    }
}

macro_rules! ends {
    ($($kind:ident),*) => {$(
        impl From<$kind> for End {
            fn from(value: $kind) -> Self {
                Self::$kind(value)
            }
        }
    )*};
}

ends!(Token, Reply, Device, Backchannel, Login, Provider, Document, Registration, Admission);

impl From<Resource> for End {
    fn from(resource: Resource) -> Self {
        Self::Document(resource.document().clone())
    }
}
