//! What comes between: a store that forgets, an answer of it that is lost, a caller that gives up, a login or logout during a renewal.

use std::{sync::Arc, time::Duration};

use oauth_core::{Cause, Exchange, Grant, Kind, NoAnswer, Sent, Step, StoreProblem};
use oauth_session::{Away, Memory, Session, Store};

use crate::{
    UNAVAILABLE, refused,
    world::{HOUR, Says, Slow, World},
};

const REFRESH: &str = "grant_type=refresh_token&refresh_token=r1";
const GRANT: &str = "grant_type=client_credentials&scope=read";

/// A session that has a refresh token and a grant.
fn with_both(world: &World, store: Slow) -> Session {
    let session = World::builder(store).grant(World::grant()).open().expect("a session");
    session.login(&world.issue(), world.now()).expect("a login");
    session
}

/// Runs that many errands, and gives back where it is then.
fn after_errands<T>(world: &World, exchange: &mut Exchange<T>, count: usize) {
    for _ in 0..count {
        let Ok(Step::Store(errand)) = exchange.step(world.now()) else { panic!("an errand") };
        errand.run();
    }
}

/// What the store holds now, in a store of its own.
fn copy(store: &Slow, session: &Session) -> Memory {
    let now = store.memory().load(session.key()).expect("readable").expect("there");
    let copy = Memory::new();
    for revision in 0..now.revision {
        assert!(copy.save(session.key(), revision, &now.text).expect("writable"));
    }
    copy
}

#[test]
fn a_refused_refresh_token_is_not_sent_again_where_the_grant_failed_too() {
    let world = World::new();
    let session = with_both(&world, Slow::new());
    world.pass(HOUR);
    world.says(refused("invalid_grant"));
    world.says(UNAVAILABLE);
    assert_eq!(world.run(session.token()).expect_err("unavailable").status(), Some(503));
    world.pass(HOUR);
    world.run(session.token()).expect("a token");
    assert_eq!(world.requests(), [REFRESH, GRANT, GRANT]);
}

#[test]
fn a_lost_answer_is_remembered_where_the_grant_after_it_failed() {
    let world = World::new();
    let session = with_both(&world, Slow::new());
    world.pass(HOUR);
    world.says(Says::Loses);
    world.says(UNAVAILABLE);
    assert!(world.run(session.token()).expect_err("lost").is_ambiguous());
    assert_eq!(world.run(session.token()).expect_err("unavailable").status(), Some(503));
    world.pass(HOUR);
    world.run(session.token()).expect("a token");
    assert_eq!(world.requests(), [REFRESH, GRANT, GRANT]);
    assert!(!world.family_is_dead());
}

#[test]
fn a_refused_refresh_token_whose_end_cannot_be_written_down_is_not_sent_again() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    world.says(refused("invalid_grant"));
    exchange.receive(world.carry(&request));
    store.fail("save", StoreProblem::Full);
    assert_eq!(world.run(exchange).expect_err("over").kind(), Kind::Expired);
    store.heal();
    assert_eq!(world.run(session.token()).expect_err("over").kind(), Kind::Expired);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_store_that_forgets_the_intent_while_the_provider_answers_gets_the_new_token() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    let before = copy(&store, &session);
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    exchange.receive(world.carry(&request));
    store.replace(before);
    assert_eq!(world.run(exchange).expect("renewed").access_token(), "a2");
    assert_eq!(world.requests(), [REFRESH]);
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("renewed again").access_token(), "a3");
    assert!(!world.family_is_dead());
}

#[test]
fn a_store_that_forgets_everything_while_the_provider_answers_gets_the_new_token() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    exchange.receive(world.carry(&request));
    store.replace(Memory::new());
    assert_eq!(world.run(exchange).expect("renewed").access_token(), "a2");
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("renewed again").access_token(), "a3");
}

#[test]
fn after_a_store_that_lost_its_last_writes_all_share_one_token_again() {
    let world = World::new();
    let store = Slow::new();
    let open = || World::builder(store.clone()).grant(World::grant()).open().expect("a session");
    let (ours, theirs) = (open(), open());
    world.run(ours.token()).expect("a1");
    let before = copy(&store, &ours);
    for _ in 0..5 {
        world.pass(HOUR);
        let token = world.run(ours.token()).expect("a token");
        assert_eq!(world.run(theirs.token()).expect("the same").access_token(), token.access_token());
    }
    store.replace(before);
    world.pass(HOUR);
    let token = world.run(ours.token()).expect("a token");
    assert_eq!(world.run(theirs.token()).expect("the same").access_token(), token.access_token());
}

#[test]
fn an_intent_whose_writing_seemed_to_fail_costs_no_login() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    // It is written, and the store's answer lost.
    store.fail("save's answer", StoreProblem::Away);
    assert_eq!(world.run(session.token()).expect_err("away").code(), Some("away"));
    store.heal();
    assert_eq!(world.run(session.token()).expect("nothing was sent").access_token(), "a2");
}

#[test]
fn a_caller_that_gives_up_before_anything_was_sent_costs_no_login() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    // Look, lock, read, intent.
    for errands in 1..=4 {
        let mut exchange = session.token();
        after_errands(&world, &mut exchange, errands);
    }
    assert_eq!(world.run(session.token()).expect("nothing was sent").access_token(), "a2");
}

#[test]
fn a_caller_that_gives_up_with_the_new_token_in_hand_leaves_it_to_the_next() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    exchange.receive(world.carry(&request));
    let Ok(Step::Store(saving)) = exchange.step(world.now()) else { panic!("an errand") };
    drop((exchange, saving));
    assert_eq!(world.run(session.token()).expect("saved by the next").access_token(), "a2");
    assert_eq!(world.requests(), [REFRESH]);
}

#[test]
fn a_lock_that_is_let_go_without_waiting_is_free_as_soon_as_its_leader_gives_up() {
    let world = World::new();
    let store = Slow::new();
    let session = World::builder(store.clone()).grant(World::grant()).open().expect("a session");
    // With the lock in the errand's basket, and with it in hand.
    for errands in 2..=4 {
        let mut exchange = session.token();
        after_errands(&world, &mut exchange, errands);
        drop(exchange);
        let lock = store.memory().try_lock(session.key(), Duration::MAX).expect("usable");
        assert!(lock.is_some(), "after {errands} errands this process may never come back");
    }
}

#[test]
fn a_request_that_was_given_out_is_never_said_to_be_unsent() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    let _lost_by_the_program = world.carry(&request);
    world.pass(40_000);
    world.run(exchange).expect_err("too late to send it again");
    assert_eq!(world.run(session.token()).expect_err("unknown").kind(), Kind::Expired);
    assert_eq!(world.requests(), [REFRESH]);
    assert!(!world.family_is_dead());
}

#[test]
fn a_machine_that_slept_while_it_had_the_lock_sends_nothing() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    let mut exchange = session.token();
    after_errands(&world, &mut exchange, 4);
    // Only the wall clock goes on in its sleep.
    world.turn_wall_clock(10 * 60_000);
    assert_eq!(world.run(exchange).expect_err("too late").code(), Some("busy"));
    assert!(world.requests().is_empty());
    assert_eq!(world.run(session.token()).expect("nothing is lost").access_token(), "a2");
}

#[test]
fn a_cancelled_leader_frees_the_way_even_if_nobody_drops_it() {
    let world = World::new();
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    let mut leader = session.token();
    world.until_send(&mut leader);
    leader.receive(Err(NoAnswer::new(Sent::No, Cause::Cancelled, "given up")));
    loop {
        match leader.step(world.now()) {
            Ok(Step::Store(errand)) => errand.run(),
            Err(error) => break assert_eq!(error.code(), Some("cancelled")),
            Ok(_) => panic!("it goes on"),
        }
    }
    let before = world.now();
    assert_eq!(world.run(session.token()).expect("a token").access_token(), "a1");
    assert_eq!(world.now(), before, "it waited for nobody");
    drop(leader);
}

#[test]
fn a_token_that_another_process_got_is_found_while_the_provider_is_left_alone() {
    for says in [UNAVAILABLE, Says::Answer(429, "", vec![("retry-after", "3600")]), refused("invalid_client")] {
        let world = World::new();
        let store = Slow::new();
        let open = || World::builder(store.clone()).grant(World::grant()).open().expect("a session");
        let (ours, theirs) = (open(), open());
        world.says(says);
        world.run(ours.token()).expect_err("refused");
        world.run(theirs.token()).expect("it recovered");
        world.pass(1_000);
        assert_eq!(world.run(ours.token()).expect("theirs").access_token(), "a1");
        assert_eq!(world.requests().len(), 2);
    }
}

#[test]
fn while_the_provider_is_left_alone_the_store_is_looked_at_once_a_second() {
    let world = World::new();
    let session = World::builder(Slow::new()).grant(World::grant()).open().expect("a session");
    world.says(refused("invalid_client"));
    world.run(session.token()).expect_err("refused");
    let mut errands = 0;
    for _ in 0..100 {
        let mut exchange = session.token();
        while let Ok(Step::Store(errand)) = exchange.step(world.now()) {
            errand.run();
            errands += 1;
        }
        world.pass(100);
    }
    assert!((5..=10).contains(&errands), "{errands} in 10 s");
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_logout_while_another_thread_looks_into_the_store_leaves_no_token() {
    let world = World::new();
    let store = Slow::new();
    world.logged_in(store.clone());
    let session = World::builder(store).user("jo").open().expect("a session");
    let mut exchange = session.token();
    after_errands(&world, &mut exchange, 1);
    session.logout().expect("a logout");
    assert_eq!(world.run(exchange).expect_err("gone").kind(), Kind::Expired);
    assert!(session.current(world.now()).is_none());
}

#[test]
fn a_logout_after_the_new_token_was_saved_leaves_no_token() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    exchange.receive(world.carry(&request));
    after_errands(&world, &mut exchange, 1);
    session.logout().expect("a logout");
    assert_eq!(world.run(exchange).expect_err("gone").kind(), Kind::Expired);
    assert!(session.current(world.now()).is_none());
}

#[test]
fn a_login_while_another_thread_looks_into_the_store_counts() {
    let world = World::new();
    let store = Slow::new();
    world.logged_in(store.clone());
    let session = World::builder(store).user("jo").open().expect("a session");
    let mut exchange = session.token();
    after_errands(&world, &mut exchange, 1);
    session.login(&world.issue(), world.now()).expect("a login");
    assert_eq!(world.run(exchange).expect("the new one").access_token(), "a2");
    assert_eq!(session.current(world.now()).expect("at hand").access_token(), "a2");
}

#[test]
fn a_login_during_a_renewal_makes_its_refusal_forgotten() {
    let world = World::new();
    let session = world.logged_in(Slow::new());
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    world.says(refused("invalid_client"));
    exchange.receive(world.carry(&request));
    session.login(&world.issue(), world.now()).expect("a login");
    let _ = world.run(exchange);
    world.pass(HOUR);
    assert_eq!(world.run(session.token()).expect("refreshed").access_token(), "a3");
}

#[test]
fn alone_goes_on_wherever_the_store_went_away() {
    for function in ["load", "lock", "save"] {
        let world = World::new();
        let store = Slow::new();
        let session = World::builder(store.clone()).grant(World::grant()).when_away(Away::Alone).open().expect("a session");
        store.fail(function, StoreProblem::Away);
        let token = world.run(session.token()).unwrap_or_else(|error| panic!("{function}: {error}"));
        assert_eq!(token.access_token(), "a1");
    }
}

#[test]
fn whose_token_it_is_must_be_said_where_the_grant_says_it_in_secret_only() {
    let store: Arc<dyn Store> = Arc::new(Memory::new());
    let open = |grant: Grant, user: Option<&str>| {
        let builder = Session::builder(World::client()).shared_store(Arc::clone(&store)).grant(grant);
        user.into_iter().fold(builder, |builder, user| builder.user(user)).open()
    };
    for grant in [Grant::jwt_bearer("jo's"), Grant::saml_bearer("jo's"), Grant::token_exchange("jo's", "access_token")] {
        let error = open(grant.clone(), None).expect_err("ann's would have the same key");
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.to_string().contains("user") && !error.to_string().contains("jo's"), "{error}");
        assert_eq!(open(grant.clone(), Some("")).expect_err("nobody").kind(), Kind::Usage);
        open(grant, Some("jo")).expect("a session");
    }
}

#[test]
fn a_device_code_and_a_ciba_request_work_once_too() {
    for (grant_type, parameter) in
        [("urn:ietf:params:oauth:grant-type:device_code", "device_code"), ("urn:openid:params:grant-type:ciba", "auth_req_id")]
    {
        let grant = Grant::named(grant_type, [(parameter, "once")]).expect("a grant");
        let error = World::builder(Memory::new()).grant(grant).open().expect_err("cannot be repeated");
        assert_eq!(error.kind(), Kind::Usage);
    }
}

#[test]
fn a_store_that_was_away_and_forgot_gets_the_new_token_when_it_is_back() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    let before = copy(&store, &session);
    world.pass(HOUR);
    let mut exchange = session.token();
    let request = world.until_send(&mut exchange);
    exchange.receive(world.carry(&request));
    store.fail("save", StoreProblem::Away);
    assert_eq!(world.run(exchange).expect_err("away").code(), Some("away"));
    store.replace(before);
    assert_eq!(world.run(session.token()).expect_err("still away").code(), Some("away"));
    store.heal();
    assert_eq!(world.run(session.token()).expect("saved now").access_token(), "a2");
    assert_eq!(world.requests(), [REFRESH]);
}

#[test]
fn a_store_that_fails_and_fails_again_before_anything_is_sent_costs_no_login() {
    let world = World::new();
    let store = Slow::new();
    let session = world.logged_in(store.clone());
    world.pass(HOUR);
    for failing in ["save's answer", "save", "save"] {
        store.fail(failing, StoreProblem::Away);
        assert_eq!(world.run(session.token()).expect_err("away").code(), Some("away"));
    }
    store.heal();
    assert_eq!(world.run(session.token()).expect("nothing was sent").access_token(), "a2");
}

#[test]
fn a_client_that_may_not_refresh_repeats_its_grant() {
    for body in [r#"{"error":"unauthorized_client"}"#, r#"{"error":"unsupported_grant_type"}"#] {
        let world = World::new();
        let session = with_both(&world, Slow::new());
        world.pass(HOUR);
        world.says(Says::Answer(400, body, vec![]));
        assert_eq!(world.run(session.token()).expect("by the grant").access_token(), "a2");
        assert_eq!(world.requests(), [REFRESH, GRANT]);
    }
}
