//! What does a session say of itself, and does any of it show a secret?

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use oauth_core::{Answer, Client, Grant, Now, Provider, Step};
use oauth_session::Session;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// Everything that anybody says, at every level.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<String>>);

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        struct Words<'a>(&'a mut String);
        impl Visit for Words<'_> {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                write!(self.0, "{field}={value:?} ").expect("a text");
            }
        }
        event.record(&mut Words(&mut self.0.lock().expect("no panic")));
    }
}

#[test]
fn a_session_tells_of_changes_and_failures_and_shows_no_secret() {
    let ear = Ear::default();
    let _listening = tracing::subscriber::set_default(ear.clone());
    let client = Client::new(Provider::honeywell(), "an-id").secret("the-clients-secret");
    let session = Session::builder(client).grant(Grant::client_credentials()).open().expect("a session");
    let mut now = Now { wall: 1_700_000_000_000, mono: 0 };
    let answers: [(u16, &[u8]); 2] = [
        (
            200,
            br#"{"access_token":"the-access-token","refresh_token":"the-refresh-token","token_type":"Bearer","expires_in":60}"#,
        ),
        (400, br#"{"error":"invalid_request","error_description":"the-refresh-token is bad, and so is the-clients-secret"}"#),
    ];
    for (status, body) in answers {
        let mut exchange = session.token();
        assert!(matches!(exchange.step(now), Ok(Step::Send(_))));
        exchange.receive(Ok(Answer::new(status, vec![], body.to_vec())));
        let _ = exchange.step(now);
        now = now.later(60_000);
    }
    let said = ear.0.lock().expect("no panic").clone();
    assert!(said.contains("a new token") && said.contains("a renewal failed") && said.contains("invalid_request"), "{said}");
    for secret in ["the-access-token", "the-refresh-token", "the-clients-secret"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
