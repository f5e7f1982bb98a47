//! The operations with this engine.

use std::hint::black_box;

use oauth_core::{Answer, Client, Exchange, Grant, Now, Provider, Step, Token};
use oauth_session::Session;

use crate::answers;

const NOW: Now = Now { wall: 1_700_000_000_000, mono: 0 };

fn honeywell() -> Client {
    Client::new(Provider::honeywell(), "9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9").secret("Z1947381rwgf0WkPPGPHnGik6h3LdhZ9")
}

fn activebuilding() -> Client {
    Client::new(Provider::activebuilding(), "f3834ee69fab4d26a01f0c1fceb0f08a").secret("d938522c5058468fb8d9e6c0a987319e")
}

fn buildpass() -> Client {
    Client::new(Provider::buildpass(), "your_client_id").secret("your_client_secret")
}

fn password() -> Grant {
    Grant::password("testuser@buildingname.com", "mypassword")
}

fn scopes() -> Grant {
    Grant::client_credentials().scope("read:builders read:subcontractors read:prequalifications read:insurances")
}

fn answer(status: u16, body: &str) -> Answer {
    Answer::new(status, vec![("content-type".into(), "application/json".into())], body.as_bytes().to_vec())
}

/// From the client to a finished request.
fn build(n: usize, work: bool, client: Client, grant: fn() -> Grant) {
    for _ in 0..n {
        if work {
            let mut exchange = client.token(grant());
            drop(black_box(exchange.step(NOW)));
        }
    }
}

pub(crate) fn build_basic(n: usize, work: bool) {
    build(n, work, honeywell(), Grant::client_credentials);
}

pub(crate) fn build_form(n: usize, work: bool) {
    build(n, work, activebuilding(), password);
}

pub(crate) fn build_json(n: usize, work: bool) {
    build(n, work, buildpass(), scopes);
}

/// From a received answer to what it means.
fn parse(n: usize, work: bool, client: Client, grant: fn() -> Grant, status: u16, body: &str) {
    let mut waiting: Vec<(Exchange<Token>, Answer)> = (0..n)
        .map(|_| {
            let mut exchange = client.token(grant());
            drop(exchange.step(NOW));
            (exchange, answer(status, body))
        })
        .collect();
    if work {
        for (mut exchange, answer) in waiting.drain(..) {
            exchange.receive(Ok(answer));
            drop(black_box(exchange.step(NOW)));
        }
    }
}

pub(crate) fn parse_std(n: usize, work: bool) {
    parse(n, work, honeywell(), Grant::client_credentials, 200, answers::STD);
}

pub(crate) fn parse_bp(n: usize, work: bool) {
    parse(n, work, buildpass(), scopes, 200, &answers::bp());
}

pub(crate) fn parse_apigee(n: usize, work: bool) {
    parse(n, work, honeywell(), Grant::client_credentials, 200, answers::APIGEE);
}

pub(crate) fn parse_ab(n: usize, work: bool) {
    parse(n, work, activebuilding(), password, 200, answers::AB);
}

pub(crate) fn parse_error(n: usize, work: bool) {
    parse(n, work, buildpass(), scopes, 401, answers::ERROR);
}

pub(crate) fn x_bp(n: usize, work: bool) {
    let client = honeywell();
    let bp = answers::bp();
    let mut answers: Vec<Answer> = (0..n).map(|_| answer(200, &bp)).collect();
    if work {
        for answer in answers.drain(..) {
            let mut exchange = client.token(Grant::client_credentials());
            drop(black_box(exchange.step(NOW)));
            exchange.receive(Ok(answer));
            match exchange.step(NOW) {
                Ok(Step::Done(token)) => assert_eq!(black_box(&token).access_token().len(), 887),
                other => unreachable!("{other:?}"),
            }
        }
    }
}

/// A session with the 887-byte token at hand.
pub(crate) fn session() -> Session {
    let session = Session::builder(buildpass()).grant(scopes()).open().expect("a session");
    let mut exchange = session.token();
    drop(exchange.step(NOW).expect("a request"));
    exchange.receive(Ok(answer(200, &answers::bp())));
    assert!(matches!(exchange.step(NOW), Ok(Step::Done(_))));
    session
}

/// Is the token at hand good, and what is its header's value? The clock is the caller's.
pub(crate) fn hit(session: &Session) -> usize {
    session.current(black_box(NOW)).map_or(0, |token| black_box(token.authorization()).map_or(0, str::len))
}

pub(crate) fn cache_hit(n: usize, work: bool) {
    let session = session();
    for _ in 0..n {
        if work {
            assert!(hit(black_box(&session)) > 887);
        }
    }
}

/// So many bytes are wiped by [`wipe`].
pub(crate) const WIPED: u64 = 1000;

/// What wiping bytes costs more than forgetting them: the part that no peer pays.
pub(crate) fn wipe(n: usize, work: bool) {
    for _ in 0..n {
        let bytes = black_box(vec![b'x'; WIPED as usize]);
        if work { drop(black_box(zeroize::Zeroizing::new(bytes))) } else { drop(bytes) }
    }
}
