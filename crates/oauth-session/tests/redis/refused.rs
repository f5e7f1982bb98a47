//! Does each refusal say whose move it is, and never the password?

use std::time::{Duration, Instant};

use oauth_core::{Error, StoreError, StoreProblem};
use oauth_session::Store;

use crate::{
    LEASE, key, lock, open, pair, save,
    server::{Server, free_port},
};

/// What goes wrong with that URL when it is used.
fn failure(url: &str) -> StoreError {
    let store = open(url);
    let error = save(&store, &key("jo"), 0, "t0ken").expect_err(url);
    for shown in [error.to_string(), format!("{error:?} {store:?}"), Error::from(error.clone()).to_string()] {
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
    }
    error
}

fn is(url: &str, problem: StoreProblem, words: &str) {
    let error = failure(url);
    assert!(error.problem == problem && error.text.contains(words), "{url}: {:?} {error}", error.problem);
    // Away and Full pass by themselves; for the others somebody must do something.
    let transient = matches!(problem, StoreProblem::Away | StoreProblem::Full);
    assert_eq!(Error::from(error).is_transient(), transient);
}

#[test]
fn nobody_there_is_away_and_named() {
    let port = free_port();
    is(&format!("redis://u:s3cret@localhost:{port}"), StoreProblem::Away, &format!("Redis at localhost:{port}: nobody listens"));
    is("unix:/does/not/exist.sock", StoreProblem::Away, "no such socket file");
    is("redis://nobody.invalid?timeout_ms=5000", StoreProblem::Away, "Redis at nobody.invalid:6379: ");
}

#[test]
fn an_address_that_swallows_everything_is_away_in_time() {
    // RFC 5737: nobody has it. Where this machine has no way to it at all, that is said at once.
    let begun = Instant::now();
    let error = failure("redis://192.0.2.1?timeout_ms=300");
    assert_eq!(error.problem, StoreProblem::Away, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(8));
}

#[test]
fn a_password_that_lacks_or_is_wrong_is_denied() {
    let server = Server::start(&["--requirepass", "right"]);
    let at = |who: &str| format!("redis://{who}127.0.0.1:{}", server.port);
    is(&at(""), StoreProblem::Denied, "it wants a password");
    is(&at(":s3cret@"), StoreProblem::Denied, "user or password is wrong");
    is(&at("nobody:s3cret@"), StoreProblem::Denied, "user or password is wrong");
    assert!(save(&open(&at(":right@")), &key("jo"), 0, "text").unwrap());
    assert!(save(&open(&at("default:right@")), &key("jo"), 1, "text").unwrap());
    let open_server = Server::start(&[]);
    is(&format!("redis://:s3cret@127.0.0.1:{}", open_server.port), StoreProblem::Denied, "it knows no password for that user");
}

#[test]
fn a_user_with_the_documented_rights_can_do_everything_and_one_with_less_is_told() {
    let server = Server::start(&[]);
    let user = |name: &str, rights: &[&str]| {
        let words = [&["acl", "setuser", name, "on", ">p@ss/w:rd"], rights].concat();
        assert_eq!(server.cli(&words), "OK");
        format!("redis://{name}:p%40ss%2Fw%3Ard@127.0.0.1:{}", server.port)
    };
    let key = key("jo");
    let enough = ["~active:*", "+eval", "+hmget", "+hset", "+get", "+set", "+del"];
    let store = open(&user("enough", &enough));
    let held = lock(&store, &key, LEASE).expect("free");
    assert!(save(&store, &key, 0, "text").unwrap());
    assert_eq!(pair(store.load(&key).unwrap()), Some((1, "text".to_owned())));
    drop(held);
    assert!(lock(&store, &key, LEASE).is_some());
    for missing in 0..3 {
        let mut rights = enough.to_vec();
        rights.remove(missing);
        is(&user(&format!("less{missing}"), &rights), StoreProblem::Denied, "the user may not do this");
    }
    is(&format!("{}/1", user("other", &enough)), StoreProblem::Denied, "+select");
    is(&format!("{}?prefix=other:", user("prefix", &enough)), StoreProblem::Denied, "~<prefix>*");
}

#[test]
fn a_full_server_is_full_and_keeps_what_it_has() {
    let server = Server::start(&[]);
    let (store, key) = (open(&server.url()), key("jo"));
    assert!(save(&store, &key, 0, "old").unwrap());
    server.cli(&["config", "set", "maxmemory", "1"]);
    let error = save(&store, &key, 1, "new").unwrap_err();
    assert!(error.problem == StoreProblem::Full && error.text.contains("maxmemory"), "{error}");
    assert_eq!(pair(store.load(&key).unwrap()), Some((1, "old".to_owned())));
}

#[test]
fn a_replica_is_read_and_not_written() {
    let primary = Server::start(&[]);
    let key = key("jo");
    assert!(save(&open(&primary.url()), &key, 0, "text").unwrap());
    let replica = Server::start(&["--replicaof", "127.0.0.1", &primary.port.to_string()]);
    let store = open(&replica.url());
    let begun = Instant::now();
    while pair(store.load(&key).unwrap_or(None)) != Some((1, "text".to_owned())) {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    let error = save(&store, &key, 1, "new").unwrap_err();
    assert!(error.problem == StoreProblem::Away && error.text.contains("name the primary [READONLY]"), "{error}");
}

#[test]
fn what_is_not_ours_is_damage_and_stays_untouched() {
    let server = Server::start(&[]);
    let (store, key) = (open(&server.url()), key("jo"));
    let name = format!("active:{}", key.name());
    let damaged = |error: StoreError, words: &str| {
        assert!(error.problem == StoreProblem::Damaged && error.text.contains(words), "{error}");
    };
    server.cli(&["set", &name, "somebody else's"]);
    damaged(store.load(&key).unwrap_err(), "another prefix=");
    damaged(save(&store, &key, 0, "text").unwrap_err(), "another prefix=");
    assert_eq!(server.cli(&["get", &name]), "somebody else's");
    server.cli(&["del", &name]);
    server.cli(&["hset", &name, "revision", "1"]);
    damaged(store.load(&key).unwrap_err(), &format!("{name} lacks its field"));
    server.cli(&["hset", &name, "revision", "-1", "text", "s3cret"]);
    damaged(store.load(&key).unwrap_err(), "no number");
    server.cli(&["hset", &name, "revision", "1", "text", "\u{e4}"]);
    assert!(store.load(&key).is_ok());
    server.cli(&["eval", "return redis.call('hset', KEYS[1], 'text', '\\255')", "1", &name]);
    damaged(store.load(&key).unwrap_err(), "not UTF-8");
    server.cli(&["hset", &format!("{name}:lock"), "a", "b"]);
    damaged(store.try_lock(&key, LEASE).map(|_| ()).unwrap_err(), "another prefix=");
}

#[test]
fn a_server_that_reads_its_data_is_away_for_that_long() {
    let mut server = Server::start(&["--appendonly", "yes", "--aof-use-rdb-preamble", "no"]);
    let (store, key) = (open(&server.url()), key("jo"));
    assert!(save(&store, &key, 0, "text").unwrap());
    server.cli(&["eval", "for i = 1, 4000 do redis.call('set', 'k' .. i, i) end", "0"]);
    server.kill();
    server.begin(&["--key-load-delay", "500"]);
    // It looks after its clients once in 1024 commands that it reads.
    let error = store.load(&key).unwrap_err();
    assert!(error.problem == StoreProblem::Away && error.text.contains("[LOADING]"), "{error}");
    let begun = Instant::now();
    while store.load(&key).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(pair(store.load(&key).unwrap()), Some((1, "text".to_owned())));
}

#[test]
fn the_rest_says_what_helps() {
    let server = Server::start(&["--maxclients", "2", "--rename-command", "SELECT", "CHOOSE"]);
    is(&format!("{}/1", server.url()), StoreProblem::Other, "it said ERR unknown command");
    let clients = [open(&server.url()), open(&server.url())];
    assert!(clients.iter().all(|store| store.load(&key("jo")).is_ok()));
    is(&server.url(), StoreProblem::Away, "too many clients");
    let server = Server::start(&[]);
    is(&format!("{}/99", server.url()), StoreProblem::Other, "no database of that number");
    let server = Server::start(&["--rename-command", "EVAL", "", "--rename-command", "AUTH", ""]);
    is(&server.url(), StoreProblem::Other, "it said ERR unknown command");
    // Redis quotes what it does not know: the password would be in its words.
    is(&format!("redis://:s3cret@127.0.0.1:{}", server.port), StoreProblem::Other, "it said ERR unknown command");
    let server = Server::start(&["--cluster-enabled", "yes"]);
    is(&server.url(), StoreProblem::Away, "its cluster is not serving now");
    let server = Server::start(&["--min-replicas-to-write", "1"]);
    is(&server.url(), StoreProblem::Away, "too few replicas");
}
