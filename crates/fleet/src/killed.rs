//! What is left when a process is killed in the middle of a renewal?
//!
//! At every labelled point, and at random. The next process must find the file readable, must not wait longer than a bound, and must never send
//! a refresh token that may have been used.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    time::{Duration, Instant},
};

use oauth_core::Token;
use oauth_session::Session;
use serde_json::Value;

use crate::{
    crash::{Order, Point},
    port::{Berth, Port},
    redis::Redis,
    report::Report,
};

/// Processes that are hit in the middle, at random; and how many are sent out for that at most.
const HITS: u32 = 200;
const MOST_TRIES: u64 = 1_000;
/// The token is over by now.
const OVER: i64 = 3_600_000;
/// The token is within its margin, and valid for 20 s more.
const NEARLY_OVER: i64 = 3_580_000;

/// How it went on for the next process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// A new token.
    Renewed,
    /// The old one, which is still valid.
    GoesOn,
    /// The end of the renewal is unknown, and nothing was sent again.
    LogInAgain,
    /// Anything else.
    Other,
}

pub(crate) fn trial(report: &mut Report, port: &Port) {
    let redis = Redis::start(port.folder("redis"));
    for (what, store) in [("file", port.file_store()), ("Redis", redis.url())] {
        for (ahead_ms, valid) in [(OVER, false), (NEARLY_OVER, true)] {
            // A killed holder's file lock is free at once; its Redis lock lasts to the end of its lease.
            let locked = what == "Redis";
            let ends = labelled(report, port, &store, ahead_ms, valid, locked);
            let words: Vec<String> = ends.iter().map(|(point, end)| format!("{point:?}={end:?}")).collect();
            let token = if valid { "valid" } else { "over" };
            report.say(&format!("killed at each point ({what}, token {token}): {}", words.join(" ")));
        }
    }
    let store = port.file_store();
    at_random(report, port, &store);
}

/// All points at once, each with a user of its own.
fn labelled(report: &mut Report, port: &Port, store: &str, ahead_ms: i64, valid: bool, locked: bool) -> Vec<(Point, Outcome)> {
    let deadline_ms = 1_000;
    let trials: Vec<(Point, Berth, Token)> = Point::ALL
        .into_iter()
        .map(|point| {
            let berth = Berth { deadline_ms, ..port.berth(store) };
            let token = port.log_in(&berth);
            (point, berth, token)
        })
        .collect();
    let mut ends = Vec::new();
    for (point, berth, old) in &trials {
        let order = Order { berth: berth.clone(), ahead_ms, at: Some(*point), stop: false };
        let said = run(&order);
        report.check(said.is_none(), || format!("{point:?}: it was not killed but said {said:?}"));
        let before = port.token_requests();
        let (outcome, took, token) = next(berth, ahead_ms, old);
        let sent = port.token_requests() - before;
        let expected = match point {
            _ if *point < Point::BeforeRead => (Outcome::Renewed, 1),
            // Who has a valid token does not wait for another's lock.
            _ if *point < Point::AfterIntent && valid && locked => (Outcome::GoesOn, 0),
            _ if *point < Point::AfterIntent => (Outcome::Renewed, 1),
            // From the intent to the saved token nobody can know what the provider did.
            _ if *point < Point::AfterKeep && valid => (Outcome::GoesOn, 0),
            _ if *point < Point::AfterKeep => (Outcome::LogInAgain, 0),
            _ => (Outcome::Renewed, 0),
        };
        report.check((outcome, sent) == expected, || format!("{point:?}: {outcome:?} with {sent} requests, not {expected:?}"));
        // A Redis lock's lease is twice the deadline.
        report.check(took < Duration::from_millis(3 * deadline_ms), || format!("{point:?}: the next one waited {took:?}"));
        // Between the request and its answer the provider may have rotated, and the old access token lives on until its end.
        report.check(port.takes(berth, token.as_ref().unwrap_or(old)), || format!("{point:?}: the family was revoked"));
        ends.push((*point, outcome));
    }
    let uses = port.most_uses_of_a_refresh_token();
    report.check(uses <= 1, || format!("a refresh token was sent {uses} times"));
    port.sandbox.clear_log();
    ends
}

/// Killed at any moment, while somebody reads all the time.
#[expect(clippy::cast_precision_loss, reason = "less than a thousand")]
fn at_random(report: &mut Report, port: &Port, store: &str) {
    let (mut outcomes, mut longest) = (BTreeMap::new(), Duration::ZERO);
    let usual = usual(port, store);
    let (mut hits, mut trial) = (0, 0);
    while hits < HITS && trial < MOST_TRIES {
        trial += 1;
        let berth = port.berth(store);
        let old = port.log_in(&berth);
        let (done, reads, unread) = (AtomicBool::new(false), AtomicU32::new(0), AtomicU32::new(0));
        let order = Order { berth: berth.clone(), ahead_ms: OVER, at: None, stop: false };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let session: Session = berth.session();
                let store = oauth_session::named(&berth.store).expect("a store");
                while !done.load(Ordering::Relaxed) {
                    reads.fetch_add(1, Ordering::Relaxed);
                    if !matches!(store.load(session.key()), Ok(Some(_))) {
                        unread.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
            let mut process = start(&order);
            // Any moment from its start to its usual end.
            std::thread::sleep(usual.mul_f64((trial * 7_919 % 1_000) as f64 / 1_000.0));
            process.kill().expect("ours");
            hits += u32::from(!process.wait().expect("ours").success());
            done.store(true, Ordering::Relaxed);
        });
        let unread = unread.into_inner();
        report.check(unread == 0, || format!("kill {trial}: the file could not be read {unread} times"));
        let (outcome, took, token) = next(&berth, OVER, &old);
        longest = longest.max(took);
        *outcomes.entry(outcome).or_insert(0) += 1;
        report.check(outcome != Outcome::Other && outcome != Outcome::GoesOn, || format!("kill {trial}: {outcome:?}"));
        report.check(took < Duration::from_secs(2), || format!("kill {trial}: the next one waited {took:?}"));
        report.check(port.takes(&berth, token.as_ref().unwrap_or(&old)), || format!("kill {trial}: the family was revoked"));
    }
    let uses = port.most_uses_of_a_refresh_token();
    report.check(uses <= 1, || format!("kills at random: a refresh token was sent {uses} times"));
    port.sandbox.clear_log();
    report.check(hits == HITS, || format!("only {hits} processes were hit in the middle"));
    let ended = trial - u64::from(hits);
    report.say(&format!("{hits} killed at random ({ended} ended before): {outcomes:?}; the next one took {longest:?} at most"));
}

/// How long a renewal takes that nobody disturbs, its process included.
fn usual(port: &Port, store: &str) -> Duration {
    let took = |_| {
        let berth = port.berth(store);
        let old = port.log_in(&berth);
        next(&berth, OVER, &old).1
    };
    (0..5).map(took).min().expect("five")
}

pub(crate) fn start(order: &Order) -> std::process::Child {
    Command::new(std::env::current_exe().expect("this program"))
        .arg("crash")
        .arg(serde_json::to_string(order).expect("plain"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program again")
}

/// What the process said, if it lived to.
pub(crate) fn run(order: &Order) -> Option<Value> {
    said(start(order))
}

pub(crate) fn said(process: std::process::Child) -> Option<Value> {
    let output = process.wait_with_output().expect("ours");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("a line of JSON"))
}

/// Another process that needs the token: how it went, how long it took, and what it got.
fn next(berth: &Berth, ahead_ms: i64, old: &Token) -> (Outcome, Duration, Option<Token>) {
    let began = Instant::now();
    let said = run(&Order { berth: berth.clone(), ahead_ms, at: None, stop: false }).expect("nobody killed it");
    let took = began.elapsed();
    let token = said["token"].as_str().map(|saved| Token::restore(saved).expect("a token"));
    let outcome = match &token {
        Some(token) if token.access_token() == old.access_token() => Outcome::GoesOn,
        Some(_) => Outcome::Renewed,
        None if said["kind"] == "expired" => Outcome::LogInAgain,
        None => {
            println!("unexpected: {said}");
            Outcome::Other
        }
    };
    (outcome, took, token)
}
