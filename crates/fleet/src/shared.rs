//! At each expiry, how many token requests reach the provider?

use oauth_ureq::now;

use crate::{
    crew::Worker,
    port::{Berth, Port},
    redis::Redis,
    report::Report,
};

const EXPIRIES: u32 = 20;
/// The tokens of the sandbox live for an hour.
const HOUR: i64 = 3_600_000;
const MACHINES: usize = 4;
const PROCESSES: usize = 16;

pub(crate) fn trial(report: &mut Report, port: &Port, others: &[(&str, &str)]) {
    let mut redis = Redis::start(port.folder("redis"));
    let berth = port.berth(&redis.url());
    fleet(report, port, &berth, others);
    without_redis(report, port, &mut redis, others);

    let berth = Berth { threads: 64, ..port.berth(&port.file_store()) };
    port.log_in(&berth);
    let mut workers = vec![Worker::start("rust", None, &port.folder("home"), &berth)];
    workers[0].ready();
    expiries(report, port, &mut workers, "64 threads of one process, file store");

    let berth = port.berth(&port.file_store());
    port.log_in(&berth);
    let mut workers = crew(port, &berth, others, PROCESSES);
    expiries(report, port, &mut workers, "16 processes, file store");
}

/// 16 processes, a quarter of them on each of four machines that share nothing but Redis.
fn fleet(report: &mut Report, port: &Port, berth: &Berth, others: &[(&str, &str)]) {
    port.log_in(berth);
    let mut workers = crew(port, berth, others, PROCESSES);
    let what = format!("{} on {MACHINES} machines, Redis", counted(&workers));
    expiries(report, port, &mut workers, &what);
}

/// The crew in all languages by turns; Rust and Python with several threads each.
fn crew(port: &Port, berth: &Berth, others: &[(&str, &str)], count: usize) -> Vec<Worker> {
    let homes: Vec<_> = (0..MACHINES).map(|_| port.folder("home")).collect();
    let mut workers: Vec<Worker> = (0..count)
        .map(|at| {
            let (language, command) = match at % (others.len() + 1) {
                0 => ("rust", None),
                turn => (others[turn - 1].0, Some(others[turn - 1].1)),
            };
            let threads = if language == "php" { 1 } else { 6 };
            Worker::start(language, command, &homes[at % MACHINES], &Berth { threads, ..berth.clone() })
        })
        .collect();
    workers.iter_mut().for_each(Worker::ready);
    workers
}

fn counted(workers: &[Worker]) -> String {
    let mut languages: Vec<&str> = workers.iter().map(|worker| &*worker.language).collect();
    languages.sort_unstable();
    let mut words = Vec::new();
    for same in languages.chunk_by(|one, other| one == other) {
        words.push(format!("{} {}", same.len(), same[0]));
    }
    format!("{} processes ({})", workers.len(), words.join(", "))
}

fn expiries(report: &mut Report, port: &Port, workers: &mut [Worker], what: &str) {
    let began = now().mono;
    let (mut ok, mut requests) = (0, 0);
    for expiry in 0..EXPIRIES {
        port.sandbox.advance_ms(HOUR);
        let before = port.token_requests();
        workers.iter_mut().for_each(|worker| worker.tell("go 2"));
        for worker in workers.iter_mut() {
            let done = worker.done();
            ok += done.ok;
            report.check(done.failed == 0, || format!("{what}: a call failed: {}", done.error));
        }
        let sent = port.token_requests() - before;
        requests += sent;
        report.check(sent == 1, || format!("{what}: {sent} token requests at expiry {expiry}"));
    }
    report.check(port.most_uses_of_a_refresh_token() <= 1, || format!("{what}: a refresh token was sent twice"));
    port.sandbox.clear_log();
    report.say(&format!("{what}: {EXPIRIES} expiries, {requests} token requests, {ok} calls, {} ms", now().mono - began));
}

/// The Redis goes and comes back; a token that is valid is used all the while.
fn without_redis(report: &mut Report, port: &Port, redis: &mut Redis, others: &[(&str, &str)]) {
    let berth = port.berth(&redis.url());
    port.log_in(&berth);
    let mut workers = crew(port, &berth, others, 2 * (others.len() + 1));
    let mut all = |report: &mut Report, what: &str| {
        workers.iter_mut().for_each(|worker| worker.tell("go 3"));
        for worker in &mut workers {
            let done = worker.done();
            report.check(done.failed == 0, || format!("{what}: a call failed: {}", done.error));
        }
    };
    all(report, "before Redis is killed");
    redis.kill();
    all(report, "while Redis is down");
    redis.again();
    port.sandbox.advance_ms(HOUR);
    let before = port.token_requests();
    all(report, "after Redis came back");
    let sent = port.token_requests() - before;
    report.check(sent == 1, || format!("after Redis came back: {sent} token requests"));
    report.say("Redis killed and started again: no call failed");
}
