//! Does one session keep a real rotating server content?
//!
//! The server counts: what reached it is not what we believe to have sent.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use counterparts::{Counterpart, Kind};
use oauth_core::{Authorize, Call, Client, Kind as ErrorKind, Provider, Token};
use oauth_session::{Memory, Session};
use oauth_ureq::{OsRandom, now};
use serde_json::json;

const THREADS: usize = 8;

fn client(server: &Counterpart) -> Client {
    let record = json!({
        "version": 1,
        "name": "oidc-provider",
        "base": server.issuer(),
        "issuer": server.issuer(),
        "token": { "url": "/token" },
        "authorize": { "url": "/auth", "iss": "required" },
    });
    server.client("hasty").of(Provider::from_json(&record.to_string()).expect("a good record"))
}

fn logged_in(server: &Counterpart, client: &Client) -> Token {
    let authorize = Authorize::new(server.client("hasty").redirect_uri()).scope("openid");
    let mut login = client.authorize(authorize, now(), &OsRandom).expect("a login");
    let callback = server.browser().sign_in(login.url(), "alice").expect("the user comes back");
    server.agent().run(client.callback(&mut login, &callback)).expect("a token")
}

/// Each of the threads at once.
fn together(act: impl Fn() + Sync) {
    let start = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                act();
            });
        }
    });
}

#[test]
fn rfc_9700_4_14_2_of_eight_threads_at_expiry_one_sends_the_rotating_refresh_token() {
    let server = Counterpart::start(Kind::OidcProvider).unwrap_or_else(|error| panic!("{error}"));
    let (agent, client) = (server.agent(), client(&server));
    let token = logged_in(&server, &client);
    let changes = std::sync::Arc::new(AtomicUsize::new(0));
    let seen = std::sync::Arc::clone(&changes);
    let session = Session::builder(client)
        .user("alice")
        .store(Memory::new())
        .margin(Duration::ZERO)
        .on_change(move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
        })
        .open()
        .expect("a session");
    session.login(&token, now()).expect("kept");

    for round in 1..=2 {
        thread::sleep(Duration::from_millis(3200));
        let before = server.count("POST", "/token");
        together(|| {
            let reply = agent.run(session.call(Call::get("/me"))).expect("nobody fails");
            assert_eq!(reply.answer.status(), 200);
        });
        assert_eq!(server.count("POST", "/token") - before, 1, "round {round}: one refresh for all");
    }
    assert_eq!(changes.load(Ordering::SeqCst), 3, "the login and two renewals");
}

#[test]
fn rfc_9700_4_14_2_a_family_that_was_killed_elsewhere_ends_in_log_in_again_and_no_storm() {
    let server = Counterpart::start(Kind::OidcProvider).unwrap_or_else(|error| panic!("{error}"));
    let (agent, client) = (server.agent(), client(&server));
    let token = logged_in(&server, &client);
    let session = Session::builder(client.clone()).user("alice").store(Memory::new()).open().expect("a session");
    session.login(&token, now()).expect("kept");

    // Somebody who had a copy uses the refresh token twice: the server kills all that came of this login.
    agent.run(client.refresh(&token)).expect("the first use");
    agent.run(client.refresh(&token)).expect_err("the second one");
    thread::sleep(Duration::from_millis(3200));

    let before = server.count("POST", "/token");
    together(|| {
        let error = agent.run(session.token()).expect_err("it is over");
        assert!(matches!(error.kind(), ErrorKind::Refused | ErrorKind::Expired), "{error}");
    });
    assert!(agent.run(session.token()).is_err(), "and stays so");
    assert_eq!(server.count("POST", "/token") - before, 1, "one try, whose refusal all remember");

    let fresh = logged_in(&server, &client);
    session.login(&fresh, now()).expect("kept");
    assert_eq!(agent.run(session.call(Call::get("/me"))).expect("a new login helps").answer.status(), 200);
}
