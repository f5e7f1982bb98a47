//! How a token is renewed, once for everybody: each rule of the state machine, with a clock turned by hand.

mod between;
mod bound;
mod world;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use oauth_core::{Answer, Call, Error, Kind, Now, Step, StoreProblem, Unread, Verifier};
use oauth_session::{Away, Memory, Session, Store};
use world::{HOUR, Says, Slow, World, kind};

const UNAVAILABLE: Says = Says::Answer(503, "", vec![]);

fn refused(error: &'static str) -> Says {
    match error {
        "invalid_grant" => Says::Answer(400, r#"{"error":"invalid_grant"}"#, vec![]),
        _ => Says::Answer(401, r#"{"error":"invalid_client"}"#, vec![]),
    }
}

#[test]
fn the_token_at_hand_is_used_until_its_margin() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    assert!(session.current(world.now()).is_none());
    let first = world.run(session.token()).expect("a token");
    world.pass(HOUR - 95_000);
    assert_eq!(world.run(session.token()).expect("a token").access_token(), first.access_token());
    assert_eq!(session.current(world.now()).expect("at hand").access_token(), "a1");
    assert_eq!(world.requests(), ["grant_type=client_credentials&scope=read"]);
    world.pass(40_000);
    assert!(session.current(world.now()).is_none(), "60 s before its end it is to be renewed");
    assert_eq!(world.run(session.token()).expect("a token").access_token(), "a2");
    assert_eq!(world.requests()[1], "grant_type=client_credentials&scope=read", "the whole grant again");
}

#[test]
fn who_comes_while_another_renews_waits_and_shares_its_token() {
    let world = World::new();
    for slow in [false, true] {
        let builder = if slow { World::builder(Slow::new()) } else { World::builder(Memory::new()) };
        let session = builder.grant(World::grant()).open().expect("a session");
        let before = world.requests().len();
        let mut leader = session.token();
        let request = world.until_send(&mut leader);
        let mut followers: Vec<_> = (0..10).map(|_| session.token()).collect();
        for follower in &mut followers {
            assert!(matches!(follower.step(world.now()), Ok(Step::Wait(_))));
        }
        leader.receive(world.carry(&request));
        let token = world.run(leader).expect("a token");
        for follower in followers {
            assert_eq!(world.run(follower).expect("a token").access_token(), token.access_token());
        }
        assert_eq!(world.requests().len(), before + 1);
    }
}

#[test]
fn who_follows_shares_the_failure_too() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    let (mut leader, mut follower) = (session.token(), session.token());
    let request = world.until_send(&mut leader);
    assert!(matches!(follower.step(world.now()), Ok(Step::Wait(_))));
    world.says(UNAVAILABLE);
    leader.receive(world.carry(&request));
    assert_eq!(world.run(leader).expect_err("unavailable").status(), Some(503));
    assert_eq!(world.run(follower).expect_err("unavailable").status(), Some(503));
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_leader_that_is_dropped_leaves_the_way_to_the_next() {
    let world = World::new();
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    let (mut leader, mut follower) = (session.token(), session.token());
    world.until_send(&mut leader);
    assert!(matches!(follower.step(world.now()), Ok(Step::Wait(_))));
    drop(leader);
    assert_eq!(world.run(follower).expect("a token").access_token(), "a1");
}

#[test]
fn a_token_within_its_margin_is_renewed_by_one_and_used_by_the_others() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    world.run(session.token()).expect("a token");
    world.pass(HOUR - 10_000);
    let mut leader = session.token();
    let request = world.until_send(&mut leader);
    assert_eq!(world.run(session.token()).expect("the old one").access_token(), "a1");
    leader.receive(world.carry(&request));
    assert_eq!(world.run(leader).expect("the new one").access_token(), "a2");
    assert_eq!(world.run(session.token()).expect("the new one").access_token(), "a2");
}

#[test]
fn a_still_valid_token_goes_on_being_used_while_the_provider_fails() {
    let world = World::new();
    let errors = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&errors);
    let hook = move |_: &Error| {
        counted.fetch_add(1, Ordering::Relaxed);
    };
    let session = World::builder(Memory::new()).grant(World::grant()).on_error(hook).open().expect("a session");
    world.run(session.token()).expect("a token");
    world.pass(HOUR - 10_000);
    world.says(UNAVAILABLE);
    for _ in 0..20 {
        assert_eq!(world.run(session.token()).expect("the old one").access_token(), "a1");
    }
    assert_eq!((world.requests().len(), errors.load(Ordering::Relaxed)), (2, 1), "asked once, told once");
    world.pass(10_000);
    assert_eq!(world.run(session.token()).expect("a new one").access_token(), "a2");
}

#[test]
fn a_failing_provider_is_asked_less_and_less_often() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    (0..100).for_each(|_| world.says(UNAVAILABLE));
    // Ten minutes of asking four times a second.
    for _ in 0..2_400 {
        assert_eq!(world.run(session.token()).expect_err("unavailable").status(), Some(503));
        world.pass(250);
    }
    let asked = world.requests().len();
    assert!((10..=17).contains(&asked), "1 + 2 + 4 … 60 s: {asked} requests");
}

#[test]
fn rfc_9110_10_2_3_retry_after_is_honoured() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    world.says(Says::Answer(429, "", vec![("retry-after", "120")]));
    assert_eq!(world.run(session.token()).expect_err("too many").retry_after_ms(), Some(120_000));
    world.pass(119_000);
    assert_eq!(world.run(session.token()).expect_err("still").status(), Some(429));
    assert_eq!(world.requests().len(), 1);
    world.pass(1_000);
    world.run(session.token()).expect("a token");
}

#[test]
fn a_permanent_refusal_is_remembered_until_it_is_forgotten() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    world.says(refused("invalid_client"));
    for _ in 0..3 {
        assert_eq!(world.run(session.token()).expect_err("refused").standard_code(), Some("invalid_client"));
        world.pass(24 * HOUR);
    }
    assert_eq!(world.requests().len(), 1);
    session.forget_refusals();
    world.run(session.token()).expect("a token");
}

#[test]
fn a_login_makes_a_remembered_refusal_forgotten() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    world.says(refused("invalid_client"));
    world.run(session.token()).expect_err("refused");
    session.login(&world.issue(), world.now()).expect("a login");
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("refreshed").access_token(), "a2");
}

#[test]
fn a_store_that_does_not_block_is_used_within_the_step() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    assert!(matches!(session.token().step(world.now()), Ok(Step::Send(_))));
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    assert!(matches!(session.token().step(world.now()), Ok(Step::Store(_))));
}

#[test]
fn rfc_6749_6_a_new_refresh_token_replaces_the_old_and_is_saved_before_the_token_is_handed_out() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    for round in 2..6 {
        world.pass(HOUR);
        let mut exchange = session.token();
        let token = loop {
            match exchange.step(world.now()).expect("a step") {
                Step::Send(request) => exchange.receive(world.carry(&request)),
                Step::Store(errand) => errand.run(),
                Step::Done(token) => break token,
                other => panic!("unexpected {}", kind(&other)),
            }
        };
        assert_eq!(token.refresh_token().expect("one").expose(), format!("r{round}"));
        let stored = store.memory().load(session.key()).expect("readable").expect("there");
        assert!(stored.text.expose().contains(&format!("r{round}")), "saved by then");
    }
    assert_eq!(world.requests().len(), 4);
    assert!(!world.family_is_dead());
}

#[test]
fn rfc_6749_6_an_omitted_refresh_token_keeps_the_old() {
    let world = World::new();
    let session = world.logged_in(Memory::new());
    world.pass(HOUR);
    world.says(Says::KeepsRefresh);
    assert_eq!(world.run(session.token()).expect("a token").refresh_token().expect("kept").expose(), "r1");
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("a token").refresh_token().expect("new").expose(), "r2");
}

#[test]
fn another_process_that_was_quicker_is_noticed_without_a_request() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let theirs = World::builder(store).user("jo").open().expect("a session");
    world.pass(HOUR);
    let token = world.run(theirs.token()).expect("a token");
    assert_eq!(world.run(ours.token()).expect("a token").access_token(), token.access_token());
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn two_processes_at_the_same_expiry_make_one_request() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let theirs = World::builder(store).user("jo").open().expect("a session");
    world.pass(HOUR);
    let (mut first, mut second) = (ours.token(), theirs.token());
    let request = world.until_send(&mut first);
    let mut waits = 0;
    while waits < 5 {
        match second.step(world.now()).expect("it waits") {
            Step::Wait(_) => {
                waits += 1;
                world.pass(100);
            }
            Step::Store(errand) => errand.run(),
            other => panic!("unexpected {}", kind(&other)),
        }
    }
    first.receive(world.carry(&request));
    assert_eq!(world.run(first).expect("a token").access_token(), "a2");
    assert_eq!(world.run(second).expect("a token").access_token(), "a2");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn while_another_process_renews_a_still_valid_token_is_used_without_waiting() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let theirs = World::builder(store).user("jo").open().expect("a session");
    world.pass(HOUR - 30_000);
    let mut renewing = theirs.token();
    let request = world.until_send(&mut renewing);
    let before = world.now();
    assert_eq!(world.run(ours.token()).expect("still valid").access_token(), "a1");
    assert_eq!(world.now(), before, "it did not wait");
    renewing.receive(world.carry(&request));
    world.run(renewing).expect("a2");
    assert_eq!(world.run(ours.token()).expect("not looked at again yet").access_token(), "a1");
    world.pass(2_000);
    assert_eq!(world.run(ours.token()).expect("theirs").access_token(), "a2");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_token_that_ends_while_another_process_renews_is_renewed_or_found_and_no_call_fails() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let theirs = World::builder(store).user("jo").open().expect("a session");
    world.pass(HOUR - 30_000);
    let mut renewing = theirs.token();
    let request = world.until_send(&mut renewing);
    assert_eq!(world.run(ours.token()).expect("still valid").access_token(), "a1");
    renewing.receive(world.carry(&request));
    world.run(renewing).expect("a2");
    // A provider that kills the old token with the renewal.
    world.revoke("a1");
    assert_eq!(world.run(ours.call(Call::get("/v1/builders"))).expect("by theirs").answer.status(), 200);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn another_process_that_renews_for_long_does_not_make_others_fail_when_their_token_ends() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let lock = store.memory().try_lock(ours.key(), std::time::Duration::MAX).expect("usable").expect("free");
    world.pass(HOUR - 30_000);
    for _ in 0..29 {
        assert_eq!(world.run(ours.token()).expect("still valid").access_token(), "a1");
        world.pass(1_000);
    }
    drop(lock);
    world.pass(1_500);
    assert_eq!(world.run(ours.token()).expect("renewed").access_token(), "a2");
}

#[test]
fn a_holder_of_the_lock_that_never_comes_back_is_waited_for_within_a_bound() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let _lock = store.memory().try_lock(ours.key(), std::time::Duration::MAX).expect("usable").expect("free");
    world.pass(HOUR);
    let before = world.now().mono;
    let error = world.run(ours.token()).expect_err("busy");
    assert_eq!((error.kind(), error.code()), (Kind::Store, Some("busy")));
    let waited = world.now().mono - before;
    assert!((60_000..62_000).contains(&waited), "{waited} ms");
}

#[test]
fn too_little_time_left_on_the_lock_sends_nothing() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store);
    world.pass(HOUR);
    let mut exchange = session.token();
    // The machine is stopped for 35 s between the lock and the request; 30 s must be left of 60.
    let error = loop {
        match exchange.step(world.now()) {
            Ok(Step::Store(errand)) => {
                errand.run();
                world.pass(12_000);
            }
            Ok(other) => panic!("unexpected {}", kind(&other)),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), error.code()), (Kind::Store, Some("busy")));
    assert!(world.requests().is_empty());
    assert_eq!(world.run(session.token()).expect("nothing is lost").access_token(), "a2");
}

#[test]
fn after_invalid_grant_the_store_is_read_again_before_giving_up() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    // Another sign-in comes between, and the old refresh token is refused for it.
    let newer = world.issue();
    let other = World::builder(store).user("jo").open().expect("a session");
    other.login(&newer, world.now()).expect("a login");
    world.says(refused("invalid_grant"));
    exchange.receive(world.carry(&request));
    assert_eq!(world.run(exchange).expect("theirs").access_token(), newer.access_token());
}

#[test]
fn a_refused_refresh_token_is_not_sent_again_by_anybody() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    world.says(refused("invalid_grant"));
    for _ in 0..3 {
        let error = world.run(session.token()).expect_err("over");
        assert_eq!(error.kind(), Kind::Expired);
        assert!(error.to_string().contains("invalid_grant") && error.to_string().contains("log in again"), "{error}");
    }
    let other = World::builder(store).user("jo").open().expect("a session");
    assert_eq!(world.run(other.token()).expect_err("over").kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1);
    session.login(&world.issue(), world.now()).expect("a login");
    world.run(session.token()).expect("a token");
    assert_eq!(world.run(other.token()).expect("theirs too").access_token(), "a2");
}

#[test]
fn a_refused_refresh_token_is_followed_by_the_grant_where_there_is_one() {
    let world = World::new();
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    session.login(&world.issue(), world.now()).expect("a login");
    world.pass(HOUR);
    world.says(refused("invalid_grant"));
    world.run(session.token()).expect("a token");
    assert_eq!(world.requests(), ["grant_type=refresh_token&refresh_token=r1", "grant_type=client_credentials&scope=read"]);
}

#[test]
fn a_lost_answer_is_ambiguous_and_its_refresh_token_never_sent_again() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    world.says(Says::Loses);
    let error = world.run(session.token()).expect_err("lost");
    assert!(error.is_ambiguous(), "{error:?}");
    let other = World::builder(store).user("jo").open().expect("a session");
    for session in [&session, &other] {
        let error = world.run(session.token()).expect_err("unknown");
        assert_eq!(error.kind(), Kind::Expired);
        assert!(error.to_string().contains("log in again"), "{error}");
    }
    assert_eq!(world.requests().len(), 1);
    assert!(!world.family_is_dead());
}

/// Knows no keys: for a renewal, whose ID token comes by TLS from the token endpoint, none are asked for.
struct Keyless;

impl Verifier for Keyless {
    fn read_at(&self, _: &str) -> Option<i64> {
        None
    }

    fn remember(&self, _: &str, _: &[u8], _: i64) -> Result<(), Error> {
        Ok(())
    }

    fn unread(&self, _: &str) -> Option<Unread> {
        None
    }

    fn could_not_read(&self, _: &str, _: Unread) {}

    fn verify(&self, _: &str, _: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(None)
    }

    fn verify_by(&self, _: &str, _: &str) -> Result<Vec<u8>, Error> {
        Err(Error::Untrusted("keyless".to_owned()))
    }
}

#[test]
fn openid_core_12_2_a_renewal_about_another_user_is_handed_to_nobody_and_its_refresh_token_not_sent_again() {
    let (world, memory) = (World::new(), Memory::new());
    let open = |memory: &Memory| {
        let client = World::client().verifier(Arc::new(Keyless));
        Session::builder(client).store(memory.clone()).user("jo").open().expect("a session")
    };
    let session = open(&memory);
    session.login(&world.issue(), world.now()).expect("a login");
    world.pass(HOUR + 1);
    // {"alg":"none"} and {"sub":"mallory"}
    let body = r#"{"access_token":"a9","token_type":"Bearer","refresh_token":"r9","id_token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWxsb3J5In0.AAAA"}"#;
    world.says(Says::Answer(200, body, vec![]));
    let error = world.run(session.token()).expect_err("not to be believed");
    assert_eq!(error.kind(), Kind::Untrusted, "{error}");
    for session in [session, open(&memory)] {
        let error = world.run(session.token()).expect_err("used up");
        assert_eq!(error.kind(), Kind::Expired, "{error}");
    }
    assert_eq!(world.requests().len(), 1, "nothing was sent again");
}

#[test]
fn a_lost_answer_leaves_a_still_valid_token_in_use_to_its_end() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR - 10_000);
    world.says(Says::Loses);
    for _ in 0..9 {
        assert_eq!(world.run(session.token()).expect("still valid").access_token(), "a1");
        world.pass(1_000);
    }
    assert!(session.current(world.now()).is_some(), "to its end without another look");
    world.pass(1_000);
    assert_eq!(world.run(session.token()).expect_err("over").kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_process_that_dies_after_sending_leaves_its_intent() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR - 10_000);
    let mut exchange = session.token();
    let _ = world.carry(&world.until_send(&mut exchange));
    drop((exchange, session));

    let next = World::builder(store).user("jo").open().expect("a session");
    assert_eq!(world.run(next.token()).expect("still valid").access_token(), "a1");
    world.pass(10_000);
    assert_eq!(world.run(next.token()).expect_err("unknown").kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1, "nothing was resent");
    assert!(!world.family_is_dead());
}

#[test]
fn a_process_that_dies_while_it_repeats_a_grant_costs_nothing() {
    let world = World::new();
    let store = Slow::new();
    let open = || World::builder(store.clone()).grant(World::grant()).open().expect("a session");
    let session = open();
    let mut exchange = session.token();
    let _ = world.carry(&world.until_send(&mut exchange));
    drop((exchange, session));
    assert_eq!(world.run(open().token()).expect("a token").access_token(), "a2");
}

#[test]
fn a_token_that_could_not_be_saved_is_not_handed_out_and_not_lost() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    store.fail("save", StoreProblem::Full);
    exchange.receive(world.carry(&request));
    assert_eq!(world.run(exchange).expect_err("full").code(), Some("full"));
    assert_eq!(world.run(session.token()).expect_err("full").code(), Some("full"));
    assert!(
        store.memory().load(session.key()).expect("readable").expect("there").text.expose().contains("a1"),
        "the old one is kept"
    );
    store.heal();
    assert_eq!(world.run(session.token()).expect("saved now").access_token(), "a2");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_login_in_the_middle_of_a_renewal_counts() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    let answer = world.carry(&request);
    let newer = world.issue();
    let other = World::builder(store).user("jo").open().expect("a session");
    other.login(&newer, world.now()).expect("a login");
    exchange.receive(answer);
    assert_eq!(world.run(exchange).expect("theirs").access_token(), newer.access_token());
    assert_eq!(world.run(other.token()).expect("theirs").access_token(), newer.access_token());
}

#[test]
fn a_failing_store_hurts_only_who_needs_it() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    store.fail("all", StoreProblem::Away);
    world.pass(HOUR - 10_000);
    assert_eq!(world.run(session.token()).expect("still valid").access_token(), "a1");
    world.pass(10_000);
    assert_eq!(world.run(session.token()).expect_err("away").code(), Some("away"));
    assert!(world.requests().is_empty(), "a shared refresh token is not used alone");
    store.heal();
    world.run(session.token()).expect("back");
}

#[test]
fn a_store_in_trouble_is_asked_once_a_second_while_there_is_a_token() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    store.fail("all", StoreProblem::Away);
    world.pass(HOUR - 30_000);
    let mut errands = 0;
    for _ in 0..100 {
        let mut exchange = session.token();
        loop {
            match exchange.step(world.now()).expect("still valid") {
                Step::Store(errand) => {
                    errand.run();
                    errands += 1;
                }
                Step::Done(_) => break,
                other => panic!("unexpected {}", kind(&other)),
            }
        }
        world.pass(200);
    }
    assert!((10..=20).contains(&errands), "{errands} in 20 s");
    store.heal();
    world.pass(1_500);
    assert_eq!(world.run(session.token()).expect("renewed").access_token(), "a2");
}

#[test]
fn a_token_that_is_over_for_renewal_is_used_to_its_end_without_looking() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR - 10_000);
    world.says(refused("invalid_grant"));
    assert_eq!(world.run(session.token()).expect("still valid").access_token(), "a1");
    let other = World::builder(store).user("jo").open().expect("a session");
    for session in [&session, &other] {
        assert_eq!(world.run(session.token()).expect("still valid").access_token(), "a1");
        assert!(session.current(world.now()).is_some(), "without another look");
    }
    world.pass(10_000);
    assert_eq!(world.run(session.token()).expect_err("over").kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn alone_only_the_grant_is_repeated() {
    let world = World::new();
    let store = Slow::new();
    store.fail("all", StoreProblem::Away);
    let session = World::builder(store).grant(World::grant()).when_away(Away::Alone).open().expect("a session");
    assert_eq!(world.run(session.token()).expect("alone").access_token(), "a1");
    assert_eq!(world.run(session.token()).expect("at hand").access_token(), "a1");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_store_that_lost_its_last_writes_is_not_believed() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    let before = store.memory().load(session.key()).expect("readable").expect("there");
    world.pass(HOUR);
    world.run(session.token()).expect("a2");
    // Its server died and came back with an old copy of its data.
    let old = Memory::new();
    for revision in 0..before.revision {
        assert!(old.save(session.key(), revision, &before.text).expect("writable"));
    }
    store.replace(old);
    world.pass(HOUR - 10_000);
    assert_eq!(world.run(session.token()).expect("still valid").access_token(), "a2");
    world.pass(10_000);
    let error = world.run(session.token()).expect_err("an older refresh token is not sent");
    assert_eq!(error.kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1);
    assert!(!world.family_is_dead());
}

#[test]
fn an_errand_that_was_dropped_is_given_again() {
    let world = World::new();
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    let mut exchange = session.token();
    let mut dropped = 0;
    let token = loop {
        match exchange.step(world.now()).expect("a step") {
            Step::Store(errand) if dropped % 2 == 0 => {
                drop(errand);
                dropped += 1;
            }
            Step::Store(errand) => {
                errand.run();
                dropped += 1;
            }
            Step::Send(request) => exchange.receive(world.carry(&request)),
            Step::Done(token) => break token,
            other => panic!("unexpected {}", kind(&other)),
        }
    };
    assert_eq!(token.access_token(), "a1");
    assert!(dropped >= 8, "load, lock, load, intent, token, unlock: {dropped}");
}

#[test]
fn a_wall_clock_that_is_set_back_makes_no_token_live_longer() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    world.run(session.token()).expect("a token");
    world.turn_wall_clock(-10 * HOUR);
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("a new one").access_token(), "a2");
}

#[test]
fn a_call_renews_a_dead_token_once_and_is_repeated_once() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    let call = || Call::get("/things");
    assert_eq!(world.run(session.call(call())).expect("an answer").answer.body(), b"a1");
    world.revoke("a1");
    assert_eq!(world.run(session.call(call())).expect("an answer").answer.body(), b"a2");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_young_token_that_the_api_took_once_is_renewed_when_it_dies() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    // The first is dead from the start: what comes after it is watched until the API has taken it.
    world.revoke("a1");
    for number in 2..10 {
        let token = format!("a{number}");
        assert_eq!(world.run(session.call(Call::get("/things"))).expect("an answer").answer.body(), token.as_bytes());
        world.revoke(&token);
    }
    assert_eq!(world.requests().len(), 8);
}

#[test]
fn a_call_whose_token_and_the_stores_newer_one_are_both_dead_gets_a_new_one() {
    let world = World::new();
    let store = Slow::new();
    let ours = world.logged_in(store.clone());
    let theirs = World::builder(store).user("jo").open().expect("a session");
    let call = || Call::get("/things");
    assert_eq!(world.run(ours.call(call())).expect("an answer").answer.body(), b"a1");
    world.revoke("a1");
    assert_eq!(world.run(theirs.call(call())).expect("an answer").answer.body(), b"a2");
    world.pass(10_000);
    world.revoke("a2");
    assert_eq!(world.run(ours.call(call())).expect("an answer").answer.body(), b"a3");
    assert_eq!(world.requests().len(), 2);
}

#[test]
fn of_many_calls_that_find_the_token_dead_one_renews_it() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    let mut calls: Vec<_> = (0..10).map(|_| session.call(Call::get("/things"))).collect();
    let requests: Vec<_> = calls.iter_mut().map(|call| world.until_send(call)).collect();
    world.revoke("a1");
    for (call, request) in calls.iter_mut().zip(&requests) {
        call.receive(world.carry(request));
    }
    for call in calls {
        assert_eq!(world.run(call).expect("an answer").answer.body(), b"a2");
    }
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn an_api_that_takes_no_token_does_not_make_us_ask_for_new_ones_all_the_time() {
    let world = World::new();
    let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
    (1..100).for_each(|number| world.revoke(&format!("a{number}")));
    for _ in 0..60 {
        let error = world.run(session.call(Call::get("/things"))).expect_err("refused");
        assert_eq!((error.kind(), error.status()), (Kind::Refused, Some(401)));
        world.pass(1_000);
    }
    let asked = world.requests().len();
    assert!((4..=8).contains(&asked), "1 + 2 + 4 … s: {asked} requests in a minute");
}

#[test]
fn without_a_grant_and_a_login_there_is_no_token() {
    let world = World::new();
    let session = World::builder(Memory::new()).user("jo").open().expect("a session");
    let error = world.run(session.token()).expect_err("nothing");
    assert_eq!(error.kind(), Kind::Expired);
    session.login(&world.issue(), world.now()).expect("a login");
    world.run(session.token()).expect("a token");
    session.logout().expect("a logout");
    assert_eq!(world.run(session.token()).expect_err("gone").kind(), Kind::Expired);
}

#[test]
fn a_new_token_is_told_to_the_hook_once_and_after_it_was_saved() {
    let world = World::new();
    let store = Slow::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let (telling, watched) = (Arc::clone(&told), store.clone());
    let key = World::builder(Memory::new()).grant(World::grant()).open().expect("a session").key().clone();
    let hook = move |token: &oauth_core::Token| {
        let stored = watched.memory().load(&key).expect("readable").expect("there");
        assert!(stored.text.expose().contains(token.access_token()), "saved before it is told");
        telling.lock().expect("no panic").push(token.access_token().to_owned());
    };
    let session = World::builder(store).grant(World::grant()).on_change(hook).open().expect("a session");
    for _ in 0..3 {
        world.run(session.token()).expect("a token");
        world.run(session.token()).expect("a token");
        world.pass(HOUR);
    }
    assert_eq!(*told.lock().expect("no panic"), ["a1", "a2", "a3"]);
}

#[test]
fn a_grant_that_works_once_is_none_for_a_session() {
    let grant = oauth_core::Grant::authorization_code("code", "https://app.example/callback");
    let error = World::builder(Memory::new()).grant(grant).open().expect_err("cannot be repeated");
    assert_eq!(error.kind(), Kind::Usage);
}

#[test]
fn a_clock_at_its_ends_breaks_no_arithmetic() {
    let ends = [i64::MIN, -1, 0, i64::MAX];
    let times = || ends.iter().flat_map(|&wall| ends.map(|mono| Now { wall, mono }));
    for (first, then) in times().flat_map(|first| times().map(move |then| (first, then))) {
        let session = World::builder(Memory::new()).grant(World::grant()).open().expect("a session");
        for (now, status, body) in [
            (first, 503, ""),
            (then, 503, ""),
            (then, 200, r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#),
            (first, 503, ""),
        ] {
            let (mut leader, mut follower) = (session.token(), session.token());
            for _ in 0..8 {
                match leader.step(now) {
                    Ok(Step::Send(_)) => leader.receive(Ok(Answer::new(status, vec![], body.into()))),
                    Ok(Step::Store(errand)) => errand.run(),
                    Ok(Step::Wait(_)) => {}
                    _ => break,
                }
                drop(follower.step(then));
            }
        }
    }
}
