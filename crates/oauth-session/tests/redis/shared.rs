//! Do threads and processes that share a key lose nothing, and never hold one lock at once?

use std::{
    env, fs,
    path::Path,
    process::{Child, Command},
    thread,
    time::Duration,
};

use oauth_session::{Redis, Store};

use crate::{LEASE, key, lock, open, pair, save, server::Server};

#[test]
fn what_was_saved_is_read_and_replaced_only_by_who_knows_its_revision() {
    let server = Server::start(&[]);
    let (store, other, key) = (open(&server.url()), open(&server.url()), key("jo"));
    assert_eq!(pair(store.load(&key).unwrap()), None);
    assert!(!save(&store, &key, 7, "nothing is there").unwrap());
    assert!(save(&store, &key, 0, "first \u{e4}\r\n\0 \"text\"").unwrap());
    assert_eq!(pair(other.load(&key).unwrap()), Some((1, "first \u{e4}\r\n\0 \"text\"".to_owned())));
    assert!(!save(&other, &key, 0, "as if nothing were there").unwrap());
    assert!(save(&other, &key, 1, "second").unwrap());
    assert!(!save(&store, &key, 1, "second").unwrap(), "the same text by another writer is another's");
    assert_eq!(pair(store.load(&key).unwrap()), Some((2, "second".to_owned())));
    assert_eq!(pair(store.load(&crate::key("ann")).unwrap()), None);
    let name = format!("active:{}", key.name());
    assert_eq!(server.cli(&["keys", "*"]), name, "nothing else is left there");
    assert_eq!(server.cli(&["ttl", &name]), "-1");
}

#[test]
fn prefix_and_database_keep_stores_apart() {
    let server = Server::start(&[]);
    let key = key("jo");
    for (at, rest) in ["", "?prefix=a:", "/3", "/3?prefix=a:"].iter().enumerate() {
        let store = open(&format!("{}{rest}", server.url()));
        assert!(save(&store, &key, 0, rest).unwrap(), "{at}");
        assert_eq!(pair(store.load(&key).unwrap()), Some((1, (*rest).to_owned())));
    }
    assert_eq!(server.cli(&["-n", "3", "exists", &format!("a:{}", key.name())]), "1");
}

#[test]
fn a_lock_is_one_holders_and_goes_with_it() {
    let server = Server::start(&[]);
    let (store, other, key) = (open(&server.url()), open(&server.url()), key("jo"));
    let held = lock(&store, &key, LEASE).expect("free");
    assert!(lock(&other, &key, LEASE).is_none() && lock(&store, &key, LEASE).is_none());
    assert!(lock(&other, &crate::key("ann"), LEASE).is_some());
    let left: u64 = server.cli(&["pttl", &format!("active:{}:lock", key.name())]).parse().unwrap();
    assert!((50_000..=60_000).contains(&left), "{left}");
    drop(held);
    assert!(lock(&other, &key, LEASE).is_some());
}

#[test]
fn who_held_a_lock_too_long_does_not_let_the_next_holders_go() {
    let server = Server::start(&[]);
    let (store, other, key) = (open(&server.url()), open(&server.url()), key("jo"));
    let old = lock(&store, &key, Duration::from_millis(100)).expect("free");
    thread::sleep(Duration::from_millis(150));
    let new = lock(&other, &key, LEASE).expect("expired");
    drop(old);
    assert!(lock(&store, &key, LEASE).is_none());
    drop(new);

    // The server knows better than the old holder's clock: it lost the lock before its time.
    let old = lock(&store, &key, LEASE).expect("free");
    server.cli(&["del", &format!("active:{}:lock", key.name())]);
    let _new = lock(&other, &key, LEASE).expect("lost");
    drop(old);
    assert!(lock(&store, &key, LEASE).is_none());
}

/// Adds one to the number that is kept, `times` times, against all others who do the same.
fn increment(store: &Redis, times: u32) {
    let key = key("counter");
    for _ in 0..times {
        loop {
            let (revision, count) = pair(store.load(&key).unwrap()).unwrap_or((0, "0".to_owned()));
            let next = count.parse::<u32>().unwrap() + 1;
            if save(store, &key, revision, &next.to_string()).unwrap() {
                break;
            }
        }
    }
}

#[test]
fn sixteen_threads_on_one_store_lose_nothing_and_leave_few_connections() {
    let server = Server::start(&[]);
    let store = open(&format!("{}?timeout_ms=20000", server.url()));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| increment(&store, 20));
        }
    });
    assert_eq!(pair(store.load(&key("counter")).unwrap()), Some((320, "320".to_owned())));
    // redis-cli is one of them.
    let clients = server.cli(&["client", "list"]).lines().count();
    assert!(clients <= 9, "{clients}");
}

/// This test binary again, as another process that does one thing.
fn process(what: &str, url: &str, folder: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "shared::as_another_process", "--ignored", "--quiet"]);
    command.env("REDIS_TEST", what).env("REDIS_TEST_URL", url).env("REDIS_TEST_FOLDER", folder).spawn().unwrap()
}

#[test]
#[ignore = "what the tests below start as other processes"]
fn as_another_process() {
    let (Ok(what), Ok(url)) = (env::var("REDIS_TEST"), env::var("REDIS_TEST_URL")) else { return };
    let store = open(&url);
    if what == "increment" {
        return increment(&store, 100);
    }
    let inside = Path::new(&env::var("REDIS_TEST_FOLDER").unwrap()).join("inside");
    let key = key("lock");
    for _ in 0..50 {
        let held = loop {
            match lock(&store, &key, LEASE) {
                Some(held) => break held,
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        // Fails where it is there.
        fs::File::create_new(&inside).expect("nobody else is inside");
        thread::yield_now();
        fs::remove_file(&inside).unwrap();
        drop(held);
    }
    increment(&store, 1);
}

#[test]
fn eight_processes_with_a_hundred_increments_each_lose_nothing() {
    let server = Server::start(&[]);
    let url = format!("{}?timeout_ms=20000", server.url());
    let children: Vec<Child> = (0..8).map(|_| process("increment", &url, &server.folder)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(pair(open(&url).load(&key("counter")).unwrap()), Some((800, "800".to_owned())));
}

#[test]
fn four_processes_are_never_inside_at_once() {
    let server = Server::start(&[]);
    let url = format!("{}?timeout_ms=20000", server.url());
    let children: Vec<Child> = (0..4).map(|_| process("lock", &url, &server.folder)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(pair(open(&url).load(&key("counter")).unwrap()), Some((4, "4".to_owned())));
}

#[test]
fn a_socket_file_is_as_good_as_a_port() {
    let server = Server::start(&["--unixsocket", "r.sock"]);
    let store = open(&format!("unix:{}", server.folder.join("r.sock").display()));
    assert!(save(&store, &key("jo"), 0, "text").unwrap());
    assert_eq!(pair(open(&server.url()).load(&key("jo")).unwrap()), Some((1, "text".to_owned())));
}

#[test]
fn a_store_is_found_by_its_url() {
    let server = Server::start(&[]);
    let (store, key) = (oauth_session::named(&server.url()).unwrap(), key("jo"));
    assert!(store.save(&key, 0, &"text".into()).unwrap() && store.blocks());
    assert_eq!(pair(open(&server.url()).load(&key).unwrap()), Some((1, "text".to_owned())));
    let error = oauth_session::named("redis://:s3cret@").unwrap_err();
    assert!(matches!(error, oauth_core::Error::Usage(_)) && !error.to_string().contains("s3cret"), "{error}");
}
