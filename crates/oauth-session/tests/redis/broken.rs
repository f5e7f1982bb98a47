//! What if Redis goes away, is silent, or does something that we never hear of?

use std::{
    io::Write,
    net::TcpListener,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use oauth_core::{Client, Grant, Now, Provider, Step, StoreError, StoreProblem};
use oauth_session::{Redis, Session, Store};

use crate::{LEASE, key, lock, open, pair, proxy::Proxy, save, server::Server};

#[test]
fn a_connection_that_broke_while_nobody_looked_is_replaced_without_a_word() {
    let mut server = Server::start(&["--appendonly", "yes"]);
    let (store, key) = (open(&server.url()), key("jo"));
    assert!(save(&store, &key, 0, "first").unwrap());
    server.kill();
    server.again();
    assert_eq!(pair(store.load(&key).unwrap()), Some((1, "first".to_owned())), "written down and found again");
    server.cli(&["client", "kill", "type", "normal"]);
    assert!(save(&store, &key, 1, "second").unwrap());
    server.cli(&["client", "kill", "type", "normal"]);
    let held = lock(&store, &key, LEASE).expect("free");
    server.cli(&["client", "kill", "type", "normal"]);
    drop(held);
    assert_eq!(server.cli(&["exists", &format!("active:{}:lock", key.name())]), "0");
}

#[test]
fn what_was_done_and_not_heard_of_is_not_done_twice() {
    let server = Server::start(&[]);
    let proxy = Proxy::before(server.port);
    let (store, key) = (open(&proxy.url()), key("jo"));
    assert_eq!(pair(store.load(&key).unwrap()), None);
    for revision in 0..3 {
        proxy.cuts.store(1, Ordering::SeqCst);
        assert!(save(&store, &key, revision, "mine").unwrap(), "written, and known to be");
        assert_eq!(pair(store.load(&key).unwrap()), Some((revision + 1, "mine".to_owned())));
    }
    proxy.cuts.store(1, Ordering::SeqCst);
    assert!(!save(&store, &key, 1, "late").unwrap());
    proxy.cuts.store(1, Ordering::SeqCst);
    let held = lock(&store, &key, LEASE).expect("taken, and known to be ours");
    assert!(lock(&store, &key, LEASE).is_none());
    proxy.cuts.store(1, Ordering::SeqCst);
    drop(held);
    assert!(lock(&store, &key, LEASE).is_some());
    assert!(proxy.connections.load(Ordering::SeqCst) >= 6);
}

#[test]
fn a_server_that_always_hangs_up_is_asked_twice_and_no_more() {
    let server = Server::start(&[]);
    let proxy = Proxy::before(server.port);
    let store = open(&proxy.url());
    proxy.cuts.store(usize::MAX, Ordering::SeqCst);
    let error = store.load(&key("jo")).unwrap_err();
    assert_eq!(error.problem, StoreProblem::Away, "{error}");
    assert_eq!(proxy.connections.load(Ordering::SeqCst), 2);
}

/// What an operation that must fail brought, and that it took about `ms`.
fn bounded<T>(ms: u64, act: impl FnOnce() -> Result<T, StoreError>) -> StoreError {
    let begun = Instant::now();
    let Err(error) = act() else { panic!("it worked") };
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(ms) && took < Duration::from_millis(ms + 8000), "{took:?}: {error}");
    assert_eq!(error.problem, StoreProblem::Away, "{error}");
    error
}

#[test]
fn a_server_that_stands_still_holds_nobody_for_longer_than_was_said() {
    let server = Server::start(&[]);
    let (store, key) = (open(&format!("{}?timeout_ms=300", server.url())), key("jo"));
    let fresh = open(&format!("{}?timeout_ms=300", server.url()));
    assert!(save(&store, &key, 0, "text").unwrap());
    let held = lock(&store, &crate::key("held"), LEASE).expect("free");
    server.signal("STOP");
    let error = bounded(300, || store.load(&key));
    assert!(error.text.contains("within 300 ms (timeout_ms)"), "{error}");
    bounded(300, || save(&store, &key, 1, "text"));
    bounded(300, || fresh.load(&key));
    let begun = Instant::now();
    drop(held);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    server.signal("CONT");
    store.load(&key).unwrap();
}

#[test]
fn a_lock_that_was_taken_after_we_gave_up_is_found_to_be_ours() {
    let server = Server::start(&[]);
    let (store, other, key) = (open(&format!("{}?timeout_ms=200", server.url())), open(&server.url()), key("jo"));
    store.load(&key).unwrap();
    server.signal("STOP");
    store.try_lock(&key, LEASE).map(|_| ()).unwrap_err();
    server.signal("CONT");
    let name = format!("active:{}:lock", key.name());
    let begun = Instant::now();
    while server.cli(&["exists", &name]) != "1" {
        assert!(begun.elapsed() < Duration::from_secs(10), "what was sent before is done after");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(lock(&other, &key, LEASE).is_none());
    thread::sleep(Duration::from_secs(1));
    let held = lock(&store, &key, LEASE).expect("ours");
    let left: u64 = server.cli(&["pttl", &name]).parse().unwrap();
    assert!(left > 59_500, "for the whole lease from now: {left} ms");
    assert!(lock(&store, &key, LEASE).is_none(), "once");
    drop(held);
    assert!(lock(&other, &key, LEASE).is_some());
}

#[test]
fn a_lease_without_bound_is_bounded() {
    let server = Server::start(&[]);
    let client = Client::new(Provider::buildpass(), "id").secret("secret");
    let builder = Session::builder(client).store(open(&server.url())).deadline(Duration::MAX);
    let session = builder.grant(Grant::client_credentials().scope("read")).open().unwrap();
    let mut exchange = session.token();
    while let Step::Store(errand) = exchange.step(Now { wall: 1, mono: 1 }).unwrap() {
        errand.run();
    }
    let left: i64 = server.cli(&["pttl", &format!("active:{}:lock", session.key().name())]).parse().unwrap();
    assert!((86_400_000..=86_430_000).contains(&left), "{left}");
}

/// A server that says `answer`, byte by byte where `slow`, whatever it is asked.
fn rogue(answer: &'static [u8], slow: bool) -> Redis {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            thread::spawn(move || {
                for bytes in answer.chunks(if slow { 1 } else { answer.len() }) {
                    if client.write_all(bytes).is_err() {
                        return;
                    }
                    thread::sleep(Duration::from_millis(if slow { 100 } else { 0 }));
                }
                thread::sleep(Duration::from_secs(5));
            });
        }
    });
    open(&format!("redis://localhost:{port}?timeout_ms=500"))
}

#[test]
fn a_server_that_drips_does_not_extend_the_time() {
    let store = rogue(b"*2\r\n$1\r\n1\r\n$40\r\nthis text takes its time, and much of it\r\n", true);
    bounded(500, || store.load(&key("jo")));
}

#[test]
fn an_answer_that_makes_no_sense_is_an_error_and_no_more() {
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        b"\x15\x03\x01\x00\x02\x02\x46\r\n",
        b"*2\r\n:1\r\n:2\r\n",
        b"*3\r\n$-1\r\n$-1\r\n$-1\r\n",
        b"*0\r\n",
        b"*-1\r\n",
        b"$-1\r\n",
        b"+OK\r\n",
        b":1\r\n",
        b"*x\r\n",
    ] {
        let store = rogue(answer, false);
        let what = String::from_utf8_lossy(answer);
        let error = store.load(&key("jo")).expect_err(&what);
        assert_eq!(error.problem, StoreProblem::Other, "{what:?}: {error}");
    }
}

#[test]
fn lengths_that_lie_take_neither_memory_nor_time() {
    for answer in [
        &b"$9223372036854775807\r\n"[..],
        b"$-9223372036854775808\r\n",
        b"*2000000000\r\n",
        b"*9223372036854775807\r\n",
        b"%4611686018427387904\r\n",
        b"~9223372036854775807\r\n",
        b"=9223372036854775807\r\n",
        b"=-1\r\n",
        b"%-1\r\n",
        b"|-1\r\n",
        b">-1\r\n",
        b"(99999999999999999999\r\n",
    ] {
        let store = rogue(answer, false);
        let what = String::from_utf8_lossy(answer);
        let begun = Instant::now();
        let error = store.load(&key("jo")).expect_err(&what);
        assert!(matches!(error.problem, StoreProblem::Other | StoreProblem::Away), "{what:?}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{what:?}: {:?}", begun.elapsed());
    }
}

#[test]
fn an_answer_that_is_too_long_is_cut() {
    static LONG: [u8; 2 << 20] = {
        let mut long = [b'x'; 2 << 20];
        let head = b"$9000000\r\n";
        let mut at = 0;
        while at < head.len() {
            long[at] = head[at];
            at += 1;
        }
        long
    };
    let error = rogue(&LONG, false).load(&key("jo")).unwrap_err();
    assert_eq!(error.problem, StoreProblem::Other, "cut, and not waited for: {error}");
}

#[test]
fn of_many_connections_that_broke_none_is_tried_after_the_first() {
    let mut server = Server::start(&["--appendonly", "yes"]);
    let (store, key) = (open(&format!("{}?timeout_ms=20000", server.url())), key("jo"));
    let begun = Instant::now();
    // redis-cli is one of them.
    while server.cli(&["client", "list"]).lines().count() < 4 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| (0..20).for_each(|_| _ = store.load(&key).unwrap()));
            }
        });
    }
    server.kill();
    server.again();
    store.load(&key).unwrap();
}
