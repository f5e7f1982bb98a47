//! How does a conversation of one request and one document go?
//!
//! Revocation, introspection and their like: a form to one of the server's endpoints, with the client's proof, and a JSON object or nothing back.

use crate::{
    answer, ask,
    client::Client,
    document::Document,
    error::Error,
    exchange::{Next, Work},
    message::{Answer, Outcome, Request},
    secret::Secret,
    time::Now,
};

/// One form and its answer.
pub(crate) struct PostWork {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) parameters: Vec<(&'static str, Secret)>,
    /// For error texts: `the revocation`.
    pub(crate) what: &'static str,
    pub(crate) read: fn(Answer) -> Result<Document, Error>,
}

impl PostWork {
    pub(crate) fn request(&self, now: Now) -> Result<Request, Error> {
        let own: Vec<(&str, &str)> = self.parameters.iter().map(|(name, value)| (*name, value.expose())).collect();
        ask::form_request(&self.client, self.url.clone(), &own, now)
    }

    /// The answer, where it is no refusal.
    pub(crate) fn answered(&self, outcome: Outcome, now: Now) -> Result<Answer, Error> {
        let answer = outcome.map_err(|lost| Error::no_answer(self.what, lost, false))?;
        if !(200..300).contains(&answer.status) {
            let secrets = self.parameters.iter().map(|(_, value)| value.expose());
            return Err(answer::refused(&self.client, self.what, secrets, &answer, now));
        }
        Ok(answer)
    }
}

impl Work<Document> for PostWork {
    fn next(&mut self, now: Now) -> Result<Next<Document>, Error> {
        self.request(now).map(Next::Send)
    }

    fn hear(&mut self, outcome: Outcome, now: Now) -> Result<Next<Document>, Error> {
        let answer = self.answered(outcome, now)?;
        let read = (self.read)(answer).map_err(|error| {
            answer::without_secrets(error, &self.client, self.parameters.iter().map(|(_, value)| value.expose()))
        });
        read.map(Next::Done)
    }
}
