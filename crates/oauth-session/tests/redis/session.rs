//! Do sessions on different machines, with one Redis between them, ask once for each new token?

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::Duration,
};

use active_sandbox::{Options, Origin, Sandbox};
use oauth_core::{Authorize, Call, Client, Error, Exchange, Grant, Now, Provider, Step, StoreProblem};
use oauth_session::{Away, Session, SessionBuilder};
use oauth_ureq::{Agent, OsRandom, Roots};

use crate::{open, server::Server};

/// A provider whose clock is turned, and a program whose clock goes along.
struct World {
    sandbox: Sandbox,
    agent: Agent,
    ahead: AtomicI64,
}

impl World {
    fn new() -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let agent = Agent::builder().roots(Roots::Pem(sandbox.ca_pem().as_bytes().to_vec())).build().unwrap();
        Self { sandbox, agent, ahead: AtomicI64::new(0) }
    }

    fn now(&self) -> Now {
        let (now, ahead) = (oauth_ureq::now(), self.ahead.load(Ordering::SeqCst));
        Now { wall: now.wall + ahead, mono: now.mono + ahead }
    }

    fn pass(&self, ms: i64) {
        self.sandbox.advance_ms(ms);
        self.ahead.fetch_add(ms, Ordering::SeqCst);
    }

    fn client(&self) -> Client {
        Client::new(Provider::buildpass(), "your_client_id")
            .secret("your_client_secret")
            .base(self.sandbox.url(Origin::BuildPass))
    }

    /// Signs in by the browser and puts the token into the session's store.
    fn log_in(&self, session: &Session) {
        let client = self.client();
        let authorize = Authorize::new("https://app.example/callback").scope("read:builders");
        let mut login = client.authorize(authorize, self.now(), &OsRandom).unwrap();
        let callback = self.sandbox.login(login.url()).unwrap().location.unwrap();
        let token = self.run(client.callback(&mut login, &callback)).unwrap();
        session.login(&token, self.now()).unwrap();
    }

    fn token_requests(&self) -> u64 {
        self.sandbox.counters()[&Origin::BuildPass].token_requests
    }

    fn run<T>(&self, mut exchange: Exchange<T>) -> Result<T, Error> {
        loop {
            match exchange.step(self.now())? {
                Step::Send(request) => exchange.receive(self.agent.carry(request)),
                Step::Wait(pause) => thread::sleep(pause),
                Step::Store(errand) => errand.run(),
                Step::Done(value) => return Ok(value),
                _ => panic!("another step"),
            }
        }
    }
}

const HOUR: i64 = 3_600_000;

#[test]
fn two_machines_with_two_threads_each_refresh_once_for_each_of_twenty_expiries() {
    let (world, server) = (World::new(), Server::start(&["--appendonly", "yes"]));
    let session = || Session::builder(world.client()).user("jo").store(open(&server.url())).open().unwrap();
    let machines = [session(), session()];
    world.log_in(&machines[0]);
    for expiry in 1..=20 {
        let before = world.token_requests();
        world.pass(HOUR);
        let tokens: Vec<String> = thread::scope(|scope| {
            let threads: Vec<_> = machines
                .iter()
                .flat_map(|session| [session, session])
                .map(|session| {
                    scope.spawn(|| {
                        let reply = world.run(session.call(Call::get("/v1/builders"))).unwrap();
                        assert_eq!(reply.answer.status(), 200);
                        world.run(session.token()).unwrap().access_token().to_owned()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(tokens.iter().all(|token| *token == tokens[0]), "expiry {expiry}");
        assert_eq!(world.token_requests() - before, 1, "expiry {expiry}");
    }
}

/// A session that renews by its grant, with Redis away between two expiries.
fn through_an_outage(policy: Away, check: impl Fn(&World, &Session, &mut Server)) {
    let (world, mut server) = (World::new(), Server::start(&["--appendonly", "yes"]));
    let grant = Grant::client_credentials().scope("read:builders").parameter("audience", "https://api.buildpass.global");
    let builder: SessionBuilder = Session::builder(world.client()).grant(grant).when_away(policy);
    let session = builder.store(open(&format!("{}?timeout_ms=500", server.url()))).open().unwrap();
    let first = world.run(session.token()).unwrap();
    server.kill();
    let same = world.run(session.token()).unwrap();
    assert_eq!(first.access_token(), same.access_token(), "a token that is good needs no store");
    // In its margin: it should be renewed and cannot be, and is still good.
    world.pass(HOUR - 20_000);
    if policy == Away::Fail {
        assert_eq!(world.run(session.token()).unwrap().access_token(), first.access_token());
        assert_eq!(world.run(session.call(Call::get("/v1/builders"))).unwrap().answer.status(), 200);
    }
    world.pass(HOUR);
    check(&world, &session, &mut server);

    // Back again, it is as if nothing had been.
    let before = world.token_requests();
    world.pass(HOUR);
    let calls = Arc::new(AtomicI64::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                world.run(session.call(Call::get("/v1/builders"))).unwrap();
                calls.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    assert_eq!((calls.load(Ordering::SeqCst), world.token_requests() - before), (4, 1));
    assert!(!server.cli(&["keys", "active:*"]).is_empty());
}

#[test]
fn while_redis_is_away_a_session_fails_once_its_token_is_over_and_heals_when_it_is_back() {
    through_an_outage(Away::Fail, |world, session, server| {
        let before = world.token_requests();
        let Err(Error::Store(error)) = world.run(session.token()) else { panic!("the store is away") };
        assert!(error.problem == StoreProblem::Away && error.text.contains("nobody listens"), "{error}");
        assert_eq!(world.token_requests(), before, "nothing was sent without the store");
        server.again();
        world.pass(5_000);
        let begun = std::time::Instant::now();
        while world.run(session.token()).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(10));
            thread::sleep(Duration::from_millis(50));
        }
    });
}

#[test]
fn while_redis_is_away_a_session_may_go_on_alone_by_its_grant() {
    through_an_outage(Away::Alone, |world, session, server| {
        let before = world.token_requests();
        for _ in 0..3 {
            assert_eq!(world.run(session.call(Call::get("/v1/builders"))).unwrap().answer.status(), 200);
        }
        assert_eq!(world.token_requests() - before, 1);
        server.again();
    });
}
